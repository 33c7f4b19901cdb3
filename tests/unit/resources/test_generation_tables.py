"""The tables of the generator: well formed, and rich enough for every template in every field."""

from __future__ import annotations

import re
from collections import Counter
from typing import get_args

import pytest

from jixiao.errors import ResourceError
from jixiao.generation import material
from jixiao.generation.material import USES, NameKind, SubjectKind, fields, names, subjects
from jixiao.resources import read_table

ROWS = read_table("generation.csv")
NAMES = read_table("generation_names.csv")
UNITS = {row["surface"]: row["label"] for row in read_table("units.csv")}

# Which label the unit of each kind has, and which uses a kind may have.
LABELS = {"noun": "COUNT", "money": "MONEY", "physical": "MEASURE"}
ALLOWED = {
    "noun": {"stock", "new", "net", "apply", "recommend", "deed", "flow", "goal"},
    "physical": {"new", "deed", "flow", "goal"},
    "money": {"flow", "growth", "spend", "budget", "goal"},
    "rate": {"level", "change", "gap", "goal"},
}


def test_cells_carry_no_stray_space() -> None:
    stray = [
        (row["name"], cell)
        for row in (*ROWS, *NAMES)
        for cell in row.values()
        if cell != cell.strip() or "\n" in cell
    ]
    assert stray == []


def test_no_subject_and_no_name_stands_twice() -> None:
    assert [key for key, times in Counter(row["name"] for row in ROWS).items() if times > 1] == []
    named = Counter((row["kind"], row["field"], row["name"]) for row in NAMES)
    assert [key for key, times in named.items() if times > 1] == []


def test_kinds_are_known_and_uses_fit() -> None:
    for subject in subjects():
        assert subject.kind in get_args(SubjectKind), subject
        assert subject.uses, subject
        assert subject.uses <= ALLOWED[subject.kind], subject


def test_units_are_known_to_the_package() -> None:
    for subject in subjects():
        if subject.kind == "rate":
            assert subject.unit == "%", subject
        else:
            plain = material.split_unit(subject.unit)[1]
            assert UNITS[plain] == LABELS[subject.kind], subject


def test_numbers_are_plausible() -> None:
    for subject in subjects():
        assert 0 < subject.low < subject.high, subject
        assert 0 <= subject.places <= 2, subject
        assert subject.kind != "rate" or subject.high < 100, subject
        whole = subject.kind != "noun" or subject.unit.startswith("万")
        assert whole or subject.places == 0, subject


def test_verbs_are_there_where_a_use_needs_them() -> None:
    for subject in subjects():
        done = {"deed", "flow", "spend"}
        if subject.kind in ("noun", "physical"):
            done.add("goal")
        assert subject.deed or not subject.uses & done, subject
        assert subject.adds or "new" not in subject.uses, subject
        assert not subject.adds or subject.adds.startswith("新"), subject


def test_subjects_are_chinese_without_a_number() -> None:
    for subject in subjects():
        assert re.fullmatch("(?:5G|A级)?[\u4e00-\u9fff]+", subject.name), subject


@pytest.mark.parametrize("field", fields())
def test_a_field_has_all_that_a_report_needs(field: str) -> None:
    own = [subject for subject in subjects() if subject.field == field]
    assert {subject.kind for subject in own} >= {"noun", "money", "rate"}
    assert names("bureau", field)
    assert names("incident", field)


def test_every_use_has_a_subject() -> None:
    assert {use for subject in subjects() for use in subject.uses} == USES


def test_names_are_of_known_kinds_and_fields() -> None:
    assert {row["kind"] for row in NAMES} == set(get_args(NameKind))
    assert {row["field"] for row in NAMES} <= {"", *fields()}


def test_what_counts_nothing_ends_without_a_mark() -> None:
    assert [row["name"] for row in NAMES if row["name"][-1] in "。，；"] == []


def test_an_unknown_use_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {**ROWS[0], "uses": "stock fly"}
    monkeypatch.setattr(material, "read_table", lambda name: (row,))
    with pytest.raises(ResourceError, match=r"unknown uses \['fly'\]"):
        subjects.__wrapped__()
