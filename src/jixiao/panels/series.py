"""The series of a panel: what a column of the wide form holds, and what it is called."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

PLACE_AND_TIME: Final = (
    "region_code",
    "region",
    "level",
    "province",
    "prefecture",
    "county",
    "period",
)
_WHAT: Final = ("indicator", "facet", "label", "measure", "of", "peers", "modality")
SERIES: Final = (*_WHAT, "unit")
CELL: Final = (*PLACE_AND_TIME, *_WHAT)

Line = tuple[str | None, ...]


def lines_of(table: pd.DataFrame, columns: Sequence[str]) -> list[Line]:
    """Return some text columns row by row, None where a cell is empty."""
    texts = (
        [value if isinstance(value, str) else None for value in table[name]] for name in columns
    )
    return list(zip(*texts, strict=True))


def cells_of(table: pd.DataFrame) -> list[Line]:
    """Return the cell of each row: place, time and series."""
    return lines_of(table, CELL)


def series_of(table: pd.DataFrame) -> list[Line]:
    """Return the series of each row: one classifier of a count is as good as another, so no unit."""
    lines = lines_of(table, SERIES)
    return [(*line[:-1], None) if line[_LABEL] == "COUNT" else line for line in lines]


_LABEL: Final = SERIES.index("label")


def sortable(line: Line) -> tuple[str, ...]:
    """Return a key that sorts lines, what is empty first."""
    return tuple(part or "" for part in line)


def column_names(series: Iterable[Line]) -> dict[Line, str]:
    """Return the column of the wide panel for each series, sorted.

    >>> one = ("base_stations", "5G", "COUNT", "new", None, None, "planned", None)
    >>> column_names([one])[one]
    'base_stations.new.count[5G] planned'
    """
    names: dict[Line, str] = {}
    taken: set[str] = set()
    for one in sorted(set(series), key=sortable):
        names[one] = free_name(_name(one), taken)
        taken.add(names[one])
    return names


def free_name(name: str, taken: Container[str], limit: int | None = None) -> str:
    """Return a name that is not taken, within a limit of characters: with ``_2``, ``_3`` … if need be.

    >>> free_name("rd_level", {"rd_level"}), free_name("high_tech_firms", {"high"}, 4)
    ('rd_level_2', 'hi_2')
    """
    free, number = name[:limit], 1
    while free in taken:
        number += 1
        tail = f"_{number}"
        free = f"{name if limit is None else name[: limit - len(tail)]}{tail}"
    return free


def _name(series: Line) -> str:
    indicator, facet, label, measure, of, peers, modality, unit = series
    parts = [f"{indicator}.{measure or 'value'}.{unit or (label or '').lower()}"]
    parts += [f"[{facet}]"] if facet else []
    parts += [f" of {of}"] if of else []
    parts += [f" among {peers}"] if peers else []
    parts += [f" {modality or 'unstated'}"] if modality != "actual" else []
    return "".join(parts)
