"""The workbook, read back by another library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from jixiao.annotation import Annotation
from jixiao.errors import OutputError, SettingsError
from jixiao.exports.claims import CLAIM_COLUMNS
from jixiao.exports.entities import ENTITY_COLUMNS
from jixiao.exports.rows import (
    DOCUMENT_COLUMNS,
    FACT_COLUMNS,
    ISSUE_COLUMNS,
    LEGEND_COLUMNS,
    QUANTITY_COLUMNS,
    quoted,
)
from jixiao.exports.sheet import LINE_HEIGHT, MOST_LINES, Column, display_width
from jixiao.exports.workbook import WorkbookWriter
from jixiao.records import Candidate, Document, Fact, Issue, Quantity, Record

SHEETS = ["事实", "成果", "核对", "数量", "实体", "文件", "问题", "说明"]
NAMES = {"special_fund_total": "专项资金安排总额", "high_tech_enterprises": "高新技术企业数"}
TEXT = "一、资金\n　　全年安排专项资金385.08万元，\n高新技术企业达600余家。\n"


def _quantity(text: str, number: int = 1, **fields: Any) -> Quantity:
    start = TEXT.index(text)
    given = {"sentence": (5, TEXT.index("。") + 1), "section": ["一、资金", "（一）安排"]}
    return Quantity(
        id=f"q{number}", start=start, end=start + len(text), text=text, **(given | fields)
    )


MONEY = _quantity(
    "385.08万元",
    label="MONEY",
    value=Decimal("3850800"),
    unit="CNY",
    bound="=",
    subject="专项资金",
    indicator="special_fund_total",
    measure="level",
    period="2021",
    modality="actual",
    confidence=0.9,
    rule="money.unit",
    key="0123456789ab",
    candidates=[Candidate("special_fund_total", 0.91), Candidate("other", 0.2)],
)
COUNT = _quantity(
    "600余家",
    2,
    label="COUNT",
    value=Decimal(600),
    unit="家",
    bound=">",
    noun="高新技术企业",
)


def _fact(number: int = 1, **fields: Any) -> Fact:
    given: dict[str, Any] = {
        "document": "a",
        "issuer": "衡阳市科学技术局",
        "region": "衡阳市",
        "region_code": "430400",
        "indicator": "special_fund_total",
        "indicator_zh": "专项资金安排总额",
        "label": "MONEY",
        "measure": "level",
        "period": "2021",
        "modality": "actual",
        "value": Decimal("3850800"),
        "unit": "CNY",
        "bound": "=",
        "quantities": ["q1", "q3"],
        "conflict": False,
        "confidence": 0.875,
    }
    return Fact(id=f"f{number}", **(given | fields))


def _annotation(*records: Record, text: str = TEXT) -> Annotation:
    document = Document(
        doc_id="a", title="绩效报告", region="衡阳市", fiscal_year="2021", source="a.txt"
    )
    return Annotation(document, text, [document, *records])


def _write(path: Path, *annotations: Annotation, **options: Any) -> Any:
    with WorkbookWriter(path, NAMES, **{"every_quantity": True} | options) as writer:
        for annotation in annotations:
            writer.add(annotation)
    return openpyxl.load_workbook(path)


def _rows(sheet: Any) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a sheet by header, empty cells left out."""
    header, *rows = sheet.iter_rows(values_only=True)
    return [
        {name: value for name, value in zip(header, row, strict=True) if value is not None}
        for row in rows
    ]


