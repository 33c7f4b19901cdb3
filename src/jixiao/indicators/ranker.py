"""The trained decision: how probable each candidate is, as a table of small trees.

Fitted by ``jixiao train alignment`` (scikit-learn is needed there only) and stored as JSON: each tree
a list of questions ``feature ≤ threshold``; two numbers turn scores into probabilities.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import exp
from operator import and_
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from jixiao.errors import ResourceError
from jixiao.indicators.features import FEATURES
from jixiao.resources import MODELS, load_model, table_cache

MODEL: Final = MODELS["alignment"]
_LIMIT: Final = 30.0
_DECIMALS: Final = 3
_MOST_AT_ONCE: Final = 64

_Asked: TypeAlias = "tuple[int, list[float], list[int]]"


def _asked(feature: int, questions: Sequence[tuple[float, int]]) -> _Asked:
    """Return a feature, its thresholds, and the leaves left where so many of them lie below it."""
    ranked = sorted(questions)
    left = list(accumulate((kept for _, kept in ranked), and_, initial=-1))
    return feature, [threshold for threshold, _ in ranked], left


class Ranker:
    """Boosted trees over :data:`~jixiao.indicators.features.FEATURES`, with their calibration.

    Parameters
    ----------
    stored
        What ``alignment.json`` holds: ``features``, ``base``, ``trees`` (per tree the lists
        ``feature``, ``threshold``, ``left``, ``right``, ``value``; a leaf has feature -1),
        ``calibration`` (slope and intercept of the probability's log odds), ``threshold``.

    Raises
    ------
    ResourceError
        If it holds no model, or one of other features.
    """

    def __init__(self, stored: Mapping[str, Any]) -> None:
        try:
            names = list(stored["features"])
            trees = stored["trees"]
            self.base = float(stored["base"])
            self.threshold = float(stored["threshold"])
            self.calibration = tuple(map(float, stored["calibration"]))
            self._slope, self._intercept = self.calibration
            self._fill(trees)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise ResourceError(
                f"{MODEL} holds no model: {error!r}; run `jixiao train alignment`"
            ) from error
        if names != list(FEATURES):
            raise ResourceError(
                f"{MODEL} was fitted on other features than this version computes; run "
                "`jixiao train alignment`"
            )

    def _fill(self, trees: Sequence[Mapping[str, Any]]) -> None:
        """Lay out the questions and leaves of all trees.

        The leaves of all trees are numbered from the left and written as the bits of one number. A
        question that is answered with no rules out the leaves on its left; of those that are left
        of a tree after all answers the first is the one the row belongs to.
        """
        questions: dict[int, list[tuple[float, int]]] = {}
        values: list[float] = []
        roots: list[int] = []

        def visit(tree: Mapping[str, Any], node: int) -> int:
            """Note a node and those below it; return the leaves below as bits."""
            if tree["feature"][node] < 0:
                values.append(float(tree["value"][node]))
                return 1 << (len(values) - 1)
            left = visit(tree, tree["left"][node])
            asked = questions.setdefault(int(tree["feature"][node]), [])
            asked.append((float(tree["threshold"][node]), ~left))
            return left | visit(tree, tree["right"][node])

        for tree in trees:
            roots.append(len(values))
            visit(tree, 0)
        self._trees = len(roots)
        self._all = (1 << len(values)) - 1
        self._first = sum(1 << root for root in roots)
        self._bytes = (len(values) + 7) // 8
        # The values of all leaves, for as many rows as a number has candidates.
        padded = np.zeros(self._bytes * 8)
        padded[: len(values)] = values
        self._values = np.tile(padded, _MOST_AT_ONCE)
        # Where no threshold is negative, a feature of 0 rules out nothing and is passed over.
        self._signed: list[_Asked] = []
        self._plain: list[_Asked] = []
        for feature, asked in sorted(questions.items()):
            known = _asked(feature, asked)
            (self._signed if known[1][0] < 0 else self._plain).append(known)

    def scores(self, rows: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        """Return the score of each row of features: the log odds that the candidate is right."""
        if not len(rows):
            return np.zeros(0)
        if len(rows) > _MOST_AT_ONCE:
            split = [rows[at : at + _MOST_AT_ONCE] for at in range(0, len(rows), _MOST_AT_ONCE)]
            return np.concatenate([self.scores(part) for part in split])
        marks = np.frombuffer(b"".join(map(self._leaves, rows)), np.uint8)
        reached = np.unpackbits(marks, bitorder="little").view(np.bool_)
        values = self._values[: len(reached)][reached].reshape(len(rows), self._trees)
        found: NDArray[np.float64] = self.base + np.add.reduce(values, axis=1)
        return found

    def _leaves(self, row: Sequence[float]) -> bytes:
        """Return the leaves a row belongs to, one of each tree, as bits.

        One number of arbitrary length holds all trees, so that a feature costs one look-up.
        """
        kept = self._all
        for feature, thresholds, left in self._signed:
            kept &= left[bisect_left(thresholds, row[feature])]
        for feature, thresholds, left in self._plain:
            value = row[feature]
            if value:
                kept &= left[bisect_left(thresholds, value)]
        # Every tree has a bit, so that taking one from each borrows nothing from its neighbour.
        return (kept & ~(kept - self._first)).to_bytes(self._bytes, "little")

    def probability(self, score: float) -> float:
        """Return the probability that the best candidate of a number, with its score, is right."""
        odds = self._slope * score + self._intercept
        return round(1 / (1 + exp(-max(min(odds, _LIMIT), -_LIMIT))), _DECIMALS)


@table_cache()
def ranker() -> Ranker:
    """Return the model in use, the user's or that of the package.

    Raises
    ------
    ResourceError
        If the file holds no model.
    """
    return load_model("alignment", Ranker)
