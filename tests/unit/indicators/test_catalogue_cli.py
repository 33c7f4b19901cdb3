"""``jixiao catalogue``: what it prints where, and the code it ends with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jixiao.cli import main

OWN = "- name: 非遗工坊\n  id: workshops\n  unit: 家\n"


def jixiao(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("全市建成非遗工坊21家。各县建成非遗工坊合计34家。\n", encoding="utf-8")
    return path


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_bytes(OWN.encode("gb18030"))
    return path


@pytest.fixture
def results(report: Path, tmp_path: Path) -> Path:
    out = tmp_path / "results"
    assert jixiao("annotate", report, "--out", out, "--no-workbook").exit_code == 0
    return out


@pytest.mark.parametrize("command", ["check", "suggest", "show"])
def test_help_teaches_with_examples(command: str) -> None:
    shown = jixiao("catalogue", command, "--help")
    assert shown.exit_code == 0
    assert f"  For example:\n    jixiao catalogue {command}" in shown.stdout
    assert "- name: 义务教育巩固率\n" in jixiao("catalogue", "--help").stdout


def test_annotate_aligns_to_a_yaml_catalogue(report: Path, own: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert jixiao("annotate", report, "--out", out, "--catalogue", own).exit_code == 0
    assert '"indicator":"workshops"' in (out / "annotations/a.jsonl").read_text("utf-8")


def test_annotate_tells_file_and_line_of_a_mistake(report: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("- name: 甲\n  uint: 所\n", encoding="utf-8")
    ended = jixiao("annotate", report, "--out", tmp_path / "out", "--catalogue", wrong)
    assert ended.exit_code == 2
    assert f"{wrong}, line 2: an indicator has no key 'uint'" in ended.stderr
    assert not (tmp_path / "out").exists()


def test_check_ends_with_0_1_or_2(own: Path, tmp_path: Path) -> None:
    good = jixiao("catalogue", "check", own)
    assert (good.exit_code, good.stdout) == (0, "")
    assert good.stderr == "1 indicator, 0 errors, 0 warnings\n"
    doubtful = tmp_path / "doubtful.yaml"
    doubtful.write_text("- name: 金额\n  unit: 元\n", encoding="utf-8")
    warned = jixiao("catalogue", "check", doubtful)
    assert warned.exit_code == 0
    assert f"{doubtful}:1: warning: '金额'" in warned.stdout
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("id,name_zh,unit\na,甲乙,瓩\n", encoding="utf-8")
    failed = jixiao("catalogue", "check", wrong)
    assert failed.exit_code == 1
    assert f"{wrong}:2: error: unknown unit '瓩'" in failed.stdout
    missing = jixiao("catalogue", "check", tmp_path / "nope.yaml")
    assert missing.exit_code == 2
    assert "cannot be read" in missing.stderr


def test_check_prints_json(own: Path, results: Path) -> None:
    told = json.loads(jixiao("catalogue", "check", own, "--in", results, "--json").stdout)
    assert told["indicators"] == [{"id": "workshops", "name": "非遗工坊", "line": 1}]
    assert (told["errors"], told["findings"]) == (0, [])
    (coverage,) = told["coverage"]
    assert (coverage["named"], coverage["documents"], coverage["numbers"]) == (2, 1, 0)


def test_check_counts_names_in_a_run(own: Path, results: Path) -> None:
    told = jixiao("catalogue", "check", own, "--in", results)
    assert told.exit_code == 0
    assert "非遗工坊" in told.stdout
    assert "1 of 1 are named in the reports" in told.stderr
    assert "was the run made with --catalogue?" in told.stderr


def test_check_in_a_folder_without_a_run_is_wrong_usage(own: Path, tmp_path: Path) -> None:
    ended = jixiao("catalogue", "check", own, "--in", tmp_path)
    assert ended.exit_code == 2
    assert "jixiao annotate --out" in ended.stderr


def test_suggest_shows_what_has_no_indicator(results: Path) -> None:
    shown = jixiao("catalogue", "suggest", results)
    assert shown.exit_code == 0
    assert shown.stdout.startswith("非遗工坊  家  2 numbers in 1 document\n")
    assert "> a [8, 11) " in shown.stdout
    told = json.loads(jixiao("catalogue", "suggest", results, "--json").stdout)
    (one,) = told["suggestions"]
    assert (one["name"], one["kind"], one["mentions"]) == ("非遗工坊", "new", 2)
    assert one["examples"][0] == {
        "doc_id": "a",
        "start": 8,
        "end": 11,
        "text": "21家",
        "quote": "全市建成非遗工坊21家。",
    }


def test_what_is_suggested_checks_and_aligns(results: Path, report: Path, tmp_path: Path) -> None:
    mine, out = tmp_path / "new.yaml", tmp_path / "out"
    assert jixiao("catalogue", "suggest", results, "--out", mine).exit_code == 0
    assert jixiao("catalogue", "check", mine).exit_code == 0
    assert jixiao("annotate", report, "--out", out, "--catalogue", mine).exit_code == 0
    left = jixiao("catalogue", "suggest", out, "--catalogue", mine, "--json")
    assert json.loads(left.stdout)["suggestions"] == []


def test_suggest_never_writes_over_a_file(results: Path, own: Path) -> None:
    ended = jixiao("catalogue", "suggest", results, "--out", own)
    assert ended.exit_code == 2
    assert "exists and may be edited" in ended.stderr
    assert own.read_bytes() == OWN.encode("gb18030")


def test_show_lists_searches_and_counts(own: Path) -> None:
    every = jixiao("catalogue", "show")
    assert int(every.stderr.split()[0].replace(",", "")) > 300
    one = jixiao("catalogue", "show", "rd_expenditure")
    assert one.stdout.startswith("rd_expenditure  ")
    assert json.loads(
        jixiao("catalogue", "show", "workshops", "--catalogue", own, "--json").stdout
    ) == [
        {
            "id": "workshops",
            "name": "非遗工坊",
            "unit": "个、家、户",
            "aliases": [],
            "weak_aliases": [],
            "definition": "",
            "category": "",
            "parent": "",
            "relations": [],
        }
    ]
    none = jixiao("catalogue", "show", "没有这样的指标")
    assert (none.exit_code, none.stdout, none.stderr) == (0, "", "0 indicators\n")