def test_a_fact_is_a_row(tmp_path: Path) -> None:
    book = _write(tmp_path / "facts.xlsx", _annotation(MONEY, _fact()))
    assert _rows(book["事实"]) == [
        {
            "文件": "a",
            "发布单位": "衡阳市科学技术局",
            "地区": "衡阳市",
            "地区代码": "430400",
            "指标": "专项资金安排总额",
            "指标id": "special_fund_total",
            "度量": "存量/水平",
            "期间": "2021",
            "性质": "实际",
            "数值": 385.08,
            "单位": "万元",
            "原值": "3850800",
            "界限": "等于",
            "原文": "385.08万元",
            "句子": "全年安排专项资金385.08万元， 高新技术企业达600余家。",
            "章节": "一、资金 › （一）安排",
            "起": MONEY.start,
            "止": MONEY.end,
            "提及次数": 2,
            "置信度": 0.875,
            "事实id": "f1",
            "key": "0123456789ab",
        }
    ]


def test_a_quantity_is_a_row_with_or_without_an_indicator(tmp_path: Path) -> None:
    book = _write(tmp_path / "facts.xlsx", _annotation(MONEY, COUNT))
    money, count = _rows(book["数量"])
    assert money["候选指标"] == "专项资金安排总额 0.91；other 0.20"
    assert (money["类别"], money["指标"], money["规则"]) == (
        "金额",
        NAMES[MONEY.indicator or ""],
        "money.unit",
    )
    assert (count["数值"], count["单位"], count["界限"], count["名词"]) == (
        600,
        "家",
        "超过",
        "高新技术企业",
    )
    assert count["地区"] == "衡阳市"
    assert "指标" not in count


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"value": Decimal(120), "unit": "CNY"}, (0.012, None, "万元", "120")),
        ({"value": Decimal("123456789"), "unit": "CNY"}, (12345.6789, None, "万元", "123456789")),
        ({"value": Decimal("29.8"), "unit": "%"}, (29.8, None, "%", "29.8")),
        ({"value": Decimal(10), "value_high": Decimal(20), "unit": "家"}, (10, 20, "家", "10~20")),
        ({"value": Decimal("-1.5"), "unit": "pp"}, (-1.5, None, "百分点", "-1.5")),
        ({"value": None, "unit": "CNY"}, (None, None, "万元", None)),
        ({"value": Decimal("9" * 400), "unit": "个"}, (None, None, "个", "9" * 400)),
    ],
)  # fmt: skip
def test_values_are_shown_in_their_unit(
    tmp_path: Path, fields: dict[str, Any], shown: tuple[Any, ...]
) -> None:
    book = _write(tmp_path / "facts.xlsx", _annotation(MONEY, _fact(**fields)))
    (row,) = _rows(book["事实"])
    assert (row.get("数值"), row.get("上限"), row.get("单位"), row.get("原值")) == shown


@pytest.mark.parametrize(
    ("value", "pattern"),
    [
        ("6000000", "#,##0_ "),
        ("29.8", "#,##0.0_ "),
        ("29.85", "#,##0.00_ "),
        ("0.142857", "#,##0.00####_ "),
    ],
)
def test_a_number_shows_the_decimals_it_has(tmp_path: Path, value: str, pattern: str) -> None:
    fact = _fact(value=Decimal(value), unit="%")
    book = _write(tmp_path / "facts.xlsx", _annotation(MONEY, fact))
    assert _column(book["事实"], "数值")[0].number_format == pattern


def _column(sheet: Any, header: str) -> list[Any]:
    headers = [cell.value for cell in sheet[1]]
    return [row[headers.index(header)] for row in sheet.iter_rows(min_row=2)]


def test_quantities_that_gave_a_fact_or_a_rule_are_left_out_unless_asked_for(
    tmp_path: Path,
) -> None:
    rule = _quantity("600余家", 3, label="COUNT", modality="rule")
    book = _write(
        tmp_path / "facts.xlsx", _annotation(MONEY, COUNT, rule, _fact()), every_quantity=False
    )
    assert [row["原文"] for row in _rows(book["数量"])] == ["600余家"]


