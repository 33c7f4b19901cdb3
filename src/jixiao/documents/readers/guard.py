"""What the bytes of a file really are, and whether it is safe to unpack them."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Collection
from typing import Final, Literal, TypeAlias

from jixiao.errors import DocumentError

Container: TypeAlias = Literal["zip", "ole", "pdf", "rtf", "html", "mhtml", "image", "unknown"]

_MAGIC: Final[tuple[tuple[bytes, Container], ...]] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
)
_NAMES: Final[dict[Container, str]] = {
    "zip": "a ZIP container (.docx, .xlsx)",
    "ole": "an old Office file (.doc, .xls)",
    "pdf": "a PDF",
    "rtf": "rich text (.rtf)",
    "html": "a web page (.html)",
    "mhtml": "a web archive (.mht)",
    "image": "a picture",
    "unknown": "none of the known formats",
}
# What unpacking a damaged container raises.
PACKAGE_ERRORS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
# Readers take a PDF with some bytes before its mark (ISO 32000-1, Annex H.3.4.1).
_PDF_WITHIN: Final = 1024
_HTML: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<!--.{0,2000}?-->|<\?xml[^>]{0,200}\?>)*"
    rb"<(?:!doctype\s+html|html|head|body|meta|table|div|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_MHTML: Final = re.compile(rb"\s*(?:MIME-Version:|From:[^\n]*Saved by)", re.IGNORECASE)
# A report with pictures unpacks to some megabytes; deflate reaches a ratio of 1,032 at most.
_MOST_UNPACKED: Final = 1024**3
_MOST_XML: Final = 128 * 1024**2
_MOST_MEMBERS: Final = 20_000
_XML: Final = (".xml", ".rels")


def container_of(content: bytes) -> Container:
    """Return what kind of file the bytes are, by their first characters.

    >>> container_of(b"%PDF-1.7"), container_of("绩效报告".encode())
    ('pdf', 'unknown')
    """
    for magic, container in _MAGIC:
        if content.startswith(magic):
            return container
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return "pdf"
    if _HTML.match(content[: 2 * _PDF_WITHIN]):
        return "html"
    return "mhtml" if _MHTML.match(content[:_PDF_WITHIN]) else "unknown"


def expect(content: bytes, suffix: str, *expected: Container) -> Container:
    """Return which of the expected kinds the bytes are.

    Raises
    ------
    DocumentError
        If they are empty or something else; the message names what.
    """
    if not content.strip():
        raise DocumentError(
            "the file is empty; a report was expected: check that it was saved completely"
        )
    container = container_of(content)
    if container not in expected:
        wanted = " or ".join(_NAMES[name] for name in expected)
        raise DocumentError(
            f"the file is named {suffix} but is {_NAMES[container]}; expected {wanted}: rename it "
            "to its true suffix, or save it anew, and try again"
        )
    return container


def refuse(content: bytes, refused: Collection[Container]) -> None:
    """Refuse bytes of some kinds where text was expected.

    Raises
    ------
    DocumentError
        If they are of one of the ``refused`` kinds.
    """
    container = container_of(content)
    if container in refused:
        raise DocumentError(
            f"the file is {_NAMES[container]}, not text; rename it to its true suffix, or save it "
            "as UTF-8 text and try again"
        )


def check_package(content: bytes, suffix: str, main: str) -> None:
    """Refuse a ZIP container that is broken, locked or a bomb, or that lacks its ``main`` part.

    Nothing is unpacked: the sizes are those the container's directory states, and what unpacks to
    more than it states is cut off by :mod:`zipfile`.

    Raises
    ------
    DocumentError
        If it must not or cannot be unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
    except PACKAGE_ERRORS as error:
        raise DocumentError(
            f"the {suffix} file is damaged ({error}); open it in its program, save it anew and try "
            "again"
        ) from error
    if any(member.flag_bits & 1 for member in members):
        raise DocumentError(f"the {suffix} file is encrypted; save it without a password")
    names = {member.filename for member in members}
    if main not in names:
        raise DocumentError(
            f"the file is named {suffix} but has no part {main}; it is another kind of package or "
            "damaged: open it in its program, save it anew and try again"
        )
    unpacked = sum(member.file_size for member in members)
    text = sum(member.file_size for member in members if member.filename.endswith(_XML))
    if unpacked > _MOST_UNPACKED or text > _MOST_XML or len(members) > _MOST_MEMBERS:
        raise DocumentError(
            f"the {suffix} file unpacks to {unpacked:,} bytes in {len(members):,} parts ({text:,} "
            f"of them text); at most {_MOST_UNPACKED:,}, {_MOST_MEMBERS:,} and {_MOST_XML:,} are "
            "read: it is no report"
        )
