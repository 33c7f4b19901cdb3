"""Fit the ranker that decides which indicator a quantity measures: ``jixiao train alignment``.

Boosted trees learn from the candidates of the train specimens whose gold has indicators. Each
specimen is read several times: with the whole catalogue; with most of the names hidden that it
has for its own indicators, which is what a report of another bureau looks like; and with small
catalogues, which is what a user's own looks like. While they learn, the
numbers before one are aligned as gold has them. The threshold (:func:`strictest`) comes from runs in
which the specimen at hand was left out, with the names that only it has. The calibration is fitted on
the real reports' gold, each read without the names that only it supports; without real reports, on
the specimens left out. Otherwise real reports teach nothing, and test specimens nothing at all.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from jixiao.context import ContextAssigner
from jixiao.documents import read
from jixiao.entities import find_entities
from jixiao.evaluation.matching import match_quantities
from jixiao.indicators import Catalogue, Indicator, load_catalogue
from jixiao.indicators.align import Aligner
from jixiao.indicators.features import FEATURES, Case
from jixiao.indicators.ranker import MODEL, Ranker
from jixiao.numbers import Found, find_quantities
from jixiao.pipeline import publish, resolve
from jixiao.records import Quantity
from jixiao.training.development import GoldDocument, gold_documents, select

TABLE: Final = Path(__file__).parents[1] / "resources" / MODEL
HIDDEN: Final = (0.0, 0.7)
"""The shares of a specimen's own names that are hidden, one reading each."""

_SETTINGS: Final = {
    "max_iter": 50,
    "learning_rate": 0.15,
    "max_leaf_nodes": 10,
    "max_depth": 4,
    "min_samples_leaf": 40,
    "l2_regularization": 10.0,
    "early_stopping": False,
    "random_state": 0,
}
THRESHOLDS: Final = (-1.1, -0.8, -0.5, -0.2, 0.1, 0.4)
# Small catalogues: how many for each specimen, and which share of its own indicators and of others
# they have.
_SMALL: Final = 3
_KEPT: Final = 0.4
_MORE: Final = 0.05
_DECIMALS: Final = 5
_SEED: Final = 7


class Seen(NamedTuple):
    """A number with its candidates: their features, which gold has, which was chosen, how sure."""

    candidates: Sequence[str]
    rows: NDArray[np.float64]
    gold: str | None
    chosen: str | None = None
    score: float = 0.0


Chooser: TypeAlias = Callable[[Sequence[Case], str | None], Case | None]


class Prepared:
    """A document read up to its context, with the indicator that gold gives each number."""

    def __init__(self, document: GoldDocument) -> None:
        self.report = read(document.path)
        items, _ = find_quantities(self.report)
        self.items, _ = resolve(items, find_entities(self.report, items))
        context = ContextAssigner(self.report)
        context.assign(self.items)
        self.clauses = context.clauses
        gold = [record for record in document.gold.records if isinstance(record, Quantity)]
        matched = match_quantities(gold, publish(self.report, self.items)).pairs
        self.gold = {found.start: of_gold.indicator for of_gold, found in matched}
        self.asked = sum(indicator is not None for indicator in self.gold.values())

    def visit(self, aligner: Aligner, chooser: Chooser) -> list[Seen]:
        """Return what a chooser made of every number, in text order."""
        seen: list[Seen] = []

        def decide(item: Found, cases: Sequence[Case]) -> Case | None:
            gold = self.gold.get(item.quantity.start)
            case = chooser(cases, gold)
            best = max((one.score for one in cases), default=0.0)
            rows = np.array([one.row for one in cases])
            ids = [one.indicator.id for one in cases]
            seen.append(Seen(ids, rows, gold, case.indicator.id if case else None, best))
            return case

        aligner.visit(self.report, self.items, self.clauses, decide)
        self._forget()
        return seen

    def _forget(self) -> None:
        """Take back what was set, so that the next visit begins anew."""
        for item in self.items:
            quantity = item.quantity
            quantity.indicator = quantity.facet = quantity.candidates = None
            for name in ("alias", "place", "reasons"):
                (quantity.evidence or {}).pop(name, None)


def as_gold(cases: Sequence[Case], gold: str | None) -> Case | None:
    """Choose what gold has."""
    return next((case for case in cases if case.indicator.id == gold), None)


def by_model(model: Ranker, threshold: float) -> Chooser:
    """Return the chooser that takes the best candidate from a score on."""

    def choose(cases: Sequence[Case], _: str | None) -> Case | None:
        if not cases:
            return None
        for case, score in zip(cases, model.scores([one.row for one in cases]), strict=True):
            case.score = float(score)
        best = min(cases, key=lambda case: (-case.score, case.indicator.id))
        return best if best.score >= threshold else None

    return choose


