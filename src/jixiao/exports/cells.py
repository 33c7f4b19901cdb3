"""Cells of a worksheet as XML: text that stays text, numbers that stay exact.

xlsxwriter's own cell writer spends 8 µs a cell, and a workbook of a corpus has tens of millions.
The functions here give the same XML for the two kinds of cell needed, in an eighth of that. A
text is always an inline string, the one kind of cell that no spreadsheet program reads as a
formula, a link, a date or a number. (Its own writer also takes an inline string from ``<r>`` to
``</r>`` for ready-made XML and does not escape it; this one escapes every text.)
"""

from __future__ import annotations

import re
from decimal import Decimal
from math import isfinite
from typing import Final

CELL_LIMIT: Final = 32_767  # UTF-16 units: "Excel specifications and limits", characters in a cell

_ELLIPSIS: Final = "…"
# Characters XML 1.0 cannot hold (§2.2), and the carriage return, which its parsers change.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_SPECIAL: Final = re.compile("[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
# ECMA-376 part 1, 22.9.2.19: _xHHHH_ in a string stands for the character of that number.
_ESCAPE_LIKE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# A double has 15 to 17 significant digits; up to 17 characters are written as they are.
_SHORT_NUMBER: Final = 17


def column_letters(index: int) -> str:
    """Return the letters of a column, counted from 0.

    >>> column_letters(0), column_letters(25), column_letters(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    while index >= 0:
        index, letter = divmod(index, 26)
        letters = chr(ord("A") + letter) + letters
        index -= 1
    return letters


def escaped(text: str) -> str:
    r"""Return ``text`` as XML character data that a spreadsheet shows as it stands.

    Characters that XML cannot hold are left out, and a text longer than a cell is cut and ends
    in ``…``.

    >>> escaped("A&B \x0b<r>")
    'A&amp;B &lt;r&gt;'
    """
    if len(text) > CELL_LIMIT // 2:
        text = _cut(text)
    if "_x" in text:
        text = _ESCAPE_LIKE.sub("_x005F_", text)
    if _SPECIAL.search(text) is None:
        return text
    text = _ILLEGAL.sub("", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cut(text: str) -> str:
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * CELL_LIMIT:
        return text
    kept = units[: 2 * (CELL_LIMIT - 1)].decode("utf-16-le", "ignore")
    return kept + _ELLIPSIS


def text_content(text: str) -> str:
    """Return what follows the reference and style of a cell that holds ``text``.

    >>> text_content("=1+1")
    ' t="inlineStr"><is><t>=1+1</t></is></c>'
    """
    content = escaped(text)
    space = "" if content == content.strip() else ' xml:space="preserve"'
    return f' t="inlineStr"><is><t{space}>{content}</t></is></c>'


def in_larger_unit(value: Decimal, power: int) -> Decimal:
    """Return ``value`` in a unit ``10 ** power`` as large, with no digit lost.

    >>> in_larger_unit(Decimal(3850800), 4)
    Decimal('385.0800')
    """
    sign, digits, exponent = value.as_tuple()
    if not power or not isinstance(exponent, int):
        return value
    return Decimal((sign, digits, exponent - power))


def number_text(value: Decimal) -> str | None:
    """Return a number as a spreadsheet stores it, or None where a double cannot hold it.

    Up to 17 characters the digits are those of ``value``, without zeros at the end; beyond, the
    nearest double is written.

    >>> number_text(Decimal("385.0800")), number_text(Decimal(10) ** 400)
    ('385.08', None)
    """
    if not value.is_finite():
        return None
    digits = format(value, "f")
    if "." in digits:
        digits = digits.rstrip("0").removesuffix(".")
    if len(digits) <= _SHORT_NUMBER:
        return digits
    nearest = float(value)
    return repr(nearest) if isfinite(nearest) else None
