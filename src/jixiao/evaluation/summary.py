"""What both the terminal and the page say of an evaluation: its first rows and its warnings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from jixiao.evaluation.intervals import FEW, Interval, Key
from jixiao.evaluation.scores import ALL

if TYPE_CHECKING:
    from jixiao.evaluation.report import Evaluation

HEADLINE_ROWS: Final = (
    ("Quantities, relaxed", "quantities", ALL),
    ("Quantities, strict", "quantities_strict", ALL),
    ("Indicators, matched", "indicators", "matched"),
    ("Indicators, end to end", "indicators", "end_to_end"),
    ("Entities", "entities", ALL),
    ("Claims", "claims", ALL),
    ("Facts, core", "facts", "core"),
    ("Facts, full", "facts", "full"),
    ("Checks", "checks", ALL),
    ("Checks, with verdict", "checks", "verdict"),
    ("Checks, alarms", "checks", "inconsistent"),
)
_MOST_NAMES: Final = 5


def warnings_of(evaluation: Evaluation) -> Iterator[str]:
    """Yield what a reader of the scores must know of the documents."""
    for documents, meaning in (
        (evaluation.unpredicted, "without prediction (all records count as missed)"),
        (evaluation.ungolded, "without gold (not scored)"),
        (evaluation.unverified, "with no hash or raw text to show that both sides mean one text"),
        *(
            (names, f"whose gold has no {layer} (all predicted count as made up)")
            for layer, names in evaluation.unasked.items()
        ),
    ):
        if documents:
            yield f"{len(documents):,} {meaning}: {_some(documents)}"


def interval_note(intervals: Mapping[Key, Interval]) -> str:
    """Return what the intervals are, and how far they can be trusted.

    >>> interval_note({})
    'No interval: that needs two documents that differ.'
    """
    if not intervals:
        return "No interval: that needs two documents that differ."
    most = max(one.documents for one in intervals.values())
    note = "Intervals: 95 %, bootstrap over documents (BCa)."
    if most < FEW:
        note += f" {most} documents are few: take them for too short, and for these documents only."
    elif any(one.few for one in intervals.values()):
        note += f" *: fewer than {FEW} documents count, the interval is too short."
    return note


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
