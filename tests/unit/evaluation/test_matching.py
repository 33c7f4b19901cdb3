"""Matching, on examples small enough to see the answer."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from jixiao.evaluation.matching import (
    Matching,
    covers_half,
    match_claims,
    match_entities,
    match_quantities,
    match_quantities_strict,
)
from jixiao.records import Claim, ClaimKind, Entity, EntityLabel, Quantity, QuantityLabel

AssertLinear = Callable[[Callable[[int], Callable[[], object]], int], None]


def quantity(
    start: int,
    end: int,
    value: str | None = "1",
    unit: str | None = "CNY",
    label: QuantityLabel = "MONEY",
) -> Quantity:
    number = None if value is None else Decimal(value)
    return Quantity(
        id="q", start=start, end=end, text="x" * (end - start), label=label, value=number, unit=unit
    )


def entity(start: int, end: int, label: EntityLabel = "GOV") -> Entity:
    return Entity(id="e", start=start, end=end, text="x" * (end - start), label=label)


def claim(start: int, end: int, kind: ClaimKind = "growth") -> Claim:
    return Claim(id="c", start=start, end=end, text="x" * (end - start), kind=kind)


def offsets(matching: Matching[Quantity]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    return [((g.start, g.end), (p.start, p.end)) for g, p in matching.pairs]


def test_nothing_matches_nothing() -> None:
    assert match_quantities([], []) == Matching((), (), ())


def test_overlap_is_enough_for_relaxed_and_not_for_strict() -> None:
    gold, predicted = [quantity(0, 8)], [quantity(0, 7)]
    assert len(match_quantities(gold, predicted).pairs) == 1
    strict = match_quantities_strict(gold, predicted)
    assert (strict.pairs, len(strict.missed), len(strict.spurious)) == ((), 1, 1)


def test_touching_spans_do_not_overlap() -> None:
    assert match_quantities([quantity(0, 4)], [quantity(4, 8)]).pairs == ()


def test_value_is_compared_as_a_number() -> None:
    assert match_quantities([quantity(0, 4, "29.80")], [quantity(0, 4, "29.8")]).pairs


@pytest.mark.parametrize(
    "other",
    [
        quantity(0, 4, "2"),
        quantity(0, 4, unit="USD"),
        quantity(0, 4, unit=None),
        quantity(0, 4, label="SCORE"),
        quantity(0, 4, None),
    ],
    ids=["value", "unit", "no unit", "label", "no value"],
)
def test_another_value_unit_or_label_is_no_match(other: Quantity) -> None:
    for match in (match_quantities, match_quantities_strict):
        assert match([quantity(0, 4)], [other]).pairs == ()


@pytest.mark.parametrize("label", ["COUNT", "MEASURE"])
def test_count_and_measure_match_with_another_unit(label: QuantityLabel) -> None:
    gold, predicted = quantity(0, 4, unit="家", label=label), quantity(0, 4, unit="个", label=label)
    for match in (match_quantities, match_quantities_strict):
        assert len(match([gold], [predicted]).pairs) == 1


def test_a_duplicate_prediction_is_spurious() -> None:
    matching = match_quantities([quantity(0, 4)], [quantity(0, 4), quantity(0, 4)])
    assert (len(matching.pairs), len(matching.spurious)) == (1, 1)


def test_equal_offsets_are_paired_before_mere_overlap() -> None:
    gold, predicted = [quantity(0, 8), quantity(2, 6)], [quantity(2, 6)]
    assert offsets(match_quantities(gold, predicted)) == [((2, 6), (2, 6))]


def test_equal_offsets_are_given_up_where_that_makes_one_more_pair() -> None:
    # Pairing [3,8) with itself would leave [0,5) and [6,9) alone.
    gold, predicted = [quantity(0, 5), quantity(3, 8)], [quantity(3, 8), quantity(6, 9)]
    assert offsets(match_quantities(gold, predicted)) == [((0, 5), (3, 8)), ((3, 8), (6, 9))]
    assert len(match_quantities_strict(gold, predicted).pairs) == 1


def test_a_span_takes_the_partner_it_shares_most_with() -> None:
    matching = match_quantities([quantity(0, 10)], [quantity(0, 3), quantity(4, 10)])
    assert offsets(matching) == [((0, 10), (4, 10))]


def test_unmatched_records_keep_their_order() -> None:
    gold = [quantity(20, 24, "2"), quantity(0, 4, "3")]
    assert match_quantities(gold, []).missed == tuple(gold)


def test_entities_need_equal_offsets_and_label() -> None:
    gold = [entity(0, 4), entity(5, 9), entity(10, 14)]
    predicted = [entity(0, 4), entity(5, 8), entity(10, 14, "PLACE")]
    matching = match_entities(gold, predicted)
    assert [g.start for g, _ in matching.pairs] == [0]
    assert [e.start for e in matching.missed] == [5, 10]
    assert [e.start for e in matching.spurious] == [5, 10]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (claim(0, 10), True),
        (claim(0, 5), True),  # 5 of 10: exactly one half
        (claim(0, 4), False),  # 4 of 10
        (claim(3, 13), True),  # 7 of 13
        (claim(4, 14), False),  # 6 of 14
        (claim(10, 20), False),
    ],
)
def test_claims_match_from_half_of_the_union(other: Claim, expected: bool) -> None:
    assert covers_half(claim(0, 10), other) is expected
    assert bool(match_claims([claim(0, 10)], [other]).pairs) is expected


def test_claims_of_another_kind_do_not_match() -> None:
    assert match_claims([claim(0, 10)], [claim(0, 10, "output")]).pairs == ()


def test_two_halves_match_one_claim_once() -> None:
    matching = match_claims([claim(0, 10)], [claim(0, 5), claim(5, 10)])
    assert (len(matching.pairs), len(matching.spurious)) == (1, 1)


def test_a_chain_of_claims_is_matched_end_to_end() -> None:
    # Each gold claim fits the predicted one before and after it; only one assignment is complete.
    number = 3000
    gold = [claim(6 * i, 6 * i + 10) for i in range(number)]
    predicted = [claim(6 * i - 3, 6 * i + 7) for i in range(number)]
    assert len(match_claims(gold, predicted).pairs) == number


def _same_places(index: int) -> tuple[int, int, int, int]:
    return 20 * index, 20 * index + 8, 20 * index, 20 * index + 8


def _cut_short(index: int) -> tuple[int, int, int, int]:
    return 20 * index, 20 * index + 8, 20 * index, 20 * index + 7


def _chained(index: int) -> tuple[int, int, int, int]:
    return 10 * index, 10 * index + 8, 10 * index + 5, 10 * index + 13


def _one_value(_: int) -> str:
    return "1"


@pytest.mark.parametrize("value_of", [_one_value, str], ids=["one value", "many values"])
@pytest.mark.parametrize("places", [_same_places, _cut_short, _chained])
def test_time_of_matching_grows_with_the_number_of_quantities(
    places: Callable[[int], tuple[int, int, int, int]],
    value_of: Callable[[int], str],
    assert_linear: AssertLinear,
) -> None:
    def prepare(number: int) -> Callable[[], object]:
        gold = [quantity(*places(i)[:2], value_of(i)) for i in range(number)]
        predicted = [quantity(*places(i)[2:], value_of(i)) for i in range(number)]
        assert len(match_quantities(gold, predicted).pairs) == number
        return lambda: match_quantities(gold, predicted)

    assert_linear(prepare, 2_500)


def test_one_span_over_all_others_costs_nothing_extra(assert_linear: AssertLinear) -> None:
    def prepare(number: int) -> Callable[[], object]:
        gold = [quantity(3 * i, 3 * i + 2) for i in range(number)]
        inner = (quantity(3 * i + 1, 3 * i + 2) for i in range(number))
        predicted = [quantity(0, 3 * number), *inner]
        assert len(match_quantities(gold, predicted).pairs) == number
        return lambda: match_quantities(gold, predicted)

    assert_linear(prepare, 2_500)
