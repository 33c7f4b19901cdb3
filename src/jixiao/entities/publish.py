"""Names as records: raw offsets, ids, keys, and which earlier name a short one refers to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from jixiao.confidence import confidence_of_rule
from jixiao.documents.bodies import is_short_for
from jixiao.entities.again import introduced
from jixiao.entities.heads import SEATS
from jixiao.entities.names import Name
from jixiao.records import Entity, span_key

if TYPE_CHECKING:
    from jixiao.documents.report import Report

_SHORTEST: Final = 3
_BODIES: Final = frozenset({"GOV", "INSTITUTION", "COMPANY", "PARK"})


def publish_entities(report: Report, names: Sequence[Name]) -> list[Entity]:
    """Return the records of names in text order.

    ``refers_to`` of a body's short form is the id of the first mention of its full name; a report
    that names several bodies the short form could stand for leaves it out.
    """
    raw = report.raw
    records = []
    for number, name in enumerate(names, start=1):
        start, end = report.view.raw_span(name.start, name.end)
        records.append(
            Entity(
                id=f"e{number}",
                start=start,
                end=end,
                text=raw[start:end],
                key=span_key(report.text_sha256, "entity", name.label, start, end),
                confidence=confidence_of_rule(name.rule),
                rule=name.rule,
                sentence=report.view.raw_span(*report.sentence_at(name.start)),
                section=list(report.outline.path(name.start)) or None,
                label=name.label,
            )
        )
    by_start = dict(zip((name.start for name in names), records, strict=True))
    text = report.view.text
    called = {text[slice(*short)]: by_start[full.start] for full, short in introduced(text, names)}
    _refer(records, called)
    return records


def full_names(entities: Sequence[Entity]) -> dict[str, str]:
    r"""Return the full name of each short form that the report resolves.

    >>> from jixiao.pipeline import annotate_text
    >>> report = annotate_text("民乐县教育局2022年绩效自评报告\n\n一、工作成效\n县教育局获评先进单位。\n")
    >>> full_names(report.entities)
    {'县教育局': '民乐县教育局'}
    """
    by_id = {entity.id: entity.text for entity in entities}
    return {e.text: by_id[e.refers_to] for e in entities if e.refers_to in by_id}


def _refer(records: Sequence[Entity], called: Mapping[str, Entity]) -> None:
    """Link each short form of a body to the first mention of the one full name it fits.

    ``called`` holds the full names of the short ones that the report introduces.
    """
    first: dict[str, Entity] = {}
    for record in records:
        if record.label in _BODIES:
            first.setdefault(record.text, record)
    holding: dict[str, list[Entity]] = defaultdict(list)
    for name, record in first.items():
        for character in set(name):
            holding[character].append(record)
    full = {
        short: called.get(short) or _full_name(short, record, holding)
        for short, record in first.items()
    }
    for record in records:
        target = full.get(record.text) if record.label in _BODIES else None
        if target is not None and target is not record:
            record.refers_to = target.id


def _full_name(
    short: str, record: Entity, holding: Mapping[str, Sequence[Entity]]
) -> Entity | None:
    """Return the one name that a name is short for; ``holding`` has those that hold a character."""
    if short[0] not in SEATS and (record.label == "GOV" or len(short) < _SHORTEST):
        return None
    fitting = [
        other
        for other in min((holding[character] for character in short), key=len)
        if other.label == record.label
        and len(other.text) > len(short) + 1
        and _is_short(short, other.text, record.label)
    ]
    return fitting[0] if len(fitting) == 1 else None


# 天宝茶业 of 湄潭天宝茶业有限公司, 县一中 of 湄潭县第一中学: what a full name has behind its short form.
_FORMS: Final = re.compile(
    r"(?:(?:股份|集团|控股|实业)*(?:有限)?(?:责任)?公司|集团|专业合作社|合作社)$"
)
_SCHOOL: Final = re.compile(r"[一二三四五六七八九十]中$")


def _is_short(short: str, full: str, label: str) -> bool:
    """Tell whether a name can stand for a longer one: it ends like it, or lacks only its legal form."""
    if label == "COMPANY":
        form = _FORMS.search(full)
        if form is not None and _FORMS.search(short) is None:
            return short in full[: form.start()] and len(short) >= _SHORTEST
    if _SCHOOL.search(short) and full.endswith("中学"):
        return is_short_for(short, full)
    return full[-1] == short[-1] and is_short_for(short, full)
