"""Where gold and predicted differ, one by one: the list a developer reads after the scores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Literal, TypeAlias, TypeVar

from jixiao.evaluation.matching import DocumentMatching, label_of
from jixiao.evaluation.overlap import Matching
from jixiao.evaluation.places import Places
from jixiao.evaluation.scores import METADATA, scored_fields, stated
from jixiao.records import Claim, Entity, Quantity

Kind: TypeAlias = Literal["missed", "spurious", "field"]
RecordType: TypeAlias = Literal["document", "quantity", "entity", "claim"]
_Span: TypeAlias = Quantity | Entity | Claim
_S = TypeVar("_S", Quantity, Entity, Claim)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One difference between gold and predicted.

    Attributes
    ----------
    kind
        ``missed`` (gold without a partner), ``spurious`` (predicted without one) or ``field`` (a
        matched record, or the document record, with a wrong, missing or spurious field).
    start, end, text
        The place in the raw text: gold's, for ``spurious`` the predicted one; of a document
        record 0, 0 and the empty text.
    label
        Label of a quantity or entity, kind of a claim, empty for a document record.
    field
        Name of the wrong field, None for whole records.
    gold, predicted
        What either side says; None where it says nothing. For a whole quantity its value and
        unit, for another record its label.
    cause
        Why a whole record found no partner: ``absent`` (the other side has nothing there), or what
        differs from the record it shares text with: ``label``, ``value``, ``unit``, ``boundary``
        (of a claim: too little in common), ``taken`` (that record is paired with another).
    other
        The record of the other side that shares text with it: its words and what it says.
    sentence, sentence_start, section
        Where it stands: the sentence and its place in the raw text, None without that text; the
        kind of the section.
    confidence, rule
        Of the predicted record, None for a missed one.
    """

    kind: Kind
    doc_id: str
    record: RecordType
    start: int
    end: int
    text: str
    label: str
    field: str | None
    gold: str | None
    predicted: str | None
    cause: str | None = None
    other: str | None = None
    sentence: str | None = None
    sentence_start: int | None = None
    section: str | None = None
    confidence: float | None = None
    rule: str | None = None

    def to_dict(self) -> dict[str, str | int | float | None]:
        """Return the fields for JSON."""
        return asdict(self)


def find_discrepancies(
    doc_id: str, matching: DocumentMatching, places: Places | None = None
) -> list[Discrepancy]:
    """Return the differences in one document: its metadata, then the records in text order."""
    finder = _Finder(doc_id, places or Places(None, matching.predicted.records))
    found = [
        *finder.wrong_fields(matching.quantities),
        *finder.whole_records("quantity", matching.quantities, matching.quantity_spans),
        *finder.whole_records("entity", matching.entities, matching.entity_spans),
        *finder.whole_records("claim", matching.claims, matching.claim_spans),
    ]
    found.sort(key=lambda one: (one.start, one.end))
    return [*_wrong_metadata(doc_id, matching), *found]


def _wrong_metadata(doc_id: str, matching: DocumentMatching) -> Iterator[Discrepancy]:
    gold, predicted = matching.gold.document, matching.predicted.document
    for name in METADATA:
        ours, theirs = stated(gold, name), stated(predicted, name)
        if ours != theirs:
            shown = _shown(ours), _shown(theirs)
            yield Discrepancy("field", doc_id, "document", 0, 0, "", "", name, *shown)


class _Finder:
    """Finds the differences of one document."""

    def __init__(self, doc_id: str, places: Places) -> None:
        self._doc_id = doc_id
        self._places = places

    def wrong_fields(self, matching: Matching[Quantity]) -> Iterator[Discrepancy]:
        """Yield the fields of matched quantities that differ."""
        for gold, predicted in matching.pairs:
            for name in scored_fields(gold):
                ours, theirs = stated(gold, name), stated(predicted, name)
                if ours != theirs:
                    start, sentence = self._places.sentence(gold, predicted) or (None, None)
                    yield Discrepancy(
                        "field",
                        self._doc_id,
                        "quantity",
                        *_place(gold),
                        name,
                        _shown(ours),
                        _shown(theirs),
                        sentence=sentence,
                        sentence_start=start,
                        section=self._places.section(gold, predicted),
                        confidence=predicted.confidence,
                        rule=predicted.rule,
                    )

    def whole_records(
        self, record: RecordType, matching: Matching[_S], spans: Matching[_S]
    ) -> Iterator[Discrepancy]:
        """Yield the records without a partner, with what the other side has in their place."""
        found_for = {id(gold): predicted for gold, predicted in spans.pairs}
        gold_for = {id(predicted): gold for gold, predicted in spans.pairs}
        for one in matching.missed:
            other = found_for.get(id(one))
            yield self._whole("missed", record, one, other, (_summary(one), None))
        for one in matching.spurious:
            other = gold_for.get(id(one))
            yield self._whole("spurious", record, one, other, (None, _summary(one)))

    def _whole(
        self,
        kind: Kind,
        record: RecordType,
        one: _S,
        other: _S | None,
        said: tuple[str | None, str | None],
    ) -> Discrepancy:
        predicted = one if kind == "spurious" else None
        start, sentence = self._places.sentence(one) or (None, None)
        return Discrepancy(
            kind,
            self._doc_id,
            record,
            *_place(one),
            None,
            *said,
            cause=_cause(one, other),
            other=None if other is None else f"{other.text} · {_detail(other)}",
            sentence=sentence,
            sentence_start=start,
            section=self._places.section(one),
            confidence=predicted.confidence if predicted else None,
            rule=predicted.rule if predicted else None,
        )


def _place(span: _Span) -> tuple[int, int, str, str]:
    return span.start, span.end, span.text, label_of(span)


def _cause(one: _Span, other: _Span | None) -> str:
    if other is None:
        return "absent"
    if label_of(one) != label_of(other):
        return "label"
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        if one.value != other.value:
            return "value"
        return "unit" if one.unit != other.unit else "taken"
    return "boundary" if (one.start, one.end) != (other.start, other.end) else "taken"


def _summary(span: _Span) -> str:
    if isinstance(span, Quantity):
        return " ".join(part for part in (_shown(span.value), span.unit) if part)
    return label_of(span)


def _detail(span: _Span) -> str:
    label = label_of(span)
    return f"{label} {_summary(span)}" if isinstance(span, Quantity) else label


def _shown(value: str | bool | Decimal | None) -> str | None:
    if value is None:
        return None
    return "true" if value is True else str(value)