def test_a_rank_names_its_peers(tmp_path: Path) -> None:
    rank = _fact(label="RANK", measure="rank", of="growth", peers="全省", unit="rank")
    quantity = _quantity("600余家", 2, label="RANK", measure="rank", of="growth", region="全省")
    book = _write(tmp_path / "facts.xlsx", _annotation(MONEY, quantity, rank))
    assert _rows(book["事实"])[0]["参照"] == "全省 · 增长率"
    row = _rows(book["数量"])[1]
    assert (row["参照"], row["地区"]) == ("全省 · 增长率", "衡阳市")


def test_a_fact_whose_mention_is_missing_has_no_place(tmp_path: Path) -> None:
    book = _write(tmp_path / "facts.xlsx", _annotation(_fact(quantities=[])))
    (row,) = _rows(book["事实"])
    assert not {"原文", "句子", "起", "止", "key"} & set(row)


def test_documents_issues_and_failures_have_sheets(tmp_path: Path) -> None:
    issue = Issue(id="i1", code="number.malformed", message="数字有误", start=0, end=4)
    with WorkbookWriter(tmp_path / "facts.xlsx", NAMES, every_quantity=True) as writer:
        writer.add(_annotation(MONEY, COUNT, _fact(conflict=True), issue))
        writer.add_failure("b", "b.pdf", "read", "DocumentError", "空文件")
    book = openpyxl.load_workbook(tmp_path / "facts.xlsx")
    (document,) = _rows(book["文件"])
    counts = [document[name] for name in ("字数", "数量", "实体", "事实", "冲突", "问题")]
    assert counts == [len(TEXT), 2, 0, 1, 1, 1]
    odd, failed = _rows(book["问题"])
    assert (odd["类型"], odd["代码"], odd["原文"]) == ("文本问题", "number.malformed", "一、资金")
    assert failed == {
        "文件": "b",
        "类型": "处理失败",
        "代码": "read/DocumentError",
        "说明": "空文件",
        "来源": "b.pdf",
    }
    counted = {"事实": 1, "成果": 0, "核对": 0, "数量": 2, "实体": 0, "文件": 1, "问题": 2}
    assert writer.row_counts == counted


def test_the_legend_explains_every_column(tmp_path: Path) -> None:
    book = _write(tmp_path / "facts.xlsx", _annotation(MONEY, _fact()), version="0.1.0")
    legend = {(row["工作表"], row["项目"]): row["说明"] for row in _rows(book["说明"])}
    for name in SHEETS[:-1]:
        for cell in book[name][1]:
            assert legend[name, cell.value]
    assert legend["全部", "版本"] == "jixiao 0.1.0"
    assert legend["事实", "行数"] == "1"
    assert "净增 net_new" in legend["取值", "度量"]


DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "=HYPERLINK(\"http://x\",\"y\")",
    "http://example.com",
    "mailto:a@example.com",
    "{=1}",
    "<r><t>x</t></r>",
    "1e5",
    "2021-01-01",
    "TRUE",
    "#N/A",
]  # fmt: skip


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_anything_else(tmp_path: Path, text: str) -> None:
    fact = _fact(document=text, issuer=text, indicator_zh=text, facet=text, period=text, unit=text)
    book = _write(tmp_path / "facts.xlsx", _annotation(MONEY, fact))
    for header in ("文件", "发布单位", "指标", "细项", "期间", "单位"):
        (cell,) = _column(book["事实"], header)
        assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(tmp_path: Path) -> None:
    quantities = [
        Quantity(id="q1", start=0, end=1, text=text, label="COUNT", subject=text, rule=text)
        for text in DANGEROUS
    ]
    book = _write(tmp_path / "facts.xlsx", _annotation(*quantities, text="\n".join(DANGEROUS)))
    for sheet in book:
        for row in sheet.iter_rows():
            assert {cell.data_type for cell in row} <= {"s", "n"}
            assert not any(cell.hyperlink for cell in row)
    assert [cell.value for cell in _column(book["数量"], "原文")] == DANGEROUS


