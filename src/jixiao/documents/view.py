"""What matchers read: the raw text with its noise folded or removed, and the way back.

The view never changes the raw text. Full-width digits, letters and signs are folded one to one;
carriage returns, byte order marks, zero-width characters, Word bookmarks and printed page numbers
are left out. A monotone map leads from every view position back to the raw offset.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

# One to one, so that folding never moves an offset. Punctuation that separates clauses (，；：。)
# is *not* folded: NFKC would turn the comma of 「500，200人」 into a thousands separator.
_FOLDED_SIGNS: Final = "％％．－＋／＜＞＝＃＊￥＄～｜＆＠"
_SIGNS: Final = "%%.-+/<>=#*¥$~|&@"
_FOLD: Final = {
    **{0xFF10 + i: 0x30 + i for i in range(10)},
    **{0xFF21 + i: 0x41 + i for i in range(26)},
    **{0xFF41 + i: 0x61 + i for i in range(26)},
    **{ord(a): ord(b) for a, b in zip(_FOLDED_SIGNS, _SIGNS, strict=True)},
    **{ord(a): "-" for a in "–—−‐‑﹣"},  # noqa: RUF001
    ord("≦"): "≤",
    ord("≧"): "≥",
    ord("﹪"): "%",
    ord("∼"): "~",
    ord("〜"): "~",
    ord("\u00a0"): " ",
}
_REMOVED: Final = re.compile(
    r"\[bookmark:[^\]\n]{0,80}\]"  # left by Word converters
    r"|[\r\ufeff\u200b-\u200f\u2060\u00ad]"
    r"|^[ \u3000]*[-—–]?[ \u3000]*第[ \u3000]*\d{1,4}[ \u3000]*页"
    r"(?:[ \u3000]*[,，/]?[ \u3000]*共[ \u3000]*\d{1,4}[ \u3000]*页)?[ \u3000]*[-—–]?[ \u3000]*$",
    re.MULTILINE,
)
_SUSPECT: Final = re.compile(r"[\r\ufeff\u200b-\u200f\u2060\u00ad\[页]")


class View:
    """A read-only text for matching, with ``raw_span`` leading back to raw offsets."""

    __slots__ = ("_starts", "_shifts", "text")

    def __init__(self, text: str, starts: list[int], shifts: list[int]) -> None:
        self.text = text
        self._starts = starts
        self._shifts = shifts

    @classmethod
    def of(cls, raw: str) -> View:
        """Return the view of a raw text; an empty text has an empty view."""
        folded = raw.translate(_FOLD)
        if not _SUSPECT.search(folded):
            return cls(folded, [], [])
        pieces: list[str] = []
        starts: list[int] = []
        shifts: list[int] = []
        position = length = 0
        for found in _REMOVED.finditer(folded):
            if found.start() > position:
                starts.append(length)
                shifts.append(position - length)
                pieces.append(folded[position : found.start()])
                length += found.start() - position
            position = found.end()
        starts.append(length)
        shifts.append(position - length)
        pieces.append(folded[position:])
        return cls("".join(pieces), starts, shifts)

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the raw offsets, half-open, of the view span ``[start, end)``.

        An empty span maps to an empty span. What was removed inside the span lies inside the raw
        span; what was removed at its edges lies outside.
        """
        if not self._starts:
            return start, end
        first = self._raw(start)
        return first, self._raw(end - 1) + 1 if end > start else first

    def _raw(self, position: int) -> int:
        return position + self._shifts[bisect_right(self._starts, position) - 1]
