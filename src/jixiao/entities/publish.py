"""Names as records: raw offsets, ids, keys, and which earlier name a short one refers to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from jixiao.confidence import confidence_of_rule
from jixiao.documents.bodies import is_short_for
from jixiao.entities.heads import SEATS
from jixiao.entities.names import Name
from jixiao.records import Entity, span_key

if TYPE_CHECKING:
    from jixiao.documents.report import Report

_SHORTEST: Final = 3
_BODIES: Final = frozenset({"GOV", "INSTITUTION", "COMPANY", "PARK"})
_CALLED: Final = re.compile(r"[（(]以下?简称[：:]?[“\"]?(?P<short>[^”\"）)\n]{2,16})[”\"]?[）)]")


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
    _refer(report.view.text, records)
    return records


def _refer(text: str, records: Sequence[Entity]) -> None:
    """Link each short form of a body to the first mention of the one full name it fits."""
    first: dict[str, Entity] = {}
    for record in records:
        if record.label in _BODIES:
            first.setdefault(record.text, record)
    called = _introduced(text, first)
    full = {
        short: called.get(short) or _full_name(short, record, first)
        for short, record in first.items()
    }
    for record in records:
        target = full.get(record.text) if record.label in _BODIES else None
        if target is not None and target is not record:
            record.refers_to = target.id


def _introduced(text: str, first: dict[str, Entity]) -> dict[str, Entity]:
    """Return the short names a report introduces: ``某市商务局（以下简称“市商务局”）``."""
    found: dict[str, Entity] = {}
    for match in _CALLED.finditer(text):
        before = text[max(match.start() - 40, 0) : match.start()]
        for name, record in first.items():
            if before.endswith(name):
                found[match.group("short")] = record
    return found


def _full_name(short: str, record: Entity, first: dict[str, Entity]) -> Entity | None:
    if short[0] not in SEATS and (record.label == "GOV" or len(short) < _SHORTEST):
        return None
    fitting = [
        other
        for name, other in first.items()
        if other.label == record.label
        and len(name) > len(short) + 1
        and name[-1] == short[-1]
        and is_short_for(short, name)
    ]
    return fitting[0] if len(fitting) == 1 else None
