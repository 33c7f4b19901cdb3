"""What stands on a page, in reading order: lines and tables, column by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from jixiao.documents.readers.pdf_aligned import take_aligned
from jixiao.documents.readers.pdf_content import Char, PageContent
from jixiao.documents.readers.pdf_lines import Row, TextLine, build_rows, joined
from jixiao.documents.readers.pdf_tables import Table, take_tables

Item: TypeAlias = TextLine | Table

# Stamps and watermarks have few characters.
_MAX_TURNED: Final = 60
# Large light grey text lies under the text of a page.
_LARGE: Final = 1.6
# Columns of text: so many lines stand side by side with the gap in the middle part (percent) of the
# page, and most are so wide, as a share of the page's width. Labels with their values are shorter.
_MIN_BESIDE: Final = 8
_MIDDLE: Final = (35, 66)
_MIN_WIDTH: Final = 0.25


@dataclass(slots=True)
class Page:
    """A page in reading order.

    ``marks`` is text that does not belong to it: watermarks, stamps. ``notices`` are pairs of code
    and message.
    """

    number: int
    width: float
    height: float
    items: list[Item] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    notices: list[tuple[str, str]] = field(default_factory=list)

    def lines(self) -> Iterator[TextLine]:
        """Yield its lines, those in tables too."""
        for item in self.items:
            if isinstance(item, TextLine):
                yield item
            else:
                yield from (line for row in item.rows for cell in row for line in cell.lines)


def lay_out(content: PageContent, number: int) -> Page:
    """Return a page, the ``number``-th from 1, in reading order."""
    tables, chars, turned = take_tables(content)
    page = Page(number, content.width, content.height)
    page.marks += [text.text for text in turned]
    hidden = sum(len(text.text) for text in turned)
    if hidden > _MAX_TURNED:
        message = f"page {number}: {hidden} characters are turned against the text and left out"
        page.notices.append(("page_text_turned", message))
    chars, watermark = _part_watermark(chars)
    page.marks += [joined(row).text for row in build_rows(watermark)]
    rows = build_rows(chars)
    gutter = _gutter(rows, content.width)
    if gutter is not None:
        page.items = _by_columns(rows, tables, gutter)
        return page
    aligned, rows = take_aligned(rows, content.rules)
    page.items = [*tables, *aligned, *(joined(row) for row in rows)]
    page.items.sort(key=_height)
    return page


def _height(item: Item) -> float:
    return item.top if isinstance(item, Table) else item.base


def _part_watermark(chars: Sequence[Char]) -> tuple[list[Char], list[Char]]:
    """Return the characters of the page and those of a watermark below them."""
    sizes = sorted(char.size for char in chars)
    large = _LARGE * sizes[len(sizes) // 2] if sizes else 0.0
    kept: list[Char] = []
    watermark: list[Char] = []
    for char in chars:
        (watermark if char.faint and char.size >= large else kept).append(char)
    return kept, watermark


def _gutter(rows: Sequence[Row], width: float) -> float | None:
    """Return where the gap between two columns of text is, or None for a page of one column."""
    if len(rows) < _MIN_BESIDE:
        return None
    places = [share / 100 * width for share in range(*_MIDDLE)]
    across = [sum(_is_across(row, place) for row in rows) for place in places]
    best = [place for place, count in zip(places, across, strict=True) if count == min(across)]
    place = best[len(best) // 2]
    pieces = [piece for row in rows for piece in row]
    left = [piece for piece in pieces if piece.right <= place]
    right = [piece for piece in pieces if piece.left >= place]
    beside = _beside(left, right), _beside(right, left)
    return place if all(_is_column(side, width) for side in beside) else None


def _is_across(row: Row, place: float) -> bool:
    return any(piece.left < place < piece.right for piece in row)


def _beside(pieces: Sequence[TextLine], others: Sequence[TextLine]) -> list[TextLine]:
    """Return the pieces that have some of the others beside them, not only above or below."""
    bases = [other.base for other in others]
    first, last = min(bases, default=0.0), max(bases, default=0.0)
    return [piece for piece in pieces if first - piece.size < piece.base < last + piece.size]


def _is_column(pieces: Sequence[TextLine], width: float) -> bool:
    widths = sorted(piece.right - piece.left for piece in pieces)
    return len(pieces) >= _MIN_BESIDE and widths[len(widths) // 2] >= _MIN_WIDTH * width


def _by_columns(rows: Sequence[Row], tables: Sequence[Table], gutter: float) -> list[Item]:
    """Return what stands on a page of two columns: what goes across both parts it."""
    items: list[Item] = []
    left: list[Item] = []
    right: list[Item] = []
    things: list[Row | Table] = [*rows, *tables]
    for thing in sorted(things, key=_start):
        if isinstance(thing, Table):
            parts: list[Item] = [thing]
            across = thing.left < gutter < thing.right
        else:
            across = _is_across(thing, gutter)
            parts = [joined(thing)] if across else _halves(thing, gutter)
        if across:
            items += [*left, *right, *parts]
            left, right = [], []
        else:
            left += [part for part in parts if part.right <= gutter]
            right += [part for part in parts if part.right > gutter]
    return [*items, *left, *right]


def _halves(row: Row, gutter: float) -> list[Item]:
    """Return the lines of the left and the right column that a row holds."""
    sides = (
        [piece for piece in row if piece.right <= gutter],
        [piece for piece in row if piece.left >= gutter],
    )
    return [replace(joined(side), column=number) for number, side in enumerate(sides, 1) if side]


def _start(thing: Row | Table) -> float:
    return thing.top if isinstance(thing, Table) else thing[0].base
