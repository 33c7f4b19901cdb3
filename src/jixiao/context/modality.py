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
# Rubric text wherever it stands: points given, taken, or full marks for a condition.
_RUBRIC: Final = re.compile(
    r"(?:计|(?<![评获综合])得(?!分)|扣(?!分指)|加)(?:相应|\d+-)?$|每[^，。；]{0,16}[扣加减]|满分为?$|不得分|扣完为止|得满分$"
)
_RUBRIC_AFTER: Final = re.compile(
    r"[^，。；\n]{0,6}[，,]?(?:计|得|扣|不得)\d*\.?\d*分|[^，。；\n]{0,8}得满分"
)
# 自评得分98分 under 评分标准: what was given.
_AWARDED: Final = re.compile(r"(?:自评|评价|综合|最终|实际|总)得分[^，。；]{0,6}$")
# 亿元以上企业: a size class names a kind of firm.
_SIZE_CLASS: Final = re.compile(
    r"(?:以上|以下|级)?的?(?:企业|项目|工业|制造|产业|园区|工程|大型|重大|有|教学|学校|单位|占|采购)"
)
# 低于60%的省定标准, 未达到3.0%的年度目标: the number is the standard or the target itself.
_STANDARD: Final = re.compile(r"的[^，。；\n]{0,8}?(?P<what>标准|目标|要求)")
_BUDGETED: Final = re.compile(
    r"预算(?:数|额|资金|金额|安排|总额|收入|支出|控制数)?(?:为|是|共计?|约|合计)?$"
)
_TARGET_LABEL: Final = re.compile(r"目标[：:][^。\n]*$")
_GOAL_PAIR: Final = re.compile(r"(?:完成|达到|超过|占)[^，。；]{0,10}(?:目标|计划|任务)")
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
    sized = text[end - 2 : end] in ("以上", "以下") or text[end : end + 2] in ("以上", "以下")
    if sized and quantity.label in ("MONEY", "MEASURE", "COUNT") and _SIZE_CLASS.match(text, end):
        return "rule", "modality.size_class"
    standard = _STANDARD.match(text, end) if quantity.label == "PERCENT" else None
    if standard:
        return ("rule" if standard.group("what") == "标准" else "planned"), "modality.standard"
    if quantity.label == "SCORE" and _RUBRIC.search(text[clause:start]):
        return "rule", "modality.rubric"
    if _RUBRIC_AFTER.match(text, end) and quantity.label != "SCORE":
        return "rule", "modality.rubric"
    if kind == "rubric" and _is_standard(quantity, text[clause:start]):
        return "rule", "section.rubric"
    nearest = [cue for cue in cues.inside(clause, start) if cue.field in ("planned", "forecast")]
    if nearest:
        cue = nearest[-1]
        lead = text[clause:start]
        if cue.field == "forecast" or not (_ACCOUNT.search(lead) or _GOAL_PAIR.search(lead)):
            return ("planned" if cue.field == "planned" else "forecast"), f"cue.{cue.surface}"
    lead = text[clause:start]
    if quantity.label == "MONEY" and _BUDGETED.search(lead) and not _ACCOUNT.search(lead):
        return "planned", "cue.预算"
    labelled = text.rfind("目标", sentence, start)
    if labelled >= 0 and _TARGET_LABEL.match(text, labelled, start):
        return "planned", "cue.目标："
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
    if kind == "plan":
        return "planned", "section.plan"
    return "actual", "modality.default"


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
