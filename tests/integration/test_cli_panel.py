"""``jixiao panel`` as a user meets it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import Result

Jixiao = Callable[..., Result]


def test_a_folder_becomes_a_file_with_its_codebook(
    jixiao: Jixiao, results: Path, tmp_path: Path
) -> None:
    out = tmp_path / "panel.csv"
    result = jixiao("panel", results, "--out", out)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [str(out), str(tmp_path / "panel.codebook.csv")]
    assert result.stderr.startswith("3 values, 1 region, 1 period, 2 indicators, 1 document\n")
    table = pd.read_csv(out, dtype=str)
    assert list(zip(table["indicator"], table["measure"], table["value"], strict=True)) == [
        ("high_tech_enterprises", "new", "15"),
        ("high_tech_enterprises", "growth", "30.6"),
        ("revenue_total", "level", "15209000"),
    ]
    assert set(table["region"]) == {"岳阳市"}
    assert "15家" in table["quote"][0]


@pytest.mark.parametrize(
    ("options", "values"),
    [
        (("--measure", "new"), 1),
        (("--measure", "new", "--measure", "growth"), 2),
        (("--indicator", "revenue_total"), 1),
        (("--modality", "all", "--period", "all"), 3),
        (("--min-confidence", "0"), 3),
        (("--conflicts", "all"), 3),
    ],
    ids=str,
)
def test_options_choose_what_is_written(
    jixiao: Jixiao, results: Path, tmp_path: Path, options: tuple[str, ...], values: int
) -> None:
    result = jixiao("panel", results, "--out", tmp_path / "panel.parquet", "--json", *options)
    assert result.exit_code == 0
    summary = json.loads(result.stdout)
    assert summary["values"] == values == len(pd.read_parquet(tmp_path / "panel.parquet"))
    assert summary["files"][0] == str(tmp_path / "panel.parquet")


def test_the_codebook_defines_the_indicators_of_an_own_catalogue(
    jixiao: Jixiao, results: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("- name: 高新技术企业数\n  definition: 本县口径\n", encoding="utf-8")
    result = jixiao("panel", results, "--out", tmp_path / "own.csv", "--catalogue", mine)
    assert result.exit_code == 0
    codes = pd.read_csv(tmp_path / "own.codebook.csv", dtype=str)
    own = codes[codes["indicator"] == "high_tech_enterprises"]
    assert set(own["definition"]) == {"本县口径"}
    assert own["source"].isna().all()


def test_wide(jixiao: Jixiao, results: Path, tmp_path: Path) -> None:
    result = jixiao("panel", results, "--out", tmp_path / "wide.csv", "--wide", "--no-bom")
    assert result.exit_code == 0
    (row,) = pd.read_csv(tmp_path / "wide.csv", dtype=str).to_dict("records")
    assert (row["region"], row["period"]) == ("岳阳市", "2021")
    assert row["high_tech_enterprises.new.count"] == "15"
    assert row["revenue_total.level.CNY"] == "15209000"
    assert not (tmp_path / "wide.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "Missing option '--out'"),
        (("--out", "panel.txt"), "expected a name that ends in .csv"),
        (("--out", "panel.csv", "--indicator", "high_tech"), "did you mean"),
        (("--out", "panel.csv", "--measure", "levels"), "expected one of level"),
        (("--out", "panel.csv", "--wide", "--conflicts", "all"), "one value in a cell"),
        (("--out", "panel.csv", "--modality", "planned"), "the panel is empty"),
    ],
    ids=str,
)
def test_mistakes_end_with_a_message_and_write_nothing(
    jixiao: Jixiao,
    results: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    result = jixiao("panel", results, *options)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.output
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_that_is_none(jixiao: Jixiao, tmp_path: Path) -> None:
    result = jixiao("panel", tmp_path / "nowhere", "--out", tmp_path / "panel.csv")
    assert result.exit_code == 2
    assert "expected the folder given to `jixiao annotate --out`" in result.stderr


def test_values_that_disagree_are_told(jixiao: Jixiao, tmp_path: Path) -> None:
    for name, value in (("a", 86), ("b", 80)):
        report = tmp_path / "reports" / f"{name}.txt"
        report.parent.mkdir(exist_ok=True)
        report.write_text(f"岳阳市科学技术局2021年度绩效报告\n全年新增高新技术企业{value}家。\n")
    assert jixiao("annotate", tmp_path / "reports", "--out", tmp_path / "out").exit_code == 0
    result = jixiao("panel", tmp_path / "out", "--out", tmp_path / "p.csv", "--conflicts", "all")
    assert "1 cell with values that disagree" in result.stderr
    table = pd.read_csv(tmp_path / "p.csv")
    assert list(table["value"]) == [86, 80]
    assert all("86家" in said and "80家" in said for said in table["conflict"])


def test_help_teaches_with_examples(jixiao: Jixiao) -> None:
    result = jixiao("panel", "--help")
    assert "\n    jixiao panel results --out panel.xlsx\n" in result.stdout
