"""A report's text as paragraphs, headings and tables of raw offsets, for a front end to draw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from jixiao.annotation import Annotation
from jixiao.documents import Report
from jixiao.documents.blocks import Block, by_table, placed


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
    for block in by_table(report.blocks):
        if isinstance(block, list):
            parts.append({"rows": [list(_cells(report, row)) for row in block]})
            continue
        part: dict[str, Any] = {"at": _raw(report, block)}
        heading = levels.get(block.start)
        # A heading that runs into its paragraph is drawn as a paragraph.
        if heading is not None and block.end - block.start <= len(heading.text) + 12:
            part["level"] = min(heading.level, 3) + 1
        parts.append(part)
    return parts


def _cells(report: Report, row: Iterable[Block]) -> Iterator[dict[str, Any]]:
    for block, skipped, width in placed(row):
        found: dict[str, Any] = {"at": _raw(report, block)}
        if skipped:
            found["skip"] = skipped
        if width > 1:
            found["span"] = width
        yield found


def _raw(report: Report, block: Block) -> list[int]:
    return list(report.view.raw_span(block.start, block.end))
