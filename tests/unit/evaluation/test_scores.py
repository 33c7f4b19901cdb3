"""Scores, with the expected counts worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from jixiao.evaluation.matching import match_document
from jixiao.evaluation.reading import AnnotationFile
from jixiao.evaluation.scores import (
    Accuracy,
    Counts,
    Scores,
    add_up,
    core_facts,
    full_facts,
    mean_ratios,
    score_document,
)
from jixiao.records import Claim, Document, Entity, Quantity, Record

_MONEY: dict[str, Any] = {"label": "MONEY", "unit": "CNY"}


def quantity(start: int, value: str | None, **fields: Any) -> Quantity:
    number = None if value is None else Decimal(value)
    given = {"end": start + 4, "text": "三万两千", **_MONEY, **fields}
    return Quantity(id="q", start=start, value=number, **given)


def annotation(*records: Record, **document: str) -> AnnotationFile:
    return AnnotationFile(Document(doc_id="a", **document), records)


def score(gold: AnnotationFile, predicted: AnnotationFile) -> Scores:
    return score_document(match_document(gold, predicted))


def test_ratios_stand_beside_their_counts() -> None:
    assert Counts(6, 2, 4).to_dict() == {
        "precision": 0.75,
        "recall": 0.6,
        "f1": 12 / 18,
        "tp": 6,
        "fp": 2,
        "fn": 4,
    }


@pytest.mark.parametrize(
    ("counts", "precision", "recall", "f1"),
    [
        (Counts(), None, None, None),
        (Counts(fp=2), 0.0, None, 0.0),
        (Counts(fn=2), None, 0.0, 0.0),
    ],
)
def test_an_empty_denominator_gives_none(
    counts: Counts, precision: float | None, recall: float | None, f1: float | None
) -> None:
    assert (counts.precision, counts.recall, counts.f1) == (precision, recall, f1)


def test_accuracy_of_a_field_gold_never_has_is_none() -> None:
    assert Accuracy(0, 0, 3).accuracy is None
    assert Accuracy(3, 4, 1).accuracy == 0.75


def test_quantities_by_label_and_place() -> None:
    gold = annotation(
        quantity(0, "1", table=True),
        quantity(10, "2"),
        quantity(20, "3", label="PERCENT", unit="%"),
    )
    predicted = annotation(
        quantity(0, "1"),  # found; gold says that it stands in a table
        quantity(11, "2"),  # overlaps, not strict
        quantity(20, "3.5", label="PERCENT", unit="%", table=True),  # wrong value
    )
    scores = score(gold, predicted)
    assert scores.quantities["all"] == Counts(2, 1, 1)
    assert scores.quantities["MONEY"] == Counts(2, 0, 0)
    assert scores.quantities["PERCENT"] == Counts(0, 1, 1)
    assert scores.quantities["table"] == Counts(1, 1, 0)
    assert scores.quantities["prose"] == Counts(1, 0, 1)
    assert scores.quantities["RANK"] == Counts()
    assert scores.quantities_strict["all"] == Counts(1, 2, 2)
    assert scores.quantities_strict["MONEY"] == Counts(1, 1, 1)


def test_fields_count_where_gold_has_them() -> None:
    gold = annotation(
        quantity(0, "1", bound="≈", period="2021", modality="actual"),
        quantity(10, "2", bound="=", period="2021"),
        quantity(20, "9", bound="="),  # missed: no field of it is scored
    )
    predicted = annotation(
        quantity(0, "1", bound="=", period="2021", region="全省", modality="actual"),
        quantity(10, "2", bound="="),
    )
    fields = score(gold, predicted).fields
    assert fields["bound"] == Accuracy(1, 2, 0)
    assert fields["period"] == Accuracy(1, 2, 0)
    assert fields["modality"] == Accuracy(1, 1, 0)
    assert fields["region"] == Accuracy(0, 0, 1)
    assert fields["facet"] == Accuracy()


def test_the_unit_is_a_field_of_counts_and_measures_only() -> None:
    gold = annotation(
        quantity(0, "1", label="COUNT", unit="家"),
        quantity(10, "2", label="MEASURE", unit="公里"),
        quantity(20, "3"),
    )
    predicted = annotation(
        quantity(0, "1", label="COUNT", unit="个"),
        quantity(10, "2", label="MEASURE", unit="公里"),
        quantity(20, "3"),
    )
    scores = score(gold, predicted)
    assert scores.quantities["all"] == Counts(3, 0, 0)
    assert scores.fields["unit"] == Accuracy(1, 2, 0)


def test_the_upper_end_of_a_range_is_a_field() -> None:
    gold = annotation(quantity(0, "10", value_high=Decimal(20)), quantity(10, "1"))
    predicted = annotation(quantity(0, "10"), quantity(10, "1", value_high=Decimal(2)))
    assert score(gold, predicted).fields["value_high"] == Accuracy(0, 1, 1)


def test_a_table_flag_that_says_false_is_as_none() -> None:
    scores = score(annotation(quantity(0, "1", table=False)), annotation(quantity(0, "1")))
    assert scores.fields["table"] == Accuracy()


def test_indicators_over_matched_and_over_all() -> None:
    gold = annotation(
        quantity(0, "1", indicator="rd_spend"),
        quantity(10, "2", indicator="rd_spend"),
        quantity(20, "3"),
        quantity(30, "4", indicator="gdp"),  # missed
        quantity(40, "5", indicator="gdp"),
    )
    predicted = annotation(
        quantity(0, "1", indicator="rd_spend"),  # right
        quantity(10, "2", indicator="gdp"),  # wrong: false positive and false negative
        quantity(20, "3", indicator="gdp"),  # gold has none: false positive
        quantity(40, "5"),  # not aligned: false negative
        quantity(50, "6", indicator="gdp"),  # spurious quantity
    )
    scores = score(gold, predicted)
    assert scores.indicators["matched"] == Counts(tp=1, fp=2, fn=2)
    assert scores.indicators["end_to_end"] == Counts(tp=1, fp=3, fn=3)
    assert scores.fields["indicator"] == Accuracy(correct=1, total=3, spurious=1)


def test_entities_and_claims_by_label_and_kind() -> None:
    def entity(start: int, label: Any) -> Entity:
        return Entity(id="e", start=start, end=start + 3, text="衡阳市", label=label)

    def claim(start: int, kind: Any) -> Claim:
        return Claim(id="c", start=start, end=start + 10, text="x" * 10, kind=kind)

    scores = score(
        annotation(entity(0, "PLACE"), entity(5, "GOV"), claim(0, "growth"), claim(20, "output")),
        annotation(entity(0, "PLACE"), entity(5, "PARK"), claim(2, "growth"), claim(26, "output")),
    )
    assert scores.entities["all"] == Counts(1, 1, 1)
    assert scores.entities["GOV"] == Counts(fn=1)
    assert scores.entities["PARK"] == Counts(fp=1)
    assert scores.claims["all"] == Counts(1, 1, 1)  # 8 of 12 shared; 4 of 16 shared
    assert scores.claims["growth"] == Counts(tp=1)


def test_facts_come_from_aligned_quantities_that_are_no_rules() -> None:
    stated = annotation(
        quantity(0, "5", indicator="gdp", measure="level", period="2021", modality="actual"),
        quantity(10, "5.0", indicator="gdp", measure="level", period="2021", modality="actual"),
        quantity(20, "5", indicator="gdp", measure="level", period="2020", modality="actual"),
        quantity(30, "8", indicator="gdp", measure="level", modality="rule"),
        quantity(40, "9", measure="level", modality="actual"),
        quantity(50, None, indicator="gdp", measure="level", modality="actual"),
    )
    assert core_facts(stated) == {("gdp", "level", Decimal(5))}
    assert full_facts(stated) == {
        ("gdp", "level", Decimal(5), "2021", "actual", None),
        ("gdp", "level", Decimal(5), "2020", "actual", None),
    }


def test_facts_are_compared_as_sets_wherever_they_stand() -> None:
    gold = annotation(
        quantity(0, "5", indicator="gdp", measure="level", period="2021"),
        quantity(10, "6", indicator="gdp", measure="growth", period="2021"),
    )
    predicted = annotation(
        quantity(90, "5", indicator="gdp", measure="level", period="2020"),
        quantity(10, "7", indicator="gdp", measure="growth", period="2021"),
    )
    assert score(gold, predicted).facts == {"core": Counts(1, 1, 1), "full": Counts(0, 2, 2)}


def test_metadata_of_the_document_record() -> None:
    gold = annotation(title="绩效评价报告", issuer="衡阳市科学技术局", fiscal_year="2021")
    predicted = annotation(title="绩效评价报告", issuer="衡阳市科技局", region="衡阳市")
    metadata = score(gold, predicted).metadata
    assert metadata["title"] == Accuracy(1, 1, 0)
    assert metadata["issuer"] == Accuracy(0, 1, 0)
    assert metadata["fiscal_year"] == Accuracy(0, 1, 0)
    assert metadata["region"] == Accuracy(0, 0, 1)
    assert metadata["report_date"] == Accuracy()


def test_micro_adds_records_and_macro_averages_documents() -> None:
    found = score(
        annotation(quantity(0, "1"), quantity(10, "2"), quantity(20, "3")),
        annotation(quantity(0, "1"), quantity(10, "2"), quantity(20, "3")),
    )
    missed = score(annotation(quantity(0, "1")), annotation())
    empty = score(annotation(), annotation())
    assert add_up([found, missed, empty]).quantities["all"] == Counts(3, 0, 1)
    macro = mean_ratios([found, missed, empty])["quantities"]["all"]
    # Recall 1, 0 and none; precision 1, none and none.
    assert macro == {"precision": 1.0, "recall": 0.5, "f1": 0.5}


def test_macro_of_a_ratio_no_document_has_is_none() -> None:
    empty = score(annotation(), annotation())
    assert mean_ratios([empty, empty])["fields"]["unit"] == {"accuracy": None}
    assert mean_ratios([]) == {}
