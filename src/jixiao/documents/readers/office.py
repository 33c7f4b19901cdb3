"""Old Office files (.doc, .wps, .rtf, .odt, .xls, .et): converted by a program that knows them.

LibreOffice comes first, because it keeps merged cells and generated numbers; antiword, a thousand
times faster, loses both and is the fallback for .doc and .wps. Neither can read from memory alone:
the one exception to the rule that the unit of work opens no file is their scratch folder here.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from jixiao.documents.readers.excel import read_excel
from jixiao.documents.readers.guard import Container, expect
from jixiao.documents.readers.html import read_html
from jixiao.documents.readers.word import read_word
from jixiao.documents.readers.word_package import check_ole
from jixiao.documents.rendering import CellText, Rendered, Renderer
from jixiao.errors import DocumentError
from jixiao.settings import Settings

_OFFICE: Final = ("soffice", "libreoffice")
_SECONDS: Final = 180
_SUFFIXES: Final[dict[Container, str]] = {"ole": ".doc", "rtf": ".rtf", "zip": ".odt"}


def read_old_word(content: bytes, settings: Settings) -> Rendered:
    """Return what an old Word document, a WPS document, rich text or an ODF text holds.

    A file that is really a .docx or a web page, as many .doc of government sites are, is read as
    what it is.

    Raises
    ------
    DocumentError
        If the file is encrypted or damaged, or no program that can convert it is installed.
    """
    kind = expect(content, ".doc", "ole", "rtf", "zip", "html")
    if kind == "html":
        return read_html(content, settings)
    if kind == "zip" and b"word/" in content[-65536:] and b"mimetype" not in content[:60]:
        return read_word(content, settings)
    check_ole(content)
    has_antiword = kind == "ole" and shutil.which("antiword") is not None
    if _find(_OFFICE):
        try:
            return read_word(_convert(content, _SUFFIXES[kind], "docx"), settings)
        except DocumentError:
            if not has_antiword:
                raise
    if has_antiword:
        return _read_by_antiword(content)
    raise DocumentError(_missing("antiword or LibreOffice" if kind == "ole" else "LibreOffice"))


def read_old_excel(content: bytes, settings: Settings) -> Rendered:
    """Return what an old Excel or WPS workbook holds.

    Raises
    ------
    DocumentError
        If the file is encrypted or damaged, or LibreOffice is not installed.
    """
    kind = expect(content, ".xls", "ole", "zip", "html")
    if kind == "html":
        return read_html(content, settings)
    if kind == "zip":
        return read_excel(content, settings)
    check_ole(content)
    if not _find(_OFFICE):
        raise DocumentError(_missing("LibreOffice"))
    return read_excel(_convert(content, ".xls", "xlsx"), settings)


def _missing(program: str) -> str:
    return (
        f"reading this format needs {program}, which is not installed; install it, or save the file "
        "as .docx, .xlsx or .pdf, and try again"
    )


def _find(names: Sequence[str]) -> str | None:
    return next((found for name in names if (found := shutil.which(name))), None)


def _convert(content: bytes, suffix: str, target: str) -> bytes:
    """Return a file converted by LibreOffice, which gets a profile of its own.

    Raises
    ------
    DocumentError
        If it fails or takes too long.
    """
    with tempfile.TemporaryDirectory(prefix="jixiao-") as scratch:
        folder = Path(scratch)
        source = folder / f"report{suffix}"
        source.write_bytes(content)
        command = [
            _find(_OFFICE) or "soffice",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            target,
            "--outdir",
            str(folder / "out"),
            str(source),
        ]
        message = _run(command, b"")[1]
        converted = folder / "out" / f"report.{target}"
        if not converted.is_file():
            raise DocumentError(
                f"LibreOffice could not convert the file ({message.strip()[-200:] or 'no message'}); "
                f"it is damaged or encrypted, or LibreOffice lacks its Writer or Calc: open it in Word or "
                f"WPS, save it as .{target} and try again"
            )
        return converted.read_bytes()


def _run(command: Sequence[str], content: bytes) -> tuple[bytes, str]:
    """Return what a program prints, and its complaints; it is ended with its children in time."""
    with subprocess.Popen(  # noqa: S603 (the command is ours, without a shell)
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            output, complaint = process.communicate(content, timeout=_SECONDS)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            raise DocumentError(
                f"{Path(command[0]).name} took longer than {_SECONDS} seconds; open the file in Word "
                "or WPS, save it as .docx and try again"
            ) from error
    return output, complaint.decode("utf-8", "replace")


def _read_by_antiword(content: bytes) -> Rendered:
    """Return the paragraphs and tables that antiword finds: it draws a row's cells between bars."""
    output, complaint = _run(["antiword", "-w", "0", "-m", "UTF-8.txt", "-"], content)
    text = output.decode("utf-8", "replace")
    if not text.strip():
        raise DocumentError(
            f"antiword could not read the file ({complaint.strip()[-200:]}); open it in Word or WPS, "
            "save it as .docx and try again"
        )
    renderer = Renderer()
    for line in text.splitlines():
        if line.startswith("|") and line.rstrip().endswith("|"):
            cells = line.strip().strip("|").split("|")
            renderer.row([CellText(cell.strip(), place) for place, cell in enumerate(cells)])
        else:
            renderer.paragraph(line.strip())
    return renderer.finish()
