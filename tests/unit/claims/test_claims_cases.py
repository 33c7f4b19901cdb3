"""``tests/cases/claims.csv``: what a sentence under a heading claims, and what it does not.

``claims`` lists the claims in order, joined by ``; ``, each ``kind/span/level/object``; a level ``-``
is left out, an empty object is not looked at. An empty cell says that there is no claim. ``frame`` tells
further fields of the records, ``number.field=value`` joined by ``; ``, ``-`` for one left out. The bureaus,
firms and places are made up; the report is that of a county about 2022.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from jixiao.claims import FoundClaim, find_claims, triggers
from jixiao.documents import Report
from jixiao.pipeline import annotate_text, context_of
from jixiao.records import ClaimKind
from jixiao.resources import read_table

CASES = Path(__file__).parents[2] / "cases" / "claims.csv"
ROWS = list(csv.DictReader(CASES.read_text(encoding="utf-8").splitlines()))
LEAST_POSITIVE, LEAST_NEGATIVE = 5, 3


def read_claims(row: dict[str, str]) -> tuple[str, list[FoundClaim]]:
    report = Report(
        "case", f"湄潭县水务局2022年度绩效自评报告\n一、{row['section']}\n{row['text']}\n"
    )
    items, _, _ = context_of(report)
    return report.view.text, find_claims(report, items)


def told(row: dict[str, str]) -> list[list[str]]:
    return [claim.split("/") for claim in row["claims"].split("; ") if claim]


def failures(row: dict[str, str]) -> list[str]:
    text, found = read_claims(row)
    expected = told(row)
    got = [[c.kind, text[c.start : c.end], c.level or "-", c.object or ""] for c in found]
    if [claim[:3] for claim in got] != [claim[:3] for claim in expected]:
        return [f"{got} for {expected}"]
    pairs = zip(expected, got, strict=True)
    return [f"{claim} for {wanted}" for wanted, claim in pairs if wanted[3] not in ("", claim[3])]


@pytest.mark.parametrize("row", ROWS, ids=[row["text"] for row in ROWS])
def test_case(row: dict[str, str]) -> None:
    assert not failures(row)


FRAMES = [row for row in ROWS if row["frame"]]


@pytest.mark.parametrize("row", FRAMES, ids=[row["text"] for row in FRAMES])
def test_frame(row: dict[str, str]) -> None:
    title = "湄潭县水务局2022年度绩效自评报告"
    claims = annotate_text(f"{title}\n一、{row['section']}\n{row['text']}\n").claims
    for told_of in row["frame"].split("; "):
        name, _, expected = told_of.partition("=")
        number, _, field = name.partition(".")
        assert (getattr(claims[int(number) - 1], field) or "-") == expected, told_of


def test_every_kind_has_cases() -> None:
    positive = Counter(claim[0] for row in ROWS for claim in told(row))
    negative = Counter(row["phenomenon"].removeprefix("not ") for row in ROWS if not row["claims"])
    for kind in get_args(ClaimKind):
        assert positive[kind] >= LEAST_POSITIVE
        assert negative[kind] >= LEAST_NEGATIVE


# Rows of triggers.csv that decide a case: without them the claim is lost or of another kind.
DECISIVE = [
    "获评",
    "入选",
    "评为",
    "授予",
    "通过",
    "获",
    "取得",
    "位列",
    "居",
    "最大",
    "最多",
    "高于",
    "首个",
    "唯一",
    "零的突破",
    "转正",
    "新增",
    "提高",
    "投入使用",
    "举办",
    "未发生",
    "没有发生",
    "无拖欠",
    "全覆盖",
    "全部",
    "满意度",
    "支持",
    "积极",
]


@pytest.fixture
def without(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    surface = str(request.param)
    rows = tuple(row for row in read_table("triggers.csv") if row["surface"] != surface)
    monkeypatch.setattr(triggers, "read_table", lambda _: rows)
    forget()
    yield surface
    monkeypatch.undo()
    forget()


def forget() -> None:
    for kept in (triggers._words, triggers._automaton):
        kept.cache_clear()  # type: ignore[attr-defined]


@pytest.mark.parametrize("without", DECISIVE, indirect=True)
def test_row_does_real_work(without: str) -> None:
    assert any(failures(row) for row in ROWS if without in row["text"])
