"""The tables of names: closed lists, the heads that close a name, the words that give its level."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import pytest

from jixiao.resources import read_table

NAMES = read_table("names.csv")
HEADS = read_table("name_heads.csv")
LEVELS = read_table("levels.csv")

LABELS = {
    "COMPANY",
    "GOV",
    "INSTITUTION",
    "PARK",
    "PLACE",
    "PERSON",
    "PROGRAM",
    "HONOUR",
    "DOCUMENT",
}
KNOWN_LEVELS = {"国家", "省", "市", "县", "国际"}
NEEDS = {"place", "proper", "quoted", "level"}


def repeated(keys: Iterable[object]) -> list[object]:
    return [key for key, times in Counter(keys).items() if times > 1]


def several_labels(rows: Sequence[dict[str, str]], column: str) -> set[str]:
    labels = defaultdict(set)
    for row in rows:
        labels[row[column]].add(row["label"])
    return {surface for surface, found in labels.items() if len(found) > 1}


def label_and_level(name: str) -> tuple[str, str]:
    (row,) = (row for row in NAMES if row["name"] == name)
    return row["label"], row["level"]


class TestNames:
    def test_header(self) -> None:
        assert list(NAMES[0]) == [
            "name",
            "label",
            "level",
            "canonical",
            "source",
            "not_after",
            "not_before",
        ]

    def test_no_name_twice_under_a_label(self) -> None:
        assert not repeated((row["name"], row["label"]) for row in NAMES)

    def test_no_name_under_two_labels(self) -> None:
        assert not several_labels(NAMES, "name")

    def test_labels_and_levels(self) -> None:
        assert {row["label"] for row in NAMES} <= LABELS
        assert {row["level"] for row in NAMES} <= KNOWN_LEVELS | {""}

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

    def test_every_name_has_a_canonical_form_and_a_source(self) -> None:
        assert all(row["canonical"] and row["source"] for row in NAMES)

    def test_a_canonical_form_is_its_own(self) -> None:
        own = {row["name"]: row["canonical"] for row in NAMES}
        assert not [
            name for name, canonical in own.items() if own.get(canonical, canonical) != canonical
        ]

    def test_no_province_prefecture_or_county_is_listed(self) -> None:
        # Divisions are in regions.csv; only new areas that are parks as well have the same name.
        regions = {row["name"] for row in read_table("regions.csv")}
        assert {
            row["name"] for row in NAMES if row["name"] in regions and row["label"] != "PARK"
        } == set()

    @pytest.mark.parametrize(
        ("name", "label", "level"),
        [
            ("工信部", "GOV", "国家"),
            ("国家卫计委", "GOV", "国家"),
            ("中国农科院", "INSTITUTION", ""),
            ("石河子大学", "INSTITUTION", ""),
            ("邮储银行", "COMPANY", ""),
            ("雨露计划", "PROGRAM", "国家"),
            ("“双减”", "PROGRAM", "国家"),
            ("湖南省科技进步奖", "HONOUR", "省"),
            ("湘江新区", "PARK", ""),
            ("洞庭湖", "PLACE", ""),
        ],
    )
    def test_some_rows(self, name: str, label: str, level: str) -> None:
        assert label_and_level(name) == (label, level)

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
        assert list(HEADS[0]) == ["head", "label", "kind", "needs", "not_before", "except", "note"]

    def test_no_head_twice_under_a_label(self) -> None:
        assert not repeated((row["head"], row["label"]) for row in HEADS)

    def test_a_head_of_two_labels_has_a_note(self) -> None:
        shared = several_labels(HEADS, "head")
        assert not [row["head"] for row in HEADS if row["head"] in shared and not row["note"]]

    def test_labels_kinds_and_needs(self) -> None:
        assert {row["label"] for row in HEADS} == LABELS
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


class TestLevels:
    def test_header_surfaces_and_levels(self) -> None:
        assert list(LEVELS[0]) == ["surface", "level"]
        assert not repeated(row["surface"] for row in LEVELS)
        assert {row["level"] for row in LEVELS} == KNOWN_LEVELS

    @pytest.mark.parametrize(
        ("surface", "level"),
        [("国家级", "国家"), ("部级", "国家"), ("自治区级", "省"), ("州级", "市"), ("旗级", "县")],
    )
    def test_some_rows(self, surface: str, level: str) -> None:
        assert {row["surface"]: row["level"] for row in LEVELS}[surface] == level
