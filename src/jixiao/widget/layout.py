"""A report's text as paragraphs, headings and tables of raw offsets, for a front end to draw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from jixiao.annotation import Annotation
from jixiao.documents import Report
from jixiao.documents.blocks import Block


def layout_of(annotation: Annotation, report: Report | None = None) -> list[dict[str, Any]]:
    r"""Return the parts of a report from top to bottom, at raw offsets.

    A paragraph is ``{"at": [start, end]}``, a heading has ``"level"`` as well (1 the outermost), a table is
    ``{"rows": …}`` of cells ``{"at", "skip", "span"}``: how many empty columns stand before it, and how
    many it covers. What is no part of a page (page numbers, line ends between paragraphs) is in none.

    Parameters
    ----------
    report
        The report as it was read from its file; without it tables are told from the text alone.

    >>> from jixiao.pipeline import annotate_text
    >>> layout_of(annotate_text("一、成效\n新建学校3所。\n"))
    [{'at': [0, 4], 'level': 1}, {'at': [5, 12]}]
    """
    report = report or Report(annotation.document.doc_id, annotation.text)
    levels = {heading.start: heading for heading in report.outline.headings}
    parts: list[dict[str, Any]] = []
    for table, blocks in groupby(report.blocks, _table_of):
        if table is None:
            for block in blocks:
                part: dict[str, Any] = {"at": _raw(report, block)}
                heading = levels.get(block.start)
                # A heading that runs into its paragraph is drawn as a paragraph.
                if heading is not None and block.end - block.start <= len(heading.text) + 12:
                    part["level"] = min(heading.level, 3) + 1
                parts.append(part)
        else:
            rows = [list(_cells(report, row)) for _, row in groupby(blocks, _row_of)]
            parts.append({"rows": rows})
    return parts


def _cells(report: Report, row: Iterable[Block]) -> Iterator[dict[str, Any]]:
    column = 0
    for block in row:
        cell = block.cell
        if cell is None:  # a row holds cells only
            continue
        place = cell.column if cell.first is None else cell.first
        found: dict[str, Any] = {"at": _raw(report, block)}
        if place > column:
            found["skip"] = place - column
        if cell.width > 1:
            found["span"] = cell.width
        yield found
        column = place + cell.width


def _raw(report: Report, block: Block) -> list[int]:
    return list(report.view.raw_span(block.start, block.end))


def _table_of(block: Block) -> int | None:
    return None if block.cell is None else block.cell.table


def _row_of(block: Block) -> int | None:
    return None if block.cell is None else block.cell.row
