"""Names by a trained model: a linear-chain CRF over words that sees what the rules found.

``jixiao train ner`` fits the weights and writes them to ``ner.json``. Every feature is a
function of one word, of two neighbouring tags or labels, or of a small state, so that the weights of
each are summed once and looked up afterwards, and a document costs a few array operations.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from jixiao.entities.heads import GRADE, heads
from jixiao.entities.names import Name, settle
from jixiao.entities.vocabulary import Vocabulary, grown
from jixiao.entities.words import Words, is_verb
from jixiao.records import EntityLabel
from jixiao.resources import MODELS, load_model, table_cache
from jixiao.resources.regions import by_name, by_short_name
from jixiao.tokens.tags import is_known

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from jixiao.entities.vocabulary import Ints

    _Floats = npt.NDArray[np.float32]
    _Bools = npt.NDArray[np.bool_]

MODEL: Final = MODELS["ner"]
RULE: Final = "model.crf"
# Measured with each training specimen left out: how sure the model must be to add a name, to put one
# in the place of a rule's; and how unlikely it must find a rule's name for it to go.
_ADDS: Final = 0.8
_REPLACES: Final = 0.8
_DROPS: Final = 0.02
# What has a form of its own is never doubted.
_SURE: Final = frozenset({"DOCUMENT", "PERSON"})
_OUTSIDE: Final = "O"


# Tokens.


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
    places = _ranges(firsts, sizes)
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


def _ranges(firsts: Ints, sizes: Ints) -> Ints:
    """Return the numbers of ranges, one after the other.

    >>> import numpy as np
    >>> _ranges(np.array([3, 7]), np.array([2, 3])).tolist()
    [3, 4, 7, 8, 9]
    """
    import numpy as np

    stops = sizes.cumsum()
    return np.repeat(firsts - stops + sizes, sizes) + np.arange(stops[-1] if len(stops) else 0)


# What surrounds a token.


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
    firsts, stops = _places(tokens, names)
    sizes = stops - firsts
    last = sizes.cumsum() - 1
    # Four values for each kind: the first token or a later one, and either the last or not.
    which = np.full(sizes.sum(), 2)
    which[last - sizes + 1] = 0
    which[last] += 1
    codes = np.zeros(len(tokens.numbers), dtype=np.int64)
    codes[_ranges(firsts, sizes)] = 1 + 4 * np.repeat(of_name, sizes) + which
    values = [
        (first + label, rule + sign)
        for label, rule in kinds
        for first in ("B-", "I-")
        for sign in ("", "$")
    ]
    return Coded([(_OUTSIDE, ""), *values], codes)


def _places(tokens: Tokens, names: Sequence[Name]) -> tuple[Ints, Ints]:
    """Return the first token of each name, and the one behind its last."""
    import numpy as np

    ends = np.array([(name.start, name.end) for name in names], dtype=np.int64).reshape(-1, 2)
    firsts, stops = np.searchsorted(tokens.begins, ends.T)
    return firsts, np.maximum(stops, firsts + 1)


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


# Features.

_OFFSETS: Final = (-2, -1, 0, 1, 2)
_NEAR: Final = (-1, 0, 1)
_NUMBER: Final = re.compile(r"[\d.,%]+")


def features_of(tokens: Tokens, states: States, number: int) -> Iterator[list[str]]:
    """Yield the features of the tokens of a sentence, by its number: what :class:`Model` sums."""
    first, stop = tokens.sentences[number]
    for place in range(first, stop):
        found = ["b", *(["cell"] if tokens.cells[number] else [])]
        for offset in _OFFSETS:
            other = place + offset
            if not first <= other < stop:
                found.append(f"{offset}edge")
                continue
            found += _of_word(offset, (tokens.texts[other], tokens.tags[other]))
            if offset in _NEAR:
                found += _of_name(offset, (states.label[other], states.rule[other]))
        for name, values in (("rr", states.label), ("pp", tokens.tags)):
            found.append(f"{name}={values[place - 1] if place > first else ''}|{values[place]}")
        following = tokens.tags[place + 1] if place + 1 < stop else ""
        found.append(f"pn={tokens.tags[place]}|{following}")
        found += _of_state("t", [states.verb[place]])
        found += _of_state("cqn", states.marked.values[states.marked.codes[place]])
        yield found


def _of_word(offset: int, word: tuple[str, str]) -> list[str]:
    """Return the features of a word and its tag, seen from the token ``offset`` words before it."""
    looks, near = _looks_of(*word)
    if offset not in _NEAR:
        return [f"{offset}{look}" for look in looks]
    found = [f"{offset}{look}" for look in (*looks, *near)]
    if offset == 0:
        text, shape = word[0], looks[0][2:]
        found += [f"l={min(len(text), 4)}", f"a={shape[0]}", f"zz={shape[-2:]}"]
    return found


# One word is seen from several places in turn.
@table_cache(16)
def _looks_of(text: str, tag: str) -> tuple[list[str], list[str]]:
    """Return what is seen of a word and its tag from afar, and what more from near by."""
    shape = "0" if _NUMBER.fullmatch(text) else text
    near = [f"z={shape[-1]}", f"h={_head_of(text)}"]
    if "\u4e00" <= text[0] <= "\u9fff" and not is_known(text):
        near.append("k")
    if by_short_name(text) or by_name(text):
        near.append("d")
    if GRADE.fullmatch(text):
        near.append("g")
    return [f"w={shape}", f"p={tag}"], near


def _head_of(word: str) -> str:
    known = heads()
    for cut in range(len(word)):
        head = known.get(word[cut:])
        if head is not None:
            return head.label + ("-" if cut else "")
    return ""


def _of_name(offset: int, name: tuple[str, str]) -> list[str]:
    return [f"{offset}r={name[0]}", f"{offset}R={name[1]}"]


def _of_verb(name: str, word: tuple[str, str]) -> list[str]:
    return _of_state(name, word[:1])


def _of_state(names: str, values: Sequence[str]) -> list[str]:
    return [f"{name}={value}" for name, value in zip(names, values, strict=True)]


# The model.


class _Sums(dict[Any, int]):
    """Rows of summed weights by key, one for each of the places a key is seen from.

    Row 0 is that of a place beyond the edge of the sentence.
    """

    def __init__(self, model: Model, expand: Callable[..., list[str]], seen: Sequence[Any]) -> None:
        self._table = _Table(model, expand, seen)

    @property
    def rows(self) -> list[_Floats]:
        """The rows, for each place a key is seen from."""
        return self._table.rows

    def ids(self, keys: Sequence[Any]) -> Ints:
        """Return the rows of keys."""
        import numpy as np

        if len(self) + len(keys) > _MOST_KEYS:
            self.clear()
        new = list(dict.fromkeys(key for key in keys if key not in self))
        if new:
            first = len(self) + 1
            self._table.set(np.arange(first, first + len(new)), new)
            self.update(zip(new, range(first, first + len(new)), strict=True))
        return np.array([self[key] for key in keys], dtype=np.int64)


class _Table:
    """Rows of summed weights, one table for each of the places from which something is seen."""

    def __init__(self, model: Model, expand: Callable[..., list[str]], seen: Sequence[Any]) -> None:
        import numpy as np

        self._model = model
        self._expand = expand
        self._seen = seen
        self.rows: list[_Floats] = [
            np.zeros((256, len(model.labels)), dtype=np.float32) for _ in seen
        ]

    def set(self, places: Ints, keys: Sequence[Any]) -> None:
        """Set the rows of keys, all at once: each array operation costs more than its arithmetic."""
        self.rows = [grown(rows, int(places.max()) + 1) for rows in self.rows]
        for rows, one in zip(self.rows, self._seen, strict=True):
            rows[places] = self._model.vectors([self._expand(one, key) for key in keys])


class _WordSums:
    """Rows of summed weights by the number of a word; row 0 is that of no word."""

    def __init__(
        self,
        model: Model,
        expand: Callable[..., list[str]],
        seen: Sequence[Any],
        none: list[_Floats],
    ) -> None:
        self._made_of = model, expand, seen
        self._none = none
        self._known: Vocabulary | None = None

    def rows(self, known: Vocabulary, numbers: Ints) -> list[_Floats]:
        """Return the tables, in which a word's row is one behind its number."""
        import numpy as np

        if self._known is not known:
            self._known, self._table = known, _Table(*self._made_of)
            self._filled = np.zeros(256, dtype=np.bool_)
            for rows, row in zip(self._table.rows, self._none, strict=True):
                rows[0] = row
        self._filled = grown(self._filled, len(known.texts))
        if not self._filled[numbers].all():
            new = np.unique(numbers[~self._filled[numbers]])
            words = [(known.texts[number], known.tags[number]) for number in new.tolist()]
            self._table.set(new + 1, words)
            self._filled[new] = True
        return self._table.rows


