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
# One bit each in a signed number of 64.
_MOST_LEAVES: Final = 62


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
        """Lay out the questions and leaves of all trees.

        The leaves of a tree are numbered from the left. A question that is answered with no rules
        out the leaves on its left; of those that are left after all answers the first is the one
        the row belongs to.
        """
        questions: list[tuple[int, float, int]] = []
        starts: list[int] = []
        values: list[float] = []
        roots: list[int] = []

        def visit(tree: Mapping[str, Any], node: int) -> int:
            """Note a node and those below it; return the leaves below as bits."""
            if tree["feature"][node] < 0:
                values.append(float(tree["value"][node]))
                return 1 << (len(values) - 1 - roots[-1])
            number = len(questions)
            feature, threshold = int(tree["feature"][node]), float(tree["threshold"][node])
            questions.append((feature, threshold, 0))
            left = visit(tree, tree["left"][node])
            questions[number] = feature, threshold, ~left
            return left | visit(tree, tree["right"][node])

        for tree in trees:
            starts.append(len(questions))
            roots.append(len(values))
            # Always yes: a tree without questions has an answer too.
            questions.append((0, float("inf"), -1))
            if visit(tree, 0).bit_length() > _MOST_LEAVES:
                raise ValueError(f"a tree of more than {_MOST_LEAVES} leaves")
        columns = list(zip(*questions, strict=True)) or [(), (), ()]
        self._feature = np.array(columns[0], dtype=np.intp)
        self._threshold = np.array(columns[1], dtype=float)
        self._kept = np.array(columns[2], dtype=np.int64)
        self._starts = np.array(starts, dtype=np.intp)
        self._roots = np.array(roots, dtype=np.intp)
        self._value = np.array(values, dtype=float)

    def scores(self, rows: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        """Return the score of each row of features: the log odds that the candidate is right."""
        if not len(rows):
            return np.zeros(0)
        matrix = np.array(rows, dtype=float)
        yes = matrix.take(self._feature, axis=1) <= self._threshold
        kept = np.bitwise_and.reduceat(np.where(yes, -1, self._kept), self._starts, axis=1)
        # The lowest bit alone is a power of two, whose exponent is the leaf's number.
        leaf = np.frexp(kept & -kept)[1] - 1
        found: NDArray[np.float64] = self.base + self._value[leaf + self._roots].sum(axis=1)
        return found

    def probability(self, score: float) -> float:
        """Return the probability that the best candidate of a number, with its score, is right."""
        odds = self._slope * score + self._intercept
        return round(1 / (1 + exp(-max(min(odds, _LIMIT), -_LIMIT))), _DECIMALS)


@table_cache()
def ranker() -> Ranker:
    """Return the model of the package.

    Raises
    ------
    ResourceError
        If the file holds no model.
    """
    return Ranker(json.loads(read_text(MODEL)))
