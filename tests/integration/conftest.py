"""The command line as a user meets it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jixiao.cli import main

TEXT = (
    "岳阳市科学技术局2021年度绩效报告\n全年新增高新技术企业15家，同比增长30.6%。收入1520.9万元。\n"
)


@pytest.fixture
def jixiao() -> Callable[..., Result]:
    """Return a function that runs ``jixiao`` with arguments; stdout and stderr are apart."""

    def invoke(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return invoke


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A report in a folder of its own."""
    path = tmp_path / "reports" / "a.txt"
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def results(jixiao: Callable[..., Result], report: Path, tmp_path: Path) -> Path:
    """The output folder of a run on the report."""
    out = tmp_path / "results"
    assert jixiao("annotate", report.parent, "--out", out).exit_code == 0
    return out
