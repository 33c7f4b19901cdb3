"""Excel workbooks (.xlsx, .xlsm) to raw text: visible sheets, cells as Excel shows them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from jixiao.documents.readers.excel_formats import shown
from jixiao.documents.readers.guard import check_package, expect
from jixiao.documents.rendering import CellText, Rendered, Renderer
from jixiao.errors import DocumentError
from jixiao.settings import Settings

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_MAIN: Final = "xl/workbook.xml"
_UNNAMED: Final = re.compile(r"(?:Sheet|工作表|表|Table|Chart)[ ]?\d*", re.IGNORECASE)
# A form's own caption: 填报单位：某局, 单位：万元, 附件2, 2021年12月31日.
_CAPTION: Final = re.compile(
    r".*[：:].*|[（(][^（）()]*[）)]|附[件表].{0,4}|(?:19|20)\d\d年.{0,8}", re.DOTALL
)
# A formula that was saved without its result, as programs do that only write.
_UNCOMPUTED: Final = re.compile(rb"</f>(?:<v\s*/>|<v></v>)?</c>|<f[^>]*/>(?:<v\s*/>|<v></v>)?</c>")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_BETWEEN: Final = "    "
_MOST_WIDTH: Final = 1000
_MOST_CELLS: Final = 3_000_000


def read_excel(content: bytes, settings: Settings) -> Rendered:
    """Return the visible sheets of a workbook in order.

    A stretch of rows without a blank one is a table; rows of one text above and below it, sentences
    and captions (``填报单位：某局``) are paragraphs. Numbers, percentages and dates are written as
    Excel shows them. Comments, text boxes, hidden sheets, rows and columns are left out. A formula
    without its result and an error value are empty, and a notice says so.

    Raises
    ------
    DocumentError
        If the file is encrypted, damaged, too large, or no workbook.
    """
    if expect(content, ".xlsx", "zip", "ole", "html") != "zip":
        return _read_other(content, settings)
    check_package(content, ".xlsx", _MAIN)
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
    except Exception as error:  # openpyxl lets out whatever its parts raise on a damaged file
        raise DocumentError(
            f"the .xlsx file is damaged ({type(error).__name__}: {error}); open it in Excel or WPS, "
            "save it anew and try again"
        ) from error
    renderer = Renderer()
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in sheets:
        if len(sheets) > 1 and not _UNNAMED.fullmatch(sheet.title):
            renderer.paragraph(sheet.title)
        _Sheet(sheet, renderer).write()
    if missing := _uncomputed(content):
        renderer.notice(
            "formula_without_value",
            f"{missing} formulas were saved without their results and are empty here; open the "
            "workbook in Excel or WPS and save it",
        )
    return renderer.finish()


def _read_other(content: bytes, settings: Settings) -> Rendered:
    """Read what is named .xlsx and is an old workbook or a web page."""
    if content.lstrip()[:1] == b"<" or content.startswith(b"\xef\xbb\xbf"):
        from jixiao.documents.readers.html import read_html

        return read_html(content, settings)
    from jixiao.documents.readers.office import read_old_excel

    return read_old_excel(content, settings)


def _uncomputed(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = [name for name in package.namelist() if name.startswith("xl/worksheets/")]
        return sum(len(_UNCOMPUTED.findall(package.read(name))) for name in names)


@dataclass(slots=True)
class _Row:
    """A row of a region: its cells, and how many of them hold text."""

    cells: list[CellText]
    filled: list[CellText]


class _Sheet:
    """A sheet: its filled cells by row and column, and what merged cells cover."""

    def __init__(self, sheet: Worksheet, renderer: Renderer) -> None:
        self._renderer = renderer
        self._texts: dict[int, dict[int, str]] = {}
        self._errors = 0
        self._hidden_rows = {n for n, row in sheet.row_dimensions.items() if row.hidden}
        hidden_columns = _hidden_columns(sheet)
        # Only cells that are there: the used range of a sheet may span a million empty rows.
        cells: dict[tuple[int, int], Any] = sheet._cells
        if len(cells) > _MOST_CELLS:
            raise DocumentError(
                f"the sheet {sheet.title!r} has {len(cells):,} cells; at most {_MOST_CELLS:,} are "
                "read: it is no report"
            )
        for (row, column), cell in cells.items():
            if cell.value is None or row in self._hidden_rows or column in hidden_columns:
                continue
            if text := self._text(cell):
                self._texts.setdefault(row, {})[column] = text
        self._merged = self._read_merged(sheet)

    def _text(self, cell: Any) -> str:
        if cell.data_type == "e":
            self._errors += 1
            return ""
        return shown(cell.value, cell.number_format or "General").strip()

    def _read_merged(self, sheet: Worksheet) -> dict[tuple[int, int], tuple[int, int, int]]:
        """Return, for each cell that a merged range covers, its first column, width and top row."""
        merged: dict[tuple[int, int], tuple[int, int, int]] = {}
        for area in sheet.merged_cells.ranges:
            width = min(area.max_col - area.min_col + 1, _MOST_WIDTH)
            rows = range(area.min_row, min(area.max_row, area.min_row + _MOST_WIDTH) + 1)
            if width * len(rows) + len(merged) > _MOST_CELLS:
                break
            for row in rows:
                for column in range(area.min_col, area.min_col + width):
                    merged[row, column] = (area.min_col, width, area.min_row)
        return merged

    def write(self) -> None:
        """Write the sheet's regions, a blank line between them."""
        for number, region in enumerate(self._regions()):
            if number:
                self._renderer.paragraph("")
            self._write_region(region)
        self._renderer.end_table()
        if self._errors:
            self._renderer.notice(
                "cell_error", f"{self._errors} cells hold an error (#REF! …) and are empty here"
            )

    def _regions(self) -> Iterator[list[_Row]]:
        """Yield the runs of rows without a blank one between them."""
        run: list[int] = []
        for row in sorted(self._texts):
            if run and not self._follows(run[-1], row):
                yield self._rows(run)
                run = []
            run.append(row)
        if run:
            yield self._rows(run)

    def _follows(self, above: int, row: int) -> bool:
        """Tell whether a row comes right after another: hidden rows and merged cells may lie between."""
        return all(
            between in self._hidden_rows
            or any((between, column) in self._merged for column in self._texts[above])
            for between in range(above + 1, min(row, above + _MOST_WIDTH))
        )

    def _rows(self, numbers: Sequence[int]) -> list[_Row]:
        columns = [column for number in numbers for column in self._texts[number]]
        first, last = min(columns), max(columns)
        if last - first > _MOST_WIDTH:
            last = first + _MOST_WIDTH
        return [self._row(number, first, last) for number in numbers]

    def _row(self, number: int, first: int, last: int) -> _Row:
        cells: list[CellText] = []
        column = first
        while column <= last:
            start, width, top = self._merged.get((number, column), (column, 1, number))
            text = self._texts[number].get(column, "") if top == number else ""
            width = min(start + width, last + 1) - column
            cells.append(CellText(text, column - first, width, continues=top != number))
            column += width
        return _Row(cells, [cell for cell in cells if cell.text])

    def _write_region(self, rows: Sequence[_Row]) -> None:
        body = [number for number, row in enumerate(rows) if _is_body(row)]
        for number, row in enumerate(rows):
            outside = not body or number < body[0] or number > body[-1]
            if (outside and not any(cell.continues for cell in row.cells)) or _is_prose(row):
                text = _BETWEEN.join(cell.text for cell in row.filled)
                for line in text.split("\n"):
                    self._renderer.paragraph(line.strip())
            else:
                self._renderer.row(row.cells)


def _is_body(row: _Row) -> bool:
    """Tell a row of a table from a title, a note or captions beside each other."""
    if any(cell.continues for cell in row.cells) or not _HAN.search(row.filled[0].text):
        return True
    return len(row.filled) > 1 and not all(_CAPTION.fullmatch(cell.text) for cell in row.filled)


def _is_prose(row: _Row) -> bool:
    """Tell a sentence that fills its row."""
    return len(row.cells) == 1 and "。" in row.cells[0].text


def _hidden_columns(sheet: Worksheet) -> set[int]:
    hidden: set[int] = set()
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden and dimension.min and dimension.max:
            hidden.update(range(dimension.min, min(dimension.max, dimension.min + 16384) + 1))
    return hidden
