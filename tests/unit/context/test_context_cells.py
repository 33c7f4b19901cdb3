"""Numbers in tables: unit, measure, modality, period and region from headers, labels, captions."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from jixiao.annotation import Annotation
from jixiao.pipeline import annotate_text
from jixiao.records import Quantity


def table(*rows: Sequence[str]) -> str:
    """Return rows of cells as the readers flatten them: tab, text, line end; a blank line after a row."""
    return "".join("".join(f"\t{cell}\n" for cell in row) + "\n" for row in rows)


def annotate(body: str) -> Annotation:
    return annotate_text(
        f"湄潭县财政局2022年度部门整体支出绩效自评报告\n\n{body}\n湄潭县财政局\n2023年3月20日\n"
    )


def one(body: str, text: str) -> Quantity:
    (quantity,) = [q for q in annotate(body).quantities if q.text == text]
    return quantity


TOWNS = table(
    ["乡镇", "项目数", "金额（万元）"],
    ["复兴镇", "12", "656.5"],
    ["永兴镇", "8", "(15.2)"],
    ["洗马镇", "", "30"],
    ["合计", "20", "671.3"],
)
GOALS = table(
    ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
    ["产出指标", "数量指标", "新建学校", "≥2所", "3所", "12", "11.5"],
    ["", "质量指标", "验收合格率", "100%", "99.2%", "10", "9.5"],
    ["效益指标", "满意度指标", "群众满意度", "≥90%", "93.6%", "8", "7"],
)
RUBRIC = table(
    ["指标", "评分标准", "分值"],
    ["预算执行率", "≥95%得满分，每低1个百分点扣0.5分", "10"],
    ["三公经费变动率", "变动率≤0，计5分", "5"],
)


class TestUnits:
    def test_the_header_states_unit_and_multiplier(self) -> None:
        amount = one(TOWNS, "656.5")
        assert (amount.label, str(amount.value), amount.unit) == ("MONEY", "6565000", "CNY")

    def test_the_header_implies_the_classifier(self) -> None:
        count = one(TOWNS, "12")
        assert (count.label, count.unit, count.noun) == ("COUNT", "个", "项目")

    def test_accounting_brackets_are_a_minus_inside_the_span(self) -> None:
        assert str(one(TOWNS, "(15.2)").value) == "-152000"

    def test_an_empty_cell_keeps_its_column(self) -> None:
        assert one(TOWNS, "30").unit == "CNY"

    def test_a_caption_states_the_unit(self) -> None:
        body = "单位：亿元\n" + table(
            ["科目", "2022年决算数"], ["教育支出", "3.6"], ["卫生支出", "1.4"]
        )
        assert str(one(body, "3.6").value) == "360000000"

    def test_a_rate_in_the_header(self) -> None:
        body = table(["单位", "人均经费（元/人）"], ["局机关", "3200"], ["下属单位", "2800"])
        assert one(body, "3200").unit == "CNY/人"

    def test_the_cell_keeps_its_own_multiplier(self) -> None:
        body = table(["单位", "用电量（千瓦时）"], ["局机关", "12.6万"], ["下属单位", "8,600"])
        assert str(one(body, "12.6万").value) == "126000"
        assert str(one(body, "8,600").value) == "8600"

    def test_the_unit_in_the_cell_wins_over_the_header(self) -> None:
        body = table(["项目", "金额（万元）"], ["会议费", "3500元"], ["培训费", "2.5"])
        assert str(one(body, "3500元").value) == "3500"

    def test_a_unit_that_nothing_states_is_an_issue_not_a_guess(self) -> None:
        found = annotate(table(["科目", "金额"], ["基本支出", "120"], ["项目支出", "230"]))
        assert not found.quantities
        assert [issue.code for issue in found.issues] == ["table_unit_missing"] * 2
        assert [found.text[i.start : i.end] for i in found.issues] == ["120", "230"]

    def test_serial_and_telephone_numbers_are_none(self) -> None:
        body = table(
            ["序号", "单位", "联系电话", "人数"],
            ["1", "财政局", "0851-24221234", "45"],
            ["2", "教育局", "0851-24225678", "62"],
        )
        assert [q.text for q in annotate(body).quantities] == ["45", "62"]

    def test_every_number_of_a_table_says_so(self) -> None:
        assert all(q.table for q in annotate(TOWNS + GOALS).quantities)
        assert one("拨付资金300万元。", "300万元").table is None

    @pytest.mark.parametrize(
        ("header", "unit"),
        [
            ("收购价（元/吨）", "CNY/吨"),
            ("补助标准（元/人·年）", "CNY/人·年"),
            ("工资（元/人/月）", "CNY/人/月"),
            ("水价（元/m³）", "CNY/m³"),
            ("单价：元/平方米", "CNY/平方米"),
            ("元/公斤", "CNY/公斤"),
        ],
    )
    def test_a_price_keeps_what_it_is_per(self, header: str, unit: str) -> None:
        body = table(["品种", "产地", header], ["早稻", "东乡", "2650"], ["晚稻", "西乡", "3100"])
        assert one(body, "2650").unit == unit

    def test_a_bare_column_of_numbers_counts_the_label(self) -> None:
        body = table(["名称", "数量"], ["执法车辆", "3"], ["巡逻艇", "2"])
        assert one(body, "3").noun == "执法车辆"


class TestModality:
    @pytest.mark.parametrize(
        ("text", "modality"),
        [
            ("2所", "planned"),
            ("3所", "actual"),
            ("12", "rule"),
            ("11.5", "actual"),
            ("100%", "planned"),
            ("99.2%", "actual"),
        ],
    )
    def test_the_role_of_the_column_decides(self, text: str, modality: str) -> None:
        assert one(GOALS, text).modality == modality

    def test_weights_and_scores_are_scores(self) -> None:
        assert {one(GOALS, text).label for text in ("12", "11.5", "9.5")} == {"SCORE"}

    @pytest.mark.parametrize("text", ["95%", "1个百分点", "0.5分", "0", "5分"])
    def test_rubric_text_is_rule_without_period(self, text: str) -> None:
        quantity = one(RUBRIC, text)
        assert (quantity.modality, quantity.period) == ("rule", None)

    def test_a_bound_in_the_target_cell(self) -> None:
        target = one(GOALS, "90%")
        assert (target.bound, target.modality, target.measure) == ("≥", "planned", "level")

    def test_budget_and_final_account(self) -> None:
        body = table(["科目", "年初预算数（万元）", "决算数（万元）"], ["基本支出", "120", "118"])
        assert (one(body, "120").modality, one(body, "118").modality) == ("planned", "actual")


class TestMeasure:
    BODY = table(
        ["项目", "同比（%）", "占比（%）", "净增（家）"],
        ["工业投资", "-3.2", "35.6", "7"],
        ["房地产投资", "12.5", "20.1", "4"],
    )

    def test_growth_carries_no_sign(self) -> None:
        growth = one(self.BODY, "-3.2")
        assert (growth.measure, str(growth.value), growth.direction) == ("growth", "3.2", "down")

    def test_growth_without_sign_is_up(self) -> None:
        growth = one(self.BODY, "12.5")
        assert (growth.measure, growth.direction) == ("growth", "up")

    def test_share(self) -> None:
        share = one(self.BODY, "35.6")
        assert (share.measure, share.direction) == ("share", None)

    def test_net_new(self) -> None:
        assert one(self.BODY, "7").measure == "net_new"

    def test_a_new_thing_named_in_the_row(self) -> None:
        assert [one(GOALS, text).measure for text in ("2所", "3所")] == ["new", "new"]

    def test_rank_and_satisfaction(self) -> None:
        body = table(["部门", "满意度", "排名"], ["税务局", "98.5", "1"], ["住建局", "96", "2"])
        rate, rank = one(body, "98.5"), one(body, "2")
        assert (rate.label, rate.measure) == ("PERCENT", "level")
        assert (rank.label, rank.measure) == ("RANK", "rank")


class TestPeriodAndRegion:
    YEARS = table(
        ["指标", "2021年决算数（万元）", "2022年预算数（万元）", "2022年决算数（万元）"],
        ["教育支出", "310", "350", "360"],
        ["卫生支出", "120", "150", "160"],
    )

    @pytest.mark.parametrize(
        ("text", "period"), [("310", "2021"), ("350", "2022"), ("360", "2022")]
    )
    def test_the_header_names_the_year(self, text: str, period: str) -> None:
        assert one(self.YEARS, text).period == period

    def test_without_a_year_it_is_the_fiscal_year(self) -> None:
        assert one(TOWNS, "656.5").period == "2022"

    def test_the_row_names_the_place(self) -> None:
        assert [one(TOWNS, text).region for text in ("12", "656.5", "8")] == [
            "复兴镇",
            "复兴镇",
            "永兴镇",
        ]

    def test_a_total_is_the_own_region(self) -> None:
        assert one(TOWNS, "671.3").region is None

    def test_a_row_of_a_department_is_no_place(self) -> None:
        body = table(["部门", "满意度"], ["税务局", "98.5"], ["住建局", "96"])
        assert one(body, "96").region is None
