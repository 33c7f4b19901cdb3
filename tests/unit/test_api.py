"""What a notebook calls for folders: the same as the commands do."""

from __future__ import annotations

from pathlib import Path

import pytest

import jixiao
from jixiao.errors import EvaluationError, OutputError
from jixiao.evaluation.agreement import agree_folders
from jixiao.stores.annotations import write_annotation

TEXTS = {
    "一": "全年新建学校3所，培训教师120人，教师满意率97.6%。\n投入资金385.08万元。\n",
    "二": "新增高新技术企业15家，同比增长30.6%。\n举办活动5次。\n",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    for doc_id, text in TEXTS.items():
        found = jixiao.annotate(jixiao.Report(doc_id, text))
        write_annotation(folder, doc_id, text, found.to_jsonl().splitlines())
    return folder


class TestReadAnnotations:
    def test_a_folder(self, run: Path) -> None:
        found = jixiao.read_annotations(run)
        assert found.doc_ids == sorted(TEXTS)
        assert found["一"].text == TEXTS["一"]
        assert found.doc_ids == jixiao.read_annotations(run / "annotations").doc_ids

    def test_a_file(self, run: Path) -> None:
        found = jixiao.read_annotations(str(run / "annotations" / "二.jsonl"))
        assert found.doc_ids == ["二"]
        assert found[0].to_jsonl() == jixiao.read_annotations(run)["二"].to_jsonl()

    def test_what_is_missing_is_told(self, run: Path, tmp_path: Path) -> None:
        with pytest.raises(OutputError, match="no annotations in"):
            jixiao.read_annotations(tmp_path)
        alone = tmp_path / "一.jsonl"
        alone.write_bytes((run / "annotations" / "一.jsonl").read_bytes())
        with pytest.raises(OutputError, match="no text for"):
            jixiao.read_annotations(alone)
        (tmp_path / "一.txt").write_text("别的文本", encoding="utf-8")
        with pytest.raises(OutputError, match="is not the text"):
            jixiao.read_annotations(alone)


def test_agreement_is_that_of_the_command(run: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    for doc_id, text in TEXTS.items():
        found = jixiao.read_annotations(run)[doc_id]
        lines = [line for line in found.to_jsonl().splitlines() if "MONEY" not in line]
        write_annotation(other, doc_id, text, lines)
    assert jixiao.agree(run, other).to_dict() == agree_folders([run, other]).to_dict()
    with pytest.raises(EvaluationError, match="at least two"):
        jixiao.agree(run)


def test_a_sample_is_drawn_reviewed_and_estimated(run: Path, tmp_path: Path) -> None:
    import openpyxl

    sheet = tmp_path / "review.xlsx"
    drawn = jixiao.sample(run, sheet, 5, by=["label"], seed=3)
    assert drawn.record == "quantity"
    book = openpyxl.load_workbook(sheet)
    page = book.worksheets[0]
    headings = [cell.value for cell in page[1]]
    for row in range(2, page.max_row + 1):
        page.cell(row, headings.index("数值复核") + 1, "正确")
    book.save(sheet)
    found = jixiao.estimate(sheet, run)
    assert (found.reviewed, found.precision.value) == (5, 1.0)
