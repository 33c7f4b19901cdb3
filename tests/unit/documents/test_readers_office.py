"""Old Office files: converted where a program is installed, a clear message where none is."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import docx
import pytest
import xlsxwriter

from jixiao.documents.readers import office
from jixiao.documents.readers.office import read_old_excel, read_old_word
from jixiao.errors import DocumentError
from jixiao.settings import Settings

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
soffice = shutil.which("soffice")
needs_office = pytest.mark.skipif(not soffice, reason="LibreOffice is not installed")


def converted(content: bytes, suffix: str, target: str, folder: Path) -> bytes:
    """Return what LibreOffice itself makes of a new file: an old one."""
    source = folder / f"a{suffix}"
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [soffice or "", profile, "--headless", "--convert-to", target, "--outdir", folder, source],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return (folder / f"a.{target.partition(':')[0]}").read_bytes()


def report() -> bytes:
    document = docx.Document()
    document.add_heading("某局2021年度绩效自评报告", 1)
    document.add_paragraph("支出385.08万元")
    table = document.add_table(2, 3)
    table.cell(0, 1).merge(table.cell(0, 2)).text = "金额（万元）"
    table.cell(0, 0).text = "项目"
    for place, text in enumerate(("合计", "1,234.50", "1,200.00")):
        table.cell(1, place).text = text
    document.add_paragraph("2022年6月24日")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


EXPECTED = (
    "某局2021年度绩效自评报告\n支出385.08万元\n"
    "\t项目\n\t金额（万元）\n\n\t合计\n\t1,234.50\n\t1,200.00\n\n2022年6月24日"
)


@needs_office
@pytest.mark.parametrize("target", ["doc", "rtf", "odt"])
def test_old_documents_read_like_new_ones(tmp_path: Path, target: str) -> None:
    content = converted(report(), ".docx", target, tmp_path)
    found = read_old_word(content, Settings())
    assert found.raw.rstrip("\n") == EXPECTED
    assert [(cell.column, cell.width) for cell in found.tables[0][0]] == [(0, 1), (1, 2)]


@needs_office
def test_old_workbooks_read_like_new_ones(tmp_path: Path) -> None:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.merge_range("A1:B1", "金额")
    sheet.write("A2", "合计")
    sheet.write("B2", 1234.5, book.add_format({"num_format": "#,##0.00"}))
    sheet.write_row("A3", ["其中", 2])
    book.close()
    content = converted(file.getvalue(), ".xlsx", "xls", tmp_path)
    assert read_old_excel(content, Settings()).raw == "金额\n\t合计\n\t1,234.50\n\n\t其中\n\t2\n\n"


@pytest.mark.skipif(not (soffice and shutil.which("antiword")), reason="antiword is not installed")
def test_antiword_where_there_is_no_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = converted(report(), ".docx", "doc", tmp_path)
    monkeypatch.setattr(office, "_OFFICE", ())
    raw = read_old_word(content, Settings()).raw
    assert "支出385.08万元\n" in raw
    assert "\t合计\n\t1,234.50\n\t1,200.00\n" in raw


def test_without_any_program_the_message_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office.shutil, "which", lambda _: None)
    monkeypatch.setattr(office, "check_ole", lambda _: None)
    with pytest.raises(DocumentError, match="antiword or LibreOffice, which is not installed"):
        read_old_word(OLE, Settings())
    with pytest.raises(DocumentError, match="needs LibreOffice, which is not installed"):
        read_old_excel(OLE, Settings())
    with pytest.raises(DocumentError, match="needs LibreOffice"):
        read_old_word(b"{\\rtf1 x}", Settings())


def stub(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    monkeypatch.setattr(office, "check_ole", lambda _: None)
    monkeypatch.setattr(office, "_SECONDS", 1)


def test_a_converter_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub(tmp_path, "sleep 60 & sleep 60", monkeypatch)
    with pytest.raises(DocumentError, match="took longer than 1 seconds"):
        read_old_excel(OLE, Settings())


def test_a_converter_that_fails_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub(tmp_path, "echo no such filter >&2; exit 3", monkeypatch)
    with pytest.raises(DocumentError, match="could not convert the file \\(no such filter\\)"):
        read_old_excel(OLE, Settings())


def test_what_is_named_doc_and_is_not() -> None:
    assert read_old_word(report(), Settings()).raw.startswith("某局2021年度")
    page = "<html><body><p>支出385.08万元</p></body></html>".encode()
    assert read_old_word(page, Settings()).raw == "支出385.08万元\n"
    assert read_old_excel(page, Settings()).raw == "支出385.08万元\n"
    with pytest.raises(DocumentError, match="a PDF"):
        read_old_word(b"%PDF-1.7", Settings())
    with pytest.raises(DocumentError, match="damaged"):
        read_old_word(OLE + b"\0" * 600, Settings())
