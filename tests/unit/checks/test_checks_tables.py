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
    rule = "在职人员控制率≤100%，计5分；每超过一个百分点扣0.5分，扣完为止。"
    rows = (RUBRIC, f"投入|在职人员控制率|{rule}|5|5")
    records = annotate_text(
        "湄潭县商务局2022年度部门整体支出绩效自评报告\n\n一、基本情况\n"
        f"{STAFF}\n二、自评表\n{table(*rows)}\n"
    ).records
    found = shown([one for one in records if isinstance(one, Check)])
    assert ("rubric", "inconsistent", "120") in found


@pytest.mark.parametrize(("rate", "points"), [("96%", "5"), ("88%", "3")])
def test_a_score_against_a_stated_rate(rate: str, points: str) -> None:
    rule = "95%（含）以上计5分；85%（含）-95%，计3分；低于85%计0分。"
    rows = (RUBRIC, f"效果|服务对象满意度|{rule}|5|{points}")
    before = f"群众满意度{rate}。"
    assert ("rubric", "ok", points) in shown(checks_of(*rows, caption="自评表", before=before))


def test_a_score_that_its_rule_does_not_give() -> None:
    rule = "95%（含）以上计5分；85%（含）-95%，计3分；低于85%计0分。"
    rows = (RUBRIC, f"效果|服务对象满意度|{rule}|5|5")
    found = checks_of(*rows, caption="自评表", before="群众满意度88%。")
    assert ("rubric", "inconsistent", "5") in shown(found)


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
        ("刷卡率达50%以上的，得3分。每减少一个百分点，扣0.2分，扣完为止。", "45", {"2"}),
        ("控制率≤100%，计5分；每超过一个百分点扣0.5分。", "101.5", {"4.25", "4.5", "4"}),
    ],
)
def test_rules(text: str, rate: str, points: set[str]) -> None:
    rule = read_rule(text)
    assert rule is not None
    full = max(given for *_, given in rule.bands)
    assert rule.points(Decimal(rate), full) == {Decimal(one) for one in points}
