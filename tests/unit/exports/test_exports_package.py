"""The package of a workbook: what xlsxwriter would have written, rows included."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter

from jixiao.exports.package import Package
from jixiao.exports.sheet import Column, Sheet, Styles

COLUMNS = (Column("文件", 10, ""), Column("句子", 20, "", "wrap"), Column("数值", 8, "", "number"))


def _parts(make: Callable[..., Any], path: Path) -> dict[str, bytes]:
    """Return the parts of a workbook of two sheets, the second without rows."""
    scratch = path.parent / path.stem
    scratch.mkdir()
    options = {"constant_memory": True, "tmpdir": str(scratch), "use_zip64": True}
    workbook = make(str(path), options)
    styles = Styles(workbook)
    sheets = [Sheet(workbook, styles, name, COLUMNS) for name in ("甲", "乙")]
    for number in range(200):
        sheets[0].append((f"报告{number}", "全年投入</sheetData>385万元。\0", number))
    for sheet in sheets:
        sheet.finish()
    workbook.close()
    for worksheet in workbook.worksheets():
        worksheet.row_data_fh.close()
    with ZipFile(path) as package:
        return {
            name: package.read(name)
            for name in package.namelist()
            if not name.startswith("docProps/")
        }


def test_every_part_is_as_xlsxwriter_writes_it(tmp_path: Path) -> None:
    plain = _parts(xlsxwriter.Workbook, tmp_path / "plain.xlsx")
    assert _parts(Package, tmp_path / "package.xlsx") == plain
    rows = openpyxl.load_workbook(tmp_path / "package.xlsx")["甲"].iter_rows(values_only=True)
    assert list(rows)[200] == ("报告199", "全年投入</sheetData>385万元。", 199)


def test_a_large_sheet_has_the_large_fields(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jixiao.exports.package._LARGE", 10)
    _parts(Package, tmp_path / "large.xlsx")
    rows = openpyxl.load_workbook(tmp_path / "large.xlsx")["甲"].iter_rows(values_only=True)
    assert len(list(rows)) == 201
