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
from jixiao.indicators import Aligner, load_catalogue
from jixiao.pipeline import annotate_report
from jixiao.training.development import GoldDocument, annotate_all, gold_documents, select

_FIELDS = ("measure", "period", "modality", "bound", "region", "noun")


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
    rows = []
    for name, splits in (
        ("specimens, test (gold made blind, not tuned on)", ("test",)),
        ("specimens, train (development)", ("train",)),
        ("real reports (development)", ("real",)),
    ):
        chosen = select(documents, *splits)
        if chosen:
            predicted = annotate_all(chosen)
            rows.append(row(name, *_evaluations(chosen, predicted)))
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
    lines = [header, ["---"] * len(header), *rows]
    sys.stdout.write("".join(f"| {' | '.join(cells)} |\n" for cells in lines))
    sys.stdout.write(f"\nMeasured {datetime.now(tz=UTC):%Y-%m-%d} by `make figures`.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
