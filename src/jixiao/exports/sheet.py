"""A worksheet written row by row, split where the format's limit of rows is reached.

xlsxwriter makes everything but the rows: styles, widths, filters, validation, packaging. The rows
go straight into the file in which its ``constant_memory`` mode collects them, because its own
writer takes some 160 µs for a row of twenty cells and this one 15. What a column does with a value
is settled once, when the sheet is opened, and what it made of the last values is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

from jixiao.exports.cells import column_letters, number_text, text_content
from jixiao.exports.names import REVIEWS, YES

ROW_LIMIT: Final = 1_048_576  # rows of a worksheet: "Excel specifications and limits"
LINE_HEIGHT: Final = 16.5  # points of one line of 微软雅黑 10
MOST_LINES: Final = 5  # a row is no higher; the whole text is in the cell

# Values that come back are those of the same document.
_KEPT: Final = 1_024
_PENDING_ROWS: Final = 64
# Stands for the number of the row in a cell that is kept; no text of a cell holds it.
_ROW: Final = b"\0"

Cell: TypeAlias = str | Decimal | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, its width in half-width characters, and what it means.

    ``kind`` says how cells look: ``text``, ``wrap`` (text over several lines), ``number``
    (thousands apart, with the decimals the value has), ``offset`` (digits only), ``score`` (two
    decimals), ``review`` (empty, a reviewer chooses), ``note`` (empty, a reviewer writes).
    """

    header: str
    width: int
    meaning: str
    kind: Literal["text", "wrap", "number", "offset", "score", "review", "note"] = "text"


# "_ " leaves the width of a space, so that a number does not touch the text to its right.
_INTEGER: Final = "#,##0_ "
_NUMBERS: Final = (_INTEGER, "#,##0.0_ ", "#,##0.00_ ", "#,##0.00####_ ")
_OFFSET: Final = "0_ "
_SCORE: Final = "0.00_ "
_HEADER: Final = {"bold": True, "font_color": "#FFFFFF", "valign": "vcenter", "text_wrap": True}


class Styles:
    """The cell formats of one workbook, made once and shared by every sheet."""

    def __init__(self, workbook: Any) -> None:
        self._add = workbook.add_format
        self._headers = {
            (asked, align): self._add({**_HEADER, "bg_color": colour, "align": align})
            for asked, colour in ((False, "#1F4E79"), (True, "#B45F06"))
            for align in ("left", "center")
        }
        self.wrap = self._add({"text_wrap": True})
        self.offset = self._number(_OFFSET)
        self.score = self._number(_SCORE)
        self.numbers = [self._number(pattern) for pattern in _NUMBERS]
        self.count = self.numbers[0]
        self.conflict = self._add({"bg_color": "#FCE4D6"})
        self.muted = self._add({"font_color": "#808080"})
        colours = ("#C6EFCE", "#FFC7CE", "#FFEB9C")
        self.reviews = [self._add({"bg_color": colour}) for colour in colours]

    def header(self, column: Column) -> Any:
        """Return the style of a header, which says what is asked of a reviewer."""
        asked = column.kind in ("review", "note")
        numeric = column.kind in ("number", "offset", "score")
        return self._headers[asked, "center" if numeric else "left"]

    def _number(self, pattern: str) -> Any:
        return self._add({"num_format": pattern})


