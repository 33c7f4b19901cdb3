"""What a reviewed sample says of a run: precision, recall, corrected totals, and how sure that is.

A doubtful record (存疑) counts as not right, so that precision is not flattered; what it would be
if every doubtful one were right is told beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import exp, log
from pathlib import Path
from typing import Any, Final

from jixiao.errors import EvaluationError
from jixiao.evaluation.estimation import (
    LEVEL,
    Estimate,
    Stratum,
    estimate_proportion,
    estimate_total,
    prediction_powered_mean,
)
from jixiao.evaluation.outcomes import Layer
from jixiao.evaluation.reading import read_annotations
from jixiao.evaluation.report import evaluate
from jixiao.evaluation.review_sheet import (
    MISSED,
    RECORDS,
    Review,
    ReviewSheet,
    read_review_sheet,
)
from jixiao.evaluation.sampling import KINDS, SampledStratum, population_fingerprint
from jixiao.records import Claim, Entity, Quantity

FEW: Final = 30
"""With fewer reviewed records a precision is told to be rough."""
_LAYERS: Final[Mapping[str, Layer]] = {
    "quantity": "quantities",
    "entity": "entities",
    "claim": "claims",
}


@dataclass(frozen=True, slots=True)
class Total:
    """A total of the run as extracted, and as the sample corrects it.

    ``corrected`` is None where the sample has nothing to correct and is not the whole: the total
    stands as extracted, but the sample cannot say how sure that is.
    """

    name: str
    extracted: float
    corrected: Estimate | None

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return {
            "name": self.name,
            "extracted": self.extracted,
            "corrected": None if self.corrected is None else self.corrected.to_dict(),
        }


@dataclass(frozen=True)
class ReviewEstimate:
    """What a reviewed sample says of all records of a run.

    Attributes
    ----------
    sheet
        The sheet it was made from.
    level
        The level of all intervals.
    reviewed, unreviewed, doubtful
        How many sampled records have a verdict, have none, and are doubtful.
    precision
        The part of all records that is right.
    doubtful_right
        The same if every doubtful record were right.
    by_label, by_stratum
        Precision of the parts; of a stratum where every record drawn is reviewed.
    indicators
        The part of the records with an indicator whose indicator is right; None where no such verdict
        was given.
    counts
        Right records of all, and by label, beside those extracted.
    sums
        The sum of the amounts of money in yuan, beside that extracted (difference estimator).
    missed, recall
        How many numbers were missed, and the part of all that was found; None without sentences.
    powered
        Precision by prediction-powered inference, None without gold.
    gold_documents
        How many documents of the run have gold.
    """

    sheet: ReviewSheet
    level: float
    reviewed: int
    unreviewed: int
    doubtful: int
    precision: Estimate
    doubtful_right: Estimate
    by_label: Mapping[str, Estimate]
    by_stratum: Mapping[str, Estimate]
    indicators: Estimate | None
    counts: tuple[Total, ...]
    sums: tuple[Total, ...]
    missed: Estimate | None = None
    recall: Estimate | None = None
    powered: Estimate | None = None
    gold_documents: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return everything for JSON; what could not be estimated is null."""
        from jixiao.evaluation.review_views import methods_paragraph

        def told(one: Estimate | None) -> dict[str, Any] | None:
            return None if one is None else one.to_dict()

        return {
            "record": self.sheet.record,
            "fingerprint": self.sheet.fingerprint,
            "level": self.level,
            "reviewed": self.reviewed,
            "unreviewed": self.unreviewed,
            "doubtful": self.doubtful,
            "precision": told(self.precision),
            "doubtful_right": told(self.doubtful_right),
            "by_label": {name: one.to_dict() for name, one in self.by_label.items()},
            "by_stratum": {name: one.to_dict() for name, one in self.by_stratum.items()},
            "indicators": told(self.indicators),
            "counts": [one.to_dict() for one in self.counts],
            "sums": [one.to_dict() for one in self.sums],
            "missed": told(self.missed),
            "recall": told(self.recall),
            "powered": told(self.powered),
            "gold_documents": self.gold_documents,
            "strata": [
                {"id": one.id, "name": one.name, "size": one.size, "number": one.number}
                for one in self.sheet.strata
            ],
            "methods": {"zh": methods_paragraph(self, "zh"), "en": methods_paragraph(self, "en")},
        }


