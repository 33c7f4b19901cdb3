"""The words of a text with their parts of speech, looked up by position."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from jixiao.entities.vocabulary import Vocabulary, vocabulary
from jixiao.tokens.tags import is_known

if TYPE_CHECKING:
    from jixiao.entities.vocabulary import Ask, Ints

# What may stand inside a name: nouns, deverbal nouns, adjectives, abbreviations, letters.
_NOMINAL: Final = ("n", "j", "l", "i", "b", "a", "s", "vn", "g", "f", "z", "h", "k", "eng")
_PROPER: Final = frozenset({"nz", "nr", "nrt", "nrfg", "ns", "nt"})
# 向省, 由市, 经局: a preposition that statistics glued to the seat of a body. 中获: a verb likewise.
_PREPOSITIONS: Final = frozenset("向由以经被对在获从与和及为据受到报及")
_SEATS: Final = frozenset("省市县区州局")
_GLUED: Final = _SEATS | {"获"}


class Words:
    """The words of a view text: as lists to look at one of them, and as arrays for all at once."""

    def __init__(self, text: str) -> None:
        import numpy as np

        self.text = text
        self.vocabulary = known = vocabulary()
        self.numbers = _unglued(known, np.array(known.read(text), dtype=np.int64))
        self.listed: list[int] = self.numbers.tolist()
        self.texts = list(map(known.texts.__getitem__, self.listed))
        ends = known.answers(_length)[self.numbers].cumsum()
        self.ends: list[int] = ends.tolist()
        self.starts: list[int] = [0, *self.ends[:-1]]
        edges = np.zeros(len(text) + 1, dtype=np.uint8)
        edges[ends] = 1
        self._edges = edges.tobytes()
        self._answers: dict[Ask, Sequence[int]] = {}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Where the words are numbered."""
        return vocabulary()

    @cached_property
    def numbers(self) -> Ints:
        """The number of each word in the vocabulary."""
        import numpy as np

        return np.array(list(map(self.vocabulary.number, self.texts, self.tags)), dtype=np.int64)

    @cached_property
    def tags(self) -> list[str]:
        """The parts of speech of all words."""
        return [self.vocabulary.tags[number] for number in self.listed]

    def tag(self, index: int) -> str:
        """Return the part of speech of one word."""
        return self.vocabulary.tags[self.listed[index]]

    def at(self, position: int) -> int:
        """Return the index of the word that holds a position."""
        return max(bisect_right(self.starts, position) - 1, 0)

    def ends_at(self, position: int) -> bool:
        """Tell whether a word ends at a position."""
        return self._edges[position] == 1

    def answers(self, ask: Ask) -> Sequence[int]:
        """Return what the words of the vocabulary answer to a question, by number."""
        found = self._answers.get(ask)
        if found is None:
            found = self._answers[ask] = self.vocabulary.listed(ask)
        return found

    def where(self, ask: Ask) -> list[int]:
        """Return the indices of the words that answer a question with anything but 0."""
        found: list[int] = self.vocabulary.answers(ask)[self.numbers].nonzero()[0].tolist()
        return found

    def is_nominal(self, index: int) -> bool:
        """Tell whether a word may stand inside a name by its part of speech."""
        return self.answers(is_nominal)[self.listed[index]] == 1

    def is_strange(self, index: int) -> bool:
        """Tell whether the dictionary does not know a word, or knows it as a proper name."""
        return self.answers(is_strange)[self.listed[index]] == 1

    def is_unknown(self, index: int) -> bool:
        """Tell whether the dictionary does not know a Chinese word."""
        return self.answers(is_unknown)[self.listed[index]] == 1


def is_nominal(word: str, tag: str) -> bool:
    """Tell whether a word may stand inside a name by its part of speech."""
    return tag.startswith(_NOMINAL) or is_unknown(word, tag)


def is_verb(_word: str, tag: str) -> bool:
    """Tell whether a word is a verb, and no deverbal noun."""
    return tag[0] == "v" and tag != "vn"


def is_strange(word: str, tag: str) -> bool:
    """Tell whether the dictionary does not know a word, or knows it as a proper name."""
    return tag in _PROPER or is_unknown(word, tag)


def is_coined(word: str, tag: str) -> bool:
    """Tell whether a word is one of several characters that the dictionary does not know."""
    return len(word) > 1 and is_unknown(word, tag)


def is_unknown(word: str, _tag: str) -> bool:
    """Tell whether the dictionary does not know a Chinese word."""
    return "\u4e00" <= word[0] <= "\u9fff" and not is_known(word)


def _length(text: str, _tag: str) -> int:
    return len(text)


def _unglued(known: Vocabulary, numbers: Ints) -> Ints:
    """Return the numbers of words with those cut in two that statistics glued together."""
    import numpy as np

    glued = known.answers(_is_glued)[numbers].nonzero()[0]
    parts = [_parts(known.texts[number]) for number in numbers[glued].tolist()]
    whole = np.insert(numbers, glued, 0)
    places = glued + np.arange(len(glued))
    whole[places] = [known.number(*first) for first, _ in parts]
    whole[places + 1] = [known.number(*second) for _, second in parts]
    return whole


def _is_glued(text: str, _tag: str) -> bool:
    return len(text) == 2 and text[1] in _GLUED and bool(_parts(text))


def _parts(text: str) -> tuple[tuple[str, str], ...]:
    """Return the two words that a word of two characters was glued together from; none if it is one."""
    if text[1] in _SEATS and text[0] in _PREPOSITIONS:
        return (text[0], "p"), (text[1], "n")
    if text[1] not in _SEATS and not is_known(text):
        return (text[0], "f"), (text[1], "v")
    return ()
