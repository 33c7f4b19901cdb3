"""The text Excel shows for a cell: its value under its number format (ECMA-376-1, 18.8.31)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

# What shows nothing or a mere blank: colours and locales, the width of a character, a filler.
_SILENT: Final = re.compile(r"\[[^\]]*\]|_.|\*.", re.DOTALL)
_LITERAL: Final = re.compile(r'"([^"]*)"|\\(.)', re.DOTALL)
_DIGITS: Final = re.compile(r"[#0?,]*\.?[#0?]*(?:,+(?=[^#0?]|$))?")
_CONDITION: Final = re.compile(r"\[[<>=]")
_DATE_PART: Final = re.compile(
    r"yyyy|yy|mmmm|mmm|mm|m|dd|d|hh|h|ss|s|AM/PM|上午/下午", re.IGNORECASE
)
_MOST_DIGITS: Final = 15
_MOST: Final = Decimal(10**15)
_PLAIN: Final = ("", "general", "@")


def shown(value: object, number_format: str) -> str:
    """Return what Excel shows for a value; an empty cell shows nothing.

    Values are those of openpyxl. A format this module does not know shows the value in general.

    >>> shown(0.856, "0.00%"), shown(1234.5, "#,##0.00"), shown(-8.6, "0.0_);(0.0)")
    ('85.60%', '1,234.50', '(8.6)')
    >>> shown(0.1 + 0.2, "General"), shown(385.08, '0.00"万元"'), shown(None, "0")
    ('0.3', '385.08万元', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(_exact(value), number_format)
    if isinstance(value, datetime | date | time):
        return _moment(value, number_format)
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _exact(value: float) -> Decimal:
    """Return the number as Excel holds it: at most fifteen digits."""
    return (
        Decimal(format(value, f".{_MOST_DIGITS}g")) if isinstance(value, float) else Decimal(value)
    )


def _general(number: Decimal) -> str:
    text = format(number.normalize(), "f")
    return "0" if text == "-0" else text


def _number(number: Decimal, number_format: str) -> str:
    if not number.is_finite() or abs(number) >= _MOST:
        return str(number)
    if number_format.lower() in _PLAIN or _CONDITION.search(number_format):
        return _general(number)
    sections = _sections(number_format)
    if number < 0 and len(sections) > 1:
        return _under(abs(number), sections[1])
    if number == 0 and len(sections) > 2:
        return _under(number, sections[2])
    sign = "-" if number < 0 else ""
    text = _under(abs(number), sections[0])
    return text if not sign or not re.search("[1-9]", text) else sign + text


def _sections(number_format: str) -> list[str]:
    """Return the parts for positive, negative, zero and text, split at unquoted semicolons."""
    return re.findall(r'(?:"[^"]*"|\\.|[^;"\\])+|(?<=;)(?=;|$)', number_format) or [""]


def _under(number: Decimal, section: str) -> str:
    """Return a number that is not negative under one section of a format."""
    section = _SILENT.sub("", section)
    literals: list[str] = []

    def keep(found: re.Match[str]) -> str:
        literals.append(found[1] if found[1] is not None else found[2])
        return chr(0xE000 + len(literals) - 1)

    section = _LITERAL.sub(keep, section)
    if re.search(r"general", section, re.IGNORECASE):
        text = re.sub("general", lambda _: _general(number), section, count=1, flags=re.IGNORECASE)
    elif re.search(r"[eE][+-]|/\s*[#?0-9]", section):
        return _general(number)
    else:
        text = _digits(number, section)
    for place, literal in enumerate(literals):
        text = text.replace(chr(0xE000 + place), literal)
    return text.strip()


def _digits(number: Decimal, section: str) -> str:
    """Fill in the digits of a number: separators, fraction, percent."""
    found = next((found for found in _DIGITS.finditer(section) if found.group()), None)
    if found is None:
        return section
    pattern = found.group()
    number *= Decimal(100) ** section.count("%")
    whole, _, fraction = pattern.partition(".")
    scaled = pattern.rstrip(",")
    number /= Decimal(1000) ** (len(pattern) - len(scaled))
    whole, fraction = whole.rstrip(","), fraction.rstrip(",")
    places = len(fraction)
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    digits, _, decimals = format(rounded, "f").partition(".")
    least = fraction.count("0")
    while len(decimals) > least and decimals.endswith("0"):
        decimals = decimals[:-1]
    digits = digits.lstrip("0").rjust(whole.count("0"), "0")
    if "," in whole:
        digits = _grouped(digits)
    shown_number = f"{digits}.{decimals}" if decimals else digits
    return section[: found.start()] + (shown_number or "") + section[found.end() :]


def _grouped(digits: str) -> str:
    head = len(digits) % 3
    groups = [digits[:head]] if head else []
    return ",".join(groups + [digits[i : i + 3] for i in range(head, len(digits), 3)])


def _moment(value: datetime | date | time, number_format: str) -> str:
    """Return a date or time under its format, by ISO 8601 where the format is the system's own."""
    section = _SILENT.sub("", _sections(number_format)[0])
    if not re.search("[ymdhs]", section, re.IGNORECASE):
        return value.isoformat()
    moment = value if isinstance(value, datetime) else _as_datetime(value)
    hours = False

    def part(found: re.Match[str]) -> str:
        nonlocal hours
        name = found.group().lower()
        minutes = hours or re.match(r"[:：]?ss", section[found.end() :], re.IGNORECASE) is not None
        hours = name.startswith("h")
        return _part(moment, name, minutes=minutes)

    pieces = re.split(r'("[^"]*"|\\.)', section)
    return "".join(
        piece.strip('"').lstrip("\\") if place % 2 else _DATE_PART.sub(part, piece)
        for place, piece in enumerate(pieces)
    ).strip("; @")


def _as_datetime(value: date | time) -> datetime:
    if isinstance(value, time):
        return datetime.combine(date(1900, 1, 1), value)
    return datetime.combine(value, time())


def _part(moment: datetime, name: str, *, minutes: bool) -> str:
    if name in ("am/pm", "上午/下午"):
        return "上午" if moment.hour < 12 else "下午"
    number = {
        "y": moment.year,
        "m": moment.minute if minutes else moment.month,
        "d": moment.day,
        "h": moment.hour,
        "s": moment.second,
    }[name[0]]
    if name[0] == "y":
        return f"{number % 100:02}" if len(name) == 2 else f"{number:04}"
    return f"{number:02}" if len(name) == 2 else str(number)
