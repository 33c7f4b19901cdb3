"""How a number measures its indicator: level, new, growth, share, rank … and which way it moved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple, cast

from jixiao.context.cues import Cue, Cues
from jixiao.records import Direction, Measure, Quantity

_REACHES: Final = frozenset("到至")
_PROJECT: Final = re.compile(r"项目|课题|专题|成果|奖补|申报|计划|基金")
_GAINED: Final = frozenset({"获批", "备案", "获评", "入选", "入围", "获认定", "特批"})
# 高于全省平均水平2.3个百分点 is a gap; 高于全省平均增速11.8% names the average itself.
_AVERAGE: Final = re.compile(r"平均(?:增速|增幅|水平|值|数)?(?:为|是|的)?$")
# A status gained, said after the number: 6个项目被评为…, 13项…入列….
_STATUS_AFTER: Final = re.compile(
    r"(?:被?评为|被?认定为|入列|入选|入围|获批|获得?[^，。；]{0,16}(?:立项|认定|批准)|列入|列为|纳入|授予|命名为|进入[^，。；\n\d]{0,12}(?:库|名单|目录|榜单))"
)
_SHARE: Final = re.compile(
    r"占[^，。；]{0,24}$|占比[^，。；]{0,8}$|(?:比重|比例)(?:为|达到?|是|约|不低于|不高于)?$"
)
# 全部专项资金的50% is a share of them; 完成任务的107% is a level.
_PART_OF: Final = re.compile(r"(?P<whole>[^，。；：\n\t]{2,16})的(?:近|约|不足|超过|接近)?$")
_NO_WHOLE: Final = re.compile(
    r"目标|任务|计划|预算|标准|要求|[由从](?:\d{4}年|上年|去年|原来|“?十[一二三四五]五)|(?:\d{4}|上|去)年$"
)
_OF_AVERAGE: Final = re.compile(r"(?:平均(?:水平|值|数)?|均值)的(?:约|近)?$")
_TAKES_UP: Final = re.compile(r"占[^，。；\d]{0,12}[\d,.]+[^，。；\d]{0,6}$")
# 近两成毕业生, 六成的小学生: tenths of those named behind.
_TENTHS_OF: Final = re.compile(r"多?的?(?![多以左上下])[\u4e00-\u9fff]")
# 比全市高3.7个百分点, 与年度目标相比差0.8个百分点.
_APART: Final = re.compile(
    r"(?<![同环占对相])(?:比|较|与)(?!上年|去年|上一年|同期|年初|\d)[^，。；\d]{1,14}(?:高|低|差|多|少|快|慢)[出了]?$|"
    # 比全市平均3.15人少0.77人.
    r"[比较](?:全[国省市盟]|周边|年初预算|目标)[^，。；\d]{0,8}[\d.]+[\u4e00-\u9fff%]{0,3}(?:高|低|多|少|快|慢)[出了]?$|"
    r"(?:高于|低于|高出|超出?|优于)[^，。；\d]{0,12}(?:平均[分数值]?|均值)$"
)
# How a match of this pattern ends: most numbers need not be tried on it.
_APART_ENDS: Final = frozenset("高低差多少快慢出了均分数值")
_BRACKETED: Final = re.compile(r"[（(][^（）()]{1,16}[）)]")
_FROM_LEVEL: Final = re.compile(r"(?:标准|水平|目标值?|均值|预算)[^，。；\d]{0,4}$")
_AGAINST_BUDGET: Final = re.compile(
    r"[比较](?:年初|全年|年度|当年|调整后?)?(?:预算|计划|目标|任务)"
)
# 比规定时限缩短4.5个工作日, 比第二名多出一倍, 超计划12公里: what it differs from is no earlier time.
_FROM_STANDARD: Final = re.compile(
    r"[比较](?:规定|法定|承诺|要求|标准|省定|国家|序时|时序|第[一二三四五]名)[^，。；\d]{0,12}$"
    r"|(?<!不)超(?:额完成|出|过)?(?:年度|全年|当年|年初)?(?:目标|计划|预算|任务|指标)[数值]?$"
)
# The longest match of this pattern.
_STANDARD_REACH: Final = len("比第二名") + 12
_TIMES_OF: Final = re.compile(r"(?:是|为|相当于|超过|达到?)(?P<of>[^，。；]{2,16}?)的?$")
_EARLIER: Final = re.compile(r"\d{4}年|上年|去年|同期|十[一二三四]五|年初|年末")


class Decision(NamedTuple):
    """A measure, the direction for growth and change, and the cue that decided."""

    measure: Measure
    direction: Direction | None
    cue: str


LEVEL: Final = Decision("level", None, "")


def decide_measure(
    quantity: Quantity,
    text: str,
    cues: Cues,
    clause: int,
    lead: int,
    start: int,
    end: int,
    stop: int,
) -> Decision | None:
    """Return how the number at ``[start, end)`` measures, or None where no cue says.

    ``clause`` is where its clause begins, ``lead`` where the last number before it in the clause
    ends, ``stop`` where the clause ends. The nearest cue before the number decides; a count may
    have it after.
    """
    if quantity.label == "RANK":
        return Decision("rank", None, "rank")
    beside = _BESIDE_EARLIER.search(text, max(lead, start - _BESIDE_REACH), start)
    if beside is not None and quantity.unit != "%":
        return Decision("change", "down" if beside[1] in _FELL else "up", beside[1])
    if quantity.label == "SCORE":
        return _of_score(text, clause, start)
    before = cues.inside(lead, start)
    if quantity.label in ("PERCENT", "RATIO"):
        return _of_rate(quantity, text, before, clause, lead, start)
    return _of_amount(quantity, text, cues, before, clause, start, end, stop)


# 高于上年0.7个百分点: what it differs from is an earlier time.
_BESIDE_EARLIER: Final = re.compile(
    r"([高低多少快慢]于|高出|低出|优于)(?:上年度?|去年|上一年度?|\d{4}年度?|[上去]?年?同期)(?:同期)?(?:近|约|了)?$"
)
_BESIDE_REACH: Final = 12
_FELL: Final = frozenset({"低于", "少于", "慢于", "低出"})


def _of_score(text: str, clause: int, start: int) -> Decision:
    """Return gap for points beside a goal or an average, change for those since a year, else level."""
    if _APART.search(text, clause, start) or _BESIDE.search(text, clause, start):
        return Decision("gap", None, "score.apart")
    moved = _SCORE_MOVED.search(text, clause, start)
    if moved is None:
        return LEVEL
    return Decision("change", "up" if moved.group(1) in _ROSE else "down", moved.group())


_BESIDE: Final = re.compile(
    r"(?:高于|低于|高出|低出|超出|超过|少于)[^，。；\d]{0,10}(?:目标值?|标准|要求|平均[分数值]?|均值)$"
)
_SCORE_MOVED: Final = re.compile(
    r"[比较](?:上年度?|去年|上一年度?|同期|\d{4}年度?)(?:[^，。；\d]{0,4}|[^，。；\d]{0,10}[\d.]+分)"
    r"(提高|提升|增加|上升|高|下降|降低|减少|低)[了出]?$"
)
_ROSE: Final = frozenset({"提高", "提升", "增加", "上升", "高"})


def _of_rate(
    quantity: Quantity, text: str, before: Sequence[Cue], clause: int, lead: int, start: int
) -> Decision | None:
    """Return the measure of a percentage, a number of points or of times."""
    if lead and text[lead : lead + 1] in "）)":
        lead = clause
    context = _BRACKETED.sub("", text[lead:start])
    if _FROM_STANDARD.search(context):
        return Decision("gap", None, "standard")
    if quantity.rule == "number.doubled":
        return Decision("growth", "up", "翻番")
    if quantity.unit == "pp" and (_APART.search(context) or _FROM_LEVEL.search(context)):
        return Decision("gap", None, "个百分点")
    if quantity.unit == "%" and context.endswith(("净增", "净增长")):
        return Decision("growth", "up", "净增")
    nearest = _last(before, ("growth", "gap", "share"))
    if nearest and nearest.field == "gap" and quantity.unit == "%" and nearest.end >= start - 1:
        # 占比超过四成, 增长超过10%: the word only bounds the number.
        nearest = _last(before, ("growth", "share"))
    if nearest is None:
        parted = quantity.rule == "number.tenths" or quantity.unit == "fraction"
        if parted and _TENTHS_OF.match(text, start + len(quantity.text)):
            return Decision("share", None, "成")
        return _of_bare_rate(quantity, text, clause, lead, context)
    if nearest.field == "gap":
        return _of_gap(quantity, nearest, context)
    if nearest.field == "share":
        return _of_share(quantity, text, before, nearest, context)
    return _of_growth(quantity, text, before, nearest, clause, start, context)


def _of_bare_rate(
    quantity: Quantity, text: str, clause: int, lead: int, context: str
) -> Decision | None:
    """Return the measure of a rate without a cue word, by its unit and the grammar before it."""
    if quantity.unit == "fraction" and _SHARE.search(context):
        return Decision("share", None, "占")
    times_of = _TIMES_OF.search(context) if quantity.unit == "times" else None
    if times_of:
        earlier = _EARLIER.search(times_of.group("of"))
        return Decision("growth", "up", "的倍") if earlier else Decision("gap", None, "的倍")
    tenths = quantity.rule == "number.tenths" or quantity.unit in ("%", "fraction")
    if tenths and _OF_AVERAGE.search(context):
        # 仅为全省平均水平的七成
        return Decision("gap", None, "平均")
    if (
        quantity.unit == "%"
        and context in ("的", "的约", "的近")
        and _TAKES_UP.search(text, clause, lead)
    ):
        # 占全市3480吨的17.6%: the number between is the whole.
        return Decision("share", None, "占")
    part_of = _PART_OF.search(context) if quantity.unit == "%" else None
    if part_of and not _NO_WHOLE.search(part_of.group("whole")):
        return Decision("share", None, "的")
    if quantity.unit == "pp" and not context:
        return Decision("change", "up", "个百分点")
    return None


def _of_gap(quantity: Quantity, gap: Cue, context: str) -> Decision:
    """Return gap for points and times; 高于全市平均增速11.8% names the average's own growth."""
    if quantity.unit in ("pp", "times"):
        return Decision("gap", None, gap.surface)
    return Decision("growth", "up", gap.surface) if "增速" in context else LEVEL


