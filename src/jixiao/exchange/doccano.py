"""doccano: JSON Lines, a document a line, with ``entities`` and ``relations``.

The project needs *Allow overlapping spans* (a claim holds its numbers) and *Use relation labeling*.
doccano numbers spans anew, so records are found again by place and label; it holds no fields.
Offsets are code points.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from jixiao.annotation import Annotation
from jixiao.errors import RecordError
from jixiao.exchange.files import (
    as_list,
    as_object,
    json_lines,
    member,
    optional_text,
    write_json_lines,
)
from jixiao.exchange.losses import Losses
from jixiao.exchange.marks import (
    LAYERS,
    LINKS,
    Held,
    Layer,
    Link,
    Mark,
    MarkedDocument,
    marked,
    text_digest,
)
from jixiao.exchange.outcome import Skipped

HELD: Final[Held] = "spans"
LINKED: Final = True


def write(
    annotations: Iterable[Annotation], path: Path, layers: Collection[Layer] = LAYERS
) -> Losses:
    """Write a line for each document; ``doc_id`` and ``text_sha256`` become doccano's metadata."""
    losses = Losses()
    counted = losses.counted(annotations, HELD, linked=LINKED, layers=layers)
    write_json_lines(path, (_line(annotation, layers) for annotation in counted))
    return losses


def _line(annotation: Annotation, layers: Collection[Layer]) -> dict[str, Any]:
    document = marked(annotation, HELD, layers)
    numbers = {mark.id: number for number, mark in enumerate(document.marks, start=1)}
    return {
        "text": annotation.text,
        "doc_id": annotation.document.doc_id,
        "text_sha256": text_digest(annotation.text),
        "entities": [
            {
                "id": numbers[mark.id],
                "label": mark.label,
                "start_offset": mark.start,
                "end_offset": mark.end,
            }
            for mark in document.marks
        ],
        "relations": [
            {
                "id": number,
                "from_id": numbers[link.source],
                "to_id": numbers[link.target],
                "type": link.name,
            }
            for number, link in enumerate(document.links, start=1)
        ],
    }


def read(path: Path, text_of: Callable[[str], str | None]) -> Iterator[MarkedDocument | Skipped]:
    """Yield the documents of an export: with relations, or the plain one with ``label``.

    Raises
    ------
    DocumentError, RecordError
        If the file cannot be read, or a line is no document of doccano.
    """
    for where, given in json_lines(path):
        text = member(given, "text", str, where)
        plain = "entities" not in given
        marks = list(_plain_marks(given, where) if plain else _marks(given, where))
        links = [] if plain else list(_links(given, where))
        doc_id = optional_text(given, "doc_id")
        yield MarkedDocument(doc_id, text, marks, links, HELD, not plain, where)


def _marks(given: dict[str, Any], where: str) -> Iterator[Mark]:
    for one in as_list(given["entities"], where):
        entity = as_object(one, where)
        number = member(entity, "id", int, where)
        place = f"{where}, entity {number}"
        start, end = (member(entity, name, int, place) for name in ("start_offset", "end_offset"))
        yield Mark(str(number), member(entity, "label", str, place), start, end, where=place)


def _links(given: dict[str, Any], where: str) -> Iterator[Link]:
    for one in as_list(given.get("relations"), where):
        relation = as_object(one, where)
        name = member(relation, "type", str, where)
        if name not in LINKS:
            raise RecordError(
                f"{where}: a relation of type {name!r}; expected one of {', '.join(LINKS)}"
            )
        source, target = (str(member(relation, end, int, where)) for end in ("from_id", "to_id"))
        yield Link(name, source, target, where)


def _plain_marks(given: dict[str, Any], where: str) -> Iterator[Mark]:
    for number, one in enumerate(as_list(given.get("label"), where), start=1):
        place = f"{where}, label {number}"
        match one:
            case [int(start), int(end), str(label)]:
                yield Mark(str(number), label, start, end, where=place)
            case _:
                raise RecordError(f"{place}: {one!r:.60}; expected [start, end, label]")
