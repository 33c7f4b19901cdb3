"""Spans scored by the four schemes of SemEval-2013 task 9: strict, exact, partial and type.

The schemes are those of Segura-Bedmar, Martínez and Herrero-Zazo (2013), "SemEval-2013 Task 9:
Extraction of Drug-Drug Interactions from Biomedical Texts", section 4.1, after the message
understanding conferences (Chinchor and Sundheim 1993, "MUC-5 Evaluation Metrics"). One alignment of
gold and predicted serves all four, so that their numbers can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, TypeVar, get_args

from jixiao.evaluation.overlap import HasOffsets, Matching, overlapping_pairs, shared_length

if TYPE_CHECKING:
    import numpy as np

Scheme: TypeAlias = Literal["strict", "exact", "partial", "type"]
SCHEMES: Final[tuple[Scheme, ...]] = get_args(Scheme)

_EXACT_INTEGERS: Final = 2**52
"""Sums below it are exact in floating point, which the assignment works in."""

_S = TypeVar("_S", bound=HasOffsets)


@dataclass(frozen=True, slots=True)
class SpanCounts:
    """The counts of one scheme, and the ratios they give.

    With COR, INC, PAR, MIS, SPU the fields in order: possible ``POS = COR + INC + PAR + MIS`` (all
    of gold), actual ``ACT = COR + INC + PAR + SPU`` (all predicted), precision
    ``(COR + ½·PAR) / ACT``, recall ``(COR + ½·PAR) / POS`` (Chinchor and Sundheim 1993).

    >>> counts = SpanCounts(correct=2, partial=1, missed=1)
    >>> counts.precision, counts.recall
    (0.8333333333333334, 0.625)
    """

    correct: int = 0
    incorrect: int = 0
    partial: int = 0
    missed: int = 0
    spurious: int = 0

    @property
    def possible(self) -> int:
        """How many spans gold has."""
        return self.correct + self.incorrect + self.partial + self.missed

    @property
    def actual(self) -> int:
        """How many spans were predicted."""
        return self.correct + self.incorrect + self.partial + self.spurious

    @property
    def credit(self) -> float:
        """What is right: a partial span counts one half."""
        return self.correct + self.partial / 2

    @property
    def precision(self) -> float | None:
        """The part of the predicted that is right; None where nothing was predicted."""
        return self.credit / self.actual if self.actual else None

    @property
    def recall(self) -> float | None:
        """The part of gold that was found; None where gold has nothing."""
        return self.credit / self.possible if self.possible else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean ``2·credit / (ACT + POS)``; None where both sides have nothing."""
        both = self.actual + self.possible
        return 2 * self.credit / both if both else None

    @property
    def ratios(self) -> dict[str, float | None]:
        """All ratios by name."""
        return {"precision": self.precision, "recall": self.recall, "f1": self.f1}

    def fraction(self, ratio: str) -> tuple[float, float]:
        """Return numerator and denominator of a ratio; both add up over documents."""
        return {
            "precision": (self.credit, self.actual),
            "recall": (self.credit, self.possible),
            "f1": (2 * self.credit, self.actual + self.possible),
        }[ratio]

    def __add__(self, other: SpanCounts) -> SpanCounts:
        return SpanCounts(
            self.correct + other.correct,
            self.incorrect + other.incorrect,
            self.partial + other.partial,
            self.missed + other.missed,
            self.spurious + other.spurious,
        )

    def to_dict(self) -> dict[str, float | None]:
        """Return ratios and counts for JSON."""
        return {
            **self.ratios,
            "correct": self.correct,
            "incorrect": self.incorrect,
            "partial": self.partial,
            "missed": self.missed,
            "spurious": self.spurious,
        }


