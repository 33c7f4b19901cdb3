"""What jixiao finds in generated reports stays at least as good as it was when last measured."""

from __future__ import annotations

import pytest

from jixiao.evaluation import Accuracy, AnnotationFile, Scores, evaluate
from jixiao.generation import generate_report
from jixiao.pipeline import annotate_text

SEEDS = range(1, 21)

# Measured on 2026-11-21 on these reports (1,641 quantities): quantities 1.0, bound 1.0, measure 0.998,
# period 0.982, modality 1.0. The templates and the rules follow one guideline, so the floors guard
# against losses; they say nothing of accuracy on real reports.
QUANTITIES = 0.998
FLOORS = {"bound": 0.998, "measure": 0.996, "period": 0.98, "modality": 0.998}


@pytest.fixture(scope="module")
def scores() -> Scores:
    gold, predicted = {}, {}
    for seed in SEEDS:
        text, quantities, document = generate_report(seed)
        gold[document.doc_id] = AnnotationFile(document, [document, *quantities])
        predicted[document.doc_id] = annotate_text(text, doc_id=document.doc_id)
    return evaluate(gold, predicted).micro


def correct_share(tally: Accuracy) -> float:
    """Return the share of right values; one that gold does not have counts as wrong."""
    return tally.correct / (tally.total + tally.spurious)


def test_quantities(scores: Scores) -> None:
    f1 = scores.quantities["all"].f1
    assert f1 is not None
    assert f1 >= QUANTITIES


@pytest.mark.parametrize("field", FLOORS)
def test_field(scores: Scores, field: str) -> None:
    tally = scores.fields[field]
    assert isinstance(tally, Accuracy)
    assert correct_share(tally) >= FLOORS[field], tally
