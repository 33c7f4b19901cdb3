"""One self-contained HTML page of a report, or of a corpus: text beside facts, nothing to install."""

from jixiao.views.page.corpus import PageWriter
from jixiao.views.page.parts import PagesWriter, remove_pages
from jixiao.views.page.report import report_page, write_report_page

__all__ = ["PageWriter", "PagesWriter", "remove_pages", "report_page", "write_report_page"]
