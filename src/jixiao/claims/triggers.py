"""The words that carry claims, found once in a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple, get_args

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from jixiao.errors import ResourceError
from jixiao.records import ClaimKind
from jixiao.resources import read_table, table_cache

# What is no claim: a visit or check, a manner, a thing to come, a goal, money, a shortfall; part of
# another word.
OTHER_KINDS: Final = frozenset(
    {"activity", "manner", "pending", "goal", "money", "shortfall", "none"}
)
# alone: it carries a claim without a number (done: the event itself is the outcome); number: only beside
# one; light: another verb of its kind goes before it; rate: what a duty is measured by.
USES: Final = frozenset({"alone", "done", "number", "light", "rate", ""})


class Trigger(NamedTuple):
    """A trigger word found: its kind, whether it carries a claim alone, the word, its offsets."""

    kind: str
    use: str
    surface: str
    start: int
    end: int


class _Word(NamedTuple):
    kind: str
    use: str
    not_before: tuple[str, ...]


@table_cache()
def _words() -> Mapping[str, _Word]:
    kinds = OTHER_KINDS.union(get_args(ClaimKind))
    words = {}
    for row in read_table("triggers.csv"):
        if row["kind"] not in kinds or row["use"] not in USES or not row["surface"]:
            raise ResourceError(f"triggers.csv: unknown kind or use, or no surface, in {row!r}")
        words[row["surface"]] = _Word(row["kind"], row["use"], tuple(row["not_before"].split()))
    return words


@table_cache()
def _automaton() -> tuple[AhoCorasick, list[tuple[str, _Word]]]:
    words = list(_words().items())
    automaton = AhoCorasick(
        [surface for surface, _ in words],
        matchkind=MatchKind.LeftmostLongest,
        implementation=Implementation.DFA,
        store_patterns=False,
    )
    return automaton, words


def find_triggers(text: str, offset: int = 0) -> list[Trigger]:
    """Return the triggers of a text in order, the longest at each place.

    ``offset`` is where the text begins in a longer one, whose positions are returned.

    A row of the kind ``none`` keeps a trigger inside a longer word from being read.

    >>> [(found.surface, found.kind) for found in find_triggers("获批省级中心，获得感增强")]
    [('获批', 'recognition')]
    """
    automaton, words = _automaton()
    found = []
    for number, start, end in automaton.find_matches_as_indexes(text):
        surface, word = words[number]
        if word.kind == "none":
            continue
        # 建成的12座: an attribute, not what is stated.
        if word.kind == "output" and text.startswith("的", end):
            continue
        # 采纳率: the name of a rate.
        if word.use != "rate" and text.startswith("率", end):
            continue
        if word.not_before and text.startswith(word.not_before, end):
            continue
        found.append(Trigger(word.kind, word.use, surface, start + offset, end + offset))
    return found
