"""The words of a text with their parts of speech, looked up by position."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from operator import itemgetter
from typing import Final, TypeAlias

from jixiao.tokens.tags import is_known, tag_words

# What may stand inside a name: nouns, deverbal nouns, adjectives, abbreviations, letters.
_NOMINAL: Final = ("n", "j", "l", "i", "b", "a", "s", "vn", "g", "f", "z", "h", "k", "eng")
_PROPER: Final = frozenset({"nz", "nr", "nrt", "nrfg", "ns", "nt"})
# 向省, 由市, 经局: a preposition that statistics glued to the seat of a body. 中获: a verb likewise.
_PREPOSITIONS: Final = frozenset("向由以经被对在获从与和及为据受到报及")
_SEATS: Final = frozenset("省市县区州局")
_GLUED: Final = _SEATS | {"获"}


class Words:
    """The words of a view text."""

    def __init__(self, text: str) -> None:
        self.text = text
        words = _unglued(tag_words(text))
        self.texts = list(map(itemgetter(0), words))
        self.tags = list(map(itemgetter(1), words))
        self.ends = list(accumulate(map(len, self.texts)))
        self.starts = [0, *self.ends[:-1]]
        self._edges = frozenset(self.ends)

    def at(self, position: int) -> int:
        """Return the index of the word that holds a position."""
        return max(bisect_right(self.starts, position) - 1, 0)

    def ends_at(self, position: int) -> bool:
        """Tell whether a word ends at a position."""
        return position in self._edges

    def is_nominal(self, index: int) -> bool:
        """Tell whether a word may stand inside a name by its part of speech."""
        return self.tags[index].startswith(_NOMINAL) or self.is_unknown(index)

    def is_strange(self, index: int) -> bool:
        """Tell whether the dictionary does not know a word, or knows it as a proper name."""
        return self.tags[index] in _PROPER or self.is_unknown(index)

    def is_unknown(self, index: int) -> bool:
        """Tell whether the dictionary does not know a Chinese word."""
        word = self.texts[index]
        return "\u4e00" <= word[0] <= "\u9fff" and not is_known(word)


_Pair: TypeAlias = tuple[str, str]


def _unglued(words: Sequence[_Pair]) -> Sequence[_Pair]:
    """Return words with those cut in two that statistics glued together."""
    found: list[_Pair] = []
    last = 0
    for index, (text, _) in enumerate(words):
        if text[-1] in _GLUED and len(text) == 2 and (parts := _parts(text)):
            found += words[last:index]
            found += parts
            last = index + 1
    return [*found, *words[last:]] if last else words


def _parts(text: str) -> tuple[_Pair, ...]:
    """Return the two words that a word of two characters was glued together from; none if it is one."""
    if text[1] in _SEATS and text[0] in _PREPOSITIONS:
        return (text[0], "p"), (text[1], "n")
    if text[1] not in _SEATS and not is_known(text):
        return (text[0], "f"), (text[1], "v")
    return ()
