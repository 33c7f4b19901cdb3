"""Offsets of words, and cutting tokens at the edges of records."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.errors import SettingsError
from jixiao.tokens import cut_at, offsets_of

word_lists = st.lists(st.text(min_size=1, max_size=6), max_size=20)


@st.composite
def tokens_and_edges(draw: st.DrawFn) -> tuple[list[tuple[int, int]], list[int]]:
    tokens = offsets_of(draw(word_lists))
    end = tokens[-1][1] if tokens else 0
    return tokens, draw(st.lists(st.integers(0, end)))


def ends_of(tokens: list[tuple[int, int]]) -> set[int]:
    return {0} | {end for _, end in tokens}


@given(word_lists)
def test_offsets_give_the_words_back(words: list[str]) -> None:
    text = "".join(words)
    assert [text[start:end] for start, end in offsets_of(words)] == words


def test_empty_words_have_no_offsets() -> None:
    assert offsets_of(["", "增长", "", "率", ""]) == [(0, 2), (2, 3)]


@given(tokens_and_edges())
def test_cutting_has_the_old_edges_the_new_ones_and_no_others(
    case: tuple[list[tuple[int, int]], list[int]],
) -> None:
    tokens, edges = case
    assert ends_of(cut_at(tokens, edges)) == ends_of(tokens) | set(edges)


@given(tokens_and_edges())
def test_cutting_keeps_the_partition(case: tuple[list[tuple[int, int]], list[int]]) -> None:
    pieces = cut_at(*case)
    assert all(start < end for start, end in pieces)
    assert all(left[1] == right[0] for left, right in pairwise(pieces))


@given(tokens_and_edges())
def test_cutting_twice_changes_nothing(case: tuple[list[tuple[int, int]], list[int]]) -> None:
    tokens, edges = case
    pieces = cut_at(tokens, edges)
    assert cut_at(pieces, reversed(edges)) == pieces


def test_one_token_is_cut_more_than_once() -> None:
    assert cut_at([(0, 6)], [4, 1, 4]) == [(0, 1), (1, 4), (4, 6)]


def test_tokens_of_a_part_of_a_text_keep_their_offsets() -> None:
    assert cut_at([(10, 14)], [10, 12, 14]) == [(10, 12), (12, 14)]


@pytest.mark.parametrize(
    ("tokens", "edge"), [([(0, 3)], 4), ([(0, 3)], -1), ([(2, 3)], 1), ([], 1)]
)
def test_an_edge_outside_is_refused(tokens: list[tuple[int, int]], edge: int) -> None:
    with pytest.raises(SettingsError, match=f"cannot be cut at {edge};"):
        cut_at(tokens, [edge])


def test_no_tokens_may_have_the_edge_of_the_empty_text() -> None:
    assert cut_at([], [0]) == []
