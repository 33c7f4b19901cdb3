"""Small workbooks that a person fills in: written with the package's styles, read back by header."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeAlias
from zipfile import BadZipFile

from jixiao.errors import EvaluationError, OutputError
from jixiao.exports.sheet import Styles
from jixiao.exports.workbook import FONT

Row: TypeAlias = dict[str, Any]

# A workbook says when it was made; the same content must give the same bytes.
_CREATED: Final = datetime.datetime(2000, 1, 1)


@contextmanager
def open_workbook(path: Path, title: str) -> Iterator[tuple[Any, Styles]]:
    """Yield a workbook to add sheets to, and its styles; it is put under ``path`` when complete.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxWriterException

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".", suffix=".tmp", dir=path.parent) as scratch:
            made = Path(scratch) / "sheet.xlsx"
            look = {"font_name": FONT, "font_scheme": False, "font_size": 10, "valign": "top"}
            options = {
                "constant_memory": True,
                "tmpdir": scratch,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
                "default_format_properties": look,
            }
            workbook = xlsxwriter.Workbook(str(made), options)
            workbook.set_properties({"title": title, "author": "jixiao", "created": _CREATED})
            try:
                yield workbook, Styles(workbook)
                workbook.close()
            finally:
                for worksheet in workbook.worksheets():
                    worksheet.row_data_fh.close()
            made.replace(path)
    except (OSError, XlsxWriterException) as error:
        raise OutputError(
            f"cannot write {path}: {error}; is it open in another program, or the disk full?"
        ) from error


def read_sheets(path: Path) -> dict[str, list[Row]]:
    """Return the sheets of a workbook by name: a row is what its cells say by the header above.

    Empty cells and rows are left out; text is stripped.

    Raises
    ------
    EvaluationError
        If the file is missing or is no workbook.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise EvaluationError(
            f"{path} cannot be read as a workbook: {error}; expected the .xlsx file that jixiao wrote"
        ) from error
    try:
        return {sheet.title: list(_rows(sheet.iter_rows(values_only=True))) for sheet in book}
    finally:
        book.close()


def need_columns(path: Path, sheet: str, rows: Sequence[Row], names: Sequence[str]) -> None:
    """Refuse a sheet without a column that is always filled.

    Raises
    ------
    EvaluationError
        If the first row has nothing under one of the names.
    """
    missing = [name for name in names if rows and name not in rows[0]]
    if missing:
        raise EvaluationError(
            f"{path}, sheet {sheet}: there is no column {missing[0]!r}, or its first cell is empty; "
            f"expected the columns {', '.join(names)} as jixiao wrote them; restore the column"
        )


def _rows(lines: Iterator[Any]) -> Iterator[Row]:
    header = [_cell(one) for one in next(lines, ())]
    for line in lines:
        cells = zip(header, map(_cell, line), strict=False)
        row = {str(name): value for name, value in cells if name is not None and value is not None}
        if row:
            yield row


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip() or None
    return value
