"""Facts: mentions that agree are one, mentions that contradict each other are kept and flagged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.exact import interval, printed_step
from jixiao.facts import agreeing, build_facts
from jixiao.pipeline import annotate_text
from jixiao.records import Document, Fact, Quantity

DOCUMENT = Document(
    doc_id="县局__2022",
    issuer="君山区科技和工业信息化局",
    region="岳阳市君山区",
    region_code="430611",
    fiscal_year="2022",
)
PLACES = {
    "全市": ("岳阳市", "430600"),
    "岳阳市": ("岳阳市", "430600"),
    "全省": ("湖南省", "430000"),
    "全国": ("全国", "000000"),
    "君山区": ("君山区", "430611"),
    "云溪区": ("云溪区", "430603"),
    "高新区": ("高新区", None),
}
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


def budget(text: str, header: str) -> Quantity:
    value = str(Decimal(text) * 10000)
    return said(text, value, modality="planned", table=True, evidence={"header": header})


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

    def test_full_width_digits_tell_what_they_were_multiplied_by(self) -> None:
        assert all(fact.conflict for fact in facts_of([rate("５‰", "0.5"), rate("0.7%", "0.7")]))

    def test_numbers_in_words_have_a_precision(self) -> None:
        (fact,) = facts_of([said("三点五亿元", "350000000"), said("3.52亿元", "352000000")])
        assert not fact.conflict

    def test_the_best_confidence_of_the_mentions(self) -> None:
        (fact,) = facts_of(
            [rate("5%", "5", confidence=0.5), rate("5%", "5", confidence=0.75), rate("5%", "5")]
        )
        assert fact.confidence == 0.75


class TestWhatAgrees:
    """One thing said in two ways is one fact."""

    def test_classifiers_of_a_count(self) -> None:
        (fact,) = facts_of([said("10个", "10", "COUNT", "个"), said("10人", "10", "COUNT", "人")])
        assert fact.quantities == ["q1", "q2"]
        assert not fact.conflict

    @pytest.mark.parametrize(
        ("text", "value", "bound", "exact"),
        [
            ("600余家", "600", ">", "653"),
            ("600家", "600", "≥", "600"),
            ("近700家", "700", "<", "653"),
            ("700家", "700", "≤", "653"),
            ("600家", "600", "≈", "653"),
            ("700家", "700", "≈", "653"),
        ],
    )
    def test_a_rounded_number_with_a_bound_and_the_exact_one(
        self, text: str, value: str, bound: str, exact: str
    ) -> None:
        rough = said(text, value, "COUNT", "家", bound=bound)
        (fact,) = facts_of([rough, said(f"{exact}家", exact, "COUNT", "家")])
        assert (str(fact.value), fact.bound, fact.conflict) == (exact, "=", False)

    @pytest.mark.parametrize(
        ("bound", "exact"),
        [(">", "580"), (">", "720"), ("≥", "599"), ("<", "620"), ("≤", "601"), ("≈", "720")],
    )
    def test_a_bound_is_no_licence(self, bound: str, exact: str) -> None:
        rough = said("600家", "600", "COUNT", "家", bound=bound)
        facts = facts_of([rough, said(f"{exact}家", exact, "COUNT", "家")])
        assert [fact.conflict for fact in facts] == [True, True]

    @pytest.mark.parametrize(
        "words", [("全市", "岳阳市"), ("君山区", None), (None, "君山区")], ids=str
    )
    def test_region_words_that_mean_the_same_place(self, words: tuple[str | None, ...]) -> None:
        (fact,) = facts_of([rate("5%", "5", region=region) for region in words])
        assert fact.quantities == ["q1", "q2"]

    def test_a_growth_without_direction_is_that_of_its_repetition(self) -> None:
        (fact,) = facts_of(
            [rate("5%", "5", measure="growth"), rate("5%", "5", measure="growth", direction="down")]
        )
        assert fact.direction == "down"

    def test_a_budget_that_stands_under_two_headers_unchanged(self) -> None:
        (fact,) = facts_of([budget("200.00", "年初预算数"), budget("200.00", "全年预算数")])
        assert fact.quantities == ["q1", "q2"]


class TestConflict:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (rate("5%", "5", direction="up"), rate("5%", "5", direction="down")),
            (rate("5%", "5"), said("5个百分点", "5", "PERCENT", "pp")),
            (said("3亿元", "300000000"), said("3亿美元", "300000000", unit="USD")),
        ],
        ids=["direction", "points", "currency"],
    )
    def test_equal_digits_that_say_another_thing(self, one: Quantity, other: Quantity) -> None:
        first, second = facts_of([one, other])
        assert first.conflict
        assert second.conflict
        assert (first.direction, second.direction) == (one.direction, other.direction)

    def test_budgets_of_one_header_or_none_contradict_each_other(self) -> None:
        initial, revised = budget("200.00", "年初预算数"), budget("240.00", "全年预算数")
        assert [fact.conflict for fact in facts_of([initial, revised])] == [False, False]
        again = budget("210.00", "年初预算数")
        flags = [fact.conflict for fact in facts_of([initial, again, revised])]
        assert flags == [True, True, False]
        prose = said("230万元", "2300000", modality="planned")
        assert all(fact.conflict for fact in facts_of([initial, prose]))

    def test_actual_values_under_different_headers_contradict_each_other(self) -> None:
        values = [budget("200.00", "决算数"), budget("240.00", "实际支出")]
        for value in values:
            value.modality = "actual"
        assert all(fact.conflict for fact in facts_of(values))

    def test_values_apart_split_the_fact_and_both_parts_say_so(self) -> None:
        first, second = facts_of([rate("29.8%", "29.8"), rate("31.2%", "31.2")])
        assert (first.value, second.value) == (Decimal("29.8"), Decimal("31.2"))
        assert first.conflict
        assert second.conflict

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (said("86家", "86", "COUNT", "家"), said("87家", "87", "COUNT", "家")),
            (rate("29.8%", "29.8"), rate("29.9%", "29.9")),
        ],
        ids=["count", "rate"],
    )
    def test_one_unit_of_the_last_place_is_enough(self, one: Quantity, other: Quantity) -> None:
        assert [fact.conflict for fact in facts_of([one, other])] == [True, True]

    def test_a_range_of_one_number_is_that_number(self) -> None:
        (fact,) = facts_of([rate("5%-5%", "5", value_high=Decimal(5)), rate("5%", "5")])
        assert not fact.conflict

    def test_a_third_mention_joins_the_part_it_agrees_with(self) -> None:
        first, second = facts_of([rate("29.8%", "29.8"), rate("31.2%", "31.2"), rate("30%", "30")])
        assert first.quantities == ["q1", "q3"]
        assert second.quantities == ["q2"]

    def test_all_mentions_of_a_part_agree_together_not_only_pairwise(self) -> None:
        mentions = [rate("29.6%", "29.6"), rate("30%", "30"), rate("30.4%", "30.4")]
        for order in permutations(mentions):
            facts = facts_of(order)
            # What the rough one goes with does not hang on which is said first.
            assert sorted(str(fact.value) for fact in facts) == ["29.6", "30.4"]
            assert sorted(len(fact.quantities) for fact in facts) == [1, 2]
            assert all(fact.conflict for fact in facts)

    def test_no_sentence_contradicts_itself(self) -> None:
        here, there = (4, 40), (50, 80)
        one, other = (rate(f"{n}%", n, sentence=here) for n in ("7.7", "7.9"))
        assert not any(fact.conflict for fact in facts_of([one, other]))
        third = rate("8.4%", "8.4", sentence=there)
        assert all(fact.conflict for fact in facts_of([one, other, third]))

    def test_a_truncated_last_place_is_a_conflict(self) -> None:
        assert len(facts_of([said("63.4亿元", "6340000000"), said("63.48亿元", "6348000000")])) == 2


def firms(number: int, total: str | None = None) -> Quantity:
    return said(f"{number}家", str(number), "COUNT", "家", total=total)


@pytest.mark.parametrize(
    ("mentions", "conflicts"),
    [
        ([firms(15), firms(3, "q1")], [False, False]),
        ([firms(15), firms(3, "q1"), firms(9, "q1")], [False, False, False]),
        ([firms(15), firms(3, "q1"), firms(16)], [True, False, True]),
        ([firms(3, "q9"), firms(12, "q9")], [False, False]),
        ([firms(3, "q9"), firms(12, "q8")], [True, True]),
        ([firms(3, "q9"), firms(12)], [True, True]),
    ],
    ids=["part", "parts", "two totals", "total elsewhere", "totals elsewhere", "another"],
)
def test_a_total_and_its_parts_do_not_contradict(
    mentions: list[Quantity], conflicts: list[bool]
) -> None:
    """15家，其中省级3家: two facts, even where no facet tells the part from the whole."""
    assert [fact.conflict for fact in facts_of(mentions)] == conflicts


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
            {"label": "PERCENT"},
            {"modality": "forecast"},
        ],
        ids=lambda fields: "-".join(fields),
    )
    def test_fields_of_the_key(self, other: dict[str, str]) -> None:
        facts = facts_of([said("300万元", "3000000"), said("280万元", "2800000", **other)])
        assert [len(fact.quantities) for fact in facts] == [1, 1]
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

    def test_a_district_has_the_name_of_its_city(self) -> None:
        (fact,) = facts_of([said("300万元", "3000000", region="云溪区")])
        assert (fact.region, fact.region_code) == ("岳阳市云溪区", "430603")

    def test_the_nation_is_no_division_and_keeps_its_name(self) -> None:
        (fact,) = facts_of([said("300万元", "3000000", region="全国")])
        assert (fact.region, fact.region_code) == ("全国", "000000")

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
            for text, value, peers in (
                ("第三", "3", "全市"),
                ("第15", "15", "全省"),
                ("第一", "1", "君山区"),
                ("第二", "2", None),
            )
        ]
        facts = facts_of(ranks)
        assert [fact.peers for fact in facts] == ["全市", "全省", "君山区", None]
        assert {(fact.region, fact.conflict) for fact in facts} == {("岳阳市君山区", False)}

    def test_ranks_among_the_same_peers_in_other_words_are_one(self) -> None:
        (fact,) = facts_of(
            [said("第三", "3", "RANK", "rank", region=peers) for peers in ("全市", "岳阳市")]
        )
        assert (fact.region, fact.peers) == ("岳阳市君山区", "全市")

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
        assert max(spans[n][0] for n in fact.quantities) < min(spans[n][1] for n in fact.quantities)


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


_SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=9).map(
    lambda spans: [(Decimal(low), Decimal(low + width)) for low, width in spans]
)


@settings(deadline=None)
@given(spans=_SPANS, data=st.data())
def test_groups_agree_are_few_and_do_not_hang_on_the_order(
    spans: list[tuple[Decimal, Decimal]], data: st.DataObject
) -> None:
    def grouped(order: Sequence[int]) -> list[list[tuple[Decimal, Decimal]]]:
        ordered = [spans[index] for index in order]
        return sorted(sorted(ordered[i] for i in group) for group in agreeing(ordered))

    groups = grouped(range(len(spans)))
    assert sorted(span for group in groups for span in group) == sorted(spans)
    for group in groups:
        assert max(low for low, _ in group) < min(high for _, high in group)
    # As many intervals as there are groups lie apart from one another: no fewer groups would do.
    apart = sorted(min(group, key=lambda span: span[1]) for group in groups)
    assert all(one[1] <= other[0] for one, other in pairwise(apart))
    assert grouped(data.draw(st.permutations(range(len(spans))))) == groups


def test_time_grows_with_the_mentions(assert_linear: Callable[..., None]) -> None:
    """A table of one indicator whose rows all differ: no mention is held against every other."""

    def prepare(size: int) -> Callable[[], object]:
        quantities = [rate(f"{number}%", str(number)) for number in range(size)]
        return lambda: facts_of(quantities)

    assert_linear(prepare, 500)
