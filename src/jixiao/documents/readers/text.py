"""Bytes of a ``.txt`` file to its raw text: decoded, otherwise as it stands."""

from __future__ import annotations

import codecs
import re
from typing import Final

from jixiao.documents.readers.guard import refuse
from jixiao.errors import DocumentError
from jixiao.settings import Settings

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
# Bytes in a wrong encoding decode to Chinese characters all the same, but to rare ones. These are
# the most frequent of written Chinese and of reports, simplified and traditional: about a third of
# any Chinese text, under a hundredth of a text in the wrong encoding.
_FREQUENT: Final = frozenset(
    "的一是在不了有和人这中大为上个国我以要时来用们生到作地于出就分对成会可主发年动同工也能下过"
    "子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两"
    "体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新"
    "绩效报告资金项目支出预算单位管理评价指标市县区局万元情况财专"
    "這為國時來們會發動過說產種後經進著電裡現實點兩體機當從業應開還無與關間樣"
    "績報資項預單評價標區萬況財專"
)
# A few words of GB18030 without any frequent character.
_PLAIN_NAME: Final = re.compile(r"[\u3400-\u9fff\u2460-\u24ff\u3000-\u303f\uff00-\uff5e\s\d]{2,40}")
_SAMPLE: Final = 20_000
_MAX_CONTROL: Final = 0.002
_MIN_FREQUENT: Final = 0.06
_MAX_DAMAGE: Final = 0.01


def read_text(content: bytes, _settings: Settings) -> str:
    """Return the raw text of a ``.txt`` file (see :func:`decode_text`)."""
    return decode_text(content)


def decode_text(content: bytes) -> str:
    """Return the raw text of a ``.txt`` file: UTF-8, GB18030, else Big5 or UTF-16.

    Nothing is translated: a byte order mark, CRLF and full-width blanks are characters of the
    text, and offsets count them.

    Raises
    ------
    DocumentError
        If the content is empty, is binary, or is in no encoding that can be told.

    >>> decode_text("绩效报告".encode("gb18030"))
    '绩效报告'
    """
    if not content.strip():
        raise DocumentError(
            "the file is empty; a report with text was expected: check that it was saved completely"
        )
    refuse(content, ("zip", "ole", "pdf", "rtf"))
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _checked(_decode_marked(content, encoding), encoding)
    if b"\x00" in content[:_SAMPLE]:
        return _decode_unmarked_utf16(content)
    try:
        return _checked(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        return _decode_legacy(content, error.start)


def _decode_marked(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"the file's byte order mark says {encoding} but the bytes at {error.start} are not; "
            "save the file as UTF-8 and try again"
        ) from error


def _decode_unmarked_utf16(content: bytes) -> str:
    """Decode what holds NUL bytes: UTF-16 without its mark, if it reads as Chinese then."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = _try(content, encoding)
        if _frequent(text) >= _MIN_FREQUENT:
            return _checked(text, encoding)
    raise DocumentError(
        "the file is binary (it holds NUL bytes), not text; was another format named .txt? "
        "Rename it to its true suffix or save it as UTF-8 text"
    )


def _decode_legacy(content: bytes, damage: int) -> str:
    """Decode what is not UTF-8: GB18030 or Big5, whichever reads as Chinese.

    ``damage`` is the place of the first byte that is not UTF-8.
    """
    candidates = [(encoding, _try(content, encoding)) for encoding in ("gb18030", "big5hkscs")]
    encoding, text = max(candidates, key=lambda candidate: _frequent(candidate[1]))
    if _frequent(text) >= _MIN_FREQUENT or _PLAIN_NAME.fullmatch(text):
        return _checked(text, encoding)
    if content.decode("utf-8", "replace").count("\ufffd") <= _MAX_DAMAGE * len(content):
        raise DocumentError(
            f"the file is UTF-8 but for the bytes at {damage}: it is damaged or was cut off; "
            "save it again from its source as UTF-8"
        )
    raise DocumentError(
        "the file is neither UTF-8 nor GB18030 (nor Big5) and its encoding cannot be told; open it "
        "in the program it came from, save it as UTF-8 and try again"
    )


def _try(content: bytes, encoding: str) -> str:
    """Return the content decoded, or an empty text if it is not in this encoding."""
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return ""


def _frequent(text: str) -> float:
    """Return the share of frequent characters among the Chinese ones, 0 where there are none."""
    han = _HAN.findall(text[:_SAMPLE])
    return sum(char in _FREQUENT for char in han) / len(han) if han else 0.0


def _checked(text: str, encoding: str) -> str:
    sample = text[:_SAMPLE]
    if len(_CONTROL.findall(sample)) > _MAX_CONTROL * len(sample):
        raise DocumentError(
            f"the file decodes as {encoding} but is full of control characters: it is binary, not "
            "text; rename it to its true suffix or save it as UTF-8 text"
        )
    if not text.strip("\ufeff\u200b \t\r\n\x0b\x0c\u3000\u00a0"):
        raise DocumentError(
            "the file holds only blanks; a report with text was expected: check that it was saved "
            "completely"
        )
    return text
