"""Agreement beyond chance: Cohen's κ, Krippendorff's nominal α, and γ where its library is there.

κ is Cohen 1960, "A Coefficient of Agreement for Nominal Scales"; α is Krippendorff 2019, "Content
Analysis", 4th edition, section 12.3, from coincidences, so that units may lack a value and text may
be counted by stretches instead of characters. γ is Mathet, Widlöcher and Métivier 2015, "The Unified
and Holistic Method Gamma", by the library of Titeux and Riad 2021.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any, Final, NamedTuple, TypeAlias

from jixiao.errors import SettingsError

Values: TypeAlias = tuple[str | None, ...]
"""What each annotator says of one unit, in their order; None who has not coded it."""

GAMMA_LIBRARY: Final = "pygamma_agreement"


def cohen_kappa(pairs: Mapping[tuple[str, str], int]) -> float | None:
    """Return Cohen's κ of two annotators, ``(pₒ − pₑ) / (1 − pₑ)``.

    ``pairs`` counts the units by what the first and the second say. None without a unit, and where
    both always say the same one thing: nothing but chance could have been measured.

    >>> cohen_kappa({("是", "是"): 20, ("是", "否"): 5, ("否", "是"): 10, ("否", "否"): 15})
    0.4
    """
    number = sum(pairs.values())
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for (ours, theirs), count in pairs.items():
        first[ours] += count
        second[theirs] += count
    # In whole numbers until the last step: whether 1 − pₑ is zero must not hang on rounding.
    same = number * sum(count for (ours, theirs), count in pairs.items() if ours == theirs)
    chance = sum(count * second[value] for value, count in first.items())
    return None if number * number == chance else (same - chance) / (number * number - chance)


def nominal_alpha(units: Mapping[Values, int]) -> float | None:
    """Return Krippendorff's α for nominal values, ``1 − Dₒ / Dₑ``, for any number of annotators.

    ``units`` counts the units by what each annotator says of them. A unit that fewer than two have
    coded does not count. None where nothing can be paired or only one value occurs.

    >>> round(nominal_alpha({("甲", "甲"): 3, ("乙", "乙"): 2, ("甲", "乙"): 1, ("乙", None): 9}), 4)
    0.6857
    """
    total: Counter[str] = Counter()
    observed = 0.0
    for values, number in units.items():
        counts = Counter(value for value in values if value is not None)
        coders = sum(counts.values())
        if coders < 2:
            continue
        differing = coders * coders - sum(count * count for count in counts.values())
        observed += number * differing / (coders - 1)
        for value, count in counts.items():
            total[value] += number * count
    number = sum(total.values())
    expected = number * number - sum(count * count for count in total.values())
    return None if expected == 0 else 1 - (number - 1) * observed / expected


def agreeing(units: Mapping[Values, int]) -> tuple[int, int]:
    """Return how many units all who coded them code alike, and how many at least two have coded."""
    same = both = 0
    for values, number in units.items():
        said = [value for value in values if value is not None]
        if len(said) > 1:
            both += number
            same += number * (len(set(said)) == 1)
    return same, both


class Unit(NamedTuple):
    """A stretch of a document that an annotator gave a label."""

    start: int
    end: int
    label: str


def gamma(
    documents: Iterable[Sequence[Sequence[Unit]]], *, samples: int = 30, seed: int = 0
) -> float | None:
    """Return γ: how far annotators agree on where units are and what they are called, in one number.

    Each document holds the units of each annotator. γ is computed document by document, as the
    library's dissimilarities ask, and averaged by their number of units. None where no document has
    units of two annotators.

    Raises
    ------
    SettingsError
        If the library is not installed. It brings an optimiser (cvxpy, cvxopt) and a compiler
        (numba) with it, some 800 MB, so no extra of this package asks for it.
    """
    library: Any = _gamma_library()
    segment: Any = import_module("pyannote.core").Segment
    import numpy as np

    dissimilarity = library.CombinedCategoricalDissimilarity()
    found, weight = 0.0, 0
    for annotators in documents:
        continuum = library.Continuum()
        for number, units in enumerate(annotators):
            for start, end, label in units:
                continuum.add(str(number), segment(start, end), label)
        if sum(bool(units) for units in annotators) < 2:
            continue
        # The library draws from numpy's global generator; it is left as it was found.
        state = np.random.get_state()
        np.random.seed(seed)
        try:
            result = continuum.compute_gamma(dissimilarity, n_samples=samples)
        finally:
            np.random.set_state(state)
        size = sum(map(len, annotators))
        found += size * float(result.gamma)
        weight += size
    return found / weight if weight else None


def _gamma_library() -> Any:
    try:
        return import_module(GAMMA_LIBRARY)
    except ImportError as error:
        raise SettingsError(
            f"γ needs the library pygamma-agreement, which cannot be loaded: {error}; expected it "
            "beside this package; try `pip install pygamma-agreement` (800 MB with its optimiser), "
            "or leave γ out: κ and α are there without it"
        ) from error
