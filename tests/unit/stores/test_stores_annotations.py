"""Annotation folders give back what was put in, character for character."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from jixiao.errors import DocumentError, OutputError, RecordError, SettingsError
from jixiao.records import Document, Issue, Quantity, Record, encode_line
from jixiao.stores.annotations import (
    annotation_path,
    iter_annotations,
    list_doc_ids,
    read_annotation,
    read_text,
    text_path,
    write_annotation,
)

TEXT = "全年投入385.08万元。\n"


def _document(doc_id: str, text: str) -> Document:
    return Document(doc_id=doc_id, text_sha256=hashlib.sha256(text.encode()).hexdigest())


def _write(folder: Path, doc_id: str, text: str, *records: Record) -> None:
    lines = [encode_line(record) for record in (_document(doc_id, text), *records)]
    write_annotation(folder, doc_id, text, lines)


def test_records_and_text_come_back_equal(tmp_path: Path) -> None:
    quantity = Quantity(id="q1", start=4, end=12, text="385.08万元", label="MONEY")
    _write(tmp_path, "2021__科技局", TEXT, quantity)
    annotation = read_annotation(tmp_path, "2021__科技局")
    assert annotation.text == TEXT
    assert annotation.records == [_document("2021__科技局", TEXT), quantity]
    assert annotation.text[quantity.start : quantity.end] == quantity.text


@pytest.mark.parametrize(
    "text",
    [
        "第一行\r\n第二行\r\n",
        "\ufeff带签名的文本\n",
        "单回车\r换页\x0c空字符\x00制表\t",
        "行分隔\u2028段分隔\u2029下一行\x85",
        "𠮷野家与\U0001f600",
        "",
    ],
    ids=["crlf", "bom", "controls", "unicode-line-ends", "astral", "empty"],
)
def test_text_is_kept_exactly(tmp_path: Path, text: str) -> None:
    _write(tmp_path, "a", text)
    assert read_text(tmp_path, "a") == text
    assert text_path(tmp_path, "a").read_bytes() == text.encode()


def test_a_record_may_hold_any_line_end(tmp_path: Path) -> None:
    odd = Issue(id="i1", code="odd", message="甲\u2028乙\x85丙\r\n丁", start=0, end=0)
    _write(tmp_path, "a", TEXT, odd)
    assert read_annotation(tmp_path, "a").issues == [odd]


def test_lines_end_with_a_single_line_feed(tmp_path: Path) -> None:
    _write(tmp_path, "a", TEXT)
    assert annotation_path(tmp_path, "a").read_bytes().endswith(b"}\n")
    assert b"\r" not in annotation_path(tmp_path, "a").read_bytes()


def test_writing_again_replaces_and_leaves_no_other_file(tmp_path: Path) -> None:
    _write(tmp_path, "a", "旧")
    _write(tmp_path, "a", "新")
    assert read_annotation(tmp_path, "a").text == "新"
    files = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*"))
    assert files == ["annotations/a.jsonl", "text/a.txt"]


def test_a_failed_write_keeps_the_old_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, "a", "旧")

    def refuse(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError, match="No space left"):
        _write(tmp_path, "a", "新")
    assert read_text(tmp_path, "a") == "旧"
    assert not list(tmp_path.rglob("*.tmp"))


def test_a_name_too_long_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="length of the file name"):
        _write(tmp_path, "绩" * 100, TEXT)


def test_a_long_name_that_fits_is_written(tmp_path: Path) -> None:
    doc_id = "绩" * 82  # 246 bytes, with .jsonl 252 of the 255 allowed
    _write(tmp_path, doc_id, TEXT)
    assert list_doc_ids(tmp_path) == [doc_id]


@pytest.mark.parametrize("doc_id", ["", "../evil", "a/b", "a\0b"])
def test_a_doc_id_is_a_file_name(tmp_path: Path, doc_id: str) -> None:
    with pytest.raises(SettingsError, match="not a doc_id"):
        write_annotation(tmp_path, doc_id, TEXT, [])


def test_half_a_surrogate_pair_is_the_documents_fault(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="offset 1"):
        write_annotation(tmp_path, "a", "甲\ud800", [])


def test_all_are_yielded_in_order_of_doc_id(tmp_path: Path) -> None:
    for doc_id in ("b", "a__c", "a", "A", "a.b", "a-docx"):
        _write(tmp_path, doc_id, TEXT)
    found = [annotation.document.doc_id for annotation in iter_annotations(tmp_path)]
    assert found == ["A", "a", "a-docx", "a.b", "a__c", "b"]


def test_no_annotations_yield_nothing(tmp_path: Path) -> None:
    assert list(iter_annotations(tmp_path)) == []
    assert list(iter_annotations(tmp_path / "missing")) == []


def test_a_missing_document_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"a\.jsonl"):
        read_annotation(tmp_path, "a")


def test_a_missing_text_is_named(tmp_path: Path) -> None:
    _write(tmp_path, "a", TEXT)
    text_path(tmp_path, "a").unlink()
    with pytest.raises(OutputError, match=r"a\.txt"):
        read_annotation(tmp_path, "a")


def test_a_changed_text_is_noticed(tmp_path: Path) -> None:
    _write(tmp_path, "a", "第一行\r\n第二行\r\n")
    text_path(tmp_path, "a").write_bytes("第一行\n第二行\n".encode())
    with pytest.raises(OutputError, match="not the text its records were made on"):
        read_annotation(tmp_path, "a")


def test_a_text_of_another_encoding_is_noticed(tmp_path: Path) -> None:
    _write(tmp_path, "a", TEXT)
    text_path(tmp_path, "a").write_bytes(TEXT.encode("gb18030"))
    with pytest.raises(OutputError, match="not UTF-8"):
        read_annotation(tmp_path, "a")


def test_a_broken_line_is_named_with_its_number(tmp_path: Path) -> None:
    write_annotation(tmp_path, "a", TEXT, [encode_line(_document("a", TEXT)), '{"type":"?"}'])
    with pytest.raises(RecordError, match=r"a\.jsonl, line 2"):
        read_annotation(tmp_path, "a")


def test_the_first_line_is_a_document(tmp_path: Path) -> None:
    write_annotation(tmp_path, "a", TEXT, [])
    with pytest.raises(RecordError, match="document record"):
        read_annotation(tmp_path, "a")
