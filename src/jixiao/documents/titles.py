"""The title of a report, over one or several lines, wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from jixiao.documents.bodies import body_alone, body_in
from jixiao.documents.lines import YEAR, Line, split_date, tidy
from jixiao.documents.outline import list_number

_BRACKET: Final = r"(?:[（(](?P<bracket>[^（）()]{1,14})[）)])?"
# How titles end, the better kinds first: a report, a set of figures with its year, a form.
_ENDS: Final = tuple(
    re.compile(rf"(?:{words}){_BRACKET}$")
    for words in ("报告书?|总结|说明|汇报|公开", "情况|结果", "[表书]")
)
_TITLE_WORD: Final = re.compile(r"绩效|自评|评价|决算|预算|总结|考评|考核|评估|监控")
_PREFIX: Final = re.compile(
    r"附[件表录][\d一二三四五六七八九十]{0,2}[-—\d]{0,3}[：:、.]?[ \u3000]*"
)
_NO_TITLE: Final = re.compile(
    r"根据|按照|为了|现将|特此|详见|请|附[件表]|以下|上述|关于(?:印发|开展|做好)|.*的通知"
)
_MARKS: Final = re.compile(r"[。；，：:《]|\d{4}〕|…|\.{3}")
# A line that is the first half of a title: a year, or something for the line below to end.
_YEAR_LEAD: Final = re.compile(rf"(?:{YEAR}(?:-{YEAR})?年?度?)+.{{0,30}}")
_GENERIC: Final = re.compile(
    r"(?:部门|整体|财政|支出|项目|专项|资金|预算|绩效|自评|自我|评价|综合|情况|工作|管理|政策|的)*"
    r"(?:报告书?|总结|说明|汇报|公开|情况|结果|[表书])"
)
# Ends like a title but is a heading inside one (绩效自评结果) or the same table going on (续).
_IN_PASSING: Final = re.compile(r"(?:情况|结果|说明|总结|公开)$|[（(]续表?\d?[）)]$")
_TITLE_ENDS: Final = frozenset("告书报表）) \u3000")
_MAX_TITLE: Final = 60
_MAX_LEAD: Final = 40
_MAX_LINES: Final = 4
_MAX_CANDIDATES: Final = 200


def find_title(lines: Sequence[Line]) -> str | None:
    """Return the title of a report, joined where it stands on several lines, or None.

    A report comes before a form, whichever stands first; of one kind the first counts that names a
    body or a year, else the first.
    """
    candidates = [number for number, line in enumerate(lines) if _ends_title(line.text)]
    for end in _ENDS:
        first = None
        for number in candidates[:_MAX_CANDIDATES]:
            text = _PREFIX.sub("", lines[number].text, count=1)
            title = _whole(lines, number, text) if end.search(text) else None
            if title and (re.search(YEAR, title) or body_in(title)):
                return title
            first = first or title
        if first:
            return first
    return None


def is_title(line: str) -> bool:
    """Tell whether a line ends the title of a report or form.

    >>> is_title("某县水利局2021年度部门整体支出绩效自评报告"), is_title("一、绩效自评情况")
    (True, False)
    """
    if line[-1:] not in _TITLE_ENDS:
        return False
    text = tidy(line)
    return _ends_title(text) and bool(_TITLE_WORD.search(text)) and not _IN_PASSING.search(text)


def _ends_title(text: str) -> bool:
    text = _PREFIX.sub("", text, count=1)
    return (
        len(text) <= _MAX_TITLE
        and any(end.search(text) for end in _ENDS)
        and not _MARKS.search(text)
        and not _NO_TITLE.match(text)
        and list_number(text, 0, len(text)) is None
    )


def _whole(lines: Sequence[Line], number: int, text: str) -> str | None:
    """Return the title that ends on a line, with the lines above and below that belong to it."""
    title, first = text, number
    while first and number - first < _MAX_LINES and lines[first].follows:
        before = lines[first - 1].text
        if not _leads(before, title):
            break
        title = _PREFIX.sub("", before, count=1) + title
        first -= 1
    if not _TITLE_WORD.search(title) or len(title) > 2 * _MAX_TITLE:
        return None
    below = lines[number + 1] if number + 1 < len(lines) else None
    if below and below.follows and re.fullmatch(rf"[（(]{YEAR}年?度?[）)]", below.text):
        title += below.text
    return title


def _leads(before: str, title: str) -> bool:
    """Tell whether a line is the first half of the title that goes on below it."""
    if len(before) > _MAX_LEAD or _MARKS.search(before) or _NO_TITLE.match(before):
        return False
    if list_number(before, 0, len(before)) is not None or _ends_title(before):
        return False
    if split_date(before) is not None or before[0] in "（(" or before[-1] in "制印编":
        return False
    if body_alone(before) or _YEAR_LEAD.fullmatch(before):
        return True
    return bool(_GENERIC.match(title)) and len(before) >= 4
