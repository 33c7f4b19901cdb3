"""Workbooks: cells as Excel shows them, forms with merged cells, and what is left out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
import xlsxwriter

from jixiao.documents.readers.excel import read_excel
from jixiao.documents.readers.excel_formats import shown
from jixiao.documents.rendering import Rendered
from jixiao.errors import DocumentError
from jixiao.settings import Settings


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (None, "0.00", ""),
        ("385.08万元", "0.00", "385.08万元"),
        (True, "General", "TRUE"),
        (385, "General", "385"),
        (0.1 + 0.2, "General", "0.3"),
        (1e-7, "General", "0.0000001"),
        (1234567890123, "General", "1234567890123"),
        (0.85599999999999998, "0.00%", "85.60%"),
        (0.98456, "0%", "98%"),
        (1.065, "0.0%", "106.5%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1234567.891, "#,##0", "1,234,568"),
        (0.5, "#,##0.00", "0.50"),
        (0.5, "#.##", ".5"),
        (2.5, "0", "3"),
        (2.675, "0.00", "2.68"),
        (7, "000", "007"),
        (12, "0.##", "12"),
        (-15.2, "0.00", "-15.20"),
        (-0.001, "0.00", "0.00"),
        (-15.2, "#,##0.00_);(#,##0.00)", "(15.20)"),
        (-15.2, "#,##0.00_);[Red](#,##0.00)", "(15.20)"),
        (-15.2, "0.0;-0.0;0", "-15.2"),
        (0, '0.00;-0.00;"-"', "-"),
        (0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        (1234.5, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "1,234.50"),
        (385.08, '0.00"万元"', "385.08万元"),
        (385.08, "0.00\\万", "385.08万"),
        (12345, "0.00,", "12.35"),
        (12.5, "￥#,##0.00", "￥12.50"),
        (12.5, '[$¥-804]#,##0.00', "12.50"),
        (12.5, "[>=100]0;0.00", "12.5"),
        (12.5, "@", "12.5"),
        (0.00001234, "0.00E+00", "0.00001234"),
        (0.5, "# ?/?", "0.5"),
        (float("inf"), "0.00", "Infinity"),
        (1e300, "0.00", "1E+300"),
        (datetime(2021, 12, 31), "yyyy-mm-dd", "2021-12-31"),
        (datetime(2021, 12, 31), 'yyyy"年"m"月"d"日"', "2021年12月31日"),
        (datetime(2021, 3, 5, 9, 7), "yyyy/m/d h:mm", "2021/3/5 9:07"),
        (date(2021, 3, 5), "yy.mm.dd", "21.03.05"),
        (time(9, 7, 5), "hh:mm:ss", "09:07:05"),
        (time(9, 7, 5), "mm:ss", "07:05"),
        (datetime(2021, 3, 5), "General", "2021-03-05T00:00:00"),
    ],
)  # fmt: skip
def test_values_as_excel_shows_them(value: object, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


def workbook(*fill: Callable[[Any, Any], None], names: tuple[str, ...] = ()) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    for number, write in enumerate(fill):
        write(book, book.add_worksheet(names[number] if names else None))
    book.close()
    return file.getvalue()


def read(*fill: Callable[[Any, Any], None], names: tuple[str, ...] = ()) -> Rendered:
    return read_excel(workbook(*fill, names=names), Settings())


def rows(*table: list[object]) -> Callable[[Any, Any], None]:
    def write(_: Any, sheet: Any) -> None:
        for number, row in enumerate(table):
            sheet.write_row(number, 0, row)

    return write


def columns(found: Rendered, table: int = 0) -> list[list[tuple[int, int, bool]]]:
    return [[(c.column, c.width, c.continues) for c in row] for row in found.tables[table]]


def form(book: Any, sheet: Any) -> None:
    sheet.merge_range("B2:F2", "2023年度项目支出绩效自评表")
    sheet.write("B3", "填报单位：某市科技局")
    sheet.write("F3", "单位：万元")
    sheet.write("B4", "项目名称")
    sheet.merge_range("C4:F4", "科技创新专项")
    sheet.merge_range("B5:B6", "资金")
    sheet.write_row("C5", ["预算数", "执行数", "执行率", ""])
    sheet.write("C6", 1234.5, book.add_format({"num_format": "#,##0.00"}))
    sheet.write("D6", 1200, book.add_format({"num_format": "0.00"}))
    sheet.write("E6", 0.972, book.add_format({"num_format": "0.0%"}))
    sheet.merge_range("B7:F7", "一、总体情况。支持企业15家。\n二、问题。")
    sheet.write("B8", "目标")
    sheet.write("C8", "15家\n以上")
    sheet.write("B9", "填表人：某某")


def test_a_form() -> None:
    found = read(form)
    assert found.raw == (
        "2023年度项目支出绩效自评表\n填报单位：某市科技局    单位：万元\n"
        "\t项目名称\n\t科技创新专项\n\n"
        "\t资金\n\t预算数\n\t执行数\n\t执行率\n\t\n\n"
        "\t\n\t1,234.50\n\t1200.00\n\t97.2%\n\t\n\n"
        "一、总体情况。支持企业15家。\n二、问题。\n"
        "\t目标\n\t15家\n以上\n\t\n\t\n\t\n\n填表人：某某\n"
    )
    assert columns(found)[0] == [(0, 1, False), (1, 4, False)]
    assert columns(found)[2][:2] == [(0, 1, True), (1, 1, False)]


def test_sheets_in_order_with_names_that_say_something() -> None:
    one, two = rows(["甲", 1], ["乙", 2]), rows(["丙", 3])
    assert (
        read(one, two, names=("收支表", "Sheet2")).raw
        == "收支表\n\t甲\n\t1\n\n\t乙\n\t2\n\n\t丙\n\t3\n\n"
    )
    assert read(one, names=("收支表",)).raw.startswith("\t甲")


def test_hidden_sheets_rows_and_columns_are_left_out() -> None:
    def hide(_: Any, sheet: Any) -> None:
        rows(["甲", "藏", 1], ["藏", "藏", 9], ["乙", "藏", 2])(_, sheet)
        sheet.set_column(1, 1, None, None, {"hidden": True})
        sheet.set_row(1, None, None, {"hidden": True})

    def hidden_sheet(_: Any, sheet: Any) -> None:
        sheet.write(0, 0, "藏")
        sheet.hide()

    found = read(hide, hidden_sheet)
    assert "藏" not in found.raw
    assert found.raw.replace("\t\n", "") == "\t甲\n\t1\n\n\t乙\n\t2\n\n"


def test_blank_rows_part_tables() -> None:
    found = read(rows(["甲", 1], [], ["乙", 2]))
    assert found.raw == "\t甲\n\t1\n\n\n\t乙\n\t2\n\n"
    assert len(found.tables) == 2


def test_a_merged_cell_over_empty_rows_parts_nothing() -> None:
    def write(_: Any, sheet: Any) -> None:
        sheet.merge_range("A1:A3", "总目标")
        sheet.merge_range("B1:B3", "15家")
        sheet.write("A4", "末")
        sheet.write("B4", 1)

    assert len(read(write).tables) == 1


def test_errors_and_formulas_without_results_are_noticed() -> None:
    def write(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["甲", "乙"])
        sheet.write_formula("A2", "=1/0", None, "#DIV/0!")
        sheet.write("B2", 5)
        sheet.write_formula("A3", "=1+1", None, 2)
        sheet.write_formula("B3", "=1+1", None, "")

    found = read(write)
    assert {notice.code for notice in found.notices} == {"cell_error", "formula_without_value"}
    assert "\t2\n" in found.raw


def test_a_cell_at_the_end_of_the_sheet_takes_no_time() -> None:
    def write(_: Any, sheet: Any) -> None:
        sheet.write(0, 0, "甲")
        sheet.write(1_048_575, 16_383, "末")

    found = read(write)
    assert found.raw == "甲\n\n末\n"


def test_a_damaged_workbook() -> None:
    content = workbook(rows(["甲", 1]))
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as package:
        for info in source.infolist():
            data = source.read(info)
            package.writestr(
                info.filename, data[: len(data) // 2] if "sheet1" in info.filename else data
            )
    with pytest.raises(DocumentError, match="damaged"):
        read_excel(target.getvalue(), Settings())


def test_a_web_page_named_xlsx_is_read() -> None:
    page = "<html><table><tr><td>支出</td><td>12.5</td></tr></table></html>".encode()
    assert read_excel(page, Settings()).raw == "\t支出\n\t12.5\n\n"
