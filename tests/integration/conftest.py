"""The command line as a user meets it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from playwright.sync_api import Browser, sync_playwright

from jixiao.cli import main

TEXT = (
    "岳阳市科学技术局2021年度绩效报告\n全年新增高新技术企业15家，同比增长30.6%。收入1520.9万元。\n"
)


BROWSER_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser without a window; a module's, since its event loop would disturb notebooks later."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_OPTIONS)
        yield browser
        browser.close()


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