def _of_share(
    quantity: Quantity, text: str, before: Sequence[Cue], share: Cue, context: str
) -> Decision:
    """Return share for 占…的N%; 占比提高N个百分点 is a change, a …占有率 a level."""
    rises = _last(before, ("growth",))
    if quantity.unit == "pp" and rises:
        return Decision("change", _direction(rises, quantity), rises.surface)
    if text[share.end : share.end + 1] == "率" or not _SHARE.search(context):
        return LEVEL
    return Decision("share", None, share.surface)


def _of_growth(
    quantity: Quantity,
    text: str,
    before: Sequence[Cue],
    growth: Cue,
    clause: int,
    start: int,
    context: str,
) -> Decision | None:
    """Return growth; change for points; level for 提高到; gap against a budget or an average."""
    if text[growth.end : growth.end + 1] in _REACHES:
        shared = re.search(r"占比|比重|占[^，。；]{1,16}比例", text[clause:start])
        return Decision("share" if shared else "level", None, growth.surface + "到")
    if _AGAINST_BUDGET.search(text, clause, start):
        return Decision("gap", None, growth.surface)
    if quantity.unit == "pp":
        gap = _last(before, ("gap",))
        if gap is not None and re.search(r"平均|预算|目标|计划", context):
            return Decision("gap", None, gap.surface)
        return Decision("change", _direction(growth, quantity), growth.surface)
    if len(growth.surface) == 1 and growth.end < start - 1:
        return None
    return Decision("growth", _direction(growth, quantity), growth.surface)


