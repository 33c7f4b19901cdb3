"""All names of a report: every source asked, then one policy for what competes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from jixiao.documents.sections import section_kind
from jixiao.entities.again import named_again
from jixiao.entities.documents import find_documents
from jixiao.entities.gazetteer import find_listed
from jixiao.entities.headed import find_headed
from jixiao.entities.honours import find_conferred, find_quoted_titles
from jixiao.entities.lists import find_listed_firms, find_sections
from jixiao.entities.model import find_by_model
from jixiao.entities.names import Name, settle
from jixiao.entities.people import find_people
from jixiao.entities.places import find_places
from jixiao.entities.programs import find_programs
from jixiao.entities.words import Words

if TYPE_CHECKING:
    from jixiao.documents.report import Report
    from jixiao.numbers.find import Found


def find_entities(
    report: Report, items: Sequence[Found] = (), *, modelled: bool = True
) -> list[Name]:
    """Return the names of a report in text order, none overlapping another.

    ``items`` are the quantities found so far: what is counted is a class, not a name. Without
    ``modelled`` the rules decide alone.
    """
    text = report.view.text
    words = Words(text)
    metadata = report.metadata
    places = list(find_places(words, metadata.region, metadata.fiscal_year))
    counts = [item for item in items if item.quantity.label == "COUNT"]
    counted = frozenset(item.start for item in counts)
    counting = frozenset(item.end for item in counts)
    ends = {place.end: place.start for place in sorted(places, key=lambda p: -p.start)}
    begins = {place.start: place.end for place in places}
    listed = list(find_listed(text))
    anchors = ends | {name.end: name.start for name in listed if name.label in _OPENING}
    found: list[Name] = [
        *find_documents(words),
        *listed,
        *find_sections(words),
        *find_conferred(words, begins),
        *find_quoted_titles(text),
        *find_headed(words, anchors, counted, counting),
        *find_programs(words, ends),
        *find_listed_firms(words),
        *find_people(words, report),
        *places,
    ]
    kept = settle(_inside_blocks(report, found))
    kept = settle([*kept, *_inside_blocks(report, named_again(text, kept, metadata.region))])
    if modelled:
        kept = find_by_model(words, kept)
    return admissible(report, kept)


def admissible(report: Report, names: Iterable[Name]) -> list[Name]:
    """Return the names that stay in one block and that their section is annotated for."""
    return [name for name in _inside_blocks(report, names) if _is_kept(report, name)]


def _inside_blocks(report: Report, names: Iterable[Name]) -> list[Name]:
    """Return the names that do not run over the end of their paragraph or cell."""
    starts = [block.start for block in report.blocks]
    ends = [block.end for block in report.blocks]
    return [name for name in names if name.end <= ends[bisect_right(starts, name.start) - 1]]


# 南华大学 opens 南华大学知识产权和技术转移中心.
_OPENING = frozenset({"INSTITUTION", "COMPANY", "GOV", "PARK"})
_OF_DUTIES = frozenset({"DOCUMENT", "PLACE", "GOV"})


def _is_kept(report: Report, name: Name) -> bool:
    """Statutory duties name documents, places and bodies only (ANNOTATION.md, entity)."""
    kind = section_kind(report.outline.path(name.start))
    return kind != "duties" or name.label in _OF_DUTIES
