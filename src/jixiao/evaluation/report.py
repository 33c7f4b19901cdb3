"""The evaluation of a corpus: scores of each document and of all, and every difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jixiao.errors import EvaluationError
from jixiao.evaluation.discrepancies import Discrepancy, find_discrepancies
from jixiao.evaluation.matching import AnnotationLike, match_document
from jixiao.evaluation.reading import (
    AnnotationFile,
    check_against_text,
    check_same_text,
    check_values,
    read_annotations,
    read_texts,
)
from jixiao.evaluation.scores import Ratios, Scores, add_up, mean_ratios, score_document
from jixiao.records import Document


@dataclass(frozen=True)
class Evaluation:
    """The scores of a corpus.

    Attributes
    ----------
    documents
        Scores of every gold document, by ``doc_id``, in the order of the ids.
    errors
        Every difference, document by document, in text order.
    unpredicted
        Gold documents without a prediction. They are scored: all their records are missed.
    ungolded
        Predicted documents without gold. They are not scored.
    unverified
        Documents of which neither hash nor raw text shows that both sides mean the same text.
    """

    documents: Mapping[str, Scores]
    errors: tuple[Discrepancy, ...]
    unpredicted: tuple[str, ...] = ()
    ungolded: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()

    @cached_property
    def micro(self) -> Scores:
        """The sum over the documents: every record weighs the same."""
        return add_up(self.documents.values())

    @cached_property
    def macro(self) -> dict[str, dict[str, Ratios]]:
        """The mean over the documents, group → name → ratio: every document weighs the same."""
        return mean_ratios(list(self.documents.values()))

    def to_dict(self) -> dict[str, Any]:
        """Return everything for JSON; a ratio with an empty denominator is null."""
        return {
            "micro": self.micro.to_dict(),
            "macro": self.macro,
            "documents": {doc_id: one.to_dict() for doc_id, one in self.documents.items()},
            "unpredicted": list(self.unpredicted),
            "ungolded": list(self.ungolded),
            "unverified": list(self.unverified),
            "errors": [error.to_dict() for error in self.errors],
        }


def evaluate(
    gold: Mapping[str, AnnotationLike],
    predicted: Mapping[str, AnnotationLike],
    texts: Mapping[str, str] | None = None,
) -> Evaluation:
    """Return how well ``predicted`` agrees with ``gold``, both by ``doc_id``.

    Where ``texts`` has the raw text of a document, both sides are checked against it; otherwise
    their hashes are compared.

    Raises
    ------
    EvaluationError
        If no document is on both sides, or the sides refer to different texts.

    >>> from jixiao.records import Entity
    >>> def 报告(*names: str) -> AnnotationFile:
    ...     places = {"岳阳市": 0, "君山区": 3}
    ...     return AnnotationFile(Document(doc_id="a"), [
    ...         Entity(id="e1", start=places[name], end=places[name] + 3, text=name, label="PLACE")
    ...         for name in names
    ...     ])
    >>> evaluation = evaluate({"a": 报告("岳阳市", "君山区")}, {"a": 报告("岳阳市")})
    >>> evaluation.micro.entities["all"]
    Counts(tp=1, fp=0, fn=1)
    >>> [(error.kind, error.text) for error in evaluation.errors]
    [('missed', '君山区')]
    """
    common = sorted(gold.keys() & predicted.keys())
    if not common:
        raise EvaluationError(_nothing_in_common(gold, predicted))
    unverified = [d for d in common if not _is_verified(d, gold[d], predicted[d], texts or {})]
    scores: dict[str, Scores] = {}
    errors: list[Discrepancy] = []
    for doc_id in sorted(gold):
        check_values("gold", doc_id, gold[doc_id])
        matching = match_document(gold[doc_id], predicted.get(doc_id, _nothing(doc_id)))
        scores[doc_id] = score_document(matching)
        errors += find_discrepancies(doc_id, matching)
    return Evaluation(
        documents=scores,
        errors=tuple(errors),
        unpredicted=tuple(sorted(gold.keys() - predicted.keys())),
        ungolded=tuple(sorted(predicted.keys() - gold.keys())),
        unverified=tuple(unverified),
    )


def evaluate_folders(gold: Path, predicted: Path, text: Path | None = None) -> Evaluation:
    """Return how well the annotation files of one folder agree with those of a gold folder.

    Raises
    ------
    EvaluationError
        As :func:`evaluate`, and if a folder is missing or empty or a file is broken.
    """
    texts = read_texts(text) if text is not None else None
    return evaluate(read_annotations(gold), read_annotations(predicted), texts)


def _is_verified(
    doc_id: str, gold: AnnotationLike, predicted: AnnotationLike, texts: Mapping[str, str]
) -> bool:
    check_values("predicted", doc_id, predicted)
    if (text := texts.get(doc_id)) is None:
        return check_same_text(doc_id, gold, predicted)
    check_against_text("gold", doc_id, gold, text)
    check_against_text("predicted", doc_id, predicted, text)
    return True


def _nothing(doc_id: str) -> AnnotationFile:
    document = Document(doc_id=doc_id)
    return AnnotationFile(document, [document])


def _nothing_in_common(gold: Mapping[str, object], predicted: Mapping[str, object]) -> str:
    return (
        f"no document is in both gold ({_some(gold)}) and predicted ({_some(predicted)}); expected "
        "at least one doc_id in common; check that both come from the same corpus and that file "
        "names were not changed"
    )


def _some(documents: Mapping[str, object]) -> str:
    names = sorted(documents)
    shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    return f"{len(names)}: {shown}" if names else "none"