def test_characters_xml_cannot_hold_do_not_break_the_file(tmp_path: Path) -> None:
    fact = _fact(issuer="科\x00技\x1f局\ud800\uffff", facet="长" * 40_000)
    book = _write(tmp_path / "facts.xlsx", _annotation(MONEY, fact))
    (row,) = _rows(book["事实"])
    assert row["发布单位"] == "科技局"
    assert (len(row["细项"]), row["细项"][-1]) == (32_767, "…")


@pytest.mark.parametrize("name", SHEETS)
def test_header_is_frozen_and_filtered(tmp_path: Path, name: str) -> None:
    book = _write(tmp_path / "facts.xlsx", _annotation(MONEY, COUNT, _fact()))
    sheet = book[name]
    assert sheet.freeze_panes == "B2"
    last = get_column_letter(sheet.max_column)
    assert sheet.auto_filter.ref == f"A1:{last}{max(sheet.max_row, 2)}"
    assert sheet["A1"].font.b
    assert sheet["A1"].font.name == "Microsoft YaHei"


@pytest.mark.parametrize(
    "columns",
    [
        FACT_COLUMNS,
        CLAIM_COLUMNS,
        QUANTITY_COLUMNS,
        ENTITY_COLUMNS,
        DOCUMENT_COLUMNS,
        ISSUE_COLUMNS,
        LEGEND_COLUMNS,
    ],
)
def test_every_header_fits_its_column(columns: Sequence[Column]) -> None:
    button = 2  # of the filter, in half-width characters
    for column in columns:
        assert display_width(column.header) + button <= column.width, column.header
    headers = [column.header for column in columns]
    assert len(set(headers)) == len(headers)


def test_columns_are_as_wide_as_they_say(tmp_path: Path) -> None:
    book = _write(tmp_path / "facts.xlsx", _annotation(MONEY, _fact()))
    for index, column in enumerate(FACT_COLUMNS, start=1):
        dimensions = book["事实"].column_dimensions
        found = [d for d in dimensions.values() if d.min <= index <= d.max]
        assert round(found[0].width) in (column.width, column.width + 1)


def test_a_sentence_wraps_in_a_row_of_bounded_height(tmp_path: Path) -> None:
    short, long = _fact(facet="短"), _fact(2, facet="很长" * 200)
    book = _write(tmp_path / "facts.xlsx", _annotation(MONEY, short, long))
    sheet = book["事实"]
    assert all(cell.alignment.wrap_text for cell in _column(sheet, "句子"))
    assert sheet.row_dimensions[2].height is None
    assert sheet.row_dimensions[3].height == LINE_HEIGHT * MOST_LINES


def test_reviewers_choose_from_a_list(tmp_path: Path) -> None:
    book = _write(tmp_path / "facts.xlsx", _annotation(MONEY, COUNT, _fact(), _fact(2)))
    for name in ("事实", "数量"):
        (validation,) = book[name].data_validations.dataValidation
        headers = [cell.value for cell in book[name][1]]
        letter = get_column_letter(headers.index("复核") + 1)
        assert validation.formula1 == '"正确,错误,存疑"'
        assert str(validation.sqref) == f"{letter}2:{letter}3"


def test_rows_in_conflict_are_tinted(tmp_path: Path) -> None:
    book = _write(tmp_path / "facts.xlsx", _annotation(MONEY, _fact(), _fact(2, conflict=True)))
    sheet = book["事实"]
    assert [cell.value for cell in _column(sheet, "冲突")] == [None, "是"]
    letter = get_column_letter([cell.value for cell in sheet[1]].index("冲突") + 1)
    last = get_column_letter(sheet.max_column)
    rules = {str(each.sqref): each.rules for each in sheet.conditional_formatting}
    assert rules[f"A2:{last}3"][0].formula == [f'${letter}2="是"']


