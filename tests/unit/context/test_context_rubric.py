"""Numbers in the prose of a section on how scores are given are rules."""

from __future__ import annotations

import pytest

from jixiao.pipeline import annotate_text


@pytest.mark.parametrize(
    ("sentence", "number", "modality"),
    [
        ("产出指标50分。", "50分", "rule"),
        ("预算执行率达到95%以上的为合格。", "95%", "rule"),
        ("综合评价得分92分。", "92分", "actual"),
        ("项目投资300万元。", "300万元", "actual"),
    ],
)
def test_the_modality_under_a_rubric(sentence: str, number: str, modality: str) -> None:
    text = f"某县教育局2021年度绩效评价报告\n一、概况\n建校5所。\n二、评分标准\n{sentence}\n"
    found = {q.text: q.modality for q in annotate_text(text).quantities}
    assert found[number] == modality


def test_a_threshold_elsewhere_happened() -> None:
    (found,) = annotate_text("一、成效\n就业率达到95%以上。\n").quantities
    assert found.modality == "actual"
