"""Chinese text made fit to be shown, and cut to lines.

A line is cut anywhere but inside numbers and words or before a closing mark.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

from rich.cells import get_character_cell_size
from rich.text import Text

SUPERSCRIPTS: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹"
# GB/T 15834—2011, 5.1.10: these begin no line. The digits of a tag stay with their number.
_NO_START: Final = frozenset("，。、；：？！）》〉」』”’】〕…,.;:?!)]}%％‰" + SUPERSCRIPTS)
_NO_END: Final = frozenset("（《〈「『“‘【〔([{￥¥")

# A longer styled part, of a heading or a name, is torn like other text.
_MOST_JOINED: Final = 12
# What moves a cursor, turns the direction of writing, or cannot be written at all.
UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


def seen(text: str) -> str:
    r"""Return a text without the characters that are not shown but do something.

    >>> seen("收入\x1b[31m15家\u202e")
    '收入[31m15家'
    """
    # Python counts each of them among what is not printable, and looks faster.
    return text if text.isprintable() else UNSEEN.sub("", text)


def one_line(text: str) -> str:
    r"""Return a text as one line that is safe to show: blanks and line ends as one space.

    >>> one_line("新增\n 　企业\x07 15家")
    '新增 企业 15家'
    """
    return seen(" ".join(text.split()))


def wrapped(text: Text, width: int) -> list[Text]:
    """Return ``text`` in lines of at most ``width`` cells; a Chinese character takes two.

    A line is cut earlier by some characters where a number, a Latin word, a mark or a styled part
    of up to 12 characters would be torn. An empty text gives one empty line.

    >>> [line.plain for line in wrapped(Text("全年投入385.08万元，增长30.6%。"), 12)]
    ['全年投入', '385.08万元，', '增长30.6%。']
    """
    short = [span for span in text.spans if span.end - span.start <= _MOST_JOINED]
    joined = {place for span in short for place in range(span.start + 1, span.end)}
    return list(text.divide(line_breaks(text.plain, width, joined)))


def line_breaks(text: str, width: int, joined: Container[int] = ()) -> list[int]:
    """Return the offsets at which ``text`` is cut to lines of ``width`` cells.

    No line is cut at an offset in ``joined`` if there is another place in its second half.
    """
    breaks: list[int] = []
    start = cells = 0
    for index, character in enumerate(text):
        size = get_character_cell_size(character)
        while cells + size > width and index > start:
            start = _break_before(text, start, index, joined)
            breaks.append(start)
            cells = sum(map(get_character_cell_size, text[start:index]))
        cells += size
    return breaks


def _break_before(text: str, start: int, index: int, joined: Container[int]) -> int:
    """Return the last allowed break in the second half of a line that is full at ``index``."""
    earliest = start + max((index - start) // 2, 1)
    for place in range(index, earliest - 1, -1):
        if place not in joined and _may_break(text[place - 1], text[place]):
            return place
    return index


def _may_break(before: str, after: str) -> bool:
    if after in _NO_START or before in _NO_END:
        return False
    return not (_is_tight(before) and _is_tight(after))


def _is_tight(character: str) -> bool:
    return character in "./-" or (character.isascii() and character.isalnum())
