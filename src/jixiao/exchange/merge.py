"""What comes back from a tool, merged onto the run's own records by key.

A mark finds its record by the key it carries or, where the tool numbers spans anew, by its place and
label. Fields that a file holds are taken from it; all others stay as the run has them. What the format
cannot hold at all (facts, checks, spans that overlap in CoNLL) stays too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, TypeAlias

import msgspec

from jixiao.annotation import Annotation
from jixiao.errors import RecordError
from jixiao.exact import plain
from jixiao.exchange.marks import (
    LAYER_OF,
    LAYERS,
    LINKS,
    TRIGGER,
    TYPES,
    Layer,
    Mark,
    MarkedDocument,
    field_values,
    held_fields,
    label_of,
    layer_of,
    mark_ids,
    spans,
    text_digest,
    unique_ids,
)
from jixiao.exchange.offsets import Utf16Offsets
from jixiao.records import (
    Check,
    Document,
    Fact,
    Issue,
    Quantity,
    Record,
    SpanRecord,
    in_file_order,
    span_key,
)

Holdable: TypeAlias = Callable[[Iterable[Mark], str], tuple[list[Mark], list[Any]]]

REVIEWED: Final = "review"
_PREFIX: Final[Mapping[Layer, str]] = {"quantity": "q", "entity": "e", "claim": "c"}
# What a number says; it cannot be that of other characters.
_READ_FROM_TEXT: Final = frozenset({"value", "value_high", "unit", "bound", "noun"})


@dataclass(frozen=True, slots=True)
class Change:
    """What a person did to a record: ``before`` is None for an added one, ``after`` for a deleted one."""

    before: SpanRecord | None
    after: SpanRecord | None


@dataclass(slots=True)
class Merged:
    """A document after an import: its records, what was changed, and what has to be told."""

    annotation: Annotation
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Draft:
    """A record in the making: the mark it comes from, the record it was, and its fields."""

    mark: Mark
    base: SpanRecord | None
    layer: Layer
    given: dict[str, Any]


def merge(
    document: MarkedDocument,
    base: Annotation | None,
    layers: Collection[Layer] | None = None,
    holdable: Holdable | None = None,
) -> Merged:
    """Return the annotation that a tool's document and the run's own records give together.

    Parameters
    ----------
    document
        What was read. Its marks may be changed: offsets in UTF-16 units become code points.
    base
        The run's annotation of the document; None where there is none: the records stand as they are.
    layers
        Only records of these are taken, and only these may be deleted or changed; None for those that
        the document has marks of, because a tool may have been given some only.
    holdable
        Says which marks the format could hold; what it could not is no deletion.

    Raises
    ------
    RecordError
        If the texts differ, a label or field is none of the format, or a mark lies outside the text
        or says what the text does not; the message names file and place.
    """
    text = _text(document, base)
    _fix_offsets(document, text)
    _check_ids(document)
    words = {mark.id: mark for mark in document.marks if mark.label == TRIGGER}
    chosen = [mark for mark in document.marks if mark.label != TRIGGER]
    notes = list(document.notes)
    if layers is None:
        layers = _present({_layer(mark) for mark in chosen}, base, document, notes)
    chosen = [mark for mark in chosen if _layer(mark) in layers]
    for mark in [*chosen, *words.values()]:
        _check_place(mark, text)
    linkable = {
        name
        for name, (_, kind) in LINKS.items()
        if document.linked and (kind == TRIGGER or kind in layers)
    }
    known = {} if base is None else _known(base)
    drafts = _drafts(chosen, known, document, text_digest(text), notes)
    _link(drafts, words, document, text, linkable)
    kept = _kept(base, drafts, layers, holdable, text)
    merged = _assemble(document, base, drafts, kept, text, notes, linkable)
    found = {one.id for one in kept} | {one.base.id for one in drafts if one.base is not None}
    merged.changes += [
        Change(record, None)
        for record in ([] if base is None else spans(base))
        if record.id not in found
    ]
    return merged


def _text(document: MarkedDocument, base: Annotation | None) -> str:
    if base is not None and document.text not in (None, base.text):
        raise RecordError(
            f"{document.where}: its text is not that of {base.document.doc_id!r} in the run "
            f"({len(document.text or '')} and {len(base.text)} characters), so no offset can be "
            "trusted; import onto the run it was exported from"
        )
    text = base.text if base is not None else document.text
    if text is None:
        raise RecordError(f"{document.where}: the text is unknown; give the run with --onto DIR")
    return text


def _fix_offsets(document: MarkedDocument, text: str) -> None:
    """Turn UTF-16 units into code points where only those make the marks say what the text says."""
    quoted = [mark for mark in document.marks if mark.text is not None]
    if text.isascii() or all(
        mark.end <= len(text) and text[mark.start : mark.end] == mark.text for mark in quoted
    ):
        return
    offsets = Utf16Offsets(text)
    places = [(offsets.code_point(m.start), offsets.code_point(m.end)) for m in document.marks]
    for mark, (start, end) in zip(document.marks, places, strict=True):
        if start is None or end is None or mark.text not in (None, text[start:end]):
            return
    for mark, (start, end) in zip(document.marks, places, strict=True):
        mark.start, mark.end = start or 0, end or 0
    document.notes.append(f"{document.where}: offsets were UTF-16 units; read as such")


def _check_ids(document: MarkedDocument) -> None:
    seen: set[str] = set()
    for mark in document.marks:
        if mark.id in seen:
            raise RecordError(f"{mark.where}: a second span with the id {mark.id[:40]!r}")
        seen.add(mark.id)


def _present(
    found: set[Layer], base: Annotation | None, document: MarkedDocument, notes: list[str]
) -> list[Layer]:
    """Return the layers that a document is about; one that only the run has is told."""
    others = {layer_of(record) for record in ([] if base is None else spans(base))} - found
    for layer in sorted(others):
        notes.append(
            f"{document.where}: has no {layer}, the run has; those of the run stay (to delete them: "
            f"--layer {layer})"
        )
    return [layer for layer in LAYERS if layer not in others]


def _layer(mark: Mark) -> Layer:
    try:
        return LAYER_OF[mark.label]
    except KeyError:
        raise RecordError(
            f"{mark.where}: label {mark.label[:40]!r} is none of {', '.join(LAYER_OF)}, {TRIGGER}"
        ) from None


def _check_place(mark: Mark, text: str) -> None:
    if not 0 <= mark.start < mark.end <= len(text):
        raise RecordError(
            f"{mark.where}: [{mark.start}, {mark.end}) is empty or outside the text of {len(text)} "
            "characters"
        )
    there = text[mark.start : mark.end]
    if mark.text is not None and mark.text != there:
        raise RecordError(
            f"{mark.where}: says {mark.text[:40]!r}, the text at [{mark.start}, {mark.end}) says "
            f"{there[:40]!r}"
        )


def _known(base: Annotation) -> dict[str, SpanRecord]:
    ids = mark_ids(base)
    return {ids[record.id]: record for record in spans(base)}


def _drafts(
    marks: Sequence[Mark],
    known: dict[str, SpanRecord],
    document: MarkedDocument,
    digest: str,
    notes: list[str],
) -> list[_Draft]:
    found = _find_base(marks, known, digest)
    drafts = []
    for mark, record in zip(marks, found, strict=True):
        layer = LAYER_OF[mark.label]
        if record is not None and layer_of(record) != layer:
            notes.append(
                f"{mark.where}: {label_of(record)} {record.text[:20]!r} became {mark.label}: a new record"
            )
            record = None
        drafts.append(_Draft(mark, record, layer, _fields(mark, record, layer, document, notes)))
    return drafts


def _find_base(
    marks: Sequence[Mark], known: dict[str, SpanRecord], digest: str
) -> list[SpanRecord | None]:
    """Return the record of each mark: by the key it carries, else by its place and label."""
    free = dict(known)
    found = [free.pop(mark.id, None) for mark in marks]
    places = [
        span_key(digest, LAYER_OF[mark.label], mark.label, mark.start, mark.end)
        for mark, record in zip(marks, found, strict=True)
        if record is None
    ]
    others = iter([free.pop(name, None) for name in unique_ids(iter(places))])
    return [next(others) if record is None else record for record in found]


def _fields(
    mark: Mark,
    record: SpanRecord | None,
    layer: Layer,
    document: MarkedDocument,
    notes: list[str],
) -> dict[str, Any]:
    held = held_fields(layer, document.held)
    stays = field_values(record) if record is not None else {}
    given = {name: value for name, value in stays.items() if name not in held}
    given |= {name: value for name, value in mark.fields.items() if value is not None}
    moved = record is not None and (record.start, record.end) != (mark.start, mark.end)
    if moved and not held:
        unread = sorted(_READ_FROM_TEXT & given.keys())
        if unread:
            notes.append(
                f"{mark.where}: other characters, so {', '.join(unread)} must be read anew"
            )
        given = {name: value for name, value in given.items() if name not in _READ_FROM_TEXT}
    return given


def _link(
    drafts: Sequence[_Draft],
    words: dict[str, Mark],
    document: MarkedDocument,
    text: str,
    linkable: Collection[str],
) -> None:
    """Put the references that the file can tell into the drafts, as mark ids."""
    by_mark = {draft.mark.id: draft for draft in drafts}
    for link in document.links:
        source = by_mark.get(link.source)
        if source is None or link.name not in linkable:
            continue
        layer, kind = LINKS[link.name]
        if source.layer != layer:
            raise RecordError(
                f"{link.where}: {link.name!r} leads from a {source.layer}; expected a {layer}"
            )
        if kind == TRIGGER:
            word = words.get(link.target)
            if word is None:
                raise RecordError(f"{link.where}: {link.target!r} is no {TRIGGER}")
            place = {"start": word.start, "end": word.end, "text": text[word.start : word.end]}
            source.given[TRIGGER] = place
            continue
        target = by_mark.get(link.target)
        if target is None or target.layer != kind:
            raise RecordError(f"{link.where}: {link.target!r} is no {kind}")
        if link.name == "quantities":
            source.given.setdefault(link.name, []).append(target.mark.id)
        else:
            source.given[link.name] = target.mark.id


def _kept(
    base: Annotation | None,
    drafts: Sequence[_Draft],
    layers: Collection[Layer],
    holdable: Holdable | None,
    text: str,
) -> list[SpanRecord]:
    """Return the run's records that the file could not hold, as they are."""
    if base is None:
        return []
    used = {draft.base.id for draft in drafts if draft.base is not None}
    outside = [record for record in spans(base) if layer_of(record) not in layers]
    if holdable is None:
        return outside
    marks = {
        record.id: Mark(record.id, label_of(record), record.start, record.end, record.text)
        for record in spans(base)
        if layer_of(record) in layers
    }
    held = {mark.id for mark in holdable(marks.values(), text)[0]}
    left = [r for r in spans(base) if r.id in marks and r.id not in held and r.id not in used]
    return outside + left


