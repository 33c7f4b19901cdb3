"""Templates of the sections on results: what was built, held, won, and how much of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from jixiao.generation import amounts
from jixiao.generation.grammar import Pen, template
from jixiao.generation.numerals import spoken
from jixiao.generation.pieces import Mention, Piece, Pieces
from jixiao.records import Bound

# Words that imply a number before 百, 千, 万 or 亿.
_IMPLYING: Final[tuple[tuple[str, Bound], ...]] = (
    ("近", "≈"),
    ("上", "≥"),
    ("超", ">"),
    ("逾", ">"),
)


@template("achievements overview", "level", weight=3)
def stock(pen: Pen) -> Pieces:
    """Write 截至2021年底，全县共有企业120家."""
    thing, when = pen.subject("stock", "noun"), pen.by_now()
    value = pen.count(thing, period=when.period)
    if pen.chance(0.5):
        told = [pen.choice(["共有", "累计拥有"]), thing.name]
    else:
        told = [thing.name, pen.choice(["总数达到", "达"])]
    return [when.words, pen.setting.own, told, value, "。"]


@template("achievements", "new", weight=3)
def new(pen: Pen) -> Pieces:
    """Write 全年新认定企业15家."""
    thing, when = pen.subject("new"), pen.when()
    value = pen.count(thing, measure="new", period=when.period)
    behind = value.label == "COUNT" and pen.chance(0.3)
    body: Pieces = [value, thing.name] if behind else [thing.name, value]
    return [when.words, thing.adds, body, "。"]


@template("achievements", "new growth PERCENT")
def new_with_growth(pen: Pen) -> Pieces:
    """Write 新增企业15家，同比增长30.6%."""
    thing, when = pen.subject("new"), pen.during()
    value = pen.count(thing, measure="new", period=when.period)
    growth = pen.growth(when.period, thing.name, value)
    return [when.words, thing.adds, thing.name, value, "，", growth, "。"]


@template("achievements", "net_new level COUNT")
def net_new(pen: Pen) -> Pieces:
    """Write 净增企业18家，总数达到320家."""
    thing, when = pen.subject("net", "noun"), pen.during()
    total = pen.number(thing) + thing.low
    added = Decimal(max(round(total * pen.decimal(0.02, 0.3, 2)), 2))
    more = pen.count(thing, added, measure="net_new", period=when.period)
    whole = pen.count(thing, total, period=when.period)
    reach = pen.choice(["总数达到", "总量达到", "累计达到"])
    return [when.words, "净增", thing.name, more, "，", reach, whole, "。"]


@template("achievements", "applied growth net_new level forecast")
def applied_to_level(pen: Pen) -> Pieces:
    """Write 申报377家，同比增长42.3%，有望净增180家，总数突破600家."""
    thing, when = pen.subject("apply", "noun"), pen.during()
    total = (pen.number(thing) + thing.low) // 10 * 10 + 20
    filed = pen.count(thing, total // 2, measure="applied", period=when.period)
    expected = Decimal(max(int(total) // 5, 2))
    added = pen.count(thing, expected, measure="net_new", period=when.period, modality="forecast")
    whole = pen.count(thing, total, bound=">", period=when.period, modality="forecast")
    growth = pen.growth(when.period, thing.name, filed)
    return [
        [when.words, "组织申报", thing.name, filed, "，", growth],
        ["，有望净增", added, "，总数突破", whole, "。"],
    ]


@template("achievements", "applied")
def applied(pen: Pen) -> Pieces:
    """Write 全年申报项目18个."""
    thing, when = pen.subject("apply", "noun"), pen.when()
    value = pen.count(thing, measure="applied", period=when.period)
    verb = pen.choice(["申报", "组织申报"]) if thing.unit != "件" else "申请"
    return [when.words, verb, thing.name, value, "。"]


@template("achievements", "recommended")
def recommended(pen: Pen) -> Pieces:
    """Write 向上级推荐示范企业9家."""
    thing, when = pen.subject("recommend", "noun"), pen.when()
    value = pen.count(thing, measure="recommended", period=when.period)
    to = pen.choice(["向上级", "择优", "向省级主管部门", ""])
    return [when.words, to, "推荐", thing.name, value, "。"]


@template("achievements", "approved COUNT")
def approved(pen: Pen) -> Pieces:
    """Write 8个项目通过专家评审."""
    when = pen.when()
    noun, unit = pen.choice([("项目", "个"), ("课题", "项"), ("储备项目", "个")])
    value = pen.things(pen.integer(2, 40), unit, noun, measure="approved", period=when.period)
    passed = pen.choice(["通过专家评审", "获省级立项", "通过竣工验收", "获得立项支持"])
    if pen.chance(0.4):
        return [when.words, "通过评审", noun, value, "。"]
    return [when.words, value, noun, passed, "。"]


@template("achievements overview", "level", weight=4)
def deed(pen: Pen) -> Pieces:
    """Write 全年培训教师320名."""
    thing, when = pen.subject("deed"), pen.when()
    value = pen.count(thing, period=when.period)
    done = pen.choice(["", "", "共", "累计", "已"]) + thing.deed
    if value.label == "COUNT" and pen.chance(0.3):
        return [when.words, done, value, thing.name, "。"]
    return [when.words, done, thing.name, value, "。"]


@template("achievements", "level growth PERCENT")
def deed_with_growth(pen: Pen) -> Pieces:
    """Write 办结案件120件，同比下降3.4%."""
    thing, when = pen.subject("deed"), pen.during()
    value = pen.count(thing, period=when.period)
    growth = pen.growth(when.period, thing.name, value)
    return [when.words, "共", thing.deed, thing.name, value, "，", growth, "。"]


@template("achievements", "MONEY level growth", weight=4)
def flow_with_growth(pen: Pen) -> Pieces:
    """Write 完成工业投资12.6亿元，同比增长8.1%."""
    thing, when = pen.subject("growth", "money"), pen.when()
    value = pen.amount(thing, period=when.period)
    growth = pen.growth(when.period, thing.name)
    if pen.chance(0.4):
        subject: Pieces = [pen.setting.own, thing.name, pen.choice(["达", "达到", "为"]), value]
    else:
        subject = [thing.deed, thing.name, value]
    return [when.words, subject, "，", growth, "。"]


@template("achievements", "MONEY level change")
def flow_with_change(pen: Pen) -> Pieces:
    """Write 实现产值12.6亿元，较上年增加1.2亿元."""
    thing, when = pen.subject("growth", "money"), pen.during()
    whole = pen.number(thing)
    part = max(round(whole * pen.decimal(0.02, 0.4, 2), 2), Decimal("0.01"))
    up = pen.chance(0.7)
    verb = pen.choice(["增加", "多"] if up else ["减少", "下降"])
    moved = pen.money(
        part,
        thing.unit,
        thing.name,
        measure="change",
        direction="up" if up else "down",
        period=when.period,
    )
    value = pen.amount(thing, whole, period=when.period)
    against = pen.choice(["较上年", "比上年"])
    return [when.words, thing.deed, thing.name, value, "，", against, verb, moved, "。"]


@template("achievements", "level", weight=2)
def flow(pen: Pen) -> Pieces:
    """Write 全年接待游客120万人次."""
    thing, when = pen.subject("flow"), pen.when()
    return [when.words, thing.deed, thing.name, pen.amount(thing, period=when.period), "。"]


@template("achievements", "PERCENT level", weight=3)
def rate(pen: Pen) -> Pieces:
    """Write 巩固率达到97.6%."""
    thing, when = pen.subject("level", "rate"), pen.when()
    value = pen.amount(thing, period=when.period)
    reach = pen.choice(["达到", "为", "达", "保持在", "稳定在"])
    return [when.words, pen.choice(["", pen.setting.own]), thing.name, reach, value, "。"]


@template("achievements", "PERCENT level change", weight=3)
def rate_with_change(pen: Pen) -> Pieces:
    """Write 巩固率达到97.6%，较上年提高1.2个百分点."""
    thing, when = pen.subject("change", "rate"), pen.during()
    up = pen.chance(0.75)
    moved = pen.points(
        pen.decimal(0.1, 6),
        measure="change",
        direction="up" if up else "down",
        period=when.period,
        subject=thing.name,
    )
    verb = pen.choice(["提高", "提升", "上升"] if up else ["下降", "降低", "回落"])
    against = pen.choice(["较上年", "比上年", "同比"])
    value = pen.amount(thing, period=when.period)
    return [when.words, thing.name, "达到", value, "，", against, verb, moved, "。"]


@template("achievements", "PERCENT level gap", weight=2)
def rate_with_gap(pen: Pen) -> Pieces:
    """Write 巩固率为97.6%，高于全市平均水平2.3个百分点."""
    thing, when = pen.subject("gap", "rate"), pen.during()
    value = pen.amount(thing, period=when.period)
    verb = pen.choice(["高于", "高出", "低于"])
    distance = pen.points(
        pen.decimal(0.2, 8), measure="gap", period=when.period, subject=thing.name
    )
    whom = pen.choice(pen.setting.above)
    return [when.words, thing.name, "为", value, "，", verb, whom, "平均水平", distance, "。"]


@template("achievements", "COUNT share", weight=2)
def share(pen: Pen) -> Pieces:
    """Write 共有企业15家，占全市总数的22.4%."""
    thing, when = pen.subject("stock", "noun"), pen.during()
    value = pen.count(thing, period=when.period)
    # Some whole number of things gives the share.
    of_all = round((value.value or 1) * 100 / pen.decimal(2, 46))
    part = pen.percent(
        round((value.value or 1) * Decimal(100) / of_all, 2 if pen.setting.decimals else 1),
        measure="share",
        period=when.period,
        subject=f"{thing.name}占比",
    )
    whole = pen.choice(pen.setting.above)
    return [when.words, "共有", thing.name, value, "，占", whole, "总数的", part, "。"]


@template("achievements", "RATIO share")
def fraction(pen: Pen) -> Pieces:
    """Write 企业占全市总数的三分之一."""
    thing, when = pen.subject("stock", "noun"), pen.during()
    text, value = pen.choice(
        [
            ("三分之一", "0.333333"),
            ("四分之一", "0.25"),
            ("五分之一", "0.2"),
            ("三分之二", "0.666667"),
            ("七分之一", "0.142857"),
        ]
    )
    part = Mention(
        text=text,
        label="RATIO",
        value=Decimal(value),
        unit="fraction",
        measure="share",
        period=when.period,
        subject=thing.name,
    )
    return [when.words, thing.name, "占", pen.choice(pen.setting.above), "总数的", part, "。"]


@template("achievements", "RANK rank", weight=3)
def rank(pen: Pen) -> Pieces:
    """Write 进出口总额位列全省第三."""
    thing, when = pen.subject("growth", "money"), pen.during()
    peers = pen.choice(pen.setting.above)
    place = pen.integer(1, 12)
    number = str(place) if pen.chance(0.6) else spoken(Decimal(place))
    text = f"第{number}" + pen.choice(["位", ""])
    mention = _rank(text, place, peers, when.period, thing.name)
    verb = pen.choice(["位列", "居", "位居", "排名", "列"])
    what = pen.choice(["总量", "增速", ""])
    return [when.words, thing.name, what, verb, peers, mention, "。"]


@template("achievements", "RANK COUNT rank change up")
def rank_moved(pen: Pen) -> Pieces:
    """Write 综合考核列全市第五，较上年前移4位."""
    when = pen.during()
    peers = pen.choice(pen.setting.above)
    place = pen.integer(2, 9)
    mention = _rank(f"第{place}位", place, peers, when.period, "综合考核")
    places = pen.integer(1, 6)
    moved = Mention(
        text=f"{places}位",
        label="COUNT",
        value=Decimal(places),
        unit="位",
        measure="change",
        direction="up",
        period=when.period,
        subject="位次",
    )
    return [when.words, "综合考核居", peers, mention, "，较上年前移", moved, "。"]


def _rank(text: str, place: int, peers: str, period: str, subject: str) -> Mention:
    return Mention(
        text=text,
        label="RANK",
        value=Decimal(place),
        unit="rank",
        measure="rank",
        period=period,
        region=peers,
        subject=subject,
    )


@template("achievements", "PERCENT level", weight=2)
def rate_from_to(pen: Pen) -> Pieces:
    """Write 2021年，预约率由2020年的82.4%提高到96.5%."""
    thing, when = pen.subject("change", "rate"), pen.then()
    high = pen.number(thing)
    low = max(high - pen.decimal(0.5, 9), high / 2)
    before = pen.setting.year - pen.integer(1, 3)
    dated = pen.chance(0.5)
    pen.must_date = dated
    since = str(before) if dated else None
    first = pen.percent(round(low, thing.places), period=since, subject=thing.name)
    then = pen.percent(high, period=when.period, subject=thing.name)
    verb = pen.choice(["提高到", "上升到", "提升至", "提高至"])
    own_words = f"{before}年的" if dated else ""
    return [when.words, thing.name, "由", own_words, first, verb, then, "。"]


@template("achievements", "COUNT level")
def count_from_to(pen: Pen) -> Pieces:
    """Write 企业由12家增加到18家."""
    thing, when = pen.subject("stock", "noun"), pen.then()
    high = pen.number(thing) + 4
    low = max(high * pen.integer(40, 90) // 100, Decimal(2))
    verb = pen.choice(["增加到", "增至", "发展到", "增加至"])
    first, then = pen.count(thing, low), pen.count(thing, high, period=when.period)
    return [when.words, thing.name, "由", first, verb, then, "。"]


@template("achievements", "level", weight=2)
def by_place(pen: Pen) -> Pieces:
    """Write 其中金台区12家、渭滨区15家."""
    thing, when = pen.subject("deed", "noun"), pen.during()
    places = pen.places(pen.integer(2, 3))
    values = [max(pen.number(thing) // 9, Decimal(2)) for _ in places]
    total = pen.count(thing, sum(values) + pen.integer(1, 20), period=when.period)
    parts: list[Pieces] = []
    for place, value in zip(places, values, strict=True):
        mention = pen.count(thing, value, period=when.period, region=place)
        parts += ["、" if parts else "", place, mention]
    return [when.words, "共", thing.deed, thing.name, total, "，其中", parts, "。"]


@template("achievements", "MONEY level", weight=2)
def respectively_places(pen: Pen) -> Pieces:
    """Write 凤冈县、绥阳县分别完成投资3亿元和2亿元."""
    thing, when = pen.subject("flow", "money"), pen.during()
    places = pen.places(pen.integer(2, 3))
    values = [max(round(pen.number(thing) / 9, 2), Decimal("0.1")) for _ in places]
    mentions = [
        pen.amount(thing, value, period=when.period, region=place)
        for place, value in zip(places, values, strict=True)
    ]
    named = "、".join(places)
    return [when.words, named, "分别", thing.deed, thing.name, _listed(mentions), "。"]


@template("achievements money", "MONEY level", weight=2)
def respectively_years(pen: Pen) -> Pieces:
    """Write 2019年、2020年、2021年分别投入120万元、150万元和180万元."""
    thing = pen.subject("flow", "money")
    last = pen.setting.year
    years = [str(year) for year in range(last - pen.integer(1, 2), last + 1)]
    mentions = [pen.amount(thing, period=year) for year in years]
    pen.must_date = True
    named = "、".join(f"{year}年" for year in years)
    return [named, "分别", thing.deed, thing.name, _listed(mentions), "。"]


@template("achievements", "COUNT new", weight=2)
def shared_unit(pen: Pen) -> Pieces:
    """Write 丰县、沛县分别新建学校5、8所: the unit stands at the last number only."""
    thing, when = pen.subject("new", "noun"), pen.during()
    places = pen.places(2)
    most = max(thing.high // 5, 4)
    low, high = pen.integer(2, most), pen.integer(2, most)
    join = pen.choice(["、", "和"])
    last = Mention(
        text=f"{high}{thing.unit}",
        label="COUNT",
        value=Decimal(high),
        unit=thing.unit,
        noun=thing.name,
        subject=thing.name,
        measure="new",
        period=when.period,
        region=places[1],
    )
    first = replace(last, text=str(low), value=Decimal(low), region=places[0])
    whole = pen.count(thing, low + high, measure="new", period=when.period)
    return [
        [when.words, thing.adds, thing.name, whole],
        ["，其中", "、".join(places), "分别", thing.adds, first, join, last, "。"],
    ]


@template("achievements", "COUNT level", weight=2)
def bounded(pen: Pen) -> Pieces:
    """Write 培训教师约320名, or with the bound behind the number."""
    thing, when = pen.subject("deed", "noun"), pen.when()
    value = pen.count(thing, pen.integer(2, 90) * 10, period=when.period)
    printed = (
        amounts.bounded_before(pen.draw, value)
        if pen.chance(0.6)
        else amounts.bounded_behind(pen.draw, value)
    )
    return [when.words, thing.deed, thing.name, printed, "。"]


@template("achievements", "COUNT level >", weight=2)
def bounded_inside(pen: Pen) -> Pieces:
    """Write 走访企业60余家 or 发放资料3万余份."""
    when = pen.when()
    noun, unit, verb = pen.choice(
        [
            ("企业", "家", "走访"),
            ("群众", "人次", "服务"),
            ("宣传资料", "份", "发放"),
            ("问题隐患", "处", "排查"),
            ("志愿者", "名", "组织"),
        ]
    )
    value = pen.choice([20, 30, 60, 120, 300, 600, 1200, 3000, 20_000, 30_000])
    more = replace(
        amounts.more_than(pen.draw, value, unit), noun=noun, subject=noun, period=when.period
    )
    return [when.words, verb, noun, more, "。"]


@template("achievements money", "MONEY level >")
def money_bounded_inside(pen: Pen) -> Pieces:
    """Write 整合资金5000余万元."""
    when = pen.when()
    value, unit = pen.choice(
        [(300, "万元"), (5000, "万元"), (1200, "万元"), (3, "亿元"), (20, "亿元"), (60, "万元")]
    )
    more = replace(
        amounts.more_than(pen.draw, value, unit, "MONEY"), subject="资金", period=when.period
    )
    return [when.words, pen.choice(["整合", "撬动社会", "争取上级"]), "资金", more, "。"]


@template("achievements", "MONEY level", weight=1)
def implied_amount(pen: Pen) -> Pieces:
    """Write 获得银行授信近千万元: the modifier belongs to the span."""
    when = pen.when()
    word, bound = pen.choice(_IMPLYING)
    printed, value = pen.choice([("百万元", 10**6), ("千万元", 10**7), ("亿元", 10**8)])
    mention = Mention(
        text=word + printed,
        label="MONEY",
        value=Decimal(value),
        unit="CNY",
        subject="银行授信",
        bound=bound,
        period=when.period,
    )
    return [when.words, "帮助企业获得银行授信", mention, "。"]


@template("achievements", "COUNT level", weight=1)
def implied_count(pen: Pen) -> Pieces:
    """Write 服务群众上千人次: the modifier belongs to the span."""
    when = pen.when()
    word, bound = pen.choice(_IMPLYING)
    printed, value = pen.choice([("百", 10**2), ("千", 10**3), ("万", 10**4)])
    mention = Mention(
        text=f"{word}{printed}人次",
        label="COUNT",
        value=Decimal(value),
        unit="人次",
        noun="群众",
        subject="群众",
        bound=bound,
        period=when.period,
    )
    return [when.words, "服务群众", mention, "。"]


@template("achievements", "COUNT level", weight=2)
def negated(pen: Pen) -> Pieces:
    """Write 全年未发生一起安全事故: a count of zero."""
    when = pen.during()
    incident = pen.name("incident")
    mention = Mention(
        text="一起",
        label="COUNT",
        value=Decimal(0),
        unit="起",
        noun=incident,
        subject=incident,
        period=when.period,
    )
    verb = pen.choice(["未发生", "没有发生", "未出现"])
    return [when.words, verb, mention, incident, "。"]


@template("achievements", "PERCENT level", weight=2)
def satisfaction(pen: Pen) -> Pieces:
    """Write 服务对象满意度达到97.2%."""
    when = pen.during()
    who = pen.choice(["服务对象", "群众", "企业", "社会公众"])
    value = pen.percent(pen.decimal(88, 99.6), subject=f"{who}满意度", period=when.period)
    told = pen.choice(["满意度", "满意率"]) + pen.choice(["达到", "为", "达"])
    return [when.words, who, told, value, "。"]


@template("achievements", "RATIO growth up")
def times_of(pen: Pen) -> Pieces:
    """Write 技术交易额是2020年的2.3倍 or 同比增长1.7倍."""
    thing, when = pen.subject("growth", "money"), pen.during()
    value = pen.decimal(1.2, 4.8)
    text = f"{value}倍"
    mention = Mention(
        text=text,
        label="RATIO",
        value=value,
        unit="times",
        measure="growth",
        direction="up",
        period=when.period,
        subject=thing.name,
    )
    if pen.chance(0.5):
        return [when.words, thing.name, pen.choice(["同比增长", "较上年增长"]), mention, "。"]
    before = pen.setting.year - pen.integer(1, 4)
    pen.must_date = True
    return [when.words, thing.name, "是", f"{before}年的", mention, "。"]


@template("achievements", "MEASURE level", weight=2)
def shortened(pen: Pen) -> Pieces:
    """Write 平均办理时间由15天缩短至7天."""
    when = pen.then()
    late = pen.integer(6, 30)
    what = pen.choice(["平均办理时间", "事项办结时限", "审批时限"])
    first = pen.duration(late, subject=what)
    same_unit = first.text.removeprefix(str(late))
    soon = pen.integer(1, late - 1)
    then = replace(first, text=f"{soon}{same_unit}", value=Decimal(soon), period=when.period)
    verb = pen.choice(["缩短至", "压缩到", "压缩至"])
    return [when.words, what, "由", first, verb, then, "。"]


@template("achievements", "COUNT MEASURE level")
def training_days(pen: Pen) -> Pieces:
    """Write 举办专题培训3期，每期5天."""
    when = pen.during()
    terms = pen.things(pen.integer(2, 12), "期", "专题培训班", period=when.period)
    days = pen.integer(2, 9)
    length = Mention(
        text=f"{days}天",
        label="MEASURE",
        value=Decimal(days),
        unit="天",
        subject="时长",
        period=when.period,
    )
    return [when.words, "举办专题培训班", terms, "，每期", length, "。"]


@template("achievements", "COUNT level", weight=2)
def meetings(pen: Pen) -> Pieces:
    """Write 召开推进会5次，开展督导12轮次."""
    when = pen.during()
    meeting = pen.choice(["推进会", "调度会", "专题会议", "座谈会"])
    times = pen.things(pen.integer(2, 30), pen.choice(["次", "场"]), meeting, period=when.period)
    checks = pen.things(pen.integer(2, 30), "轮次", "专项督导", period=when.period)
    return [when.words, "召开", meeting, times, "，开展专项督导", checks, "。"]


@template("achievements", "MONEY level growth")
def foreign(pen: Pen) -> Pieces:
    """Write 实际利用外资2860万美元，同比增长8.1%."""
    when = pen.during()
    unit, code, scale = pen.choice(
        [("万美元", "USD", 10**4), ("亿美元", "USD", 10**8), ("万欧元", "EUR", 10**4)]
    )
    value = pen.decimal(0.4, 40, 2) if unit.startswith("亿") else Decimal(pen.integer(60, 9000))
    mention = Mention(
        text=f"{value}{unit}",
        label="MONEY",
        value=value * scale,
        unit=code,
        subject="实际利用外资",
        period=when.period,
    )
    growth = pen.growth(when.period, "实际利用外资")
    return [when.words, "实际利用外资", mention, "，", growth, "。"]


@template("achievements", "PERCENT growth")
def growth_only(pen: Pen) -> Pieces:
    """Write 工业投资同比增长12.5%."""
    thing, when = pen.subject("growth", "money"), pen.when()
    return [when.words, thing.name, pen.growth(when.period, thing.name), "。"]


@template("achievements", "PERCENT share")
def tenths(pen: Pen) -> Pieces:
    """Write 受惠企业中，小微企业占比近六成: tenths are per cent."""
    when = pen.then()
    number = pen.integer(2, 9)
    word, bound = pen.choice(amounts.ROUGHLY[:5])
    mention = Mention(
        text=f"{spoken(Decimal(number))}成".replace("二", "两"),
        label="PERCENT",
        value=Decimal(number * 10),
        unit="%",
        bound=bound,
        measure="share",
        period=when.period,
        subject="小微企业占比",
    )
    return [when.words, "受惠企业中，小微企业占比", word, mention, "。"]


@template("achievements", "COUNT level")
def coordinated(pen: Pen) -> Pieces:
    """Write 15家企业、8家合作社获得补贴."""
    when = pen.during()
    pairs = [("企业", "家"), ("合作社", "家"), ("社会组织", "个"), ("农户", "户"), ("个人", "名")]
    (one, one_unit), (two, two_unit) = pen.draw.sample(pairs, 2)
    first = pen.things(pen.integer(2, 60), one_unit, one, period=when.period)
    second = pen.things(pen.integer(2, 60), two_unit, two, period=when.period)
    got = pen.choice(["获得资金支持", "获得表彰奖励", "享受政策扶持"])
    return [when.words, first, one, "、", second, two, got, "。"]


def _listed(mentions: list[Mention]) -> list[Piece]:
    """Return mentions joined as in speech: A、B和C."""
    joined: list[Piece] = []
    for index, mention in enumerate(mentions):
        if index:
            joined.append("和" if index == len(mentions) - 1 else "、")
        joined.append(mention)
    return joined
