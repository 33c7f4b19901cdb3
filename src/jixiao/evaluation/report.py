"""The evaluation of a corpus: scores of each document and of all, and every difference."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jixiao.errors import EvaluationError
from jixiao.evaluation.calibration import Calibration, calibrate_layer
from jixiao.evaluation.confusion import Confusion, count_confusions
from jixiao.evaluation.discrepancies import Discrepancy, find_discrepancies
from jixiao.evaluation.intervals import LEVEL, RESAMPLES, Interval, Key, find_intervals
from jixiao.evaluation.matching import AnnotationLike, match_document
from jixiao.evaluation.outcomes import (
    BREAKDOWNS,
    LAYERS,
    By,
    Layer,
    Outcome,
    break_down,
    find_outcomes,
)
from jixiao.evaluation.places import Places
from jixiao.evaluation.reading import (
    AnnotationFile,
    check_against_text,
    check_same_text,
    check_values,
    fits_text,
    read_annotations,
    read_texts,
)
from jixiao.evaluation.scores import Counts, Ratios, Scores, add_up, mean_ratios, score_document
from jixiao.evaluation.spans import SCHEMES
from jixiao.records import Document

if TYPE_CHECKING:
    import pandas as pd

HEADLINES: Final[Mapping[str, Iterable[str]]] = {
    "quantities": ("all", "prose", "table"),
    "quantities_strict": ("all",),
    "quantity_spans": SCHEMES,
    "entity_spans": SCHEMES,
    "claim_spans": SCHEMES,
    "located": ("value", "unit", "bound"),
    "fields": ("bound", "noun", "measure", "direction", "period", "region", "modality", "facet"),
    "indicators": ("matched", "end_to_end"),
    "entities": ("all",),
    "claims": ("all",),
    "facts": ("core", "full"),
    "checks": ("all", "verdict"),
}
"""The scores that get an interval unless others are asked for."""


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
    outcomes
        What became of each record, for breakdowns and calibration.
    confusion
        What was taken for what, by what is confused: ``labels``, ``entities``, ``claims``,
        ``measures``, ``indicators``.
    """

    documents: Mapping[str, Scores]
    errors: tuple[Discrepancy, ...]
    unpredicted: tuple[str, ...] = ()
    ungolded: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    confusion: Mapping[str, Confusion] | None = None

    @cached_property
    def micro(self) -> Scores:
        """The sum over the documents: every record weighs the same."""
        return add_up(self.documents.values())

    @cached_property
    def macro(self) -> dict[str, dict[str, Ratios]]:
        """The mean over the documents, group → name → ratio: every document weighs the same."""
        return mean_ratios(list(self.documents.values()))

    def intervals(
        self,
        groups: Mapping[str, Iterable[str]] = HEADLINES,
        *,
        resamples: int = RESAMPLES,
        seed: int = 0,
        level: float = LEVEL,
    ) -> dict[Key, Interval]:
        """Return the bootstrap intervals of micro ratios by (group, name, ratio).

        Whole documents are drawn, see :func:`jixiao.evaluation.intervals.bootstrap_ratio`.
        """
        scores = list(self.documents.values())
        return find_intervals(scores, groups, resamples=resamples, seed=seed, level=level)

    def breakdown(self, layer: Layer, by: By) -> dict[str, Counts]:
        """Return the counts of a layer by label, section kind, place or document."""
        return break_down(self.outcomes, layer, by)

    def calibration(self, layer: Layer) -> Calibration | None:
        """Return how a layer's confidence agrees with how often it is right.

        None where no predicted record has a confidence. A quantity is right where it matches, an
        aligned one (layer ``indicators``) where its indicator does too.
        """
        return calibrate_layer(self.outcomes, layer)

    @cached_property
    def unasked(self) -> dict[str, tuple[str, ...]]:
        """The documents by layer whose gold holds nothing of it where something was predicted.

        Gold that was made for other layers looks the same as gold that found nothing, and the
        predicted records count as made up.
        """
        found: dict[str, tuple[str, ...]] = {}
        for layer in LAYERS:
            parts = self.breakdown(layer, "document")
            empty = sorted(name for name, one in parts.items() if one.fp and not one.tp + one.fn)
            if empty:
                found[layer] = tuple(empty)
        return found

    def to_frame(self, name: str = "scores", **options: Any) -> pd.DataFrame:
        """Return one of the tables of the evaluation as a pandas frame.

        ``scores``, ``documents``, ``breakdowns``, ``confusion``, ``calibration``,
        ``risk_coverage`` or ``errors``, see :mod:`jixiao.evaluation.frames`; ``options`` are those of
        :meth:`intervals` for ``scores``.
        """
        from jixiao.evaluation.frames import frame

        return frame(self, name, **options)

    def to_html(self, **options: Any) -> str:
        """Return a page of its own with tables, plots and every difference.

        ``options`` are those of :meth:`intervals`.
        """
        from jixiao.evaluation.page import render_page

        return render_page(self, **options)

    def to_dict(self, intervals: Mapping[Key, Interval] | None = None) -> dict[str, Any]:
        """Return everything for JSON; a ratio with an empty denominator is null."""
        calibrations = {layer: self.calibration(layer) for layer in LAYERS}
        return {
            "micro": self.micro.to_dict(),
            "macro": self.macro,
            "documents": {doc_id: one.to_dict() for doc_id, one in self.documents.items()},
            "intervals": [
                {"group": group, "name": name, "ratio": ratio, **one.to_dict()}
                for (group, name, ratio), one in (intervals or {}).items()
            ],
            "breakdowns": {
                layer: {
                    by: {name: one.to_dict() for name, one in self.breakdown(layer, by).items()}
                    for by in BREAKDOWNS
                }
                for layer in LAYERS
            },
            "confusion": {
                name: [
                    {"gold": gold, "predicted": found, "count": number}
                    for (gold, found), number in sorted(counts.items())
                ]
                for name, counts in (self.confusion or {}).items()
            },
            "calibration": {layer: one.to_dict() for layer, one in calibrations.items() if one},
            "unpredicted": list(self.unpredicted),
            "ungolded": list(self.ungolded),
            "unverified": list(self.unverified),
            "unasked": {layer: list(names) for layer, names in self.unasked.items()},
            "errors": [error.to_dict() for error in self.errors],
        }


