r"""What matchers read: the raw text with its noise folded or removed, and the way back.

The view never changes the raw text. Full-width digits, letters and signs are folded one to one, and
every kind of line break to ``\n``; byte order marks, zero-width characters, Word bookmarks and
printed page numbers are left out. A monotone map leads from every view position back to the raw
offset.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
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
    **{ord(a): "-" for a in "–—−‐‑﹣"},
    ord("≦"): "≤",
    ord("≧"): "≥",
    ord("﹪"): "%",
    ord("∼"): "~",
    ord("〜"): "~",
    **{ord(a): " " for a in "\u00a0\u2002\u2003\u2009\u202f"},
    # Line breaks of other systems and of Word; a \r before \n is removed instead.
    **{ord(a): "\n" for a in "\r\x0b\x85\u2028\u2029"},
}
_FOLDABLE: Final = re.compile(f"[{''.join(re.escape(chr(code)) for code in _FOLD)}]+")

_INVISIBLE: Final = re.compile(r"[\x0c\ufeff\u200b-\u200f\u2060\u00ad]+")
_RETURNS: Final = re.compile(r"(?<!\r)\r++(?=\n)")
# Left by Word converters: [bookmark: _GoBack].
_BOOKMARK: Final = re.compile(r"\[bookmark:[^\]\n\r]{0,80}\]")
# A line that is a page number and nothing else: 第 3 页 共 10 页, 第3页/共10页, — 3 —. A lone ``3``
# stays: it may be the second half of a number that was wrapped in its cell.
_BLANKS: Final = r"[ \u3000]*+"
_PAGE_NUMBER: Final = rf"{_BLANKS}[\d０-９]{{1,4}}{_BLANKS}"
_DASH: Final = rf"{_BLANKS}[-—–－]{_BLANKS}"
_PAGE: Final = re.compile(
    rf"{_BLANKS}(?:(?:{_DASH})?第{_PAGE_NUMBER}页(?:{_BLANKS}[,，/／]?{_BLANKS}共{_PAGE_NUMBER}页)?"
    rf"(?:{_DASH})?|{_DASH}{_PAGE_NUMBER}{_DASH}){_BLANKS}\r?(?=\n|\Z)"
)
_PAGE_AFTER_LINE: Final = re.compile(rf"\n(?={_BLANKS}[-—–－第]){_PAGE.pattern}")


class View:
    """A read-only text for matching, with ``raw_span`` leading back to raw offsets."""

    __slots__ = ("_raw_starts", "_shifts", "_starts", "text")

    def __init__(self, text: str, starts: list[int], shifts: list[int]) -> None:
        self.text = text
        self._starts = starts
        self._shifts = shifts
        self._raw_starts = [start + shift for start, shift in zip(starts, shifts, strict=True)]

    @classmethod
    def of(cls, raw: str, hidden: Sequence[tuple[int, int]] = ()) -> View:
        r"""Return the view of a raw text; an empty text has an empty view.

        ``hidden`` are raw spans, half-open, that are left out besides those the text itself tells.

        >>> View.of("增长３２．１％\r\n").text
        '增长32.1%\n'
        """
        pieces: list[str] = []
        starts: list[int] = []
        shifts: list[int] = []
        position = length = 0
        for start, end in _removed(raw, hidden):
            if start > position:
                starts.append(length)
                shifts.append(position - length)
                pieces.append(raw[position:start])
                length += start - position
            position = max(position, end)
        if not position:
            return cls(_folded(raw), starts, shifts)
        starts.append(length)
        shifts.append(position - length)
        pieces.append(raw[position:])
        return cls(_folded("".join(pieces)), starts, shifts)

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the raw offsets, half-open, of the view span ``[start, end)``.

        An empty span maps to an empty span. What was removed inside the span lies inside the raw
        span; what was removed at its edges lies outside.
        """
        if not self._starts:
            return start, end
        first = self._raw(start)
        return first, self._raw(end - 1) + 1 if end > start else first

    def view_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the view offsets, half-open, of the raw span ``[start, end)``.

        What the view leaves out has no width there: a span of nothing else is empty.
        """
        return self._view(start), self._view(end)

    def _view(self, position: int) -> int:
        if not self._starts:
            return position
        piece = bisect_right(self._raw_starts, position) - 1
        if piece < 0:
            return 0
        place = position - self._shifts[piece]
        after = self._starts[piece + 1] if piece + 1 < len(self._starts) else len(self.text)
        return min(place, after)

    def _raw(self, position: int) -> int:
        return position + self._shifts[bisect_right(self._starts, position) - 1]


def _folded(text: str) -> str:
    """Return the text with every character of ``_FOLD`` replaced; few texts hold many of them."""
    return _FOLDABLE.sub(lambda found: found.group().translate(_FOLD), text)


def _removed(raw: str, hidden: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the raw spans that the view leaves out, by start; they may touch or overlap."""
    spans = [*hidden, *(found.span() for found in _INVISIBLE.finditer(raw))]
    if "\r" in raw:
        spans += [found.span() for found in _RETURNS.finditer(raw)]
    if "[bookmark:" in raw:
        spans += [found.span() for found in _BOOKMARK.finditer(raw)]
    pages = [(page.start() + 1, page.end()) for page in _PAGE_AFTER_LINE.finditer(raw)]
    if first := _PAGE.match(raw):
        pages.append(first.span())
    # The line break after a page number goes with it: a blank line would end a table's row.
    spans += [(start, min(end + 1, len(raw))) for start, end in pages]
    spans.sort()
    return spans
