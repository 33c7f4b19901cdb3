"""The short lines of a report, where titles, signatures and dates stand."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from jixiao.documents.blocks import Block

_MAX_LINE: Final = 80
_MAX_BLOCK: Final = 400
_BLANK: Final = " \u3000\t"
# Blanks that only spread a line out (「绩 效 评 价 报 告」, 「2021 年度」); more of them part fields.
_SPREAD: Final = re.compile(
    r"(?<=[\u3007\u4e00-\u9fff）)\d（(])[ \u3000]{1,3}(?=[\u3007\u4e00-\u9fff（(\d）)])"
)

_ZEROS: Final = "〇○零O◯0"
_NUMERALS: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | dict.fromkeys(_ZEROS, 0)
YEAR: Final = (
    rf"(?:(?:19|20)\d\d|[二一][{_ZEROS}九][{_ZEROS}一二三四五六七八九][{_ZEROS}一二三四五六七八九])"
)
_MONTH: Final = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_DATE: Final = re.compile(
    rf"(?P<year>{YEAR})(?:年(?P<month>{_MONTH})月(?:(?P<day>{_MONTH})[日号]?)?"
    r"|[.\-/](?P<month2>\d{1,2})[.\-/](?P<day2>\d{1,2})日?)$"
)
_MAX_DATE: Final = 14


@dataclass(frozen=True, slots=True)
class Line:
    """A short line without spreading blanks; ``follows`` where it comes right after the one before."""

    text: str
    follows: bool


def tidy(text: str) -> str:
    """Return a line without blanks at its edges and between its characters.

    >>> tidy("  绩 效 评 价 报 告（ 2021 年度）")
    '绩效评价报告（2021年度）'
    """
    text = text.strip(_BLANK)
    return _SPREAD.sub("", text) if " " in text or "\u3000" in text else text


def read_lines(
    text: str, blocks: Sequence[Block], title_rows: Collection[tuple[int, int]] = ()
) -> list[Line]:
    """Return the short lines outside tables (title rows count) in order."""
    lines: list[Line] = []
    follows = True
    for block in blocks:
        if block.cell is not None and (block.cell.table, block.cell.row) not in title_rows:
            follows = False
            continue
        if block.end - block.start > _MAX_BLOCK:
            follows = False
            continue
        for line in text[block.start : block.end].split("\n"):
            content = tidy(line)
            if 0 < len(content) <= _MAX_LINE:
                lines.append(Line(content, follows))
            follows = len(content) <= _MAX_LINE
    return lines


def split_date(line: str) -> tuple[str, str] | None:
    """Return what stands before the date at the end of a line, and the date; None without one.

    A date has its day where the text has it (``2022-06-24``), else the month (``2022-06``).

    >>> split_date("沅江市科学技术局2022年6月24日"), split_date("二〇二二年六月")
    (('沅江市科学技术局', '2022-06-24'), ('', '2022-06'))
    """
    if line[-1:] not in "日号月0123456789一二三四五六七八九十":
        return None
    found = _DATE.search(line, max(len(line) - _MAX_DATE, 0))
    if found is None:
        return None
    before = line[: found.start()]
    date = _iso(found["year"], found["month"] or found["month2"], found["day"] or found["day2"])
    return None if date is None or before[-1:].isdecimal() else (before, date)


def year_digits(numeral: str) -> str:
    """Return a year in digits (``二〇二二`` → ``2022``)."""
    return "".join(str(_NUMERALS.get(char, char)) for char in numeral)


def _iso(year: str, month: str, day: str | None) -> str | None:
    years = int(year_digits(year))
    months = _numeral(month)
    if not 1 <= months <= 12:
        return None
    if day is None:
        return f"{years:04}-{months:02}"
    days = _numeral(day)
    if not 1 <= days <= monthrange(years, months)[1]:
        return None
    return f"{years:04}-{months:02}-{days:02}"


def _numeral(numeral: str) -> int:
    """Return the value of a month or day (``二十八`` → 28)."""
    if numeral.isdecimal():
        return int(numeral)
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return _NUMERALS[numeral] if len(numeral) == 1 else 0
    return (_NUMERALS.get(tens, 0) if tens else 1) * 10 + (_NUMERALS.get(ones, 0) if ones else 0)
