r"""What every reader but that of ``.txt`` makes of a file: its raw text, and what it knows beyond it.

The raw text has the layout of flattened reports: a paragraph and ``\n``; each table cell as ``\t``,
its text and ``\n``; a blank line after a row. A cell that is merged across columns stands once, one
that continues the cell above is empty. Beside it go the places of paragraphs and cells, which
characters matchers shall not see, and what could not be read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

# What would end a line, a cell or a row where the layout does not.
_BREAKS: Final = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINES: Final = re.compile(r"\n(?:[ \t\u3000\u00a0]*\n)+")
_UNWRITABLE: Final = re.compile("[\ud800-\udfff\x00]")


@dataclass(frozen=True, slots=True)
class CellText:
    """A table cell as a reader gives it.

    It covers the grid columns ``column`` to ``column + width - 1``, counted from 0. Cells that
    continue one above are given too, with no text and ``continues`` set.
    """

    text: str
    column: int
    width: int = 1
    continues: bool = False


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell in the raw text: ``start`` and ``end`` are raw offsets of its text, half-open."""

    start: int
    end: int
    column: int
    width: int
    continues: bool


@dataclass(frozen=True, slots=True)
class PlacedParagraph:
    """A paragraph in the raw text, half-open, without its line end.

    ``level`` is that of a heading the file itself marks as one (0 outermost), else None.
    """

    start: int
    end: int
    level: int | None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about a place of the raw text that the user should know: it becomes an issue."""

    code: str
    message: str
    start: int
    end: int


@dataclass(slots=True)
class Rendered:
    """A file as raw text, with what its reader knows of it. All offsets are raw, half-open.

    ``tables`` hold rows of cells. ``hidden`` are the spans that the view leaves out, by start: page
    furniture, and the line breaks of wraps. ``pages`` is where each page begins, empty for formats
    without pages.
    """

    raw: str = ""
    paragraphs: list[PlacedParagraph] = field(default_factory=list)
    tables: list[list[list[PlacedCell]]] = field(default_factory=list)
    hidden: list[tuple[int, int]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)


class Renderer:
    r"""Writes the raw text of a file, in reading order, and keeps count of the places.

    >>> renderer = Renderer()
    >>> renderer.paragraph("收入支出情况", level=0)
    >>> renderer.row([CellText("项目", 0), CellText("金额（万元）", 1)])
    >>> renderer.row([CellText("合计", 0), CellText("656", 1)])
    >>> renderer.finish().raw
    '收入支出情况\n\t项目\n\t金额（万元）\n\n\t合计\n\t656\n\n'
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._rendered = Rendered()
        self._in_table = False
        self._open_line: int | None = None

    @property
    def position(self) -> int:
        """The raw offset of what is written next."""
        return self._length

    def paragraph(self, text: str, *, level: int | None = None) -> None:
        r"""Write a paragraph; a ``\n`` in it is a line break of its own (Shift+Enter in Word).

        Tabs at its edges are left out: a line that begins with one is a table cell. A paragraph
        without text is an empty line.
        """
        self.end_table()
        text = _tidy(text).strip("\t")
        start = self._length
        self._write(text + "\n")
        if text.strip():
            self._rendered.paragraphs.append(PlacedParagraph(start, start + len(text), level))
        self._open_line = None

    def line(self, text: str, *, joins: bool = False, level: int | None = None) -> None:
        """Write a line of a page; ``joins`` tells that it goes on with the paragraph before it.

        The line break in between, and with it any furniture written since, is not in the view.
        """
        text = _tidy(text).strip("\t").replace("\n", " ")
        paragraphs = self._rendered.paragraphs
        if not joins or self._open_line is None or not paragraphs or not text.strip():
            self.paragraph(text, level=level)
            self._open_line = self._length - 1
            return
        self._rendered.hidden.append((self._open_line, self._open_line + 1))
        start = self._length
        self._write(text + "\n")
        before = paragraphs[-1]
        paragraphs[-1] = PlacedParagraph(before.start, start + len(text), before.level)
        self._open_line = self._length - 1

    def furniture(self, text: str) -> None:
        """Write what a page repeats (header, footer, page number, stamp): it is not in the view.

        It may stand between two lines of a paragraph or two rows of a table.
        """
        start = self._length
        self._write(_BLANK_LINES.sub("\n", _tidy(text)).strip("\t\n") + "\n")
        self._rendered.hidden.append((start, self._length))

    def row(
        self, cells: Sequence[CellText], *, wraps: bool = False, furniture: bool = False
    ) -> None:
        """Write a table row; the first opens a table, anything but a row or furniture ends it.

        ``wraps`` tells that the line breaks in the cells only wrap their text. A row that is
        ``furniture`` (headers repeated on the next page) is written but not in the view.
        """
        self._open_line = None
        if not self._in_table and not furniture:
            self._rendered.tables.append([])
            self._in_table = True
        begin = self._length
        row: list[PlacedCell] = []
        for cell in cells:
            self._write("\t")
            text = _BLANK_LINES.sub("\n", _tidy(cell.text)).replace("\t", " ").strip("\n")
            start = self._length
            self._write(text + "\n")
            row.append(
                PlacedCell(start, start + len(text), cell.column, cell.width, cell.continues)
            )
            if wraps and not furniture:
                self._rendered.hidden += [
                    (start + found.start(), start + found.end())
                    for found in re.finditer("\n", text)
                ]
        self._write("\n")
        if furniture:
            self._rendered.hidden.append((begin, self._length))
        elif row:
            self._rendered.tables[-1].append(row)

    def end_table(self) -> None:
        """End the table that is open, so that the next row begins another."""
        self._in_table = False

    def page(self) -> None:
        """Begin a page here."""
        self._rendered.pages.append(self._length)

    def notice(self, code: str, message: str, *, length: int = 0) -> None:
        """Note something about the last ``length`` characters written."""
        place = self._length
        self._rendered.notices.append(Notice(code, message, place - length, place))

    def finish(self) -> Rendered:
        """Return what was written."""
        self._rendered.raw = "".join(self._pieces)
        self._rendered.hidden.sort()
        return self._rendered

    def _write(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)


def _tidy(text: str) -> str:
    r"""Return a text with ``\n`` for every line break and nothing UTF-8 cannot hold."""
    return _BREAKS.sub("\n", _UNWRITABLE.sub("\ufffd", text))
