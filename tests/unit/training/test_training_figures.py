"""The rows of the README's accuracy tables."""

from __future__ import annotations

from jixiao.evaluation.report import evaluate
from jixiao.pipeline import annotate_text
from jixiao.training.figures import claims_row, names_row, row

TEXT = "民乐县教育局2022年度报告\n\n一、工作成效\n全年新建学校3所，同比增长20%；我局荣获全省先进单位。\n"


def test_what_agrees_with_itself_scores_one() -> None:
    gold = {"a": annotate_text(TEXT, doc_id="a")}
    found = evaluate(gold, gold)
    assert row("own", found, found)[1:3] == ["1.000", "1.000"]
    assert names_row("own", found)[:2] == ["own", "1.000"]
    assert claims_row("own", found)[:2] == ["own", "1.000"]


def test_what_gold_does_not_have_has_no_figure() -> None:
    gold = {"a": annotate_text("", doc_id="a")}
    found = evaluate(gold, gold)
    assert set(names_row("empty", found)[1:]) == {"–"}
    assert set(claims_row("empty", found)[1:]) == {"–"}
