"""``jixiao export`` and ``jixiao import`` as a user meets them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result

from jixiao.exchange import FORMATS
from jixiao.exchange.folder import SOURCES

Jixiao = Callable[..., Result]


def test_the_formats_of_the_command_are_those_of_the_package() -> None:
    from jixiao.cli import export, import_

    assert tuple(FORMATS) == export.params[1].type.choices  # type: ignore[attr-defined]
    assert tuple(SOURCES) == import_.params[1].type.choices  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", FORMATS)
def test_a_run_goes_out_and_comes_back(
    jixiao: Jixiao, results: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / f"out{FORMATS[name].suffix or ''}"
    written = jixiao("export", results, "--to", name, "--out", out)
    assert (written.exit_code, written.stdout) == (0, f"{out}\n")
    assert written.stderr.startswith("1 document: ")
    back = tmp_path / "back"
    read = jixiao("import", out, "--from", name, "--onto", results, "--out", back)
    assert (read.exit_code, read.stdout) == (0, f"{back}\n")
    assert read.stderr == "1 document: nothing was changed\n"
    (before,) = (results / "annotations").glob("*.jsonl")
    assert (back / "annotations" / before.name).read_bytes() == before.read_bytes()
    assert jixiao("validate", back).exit_code == 0


def test_losses_are_printed_and_in_json(jixiao: Jixiao, results: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.conll"
    told = jixiao("export", results, "--to", "conll", "--out", out)
    assert "not in the file: " in told.stderr
    assert "value" in told.stderr
    given = json.loads(jixiao("export", results, "--to", "conll", "--out", out, "--json").stdout)
    assert given["documents"] == 1
    assert given["left_out"]["fields"]["quantity.value"] == given["written"]["quantity"]


def test_a_reviewed_workbook_comes_back(jixiao: Jixiao, results: Path, tmp_path: Path) -> None:
    path = tmp_path / "facts.xlsx"
    book = openpyxl.load_workbook(results / "facts.xlsx")
    table = book["事实"]
    headers = [cell.value for cell in table[1]]
    table.cell(2, headers.index("复核") + 1).value = "正确"
    table.cell(3, headers.index("复核") + 1).value = "错误"
    book.save(path)
    out = tmp_path / "reviewed"
    options = ("--onto", results, "--out", out, "--reviewer", "李", "--time", "2024-05-31")
    told = jixiao("import", path, "--from", "xlsx", *options)
    assert told.exit_code == 0
    assert told.stderr.startswith("1 document: 1 correct, 1 wrong\n")
    (reviews,) = (out / "reviews").glob("*.jsonl")
    lines = [json.loads(line) for line in reviews.read_text("utf-8").splitlines()]
    assert [line["verdict"] for line in lines] == ["correct", "wrong"]
    assert {line["time"] for line in lines} == {"2024-05-31T00:00:00+00:00"}
    again = jixiao(
        "import", out, "--from", "reviews", "--onto", results, "--out", tmp_path / "b", "--json"
    )
    assert again.exit_code == 0
    assert json.loads(again.stdout)["unfit"] == []


def test_decisions_that_no_longer_fit_give_exit_code_one(
    jixiao: Jixiao, results: Path, tmp_path: Path
) -> None:
    path = tmp_path / "reviews.jsonl"
    (doc_id,) = (one.stem for one in (results / "annotations").glob("*.jsonl"))
    review = {"type": "review", "document": doc_id, "record": "claim", "verdict": "correct"}
    path.write_text(json.dumps({**review, "reviewer": "李", "time": "2024", "key": "0" * 12}))
    told = jixiao("import", path, "--from", "reviews", "--onto", results, "--out", tmp_path / "b")
    assert told.exit_code == 1
    assert "no longer fitting: 1 decision" in told.stderr
    assert f"{doc_id} claim 000000000000 correct by 李: the run has no such record" in told.stderr


def test_wrong_usage_is_said(jixiao: Jixiao, results: Path, tmp_path: Path) -> None:
    assert jixiao("import", tmp_path, "--from", "brat", "--out", tmp_path / "o").exit_code == 2
    told = jixiao(
        "import", results, "--from", "xlsx", "--out", tmp_path / "o", "--time", "yesterday"
    )
    assert told.exit_code == 2
    assert "is no time" in told.stderr
    assert "For example:" in jixiao("import", "--help").stdout
    assert "For example:" in jixiao("export", "--help").stdout


def test_an_export_twice_is_the_same_bytes(jixiao: Jixiao, results: Path, tmp_path: Path) -> None:
    for name, info in FORMATS.items():
        if info.suffix is None or name == "spacy":
            continue
        files = [tmp_path / f"{number}{info.suffix}" for number in (1, 2)]
        for file in files:
            jixiao("export", results, "--to", name, "--out", file)
        assert files[0].read_bytes() == files[1].read_bytes(), name