_MOST_KEYS: Final = 50_000


class Model:
    """The weights of features and of transitions, with the sums that were asked for so far."""

    def __init__(
        self,
        labels: Sequence[str],
        transitions: Sequence[Sequence[float]],
        weights: Mapping[str, Mapping[str, float]],
    ) -> None:
        import numpy as np

        self.labels = list(labels)
        self._numbers = {feature: number for number, feature in enumerate(weights, start=1)}
        self._dense = np.zeros((len(weights) + 1, len(self.labels)))
        for number, own in enumerate(weights.values(), start=1):
            self._dense[number, list(map(int, own))] = list(own.values())
        self._passing: _Floats = np.exp(np.array(transitions, dtype=np.float64))
        if self._passing.shape != (len(labels), len(labels)):
            raise ValueError(f"transitions between {len(labels)} labels: {self._passing.shape}")
        self._beginning: _Floats = self.vectors([["b"], [], ["cell"]]).astype(np.float32)
        edges = [self.vector([f"{offset}edge"]) for offset in _OFFSETS]
        self._words = _WordSums(self, _of_word, _OFFSETS, edges)
        self._verbs = _WordSums(self, _of_verb, ["t"], [self.vector(["t="])])
        self._named = _Sums(self, _of_name, _NEAR)
        # Most tokens are in no list and no quotation, so that these three are looked up as one.
        self._marked = _Sums(self, _of_state, ["cqn"])
        self._tag_ids, self._before, self._behind = self._pairs("pp", "pn")
        self._label_ids, self._labelled = self._pairs("rr")

    def vector(self, features: Sequence[str]) -> _Floats:
        """Return the sum of the weights of features, by label."""
        found: _Floats = self.vectors([features])[0]
        return found

    def vectors(self, many: Sequence[Sequence[str]]) -> _Floats:
        """Return the sums of the weights of many sets of features, a row for each."""
        import numpy as np

        known = self._numbers
        # Each begins with the row of zeros, so that none is empty. In which order a sum is taken shows in
        # no single-precision number: the weights have three decimals.
        rows = [[0, *[known[one] for one in features if one in known]] for features in many]
        starts = [0, *accumulate(map(len, rows[:-1]))]
        found: _Floats = np.add.reduceat(self._dense.take(list(chain(*rows)), axis=0), starts)
        return found

    def _pairs(self, *names: str) -> Any:
        """Return the numbers of the values that occur in pairs, and the sums of each pair by name.

        The number 0 is that of every other value.
        """
        import numpy as np

        known = [feature for feature in self._numbers if feature.partition("=")[0] in names]
        values = {value for feature in known for value in feature.partition("=")[2].split("|")}
        ids = {value: number for number, value in enumerate(sorted(values), start=1)}
        tables = {
            name: np.zeros((len(ids) + 1, len(ids) + 1, len(self.labels)), np.float32)
            for name in names
        }
        for feature in known:
            name, _, pair = feature.partition("=")
            left, _, right = pair.partition("|")
            tables[name][ids[left], ids[right]] = self.vector([feature])
        return ids, *(tables[name] for name in names)

    def scores(self, tokens: Tokens, states: States) -> _Floats:
        """Return the score of each label for each token: the weights of :func:`features_of`."""
        return self.by_words(tokens) + self.by_states(tokens, states)

    def by_words(self, tokens: Tokens) -> _Floats:
        """Return what the words around each token add to its scores."""
        import numpy as np

        places = np.append(tokens.numbers + 1, 0)
        total = np.tile(self._beginning[0], (len(tokens.numbers), 1))
        tables = self._words.rows(tokens.known, tokens.numbers)
        for rows, offset in zip(tables, _OFFSETS, strict=True):
            total += rows.take(places.take(tokens.beside(offset)), axis=0)
        return total

    def by_states(self, tokens: Tokens, states: States) -> _Floats:
        """Return what surrounds each token and the pairs of neighbouring tags add to its scores."""
        import numpy as np

        seen = {offset: tokens.beside(offset) for offset in _NEAR}
        verbs = self._verbs.rows(tokens.known, states.verbs[states.verbs >= 0])[0]
        total = verbs.take(states.verbs + 1, axis=0)
        marked = self._marked.ids(states.marked.values)[states.marked.codes]
        total += self._marked.rows[0].take(marked, axis=0)
        total += self._beginning.take(tokens.in_cell[tokens.sentence] + 1, axis=0)
        ids = np.append(self._named.ids(states.named.values)[states.named.codes], 0)
        for rows, offset in zip(self._named.rows, _NEAR, strict=True):
            total += rows.take(ids.take(seen[offset]), axis=0)
        # Behind the last stands what is at a sentence's edge: nothing.
        tags = np.append(tokens.known.answers(self._tag_id)[tokens.numbers], self._tag_id("", ""))
        known = [self._label_ids.get(label, 0) for label, _ in (*states.named.values, ("", ""))]
        labels = np.array(known)[np.append(states.named.codes, -1)]
        total += _of_pairs(self._before, tags[seen[-1]], tags[:-1])
        total += _of_pairs(self._behind, tags[:-1], tags[seen[1]])
        total += _of_pairs(self._labelled, labels[seen[-1]], labels[:-1])
        return total

    def _tag_id(self, _text: str, tag: str) -> int:
        return cast("int", self._tag_ids.get(tag, 0))

    def marginals(self, scores: _Floats, tokens: Tokens) -> _Floats:
        """Return the probability of each label for each token, by the forward-backward algorithm.

        All sentences take a step at once, from both of their ends; the tokens of a step stand side by
        side, those of the longest sentences first.
        """
        import numpy as np

        firsts, sizes = tokens.firsts, tokens.sizes
        ranked = np.argsort(-sizes, kind="stable")
        lengths = sizes[ranked]
        active = np.searchsorted(-lengths, -np.arange(lengths[0]))
        bounds = [0, *active.cumsum().tolist()]
        step_of = np.repeat(np.arange(len(active)), active)
        rank = ranked[_ranges(np.zeros_like(active), active)]
        ahead = firsts[rank] + step_of
        back = firsts[rank] + sizes[rank] - 1 - step_of
        # In double precision the products of eight steps stay in range, so that not every step has to be
        # scaled: of many short array operations each costs more than its arithmetic.
        local = np.exp(scores - _highest(scores)).astype(np.float64)
        count = len(self.labels)
        # Side by side in a row: what leads to a token from ahead, and to another one from behind.
        summed = local.take(np.stack([ahead, back], axis=1), axis=0).reshape(-1, 2 * count)
        reached = np.empty_like(summed)
        reached[: bounds[1]] = 1
        passing = np.zeros((2 * count, 2 * count))
        passing[:count, :count] = self._passing
        passing[count:, count:] = self._passing.T
        for step in range(1, len(active)):
            before, low, high = bounds[step - 1], bounds[step], bounds[step + 1]
            here = reached[low:high]
            np.matmul(summed[before : before + high - low], passing, out=here)
            if step % _UNSCALED == 0:
                ways = here.reshape(-1, 2, count)
                ways /= ways.sum(axis=2, keepdims=True)
            summed[low:high] *= here
        both: _Floats = np.empty_like(local)
        both[ahead] = summed[:, :count]
        local[back] = reached[:, count:]
        both *= local
        both /= (both @ np.ones(count))[:, np.newaxis]
        return both


