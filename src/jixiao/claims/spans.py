"""Where a claim begins and ends inside its clause."""

from __future__ import annotations

import re
from typing import Final

_YEAR: Final = r"(?:20\d\d|[一二三四五六七八九]五|“[一二三四五六七八九]?十[一二三四五六]五”)"
_LEAD: Final = re.compile(
    r"(?:[ \u3000\n、]{0,8}(?:"
    # Numbers of lists.
    r"[（(][一二三四五六七八九十\d]{1,3}[）)][、.．]?|[一二三四五六七八九十]{1,2}[、.．]|"
    r"\d{1,2}[、.．](?!\d)|\d\.(?=20\d\d年)|[①-⑳⑴-⒇⒈-⒛㈠-㈩][、.．]?|[一二三四五六七八九十]{1,2}是(?!否)|"
    # Times.
    r"(?:截[至止到])?(?:20\d\d年|今年|去年|本年|当年|全年|上年)?(?:\d{1,2}月)?(?:\d{1,2}日)?"
    r"(?:年?[底末初]|上半年|下半年|[一二三四]季度|前[一二三四三]季度|度(?!过|假))?"
    r"(?:以来|期间|来|止|前|内(?!部|设)|起|为止)?(?<=[年月日底末初度来间止前内起])(?!度|均|产|产值|级|会|论坛|报)|"
    rf"{_YEAR}(?:规划)?(?:期间|时期|以来|末)|"
    r"\d{1,2}[-—－–~～至]\d{1,2}月份?|(?:20\d\d年)?\d{1,2}月(?:份|底|末|[上中下]旬)?(?:[前起以来]{1,2})?|"
    r"目前|至今|迄今|近年来|[春夏秋冬]季(?:学期)?|年内|年[终底末]|期末|于\d{1,2}月(?:底|\d{1,2}日)?前?|"
    # Connectives.
    r"其中|同时|此外|另外?(?![行类一外])|并且?(?![网购轨入发行排列案肩])|而且?|且|以及|及(?=[^时格])|因此|从而|"
    r"其次|首先|再次|最后|通过培育"
    r")[，,：:]?){1,6}[ \u3000\n]*"
)
# What a lead or a blank can begin with: most clauses begin with neither.
_FIRST: Final = frozenset(
    " \u3000\n\t、0123456789（([①②③④⑤⑥⑦⑧⑨⑩⑴⑵⑶⑷⑸⒈⒉⒊⒋⒌㈠㈡㈢㈣㈤一二三四五六七八九十“"
    "是今去本当全上下前目至迄近春夏秋冬年期于其同此另并而且以及因从次首再最通截"
)
_LAST: Final = frozenset("后时上 \u3000\n")
_TAIL: Final = re.compile(r"(?:之后|以后|的同时|的基础上|[ \u3000\n])+$")


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a clause without its leading time phrase or connective and its trailing particles.

    >>> text = "截至2021年底，全年共新建校舍3所"
    >>> text[slice(*trim(text, 9, len(text)))]
    '共新建校舍3所'
    """
    begin = start
    if text[start] in _FIRST:
        found = _LEAD.match(text, start, end)
        if found and found.end() < end - 1:
            begin = found.end()
        while begin < end and text[begin] in " \u3000\n\t":
            begin += 1
    if text[end - 1] in _LAST:
        tail = _TAIL.search(text, max(begin, end - 8), end)
        if tail and tail.start() > begin + 1:
            end = tail.start()
    return begin, end
