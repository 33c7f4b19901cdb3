"""The decision on claims is fitted and used without what it was not shown."""

from __future__ import annotations

import pytest

from jixiao.evaluation.matching import Matching
from jixiao.training.claims import Example, Place, f1, fit

CLAIMED = Example(["bias", "kind:output"], claimed=True)
UNCLAIMED = Example(["bias", "kind:output", "adverse"], claimed=False)


def test_fit_weighs_what_tells_claims_apart() -> None:
    pytest.importorskip("sklearn")
    fitted = fit([CLAIMED, UNCLAIMED] * 20)
    assert fitted.weights["adverse"] < 0
    assert fitted.probability(CLAIMED.features) > fitted.threshold
    assert fitted.probability(UNCLAIMED.features) < fitted.threshold


def test_fit_does_not_depend_on_order() -> None:
    pytest.importorskip("sklearn")
    shown = [CLAIMED, UNCLAIMED] * 20
    assert fit(shown).weights.keys() == fit(shown[::-1]).weights.keys()


def test_f1_counts_over_documents() -> None:
    place = Place(0, 4, "output")
    found = Matching(((place, place),), (place,), ())
    assert f1([found]) == pytest.approx(2 / 3)
    assert f1([]) is None
