"""Document ids are the path below the folder, unique, and fit for a file name."""

from __future__ import annotations

import os

import pytest

from jixiao.batch.doc_ids import assign_doc_ids, printable


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([], []),
        (["a.txt"], ["a"]),
        (["2021/湖南/科技局.txt"], ["2021__湖南__科技局"]),
        (["2021.年报.txt"], ["2021.年报"]),
        (["报告"], ["报告"]),
        (["a.txt", "a.pdf", "b.txt"], ["a-txt", "a-pdf", "b"]),
        (["a.TXT", "a.pdf"], ["a-txt", "a-pdf"]),
        (["x/a.txt", "x__a.pdf"], ["x__a-txt", "x__a-pdf"]),
        (["a.txt", "a.txt", "a.txt"], ["a", "a-2", "a-3"]),
        (["a.txt", "a.pdf", "a.txt"], ["a-txt", "a-pdf", "a-txt-2"]),
        (["A.txt", "a.txt"], ["A", "a-2"]),
    ],
)
def test_id_is_the_path_without_suffix_made_unique(sources: list[str], expected: list[str]) -> None:
    assert assign_doc_ids(sources) == expected


@pytest.mark.parametrize(
    "sources",
    [
        ["a.txt", "a.txt", "a-2.txt"],
        ["a.txt", "a.pdf", "a-txt.txt", "a-pdf.txt"],
        ["a.txt", "a.pdf", "a.txt", "a-txt-2.txt", "a-2.txt"],
        ["a/b.txt", "a__b.txt", "a__b.pdf", "a__b-txt.txt"],
    ],
)
def test_a_made_up_id_never_takes_the_name_of_another_file(sources: list[str]) -> None:
    doc_ids = assign_doc_ids(sources)
    assert len(set(doc_ids)) == len(sources)
    named = {source.removesuffix(".txt") for source in sources[2:] if "-" in source}
    assert named <= set(doc_ids)


def test_a_path_longer_than_a_file_name_keeps_its_end_and_stays_unique() -> None:
    folder = "湖南省岳阳市君山区" * 12
    first, second = assign_doc_ids(
        [f"{folder}甲/2021年度绩效报告.txt", f"{folder}乙/2021年度绩效报告.txt"]
    )
    assert first != second
    assert "2021年度绩效报告" in first
    assert len(f"{first}.jsonl".encode()) < 255


def test_names_in_gbk_become_readable() -> None:
    assert printable(os.fsdecode("绩效报告.txt".encode("gb18030"))) == "绩效报告.txt"
    assert printable("绩效报告.txt") == "绩效报告.txt"
