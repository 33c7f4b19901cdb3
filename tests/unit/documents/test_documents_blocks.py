"""Paragraphs and cells: what is a table, what is one row, what is one cell."""

from __future__ import annotations

from jixiao.documents.blocks import split_blocks


def rows(text: str) -> list[list[list[str]]]:
    """Return the texts of the cells, table by table and row by row."""
    _, tables = split_blocks(text)
    return [[[cell.text for cell in row] for row in table.rows] for table in tables]


def paragraphs(text: str) -> list[str]:
    blocks, _ = split_blocks(text)
    return [text[block.start : block.end] for block in blocks if block.cell is None]


def test_empty_and_blank_texts() -> None:
    assert split_blocks("") == ([], [])
    assert split_blocks("\n \n　\n") == ([], [])


def test_a_cell_that_wraps_is_one_cell() -> None:
    assert rows("\t公共财\n政拨款\n\t姓  名\n\n\t1\n\t2\n\n") == [
        [["公共财政拨款", "姓名"], ["1", "2"]]
    ]


def test_empty_cells_keep_their_place_and_give_no_block() -> None:
    text = "\t甲\n\t\n\t3\n\n\t\n\t2\n\t　\n\n"
    blocks, _ = split_blocks(text)
    assert rows(text) == [[["甲", "", "3"], ["", "2", ""]]]
    assert [block.cell.column for block in blocks if block.cell] == [0, 2, 1]


def test_blocks_are_in_reading_order() -> None:
    blocks, _ = split_blocks("上文\n\t甲\n\t1\n\n下文\n\t乙\n\t2\n\n")
    assert [block.start for block in blocks] == sorted(block.start for block in blocks)


def test_a_paragraph_divides_tables_and_blank_lines_do_not() -> None:
    assert len(rows("\t甲\n\t1\n\n\n\n\t乙\n\t2\n\n")) == 1
    assert len(rows("\t甲\n\t1\n\n另有：\n\t乙\n\t2\n\n")) == 2


def test_an_indented_paragraph_is_no_table() -> None:
    text = "\t全年支出3万元。\n第二行\n"
    assert rows(text) == [[]]
    assert paragraphs(text) == ["全年支出3万元。", "第二行"]


def test_indented_headings_and_sentences_are_no_table() -> None:
    text = "\t一、概况\n\t我局共有45人，其中行政20人。\n\n\t（一）机构\n\t内设机构12个。\n"
    assert rows(text) == [[]]
    assert len(paragraphs(text)) == 4


def test_a_form_of_label_and_long_text_is_a_table() -> None:
    text = "\t职能职责\n\t" + "贯彻执行国家方针政策。" * 20 + "\n\n\t人员编制\n\t45\n\n"
    assert len(rows(text)[0]) == 2


def test_a_row_broken_by_an_empty_paragraph_is_joined() -> None:
    whole, broken = "\t甲\n\t乙\n\t丙\n\n", "\t甲\n\t乙\n\n\t丙\n\n"
    assert [len(row) for row in rows(whole + broken + whole)[0]] == [3, 3, 3]
    assert [len(row) for row in rows(whole + broken + broken + whole)[0]] == [3, 3, 3, 3]


def test_short_rows_that_are_whole_stay() -> None:
    title, pair = "\t标题\n\n", "\t联系人\n\t张某\n\n"
    four = "\t编制\n\t10\n\t实有\n\t12\n\n"
    assert [len(row) for row in rows(four + pair + pair + four)[0]] == [4, 2, 2, 4]
    assert [len(row) for row in rows(pair + title + title + pair)[0]] == [2, 1, 1, 2]
    assert [len(row) for row in rows(four + pair + pair)[0]] == [4, 2, 2]


def test_text_behind_an_empty_paragraph_in_a_cell_stays_in_it() -> None:
    row = "\t甲\n\t乙\n\t丙\n\n"
    text = f"{row}\t甲\n\t第一段。\n\n第二段。\n\t丙\n\n{row}"
    assert rows(text)[0][1] == ["甲", "第一段。第二段。", "丙"]
    assert paragraphs(text) == []


def test_cells_are_numbered_by_table_row_and_column() -> None:
    blocks, _ = split_blocks("\t甲\n\t1\n\n说明\n\t乙\n\t2\n\n\t丙\n\t3\n\n")
    places = [(b.cell.table, b.cell.row, b.cell.column) for b in blocks if b.cell]
    assert places == [(0, 0, 0), (0, 0, 1), (1, 0, 0), (1, 0, 1), (1, 1, 0), (1, 1, 1)]
