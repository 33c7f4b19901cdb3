"""A file that holds several parts: form, report and rubric, or the reports of several bureaus."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from jixiao.documents.blocks import Block
from jixiao.documents.bodies import body_alone, is_short_for
from jixiao.documents.lines import tidy
from jixiao.documents.metadata import Metadata, read_metadata
from jixiao.documents.titles import is_title

PartKind: TypeAlias = Literal["report", "form", "rubric"]

# Less than this under a title is a cover, a heading of the form or a list of attachments.
_LEAST: Final = 120
_MAX_LEAD: Final = 40
_ATTACHED: Final = re.compile(r"附[件表][ ]?[\d一二三四五六七八九十]{0,2}[：:]?")
_FORM_ENDS: Final = ("表", "书")
_RUBRIC_WORDS: Final = ("评分", "指标体系", "计分")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file: view offsets, half-open, what it is, and what it tells of itself.

    What the part does not tell of its issuer, region, year and date is the document's, unless
    another body made it.
    """

    start: int
    end: int
    kind: PartKind
    metadata: Metadata


def find_parts(
    text: str,
    blocks: Sequence[Block],
    title_rows: Collection[tuple[int, int]],
    document: Metadata,
) -> list[Part]:
    """Return the parts of a file in order; one for the whole file where it is not divided.

    A part begins at a title (``…绩效自评报告``, ``…评分表``) with enough text below it. They cover the
    whole text.
    """
    starts = [
        number
        for number, block in enumerate(blocks)
        if (block.cell is None or (block.cell.table, block.cell.row) in title_rows)
        and block.end - block.start <= 2 * _LEAST
        and is_title(text[block.start : block.end])
    ]
    bounds = [_with_lead(text, blocks, number) for number in _with_content(blocks, starts)]
    if len(bounds) < 2:
        return [Part(0, len(text), "report", document)]
    parts: list[Part] = []
    for first, after in pairwise([*bounds, len(blocks)]):
        begin = blocks[first].start if parts else 0
        end = blocks[after].start if after < len(blocks) else len(text)
        inside = blocks[first:after]
        told = read_metadata(text, inside, title_rows, begin, end)
        parts.append(Part(begin, end, _kind(told.title, inside), _completed(told, document)))
    return parts


def _with_content(blocks: Sequence[Block], starts: Sequence[int]) -> list[int]:
    """Return the titles that begin a part: those after which the next title is not close."""
    kept: list[int] = []
    for number, after in pairwise([*starts, len(blocks)]):
        size = sum(block.end - block.start for block in blocks[number + 1 : after])
        if size >= _LEAST and (
            not kept
            or sum(block.end - block.start for block in blocks[kept[-1] : number]) >= _LEAST
        ):
            kept.append(number)
    return kept


def _with_lead(text: str, blocks: Sequence[Block], number: int) -> int:
    """Return where a title begins: the name of its body or 附件1 may stand on the line above."""
    if number == 0 or blocks[number - 1].cell is not None:
        return number
    above = tidy(text[blocks[number - 1].start : blocks[number - 1].end])
    leads = len(above) <= _MAX_LEAD and (body_alone(above) or _ATTACHED.fullmatch(above))
    return number - 1 if leads else number


def _kind(title: str | None, blocks: Sequence[Block]) -> PartKind:
    title = title or ""
    if any(word in title for word in _RUBRIC_WORDS) and title.endswith(_FORM_ENDS):
        return "rubric"
    cells = sum(block.cell is not None for block in blocks)
    return "form" if title.endswith(_FORM_ENDS) and 2 * cells > len(blocks) else "report"


def _completed(told: Metadata, document: Metadata) -> Metadata:
    """Return what a part tells, with what it leaves to the document."""
    if _is_foreign(told, document):
        return replace(told, fiscal_year=told.fiscal_year or document.fiscal_year)
    year = told.fiscal_year if told.titled_year else document.fiscal_year
    return replace(
        told,
        issuer=document.issuer or told.issuer,
        region=document.region or told.region,
        region_name=document.region_name or told.region_name,
        fiscal_year=year,
        report_date=told.report_date or document.report_date,
        kind=told.kind or document.kind,
    )


def _is_foreign(told: Metadata, document: Metadata) -> bool:
    """Tell whether another body made a part: it names one that is not the document's in short."""
    if told.issuer is None or document.issuer is None:
        return False
    return not (
        is_short_for(told.issuer, document.issuer) or is_short_for(document.issuer, told.issuer)
    )
