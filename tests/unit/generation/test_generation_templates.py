"""Every template in turn: the gold it claims, exact places, and no number without gold."""

from __future__ import annotations

from random import Random

import pytest

from jixiao.generation import reports
from jixiao.generation.grammar import TEMPLATES, Pen, Template
from jixiao.generation.pieces import assemble
from jixiao.generation.setting import Setting, draw_setting
from jixiao.records import Quantity

SEEDS = range(40)


def written(template: Template, seed: int) -> tuple[str, list[Quantity], Setting]:
    draw = Random(seed)
    setting = draw_setting(draw)
    text, gold = assemble(template.sentence(Pen(draw, setting)))
    return text, gold, setting


def gold_values(gold: list[Quantity]) -> set[str]:
    return {
        value
        for one in gold
        for value in (one.label, one.measure, one.modality, one.bound, one.direction)
        if value is not None
    }


def test_the_modules_register_their_templates() -> None:
    modules = {template.write.__module__ for template in TEMPLATES.values()}
    assert modules == {module.__name__ for module in reports.TEMPLATE_MODULES}


def test_every_section_has_templates_enough() -> None:
    for kind in ("overview", "money", "achievements", "problems", "plan"):
        assert sum(kind in template.sections for template in TEMPLATES.values()) >= 5


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda one: one.name)
class TestTemplate:
    def test_gold_has_what_the_template_claims(self, template: Template) -> None:
        for seed in SEEDS:
            text, gold, _ = written(template, seed)
            assert template.claims <= gold_values(gold), text
            assert bool(gold) == bool(template.claims), text

    def test_places_are_exact_sorted_and_apart(self, template: Template) -> None:
        for seed in SEEDS:
            text, gold, _ = written(template, seed)
            assert [one.text for one in gold] == [text[one.start : one.end] for one in gold]
            ends = [0, *(one.end for one in gold)]
            assert all(end <= one.start for end, one in zip(ends, gold, strict=False)), text

    def test_fields_fit_together(self, template: Template) -> None:
        for seed in SEEDS:
            text, gold, setting = written(template, seed)
            for one in gold:
                assert one.value is not None
                assert one.value_high is None or one.value < one.value_high, text
                assert (one.direction is not None) == (one.measure in ("growth", "change")), text
                assert (one.noun is None) or one.label == "COUNT", text
                assert one.modality != "rule" or one.period is None, text
                assert one.region is None or one.region in text, text
                assert one.region not in (setting.own, setting.region), text

    def test_sentence_is_one_paragraph_and_ends(self, template: Template) -> None:
        for seed in SEEDS:
            text, _, _ = written(template, seed)
            assert "\n" not in text
            assert text.endswith("。")
            assert "。。" not in text
            assert "，，" not in text
            assert not text.startswith(("，", "、", "。"))

    def test_a_year_is_named_where_it_must_be(self, template: Template) -> None:
        """After a phrase with another period, gold's period must stand in the sentence."""
        for seed in SEEDS:
            draw = Random(seed)
            pen = Pen(draw, draw_setting(draw))
            pen.must_date = True
            text, gold = assemble(template.sentence(pen))
            years = {one.period[:4] for one in gold if one.period is not None}
            assert all(year in text for year in years), text
