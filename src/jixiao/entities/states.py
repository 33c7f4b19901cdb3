"""What surrounds a word: the rules' name, the verb before it, its list, its quotation."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from jixiao.entities.names import Name
from jixiao.entities.sequences import Tokens, places_of, ranges
from jixiao.entities.words import is_verb

if TYPE_CHECKING:
    from jixiao.entities.vocabulary import Ints

OUTSIDE: Final = "O"


class Coded(NamedTuple):
    """Something that is known of each token: the values there are, and which of them a token has.

    Most tokens have the first.
    """

    values: list[tuple[str, ...]]
    codes: Ints

    def column(self, number: int) -> list[str]:
        """Return one part of each token's value."""
        return [self.values[code][number] for code in self.codes.tolist()]


class States:
    """What surrounds each token: the rules' name, the verb before it, its list, its quotation.

    ``verbs`` holds the number of the verb in the vocabulary, and -1 where there is none; ``named`` label
    and rule; ``marked`` the noun that closes the list, the size of the quotation, the word behind it.
    """

    def __init__(self, tokens: Tokens, verbs: Ints, named: Coded, marked: Coded) -> None:
        self._tokens = tokens
        self.verbs = verbs
        self.named = named
        self.marked = marked

    @cached_property
    def label(self) -> list[str]:
        """The label of the rules' name."""
        return self.named.column(0)

    @cached_property
    def rule(self) -> list[str]:
        """The rule that found it, with a sign at its end."""
        return self.named.column(1)

    @cached_property
    def verb(self) -> list[str]:
        """The verb or preposition before the token."""
        texts = [*self._tokens.known.texts, ""]
        return [texts[number] for number in self.verbs.tolist()]

    @cached_property
    def closing(self) -> list[str]:
        """The noun that closes the list the token stands in."""
        return self.marked.column(0)

    @cached_property
    def quote(self) -> list[str]:
        """The size of the quotation."""
        return self.marked.column(1)

    @cached_property
    def behind(self) -> list[str]:
        """The word behind the quotation."""
        return self.marked.column(2)


_MARKS: Final = frozenset("，。；：！？（）()")
_LONGEST_QUOTE: Final = 20
_SHORT, _MIDDLE = 5, 9


def states_of(tokens: Tokens, names: Sequence[Name]) -> States:
    """Return what surrounds each token."""
    return States(tokens, _verbs(tokens), _named(tokens, names), _marked(tokens))


def _verbs(tokens: Tokens) -> Ints:
    """Return the number of the last verb or preposition before each token in its sentence, or -1."""
    import numpy as np

    places = np.arange(len(tokens.numbers))
    governs = tokens.known.answers(_governs)[tokens.numbers] > 0
    last = np.maximum.accumulate(np.where(governs, places, -1))
    before = np.append(-1, last[:-1])
    return np.where(before >= tokens.firsts[tokens.sentence], tokens.numbers[before], -1)


def _governs(text: str, tag: str) -> int:
    return tag == "p" or is_verb(text, tag)


def _named(tokens: Tokens, names: Sequence[Name]) -> Coded:
    """Return the label and the rule of the name each token belongs to."""
    import numpy as np

    kinds: dict[tuple[str, str], int] = {}
    of_name = [kinds.setdefault((name.label, name.rule), len(kinds)) for name in names]
    firsts, stops = places_of(tokens, names)
    sizes = stops - firsts
    last = sizes.cumsum() - 1
    # Four values for each kind: the first token or a later one, and either the last or not.
    which = np.full(sizes.sum(), 2)
    which[last - sizes + 1] = 0
    which[last] += 1
    codes = np.zeros(len(tokens.numbers), dtype=np.int64)
    codes[ranges(firsts, sizes)] = 1 + 4 * np.repeat(of_name, sizes) + which
    values = [
        (first + label, rule + sign)
        for label, rule in kinds
        for first in ("B-", "I-")
        for sign in ("", "$")
    ]
    return Coded([(OUTSIDE, ""), *values], codes)


