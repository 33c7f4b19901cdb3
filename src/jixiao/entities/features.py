"""What the model is told of a word and of what surrounds it, as the names of weights."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from jixiao.entities.heads import GRADE, heads
from jixiao.entities.sequences import Tokens
from jixiao.entities.states import States
from jixiao.resources import table_cache
from jixiao.resources.regions import by_name, by_short_name
from jixiao.tokens.tags import is_known

OFFSETS: Final = (-2, -1, 0, 1, 2)
NEAR: Final = (-1, 0, 1)
_NUMBER: Final = re.compile(r"[\d.,%]+")


def features_of(tokens: Tokens, states: States, number: int) -> Iterator[list[str]]:
    """Yield the features of the tokens of a sentence, by its number: what :class:`Model` sums."""
    first, stop = tokens.sentences[number]
    for place in range(first, stop):
        found = ["b", *(["cell"] if tokens.cells[number] else [])]
        for offset in OFFSETS:
            other = place + offset
            if not first <= other < stop:
                found.append(f"{offset}edge")
                continue
            found += of_word(offset, (tokens.texts[other], tokens.tags[other]))
            if offset in NEAR:
                found += of_name(offset, (states.label[other], states.rule[other]))
        for name, values in (("rr", states.label), ("pp", tokens.tags)):
            found.append(f"{name}={values[place - 1] if place > first else ''}|{values[place]}")
        following = tokens.tags[place + 1] if place + 1 < stop else ""
        found.append(f"pn={tokens.tags[place]}|{following}")
        found += of_state("t", [states.verb[place]])
        found += of_state("cqn", states.marked.values[states.marked.codes[place]])
        yield found


def of_word(offset: int, word: tuple[str, str]) -> list[str]:
    """Return the features of a word and its tag, seen from the token ``offset`` words before it."""
    looks, near = _looks_of(*word)
    if offset not in NEAR:
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


def of_name(offset: int, name: tuple[str, str]) -> list[str]:
    """Return the features of a rule's name at a word: its label and the rule."""
    return [f"{offset}r={name[0]}", f"{offset}R={name[1]}"]


def of_verb(name: str, word: tuple[str, str]) -> list[str]:
    """Return the feature of the verb that governs a word, as :func:`of_state`."""
    return of_state(name, word[:1])


def of_state(names: str, values: Sequence[str]) -> list[str]:
    """Return the features of a state, each value under its name."""
    return [f"{name}={value}" for name, value in zip(names, values, strict=True)]
