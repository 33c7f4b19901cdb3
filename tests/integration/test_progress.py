"""Progress goes to a terminal, and nowhere else."""

from __future__ import annotations

import io
import sys

import pytest

from jixiao.batch.run import Progress
from jixiao.cli.progress import progress_bar


class Terminal(io.StringIO):
    """What looks like a terminal."""

    def isatty(self) -> bool:
        return True


def test_nothing_is_shown_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress_bar() as progress:
        assert progress is None
    assert sys.stderr.getvalue() == ""  # type: ignore[attr-defined]


def test_documents_rate_and_failures_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("COLUMNS", "120")
    with progress_bar() as progress:
        assert progress is not None
        progress(Progress(1500, 3000, 10, 40, failed=2))
    output = terminal.getvalue()
    assert "1,500 of 3,000" in output
    assert "/s" in output
    assert "2 failed" in output
    assert "left" in output
