"""How well alignment decides, as Markdown: ``jixiao train alignment --measure``.

Every figure of the specimens is of a model that never saw the specimen; the real reports, which teach
the calibration only, are read by the model of the package, with all names and without those only they
support. How well confidence means a probability is shown with each report left out of its calibration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from math import exp
from typing import Final

from jixiao.evaluation.calibration import Calibration, calibrate
from jixiao.indicators import load_catalogue
from jixiao.indicators.align import Aligner
from jixiao.indicators.features import FEATURES, PLACES
from jixiao.indicators.ranker import ranker
from jixiao.training import alignment
from jixiao.training.alignment import (
    Prepared,
    Seen,
    by_model,
    decide_real,
    left_one_out,
    lessons,
    rates,
    teaching,
)
from jixiao.training.development import gold_documents, select

# A name stands in a table or above the text, or else in the sentence.
_ELSEWHERE: Final = frozenset(
    f"at_{place}"
    for place in PLACES
    if place.endswith(("row", "column")) or place in ("caption", "above", "heading", "title")
)
_HISTORY: Final = frozenset(FEATURES[FEATURES.index("last") : FEATURES.index("fit")])
_ALIAS: Final = frozenset(FEATURES[FEATURES.index("best") : FEATURES.index("mentions")])
_FIRST_OF_NUMBER: Final = FEATURES.index("count")
GROUPS: Final[Mapping[str, Callable[[str], bool]]] = {
    "names in the sentence": lambda f: f.startswith("at_") and f not in _ELSEWHERE,
    "names in tables, headings, title": _ELSEWHERE.__contains__,
    "how the best name fits": _ALIAS.__contains__,
    "phrases like a name": lambda f: f.startswith("near_"),
    "definitions": lambda f: f.startswith("told_"),
    "numbers before": _HISTORY.__contains__,
    "unit": lambda f: f in ("fit", "classifier"),
    "other names in the report": lambda f: f in ("mentions", "frequent", "category", "detail"),
    "rivals": lambda f: f in ("rank", "ahead", "others"),
    "the number itself": lambda f: FEATURES.index(f) >= _FIRST_OF_NUMBER,
}
"""The features that the ablation leaves out in turn."""

LEFT_OUT: Final = "specimens, each and the names only it has left out in turn"
_COVERAGES: Final = (1.0, 0.9, 0.8, 0.7, 0.5, 0.3)


def measure_alignment() -> str:
    """Return accuracy, calibration, risk–coverage and ablation as Markdown."""
    catalogue, model = load_catalogue(), ranker()
    prepared = {doc_id: Prepared(document) for doc_id, document in teaching().items()}
    taught = lessons(prepared, catalogue)
    at = (model.threshold,)
    (decided,) = left_one_out(prepared, taught, catalogue, thresholds=at).values()
    (named,) = left_one_out(prepared, taught, catalogue, thresholds=at, named=True).values()
    runs = {LEFT_OUT: decided, "specimens, each left out in turn, its names kept": named}
    real = decide_real(model, catalogue)
    if real:
        runs["real reports, each without the names only it supports"] = list(chain(*real.values()))
        runs["real reports, all names"] = [
            seen
            for document in select(gold_documents(), "real").values()
            for seen in Prepared(document).visit(
                Aligner(catalogue), by_model(model, model.threshold)
            )
        ]
    sure = {name: judged(seen, model.calibration) for name, seen in runs.items()}
    if len(real) > 1:
        sure["real reports, calibrated on the others"] = judged_by_others(real)
    lines = ["| data | numbers | precision | recall | F1 |", "| --- | --- | --- | --- | --- |"]
    lines += [_accuracy(name, seen) for name, seen in runs.items()]
    for name, decisions in sure.items():
        found = calibrate(decisions)
        if found is not None:
            lines += ["", *_reliability(name, found), "", *_risk(found)]
    lines += ["", "| without | F1 of specimens left out | change |", "| --- | --- | --- |"]
    whole = rates(decided).f1
    for name, belongs in GROUPS.items():
        without = [number for number, feature in enumerate(FEATURES) if belongs(feature)]
        (seen,) = left_one_out(prepared, taught, catalogue, without, at).values()
        f1 = rates(seen).f1
        lines.append(f"| {name} | {f1:.3f} | {f1 - whole:+.3f} |")
    return "\n".join(lines)


def judged(seen: Sequence[Seen], calibration: Sequence[float]) -> list[tuple[float, bool]]:
    """Return the confidence of every aligned number, and whether it is right.

    >>> import numpy as np
    >>> right = Seen(["a"], np.zeros((1, 1)), "a", "a", score=0.0)
    >>> judged([right, right._replace(chosen=None)], [1.0, 0.0])
    [(0.5, True)]
    """
    slope, intercept = calibration
    return [
        (1 / (1 + exp(-(slope * one.score + intercept))), one.chosen == one.gold)
        for one in seen
        if one.chosen is not None
    ]


def judged_by_others(real: Mapping[str, Sequence[Seen]]) -> list[tuple[float, bool]]:
    """Return the same of each document with the calibration fitted on the others."""
    return [
        decision
        for doc_id, seen in real.items()
        for decision in judged(
            seen, alignment.calibrate([s for other in real if other != doc_id for s in real[other]])
        )
    ]


def _accuracy(name: str, seen: Sequence[Seen]) -> str:
    found = rates(seen)
    return f"| {name} | {len(seen)} | {found.precision:.3f} | {found.recall:.3f} | {found.f1:.3f} |"


def _reliability(name: str, found: Calibration) -> list[str]:
    """Return the table of confidence against accuracy, bin by bin."""
    lines = [
        f"Confidence, {name}: expected calibration error {found.error:.3f}",
        "",
        "| confidence | numbers | mean confidence | right |",
        "| --- | --- | --- | --- |",
    ]
    return lines + [
        f"| {b.low:.1f}–{b.high:.1f} | {b.number} | {b.confidence:.3f} | {b.accuracy:.3f} |"
        for b in found.bins
    ]


def _risk(found: Calibration) -> list[str]:
    """Return what is left wrong where only the surest are kept."""
    lines = ["| kept | from confidence | wrong |", "| --- | --- | --- |"]
    for coverage in _COVERAGES:
        within = [point for point in found.curve if point.coverage <= coverage]
        if within:
            point = max(within, key=lambda one: one.coverage)
            lines.append(f"| {point.coverage:.2f} | {point.threshold:.3f} | {point.risk:.3f} |")
    return lines