_UNSCALED: Final = 8


def _highest(rows: _Floats) -> _Floats:
    """Return the maximum of each row, as a column: numpy is slow along short rows, and fast across."""
    import numpy as np

    highest: _Floats = np.ascontiguousarray(rows.T).max(axis=0)
    return highest[:, np.newaxis]


def _of_pairs(table: _Floats, left: Ints, right: Ints) -> _Floats:
    """Return the sums of pairs: ``table[left, right]``, by rows, which is several times faster."""
    size = len(table)
    return table.reshape(size * size, -1).take(left * size + right, axis=0)


@table_cache()
def model() -> Model:
    """Return the model in use, the user's or that of the package, read when first asked for.

    Raises
    ------
    ResourceError
        If the file holds no model.
    """
    return read_model(None)


def read_model(content: str | None) -> Model:
    """Return the model that a file's content holds; None: that in use.

    Raises
    ------
    ResourceError
        If it holds none.
    """

    def build(stored: Any) -> Model:
        return Model(stored["labels"], stored["transitions"], stored["weights"])

    return load_model("ner", build, content)


# Names.


class Judged(NamedTuple):
    """What a model makes of a text: its own names and those of the rules, each with its probability."""

    found: list[tuple[Name, float]]
    given: list[tuple[Name, float]]