def test_a_full_worksheet_is_continued_on_another(tmp_path: Path) -> None:
    facts = [_fact(number) for number in range(1, 6)]
    book = _write(tmp_path / "facts.xlsx", _annotation(MONEY, *facts), row_limit=3)
    assert book.sheetnames == [*SHEETS, "事实 (2)", "事实 (3)"]
    parts = [_rows(book[name]) for name in ("事实", "事实 (2)", "事实 (3)")]
    assert [[row["事实id"] for row in part] for part in parts] == [
        ["f1", "f2"],
        ["f3", "f4"],
        ["f5"],
    ]
    assert [cell.value for cell in book["事实 (3)"][1]] == [c.header for c in FACT_COLUMNS]
    assert book["事实 (2)"].auto_filter.ref.endswith("3")
    assert len(book["事实 (2)"].data_validations.dataValidation) == 1


def test_an_empty_run_has_every_sheet(tmp_path: Path) -> None:
    book = _write(tmp_path / "facts.xlsx")
    assert book.sheetnames == SHEETS
    assert all(book[name].max_row == 1 for name in SHEETS[:-1])
    assert book["事实"].max_column == len(FACT_COLUMNS)


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        _write(tmp_path / name, _annotation(MONEY, COUNT, _fact()), version="0.1.0")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_an_exception_keeps_the_workbook_of_the_run_before(tmp_path: Path) -> None:
    path = tmp_path / "facts.xlsx"
    _write(path, _annotation(MONEY, _fact()))
    before = path.read_bytes()
    with pytest.raises(KeyboardInterrupt), WorkbookWriter(path, NAMES) as writer:
        writer.add(_annotation(COUNT))
        raise KeyboardInterrupt
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_only_the_workbook_is_left(tmp_path: Path) -> None:
    _write(tmp_path / "out" / "facts.xlsx", _annotation(MONEY))
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "facts.xlsx"]


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot write"):
        WorkbookWriter(tmp_path / "file" / "facts.xlsx", NAMES)
    (tmp_path / "facts.xlsx").mkdir()
    with pytest.raises(OutputError, match="open in another program"):
        _write(tmp_path / "facts.xlsx", _annotation(MONEY))


@pytest.mark.parametrize("row_limit", [0, 1, 1_048_577])
def test_a_worksheet_has_room_for_a_row(tmp_path: Path, row_limit: int) -> None:
    with pytest.raises(SettingsError, match="row_limit"):
        WorkbookWriter(tmp_path / "facts.xlsx", NAMES, row_limit=row_limit)


def test_a_quote_is_cut_around_the_quantity() -> None:
    text = "甲" * 1000 + "600家" + "乙" * 1000
    quantity = Quantity(id="q1", start=1000, end=1004, text="600家", label="COUNT")
    quantity.sentence = (0, len(text))
    quote = quoted(text, quantity)
    assert len(quote) == 500
    assert quote.startswith("…甲")
    assert quote.endswith("乙…")
    assert "600家" in quote


@pytest.mark.parametrize(("start", "cut"), [(0, (False, True)), (1996, (True, False))])
def test_a_quote_at_an_edge_is_cut_on_one_side(start: int, cut: tuple[bool, bool]) -> None:
    text = "字" * 2000
    quantity = Quantity(id="q1", start=start, end=start + 4, text="字" * 4, label="COUNT")
    quantity.sentence = (0, 2000)
    quote = quoted(text, quantity)
    assert (quote.startswith("…"), quote.endswith("…")) == cut


def test_a_quantity_without_a_sentence_is_quoted_with_its_line() -> None:
    text = "第一行\n第二行有600家。\n第三行"
    quantity = Quantity(id="q1", start=8, end=12, text="600家", label="COUNT")
    assert text[8:12] == "600家"
    assert quoted(text, quantity) == "第二行有600家。"


def test_a_document_of_one_endless_line_is_quoted_nearby() -> None:
    text = "数" * 100_000
    quantity = Quantity(id="q1", start=50_000, end=50_001, text="数", label="COUNT")
    assert len(quoted(text, quantity)) == 500
