"""Tables: columns with totals, rows under 其中, rates, groups of points, scores against their rules."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao.checks.rubrics import read_rule
from jixiao.pipeline import annotate_text
from jixiao.records import Check

HEAD = "湄潭县商务局2022年度部门整体支出绩效自评报告\n\n一、基本情况\n我局有编制20个。\n"


def table(*rows: str) -> str:
    """Return rows of cells, parted by ``|``, as flattened reports have them."""
    return "\n".join("".join(f"\t{cell}\n" for cell in row.split("|")) for row in rows)


def checks_of(*rows: str, caption: str = "单位：万元", before: str = "") -> list[Check]:
    records = annotate_text(f"{HEAD}{before}\n{caption}\n{table(*rows)}\n").records
    return [record for record in records if isinstance(record, Check)]


def shown(checks: list[Check]) -> set[tuple[str, str, str]]:
    return {(one.kind, one.verdict, str(one.stated)) for one in checks}


SPENDING = ("项目|预算数|决算数|执行率", "购置|400.00|390.50|97.63%", "维修|200.00|180.25|90.13%")


def test_columns_add_up_to_their_total() -> None:
    found = shown(checks_of(*SPENDING, "培训|100.00|98.00|98.00%", "合计|700.00|668.75|95.54%"))
    assert {("sum", "ok", "7000000"), ("sum", "ok", "6687500")} <= found
    assert ("share", "ok", "95.54") in found
    assert not [one for one in found if one[1] == "inconsistent"]


def test_a_column_that_misses_its_total() -> None:
    found = shown(checks_of(*SPENDING, "培训|100.00|98.00|98.00%", "合计|700.00|678.75|96.96%"))
    assert ("sum", "inconsistent", "6787500") in found
    assert ("sum", "ok", "7000000") in found


def test_a_rate_that_its_row_does_not_give() -> None:
    found = shown(checks_of(*SPENDING, "培训|100.00|98.00|89.00%"))
    assert ("share", "inconsistent", "89") in found


def test_rows_that_are_parts_of_other_rows_raise_no_alarm() -> None:
    rows = ("项目|金额", "基本支出|420.3", "人员经费|380.2", "公用经费|40.1", "项目支出|560.2")
    assert not [one for one in checks_of(*rows, "合计|980.5") if one.verdict == "inconsistent"]


def test_a_number_that_was_not_read_raises_no_alarm() -> None:
    rows = ("项目|金额", "购置|400.00", "维修|200..5", "培训|100.00", "会议|30.00", "合计|750.50")
    assert not [one for one in checks_of(*rows) if one.verdict == "inconsistent"]


def test_numbered_rows_and_among() -> None:
    rows = (
        "项目|金额",
        "年度资金总额|980.5",
        "一、基本支出|420.3",
        "其中：人员经费|380.2",
        "公用经费|40.1",
        "二、项目支出|560.2",
        "1.购置|400.2",
        "2.维修|100",
        "3.培训|60",
    )
    found = shown(checks_of(*rows))
    assert {("sum", "ok", value) for value in ("9805000", "4203000", "5602000")} <= found


def test_growth_of_two_years() -> None:
    rows = ("指标|单位|2022年|2021年|比上年增长（%）", "高新技术企业数|家|643|565|13.8")
    assert ("growth", "ok", "13.8") in shown(checks_of(*rows, caption="主要指标"))
    rows = ("指标|单位|2022年|2021年|比上年增长（%）", "高新技术企业数|家|643|565|12.1")
    assert ("growth", "inconsistent", "12.1") in shown(checks_of(*rows, caption="主要指标"))


RUBRIC = "一级指标|二级指标|评分标准|分值|自评得分"


def test_points_of_groups_and_totals() -> None:
    rows = (
        RUBRIC,
        "投入（40分）|目标设定|目标明确，计20分。|20|18",
        "|资金到位|到位及时，计20分。|20|20",
        "产出（60分）|数量|完成任务，计60分。|60|55",
        "合计|||100|93",
    )
    found = shown(checks_of(*rows, caption="自评表"))
    assert {("sum", "ok", "40"), ("sum", "ok", "100"), ("sum", "ok", "93")} <= found


def test_points_of_criteria() -> None:
    rule = "①制度健全，1分；②制度有效，1.5分；③记录完整，0.5分。"
    found = checks_of(RUBRIC, f"过程|管理制度|{rule}|3|3", caption="自评表")
    assert ("sum", "ok", "3") in shown(found)


STAFF = "2022年我局编制10个，实有在职人员12人。"


def test_a_score_against_a_ratio_of_the_report() -> None:
    rule = "在职人员控制率≤100%得4分；每超过1个百分点扣0.4分，最低0分。"
    rows = (RUBRIC, f"投入|在职人员控制率|{rule}|4|4")
    records = annotate_text(
        "湄潭县商务局2022年度部门整体支出绩效自评报告\n\n一、基本情况\n"
        f"{STAFF}\n二、自评表\n{table(*rows)}\n"
    ).records
    found = shown([one for one in records if isinstance(one, Check)])
    assert ("rubric", "inconsistent", "120") in found


BANDS = "92%（含）以上得6分；80%（含）-92%，得4分；低于80%得0分。"


@pytest.mark.parametrize(("rate", "points"), [("94%", "6"), ("83%", "4")])
def test_a_score_against_a_stated_rate(rate: str, points: str) -> None:
    rows = (RUBRIC, f"效果|服务对象满意度|{BANDS}|6|{points}")
    before = f"群众满意度{rate}。"
    assert ("rubric", "ok", points) in shown(checks_of(*rows, caption="自评表", before=before))


def test_a_score_that_its_rule_does_not_give() -> None:
    rows = (RUBRIC, f"效果|服务对象满意度|{BANDS}|6|6")
    found = checks_of(*rows, caption="自评表", before="群众满意度83%。")
    assert ("rubric", "inconsistent", "6") in shown(found)


def test_full_points_for_a_target_that_was_missed() -> None:
    rows = (
        "三级指标|年度指标值|实际完成值|分值|得分",
        "资金下达及时率|≥95%|91.2%|10|10",
        "新增公办学位|≥1000个|900个|10|9",
    )
    found = shown(checks_of(*rows, caption="自评表"))
    assert {("rubric", "inconsistent", "10"), ("rubric", "ok", "9")} <= found


@pytest.mark.parametrize(
    ("text", "rate", "points"),
    [
        ("支出率≥90%，计5分；80%（含）-90%，计4分；低于80%不得分。", "95", {"5"}),
        ("支出率≥90%，计5分；80%（含）-90%，计4分；低于80%不得分。", "79.5", {"0"}),
        ("网办率达60%以上，得4分；每降低1个百分点，扣0.3分。", "50", {"1"}),
        ("控制率≤100%计6分；每增加1个百分点扣0.4分。", "101.5", {"5.4", "5.6", "5.2"}),
    ],
)
def test_rules(text: str, rate: str, points: set[str]) -> None:
    rule = read_rule(text)
    assert rule is not None
    full = max(given for *_, given in rule.bands)
    assert rule.points(Decimal(rate), full) == {Decimal(one) for one in points}


SOURCES = (
    "项目|中央|省级|县级|合计",
    "道路|100|50|30|180",
    "供水|80|40|20|140",
    "电力|10|20|30|60",
)


def test_a_column_that_adds_up_the_columns_before_it() -> None:
    found = shown(checks_of(*SOURCES))
    assert {("sum", "ok", value) for value in ("1800000", "1400000", "600000")} <= found
    found = shown(checks_of(*SOURCES[:-1], "电力|10|20|30|70"))
    assert ("sum", "inconsistent", "700000") in found


def test_a_last_column_that_no_other_row_bears_out_raises_no_alarm() -> None:
    rows = ("项目|中央|省级|合计", "道路|100|50|190", "供水|80|40|160", "电力|10|20|50")
    assert not [one for one in checks_of(*rows) if one.verdict == "inconsistent"]


def test_a_total_that_misses_the_rows_of_the_column_beside_it() -> None:
    rows = (
        "乡镇|户数（户）|人数（人）",
        "合计|130|380",
        "甲镇|50|160",
        "乙镇|40|120",
        "丙镇|30|100",
    )
    found = shown(checks_of(*rows, caption="受益情况"))
    assert {("sum", "inconsistent", "130"), ("sum", "ok", "380")} <= found


def test_a_column_with_a_number_that_was_not_read_is_not_judged_by_the_one_beside_it() -> None:
    rows = (
        "乡镇|户数（户）|人数（人）",
        "合计|130|380",
        "甲镇|5..0|160",
        "乙镇|40|120",
        "丙镇|30|100",
    )
    found = checks_of(*rows, caption="受益情况")
    assert not [one for one in found if one.verdict == "inconsistent"]


def test_shares_of_a_column_total() -> None:
    rows = ("资金来源|金额|占比", "财政|860|86%", "自筹|100|10%", "其他|40|4%", "合计|1000|100%")
    found = shown(checks_of(*rows))
    assert {("share", "ok", "86"), ("share", "ok", "10"), ("share", "ok", "4")} <= found
    found = shown(checks_of(*rows[:1], "财政|860|83%", *rows[2:]))
    assert ("share", "inconsistent", "83") in found


def test_changes_between_two_years() -> None:
    rows = ("项目|2022年|2021年|增减额", "办公费|12.5|10|2.5", "差旅费|8|10|-2", "培训费|6|5|1")
    found = shown(checks_of(*rows))
    assert {("difference", "ok", value) for value in ("25000", "20000", "10000")} <= found
    found = shown(checks_of(*rows[:1], "办公费|12.5|10|3.5", *rows[2:]))
    assert ("difference", "inconsistent", "35000") in found


SCORES = (
    "三级指标|分值|得分",
    "培训人次|30|28",
    "合格率|30|30",
    "群众满意度|40|37.3",
    "合计|100|95.3",
)


def test_the_score_of_the_text_against_that_of_the_table() -> None:
    told = "经自评，本项目自评得分{}分，等级为优。"
    found = shown(checks_of(*SCORES, caption="自评表", before=told.format("96.3")))
    assert ("duplicate", "inconsistent", "96.3") in found
    for fine in (told.format("95.3"), "产出指标自评得分58分，效益指标自评得分37.3分。"):
        found = shown(checks_of(*SCORES, caption="自评表", before=fine))
        assert not [one for one in found if one[1] == "inconsistent"]


def test_points_for_the_execution_of_the_budget() -> None:
    rows = (
        "项目名称|道路维修",
        "项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分",
        "|年度资金总额|500|560|532|10|95%|9.5",
        "|其中：当年拨款|400|460|440|—|95.65%|—",
        "|上年结转资金|100|100|92|—|92%|—",
    )
    found = shown(checks_of(*rows, caption="自评表"))
    assert {("rubric", "ok", "9.5"), ("share", "ok", "95"), ("sum", "ok", "5600000")} <= found
