"""``tests/cases/entities.csv``: the names a sentence holds, and what looks like a name and is none.

``expected`` lists the names in order, ``name=LABEL`` joined by ``; ``; an empty cell says that there
is none. The bodies, firms, persons and towns are made up, the divisions are real. A text stands under
the title of a county's report and a heading of results, unless it brings its own heading or title in
the lines before it (``\\n`` begins a new line). ``phenomenon`` begins with the label it is about, or
with ``not`` and that label for what could be mistaken for it. A ``note`` that begins with ``xfail:``
marks a known failure and says what goes wrong. ``refers`` tells whom short forms mean, ``short=full``:
it is looked at where ``phenomenon`` speaks of a short form.

The rules are looked at alone: a model that is trained again would pass and fail other cases.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path
from typing import get_args

import pytest

from jixiao.documents import Report
from jixiao.entities import find_entities, publish_entities
from jixiao.numbers import find_quantities
from jixiao.records import EntityLabel

CASES = Path(__file__).parents[2] / "cases" / "entities.csv"
ROWS = list(csv.DictReader(CASES.read_text(encoding="utf-8").splitlines()))
LABELS = get_args(EntityLabel)
TITLE = "湄潭县水务局2022年度绩效自评报告"
HEADING = "一、主要工作成效"
LEAST_POSITIVE, LEAST_NEGATIVE = 5, 3


def document(text: str) -> str:
    lines = text.split("\\n")
    if len(lines) == 1:
        lines.insert(0, HEADING)
    if not lines[0].endswith("报告"):
        lines.insert(0, TITLE)
    return "\n".join([*lines, ""])


def names_in(text: str) -> list[str]:
    """Return the names behind the title as ``name=LABEL``: those of the rules, without the model."""
    report = Report("case", document(text))
    items, _ = find_quantities(report)
    title = report.view.text.index("\n")
    spans = [
        (report.view.raw_span(name.start, name.end), name.label)
        for name in find_entities(report, items, modelled=False)
        if name.start > title
    ]
    return [f"{report.raw[start:end]}={label}" for (start, end), label in spans]


SHORT = [row for row in ROWS if "short form" in row["phenomenon"]]


@pytest.mark.parametrize("row", SHORT, ids=[row["text"] for row in SHORT])
def test_short_form(row: dict[str, str]) -> None:
    report = Report("case", document(row["text"]))
    items, _ = find_quantities(report)
    records = publish_entities(report, find_entities(report, items, modelled=False))
    names = {record.id: record.text for record in records}
    found = {f"{r.text}={names[r.refers_to]}" for r in records if r.refers_to is not None}
    assert found == set(filter(None, row["refers"].split("; ")))


def told(row: dict[str, str]) -> list[str]:
    return row["expected"].split("; ") if row["expected"] else []


def _case(line: int, row: dict[str, str]) -> object:
    reason = row["note"].removeprefix("xfail: ")
    marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason != row["note"] else []
    return pytest.param(row, id=f"line{line}", marks=marks)


@pytest.mark.parametrize("row", [_case(line, row) for line, row in enumerate(ROWS, start=2)])
def test_case(row: dict[str, str]) -> None:
    assert names_in(row["text"]) == told(row)


class TestFile:
    def test_columns(self) -> None:
        assert list(ROWS[0]) == ["phenomenon", "text", "expected", "refers", "source", "note"]

    def test_no_text_stands_twice(self) -> None:
        count = Counter(row["text"] for row in ROWS)
        assert not [text for text, n in count.items() if n > 1]

    def test_expected_names_stand_in_their_order(self) -> None:
        for row in ROWS:
            position = 0
            for name, label in (entry.rsplit("=", 1) for entry in told(row)):
                assert label in LABELS
                position = row["text"].index(name, position) + len(name)

    @pytest.mark.parametrize("label", LABELS)
    def test_every_label_has_examples_and_traps(self, label: str) -> None:
        forms = defaultdict(set)
        for row in ROWS:
            for entry in told(row):
                forms[entry.rsplit("=", 1)[1]].add(row["text"])
        traps = [row for row in ROWS if row["phenomenon"].startswith(f"not {label} ")]
        assert len(forms[label]) >= LEAST_POSITIVE
        assert len(traps) >= LEAST_NEGATIVE
