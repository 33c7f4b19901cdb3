"""The ranker is fitted on candidates, and what a document has for its indicators can be hidden."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import numpy as np

from jixiao.evaluation.reading import AnnotationFile
from jixiao.indicators import load_catalogue
from jixiao.indicators.align import Aligner
from jixiao.indicators.features import FEATURES, INDEX
from jixiao.indicators.ranker import Ranker
from jixiao.pipeline import annotate_text
from jixiao.training.alignment import (
    Prepared,
    Seen,
    as_gold,
    by_model,
    calibrate,
    fit,
    hide_names,
    rates,
    strictest,
    without_own_names,
)
from jixiao.training.alignment_figures import GROUPS, judged, judged_by_others
from jixiao.training.development import GoldDocument

TEXT = "民乐县2022年新增高新技术企业3家，预算执行率96.4%。"


def prepared(folder: Path, doc_id: str = "a", text: str = TEXT) -> Prepared:
    path = folder / f"{doc_id}.txt"
    path.write_text(text, encoding="utf-8")
    found = annotate_text(text, doc_id=doc_id)
    gold = AnnotationFile(found.document, list(found.records))
    return Prepared(GoldDocument(doc_id, "train", path, gold))


def taught(number: int = 400) -> list[Seen]:
    """Return numbers whose right candidate is the one that is named before them."""
    draw = Random(1)
    seen = []
    for _ in range(number):
        right = draw.randrange(2)
        rows = np.zeros((2, len(FEATURES)))
        rows[right, INDEX["at_lead"]] = 1.0
        seen.append(Seen(["a", "b"], rows, "ab"[right]))
    return seen


def test_a_document_is_read_with_what_gold_gives_its_numbers(tmp_path: Path) -> None:
    document = prepared(tmp_path)
    assert document.asked == 2
    seen = document.visit(Aligner(load_catalogue()), as_gold)
    assert [one.chosen for one in seen] == ["high_tech_enterprises", "budget_completion_rate"]
    assert all(len(one.rows) == len(one.candidates) for one in seen)
    assert all(item.quantity.indicator is None for item in document.items)


def test_the_parts_of_a_whole_may_be_its_line_items(tmp_path: Path) -> None:
    text = "民乐县2022年接待游客3万人次。\n项目支出900万元，其中大棚改造400万元。"
    seen = prepared(tmp_path, text=text).visit(Aligner(load_catalogue()), as_gold)
    items = ["project_expenditure_item" in one.candidates for one in seen]
    assert items == [False, True, True]
    details = [
        one.rows[:, INDEX["detail"]].tolist()[one.candidates.index("project_expenditure_item")]
        for one in seen[1:]
    ]
    assert details == [1.0, 1.0]


def test_the_names_of_a_document_can_be_hidden(tmp_path: Path) -> None:
    document, catalogue = prepared(tmp_path), load_catalogue()
    hidden = hide_names(catalogue, document, 1.0, Random(1)).indicators
    known = catalogue.indicators["budget_completion_rate"]
    assert "预算执行率" in known.aliases
    assert "预算执行率" not in hidden["budget_completion_rate"].aliases
    assert hidden["budget_completion_rate"].name_zh == known.name_zh
    assert hidden["three_public_total"] == catalogue.indicators["three_public_total"]
    assert hide_names(catalogue, document, 0.0, Random(1)).indicators == catalogue.indicators


def test_a_hidden_name_is_not_derived_again(tmp_path: Path) -> None:
    document, catalogue = prepared(tmp_path, text="民乐县新增高企3家。"), load_catalogue()
    assert "高企" in catalogue.aliases
    assert "高企" not in hide_names(catalogue, document, 1.0, Random(1)).aliases


def test_the_names_that_only_one_document_has_can_be_left_out(tmp_path: Path) -> None:
    documents = {
        "a": prepared(tmp_path),
        "b": prepared(tmp_path, "b", "民乐县2022年高新技术企业达30家，安全事故0起。"),
    }
    left = without_own_names(load_catalogue(), documents, "a").indicators
    assert "预算执行率" not in left["budget_completion_rate"].aliases
    assert "高新技术企业" in left["high_tech_enterprises"].aliases
    assert "安全事故" in left["safety_accidents"].aliases


def test_a_report_is_judged_by_the_calibration_of_the_others() -> None:
    row = np.zeros((1, len(FEATURES)))
    sure = [Seen(["a"], row, "a" if n % 4 else None, "a", 2.0) for n in range(40)]
    unsure = [Seen(["a"], row, None if n % 4 else "a", "a", -2.0) for n in range(40)]
    found = judged_by_others({"one": [*sure, *unsure], "other": [*sure[:1], *sure, *unsure]})
    assert len(found) == 161
    assert all(0.6 < confidence < 0.9 for confidence, _ in found[:40])
    assert judged(sure[:1], [1.0, -2.0]) == [(0.5, False)]


def test_every_feature_is_of_one_group() -> None:
    assert [sum(belongs(name) for belongs in GROUPS.values()) for name in FEATURES] == [1] * len(
        FEATURES
    )


def test_what_is_fitted_can_be_stored_and_ranks() -> None:
    stored = json.loads(json.dumps(fit(taught())))
    ranker = Ranker(stored)
    named, other = np.zeros(len(FEATURES)), np.zeros(len(FEATURES))
    named[INDEX["at_lead"]] = 1.0
    first, second = ranker.scores([named, other])
    assert first > 0 > second
    assert stored == fit(taught())


def test_a_feature_left_out_decides_nothing() -> None:
    ranker = Ranker(fit(taught(), without=[INDEX["at_lead"]]))
    rows = np.zeros((2, len(FEATURES)))
    rows[0, INDEX["at_lead"]] = 1.0
    assert len(set(ranker.scores(rows).tolist())) == 1


def test_the_model_chooses_or_says_none(tmp_path: Path) -> None:
    document = prepared(tmp_path)
    ranker = Ranker(fit(taught()))
    seen = document.visit(Aligner(load_catalogue()), by_model(ranker, 0.0))
    assert [one.chosen for one in seen] == ["high_tech_enterprises", "budget_completion_rate"]
    none = document.visit(Aligner(load_catalogue()), by_model(ranker, 99.0))
    assert [one.chosen for one in none] == [None, None]


def test_sure_decisions_are_given_a_higher_probability() -> None:
    row = np.zeros((1, len(FEATURES)))
    seen = [Seen(["a"], row, "a" if n % 10 < n // 10 else None, "a", n / 10) for n in range(100)]
    slope, _ = calibrate(seen)
    assert slope > 0


def held_out(right: int, wrong: int, missing: int) -> list[Seen]:
    """Return decisions on numbers that gold aligns: so many right, so many wrong, so many not made."""
    row = np.zeros((1, len(FEATURES)))
    return [
        *[Seen(["a"], row, "a", "a")] * right,
        *[Seen(["a"], row, "b", "a")] * wrong,
        *[Seen(["a"], row, "a")] * missing,
    ]


def test_the_threshold_is_that_of_the_best_f_half() -> None:
    """Neither the best F1 nor the best precision."""
    most, precise, few = held_out(900, 100, 0), held_out(880, 85, 35), held_out(500, 7, 493)
    chosen, decided = strictest({-1.0: most, 0.0: precise, 1.0: few})
    assert rates(most).f1 > rates(precise).f1
    assert rates(few).precision > rates(precise).precision
    assert chosen == 0.0
    assert decided == precise


def test_of_equally_good_thresholds_the_higher_is_taken() -> None:
    assert strictest({-1.0: held_out(9, 1, 0), 0.0: held_out(9, 1, 0)})[0] == 0.0


def test_a_higher_threshold_that_is_worse_is_not_taken() -> None:
    less = held_out(899, 101, 0)
    assert strictest({-1.0: held_out(900, 100, 0), 0.0: less})[0] == -1.0
