"""Words with their parts of speech, from the dictionary of jieba and the tables of this package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from jixiao.resources import read_table, table_cache

if TYPE_CHECKING:
    import rjieba


class Word(NamedTuple):
    """A word and its part of speech in the tag set of ICTCLAS (``n`` noun, ``v`` verb, ``vn`` …)."""

    text: str
    tag: str


@table_cache(16384)
def tagged(text: str) -> tuple[Word, ...]:
    """Return the words of a text in order, each with the tag its dictionary gives it.

    The words of ``words.csv`` join the dictionary of jieba: names of the genre that it cuts apart,
    and words it tags wrongly. Words that neither knows have the tag ``x``, as marks have; the empty
    text has no words.

    >>> tagged("新增内设机构")
    (Word(text='新增', tag='v'), Word(text='内设机构', tag='n'))
    """
    return tuple(Word(word, tag) for word, tag in tag_words(text))


def tag_words(text: str) -> list[tuple[str, str]]:
    """Return the words of a long text with their tags, as :func:`tagged`, as plain pairs."""
    corrected = _corrected()
    return [
        (pair[0], corrected[pair[0]]) if pair[0] in corrected else pair
        for pair in _dictionary().tag(text)
    ]


def cut_words(text: str) -> list[str]:
    """Return the words of a long text, as :func:`tagged`, without their tags."""
    return _dictionary().cut(text)


def tags_of(words: Sequence[str], text: str) -> list[str]:
    """Return the tags of words that occur in a text: the same wherever a word stands.

    Looking words up costs more than cutting a text, so that callers remember the tags.

    >>> tags_of(["企业", "新增"], "新增企业")
    ['n', 'v']
    """
    corrected = _corrected()
    found = [corrected.get(word) or _lone_tag(word) for word in words]
    if None in found:
        # Alone a word may be cut apart that is one in its sentence (初心).
        tags = dict(tag_words(text))
        return [tag or tags[word] for word, tag in zip(words, found, strict=True)]
    return cast("list[str]", found)


def _lone_tag(word: str) -> str | None:
    """Return the tag of a word that stands alone; None where the dictionary cuts it apart then."""
    pairs = _dictionary().tag(word)
    return pairs[0][1] if len(pairs) == 1 else None


@table_cache(16384)
def is_known(word: str) -> bool:
    """Tell whether a word stands in the dictionary; what it cuts by statistics alone does not.

    >>> is_known("企业"), is_known("岚江")
    (True, False)
    """
    return _dictionary().has_word(word)


@table_cache()
def _corrected() -> dict[str, str]:
    return {row["surface"]: row["tag"] for row in read_table("words.csv")}


@table_cache()
def _dictionary() -> rjieba.Jieba:
    """Return the dictionary, shared with nobody, with the words of the table in it."""
    import rjieba

    dictionary = rjieba.Jieba()
    for surface, tag in _corrected().items():
        if not dictionary.has_word(surface):
            dictionary.add_word(surface, dictionary.suggest_freq(surface), tag)
    return dictionary
