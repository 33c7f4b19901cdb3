"""Names by a trained model: a linear-chain CRF over words that sees what the rules found.

``jixiao train ner`` fits the weights and writes them to ``ner.json``. Every feature is a
function of one word, of two neighbouring tags or labels, or of a small state, so that the weights of
each are summed once and looked up afterwards, and a document costs a few array operations.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, pairwise, repeat
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from jixiao.entities.heads import GRADE, heads
from jixiao.entities.names import Name, settle
from jixiao.entities.words import Words
from jixiao.records import EntityLabel
from jixiao.resources import MODELS, load_model, table_cache
from jixiao.resources.regions import by_name, by_short_name
from jixiao.tokens.tags import is_known

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    _Floats = npt.NDArray[np.float32]
    _Ints = npt.NDArray[np.int64]

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


class Tokens(NamedTuple):
    """The words of the sentences that may hold a name, cut where names of the rules begin and end.

    ``sentences`` holds half-open ranges of tokens, one after the other; ``cells`` says of each whether it
    begins a cell.
    """

    starts: list[int]
    ends: list[int]
    texts: list[str]
    tags: list[str]
    sentences: list[tuple[int, int]]
    cells: list[bool]


_STOPS: Final = frozenset(["。", "！", "？", "；", "\n", "\t", "\r", "\r\n"])
_BREAKS: Final = frozenset(["\n", "\t", "\r", "\r\n"])
_LONGEST: Final = 120
_HAN: Final = re.compile(r"[\u4e00-\u9fff]{2}")


def tokens_of(words: Words, names: Sequence[Name], edges: Sequence[int] = ()) -> Tokens:
    """Return the tokens in which the model looks for names; ``edges`` cut words further."""
    texts, tags, starts = _cut(words, {*edges, *(n.start for n in names), *(n.end for n in names)})
    text = words.text
    starts.append(len(text))
    named = sorted(name.start for name in names)
    found = Tokens([], [], [], [], [], [])
    for first, stop in _sentences(texts):
        start, end = starts[first], starts[stop]
        named_here = bisect_left(named, start) < bisect_left(named, end)
        if not named_here and not _HAN.search(text, start, end):
            continue
        place = len(found.texts)
        found.starts.extend(starts[first:stop])
        found.ends.extend(starts[first + 1 : stop + 1])
        found.texts.extend(texts[first:stop])
        found.tags.extend(tags[first:stop])
        found.sentences.append((place, len(found.texts)))
        found.cells.append(text[start - 1 : start] == "\t")
    return found


def _cut(words: Words, edges: set[int]) -> tuple[list[str], list[str], list[int]]:
    """Return the texts, tags and starts of words, cut at the edges that fall inside one."""
    inside: dict[int, list[int]] = {}
    for edge in sorted(edges):
        index = words.at(edge)
        if words.starts[index] < edge < words.ends[index]:
            inside.setdefault(index, []).append(edge)
    texts: list[str] = []
    tags: list[str] = []
    starts: list[int] = []
    last = 0
    for index, cuts in inside.items():
        texts += words.texts[last:index]
        tags += words.tags[last:index]
        starts += words.starts[last:index]
        pieces = [words.starts[index], *cuts, words.ends[index]]
        texts += [words.text[start:end] for start, end in pairwise(pieces)]
        tags += [words.tags[index]] * (len(pieces) - 1)
        starts += pieces[:-1]
        last = index + 1
    return texts + words.texts[last:], tags + words.tags[last:], starts + words.starts[last:]


def _sentences(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of words up to the ends of sentences, lines and cells, or as long as may be."""
    start = 0
    for stop in [i for i, text in enumerate(texts) if text in _STOPS] + [len(texts)]:
        end = stop if stop == len(texts) or texts[stop] in _BREAKS else stop + 1
        for first in range(start, end, _LONGEST):
            yield first, min(first + _LONGEST, end)
        start = stop + 1


# What surrounds a token.


class States(NamedTuple):
    """What surrounds each token: the rules' name, the verb before it, its list, its quotation."""

    label: list[str]
    rule: list[str]
    verb: list[str]
    closing: list[str]
    quote: list[str]
    behind: list[str]


_MARKS: Final = frozenset("，。；：！？（）()")
_MARKS_OR_LISTS: Final = _MARKS | {"、"}
_QUOTES: Final[Mapping[str, str]] = {"“": "”", '"': '"'}
_LONGEST_QUOTE: Final = 20
_SHORT, _MIDDLE = 5, 9