def _assemble(
    document: MarkedDocument,
    base: Annotation | None,
    drafts: Sequence[_Draft],
    kept: Sequence[SpanRecord],
    text: str,
    notes: list[str],
    linkable: Collection[str],
) -> Merged:
    digest = text_digest(text)
    names = _Names(base, drafts, kept)
    changes: list[Change] = []
    made: list[SpanRecord] = []
    for draft in drafts:
        record = _record(draft, names, digest, text, linkable)
        # Without a run there is nothing that a person could have changed.
        if base is not None and (draft.base is None or not _same(record, draft.base, names)):
            record.rule = REVIEWED
            record.confidence = None
            changes.append(Change(draft.base, record))
        made.append(record)
    made += [names.redirected(record) for record in kept]
    made.sort(key=lambda record: int(record.id[1:]) if record.id[1:].isdecimal() else 0)
    own = base.document if base is not None else _new_document(document, digest)
    touched = {change.before.id for change in changes if change.before is not None}
    others = _others(base, touched, names, notes)
    records = _renumbered(in_file_order([own, *made, *others]))
    annotation = Annotation(own, text, records)
    return Merged(annotation, changes, notes)


class _Names:
    """The ids of records while a document is assembled: those of the run, fresh ones for the new."""

    def __init__(
        self, base: Annotation | None, drafts: Sequence[_Draft], kept: Sequence[SpanRecord]
    ) -> None:
        taken: dict[str, int] = defaultdict(int)
        for record in [] if base is None else spans(base):
            prefix, digits = record.id[:1], record.id[1:]
            taken[prefix] = max(taken[prefix], int(digits) if digits.isdecimal() else 0)
        self.of_mark: dict[str, str] = {}
        for draft in drafts:
            prefix = _PREFIX[draft.layer]
            if draft.base is None:
                taken[prefix] += 1
            name = f"{prefix}{taken[prefix]}" if draft.base is None else draft.base.id
            self.of_mark[draft.mark.id] = name
        self.kept = frozenset(record.id for record in kept)
        self.present = {*self.of_mark.values(), *(record.id for record in kept)}

    def redirected(self, record: SpanRecord) -> SpanRecord:
        """Return a record without references to what is no longer there."""
        changes: dict[str, Any] = {}
        for name in LINKS:
            value = getattr(record, name, None)
            if isinstance(value, list):
                changes[name] = [one for one in value if one in self.present] or None
            elif isinstance(value, str) and value not in self.present:
                changes[name] = None
        return msgspec.structs.replace(record, **changes) if changes else record


