"""The tables of names: closed lists, and the heads that close a name."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import get_args

import pytest

from jixiao.records import EntityLabel
from jixiao.resources import read_table

NAMES = read_table("names.csv")
HEADS = read_table("name_heads.csv")

LABELS = set(get_args(EntityLabel))
# A person is told by a surname and a title, a document by 《》: no word closes them.
HEADLESS = {"PERSON", "DOCUMENT"}
NEEDS = {"place", "proper", "quoted", "level"}


def repeated(keys: Iterable[object]) -> list[object]:
    return [key for key, times in Counter(keys).items() if times > 1]


def several_labels(rows: Sequence[dict[str, str]], column: str) -> set[str]:
    labels = defaultdict(set)
    for row in rows:
        labels[row[column]].add(row["label"])
    return {surface for surface, found in labels.items() if len(found) > 1}


def label_of(name: str) -> str:
    (row,) = (row for row in NAMES if row["name"] == name)
    return row["label"]


class TestNames:
    def test_header(self) -> None:
        assert list(NAMES[0]) == ["name", "label", "source", "not_after", "not_before"]

    def test_no_name_twice_under_a_label(self) -> None:
        assert not repeated((row["name"], row["label"]) for row in NAMES)

    def test_no_name_under_two_labels(self) -> None:
        assert not several_labels(NAMES, "name")

    def test_labels(self) -> None:
        assert {row["label"] for row in NAMES} == LABELS - {"DOCUMENT"}

    def test_a_name_is_longer_than_a_character_and_clean(self) -> None:
        assert not [
            row["name"]
            for row in NAMES
            if len(row["name"]) < 2 or re.search(r"[\s,|#<>]", row["name"])
        ]

    def test_quotation_marks_are_paired(self) -> None:
        assert not [
            row["name"] for row in NAMES if not re.fullmatch("(?:[^“”]|“[^“”]+”)+", row["name"])
        ]

    def test_every_name_has_a_source(self) -> None:
        assert all(row["source"] for row in NAMES)

    def test_no_province_prefecture_or_county_is_listed(self) -> None:
        # Divisions are in regions.csv; only new areas that are parks as well have the same name.
        regions = {row["name"] for row in read_table("regions.csv")}
        assert {
            row["name"] for row in NAMES if row["name"] in regions and row["label"] != "PARK"
        } == set()

    @pytest.mark.parametrize(
        ("name", "label"),
        [
            ("工信部", "GOV"),
            ("国家卫计委", "GOV"),
            ("中国农科院", "INSTITUTION"),
            ("石河子大学", "INSTITUTION"),
            ("邮储银行", "COMPANY"),
            ("雨露计划", "PROGRAM"),
            ("“双减”", "PROGRAM"),
            ("湖南省科技进步奖", "HONOUR"),
            ("湘江新区", "PARK"),
            ("洞庭湖", "PLACE"),
        ],
    )
    def test_some_rows(self, name: str, label: str) -> None:
        assert label_of(name) == label

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("各级教育部门", "教育部"),
            ("湖南银行业", "湖南银行"),
            ("最美团队", "美团"),
            ("湖南非遗", "南非"),
            ("湖南大学生创业", "湖南大学"),
        ],
    )
    def test_a_neighbour_that_forbids_a_name(self, text: str, name: str) -> None:
        (row,) = (row for row in NAMES if row["name"] == name)
        before, _, after = text.partition(name)
        assert before[-1:] in (row["not_after"] or "×") or after[:1] in (row["not_before"] or "×")


class TestHeads:
    def test_header(self) -> None:
        assert list(HEADS[0]) == ["head", "label", "kind", "needs", "not_before", "except"]

    def test_no_head_twice(self) -> None:
        assert not repeated(row["head"] for row in HEADS)

    def test_labels_kinds_and_needs(self) -> None:
        assert {row["label"] for row in HEADS} == LABELS - HEADLESS
        assert all(re.fullmatch("[a-z]+", row["kind"]) for row in HEADS)
        assert {need for row in HEADS if row["needs"] for need in row["needs"].split("|")} == NEEDS

    def test_an_exception_ends_in_its_head(self) -> None:
        assert not [
            (row["head"], word)
            for row in HEADS
            for word in row["except"].split()
            if not word.endswith(row["head"])
        ]

    def test_a_head_of_one_character_needs_something(self) -> None:
        assert not [row["head"] for row in HEADS if len(row["head"]) == 1 and not row["needs"]]
