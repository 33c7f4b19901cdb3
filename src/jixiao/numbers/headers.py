"""What a table's headers say of the numbers under them: unit, label, and the role of the column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Final, Literal, NamedTuple, TypeAlias, cast, get_args

from jixiao.errors import ResourceError
from jixiao.numbers.lexicon import MULTIPLIER, Unit, rate_pattern, rate_unit, unit_pattern
from jixiao.records import QuantityLabel
from jixiao.resources import read_table, table_cache

Role: TypeAlias = Literal[
    "full_score",
    "score",
    "rubric",
    "target",
    "result",
    "level_1",
    "level_2",
    "level_3",
    "ignored",
    "remark",
]


class HeaderWord(NamedTuple):
    """A row of ``headers.csv``: a word in a header, the column's role, and the unit it implies."""

    surface: str
    match: str
    role: Role | None
    unit: Unit | None


@table_cache()
def _words() -> tuple[HeaderWord, ...]:
    words = []
    for row in read_table("headers.csv"):
        role, label = row["role"] or None, row["label"]
        if (role and role not in get_args(Role)) or (
            label and label not in get_args(QuantityLabel)
        ):
            raise ResourceError(f"headers.csv: unknown role or label in {row!r}")
        unit = Unit(cast("QuantityLabel", label), row["unit"], Decimal(1)) if label else None
        words.append(HeaderWord(row["surface"], row["match"], cast("Role | None", role), unit))
    return tuple(words)


def _matches(word: HeaderWord, header: str) -> bool:
    if word.match == "exact":
        return header == word.surface
    if word.match == "suffix":
        return header.endswith(word.surface)
    if word.match == "prefix":
        return header.startswith(word.surface)
    return word.surface in header


_BRACKET: Final = re.compile(r"[（(][^（）()]*[）)]")
_NOISE: Final = re.compile(r"[\s“”\"：:*]")


@table_cache(4096)
def bare(header: str) -> str:
    """Return a header without brackets, blanks, quotes and colons (``金额（万元）`` → 金额)."""
    return _NOISE.sub("", _BRACKET.sub("", header))


@table_cache(4096)
def role_of(header: str) -> Role | None:
    """Return the role a header gives its column, or None.

    >>> role_of("年度指标值"), role_of("自评得分"), role_of("乡镇")
    ('target', 'score', None)
    """
    name = bare(header)
    found = [word for word in _words() if word.role and _matches(word, name)]
    return max(found, key=lambda word: len(word.surface)).role if found else None


@table_cache()
def _stated() -> re.Pattern[str]:
    return re.compile(
        rf"(?:[（(]|单位[：: ]?[（(]?|[，,、；;：:/]|^(?={MULTIPLIER}{{0,2}}元))"
        rf"\s*(?P<multiplier>{MULTIPLIER}{{0,2}})"
        rf"(?P<unit>{unit_pattern()}{rate_pattern()})\s*(?=[）)，,、；;/]|$)"
    )


class ColumnUnit(NamedTuple):
    """The unit of a column: what a number in it is multiplied by, and what it is per."""

    unit: Unit
    scale: Decimal
    per: str = ""


@table_cache(4096)
def stated_unit(header: str) -> ColumnUnit | None:
    """Return the unit a header or caption states (``金额（万元）``, ``单位：亿元``), or None.

    >>> found = stated_unit("金额（万元）")
    >>> (found.unit.unit, int(found.scale)) if found else None
    ('CNY', 10000)
    """
    found = _stated().search(header)
    if found is None:
        return None
    scale = Decimal(1)
    for char in found.group("multiplier"):
        scale *= _POWERS[char]
    unit, per = rate_unit(found.group("unit"))
    return ColumnUnit(unit, scale, per)


_POWERS: Final = {
    "十": Decimal(10),
    "百": Decimal(100),
    "千": Decimal(1000),
    "万": Decimal(10**4),
    "亿": Decimal(10**8),
}


_UNIT_HEADS: Final = frozenset({"单位", "计量单位"})


def listed_unit(head: str, label: str) -> ColumnUnit | None:
    """Return the unit of a row from a column that lists units, or None where it lists bodies.

    >>> found = listed_unit("计量单位", "万元")
    >>> (found.unit.unit, int(found.scale)) if found else None
    ('CNY', 10000)
    """
    return stated_unit(f"（{label}）") if bare(head) in _UNIT_HEADS else None


@table_cache(4096)
def implied_unit(header: str) -> ColumnUnit | None:
    """Return the unit a header implies by what it names (``项目数`` → 个, ``执行率`` → %), or None."""
    name = bare(header)
    found = [word for word in _words() if word.unit and _matches(word, name)]
    if not found:
        return None
    unit = max(found, key=lambda word: len(word.surface)).unit
    return ColumnUnit(unit, Decimal(1)) if unit else None


def column_unit(
    columns: Sequence[str],
    rows: Sequence[str],
    row_headers: Sequence[str],
    captions: Sequence[str],
    beside: Callable[[], ColumnUnit | None],
) -> ColumnUnit | None:
    """Return the unit of a bare number from the words around its cell, or None.

    What is written decides before what is implied, and the nearest before the farther: the column's
    headers from the lowest up (points and rates, ``得分`` and ``增长率``, need no more than their
    name), the row's own unit (``计量单位｜万吨``), its labels from the nearest out; then what the
    column implies; then, in a table of indicators, the value beside it (``≥500人次｜520``), else what
    the labels imply, and the captions. A caption (``单位：万元``) says nothing of a table of
    indicators, where every row has a unit of its own.
    """
    return next(filter(None, _units(columns, rows, row_headers, captions, beside)), None)


def _units(
    columns: Sequence[str],
    rows: Sequence[str],
    row_headers: Sequence[str],
    captions: Sequence[str],
    beside: Callable[[], ColumnUnit | None],
) -> Iterator[ColumnUnit | None]:
    """Yield what each word around a cell says of its unit, in the order of :func:`column_unit`."""
    of_indicators = any(role_of(head) in _LEVELS for head in row_headers)
    implied = [found for header in reversed(columns) if (found := implied_unit(header))]
    yield from map(stated_unit, reversed(columns))
    yield from (found for found in implied if found.unit.label in _OF_THE_COLUMN)
    yield from map(listed_unit, row_headers, rows)
    yield from map(stated_unit, reversed(rows))
    yield from implied
    if of_indicators:
        yield beside()
    if of_indicators or not columns:
        yield from map(implied_unit, reversed(rows))
    if not of_indicators:
        yield from map(stated_unit, reversed(captions))
        yield beside()


_LEVELS: Final = frozenset({"level_1", "level_2", "level_3"})
# Points and rates are of the column whatever the row counts (分值, 增长率).
_OF_THE_COLUMN: Final = frozenset({"SCORE", "PERCENT"})