def hide_names(catalogue: Catalogue, prepared: Prepared, share: float, draw: Random) -> Catalogue:
    """Return a catalogue without a share of the names a document has for its own indicators.

    The canonical names stay.
    """
    text, used = prepared.report.view.text, set(prepared.gold.values())

    def hidden(indicator: Indicator) -> set[str]:
        if indicator.id not in used:
            return set()
        return {name for name in _names(indicator) if name in text and draw.random() < share}

    return catalogue.without(hidden)


def without_own_names(
    catalogue: Catalogue, prepared: Mapping[str, Prepared], doc_id: str
) -> Catalogue:
    """Return a catalogue without the names that one document has and no other.

    It is to that document what the shipped catalogue is to a report nobody has seen.
    """
    own = prepared[doc_id].report.view.text
    others = [one.report.view.text for name, one in prepared.items() if name != doc_id]
    return catalogue.without(
        lambda indicator: {
            name
            for name in _names(indicator)
            if name in own and not any(name in text for text in others)
        }
    )


def _names(indicator: Indicator) -> tuple[str, ...]:
    return (*indicator.aliases, *indicator.weak_aliases)


def few(catalogue: Catalogue, prepared: Prepared, draw: Random) -> Catalogue:
    """Return a small catalogue: half of what a document's numbers measure, and a few more.

    From it the ranker learns that most numbers measure nothing of a user's own catalogue.
    """
    used = set(prepared.gold.values())
    return Catalogue(
        one
        for one in catalogue.indicators.values()
        if draw.random() < (_KEPT if one.id in used else _MORE)
    )


def lessons(prepared: Mapping[str, Prepared], catalogue: Catalogue) -> dict[str, list[Seen]]:
    """Return what each document teaches: its candidates, the numbers before aligned as in gold."""
    found: dict[str, list[Seen]] = {}
    for doc_id, document in prepared.items():
        draw = Random(_SEED)  # noqa: S311 - no secret
        catalogues = [hide_names(catalogue, document, share, draw) for share in HIDDEN]
        catalogues += [few(catalogue, document, draw) for _ in range(_SMALL)]
        found[doc_id] = [
            seen for known in catalogues for seen in document.visit(Aligner(known), as_gold)
        ]
    return found


def fit(seen: Sequence[Seen], without: Sequence[int] = ()) -> dict[str, Any]:
    """Return the model fitted on candidates, as it is stored; ``without`` are features left out."""
    ensemble = import_module("sklearn.ensemble")
    matrix = np.concatenate([one.rows for one in seen if one.candidates])
    matrix[:, list(without)] = 0.0
    right = [name == one.gold for one in seen for name in one.candidates]
    model = ensemble.HistGradientBoostingClassifier(**_SETTINGS).fit(matrix, right)
    return {
        "made_by": "jixiao.training.alignment.train_alignment",
        "features": list(FEATURES),
        "base": round(float(np.ravel(model._baseline_prediction)[0]), _DECIMALS),
        "trees": [_tree(predictor.nodes) for (predictor,) in model._predictors],
        "calibration": [1.0, 0.0],
        "threshold": 0.0,
    }


def _tree(nodes: NDArray[Any]) -> dict[str, list[float]]:
    """Return a fitted tree as lists, one entry for each node."""
    leaf = nodes["is_leaf"].astype(bool)
    return {
        "feature": np.where(leaf, -1, nodes["feature_idx"]).astype(int).tolist(),
        "threshold": np.where(leaf, 0.0, nodes["num_threshold"]).round(_DECIMALS).tolist(),
        "left": nodes["left"].astype(int).tolist(),
        "right": nodes["right"].astype(int).tolist(),
        "value": np.where(leaf, nodes["value"], 0.0).round(_DECIMALS).tolist(),
    }


def left_one_out(
    prepared: Mapping[str, Prepared],
    taught: Mapping[str, Sequence[Seen]],
    catalogue: Catalogue,
    without: Sequence[int] = (),
    thresholds: Sequence[float] = THRESHOLDS,
    *,
    named: bool = False,
) -> dict[float, list[Seen]]:
    """Return, by threshold, the decisions on each document of the model fitted on the others.

    The names that only the document has are left out too, unless ``named``.
    """
    models = {
        doc_id: Ranker(
            fit([s for other in taught if other != doc_id for s in taught[other]], without)
        )
        for doc_id in prepared
    }
    aligners = {
        doc_id: Aligner(catalogue if named else without_own_names(catalogue, prepared, doc_id))
        for doc_id in prepared
    }
    return {
        threshold: [
            seen
            for doc_id, document in prepared.items()
            for seen in document.visit(aligners[doc_id], by_model(models[doc_id], threshold))
        ]
        for threshold in thresholds
    }


