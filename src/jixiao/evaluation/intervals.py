"""How far a score may be from that of the corpus the documents were drawn from.

Sentences of one report are alike, so whole documents are drawn (the clustered bootstrap: Efron and
Tibshirani 1993, "An Introduction to the Bootstrap", chapters 6, 13 and 14). What an interval says of
other reports holds as far as the documents scored are a sample of them.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, TypeAlias

from jixiao.errors import SettingsError
from jixiao.evaluation.scores import Scores

Method: TypeAlias = Literal["BCa", "percentile"]
Key: TypeAlias = tuple[str, str, str]
"""Group, name and ratio: ``("quantities", "all", "f1")``."""

FEW: Final = 10
"""With fewer documents an interval is too short more often than it says."""
RESAMPLES: Final = 2_000
LEVEL: Final = 0.95
_MOST_CELLS: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Interval:
    """The interval of one ratio.

    Attributes
    ----------
    low, high
        Its ends.
    method
        ``BCa`` (bias-corrected and accelerated) or, where that is not defined, ``percentile``.
    documents
        How many documents have anything to count: those that were drawn from.
    few
        Whether these are fewer than :data:`FEW`, so that the interval should not be leaned on.
    """

    low: float
    high: float
    method: Method
    documents: int
    few: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return asdict(self)


def bootstrap_ratio(
    parts: Sequence[float],
    wholes: Sequence[float],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    level: float = LEVEL,
) -> Interval | None:
    """Return the interval of ``sum(parts) / sum(wholes)``, one pair for each document.

    Documents whose whole is zero say nothing and are left out. The interval is BCa (Efron and
    Tibshirani 1993, section 14.3), by ``scipy.stats.bootstrap``; where the resamples or the
    jackknife are degenerate it is the percentile interval (section 13.3). None with fewer than two
    documents, and where every resample gives the same ratio: a score of 1 without a mistake has no
    interval by this method.

    >>> bootstrap_ratio([3, 4], [4, 4], seed=1).few
    True
    >>> bootstrap_ratio([4, 4], [4, 4]) is None
    True
    """
    import numpy as np
    from scipy.stats import bootstrap

    _check(resamples, level)
    counted = [(part, whole) for part, whole in zip(parts, wholes, strict=True) if whole]
    if len(counted) < 2:
        return None
    part, whole = np.array(counted, dtype=np.float64).T

    def ratio(index: Any, axis: int = -1) -> Any:
        return part[index].sum(axis=axis) / whole[index].sum(axis=axis)

    for method in ("BCa", "percentile"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of degenerate data; what comes of it is looked at
            found = bootstrap(
                (np.arange(len(counted)),),
                ratio,
                n_resamples=resamples,
                batch=max(1, _MOST_CELLS // len(counted)),
                vectorized=True,
                confidence_level=level,
                method=method,
                rng=np.random.default_rng(seed),
            )
        low, high = map(float, found.confidence_interval)
        if np.ptp(found.bootstrap_distribution) == 0:
            return None
        if low <= high:  # false where an end is not a number
            return Interval(low, high, method, len(counted), len(counted) < FEW)
    return None


def find_intervals(
    documents: Sequence[Scores],
    groups: Mapping[str, Iterable[str]],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    level: float = LEVEL,
) -> dict[Key, Interval]:
    """Return the intervals of the micro ratios of some tallies, those that have one.

    ``groups`` names the tallies of each group. Every ratio is drawn with the same seed.
    """
    found: dict[Key, Interval] = {}
    for group, names in groups.items():
        for name in names:
            tallies = [one.groups[group][name] for one in documents]
            for ratio in tallies[0].ratios if tallies else ():
                pairs = [tally.fraction(ratio) for tally in tallies]
                parts, wholes = [part for part, _ in pairs], [whole for _, whole in pairs]
                interval = bootstrap_ratio(
                    parts, wholes, resamples=resamples, seed=seed, level=level
                )
                if interval is not None:
                    found[group, name, ratio] = interval
    return found


def _check(resamples: int, level: float) -> None:
    if resamples < 1 or not 0 < level < 1:
        raise SettingsError(
            f"resamples is {resamples} and level {level}; expected at least 1 resample and a level "
            "between 0 and 1; try 2000 and 0.95"
        )
