"""``tests/cases/lexicon.csv``: one smallest text for each row of the tables of knowledge.

A row that is deleted from a table, added without a case, or that changes nothing, fails here.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from jixiao.resources import read_table

FILE = Path(__file__).parents[2] / "cases" / "lexicon.csv"
with FILE.open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))


def _case(line: int, row: dict[str, str]) -> object:
    reason = row["note"].removeprefix("xfail: ")
    marks = [pytest.mark.xfail(reason=reason)] if reason != row["note"] else []
    return pytest.param(row["text"], row["expected"], id=f"line{line}", marks=marks)


CASES = [_case(line, row) for line, row in enumerate(ROWS, start=2)]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_word(text: str, expected: str, quantities_of: Callable[[str], str]) -> None:
    assert quantities_of(text) == expected


def _covered(table: str) -> list[str]:
    return sorted(row["surface"] for row in ROWS if row["table"] == table)


@pytest.mark.parametrize("table", ["units", "stopnames"])
def test_every_row_has_its_case(table: str) -> None:
    assert _covered(table) == sorted(row["surface"] for row in read_table(f"{table}.csv"))


@pytest.mark.parametrize("position", ["prefix", "infix", "suffix"])
def test_every_bound_has_its_case(position: str) -> None:
    rows = [row for row in read_table("bounds.csv") if row["position"] == position]
    assert _covered(f"bounds {position}") == sorted(row["surface"] for row in rows)


def test_no_table_row_stands_twice() -> None:
    for table, fields in (("units", ["surface"]), ("bounds", ["position", "surface"])):
        keys = [tuple(row[field] for field in fields) for row in read_table(f"{table}.csv")]
        assert len(keys) == len(set(keys))


def test_no_unit_is_guarded_twice_against_a_character() -> None:
    twice = {
        row["surface"]: [
            char for char, n in Counter(row["not_before"].partition("/")[0]).items() if n > 1
        ]
        for row in read_table("units.csv")
    }
    assert not {surface: chars for surface, chars in twice.items() if chars}
