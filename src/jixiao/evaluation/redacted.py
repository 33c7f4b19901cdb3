"""An evaluation fit to be shared: the differences quote masked words only."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from jixiao.documents import Report
from jixiao.errors import EvaluationError
from jixiao.evaluation.discrepancies import Discrepancy
from jixiao.evaluation.matching import AnnotationLike
from jixiao.evaluation.report import Evaluation
from jixiao.redaction import Mask


def redacted(
    evaluation: Evaluation, texts: Mapping[str, str], *sides: Mapping[str, AnnotationLike]
) -> Evaluation:
    """Return an evaluation in whose differences personal names and numbers are masked.

    Parameters
    ----------
    texts
        The raw text of every document that was scored.
    sides
        The annotations that were compared, by ``doc_id``: a name that one side knows is masked in both.

    Raises
    ------
    EvaluationError
        If a text is not there, without which names cannot be found.
    """
    missing = sorted(evaluation.documents.keys() - texts.keys())
    if missing:
        raise EvaluationError(
            f"names in {', '.join(missing[:3])} cannot be masked without the raw text; give the folder "
            "of raw texts with --text"
        )
    masks = {
        doc_id: Mask(
            Report(doc_id, texts[doc_id]),
            [record for side in sides if doc_id in side for record in side[doc_id].records],
        )
        for doc_id in {one.doc_id for one in evaluation.errors}
    }
    errors = tuple(_masked(one, masks[one.doc_id]) for one in evaluation.errors)
    return dataclasses.replace(evaluation, errors=errors)


def _masked(one: Discrepancy, mask: Mask) -> Discrepancy:
    def hide(quoted: str | None) -> str | None:
        return quoted and mask.string(quoted)

    return dataclasses.replace(
        one,
        text=mask.string(one.text),
        gold=hide(one.gold),
        predicted=hide(one.predicted),
        other=hide(one.other),
        sentence=hide(one.sentence),
    )
