"""Tokens as offsets: half-open, in order, and together the whole text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import TypeAlias

from jixiao.errors import SettingsError

Token: TypeAlias = tuple[int, int]
"""``(start, end)`` of one token: code points in the text, half-open, never empty."""


def offsets_of(words: Iterable[str], more_edges: Iterable[int] = ()) -> list[Token]:
    """Return the offsets of words that, joined, are the text.

    Empty words are left out; no words give no tokens. Words are cut at ``more_edges``, which lie
    inside the text.

    >>> offsets_of(["增长", "42.3%"])
    [(0, 2), (2, 7)]
    >>> offsets_of(["1-9", "月"], [1, 2])
    [(0, 1), (1, 2), (2, 3), (3, 4)]
    """
    return _between([*accumulate(map(len, words), initial=0), *more_edges])


def cut_at(tokens: Sequence[Token], edges: Iterable[int]) -> list[Token]:
    """Return the tokens, split wherever an edge falls inside one.

    Afterwards every edge is the start or the end of a token, so that a record whose ends are
    among the edges is made of whole tokens. No token is ever joined. jieba's words cut across
    the ends of every seventh entity of the real reports: ``率达`` of ``预算执行率达92%`` is one.

    Parameters
    ----------
    tokens
        Tokens in order that leave no gap, as :func:`~jixiao.tokens.segment` gives them.
    edges
        Offsets in any order, repeated or not, from the first token's start to the last one's end.

    Raises
    ------
    SettingsError
        If an edge lies outside the tokens: it was taken from another text.

    >>> cut_at([(0, 2), (2, 3), (3, 5)], [4, 2])
    [(0, 2), (2, 3), (3, 4), (4, 5)]
    """
    cuts = sorted(set(edges))
    _require_inside(cuts, tokens)
    if not tokens or not cuts:
        return list(tokens)
    return _between([tokens[0][0], *(end for _, end in tokens), *cuts])


def _between(edges: list[int]) -> list[Token]:
    edges.sort()  # a few runs in order, so linear
    return list(pairwise(dict.fromkeys(edges)))


def _require_inside(cuts: Sequence[int], tokens: Sequence[Token]) -> None:
    low, high = (tokens[0][0], tokens[-1][1]) if tokens else (0, 0)
    if cuts and (cuts[0] < low or cuts[-1] > high):
        outside = cuts[0] if cuts[0] < low else cuts[-1]
        raise SettingsError(
            f"tokens cannot be cut at {outside}; expected an offset from {low} to {high}, the text "
            "these tokens cover; were the edges taken from another text?"
        )
