"""What a clause shows of a claim: the kind its words and numbers propose, by ordered rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from jixiao.claims.segments import Segment
    from jixiao.claims.triggers import Trigger
    from jixiao.numbers.find import Found

NONE: Final = "none"
_MOVED: Final = frozenset({"growth", "change", "net_new"})
_COMPARING: Final = frozenset({"gap", "rank", "share"})
_COMING: Final = frozenset({"planned", "rule"})
_TIME_UNITS: Final = frozenset({"年", "天", "日", "月", "个月", "小时", "周"})
_GOAL_WORD: Final = r"(?:目标|任务|计划|规定|法定|省定|国定|市定|时限|承诺|考核指标)"
_GOAL: Final = re.compile(
    rf"(?:完成|超额|超出|超过?|达到?|高于|高出|低于|[比较]|优于|快于|早于|缩短|占)[^，。；]{{0,10}}{_GOAL_WORD}"
    rf"(?![^，。；]{{0,6}}(?:项目|工程|资金))|{_GOAL_WORD}[^，。；]{{0,8}}(?:高出?|超|缩短|提前|多)"
)
# 比控制线低1.08个百分点, 低于警戒线: a limit that is kept.
_LIMIT: Final = re.compile(
    r"(?:低于|未超过?|[比较])[^，。；]{0,6}(?:控制线|警戒线|上限|限值|红线|控制数|限额)(?!以上)"
)
_FALLS_SHORT: Final = re.compile(
    r"未(?:达|完成|能)|低于|不及|不足|[比较][^，。；]{0,10}[低少]|仅|但"
)
# 全市平均增速为4.7%, 全省同期为47.2%: what others reached.
_OTHERS: Final = re.compile(
    r"(?<![是比较于与])全[国省市州盟][\u4e00-\u9fff]{0,10}?(?:平均[\u4e00-\u9fff]{0,4}?|同期|仅|只)(?:为|是|有|增长|下降)?\d"
)
_REST: Final = re.compile(r"[ \u3000]*(?:其余|余下|剩余)")
_PEERS: Final = re.compile(r"全[省国球]|国内|国际|世界|各市州|各地市|平均水平|平均")
_CITY: Final = re.compile(r"全[市州盟]|[六七八九十\d]+个?(?:县|区|旗)|各[县旗]")
_PAST: Final = re.compile(r"近年|历年|历史|历届|以来|有史")
_EARLIER: Final = re.compile(r"前[一二三四五两\d]+年|往年|去年|上年|“十[二三四]五”")
_VAGUE: Final = frozenset({"居", "排名", "排"})
_PLACE: Final = re.compile(r"第[一二三四五六七八九十\d]|首位|榜首|前列")
_COURSE: Final = re.compile(
    r"[由从][^，。；]{0,24}\d[^，。；]{0,30}?[到至为]|[由从][\u4e00-\u9fff]{1,6}[转变升降]"
)
_REVIEW: Final = re.compile(
    r"通过[^，。；]{0,26}?(?:评审|复核|验收|鉴定|认定|评估|审核|备案|审批|考核|认证|复审|评选|公示)"
    r"(?!参加|参与|进入|后)"
)
# 列入年度计划的22项工程: an attribute of what is counted.
_ATTRIBUTE: Final = re.compile(r"[^，。；“”]{2,14}的\d")
_LEAST_OBJECT: Final = 2
_CONFERRED: Final = re.compile(
    r"取得[^，。；]{0,14}(?:专利|证书|资质|资格|职称|称号|认证|批文|许可)"
)
_APPLYING: Final = re.compile(r"(?:指导|帮助|协助|组织|引导|协调|推荐)[^，。；]{0,60}?申报(?!成功)")
_GAINED: Final = re.compile(r"获奖|获批|成功|荣获|并获|通过")
_HELD: Final = re.compile(
    r"(?:开展|组织|进行|举行)[^，。；]{0,60}?"
    r"(?:活动|论坛|大赛|比赛|竞赛|对接|招商|义诊|演练|服务|宣讲|讲座|培训|宣传)(?:等)?$"
)
_ALL: Final = re.compile(r"所有|全面|各类|一律|全都")
_MET: Final = frozenset({"合格", "达标", "到位"})
_WHOLE: Final = frozenset({"全部", "均"})
_ADDED: Final = ("新增", "净增", "新设", "新添")
_BECOMES: Final = frozenset("至到为")
_UNCLEAR: Final = frozenset({"通过", "取得"})
_SUPPORTING: Final = frozenset({"支持", "鼓励", "推动", "推进", "加快", "加强", "加大", "促进"})
# Points of an evaluation: 自评得分96分, 决策类得14分, 扣1.3分, 得分率95%.
_GRADED: Final = re.compile(
    r"自评|得分|分值|满分|权重|扣\d|扣分|[类项标]得|指标[^，。；]{0,8}\d+(?:\.\d+)?分"
)
_ABSENT: Final = re.compile(
    r"无[^，。；]{0,14}(?:事故|投诉|上访|信访|拖欠|挪用|截留|挤占|违规|违纪|违法|问题|纠纷|案件|事件|疫情|病例|现象)|"
    r"未(?!实现|能|完成)[^，。；]{0,6}(?:发生|出现|发现|接到|收到|造成|产生|突破|超出|超过)|"
    r"零(?:事故|投诉|上访|差错|违规|拖欠|延误|感染|伤亡)"
)
_PUNCTUAL: Final = re.compile(
    r"(?:足额|及时|按时|按期|如期|按计划|按进度|按规定)[^，。；]{0,4}"
    r"(?:拨付|到位|发放|支付|完成|兑现|下达|完工|竣工|交付|公开|公示)"
)
_UNDONE: Final = frozenset({"正在", "将于", "拟", "尚未", "还未", "目前正", "力争", "待", "将继续"})
_TITLE: Final = 16
_NUMBERING: Final = re.compile(r"[ \u3000]*[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．是]")
_MAX_LEAD: Final = 4
_OPENING: Final = re.compile(r"[（(]")
_BRACKETS: Final = re.compile(r"[（(][^（）()]*[）)]")


class Reading(NamedTuple):
    """What a rule reads in a clause: the kind, which rule, its trigger and how that is used."""

    kind: str
    rule: str
    trigger: tuple[int, int] = (0, 0)
    use: str = ""


NOTHING: Final = Reading(NONE, "nothing")
DENIED: Final = Reading(NONE, "denied")


@dataclass(slots=True)
class Clues:
    """The words of a clause, its numbers outside brackets, and the first trigger of each kind.

    ``title`` tells a heading, or a short numbered sentence that announces what follows. ``told`` are
    the numbers that are neither planned nor of a rule; ``measures`` theirs.
    """

    text: str
    start: int
    end: int
    clause: str
    items: list[Found]
    told: list[Found]
    measures: set[str | None]
    triggers: list[Trigger]
    first: Mapping[str, Trigger]
    alone: Mapping[str, Trigger]
    district: bool
    title: bool

    @property
    def measure(self) -> str | None:
        """The measure of the first number told, if any."""
        return self.told[0].quantity.measure if self.told else None

    def own(self) -> tuple[int, int]:
        """Return the place of the first number, else of the clause's beginning."""
        if self.items:
            item = (self.told or self.items)[0]
            return item.start, item.end
        return self.start, self.start

    def read(self, kind: str, rule: str, trigger: Trigger | None = None) -> Reading:
        """Return a reading with a trigger, or with the number as its trigger."""
        if trigger is None:
            return Reading(kind, rule, self.own())
        return Reading(kind, rule, (trigger.start, trigger.end), trigger.use)

    def among_peers(self) -> bool:
        """Tell whether the clause names others to compare with: of the province, the city …."""
        return bool(_PEERS.search(self.clause) or _CITY.search(self.clause))


