"""Pages without text, read by a command of the user's from their picture."""

from __future__ import annotations

import math
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import pypdfium2 as pdfium

from jixiao.documents.readers.pdf_layout import Page
from jixiao.documents.readers.pdf_lines import TextLine
from jixiao.errors import DocumentError

_DPI: Final = 300
_MAX_PIXELS: Final = 40_000_000
_TIMEOUT_SECONDS: Final = 120
_MAX_MESSAGE: Final = 200
# The lines come without places: their lengths stand for them, and this many points for an em.
_EM: Final = 10.0
_LEADING: Final = 1.5
_BLANKS: Final = " \t\u3000"
# Recognition parts Chinese characters by blanks that nobody typed.
_BETWEEN: Final = re.compile(
    r"(?<=[\u3001-\u301f\u4e00-\u9fff\uff00-\uff0f\uff1a-\uff20])[ ]"
    r"(?=[\u3001-\u301f\u4e00-\u9fff\uff00-\uff0f\uff1a-\uff20])"
)


class OcrError(Exception):
    """The command ran and failed; the message says how."""


def recognise(page: pdfium.PdfPage, command: tuple[str, ...]) -> str:
    """Return what the command prints about the picture of a page.

    Raises
    ------
    OcrError
        If it fails, takes too long or prints nothing.
    DocumentError
        If it cannot be started at all, or the picture cannot be made.
    """
    with tempfile.TemporaryDirectory(prefix="jixiao-") as folder:
        picture = Path(folder) / "page.png"
        _draw(page, picture)
        words = [word.replace("{}", str(picture)) for word in command]
        try:
            done = subprocess.run(  # noqa: S603 - the user's own command, without a shell
                words,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_TIMEOUT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise OcrError(f"took more than {_TIMEOUT_SECONDS} seconds") from error
        except OSError as error:
            raise DocumentError(
                f"the OCR command {words[0]!r} cannot be run ({error.strerror}); expected "
                'a program with {} for the picture, as --ocr "tesseract {} - -l chi_sim": install '
                "it, give its full path, or leave --ocr out"
            ) from error
    text = done.stdout.decode("utf-8", "replace")
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip()[-_MAX_MESSAGE:]
        raise OcrError(f"ended with exit code {done.returncode}: {reason}")
    if not text.strip():
        raise OcrError("printed nothing")
    return text


def _draw(page: pdfium.PdfPage, path: Path) -> None:
    width, height = page.get_size()
    scale = min(_DPI / 72, math.sqrt(_MAX_PIXELS / max(width * height, 1.0)))
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        bitmap.to_pil().save(path)
    except ImportError as error:
        raise DocumentError(
            'pictures of pages need Pillow; try: pip install "jixiao[pdf]"'
        ) from error
    finally:
        bitmap.close()


def lines_of(text: str, number: int) -> Page:
    """Return recognised text as a page whose lines have places, as far as their lengths tell."""
    lines: list[TextLine] = []
    for place, raw in enumerate(text.replace("\f", "\n").splitlines(), start=1):
        line = raw.rstrip()
        content = _BETWEEN.sub("", line.strip(_BLANKS))
        if content:
            left = _width(line[: len(line) - len(line.lstrip(_BLANKS))])
            base = _LEADING * place * _EM
            lines.append(TextLine(content, left, left + _width(content), base, _EM))
    width = max((line.right for line in lines), default=_EM)
    height = max((line.base for line in lines), default=_EM)
    return Page(number, width, height, list(lines))


def _width(text: str) -> float:
    return _EM * sum(0.5 if char.isascii() else 1.0 for char in text)
