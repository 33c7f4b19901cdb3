"""``tests/cases/sections.csv``: headings and what their sections are about."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from jixiao.documents import Report, sections
from jixiao.documents.sections import heading_kind, is_section_title, section_kind, section_words
from jixiao.errors import ResourceError

FILE = Path(__file__).parents[2] / "cases" / "sections.csv"
with FILE.open(encoding="utf-8", newline="") as _file:
    ROWS = [(row["heading"], row["kind"] or None) for row in csv.DictReader(_file)]


@pytest.mark.parametrize(("heading", "kind"), ROWS)
def test_the_kind_of_a_heading(heading: str, kind: str | None) -> None:
    assert heading_kind(heading) == kind


@pytest.mark.parametrize("word", section_words(), ids=lambda word: word.surface)
def test_every_word_decides_a_case(word, monkeypatch: pytest.MonkeyPatch) -> None:
    others = tuple(other for other in section_words() if other != word)
    monkeypatch.setattr(sections, "section_words", lambda: others)
    assert any(heading_kind.__wrapped__(heading) != kind for heading, kind in ROWS)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ((), None),
        (("加强班子建设",), None),
        (("部门概况", "人员编制"), "organisation"),
        (("部门概况", "加强建设"), "overview"),
        (("下一步工作计划", "资金安排"), "plan"),
        (("存在的问题和建议", "存在的问题"), "problems"),
        (("存在问题", "下一步打算", "项目支出"), "plan"),
    ],
)
def test_the_kind_of_a_section(path: tuple[str, ...], kind: str | None) -> None:
    assert section_kind(path) == kind


@pytest.mark.parametrize(
    "line",
    [
        "部门概况",
        "部门整体支出绩效情况",
        "存在的主要问题及建议",
        "下一步工作计划",
        "2021年度收支情况",
    ],
)
def test_titles_of_sections_without_a_number(line: str) -> None:
    assert is_section_title(line)


@pytest.mark.parametrize(
    "line", ["", "工作", "水利工程", "桃江县林业局概况", "附件", "问题" * 9, "收入，支出"]
)
def test_lines_that_are_no_titles_of_sections(line: str) -> None:
    assert not is_section_title(line)


def test_the_outline_tells_the_kind() -> None:
    text = "某局报告\n一、部门概况\n甲\n二、下一步计划\n（一）资金\n乙\n"
    outline = Report("x", text).outline
    assert [outline.kind(text.index(char)) for char in "某甲乙"] == [None, "overview", "plan"]


def test_an_unknown_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"surface": "甲", "match": "contains", "kind": "stars"}
    monkeypatch.setattr(sections, "read_table", lambda _: [row])
    with pytest.raises(ResourceError, match="unknown kind"):
        section_words.__wrapped__()
