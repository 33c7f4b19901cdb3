"""Offsets of tools that count UTF-16 code units, as JavaScript does, and our code points.

A character outside the Basic Multilingual Plane (an emoji, ``𠮷`` and other rare characters of names)
is one code point and two UTF-16 units. None of the formats here asks for units, but tools written in
JavaScript have put them into their files.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate

_FIRST_ASTRAL = 0x10000


def utf16_offset(text: str, offset: int) -> int:
    """Return a code-point offset in UTF-16 units.

    >>> utf16_offset("𠮷县3家", 2)
    3
    """
    return offset + sum(ord(character) >= _FIRST_ASTRAL for character in text[:offset])


class Utf16Offsets:
    """The code points of a text by their offset in UTF-16 units.

    >>> offsets = Utf16Offsets("𠮷县3家")
    >>> offsets.code_point(3), offsets.code_point(1)
    (2, None)
    """

    def __init__(self, text: str) -> None:
        sizes = (1 + (ord(character) >= _FIRST_ASTRAL) for character in text)
        self._units = list(accumulate(sizes, initial=0))

    def code_point(self, unit: int) -> int | None:
        """Return the code-point offset; None inside a character or outside the text."""
        index = bisect_left(self._units, unit)
        found = index < len(self._units) and self._units[index] == unit
        return index if found else None
