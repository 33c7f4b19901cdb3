"""The documents with gold: the specimens of the repository and, where they are, the real reports."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from jixiao.annotation import Annotation
from jixiao.errors import EvaluationError
from jixiao.evaluation.reading import AnnotationFile, read_annotations

ROOT: Final = Path(__file__).parents[3]
GOLD_VERSION: Final = "1.2"


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A document with its gold: which part of the data it belongs to, its file and annotation.

    ``aligned`` is False where the quantities were annotated without their indicators.
    """

    doc_id: str
    split: Literal["train", "test", "real"]
    path: Path
    gold: AnnotationFile
    aligned: bool = True


def gold_documents(root: Path = ROOT, reports: Path | None = None) -> dict[str, GoldDocument]:
    """Return the documents with gold by id: specimens of ``root``, then real reports.

    A specimen that has no gold yet is left out.

    Parameters
    ----------
    root
        A checkout of the repository, with ``corpus/`` and ``annotations/``.
    reports
        A folder with ``corpus/`` and ``gold/``; where None, the one that the environment variable
        ``JIXIAO_REPORTS`` names, if any.

    Raises
    ------
    EvaluationError
        If ``root`` is no checkout.
    """
    manifest = root / "corpus" / "manifest.csv"
    if not manifest.is_file():
        raise EvaluationError(
            f"{root} holds no corpus/manifest.csv; expected a checkout of the repository, from "
            "which this command runs"
        )
    gold = read_annotations(root / "annotations" / GOLD_VERSION)
    documents = {}
    with manifest.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            doc_id = row["doc_id"]
            if doc_id not in gold:
                continue
            split: Literal["train", "test"] = "test" if row["split"] == "test" else "train"
            path = root / "corpus" / row["file"]
            aligned = row["aligned"] == "yes"
            documents[doc_id] = GoldDocument(doc_id, split, path, gold[doc_id], aligned)
    named = os.environ.get("JIXIAO_REPORTS")
    folder = reports or (Path(named) if named else None)
    if folder is not None:
        for doc_id, annotation in read_annotations(folder / "gold").items():
            path = folder / "corpus" / f"{doc_id}.txt"
            documents[doc_id] = GoldDocument(doc_id, "real", path, annotation)
    return documents


def select(documents: Mapping[str, GoldDocument], *splits: str) -> dict[str, GoldDocument]:
    """Return the documents of the given splits."""
    return {doc_id: found for doc_id, found in documents.items() if found.split in splits}


def annotate_all(documents: Mapping[str, GoldDocument]) -> dict[str, Annotation]:
    """Return the toolkit's own annotation of each document."""
    from jixiao.documents import read
    from jixiao.pipeline import annotate_report

    return {doc_id: annotate_report(read(found.path)) for doc_id, found in documents.items()}