def states_of(tokens: Tokens, names: Sequence[Name]) -> States:
    """Return what surrounds each token."""
    count = len(tokens.texts)
    empty = [""] * count
    states = States([_OUTSIDE] * count, empty[:], empty[:], empty[:], empty[:], empty[:])
    _mark_names(tokens, names, states)
    for first, stop in tokens.sentences:
        texts = tokens.texts[first:stop]
        current = ""
        for place, tag in enumerate(tokens.tags[first:stop], start=first):
            states.verb[place] = current
            if tag == "p" or (tag[0] == "v" and tag != "vn"):
                current = tokens.texts[place]
        if "、" in texts:
            _mark_lists(tokens, first, stop, states.closing)
        if "“" in texts or '"' in texts:
            _mark_quotes(tokens, first, stop, states)
    return states


def _mark_names(tokens: Tokens, names: Sequence[Name], states: States) -> None:
    for name in names:
        first = bisect_left(tokens.starts, name.start)
        stop = bisect_left(tokens.starts, name.end)
        for place in range(first, stop):
            states.label[place] = ("B-" if place == first else "I-") + name.label
            states.rule[place] = name.rule + ("$" if place == stop - 1 else "")


def _mark_lists(tokens: Tokens, first: int, stop: int, closing: list[str]) -> None:
    """Mark the tokens of a clause with 、: with the noun behind 等 (``等3家企业``), or without."""
    start, listed, more, noun = first, False, False, ""
    for place in range(first, stop + 1):
        text = tokens.texts[place] if place < stop else "。"
        if text in _MARKS:
            if listed:
                closing[start:place] = [noun or ("?" if more else "-")] * (place - start)
            start, listed, more, noun = place + 1, False, False, ""
        elif text == "、":
            listed, more, noun = True, False, ""
        elif listed and text in ("等", "等等"):
            more = True
        elif more and tokens.tags[place][0] == "n":
            noun = text


def _mark_quotes(tokens: Tokens, first: int, stop: int, states: States) -> None:
    place = first
    while place < stop:
        mark = _QUOTES.get(tokens.texts[place])
        if mark is not None:
            limit = min(place + _LONGEST_QUOTE, stop)
            end = next((i for i in range(place + 1, limit) if tokens.texts[i] == mark), None)
            if end is not None:
                length = tokens.starts[end] - tokens.starts[place]
                size = "s" if length < _SHORT else "m" if length < _MIDDLE else "l"
                behind = tokens.texts[end + 1] if end + 1 < stop else ""
                states.quote[place : end + 1] = [size] * (end + 1 - place)
                states.behind[place : end + 1] = [behind] * (end + 1 - place)
                place = end
        place += 1


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
        for name, values in zip("tcqn", states[2:], strict=True):
            found += _of_state(name, [values[place]])
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


def _of_state(names: str, values: Sequence[str]) -> list[str]:
    return [f"{name}={value}" for name, value in zip(names, values, strict=True)]


# The model.