def _record(
    draft: _Draft, names: _Names, digest: str, text: str, linkable: Collection[str]
) -> SpanRecord:
    mark, base = draft.mark, draft.base
    given = dict(draft.given)
    for name in LINKS.keys() & given.keys() - {TRIGGER}:
        value = given[name]
        whole = isinstance(value, list)
        ids = [names.of_mark[one] for one in (value if whole else [value])]
        given[name] = ids if whole else ids[0]
    named = "kind" if draft.layer == "claim" else "label"
    place = {
        "type": draft.layer,
        "id": names.of_mark[mark.id],
        "start": mark.start,
        "end": mark.end,
        "text": text[mark.start : mark.end],
        named: mark.label,
    }
    if base is None or base.key is not None:
        place["key"] = span_key(digest, draft.layer, mark.label, mark.start, mark.end)
    try:
        record = msgspec.convert({**given, **place}, TYPES[draft.layer], strict=False)
    except msgspec.ValidationError as error:
        raise RecordError(f"{mark.where}: {error}; the field is not as the format says") from error
    _make_plain(record, mark.where)
    if base is not None:
        for name in LINKS.keys() - linkable:
            if hasattr(record, name):
                setattr(record, name, getattr(base, name))
        record = names.redirected(_rejoined(record, base, names.kept))
    return record


