"""Whether a clause is a claim: a logistic regression over its features, as a readable table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp
from typing import Any, Final, NamedTuple

from jixiao.claims.features import Shape
from jixiao.resources import MODELS, load_model, table_cache

MODEL: Final = MODELS["claims"]
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
    """Return the model in use, the user's or that of the package.

    Raises
    ------
    ResourceError
        If the file holds no model.
    """

    def build(stored: Any) -> Model:
        weights = {str(name): float(weight) for name, weight in stored["weights"].items()}
        return Model(weights, stored["threshold"])

    return load_model("claims", build)


@table_cache(65536)
def probability_of(shape: Shape) -> float:
    """Return the probability, by the model in use, that a clause of this shape is a claim."""
    return model().probability(shape.features())