class _Sums(dict[Any, int]):
    """Rows of summed weights by key, one for each of the places a key is seen from.

    Row 0 is that of a place beyond the edge of the sentence.
    """

    def __init__(self, model: Model, expand: Callable[..., list[str]], seen: Sequence[Any]) -> None:
        import numpy as np

        self._model = model
        self._expand = expand
        self._seen = seen
        self.rows: list[_Floats] = [
            np.zeros((256, len(model.labels)), dtype=np.float32) for _ in seen
        ]

    def ids(self, keys: Iterable[Any]) -> _Ints:
        """Return the rows of keys."""
        import numpy as np

        asked = list(keys)
        if len(self) > _MOST_KEYS:
            self.clear()
        found = list(map(self.get, asked))
        if None in found:
            self._learn(list(dict.fromkeys(key for key in asked if key not in self)))
            found = list(map(self.get, asked))
        return np.fromiter(found, dtype=np.int64, count=len(found))

    def _learn(self, new: Sequence[Any]) -> None:
        """Add the rows of keys, all at once: each array operation costs more than its arithmetic."""
        import numpy as np

        first = len(self) + 1
        stop = first + len(new)
        if stop > len(self.rows[0]):
            grown = max(stop, 2 * len(self.rows[0])) - len(self.rows[0])
            self.rows = [np.pad(rows, ((0, grown), (0, 0))) for rows in self.rows]
        for rows, one in zip(self.rows, self._seen, strict=True):
            rows[first:stop] = self._model.vectors([self._expand(one, key) for key in new])
        self.update(zip(new, range(first, stop), strict=True))


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
        self._words = _Sums(self, _of_word, _OFFSETS)
        for rows, offset in zip(self._words.rows, _OFFSETS, strict=True):
            rows[0] = self.vector([f"{offset}edge"])
        self._named = _Sums(self, _of_name, _NEAR)
        # Most tokens are in no list and no quotation, so that these three are looked up as one.
        self._verbs = _Sums(self, _of_state, ["t"])
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

        ids = np.append(self._words.ids(zip(tokens.texts, tokens.tags, strict=True)), 0)
        number = _sentence_numbers(tokens)
        total = np.tile(np.array(self.vector(["b"]), dtype=np.float32), (len(number), 1))
        for rows, offset in zip(self._words.rows, _OFFSETS, strict=True):
            total += rows.take(ids.take(_seen(number, offset)), axis=0)
        return total

    def by_states(self, tokens: Tokens, states: States) -> _Floats:
        """Return what surrounds each token and the pairs of neighbouring tags add to its scores."""
        import numpy as np

        number = _sentence_numbers(tokens)
        seen = {offset: _seen(number, offset) for offset in _NEAR}
        verbs = self._verbs.ids(zip(states.verb, strict=True))
        total = self._verbs.rows[0].take(verbs, axis=0)
        marked = self._marked.ids(zip(*states[3:], strict=True))
        total += self._marked.rows[0].take(marked, axis=0)
        beginning = np.array([self.vector([]), self.vector(["cell"])], dtype=np.float32)
        total += beginning.take(np.array(tokens.cells, dtype=np.int64)[number], axis=0)
        ids = np.append(self._named.ids(zip(states.label, states.rule, strict=True)), 0)
        for rows, offset in zip(self._named.rows, _NEAR, strict=True):
            total += rows.take(ids.take(seen[offset]), axis=0)
        tags = _numbered(self._tag_ids, tokens.tags)
        labels = _numbered(self._label_ids, states.label)
        total += _of_pairs(self._before, tags[seen[-1]], tags[:-1])
        total += _of_pairs(self._behind, tags[:-1], tags[seen[1]])
        total += _of_pairs(self._labelled, labels[seen[-1]], labels[:-1])
        return total

    def marginals(self, scores: _Floats, sentences: Sequence[tuple[int, int]]) -> _Floats:
        """Return the probability of each label for each token, by the forward-backward algorithm.

        All sentences take a step at once; the tokens of a step stand side by side, those of the longest
        sentences first.
        """
        import numpy as np

        ranked = sorted(sentences, key=lambda one: one[0] - one[1])
        starts = np.array([first for first, _ in ranked])
        lengths = np.array([stop - first for first, stop in ranked])
        steps = int(lengths[0])
        active = np.searchsorted(-lengths, -np.arange(steps)).tolist()
        order = np.concatenate([starts[:many] + step for step, many in enumerate(active)])
        bounds = [0, *accumulate(active)]
        # In double precision the products of eight steps stay in range, so that not every step has to be
        # scaled: of many short array operations each costs more than its arithmetic.
        local = np.exp(scores - _highest(scores)).astype(np.float64).take(order, axis=0)
        ahead = np.ascontiguousarray(self._passing.T)
        forward = local.copy()
        backward = np.ones_like(local)
        for step in range(1, steps):
            many, low, before = active[step], bounds[step], bounds[step - 1]
            reached = forward[low : low + many]
            reached *= forward[before : before + many] @ self._passing
            if step % _UNSCALED == 0:
                reached /= reached.sum(axis=1, keepdims=True)
        for step in range(steps - 1, 0, -1):
            many, low, before = active[step], bounds[step], bounds[step - 1]
            reached = backward[before : before + many]
            here = slice(low, low + many)
            np.matmul(local[here] * backward[here], ahead, out=reached)
            if step % _UNSCALED == 0:
                reached /= reached.sum(axis=1, keepdims=True)
        both = forward * backward
        both /= (both @ np.ones(len(self.labels)))[:, np.newaxis]
        found: _Floats = both.take(np.argsort(order), axis=0)
        return found


_UNSCALED: Final = 8


def _highest(rows: _Floats) -> _Floats:
    """Return the maximum of each row, as a column: numpy is slow along short rows, and fast across."""
    import numpy as np

    highest: _Floats = np.ascontiguousarray(rows.T).max(axis=0)
    return highest[:, np.newaxis]


def _sentence_numbers(tokens: Tokens) -> _Ints:
    """Return the number of each token's sentence."""
    import numpy as np

    sizes = [stop - first for first, stop in tokens.sentences]
    return np.repeat(np.arange(len(sizes)), sizes)


def _of_pairs(table: _Floats, left: _Ints, right: _Ints) -> _Floats:
    """Return the sums of pairs: ``table[left, right]``, by rows, which is several times faster."""
    size = len(table)
    return table.reshape(size * size, -1).take(left * size + right, axis=0)


def _seen(number: _Ints, offset: int) -> _Ints:
    """Return the place ``offset`` behind each token, and -1 where it is in another sentence."""
    import numpy as np

    there = np.arange(len(number)) + offset
    inside = (there >= 0) & (there < len(number))
    there[~inside] = -1
    there[inside & (number[there] != number)] = -1
    return there