def clues_of(text: str, segment: Segment, district: bool) -> Clues:
    """Collect what the rules look at, once for each clause."""
    clause = text[segment.start : segment.end]
    items = segment.items
    if "（" in clause or "(" in clause:
        clause = _BRACKETS.sub("", clause)
        items = _outside_brackets(text, segment)
    told = [item for item in items if item.quantity.modality not in _COMING]
    if len(told) > 1:
        # 两年翻了一番: how long it took is not what was achieved.
        told = [item for item in told if item.quantity.unit not in _TIME_UNITS] or told
    first: dict[str, Trigger] = {}
    alone: dict[str, Trigger] = {}
    triggers = _of_clause(text, segment)
    for trigger in triggers:
        known = first.get(trigger.kind)
        if known is None or (known.use == "light" != trigger.use):
            first[trigger.kind] = trigger
        if trigger.use in ("alone", "done"):
            alone.setdefault(trigger.kind, trigger)
    return Clues(
        text,
        segment.start,
        segment.end,
        clause,
        items,
        told,
        {item.quantity.measure for item in told},
        triggers,
        first,
        alone,
        district,
        segment.heading or (not items and _announces(text, segment)),
    )


def _announces(text: str, segment: Segment) -> bool:
    """Tell a short numbered sentence without numbers (二是搭建创新平台。) from a statement."""
    short = segment.end - segment.start < _TITLE and segment.closes in "。：；"
    return short and _NUMBERING.match(text, segment.start, segment.end) is not None


