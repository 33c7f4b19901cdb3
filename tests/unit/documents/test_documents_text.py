"""Bytes to raw text: which encodings are read, and what is said of the rest."""

from __future__ import annotations

import codecs

import pytest

from jixiao.documents import read, read_content
from jixiao.documents.readers.text import decode_text
from jixiao.errors import DocumentError

REPORT = (
    "隆回县水利局2021年度部门整体支出绩效自评报告\n全年预算资金385.08万元，支出进度98.2%。\n" * 3
)
TRADITIONAL = "民國一百一十年度績效報告，本局預算執行率為百分之九十八，資金與項目之支出情況良好。\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "gb18030", "gbk", "gb2312", "utf-16-le", "utf-16-be", "big5hkscs"],
)
def test_encodings(encoding: str) -> None:
    text = TRADITIONAL if encoding.startswith("big5") else REPORT
    assert decode_text(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_is_a_character_of_the_text(mark: bytes, encoding: str) -> None:
    assert decode_text(mark + REPORT.encode(encoding)) == "\ufeff" + REPORT


def test_nothing_is_translated() -> None:
    text = "绩效报告\r\n　全年\u00a0３万元\r\n\x0c"
    assert decode_text(text.encode()) == text


@pytest.mark.parametrize("name", ["镕喆堃", "㙍䶮", "①绩效", "朱镕基，喆"])
def test_rare_characters_of_gb18030(name: str) -> None:
    assert decode_text(name.encode("gb18030")) == name
    assert decode_text((REPORT + name).encode("gb18030")) == REPORT + name


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \r\n\t",
        b"\xef\xbb\xbf",
        b"\xef\xbb\xbf\r\n",
        "　\u00a0\n".encode(),
        b"\xff\xfe\n\x00",
    ],
)
def test_blank_files(content: bytes) -> None:
    with pytest.raises(DocumentError, match="check that it was saved completely"):
        decode_text(content)


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00", "true suffix"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "true suffix"),
        (b"%PDF-1.7\n%\xe2\xe3", "true suffix"),
        (rb"{\rtf1\ansi}", "true suffix"),
        (b"\x00\x01\x02\x03" * 100, "true suffix"),
        (bytes(range(1, 32)) * 50, "true suffix"),
        (codecs.BOM_UTF16_LE + b"a", "save the file as UTF-8"),
        (REPORT.encode()[:-2], "save it again"),
        (b"\x80\x81\xff\xfe\xfd" * 9, "save it as UTF-8"),
        ("Größe über naïve".encode("latin-1"), "UTF-8"),
    ],
)
def test_errors_say_what_to_try(content: bytes, hint: str) -> None:
    with pytest.raises(DocumentError, match=hint):
        decode_text(content)


def test_a_file_without_reader(tmp_path) -> None:
    with pytest.raises(DocumentError, match=r"expected one of \.txt"):
        read(tmp_path / "report.ofd")
    with pytest.raises(DocumentError, match="cannot be read"):
        read(tmp_path / "missing.txt")
    with pytest.raises(DocumentError, match="convert the file"):
        read_content(b"x", doc_id="x", media_type="application/x-unknown")


def test_a_read_report_carries_its_hashes(tmp_path) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(("\ufeff" + REPORT).encode())
    report = read(path)
    assert (report.doc_id, report.source, report.raw[0]) == ("report", "report.txt", "\ufeff")
    assert report.sha256 == report.text_sha256
