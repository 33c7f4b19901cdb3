"""What a random sample says of all: ratios, totals and their intervals.

The design is stratified simple random sampling without replacement: of the ``size`` units of a
stratum some were drawn, each as likely as any other, and what was found out about each is known.

- Means, ratios and totals with the finite population correction: Cochran 1977, "Sampling
  Techniques", 3rd edition, sections 5.3 to 5.6 (stratified mean and total), 5A.13 (proportions), 6.10
  to 6.11 (combined ratio).
- Intervals of proportions: Korn and Graubard 1998, "Confidence intervals for proportions with small
  expected number of positive counts estimated from survey data": Clopper and Pearson's exact
  interval with the effective sample size, adjusted for the degrees of freedom. Near 0 and 1, where
  precision is, the normal interval is too short and may be empty.
- Prediction-powered mean: Angelopoulos, Bates, Fannjiang, Jordan and Zrnic 2023,
  "Prediction-powered inference", Science 382, proposition 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from jixiao.errors import SettingsError

if TYPE_CHECKING:
    import numpy as np

    Floats: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float64]]

LEVEL: Final = 0.95
Method: TypeAlias = Literal["census", "Clopper-Pearson", "Korn-Graubard", "t", "PPI"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate with its standard error and interval.

    Attributes
    ----------
    value
        The estimate.
    error
        Its standard error, by linearisation where it is a ratio.
    low, high
        The ends of the interval.
    number
        How many sampled units it rests on.
    method
        ``census`` where every unit was looked at, ``Clopper-Pearson`` for one stratum,
        ``Korn-Graubard`` for several, ``t`` for totals, ``PPI`` for a prediction-powered mean.
    """

    value: float
    error: float
    low: float
    high: float
    number: int
    method: Method

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return asdict(self)


class Stratum(NamedTuple):
    """What was found out about the units drawn from one stratum of ``size`` units.

    ``counts`` says which units the ratio is about (1, else 0: a domain), ``values`` what is added up
    over them. For a mean over all units every count is 1.
    """

    size: int
    values: Sequence[float]
    counts: Sequence[float]


def estimate_proportion(strata: Sequence[Stratum], *, level: float = LEVEL) -> Estimate | None:
    """Return ``Σ N·ȳ / Σ N·x̄``, a proportion, with Korn and Graubard's interval.

    Units of strata that were taken whole are known: only the others are uncertain, and the interval
    is theirs, scaled. None where the sample holds no unit the ratio is about.

    Raises
    ------
    SettingsError
        If a stratum has more units in the sample than in all, or none, or ``level`` is not between
        0 and 1.

    >>> found = estimate_proportion([Stratum(400, [1.0] * 38 + [0.0] * 2, [1.0] * 40)])
    >>> found.method, round(found.value, 3), round(found.low, 3), round(found.high, 3)
    ('Clopper-Pearson', 0.95, 0.838, 0.993)
    """
    _check(strata, level)
    whole = [one for one in strata if one.size == len(one.values)]
    drawn = [one for one in strata if one.size > len(one.values)]
    known_parts, known_whole = _total(whole, "values"), _total(whole, "counts")
    parts, about = _total(drawn, "values"), _total(drawn, "counts")
    number = round(sum(sum(one.counts) for one in strata))
    if not known_whole + about:
        return None
    value = (known_parts + parts) / (known_whole + about)
    if not about:
        return Estimate(value, 0.0, value, value, number, "census")
    share = about / (known_whole + about)
    ratio = min(1.0, max(0.0, parts / about))
    error = sqrt(_variance(drawn, ratio)) / about
    low, high, method = _proportion_interval(drawn, ratio, error, level)
    rest = known_parts / (known_whole + about)
    return Estimate(value, share * error, rest + share * low, rest + share * high, number, method)


def estimate_total(
    strata: Sequence[Stratum], *, known: float = 0.0, level: float = LEVEL
) -> Estimate:
    """Return ``known + Σ N·ȳ`` with Student's interval.

    With ``known`` the total of what was extracted and ``values`` what each sampled unit has to be
    corrected by, this is the difference estimator: the sample carries the corrections only.

    Raises
    ------
    SettingsError
        As :func:`estimate_proportion`.

    >>> found = estimate_total([Stratum(100, [0, 0, -5, 0], [1] * 4)], known=2_000)
    >>> found.value
    1875.0
    """
    from scipy.stats import t

    _check(strata, level)
    drawn = [one for one in strata if one.size > len(one.values)]
    value = known + _total(strata, "values")
    number = sum(len(one.values) for one in strata)
    if not drawn:
        return Estimate(value, 0.0, value, value, number, "census")
    error = sqrt(_variance(drawn, 0.0))
    reach = error * float(t.ppf((1 + level) / 2, _freedom(drawn)))
    return Estimate(value, error, value - reach, value + reach, number, "t")


def clopper_pearson(right: float, number: float, *, level: float = LEVEL) -> tuple[float, float]:
    """Return the exact interval of a proportion (Clopper and Pearson 1934); counts may be fractions.

    >>> tuple(round(end, 3) for end in clopper_pearson(38, 40))
    (0.831, 0.994)
    """
    from scipy.stats import beta

    tail = (1 - level) / 2
    wrong = number - right
    low = float(beta.ppf(tail, right, wrong + 1)) if right > 0 else 0.0
    high = float(beta.ppf(1 - tail, right + 1, wrong)) if wrong > 0 else 1.0
    return low, high


