"""Bytes of a ``.txt`` file to its raw text: decoded, otherwise as it stands."""

from __future__ import annotations

import codecs
import re
from typing import Final

from jixiao.errors import DocumentError

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
# GB18030 decodes almost any bytes; text that is really Chinese consists of these.
_EXPECTED: Final = re.compile(r"[\u3000-\u303f\uff00-\uffef\u4e00-\u9fff\x09-\x7e\u2010-\u2027]")
_SAMPLE: Final = 20_000
_MAX_CONTROL: Final = 0.002
_MIN_EXPECTED: Final = 0.9


def decode_text(content: bytes) -> str:
    """Return the raw text of a ``.txt`` file: UTF-8, GB18030, or another encoding if detected.

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
        raise DocumentError("the file is empty; a report with text was expected")
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _checked(_decode(content, encoding), encoding)
    if b"\x00" in content[:_SAMPLE]:
        raise DocumentError(
            "the file is binary (it holds NUL bytes), not text; was another format named .txt? "
            "Rename it to its true suffix or save it as UTF-8 text"
        )
    try:
        return _checked(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(content)


def _decode(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"the file's byte order mark says {encoding} but byte {error.start} is not; "
            "save the file as UTF-8 and try again"
        ) from error


def _decode_legacy(content: bytes) -> str:
    """Decode what is not UTF-8: GB18030 if it reads as Chinese, else what the detector finds."""
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if text and _reads_as_chinese(text):
        return _checked(text, "gb18030")
    from charset_normalizer import from_bytes

    best = from_bytes(content).best()
    if best is None:
        raise DocumentError(
            "the file is neither UTF-8 nor GB18030 and its encoding cannot be told; save it as "
            "UTF-8 and try again"
        )
    return _checked(_decode(content, best.encoding), best.encoding)


def _reads_as_chinese(text: str) -> bool:
    sample = text[:_SAMPLE]
    return len(_EXPECTED.findall(sample)) >= _MIN_EXPECTED * len(sample)


def _checked(text: str, encoding: str) -> str:
    sample = text[:_SAMPLE]
    if len(_CONTROL.findall(sample)) > _MAX_CONTROL * len(sample):
        raise DocumentError(
            f"the file decodes as {encoding} but is full of control characters: it is binary, not "
            "text; rename it to its true suffix or save it as UTF-8 text"
        )
    if not text.strip("\ufeff \t\r\n\u3000"):
        raise DocumentError("the file holds only blanks; a report with text was expected")
    return text
