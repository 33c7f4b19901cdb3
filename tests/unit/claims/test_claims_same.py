"""What a report states twice is one achievement; what only looks alike is two."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from jixiao.annotation import Annotation
from jixiao.claims.same import find_repeats, normalised
from jixiao.pipeline import annotate_text
from jixiao.records import Claim, Document, Entity, Quantity, Record


def claim(number: int, **fields: Any) -> Claim:
    """Return a claim in a sentence of its own."""
    start = 10 * number
    given = {"kind": "recognition", "modality": "actual", "sentence": (start, start + 9)}
    place = {"start": start, "end": start + 8, "text": "x" * 8}
    return Claim(id=f"c{number}", **{**place, **given, **fields})


def quantity(number: int, **fields: Any) -> Quantity:
    given = {"label": "COUNT", "value": Decimal(15), "unit": "家", "measure": "new"}
    place = {"start": 10 * number, "end": 10 * number + 1, "text": "x"}
    return Quantity(id=f"q{number}", **{**place, **given, "period": "2021", **fields})


def repeats(*records: Record, **document: Any) -> dict[str, str]:
    text = "".join(f"第{number}句话完" + "。" * 5 for number in range(10)) * 2
    head = Document(doc_id="a", **{"issuer": "湄潭县水务局", "fiscal_year": "2021", **document})
    return find_repeats(Annotation(head, text, [head, *records]))


HONOUR = "全国文明单位先进集体"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“全国文明  单位”", "全国文明单位"),
        ("获评全国文明单位", "全国文明单位"),
        ("成功获批“全国文明单位”", "『全国文明单位』荣誉称号"),
        ("全国文明\n单位", "全国文明单位"),
        ("ＡＢ计划示范县", "AB计划示范县"),
        ("全国《文明单位》", "全国文明单位"),
    ],
)
def test_objects_written_in_other_ways_are_equal(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)
    assert repeats(claim(1, object=one), claim(2, object=other)) == {"c2": "c1"}


@pytest.mark.parametrize("phrase", ["入选", "新增", "称号", "，", ""])
def test_nothing_but_verbs_and_marks_does_not_fail(phrase: str) -> None:
    assert len(normalised(phrase)) <= len(phrase)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "milestone"},
        {"level": "省"},
        {"modality": "forecast"},
        {"object": "全国文明单位先进个人"},
        {"year": "2019"},
        {"actor": "桐梓县"},
        {"quantities": ["q1"]},
        {"sentence": (10, 19)},
    ],
)
def test_what_differs_is_another_achievement(fields: dict[str, Any]) -> None:
    first = claim(1, object=HONOUR, actor="湄潭县")
    given = {"object": HONOUR, "actor": "湄潭县", **fields}
    assert repeats(quantity(1), first, claim(2, **given)) == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("湄潭县水务局", "我局"),
        ("我单位", "县水务局"),
        ("本县", "全县"),
        ("湄潭县抄乐镇", "抄乐镇"),
        ("抄乐镇", "湄潭县抄乐镇"),
        ("10余家企业", "帮助金竹电站等10余家企业"),
        ("湄潭县", None),
        (None, "湄潭县"),
        (None, None),
        ("被省水利厅", "抄乐镇"),
        ("县水文站", "湄潭县水文勘测站"),
    ],
)
def test_short_forms_and_the_unnamed_are_no_other_actor(one: str | None, other: str | None) -> None:
    named = [
        Entity(id="e1", start=0, end=8, text="湄潭县水文勘测站", label="INSTITUTION"),
        Entity(id="e2", start=9, end=13, text="县水文站", label="INSTITUTION", refers_to="e1"),
    ]
    claims = claim(1, object=HONOUR, actor=one), claim(2, object=HONOUR, actor=other)
    assert repeats(*named, *claims) == {"c2": "c1"}


def test_an_unnamed_actor_among_several_is_left_alone() -> None:
    actors = ["抄乐镇", "西河镇", None]
    claims = [claim(n, object=HONOUR, actor=actor) for n, actor in enumerate(actors, start=1)]
    assert repeats(*claims) == {}


def test_an_ending_that_two_names_share_decides_nothing() -> None:
    actors = ["湄潭县抄乐中心小学", "湄潭县西河中心小学", "中心小学"]
    claims = [claim(n, object=HONOUR, actor=actor) for n, actor in enumerate(actors, start=1)]
    assert repeats(*claims) == {}


def test_all_mentions_name_the_first() -> None:
    claims = [claim(n, object=HONOUR, actor=a) for n, a in [(1, None), (2, "湄潭县"), (3, None)]]
    assert repeats(*claims) == {"c2": "c1", "c3": "c1"}


def test_two_in_a_sentence_pair_off_with_two_in_another() -> None:
    """居全省第二 of one thing and of another, both said again."""
    places = [(1, (10, 30)), (2, (10, 30)), (3, (30, 50)), (4, (30, 50))]
    claims = [claim(n, object=HONOUR, sentence=sentence) for n, sentence in places]
    assert repeats(*claims) == {"c3": "c1", "c4": "c2"}


def test_the_fiscal_year_is_that_of_an_honour_without_one() -> None:
    claims = claim(1, object=f"2021年度{HONOUR}", year="2021"), claim(2, object=HONOUR)
    assert repeats(*claims) == {"c2": "c1"}
    assert repeats(*claims, fiscal_year="2022") == {}


@pytest.mark.parametrize(
    ("fields", "same"),
    [
        ({}, True),
        ({"text": "十五家"}, True),
        ({"period": "2021-12-31"}, True),
        ({"value": Decimal(16)}, False),
        ({"value_high": Decimal(16)}, False),
        ({"unit": "个"}, False),
        ({"measure": "level"}, False),
        ({"direction": "down"}, False),
        ({"region": "全省"}, False),
        ({"period": "2020"}, False),
        ({"indicator": "high_tech_enterprises"}, False),
    ],
)
def test_quantities_are_equal(fields: dict[str, Any], same: bool) -> None:
    numbers = quantity(1), quantity(2, **fields)
    claims = [claim(n, kind="growth", object="科技型企业", quantities=[f"q{n}"]) for n in (1, 2)]
    assert bool(repeats(*numbers, *claims)) is same


@pytest.mark.parametrize(("subject", "same"), [("企业总数", True), ("平台总数", False)])
def test_a_short_object_needs_the_same_subject(subject: str, same: bool) -> None:
    numbers = quantity(1, subject="企业总数"), quantity(2, subject=subject)
    claims = [claim(n, kind="ranking", object="总数", quantities=[f"q{n}"]) for n in (1, 2)]
    assert bool(repeats(*numbers, *claims)) is same


def test_a_short_object_without_a_number_needs_the_same_sentence() -> None:
    text = "客流增长，创历史新高。粮食增产，创历史新高。客流 增长，创历史新高。"
    places = [(0, 11), (11, 22), (22, 34)]
    claims = [
        claim(n, kind="milestone", object="新高", sentence=place)
        for n, place in enumerate(places, start=1)
    ]
    head = Document(doc_id="a")
    assert find_repeats(Annotation(head, text, [head, *claims])) == {"c3": "c1"}


def test_claims_without_an_object_or_numbers_of_their_own_are_compared_by_their_words() -> None:
    claims = [claim(n, text="全县未发生安全事故", actor="全县") for n in (1, 2)]
    assert repeats(*claims, claim(3, text="全县未发生火灾", actor="全县")) == {"c2": "c1"}
    assert repeats(claim(1, object=HONOUR, quantities=["q9"])) == {}


def test_a_summary_and_its_section() -> None:
    told = "抄乐镇获评全省水利先进集体，新建水厂3座，同比增长20%。"
    head = "湄潭县水务局2021年度部门整体支出绩效自评报告\n"
    annotation = annotate_text(f"{head}一、工作成效\n{told}\n二、履职效果\n（一）供水。{told}\n")
    assert len(annotation.claims) == 6
    assert find_repeats(annotation) == {"c4": "c1", "c5": "c2", "c6": "c3"}


def test_an_annotation_without_claims_repeats_nothing() -> None:
    assert repeats() == {}


def test_time_grows_with_the_number_of_claims(assert_linear: Callable[..., None]) -> None:
    """The same honour for thousands of bodies, stated or not, in one long sentence or many."""

    def prepare(count: int) -> Callable[[], object]:
        named = [claim(n, object=HONOUR, actor=f"第{n}号{'村' * 40}") for n in range(1, count)]
        unnamed = [claim(n, object=HONOUR) for n in range(count, 2 * count)]
        joint = [claim(n, object="新高", sentence=(0, 200)) for n in range(2 * count, 3 * count)]
        return lambda: repeats(*named, *unnamed, *joint)

    assert_linear(prepare, 500)
