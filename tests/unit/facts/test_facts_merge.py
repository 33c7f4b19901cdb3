"""Facts: mentions that agree are one, mentions that contradict each other are kept and flagged."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.exact import interval, printed_step
from jixiao.facts import build_facts
from jixiao.pipeline import annotate_text
from jixiao.records import Document, Fact, Quantity

DOCUMENT = Document(
    doc_id="县局__2022",
    issuer="君山区科技和工业信息化局",
    region="岳阳市君山区",
    region_code="430611",
    fiscal_year="2022",
)
PLACES = {"全市": ("岳阳市", "430600"), "高新区": ("高新区", None)}
LEVEL = {"indicator": "rd", "measure": "level", "period": "2022", "modality": "actual"}


def facts_of(quantities: Sequence[Quantity]) -> list[Fact]:
    for number, quantity in enumerate(quantities, start=1):
        quantity.id = f"q{number}"
    return build_facts(
        DOCUMENT,
        quantities,
        {"rd": "研发经费投入", "firms": "高新技术企业数量"}.__getitem__,
        lambda words: PLACES[words] if words else (None, None),
    )


def said(text: str, value: str, label: Any = "MONEY", unit: str = "CNY", **fields: Any) -> Quantity:
    return Quantity(
        id="",
        start=0,
        end=len(text),
        text=text,
        label=label,
        value=Decimal(value),
        unit=unit,
        bound=fields.pop("bound", "="),
        **{**LEVEL, **fields},
    )


def rate(text: str, value: str, **fields: Any) -> Quantity:
    return said(text, value, "PERCENT", "%", **fields)


class TestMerge:
    def test_the_same_value_twice_is_one_fact_with_both_mentions(self) -> None:
        (fact,) = facts_of([said("63.4亿元", "6340000000"), said("634000万元", "6340000000")])
        assert fact.quantities == ["q1", "q2"]
        assert not fact.conflict

    def test_a_coarser_printing_agrees_and_the_finer_one_gives_the_value(self) -> None:
        (fact,) = facts_of([said("63.4亿元", "6340000000"), said("63.43亿元", "6343000000")])
        assert fact.value == 6343000000
        assert not fact.conflict

    def test_the_order_of_the_printings_does_not_matter(self) -> None:
        (fact,) = facts_of([said("63.43亿元", "6343000000"), said("63.4亿元", "6340000000")])
        assert fact.value == 6343000000
        assert fact.quantities == ["q1", "q2"]

    def test_a_range_agrees_with_a_value_inside_it(self) -> None:
        wide = rate("10-20%", "10", value_high=Decimal(20))
        (fact,) = facts_of([wide, rate("15%", "15")])
        assert not fact.conflict

    def test_full_width_digits_have_a_precision(self) -> None:
        (fact,) = facts_of([said("６３．４亿元", "6340000000"), said("63.43亿元", "6343000000")])
        assert not fact.conflict

    def test_numbers_in_words_have_a_precision(self) -> None:
        (fact,) = facts_of([said("三点五亿元", "350000000"), said("3.52亿元", "352000000")])
        assert not fact.conflict

    def test_the_best_confidence_of_the_mentions(self) -> None:
        (fact,) = facts_of(
            [rate("5%", "5", confidence=0.5), rate("5%", "5", confidence=0.75), rate("5%", "5")]
        )
        assert fact.confidence == 0.75


class TestConflict:
    def test_values_apart_split_the_fact_and_both_parts_say_so(self) -> None:
        first, second = facts_of([rate("29.8%", "29.8"), rate("31.2%", "31.2")])
        assert (first.value, second.value) == (Decimal("29.8"), Decimal("31.2"))
        assert first.conflict
        assert second.conflict

    def test_a_third_mention_joins_the_part_it_agrees_with(self) -> None:
        first, second = facts_of([rate("29.8%", "29.8"), rate("31.2%", "31.2"), rate("30%", "30")])
        assert first.quantities == ["q1", "q3"]
        assert second.quantities == ["q2"]

    def test_all_mentions_of_a_part_agree_together_not_only_pairwise(self) -> None:
        low, rough, high = rate("29.6%", "29.6"), rate("30%", "30"), rate("30.4%", "30.4")
        facts = facts_of([low, rough, high])
        assert [fact.quantities for fact in facts] == [["q1", "q2"], ["q3"]]
        assert all(fact.conflict for fact in facts)

    def test_a_truncated_last_place_is_a_conflict(self) -> None:
        assert len(facts_of([said("63.4亿元", "6340000000"), said("63.48亿元", "6348000000")])) == 2


class TestApart:
    """What differs in one field of the key is another fact and no conflict."""

    @pytest.mark.parametrize(
        "other",
        [
            {"modality": "planned"},
            {"period": "2021"},
            {"period": "2022-01/2022-09"},
            {"indicator": "firms"},
            {"facet": "5G"},
            {"measure": "new"},
            {"region": "全市"},
            {"of": "总支出"},
        ],
        ids=lambda fields: "-".join(fields),
    )
    def test_fields_of_the_key(self, other: dict[str, str]) -> None:
        facts = facts_of([said("300万元", "3000000"), said("280万元", "2800000", **other)])
        assert [str(fact.value) for fact in facts] == ["3000000", "2800000"]
        assert not any(fact.conflict for fact in facts)

    def test_an_amount_and_its_growth(self) -> None:
        growth = rate("5%", "5", measure="growth", direction="up")
        amount, change = facts_of([said("300万元", "3000000"), growth])
        assert (amount.label, change.label, change.direction) == ("MONEY", "PERCENT", "up")


class TestNone:
    @pytest.mark.parametrize("fields", [{"modality": "rule"}, {"indicator": None}])
    def test_rules_and_unaligned_numbers_give_none(self, fields: dict[str, Any]) -> None:
        assert facts_of([said("300万元", "3000000", **fields)]) == []

    def test_a_number_without_value_gives_none(self) -> None:
        broken = said("10..1万元", "0")
        broken.value = None
        assert facts_of([broken]) == []

    def test_nothing(self) -> None:
        assert facts_of([]) == []


class TestFields:
    def test_region_and_name_are_resolved(self) -> None:
        (fact,) = facts_of([said("300万元", "3000000", region="全市")])
        assert (fact.region, fact.region_code) == ("岳阳市", "430600")
        assert (fact.indicator, fact.indicator_zh) == ("rd", "研发经费投入")

    def test_without_words_it_is_the_region_of_the_report(self) -> None:
        (fact,) = facts_of([said("300万元", "3000000")])
        assert (fact.document, fact.issuer) == ("县局__2022", "君山区科技和工业信息化局")
        assert (fact.region, fact.region_code) == ("岳阳市君山区", "430611")

    def test_a_place_without_code_takes_none_from_the_report(self) -> None:
        (fact,) = facts_of([said("300万元", "3000000", region="高新区")])
        assert (fact.region, fact.region_code) == ("高新区", None)

    def test_a_rank_keeps_the_own_region_and_names_its_peers(self) -> None:
        rank = said("第三", "3", "RANK", "rank", measure="rank", region="全市", indicator="firms")
        (fact,) = facts_of([rank])
        assert (fact.region, fact.peers, fact.value) == ("岳阳市君山区", "全市", 3)

    def test_ranks_among_other_peers_are_apart(self) -> None:
        ranks = [
            said(text, value, "RANK", "rank", measure="rank", region=peers)
            for text, value, peers in (("第三", "3", "全市"), ("第15", "15", "全省"))
        ]
        facts = facts_of(ranks)
        assert [(fact.peers, fact.conflict) for fact in facts] == [("全市", False), ("全省", False)]

    def test_ids_follow_the_first_mention(self) -> None:
        facts = facts_of(
            [
                said("1万元", "10000", period="2021"),
                said("15家", "15", "COUNT", "家", indicator="firms"),
                said("2万元", "20000"),
                said("1.0万元", "10000", period="2021"),
            ]
        )
        assert [fact.id for fact in facts] == ["f1", "f2", "f3"]
        assert [fact.quantities for fact in facts] == [["q1", "q4"], ["q2"], ["q3"]]

    def test_bound_and_range_come_along(self) -> None:
        (fact,) = facts_of([rate("10-20%", "10", value_high=Decimal(20), bound="≈")])
        assert (fact.value, fact.value_high, fact.bound) == (10, 20, "≈")


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 2)), min_size=1, max_size=8))
def test_every_mention_is_in_one_part_and_agrees_with_its_value(
    printed: list[tuple[int, int]],
) -> None:
    """Whatever is said in whatever precision: nothing is lost, nothing stands with what it denies."""
    values = [Decimal(number).scaleb(-places) for number, places in printed]
    quantities = [rate(f"{value:f}%", f"{value:f}") for value in values]
    facts = facts_of(quantities)
    ids = [name for fact in facts for name in fact.quantities]
    assert sorted(ids) == sorted(quantity.id for quantity in quantities)
    assert {fact.conflict for fact in facts} == {len(facts) > 1}
    spans = {
        quantity.id: interval(value, printed_step(quantity.text, Decimal(1)))
        for quantity, value in zip(quantities, values, strict=True)
    }
    for fact in facts:
        assert max(spans[n][0] for n in fact.quantities) <= min(
            spans[n][1] for n in fact.quantities
        )


class TestOfAReport:
    TEXT = (
        "湄潭县科学技术局2022年度部门整体支出绩效自评报告\n\n"
        "2022年年初预算安排项目支出320万元。2022年项目支出318.64万元。"
        "全年全县新增高新技术企业15家。\n"
        "综上，2022年项目支出318.6万元。\n\n"
        "湄潭县科学技术局\n2023年3月20日\n"
    )

    def test_budget_and_actual_are_two_facts_and_the_rounded_repeat_is_none(self) -> None:
        found = annotate_text(self.TEXT)
        spent = [fact for fact in found.facts if fact.indicator == "project_expenditure"]
        assert [(str(fact.value), fact.modality) for fact in spent] == [
            ("3200000", "planned"),
            ("3186400", "actual"),
        ]
        assert [len(fact.quantities) for fact in spent] == [1, 2]
        assert not any(fact.conflict for fact in spent)

    def test_facts_stand_behind_the_quantities_they_name(self) -> None:
        found = annotate_text(self.TEXT)
        ids = {quantity.id for quantity in found.quantities}
        assert found.facts
        for fact in found.facts:
            assert set(fact.quantities) <= ids
            assert (fact.document, fact.region) == ("text", "湄潭县")
