"""Sentences with numerals that are no quantities, and the plain facts about a bureau."""

from __future__ import annotations

from decimal import Decimal

from jixiao.generation.grammar import Pen, template
from jixiao.generation.material import names
from jixiao.generation.pieces import Pieces


@template("overview", "COUNT level", weight=3)
def staff(pen: Pen) -> Pieces:
    """Write 核定编制26名，年末在职人员31人."""
    year = pen.setting.year
    posts = int(pen.kept("编制", Decimal(pen.integer(8, 120))))
    pen.must_date = True
    quota = pen.things(posts, "名", "编制", period=str(year))
    there = int(pen.kept("在职人员", Decimal(posts - pen.integer(1, 6))))
    people = pen.things(there, "人", "在职人员", period=f"{year}-12-31")
    return [f"{year}年，核定编制", quota, "，年末在职人员", people, "。"]


@template("overview", "COUNT level", weight=2)
def divisions(pen: Pen) -> Pieces:
    """Write 内设股室8个，下属事业单位5家."""
    when = pen.then()
    # 内设机构 is a term of its own; 科室 and 股室 are kinds without 内设.
    printed, noun = pen.choice(
        [("内设科室", "科室"), ("内设股室", "股室"), ("内设机构", "内设机构")]
    )
    sections = int(pen.kept("内设机构", Decimal(pen.integer(4, 18))))
    units = int(pen.kept("事业单位", Decimal(pen.integer(2, 14))))
    inside = pen.things(sections, "个", noun, period=when.period)
    below = pen.things(units, "家", "事业单位", period=when.period)
    have = "我局共有" if when.words else "我局现有"
    return [when.words, have, printed, inside, "，下属事业单位", below, "。"]


@template("overview achievements", "", weight=2)
def dated_meeting(pen: Pen) -> Pieces:
    """Write a day and a clock time."""
    year, month, day = pen.setting.year, pen.integer(1, 12), pen.integer(1, 28)
    pen.must_date = True
    at = pen.choice(["", f"上午{pen.integer(8, 11)}时", f"下午{pen.integer(2, 5)}时30分"])
    what = pen.choice(["召开年度工作会议", "组织现场评审", "接受上级考核"])
    return [f"{year}年{month}月{day}日{at}，我局", what, "。"]


@template("overview money achievements", "", weight=2)
def file_number(pen: Pen) -> Pieces:
    """Write a document with its file number."""
    year = pen.setting.year
    pen.must_date = True
    bracketed = pen.choice([f"〔{year}〕", f"[{year}]", f"【{year}】"])
    agency = pen.choice(["财绩", "财教", "政办发", "财预"])
    number = f"（{agency}{bracketed}{pen.integer(1, 260)}号）"
    what = pen.choice(["专项资金管理办法", "预算绩效管理实施细则", "项目库管理办法"])
    return [f"严格执行《{what}》", number, "，规范资金使用。"]


@template("overview", "", weight=1)
def telephone(pen: Pen) -> Pieces:
    """Write a telephone number."""
    number = f"0{pen.integer(710, 799)}-{pen.integer(2_000_000, 8_999_999)}"
    return [pen.choice(["联系电话：", "监督电话："]), number, "。"]


@template("achievements plan overview", "", weight=2)
def slogan(pen: Pen) -> Pieces:
    """Write a slogan with numbers in it."""
    verb = pen.choice(["深入落实", "持续推进", "认真贯彻"])
    return [verb, pen.choice(names("slogan")), "，工作质效持续提升。"]


@template("achievements plan", "", weight=2)
def vague(pen: Pen) -> Pieces:
    """Write plurals without a number, and numerals without a unit."""
    one, two = pen.draw.sample(names("vague"), 2)
    return [one, "，", two, "。"]


@template("achievements", "")
def technique(pen: Pen) -> Pieces:
    """Write a name with a digit."""
    return ["推动", pen.choice(names("technique")), "相关技术研究和应用。"]


@template("achievements", "")
def programme(pen: Pen) -> Pieces:
    """Write a project whose name holds a number."""
    return ["加快推进", pen.name("programme"), "前期手续办理。"]


@template("achievements plan", "")
def listed(pen: Pen) -> Pieces:
    """Write measures counted by 一是, 二是."""
    measures = ["加强组织领导", "压实工作责任", "强化资金监管", "完善管理制度", "提升服务水平"]
    chosen = pen.draw.sample(measures, 3)
    marks = ("一是", "二是", "三是")
    body = "；".join(mark + text for mark, text in zip(marks, chosen, strict=True))
    return [body, "。"]


@template("achievements", "")
def idiom(pen: Pen) -> Pieces:
    """Write idioms with numerals."""
    return pen.choice(
        [
            "千方百计拓宽服务渠道，确保万无一失。",
            "第一时间响应群众诉求，一件事一次办成为常态。",
            f"牢固树立{pen.setting.own}一盘棋思想，责任进一步压实。",
            "会同第三方机构开展评估，形成闭环管理。",
        ]
    )
