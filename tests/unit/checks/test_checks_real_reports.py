"""The relations of real reports that were worked out by hand: how many are found, with which verdict."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jixiao.evaluation.checks import PRINTED_SCALES, checks_of, match_checks, read_relations
from jixiao.evaluation.scores import count_checks
from jixiao.pipeline import annotate_content

REPORTS = Path(os.environ.get("JIXIAO_REPORTS", ""))
RELATIONS = REPORTS / "consistency-checks.jsonl"


@pytest.mark.skipif(
    not os.environ.get("JIXIAO_REPORTS") or not RELATIONS.is_file(),
    reason="JIXIAO_REPORTS names no folder with consistency-checks.jsonl",
)
def test_relations_of_real_reports() -> None:
    right = asked = 0
    for doc_id, gold in read_relations(RELATIONS).items():
        content = (REPORTS / "corpus" / f"{doc_id}.txt").read_bytes()
        found = checks_of(annotate_content(content, doc_id=doc_id).records)
        counts = count_checks(match_checks(gold, found, scales=PRINTED_SCALES))
        alarms = counts["inconsistent"]
        assert (alarms.fp, alarms.fn) == (0, 0), doc_id
        right += counts["verdict"].tp
        asked += len(gold)
    assert right >= 0.9 * asked, f"{right} of {asked}"