def find_by_model(words: Words, names: Sequence[Name], used: Model | None = None) -> list[Name]:
    """Return the names of a text, once the model had its say on those the rules found.

    Parameters
    ----------
    words
        The words of the text.
    names
        What the rules found, in text order: none overlaps another.
    used
        Another model than that of the package.

    >>> text = "引进宏昱新材料、鑫达光电等项目6个。"
    >>> [text[name.start : name.end] for name in find_by_model(Words(text), [])]
    ['宏昱新材料', '鑫达光电']
    """
    return combine(judge(words, names, used or model()))


def judge(words: Words, names: Sequence[Name], used: Model) -> Judged:
    """Return what a model makes of a text and of the names the rules found in it."""
    tokens = tokens_of(words, names)
    if not len(tokens.numbers):
        return Judged([], [(name, 1.0) for name in names])
    tokens, scores = _promising(tokens, names, used)
    if not len(tokens.numbers):
        return Judged([], [])
    scores += used.by_states(tokens, states_of(tokens, names))
    likely = used.marginals(scores, tokens)
    found = [
        (name, sure)
        for one, sure in _spans(tokens, likely, used.labels)
        if (name := _balanced(words.text, one)) is not None
    ]
    return Judged(found, list(zip(names, _sureness(tokens, names, likely, used), strict=True)))


