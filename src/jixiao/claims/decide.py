"""Whether a clause is a claim: a logistic regression over its features, as a readable table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import exp
from typing import Final, NamedTuple

from jixiao.claims.features import Shape
from jixiao.errors import ResourceError
from jixiao.resources import read_text, table_cache

MODEL: Final = "claims_model.json"
_DECIMALS: Final = 3
_LIMIT: Final = 30.0


class Model(NamedTuple):
    """The weight of each feature, and from which probability on a clause is a claim."""

    weights: Mapping[str, float]
    threshold: float = 0.5

    def probability(self, features: Sequence[str]) -> float:
        """Return the probability of a claim; a feature without a weight says nothing.

        >>> Model({"bias": 1.0, "adverse": -3.0}).probability(["bias", "adverse"])
        0.119
        """
        weights = self.weights
        total = sum([weights[name] for name in features if name in weights])
        return round(1 / (1 + exp(-max(min(total, _LIMIT), -_LIMIT))), _DECIMALS)


@table_cache()
def model() -> Model:
    """Return the model of the package.

    Raises
    ------
    ResourceError
        If the file holds no model.
    """
    stored = json.loads(read_text(MODEL))
    try:
        return Model({str(k): float(v) for k, v in stored["weights"].items()}, stored["threshold"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ResourceError(f"{MODEL} holds no model: {error}") from error


@table_cache(65536)
def probability_of(shape: Shape) -> float:
    """Return the probability, by the package's model, that a clause of this shape is a claim."""
    return model().probability(shape.features())
