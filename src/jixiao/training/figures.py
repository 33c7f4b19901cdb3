"""Print the accuracy table of the README, as Markdown: data, split and date beside every figure.

``python -m jixiao.training.figures`` measures the specimens of the repository and, where
``JIXIAO_REPORTS`` names them, the real reports: as they are (development) and leave-one-report-out,
which drops every alias that is attested in the scored report alone.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from jixiao.annotation import Annotation
from jixiao.documents import read
from jixiao.evaluation.report import Evaluation, evaluate
from jixiao.indicators import load_catalogue
from jixiao.indicators.align import Aligner
from jixiao.pipeline import annotate_report
from jixiao.training.development import GoldDocument, annotate_all, gold_documents, select

_FIELDS = ("measure", "period", "modality", "bound", "region", "noun")
_LABELS = (
    "COMPANY",
    "GOV",
    "INSTITUTION",
    "PARK",
    "PLACE",
    "PERSON",
    "PROGRAM",
    "HONOUR",
    "DOCUMENT",
)
_KINDS = ("recognition", "ranking", "milestone", "growth", "output", "compliance")


def left_out(documents: Mapping[str, GoldDocument]) -> dict[str, Annotation]:
    """Return the annotation of each document without the aliases attested only in it."""
    catalogue = load_catalogue()
    return {
        doc_id: annotate_report(
            read(found.path), aligner=Aligner(catalogue.without_support(doc_id))
        )
        for doc_id, found in documents.items()
    }


def row(name: str, found: Evaluation, aligned: Evaluation) -> list[str]:
    """Return the cells of one data set: name, scores, field accuracies.

    ``aligned`` covers those documents of ``found`` whose gold has indicators.
    """
    micro, whole = found.micro, aligned.micro
    cells = [
        _share(micro.quantities["all"].f1),
        _share(micro.quantities_strict["all"].f1),
        _share(whole.indicators["matched"].precision),
        _share(whole.indicators["matched"].recall),
        _share(whole.facts["core"].f1),
        _share(whole.facts["full"].f1),
        *(_share(micro.fields[field].accuracy) for field in _FIELDS),
    ]
    return [name, *cells]


def names_row(name: str, found: Evaluation) -> list[str]:
    """Return the cells of one data set: exact F1 of entities, over all and by label."""
    entities = found.micro.entities
    return [name, *(_share(entities[key].f1) if key in entities else "–" for key in _ALL_LABELS)]


def claims_row(name: str, found: Evaluation) -> list[str]:
    """Return the cells of one data set: F1 of claims (span and kind), over all and by kind."""
    claims = found.micro.claims
    return [name, *(_share(claims[key].f1) if key in claims else "–" for key in _ALL_KINDS)]


_ALL_LABELS = ("all", *_LABELS)
_ALL_KINDS = ("all", *_KINDS)


def _evaluations(
    documents: Mapping[str, GoldDocument], predicted: Mapping[str, Annotation]
) -> tuple[Evaluation, Evaluation]:
    """Return the scores of all documents, and of those whose gold has indicators."""
    gold = {doc_id: found.gold for doc_id, found in documents.items()}
    whole = {doc_id: found.gold for doc_id, found in documents.items() if found.aligned}
    return evaluate(gold, predicted), evaluate(
        whole, {doc_id: predicted[doc_id] for doc_id in whole}
    )


def _share(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.3f}"


def main() -> int:
    """Measure and print; return the exit code."""
    documents = gold_documents()
    rows, names, claims = [], [], []
    for name, splits in (
        ("specimens, test (gold made blind, not tuned on)", ("test",)),
        ("specimens, train (development)", ("train",)),
        ("real reports (development)", ("real",)),
    ):
        chosen = select(documents, *splits)
        if chosen:
            predicted = annotate_all(chosen)
            scored = _evaluations(chosen, predicted)
            rows.append(row(name, *scored))
            names.append(names_row(name, scored[0]))
            claims.append(claims_row(name, scored[0]))
    real = select(documents, "real")
    if real:
        scored = _evaluations(real, left_out(real))
        rows.append(row("real reports, leave-one-report-out aliases", *scored))
    header = [
        "data",
        "quantities F1",
        "strict F1",
        "indicator P",
        "indicator R",
        "facts core F1",
        "facts full F1",
        *_FIELDS,
    ]
    _print_table(header, rows)
    _print_table(["entities, exact F1", *_ALL_LABELS], names)
    _print_table(["claims, span and kind F1", *_ALL_KINDS], claims)
    sys.stdout.write(f"Measured {datetime.now(tz=UTC):%Y-%m-%d} by `make figures`.\n")
    return 0


def _print_table(header: list[str], rows: list[list[str]]) -> None:
    lines = [header, ["---"] * len(header), *rows]
    sys.stdout.write("".join(f"| {' | '.join(cells)} |\n" for cells in lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