def _direction(cue: Cue, quantity: Quantity) -> Direction:
    if quantity.value is not None and quantity.value < 0:
        return "down"
    return cast("Direction", cue.value or "up")


_SHORT_OF: Final = frozenset({"缺口", "短缺", "相差", "尚差"})
_MOVED: Final = frozenset({"提高", "提升", "缩短", "降低", "下降", "减少", "上升", "下滑", "延长"})
_MOVES: Final = frozenset({"前移", "上移", "进位", "晋位", "跃升", "后移", "下移", "退位", "后退"})
# 上升2位: places in a ranking.
_CLIMBED: Final = frozenset({"前进", "上升", "提升", "下降", "下滑", "回落", "升", "降"})
# 6家通过省级评审: words may stand between.
_PASSED: Final = re.compile(r"通过[^，。；\n]{0,8}?(?:评审|审核|验收|评估|认定|复核|鉴定|公示)")
# 16家企业有9家获批, 20个项目中8个通过验收: what follows is said of some.
_AMID: Final = re.compile(r"(?:中[^，。；\d]{0,4}|有)(?=\d)")
_COUNTED: Final = (
    "net_new",
    "new",
    "applied",
    "recommended",
    "approved",
)


def _of_amount(
    quantity: Quantity,
    text: str,
    cues: Cues,
    before: Sequence[Cue],
    clause: int,
    start: int,
    end: int,
    stop: int,
) -> Decision | None:
    growth = _last(before, ("growth",))
    counted = _last_counted(before, start)
    standard = _FROM_STANDARD.search(text, max(clause, start - _STANDARD_REACH), start)
    if standard or (text[start - 1 : start] in _APART_ENDS and _APART.search(text, clause, start)):
        return Decision("gap", None, "standard")
    if growth and (counted is None or growth.start > counted.start):
        changed = _of_change(quantity, text, before, growth, clause, start)
        if changed:
            return changed
    if quantity.label == "COUNT" and text.endswith("通过", clause, start):
        # 受理申报793人，通过486人
        return Decision("approved", None, "通过")
    gap = _last(before, ("gap",))
    if gap and gap.surface in _SHORT_OF and gap.end >= start - 2:
        return Decision("gap", None, gap.surface)
    if gap and gap.end >= start - 1 and re.search(r"比|较|平均|预算", text[clause : gap.start]):
        return Decision("gap", None, gap.surface)
    if counted:
        return LEVEL if counted.field == "level" else _of_cue(counted, quantity, text, start, end)
    if quantity.label == "COUNT":
        after = _AMID.split(text[end:stop], maxsplit=1)[0]
        passed = _PASSED.search(after[:24])
        if passed:
            return Decision("approved", None, passed.group())
        gained = _STATUS_AFTER.search(after)
        if gained and gained.start() < 28:
            project = _PROJECT.search(after[: gained.start()]) or quantity.unit in ("项", "件")
            return Decision("approved" if project else "new", None, gained.group())
        behind = [
            cue
            for cue in cues.inside(end, end + min(len(after), 16))
            if cue.field in _COUNTED and text[cue.start - 1] not in "、（("
        ]
        if behind:
            return _of_cue(behind[0], quantity, text, start, end)
    return None


