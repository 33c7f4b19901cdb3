"""The words of generated reports: what bureaus count, pay and measure, from the resource tables."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final, Literal, TypeAlias, cast

from jixiao.errors import ResourceError
from jixiao.resources import read_table

SubjectKind: TypeAlias = Literal["noun", "money", "rate", "physical"]
NameKind: TypeAlias = Literal[
    "bureau", "slogan", "technique", "programme", "incident", "vague", "town"
]

USES: Final = frozenset(
    {
        *("stock", "new", "net", "apply", "recommend", "deed"),  # counted things
        *("flow", "growth", "spend", "budget"),  # amounts
        *("level", "change", "gap"),  # rates
        "goal",
    }
)
"""What a sentence may say of a subject."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Something a report states a number of.

    Attributes
    ----------
    unit
        As printed behind the number: a classifier, ``万元``, ``%``, ``万亩``.
    low, high, places
        Which numbers are plausible before the unit, and how many decimals they have.
    deed, adds
        The verb for what was done (``培训``), and that for what is new (``新认定``); may be empty.
    uses
        What may be said of it, out of :data:`USES`.
    """

    kind: SubjectKind
    field: str
    name: str
    unit: str
    low: int
    high: int
    places: int
    deed: str
    adds: str
    uses: frozenset[str]


@cache
def subjects() -> tuple[Subject, ...]:
    """Return every subject of the table, in its order.

    Raises
    ------
    ResourceError
        If a row names an unknown use.

    >>> next(one for one in subjects() if one.name == "危桥").unit
    '座'
    """
    found = []
    for row in read_table("generation.csv"):
        uses = frozenset(row["uses"].split())
        if unknown := uses - USES:
            raise ResourceError(f"generation.csv: {row['name']} has unknown uses {sorted(unknown)}")
        found.append(
            Subject(
                kind=cast("SubjectKind", row["kind"]),
                field=row["field"],
                name=row["name"],
                unit=row["unit"],
                low=int(row["low"]),
                high=int(row["high"]),
                places=int(row["places"]),
                deed=row["deed"],
                adds=row["adds"],
                uses=uses,
            )
        )
    return tuple(found)


@cache
def fields() -> tuple[str, ...]:
    """Return the fields of administration the tables know.

    >>> fields()[:3]
    ('科技', '工信', '教育')
    """
    return tuple(dict.fromkeys(subject.field for subject in subjects()))


@cache
def names(kind: NameKind, field: str | None = None) -> tuple[str, ...]:
    """Return names of a kind: those of a field and those of all; of every field if None.

    >>> names("bureau", "水利")
    ('水利局', '水务局')
    """
    return tuple(
        row["name"]
        for row in read_table("generation_names.csv")
        if row["kind"] == kind and (field is None or row["field"] in ("", field))
    )


def split_unit(unit: str) -> tuple[Decimal, str]:
    """Return the scale a printed unit carries, and the unit without it.

    >>> split_unit("万亩"), split_unit("亿千瓦时"), split_unit("家")
    ((Decimal('10000'), '亩'), (Decimal('100000000'), '千瓦时'), (Decimal('1'), '家'))
    """
    for name, scale in (("万", 10**4), ("亿", 10**8)):
        if unit.startswith(name) and len(unit) > 1:
            return Decimal(scale), unit[1:]
    return Decimal(1), unit
