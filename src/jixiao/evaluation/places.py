"""Where in its document a record stands: the sentence around it, and what its section is about."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from jixiao.documents.sections import section_kind
from jixiao.records import Claim, Entity, Quantity, Record, SpanRecord

if TYPE_CHECKING:
    from jixiao.documents import Report

UNKNOWN: Final = "unknown"
"""The section kind of a record under no heading, or under one that tells nothing."""


class Places:
    r"""The sentences and sections of one document.

    Annotations made by hand seldom hold either. What a record says of itself counts first, then the
    raw text, then (of a section) the record before it.

    Parameters
    ----------
    text
        The raw text, None where it is not at hand.
    records
        The predicted records, which know their sections.

    >>> from jixiao.records import Entity
    >>> places = Places("一、存在的问题\n君山区人手不足。\n二、建议\n加强培训。", ())
    >>> name = Entity(id="e1", start=8, end=11, text="君山区", label="PLACE")
    >>> places.section(name), places.sentence(name)
    ('problems', (8, '君山区人手不足。'))
    """

    def __init__(self, text: str | None, records: Iterable[Record] = ()) -> None:
        self._text = text
        known = {
            record.start: tuple(record.section)
            for record in records
            if isinstance(record, Quantity | Entity | Claim) and record.section is not None
        }
        self._starts = sorted(known)
        self._sections = [known[start] for start in self._starts]

    @cached_property
    def _report(self) -> Report | None:
        from jixiao.documents import Report

        return None if self._text is None else Report("", self._text)

    def section(self, *records: SpanRecord) -> str:
        """Return the kind of the section that records of one place stand in."""
        return section_kind(self._headings(records)) or UNKNOWN

    def _headings(self, records: tuple[SpanRecord, ...]) -> tuple[str, ...]:
        for record in records:
            if record.section is not None:
                return tuple(record.section)
        start = records[0].start
        if self._report is not None:
            return self._report.outline.path(self._report.view.view_span(start, start)[0])
        index = bisect_right(self._starts, start) - 1
        return self._sections[index] if index >= 0 else ()

    def sentence(self, *records: SpanRecord) -> tuple[int, str] | None:
        """Return where the sentence around records of one place starts, and its words.

        None without the raw text.
        """
        if self._text is None or self._report is None:
            return None
        for record in records:
            if record.sentence is not None:
                start, end = record.sentence
                return start, self._text[start:end]
        view = self._report.view
        position = view.view_span(records[0].start, records[0].start)[0]
        start, end = view.raw_span(*self._report.sentence_at(position))
        return start, self._text[start:end]
