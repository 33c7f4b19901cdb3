"""A number with its unit as one printed mention: which surface, which bound, which fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Final

from jixiao.generation.material import split_unit
from jixiao.generation.numerals import (
    YI,
    arabic,
    capital_amount,
    full_width,
    grouped,
    mixed,
    scaled,
    spoken,
    words,
)
from jixiao.generation.pieces import Mention, Piece
from jixiao.records import Bound, QuantityLabel

# Words for what happened, and for what shall: nobody has trained 至少320名.
ROUGHLY: Final[tuple[tuple[str, Bound], ...]] = (
    ("约", "≈"),
    ("近", "≈"),
    ("接近", "≈"),
    ("超", ">"),
    ("超过", ">"),
    ("逾", ">"),
    ("突破", ">"),
)
AT_LEAST: Final[tuple[tuple[str, Bound], ...]] = (
    ("不低于", "≥"),
    ("不少于", "≥"),
    ("至少", "≥"),
)
BEHIND: Final[tuple[tuple[str, Bound], ...]] = (("左右", "≈"), ("以上", "≥"))
_SPACED, _FULL, _WORDS = 0.03, 0.03, 0.1


def print_number(draw: Random, value: Decimal, *, separators: bool = False, places: int = 0) -> str:
    """Return a number in digits: plain, grouped or full-width.

    ``places`` keeps trailing zeros up to so many decimals.

    >>> print_number(Random(1), Decimal("12358.5"), separators=True, places=2)
    '12,358.50'
    """
    chance = draw.random()
    if chance < _FULL:
        return full_width(arabic(value))
    if places:
        return f"{value:,.{places}f}" if separators else f"{value:.{places}f}"
    return grouped(value) if separators else arabic(value)


def count(draw: Random, value: Decimal, unit: str, *, separators: bool = False) -> Mention:
    """Return a count or a physical measure; large round numbers are scaled, small ones may be words.

    The label is COUNT; a caller that measures replaces it.

    >>> count(Random(1), Decimal(320), "家").text
    '320家'
    """
    scale, plain_unit = split_unit(unit)
    whole = value * scale
    chance = draw.random()
    short = scaled(whole, places=2)
    if scale != 1:
        text = print_number(draw, value, separators=separators) + unit
    elif value == value.to_integral_value() and 1 < value <= 30 and chance < _WORDS:
        text = ("两" if value == 2 else spoken(value)) + unit
    elif short and value >= 10_000 and chance < 0.8:
        text = short[0] + unit
    else:
        text = print_number(draw, value, separators=separators)
        text += (" " if chance > 1 - _SPACED else "") + unit
    return Mention(text=text, label="COUNT", value=whole, unit=plain_unit)


def measured(draw: Random, value: Decimal, unit: str, *, separators: bool = False) -> Mention:
    """Return a physical measure, as :func:`count` prints it.

    >>> measured(Random(1), Decimal("12.5"), "万亩").value
    Decimal('125000.0')
    """
    return replace(count(draw, value, unit, separators=separators), label="MEASURE")


def money(
    draw: Random, value: Decimal, unit: str, *, separators: bool = False, places: int = 0
) -> Mention:
    """Return an amount; ``unit`` is 元, 万元 or 亿元, and may be left for another that is exact.

    >>> money(Random(2), Decimal("385.08"), "万元").text
    '385.08万元'
    """
    scale, _ = split_unit(unit)
    yuan = value * scale
    text = _other_amount(draw, yuan)
    if text is None:
        spaced = " " if draw.random() < _SPACED else ""
        text = print_number(draw, value, separators=separators, places=places) + spaced + unit
    return Mention(text=text, label="MONEY", value=yuan, unit="CNY")


def _other_amount(draw: Random, yuan: Decimal) -> str | None:
    """Return a rarer way to print an amount, or None."""
    chance = draw.random()
    if chance < 0.06 and yuan >= YI and (joined := mixed(yuan)) is not None:
        return f"{joined}元" if joined.endswith(("万", "亿")) else None
    digits = len(arabic(yuan).rstrip("0"))
    if 0.06 <= chance < 0.1 and digits <= 3:
        return f"{spoken(yuan)}元"
    if 0.1 <= chance < 0.16 and yuan < 10**8 and yuan == yuan.to_integral_value():
        return f"{grouped(yuan)}元"
    return None


def capital(value: Decimal) -> list[Piece]:
    """Return an amount in financial capitals, and the 整 behind it that is no part of it.

    >>> [piece if isinstance(piece, str) else piece.text for piece in capital(Decimal(120000))]
    ['壹拾贰万元', '整']
    """
    text, closing = capital_amount(value)
    return [Mention(text=text, label="MONEY", value=value, unit="CNY"), closing]


def percent(draw: Random, value: Decimal, *, places: int = 0) -> Mention:
    """Return a percentage with a sign or, rarely, in words.

    >>> percent(Random(1), Decimal("29.8")).text
    '29.8%'
    """
    chance = draw.random()
    if chance < 0.03:
        text = f"百分之{words(value)}" if value >= 20 else f"百分之{spoken(value)}"
    elif chance < 0.08:
        text = f"{arabic(value)}％"
    else:
        text = f"{value:.{places}f}%" if places else f"{arabic(value)}%"
    return Mention(text=text, label="PERCENT", value=value, unit="%")


def points(draw: Random, value: Decimal) -> Mention:
    """Return percentage points.

    >>> points(Random(1), Decimal("3.4")).text
    '3.4个百分点'
    """
    text = spoken(value) if value == value.to_integral_value() and value < 10 else arabic(value)
    if text == "二":
        text = "两"
    if draw.random() < 0.5:
        text = arabic(value)
    return Mention(text=f"{text}个百分点", label="PERCENT", value=value, unit="pp")


def ranged(
    draw: Random, low: Decimal, high: Decimal, unit: str, label: QuantityLabel = "COUNT"
) -> Mention:
    """Return a range as one mention.

    >>> ranged(Random(1), Decimal(10), Decimal(20), "家").text
    '10—20家'
    """
    scale, plain_unit = split_unit(unit)
    join = draw.choice(["-", "—", "至", "～", "到"])
    both = unit in ("%", "万元") and draw.random() < 0.4
    text = f"{arabic(low)}{unit if both else ''}{join}{arabic(high)}{unit}"
    return Mention(
        text=text,
        label=label,
        value=low * scale,
        value_high=high * scale,
        unit="CNY" if plain_unit == "元" else plain_unit,
    )


def bounded_before(
    draw: Random, mention: Mention, words: Sequence[tuple[str, Bound]] = ROUGHLY
) -> list[Piece]:
    """Put a bounding word before a mention; it stays outside the span.

    >>> word, bounded = bounded_before(Random(1), count(Random(1), Decimal(300), "家"))
    >>> word, bounded.text, bounded.bound
    ('近', '300家', '≈')
    """
    word, bound = draw.choice(words)
    return [word, replace(mention, bound=bound)]


def bounded_behind(draw: Random, mention: Mention) -> list[Piece]:
    """Put a bounding word behind a mention; it stays outside the span.

    >>> bounded, word = bounded_behind(Random(1), count(Random(1), Decimal(300), "家"))
    >>> bounded.text, word, bounded.bound
    ('300家', '左右', '≈')
    """
    word, bound = draw.choice(BEHIND)
    return [replace(mention, bound=bound), word]


def more_than(draw: Random, value: int, unit: str, label: QuantityLabel = "COUNT") -> Mention:
    """Return a round number with 余 or 多 inside, before or behind its 万.

    >>> more_than(Random(1), 5000, "万元", "MONEY").text
    '5000余万元'
    """
    scale, plain_unit = split_unit(unit)
    word = draw.choice("余余多")
    whole = Decimal(value) * scale
    if scale == 1 and value >= 10_000 and value % 10_000 == 0:
        text = f"{value // 10_000}万{word}{unit}"
    elif unit == "亿元":
        text = f"{value}{word}亿元" if value % 10 == 0 else f"{value}亿{word}元"
    else:
        text = f"{value}{word}{unit}"
    return Mention(
        text=text,
        label=label,
        value=whole,
        unit="CNY" if plain_unit == "元" else plain_unit,
        bound=">",
    )
