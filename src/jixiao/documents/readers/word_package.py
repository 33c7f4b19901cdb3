"""The package of a Word document: strict ones made readable, encrypted ones told."""

from __future__ import annotations

import io
import zipfile
from typing import Final

import olefile

from jixiao.documents.readers.guard import PACKAGE_ERRORS
from jixiao.errors import DocumentError

# ISO/IEC 29500 Strict and Transitional name the same parts differently; python-docx knows the latter.
_STRICT: Final = b"http://purl.oclc.org/ooxml/"
_NAMES: Final = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main",
     b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships",
     b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (b"http://purl.oclc.org/ooxml/officeDocument/math",
     b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (b"http://purl.oclc.org/ooxml/drawingml/",
     b"http://schemas.openxmlformats.org/drawingml/2006/"),
)  # fmt: skip


def as_transitional(content: bytes) -> bytes:
    """Return a package with the names of ISO/IEC 29500 Transitional; most have them already."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if _STRICT not in package.read("word/document.xml")[:4096]:
                return content
            parts = {info: package.read(info) for info in package.infolist()}
    except PACKAGE_ERRORS as error:
        raise DocumentError(
            f"the .docx file is damaged ({error}); open it in Word or WPS, save it anew and try again"
        ) from error
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for info, part in parts.items():
            for strict, transitional in _NAMES:
                part = part.replace(strict, transitional)
            target.writestr(info.filename, part)
    return file.getvalue()


def check_ole(content: bytes) -> None:
    """Refuse an OLE container that holds an encrypted package.

    Raises
    ------
    DocumentError
        If it does, or if the container is damaged.
    """
    if not content.startswith(olefile.MAGIC):
        return
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as container:
            encrypted = container.exists("EncryptedPackage")
    except (OSError, ValueError, IndexError, TypeError, AttributeError, KeyError) as error:
        raise DocumentError(
            f"the old Office file is damaged ({error}); open it in Word or WPS, save it anew and try "
            "again"
        ) from error
    if encrypted:
        raise DocumentError(
            "the file is encrypted; open it with its password, save it without one and try again"
        )
