"""What readers write: the raw text in the layout of DESIGN, and the places beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.documents.blocks import Block
from jixiao.documents.rendering import CellText, Renderer
from jixiao.documents.report import Report
from jixiao.documents.view import View


def report_of(renderer: Renderer) -> Report:
    rendered = renderer.finish()
    return Report("x", rendered.raw, rendered=rendered)


def texts(report: Report) -> list[str]:
    return [report.view.text[block.start : block.end] for block in report.blocks]


def test_paragraphs_and_tables_in_the_layout_of_the_design() -> None:
    renderer = Renderer()
    renderer.paragraph("\t一、收支情况 ", level=0)
    renderer.paragraph("")
    renderer.row([CellText("项目", 0), CellText("金额\n（万元）", 1, 2)])
    renderer.row([CellText("", 0, continues=True), CellText("12\t.5", 1), CellText("\n\n", 2)])
    renderer.paragraph("上行\r\n下行\u2028末行")
    rendered = renderer.finish()
    assert rendered.raw == (
        "一、收支情况 \n\n\t项目\n\t金额\n（万元）\n\n\t\n\t12 .5\n\t\n\n上行\n下行\n末行\n"
    )
    assert [rendered.raw[p.start : p.end] for p in rendered.paragraphs] == [
        "一、收支情况 ",
        "上行\n下行\n末行",
    ]
    cells = [cell for row in rendered.tables[0] for cell in row]
    assert [rendered.raw[c.start : c.end] for c in cells] == [
        "项目",
        "金额\n（万元）",
        "",
        "12 .5",
        "",
    ]
    assert [(c.column, c.width, c.continues) for c in cells] == [
        (0, 1, False),
        (1, 2, False),
        (0, 1, True),
        (1, 1, False),
        (2, 1, False),
    ]


def test_wrapped_lines_are_one_paragraph_over_furniture() -> None:
    renderer = Renderer()
    renderer.page()
    renderer.line("一、全年支出385.")
    renderer.furniture("— 3 —")
    renderer.page()
    renderer.furniture("某局绩效自评报告\n\n2021")
    renderer.line("08万元。", joins=True)
    renderer.line("二、下文")
    report = report_of(renderer)
    assert report.raw == ("一、全年支出385.\n— 3 —\n某局绩效自评报告\n2021\n08万元。\n二、下文\n")
    assert texts(report) == ["一、全年支出385.08万元。", "二、下文"]
    assert [report.raw[page:][:4] for page in report.rendered.pages] == ["一、全年", "某局绩效"]


def test_wraps_and_repeated_headers_in_tables_are_not_in_the_view() -> None:
    renderer = Renderer()
    head = [CellText("单\n位", 0), CellText("金额（万元）", 1)]
    renderer.row(head, wraps=True)
    renderer.row([CellText("公共财\n政", 0), CellText("1,234.\n56", 1)], wraps=True)
    renderer.furniture("第2页")
    renderer.row(head, wraps=True, furniture=True)
    renderer.row([CellText("合计", 0), CellText("20", 1)], wraps=True)
    report = report_of(renderer)
    assert texts(report) == ["单位", "金额（万元）", "公共财政", "1,234.56", "合计", "20"]
    assert len({block.cell.table for block in report.blocks if block.cell}) == 1
    assert report.raw.count("金额（万元）") == 2


def test_a_table_ends_where_it_is_ended() -> None:
    renderer = Renderer()
    rows = [CellText("甲", 0), CellText("1", 1)]
    renderer.row(rows)
    renderer.end_table()
    renderer.row(rows)
    renderer.paragraph("")
    renderer.row(rows)
    assert [len(table) for table in renderer.finish().tables] == [1, 1, 1]


def test_a_frame_of_one_cell_rows_gives_paragraphs() -> None:
    renderer = Renderer()
    renderer.row([CellText("一、概况\n本局有编制32个。", 0)])
    report = report_of(renderer)
    assert texts(report) == ["一、概况", "本局有编制32个。"]
    assert all(block.cell is None for block in report.blocks)


def test_short_cells_that_look_like_prose_stay_cells_where_the_file_has_a_table() -> None:
    renderer = Renderer()
    for text in ("1、培训；", "2、宣传。"):
        renderer.row([CellText(text, 0), CellText(f"{text}情况：", 1)])
    assert all(block.cell for block in report_of(renderer).blocks)


def test_a_level_goes_to_its_block() -> None:
    renderer = Renderer()
    renderer.line("部门概况", level=1)
    renderer.line("正文", joins=False)
    blocks: list[Block] = report_of(renderer).blocks
    assert [block.level for block in blocks] == [1, None]


def test_notices_become_issues_with_their_place() -> None:
    from jixiao.pipeline import annotate_report

    renderer = Renderer()
    renderer.paragraph("甲")
    renderer.notice("page_without_text", "page 2 has no text")
    annotation = annotate_report(report_of(renderer))
    (issue,) = annotation.issues
    assert (issue.id, issue.code, issue.start, issue.end) == ("i1", "page_without_text", 2, 2)


def test_what_no_file_can_hold_is_replaced() -> None:
    renderer = Renderer()
    renderer.paragraph("半\ud800个\x00")
    assert renderer.finish().raw == "半\ufffd个\ufffd\n"


PIECES = st.lists(st.text("甲1.\n \u200b", max_size=6), max_size=8)


@given(PIECES, st.data())
def test_the_view_and_back_with_hidden_spans(pieces: list[str], data: st.DataObject) -> None:
    raw = "".join(pieces)
    ends = data.draw(st.lists(st.integers(0, len(raw)), max_size=8).map(sorted))
    hidden = list(zip(ends[::2], ends[1::2], strict=False))
    view = View.of(raw, hidden)
    covered = {i for start, end in hidden for i in range(start, end)}
    for position in range(len(view.text)):
        start, end = view.raw_span(position, position + 1)
        assert end == start + 1
        assert start not in covered
        assert view.view_span(start, end) == (position, position + 1)
    for start, end in hidden:
        assert len(set(view.view_span(start, end))) == 1


@pytest.mark.parametrize("hidden", [[], [(0, 3)], [(0, 1), (2, 3)]])
def test_a_span_of_what_is_hidden_is_empty(hidden: list[tuple[int, int]]) -> None:
    view = View.of("甲乙丙", hidden)
    for start, end in hidden:
        first, last = view.view_span(start, end)
        assert first == last