def _of_clause(text: str, segment: Segment) -> list[Trigger]:
    """Return the triggers of a clause that do not stand in brackets, or all if each does.

    新认定28家（首次9家）: what is bracketed divides what the clause tells.
    """
    brackets = [found.span() for found in _BRACKETS.finditer(text, segment.start, segment.end)]
    if not brackets or not segment.triggers:
        return segment.triggers
    outer = [
        trigger
        for trigger in segment.triggers
        if not any(start < trigger.start < end for start, end in brackets)
    ]
    return outer or segment.triggers


def _outside_brackets(text: str, segment: Segment) -> list[Found]:
    """Return the quantities of a clause that do not stand in brackets, or all if each does."""
    items = segment.items
    opened = _OPENING.search(text, segment.start, segment.end) if items else None
    if opened is None:
        return items
    closed = max(
        text.rfind("）", opened.end(), segment.end), text.rfind(")", opened.end(), segment.end)
    )
    outer = [item for item in items if not opened.start() < item.start < closed]
    return outer or items


def propose(clues: Clues) -> Reading:
    """Return what the first rule that applies reads in a clause.

    A rule is tried where a trigger of the kind it needs is there, or always if it needs none.
    """
    first = clues.first
    for needed, rule in _NUMBERED if clues.items else _BARE:
        if needed is None or needed in first:
            found = rule(clues)
            if found is not None:
                return DENIED if _is_denied(clues, found) else found
    return NOTHING


# 未获评, 没有通过验收, 未能入选: what did not come about.
_NOT: Final = re.compile(
    r"(?:未|没有?|不能|不再|无法|无缘)(?:再|被|能|能够|及时|成功|正式|顺利|如期|按[期时]|实际|得到|进一步|实现|取得|形成)*$"
)
_NOT_ALL: Final = re.compile(
    r"(?:未|没有|并非|不是)(?:能|能够)?(?:全部|完全|全面|都|均|所有)|均未完成"
)
_MAX_NOT: Final = 8


def _is_denied(clues: Clues, reading: Reading) -> bool:
    """Tell whether what is read is denied; a bad event that is denied is a duty met."""
    clause = clues.clause
    if "未" not in clause and "没" not in clause and "不" not in clause and "无" not in clause:
        return False
    if reading.kind == "compliance":
        return reading.rule == "whole" and _NOT_ALL.search(clause) is not None
    if reading.use == "number" and reading.kind == "output":
        # 未就业毕业生登记1862人: 未 belongs to who is counted.
        return False
    at = reading.trigger[0]
    return _NOT.search(clues.text, max(clues.start, at - _MAX_NOT), at) is not None


# What is no claim.


def _others(clues: Clues) -> Reading | None:
    """Read 全市平均增速为4.7%, to compare with, 其余6条 and 折合人民币3亿元: no achievement."""
    if clues.clause.startswith("折合", len(clues.clause) - len(clues.clause.lstrip(" \u3000"))):
        return Reading(NONE, "converted")
    if "余" in clues.clause and _REST.match(clues.clause):
        return Reading(NONE, "rest")
    if "全" not in clues.clause or "ranking" in clues.first or clues.measure in _COMPARING:
        return None
    return Reading(NONE, "others") if _OTHERS.search(clues.clause) else None


