"""The words of an argument: without the adverbs and marks around them, at most so long."""

from __future__ import annotations

import re
from typing import Final

ADVERBS: Final = re.compile(
    r"(?:成功|顺利|已经?|共|累计|分别|均|全部|先后|再次|连续[^，。]{0,4}|首次|率先|正式|双双|实现|新|又|也|还|被|获|"
    r"于\d{1,2}月(?:\d{1,2}日)?|在|目前|合计|总数|[ \u3000，、：:])+$"
)
EDGES: Final = " \u3000\n\t，、：:；了的"
MAX_TEXT: Final = 80
_BLANKS: Final = re.compile(r"[ \u3000\n\t]+")
_REACH: Final = 12


def without_end(pattern: re.Pattern[str], phrase: str) -> str:
    """Return a phrase without the words a pattern finds at its end; only the end is read."""
    found = pattern.search(phrase, max(len(phrase) - _REACH, 0))
    return phrase[: found.start()] if found else phrase


def clean(phrase: str) -> str | None:
    """Return a phrase without blanks and marks at its edges; None where hardly anything is left.

    >>> clean("，县图书馆 ："), clean("了")
    ('县图书馆', None)
    """
    phrase = _BLANKS.sub(" ", phrase).strip(EDGES)
    return phrase[:MAX_TEXT] if len(phrase) > 1 else None