def prediction_powered_mean(
    labelled: Sequence[float],
    predicted: Sequence[float],
    unlabelled: Sequence[float],
    *,
    groups: Sequence[object] | None = None,
    level: float = LEVEL,
) -> Estimate:
    """Return the mean of what is true, from a few labels and a prediction for everything.

    The mean prediction over the unlabelled, corrected by the mean of ``label − prediction`` over the
    labelled (Angelopoulos et al. 2023, proposition 1). Valid whatever the predictions are worth, where
    the labelled are a random sample; poor predictions make it wide, not wrong.

    Parameters
    ----------
    labelled, predicted
        The truth and the prediction for each labelled unit.
    unlabelled
        The predictions for the others.
    groups
        What each labelled unit belongs to, as its document, where whole groups were labelled: the
        correction then varies from group to group, and Student's quantile counts groups.

    Raises
    ------
    SettingsError
        If there are fewer than two labelled units or groups, or no unlabelled unit.

    >>> found = prediction_powered_mean([1, 1, 0, 1], [0.9, 0.8, 0.4, 0.9], [0.9, 0.7, 0.8, 0.6])
    >>> round(found.value, 2)
    0.75
    """
    import numpy as np
    from scipy.stats import norm, t

    names = list(range(len(labelled)) if groups is None else groups)
    kinds = list(dict.fromkeys(names))
    if len(kinds) < 2 or not len(unlabelled):
        raise SettingsError(
            f"{len(kinds)} labelled units or groups and {len(unlabelled)} unlabelled units; expected "
            "at least 2 and 1; label more documents"
        )
    gaps = np.asarray(labelled, dtype=np.float64) - np.asarray(predicted, dtype=np.float64)
    others = np.asarray(unlabelled, dtype=np.float64)
    correction = float(gaps.mean())
    place = {name: index for index, name in enumerate(kinds)}
    sums = np.zeros(len(kinds))
    np.add.at(sums, [place[name] for name in names], gaps - correction)
    # The variance of a mean whose units come in groups: of the group sums around it.
    spread = len(kinds) / (len(kinds) - 1) * float((sums**2).sum()) / len(gaps) ** 2
    error = sqrt(spread + float(others.var(ddof=1) if len(others) > 1 else 0.0) / len(others))
    tail = (1 + level) / 2
    quantile = float(norm.ppf(tail) if groups is None else t.ppf(tail, len(kinds) - 1))
    value = float(others.mean()) + correction
    reach = quantile * error
    return Estimate(value, error, value - reach, value + reach, len(gaps), "PPI")


def _total(strata: Sequence[Stratum], name: Literal["values", "counts"]) -> float:
    """Return ``Σ N·ȳ`` of the values or the counts."""
    return sum(
        one.size * sum(one.values if name == "values" else one.counts) / len(one.values)
        for one in strata
    )


def _variance(strata: Sequence[Stratum], ratio: float) -> float:
    """Return the variance of ``Σ N·ē`` with the residuals ``e = y − ratio·x``.

    ``Σ N²·(1 − n/N)·s²/n`` (Cochran 1977, equation 5.15). A stratum of which one unit is known has
    no s² of its own and gets that of all residuals.
    """
    import numpy as np

    residuals = [
        np.asarray(one.values, dtype=np.float64) - ratio * np.asarray(one.counts, dtype=np.float64)
        for one in strata
    ]
    together = np.concatenate(residuals)
    pooled = float(together.var(ddof=1)) if len(together) > 1 else 0.0
    total = 0.0
    for one, residual in zip(strata, residuals, strict=True):
        number = len(residual)
        spread = float(residual.var(ddof=1)) if number > 1 else pooled
        total += one.size * (one.size - number) * spread / number
    return total


def _proportion_interval(
    drawn: Sequence[Stratum], ratio: float, error: float, level: float
) -> tuple[float, float, Method]:
    """Return Clopper and Pearson's interval with the effective sample size."""
    number = sum(sum(one.counts) for one in drawn)
    weights = [(one.size / len(one.values), sum(one.counts)) for one in drawn]
    spread = sum(weight * weight * count for weight, count in weights)
    # Kish 1965: what unequal weights leave of the sample. No stratum's luck can make it worth more
    # than that and its finite population correction.
    equal = sum(weight * count for weight, count in weights) ** 2 / spread
    taken = sum(len(one.values) for one in drawn) / sum(one.size for one in drawn)
    effective = most = equal / (1 - taken)
    if error:
        effective = min(most, ratio * (1 - ratio) / error**2)
        effective *= _adjustment(number, _freedom(drawn), level)
    else:
        effective = equal
    low, high = clopper_pearson(ratio * effective, effective, level=level)
    method: Method = "Clopper-Pearson" if len(drawn) == 1 else "Korn-Graubard"
    return min(low, ratio), max(high, ratio), method


def _adjustment(number: float, freedom: int, level: float) -> float:
    """Return ``(t(n − 1) / t(n − H))²``: few degrees of freedom make the variance uncertain."""
    from scipy.stats import t

    tail = (1 + level) / 2
    plain = float(t.ppf(tail, max(1.0, number - 1)))
    return min(1.0, (plain / float(t.ppf(tail, freedom))) ** 2)


def _freedom(drawn: Sequence[Stratum]) -> int:
    """Return units less strata, the strata of one unit counting together."""
    return max(1, sum(len(one.values) for one in drawn) - len(drawn))


def _check(strata: Sequence[Stratum], level: float) -> None:
    if not 0 < level < 1:
        raise SettingsError(f"level is {level}; expected a number between 0 and 1; try 0.95")
    for one in strata:
        if not 0 < len(one.values) <= one.size or len(one.values) != len(one.counts):
            raise SettingsError(
                f"a stratum of {one.size} units with {len(one.values)} values and "
                f"{len(one.counts)} counts in the sample; expected 1 to {one.size} of either"
            )
    if not strata:
        raise SettingsError("there is no stratum; expected a sample of at least one unit")
