"""A name as found, and the one policy for names that compete."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from jixiao.records import EntityLabel


class Name(NamedTuple):
    """A name in the view: half-open offsets, its label, and the dotted id of what found it."""

    start: int
    end: int
    label: EntityLabel
    rule: str


def word_set(words: str) -> frozenset[str]:
    """Return the words of a string, split at blanks."""
    return frozenset(words.split())


def settle(names: Iterable[Name]) -> list[Name]:
    """Return the names that stand, in text order: none overlaps another, the longest wins.

    Of two equally long the one given first wins, then the one to the left.

    >>> settle([Name(0, 3, "PLACE", "region"), Name(0, 6, "GOV", "head")])
    [Name(start=0, end=6, label='GOV', rule='head')]
    """
    ranked = sorted(names, key=lambda name: name.start - name.end)
    taken = bytearray(max((name.end for name in ranked), default=0))
    kept: list[Name] = []
    for name in ranked:
        if taken.find(1, name.start, name.end) < 0:
            taken[name.start : name.end] = b"\1" * (name.end - name.start)
            kept.append(name)
    return sorted(kept)
