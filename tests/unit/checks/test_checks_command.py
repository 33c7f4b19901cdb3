"""``jixiao check``: what it prints of an annotated folder."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from jixiao.cli import main
from jixiao.pipeline import annotate_text
from jixiao.records import encode_line
from jixiao.stores.annotations import write_annotation

TEXT = (
    "湄潭县商务局2022年度部门整体支出绩效自评报告\n\n一、基本情况\n"
    "现有编制20个，其中行政编制8个，事业编制12个。全县高新技术企业53家，同比增长31.6%。\n"
)


def run(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["check", str(folder), *options])


def annotated(folder: Path) -> Path:
    annotation = annotate_text(TEXT, doc_id="报告")
    lines = [encode_line(record) for record in annotation.records]
    write_annotation(folder, "报告", annotation.text, lines)
    return folder


def test_shows_what_does_not_agree_and_where(tmp_path: Path) -> None:
    result = run(annotated(tmp_path))
    assert result.exit_code == 0
    assert "inconsistent  line 4  integer_base" in result.output
    assert "> 全县高新技术企业53家，同比增长31.6%。" in result.output
    assert "编制20个" not in result.output.replace("现有编制20个", "")


def test_all_shows_what_agrees_too(tmp_path: Path) -> None:
    assert "ok  line 4  sum" in run(annotated(tmp_path), "--all").output


def test_json_is_one_object(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["check", str(annotated(tmp_path)), "--json", "--all"])
    read = json.loads(result.stdout)
    assert read["verdicts"] == {"inconsistent": 1, "ok": 1}
    (document,) = read["documents"]
    assert document["checks"][0]["stated"] == "31.6"
    assert document["checks"][0]["line"] == 4


def test_a_broken_file_is_partial_failure(tmp_path: Path) -> None:
    annotated(tmp_path)
    (tmp_path / "annotations" / "z.jsonl").write_text("no json\n", encoding="utf-8")
    result = run(tmp_path)
    assert result.exit_code == 1
    assert "integer_base" in result.output


def test_a_folder_without_annotations_is_wrong_usage(tmp_path: Path) -> None:
    assert run(tmp_path).exit_code == 2
