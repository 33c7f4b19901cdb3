"""Hostile files beside a sound one: each a row of ``failures`` that says why, the run goes on."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from jixiao.batch.run import annotate_paths

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def sound() -> bytes:
    document = docx.Document()
    document.add_paragraph("某县水利局2021年度绩效自评报告")
    document.add_paragraph("全年支出385.08万元。")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """Return the sound document with one part replaced or added."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sound())) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for info in source.infolist():
            if info.filename != name:
                target.writestr(info.filename, source.read(info))
        target.writestr(name, content)
    return file.getvalue()


def locked() -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, encrypt=StandardEncryption("secret", ownerPassword="owner"))
    canvas.drawString(72, 700, "385")
    canvas.save()
    return file.getvalue()


ENTITIES = (
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    + f"]><w:document {W}><w:body><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:body></w:document>"
)
NESTED = "<w:tbl><w:tr><w:tc>" * 60 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 60
FILES = {
    "bomb.docx": (lambda: with_part("word/x.xml", b" " * (129 * 1024**2)), "unpacks to"),
    "entities.docx": (lambda: with_part("word/document.xml", ENTITIES.encode()), "damaged"),
    "nested.docx": (
        lambda: with_part(
            "word/document.xml",
            f"<w:document {W}><w:body>{NESTED}</w:body></w:document>".encode(),
        ),
        "nested more than",
    ),
    "nested.html": (lambda: b"<div>" * 100_000 + b"x", "nested more than"),
    "locked.pdf": (locked, "password"),
    "cut.pdf": (lambda: b"%PDF-1.7\n1 0 obj", "damaged"),
    "picture.pdf": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(500), "is a picture"),
    "really-pdf.docx": (locked, "is a PDF"),
    "really-docx.txt": (sound, "ZIP container"),
    "noise.xlsx": (lambda: bytes(range(1, 256)) * 40, "none of the known formats"),
    "cut.doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged"),
    "mixed.txt": (
        lambda: "支出385万元，".encode() + "后半段是国标码。".encode("gb18030") * 9,
        "encoding",
    ),
}


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "sound.docx").write_bytes(sound())
    for name, (make, _) in FILES.items():
        (folder / name).write_bytes(make())
    summary = annotate_paths([folder], tmp_path_factory.mktemp("out"), workers=1)
    assert summary.counts["ok"] == 1
    return {failure.source: failure.message for failure in summary.failures}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_a_row_of_failures(failures: dict[str, str], name: str) -> None:
    assert FILES[name][1] in failures[name]


def test_nothing_else_fails(failures: dict[str, str]) -> None:
    assert set(failures) == set(FILES)


def test_a_file_far_larger_than_its_text_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>" + "全年支出385.08万元，" * 10_000, encoding="utf-8")
    summary = annotate_paths([tmp_path], tmp_path / "out", workers=1, workbook=False)
    assert summary.counts["quantities"] == 10_000
