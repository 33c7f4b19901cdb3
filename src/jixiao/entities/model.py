"""Names by a trained model: a linear-chain CRF over words that sees what the rules found.

``jixiao train ner`` fits the weights and writes them to ``ner.json``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from jixiao.entities.crf import Model, model
from jixiao.entities.names import Name, settle
from jixiao.entities.sequences import Tokens, places_of, ranges, tokens_of
from jixiao.entities.states import OUTSIDE, states_of
from jixiao.entities.words import Words
from jixiao.records import EntityLabel

if TYPE_CHECKING:
    from jixiao.entities.crf import Floats

RULE: Final = "model.crf"
# Measured with each training specimen left out: how sure the model must be to add a name, to put one
# in the place of a rule's; and how unlikely it must find a rule's name for it to go.
_ADDS: Final = 0.8
_REPLACES: Final = 0.8
_DROPS: Final = 0.02
# What has a form of its own is never doubted.
_SURE: Final = frozenset({"DOCUMENT", "PERSON"})


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


def _sureness(tokens: Tokens, names: Sequence[Name], likely: Floats, used: Model) -> list[float]:
    """Return the probability of each name: the least of its tokens' for their labels."""
    import numpy as np

    if not names:
        return []
    column = {label: number for number, label in enumerate(used.labels)}
    firsts, stops = places_of(tokens, names)
    sizes = stops - firsts
    starts = sizes.cumsum() - sizes
    labels = np.repeat([column.get(f"I-{name.label}", -1) for name in names], sizes)
    labels[starts] = [column.get(f"B-{name.label}", -1) for name in names]
    sure = likely[ranges(firsts, sizes), labels]
    sure[labels < 0] = 0.0
    return cast("list[float]", np.minimum.reduceat(sure, starts).tolist())


# How much more the words around a token must speak for some label than for none. In sentences without a
# name of the rules this leaves out half of the tokens of the training specimens and three real reports,
# and none of the names that the model adds in them.
_PROMISES: Final = 0.25


def _promising(tokens: Tokens, names: Sequence[Name], used: Model) -> tuple[Tokens, Floats]:
    """Return the tokens of the sentences that may hold a name, and their scores by words.

    Every sentence with a name of the rules is kept; of the others those where the words around some
    token speak for a name.
    """
    import numpy as np

    scores = used.by_words(tokens)
    outside = scores[:, used.labels.index(OUTSIDE)] + _PROMISES
    speaks = (scores > outside[:, np.newaxis]).ravel()
    kept = np.logical_or.reduceat(speaks, tokens.firsts * len(used.labels))
    firsts, stops = places_of(tokens, names)
    begins, ends = tokens.sentence[firsts].tolist(), tokens.sentence[stops - 1].tolist()
    for first, last in zip(begins, ends, strict=True):
        kept[first : last + 1] = True
    chosen, places = tokens.only(kept)
    return chosen, scores.take(places, axis=0)


def _spans(tokens: Tokens, likely: Floats, labels: Sequence[str]) -> Iterator[tuple[Name, float]]:
    """Yield the runs of tokens whose likeliest labels make a name, with their least probability."""
    # Of no other token can the likeliest label be a name's.
    doubtful = (likely[:, labels.index(OUTSIDE)] <= _HALF).nonzero()[0]
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
