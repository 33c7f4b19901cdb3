"""What annotation tools have in common: a text, labelled spans in it, and links between them.

A record becomes a :class:`Mark`, a reference from one record to another a :class:`Link`, and the word
that carries a claim a mark of its own with the label ``trigger``. Every format of this package writes
and reads these, so that only the layout of a file is its own business.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias, get_args

import msgspec

from jixiao.annotation import Annotation
from jixiao.errors import SettingsError
from jixiao.records import (
    Claim,
    ClaimKind,
    Entity,
    EntityLabel,
    Quantity,
    QuantityLabel,
    SpanRecord,
    span_key,
)

Layer: TypeAlias = Literal["quantity", "entity", "claim"]
Held: TypeAlias = Literal["spans", "fields", "all"]

TRIGGER: Final = "trigger"
LABELS: Final[Mapping[Layer, tuple[str, ...]]] = {
    "quantity": get_args(QuantityLabel),
    "entity": get_args(EntityLabel),
    "claim": get_args(ClaimKind),
}
LAYERS: Final[tuple[Layer, ...]] = tuple(LABELS)
LAYER_OF: Final[Mapping[str, Layer]] = {
    label: layer for layer, labels in LABELS.items() for label in labels
}
TYPES: Final[Mapping[Layer, type[SpanRecord]]] = {
    "quantity": Quantity,
    "entity": Entity,
    "claim": Claim,
}
# The fields that refer to other records, and the layers they lead from and to.
LINKS: Final[Mapping[str, tuple[Layer, str]]] = {
    "quantities": ("claim", "quantity"),
    "same_as": ("claim", "claim"),
    TRIGGER: ("claim", TRIGGER),
    "total": ("quantity", "quantity"),
    "refers_to": ("entity", "entity"),
}
ANCHOR: Final = frozenset({"type", "id", "start", "end", "text", "label", "kind", "key"})
# How the toolkit came to a record: nothing that a reader of the text could tell or correct.
PROVENANCE: Final = frozenset(
    {"confidence", "rule", "sentence", "section", "candidates", "evidence"}
)


def editable_fields(layer: Layer) -> tuple[str, ...]:
    """Return the fields of a layer that a person may correct in a tool, in the order of the record.

    >>> editable_fields("entity")
    ()
    >>> editable_fields("quantity")[:3]
    ('value', 'value_high', 'unit')
    """
    aside = ANCHOR | PROVENANCE | LINKS.keys()
    return tuple(name for name in TYPES[layer].__struct_fields__ if name not in aside)


def held_fields(layer: Layer, held: Held) -> frozenset[str]:
    """Return the fields of a layer that a file holds: none, the editable ones, or all but links."""
    if held == "spans":
        return frozenset()
    editable = frozenset(editable_fields(layer))
    return editable if held == "fields" else editable | PROVENANCE


@dataclass(slots=True)
class Mark:
    """A labelled span. ``start`` and ``end`` are code points of the raw text, half-open.

    ``id`` is unique in its document and, in what this package writes, the record's key; ``fields`` are
    the values of the record by name, as JSON has them. ``text`` is None where a file does not tell it.
    ``where`` says which place of a file the mark was read from.
    """

    id: str
    label: str
    start: int
    end: int
    text: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    where: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A reference from one mark to another, by ids; ``name`` is the field of the record."""

    name: str
    source: str
    target: str
    where: str = ""


@dataclass(slots=True)
class MarkedDocument:
    """A document as an annotation tool has it.

    ``held`` says which fields the marks carry, ``linked`` whether the file can carry links; what it
    cannot, the run's own records keep. ``doc_id`` and ``text`` are None where the file does not tell
    them. ``reviewer`` and ``time`` are those of the tool, ``notes`` what the reader has to tell.
    """

    doc_id: str | None
    text: str | None
    marks: list[Mark]
    links: list[Link]
    held: Held
    linked: bool
    where: str
    reviewer: str | None = None
    time: str | None = None
    notes: list[str] = field(default_factory=list)


