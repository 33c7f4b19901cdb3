"""What a format cannot hold, counted and named while a file is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from jixiao.annotation import Annotation
from jixiao.exchange.marks import (
    LAYER_OF,
    LAYERS,
    Held,
    Layer,
    Mark,
    field_values,
    held_fields,
    layer_of,
    references,
    spans,
)
from jixiao.records import Claim, Document, Entity, Quantity

_SHOWN: Final = 5
_PLURALS: Final = {"entity": "entities", "quantity": "quantities"}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A span that a format cannot hold, and why."""

    document: str
    label: str
    start: int
    end: int
    text: str
    why: str

    def __str__(self) -> str:
        return f"{self.document} [{self.start}, {self.end}) {self.label} {self.text[:40]!r}: {self.why}"


@dataclass(slots=True)
class Losses:
    """What was written and what stayed behind.

    ``spans`` are left out of the file; ``fields`` (as ``quantity.rule``) and ``records`` (as ``fact``)
    are counted. Nothing of it is lost: an import onto the run takes it from there, by ``key``.
    """

    documents: int = 0
    written: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)
    spans: list[LeftOut] = field(default_factory=list)

    def counted(
        self,
        annotations: Iterable[Annotation],
        held: Held,
        *,
        linked: bool,
        layers: Collection[Layer] = LAYERS,
    ) -> Iterator[Annotation]:
        """Yield the annotations as they come, each counted as by :meth:`count`."""
        for annotation in annotations:
            self.count(annotation, held, linked=linked, layers=layers)
            yield annotation

    def count(
        self,
        annotation: Annotation,
        held: Held,
        *,
        linked: bool,
        layers: Collection[Layer] = LAYERS,
    ) -> None:
        """Count the records and fields of a document that a format does and does not hold."""
        self.documents += 1
        for record in annotation.records:
            if isinstance(record, Quantity | Entity | Claim | Document):
                continue
            self.records[type(record).__name__.lower()] += 1
        for span in spans(annotation):
            layer = layer_of(span)
            if layer not in layers:
                self.records[layer] += 1
                continue
            self.written[layer] += 1
            keep = held_fields(layer, held)
            self.fields.update(f"{layer}.{name}" for name in field_values(span) if name not in keep)
            if not linked:
                self.fields.update(f"{layer}.{name}" for name in {n for n, _ in references(span)})
                if isinstance(span, Claim) and span.trigger is not None:
                    self.fields["claim.trigger"] += 1

    def leave_out(self, document: str, mark: Mark, why: str) -> None:
        """Note that the format cannot hold a span."""
        text = mark.text or ""
        self.spans.append(LeftOut(document, mark.label, mark.start, mark.end, text, why))
        if mark.label in LAYER_OF:
            self.written[LAYER_OF[mark.label]] -= 1

    def to_dict(self) -> dict[str, Any]:
        """Return all of it for JSON."""
        return {
            "documents": self.documents,
            "written": dict(self.written),
            "left_out": {
                "spans": [
                    {name: getattr(one, name) for name in LeftOut.__slots__} for one in self.spans
                ],
                "fields": dict(sorted(self.fields.items())),
                "records": dict(sorted(self.records.items())),
            },
        }

    def lines(self) -> list[str]:
        """Return what to tell a reader, a few lines."""
        written = ", ".join(counted(number, layer) for layer, number in self.written.items())
        lines = [f"{counted(self.documents, 'document')}: {written or 'no spans'}"]
        if self.spans:
            lines.append(f"left out, the format cannot hold {counted(len(self.spans), 'span')}:")
            lines += [f"  {one}" for one in self.spans[:_SHOWN]]
            if len(self.spans) > _SHOWN:
                lines.append(f"  … {len(self.spans) - _SHOWN:,} more: see --json")
        if self.fields or self.records:
            names = sorted({name.partition(".")[2] for name in self.fields})
            others = [counted(number, name) for name, number in sorted(self.records.items())]
            lines.append(f"not in the file: {', '.join([*names, *others])}")
            lines.append("`jixiao import --onto` the same run brings these back, by key")
        return lines


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "entity"), counted(2_000, "entity")
    ('1 entity', '2,000 entities')
    """
    return f"{number:,} {noun if number == 1 else _PLURALS.get(noun, f'{noun}s')}"
