"""``tests/cases/context.csv`` and ``context_cues.csv``: what the words around one number say of it.

Each row names a *setting*: whose report the sentence stands in. The bureaus and reports are made
up; the regions are real, so that 全市 and 全省 can be told apart. All reports are about 2022 and
dated 20 March 2023. ``expected`` lists ``field=value`` pairs joined by ``; ``; ``-`` means that
the field is left out. ``\\n`` in a text begins a new line.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from jixiao.annotation import Annotation
from jixiao.pipeline import annotate_text
from jixiao.records import Quantity

CASES_FOLDER = Path(__file__).parents[2] / "cases"
ROWS = [
    row
    for name in ("context.csv", "context_cues.csv")
    for row in csv.DictReader((CASES_FOLDER / name).read_text(encoding="utf-8").splitlines())
]
ISSUERS = {
    "county": "湄潭县工业和信息化局",
    "county_city": "仁怀市农业农村局",
    "district": "鄞州区教育局",
    "prefecture": "宝鸡市财政局",
    "province": "江西省林业局",
    "banner": "科尔沁右翼前旗林业和草原局",
}
REGIONS = {
    "county": "湄潭县",
    "county_city": "仁怀市",
    "district": "宁波市鄞州区",
    "prefecture": "宝鸡市",
    "province": "江西省",
    "banner": "科尔沁右翼前旗",
}


def annotate(setting: str, text: str) -> Annotation:
    issuer = ISSUERS[setting]
    body = text.replace("\\n", "\n")
    return annotate_text(
        f"{issuer}2022年度部门整体支出绩效自评报告\n\n{body}\n\n{issuer}\n2023年3月20日\n"
    )


def pairs(expected: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in expected.split("; "))


def _case(line: int, row: dict[str, str]) -> object:
    reason = row["note"].removeprefix("xfail: ")
    marks = [pytest.mark.xfail(reason=reason)] if reason != row["note"] else []
    fields = (row["setting"], row["text"], row["target"], row["expected"])
    return pytest.param(*fields, id=f"line{line}", marks=marks)


CASES = [_case(line, row) for line, row in enumerate(ROWS, start=2)]


@pytest.mark.parametrize(("setting", "text", "target", "expected"), CASES)
def test_context(setting: str, text: str, target: str, expected: str) -> None:
    (quantity,) = [q for q in annotate(setting, text).quantities if q.text == target]
    wanted = pairs(expected)
    found = {field: getattr(quantity, field) for field in wanted}
    assert {name: "-" if v is None else str(v) for name, v in found.items()} == wanted


@pytest.mark.parametrize("setting", ISSUERS)
def test_the_setting_is_read(setting: str) -> None:
    document = annotate(setting, "一、基本情况").document
    assert document.issuer == ISSUERS[setting]
    assert document.fiscal_year == "2022"
    assert document.report_date == "2023-03-20"
    assert document.region == REGIONS[setting]


class TestFile:
    def test_columns(self) -> None:
        columns = ["phenomenon", "setting", "text", "target", "expected", "source", "note"]
        assert list(ROWS[0]) == columns

    def test_no_case_stands_twice(self) -> None:
        cases = Counter((row["setting"], row["text"], row["target"]) for row in ROWS)
        assert not [case for case, n in cases.items() if n > 1]

    def test_fields_and_settings_exist(self) -> None:
        for row in ROWS:
            assert row["setting"] in ISSUERS
            assert set(pairs(row["expected"])) <= set(Quantity.__struct_fields__), row

    def test_every_phenomenon_has_five_examples(self) -> None:
        count = Counter(row["phenomenon"] for row in ROWS)
        assert not {name for name, n in count.items() if n < 5}
