"""Paragraphs as sequences of terms: what the relations of running text are looked for in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from jixiao.checks.values import Term, term
from jixiao.numbers.find import Found

DEPENDENT: Final = frozenset({"growth", "change", "share", "gap", "rank"})
_SENTENCE: Final = re.compile(r"[。！？\n]")
_SAME: Final = {"名": "人", "位": "人"}


@dataclass(slots=True)
class Slot:
    """A quantity of a paragraph: its term, None where it states no single exact value."""

    item: Found
    term: Term | None
    sentence: int
    place: int


def stream_key(item: Found) -> tuple[str, str] | None:
    """Return what a number may be added with: its label and unit; None for rates and ranks."""
    quantity = item.quantity
    if quantity.label in ("PERCENT", "RATIO", "RANK") or quantity.measure in DEPENDENT:
        return None
    unit = quantity.unit or ""
    return quantity.label, _SAME.get(unit, unit)


@dataclass
class Paragraph:
    """The quantities of one block of running text, in order."""

    text: str
    slots: list[Slot] = field(default_factory=list)

    @cached_property
    def streams(self) -> dict[tuple[str, str], list[int]]:
        """The places of numbers that may be added with each other."""
        found: dict[tuple[str, str], list[int]] = {}
        for place, slot in enumerate(self.slots):
            key = stream_key(slot.item)
            if key is not None:
                found.setdefault(key, []).append(place)
        return found

    def between(self, one: Slot, other: Slot) -> str:
        """Return the text between two numbers of the paragraph."""
        return self.text[one.item.end : other.item.start]


def paragraphs(text: str, items: Sequence[Found]) -> list[Paragraph]:
    """Return the blocks of running text that hold quantities; cells that are a number are none."""
    ends = [found.end() for found in _SENTENCE.finditer(text)]
    return list(_divide(text, items, ends))


def _divide(text: str, items: Sequence[Found], ends: Sequence[int]) -> Iterator[Paragraph]:
    block: object = None
    current: Paragraph | None = None
    for item in items:
        if item.whole_cell:
            continue
        if current is None or item.block is not block:
            if current is not None:
                yield current
            current, block = Paragraph(text), item.block
        current.slots.append(
            Slot(item, term(item), bisect_right(ends, item.start), len(current.slots))
        )
    if current is not None:
        yield current