def _sureness(tokens: Tokens, names: Sequence[Name], likely: _Floats, used: Model) -> list[float]:
    """Return the probability of each name: the least of its tokens' for their labels."""
    import numpy as np

    if not names:
        return []
    column = {label: number for number, label in enumerate(used.labels)}
    firsts, stops = _places(tokens, names)
    sizes = stops - firsts
    starts = sizes.cumsum() - sizes
    labels = np.repeat([column.get(f"I-{name.label}", -1) for name in names], sizes)
    labels[starts] = [column.get(f"B-{name.label}", -1) for name in names]
    sure = likely[_ranges(firsts, sizes), labels]
    sure[labels < 0] = 0.0
    return cast("list[float]", np.minimum.reduceat(sure, starts).tolist())


# How much more the words around a token must speak for some label than for none. In sentences without a
# name of the rules this leaves out half of the tokens of the training specimens and three real reports,
# and none of the names that the model adds in them.
_PROMISES: Final = 0.25


def _promising(tokens: Tokens, names: Sequence[Name], used: Model) -> tuple[Tokens, _Floats]:
    """Return the tokens of the sentences that may hold a name, and their scores by words.

    Every sentence with a name of the rules is kept; of the others those where the words around some
    token speak for a name.
    """
    import numpy as np

    scores = used.by_words(tokens)
    outside = scores[:, used.labels.index(_OUTSIDE)] + _PROMISES
    speaks = (scores > outside[:, np.newaxis]).ravel()
    kept = np.logical_or.reduceat(speaks, tokens.firsts * len(used.labels))
    firsts, stops = _places(tokens, names)
    begins, ends = tokens.sentence[firsts].tolist(), tokens.sentence[stops - 1].tolist()
    for first, last in zip(begins, ends, strict=True):
        kept[first : last + 1] = True
    chosen, places = tokens.only(kept)
    return chosen, scores.take(places, axis=0)