def estimate_review(
    path: Path,
    *,
    run: Path | None = None,
    gold: Path | None = None,
    partial: bool = False,
    level: float = LEVEL,
) -> ReviewEstimate:
    """Return what the verdicts in a review sheet say of the run it was drawn from.

    Parameters
    ----------
    path
        The workbook that ``jixiao sample`` wrote and a reviewer filled in.
    run
        The folder it was drawn from; the sheet is then checked to be of that run.
    gold
        A folder with gold for some documents of the run, for prediction-powered inference: needs
        ``run`` too.
    partial
        Whether records without a verdict are taken for missing at random inside their stratum.
    level
        The level of the intervals.

    Raises
    ------
    EvaluationError
        If the sheet was changed, has no verdict, too few of them, or is of another run.
    SettingsError
        If ``level`` is not between 0 and 1.
    """
    sheet = read_review_sheet(path)
    if run is not None:
        _check_run(path, sheet, run)
    elif gold is not None:
        raise EvaluationError(
            f"gold {gold} was given without the run; expected the folder the sample was drawn from "
            "as well; add --run"
        )
    strata = [one for one in sheet.strata if one.kind == "record"]
    reviewed = _reviewed(path, sheet.reviews, strata, partial)
    known = [one for ones in reviewed.values() for one in ones]
    sizes = {one.id: one.size for one in strata}

    def ratio(
        value: Callable[[Review], bool], about: Callable[[Review], bool] = lambda _: True
    ) -> Estimate | None:
        return estimate_proportion(_ratio_strata(reviewed, sizes, value, about), level=level)

    precision = ratio(_right)
    doubtful_right = ratio(lambda one: one.verdict != "wrong")
    if precision is None or doubtful_right is None:
        raise EvaluationError(f"{path} has no reviewed record; expected at least one verdict")
    by_label = {label: ratio(_right, _labelled(label)) for label in sheet.counts}
    told = {label: one for label, one in by_label.items() if one is not None}
    missed = _missed(path, sheet, partial, level)
    return ReviewEstimate(
        sheet=sheet,
        level=level,
        reviewed=len(known),
        unreviewed=len(sheet.reviews) - len(known),
        doubtful=sum(one.verdict == "doubtful" for one in known),
        precision=precision,
        doubtful_right=doubtful_right,
        by_label=told,
        by_stratum=_by_stratum(reviewed, strata, level),
        indicators=_indicators(reviewed, sizes, level),
        counts=_counts(sheet, precision, told),
        sums=_sums(sheet, reviewed, sizes, level),
        missed=missed,
        recall=None if missed is None else _recall(sheet, precision, missed, level),
        **_powered(run, gold, sheet, level),
    )


def _check_run(path: Path, sheet: ReviewSheet, run: Path) -> None:
    found = population_fingerprint(run, sheet.record)
    if found != sheet.fingerprint:
        raise EvaluationError(
            f"{path} was drawn from records with the fingerprint {sheet.fingerprint}, those in {run} "
            f"have {found}; expected the run the sample was drawn from: verdicts on one run say "
            "nothing of another; give that run's folder, or sample this one"
        )


def _reviewed(
    path: Path, reviews: Sequence[Review], strata: Sequence[SampledStratum], partial: bool
) -> dict[str, list[Review]]:
    """Return the records with a verdict by stratum; refuse what cannot be estimated from."""
    without = [one.number for one in reviews if one.verdict is None]
    if len(without) == len(reviews):
        raise EvaluationError(
            f"{path}, sheet {RECORDS}: no record has a verdict; expected 正确, 错误 or 存疑 in the column "
            "数值复核 (复核 for names and achievements); fill it in and save as .xlsx"
        )
    if without and not partial:
        some = ", ".join(map(str, without[:5])) + (" …" if len(without) > 5 else "")
        raise EvaluationError(
            f"{path}, sheet {RECORDS}: {len(without)} of {len(reviews)} records have no verdict "
            f"(序号 {some}); expected one for each; fill them in, or give --partial if they were left "
            "out by chance and not because they were hard"
        )
    found: dict[str, list[Review]] = {one.id: [] for one in strata}
    for review in reviews:
        if review.verdict is not None:
            found[review.stratum].append(review)
    empty = [one for one in strata if not found[one.id]]
    if empty:
        raise EvaluationError(
            f"{path}, sheet {RECORDS}: no record of stratum {empty[0].id} ({empty[0].name}) has a "
            f"verdict; nothing can be said of its {empty[0].size} records; review at least one"
        )
    return found


