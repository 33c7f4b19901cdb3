"""Laws of the checks: intervals hold what they should, scaling keeps verdicts, time stays linear."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.checks.changes import _integer_base
from jixiao.checks.values import judge_rate, quotient
from jixiao.pipeline import annotate_text
from jixiao.records import Check

HEAD = "湄潭县商务局2022年度部门整体支出绩效自评报告\n\n一、基本情况\n"
AMOUNTS = st.integers(1, 10**7).map(lambda cents: Decimal(cents) / 100)


def checks_of(text: str) -> list[Check]:
    return [one for one in annotate_text(f"{HEAD}{text}\n").records if isinstance(one, Check)]


def sentence(parts: list[Decimal], total: Decimal, unit: str) -> str:
    listed = "，".join(
        f"{name}经费{part}{unit}" for name, part in zip("甲乙丙丁戊己", parts, strict=False)
    )
    return f"2022年项目支出{total}{unit}，其中{listed}。"


@given(st.lists(AMOUNTS, min_size=2, max_size=6), st.sampled_from(["元", "万元", "亿元"]))
def test_parts_that_add_up_are_ok_in_every_unit(parts: list[Decimal], unit: str) -> None:
    found = checks_of(sentence(parts, sum(parts, Decimal(0)), unit))
    assert not [one for one in found if one.verdict == "inconsistent"]
    assert any(one.kind == "sum" and one.verdict == "ok" for one in found)


@given(st.lists(AMOUNTS, min_size=2, max_size=4), st.integers(1, 30))
def test_scaling_a_relation_keeps_its_verdict(parts: list[Decimal], excess: int) -> None:
    total = sum(parts, Decimal(0)) * (100 - excess) / 100
    total = max(total.quantize(Decimal("0.01")), Decimal("0.01"))
    verdicts = []
    for unit in ("元", "万元", "亿元"):
        found = checks_of(sentence(parts, total, unit))
        verdicts.append(sorted((one.kind, one.verdict) for one in found))
    assert verdicts[0] == verdicts[1] == verdicts[2]


@given(st.lists(AMOUNTS, min_size=2, max_size=6))
def test_rounding_alone_is_never_an_inconsistency(parts: list[Decimal]) -> None:
    printed = [part.quantize(Decimal("0.1"), ROUND_HALF_UP) for part in parts]
    total = sum(parts, Decimal(0)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    found = checks_of(sentence(printed, total, "万元"))
    assert not [one for one in found if one.kind == "sum" and one.verdict == "inconsistent"]


@given(AMOUNTS, AMOUNTS, st.integers(0, 3))
def test_a_rounded_rate_is_ok(part: Decimal, whole: Decimal, places: int) -> None:
    step = Decimal(1).scaleb(-places)
    exact = part * 100 / whole
    span = quotient((part, part), (whole, whole))
    assert span is not None
    stated = exact.quantize(step, ROUND_HALF_UP)
    assert judge_rate(stated, step, span) == "ok"


@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(0, 2))
def test_every_growth_of_whole_numbers_has_a_base(count: int, base: int, places: int) -> None:
    step = Decimal(1).scaleb(-places)
    rate = (Decimal(count - base) * 100 / base).quantize(step, ROUND_HALF_UP)
    if rate > -100:
        assert _integer_base(Decimal(count), rate, step)[0] == "ok"


@given(
    st.text(
        alphabet="编制其中分别为占比上年增长减少万元个家%，。：（）、合计123456789.\t\n",
        max_size=300,
    )
)
def test_any_text_is_read(text: str) -> None:
    for check in checks_of(text):
        assert check.message
        if check.interval is not None:
            assert check.interval[0] <= check.interval[1]


@pytest.mark.parametrize(
    "pattern",
    [
        "编制10个，其中",
        "1万元，",
        "占1%，",
        "（含1万元",
        "机构9个，分别为办公室、人事科、",
        "较1万元",
        "99999999999999999999万元占1%",
        "2万元，由1万元、1万元构成，合计",
        "8座、6座，共计15座，",
        "《办法》《细则》3项",
        "2022年支出2万元，2021年支出1万元，增长9%，",
        "2万元，其中1万元，占9%，",
    ],
)
def test_time_is_linear(pattern: str, assert_linear: Callable[..., None]) -> None:
    assert_linear(lambda size: partial(annotate_text, (pattern * size)[:size]), 1_000)