def _pending(clues: Clues) -> Reading | None:
    undone = any(t.surface in _UNDONE for t in clues.triggers)
    return Reading(NONE, "pending") if undone else None


def _graded(clues: Clues) -> Reading | None:
    if "分" not in clues.clause or not _GRADED.search(clues.clause):
        return None
    if "得分率" in clues.clause or any(i.quantity.label == "SCORE" for i in clues.items):
        return Reading(NONE, "graded")
    return None


def _planned(clues: Clues) -> Reading | None:
    return None if clues.told else Reading(NONE, "planned")


def _supported(clues: Clues) -> Reading | None:
    """Read 支持高新区创建国家级孵化器: what is helped on has not come about."""
    if not clues.triggers:
        return None
    head = clues.triggers[0]
    if head.surface not in _SUPPORTING:
        return None
    lead = clues.text[clues.start : head.start].strip(" \u3000")
    return None if len(lead) > _MAX_LEAD else Reading(NONE, "supported")


# Duties met.


def _goal(clues: Clues) -> Reading | None:
    """Read 完成年度目标的108.1%, 超目标17个, 比规定时限缩短4.5个工作日."""
    if not _GOAL.search(clues.clause):
        return None
    if _FALLS_SHORT.search(clues.clause):
        return Reading(NONE, "short")
    return clues.read("compliance", "goal", clues.first.get("compliance"))


def _met(clues: Clues) -> Reading | None:
    """Read 完成年度目标 where no goal is named: 全省定..., by the words of the table."""
    return _goal(clues) if "goal" not in clues.first else None


def _negated(clues: Clues) -> Reading | None:
    if found := clues.alone.get("compliance"):
        return clues.read("compliance", "duty", found)
    return None


def _absent(clues: Clues) -> Reading | None:
    """Read 无安全事故, 未出现质量问题: a bad event that did not happen."""
    if ("无" in clues.clause or "未" in clues.clause or "零" in clues.clause) and (
        found := _ABSENT.search(clues.clause)
    ):
        start = clues.text.find(found.group(), clues.start, clues.end)
        at = (start, start + 1) if start >= 0 else clues.own()
        return Reading("compliance", "absent", at)
    return None


def _punctual(clues: Clues) -> Reading | None:
    """Read 资金足额到位, 项目如期完工."""
    if clues.title or not _PUNCTUAL.search(clues.clause):
        return None
    return clues.read("compliance", "punctual", clues.first.get("output"))


def _zero(clues: Clues) -> Reading | None:
    for item in clues.told:
        if item.quantity.label == "COUNT" and item.quantity.value == 0:
            return Reading("compliance", "zero", (item.start, item.end))
    return None


def _whole(clues: Clues) -> Reading | None:
    """Read 全部劝返, 均按季拨付, 所有项目全面合格."""
    found = next((t for t in clues.triggers if t.surface in _WHOLE), None)
    if found is None and _ALL.search(clues.clause):
        found = next((t for t in clues.triggers if t.surface in _MET), None)
    if found is None or clues.measure in _MOVED:
        return None
    following = [t for t in clues.triggers if t.start >= found.end]
    return clues.read("compliance", "whole", following[0] if following else found)


def _rate(clues: Clues) -> Reading | None:
    """Read 满意率97.6%, 100%回复."""
    for item in clues.told:
        quantity = item.quantity
        if quantity.label != "PERCENT" or quantity.measure not in ("level", "share", None):
            continue
        rated = any(t.use == "rate" and t.end <= item.start for t in clues.triggers)
        if rated or (quantity.value == 100 and quantity.measure == "level"):
            return Reading("compliance", "rate", (item.start, item.end))
    return None


# Growth.


def _course(clues: Clues) -> Reading | None:
    """Read 由69元提高到74元: the growth word stands behind the first number."""
    if clues.items and all(i.quantity.modality == "planned" for i in clues.items):
        return None
    text, growths = clues.text, [t for t in clues.triggers if t.kind == "growth"]
    reached = [
        t for t in growths if t.surface[-1] in _BECOMES or text[t.end : t.end + 1] in _BECOMES
    ]
    if reached:
        # 由全市第5位升至第3位 tells the place that was reached.
        placed = any(item.quantity.label == "RANK" for item in clues.told)
        return clues.read("ranking" if placed else "growth", "course", reached[0])
    if not _COURSE.search(clues.clause):
        return None
    later = [t for t in growths if t.start >= clues.own()[1]]
    return clues.read("growth", "course", later[0] if later else growths[0])


