"""Numbers as Chinese reports print them: one value, all its surfaces.

The inverse of :func:`jixiao.numbers.parse_number`, written apart from it, so that each can be
tested against the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from jixiao.errors import NumberError
from jixiao.exact import plain

WAN: Final = Decimal(10**4)
YI: Final = Decimal(10**8)
LARGEST: Final = Decimal(10**16)

_DIGITS: Final = "零一二三四五六七八九"
_STEPS: Final = ((1000, "千"), (100, "百"), (10, "十"), (1, ""))
_TO_CAPITALS: Final = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_TO_FULL_WIDTH: Final = str.maketrans("0123456789.", "０１２３４５６７８９．")
# A report rounds: nobody prints 0.00385亿元.
_MOST_PLACES: Final = 4


class Surface(NamedTuple):
    """A number as it is printed, and the way it is printed."""

    style: str
    text: str


def surfaces(value: Decimal) -> tuple[Surface, ...]:
    """Return every way to print a number, each text once.

    Parameters
    ----------
    value
        A finite number below 10¹⁶ in size. Styles that cannot print it exactly are left out.

    Raises
    ------
    NumberError
        If the number is not finite or too large.

    Examples
    --------
    >>> [surface.text for surface in surfaces(Decimal(35000000))]
    ['35000000', '35,000,000', '３５００００００', '3500万', '0.35亿', '三千五百万', '零点三五亿', '叁仟伍佰万']
    >>> [surface.text for surface in surfaces(Decimal("12.5"))]
    ['12.5', '１２．５', '一十二点五', '十二点五']
    """
    return tuple({surface.text: surface for surface in reversed(list(_all(value)))}.values())[::-1]


def _all(value: Decimal) -> Iterator[Surface]:
    yield Surface("arabic", arabic(value))
    yield Surface("grouped", grouped(value))
    yield Surface("full width", full_width(arabic(value)))
    for text in scaled(value):
        yield Surface("scaled", text)
    if (joined := mixed(value)) is not None:
        yield Surface("mixed", joined)
    # Beyond 万 nobody writes a spoken point: 五亿二千万点九 is right and never seen.
    if abs(value) < WAN or value == value.to_integral_value():
        yield Surface("words", words(value))
        yield Surface("spoken", spoken(value))
    for text in scaled_words(value):
        yield Surface("scaled words", text)
    if value == value.to_integral_value():
        yield Surface("capitals", capitals(value))


def arabic(value: Decimal) -> str:
    """Return a number in digits, without exponent and trailing zeros.

    >>> arabic(Decimal("467.40"))
    '467.4'
    """
    return str(plain(_checked(value)))


def grouped(value: Decimal) -> str:
    """Return a number in digits with thousands separators.

    >>> grouped(Decimal("12358.67"))
    '12,358.67'
    """
    return f"{plain(_checked(value)):,f}"


def full_width(text: str) -> str:
    """Return digits and points as full-width characters; everything else stays.

    >>> full_width("63.4亿")
    '６３．４亿'
    """
    return text.translate(_TO_FULL_WIDTH)


def scaled(value: Decimal, places: int = _MOST_PLACES) -> tuple[str, ...]:
    """Return a number in 万 and in 亿, where at most ``places`` decimals print it exactly.

    >>> scaled(Decimal(128650000)), scaled(Decimal(321))
    (('12865万', '1.2865亿'), ('0.0321万',))
    """
    found = []
    for scale, name in ((WAN, "万"), (YI, "亿")):
        part = plain(_checked(value) / scale)
        if part and _places(part) <= places:
            found.append(f"{part}{name}")
    return tuple(found)


def mixed(value: Decimal) -> str | None:
    """Return a whole number in digits with 亿 and 万 between them, None where it has one part only.

    >>> mixed(Decimal(350000000)), mixed(Decimal(10500)), mixed(Decimal(35000000))
    ('3亿5000万', '1万零500', None)
    """
    if value != value.to_integral_value() or value < WAN:
        return None
    high, low = divmod(int(_checked(value)), 10**8)
    middle, rest = divmod(low, 10**4)
    parts = [(high, "亿", 10**8), (middle, "万", 10**4), (rest, "", 1)]
    written = ""
    for number, name, scale in parts:
        if number:
            gap = "零" if written and number * scale < (1000 if name == "" else 10**7) else ""
            written += f"{gap}{number}{name}"
    return written if sum(1 for number, _, _ in parts if number) > 1 else None


def words(value: Decimal) -> str:
    """Return a number in Chinese words, every place with its digit.

    >>> [words(Decimal(n)) for n in ("0", "10", "20050", "100000500", "12.05", "-3")]
    ['零', '一十', '二万零五十', '一亿零五百', '一十二点零五', '负三']
    """
    magnitude = abs(_checked(value))
    whole = int(magnitude)
    text = _whole(whole)
    tail = f"{plain(magnitude):f}".partition(".")[2]
    if tail:
        text += "点" + "".join(_DIGITS[int(digit)] for digit in tail)
    return f"负{text}" if value < 0 else text


def spoken(value: Decimal) -> str:
    """Return a number in words as it is said: 十二 without 一, 两 before 千, 万 and 亿.

    >>> [spoken(Decimal(n)) for n in (12, 2000, 20050, 200000000)]
    ['十二', '两千', '两万零五十', '两亿']
    """
    text = words(value)
    sign, text = ("负", text[1:]) if text.startswith("负") else ("", text)
    if text.startswith("一十"):
        text = text[1:]
    if text[:2] in ("二千", "二万", "二亿"):
        text = f"两{text[1:]}"
    return sign + text


def scaled_words(value: Decimal, places: int = 2) -> tuple[str, ...]:
    """Return a number in words before 万 and 亿 with a spoken point, where that is exact.

    >>> scaled_words(Decimal(350000000))
    ('三点五亿',)
    """
    found = []
    for scale, name in ((WAN, "万"), (YI, "亿")):
        part = plain(_checked(value) / scale)
        if 0 < _places(part) <= places and abs(part) < WAN:
            found.append(spoken(part) + name)
    return tuple(found)


def capitals(value: Decimal) -> str:
    """Return a whole number in financial capitals.

    Raises
    ------
    NumberError
        If the number has a fraction.

    >>> capitals(Decimal(90050000))
    '玖仟零伍万'
    """
    if value != value.to_integral_value():
        raise NumberError(f"{value} has a fraction; expected a whole number for capitals")
    return words(value).translate(_TO_CAPITALS)


def capital_amount(value: Decimal) -> tuple[str, str]:
    """Return whole yuan in financial capitals with 元, and the 整 that closes them.

    The two stand apart because 整 stays outside the span of a quantity.

    >>> capital_amount(Decimal(3560))
    ('叁仟伍佰陆拾元', '整')
    """
    return f"{capitals(value)}元", "整"


def _whole(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    if number >= 10**8:
        high, low = divmod(number, 10**8)
        gap = "零" if 0 < low < 10**7 else ""
        return f"{_whole(high)}亿{gap}{_whole(low) if low else ''}"
    if number >= 10**4:
        high, low = divmod(number, 10**4)
        gap = "零" if 0 < low < 10**3 else ""
        return f"{_section(high)}万{gap}{_section(low)}"
    return _section(number)


def _section(number: int) -> str:
    """Write a number below 10,000; one 零 stands for any run of skipped places inside."""
    text = ""
    pending = False
    for step, name in _STEPS:
        digit = number // step % 10
        if not digit:
            pending = bool(text)
            continue
        text += ("零" if pending else "") + _DIGITS[digit] + name
        pending = False
    return text


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _checked(value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value) >= LARGEST:
        raise NumberError(f"{value} cannot be printed; expected a finite number below 10¹⁶")
    return value
