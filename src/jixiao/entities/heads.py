"""The words that close names, from the table ``name_heads.csv``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple, cast, get_args

from jixiao.errors import ResourceError
from jixiao.records import EntityLabel
from jixiao.resources import read_table, table_cache

_NEEDS: Final = frozenset({"place", "level", "proper", "quoted"})
SEATS: Final = frozenset("省市县区州旗镇乡")
# 省, 市 … before a body's name (市科技局), and the words of a level (省级, 全国).
GRADE: Final = re.compile(
    r"国家级?|(?:部|省部|省|自治区|市|州|盟|县|区|旗|镇|乡)级|全[国省市县区州旗]|国际|世界|中国|中央"
)


class Head(NamedTuple):
    """A word that closes names: their label and fine class, and what must stand before it.

    ``needs`` holds alternatives (``place``, ``level``, ``proper``, ``quoted``); empty: any modifier
    will do. ``no_names`` are words that end with the head and name nothing (布局).
    """

    surface: str
    label: EntityLabel
    kind: str
    needs: frozenset[str]
    not_before: str
    no_names: tuple[str, ...]


@table_cache()
def heads() -> Mapping[str, Head]:
    """Return the heads by surface.

    Raises
    ------
    ResourceError
        If a row has an unknown label or need, or a surface stands twice.
    """
    found: dict[str, Head] = {}
    for row in read_table("name_heads.csv"):
        needs = frozenset(filter(None, row["needs"].split("|")))
        if row["label"] not in get_args(EntityLabel) or needs - _NEEDS or row["head"] in found:
            raise ResourceError(f"name_heads.csv: bad or repeated row {row!r}")
        found[row["head"]] = Head(
            row["head"],
            cast("EntityLabel", row["label"]),
            row["kind"],
            needs,
            row["not_before"],
            tuple(word for word in row["except"].split() if word != row["head"]),
        )
    return found


@table_cache()
def body_heads() -> tuple[str, ...]:
    """Return the words that close the names of bodies and firms, short trade names aside."""
    return tuple(
        head.surface
        for head in heads().values()
        if head.label in ("GOV", "INSTITUTION", "COMPANY") and head.kind != "trade"
    )


def ends_body(text: str, start: int, end: int) -> bool:
    """Tell whether characters end with a word that closes the name of a body or firm.

    >>> ends_body("遵义市商务局", 0, 6), ends_body("遵义市", 0, 3)
    (True, False)
    """
    return text[end - 1] in _last_of_bodies() and text.endswith(body_heads(), start, end)


@table_cache()
def _last_of_bodies() -> frozenset[str]:
    return frozenset(head[-1] for head in body_heads())