def align_spans(
    gold: Sequence[_S], predicted: Sequence[_S], label_of: Callable[[_S], str]
) -> Matching[_S]:
    """Return the one-to-one alignment of overlapping spans that all schemes are counted from.

    Of all alignments it is one with the most pairs of equal offsets and label; of these with the
    most of equal offsets; of these with the most of equal label; of these with the most pairs; of
    these with the most text in common. The four numbers are therefore the same whatever the order
    of the records and whichever side is called gold.

    >>> from jixiao.records import Entity
    >>> def name(start: int, text: str) -> Entity:
    ...     return Entity(id="e", start=start, end=start + len(text), text=text, label="GOV")
    >>> aligned = align_spans([name(0, "衡阳市科技局")], [name(3, "科技局")], lambda e: e.label)
    >>> [(g.text, p.text) for g, p in aligned.pairs]
    [('衡阳市科技局', '科技局')]
    """
    partner: dict[int, int] = {}
    for ours, theirs in _components(gold, predicted):
        if len(ours) == len(theirs) == 1:
            if shared_length(gold[ours[0]], predicted[theirs[0]]):
                partner[ours[0]] = theirs[0]
        elif ours and theirs:
            inside = _assign([gold[g] for g in ours], [predicted[p] for p in theirs], label_of)
            partner.update((ours[g], theirs[p]) for g, p in inside)
    found = set(partner.values())
    return Matching(
        tuple((gold[g], predicted[partner[g]]) for g in sorted(partner)),
        tuple(span for index, span in enumerate(gold) if index not in partner),
        tuple(span for index, span in enumerate(predicted) if index not in found),
    )


def score_spans(matching: Matching[_S], label_of: Callable[[_S], str]) -> dict[str, SpanCounts]:
    """Return the counts of each scheme from an alignment made by :func:`align_spans`.

    ``strict``: equal offsets and label are correct. ``exact``: equal offsets are, whatever the
    label. ``partial``: as exact, and an overlap is half right. ``type``: an overlap with an equal
    label is right.
    """
    missed, spurious, pairs = len(matching.missed), len(matching.spurious), len(matching.pairs)
    exact = sum((g.start, g.end) == (p.start, p.end) for g, p in matching.pairs)
    same = sum(label_of(g) == label_of(p) for g, p in matching.pairs)
    strict = sum(
        (g.start, g.end, label_of(g)) == (p.start, p.end, label_of(p)) for g, p in matching.pairs
    )
    return {
        "strict": SpanCounts(strict, pairs - strict, 0, missed, spurious),
        "exact": SpanCounts(exact, pairs - exact, 0, missed, spurious),
        "partial": SpanCounts(exact, 0, pairs - exact, missed, spurious),
        "type": SpanCounts(same, pairs - same, 0, missed, spurious),
    }


def _components(
    gold: Sequence[HasOffsets], predicted: Sequence[HasOffsets]
) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the indexes of the spans of stretches of text that no span leaves."""
    spans = sorted(
        (span.start, span.end, side, index)
        for side, spans in enumerate((gold, predicted))
        for index, span in enumerate(spans)
    )
    sides: tuple[list[int], list[int]] = ([], [])
    reach = 0
    for start, end, side, index in spans:
        if start >= reach and (sides[0] or sides[1]):
            yield sides
            sides = ([], [])
        sides[side].append(index)
        reach = max(reach, end)
    yield sides


def _assign(
    gold: Sequence[_S], predicted: Sequence[_S], label_of: Callable[[_S], str]
) -> list[tuple[int, int]]:
    """Return the pairs of the assignment that weighs most, by scipy.

    Every gold span may also take a place of its own that weighs one, which stands for no partner.
    """
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    pairs = sorted(overlapping_pairs(gold, predicted))
    if not pairs:
        return []
    weights = _weights([(gold[g], predicted[p]) for g, p in pairs], label_of, len(gold))
    alone = np.arange(len(gold))
    rows = np.concatenate([[g for g, _ in pairs], alone])
    columns = np.concatenate([[p for _, p in pairs], alone + len(predicted)])
    shape = (len(gold), len(predicted) + len(gold))
    values = np.concatenate([weights + 1, np.ones(len(gold))])
    graph = csr_array((values, (rows, columns)), shape=shape)
    chosen, partners = min_weight_full_bipartite_matching(graph, maximize=True)
    found = zip(chosen.tolist(), partners.tolist(), strict=True)
    return sorted((g, p) for g, p in found if p < len(predicted))


def _weights(
    pairs: Sequence[tuple[_S, _S]], label_of: Callable[[_S], str], most: int
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return what each pair weighs: each kind of equality outweighs all that come after it."""
    import numpy as np

    base = most + 1
    shared = [shared_length(g, p) for g, p in pairs]
    scale = sum(shared) + 1
    if scale * base**4 >= _EXACT_INTEGERS:
        shared, scale = [0] * len(pairs), 1
    weights = []
    for (g, p), common in zip(pairs, shared, strict=True):
        exact = (g.start, g.end) == (p.start, p.end)
        same = label_of(g) == label_of(p)
        rank = (exact and same) * base**3 + exact * base**2 + same * base + 1
        weights.append(rank * scale + common)
    return np.array(weights, dtype=np.float64)
