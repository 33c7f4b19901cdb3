"""Words by number."""

from __future__ import annotations

import pytest

from jixiao.entities import vocabulary as module
from jixiao.entities.vocabulary import Vocabulary, vocabulary
from jixiao.entities.words import Words
from jixiao.resources import use_lexicon
from jixiao.tokens.tags import tag_words, tags_of

TEXT = "不忘初心，全年新增企业35家。企业由县商务局服务。"


def length(text: str, _tag: str) -> int:
    return len(text)


def test_words_have_the_tags_of_their_text() -> None:
    known = Vocabulary()
    for _ in range(2):
        numbers = known.read(TEXT)
        assert [(known.texts[n], known.tags[n]) for n in numbers] == tag_words(TEXT)


def test_a_word_that_is_cut_apart_alone_has_the_tag_it_has_in_its_text() -> None:
    assert len(tag_words("初心")) == 2
    assert tags_of(["企业", "初心"], TEXT) == [dict(tag_words(TEXT))[w] for w in ("企业", "初心")]


def test_a_word_with_another_tag_has_another_number() -> None:
    known = Vocabulary()
    (number,) = known.read("企业")
    assert known.number("企业", known.tags[number]) == number
    other = known.number("企业", "x")
    assert other != number
    assert known.number("企业", "x") == other
    assert (known.texts[other], known.tags[other]) == ("企业", "x")


def test_every_word_is_asked_once_and_later_ones_too() -> None:
    known = Vocabulary()
    for text in (TEXT, "".join(map(chr, range(0x4E00, 0x4F00)))):
        numbers = known.read(text)
        assert known.answers(length)[numbers].tolist() == [len(known.texts[n]) for n in numbers]
        assert list(known.listed(length)) == list(map(len, known.texts))


def test_a_large_vocabulary_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    words = Words(TEXT)
    assert Words(TEXT).vocabulary is words.vocabulary
    monkeypatch.setattr(module, "_MOST", 3)
    further = Words(TEXT)
    assert further.vocabulary is not words.vocabulary
    assert (further.texts, further.tags) == (words.texts, words.tags)


def test_a_users_words_are_heeded() -> None:
    before = vocabulary()
    try:
        use_lexicon("table,surface,tag\nwords,企业,v\n")
        words = Words(TEXT)
        assert words.tags[words.texts.index("企业")] == "v"
    finally:
        use_lexicon(None)
    assert vocabulary() is not before
    words = Words(TEXT)
    assert words.tags[words.texts.index("企业")] == "n"


def test_words_that_statistics_glued_are_cut() -> None:
    words = Words("由县商务局服务企业，向省财政厅争取资金。")
    assert "".join(words.texts) == words.text
    assert words.texts[:2] == ["由", "县"]
    assert [words.text[a:b] for a, b in zip(words.starts, words.ends, strict=True)] == words.texts
    assert [p for p in range(1, len(words.text) + 1) if words.ends_at(p)] == words.ends
