"""The part of an indicator that a number covers: 5G of base stations, one company of subsidies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from jixiao.context.nouns import is_place
from jixiao.indicators.catalogue import normal_form

if TYPE_CHECKING:
    from jixiao.indicators.features import Case
    from jixiao.records import Quantity

_DEPENDENT: Final = frozenset({"growth", "change", "share", "gap", "rank"})
GENERIC_NOUNS: Final = frozenset(
    {"企业", "项目", "单位", "人员", "机构", "个人", "产品", "部门", "公司", None}
)
# Evidence that lies outside the number's own words: these then say which part it is.
_FARTHER: Final = frozenset(
    {
        "inherited", "before", "clause", "earlier", "previous", "heading", "above", "upper",
        "total", "title", "near", "same_value",
    }
)  # fmt: skip
# Evidence that holds for every row of a table.
_OF_THE_TABLE: Final = frozenset(
    {"column", "outer_column", "caption", "above", "heading", "title", "upper", "inherited"}
)
_LIST_NUMBER: Final = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]{1,2}[）)]?[、.．]|[（(][一二三四五六七八九十\d]{1,2}[）)]|其中[：:]?)"
)
# What comes before a part without belonging to it: verbs, times, words that join.
_LEADING: Final = re.compile(
    r"^(?:新建|新增|净增|新(?=[\u4e00-\u9fff]{3})|推进|完成|实施|开展|建成|拟|末|另外?|由|和|并|系|其他的|来源为|内含|不含|"
    r"含|包括|包含|加上|扣除|安排|实际|发放|承办|共|共有|现有|实有|已|年[初末底]|前?[一二三四]季度|前[一二三]季度|[上下]半年|"
    r"我[省市县区州旗局委院校]|全[省市县区州旗局])+"
)
# A verb inside a phrase: what is behind it names the part (行动开展补贴性培训).
_VERB: Final = re.compile(r"^.*(?:开展|举办|组织|承办|主办|获批?得?|入选|接待|分类|参加|通过)")
# What stands between the name and its number: 产能由原来的120万箱.
_TRAILING: Final = re.compile(
    r"(?:由原来|由|从|自|达到?|已|均|分别|保持|维持|稳定|仅|只|约|共|为|是|在|不足|不少于|不低于|超过?|突破|增至|增加?到?|"
    r"增|提[高升]到?|降至|扣|的)+$"
)
_WHOLE: Final = re.compile(
    r"^(?:合计|总计|小计|总和|共计|年度资金总额|\S{0,10}汇总|全[省市县区州盟旗]|[项总]?目?名?称?)$"
)
_AREA: Final = re.compile(r"(?:[县市区旗镇乡]|[^\u4e00-\u9fff]州|街道|园区|新城)$")
_BRACKETS: Final = re.compile(r"[（(][^（）()]*[）)]")
_LEVEL: Final = re.compile(r"(?:新增|新认定|获批)?((?:国家|[省市县区州旗乡镇村])级(?:以上)?)")
_SHORTEST: Final = 2
_MAX_FACET: Final = 14
_BESIDE: Final = 8
_MAX_LABEL: Final = 24
_NO_FACET: Final = re.compile(
    r"[，。；：、]|[0-9](?![A-Za-z])|年度|年[底末初]|增加|增长|增至|减少|下降|同比|^[全本各我]|^上[年半]|新增|^共|达到|总数|总量|累计|合计|"
    r"人员$|[中内里]$|部门|单位|预算|决算|平均|[增降]幅|比重|占比|批复|任务|计划|目标|实际|提升|提高|上升|首次|多出|"
    r"不含|评分|得分|^[但而且]|[与和同]$|不足|不低于|不少于|^支出$|^金额$|^资金$|^[比较占]"
)


def facet_of(
    quantity: Quantity,
    chosen: Case,
    before: Quantity | None,
    label: str | None = None,
    listed: str | None = None,
) -> str | None:
    """Return the part of the indicator a number covers, or None for the whole.

    An alias may itself name a part (行政编制); the words before the alias narrow it (国有工业投资). Where
    the indicator was taken from farther off, the number's own words do (余下92家), in a table the label
    of the row. Places are no part: they are the region, nor is what the indicator's name says anyway
    (食品 of 食品抽检). What grew or was shared is the part of the number before.

    Parameters
    ----------
    before
        The number before, aligned.
    label
        The label of the number's row, where it fills a cell.
    listed
        The name that 分别 gives the number: 失业保险 of ``养老、失业保险参保人数分别为``.
    """
    found = _listed(listed, chosen) if listed else _part(quantity, chosen, before, label)
    if found is None and before is not None and _goes_with(quantity, before, chosen):
        found = before.facet
    return None if found is None or found in chosen.indicator.name_zh else found


def _goes_with(quantity: Quantity, before: Quantity, chosen: Case) -> bool:
    """Tell whether a number is of the same things as the one before it.

    An amount right behind a count (``助学金2905人次290.5万元``), a rate of its own short name behind a
    number (``中央资金支出1150万元，执行率100%``).
    """
    gap = quantity.start - before.end
    bare = normal_form(quantity.subject or "") in normal_form(chosen.alias)
    rate = quantity.label == "PERCENT" and quantity.measure == "level"
    return gap == 0 or (rate and bare and 0 < gap <= _BESIDE)


def _part(
    quantity: Quantity, chosen: Case, before: Quantity | None, label: str | None
) -> str | None:
    if (
        before is not None
        and quantity.measure in _DEPENDENT
        and chosen.place in _FARTHER
        and before.indicator == chosen.indicator.id
    ):
        return before.facet
    if label is not None and chosen.place in _OF_THE_TABLE:
        return _of_row(label, chosen)
    alias = normal_form(chosen.alias)
    noun, subject = _plain(quantity.noun or ""), _plain(quantity.subject or "")
    farther = chosen.place in _FARTHER
    if alias and chosen.place not in ("inherited", "upper"):
        if alias in noun:
            # The noun has lost its level word; the subject still has it.
            level = _LEVEL.match(subject) if alias in subject else None
            narrowed = _narrowed(noun, alias, chosen.facet)
            if narrowed or alias in subject:
                return narrowed or (f"{level[1]}{chosen.facet or ''}" if level else None)
        elif alias in subject:
            return _narrowed(subject, alias, chosen.facet)
    if not farther:
        return chosen.facet
    own = [phrase for phrase in (subject, noun) if phrase and not (alias and alias in phrase)]
    return next(filter(None, (_own(phrase, alias) for phrase in own)), chosen.facet)


def _listed(name: str, chosen: Case) -> str | None:
    """Return the part that a name of a list says: without the end it shares with the others."""
    phrase, alias = _plain(name), normal_form(chosen.alias)
    if alias and alias in phrase:
        return _narrowed(phrase, alias, chosen.facet)
    while len(phrase) > _SHORTEST and phrase[-1] in alias:
        phrase = phrase[:-1]
    return _own(phrase, alias) or chosen.facet


def _plain(phrase: str) -> str:
    return normal_form(_LIST_NUMBER.sub("", phrase))


def _narrowed(phrase: str, alias: str, named: str | None) -> str | None:
    """Return what stands before the alias at the end of a phrase, with what the alias names."""
    head, _, tail = phrase.partition(alias)
    prefix = _LEADING.sub("", _VERB.sub("", head.removesuffix("的").removesuffix("共")))
    fits = not _TRAILING.sub("", tail) and _SHORTEST <= len(prefix) <= _MAX_FACET
    narrower = prefix if fits and not _NO_FACET.search(prefix) and not _is_area(prefix) else ""
    return f"{narrower}{named or ''}" or None


def _own(phrase: str, alias: str) -> str | None:
    """Return a number's own words where they can be a part: not those of the name itself."""
    part = _TRAILING.sub("", _LEADING.sub("", phrase)).removesuffix("人员")
    fits = _SHORTEST <= len(part) <= _MAX_FACET and not _NO_FACET.search(part) and part not in alias
    return part if fits and part not in GENERIC_NOUNS and not _is_area(part) else None


def _of_row(label: str, chosen: Case) -> str | None:
    """Return the label of a row as a part: neither a sum nor a place, nor the indicator's own name."""
    part = _BRACKETS.sub("", _LIST_NUMBER.sub("", label)).strip(" \u3000“”：:")
    alias = normal_form(chosen.alias)
    whole = _WHOLE.match(part) or _is_area(part) or (alias and alias in part)
    if whole or not _SHORTEST <= len(part) <= _MAX_LABEL:
        return chosen.facet
    return f"{part}{chosen.facet or ''}"


def _is_area(phrase: str) -> bool:
    return is_place(phrase) or _AREA.search(phrase) is not None
