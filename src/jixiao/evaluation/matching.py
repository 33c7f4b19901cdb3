"""Which gold record is found by which predicted record, one to one, in one document.

The rules are those of ``ANNOTATION.md``, "Scoring". A matching is always *maximum*: no other
one-to-one assignment under the same rule has more pairs, so a score never depends on the order of
the records, and swapping gold and predicted swaps precision with recall.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias, TypeVar

from jixiao.evaluation.overlap import (
    HasOffsets,
    Matching,
    covers_half,
    overlapping_pairs,
    overlaps,
    shared_length,
)
from jixiao.evaluation.spans import align_spans
from jixiao.records import Claim, Document, Entity, Quantity, Record, SpanRecord

__all__ = [
    "UNIT_IS_A_FIELD",
    "AnnotationLike",
    "DocumentMatching",
    "HasOffsets",
    "Matching",
    "covers_half",
    "label_of",
    "match_claims",
    "match_document",
    "match_entities",
    "match_equal",
    "match_overlapping",
    "match_quantities",
    "match_quantities_strict",
    "overlaps",
    "shared_length",
]

UNIT_IS_A_FIELD: Final = frozenset({"COUNT", "MEASURE"})
"""Labels whose unit is no condition of a match but a field scored on its own."""


class AnnotationLike(Protocol):
    """What can be scored: a document record and its records, in any order."""

    @property
    def document(self) -> Document:
        """The document record."""

    @property
    def records(self) -> Sequence[Record]:
        """All records; those that are not scored are passed over."""


_S = TypeVar("_S", bound=HasOffsets)
_R = TypeVar("_R", Quantity, Entity, Claim)
_Accept: TypeAlias = Callable[[HasOffsets, HasOffsets], bool]


@dataclass(frozen=True, slots=True)
class DocumentMatching:
    """The matchings of one document, and the two annotations they were made from."""

    gold: AnnotationLike
    predicted: AnnotationLike
    quantities: Matching[Quantity]
    quantities_strict: Matching[Quantity]
    entities: Matching[Entity]
    claims: Matching[Claim]
    quantity_spans: Matching[Quantity]
    entity_spans: Matching[Entity]
    claim_spans: Matching[Claim]


def label_of(span: SpanRecord) -> str:
    """Return the label of a quantity or entity, the kind of a claim."""
    return span.kind if isinstance(span, Claim) else span.label


def match_document(gold: AnnotationLike, predicted: AnnotationLike) -> DocumentMatching:
    """Return every matching that the scores of one document are counted from."""
    quantities = _of(gold, Quantity), _of(predicted, Quantity)
    entities = _of(gold, Entity), _of(predicted, Entity)
    claims = _of(gold, Claim), _of(predicted, Claim)
    return DocumentMatching(
        gold,
        predicted,
        match_quantities(*quantities),
        match_quantities_strict(*quantities),
        match_entities(*entities),
        match_claims(*claims),
        align_spans(*quantities, label_of),
        align_spans(*entities, label_of),
        align_spans(*claims, label_of),
    )


def match_quantities(gold: Sequence[Quantity], predicted: Sequence[Quantity]) -> Matching[Quantity]:
    """Return pairs that overlap and have equal label, value and unit.

    For COUNT and MEASURE the unit may differ: it is scored as a field. ``value_high`` is a field
    too. Two malformed values (None) are equal.

    >>> from decimal import Decimal
    >>> def money(start: int, text: str) -> Quantity:
    ...     return Quantity(id="q1", start=start, end=start + len(text), text=text,
    ...                     label="MONEY", value=Decimal(3850800), unit="CNY")
    >>> matching = match_quantities([money(2, "385.08万元")], [money(2, "385.08万")])
    >>> len(matching.pairs)
    1
    """
    return match_overlapping(gold, predicted, _quantity_key, overlaps)


def match_quantities_strict(
    gold: Sequence[Quantity], predicted: Sequence[Quantity]
) -> Matching[Quantity]:
    """Return pairs as :func:`match_quantities` does, with equal offsets besides."""
    return match_equal(gold, predicted, lambda q: (q.start, q.end, *_quantity_key(q)))


def match_entities(gold: Sequence[Entity], predicted: Sequence[Entity]) -> Matching[Entity]:
    """Return pairs with equal offsets and label."""
    return match_equal(gold, predicted, lambda e: (e.start, e.end, e.label))


def match_claims(gold: Sequence[Claim], predicted: Sequence[Claim]) -> Matching[Claim]:
    """Return pairs of the same kind whose intersection is at least half of their union."""
    return match_overlapping(gold, predicted, lambda c: c.kind, covers_half)


def match_equal(
    gold: Sequence[_S], predicted: Sequence[_S], key: Callable[[_S], Hashable]
) -> Matching[_S]:
    """Return pairs with equal keys; among several of one key, the first takes the first."""
    return _matching(gold, predicted, _pairs_of_equals(gold, predicted, key))


def match_overlapping(
    gold: Sequence[_S],
    predicted: Sequence[_S],
    key: Callable[[_S], Hashable],
    accept: _Accept,
) -> Matching[_S]:
    """Return a maximum matching of spans with equal keys that overlap and that ``accept`` allows.

    Spans with equal offsets are paired first, then those that share most; a pair is given up only
    where that makes room for one more. The time is n log n plus the number of overlapping pairs of
    one key, which is about n where the spans of a side do not nest.
    """
    partner_of: dict[int, int] = {}
    predicted_by_key = _indices_by_key(predicted, key)
    for value, gold_indices in _indices_by_key(gold, key).items():
        if predicted_indices := predicted_by_key.get(value):
            inside = _match_group(
                [gold[i] for i in gold_indices], [predicted[i] for i in predicted_indices], accept
            )
            partner_of.update((gold_indices[g], predicted_indices[p]) for g, p in inside.items())
    return _matching(gold, predicted, partner_of)


def _of(annotation: AnnotationLike, kind: type[_R]) -> list[_R]:
    return [record for record in annotation.records if isinstance(record, kind)]


def _quantity_key(quantity: Quantity) -> tuple[Hashable, ...]:
    unit = None if quantity.label in UNIT_IS_A_FIELD else quantity.unit
    return quantity.label, quantity.value, unit


def _indices_by_key(
    spans: Sequence[_S], key: Callable[[_S], Hashable]
) -> dict[Hashable, list[int]]:
    indices: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index, span in enumerate(spans):
        indices[key(span)].append(index)
    return indices


def _matching(
    gold: Sequence[_S], predicted: Sequence[_S], partner_of: dict[int, int]
) -> Matching[_S]:
    found = set(partner_of.values())
    return Matching(
        tuple((gold[g], predicted[partner_of[g]]) for g in sorted(partner_of)),
        tuple(span for index, span in enumerate(gold) if index not in partner_of),
        tuple(span for index, span in enumerate(predicted) if index not in found),
    )


def _pairs_of_equals(
    gold: Sequence[_S], predicted: Sequence[_S], key: Callable[[_S], Hashable]
) -> dict[int, int]:
    waiting = {value: deque(indices) for value, indices in _indices_by_key(predicted, key).items()}
    pairs = {}
    for index, span in enumerate(gold):
        if queue := waiting.get(key(span)):
            pairs[index] = queue.popleft()
    return pairs


def _match_group(gold: Sequence[_S], predicted: Sequence[_S], accept: _Accept) -> dict[int, int]:
    """Match spans of one key: equal offsets first, then augmenting paths for the others."""
    partner_of = _pairs_of_equals(gold, predicted, lambda span: (span.start, span.end))
    if len(partner_of) == min(len(gold), len(predicted)):
        return partner_of
    if len(gold) == len(predicted) == 1:
        return {0: 0} if accept(gold[0], predicted[0]) else {}
    neighbours = _neighbours(gold, predicted, accept)
    search = _AugmentingSearch(neighbours, partner_of)
    for index in sorted(range(len(gold)), key=lambda g: (gold[g].start, gold[g].end, g)):
        if index not in partner_of:
            search.add(index)
    return search.partner_of


def _neighbours(
    gold: Sequence[_S], predicted: Sequence[_S], accept: _Accept
) -> dict[int, list[int]]:
    """Return the predicted spans each gold span may be paired with, most shared text first."""
    neighbours: defaultdict[int, list[int]] = defaultdict(list)
    for g, p in overlapping_pairs(gold, predicted):
        if accept(gold[g], predicted[p]):
            neighbours[g].append(p)
    for g, indices in neighbours.items():
        indices.sort(key=lambda p: (-shared_length(gold[g], predicted[p]), predicted[p].start, p))
    return neighbours


class _AugmentingSearch:
    """A bipartite matching that grows by shortest augmenting paths (Berge 1957)."""

    def __init__(self, neighbours: dict[int, list[int]], partner_of: dict[int, int]) -> None:
        self.neighbours = neighbours
        self.partner_of = partner_of
        self.owner_of = {p: g for g, p in partner_of.items()}
        # What a search without success has reached can never be part of a later success.
        self.exhausted: set[int] = set()

    def add(self, gold: int) -> None:
        """Pair ``gold`` too, where that is possible without leaving a paired span alone."""
        reached_from: dict[int, int] = {}
        queue = deque([gold])
        while queue:
            here = queue.popleft()
            for p in self.neighbours.get(here, ()):
                if p in reached_from or p in self.exhausted:
                    continue
                reached_from[p] = here
                if p not in self.owner_of:
                    self._flip(p, reached_from)
                    return
                queue.append(self.owner_of[p])
        self.exhausted.update(reached_from)

    def _flip(self, last: int, reached_from: dict[int, int]) -> None:
        step: int | None = last
        while step is not None:
            owner = reached_from[step]
            previous = self.partner_of.get(owner)
            self.partner_of[owner], self.owner_of[step] = step, owner
            step = previous
