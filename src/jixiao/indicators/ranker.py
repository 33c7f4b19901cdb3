"""The trained decision: how probable each candidate is, as a table of small trees.

Fitted by ``jixiao train alignment`` (scikit-learn is needed there only) and stored as JSON: each tree
a list of questions ``feature ≤ threshold``; two numbers turn scores into probabilities.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import exp
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from jixiao.errors import ResourceError
from jixiao.indicators.features import FEATURES
from jixiao.resources import read_text, table_cache

MODEL: Final = "alignment.json"
_LIMIT: Final = 30.0
_DECIMALS: Final = 3
_COLUMNS: Final = ("feature", "threshold", "left", "right", "value")


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
            self._slope, self._intercept = map(float, stored["calibration"])
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
        """Lay the trees out, one node after the other; a leaf leads to itself."""
        sizes = [len(tree["feature"]) for tree in trees]
        self._roots = np.cumsum([0, *sizes], dtype=np.intp)[:-1]
        columns: dict[str, list[float]] = {name: [] for name in _COLUMNS}
        for root, tree in zip(self._roots.tolist(), trees, strict=True):
            for node, feature in enumerate(tree["feature"]):
                leaf = feature < 0
                columns["feature"].append(0 if leaf else feature)
                columns["threshold"].append(tree["threshold"][node])
                columns["left"].append(root + (node if leaf else tree["left"][node]))
                columns["right"].append(root + (node if leaf else tree["right"][node]))
                columns["value"].append(tree["value"][node] if leaf else 0.0)
        self._feature = np.array(columns["feature"], dtype=np.intp)
        self._left = np.array(columns["left"], dtype=np.intp)
        self._right = np.array(columns["right"], dtype=np.intp)
        self._threshold = np.array(columns["threshold"], dtype=float)
        self._value = np.array(columns["value"], dtype=float)
        self._depth = _depth(trees)

    def scores(self, rows: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        """Return the score of each row of features: the log odds that the candidate is right."""
        matrix = np.array(rows, dtype=float)
        if not len(matrix):
            return np.zeros(0)
        width = matrix.shape[1]
        flat = matrix.ravel()
        at = np.arange(len(matrix), dtype=np.intp)[:, None] * width
        nodes = np.tile(self._roots, (len(matrix), 1))
        for _ in range(self._depth):
            goes_left = flat[at + self._feature[nodes]] <= self._threshold[nodes]
            nodes = np.where(goes_left, self._left[nodes], self._right[nodes])
        found: NDArray[np.float64] = self.base + self._value[nodes].sum(axis=1)
        return found

    def probability(self, score: float) -> float:
        """Return the probability that the best candidate of a number, with its score, is right."""
        odds = self._slope * score + self._intercept
        return round(1 / (1 + exp(-max(min(odds, _LIMIT), -_LIMIT))), _DECIMALS)


def _depth(trees: Sequence[Mapping[str, Any]]) -> int:
    """Return the number of questions on the longest way to a leaf."""

    def below(tree: Mapping[str, Any], node: int) -> int:
        if tree["feature"][node] < 0:
            return 0
        return 1 + max(below(tree, tree["left"][node]), below(tree, tree["right"][node]))

    return max((below(tree, 0) for tree in trees), default=0)


@table_cache()
def ranker() -> Ranker:
    """Return the model of the package.

    Raises
    ------
    ResourceError
        If the file holds no model.
    """
    return Ranker(json.loads(read_text(MODEL)))
