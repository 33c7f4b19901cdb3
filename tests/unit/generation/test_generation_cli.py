"""``jixiao generate`` as a user meets it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jixiao.cli import main

Jixiao = Callable[..., Result]


@pytest.fixture
def jixiao() -> Jixiao:
    def invoke(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return invoke


def test_help_teaches_with_examples(jixiao: Jixiao) -> None:
    result = jixiao("generate", "--help")
    assert result.exit_code == 0
    assert "  For example:\n" in result.stdout
    assert "\n    jixiao generate --out synthetic\n" in result.stdout
    assert "\b" not in result.stdout
    assert "generate " in jixiao("--help").stdout


def test_it_tells_what_it_wrote(jixiao: Jixiao, tmp_path: Path) -> None:
    out = tmp_path / "synthetic"
    result = jixiao("generate", "--out", out, "--reports", "2", "--seed", "5")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.startswith(f"2 reports in {out}: ")
    for word in ("labels: ", "measures: ", "modalities: ", f"Next: jixiao validate {out}"):
        assert word in result.stdout
    assert sorted(path.name for path in (out / "text").iterdir()) == [
        "synthetic-5-60.txt",
        "synthetic-6-60.txt",
    ]
    checked = jixiao("validate", out)
    assert checked.exit_code == 0
    assert "0 problems" in checked.stderr


def test_json_is_json_alone(jixiao: Jixiao, tmp_path: Path) -> None:
    options = ("--reports", "1", "--sentences", "20", "--json")
    result = jixiao("generate", "--out", tmp_path / "a", *options)
    assert result.exit_code == 0
    summary = json.loads(result.stdout)
    assert summary["documents"] == ["synthetic-1-20"]
    assert summary["quantities"] == sum(summary["labels"].values())


def test_the_same_options_write_the_same_bytes(jixiao: Jixiao, tmp_path: Path) -> None:
    for name in ("a", "b"):
        jixiao("generate", "--out", tmp_path / name, "--reports", "1", "--seed", "8")
    for place in ("text/synthetic-8-60.txt", "annotations/synthetic-8-60.jsonl"):
        assert (tmp_path / "a" / place).read_bytes() == (tmp_path / "b" / place).read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--out", "{out}", "--reports", "0"),
        ("--out", "{out}", "--reports", "-1"),
        ("--out", "{out}", "--reports", "many"),
        ("--out", "{out}", "--seed", "x"),
        ("--out", "{out}", "--sentences", "4"),
        ("--out", "{file}"),
    ],
)
def test_wrong_usage_is_told_on_stderr_with_code_2(
    jixiao: Jixiao, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    places = {"out": str(tmp_path / "out"), "file": str(tmp_path / "file")}
    result = jixiao("generate", *(argument.format(**places) for argument in arguments))
    assert result.exit_code == 2
    assert "Error: " in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""
    assert not (tmp_path / "out").exists()
