"""Synthetic reports with gold that is right by construction.

:mod:`~jixiao.generation.numerals` prints numbers, :mod:`~jixiao.generation.grammar` holds the
sentence templates, :func:`generate_report` makes a report of them, :func:`write_reports` files.
"""

from jixiao.generation.files import Summary, write_reports
from jixiao.generation.numerals import Surface, surfaces
from jixiao.generation.reports import generate_report

__all__ = ["Summary", "Surface", "generate_report", "surfaces", "write_reports"]