def _numbered(ids: Mapping[str, int], values: Sequence[str]) -> _Ints:
    """Return the numbers of values, and behind them that of the empty value at a sentence's edge."""
    import numpy as np

    known = map(ids.get, (*values, ""), repeat(0))
    return np.fromiter(known, dtype=np.int64, count=len(values) + 1)


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
    if not tokens.sentences:
        return Judged([], [(name, 1.0) for name in names])
    tokens, scores = _promising(tokens, names, used)
    if not tokens.sentences:
        return Judged([], [])
    scores += used.by_states(tokens, states_of(tokens, names))
    likely = used.marginals(scores, tokens.sentences)
    found = [
        (name, sure)
        for one, sure in _spans(tokens, likely, used.labels)
        if (name := _balanced(words.text, one)) is not None
    ]
    column = {label: number for number, label in enumerate(used.labels)}
    given = []
    for name in names:
        first, stop = bisect_left(tokens.starts, name.start), bisect_left(tokens.starts, name.end)
        begin, inside = column.get(f"B-{name.label}"), column.get(f"I-{name.label}")
        sure = 0.0 if begin is None else float(likely[first, begin])
        if stop > first + 1:
            sure = min(
                sure, 0.0 if inside is None else float(likely[first + 1 : stop, inside].min())
            )
        given.append((name, sure))
    return Judged(found, given)


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
    firsts = [first for first, _ in tokens.sentences]
    kept = np.logical_or.reduceat(speaks, np.array(firsts) * len(used.labels))
    for name in names:
        begin = bisect_right(firsts, bisect_left(tokens.starts, name.start)) - 1
        end = bisect_left(firsts, bisect_left(tokens.starts, name.end))
        kept[begin:end] = True
    left = kept[_sentence_numbers(tokens)].nonzero()[0]
    return _only(tokens, kept.nonzero()[0].tolist()), scores.take(left, axis=0)


def _only(tokens: Tokens, chosen: Sequence[int]) -> Tokens:
    """Return the tokens of the chosen sentences."""
    found = Tokens([], [], [], [], [], [])
    for number in chosen:
        first, stop = tokens.sentences[number]
        place = len(found.texts)
        found.starts.extend(tokens.starts[first:stop])
        found.ends.extend(tokens.ends[first:stop])
        found.texts.extend(tokens.texts[first:stop])
        found.tags.extend(tokens.tags[first:stop])
        found.sentences.append((place, place + stop - first))
        found.cells.append(tokens.cells[number])
    return found


def _spans(tokens: Tokens, likely: _Floats, labels: Sequence[str]) -> Iterator[tuple[Name, float]]:
    """Yield the runs of tokens whose likeliest labels make a name, with their least probability."""
    outside = labels.index(_OUTSIDE)
    # Of no other token can the likeliest label be a name's.
    doubtful = (likely[:, outside] <= _HALF).nonzero()[0]
    rows = likely.take(doubtful, axis=0)
    best = dict(zip(doubtful.tolist(), rows.argmax(axis=1).tolist(), strict=True))
    surest = dict(zip(best, rows.max(axis=1).tolist(), strict=True))
    ends = [stop for _, stop in tokens.sentences]
    for first, highest in best.items():
        label = labels[highest]
        if label[0] != "B":
            continue
        limit = ends[bisect_right(ends, first)]
        stop = first + 1
        while stop < limit and labels[best.get(stop, outside)] == "I-" + label[2:]:
            stop += 1
        start, end = tokens.starts[first], tokens.ends[stop - 1]
        name = Name(start, end, cast("EntityLabel", label[2:]), RULE)
        yield name, min(surest[place] for place in range(first, stop))


_HALF: Final = 0.5
_PAIRS: Final = ("“”", "（）", "()", "《》")
_MOST: Final = 40


def _balanced(text: str, name: Name) -> Name | None:
    """Return a name with the mark that closes or opens what stands in it; None where one lacks.

    >>> _balanced("（“晟拓杯”）", Name(1, 5, "HONOUR", RULE))
    Name(start=1, end=6, label='HONOUR', rule='model.crf')
    """
    start, end = name.start, name.end
    for opening, closing in _PAIRS:
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
    kept = [
        name
        for name, sure in judged.given
        if sure >= drops or name.label in _SURE or name[:3] in own
    ]
    starts = [name.start for name, _ in judged.given]
    ends = [name.end for name, _ in judged.given]
    for name, sure in judged.found:
        if name[:3] in given:
            continue
        rivals = judged.given[bisect_right(ends, name.start) : bisect_left(starts, name.end)]
        if sure >= (replaces if rivals else adds):
            beaten = {rival for rival, _ in rivals}
            kept = [one for one in kept if one not in beaten]
            kept.append(name)
    return settle(kept)
