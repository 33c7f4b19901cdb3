"""The column ``support``: what each real report attests, computed and not written by hand."""

import csv
import io

import pytest

from jixiao.errors import EvaluationError
from jixiao.training.support import report_texts, support_of, update_support, with_support

HEADER = "id,name_zh,aliases,weak_aliases,support,facets\n"


@pytest.fixture
def reports(tmp_path):
    corpus = tmp_path / "reports" / "corpus"
    corpus.mkdir(parents=True)
    (corpus / "beishan-2021.txt").write_text("全年研发投入3亿元。", encoding="utf-8")
    (corpus / "nanhe-2020.txt").write_text("研发投入与科研投入。", encoding="utf-8")
    return corpus.parent


def test_support_is_letter_for_letter_and_per_report():
    texts = {"a-2020": "“三公”经费支出", "b-2021": "三公经费支出"}
    assert support_of(["三公经费", "“三公”经费", "三公"], texts) == (
        "三公经费=b-2021;“三公”经费=a-2020;三公=a-2020|b-2021"
    )


def test_strong_and_weak_aliases_are_looked_up_and_the_name_is_not():
    content = HEADER + "rd,研究与试验发展经费,研发投入,科研投入,研发=old-2019,科研投入=科研\n"
    texts = {"a-2020": "研究与试验发展经费、研发投入、科研投入"}
    row = next(csv.DictReader(io.StringIO(with_support(content, texts))))
    assert row["support"] == "研发投入=a-2020;科研投入=a-2020"
    assert row["facets"] == "科研投入=科研"


def test_the_table_is_rewritten_in_place_and_a_second_run_changes_nothing(tmp_path, reports):
    table = tmp_path / "indicators.csv"
    table.write_text(HEADER + "rd,研发经费,研发投入,科研投入,,\n", encoding="utf-8")
    assert update_support(table, reports) == (
        "indicators.csv: 1 rows changed over beishan-2021, nanhe-2020"
    )
    first = table.read_bytes()
    assert b"\r" not in first
    assert "研发投入=beishan-2021|nanhe-2020;科研投入=nanhe-2020" in first.decode("utf-8")
    assert update_support(table, reports).startswith("indicators.csv: 0 rows changed")
    assert table.read_bytes() == first


def test_without_reports_nothing_is_written(tmp_path, monkeypatch):
    table = tmp_path / "indicators.csv"
    table.write_text(HEADER, encoding="utf-8")
    monkeypatch.delenv("JIXIAO_REPORTS", raising=False)
    with pytest.raises(EvaluationError, match="JIXIAO_REPORTS is not set"):
        update_support(table)
    with pytest.raises(EvaluationError, match="holds no corpus"):
        report_texts(tmp_path)
    assert table.read_text(encoding="utf-8") == HEADER
