"""The ranker is fitted on candidates, and what a document has for its indicators can be hidden."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import numpy as np

from jixiao.evaluation.reading import AnnotationFile
from jixiao.indicators import Aligner, load_catalogue
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
)
from jixiao.training.development import GoldDocument

TEXT = "民乐县2022年新增高新技术企业3家，预算执行率96.4%。"


def prepared(folder: Path) -> Prepared:
    path = folder / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    found = annotate_text(TEXT, doc_id="a")
    gold = AnnotationFile(found.document, list(found.records))
    return Prepared(GoldDocument("a", "train", path, gold))


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


def test_the_names_of_a_document_can_be_hidden(tmp_path: Path) -> None:
    document, catalogue = prepared(tmp_path), load_catalogue()
    hidden = hide_names(catalogue, document, 1.0, Random(1)).indicators
    known = catalogue.indicators["budget_completion_rate"]
    assert "预算执行率" in known.aliases
    assert "预算执行率" not in hidden["budget_completion_rate"].aliases
    assert hidden["budget_completion_rate"].name_zh == known.name_zh
    assert hidden["three_public_total"] == catalogue.indicators["three_public_total"]
    assert hide_names(catalogue, document, 0.0, Random(1)).indicators == catalogue.indicators


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


def test_of_thresholds_hardly_below_the_best_f1_the_most_precise_is_taken() -> None:
    most, precise, few = held_out(900, 100, 0), held_out(880, 85, 35), held_out(700, 10, 290)
    chosen, decided = strictest({-1.0: most, 0.0: precise, 1.0: few})
    assert 0 < rates(most).f1 - rates(precise).f1 < 0.005
    assert rates(few).precision > rates(precise).precision
    assert chosen == 0.0
    assert decided == precise


def test_of_equally_precise_thresholds_the_higher_is_taken() -> None:
    assert strictest({-1.0: held_out(9, 1, 0), 0.0: held_out(9, 1, 0)})[0] == 0.0


def test_a_higher_threshold_that_is_less_precise_is_not_taken() -> None:
    less = held_out(899, 101, 0)
    assert strictest({-1.0: held_out(900, 100, 0), 0.0: less})[0] == -1.0
