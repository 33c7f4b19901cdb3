"""Cue words that decide a context field, found once in a text and looked up by range."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from jixiao.errors import ResourceError
from jixiao.resources import read_table, table_cache

FIELDS: Final = frozenset(
    {
        "growth",
        # Decides no field: 较上年 only opens a phrase (较上年增加路灯126盏), and is no part of the subject.
        "comparison",
        "gap",
        "share",
        "net_new",
        "new",
        "applied",
        "recommended",
        "approved",
        "level",
        "planned",
        "forecast",
        "none",
    }
)


class Cue(NamedTuple):
    """A cue word found: its field, the value it gives (``up``), the word, its offsets."""

    field: str
    value: str
    surface: str
    start: int
    end: int


@table_cache()
def _meaning() -> Mapping[str, Sequence[tuple[str, str]]]:
    meaning: dict[str, list[tuple[str, str]]] = {}
    for row in read_table("cues.csv"):
        if row["field"] not in FIELDS or not row["surface"]:
            raise ResourceError(f"cues.csv: unknown field or empty surface in {row!r}")
        meaning.setdefault(row["surface"], []).append((row["field"], row["value"]))
    return meaning


@table_cache()
def _automaton() -> tuple[AhoCorasick, list[str]]:
    words = list(_meaning())
    return AhoCorasick(
        words,
        matchkind=MatchKind.LeftmostLongest,
        implementation=Implementation.DFA,
        store_patterns=False,
    ), words


class Cues:
    """The cues of one text.

    The leftmost and longest word wins at each place, so a row of the field ``none`` keeps a cue
    inside a longer word from being read (增加值, 至少, 减排).
    """

    def __init__(self, text: str) -> None:
        automaton, words = _automaton()
        meaning = _meaning()
        self._cues = [
            Cue(field, value, words[number], start, end)
            for number, start, end in automaton.find_matches_as_indexes(text)
            for field, value in meaning[words[number]]
            if field != "none"
        ]
        self._starts = [cue.start for cue in self._cues]

    def inside(self, start: int, end: int) -> list[Cue]:
        """Return the cues that lie within ``[start, end)``, in order."""
        low = bisect_left(self._starts, start)
        high = bisect_left(self._starts, end, low)
        found = self._cues[low:high]
        while found and found[-1].end > end:
            found.pop()
        return found
