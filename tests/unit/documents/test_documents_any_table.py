"""Tables of any shape are placed: no cell is lost and no context names what is not in the table."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.documents import Report

CELLS = st.sampled_from(
    [
        *(
            "",
            "",
            "12",
            "3.5%",
            "(8.6)",
            "≥95%",
            "—",
            "合计",
            "其中：",
            "项目",
            "金额（万元）",
            "得分",
        ),
        *(
            "2021年",
            "2021",
            "栏次",
            "1",
            "2",
            "一、基本支出",
            "指标1：增长5%以上",
            "联系人",
            "单位",
        ),
        *(
            "完成改造30公里，验收合格。",
            "公共财\n政拨款",
            "姓  名",
            "注：本表不含债券。",
            "0730-8152766",
        ),
    ]
)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=8)


def flattened(rows: list[list[str]]) -> str:
    return "".join("".join(f"\t{cell}\n" for cell in row) + "\n" for row in rows)


@given(ROWS)
@settings(max_examples=300, deadline=None)
def test_contexts_come_from_the_table(rows: list[list[str]]) -> None:
    report = Report("x", "表1  资金情况（单位：万元）\n" + flattened(rows) + "下文\n")
    cells = [block.cell for block in report.blocks if block.cell is not None]
    known = {cell.text for cell in cells} | {"栏次", "表1 资金情况（单位：万元）"}
    for cell in cells:
        grid = report.grids[cell.table, cell.row]
        found = grid.context(cell)
        assert known.issuperset([*found.columns, *found.rows, *found.captions])
        assert len(found.rows) == len(found.row_headers)
        assert known.issuperset(grid.row_texts(cell))
        assert 0 <= grid.column_of(cell) < max(grid.width, 1)
    assert report.outline.path(0) == ()


@given(ROWS)
@settings(max_examples=300, deadline=None)
def test_no_text_is_lost(rows: list[list[str]]) -> None:
    report = Report("x", flattened(rows))
    text = report.view.text
    blocks = "".join(text[block.start : block.end] for block in report.blocks)
    assert "".join(blocks.split()) == "".join(text.split())