def _moved(clues: Clues) -> Reading | None:
    if clues.measure not in _MOVED:
        moved = [i.quantity for i in clues.told if i.quantity.measure in _MOVED]
        if not any(quantity.label in ("PERCENT", "RATIO") for quantity in moved):
            return None
    return clues.read("growth", "moved", clues.first.get("growth"))


def _added(clues: Clues) -> Reading | None:
    found = clues.first["growth"]
    return clues.read("growth", "added", found) if found.surface.startswith(_ADDED) else None


def _grown(clues: Clues) -> Reading | None:
    found = clues.alone.get("growth")
    return clues.read("growth", "alone", found) if found else None


# Positions among peers.


def _ranked(clues: Clues) -> Reading | None:
    if "rank" not in clues.measures and not any(i.quantity.label == "RANK" for i in clues.told):
        return None
    if not clues.measures.isdisjoint(_MOVED):
        return clues.read("growth", "climbed", clues.first.get("growth"))
    return clues.read("ranking", "rank", clues.first.get("ranking"))


def _gap(clues: Clues) -> Reading | None:
    if clues.measure != "gap":
        return None
    if _EARLIER.search(clues.clause):
        return clues.read("growth", "past")
    if _LIMIT.search(clues.clause):
        return clues.read("compliance", "limit", clues.first.get("compliance"))
    return clues.read("ranking", "gap", clues.first.get("ranking"))


def _above(clues: Clues) -> Reading | None:
    """Read 高于全省平均水平: a comparison with or without its number."""
    found = clues.first["ranking"]
    if found.use == "alone" or not clues.among_peers():
        return None
    return clues.read("ranking", "above", found)


def _superlative(clues: Clues) -> Reading | None:
    found = next((t for t in clues.triggers if t.surface[0] == "最" and t.kind == "ranking"), None)
    if found is None:
        return None
    if _PAST.search(clues.clause):
        return clues.read("milestone", "superlative", found)
    return clues.read("ranking", "superlative", found) if clues.among_peers() else None


def _share(clues: Clues) -> Reading | None:
    if clues.measure != "share":
        return None
    clause = clues.clause
    outer = "我" in clause or _PEERS.search(clause) or (clues.district and _CITY.search(clause))
    found = next((t for t in clues.triggers if t.surface[0] == "占"), None)
    return clues.read("ranking", "share", found) if outer else None


def _placed(clues: Clues) -> Reading | None:
    found = clues.alone.get("ranking")
    if found is None or found.surface[0] == "最":
        return None
    if found.surface in _VAGUE and not _PLACE.search(clues.clause):
        return None
    return clues.read("ranking", "placed", found)


def _times(clues: Clues) -> Reading | None:
    """Read 是2021年的2.3倍 as growth, 是全省平均水平的1.7倍 as a position."""
    if clues.told[0].quantity.label != "RATIO":
        return None
    lead = clues.text[clues.start : clues.told[0].start]
    if "是" not in lead and "为" not in lead:
        return None
    return clues.read("ranking" if _PEERS.search(clues.clause) else "growth", "times")


# Firsts and records, honours.


def _milestone(clues: Clues) -> Reading | None:
    found = clues.alone.get("milestone")
    if found is None:
        return None
    if found.surface in _FIRST_OF_KIND and _named_before(clues, found):
        # 认定为省首台（套）装备: the name of a status.
        return None
    return clues.read("milestone", "milestone", found)


_FIRST_OF_KIND: Final = frozenset({"首台", "首台套", "首批", "首批次", "首个"})


def _named_before(clues: Clues, found: Trigger) -> bool:
    """Tell whether an honour is conferred before a word and in its own clause."""
    return any(
        t.kind == "recognition" and t.use == "alone" and t.end <= found.start
        for t in clues.triggers
    )


