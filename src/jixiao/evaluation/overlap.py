"""Spans that share text: how much, which pairs do, and who found a partner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Generic, Protocol, TypeVar


class HasOffsets(Protocol):
    """Anything with a place in the text, as half-open code-point offsets."""

    @property
    def start(self) -> int:
        """First code point."""

    @property
    def end(self) -> int:
        """One past the last code point."""


_S = TypeVar("_S", bound=HasOffsets)


@dataclass(frozen=True, slots=True)
class Matching(Generic[_S]):
    """Pairs of (gold, predicted), and what found no partner; each in the order given."""

    pairs: tuple[tuple[_S, _S], ...]
    missed: tuple[_S, ...]
    spurious: tuple[_S, ...]


def shared_length(one: HasOffsets, other: HasOffsets) -> int:
    """Return how many code points two spans have in common; zero where they only touch."""
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def overlaps(one: HasOffsets, other: HasOffsets) -> bool:
    """Return whether two spans have a code point in common."""
    return shared_length(one, other) > 0


def covers_half(one: HasOffsets, other: HasOffsets) -> bool:
    """Return whether the intersection over union of two spans is at least one half."""
    shared = shared_length(one, other)
    union = (one.end - one.start) + (other.end - other.start) - shared
    return shared > 0 and 2 * shared >= union


def overlapping_pairs(
    gold: Sequence[HasOffsets], predicted: Sequence[HasOffsets]
) -> Iterator[tuple[int, int]]:
    """Sweep over the starts: of two overlapping spans the later one starts inside the earlier."""
    starts = sorted(
        (span.start, span.end, side, index)
        for side, spans in enumerate((gold, predicted))
        for index, span in enumerate(spans)
    )
    open_spans: tuple[list[tuple[int, int]], ...] = ([], [])
    for start, end, side, index in starts:
        others = open_spans[1 - side]
        while others and others[0][0] <= start:
            heappop(others)
        for _, other in others:
            yield (index, other) if side == 0 else (other, index)
        heappush(open_spans[side], (end, index))
