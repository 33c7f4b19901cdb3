r"""The segmentation engines and the one way to ask for them.

``jieba`` is the reference. ``jieba-fast`` is the same dictionary in Rust (``rjieba``). ``char``
makes every code point a token. ``pkuseg`` is spacy-pkuseg with a model that ``jixiao train pkuseg``
made. White space is never part of a word: each character of it is its own token, but for ``\r\n``,
which jieba keeps as one.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Protocol

from jixiao.errors import SettingsError
from jixiao.tokens.offsets import Token, offsets_of

if TYPE_CHECKING:
    import jieba
    import rjieba


class Segmenter(Protocol):
    """A callable that partitions a text into tokens."""

    def __call__(self, text: str, /) -> list[Token]:
        """Return the tokens of ``text`` in order; the empty text has none."""
        ...


def segment(text: str, engine: str = "jieba") -> list[Token]:
    r"""Return the tokens of a text: code-point offsets that cover it from end to end.

    Parameters
    ----------
    text
        Any string, white space included; it is not changed.
    engine
        One of :data:`ENGINES`.

    Returns
    -------
    list of (start, end)
        In order and half-open; each token starts where the one before ended. The empty text
        gives an empty list.

    Raises
    ------
    SettingsError
        If there is no such engine, or the package it needs is not installed.

    >>> text = "完成投资9.85亿元，\n同比增长42.3%"
    >>> [text[start:end] for start, end in segment(text)]
    ['完成', '投资', '9.85', '亿元', '，', '\n', '同比', '增长', '42.3%']
    >>> segment("增长", engine="char")
    [(0, 1), (1, 2)]
    """
    return load_segmenter(engine)(text)


@cache
def load_segmenter(engine: str = "jieba") -> Segmenter:
    """Return an engine, ready to use: its dictionary is read on the first call of a process.

    The engines share nothing with ``jieba.cut`` and ``rjieba.cut``: words that other code adds
    there change nothing here, and nothing here changes what they return.

    Raises
    ------
    SettingsError
        If there is no such engine, or the package it needs is not installed.

    >>> load_segmenter("char")("42%")
    [(0, 1), (1, 2), (2, 3)]
    """
    try:
        return _LOADERS[require_engine(engine)]()
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"the segmentation engine {engine!r} needs the package {error.name!r}, which is not "
            f"installed; install it, or choose another of {', '.join(ENGINES)}"
        ) from error


def require_engine(engine: str) -> str:
    """Return the engine's name, without loading it.

    Raises
    ------
    SettingsError
        If there is no such engine; the message lists those there are.

    >>> require_engine("jieba-fast")
    'jieba-fast'
    """
    if engine not in _LOADERS:
        raise SettingsError(
            f"no segmentation engine {engine!r}; expected one of {', '.join(ENGINES)}"
        )
    return engine


class _CharSegmenter:
    """Every code point a token."""

    def __call__(self, text: str, /) -> list[Token]:
        return list(pairwise(range(len(text) + 1)))


class _JiebaSegmenter:
    """The reference engine, on a dictionary of its own."""

    def __init__(self) -> None:
        self._jieba = _own_jieba()

    def __call__(self, text: str, /) -> list[Token]:
        return offsets_of(word for piece in _bounded(text) for word in self._jieba.cut(piece))


class _FastJiebaSegmenter:
    """The reference's dictionary and algorithm in Rust."""

    def __init__(self) -> None:
        import rjieba

        self._jieba: rjieba.Jieba = rjieba.Jieba()

    def __call__(self, text: str, /) -> list[Token]:
        try:
            words = self._jieba.cut(text)
        except UnicodeEncodeError:
            # Rust knows no lone surrogates: put a character of the same length in their place.
            words = self._jieba.cut(_SURROGATE.sub("\ufffd", text))
        return offsets_of(words, _edges_missed(text))


def _load_pkuseg() -> Segmenter:
    from jixiao.tokens.pkuseg import PkusegSegmenter

    return PkusegSegmenter()


def _own_jieba() -> jieba.Tokenizer:
    """Return a jieba tokenizer that shares no dictionary, reads no cache and logs nothing.

    ``Tokenizer.initialize`` would log to stderr and trust ``jieba.cache`` in the shared temporary
    folder, where any user or version may have left another dictionary. Reading the packaged one
    takes half a second more, once, and is always the same.
    """
    with warnings.catch_warnings():  # jieba's escapes are invalid to newer Pythons
        warnings.simplefilter("ignore")
        import jieba

    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer


_HAN_RUN_LIMIT: Final = 250
_HAN_RUN: Final = re.compile(f"[\u4e00-\u9fd5]{{1,{_HAN_RUN_LIMIT}}}+")
_JOINING_SIGN: Final = re.compile(
    r"[-+#&_%.](?<=[a-zA-Z0-9].)(?:(?<!\.)(?=[0-9])|(?<!&)(?=[a-zA-Z]))"
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def _edges_missed(text: str) -> Iterator[int]:
    """Yield the edges that jieba has and its Rust edition lacks: those of signs in numbers, names.

    Of ``1-9月``, ``0-10%`` and ``www.gov.cn`` rjieba 0.2.2 makes one word, where jieba keeps a sign
    apart unless it is the point of a number. (``AT&T`` is a word of the dictionary to both.)
    """
    for sign in _JOINING_SIGN.finditer(text):
        if sign.group() != "%":  # belongs to the number before it
            yield sign.start()
        yield sign.end()


def _bounded(text: str) -> Iterator[str]:
    """Yield the text in pieces in which no run of Chinese characters is longer than the limit.

    jieba copies its path for every character of a run it knows no word in: 20,000 times ``的``
    take three seconds. The longest run of the real reports at hand has 43 characters, so that
    ordinary text is one piece.
    """
    start = 0
    for run in _HAN_RUN.finditer(text):
        if run.end() - run.start() == _HAN_RUN_LIMIT:
            yield text[start : run.end()]
            start = run.end()
    yield text[start:]


_LOADERS: Final[dict[str, Callable[[], Segmenter]]] = {
    "jieba": _JiebaSegmenter,
    "jieba-fast": _FastJiebaSegmenter,
    "char": _CharSegmenter,
    "pkuseg": _load_pkuseg,
}

ENGINES: Final = tuple(_LOADERS)
"""The names of the engines, the reference first."""
