"""``tests/cases/quantities.csv``: texts and *all* their quantities, in a readable notation.

To add an example, add a row. ``phenomenon`` groups rows; rows of ``…/trap`` hold what looks like
the phenomenon and is not. ``source`` says where the reading comes from: the guideline, the gold of
the ``specimens``, the ``standard`` GB/T 15835 (numerals), or usage in the ``genre``. A ``note``
that begins with ``xfail:`` marks a known failure and says what goes wrong. A malformed numeral has
the value ``None``.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "cases" / "quantities.csv"
with FILE.open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))
SOURCES = {"guideline", "specimens", "standard", "genre"}
QUANTITY = re.compile(
    r"(?P<surface>.+?)=(?:MONEY|PERCENT|COUNT|RATIO|RANK|SCORE|MEASURE)"
    r" (?:None|-?\d+(?:\.\d+)?(?:\.\.\d+(?:\.\d+)?)?) \S+ [=≈>≥<≤]"
)


def _case(line: int, row: dict[str, str]) -> object:
    reason = row["note"].removeprefix("xfail: ")
    marks = [pytest.mark.xfail(reason=reason)] if reason != row["note"] else []
    return pytest.param(row["text"], row["expected"], id=f"line{line}", marks=marks)


CASES = [_case(line, row) for line, row in enumerate(ROWS, start=2)]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_quantities(text: str, expected: str, quantities_of: Callable[[str], str]) -> None:
    assert quantities_of(text) == expected


class TestFile:
    def test_columns(self) -> None:
        assert list(ROWS[0]) == ["phenomenon", "text", "expected", "source", "note"]

    def test_no_row_is_ragged(self) -> None:
        assert not [row for row in ROWS if None in row or None in row.values()]

    def test_no_text_stands_twice(self) -> None:
        assert not [text for text, n in Counter(row["text"] for row in ROWS).items() if n > 1]

    def test_sources_are_known(self) -> None:
        assert {row["source"] for row in ROWS} == SOURCES

    def test_expected_is_in_the_notation_and_in_text_order(self) -> None:
        for row in ROWS:
            position = 0
            for quantity in filter(None, row["expected"].split("; ")):
                found = QUANTITY.fullmatch(quantity)
                assert found, quantity
                position = row["text"].index(found["surface"], position) + len(found["surface"])

    def test_every_phenomenon_has_five_examples_and_three_traps(self) -> None:
        count = Counter(row["phenomenon"] for row in ROWS)
        names = {name.removesuffix("/trap") for name in count}
        assert not {name for name in names if count[name] < 5 or count[f"{name}/trap"] < 3}
