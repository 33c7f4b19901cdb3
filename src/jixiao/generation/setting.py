"""Who reports, on which year, and how it writes: what all sentences of a report share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Final

from jixiao.generation.material import fields, names
from jixiao.resources.regions import Region, by_code, existed, full_name, regions, validity

_FIRST_YEAR: Final = 2016
_LAST_YEAR: Final = 2023


@dataclass(frozen=True, slots=True)
class Setting:
    """The frame of one report.

    Attributes
    ----------
    region
        Full name of the reporting region.
    own
        What the region calls itself: 全县, 全市, 全区, 全州.
    above
        What it calls those it lies in, the nearest first: 全市, 全省.
    inside
        Places inside the region, which its report compares: counties of a prefecture, or towns.
    separators, decimals, indent
        Whether thousands are separated and trailing zeros kept, and how a paragraph begins.
    """

    field: str
    region: str
    own: str
    above: tuple[str, ...]
    inside: tuple[str, ...]
    bureau: str
    year: int
    report_date: str
    separators: bool
    decimals: bool
    indent: str

    @property
    def issuer(self) -> str:
        """The full name of the bureau, with its region."""
        return f"{self.region}{self.bureau}"


def draw_setting(draw: Random) -> Setting:
    """Return a setting, drawn from the tables.

    >>> draw_setting(Random(1)) == draw_setting(Random(1))
    True
    """
    field = draw.choice(fields())
    year = draw.randint(_FIRST_YEAR, _LAST_YEAR)
    region = draw.choice(_reporting())
    day = f"{year + 1}-{draw.randint(1, 6):02}-{draw.randint(5, 28):02}"
    own, above = _scope_words(region)
    return Setting(
        field=field,
        region=full_name(region),
        own=own,
        above=above,
        inside=_inside(region),
        bureau=draw.choice(names("bureau", field)),
        year=year,
        report_date=day,
        separators=draw.random() < 0.3,
        decimals=draw.random() < 0.3,
        indent=draw.choice(["　　", "    ", "", "　　"]),
    )


@cache
def _reporting() -> tuple[Region, ...]:
    """Return counties and prefectures of provinces, as they stood in all years."""
    return tuple(
        region
        for region in regions()
        if region.level != "province"
        and _stood(region)
        and region.name[-1] in "县区市州"
        and (province := by_code(f"{region.code[:2]}0000")) is not None
        and province.name.endswith("省")
        and len(_inside(region)) > 2
    )


def _stood(region: Region) -> bool:
    ended = validity(region)[1]
    return existed(region, str(_FIRST_YEAR)) and (ended is None or int(ended[:4]) > _LAST_YEAR)


@cache
def _below() -> dict[str, tuple[Region, ...]]:
    found: dict[str, tuple[Region, ...]] = {}
    for region in regions():
        if region.level == "county" and region.parent is not None and _stood(region):
            found[region.parent] = (*found.get(region.parent, ()), region)
    return found


def _inside(region: Region) -> tuple[str, ...]:
    """Return the counties of a prefecture with a short name; of a county, invented towns."""
    if region.level == "county":
        return names("town")
    return tuple(one.name for one in _below().get(region.code, ()) if len(one.name) < 6)


def _scope_words(region: Region) -> tuple[str, tuple[str, ...]]:
    own = f"全{region.name[-1]}"
    if region.level == "prefecture":
        return own, ("全省",)
    parent = by_code(region.parent or "")
    above = f"全{parent.name[-1]}" if parent is not None else "全省"
    # In a county-level city 全市 is the county itself.
    return own, ("全省",) if above in (own, "全省") else (above, "全省")
