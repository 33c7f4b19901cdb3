"""The summary of a run tells what was found, what failed and where to go on."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from jixiao.batch.manifest import FailureEntry
from jixiao.batch.run import RunSummary
from jixiao.batch.tally import Tally
from jixiao.views.summary import duration, render_summary


def summary(failed: int = 0, **fields: Any) -> RunSummary:
    tally = Tally(documents=1234 + failed, failed=failed, characters=5_678_901, aligned=3, facts=9)
    tally.quantities.update({"MONEY": 4, "COUNT": 8})
    failures = [
        FailureEntry(f"d{n}", f"a/d{n}.txt", "read", "DocumentError", f"reason {n}")
        for n in range(failed)
    ]
    values: dict[str, Any] = {
        "out": Path("my results"),
        "counts": tally.to_dict(),
        "skipped": {},
        "failures": failures,
        "reused": 0,
        "outdated": False,
        "workbook": "facts.xlsx",
        "page": "report.html",
        "kept": None,
        "example": "d0",
        "workers": 1,
        "elapsed_seconds": 83.0,
    }
    return RunSummary(**values | fields)


def shown(run: RunSummary, width: int = 110) -> str:
    output = io.StringIO()
    render_summary(run, Console(file=output, width=width, highlight=False))
    return output.getvalue()


def test_counts_are_told() -> None:
    output = shown(summary())
    assert "1,234 ok" in output
    assert "5,678,901  1 min 23 s, 68,420 a second, 1 worker" in output
    assert "12  COUNT 数量 8, MONEY 金额 4" in output
    assert "25.0%" in output
    assert "failed" not in output


def test_paths_can_be_pasted_into_a_shell() -> None:
    output = shown(summary())
    assert "jixiao show 'my results/annotations/d0.jsonl'" in output
    assert "--pred 'my results'" in output


def test_failures_are_listed_but_not_without_end() -> None:
    output = shown(summary(failed=25))
    assert "25 failed" in output
    assert "reason 19" in output
    assert "reason 20" not in output
    assert "and 5 more" in output
    assert "--resume" in output


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reused": 7}, "7 unchanged since the former run"),
        ({"parts": {"report.html": 3}}, "index of 3 pages, report-001.html and so on"),
        ({"parts": {"事实": 2}}, "; 事实 on 2 worksheets"),
        ({"outdated": True}, "other settings or another version"),
        ({"skipped": {".csv": 2}}, "passed over: .csv 2"),
        ({"workbook": None}, "--workbook"),
        ({"kept": "facts.edited-1.xlsx"}, "kept as facts.edited-1.xlsx"),
        ({"workers": 3}, "3 workers"),
    ],
)
def test_what_is_out_of_the_ordinary_is_said(fields: dict[str, Any], words: str) -> None:
    assert words in shown(summary(**fields))


def test_a_run_in_which_all_failed() -> None:
    run = summary(counts=Tally(documents=1, failed=1).to_dict(), example=None)
    assert "jixiao show" not in shown(run)


def test_duration() -> None:
    assert duration(0.04) == "0.0 s"
    assert duration(3600) == "1 h 00 min"
