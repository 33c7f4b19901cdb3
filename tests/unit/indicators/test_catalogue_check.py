"""What is doubtful in a catalogue, told before a run."""

from __future__ import annotations

import pytest

from jixiao.indicators.catalogue import shipped
from jixiao.indicators.catalogue_check import check_catalogue, find_indicators

ALONE = "extends: none\nindicators:\n"

DOUBTS = [
    ("- name: 金额\n  unit: 元\n", "generic", 3),
    ("- name: 项目数\n  unit: 个\n  aliases: [项目]\n", "generic", 3),
    ("- name: 甲\n  unit: 所\n", "too_short", 3),
    ("- name: 书房\n  unit: 所\n", "too_short", 3),
    ("- name: 新增绿道里程\n", "measure_word", 3),
    ("- name: 绿道里程\n- name: 城市绿道里程\n", "inside", 3),
    ("- name: 绿道里程\n- name: 城市绿道投资\n  parent: 绿道里程\n", "unit_mismatch", 4),
    (
        "- name: 绿道里程\n  relations: 绿道里程 = 绿道甲投资 + 绿道乙投资\n- 绿道甲投资\n- 绿道乙投资\n",
        "unit_mismatch",
        3,
    ),
]


@pytest.mark.parametrize(("entries", "code", "line"), DOUBTS)
def test_a_doubt_is_a_warning_with_its_line(entries: str, code: str, line: int) -> None:
    checked = check_catalogue(ALONE + entries)
    assert (code, line) in {(found.code, found.line) for found in checked.findings}
    assert {found.level for found in checked.findings} == {"warning"}
    assert checked.errors == 0


def test_a_sound_catalogue_has_no_findings() -> None:
    entries = "- name: 绿道里程\n- name: 绿道投资\n- name: 城市绿道投资占比\n- name: 绿道驿站\n"
    assert check_catalogue(ALONE + entries).findings == []


def test_a_name_inside_another_is_no_matter_where_no_number_fits_both() -> None:
    entries = "- name: 绿道里程\n- name: 绿道里程达标率\n"
    assert check_catalogue(ALONE + entries).findings == []


def test_names_of_shipped_indicators_are_told() -> None:
    findings = check_catalogue("- name: 专任教师\n  unit: 人\n").findings
    (found,) = [found for found in findings if found.code == "shared"]
    assert "names the shipped" in found.message


def test_what_extends_a_shipped_indicator_is_checked_only_for_what_it_adds() -> None:
    assert check_catalogue("- id: rd_expenditure\n  aliases: [研发总开销]\n").findings == []


def test_an_alias_of_two_rows_of_csv_is_told_once() -> None:
    rows = "id,name_zh,unit,aliases\na,绿道里程,km,步道\nb,栈道里程,km,步道\n"
    codes = [found.code for found in check_catalogue(rows).findings]
    assert codes.count("shared") == 1


def test_ids_that_nothing_has_are_errors() -> None:
    rows = "id,name_zh,unit,parent,relations\na,绿道里程,km,nope,a = b + c\nb,栈道里程,km,,\n"
    errors = [found for found in check_catalogue(rows).findings if found.level == "error"]
    assert [(found.code, found.line) for found in errors] == [("unknown_id", 2)] * 2
    assert "nope" in errors[0].message
    assert "names c" in errors[1].message


def test_parents_in_a_circle_are_an_error() -> None:
    rows = "id,name_zh,unit,parent\na,绿道里程,km,b\nb,栈道里程,km,a\n"
    assert {found.code for found in check_catalogue(rows).findings} == {"parent_cycle"}


def test_mistakes_are_listed_with_the_doubts_by_line() -> None:
    checked = check_catalogue(ALONE + "- name: 数量\n  unit: 瓩\n- nam: 乙\n")
    assert [(found.level, found.line) for found in checked.findings] == [
        ("warning", 3),
        ("error", 4),
        ("error", 5),
        ("error", 5),
    ]
    assert checked.errors == 3


def test_the_shipped_catalogue_has_no_error_as_a_users() -> None:
    from jixiao.resources import read_text

    assert check_catalogue(read_text("indicators.csv")).errors == 0


def test_indicators_are_found_by_id_name_and_part_of_an_alias() -> None:
    known = shipped()
    assert [one.id for one in find_indicators("rd_expenditure", known)] == ["rd_expenditure"]
    assert "preschool_enrolment_rate" in {one.id for one in find_indicators("毛入园率", known)}
    assert find_indicators("没有这样的指标", known) == []
