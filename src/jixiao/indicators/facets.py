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
_LEADING_VERB: Final = re.compile(r"^(?:新建|新增|新|推进|完成|实施|开展|建成|拟|末)")
_WHOLE: Final = re.compile(
    r"^(?:合计|总计|小计|总和|共计|年度资金总额|全[省市县区州]|[项总]?目?名?称?)$"
)
_AREA: Final = re.compile(r"(?:[县市区州旗镇乡]|街道|园区|新城)$")
_BRACKETS: Final = re.compile(r"[（(][^（）()]*[）)]")
_MAX_FACET: Final = 12
_MAX_LABEL: Final = 24
_NO_FACET: Final = re.compile(
    r"[，。；：、]|[0-9](?![A-Za-z])|年度|年[底末初]|增加|增长|增至|减少|下降|同比|^[全本各我]|^上[年半]|新增|^共|达到|总数|总量|累计|合计|"
    r"人员$|[中内里]$|部门|单位|预算|决算|平均|[增降]幅|比重|占比|批复|任务|计划|目标|实际"
)


def facet_of(
    quantity: Quantity, chosen: Case, before: Quantity | None, label: str | None = None
) -> str | None:
    """Return the part of the indicator a number covers, or None for the whole.

    An alias may itself name a part (行政编制); the words before the alias narrow it (国有工业投资). Where
    the indicator was taken from farther off, the number's own words do (余下92家), in a table the label
    of the row. Places are no part: they are the region. What grew or was shared is the part of the
    number before.

    Parameters
    ----------
    before
        The number before, aligned.
    label
        The label of the number's row, where it fills a cell.
    """
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
    phrase = _plain(quantity.noun or quantity.subject or "")
    if alias and alias in phrase and chosen.place not in ("inherited", "upper"):
        return _narrowed(phrase, alias, chosen.facet)
    if chosen.place not in _FARTHER:
        return chosen.facet
    if phrase and phrase in alias:
        return chosen.facet
    return _own(quantity.subject) or _own(quantity.noun) or chosen.facet


def _plain(phrase: str) -> str:
    return normal_form(_LIST_NUMBER.sub("", phrase))


def _narrowed(phrase: str, alias: str, named: str | None) -> str | None:
    """Return what stands before the alias at the end of a phrase, with what the alias names."""
    prefix = _LEADING_VERB.sub("", phrase[: phrase.index(alias)].removesuffix("的"))
    fits = phrase.endswith(alias) and 2 <= len(prefix) <= _MAX_FACET
    narrower = prefix if fits and not _NO_FACET.search(prefix) and not _is_area(prefix) else ""
    return f"{narrower}{named or ''}" or None


def _own(phrase: str | None) -> str | None:
    """Return a number's own words where they can be a part."""
    part = _LEADING_VERB.sub("", _plain(phrase or "")).removesuffix("人员")
    fits = 2 <= len(part) <= _MAX_FACET and not _NO_FACET.search(part)
    return part if fits and part not in GENERIC_NOUNS and not _is_area(part) else None


def _of_row(label: str, chosen: Case) -> str | None:
    """Return the label of a row as a part: neither a sum nor a place, nor the indicator's own name."""
    part = _BRACKETS.sub("", _LIST_NUMBER.sub("", label)).strip(" \u3000“”：:")
    alias = normal_form(chosen.alias)
    whole = _WHOLE.match(part) or _is_area(part) or (alias and alias in part)
    return chosen.facet if whole or not 2 <= len(part) <= _MAX_LABEL else part


def _is_area(phrase: str) -> bool:
    return is_place(phrase) or _AREA.search(phrase) is not None