def _marked(tokens: Tokens) -> Coded:
    """Return the noun that closes each token's list, the size of its quotation, what is behind that."""
    import numpy as np

    closing = np.zeros(len(tokens.numbers), dtype=np.int64)
    quoted = np.zeros_like(closing)
    nouns = {"": 0}
    sizes = {("", ""): 0}
    for first, stop, noun in _lists(tokens):
        closing[first:stop] = nouns.setdefault(noun, len(nouns))
    for first, stop, size in _quotations(tokens):
        quoted[first:stop] = sizes.setdefault(size, len(sizes))
    both = closing * len(sizes) + quoted
    some = both.nonzero()[0]
    used, codes = np.unique(both[some], return_inverse=True)
    both[some] = codes + 1
    of_list, of_quote = list(nouns), list(sizes)
    pairs = (divmod(one, len(sizes)) for one in (0, *used.tolist()))
    return Coded([(of_list[one], *of_quote[other]) for one, other in pairs], both)


def _lists(tokens: Tokens) -> Iterator[tuple[int, int, str]]:
    """Yield the clauses with 、, each with the noun behind 等 (``等3家企业``), ``?``, or ``-`` without 等."""
    import numpy as np

    limits = tokens.known.answers(_limiting)[tokens.numbers]
    commas = (limits == _COMMA).nonzero()[0]
    marks = (limits == _MARK).nonzero()[0]
    firsts = np.union1d(tokens.firsts, marks + 1)
    stops = np.union1d(tokens.stops, marks)
    first = firsts[np.searchsorted(firsts, commas, "right") - 1].tolist()
    stop = stops[np.searchsorted(stops, commas, "right")].tolist()
    # Of several commas in a clause the last counts.
    clauses = dict(zip(first, zip(commas.tolist(), stop, strict=True), strict=True))
    more = (limits == _MORE).nonzero()[0].tolist()
    for start, (last, end) in clauses.items():
        at = bisect_right(more, last)
        if at == len(more) or more[at] >= end:
            yield start, end, "-"
        else:
            yield start, end, _last_noun(tokens, more[at] + 1, end) or "?"


def _last_noun(tokens: Tokens, first: int, stop: int) -> str:
    """Return the last noun of some tokens; empty where there is none."""
    texts, tags = tokens.known.texts, tokens.known.tags
    number: int
    for number in tokens.numbers[first:stop][::-1].tolist():
        if tags[number][0] == "n" and texts[number] not in _ANDS_SO_ON:
            return texts[number]
    return ""


def _quotations(tokens: Tokens) -> Iterator[tuple[int, int, tuple[str, str]]]:
    """Yield the quotations of some words: their ends, and their size with the word behind them."""
    limits = tokens.known.answers(_limiting)[tokens.numbers]
    closing = {code: (limits == _CLOSED_BY[code]).nonzero()[0].tolist() for code in _CLOSED_BY}
    free = 0
    for place in (limits >= _OPENING).nonzero()[0].tolist():
        ends = closing[int(limits[place])]
        at = bisect_right(ends, place)
        stop = int(tokens.stops[tokens.sentence[place]])
        if place < free or at == len(ends) or ends[at] >= min(place + _LONGEST_QUOTE, stop):
            continue
        end = ends[at]
        length = tokens.begins[end] - tokens.begins[place]
        size = "s" if length < _SHORT else "m" if length < _MIDDLE else "l"
        behind = tokens.known.texts[tokens.numbers[end + 1]] if end + 1 < stop else ""
        free = end + 1
        yield place, free, (size, behind)


_ANDS_SO_ON: Final = frozenset({"等", "等等"})
_COMMA, _MARK, _MORE, _CLOSING, _OPENING, _EITHER = range(1, 7)
_CLOSED_BY: Final = {_OPENING: _CLOSING, _EITHER: _EITHER}
_LIMITS: Final = (
    dict.fromkeys(_MARKS, _MARK)
    | dict.fromkeys(_ANDS_SO_ON, _MORE)
    | {"、": _COMMA, "”": _CLOSING, "“": _OPENING, '"': _EITHER}
)


def _limiting(text: str, _tag: str) -> int:
    """Return what a word does to lists and quotations: 0 for nothing."""
    return _LIMITS.get(text, 0)
