"""Whether a number happened, was planned, is expected, or belongs to a rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from jixiao.context.cues import Cues
from jixiao.documents.sections import SectionKind
from jixiao.numbers.headers import Role, role_of
from jixiao.records import Modality, Quantity

# Budget as the name of an account, not as a plan.
_ACCOUNT: Final = re.compile(
    r"(?:一般公共|政府性基金|国有资本经营|公共财政|社会保险基金)预算|预算(?:执行|完成|单位|编制|管理|法|绩效|调整率)|"
    r"(?:部门|决算|财政)预算公开|预决算"
)
# Points given, taken, or full marks for a condition: …的，得3分; 每缺1项扣1分; 满分100分.
_POINTS: Final = re.compile(
    r"(?:^|[的，,；;])[ \u3000]*(?:可?[计得加扣减]|不得)(?:相应|\d+-)?$|每[^，。；]{0,16}[扣加减得计]|"
    r"(?:满分|总分|分值|权重|标准分)[为是]?$|不得分|扣完为止|得满分$"
)
_RUBRIC: Final = re.compile(r"(?:[计扣加]|(?<![评获综合])得(?!分))(?:相应|\d+-)?$")
_RUBRIC_AFTER: Final = re.compile(
    r"[^，。；\n]{0,6}[，,]?(?:计|得|扣|不得)\d+(?:\.\d+)?分|[^，。；\n]{0,8}得满分"
)
# 90分（含）以上为优, 60分以下为差: the limits of grades.
_GRADE: Final = re.compile(
    r"(?:[（(]含[）)])?(?:及?以[上下])?(?:[（(]含[）)])?的?[，,]?(?:[为是]|评为|定为|属)[“\"]?(?:优|良|中|差|合格|不合格|及格)"
)
# 自评得分98分 under 评分标准: what was given.
_AWARDED: Final = re.compile(r"(?:自评|评价|综合|最终|实际|总)得分[^，。；]{0,6}$")
# 亿元以上企业: a size class names a kind of firm.
_SIZE_CLASS: Final = re.compile(
    r"(?:及?以上|及?以下|级)?的?[）)]?(?:企业|项目|工业|制造|产业|园区|工程|大型|重大|有|教学|学校|单位|占|采购|[\d一二两三])"
)
# 评价得分低于70分的项目, 运营满12个月的，: a limit that tells which things are meant.
_SELECTING: Final = re.compile(
    r"(?:及?以[上下内])?(?:[且、并或][^，。；、\n]{1,16})?的(?:[，,]|(?!基础|情况|前提|速度|增速|增长|水平|标准|目标|要求|"
    r"成绩|好|佳|新高|比例|比重|年度|任务|预算|省定|规定)[\u4e00-\u9fff])"
)
_AGED: Final = re.compile(r"(?:及?以[上下])?的?[\u4e00-\u9fff]")
_LIMIT: Final = re.compile(r"(?:超过?|达到?|满|突破|逾|不低于|不少于|高于|低于|不足|不到|[≥≤<>])$")
# 低于60%的省定标准, 未达到3.0%的年度目标: the number is the standard or the target itself.
_STANDARD: Final = re.compile(r"的[^，。；\n]{0,8}?(?P<what>标准|目标|要求)")
_STATES_STANDARD: Final = re.compile(r"标准[^，。；\n]{0,4}[为是由从：:][^，。；\n]{0,16}$")
# What a policy grants: 每户补助5万元, 最高不超过80万元, 按投资额的10%给予补助.
_GRANT: Final = re.compile(
    r"(?<!平均)(?<!人均)每(?!年|月|天|日均|人平均)[^，。；\n]{1,14}(?:补助?|补贴|奖励?|奖补|资助|增加|减少|新增|不超过|最高)[^，。；\n\d]{0,4}$"
    r"|单[个户家项][^，。；\n]{1,10}(?:补助|补贴|奖励|奖补|资助)[^，。；\n\d]{0,3}(?:不超过|最高)[^，。；\n\d]{0,12}$"
    r"|最高(?:可?[给予]*[奖补资助贴励]*)?(?:不超过|可达|限额)?(?:为|达)?$|最低不(?:低|少)于$"
)
_GRANTED: Final = re.compile(
    r"(?:的)?(?:给予|予以|进行|给)[^，。；\n]{0,8}(?:补助|补贴|奖励|奖补|资助|支持|扶持)"
)
_GRANTING: Final = re.compile(
    r"(?:给予|一次性(?:奖励|补助|补贴|奖补)?|[奖补](?![植造种栽齐足])助?励?|补贴|压减|扣减|核减)[^，。；\n\d]{0,6}$"
)
# The longest match of this pattern.
_GRANTING_REACH: Final = len("一次性奖励") + 6
# 对年进出口额首次超过1000万美元的企业，…: a condition that is met by some.
# 优（90分及以上）、良（80-89分）: the bands of grades.
_BAND: Final = re.compile(r"[优良中差](?:秀|好|等)?[（(][^（）()]{0,4}$")
# 为计划的103%, 完成年度任务的112.6%: how much of it was done.
_COMPLETED: Final = re.compile(
    r"(?:为|占|完成|达到?|相当于|实现)[^，。；\d]{0,10}(?:计划|目标|任务|预算)(?:[数值额]|总额)?的$"
)
# 占年计划35亿元的110.3%: the number is the plan.
_PLAN_ITSELF: Final = re.compile(
    r"(?:年|年度|全年|年初|既定|规划)(?:计划|目标值?|任务|预算)(?:数|额|总额)?$"
)
_ALREADY: Final = re.compile(r"已(?!婚)|截[至止]")
_CONDITION: Final = re.compile(
    r"(?:^|[，。；：:\n])[ \u3000]*(?!针对)(?:对|凡)?[^，。；：\n]{2,40}(?:的|的[^，。；\n]{2,14})[，,]"
)
_ACHIEVED: Final = re.compile(r"已(?!婚)|截[至止]|实际|完成|超额")
_DONE: Final = re.compile(
    r"已|累计|共(?!同|享)|发放|兑现|拨付|支付|下达|获得|惠及|全年|当年(?!度)|实际|落实到位"
)
_BUDGETED: Final = re.compile(
    r"预算(?:数|额|资金|金额|安排|总额|收入|支出|控制数)?(?:为|是|共计?|约|合计)?$"
)
_WITHIN_BUDGET: Final = re.compile(r"的?(?:预算|指标|计划|目标)(?:数|额度)?(?:以内|之内|内)")
_TARGET_LABEL: Final = re.compile(r"目标值?(?:为|是|如下)?[：:][^。\n]*$")
# 考核任务：…，…: a list of what was set; 完成主要任务：… tells what was done.
_TASKS: Final = re.compile(
    r"(?:^|[，。；：\n])(?![^，。；：\n]{0,30}(?:完成|推进|落实))[^，。；：\n]{0,30}"
    r"(?:任务|指标)(?:为|是|如下|包括)?[：:](?!完成|已)"
)
# 执行中追加…, 调整后…, in a sentence on a budget.
_REBUDGETED: Final = re.compile(
    r"(?:追加|调增|调减|核增|核减|调整[后为到至]|调整数)(?:预算|总?额|资金|经费|数)?(?:为|共计?|合计)?$"
)
_OWN_BUDGET: Final = re.compile(r"的(?:年初|年度|全年|部门|调整后?)?预算(?![执完调绩编支资])")
_GOAL_PAIR: Final = re.compile(r"(?:完成|达到|超过?|占)[^，。；]{0,10}(?:目标|计划|任务|预算)")
_ROLES: Final[dict[Role, Modality]] = {
    "full_score": "rule",
    "rubric": "rule",
    "target": "planned",
    "score": "actual",
    "result": "actual",
}


def cell_modality(
    quantity: Quantity, columns: Sequence[str], own: str, whole: bool
) -> tuple[Modality | None, str]:
    """Return what a table column says of a number's modality, and the header that says it.

    ``own`` is the text of the cell: a weight printed behind the name of a group (``投入（15分）``)
    is a rule.
    """
    for header in reversed(columns):
        role = role_of(header)
        if role in ("level_1", "level_2", "level_3"):
            if quantity.label == "SCORE":
                return "rule", f"header.{role}"
            return "planned", f"header.{role}"
        if role in _ROLES:
            return _ROLES[role], f"header.{role}"
    if quantity.label == "SCORE" and not whole and re.search(r"[（(]\d", own):
        return "rule", "cell.weight"
    return None, ""


def text_modality(
    quantity: Quantity,
    text: str,
    cues: Cues,
    sentence: int,
    clause: int,
    start: int,
    end: int,
    stop: int,
    kind: SectionKind | None,
) -> tuple[Modality, str]:
    """Return the modality of a number in running text, and the rule that gave it."""
    lead = text[clause:start]
    ruled = _rule_of(quantity, text, lead, sentence, clause, start, end, kind)
    if ruled:
        return ruled
    # Patterns that are tried on every number stand behind a word they cannot do without.
    if quantity.unit == "%" and kind != "plan" and lead.endswith("的") and _COMPLETED.search(lead):
        return "actual", "modality.completed"
    if text.startswith("的", end) and _PLAN_ITSELF.search(lead):
        return "planned", "modality.plan_itself"
    nearest = [cue for cue in cues.inside(clause, start) if cue.field in ("planned", "forecast")]
    if nearest and quantity.unit in ("项", "个", "条") and nearest[-1].end == start:
        # 设定绩效目标8项: the goals are counted.
        nearest.pop()
    if nearest:
        cue = nearest[-1]
        if cue.field == "forecast" or not (_ACCOUNT.search(lead) or _GOAL_PAIR.search(lead)):
            return ("planned" if cue.field == "planned" else "forecast"), f"cue.{cue.surface}"
    planned = _planned_by(quantity, text, lead, sentence, start, end)
    if planned:
        return "planned", planned
    if quantity.label == "COUNT":
        ahead = [
            cue
            for cue in cues.inside(end, min(stop, end + 8))
            if cue.surface in _AHEAD and cue.field in ("planned", "forecast")
        ]
        if ahead:
            return ("planned" if ahead[0].field == "planned" else "forecast"), (
                f"cue.{ahead[0].surface}"
            )
    carried = _carried(text, cues, sentence, clause)
    if carried:
        return "forecast", f"cue.{carried}"
    if kind in ("plan", "goals", "suggestions") and not _ALREADY.search(lead):
        return "planned", f"section.{kind}"
    return "actual", "modality.default"


def _planned_by(
    quantity: Quantity, text: str, lead: str, sentence: int, start: int, end: int
) -> str | None:
    """Return what tells that a number is a budget, a limit or a task set, or None."""
    if lead.endswith("控制在") and _WITHIN_BUDGET.match(text, end):
        return "cue.控制在"
    if quantity.label == "MONEY":
        if "预算" in lead and _BUDGETED.search(lead) and not _ACCOUNT.search(lead):
            return "cue.预算"
        if _OWN_BUDGET.match(text, end):
            return "modality.plan_itself"
        if "预算" in text[sentence:start] and _REBUDGETED.search(lead):
            return "cue.预算"
    labelled = text.rfind("目标", sentence, start)
    if labelled >= 0 and _TARGET_LABEL.match(text, labelled, start):
        return "cue.目标："
    if _is_assigned(text, sentence, start) and not _ACHIEVED.search(lead):
        return "cue.任务："
    return None


def _is_assigned(text: str, sentence: int, start: int) -> bool:
    """Tell whether a list of tasks was opened before a number in its sentence (``考核任务：…``)."""
    colon = max(text.rfind("：", sentence, start), text.rfind(":", sentence, start))
    return colon >= 0 and _TASKS.search(text, max(sentence - 1, 0), colon + 3) is not None


def _rule_of(
    quantity: Quantity,
    text: str,
    lead: str,
    sentence: int,
    clause: int,
    start: int,
    end: int,
    kind: SectionKind | None,
) -> tuple[Modality, str] | None:
    """Return ``rule`` for a number that belongs to a class, a rubric, a standard or a policy."""
    label = quantity.label
    if _is_class(quantity, text, start, end):
        return "rule", "modality.size_class"
    if _tells_scores(quantity, text, start, end):
        return _of_told_score(quantity, text, lead, end)
    standard = _STANDARD.match(text, end)
    if standard and label in ("PERCENT", "MONEY", "SCORE", "COUNT"):
        return ("rule" if standard.group("what") == "标准" else "planned"), "modality.standard"
    if label == "SCORE":
        graded = _GRADE.match(text, end) or _BAND.search(lead)
        if graded and not _AWARDED.search(lead):
            return "rule", "modality.grade"
        if _POINTS.search(lead) or (kind == "rubric" and _RUBRIC.search(lead)):
            return "rule", "modality.rubric"
    elif _RUBRIC_AFTER.match(text, end):
        return "rule", "modality.rubric"
    if kind == "rubric" and _is_standard(quantity, lead):
        return "rule", "section.rubric"
    if kind == "policy" and not _DONE.search(lead):
        return "rule", "section.policy"
    if _is_of_standard(quantity, text, lead, sentence, start):
        return "rule", "modality.policy"
    if ("每" in lead or "单" in lead or "最" in lead) and _GRANT.search(lead):
        return "rule", "modality.policy"
    if label in ("MONEY", "PERCENT", "COUNT", "MEASURE") and (
        _GRANTED.match(text, end)
        or _GRANTING.search(text, max(clause, start - _GRANTING_REACH), start)
    ):
        said = text[sentence:start]
        if _CONDITION.search(said) and not _DONE.search(said):
            return "rule", "modality.policy"
    return None


# 补助标准分别为：甲10元/亩、乙16元/亩；丙960元/亩: nothing but amounts follows.
_LISTS_STANDARDS: Final = re.compile(
    r"标准[^，。；\n\d]{0,4}[为是：:]{1,2}"
    r"(?:[^，。；：、\n\d]{0,18}[\d.,]+[万亿]?元[^，。；、\n\d]{0,8}[，；、])*[^，。；：、\n\d]{0,18}$"
)
# 资金使用合规性5分，得4分: an evaluator tells what was given, behind what could be had.
_TOLD_SCORE: Final = re.compile(r"\d分[，,（(]?(?:实际|评价|综合|本项)?(?:得|扣)(?:分为?|减|除)?\d")
_GIVEN: Final = re.compile(r"(?:得|扣|评)(?:分|减|除)?为?$")
_MOVED: Final = re.compile(r"(?:提高|增加|上升|提升|[高多低少]|下降|降低|减少)[了出]?$")
_FOR_EACH: Final = re.compile(r"每[^，。；]{0,16}$")


def _tells_scores(quantity: Quantity, text: str, start: int, end: int) -> bool:
    """Tell whether a number stands in a paragraph that tells what was scored, item by item."""
    if quantity.label != "SCORE" and not _RUBRIC_AFTER.match(text, end):
        return False
    floor, ceiling = max(start - _PARAGRAPH, 0), min(end + _PARAGRAPH, len(text))
    begin = max(text.rfind("\n", floor, start) + 1, floor)
    stop = text.find("\n", end, ceiling)
    return _TOLD_SCORE.search(text, begin, stop if stop >= 0 else ceiling) is not None


# How far a paragraph is read on either side: a text without line ends is no paragraph.
_PARAGRAPH: Final = 600


def _of_told_score(quantity: Quantity, text: str, lead: str, end: int) -> tuple[Modality, str]:
    """Return rule for what could be had or is lost for each fault, actual for what was given."""
    if quantity.label != "SCORE":
        return "actual", "modality.told_score"
    if _FOR_EACH.search(lead):
        return "rule", "modality.rubric"
    if _GIVEN.search(lead) or _MOVED.search(lead):
        return "actual", "modality.told_score"
    return "rule", "modality.full_score"


def _is_of_standard(quantity: Quantity, text: str, lead: str, sentence: int, start: int) -> bool:
    """Tell whether a number is a standard, the first or a later one of a list of them."""
    if "标准" in lead and _STATES_STANDARD.search(lead):
        return True
    listed = quantity.label == "MONEY" and "标准" in text[sentence:start]
    return listed and _LISTS_STANDARDS.search(text, sentence, start) is not None


def _is_class(quantity: Quantity, text: str, start: int, end: int) -> bool:
    """Tell whether a number only says which things are meant (亿元以上企业, 低于70分的项目)."""
    sized = text[end - 2 : end] in ("以上", "以下") or text[end : end + 3].lstrip("及").startswith(
        ("以上", "以下")
    )
    if sized and quantity.label in ("MONEY", "MEASURE", "COUNT") and _SIZE_CLASS.match(text, end):
        return True
    if quantity.unit == "岁" and (sized or quantity.value_high is not None):
        return _AGED.match(text, end) is not None
    if not (
        sized
        or quantity.bound in ("≥", "≤", ">", "<")
        or _LIMIT.search(text, max(start - 3, 0), start)
    ):
        return False
    return _SELECTING.match(text, end) is not None


def _is_standard(quantity: Quantity, lead: str) -> bool:
    """Tell whether a number under 评分标准 is a score or threshold, not what was scored."""
    if _AWARDED.search(lead):
        return False
    return quantity.label == "SCORE" or quantity.bound in ("≥", "≤", ">", "<")


_AHEAD: Final = frozenset({"拟", "拟申报", "将于", "将", "有望"})
_CARRYING: Final = frozenset({"预计", "有望", "预期", "预测"})


def _carried(text: str, cues: Cues, sentence: int, clause: int) -> str | None:
    """Return the forecast word of an earlier clause that still governs (``有望净增…，总数突破…``)."""
    if sentence >= clause:
        return None
    found = None
    for cue in cues.inside(sentence, clause):
        if cue.surface in _CARRYING:
            found = cue
    if found is None:
        return None
    between = text[found.end : clause]
    if any(mark in between for mark in "；;：") or between.count("，") > 1:
        return None
    return found.surface
