"""What became of each record: found, missed or made up, and where. Breakdowns are counted from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from jixiao.evaluation.matching import DocumentMatching, label_of
from jixiao.evaluation.overlap import Matching
from jixiao.evaluation.places import Places
from jixiao.evaluation.scores import Counts, place_of
from jixiao.records import Claim, Entity, Quantity

Layer: TypeAlias = Literal["quantities", "indicators", "entities", "claims"]
Status: TypeAlias = Literal["found", "missed", "spurious"]
By: TypeAlias = Literal["label", "section", "place", "document"]

LAYERS: Final[tuple[Layer, ...]] = get_args(Layer)
BREAKDOWNS: Final[tuple[By, ...]] = get_args(By)


class Outcome(NamedTuple):
    """What became of one record of gold, of one predicted, or of both where they match.

    Attributes
    ----------
    label
        Label, kind of a claim, or indicator; gold's where both sides have one.
    section
        The kind of the section (:data:`jixiao.documents.sections.SectionKind`), or ``unknown``.
    place
        ``table`` or ``prose``; of names and claims ``prose`` always, since they have no such field.
    confidence
        That of the predicted record; None for a missed one.
    """

    layer: Layer
    doc_id: str
    status: Status
    label: str
    section: str
    place: str
    confidence: float | None


def find_outcomes(doc_id: str, matching: DocumentMatching, places: Places) -> list[Outcome]:
    """Return the outcomes of one document, layer by layer."""
    return [
        *_of_spans("quantities", doc_id, matching.quantities, places),
        *_of_indicators(doc_id, matching.quantities, places),
        *_of_spans("entities", doc_id, matching.entities, places),
        *_of_spans("claims", doc_id, matching.claims, places),
    ]


def break_down(outcomes: Iterable[Outcome], layer: Layer, by: By) -> dict[str, Counts]:
    """Return the counts of a layer by label, section, place or document, most of gold first.

    The counts of all parts add up to those of the layer.

    >>> rows = [Outcome("claims", "a", "found", "growth", "money", "prose", 0.9),
    ...         Outcome("claims", "a", "missed", "output", "money", "prose", None)]
    >>> break_down(rows, "claims", "section")
    {'money': Counts(tp=1, fp=0, fn=1)}
    """
    field = "doc_id" if by == "document" else by
    tally = Counter((getattr(one, field), one.status) for one in outcomes if one.layer == layer)
    counts = {
        name: Counts(tally[name, "found"], tally[name, "spurious"], tally[name, "missed"])
        for name in dict.fromkeys(name for name, _ in tally)
    }
    return dict(sorted(counts.items(), key=lambda item: (-item[1].tp - item[1].fn, item[0])))


def _of_spans(
    layer: Layer,
    doc_id: str,
    matching: Matching[Quantity] | Matching[Entity] | Matching[Claim],
    places: Places,
) -> Iterator[Outcome]:
    for gold, found in matching.pairs:
        section = places.section(gold, found)
        yield Outcome(
            layer, doc_id, "found", label_of(gold), section, _place(gold), found.confidence
        )
    for one in matching.missed:
        section = places.section(one)
        yield Outcome(layer, doc_id, "missed", label_of(one), section, _place(one), None)
    for one in matching.spurious:
        section = places.section(one)
        yield Outcome(
            layer, doc_id, "spurious", label_of(one), section, _place(one), one.confidence
        )


def _of_indicators(doc_id: str, matching: Matching[Quantity], places: Places) -> Iterator[Outcome]:
    """Yield the outcomes of indicators end to end: a wrong one is missed and spurious."""
    for gold, found in matching.pairs:
        right = gold.indicator == found.indicator
        section = places.section(gold, found)
        if gold.indicator is not None:
            status: Status = "found" if right else "missed"
            confidence = found.confidence if right else None
            yield Outcome(
                "indicators", doc_id, status, gold.indicator, section, _place(gold), confidence
            )
        if found.indicator is not None and not right:
            place, confidence = _place(found), found.confidence
            yield Outcome(
                "indicators", doc_id, "spurious", found.indicator, section, place, confidence
            )
    for status, quantities in (("missed", matching.missed), ("spurious", matching.spurious)):
        for one in quantities:
            if one.indicator is not None:
                section, place = places.section(one), _place(one)
                yield Outcome(
                    "indicators", doc_id, status, one.indicator, section, place, one.confidence
                )


def _place(record: Quantity | Entity | Claim) -> str:
    return place_of(record) if isinstance(record, Quantity) else "prose"