def _of_cue(cue: Cue, quantity: Quantity, text: str, start: int, end: int) -> Decision:
    """Return the measure of a counting cue; a project that gains a status is approved."""
    if cue.field in ("applied", "recommended", "approved") and quantity.unit in _OCCASIONS:
        # 召开立项论证会3次: the meetings are counted.
        return LEVEL
    if cue.surface in _RECRUITED and _HELPED.search(text, max(cue.start - 12, 0), cue.start):
        return LEVEL
    if cue.surface in _GAINED and (
        _PROJECT.match(text, end, end + 4) or _PROJECT_END.search(text, cue.end, start)
    ):
        return Decision("approved", None, cue.surface)
    return Decision(cast("Measure", cue.field), None, cue.surface)


_EXIST: Final = frozenset({"拥有", "现有", "共有", "保有", "实有", "建有", "设有"})
_OCCASIONS: Final = frozenset({"次", "场", "期", "场次", "轮次", "批次", "轮"})
_RECRUITED: Final = frozenset({"招聘", "招录", "招考", "招生"})
_HELPED: Final = re.compile(r"(?:帮助|协助|指导|帮扶|服务|为)[^，。；]{0,10}$")
_PROJECT_END: Final = re.compile(r"(?:项目|课题|专题|基金)$")


