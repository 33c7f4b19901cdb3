"""What a report gives to the layers above: blocks, sentences, the document record."""

from __future__ import annotations

from jixiao.documents import Report

TEXT = "一、概况\n　全年支出3万元。增长5%！其中：甲2万元；乙1万元\n\t乡镇\n\t金额\n\n\t甲镇\n\t12\n"


def sentence(text: str, position: int) -> str:
    start, end = Report("x", text).sentence_at(position)
    return text[start:end]


def test_sentences_end_at_full_stops_and_lines() -> None:
    assert sentence(TEXT, TEXT.index("3万")) == "全年支出3万元。"
    assert sentence(TEXT, TEXT.index("5%")) == "增长5%！"
    assert sentence(TEXT, TEXT.index("乙1")) == "其中：甲2万元；乙1万元"
    assert sentence("他说：“完成。”然后结束。", 10) == "然后结束。"
    assert sentence("完成了？！是的", 6) == "是的"


def test_sentence_at_the_edges() -> None:
    assert sentence("无", 0) == "无"
    assert Report("x", "").sentence_at(0) == (0, 0)


def test_block_at_every_character_of_every_block() -> None:
    report = Report("x", TEXT)
    for block in report.blocks:
        for position in range(block.start, block.end):
            assert report.block_at(position) is block


def test_every_table_row_has_a_grid() -> None:
    report = Report("x", TEXT)
    assert set(report.grids) == {(0, 0), (0, 1)}


def test_an_empty_report() -> None:
    report = Report("x", "")
    record = report.document_record()
    assert (report.blocks, report.grids, report.outline.headings) == ([], {}, [])
    assert (record.doc_id, record.title, record.issuer) == ("x", None, None)
