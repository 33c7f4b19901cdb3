"""Whether confidence can be trusted: how often the records of one confidence are right.

Reliability compares the two bin by bin (Guo, Pleiss, Sun and Weinberger 2017, "On Calibration of
Modern Neural Networks"), the Brier score record by record (Brier 1950). Risk-coverage tells what is
left wrong where only the records above a threshold are kept (Geifman and El-Yaniv 2017, "Selective
Classification for Deep Neural Networks").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from jixiao.errors import SettingsError
from jixiao.evaluation.outcomes import Layer, Outcome

BINS: int = 10


class Bin(NamedTuple):
    """The predicted records whose confidence lies in one interval, the upper end included.

    ``confidence`` and ``accuracy`` are the mean confidence of its records and the part of them that
    is right.
    """

    low: float
    high: float
    number: int
    confidence: float
    accuracy: float


class RiskPoint(NamedTuple):
    """What keeping the records of at least ``threshold`` gives.

    ``coverage`` is the part of the predicted records that is kept, ``risk`` the part of these that
    is wrong.
    """

    threshold: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the confidence of one layer's predicted records agrees with how often they are right.

    Attributes
    ----------
    number
        How many predicted records have a confidence.
    bins
        Those of :class:`Bin` that hold a record.
    error
        The expected calibration error ``Σ nᵦ/n · |accuracyᵦ − confidenceᵦ|`` (Guo et al. 2017,
        equation 3).
    brier
        The mean of ``(confidence − right)²`` (Brier 1950).
    curve
        Risk and coverage at every confidence that occurs, from the highest down.
    area
        The area under that curve, ``Σ riskᵢ · (coverageᵢ − coverageᵢ₋₁)``; records of one
        confidence are kept or left out together.
    """

    number: int
    bins: tuple[Bin, ...]
    error: float
    brier: float
    curve: tuple[RiskPoint, ...]
    area: float

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return {
            "number": self.number,
            "error": self.error,
            "brier": self.brier,
            "area": self.area,
            "bins": [one._asdict() for one in self.bins],
            "curve": [one._asdict() for one in self.curve],
        }


def calibrate(judged: Iterable[tuple[float, bool]], *, bins: int = BINS) -> Calibration | None:
    """Return the calibration of (confidence, right) pairs; None where there are none.

    Raises
    ------
    SettingsError
        If a confidence is not between 0 and 1, or ``bins`` is less than 1.

    >>> found = calibrate([(0.9, True), (0.9, True), (0.4, False), (0.4, True)])
    >>> [(one.number, one.accuracy) for one in found.bins]
    [(2, 0.5), (2, 1.0)]
    >>> [(one.coverage, one.risk) for one in found.curve]
    [(0.5, 0.0), (1.0, 0.25)]
    """
    pairs = sorted(judged, reverse=True)
    if not pairs:
        return None
    if bins < 1 or not 0 <= pairs[-1][0] <= pairs[0][0] <= 1:
        raise SettingsError(
            f"confidences from {pairs[-1][0]} to {pairs[0][0]} in {bins} bins; expected "
            "confidences between 0 and 1 and at least 1 bin"
        )
    number = len(pairs)
    filled = _bins(pairs, bins)
    curve = _curve(pairs)
    before = (0.0, *(point.coverage for point in curve))
    return Calibration(
        number=number,
        bins=filled,
        error=sum(one.number * abs(one.accuracy - one.confidence) for one in filled) / number,
        brier=sum((confidence - right) ** 2 for confidence, right in pairs) / number,
        curve=curve,
        area=sum(
            point.risk * (point.coverage - earlier)
            for point, earlier in zip(curve, before, strict=False)
        ),
    )


def calibrate_layer(outcomes: Iterable[Outcome], layer: Layer) -> Calibration | None:
    """Return the calibration of the predicted records of a layer that have a confidence."""
    return calibrate(
        (one.confidence, one.status == "found")
        for one in outcomes
        if one.layer == layer and one.confidence is not None
    )


def _bins(pairs: Sequence[tuple[float, bool]], number: int) -> tuple[Bin, ...]:
    edges = [index / number for index in range(number + 1)]
    inside: list[list[tuple[float, bool]]] = [[] for _ in range(number)]
    for confidence, right in pairs:
        index = next(i for i in range(number) if confidence <= edges[i + 1])
        inside[index].append((confidence, right))
    return tuple(
        Bin(
            edges[index],
            edges[index + 1],
            len(one),
            sum(confidence for confidence, _ in one) / len(one),
            sum(right for _, right in one) / len(one),
        )
        for index, one in enumerate(inside)
        if one
    )


def _curve(pairs: Sequence[tuple[float, bool]]) -> tuple[RiskPoint, ...]:
    points = []
    kept = wrong = 0
    for threshold, group in groupby(pairs, key=lambda pair: pair[0]):
        rights = [right for _, right in group]
        kept += len(rights)
        wrong += rights.count(False)
        points.append(RiskPoint(threshold, kept / len(pairs), wrong / kept))
    return tuple(points)
