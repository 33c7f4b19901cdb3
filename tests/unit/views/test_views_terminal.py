"""A report in the terminal shows every quantity once, in its place and in its table row."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any, get_args

import pytest
from rich.cells import cell_len
from rich.console import Console

from jixiao.annotation import Annotation
from jixiao.documents import Report
from jixiao.documents.rendering import Renderer
from jixiao.pipeline import annotate_text
from jixiao.records import ClaimKind, Entity, EntityLabel, Issue, Quantity
from jixiao.views.terminal import (
    CARD_STYLES,
    ENTITY_STYLES,
    render_annotation,
    render_outline,
    text_lines,
)
from jixiao.views.values import value_text

TEXT = (
    "衡阳市科技局2021年度绩效报告\n\n一、收入\r\n全年收入1520.9万元，同比增长12.5%。\n"
    "（一）培训。举办51期。\n\t项目\n\t金额（万元）\n\n\t培训\n\t12.5\n\n"
)


def shown(annotation: Annotation, width: int = 80, **options: Any) -> str:
    console = Console(file=io.StringIO(), width=width, **options)
    render_annotation(annotation, console, lambda indicator: f"<{indicator}>")
    output = console.file
    assert isinstance(output, io.StringIO)
    return output.getvalue()


def quantity(**fields: Any) -> Quantity:
    given = {"start": 0, "end": 1, "text": "1", "label": "COUNT"}
    return Quantity(id="q1", **{**given, **fields})


def test_quantities_carry_the_number_of_their_row() -> None:
    output = shown(annotate_text(TEXT))
    assert "全年收入1520.9万元¹，同比增长12.5%²。" in output
    assert "│ 培训 │ 12.5⁴" in output
    rows = [line.split()[0] for line in output.splitlines() if line.lstrip().startswith("q")]
    assert rows == ["q1", "q2", "q3", "q4"]


def test_values_are_in_the_unit_of_a_reader() -> None:
    output = shown(annotate_text(TEXT))
    assert "1,520.9 万元" in output
    assert "growth ↑" in output


def test_the_text_is_whole_but_for_blank_lines() -> None:
    annotation = annotate_text(TEXT)
    plain = "".join(line.plain for line in text_lines(Report("a", annotation.text), [], 80))
    without = str.maketrans("", "", "\r\n\t │")
    assert plain.translate(without) == TEXT.translate(without)


@pytest.mark.parametrize("width", [20, 40, 200])
def test_lines_of_text_fit_the_width(width: int) -> None:
    annotation = annotate_text(TEXT * 3)
    lines = list(text_lines(Report("a", annotation.text), annotation.quantities, width))
    assert max(cell_len(line.plain) for line in lines) <= width


def test_a_label_is_shown_alone() -> None:
    console = Console(file=io.StringIO(), width=80)
    render_annotation(annotate_text(TEXT), console, str, "PERCENT")
    output = console.file.getvalue()  # type: ignore[attr-defined]
    assert "1520.9万元，同比增长12.5%²" in output
    assert "1 quantity" in output


def test_colour_follows_the_label_where_there_is_colour() -> None:
    annotation = annotate_text(TEXT)
    assert "\x1b[1;33m1520.9万元" in shown(annotation, force_terminal=True, color_system="standard")
    assert "\x1b" not in shown(annotation)


def test_markup_in_a_report_is_text() -> None:
    assert "[bold]收入15家" in shown(annotate_text("[bold]收入15家[/bold]。")).replace("¹", "")


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in shown(annotate_text("收入\x1b[31m15家。"))
    output = shown(annotate_text("某局\x1b[2J绩效\x9b报告\n\n全省\x07收入\u202e15家。"))
    assert not {"\x1b", "\x9b", "\x07", "\u202e"} & set(output)


NAMED = "湄潭县水务局绩效报告\n\n一、工作成效\n抄乐镇获评国家节水型城市，新建水厂3座。\n"


def test_names_are_underlined_and_counted() -> None:
    annotation = annotate_text(NAMED)
    output = shown(annotation, force_terminal=True, color_system="standard")
    assert "\x1b[4m抄乐镇\x1b[0m" in output
    assert "\x1b[4;34mGOV 机关 1\x1b[0m" in output
    assert "抄乐镇获评国家节水型城市" in shown(annotation)


def test_a_name_that_overlaps_a_quantity_is_not_marked() -> None:
    text = "抄乐镇3座水厂。"
    number = quantity(start=3, end=5, text="3座")
    names = [
        Entity(id="e1", start=0, end=4, text="抄乐镇3", label="PLACE"),
        Entity(id="e2", start=5, end=7, text="水厂", label="INSTITUTION"),
    ]
    (line,) = text_lines(Report("a", text), [number], 80, names)
    marked = [line.plain[span.start : span.end] for span in line.spans]
    assert marked == ["3座", "¹", "水厂"]


def test_every_label_and_kind_has_a_style() -> None:
    assert set(ENTITY_STYLES) == set(get_args(EntityLabel))
    assert set(CARD_STYLES) == set(get_args(ClaimKind))


def test_a_report_without_quantities_says_so() -> None:
    assert "0 quantities" in shown(annotate_text("没有数字。"))


def test_issues_are_listed() -> None:
    annotation = annotate_text("收入15家。")
    issue = Issue(id="i1", code="number.malformed", message="两个小数点", start=2, end=5)
    records = [*annotation.records, issue]
    output = shown(Annotation(annotation.document, annotation.text, records))
    assert "number.malformed" in output
    assert "两个小数点" in output


def test_the_outline_is_a_tree_with_raw_offsets() -> None:
    console = Console(file=io.StringIO(), width=80)
    render_outline(Report("a", TEXT), console)
    output = console.file.getvalue()  # type: ignore[attr-defined]
    assert f"一、收入  money · {TEXT.index('一、')}" in output
    assert f"\n└── （一）培训  money · {TEXT.index('（一）')}" in output


def test_an_outline_that_is_closed_again() -> None:
    """A title behind the last section closes it: a path more than headings."""
    console = Console(file=io.StringIO(), width=80)
    text = "某局绩效报告\n一、收入\n甲\n某局部门整体支出绩效评价表\n乙\n"
    render_outline(Report("a", text), console)
    assert "一、收入" in console.file.getvalue()  # type: ignore[attr-defined]


def test_the_outline_gives_pages_where_there_are_any() -> None:
    renderer = Renderer()
    for number in ("一", "二"):
        renderer.page()
        renderer.line(f"{number}、收入")
    console = Console(file=io.StringIO(), width=80)
    rendered = renderer.finish()
    render_outline(Report("a", rendered.raw, rendered=rendered), console)
    assert "二、收入  money · p. 2" in console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"value": Decimal(3850800), "unit": "CNY", "label": "MONEY"}, "385.08 万元"),
        ({"value": Decimal("29.80"), "unit": "%"}, "29.8%"),
        ({"value": Decimal(1234567), "unit": "人次", "bound": "≥"}, "≥ 1,234,567 人次"),
        ({"value": Decimal(10), "value_high": Decimal(20), "unit": "家"}, "10–20 家"),
        ({"value": Decimal(3), "unit": "rank"}, "第3"),
        ({"value": None, "unit": "家"}, "?"),
    ],
)
def test_value_text(fields: dict[str, Any], expected: str) -> None:
    assert value_text(quantity(**fields)) == expected