def _spans(tokens: Tokens, likely: _Floats, labels: Sequence[str]) -> Iterator[tuple[Name, float]]:
    """Yield the runs of tokens whose likeliest labels make a name, with their least probability."""
    # Of no other token can the likeliest label be a name's.
    doubtful = (likely[:, labels.index(_OUTSIDE)] <= _HALF).nonzero()[0]
    rows = likely.take(doubtful, axis=0)
    best = rows.argmax(axis=1).tolist()
    surest = rows.max(axis=1).tolist()
    places = doubtful.tolist()
    sentences = tokens.sentence[doubtful].tolist()
    begins, ends = tokens.begins[doubtful].tolist(), tokens.behind[doubtful].tolist()
    column = {label: number for number, label in enumerate(labels)}
    following = [column.get("I" + label[1:]) if label[0] == "B" else None for label in labels]
    for at, highest in enumerate(best):
        inside = following[highest]
        if labels[highest][0] != "B":
            continue
        stop = at + 1
        while (
            stop < len(best)
            and best[stop] == inside
            and places[stop] - places[at] == stop - at
            and sentences[stop] == sentences[at]
        ):
            stop += 1
        label = cast("EntityLabel", labels[highest][2:])
        yield Name(begins[at], ends[stop - 1], label, RULE), min(surest[at:stop])


_HALF: Final = 0.5
_PAIRS: Final = ("“”", "（）", "()", "《》")
_MOST: Final = 40


def _balanced(text: str, name: Name) -> Name | None:
    """Return a name with the mark that closes or opens what stands in it; None where one lacks.

    >>> _balanced("（“晟拓杯”）", Name(1, 5, "HONOUR", RULE))
    Name(start=1, end=6, label='HONOUR', rule='model.crf')
    """
    start, end = name.start, name.end
    for opening, closing in () if text[start:end].isalnum() else _PAIRS:
        lacking = text.count(opening, start, end) - text.count(closing, start, end)
        if lacking == 1 and text[end : end + 1] == closing:
            end += 1
        elif lacking == -1 and text[start - 1 : start] == opening:
            start -= 1
        elif lacking:
            return None
    return name._replace(start=start, end=end) if 2 <= end - start <= _MOST else None


def combine(
    judged: Judged, adds: float = _ADDS, replaces: float = _REPLACES, drops: float = _DROPS
) -> list[Name]:
    """Return the names that stand: the rules', but where the model is sure of another or of none."""
    given = {name[:3] for name, _ in judged.given}
    own = {name[:3] for name, _ in judged.found}
    beaten: set[Name] = set()
    added: list[Name] = []
    starts = [name.start for name, _ in judged.given]
    ends = [name.end for name, _ in judged.given]
    for name, sure in judged.found:
        if name[:3] in given:
            continue
        rivals = judged.given[bisect_right(ends, name.start) : bisect_left(starts, name.end)]
        if sure >= (replaces if rivals else adds):
            beaten.update(rival for rival, _ in rivals)
            added.append(name)
    kept = [
        name
        for name, sure in judged.given
        if (sure >= drops or name.label in _SURE or name[:3] in own) and name not in beaten
    ]
    return settle([*kept, *added])
