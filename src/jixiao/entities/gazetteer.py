"""Proper names that stand in the table ``names.csv``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, cast, get_args

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from jixiao.entities.names import Name
from jixiao.errors import ResourceError
from jixiao.records import EntityLabel
from jixiao.resources import read_table, table_cache


class Listed(NamedTuple):
    """A row of ``names.csv``: a name, its label, and the characters that may not touch it."""

    surface: str
    label: EntityLabel
    not_after: str
    not_before: str


@table_cache()
def listed_names() -> Mapping[str, Listed]:
    """Return the names of the table by surface.

    Raises
    ------
    ResourceError
        If a row has an unknown label, or a name stands twice.
    """
    found: dict[str, Listed] = {}
    for row in read_table("names.csv"):
        name = row["name"]
        if row["label"] not in get_args(EntityLabel) or name in found or not name:
            raise ResourceError(f"names.csv: bad or repeated row {row!r}")
        label = cast("EntityLabel", row["label"])
        found[name] = Listed(name, label, row["not_after"], row["not_before"])
    return found


@table_cache()
def _automaton() -> tuple[AhoCorasick, list[Listed]]:
    known = list(listed_names().values())
    return AhoCorasick(
        [name.surface for name in known],
        matchkind=MatchKind.LeftmostLongest,
        implementation=Implementation.DFA,
        store_patterns=False,
    ), known


_QUOTES: Final = {"“": "”", '"': '"'}


def find_listed(text: str) -> Iterator[Name]:
    """Yield the names of the table that a text holds, quotation marks around them included."""
    automaton, known = _automaton()
    for number, start, end in automaton.find_matches_as_indexes(text):
        name = known[number]
        before, after = text[start - 1 : start], text[end : end + 1]
        if (before and before in name.not_after) or (after and after in name.not_before):
            continue
        if before and _QUOTES.get(before) == after:
            start, end = start - 1, end + 1
        yield Name(start, end, name.label, "name.listed")
