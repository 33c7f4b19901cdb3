"""Catalogues of a health and an education bureau, names and an alias or two: what they align at once.

The expected numbers are marked by hand in two specimens (``tests/data/catalogue-*-expected.csv``).
``pytest -rP`` on this file prints the shares.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from jixiao import Settings, annotate
from jixiao.indicators.catalogue import read_own

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "data"


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "beside the shipped"])
@pytest.mark.parametrize(
    ("domain", "specimen", "recall", "precision"),
    [
        ("health", "wangcang-health-2020.txt", 0.70, 0.85),
        ("education", "minle-education-2022.docx", 0.70, 0.75),
    ],
)
def test_names_and_few_aliases_align_a_new_domain(
    domain: str, specimen: str, recall: float, precision: float, alone: bool
) -> None:
    content = (DATA / f"catalogue-{domain}.yaml").read_text("utf-8")
    if alone:
        content = content.replace("extends: default", "extends: none")
    own, _ = read_own(content, domain)
    ids = {one.name_zh: one.id for one in own}
    with (DATA / f"catalogue-{domain}-expected.csv").open(encoding="utf-8", newline="") as file:
        expected = {
            (int(row["start"]), int(row["end"])): ids[row["name"]] for row in csv.DictReader(file)
        }
    report = annotate(ROOT / "corpus" / specimen, settings=Settings(catalogue=content))
    given = {
        (one.start, one.end): one.indicator
        for one in report.quantities
        if one.indicator in ids.values()
    }
    right = sum(expected.get(place) == indicator for place, indicator in given.items())
    print(
        f"{domain}: {right} of {len(expected)} numbers have their indicator "
        f"({right / len(expected):.1%}), {right} of {len(given)} given are right "
        f"({right / len(given):.1%})"
    )
    assert right / len(expected) >= recall
    assert right / len(given) >= precision
