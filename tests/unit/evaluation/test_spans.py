"""The four schemes of SemEval-2013 task 9, by hand and against nervaluate."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nervaluate import Evaluator

from jixiao.evaluation.matching import label_of
from jixiao.evaluation.spans import SCHEMES, SpanCounts, align_spans, score_spans
from jixiao.records import Entity, EntityLabel

AssertLinear = Callable[[Callable[[int], Callable[[], object]], int], None]
Span = tuple[int, int, EntityLabel]


def entity(start: int, end: int, label: EntityLabel = "GOV") -> Entity:
    return Entity(id="e", start=start, end=end, text="x" * (end - start), label=label)


def counts(gold: list[Span], predicted: list[Span]) -> dict[str, SpanCounts]:
    sides = [[entity(*one) for one in side] for side in (gold, predicted)]
    return score_spans(align_spans(*sides, label_of), label_of)


def test_each_scheme_forgives_something_else() -> None:
    gold: list[Span] = [(0, 4, "GOV"), (10, 14, "GOV"), (20, 24, "GOV"), (30, 34, "GOV")]
    predicted: list[Span] = [
        (0, 4, "GOV"),  # right
        (10, 14, "PLACE"),  # wrong label
        (20, 23, "GOV"),  # wrong boundary
        (40, 44, "GOV"),  # made up; [30, 34) is missed
    ]
    assert counts(gold, predicted) == {
        "strict": SpanCounts(correct=1, incorrect=2, missed=1, spurious=1),
        "exact": SpanCounts(correct=2, incorrect=1, missed=1, spurious=1),
        "partial": SpanCounts(correct=2, partial=1, missed=1, spurious=1),
        "type": SpanCounts(correct=2, incorrect=1, missed=1, spurious=1),
    }


def test_a_partial_span_is_half_right() -> None:
    found = SpanCounts(correct=2, incorrect=1, partial=2, missed=3, spurious=5)
    assert (found.possible, found.actual) == (8, 10)
    assert (found.precision, found.recall) == (0.3, 0.375)
    assert found.f1 == pytest.approx(2 * 0.3 * 0.375 / 0.675)


def test_nothing_has_no_ratio() -> None:
    assert set(SpanCounts().ratios.values()) == {None}
    assert SpanCounts(spurious=1).ratios == {"precision": 0.0, "recall": None, "f1": 0.0}


def test_equal_offsets_with_the_label_come_before_all_others() -> None:
    assert counts([(0, 4, "GOV"), (0, 4, "PLACE")], [(0, 4, "PLACE")])["strict"].correct == 1


def test_an_equal_label_comes_before_more_text_in_common() -> None:
    gold = [entity(0, 10)]
    predicted = [entity(0, 8, "PLACE"), entity(8, 10)]
    assert [p.start for _, p in align_spans(gold, predicted, label_of).pairs] == [8]


def test_of_equal_ones_the_span_that_shares_most_is_the_partner() -> None:
    aligned = align_spans([entity(0, 10)], [entity(0, 3), entity(3, 10)], label_of)
    assert [p.start for _, p in aligned.pairs] == [3]
    assert [p.start for p in aligned.spurious] == [0]


def test_touching_spans_share_nothing() -> None:
    assert counts([(0, 4, "GOV")], [(4, 8, "GOV")])["partial"] == SpanCounts(missed=1, spurious=1)


def test_an_equal_span_is_not_given_up_for_one_more_pair() -> None:
    # Pairing [3,8) with its equal leaves [0,5) and [6,9) alone, and still is the better alignment.
    found = counts([(0, 5, "GOV"), (3, 8, "GOV")], [(3, 8, "GOV"), (6, 9, "GOV")])
    assert found["strict"] == SpanCounts(correct=1, missed=1, spurious=1)


_LABELS = st.sampled_from(["GOV", "PLACE"])


@st.composite
def one_to_one(draw: st.DrawFn) -> tuple[list[Span], list[Span]]:
    """Spans of which each meets at most one of the other side: there all scorers agree on pairs."""
    gold: list[Span] = []
    predicted: list[Span] = []
    for slot in range(draw(st.integers(1, 8))):
        for side in (gold, predicted):
            if draw(st.booleans()):
                start = 20 * slot + draw(st.integers(0, 4))
                side.append((start, start + draw(st.integers(5, 9)), draw(_LABELS)))
    return gold, predicted


@settings(deadline=None)
@given(one_to_one())
def test_nervaluate_counts_the_same(sides: tuple[list[Span], list[Span]]) -> None:
    gold, predicted = sides
    # nervaluate's ends are inclusive.
    given_spans = [
        [{"start": s, "end": e - 1, "label": label} for s, e, label in side] for side in sides
    ]
    ours_and_theirs = [given_spans[0]], [given_spans[1]]
    theirs = Evaluator(*ours_and_theirs, tags=["GOV", "PLACE"], loader="dict").evaluate()
    ours = counts(gold, predicted)
    for scheme, name in zip(SCHEMES, ("strict", "exact", "partial", "ent_type"), strict=True):
        other = theirs["overall"][name]
        assert ours[scheme] == SpanCounts(
            other.correct, other.incorrect, other.partial, other.missed, other.spurious
        )
        assert (ours[scheme].f1 or 0) == pytest.approx(other.f1)


@pytest.mark.parametrize("step", [6, 12], ids=["chained", "apart"])
def test_time_grows_with_the_number_of_spans(step: int, assert_linear: AssertLinear) -> None:
    def prepare(number: int) -> Callable[[], object]:
        gold = [entity(step * i, step * i + 8) for i in range(number)]
        predicted = [entity(step * i + 3, step * i + 11) for i in range(number)]
        assert len(align_spans(gold, predicted, label_of).pairs) == number
        return lambda: align_spans(gold, predicted, label_of)

    assert_linear(prepare, 1_500)
