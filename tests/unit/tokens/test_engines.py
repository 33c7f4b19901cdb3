"""The engines: each partitions any text, touches nothing of others, and says what it lacks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.errors import SettingsError
from jixiao.tokens import ENGINES, Token, load_segmenter, segment

REPORT_CHARACTERS = (
    "完成投资增长率达预算执行企业家亿元万的一二三0123456789.,%-，。 \t\r\n\u3000😀a\u200b\u0301"
)
texts = st.text(max_size=80) | st.text(REPORT_CHARACTERS, max_size=80)


@pytest.fixture(scope="module", autouse=True)
def _dictionaries_are_read() -> None:
    for engine in ENGINES:
        load_segmenter(engine)


def words(text: str, engine: str) -> list[str]:
    return [text[start:end] for start, end in segment(text, engine)]


def is_partition(tokens: list[Token], length: int) -> bool:
    edges = [0, *(end for _, end in tokens)]
    return [start for start, _ in tokens] == edges[:-1] and edges[-1] == length


@pytest.mark.parametrize("engine", ENGINES)
@settings(deadline=None)
@given(text=texts)
def test_tokens_partition_the_text(engine: str, text: str) -> None:
    tokens = segment(text, engine)
    assert is_partition(tokens, len(text))
    assert all(start < end for start, end in tokens)


@pytest.mark.parametrize("engine", ENGINES)
@settings(deadline=None)
@given(text=texts)
def test_white_space_is_never_part_of_a_word(engine: str, text: str) -> None:
    for word in words(text, engine):
        assert word.isspace() or not any(character.isspace() for character in word)


@settings(deadline=None)
@given(text=texts)
def test_jieba_is_what_jieba_returns(text: str) -> None:
    assert words(text, "jieba") == jieba.lcut(text)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_empty_text_has_no_tokens(engine: str) -> None:
    assert segment("", engine) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_lone_surrogates_are_tokens(engine: str) -> None:
    assert is_partition(segment("增长\ud800家", engine), 4)


def test_offsets_are_code_points_after_emoji() -> None:
    for engine in ENGINES:
        assert segment("😀👨家", engine)[-1] == (2, 3)


def test_the_reference_is_the_default() -> None:
    assert ENGINES[0] == "jieba"
    assert segment("同比增长42.3%") == segment("同比增长42.3%", "jieba") == [(0, 2), (2, 4), (4, 9)]


@pytest.mark.parametrize("engine", ["hanlp", "", "Jieba"])
def test_an_unknown_engine_is_refused_with_those_there_are(engine: str) -> None:
    with pytest.raises(SettingsError, match="expected one of jieba, jieba-fast, char, pkuseg"):
        segment("增长", engine)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    load_segmenter.cache_clear()
    monkeypatch.setitem(sys.modules, "rjieba", None)
    with pytest.raises(SettingsError, match="'jieba-fast' needs the package 'rjieba'"):
        load_segmenter("jieba-fast")


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)


ADDED_ELSEWHERE = """
import jieba, rjieba
from jixiao.tokens import ENGINES, segment
text = "绩效九成"
before = [segment(text, engine) for engine in ENGINES]
jieba.setLogLevel(60)
jieba.add_word(text, 10**7)
rjieba.add_word(text, 10**7, None)
print(jieba.lcut(text) == rjieba.cut(text) == [text])
print([segment(text, engine) for engine in ENGINES] == before)
"""


def test_words_added_elsewhere_change_nothing() -> None:
    assert run_python(ADDED_ELSEWHERE).stdout.split() == ["True", "True"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("unit", ["的", "龘", "一百二十三万", "1", "1,1,1,", "12.", "-", "\r\n"])
def test_long_runs_take_linear_time(
    engine: str, unit: str, assert_linear: Callable[..., None]
) -> None:
    text = unit * (20_000 // len(unit))
    assert is_partition(segment(text, engine), len(text))
    assert_linear(lambda length: partial(segment, text[:length], engine), len(text) // 8)


def test_importing_loads_no_engine() -> None:
    code = "import sys, jixiao.tokens; print({'jieba', 'rjieba', 'spacy', 'spacy_pkuseg'} & set(sys.modules))"
    assert run_python(code).stdout.strip() == "set()"


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_load_in_silence(engine: str) -> None:
    done = run_python(f"from jixiao.tokens import segment; segment('同比增长', {engine!r})")
    assert (done.stdout, done.stderr) == ("", "")