def _rejoined(record: SpanRecord, base: SpanRecord, kept: Collection[str]) -> SpanRecord:
    """Return a record with the references to what the file could not hold, as the run has them."""
    changes: dict[str, Any] = {}
    for name in LINKS.keys() - {TRIGGER}:
        before, now = getattr(base, name, None), getattr(record, name, None)
        if isinstance(before, list):
            present = [one for one in before if one in kept or one in (now or ())]
            changes[name] = present + [one for one in now or () if one not in present]
        elif before is not None and before in kept and now is None:
            changes[name] = before
    return msgspec.structs.replace(record, **changes) if changes else record


def _make_plain(record: SpanRecord, where: str) -> None:
    """Write the values of a quantity without exponent and zeros, as every record has them."""
    if not isinstance(record, Quantity):
        return
    for name in ("value", "value_high"):
        value = getattr(record, name)
        if value is None:
            continue
        if not value.is_finite() or len(value.as_tuple().digits) > 50 or abs(value.adjusted()) > 50:
            raise RecordError(f"{where}: {name} is {str(value)[:40]}; expected a plain number")
        setattr(record, name, plain(value))


def _same(record: SpanRecord, base: SpanRecord, names: _Names) -> bool:
    """Tell whether a record is what the run had, but for references to what is gone."""
    return bool(_normal(record) == _normal(names.redirected(base)))


def _normal(record: SpanRecord) -> SpanRecord:
    # The order in which a claim names its numbers says nothing.
    value = getattr(record, "quantities", None)
    return record if value is None else msgspec.structs.replace(record, quantities=sorted(value))


def _new_document(document: MarkedDocument, digest: str) -> Document:
    if document.doc_id is None:
        raise RecordError(
            f"{document.where}: the document has no 'doc_id' and no run has its text; add the id, or "
            "give the run with --onto DIR"
        )
    return Document(doc_id=document.doc_id, schema="1", text_sha256=digest)


def _others(
    base: Annotation | None, touched: set[str], names: _Names, notes: list[str]
) -> list[Record]:
    """Return facts, checks and issues; those that rest on changed numbers are left out and counted."""
    kept: list[Record] = []
    gone: dict[str, int] = defaultdict(int)
    for record in [] if base is None else base.records:
        if isinstance(record, Fact | Check):
            if touched.isdisjoint(record.quantities) and names.present.issuperset(
                record.quantities
            ):
                kept.append(record)
            else:
                gone[type(record).__name__.lower()] += 1
        elif isinstance(record, Issue):
            kept.append(record)
    for kind, number in gone.items():
        doc_id = base.document.doc_id if base is not None else ""
        notes.append(f"{doc_id}: {number} {kind}(s) rested on numbers that were changed; left out")
    return kept


def _renumbered(records: list[Record]) -> list[Record]:
    """Give span records numbers in the order of the file where they have others."""
    fresh: dict[str, str] = {}
    for layer, prefix in _PREFIX.items():
        own = [record.id for record in records if type(record) is TYPES[layer]]
        numbers = [int(one[1:]) if one[1:].isdecimal() else 0 for one in own]
        if any(after <= before for before, after in pairwise(numbers)):
            fresh |= {name: f"{prefix}{number}" for number, name in enumerate(own, start=1)}
    return [_renamed(record, fresh) for record in records] if fresh else records


def _renamed(record: Record, fresh: Mapping[str, str]) -> Record:
    changes: dict[str, Any] = {}
    for name in ("id", "quantities", "total", "same_as", "refers_to"):
        value = getattr(record, name, None)
        if isinstance(value, list):
            changes[name] = [fresh.get(one, one) for one in value]
        elif isinstance(value, str):
            changes[name] = fresh.get(value, value)
    return msgspec.structs.replace(record, **changes)