def _last_counted(cues: Sequence[Cue], start: int) -> Cue | None:
    """Return the last counting cue; one right before the number yields to an earlier one.

    审核通过奖补申请32件: 申请 is the noun there.
    """
    found = [cue for cue in cues if cue.field in _COUNTED or cue.field == "level"]
    if len(found) > 1 and found[-2].surface in _EXIST and found[-2].end == found[-1].start:
        # 拥有备案博物馆26家: the second word only modifies.
        return found[-2]
    if len(found) > 1 and found[-1].end == start and found[-1].surface in _NOUNS_TOO:
        return found[-2]
    return found[-1] if found else None


_NOUNS_TOO: Final = frozenset({"申请", "申报", "备案", "立项", "推荐"})


def _of_change(
    quantity: Quantity, text: str, before: Sequence[Cue], growth: Cue, clause: int, start: int
) -> Decision | None:
    """Return ``change`` for 比上年增加22.99万元, level for 增加到…, None where the word only names."""
    if text[growth.end : growth.end + 1] in _REACHES:
        return Decision("level", None, growth.surface + "到")
    compared = re.search(r"比|较", text[clause : growth.end])
    near = growth.end >= start - 2
    if not near and compared and quantity.label == "COUNT" and growth.surface in _GAINS:
        # 比上年增加公交站台12个: the things stand between.
        near = start - growth.end <= _THINGS and not _NUMBER.search(text, growth.end, start)
    if not near or growth.surface in ("增速", "增幅", "同比", "环比"):
        return None
    if _AGAINST_BUDGET.search(text, clause, start):
        return Decision("gap", None, growth.surface)
    places = quantity.unit == "位" and growth.surface in _CLIMBED and growth.end == start
    if places or (growth.surface in _MOVES and quantity.unit in ("位", "个", "名")):
        return Decision("change", _direction(growth, quantity), growth.surface)
    if growth.surface in ("多", "少") and not compared:
        return None
    moved = quantity.label == "MEASURE" and growth.surface in _MOVED
    if compared or moved or quantity.label == "MONEY" or _follows_level(quantity, text, growth):
        return Decision("change", _direction(growth, quantity), growth.surface)
    return Decision("new", None, growth.surface) if growth.value == "up" else None


def _follows_level(quantity: Quantity, text: str, growth: Cue) -> bool:
    """Tell whether a bare 增加 follows a number of the same unit (``蓄积量1285万立方米，增加21万立方米``)."""
    unit = quantity.text.lstrip("0123456789.,，万亿余多近约")
    return bool(unit) and text.endswith((f"{unit}，", f"{unit},"), 0, growth.start)


_GAINS: Final = frozenset({"增加", "减少", "新增", "多", "少", "增"})
_THINGS: Final = 12
_NUMBER: Final = re.compile(r"\d")


def _last(cues: Sequence[Cue], fields: tuple[str, ...]) -> Cue | None:
    """Return the last cue of the given fields; of two at one place the longer."""
    chosen: Cue | None = None
    for cue in cues:
        if cue.field in fields:
            chosen = cue
    return chosen
