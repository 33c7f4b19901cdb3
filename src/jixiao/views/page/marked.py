"""The text of a report as HTML: paragraphs, headings and tables, with every record marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from markupsafe import Markup

from jixiao.annotation import Annotation
from jixiao.documents import Report
from jixiao.documents.blocks import Block, by_table, placed
from jixiao.documents.outline import Heading
from jixiao.views.page.rows import SPECIAL, escaped
from jixiao.views.wrapping import UNSEEN, seen

_MOST_BEHIND: Final = 2  # a full stop and a blank
# What is not shown as it stands; tabs and line ends are among what is not seen.
_ODD: Final = re.compile(f"{SPECIAL.pattern}|{UNSEEN.pattern}")

# Plain text from here on is HTML: every piece of the raw text is escaped as it is cut.
_Inner = Callable[[int, int], str]


class _Mark(NamedTuple):
    """A record's place, its id escaped, and the classes of its element."""

    start: int
    end: int
    id: str
    classes: str


def marked_text(annotation: Annotation, report: Report | None = None) -> Markup:
    """Return the raw text as HTML: ``<p>``, ``<h3>`` and ``<table>``, records in ``<mark>``.

    A mark names the records it belongs to in ``data-r``; where records overlap, the text is cut at
    their edges, so that every character stands in one element. Every character is escaped; those
    that only move a cursor are left out. An empty text gives an empty string.

    Parameters
    ----------
    report
        The report as it was read from its file; without it tables are told from the text alone.
    """
    report = report or Report(annotation.document.doc_id, annotation.text)
    headings = {heading.start: heading for heading in report.outline.headings}
    marker = _Marker(report.raw, _marks(annotation))

    def inner(start: int, end: int) -> str:
        return marker.marked(*report.view.raw_span(start, end))

    parts = []
    for block in by_table(report.blocks):
        if isinstance(block, list):
            rows = "".join(f"<tr>{''.join(_cells(row, inner))}</tr>\n" for row in block)
            parts.append(f"<div class=scroll><table>{rows}</table></div>\n")
            continue
        heading = headings.get(block.start)
        end = _end_of(heading, block, report.view.text) if heading else -1
        parts.append(_paragraph(block, heading.level if heading else 0, end, inner))
    return Markup("".join(parts))  # noqa: S704 (escaped piece by piece)


def _end_of(heading: Heading, block: Block, text: str) -> int:
    """Return where the words of a heading end in its paragraph, or -1."""
    found = text.find(heading.text, block.start, block.end) if heading.text else -1
    return found if found < 0 else found + len(heading.text)


def _paragraph(block: Block, level: int, head_end: int, inner: _Inner) -> str:
    """Return a paragraph, or a heading up to ``head_end``, which may run into the text behind it."""
    if head_end < 0:
        return f"<p>{inner(block.start, block.end)}</p>\n"
    if block.end - head_end <= _MOST_BEHIND:
        tag = f"h{min(level, 3) + 3}"
        return f"<{tag}>{inner(block.start, block.end)}</{tag}>\n"
    return f"<p><b>{inner(block.start, head_end)}</b>{inner(head_end, block.end)}</p>\n"


def _cells(row: Iterable[Block], inner: _Inner) -> Iterator[str]:
    """Yield the cells of a row; empty cells, which are no blocks, keep their place."""
    for block, skipped, width in placed(row):
        yield "<td></td>" * skipped
        span = f" colspan={width}" if width > 1 else ""
        yield f"<td{span}>{inner(block.start, block.end)}</td>"


def _marks(annotation: Annotation) -> list[_Mark]:
    return sorted(
        [
            *(_Mark(q.start, q.end, escaped(q.id), f"q {q.label}") for q in annotation.quantities),
            *(_Mark(e.start, e.end, escaped(e.id), f"e {e.label}") for e in annotation.entities),
            *(_Mark(c.start, c.end, escaped(c.id), f"c {c.kind}") for c in annotation.claims),
        ]
    )


class _Marker:
    """Cuts marked pieces out of a text; the pieces are asked in order and do not overlap."""

    def __init__(self, text: str, marks: Sequence[_Mark]) -> None:
        self._text = text
        self._marks = marks
        self._next = 0
        self._open: list[_Mark] = []

    def marked(self, start: int, end: int) -> str:
        """Return a piece of the text as HTML."""
        shown = _as_it_stands if _ODD.search(self._text, start, end) is None else _made_fit
        here = self._marks_in(start, end)
        if not here:
            return shown(self._text, start, end)
        edges = {start, end}
        for mark in here:
            edges.update(mark[:2])
        pieces: list[str] = []
        over: list[_Mark] = []
        begun, count = 0, len(here)
        for low, high in pairwise(sorted([edge for edge in edges if start <= edge <= end])):
            over = [mark for mark in over if mark[1] > low]
            while begun < count and here[begun][0] <= low:
                over.append(here[begun])
                begun += 1
            text = shown(self._text, low, high)
            pieces.append(f"{_tag(over)}{text}</mark>" if over else text)
        return "".join(pieces)

    def _marks_in(self, start: int, end: int) -> list[_Mark]:
        """Return the marks that reach into a piece, those of pieces before among them."""
        marks = self._marks
        first = self._next
        while self._next < len(marks) and marks[self._next][0] < end:
            self._next += 1
        here = [mark for mark in (*self._open, *marks[first : self._next]) if mark[1] > start]
        self._open = [mark for mark in here if mark[1] > end]
        return here


def _as_it_stands(text: str, start: int, end: int) -> str:
    return text[start:end]


def _made_fit(text: str, start: int, end: int) -> str:
    return escaped(seen(text[start:end].replace("\t", " ").replace("\n", " ")))


def _tag(over: Sequence[_Mark]) -> str:
    """Return the tag that begins a piece of the text with all marks over it."""
    if len(over) == 1:
        return f'<mark class="{over[0].classes}" data-r="{over[0].id}">'
    # The shortest first: a click means the innermost.
    marks = sorted(over, key=_length)
    classes = _joined(tuple([mark[3] for mark in marks]))
    return f'<mark class="{classes}" data-r="{" ".join([mark[2] for mark in marks])}">'


def _length(mark: _Mark) -> tuple[int, str]:
    return mark.end - mark.start, mark.id


@lru_cache(maxsize=1_024)
def _joined(classes: Sequence[str]) -> str:
    """Return classes as one text, each once."""
    return " ".join(dict.fromkeys(" ".join(classes).split()))