def _right(review: Review) -> bool:
    return review.verdict == "right"


def _labelled(label: str) -> Callable[[Review], bool]:
    return lambda review: review.label == label


def _ratio_strata(
    reviewed: Mapping[str, Sequence[Review]],
    sizes: Mapping[str, int],
    value: Callable[[Review], bool],
    about: Callable[[Review], bool],
) -> list[Stratum]:
    return [
        Stratum(
            sizes[name],
            [float(about(one) and value(one)) for one in ones],
            [float(about(one)) for one in ones],
        )
        for name, ones in reviewed.items()
    ]


def _by_stratum(
    reviewed: Mapping[str, Sequence[Review]], strata: Sequence[SampledStratum], level: float
) -> dict[str, Estimate]:
    found = {}
    for one in strata:
        right = [float(_right(review)) for review in reviewed[one.id]]
        estimate = estimate_proportion([Stratum(one.size, right, [1.0] * len(right))], level=level)
        if estimate is not None:
            found[one.id] = estimate
    return found


def _indicators(
    reviewed: Mapping[str, Sequence[Review]], sizes: Mapping[str, int], level: float
) -> Estimate | None:
    """Return the precision of the indicators, over the records that have one and a verdict on it."""

    def about(review: Review) -> bool:
        return review.has_indicator and review.indicator_verdict is not None

    strata = _ratio_strata(reviewed, sizes, lambda one: one.indicator_verdict == "right", about)
    return estimate_proportion(strata, level=level)


def _counts(
    sheet: ReviewSheet, precision: Estimate, by_label: Mapping[str, Estimate]
) -> tuple[Total, ...]:
    """Return the right records: the extracted are counted, so the ratio carries all uncertainty."""
    number = sum(sheet.counts.values())
    totals = [Total("all", number, _scaled(precision, number))]
    totals += [
        Total(label, sheet.counts[label], _scaled(one, sheet.counts[label]))
        for label, one in by_label.items()
    ]
    return tuple(totals)


def _scaled(one: Estimate, by: float) -> Estimate:
    ends = one.low * by, one.high * by
    return Estimate(one.value * by, one.error * by, *ends, one.number, one.method)


def _sums(
    sheet: ReviewSheet,
    reviewed: Mapping[str, Sequence[Review]],
    sizes: Mapping[str, int],
    level: float,
) -> tuple[Total, ...]:
    totals = []
    for label, known in sheet.sums.items():
        strata = [
            Stratum(
                sizes[name],
                [float(_correction(one)) if one.label == label else 0.0 for one in ones],
                [1.0] * len(ones),
            )
            for name, ones in reviewed.items()
        ]
        total = estimate_total(strata, known=float(known), level=level)
        unsure = total.method != "census" and not total.error
        totals.append(Total(label, float(known), None if unsure else total))
    return tuple(totals)


def _correction(review: Review) -> Decimal:
    """Return by how much an amount has to be changed: a wrong one without another value is none."""
    if review.verdict != "wrong" or review.value is None:
        return Decimal(0)
    return (review.corrected or Decimal(0)) - review.value


