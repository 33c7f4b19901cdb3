"""A PDF file to its pages, in reading order."""

from __future__ import annotations

from itertools import islice
from typing import Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from jixiao.documents.readers.pdf_content import PageContent
from jixiao.documents.readers.pdf_layout import Page, lay_out
from jixiao.documents.readers.pdf_lines import TextLine
from jixiao.documents.readers.pdf_ocr import OcrError, lines_of, recognise
from jixiao.documents.readers.pdf_page import read_page
from jixiao.errors import DocumentError

_MAX_PAGES: Final = 20_000
_MAX_BOOKMARKS: Final = 10_000
_DAMAGE: Final = (
    "the .pdf file is damaged ({}); check that it was saved completely, or open it in a viewer, "
    "print it to a new PDF and try again"
)
# Text that is not part of the page itself: fields of a form, and what was typed on it.
_TYPED: Final = (pdfium_c.FPDF_ANNOT_WIDGET, pdfium_c.FPDF_ANNOT_FREETEXT)
_MAX_NOTES: Final = 1_000
# Of the characters of a page, the share without meaning that makes it unreadable, and that the
# user should know of.
_UNREADABLE: Final = 0.5
_DAMAGED: Final = 0.05
_MIN_DAMAGED: Final = 10
# A scan: a picture over most of the page, and hardly more text than a page number or a stamp.
_SCAN: Final = 0.5
_FEW_CHARS: Final = 30
# A page without text is empty unless it has a picture, as a share of it, or drawings: letters that
# were turned into outlines.
_PICTURE: Final = 0.02
_OUTLINES: Final = 50


def read_pages(content: bytes, ocr: tuple[str, ...] | None) -> list[Page]:
    """Return the pages of a PDF in reading order; ``ocr`` reads those without text.

    Raises
    ------
    DocumentError
        If the file is encrypted, damaged or too long, or the OCR command cannot be started.
    """
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise _refusal(error, content) from error
    with document:
        count = len(document)
        if count > _MAX_PAGES:
            raise DocumentError(
                f"the .pdf file has {count:,} pages; at most {_MAX_PAGES:,} are read: split it and "
                "try again"
            )
        pages = [_read(document, number, ocr) for number in range(1, count + 1)]
        if all(page is None for page in pages):
            raise DocumentError(_DAMAGE.format("none of its pages can be loaded"))
        levels = _headings(document)
    read = [page or _damaged(number) for number, page in enumerate(pages, start=1)]
    _set_levels(read, levels)
    return read


def _refusal(error: pdfium.PdfiumError, content: bytes) -> DocumentError:
    # PDFium keeps the code of the last error where a later one has none.
    if error.err_code == pdfium_c.FPDF_ERR_PASSWORD and b"/Encrypt" in content:
        return DocumentError(
            "the .pdf file is encrypted and opens with a password only; save it without one and "
            "try again"
        )
    return DocumentError(_DAMAGE.format(error))


def _damaged(number: int) -> Page:
    message = (
        f"page {number} is damaged and was left out; open the file in a viewer and print it anew"
    )
    return Page(number, 0.0, 0.0, notices=[("page_damaged", message)])


def _read(document: pdfium.PdfDocument, number: int, ocr: tuple[str, ...] | None) -> Page | None:
    """Return a page, the ``number``-th from 1, or None if it is damaged."""
    try:
        page = _open(document, number - 1)
    except pdfium.PdfiumError:
        return None
    try:
        return _page(page, number, ocr)
    except pdfium.PdfiumError:
        return None
    finally:
        page.close()


def _open(document: pdfium.PdfDocument, index: int) -> pdfium.PdfPage:
    """Return a page with what was filled into its form or typed on it."""
    page = document[index]
    for number in range(min(pdfium_c.FPDFPage_GetAnnotCount(page), _MAX_NOTES)):
        note = pdfium_c.FPDFPage_GetAnnot(page, number)
        kind = pdfium_c.FPDFAnnot_GetSubtype(note)
        pdfium_c.FPDFPage_CloseAnnot(note)
        if kind in _TYPED:
            pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY)
            page.close()
            return document[index]
    return page


def _page(page: pdfium.PdfPage, number: int, ocr: tuple[str, ...] | None) -> Page:
    content = read_page(page)
    lack = _lack(content, number)
    if lack and lack[0] == "page_text_unreadable":
        content.chars, content.turned = [], []
    laid = lay_out(content, number)
    laid.notices += _doubts(content, number)
    if lack is None:
        return laid
    code, message = lack
    if ocr is None:
        laid.notices.append((code, f"{message}; --ocr COMMAND reads such pages"))
        return laid
    try:
        text = recognise(page, ocr)
    except OcrError as error:
        laid.notices.append(("ocr_failed", f"{message}, and the OCR command {error}"))
        return laid
    read = lines_of(text, number)
    read.marks = laid.marks + [line.text for line in laid.lines()]
    read.notices.append(("page_read_by_ocr", f"{message}: the text is what {ocr[0]} read"))
    return read


def _lack(content: PageContent, number: int) -> tuple[str, str] | None:
    """Return code and message of what keeps a page from being read, or None."""
    count = len(content.chars)
    if content.unreadable > _UNREADABLE * count:
        return "page_text_unreadable", (
            f"page {number}: the file does not tell which characters its text is made of"
        )
    if not count and (content.picture >= _PICTURE or content.drawn >= _OUTLINES):
        return "page_without_text", f"page {number} is a picture without text"
    if count <= _FEW_CHARS and content.picture >= _SCAN:
        return "page_without_text", f"page {number} is a picture with {count} characters of text"
    return None


def _doubts(content: PageContent, number: int) -> list[tuple[str, str]]:
    doubts: list[tuple[str, str]] = []
    count, unreadable = len(content.chars), content.unreadable
    if unreadable >= max(_MIN_DAMAGED, _DAMAGED * count) and count:
        message = f"page {number}: {unreadable} of {count} characters are unknown (\ufffd)"
        doubts.append(("page_text_damaged", message))
    if content.complex:
        message = f"page {number} has too many characters or drawings: its tables were not read"
        doubts.append(("page_too_complex", message))
    return doubts


def _headings(document: pdfium.PdfDocument) -> dict[tuple[int, str], int]:
    """Return the level of each bookmark, by number of its page and its title without blanks."""
    levels: dict[tuple[int, str], int] = {}
    try:
        for mark in islice(document.get_toc(), _MAX_BOOKMARKS):
            place = mark.get_dest()
            index = place.get_index() if place else None
            if index is not None:
                levels.setdefault((index + 1, _plain(mark.get_title())), mark.level)
    except (pdfium.PdfiumError, ValueError):
        return {}  # a damaged list of bookmarks is no part of the text
    return levels


def _set_levels(pages: list[Page], levels: dict[tuple[int, str], int]) -> None:
    if levels:
        for page in pages:
            for item in page.items:
                if isinstance(item, TextLine):
                    item.level = levels.get((page.number, _plain(item.text)))


def _plain(title: str) -> str:
    return "".join(title.split())
