"""The words of the sentences in which the model looks for names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from jixiao.entities.names import Name
from jixiao.entities.vocabulary import Vocabulary
from jixiao.entities.words import Words

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from jixiao.entities.vocabulary import Ints

    _Bools = npt.NDArray[np.bool_]


class Tokens:
    """The words of the sentences that may hold a name, cut where names of the rules begin and end.

    Arrays hold the number of each token in the vocabulary and its offsets, and the first token of each
    sentence and the one behind its last: sentences stand one after the other.
    """

    def __init__(
        self, words: Words, numbers: Ints, offsets: tuple[Ints, Ints], sizes: Ints, cells: _Bools
    ) -> None:
        self.words = words
        self.known: Vocabulary = words.vocabulary
        self.numbers = numbers
        self.begins, self.behind = offsets
        self.sizes = sizes
        self.stops: Ints = sizes.cumsum()
        self.firsts: Ints = self.stops - sizes
        self.in_cell = cells

    @cached_property
    def sentence(self) -> Ints:
        """The number of each token's sentence."""
        import numpy as np

        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def beside(self, offset: int) -> Ints:
        """Return the place ``offset`` behind each token, and -1 where that is in another sentence."""
        import numpy as np

        there = np.arange(offset, len(self.numbers) + offset)
        ends = self.firsts if offset < 0 else self.stops
        end = np.repeat(ends, self.sizes)
        return np.where(there >= end if offset < 0 else there < end, there, -1)

    @cached_property
    def texts(self) -> list[str]:
        """The tokens."""
        return [self.known.texts[number] for number in self.numbers.tolist()]

    @cached_property
    def tags(self) -> list[str]:
        """Their parts of speech."""
        return [self.known.tags[number] for number in self.numbers.tolist()]

    @cached_property
    def starts(self) -> list[int]:
        """Where the tokens begin."""
        return cast("list[int]", self.begins.tolist())

    @cached_property
    def ends(self) -> list[int]:
        """Where they end."""
        return cast("list[int]", self.behind.tolist())

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """The half-open ranges of tokens that are sentences."""
        return list(zip(self.firsts.tolist(), self.stops.tolist(), strict=True))

    @cached_property
    def cells(self) -> list[bool]:
        """Whether each sentence begins a cell."""
        return cast("list[bool]", self.in_cell.tolist())

    def only(self, sentences: _Bools) -> tuple[Tokens, Ints]:
        """Return the tokens of some sentences, and which of these they are."""
        places = sentences[self.sentence].nonzero()[0]
        offsets = self.begins[places], self.behind[places]
        sizes, cells = self.sizes[sentences], self.in_cell[sentences]
        return Tokens(self.words, self.numbers[places], offsets, sizes, cells), places


_STOPS: Final = frozenset(["。", "！", "？", "；", "\n", "\t", "\r", "\r\n"])
_BREAKS: Final = frozenset(["\n", "\t", "\r", "\r\n"])
_LONGEST: Final = 120
_HAN: Final = re.compile(r"[\u4e00-\u9fff]{2}")


def tokens_of(words: Words, names: Sequence[Name], edges: Sequence[int] = ()) -> Tokens:
    """Return the tokens in which the model looks for names; ``edges`` cut words further."""
    import numpy as np

    named = np.array(sorted(name.start for name in names), dtype=np.int64)
    numbers, begins = _cut(words, {*edges, *named.tolist(), *(name.end for name in names)})
    firsts, stops = _sentences(words.vocabulary, numbers)
    begins = np.append(begins, len(words.text))
    starts, ends = begins[firsts], begins[stops]
    kept = np.searchsorted(named, starts) < np.searchsorted(named, ends)
    text = words.text
    for place in (~kept).nonzero()[0].tolist():
        kept[place] = _HAN.search(text, int(starts[place]), int(ends[place])) is not None
    firsts, starts, sizes = firsts[kept], starts[kept], (stops - firsts)[kept]
    places = ranges(firsts, sizes)
    cells = np.array([text[start - 1 : start] == "\t" for start in starts.tolist()], dtype=np.bool_)
    return Tokens(words, numbers[places], (begins[places], begins[places + 1]), sizes, cells)


def _cut(words: Words, edges: set[int]) -> tuple[Ints, Ints]:
    """Return the numbers and starts of words, cut at the edges that fall inside one."""
    import numpy as np

    text, known = words.text, words.vocabulary
    begins = np.array(words.starts[: len(words.texts)], dtype=np.int64)
    cuts = np.array(sorted(edges), dtype=np.int64)
    cuts = cuts[(cuts > 0) & (cuts < len(text))]
    holding = np.searchsorted(begins, cuts, "right") - 1
    inside = begins[holding] < cuts
    cuts, holding = cuts[inside], holding[inside]
    numbers = np.insert(words.numbers, holding + 1, words.numbers[holding])
    begins = np.insert(begins, holding + 1, cuts)
    behind = np.append(begins[1:], len(text))
    pieces = holding + np.arange(1, len(cuts) + 1)
    pieces = np.union1d(pieces, pieces - 1)
    cut = zip(
        numbers[pieces].tolist(), begins[pieces].tolist(), behind[pieces].tolist(), strict=True
    )
    numbers[pieces] = [
        known.number(text[begin:end], known.tags[number]) for number, begin, end in cut
    ]
    return numbers, begins


def _sentences(known: Vocabulary, numbers: Ints) -> tuple[Ints, Ints]:
    """Return the ranges of words up to the ends of sentences, lines and cells, or as long as may be."""
    import numpy as np

    stopping = known.answers(_stopping)[numbers]
    stops = stopping.nonzero()[0]
    firsts = np.concatenate([[0], stops + 1])
    # The mark of a sentence belongs to it, white space to none.
    ends = np.append(stops + (stopping[stops] == 1), len(numbers))
    while (ends - firsts > _LONGEST).any():
        long = (ends - firsts > _LONGEST).nonzero()[0]
        firsts = np.insert(firsts, long + 1, firsts[long] + _LONGEST)
        ends = np.insert(ends, long, firsts[long + np.arange(len(long))] + _LONGEST)
    some = ends > firsts
    return firsts[some], ends[some]


def _stopping(text: str, _tag: str) -> int:
    """Return 1 for what ends a sentence, 2 for white space that does, else 0."""
    return (text in _STOPS) + (text in _BREAKS)


def ranges(firsts: Ints, sizes: Ints) -> Ints:
    """Return the numbers of ranges, one after the other.

    >>> import numpy as np
    >>> ranges(np.array([3, 7]), np.array([2, 3])).tolist()
    [3, 4, 7, 8, 9]
    """
    import numpy as np

    stops = sizes.cumsum()
    return np.repeat(firsts - stops + sizes, sizes) + np.arange(stops[-1] if len(stops) else 0)


def places_of(tokens: Tokens, names: Sequence[Name]) -> tuple[Ints, Ints]:
    """Return the first token of each name, and the one behind its last."""
    import numpy as np

    ends = np.array([(name.start, name.end) for name in names], dtype=np.int64).reshape(-1, 2)
    firsts, stops = np.searchsorted(tokens.begins, ends.T)
    return firsts, np.maximum(stops, firsts + 1)