class Sheet:
    """A table of one kind of row, on as many worksheets as its rows need.

    Parameters
    ----------
    workbook
        An ``xlsxwriter.Workbook`` in ``constant_memory`` mode.
    flag
        The header of a column whose rows are tinted where it says ``flagged``.
    muted
        The header of a column whose rows are grey where it says anything.
    row_limit
        Rows of a worksheet with its header; further rows go to ``<name> (2)`` and so on.
    """

    def __init__(
        self,
        workbook: Any,
        styles: Styles,
        name: str,
        columns: Sequence[Column],
        *,
        flag: str | None = None,
        flagged: str = YES,
        muted: str | None = None,
        row_limit: int = ROW_LIMIT,
    ) -> None:
        self.name = name
        self.columns = columns
        self.row_count = 0
        self._workbook = workbook
        self._styles = styles
        self._tints = {flag: (f'="{flagged}"', styles.conflict), muted: ('<>""', styles.muted)}
        self._row_limit = row_limit
        self._letters = [column_letters(index) for index in range(len(columns))]
        self._writers = [
            _cell_writer(letters, column, styles)
            for letters, column in zip(self._letters, columns, strict=True)
        ]
        self._pending: list[bytes] = []
        self._wrapped = [
            (index, column.width) for index, column in enumerate(columns) if column.kind == "wrap"
        ]
        self._part_count = 0
        self._open_part()

    @property
    def part_count(self) -> int:
        """On how many worksheets the rows are so far."""
        return self._part_count

    def append(self, values: Sequence[Cell]) -> None:
        """Add a row: one value for each column, None where there is nothing to say."""
        if self._row >= self._row_limit:
            self.finish()
            self._open_part()
        self._row += 1
        self.row_count += 1
        cells = [
            cell
            for write, value in zip(self._writers, values, strict=True)
            if value is not None and (cell := write(value))
        ]
        self._write_row(cells, self._height(values))

    def finish(self) -> None:
        """Give the current worksheet what depends on its last row."""
        self._write_pending()
        last = max(self._row - 1, 1)
        self._worksheet.autofilter(0, 0, last, len(self.columns) - 1)
        self._tint_rows(last)
        for index, column in enumerate(self.columns):
            if column.kind == "review":
                self._offer_reviews(index, last)
        # What xlsxwriter keeps of the rows it writes itself.
        self._worksheet.dim_rowmin = self._worksheet.dim_colmin = 0
        self._worksheet.dim_rowmax = self._row - 1
        self._worksheet.dim_colmax = len(self.columns) - 1

    def _open_part(self) -> None:
        self._part_count += 1
        name = self.name if self._part_count == 1 else f"{self.name} ({self._part_count})"
        worksheet = self._workbook.add_worksheet(name)
        for index, column in enumerate(self.columns):
            worksheet.set_column(index, index, column.width)
        worksheet.set_default_row(LINE_HEIGHT)
        worksheet.freeze_panes(1, 1)
        worksheet.hide_gridlines(0)  # 0: shown on screen and on paper
        worksheet.set_landscape()
        worksheet.set_paper(8)  # A3
        worksheet.fit_to_pages(1, 0)
        worksheet.repeat_rows(0)
        self._worksheet = worksheet
        self._write_header()

    def _write_header(self) -> None:
        self._row = 1
        cells = []
        for letters, column in zip(self._letters, self.columns, strict=True):
            style = _style(self._styles.header(column))
            cells.append(f'<c r="{letters}1"{style}{text_content(column.header)}'.encode())
        self._write_row(cells, 1.5 * LINE_HEIGHT)

    def _write_row(self, cells: list[bytes], height: float) -> None:
        row = b"%d" % self._row
        size = b' ht="%g" customHeight="1"' % height if height != LINE_HEIGHT else b""
        content = b"".join(cells).replace(_ROW, row)
        self._pending.append(b'<row r="%b"%b>%b</row>' % (row, size, content))
        if len(self._pending) >= _PENDING_ROWS:
            self._write_pending()

    def _write_pending(self) -> None:
        # Past the text layer of the file: cells are kept as bytes, most of them encoded long ago.
        self._worksheet.row_data_fh.buffer.write(b"".join(self._pending))
        self._pending.clear()

    def _height(self, values: Sequence[Cell]) -> float:
        lines = 1
        for index, width in self._wrapped:
            text = values[index]
            # At two for each character it cannot need more lines than another column: the usual case.
            if type(text) is str and 2 * len(text) > lines * width:
                lines = max(lines, -(-display_width(text) // width))
        return LINE_HEIGHT * min(lines, MOST_LINES)

    def _tint_rows(self, last: int) -> None:
        for letters, column in zip(self._letters, self.columns, strict=True):
            if column.header in self._tints:
                test, style = self._tints[column.header]
                rule = {"type": "formula", "criteria": f"=${letters}2{test}", "format": style}
                self._worksheet.conditional_format(1, 0, last, len(self.columns) - 1, rule)

    def _offer_reviews(self, column: int, last: int) -> None:
        choice = {"validate": "list", "source": list(REVIEWS)}
        self._worksheet.data_validation(1, column, last, column, choice)
        for review, style in zip(REVIEWS, self._styles.reviews, strict=True):
            rule = {"type": "cell", "criteria": "==", "value": f'"{review}"', "format": style}
            self._worksheet.conditional_format(1, column, last, column, rule)


def display_width(text: str) -> int:
    """Return how many half-width characters wide a text is, a Chinese character being two.

    UTF-8 tells: one byte for each half-width character, three for nearly every full-width one.

    >>> display_width("增长4.3%")
    8
    """
    return (len(text.encode("utf-8", "replace")) + len(text)) // 2


def _style(style: Any) -> str:
    return f' s="{style._get_xf_index()}"'


def _cell_writer(letters: str, column: Column, styles: Styles) -> Callable[[Any], bytes]:
    """Return what turns a value into a cell of ``column``, :data:`_ROW` for the number of its row.

    An empty text gives no cell.
    """
    start = f'<c r="{letters}\0"'
    wrapped = _style(styles.wrap)
    plain = _style({"offset": styles.offset, "score": styles.score}.get(column.kind, styles.count))
    by_decimals = [_style(style) for style in styles.numbers]
    text_start = start + wrapped if column.kind == "wrap" else start

    def text(value: str) -> bytes:
        return f"{text_start}{text_content(value)}".encode() if value else b""

    def number(value: str | Decimal | int | float) -> bytes:
        if isinstance(value, Decimal):
            digits = number_text(value)
            if digits is None:
                return f"{start}/>".encode()
            decimals = len(digits.partition(".")[2])
            return f"{start}{by_decimals[min(decimals, 3)]}><v>{digits}</v></c>".encode()
        return (
            text(value) if isinstance(value, str) else f"{start}{plain}><v>{value}</v></c>".encode()
        )

    return lru_cache(maxsize=_KEPT)(text) if column.kind in ("text", "wrap") else number
