"""The sheets of achievements and of names, read back by another library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import openpyxl
import pytest

from jixiao.annotation import Annotation
from jixiao.exports.claims import CLAIM_COLUMNS, claim_numbers, claim_time, report_at
from jixiao.exports.entities import full_name, written
from jixiao.exports.names import CLAIM_KINDS, ENTITY_LABELS
from jixiao.exports.workbook import WorkbookWriter
from jixiao.records import Claim, ClaimKind, Document, Entity, EntityLabel, Part, Quantity, Record

TEXT = "一、成效\n抄乐镇创建省级卫生村3\n个。市水务局获评先进集体。\n抄乐镇创建省级卫生村3个。\n"
HEADINGS = ["一、成效"]


def _at(words: str, occurrence: int = 0) -> dict[str, Any]:
    start = -1
    for _ in range(occurrence + 1):
        start = TEXT.index(words, start + 1)
    return {"start": start, "end": start + len(words), "text": words}


def _claim(number: int, words: str, occurrence: int = 0, **fields: Any) -> Claim:
    place = _at(words, occurrence)
    sentence = place["start"], TEXT.index("。", place["start"]) + 1
    given = {"kind": "recognition", "modality": "actual", "sentence": sentence}
    return Claim(id=f"c{number}", **{**place, **given, "section": HEADINGS, **fields})


VILLAGES = _claim(
    1,
    "抄乐镇创建省级卫生村3\n个",
    actor="抄乐镇",
    object="省级卫生村",
    level="省",
    awarded_by="省爱卫办",
    quantities=["q1"],
    confidence=0.75,
    key="0123456789ab",
)
BUREAU = _claim(2, "市水务局获评先进集体", actor="市水务局", object="先进集体", modality="forecast")
AGAIN = _claim(
    3,
    "抄乐镇创建省级卫生村3个",
    actor="抄乐镇",
    object="省级卫生村",
    level="省",
    quantities=["q2"],
    same_as="c1",
)
COUNTED: dict[str, Any] = {"label": "COUNT", "value": Decimal(3), "unit": "个", "measure": "new"}
FIRST = Quantity(id="q1", **_at("3\n个"), **COUNTED, period="2021-12-31")
SECOND = Quantity(id="q2", **_at("3个"), **COUNTED, period="2021")


def _annotation(*records: Record, **fields: Any) -> Annotation:
    bureau = {"issuer": "遵义市水务局", "region": "遵义市", "fiscal_year": "2021"}
    document = Document(**{"doc_id": "a", "title": "绩效报告", **bureau, **fields})
    return Annotation(document, TEXT, [document, *records])


def _rows(path: Path, name: str, *annotations: Annotation) -> Sequence[Mapping[str, Any]]:
    with WorkbookWriter(path / "facts.xlsx", {}) as writer:
        for annotation in annotations:
            writer.add(annotation)
    header, *rows = openpyxl.load_workbook(path / "facts.xlsx")[name].iter_rows(values_only=True)
    pairs = (zip(header, row, strict=True) for row in rows)
    return [{head: value for head, value in row if value is not None} for row in pairs]


def test_a_claim_is_a_row(tmp_path: Path) -> None:
    (row,) = _rows(tmp_path, "成果", _annotation(FIRST, VILLAGES))
    assert row == {
        "文件": "a",
        "报告": "绩效报告",
        "发布单位": "遵义市水务局",
        "地区": "遵义市",
        "年度": "2021",
        "类型": "荣誉认定",
        "主体": "抄乐镇",
        "主体全称": "抄乐镇",
        "内容": "省级卫生村",
        "级别": "省",
        "授予单位": "省爱卫办",
        "时间": "2021-12-31",
        "数值": "3 个",
        "原句": "抄乐镇创建省级卫生村3 个",
        "句子": "抄乐镇创建省级卫生村3 个。",
        "章节": "一、成效",
        "起": VILLAGES.start,
        "止": VILLAGES.end,
        "置信度": 0.75,
        "编号": "c1",
        "key": "0123456789ab",
    }


def test_what_is_expected_and_what_was_said_before_is_marked(tmp_path: Path) -> None:
    records = (FIRST, VILLAGES, BUREAU, SECOND, AGAIN)
    rows = _rows(tmp_path, "成果", _annotation(*records))
    assert [row.get("是否预计") for row in rows] == [None, "是", None]
    assert [row.get("重复于") for row in rows] == [None, None, "c1"]
    assert [row["时间"] for row in rows] == ["2021-12-31", "2021", "2021"]
    other = _claim(3, "抄乐镇创建省级卫生村3个", object="省级卫生村")
    rows = _rows(tmp_path, "成果", _annotation(FIRST, VILLAGES, SECOND, other))
    assert "重复于" not in rows[1] or rows[1]["重复于"] is None


def test_rows_are_in_order_of_document_and_place(tmp_path: Path) -> None:
    one, other = _annotation(VILLAGES, BUREAU), _annotation(BUREAU, doc_id="b")
    rows = _rows(tmp_path, "成果", one, other)
    assert [(row["文件"], row["编号"]) for row in rows] == [("a", "c1"), ("a", "c2"), ("b", "c2")]


def test_rows_that_repeat_are_grey(tmp_path: Path) -> None:
    _rows(tmp_path, "成果", _annotation(FIRST, VILLAGES, SECOND, AGAIN))
    sheet = openpyxl.load_workbook(tmp_path / "facts.xlsx")["成果"]
    letter = next(cell.column_letter for cell in sheet[1] if cell.value == "重复于")
    (rules,) = [each.rules for each in sheet.conditional_formatting if str(each.sqref)[:1] == "A"]
    assert rules[0].formula == [f'${letter}2<>""']
    validated = {validation.formula1 for validation in sheet.data_validations.dataValidation}
    assert validated == {'"正确,错误,存疑"'}


def test_a_claim_in_a_part_belongs_to_the_body_of_that_part(tmp_path: Path) -> None:
    part = Part(start=0, end=BUREAU.start, form="report", issuer="抄乐镇政府", fiscal_year="2020")
    document = _annotation(VILLAGES, BUREAU, parts=[part])
    first, second = _rows(tmp_path, "成果", document)
    assert (first["发布单位"], first["年度"], first["时间"]) == ("抄乐镇政府", "2020", "2020")
    assert (first["报告"], first["地区"]) == ("绩效报告", "遵义市")
    assert (second["发布单位"], second["年度"]) == ("遵义市水务局", "2021")
    assert report_at(document.document, BUREAU.start) is document.document


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "2021"),
        ({"quantities": ["q1"]}, "2021-12-31"),
        ({"quantities": ["q1", "q2", "q1"]}, "2021-12-31；2021"),
        ({"quantities": ["q9"]}, "2021"),
        ({"quantities": ["q1"], "year": "2020"}, "2020"),
    ],
)
def test_the_time_of_a_claim(fields: dict[str, Any], expected: str) -> None:
    claim = _claim(1, "抄乐镇", **fields)
    assert claim_time(claim, {"q1": FIRST, "q2": SECOND}, "2021") == expected


def test_a_claim_without_numbers_or_year_has_neither() -> None:
    claim = _claim(1, "抄乐镇")
    assert (claim_time(claim, {}, None), claim_numbers(claim, {})) == (None, None)


def test_a_full_sheet_of_claims_is_continued(tmp_path: Path) -> None:
    with WorkbookWriter(tmp_path / "facts.xlsx", {}, row_limit=2) as writer:
        writer.add(_annotation(VILLAGES, BUREAU))
    book = openpyxl.load_workbook(tmp_path / "facts.xlsx")
    assert [cell.value for cell in book["成果 (2)"][1]] == [c.header for c in CLAIM_COLUMNS]
    assert book["成果 (2)"].max_row == 2


HOSTILE = '=HYPERLINK("http://x","y")'


def test_words_of_a_report_stay_text(tmp_path: Path) -> None:
    claim = Claim(
        id="c1", start=0, end=4, text=HOSTILE, kind="output", actor=HOSTILE, object="<b>\x1b&"
    )
    entity = Entity(id="e1", start=0, end=4, text=HOSTILE, label="GOV")
    _rows(tmp_path, "成果", _annotation(claim, entity))
    book = openpyxl.load_workbook(tmp_path / "facts.xlsx")
    cells = [cell for name in ("成果", "实体") for row in book[name].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.value for cell in cells].count(HOSTILE) == 4
    assert "<b>&" in [cell.value for cell in cells]


def test_codes_have_chinese_words() -> None:
    assert set(CLAIM_KINDS) == set(get_args(ClaimKind))
    assert set(ENTITY_LABELS) == set(get_args(EntityLabel))


def test_the_legend_gives_the_words(tmp_path: Path) -> None:
    legend = {row["项目"]: row["说明"] for row in _rows(tmp_path, "说明", _annotation())}
    assert "荣誉认定 recognition" in legend["成果·类型"]
    assert "政策项目 PROGRAM" in legend["实体·类别"]


def _entity(number: int, words: str, occurrence: int = 0, **fields: Any) -> Entity:
    return Entity(id=f"e{number}", **{**_at(words, occurrence), "label": "GOV", **fields})


def test_a_name_is_a_row_with_its_mentions(tmp_path: Path) -> None:
    names = (
        _entity(1, "抄乐镇", label="PLACE", sentence=(5, 19), section=HEADINGS, key="00"),
        _entity(2, "市水务局", refers_to="e9"),
        _entity(3, "抄乐镇", 1, label="PLACE"),
        _entity(4, "市水务局", refers_to="e1"),
    )
    place, body = _rows(tmp_path, "实体", _annotation(*names))
    assert place == {
        "文件": "a",
        "类别": "地名",
        "名称": "抄乐镇",
        "提及次数": 2,
        "句子": "抄乐镇创建省级卫生村3 个。",
        "章节": "一、成效",
        "起": names[0].start,
        "止": names[0].end,
        "编号": "e1",
        "key": "00",
    }
    assert (body["提及次数"], body["全称"], body["编号"]) == (2, "抄乐镇", "e2")


def test_a_name_of_two_labels_is_two_rows(tmp_path: Path) -> None:
    names = _entity(1, "抄乐镇", label="PLACE"), _entity(2, "抄乐镇", 1, label="GOV")
    assert [r["类别"] for r in _rows(tmp_path, "实体", _annotation(*names))] == ["地名", "机关"]


@pytest.mark.parametrize(
    ("text", "name"),
    [("市 水务\n局", "市水务局"), ("Open  Data 中心", "Open Data中心"), ("　抄乐镇", "抄乐镇")],
)
def test_blanks_in_a_name_do_not_count(text: str, name: str) -> None:
    assert written(Entity(id="e1", start=0, end=1, text=text, label="GOV")) == name


def test_a_short_name_leads_to_the_full_one() -> None:
    names = {
        "e1": _entity(1, "市水务局", refers_to="e2"),
        "e2": _entity(2, "抄乐镇", refers_to="e3"),
        "e3": _entity(3, "省级卫生村"),
        "e4": _entity(4, "个", refers_to="e5"),
        "e5": _entity(5, "3", refers_to="e4"),
    }
    assert full_name(names["e1"], names) == "省级卫生村"
    assert full_name(names["e3"], names) is None
    assert full_name(names["e4"], names) == "3"
