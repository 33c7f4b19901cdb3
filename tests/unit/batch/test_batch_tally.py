"""What a run found is counted, names by label and claims by kind."""

from __future__ import annotations

from jixiao.batch.tally import Tally
from jixiao.pipeline import annotate_text

TEXT = "一、工作成效\n民乐县教育局获评全省先进单位。全年新建学校3所，比上年增长20%。\n"


def test_names_and_claims_are_counted_by_label_and_kind() -> None:
    tally = Tally()
    for _ in range(2):
        tally.add(len(TEXT), annotate_text(TEXT).records)
    counts = tally.to_dict()
    assert counts["claims"] == 6
    assert counts["claims_by_kind"] == {"growth": 2, "output": 2, "recognition": 2}
    assert counts["entities"] == sum(counts["entities_by_label"].values())
    assert counts["entities_by_label"]["GOV"] == 2


def test_nothing_found_is_counted_too() -> None:
    counts = Tally().to_dict()
    assert (counts["claims"], counts["claims_by_kind"]) == (0, {})
    assert (counts["entities"], counts["entities_by_label"]) == (0, {})
