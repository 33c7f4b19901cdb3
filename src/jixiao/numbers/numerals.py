"""Numerals to exact decimals: Arabic, Chinese, financial capitals, and mixtures.

The grammar is that of GB/T 15835—2011 (出版物上数字用法) and of everyday writing: digits, the
multipliers 十百千 inside a section, and 万 and 亿 over sections.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from jixiao.errors import NumberError
from jixiao.exact import CONTEXT, plain

DIGITS: Final = {
    **{c: i for i, c in enumerate("零一二三四五六七八九")},
    **{c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖") if c != "〇"},
    "〇": 0,
    "○": 0,
    "两": 2,
    "俩": 2,
    "貳": 2,
    "参": 3,
    "叄": 3,
    "陸": 6,
    "兩": 2,
    "幺": 1,
}
SMALL: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
TENS: Final = {"廿": 20, "卅": 30}
BIG: Final = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}

_TOKEN: Final = re.compile(
    r"(?P<number>[0-9]{1,3}(?:[,，][0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<digit>[零〇○一二两三四五六七八九壹贰貳叁叄参肆伍陆陸柒捌玖兩俩幺])"
    r"|(?P<tens>[廿卅])|(?P<small>[十拾百佰千仟])|(?P<big>[万萬亿億])|(?P<point>点)"
)
# More digits than any amount has: what is longer is a code, or noise.
_MOST_DIGITS: Final = 40
_FOLD: Final = {0xFF10 + i: 0x30 + i for i in range(10)} | {0xFF0E: 0x2E}
_PLAIN: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@lru_cache(maxsize=16384)
def parse_number(text: str) -> Decimal:
    """Return the exact value of a numeral.

    Understands Arabic digits with or without thousands separators, Chinese numerals, financial
    capitals and mixtures; blanks at the ends are ignored, a leading ``-`` or ``负`` negates.

    Raises
    ------
    NumberError
        If the text is no numeral, or a malformed one (``10..1万``, ``百三``, ``1,23万``).

    Examples
    --------
    >>> [str(parse_number(t)) for t in ("三千五百万", "3亿5000万", "壹佰", "十二点五", "12,358.67")]
    ['35000000', '350000000', '100', '12.5', '12358.67']
    """
    content = text.strip().translate(_FOLD)
    if len(content) > _MOST_DIGITS:
        raise _State(text).error(f"it has more than {_MOST_DIGITS} characters")
    negative = content[:1] in ("-", "负", "−")
    if negative:
        content = content[1:].lstrip()
    value = plain(Decimal(content)) if _PLAIN.fullmatch(content) else _parse_mixed(content, text)
    return -value if negative and value else value


def _parse_mixed(content: str, given: str) -> Decimal:
    """Read a numeral section by section: ``total`` of 亿, ``part`` of 万, ``section`` below."""
    state = _State(given)
    position = 0
    while position < len(content):
        found = _TOKEN.match(content, position)
        if found is None:
            raise state.error(f"unexpected {content[position]!r}")
        position = found.end()
        kind = found.lastgroup
        if kind == "point":
            position = state.take_decimals(content, position)
        else:
            state.take(kind or "", found.group())
    return plain(state.finish())


class _State:
    """What has been read of a numeral so far."""

    def __init__(self, given: str) -> None:
        self.given = given
        self.total = Decimal(0)
        self.part = Decimal(0)
        self.section = Decimal(0)
        self.current: Decimal | None = None
        self.current_is_word = False
        self.after_zero = False
        self.last_small = 10**5
        self.last_scale = 0
        self.empty = True

    def error(self, why: str) -> NumberError:
        return NumberError(
            f"not a numeral: {self.given!r} ({why}); expected Arabic digits, a Chinese numeral or "
            "a mixture, as 12,358.67, 三千五百万, 3亿5000万"
        )

    def take(self, kind: str, token: str) -> None:
        if kind == "number":
            self._put(Decimal(token.replace(",", "").replace("，", "")), word=False)
        elif kind == "digit":
            self._digit(DIGITS[token])
        elif kind == "tens":
            self._put(None, word=True)
            self._small(10, Decimal(TENS[token]))
        elif kind == "small":
            self._small(SMALL[token], None)
        else:
            self._big(BIG[token])
        self.empty = False

    def _put(self, value: Decimal | None, *, word: bool) -> None:
        if self.current is not None:
            raise self.error("two numbers stand side by side")
        self.current = value
        self.current_is_word = word

    def _digit(self, digit: int) -> None:
        if digit == 0 and self.current is None and not self.empty:
            self.after_zero = True
            return
        if self.current is not None and self.current_is_word and self.last_small == 10**5:
            # Positional writing: 二〇二一.
            self.current = self.current * 10 + digit
            return
        self._put(Decimal(digit), word=True)

    def _small(self, scale: int, value: Decimal | None) -> None:
        if scale >= self.last_small:
            raise self.error("its multipliers do not descend")
        if value is None:
            if self.current is None and scale != 10:
                raise self.error("a multiplier has no digit before it")
            value = (Decimal(1) if self.current is None else self.current) * scale
        self.section += value
        self.current = None
        self.last_small = self.last_scale = scale
        self.after_zero = False

    def _big(self, scale: int) -> None:
        value = self.section + (self.current or 0)
        bare = self.current is None and not self.section
        if bare and (scale == BIG["万"] or not self.part):
            raise self.error("万 or 亿 has no number before it")
        if scale == BIG["万"]:
            if self.part:
                raise self.error("万 stands twice without 亿 between")
            self.part += value * scale
        else:
            self.total += (self.part + value) * scale
            self.part = Decimal(0)
        self.section, self.current = Decimal(0), None
        self.last_small, self.last_scale = 10**5, scale
        self.after_zero = False

    def take_decimals(self, content: str, position: int) -> int:
        """Read the digits after 点 into ``current``; return where they end."""
        end = position
        while end < len(content) and content[end] in DIGITS:
            end += 1
        if end == position or (self.current is None and not self.section):
            raise self.error("点 needs digits on both sides")
        digits = "".join(str(DIGITS[char]) for char in content[position:end])
        self.current = (self.current or Decimal(0)) + Decimal(f"0.{digits}")
        self.last_scale = 0
        self.empty = False
        return end

    def finish(self) -> Decimal:
        if self.empty:
            raise self.error("it is empty")
        current = self.current or Decimal(0)
        colloquial = (
            self.current is not None
            and self.current_is_word
            and not self.after_zero
            and self.last_scale >= 100
            and current == current.to_integral_value()
            and 0 < current < 10
        )
        if colloquial:
            # 三百五 is 350, 一万五 is 15000: the last digit counts the next lower place.
            current *= self.last_scale // 10
        return CONTEXT.add(self.total + self.part + self.section, current)
