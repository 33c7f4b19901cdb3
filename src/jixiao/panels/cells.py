"""What stands in a cell of the panel that several mentions or documents state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final, Literal

from jixiao.facts import agreeing
from jixiao.panels.rows import Entry, Row
from jixiao.panels.series import Line, sortable

Policy = Literal["first", "most_confident", "all"]


_MOST_TOLD: Final = 10

_Group = list[Entry]  # what agrees, in order


def settle(found: Iterable[Entry], policy: Policy) -> list[Row]:
    """Return the rows of the panel, sorted by region, period and indicator.

    Values of one cell that agree within their printed precision are one value, whichever documents
    state them. Of values that do not, ``first`` keeps the one stated first (documents by id),
    ``most_confident`` the surest (then the one more mentions and documents state, then the first),
    ``all`` every fact. Each row of such a cell carries all the values with their quotes in
    ``conflict``. The order of ``found`` changes nothing.
    """
    cells: dict[Line, list[Entry]] = {}
    for entry in sorted(found, key=_order):
        cells.setdefault(entry.cell, []).append(entry)
    return [
        row for cell in sorted(cells, key=sortable) for row in _rows(_grouped(cells[cell]), policy)
    ]


def _order(entry: Entry) -> tuple[str, int, str]:
    return (*entry.order, entry.row.fact)


def _grouped(found: list[Entry]) -> list[_Group]:
    """Return what agrees: in unit (one classifier is as good as another) and in a number."""
    alike: dict[str | None, list[Entry]] = {}
    for entry in found:
        unit = None if entry.row.label == "COUNT" else entry.row.unit
        alike.setdefault(unit, []).append(entry)
    groups = [
        [entries[index] for index in indices]
        for entries in alike.values()
        for indices in agreeing([entry.span for entry in entries])
    ]
    return sorted(groups, key=lambda group: _order(group[0]))


def _rows(groups: list[_Group], policy: Policy) -> Iterator[Row]:
    conflict = _told(groups) if len(groups) > 1 else None
    for group in _kept(groups, policy):
        documents = ";".join(dict.fromkeys(entry.row.document for entry in group))
        entries = [max(group, key=_sureness)] if policy == "most_confident" else group
        for entry in entries if policy == "all" else entries[:1]:
            yield replace(entry.row, conflict=conflict, documents=documents)


def _kept(groups: list[_Group], policy: Policy) -> list[_Group]:
    if policy == "all":
        return groups
    if policy == "first":
        return groups[:1]
    return [max(groups, key=_support)]  # the first of equals


def _support(group: _Group) -> tuple[float, int, int]:
    mentions = sum(entry.row.quantities.count(";") + 1 for entry in group)
    return max(entry.row.confidence or 0.0 for entry in group), mentions, len(group)


def _sureness(entry: Entry) -> tuple[float, Decimal]:
    """Order entries by confidence, then by how precisely they are printed."""
    return entry.row.confidence or 0.0, entry.span[0] - entry.span[1]


def _told(groups: list[_Group]) -> str:
    """Return the values of a disputed cell, each with its place and the words around it."""
    told = []
    for entry, *_ in groups[:_MOST_TOLD]:
        row = entry.row
        first, *_ = row.quantities.split(";")
        told.append(f"{row.text}（{row.document} {first}：“{entry.short_quote}”）")
    more = len(groups) - _MOST_TOLD
    return " ≠ ".join(told) + (f" ≠ …（另有 {more} 个数值）" if more > 0 else "")
