"""How well alignment decides, as Markdown: ``jixiao train alignment --measure``.

Every figure of the specimens is of a model that never saw the specimen; the real reports, which teach
nothing, are read by the model of the package, with all names and without those only they support.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from jixiao.evaluation.calibration import Calibration, calibrate
from jixiao.indicators import Aligner, load_catalogue
from jixiao.indicators.features import FEATURES
from jixiao.indicators.ranker import Ranker, ranker
from jixiao.training.alignment import (
    Prepared,
    Seen,
    by_model,
    left_one_out,
    lessons,
    rates,
    strictest,
    teaching,
)
from jixiao.training.development import gold_documents, select

_SENTENCE: Final = frozenset(
    f"at_{place}"
    for place in ("noun", "lead", "listed", "behind", "clause", "before", "earlier", "previous")
)
_HISTORY: Final = frozenset(
    [
        "left_cell",
        "upper_cell",
        "total",
        "relative",
        "same_value",
        "paired",
        "run",
        "other_last",
        "no_last",
    ]
)
_ALIAS: Final = frozenset(
    ["best", "weak", "length", "ambiguous", "gap", "between", "covering", "closing", "part"]
)
_FIRST_OF_NUMBER: Final = FEATURES.index("count")
GROUPS: Final[Mapping[str, Callable[[str], bool]]] = {
    "names in the sentence": _SENTENCE.__contains__,
    "names in tables, headings, title": lambda f: f.startswith("at_") and f not in _SENTENCE,
    "how the best name fits": _ALIAS.__contains__,
    "phrases like a name": lambda f: f.startswith("near_"),
    "definitions": lambda f: f.startswith("told_"),
    "numbers before": lambda f: f.startswith("last") or f in _HISTORY,
    "unit": lambda f: f in ("fit", "classifier"),
    "other names in the report": lambda f: f in ("mentions", "frequent", "category"),
    "rivals": lambda f: f in ("rank", "ahead", "others"),
    "the number itself": lambda f: FEATURES.index(f) >= _FIRST_OF_NUMBER,
}
"""The features that the ablation leaves out in turn."""

_COVERAGES: Final = (1.0, 0.9, 0.8, 0.7, 0.5, 0.3)


def measure_alignment() -> str:
    """Return accuracy, calibration, risk–coverage and ablation as Markdown."""
    catalogue = load_catalogue()
    prepared = {doc_id: Prepared(document) for doc_id, document in teaching().items()}
    taught = lessons(prepared, catalogue)
    threshold, decided = strictest(left_one_out(prepared, taught, catalogue))
    model = ranker()
    real = {
        doc_id: Prepared(document) for doc_id, document in select(gold_documents(), "real").items()
    }
    runs = {"specimens, each left out in turn": decided}
    if real:
        runs["real reports, names only they support left out"] = [
            seen
            for doc_id, document in real.items()
            for seen in document.visit(
                Aligner(catalogue.without_support(doc_id)), by_model(model, model.threshold)
            )
        ]
        runs["real reports, all names"] = [
            seen
            for document in real.values()
            for seen in document.visit(Aligner(catalogue), by_model(model, model.threshold))
        ]
    lines = ["| data | numbers | precision | recall | F1 |", "| --- | --- | --- | --- | --- |"]
    lines += [_accuracy(name, seen) for name, seen in runs.items()]
    for name, seen in runs.items():
        found = calibrate(judged(seen, model))
        if found is not None:
            lines += ["", *_reliability(name, found), "", *_risk(found)]
    lines += ["", "| without | F1 of specimens left out | change |", "| --- | --- | --- |"]
    whole = rates(decided).f1
    for name, belongs in GROUPS.items():
        without = [number for number, feature in enumerate(FEATURES) if belongs(feature)]
        held_out = left_one_out(prepared, taught, catalogue, without, (threshold,))
        f1 = rates(held_out[threshold]).f1
        lines.append(f"| {name} | {f1:.3f} | {f1 - whole:+.3f} |")
    return "\n".join(lines)


def judged(seen: Sequence[Seen], model: Ranker) -> list[tuple[float, bool]]:
    """Return the confidence of every aligned number, and whether it is right."""
    return [
        (model.probability(one.score), one.chosen == one.gold)
        for one in seen
        if one.chosen is not None
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
