"""Counts and ratios: what was found, missed and made up, of one document or of many added up.

An empty denominator gives None, shown as ``–``: nothing was asked, so nothing was right or wrong.
F1 is ``2·tp / (2·tp + fp + fn)``: None only where neither side has anything, 0 where one side has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import reduce
from statistics import mean
from typing import Final, TypeAlias, TypeVar, get_args

from jixiao.evaluation.checks import CheckMatching, checks_of, match_checks
from jixiao.evaluation.matching import (
    UNIT_IS_A_FIELD,
    AnnotationLike,
    DocumentMatching,
    label_of,
)
from jixiao.evaluation.overlap import HasOffsets, Matching
from jixiao.evaluation.spans import SpanCounts, score_spans
from jixiao.records import CheckKind, ClaimKind, Document, EntityLabel, Quantity, QuantityLabel

ALL: Final = "all"
PLACES: Final = ("prose", "table")
FIELDS: Final = (
    "indicator",
    "unit",
    "value_high",
    "bound",
    "noun",
    "measure",
    "direction",
    "period",
    "region",
    "modality",
    "facet",
    "table",
)
READ_FIELDS: Final = ("label", "value", "value_high", "unit", "bound")
METADATA: Final = ("title", "issuer", "region", "fiscal_year", "report_date")

Ratios: TypeAlias = dict[str, float | None]
Fact: TypeAlias = tuple[Hashable, ...]


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


@dataclass(frozen=True, slots=True)
class Counts:
    """True positives, false positives and false negatives, with the ratios they give.

    >>> counts = Counts(tp=3, fp=1, fn=2)
    >>> counts.precision, counts.recall
    (0.75, 0.6)
    >>> print(Counts().f1)
    None
    """

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def precision(self) -> float | None:
        """The part of the predicted that is right; None where nothing was predicted."""
        return _ratio(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float | None:
        """The part of gold that was found; None where gold has nothing."""
        return _ratio(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None where both sides have nothing."""
        return _ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn)

    @property
    def ratios(self) -> Ratios:
        """All ratios by name."""
        return {"precision": self.precision, "recall": self.recall, "f1": self.f1}

    def fraction(self, ratio: str) -> tuple[float, float]:
        """Return numerator and denominator of a ratio; both add up over documents."""
        gold, predicted = self.tp + self.fn, self.tp + self.fp
        return {
            "precision": (self.tp, predicted),
            "recall": (self.tp, gold),
            "f1": (2 * self.tp, gold + predicted),
        }[ratio]

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    def to_dict(self) -> dict[str, float | None]:
        """Return ratios and counts for JSON."""
        return {**self.ratios, "tp": self.tp, "fp": self.fp, "fn": self.fn}


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How often a field is right where gold has it.

    ``total`` counts what gold has, ``correct`` the equal ones among them, ``spurious`` what was
    predicted where gold has nothing; ``spurious`` is outside ``total``.
    """

    correct: int = 0
    total: int = 0
    spurious: int = 0

    @property
    def accuracy(self) -> float | None:
        """``correct / total``; None where gold never has the field."""
        return _ratio(self.correct, self.total)

    @property
    def ratios(self) -> Ratios:
        """All ratios by name."""
        return {"accuracy": self.accuracy}

    def fraction(self, ratio: str) -> tuple[float, float]:
        """Return numerator and denominator of a ratio; both add up over documents."""
        return {"accuracy": (self.correct, self.total)}[ratio]

    def __add__(self, other: Accuracy) -> Accuracy:
        return Accuracy(
            self.correct + other.correct,
            self.total + other.total,
            self.spurious + other.spurious,
        )

    def to_dict(self) -> dict[str, float | None]:
        """Return ratio and counts for JSON."""
        return {
            "accuracy": self.accuracy,
            "correct": self.correct,
            "total": self.total,
            "spurious": self.spurious,
        }


Tally: TypeAlias = Counts | Accuracy | SpanCounts
_T = TypeVar("_T", Counts, Accuracy, SpanCounts)
_S = TypeVar("_S", bound=HasOffsets)


@dataclass(frozen=True, slots=True)
class Scores:
    """Every tally of one document, or of several added up.

    Each group maps names to tallies; the names are always all there, whatever the documents hold.

    Attributes
    ----------
    quantities, quantities_strict
        ``all``, ``prose`` and ``table`` (by gold's ``table``; a spurious quantity by its own) and
        one name for each label. Strict asks for equal offsets as well.
    quantity_spans, entity_spans, claim_spans
        ``strict``, ``exact``, ``partial`` and ``type`` of SemEval-2013 task 9, see
        :func:`jixiao.evaluation.spans.score_spans`; the type is the label, or the kind of a claim.
    located
        What was read off a number, over quantities that share text with one of gold, whatever
        they say: ``label``, ``value``, ``value_high``, ``unit``, ``bound``.
    fields
        The context fields over matched quantities; ``unit`` over COUNT and MEASURE only, since
        for other labels an equal unit is a condition of the match.
    fields_end_to_end
        ``value`` and the context fields over all quantities: right only where the quantity is
        matched and the field equal; a wrong one is both a false positive and a false negative.
    indicators
        ``matched``: predicted indicators over matched quantities; ``end_to_end``: over all
        quantities, right only where the quantity is matched too. A wrong indicator is both a
        false positive and a false negative; one that gold lacks is a false positive.
    entities, claims
        ``all`` and one name for each label or kind.
    facts
        ``core`` and ``full``, see :func:`core_facts` and :func:`full_facts`.
    checks
        ``all`` and one name for each kind: of one kind and stated value; ``verdict``: with the same
        verdict too; ``inconsistent``: a false positive is a false alarm. Where gold has no check
        nothing was asked.
    metadata
        Fields of the document record, compared as strings.
    """

    quantities: Mapping[str, Counts]
    quantities_strict: Mapping[str, Counts]
    quantity_spans: Mapping[str, SpanCounts]
    entity_spans: Mapping[str, SpanCounts]
    claim_spans: Mapping[str, SpanCounts]
    located: Mapping[str, Accuracy]
    fields: Mapping[str, Accuracy]
    fields_end_to_end: Mapping[str, Counts]
    indicators: Mapping[str, Counts]
    entities: Mapping[str, Counts]
    claims: Mapping[str, Counts]
    facts: Mapping[str, Counts]
    checks: Mapping[str, Counts]
    metadata: Mapping[str, Accuracy]

    def __add__(self, other: Scores) -> Scores:
        return Scores(
            quantities=_added(self.quantities, other.quantities),
            quantities_strict=_added(self.quantities_strict, other.quantities_strict),
            quantity_spans=_added(self.quantity_spans, other.quantity_spans),
            entity_spans=_added(self.entity_spans, other.entity_spans),
            claim_spans=_added(self.claim_spans, other.claim_spans),
            located=_added(self.located, other.located),
            fields=_added(self.fields, other.fields),
            fields_end_to_end=_added(self.fields_end_to_end, other.fields_end_to_end),
            indicators=_added(self.indicators, other.indicators),
            entities=_added(self.entities, other.entities),
            claims=_added(self.claims, other.claims),
            facts=_added(self.facts, other.facts),
            checks=_added(self.checks, other.checks),
            metadata=_added(self.metadata, other.metadata),
        )

    @property
    def groups(self) -> dict[str, Mapping[str, Tally]]:
        """The groups by name, in the order of the class."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def to_dict(self) -> dict[str, dict[str, dict[str, float | None]]]:
        """Return group → name → ratios and counts, for JSON."""
        return {
            group: {name: tally.to_dict() for name, tally in tallies.items()}
            for group, tallies in self.groups.items()
        }


def score_document(matching: DocumentMatching) -> Scores:
    """Return the scores of one document."""
    quantities, strict = matching.quantities, matching.quantities_strict
    labels = get_args(QuantityLabel)
    return Scores(
        quantities=_count_spans(quantities, labels, label_of)
        | _count(quantities, PLACES, place_of),
        quantities_strict=_count_spans(strict, labels, label_of) | _count(strict, PLACES, place_of),
        quantity_spans=score_spans(matching.quantity_spans, label_of),
        entity_spans=score_spans(matching.entity_spans, label_of),
        claim_spans=score_spans(matching.claim_spans, label_of),
        located=score_located(matching.quantity_spans.pairs),
        fields=score_fields(quantities.pairs),
        fields_end_to_end=score_fields_end_to_end(quantities),
        indicators=score_indicators(quantities),
        entities=_count_spans(matching.entities, get_args(EntityLabel), label_of),
        claims=_count_spans(matching.claims, get_args(ClaimKind), label_of),
        facts=score_facts(matching.gold, matching.predicted),
        checks=score_checks(matching.gold, matching.predicted),
        metadata=score_metadata(matching.gold.document, matching.predicted.document),
    )


def add_up(scores: Iterable[Scores]) -> Scores:
    """Return the sum over documents (micro). At least one is needed."""
    return reduce(Scores.__add__, scores)


def mean_ratios(scores: Sequence[Scores]) -> dict[str, dict[str, Ratios]]:
    """Return group → name → ratio → mean over the documents that have the ratio (macro).

    A ratio no document has is None. The means are exact before the last rounding, so that
    repeating the documents changes nothing.
    """
    if not scores:
        return {}
    groups = [one.groups for one in scores]
    return {
        group: {name: _mean([one[group][name].ratios for one in groups]) for name in tallies}
        for group, tallies in groups[0].items()
    }


def score_fields(pairs: Iterable[tuple[Quantity, Quantity]]) -> dict[str, Accuracy]:
    """Return the accuracy of each context field over matched quantities."""
    tally: Counter[tuple[str, str]] = Counter()
    for gold, predicted in pairs:
        for name in scored_fields(gold):
            tally.update(_outcomes(name, stated(gold, name), stated(predicted, name)))
    return {name: _accuracy(tally, name) for name in FIELDS}


def score_located(pairs: Iterable[tuple[Quantity, Quantity]]) -> dict[str, Accuracy]:
    """Return how often what was read off a number is right, over aligned quantities.

    ``pairs`` are those of :func:`jixiao.evaluation.spans.align_spans`, which asks for nothing but
    common text, so that a wrong value is counted and no condition.
    """
    tally: Counter[tuple[str, str]] = Counter()
    for gold, predicted in pairs:
        for name in READ_FIELDS:
            tally.update(_outcomes(name, stated(gold, name), stated(predicted, name)))
    return {name: _accuracy(tally, name) for name in READ_FIELDS}


def score_fields_end_to_end(matching: Matching[Quantity]) -> dict[str, Counts]:
    """Return the counts of each field over all quantities, matched or not."""
    names = ("value", *FIELDS)
    right: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    predicted: Counter[str] = Counter()
    for ours, theirs in matching.pairs:
        told, found = _stated_fields(ours, names), _stated_fields(theirs, names)
        gold.update(list(told))
        predicted.update(list(found))
        right.update(name for name in told if told[name] == found.get(name))
    for one in matching.missed:
        gold.update(list(_stated_fields(one, names)))
    for one in matching.spurious:
        predicted.update(list(_stated_fields(one, names)))
    return {
        name: Counts(right[name], predicted[name] - right[name], gold[name] - right[name])
        for name in names
    }


def score_indicators(matching: Matching[Quantity]) -> dict[str, Counts]:
    """Return the counts of predicted indicators over matched and over all quantities."""
    pairs = matching.pairs
    right = sum(g.indicator is not None and g.indicator == p.indicator for g, p in pairs)
    gold = sum(g.indicator is not None for g, _ in pairs)
    predicted = sum(p.indicator is not None for _, p in pairs)
    all_gold = gold + sum(q.indicator is not None for q in matching.missed)
    all_predicted = predicted + sum(q.indicator is not None for q in matching.spurious)
    return {
        "matched": Counts(right, predicted - right, gold - right),
        "end_to_end": Counts(right, all_predicted - right, all_gold - right),
    }


def score_facts(gold: AnnotationLike, predicted: AnnotationLike) -> dict[str, Counts]:
    """Return the counts over the sets of core and of full facts."""
    return {
        "core": _count_sets(core_facts(gold), core_facts(predicted)),
        "full": _count_sets(full_facts(gold), full_facts(predicted)),
    }


def score_checks(gold: AnnotationLike, predicted: AnnotationLike) -> dict[str, Counts]:
    """Return the counts of checks; all are zero where gold has none."""
    asked = checks_of(gold.records)
    return count_checks(match_checks(asked, checks_of(predicted.records) if asked else []))


def count_checks(matching: CheckMatching) -> dict[str, Counts]:
    """Return the counts of matched checks: by kind, with the verdict, and of the alarms."""
    pairs, missed, spurious = matching.pairs, matching.missed, matching.spurious
    tp = Counter(gold.kind for gold, _ in pairs)
    fp = Counter(check.kind for check in spurious)
    fn = Counter(check.kind for check in missed)
    right = sum(gold.verdict == found.verdict for gold, found in pairs)
    wrong = len(pairs) - right
    counts = {ALL: Counts(len(pairs), len(spurious), len(missed))}
    for kind in get_args(CheckKind):
        counts[kind] = Counts(tp[kind], fp[kind], fn[kind])
    counts["verdict"] = Counts(right, len(spurious) + wrong, len(missed) + wrong)
    alarm = "inconsistent"
    found = [(gold.verdict == alarm, check.verdict == alarm) for gold, check in pairs]
    both = found.count((True, True))
    counts[alarm] = Counts(
        both,
        found.count((False, True)) + sum(check.verdict == alarm for check in spurious),
        found.count((True, False)) + sum(check.verdict == alarm for check in missed),
    )
    return counts


def core_facts(annotation: AnnotationLike) -> set[Fact]:
    """Return the set of (indicator, measure, value) that an annotation states.

    Gold files hold no fact records, so on both sides facts are derived from the quantities: each
    with an indicator, a value and a modality other than ``rule`` states one.
    """
    return {_core(quantity) for quantity in _stating_quantities(annotation)}


def full_facts(annotation: AnnotationLike) -> set[Fact]:
    """Return the set of (indicator, measure, value, period, modality, region) that is stated.

    The region is the quantity's own: None where it is the document's.
    """
    return {
        (*_core(quantity), quantity.period, quantity.modality, quantity.region)
        for quantity in _stating_quantities(annotation)
    }


def score_metadata(gold: Document, predicted: Document) -> dict[str, Accuracy]:
    """Return the accuracy of each scored field of the document record."""
    tally: Counter[tuple[str, str]] = Counter()
    for name in METADATA:
        tally.update(_outcomes(name, stated(gold, name), stated(predicted, name)))
    return {name: _accuracy(tally, name) for name in METADATA}


def scored_fields(gold: Quantity) -> tuple[str, ...]:
    """Return the fields scored for a matched quantity: the unit only where it may differ."""
    if gold.label in UNIT_IS_A_FIELD:
        return FIELDS
    return tuple(name for name in FIELDS if name != "unit")


def stated(record: Quantity | Document, field: str) -> str | bool | Decimal | None:
    """Return the value of a field, None where the record does not have it.

    ``table: false`` says the same as no ``table``.
    """
    value: str | bool | Decimal | None = getattr(record, field)
    return None if value is False else value


def place_of(quantity: Quantity) -> str:
    """Return ``table`` for a number in a table, else ``prose``."""
    return "table" if quantity.table else "prose"


def _stated_fields(quantity: Quantity, names: Iterable[str]) -> dict[str, str | bool | Decimal]:
    told = {name: stated(quantity, name) for name in names}
    return {name: value for name, value in told.items() if value is not None}


def _added(left: Mapping[str, _T], right: Mapping[str, _T]) -> dict[str, _T]:
    return {name: tally + right[name] for name, tally in left.items()}


def _mean(ratios: Sequence[Ratios]) -> Ratios:
    known = {name: [one[name] for one in ratios] for name in ratios[0]}
    return {name: _mean_of_known(values) for name, values in known.items()}


def _mean_of_known(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return mean(known) if known else None


def _count_spans(
    matching: Matching[_S], names: Sequence[str], name_of: Callable[[_S], str]
) -> dict[str, Counts]:
    total = Counts(len(matching.pairs), len(matching.spurious), len(matching.missed))
    return {ALL: total} | _count(matching, names, name_of)


def _count(
    matching: Matching[_S], names: Sequence[str], name_of: Callable[[_S], str]
) -> dict[str, Counts]:
    tp = Counter(name_of(gold) for gold, _ in matching.pairs)
    fp = Counter(map(name_of, matching.spurious))
    fn = Counter(map(name_of, matching.missed))
    return {name: Counts(tp[name], fp[name], fn[name]) for name in names}


def _count_sets(gold: set[Fact], predicted: set[Fact]) -> Counts:
    return Counts(len(gold & predicted), len(predicted - gold), len(gold - predicted))


def _outcomes(
    name: str, gold: str | bool | Decimal | None, predicted: str | bool | Decimal | None
) -> list[tuple[str, str]]:
    if gold is None:
        return [] if predicted is None else [(name, "spurious")]
    return [(name, "total"), (name, "correct")] if gold == predicted else [(name, "total")]


def _accuracy(tally: Counter[tuple[str, str]], name: str) -> Accuracy:
    return Accuracy(tally[name, "correct"], tally[name, "total"], tally[name, "spurious"])


def _stating_quantities(annotation: AnnotationLike) -> list[Quantity]:
    return [
        record
        for record in annotation.records
        if isinstance(record, Quantity)
        and record.indicator is not None
        and record.value is not None
        and record.modality != "rule"
    ]


def _core(quantity: Quantity) -> Fact:
    return quantity.indicator, quantity.measure, quantity.value
