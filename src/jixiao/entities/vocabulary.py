"""The words met so far, by number: what a rule asks of a word is answered once for each word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from jixiao.resources import table_cache
from jixiao.tokens.tags import cut_words, tags_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints: TypeAlias = npt.NDArray[np.int64]

_MOST: Final = 50_000

Ask: TypeAlias = Callable[[str, str], int]
"""A question to a word and its tag."""


class Vocabulary:
    """Words with their tags, numbered in the order they were met.

    >>> known = Vocabulary()
    >>> numbers = known.read("企业、企业")
    >>> [known.texts[number] for number in numbers], numbers[0] == numbers[2]
    (['企业', '、', '企业'], True)
    """

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.tags: list[str] = []
        self._numbers: dict[str, int] = {}
        self._further: dict[tuple[str, str], int] = {}
        self._answers: dict[Ask, Answers] = {}

    def read(self, text: str) -> list[int]:
        """Return the numbers of the words of a text, in order."""
        words = cut_words(text)
        found = list(map(self._numbers.get, words))
        if None in found:
            new = list(dict.fromkeys(word for word in words if word not in self._numbers))
            for word, tag in zip(new, tags_of(new, text), strict=True):
                self._numbers[word] = self._add(word, tag)
            found = list(map(self._numbers.get, words))
        return cast("list[int]", found)

    def number(self, word: str, tag: str) -> int:
        """Return the number of a word with a tag that need not be that of the dictionary."""
        known = self._numbers.get(word)
        if known is not None and self.tags[known] == tag:
            return known
        if (word, tag) not in self._further:
            self._further[word, tag] = self._add(word, tag)
        return self._further[word, tag]

    def _add(self, word: str, tag: str) -> int:
        self.texts.append(word)
        self.tags.append(tag)
        return len(self.texts) - 1

    def answers(self, ask: Ask) -> Ints:
        """Return what every word answers to a question, by number."""
        return self._asked(ask).array

    def listed(self, ask: Ask) -> Sequence[int]:
        """Return the same as a list, of which one answer is had faster."""
        return self._asked(ask).values

    def _asked(self, ask: Ask) -> Answers:
        known = self._answers.get(ask)
        if known is None:
            known = self._answers[ask] = Answers(ask)
        if len(known.values) < len(self.texts):
            first = len(known.values)
            known.extend(zip(self.texts[first:], self.tags[first:], strict=True))
        return known


class Answers:
    """What words answer to a question: as a list, and as an array that grows by doubling."""

    def __init__(self, ask: Ask) -> None:
        import numpy as np

        self._ask = ask
        self.values: list[int] = []
        self._room = np.zeros(256, dtype=np.int64)

    def extend(self, words: Iterable[tuple[str, str]]) -> None:
        """Add the answers of further words."""
        first = len(self.values)
        self.values += [self._ask(*word) for word in words]
        self._room = grown(self._room, len(self.values))
        self._room[first : len(self.values)] = self.values[first:]

    @property
    def array(self) -> Ints:
        """The answers by number."""
        return self._room[: len(self.values)]


def grown(array: Any, size: int) -> Any:
    """Return an array with room for so many rows: itself, or a copy at least twice as long."""
    import numpy as np

    if size <= len(array):
        return array
    more = max(size, 2 * len(array)) - len(array)
    return np.pad(array, ((0, more), *[(0, 0)] * (array.ndim - 1)))


def vocabulary() -> Vocabulary:
    """Return the vocabulary of this process: a new one where it became large, or tables changed."""
    kept = _kept()
    if len(kept[0].texts) > _MOST:
        kept[0] = Vocabulary()
    return kept[0]


@table_cache()
def _kept() -> list[Vocabulary]:
    return [Vocabulary()]
