"""PDF: page by page, lines and tables by what one sees.

A PDF holds characters with places, and rules; it knows no paragraphs and no cells. ``pdf_document``
takes it page by page: its characters (``pdf_page``) and rules (``pdf_drawings``), lines
(``pdf_lines``), tables (``pdf_grids``, ``pdf_tables``, ``pdf_aligned``) and reading order
(``pdf_layout``), or its picture (``pdf_ocr``). ``pdf_writer`` goes over all pages: furniture
(``pdf_furniture``), tables over pages (``pdf_spreads``), paragraphs (``pdf_paragraphs``).
"""

from __future__ import annotations

from jixiao.documents.readers.guard import expect
from jixiao.documents.rendering import Rendered
from jixiao.errors import DocumentError
from jixiao.settings import Settings


def read_pdf(content: bytes, settings: Settings) -> Rendered:
    """Return what a PDF holds: every printed line is one of the raw text.

    Line breaks that only wrap a paragraph or a cell are not in the view, nor is what pages repeat:
    headers, footers, page numbers, watermarks. Pages without text are read by the OCR command of
    the settings, if any; else a notice tells.

    Raises
    ------
    DocumentError
        If the bytes are no PDF, or it is damaged or encrypted; if its library is not installed, or
        the OCR command cannot be started.
    """
    expect(content, ".pdf", "pdf")
    try:
        from jixiao.documents.readers.pdf_document import read_pages
        from jixiao.documents.readers.pdf_writer import write_pages
    except ModuleNotFoundError as error:
        raise DocumentError(
            f'.pdf files need the package {error.name}; try: pip install "jixiao[pdf]"'
        ) from error
    return write_pages(read_pages(content, settings.ocr))
