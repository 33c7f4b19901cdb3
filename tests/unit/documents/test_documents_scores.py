"""``tests/cases/scores.csv``: what reports say of their own score and grade."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.documents import Report
from jixiao.documents.scores import find_score

FILE = Path(__file__).parents[2] / "cases" / "scores.csv"
with FILE.open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))


@pytest.mark.parametrize("row", ROWS, ids=[row["text"].strip()[:30] for row in ROWS])
def test_score_and_grade(row: dict[str, str]) -> None:
    report = Report("x", row["text"])
    found = find_score(report.view.text, report.blocks, own=row["own"] == "yes", year="2021")
    expected = Decimal(row["score"]) if row["score"] else None
    assert found == (expected, row["grade"] or None)


def test_the_record_has_them() -> None:
    record = Report(
        "x", "某县水利局2021年度绩效自评报告\n自评得分98.50分，等级为“优”。\n"
    ).document_record()
    assert (record.score, record.grade) == (Decimal("98.50"), "优")
