"""What the text of a table cell is: a value, a label, a code, or a statement of both.

Everything here looks at texts alone; where the cells stand is the matter of ``layout``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from jixiao.documents.blocks import Cell

# A cell that states a value: a number, perhaps signed, bounded, bracketed, a range, with its unit.
_NUMBER: Final = r"[-+±]?\d++(?:[,.，]\d+)*"
_BOUND: Final = (
    r"(?:[≥≤><=≈约近]|不[低少小]于|不[超大高多]过?于?|大于|小于|高于|低于|至少|达到?|超过?)"
)
_UNIT: Final = (
    r"[万亿千百十]*+[\u4e00-\u9fffA-Za-z°℃²³㎡]{0,4}(?:[/·][\u4e00-\u9fffA-Za-z²³㎡]{1,4}){0,2}"
)
_VALUE: Final = re.compile(
    rf"[（(]?{_BOUND}{{0,2}}\s*{_NUMBER}\s*[%‰]?(?:（含）)?(?:\s*(?:[-~至]|:)\s*{_NUMBER})?\s*"
    rf"(?:[%‰]|{_UNIT})?(?:以上|以下|以内|左右)?[）)]?(?:（含）)?"
)
_VALUE_FIRST: Final = frozenset("0123456789+-±（(≥≤><=≈约近不大小高低至达超")
# Dates and telephone numbers.
_CODE: Final = re.compile(
    r"\d{3,4}-\d{7,8}|1\d{10}|(?:19|20)\d\d(?:-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2}"
    r"|年\d{1,2}月\d{1,2}日)"
)
# Years, months and ordinals: labels that begin with a digit.
_LABEL: Final = re.compile(
    r"(?:19|20)\d\d(?:年.*|度|[年度]*[预决]算.*)?|(?:19|20)\d\d-(?:19|20)\d\d年?度?|\d{1,2}(?:[-—]\d{1,2})?月[份底末前初]?.*"
    r"|\d{1,2}(?:号.?|标段?|季度)"
)
_BARE_YEAR: Final = re.compile(r"(?:19|20)\d\d")
PLACEHOLDERS: Final = frozenset({"", "-", "—", "--", "——", "/", "\\", "无", "*", "×", "√", "…"})
BRACKETED: Final = re.compile(r"[（(][^（）()]*[）)]")
# Label and value in one cell (「其中：财政拨款 500万元」): no label of the cells beside it.
STATED: Final = re.compile(r"[^：:]{1,20}[：:][^：:]*\d[^：:]*$")
_NUMBERING: Final = re.compile(r"栏次|行次|[甲乙丙丁戊]|\d{1,2}")
# What forms ask for: in 「主管部门｜某局｜实施单位｜某站」 every other cell is one of these.
_ASKED: Final = re.compile(
    r"(?:部门|单位|机构|名称|姓名|负责人|联系人|填报人|经办人|电话|手机|邮编|地址|属性|类型|类别|性质|"
    r"日期|时间|期限|编码|代码|编号|年度|领域|来源|方式|职务|职称|签字|盖章|名\s*称)[）)]?[：:]?$"
)
_LABEL_LENGTH: Final = 30
_MAX_VALUE: Final = 28


@lru_cache(maxsize=16384)
def states_value(text: str) -> bool:
    """Tell whether a cell's text is a value rather than a label, a code or a date.

    >>> [states_value(t) for t in ("1074.06", "-10.53", "(8.6)", "≥95%", "10-15%", "5家以上")]
    [True, True, True, True, True, True]
    >>> [states_value(t) for t in ("0730-8152766", "合计", "2021年", "1-9月", "1、局机关")]
    [False, False, False, False, False]
    """
    if not text or text[0] not in _VALUE_FIRST or len(text) > _MAX_VALUE:
        return False
    if not _VALUE.fullmatch(text):
        return False
    return not (_CODE.fullmatch(text) or (_LABEL.fullmatch(text) and not text.isdigit()))


def texts_of(row: Sequence[Cell]) -> list[str]:
    """Return the texts of a row's cells."""
    return [cell.text for cell in row]


def are_labels(texts: Sequence[str]) -> bool:
    """Tell whether texts are short labels all: no value, code, statement or sentence.

    Years without 年 are labels where there are several, all different (「指标｜2020｜2021」).
    """
    years = [text for text in texts if _BARE_YEAR.fullmatch(text)]
    named = frozenset(years) if 1 < len(years) == len(set(years)) else frozenset()
    for text in texts:
        if states_value(text) and text not in named:
            return False
        if _CODE.fullmatch(text) or STATED.match(text) or "。" in text or "；" in text:
            return False
        if len(text) > _LABEL_LENGTH and len(BRACKETED.sub("", text)) > _LABEL_LENGTH:
            return False
    return True


def asks(texts: Sequence[str]) -> bool:
    """Tell a row of a form by what it asks for (「主管部门｜某局｜实施单位｜某站」)."""
    if len(texts) % 2:
        return False
    asked = [bool(_ASKED.search(text)) for text in texts]
    return all(asked[::2]) and not any(asked[1::2])


def are_pairs(texts: Sequence[str]) -> bool:
    """Tell pairs of a label and a value or code (「联系人｜某某｜电话｜0730-8152766」)."""
    values = [states_value(text) or bool(_CODE.fullmatch(text)) for text in texts]
    return len(texts) % 2 == 0 and all(values[1::2]) and not any(values[::2])


def repeats(texts: Sequence[str], times: int) -> bool:
    """Tell whether labels come again so many times (「项目｜金额｜项目｜金额」: twice)."""
    period, rest = divmod(len(texts), times)
    if rest or times < 2 or period < 2:
        return False
    names = [BRACKETED.sub("", text) for text in texts]
    same = sum(len(set(names[place::period])) == 1 for place in range(period))
    return same >= max(period - 1, 1)


def is_numbering(row: Sequence[Cell]) -> bool:
    """Tell a row that numbers the columns (「栏次｜1｜2」, 「甲｜乙｜1｜2」)."""
    if not row[0].text or not _NUMBERING.fullmatch(row[0].text):
        return False
    texts = [text for text in texts_of(row) if text]
    numbers = [int(text) for text in texts if text.isdecimal()]
    return (
        len(texts) > 1
        and all(_NUMBERING.fullmatch(text) for text in texts)
        and numbers == list(range(1, len(numbers) + 1))
        and bool(numbers)
    )