def _broken(clues: Clues) -> Reading | None:
    return clues.read("milestone", "broken", clues.first["milestone"])


def _recognition(clues: Clues) -> Reading | None:
    for found in clues.triggers:
        if found.kind != "recognition" or found.use != "alone":
            continue
        if clues.title and clues.end - found.end < _LEAST_OBJECT:
            # 荣誉与表彰: a heading that names a topic.
            continue
        if _ATTRIBUTE.match(clues.text, found.end, clues.end):
            continue
        if found.surface != "通过" or _REVIEW.match(clues.text, found.start, clues.end):
            return clues.read("recognition", "recognition", found)
    return None


def _won(clues: Clues) -> Reading | None:
    """Read words that obtain an honour beside a number, and money where the number is money."""
    output = clues.alone.get("output")
    for found in clues.triggers:
        if found.kind != "recognition" or found.surface == "通过":
            continue
        if _ATTRIBUTE.match(clues.text, found.end, clues.end):
            continue
        if found.surface == "取得" and not _CONFERRED.match(clues.text, found.start, clues.end):
            continue
        if output is not None and output.start < found.start:
            return None
        money = any(i.quantity.label == "MONEY" for i in clues.told)
        return clues.read("output" if money else "recognition", "won", found)
    return None


# Deliveries.


def _applied(clues: Clues) -> Reading | None:
    """Read 指导4家企业申报…: help to apply is delivered, nothing is obtained yet."""
    if "申报" not in clues.clause or not _APPLYING.search(clues.clause):
        return None
    if _GAINED.search(clues.clause):
        return None
    found = next((t for t in clues.triggers if t.surface.endswith("申报")), None)
    return clues.read("output", "applied", found or clues.first.get("output"))


def _delivered(clues: Clues) -> Reading | None:
    return clues.read("output", "output", clues.first["output"])


def _verbless(clues: Clues) -> Reading | None:
    return clues.read("output", f"verbless.{clues.told[0].quantity.label}")


def _held(clues: Clues) -> Reading | None:
    found = clues.first["output"]
    return (
        clues.read("output", "held", found)
        if not clues.title and _HELD.search(clues.clause)
        else None
    )


def _done(clues: Clues) -> Reading | None:
    found = clues.alone.get("output")
    return clues.read("output", "done", found) if found and not clues.title else None


def _weak(clues: Clues) -> Reading | None:
    """Read 学生获奖励 without a number; an effort (积极创建…) is none."""
    found, manner = clues.first["recognition"], clues.first.get("manner")
    if clues.title or (manner is not None and manner.start < found.start):
        return None
    if found.surface in _UNCLEAR and not _CONFERRED.match(clues.text, found.start, clues.end):
        return None
    return clues.read("recognition", "weak", found)


_Rule = Callable[[Clues], Reading | None]
_NUMBERED: Final[tuple[tuple[str | None, _Rule], ...]] = (
    (None, _others),
    ("pending", _pending),
    (None, _graded),
    ("goal", _goal),
    ("compliance", _met),
    ("growth", _course),
    (None, _planned),
    ("compliance", _negated),
    (None, _zero),
    (None, _absent),
    (None, _ranked),
    (None, _gap),
    ("ranking", _above),
    ("output", _applied),
    ("ranking", _superlative),
    ("milestone", _milestone),
    ("compliance", _whole),
    ("output", _whole),
    ("recognition", _recognition),
    (None, _moved),
    (None, _share),
    ("ranking", _placed),
    (None, _times),
    ("milestone", _broken),
    ("recognition", _won),
    ("growth", _added),
    (None, _rate),
    ("output", _delivered),
    (None, _verbless),
)
_BARE: Final[tuple[tuple[str | None, _Rule], ...]] = (
    ("pending", _pending),
    (None, _supported),
    ("growth", _course),
    ("compliance", _negated),
    (None, _absent),
    (None, _punctual),
    ("ranking", _superlative),
    ("milestone", _milestone),
    ("compliance", _whole),
    ("recognition", _recognition),
    ("ranking", _placed),
    ("ranking", _above),
    ("growth", _grown),
    ("output", _held),
    ("output", _done),
    ("recognition", _weak),
)
