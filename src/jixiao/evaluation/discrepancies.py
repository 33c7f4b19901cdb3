"""Where gold and predicted differ, one by one: the list a developer reads after the scores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from jixiao.evaluation.matching import DocumentMatching, Matching
from jixiao.evaluation.scores import METADATA, scored_fields, stated
from jixiao.records import Claim, Entity, Quantity

Kind: TypeAlias = Literal["missed", "spurious", "field"]
RecordType: TypeAlias = Literal["document", "quantity", "entity", "claim"]
_Span: TypeAlias = Quantity | Entity | Claim


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

    def to_dict(self) -> dict[str, str | int | None]:
        """Return the fields for JSON."""
        return asdict(self)


def find_discrepancies(doc_id: str, matching: DocumentMatching) -> list[Discrepancy]:
    """Return the differences in one document: its metadata, then the records in text order."""
    found = [
        *_wrong_fields(doc_id, matching.quantities),
        *_whole_records(doc_id, "quantity", matching.quantities),
        *_whole_records(doc_id, "entity", matching.entities),
        *_whole_records(doc_id, "claim", matching.claims),
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


def _wrong_fields(doc_id: str, matching: Matching[Quantity]) -> Iterator[Discrepancy]:
    for gold, predicted in matching.pairs:
        place = (gold.start, gold.end, gold.text, gold.label)
        for name in scored_fields(gold):
            ours, theirs = stated(gold, name), stated(predicted, name)
            if ours != theirs:
                shown = _shown(ours), _shown(theirs)
                yield Discrepancy("field", doc_id, "quantity", *place, name, *shown)


def _whole_records(
    doc_id: str,
    record: RecordType,
    matching: Matching[Quantity] | Matching[Entity] | Matching[Claim],
) -> Iterator[Discrepancy]:
    for one in matching.missed:
        place = (one.start, one.end, one.text, _label(one))
        yield Discrepancy("missed", doc_id, record, *place, None, _summary(one), None)
    for one in matching.spurious:
        place = (one.start, one.end, one.text, _label(one))
        yield Discrepancy("spurious", doc_id, record, *place, None, None, _summary(one))


def _label(span: _Span) -> str:
    return span.kind if isinstance(span, Claim) else span.label


def _summary(span: _Span) -> str:
    if isinstance(span, Quantity):
        return " ".join(part for part in (_shown(span.value), span.unit) if part)
    return _label(span)


def _shown(value: str | bool | Decimal | None) -> str | None:
    if value is None:
        return None
    return "true" if value is True else str(value)
