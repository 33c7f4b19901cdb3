"""The real gold against itself: the one score that is known beforehand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jixiao.evaluation import evaluate_folders

REPORTS = os.environ.get("JIXIAO_REPORTS")


@pytest.mark.skipif(not REPORTS, reason="JIXIAO_REPORTS names no folder with corpus/ and gold/")
def test_gold_against_itself_is_perfect() -> None:
    reports = Path(str(REPORTS))
    evaluation = evaluate_folders(reports / "gold", reports / "gold", reports / "corpus")
    for scores in (evaluation.micro, *evaluation.documents.values()):
        for tallies in scores.groups.values():
            for tally in tallies.values():
                assert set(tally.ratios.values()) <= {1.0, None}
    assert evaluation.micro.quantities["all"].tp > 0
    assert evaluation.errors == ()
    assert evaluation.unverified == ()
