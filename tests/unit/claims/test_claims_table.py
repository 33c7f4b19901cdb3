"""``triggers.csv`` and ``claims_model.json`` are of their forms; records of claims are exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import get_args

import pytest

from jixiao.claims import NamedSpan, find_claims, publish_claims
from jixiao.claims.decide import Model, model
from jixiao.claims.segments import clauses, zone_of
from jixiao.claims.spans import trim
from jixiao.claims.triggers import OTHER_KINDS, USES, find_triggers
from jixiao.documents import Report
from jixiao.pipeline import context_of, publish
from jixiao.records import ClaimKind
from jixiao.resources import read_table

ROWS = read_table("triggers.csv")
REPORT = (
    "湄潭县水务局2022年度绩效自评报告\r\n一、工作成效\r\n"
    "２０２２年，我局荣获全省水利工作先进单位，新建水厂3座。\r\n"
)


def test_triggers_are_of_known_kinds_and_unique() -> None:
    kinds = OTHER_KINDS.union(get_args(ClaimKind))
    assert all(row["kind"] in kinds and row["use"] in USES for row in ROWS)
    assert max(Counter(row["surface"] for row in ROWS).values()) == 1


def test_guards_carry_no_use() -> None:
    assert all(bool(row["use"]) == (row["kind"] in get_args(ClaimKind)) for row in ROWS)


def test_model_has_finite_weights() -> None:
    weights = model().weights
    assert "bias" in weights
    assert all(abs(Decimal(str(weight))) < 10 for weight in weights.values())


def test_extreme_weights_give_probabilities() -> None:
    assert Model({"bias": 1e9}).probability(["bias"]) == 1
    assert Model({"bias": -1e9}).probability(["bias", "unknown"]) == 0


def test_published_claims_point_into_the_raw_text() -> None:
    report = Report("r", REPORT)
    items, _, _ = context_of(report)
    publish(report, items)
    first, second = publish_claims(report, find_claims(report, items))
    for claim in (first, second):
        assert report.raw[claim.start : claim.end] == claim.text
        assert claim.trigger is not None
        assert report.raw[claim.trigger.start : claim.trigger.end] == claim.trigger.text
        assert claim.start <= claim.trigger.start < claim.trigger.end <= claim.end
    assert (first.kind, first.actor, first.level) == ("recognition", "我局", "省")
    assert second.quantities == [items[-1].quantity.id]
    assert second.section == ["工作成效"]


def test_entities_name_actors() -> None:
    text = "一、工作成效\n云岭水文站建成自动监测点6个。\n"
    report = Report("r", text)
    items, _, _ = context_of(report)
    entity = NamedSpan(7, 12, "INSTITUTION", "云岭水文站")
    (claim,) = find_claims(report, items, [entity])
    assert claim.actor == "云岭水文站"


def test_a_report_without_text_has_no_claims() -> None:
    assert find_claims(Report("r", ""), []) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全年共建成水厂3座", "共建成水厂3座"),
        ("截至2022年底建成9个", "建成9个"),
        ("“十三五”以来累计新增30台", "累计新增30台"),
        ("年产值100亿元", "年产值100亿元"),
        ("并网76兆瓦", "并网76兆瓦"),
        ("1.5亿元投资到位", "1.5亿元投资到位"),
        ("二是搭建平台", "搭建平台"),
        ("我县获批试点县之后", "我县获批试点县"),
    ],
)
def test_trim(text: str, expected: str) -> None:
    start, end = trim(text, 0, len(text))
    assert text[start:end] == expected


@pytest.mark.parametrize(
    ("before", "run", "after"),
    [
        ("", "（", ""),
        ("", "“，", ""),
        ("", "，", ""),
        ("", "获批", ""),
        ("", "由1到", ""),
        ("", "指导", "申报1项"),
        ("", "开展", ""),
        ("", "共", "建成1座"),
        ("新增", "工厂3家、", ""),
        ("", "省级工厂3家，", ""),
    ],
)
def test_hostile_text_takes_linear_time(
    before: str, run: str, after: str, assert_linear: Callable[..., None]
) -> None:
    def prepare(characters: int) -> Callable[[], object]:
        text = before + (run * characters)[:characters] + after
        report = Report("r", f"一、工作成效\n{text}\n")
        items, _, _ = context_of(report)
        return lambda: find_claims(report, items)

    assert_linear(prepare, 2_500)


def test_unclosed_bracket_shields_nothing() -> None:
    text = "建成水厂（一期3座，投用2座。"
    assert [text[a:b] for a, b, _ in clauses(text, 0, len(text))] == [
        "建成水厂（一期3座",
        "投用2座",
    ]


def test_guard_hides_a_trigger_in_a_longer_word() -> None:
    assert [t.surface for t in find_triggers("获得感增强，居民增收")] == []


def test_zones() -> None:
    assert zone_of(("履职成效", "专项资金使用情况")) == "mixed"
    assert zone_of(("存在的问题",)) == "closed"
    assert zone_of(()) == "other"
