"""``tests/cases/checks.csv``: which relations a text asserts, and what comes of them.

``checks`` lists ``kind/verdict/stated`` joined by ``; ``, the value in the unit of the records; ``-`` says
that there is none to find. Others may be confirmed beside them, but nothing else may be contradicted, and
where ``-`` stands nothing is contradicted at all. ``\\n`` in a text ends a line. The bureaus and numbers are
made up.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from jixiao.pipeline import annotate_text
from jixiao.records import Check

CASES = Path(__file__).parents[2] / "cases" / "checks.csv"
HEAD = "湄潭县商务局2022年度部门整体支出绩效自评报告\n\n一、基本情况\n"


def checks_of(text: str) -> list[Check]:
    records = annotate_text(f"{HEAD}{text}\n").records
    return [record for record in records if isinstance(record, Check)]


def rows() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['phenomenon']}-{row['text'][:24]}")
def test_case(row: dict[str, str]) -> None:
    found = checks_of(row["text"].replace("\\n", "\n"))
    shown = Counter(f"{one.kind}/{one.verdict}/{one.stated}" for one in found)
    expected = Counter([] if row["checks"] == "-" else row["checks"].split("; "))
    assert not expected - shown, [one.message for one in found]
    alarms = {name for name in shown - expected if "/inconsistent/" in name}
    assert not alarms, [one.message for one in found]
    if row["checks"] == "-":
        assert not [one for one in found if one.verdict != "ok"], [one.message for one in found]


def test_every_kind_and_verdict_of_prose_has_a_case() -> None:
    named = {tuple(one.split("/")[:2]) for row in rows() for one in row["checks"].split("; ")}
    assert {"sum", "difference", "share", "growth", "integer_base", "list_count", "duplicate"} <= {
        kind for kind, *_ in named
    }
    assert {"ok", "rounded", "truncated", "inconsistent", "scope"} <= {
        v for _, *v in named for v in v
    }
