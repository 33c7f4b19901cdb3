"""The readers: bytes of a file to its raw text, one module for each family of formats.

A reader is a function of the bytes and the settings. It loads its library when it is first used, and
raises :class:`~jixiao.errors.DocumentError` for bytes it cannot read.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from jixiao.documents.rendering import Rendered
from jixiao.errors import DocumentError
from jixiao.settings import Settings

Reader: TypeAlias = Callable[[bytes, Settings], Rendered | str]

MEDIA_TYPES: Final = {
    ".txt": "text/plain",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".docm": "application/vnd.ms-word.document.macroenabled.12",
    ".doc": "application/msword",
    ".wps": "application/vnd.ms-works",
    ".rtf": "application/rtf",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".pdf": "application/pdf",
    ".html": "text/html",
    ".htm": "text/html",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xlsm": "application/vnd.ms-excel.sheet.macroenabled.12",
    ".xls": "application/vnd.ms-excel",
    ".et": "application/vnd.ms-excel",
}
"""The suffixes that have a reader, and their media types (IANA)."""

# Where the reader of each media type is: module and function.
_READERS: Final = {
    "text/plain": ("text", "read_text"),
    MEDIA_TYPES[".docx"]: ("word", "read_word"),
    MEDIA_TYPES[".docm"]: ("word", "read_word"),
    MEDIA_TYPES[".doc"]: ("office", "read_old_word"),
    MEDIA_TYPES[".wps"]: ("office", "read_old_word"),
    MEDIA_TYPES[".rtf"]: ("office", "read_old_word"),
    MEDIA_TYPES[".odt"]: ("office", "read_old_word"),
    MEDIA_TYPES[".pdf"]: ("pdf", "read_pdf"),
    MEDIA_TYPES[".html"]: ("html", "read_html"),
    MEDIA_TYPES[".xlsx"]: ("excel", "read_excel"),
    MEDIA_TYPES[".xlsm"]: ("excel", "read_excel"),
    MEDIA_TYPES[".xls"]: ("office", "read_old_excel"),
}


def media_type_of(path: Path) -> str | None:
    """Return the media type of a file by its suffix, or None where there is no reader."""
    return MEDIA_TYPES.get(path.suffix.lower())


def read_raw(content: bytes, media_type: str, settings: Settings) -> Rendered | str:
    """Return what the reader of a media type makes of a file: for plain text only its raw text.

    Raises
    ------
    DocumentError
        If the type has no reader, what reads it is not installed, or the bytes cannot be read.
    """
    if media_type not in _READERS:
        raise DocumentError(
            f"no reader for {media_type!r}; expected {', '.join(sorted(_READERS))}; convert the "
            "file to .docx, .pdf or UTF-8 text and try again"
        )
    module, function = _READERS[media_type]
    reader: Reader = getattr(importlib.import_module(f"{__name__}.{module}"), function)
    return reader(content, settings)
