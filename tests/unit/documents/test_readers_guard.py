"""What the bytes are, and which packages are safe to unpack."""

import io
import struct
import zipfile

import pytest

from jixiao.documents.readers import MEDIA_TYPES, read_raw
from jixiao.documents.readers.guard import Container, check_package, container_of, expect
from jixiao.errors import DocumentError
from jixiao.settings import Settings


def package(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "container"),
    [
        (b"PK\x03\x04rest", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
        (b"%PDF-1.4", "pdf"),
        (b"junk\n%PDF-1.4", "pdf"),
        (b"{\\rtf1", "rtf"),
        (b"<!DOCTYPE html><html>", "html"),
        (b"\xef\xbb\xbf\r\n<!-- saved --><HTML>", "html"),
        (b"<?xml version='1.0'?><html>", "html"),
        (b"MIME-Version: 1.0\r\n", "mhtml"),
        (b"\x89PNG\r\n", "image"),
        ("<绩效>报告".encode(), "unknown"),
        (b"", "unknown"),
    ],
)
def test_the_kind_of_content(content: bytes, container: Container) -> None:
    assert container_of(content) == container


def test_another_kind_than_expected_is_named() -> None:
    with pytest.raises(DocumentError, match=r"named \.docx but is a PDF; expected a ZIP"):
        expect(b"%PDF-1.4", ".docx", "zip")
    with pytest.raises(DocumentError, match="empty"):
        expect(b" \n", ".docx", "zip")
    assert expect(b"{\\rtf1", ".doc", "ole", "rtf") == "rtf"


MAIN = "word/document.xml"


def test_a_sound_package_passes() -> None:
    check_package(package({MAIN: b"<a/>", "x.bin": b"0" * 1000}), ".docx", MAIN)


def bomb() -> bytes:
    return package({MAIN: b"<a/>", "big.xml": b" " * (129 * 1024**2)})


def encrypted() -> bytes:
    content = bytearray(package({MAIN: b"<a/>"}))
    place = content.rindex(b"PK\x01\x02") + 8
    content[place : place + 2] = struct.pack("<H", 1)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (package({"other.xml": b""}), "has no part word/document.xml"),
        (package({MAIN: b"<a/>"})[:40], "damaged"),
        (encrypted(), "encrypted"),
        (bomb(), "no report"),
        (package({MAIN: b"", **{f"{i}": b"" for i in range(20_001)}}), "no report"),
    ],
    ids=["part", "cut", "encrypted", "bomb", "members"],
)
def test_a_package_that_must_not_be_unpacked(content: bytes, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        check_package(content, ".docx", MAIN)


@pytest.mark.parametrize("suffix", sorted(MEDIA_TYPES))
@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n rest", b"PK\x03\x04"])
def test_every_reader_refuses_what_it_cannot_read(suffix: str, content: bytes) -> None:
    with pytest.raises(DocumentError):
        read_raw(content, MEDIA_TYPES[suffix], Settings())
