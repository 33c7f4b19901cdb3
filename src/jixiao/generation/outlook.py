"""Templates of what is not done yet: goals, plans, forecasts, rules, and what went wrong."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from jixiao.generation import amounts
from jixiao.generation.grammar import Pen, template
from jixiao.generation.pieces import Mention, Pieces


@template("plan", "planned COUNT new", weight=3)
def planned_new(pen: Pen) -> Pieces:
    """Write 2022年，计划新建学校2所."""
    thing = pen.subject("new", "noun")
    year = _next_year(pen)
    value = pen.count(thing, measure="new", period=year, modality="planned")
    verb = pen.choice(["计划", "拟"])
    return [f"{year}年，", verb, thing.adds, thing.name, value, "。"]


@template("plan", "planned level", weight=3)
def planned_deed(pen: Pen) -> Pieces:
    """Write 2022年，计划培训教师300名."""
    thing = pen.subject("goal", "noun", "physical")
    year = _next_year(pen)
    value = pen.count(thing, period=year, modality="planned")
    return [f"{year}年，", pen.choice(["计划", "力争"]), thing.deed, thing.name, value, "。"]


@template("plan", "planned COUNT level ≥")
def planned_at_least(pen: Pen) -> Pieces:
    """Write 2022年，计划培训教师不少于300名."""
    thing = pen.subject("goal", "noun")
    year = _next_year(pen)
    number = Decimal(pen.integer(2, 60) * 10)
    value = pen.count(thing, number, period=year, modality="planned")
    bounded = amounts.bounded_before(pen.draw, value, amounts.AT_LEAST)
    return [f"{year}年，计划", thing.deed, thing.name, bounded, "。"]


@template("plan", "planned MEASURE level ≤")
def planned_time_limit(pen: Pen) -> Pieces:
    """Write 2022年，力争平均办理时限压缩至5天以内."""
    year = _next_year(pen)
    what = pen.choice(["平均办理时限", "审批时限", "投诉办结时限"])
    value = pen.duration(
        pen.integer(1, 20), subject=what, bound="≤", period=year, modality="planned"
    )
    return [f"{year}年，力争", what, "压缩至", value, "以内。"]


@template("plan", "planned PERCENT level ≥", weight=2)
def planned_rate(pen: Pen) -> Pieces:
    """Write 2022年，力争巩固率达到96%以上."""
    thing = pen.subject("goal", "rate")
    year = _next_year(pen)
    value = replace(
        pen.percent(Decimal(pen.integer(thing.low, thing.high)), subject=thing.name),
        bound="≥",
        period=year,
        modality="planned",
    )
    return [f"{year}年，力争", thing.name, "达到", value, "以上", "。"]


@template("plan", "planned level MONEY", weight=2)
def planned_by(pen: Pen) -> Pieces:
    """Write 到2025年底，力争工业投资达到60亿元."""
    thing = pen.subject("goal", "money")
    later = pen.setting.year + pen.integer(2, 4)
    pen.must_date = True
    value = pen.amount(thing, period=f"{later}-12-31", modality="planned")
    return [f"到{later}年底，力争", thing.name, "达到", value, "。"]


@template("plan", "planned PERCENT growth up", weight=2)
def planned_growth(pen: Pen) -> Pieces:
    """Write 2022年，工业投资计划增长8%."""
    thing = pen.subject("goal", "money")
    year = _next_year(pen)
    value = pen.percent(
        pen.decimal(2, 15),
        measure="growth",
        direction="up",
        period=year,
        modality="planned",
        subject=thing.name,
    )
    return [f"{year}年，", thing.name, "计划增长", value, "。"]


@template("achievements", "forecast COUNT level", weight=2)
def forecast(pen: Pen) -> Pieces:
    """Write 2021年实施的项目全部建成后，预计可带动就业300人."""
    year = pen.setting.year
    dated, pen.must_date = pen.must_date or pen.chance(0.3), False
    noun, unit, verb = pen.choice(
        [
            ("就业", "人", "带动"),
            ("群众", "人", "惠及"),
            ("农户", "户", "惠及"),
            ("企业", "家", "服务"),
        ]
    )
    value = pen.things(pen.integer(3, 90) * 10, unit, noun, period=str(year), modality="forecast")
    which = f"{year}年实施的项目" if dated else "项目"
    may = pen.choice(["预计可", "预计将"])
    return [which, "全部建成后，", may, verb, noun, value, "。"]


@template("achievements overview money", "rule MONEY", weight=2)
def grant_rule(pen: Pen) -> Pieces:
    """Write 对新认定的企业，每家奖励10万元: what a policy grants has no period."""
    thing = pen.subject("new", "noun")
    value = replace(
        pen.money(Decimal(pen.integer(1, 20)), "万元", "奖励标准"), modality="rule", period=None
    )
    if pen.chance(0.4):
        top = replace(value, bound="≤")
        reward = "给予一次性奖励，最高不超过"
        return ["按照政策规定，对", thing.adds, "的", thing.name, reward, top, "。"]
    return ["按照政策规定，对", thing.adds, "的", thing.name, "每", thing.unit, "奖励", value, "。"]


@template("achievements overview money", "rule MONEY")
def per_unit_rule(pen: Pen) -> Pieces:
    """Write 补助标准为600元/亩."""
    unit, what = pen.choice([("亩", "作业"), ("平方米", "改造"), ("公里", "管护"), ("人", "培训")])
    number = pen.integer(1, 90) * 20
    mention = Mention(
        text=f"{number}元/{unit}",
        label="MONEY",
        value=Decimal(number),
        unit=f"CNY/{unit}",
        subject=f"{what}补助标准",
        modality="rule",
    )
    return [what, "补助标准为", mention, "。"]


@template("overview money", "rule PERCENT SCORE gap level")
def deduction_rule(pen: Pen) -> Pieces:
    """Write 每低1个百分点扣0.5分."""
    step = Mention(
        text=pen.choice(["1个百分点", "一个百分点"]),
        label="PERCENT",
        value=Decimal(1),
        unit="pp",
        measure="gap",
        modality="rule",
        subject="预算执行率",
    )
    points = pen.choice([Decimal("0.5"), Decimal("0.2"), Decimal(1), Decimal("0.1")])
    taken = Mention(
        text=f"{points}分",
        label="SCORE",
        value=points,
        unit="分",
        modality="rule",
        subject="扣分",
    )
    return ["评分办法规定，预算执行率每低", step, "扣", taken, "。"]


@template("overview", "SCORE level")
def score(pen: Pen) -> Pieces:
    """Write 部门整体支出绩效自评得分96.5分，等级为优."""
    when = pen.then()
    value = pen.decimal(90, 99.5)
    mention = Mention(
        text=f"{value}分",
        label="SCORE",
        value=value,
        unit="分",
        subject="自评得分",
        period=when.period,
    )
    reach = pen.choice(["自评得分", "自评得分为", "综合评分"])
    return [when.words, "部门整体支出绩效", reach, mention, "，等级为“优”。"]


@template("problems", "PERCENT gap", weight=2)
def behind_schedule(pen: Pen) -> Pieces:
    """Write 支出进度低于序时进度13.7个百分点."""
    when = pen.then()
    value = pen.points(pen.decimal(1, 20), measure="gap", period=when.period, subject="支出进度")
    return [when.words, "部分项目支出进度低于序时进度", value, "。"]


@template("problems", "COUNT gap")
def shortage(pen: Pen) -> Pieces:
    """Write 专业技术人员缺口12名."""
    when = pen.then()
    who = "专业技术人员"
    value = pen.things(pen.integer(3, 60), "名", who, measure="gap", period=when.period)
    return [when.words, who, "缺口", value, "。"]


@template("problems", "COUNT level", weight=2)
def unfinished(pen: Pen) -> Pieces:
    """Write 有3个项目未按期开工."""
    when = pen.then()
    noun, unit = pen.choice([("项目", "个"), ("工程", "个"), ("指标", "项")])
    value = pen.things(pen.integer(2, 12), unit, noun, period=when.period)
    why = pen.choice(["未按期完成", "进度滞后", "未达到预期"])
    return [when.words, "有", value, noun, why, "。"]


@template("problems", "PERCENT level", weight=2)
def below_goal(pen: Pen) -> Pieces:
    """Write 个别指标仅完成年度目标的82.3%."""
    when = pen.then()
    value = pen.percent(pen.decimal(55, 96), period=when.period, subject="目标完成率")
    return [when.words, pen.choice(["个别指标", "个别项目"]), "仅完成年度目标的", value, "。"]


@template("problems", "PERCENT level <")
def slow_spending(pen: Pen) -> Pieces:
    """Write 个别项目支出进度不足60%."""
    when = pen.then()
    number = Decimal(pen.integer(4, 9) * 10)
    value = pen.percent(number, bound="<", period=when.period, subject="支出进度")
    return [when.words, pen.choice(["个别", "部分"]), "项目支出进度不足", value, "。"]


@template("plan achievements", "COUNT planned level")
def goal_range(pen: Pen) -> Pieces:
    """Write 每个镇计划培育示范户10-20户: a range is one span."""
    low = pen.integer(2, 30)
    high = low + pen.integer(2, 30)
    noun, unit = pen.choice([("示范户", "户"), ("示范点", "个"), ("带头人", "名")])
    year = _next_year(pen)
    value = amounts.ranged(pen.draw, Decimal(low), Decimal(high), unit)
    value = replace(value, noun=noun, subject=noun, period=year, modality="planned")
    return [f"{year}年，每个乡镇计划培育", noun, value, "。"]


@template("money overview", "MONEY rule")
def money_range(pen: Pen) -> Pieces:
    """Write 单个项目补助标准为3—5万元."""
    low = Decimal(pen.integer(1, 30))
    value = amounts.ranged(pen.draw, low, low + pen.integer(1, 30), "万元", "MONEY")
    value = replace(value, modality="rule", subject="单个项目补助标准")
    return ["单个项目补助标准为", value, "。"]


def _next_year(pen: Pen) -> str:
    pen.must_date = True
    return str(pen.setting.year + 1)