def _missed(path: Path, sheet: ReviewSheet, partial: bool, level: float) -> Estimate | None:
    """Return how many numbers were missed in all, None where no sentence was sampled or reviewed."""
    heard = [one for one in sheet.strata if one.kind == "sentence"]
    found: dict[str, list[float]] = {one.id: [] for one in heard}
    for stratum, number in sheet.missed:
        if number is not None:
            found[stratum].append(float(number))
    known = sum(map(len, found.values()))
    if not known:
        return None
    empty = [one for one in heard if not found[one.id]]
    if empty or (known < len(sheet.missed) and not partial):
        what = f"none of stratum {empty[0].id} has" if empty else "not all have"
        raise EvaluationError(
            f"{path}, sheet {MISSED}: {known} of {len(sheet.missed)} sentences have a count in 漏检数, "
            f"{what} one; expected one for each, 0 where none was missed; fill them in, or give "
            "--partial if they were left out by chance"
        )
    strata = [Stratum(one.size, found[one.id], [1.0] * len(found[one.id])) for one in heard]
    total = estimate_total(strata, level=level)
    hits = [Stratum(one.size, [float(v > 0) for v in one.values], one.counts) for one in strata]
    part = estimate_proportion(hits, level=level)
    size = sum(one.size for one in strata)
    if part is None or part.method == "census":
        return total
    # Near zero the interval of a total is empty or reaches below it: that of the part of sentences
    # with a miss does not, times the misses of such a sentence.
    each = total.value / (part.value * size) if part.value else 1.0
    low, high = part.low * size * each, max(total.high, part.high * size * each)
    return Estimate(total.value, total.error, low, high, known, part.method)


def _recall(
    sheet: ReviewSheet, precision: Estimate, missed: Estimate, level: float
) -> Estimate | None:
    """Return found / (found + missed): the two samples are independent, so their errors add up.

    The interval is that of the logarithm of missed / found, which is nearer to normal than the
    ratio itself, widened to the ends of the missed where these are farther.
    """
    from scipy.stats import norm

    number = sum(sheet.counts.values())
    found = precision.value * number
    if not found:
        return None
    value = found / (found + missed.value)
    if missed.error == precision.error == 0:
        both = found / (found + missed.low), found / (found + missed.high)
        return Estimate(value, 0.0, both[1], both[0], missed.number, missed.method)
    part = precision.error / precision.value
    error = (
        value
        * (1 - value)
        * (((missed.error / missed.value) ** 2 if missed.value else 0) + part**2) ** 0.5
    )
    low = found / (found + missed.high)
    high = found / (found + missed.low) if missed.low else 1.0
    if missed.value:
        quantile = float(norm.ppf((1 + level) / 2))
        spread = quantile * error / (value * (1 - value))
        odds = log(missed.value / found)
        low, high = min(low, 1 / (1 + exp(odds + spread))), max(high, 1 / (1 + exp(odds - spread)))
    return Estimate(value, error, low, high, missed.number, missed.method)


def _powered(
    run: Path | None, gold: Path | None, sheet: ReviewSheet, level: float
) -> dict[str, Any]:
    """Return precision from the gold of some documents and the confidence of all records.

    The documents with gold have to be a random part of the run's; whole documents are the units that
    vary.
    """
    if run is None or gold is None:
        return {}
    predicted, asked = read_annotations(run), read_annotations(gold)
    common = {doc_id: asked[doc_id] for doc_id in sorted(predicted.keys() & asked.keys())}
    layer = _LAYERS[sheet.record]
    outcomes = evaluate(common, {one: predicted[one] for one in common}).outcomes if common else ()
    labelled = [
        (float(one.status == "found"), one.confidence, one.doc_id)
        for one in outcomes
        if one.layer == layer and one.status != "missed" and one.confidence is not None
    ]
    others = [
        record.confidence
        for doc_id, one in predicted.items()
        if doc_id not in common
        for record in one.records
        if isinstance(record, KINDS[sheet.record])
        and isinstance(record, Quantity | Entity | Claim)
        and record.confidence is not None
    ]
    if len({doc_id for _, _, doc_id in labelled}) < 2 or not others:
        raise EvaluationError(
            f"gold {gold} covers {len(common)} of the {len(predicted)} documents in {run}; expected "
            "at least 2 with records, and at least 1 document without gold: where all have gold, "
            "`jixiao evaluate` says how accurate they are"
        )
    powered = prediction_powered_mean(
        [one for one, _, _ in labelled],
        [confidence for _, confidence, _ in labelled],
        others,
        groups=[doc_id for _, _, doc_id in labelled],
        level=level,
    )
    return {"powered": powered, "gold_documents": len(common)}
