"""Names that a report uses again, whole or in short, once it has introduced them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from jixiao.entities.names import Name
from jixiao.records import EntityLabel
from jixiao.resources.regions import Region

_REPEATED: Final = frozenset({"COMPANY", "INSTITUTION", "PARK", "HONOUR", "PROGRAM", "PERSON"})
_INTRODUCED: Final = _REPEATED | {"GOV"}
_SHORTEST: Final = 3
# （以下简称“市商务局”）
_CALLED: Final = re.compile(
    r"[（(](?:以下)?[简下]称为?[：:]?[“\"]?(?P<short>(?![我本该])[^“”\"（）()\n]{2,16})[”\"]?[）)]"
)
_TOWN: Final = re.compile(r"(?P<stem>[\u4e00-\u9fff]{2,4})(?:镇|乡|街道)")
# 来衡评估, 驻岳企业: the first character of the own region stands for it.
_VISIT: Final = re.compile(
    r"(?<=[来在驻入赴返]).(?=评估|帮扶|调研|考察|投资|人员|企业|高校|就业|创业|期间|召开|举办|指导"
    r"|检查|开展|视察|督导)"
)


def named_again(text: str, names: Sequence[Name], own: Region | None) -> Iterator[Name]:
    """Yield the further mentions of names that were found: repeated, or towns without their 镇."""
    known: dict[str, EntityLabel] = {}
    for full, short in introduced(text, names):
        if full.label in _INTRODUCED:
            yield Name(*short, full.label, "name.introduced")
            if short[1] - short[0] >= _SHORTEST:
                known[text[slice(*short)]] = full.label
    for name in names:
        surface = text[name.start : name.end]
        if name.label in _REPEATED and len(surface) >= _SHORTEST:
            known.setdefault(surface, name.label)
        town = _TOWN.fullmatch(surface) if name.rule == "place.town" else None
        if town:
            known.setdefault(town.group("stem"), "PLACE")
    if known:
        yield from _matches(text, known)
    if own is not None:
        for start in _occurrences(text, own.name[0]):
            if _VISIT.match(text, start):
                yield Name(start, start + 1, "PLACE", "place.abbreviated")


def _occurrences(text: str, character: str) -> Iterator[int]:
    place = text.find(character)
    while place >= 0:
        yield place
        place = text.find(character, place + 1)


def introduced(text: str, names: Sequence[Name]) -> Iterator[tuple[Name, tuple[int, int]]]:
    """Yield the names for which a report introduces a short name, with the offsets of that.

    >>> found = Name(0, 6, "GOV", "head.bureau")
    >>> [short for _, short in introduced("遵义市商务局（以下简称“市商务局”）", [found])]
    [(12, 16)]
    """
    by_end = {name.end: name for name in names}
    for match in _CALLED.finditer(text):
        if match.start() in by_end:
            yield by_end[match.start()], match.span("short")


def _matches(text: str, known: dict[str, EntityLabel]) -> Iterator[Name]:
    surfaces = list(known)
    automaton = AhoCorasick(
        surfaces,
        matchkind=MatchKind.LeftmostLongest,
        implementation=Implementation.ContiguousNFA,
        store_patterns=False,
    )
    for number, start, end in automaton.find_matches_as_indexes(text):
        yield Name(start, end, known[surfaces[number]], "name.again")