def evaluate(
    gold: Mapping[str, AnnotationLike],
    predicted: Mapping[str, AnnotationLike],
    texts: Mapping[str, str] | None = None,
    *,
    context: Mapping[str, str] | None = None,
) -> Evaluation:
    """Return how well ``predicted`` agrees with ``gold``, both by ``doc_id``.

    Where ``texts`` has the raw text of a document, both sides are checked against it; otherwise
    their hashes are compared. ``context`` has raw texts that are used, for the sentences and sections
    of the differences, where they fit both sides, and passed over where they do not.

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
    outcomes: list[Outcome] = []
    confusion: dict[str, Confusion] = {}
    for doc_id in sorted(gold):
        check_values("gold", doc_id, gold[doc_id])
        found = predicted.get(doc_id, _nothing(doc_id))
        matching = match_document(gold[doc_id], found)
        text = (texts or {}).get(doc_id) or _fitting(context, doc_id, gold[doc_id], found)
        places = Places(text, found.records)
        scores[doc_id] = score_document(matching)
        errors += find_discrepancies(doc_id, matching, places)
        outcomes += find_outcomes(doc_id, matching, places)
        for name, counts in count_confusions(matching).items():
            confusion.setdefault(name, Confusion()).update(counts)
    return Evaluation(
        documents=scores,
        errors=tuple(errors),
        unpredicted=tuple(sorted(gold.keys() - predicted.keys())),
        ungolded=tuple(sorted(predicted.keys() - gold.keys())),
        unverified=tuple(unverified),
        outcomes=tuple(outcomes),
        confusion=confusion,
    )


def evaluate_folders(gold: Path, predicted: Path, text: Path | None = None) -> Evaluation:
    """Return how well the annotation files of one folder agree with those of a gold folder.

    Without ``text``, raw texts that stand beside the annotations in a folder ``text``, as `jixiao
    annotate` writes them, give the sentences of the differences.

    Raises
    ------
    EvaluationError
        As :func:`evaluate`, and if a folder is missing or empty or a file is broken.
    """
    ours = read_annotations(gold)
    texts = read_texts(text) if text is not None else None
    context = None if texts is not None else texts_beside(ours, predicted, gold)
    return evaluate(ours, read_annotations(predicted), texts, context=context)


def texts_beside(doc_ids: Collection[str], *folders: Path) -> dict[str, str]:
    """Return the raw texts in ``text`` below the given folders, the first that has a document's."""
    found: dict[str, str] = {}
    for folder in reversed(folders):
        if (folder / "text").is_dir():
            found |= read_texts(folder / "text", doc_ids)
    return found


def _fitting(
    context: Mapping[str, str] | None,
    doc_id: str,
    gold: AnnotationLike,
    predicted: AnnotationLike,
) -> str | None:
    text = (context or {}).get(doc_id)
    if text is None or not (fits_text(gold, text) and fits_text(predicted, text)):
        return None
    return text


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
