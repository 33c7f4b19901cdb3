"""The stretches of a text that one body wrote about one year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.context.period import Periods
from jixiao.context.region import Regions
from jixiao.documents.metadata import Metadata
from jixiao.documents.parts import Part

if TYPE_CHECKING:
    from jixiao.documents.report import Report


@dataclass(frozen=True, slots=True)
class Scope:
    """A stretch of the text that one body wrote about one year: ``[start, end)`` of the view."""

    start: int
    end: int
    metadata: Metadata
    periods: Periods
    regions: Regions


def find_scopes(report: Report) -> list[Scope]:
    """Return the scopes of a report in order: one, unless its parts differ in body or year."""
    text, whole = report.view.text, report.metadata
    parts = report.parts
    if all(_same_scope(part.metadata, parts[0].metadata) for part in parts):
        parts = [Part(0, len(text), "report", whole)]
    return [
        Scope(
            part.start,
            part.end,
            part.metadata,
            Periods(
                text,
                part.metadata.fiscal_year,
                part.metadata.report_date,
                part.start,
                part.end,
            ),
            Regions(part.metadata.region, text, part.start, part.end),
        )
        for part in parts
    ]


def _same_scope(one: Metadata, other: Metadata) -> bool:
    return (one.issuer, one.region, one.fiscal_year) == (
        other.issuer,
        other.region,
        other.fiscal_year,
    )
