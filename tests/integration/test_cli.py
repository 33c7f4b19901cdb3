"""Every command: what it prints where, and the code it ends with."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Jixiao = Callable[..., Result]


def test_help_teaches_with_examples(jixiao: Jixiao) -> None:
    for command in ("annotate", "evaluate", "show", "validate"):
        result = jixiao(command, "--help")
        assert result.exit_code == 0
        assert "  For example:\n" in result.stdout
        assert f"\n    jixiao {command} " in result.stdout
    assert "\b" not in result.stdout


def test_help_loads_nothing_heavy() -> None:
    heavy = {"pyarrow", "pandas", "jieba", "rich", "msgspec", "numpy", "lxml", "openpyxl"}
    code = "import sys; from jixiao.cli import main; main(['--help'], standalone_mode=False)"
    code += f"; print(sorted({heavy} & set(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.splitlines()[-1] == "[]"


def test_module_runs_as_a_program(report: Path) -> None:
    command = [sys.executable, "-m", "jixiao", "show", str(report), "--json"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(result.stdout.splitlines()[0])["type"] == "document"
    version = subprocess.run(
        [sys.executable, "-m", "jixiao", "--version"], capture_output=True, text=True, check=True
    )
    assert version.stdout.startswith("jixiao ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("annotate",),
        ("annotate", "{reports}"),
        ("annotate", "nope", "--out", "{out}"),
        ("annotate", "{reports}", "--out", "{out}", "--workers", "0"),
        ("annotate", "{reports}", "--out", "{out}", "--catalogue", "nope.csv"),
        ("annotate", "{reports}", "--out", "{reports}"),
        ("annotate", "{reports}", "--out", "{reports}/a.txt"),
        ("evaluate", "--gold", "nope", "--pred", "nope"),
        ("validate",),
        ("validate", "nope"),
        ("validate", "{reports}"),
        ("show",),
        ("show", "nope.txt"),
        ("show", "nope.jsonl"),
        ("show", "{reports}/a.txt", "--label", "MONIES"),
        ("nope",),
    ],
)
def test_wrong_usage_is_told_on_stderr_with_code_2(
    jixiao: Jixiao, report: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    places = {"reports": str(report.parent), "out": str(tmp_path / "out")}
    result = jixiao(*(argument.format(**places) for argument in arguments))
    assert result.exit_code == 2
    assert "Error: " in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""
    assert not (tmp_path / "out").exists()


def test_annotate_tells_what_it_found(jixiao: Jixiao, report: Path, tmp_path: Path) -> None:
    result = jixiao("annotate", report, "--out", tmp_path / "out", "--workers", "1")
    assert result.exit_code == 0
    assert result.stderr == ""
    for word in ("1 ok", "Characters", "COUNT", "MONEY", "Aligned", "Facts", "facts.xlsx", "Next"):
        assert word in result.stdout
    assert "failed" not in result.stdout.replace("inputs, counts, failures", "")


def test_annotate_lists_failures_with_code_1(jixiao: Jixiao, report: Path, tmp_path: Path) -> None:
    (report.parent / "empty.txt").write_bytes(b"")
    (report.parent / "scan.ofd").write_bytes(b"PK")
    result = jixiao("annotate", report.parent, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "1 ok, 2 failed" in result.stdout
    assert "empty.txt" in result.stdout
    assert "no reader for '.ofd'" in " ".join(result.stdout.split())
    assert "--resume" in result.stdout


def test_annotate_as_json_is_json_alone(jixiao: Jixiao, report: Path, tmp_path: Path) -> None:
    (report.parent / "empty.txt").write_bytes(b"")
    result = jixiao("annotate", report.parent, "--out", tmp_path / "out", "--json")
    assert result.exit_code == 1
    summary = json.loads(result.stdout)
    assert summary["counts"]["ok"] == 1
    assert summary["failures"][0]["doc_id"] == "empty"
    assert summary["out"] == str(tmp_path / "out")


def test_annotate_resumes(jixiao: Jixiao, report: Path, results: Path) -> None:
    result = jixiao("annotate", report.parent, "--out", results, "--resume")
    assert "1 unchanged since the former run" in result.stdout


def test_annotate_uses_a_catalogue(jixiao: Jixiao, report: Path, tmp_path: Path) -> None:
    catalogue = tmp_path / "mine.csv"
    catalogue.write_bytes("id,name_zh,unit\nmine,高新技术企业,count:家\n".encode("gb18030"))
    options = ("--catalogue", catalogue, "--catalogue-mode", "replace")
    result = jixiao("annotate", report, "--out", tmp_path / "out", *options)
    assert result.exit_code == 0
    assert '"indicator":"mine"' in (tmp_path / "out/annotations/a.jsonl").read_text("utf-8")


def test_annotate_without_workbook(jixiao: Jixiao, report: Path, tmp_path: Path) -> None:
    result = jixiao("annotate", report, "--out", tmp_path / "out", "--no-workbook")
    assert not (tmp_path / "out" / "facts.xlsx").exists()
    assert "--workbook" in result.stdout


def test_evaluate_of_a_run_with_itself_is_perfect(jixiao: Jixiao, results: Path) -> None:
    options = ("--gold", results, "--pred", results, "--text", results / "text")
    result = jixiao("evaluate", *options, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["errors"] == []
    assert "Quantities, relaxed" in jixiao("evaluate", *options).stdout


def test_validate_finds_a_run_right(jixiao: Jixiao, results: Path) -> None:
    result = jixiao("validate", results)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "1 file, 10 records, 0 problems" in result.stderr


def test_validate_prints_file_line_and_problem(jixiao: Jixiao, results: Path) -> None:
    path = results / "annotations" / "a.jsonl"
    path.write_text(path.read_text("utf-8").replace('"15家"', '"16家"'), encoding="utf-8")
    result = jixiao("validate", results)
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{path}:4: q1 says '16家'")
    as_json = json.loads(jixiao("validate", results, "--json").stdout)
    assert as_json["problems"] == 1
    assert as_json["files"][0]["problems"][0]["line"] == 4


def test_validate_says_when_there_is_no_text(jixiao: Jixiao, results: Path) -> None:
    (results / "text" / "a.txt").unlink()
    result = jixiao("validate", results / "annotations")
    assert result.exit_code == 0
    assert "offsets were not checked" in result.stderr


def test_validate_prints_the_schema(jixiao: Jixiao) -> None:
    schema = json.loads(jixiao("validate", "--schema").stdout)
    assert schema["$schema"].startswith("https://json-schema.org/")


def test_show_marks_a_report(jixiao: Jixiao, report: Path) -> None:
    result = jixiao("show", report, "--width", "60")
    assert result.exit_code == 0
    assert "15家¹" in result.stdout
    assert max(len(line) for line in result.stdout.splitlines()) <= 60


def test_show_reads_an_annotation_file(jixiao: Jixiao, results: Path) -> None:
    path = results / "annotations" / "a.jsonl"
    assert "15家¹" in jixiao("show", path).stdout
    assert jixiao("show", path, "--json").stdout == path.read_text("utf-8")


def test_show_of_one_label_as_json(jixiao: Jixiao, report: Path) -> None:
    lines = jixiao("show", report, "--label", "money", "--json").stdout.splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["1520.9万元"]


def test_show_claims(jixiao: Jixiao, report: Path) -> None:
    report.write_text("一、工作成效\n抄乐镇获评全省先进镇，新建水厂3座。\n", encoding="utf-8")
    output = jixiao("show", report, "--claims", "--width", "60").stdout
    assert "2 achievements" in output
    assert "▎ 荣誉认定 · 省级" in output
    assert "q1" not in output
    lines = jixiao("show", report, "--claims", "--json").stdout.splitlines()
    assert [json.loads(line)["type"] for line in lines] == ["claim", "claim"]
    for option in (["--outline"], ["--label", "COUNT"]):
        assert jixiao("show", report, "--claims", *option).exit_code == 2


def test_show_outline(jixiao: Jixiao, report: Path) -> None:
    report.write_text("绩效报告\n一、收入\n（一）培训\n", encoding="utf-8")
    assert "── （一）培训" in jixiao("show", report, "--outline").stdout
    lines = jixiao("show", report, "--outline", "--json").stdout.splitlines()
    assert json.loads(lines[1])["path"] == ["收入", "培训"]


def test_show_refuses_a_text_that_is_not_the_one(jixiao: Jixiao, results: Path) -> None:
    (results / "text" / "a.txt").write_text("另一份报告，没有数字。" * 10, encoding="utf-8")
    result = jixiao("show", results / "annotations" / "a.jsonl")
    assert result.exit_code == 2
    assert "is not the text" in result.stderr


def test_show_tells_where_it_looked_for_the_text(jixiao: Jixiao, results: Path) -> None:
    (results / "text" / "a.txt").rename(results / "moved.txt")
    path = results / "annotations" / "a.jsonl"
    assert "--text" in jixiao("show", path).stderr
    assert "15家¹" in jixiao("show", path, "--text", results / "moved.txt").stdout
