"""Fit the decision on claims: which clauses of results state something achieved.

:func:`train_claims` fits a logistic regression over the structure of clauses on the gold claims of
the training specimens and writes it as a table of weights, ``resources/claims_model.json``. The real
reports and the test specimens are left out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

from jixiao.claims.decide import MODEL, Model
from jixiao.claims.find import candidates, find_claims
from jixiao.documents import read
from jixiao.evaluation.matching import Matching, covers_half, match_overlapping
from jixiao.pipeline import context_of
from jixiao.records import Claim
from jixiao.training.development import GoldDocument, gold_documents, select

TABLE: Final = Path(__file__).parents[1] / "resources" / MODEL
_STRENGTH: Final = 0.5
_DECIMALS: Final = 3


class Example(NamedTuple):
    """The features of a clause, and whether gold has a claim there."""

    features: Sequence[str]
    claimed: bool


class Place(NamedTuple):
    """A claim at view offsets, gold or found."""

    start: int
    end: int
    kind: str


def gold_places(document: GoldDocument) -> list[Place]:
    """Return the gold claims of a document at view offsets."""
    view = read(document.path).view
    return [
        Place(*view.view_span(record.start, record.end), record.kind)
        for record in document.gold.records
        if isinstance(record, Claim)
    ]


def examples(document: GoldDocument) -> list[Example]:
    """Return the clauses of a document in which a rule reads a claim, each with what gold says."""
    report = read(document.path)
    items, _, _ = context_of(report)
    gold = gold_places(document)
    found = []
    for candidate in candidates(report, items):
        claimed = any(covers_half(place, candidate) for place in gold)
        found.append(Example(candidate.shape.features(), claimed))
    return found


def fit(found: Sequence[Example], strength: float = _STRENGTH) -> Model:
    """Return the model fitted on examples; ``strength`` is the inverse of the regularisation."""
    vectorizer = import_module("sklearn.feature_extraction").DictVectorizer()
    matrix = vectorizer.fit_transform([dict.fromkeys(e.features, 1.0) for e in found])
    linear_model = import_module("sklearn.linear_model")
    regression = linear_model.LogisticRegression(C=strength, max_iter=2000)
    regression.fit(matrix, [e.claimed for e in found])
    names = vectorizer.get_feature_names_out()
    weights = {str(n): float(w) for n, w in zip(names, regression.coef_[0], strict=True)}
    weights["bias"] = weights.get("bias", 0.0) + float(regression.intercept_[0])
    rounded = {name: round(weight, _DECIMALS) for name, weight in weights.items()}
    return Model({name: weight for name, weight in rounded.items() if weight})


def rendered(fitted: Model) -> str:
    """Return the content of a model's file."""
    stored = {
        "made_by": "jixiao.training.claims.train_claims",
        "threshold": fitted.threshold,
        "weights": dict(sorted(fitted.weights.items())),
    }
    return json.dumps(stored, ensure_ascii=False, indent=1) + "\n"


def score(document: GoldDocument, weights: Model | None = None) -> Matching[Any]:
    """Return the matching of a document's gold claims with those a model finds."""
    report = read(document.path)
    items, _, _ = context_of(report)
    found = [Place(c.start, c.end, c.kind) for c in find_claims(report, items, weights=weights)]
    return match_overlapping(gold_places(document), found, lambda c: c.kind, covers_half)


def left_one_out(documents: Mapping[str, GoldDocument]) -> dict[str, Matching[Any]]:
    """Return the matching of each document under the model that is fitted on the others."""
    found = {doc_id: examples(document) for doc_id, document in documents.items()}
    return {
        doc_id: score(
            document, fit([e for other in found if other != doc_id for e in found[other]])
        )
        for doc_id, document in documents.items()
    }


def f1(matchings: Sequence[Matching[Any]]) -> float | None:
    """Return the F1 of spans with their kind over documents; None where there is nothing."""
    pairs = sum(len(m.pairs) for m in matchings)
    total = 2 * pairs + sum(len(m.missed) + len(m.spurious) for m in matchings)
    return 2 * pairs / total if total else None


def train_claims(table: Path = TABLE) -> str:
    """Fit the model on the training specimens, write it, and return what was done in a line."""
    documents = select(gold_documents(), "train")
    found = [e for document in documents.values() for e in examples(document)]
    fitted = fit(found)
    table.write_text(rendered(fitted), encoding="utf-8", newline="\n")
    measured = f1(list(left_one_out(documents).values())) or 0.0
    return (
        f"{table.name}: {len(fitted.weights)} weights from {len(found)} clauses of "
        f"{', '.join(documents)}; F1 with each left out in turn {measured:.3f}"
    )


def main() -> int:
    """Fit and write the model; return the exit code."""
    sys.stdout.write(train_claims() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