class Rates(NamedTuple):
    """Precision, recall and F1 of indicators over matched quantities."""

    precision: float
    recall: float
    f1: float


def rates(seen: Sequence[Seen]) -> Rates:
    """Return how right decisions are.

    >>> rates([Seen(["a"], np.zeros((1, 1)), "a", "a"), Seen(["a"], np.zeros((1, 1)), "b")])
    Rates(precision=1.0, recall=0.5, f1=0.6666666666666666)
    """
    right = sum(one.chosen is not None and one.chosen == one.gold for one in seen)
    chosen = sum(one.chosen is not None for one in seen)
    asked = sum(one.gold is not None for one in seen)
    return Rates(
        right / chosen if chosen else 0.0,
        right / asked if asked else 0.0,
        2 * right / (chosen + asked) if chosen + asked else 0.0,
    )


def calibrate(seen: Sequence[Seen]) -> list[float]:
    """Return slope and intercept of the log odds that the chosen candidate is right, by its score."""
    chosen = [one for one in seen if one.chosen is not None]
    scores = [[one.score] for one in chosen]
    regression = import_module("sklearn.linear_model").LogisticRegression(C=1e6)
    regression.fit(scores, [one.chosen == one.gold for one in chosen])
    slope, intercept = regression.coef_[0][0], regression.intercept_[0]
    return [round(float(slope), _DECIMALS), round(float(intercept), _DECIMALS)]


def train_alignment(table: Path = TABLE) -> str:
    """Fit the ranker on the train specimens, write it, and return what was done in a line."""
    documents = teaching()
    prepared = {doc_id: Prepared(document) for doc_id, document in documents.items()}
    catalogue = load_catalogue()
    taught = lessons(prepared, catalogue)
    held_out = left_one_out(prepared, taught, catalogue)
    threshold, decided = strictest(held_out)
    stored = fit([seen for of_document in taught.values() for seen in of_document])
    stored["threshold"] = threshold
    real = [seen for of_one in decide_real(Ranker(stored), catalogue).values() for seen in of_one]
    stored["calibration"] = calibrate(real or decided)
    table.write_text(rendered(stored), encoding="utf-8", newline="\n")
    found = rates(decided)
    return (
        f"{table.name}: {len(stored['trees'])} trees from {', '.join(documents)}; with each and its "
        f"own names left out in turn precision {found.precision:.3f}, recall {found.recall:.3f}, F1 "
        f"{found.f1:.3f}; calibrated on {'the real reports' if real else 'these decisions'}"
    )


def decide_real(model: Ranker, catalogue: Catalogue) -> dict[str, list[Seen]]:
    """Return a model's decisions on each real report, without the names that only it supports.

    Empty where ``JIXIAO_REPORTS`` names no reports.
    """
    return {
        doc_id: Prepared(document).visit(
            Aligner(catalogue.without_support(doc_id)), by_model(model, model.threshold)
        )
        for doc_id, document in select(gold_documents(), "real").items()
    }


def rendered(stored: Mapping[str, Any]) -> str:
    """Return the content of a model's file."""
    return json.dumps(stored, separators=(",", ":")) + "\n"


def strictest(held_out: Mapping[float, Sequence[Seen]]) -> tuple[float, Sequence[Seen]]:
    """Return the threshold of the best F0.5; of equal ones the higher.

    F0.5 counts precision twice (van Rijsbergen 1979, chapter 7): a wrong number is worse than a
    missing one, and to F1 both are the same.
    """
    found = {threshold: rates(seen) for threshold, seen in held_out.items()}
    threshold = max(found, key=lambda threshold: (_f_half(found[threshold]), threshold))
    return threshold, held_out[threshold]


def _f_half(rate: Rates) -> float:
    weighted = 0.25 * rate.precision + rate.recall
    return 1.25 * rate.precision * rate.recall / weighted if weighted else 0.0


def teaching() -> dict[str, GoldDocument]:
    """Return the train specimens whose gold has indicators."""
    documents = select(gold_documents(), "train")
    return {doc_id: document for doc_id, document in documents.items() if document.aligned}


def main() -> int:
    """Fit and write the ranker; return the exit code."""
    sys.stdout.write(train_alignment() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
