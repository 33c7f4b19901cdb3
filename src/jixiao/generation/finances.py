"""Templates of the sections on money: budgets, spending, balances."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from jixiao.generation import amounts
from jixiao.generation.grammar import Pen, template
from jixiao.generation.pieces import Mention, Pieces


def _wan(pen: Pen, low: float = 20, high: float = 6000) -> Decimal:
    """Return an amount to be printed in 万元, with two decimals at most."""
    share = pen.draw.random() ** 2
    return round(Decimal(str(round(low + (high - low) * share, 2))), 2)


@template("money", "MONEY planned", weight=3)
def budget(pen: Pen) -> Pieces:
    """Write 年初预算安排专项资金320万元."""
    thing, when = pen.subject("budget", "money"), pen.during()
    planned = pen.kept(f"budget {thing.name}", pen.number(thing))
    value = pen.amount(thing, planned, period=when.period, modality="planned")
    verb = pen.choice(["年初预算安排", "预算安排", "财政预算安排"])
    return [when.words, verb, thing.name, value, "。"]


@template("money", "MONEY PERCENT level", weight=3)
def spending(pen: Pen) -> Pieces:
    """Write 实际支出专项资金300万元，预算执行率97.35%."""
    thing, when = pen.subject("spend", "money"), pen.during()
    planned = pen.kept(f"budget {thing.name}", pen.number(thing))
    spent = pen.kept(f"spent {thing.name}", round(planned * pen.decimal(78, 100, 2) / 100, 2))
    value = pen.amount(thing, spent, period=when.period)
    rate = round(spent * 100 / planned, 2)
    done = pen.percent(rate, subject="预算执行率", period=when.period)
    reach = pen.choice(["预算执行率", "预算执行率为", "预算执行率达"])
    verb = pen.choice([f"实际{thing.deed}", f"累计{thing.deed}", thing.deed])
    return [when.words, verb, thing.name, value, "，", reach, done, "。"]


@template("money", "MONEY PERCENT level share", weight=3)
def breakdown(pen: Pen) -> Pieces:
    """Write 总支出300万元，其中：基本支出120万元，项目支出180万元，占60%."""
    when = pen.during()
    basic, project = _wan(pen), _wan(pen)
    whole = basic + project
    part = round(project * 100 / whole, 2)
    period = when.period
    total = pen.money(whole, "万元", "总支出", period=period)
    first = pen.money(basic, "万元", "基本支出", period=period)
    second = pen.money(project, "万元", "项目支出", period=period)
    share = pen.percent(part, measure="share", period=period, subject="项目支出占比")
    mark = pen.choice(["，其中：", "，其中", "。其中，"])
    return [
        [when.words, "部门总支出", total, mark, "基本支出", first],
        ["，项目支出", second, "，占总支出的", share, "。"],
    ]


@template("money", "MONEY level change growth down")
def three_public(pen: Pen) -> Pieces:
    """Write “三公”经费支出9.35万元，较上年减少1.2万元，下降11.3%."""
    when = pen.during()
    now, less = pen.decimal(3, 60, 2), pen.decimal(0.2, 9, 2)
    period = when.period
    name = "三公经费支出"
    value = pen.money(now, "万元", name, period=period)
    moved = pen.money(less, "万元", name, measure="change", direction="down", period=period)
    fell = pen.percent(
        round(less * 100 / (now + less), 2),
        measure="growth",
        direction="down",
        period=period,
        subject=name,
    )
    printed = pen.choice(["“三公”经费支出", "三公经费支出"])
    return [when.words, printed, value, "，较上年减少", moved, "，下降", fell, "。"]


@template("money", "MONEY level gap")
def under_budget(pen: Pen) -> Pieces:
    """Write 公务接待费支出4.6万元，比预算节约1.2万元."""
    when = pen.during()
    name = pen.choice(["公务接待费", "会议费", "培训费", "公务用车运行维护费"])
    value = pen.money(pen.decimal(1, 30, 2), "万元", name, period=when.period)
    saved = pen.money(pen.decimal(0.1, 6, 2), "万元", name, measure="gap", period=when.period)
    verb = pen.choice(["比预算节约", "较预算压减", "较预算减少"])
    return [when.words, name, "支出", value, "，", verb, saved, "。"]


@template("money", "MONEY level")
def carried_over(pen: Pen) -> Pieces:
    """Write 上年结转资金36万元，年末结转和结余5万元."""
    year = pen.setting.year
    when = pen.then()
    pen.must_date = True
    before = pen.money(_wan(pen), "万元", "上年结转", period=f"{year}-01-01")
    after = pen.money(_wan(pen), "万元", "年末结转结余", period=f"{year}-12-31")
    return [when.words, "上年结转资金", before, "，年末结转和结余", after, "。"]


@template("money", "MONEY level")
def assets(pen: Pen) -> Pieces:
    """Write 截至2021年底，固定资产原值1,200万元."""
    year = pen.setting.year
    pen.must_date = True
    value = pen.money(_wan(pen), "万元", "固定资产原值", period=f"{year}-12-31")
    what = pen.choice(["固定资产原值", "固定资产账面价值", "资产总额"])
    return [f"截至{year}年12月31日，", what, value, "。"]


@template("money", "PERCENT level")
def of_the_budget(pen: Pen) -> Pieces:
    """Write 完成年初预算的102.3%."""
    when = pen.during()
    income = pen.money(pen.decimal(1, 60, 2), "亿元", "一般公共预算收入", period=when.period)
    done = pen.percent(pen.decimal(88, 118), subject="年初预算完成率", period=when.period)
    return [when.words, "一般公共预算收入", income, "，完成年初预算的", done, "。"]


@template("money", "MONEY level")
def elided_yuan(pen: Pen) -> Pieces:
    """Write 补助12.73万，科学技术支出1618.05万元: 元 is left out in a list."""
    when = pen.during()
    first = _wan(pen)
    short = Mention(
        text=f"{first}万",
        label="MONEY",
        value=first * 10_000,
        unit="CNY",
        subject="对个人和家庭的补助",
        period=when.period,
    )
    second = pen.money(_wan(pen), "万元", "商品和服务支出", period=when.period)
    return [when.words, "对个人和家庭的补助", short, "，商品和服务支出", second, "。"]


@template("money", "MONEY level")
def deficit(pen: Pen) -> Pieces:
    """Write 当年收支结余-10.53万元: a printed minus stays."""
    when = pen.then()
    value = pen.decimal(0.5, 60, 2)
    mention = Mention(
        text=f"-{value}万元",
        label="MONEY",
        value=-value * 10_000,
        unit="CNY",
        subject="收支结余",
        period=when.period,
    )
    return [when.words, "当年收支结余", mention, "。"]


@template("money", "MONEY level")
def contract(pen: Pen) -> Pieces:
    """Write 合同金额人民币叁仟伍佰元整: capitals; 人民币 and 整 stay outside."""
    when = pen.then()
    value = Decimal(pen.choice([3560, 120_000, 278_000, 56_789, 1_050_000, 30_200_000]))
    pieces: list[Pieces] = [
        piece if isinstance(piece, str) else replace(piece, period=when.period, subject="合同金额")
        for piece in amounts.capital(value)
    ]
    if pen.chance(0.4):
        shown = Mention(
            text=f"￥{value:,}元",
            label="MONEY",
            value=value,
            unit="CNY",
            subject="合同金额",
            period=when.period,
        )
        return [when.words, "签订服务合同，合同金额", shown, "（大写：人民币", pieces, "）。"]
    return [when.words, "签订服务合同，合同金额为人民币", pieces, "。"]


@template("money", "PERCENT level")
def arrival(pen: Pen) -> Pieces:
    """Write 资金到位率为100%，专款专用."""
    when = pen.during()
    what = pen.choice(["资金到位率", "预算完成率", "政府采购执行率"])
    number = pen.choice([Decimal(100), pen.decimal(86, 100)])
    value = pen.percent(number, period=when.period, subject=what)
    return [when.words, what, "为", value, "。"]


@template("money", "MONEY COUNT level")
def granted(pen: Pen) -> Pieces:
    """Write 向45家企业发放奖补资金260万元."""
    when = pen.during()
    firms = pen.things(pen.integer(3, 120), "家", "企业", period=when.period)
    value = pen.money(_wan(pen, 10, 900), "万元", "奖补资金", period=when.period)
    return [when.words, "向", firms, "企业", "发放奖补资金", value, "。"]