def marked(
    annotation: Annotation, held: Held = "all", layers: Collection[Layer] = LAYERS
) -> MarkedDocument:
    """Return an annotation as marks and links, in the order of its records."""
    ids = mark_ids(annotation)
    marks: list[Mark] = []
    links: list[Link] = []
    chosen = [
        (ids[record.id], record) for record in spans(annotation) if layer_of(record) in layers
    ]
    present = {record.id for _, record in chosen}
    for mark_id, record in chosen:
        fields = field_values(record)
        keep = held_fields(layer_of(record), held)
        shown = {name: value for name, value in fields.items() if name in keep}
        label = label_of(record)
        marks.append(Mark(mark_id, label, record.start, record.end, record.text, shown))
        if isinstance(record, Claim) and (word := record.trigger) is not None:
            word_id = f"{mark_id}-{TRIGGER}"
            marks.append(Mark(word_id, TRIGGER, word.start, word.end, word.text))
            links.append(Link(TRIGGER, mark_id, word_id))
        for name, target in references(record):
            if target in present:
                links.append(Link(name, mark_id, ids[target]))
    doc_id = annotation.document.doc_id
    return MarkedDocument(doc_id, annotation.text, marks, links, held, True, doc_id)


def spans(annotation: Annotation) -> list[SpanRecord]:
    """Return the quantities, entities and claims of an annotation, in file order."""
    return [one for one in annotation.records if isinstance(one, Quantity | Entity | Claim)]


def mark_ids(annotation: Annotation) -> dict[str, str]:
    """Return the mark id of every span record by its own id: its key, numbered where it is no longer unique."""
    digest = text_digest(annotation.text)
    return dict(
        zip(
            (record.id for record in spans(annotation)),
            unique_ids(
                span_key(digest, layer_of(one), label_of(one), one.start, one.end)
                for one in spans(annotation)
            ),
            strict=True,
        )
    )


def unique_ids(keys: Iterator[str]) -> Iterator[str]:
    """Yield keys; the second of equal ones ends in ``-2``, the third in ``-3``.

    >>> list(unique_ids(iter(["a", "b", "a"])))
    ['a', 'b', 'a-2']
    """
    seen: dict[str, int] = {}
    for key in keys:
        seen[key] = seen.get(key, 0) + 1
        yield key if seen[key] == 1 else f"{key}-{seen[key]}"


def text_digest(text: str) -> str:
    """Return the ``text_sha256`` of a raw text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def layer_of(record: SpanRecord) -> Layer:
    """Return the layer of a record."""
    return "claim" if isinstance(record, Claim) else LAYER_OF[record.label]


def label_of(record: SpanRecord) -> str:
    """Return the label of a record, of a claim its kind."""
    return record.kind if isinstance(record, Claim) else record.label


def field_values(record: SpanRecord) -> dict[str, Any]:
    """Return the fields of a record that are neither its place nor a reference, as JSON has them."""
    given: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(record))
    return {name: value for name, value in given.items() if name not in ANCHOR | LINKS.keys()}


def references(record: SpanRecord) -> Iterator[tuple[str, str]]:
    """Yield the references of a record to other records: the field, and the id it names."""
    if isinstance(record, Claim):
        yield from (("quantities", one) for one in record.quantities or ())
        if record.same_as is not None:
            yield "same_as", record.same_as
    elif isinstance(record, Quantity):
        if record.total is not None:
            yield "total", record.total
    elif record.refers_to is not None:
        yield "refers_to", record.refers_to


def require_layers(names: Sequence[str]) -> tuple[Layer, ...]:
    """Return the layers of these names, all where there are none.

    Raises
    ------
    SettingsError
        If a name is none of them.
    """
    unknown = [name for name in names if name not in LAYERS]
    if unknown:
        raise SettingsError(f"no layer {unknown[0]!r}; expected some of {', '.join(LAYERS)}")
    return tuple(layer for layer in LAYERS if layer in names) or LAYERS
