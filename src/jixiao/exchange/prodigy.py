"""Prodigy-style JSON Lines: a document a line with ``text``, ``tokens``, ``spans`` and ``relations``.

Every span begins and ends with a token; white space is tokens of its own. A span's ``id`` is the key of
its record, ``fields`` all its fields but the references, which are ``relations``. Offsets are code
points. Lines whose ``answer`` is ``reject`` or ``ignore`` are skipped.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
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
from jixiao.tokens import Token, cut_at, segment

HELD: Final[Held] = "all"
LINKED: Final = True


def write(
    annotations: Iterable[Annotation], path: Path, layers: Collection[Layer] = LAYERS
) -> Losses:
    """Write a line for each document."""
    losses = Losses()
    counted = losses.counted(annotations, HELD, linked=LINKED, layers=layers)
    write_json_lines(path, (_line(annotation, layers) for annotation in counted))
    return losses


def _line(annotation: Annotation, layers: Collection[Layer]) -> dict[str, Any]:
    document = marked(annotation, HELD, layers)
    text = annotation.text
    edges = {edge for mark in document.marks for edge in (mark.start, mark.end)}
    tokens = cut_at(segment(text), edges)
    places = {mark.id: _place(mark, tokens) for mark in document.marks}
    return {
        "text": text,
        "meta": {"doc_id": annotation.document.doc_id, "text_sha256": text_digest(text)},
        "tokens": [
            {"text": text[start:end], "start": start, "end": end, "id": number, "ws": False}
            for number, (start, end) in enumerate(tokens)
        ],
        "spans": [
            {**places[mark.id], "id": mark.id, "fields": mark.fields} for mark in document.marks
        ],
        "relations": [
            {
                "head": places[link.source]["token_start"],
                "child": places[link.target]["token_start"],
                "label": link.name,
                "head_span": places[link.source],
                "child_span": places[link.target],
            }
            for link in document.links
        ],
    }


def _place(mark: Mark, tokens: Sequence[Token]) -> dict[str, Any]:
    first = bisect_left(tokens, (mark.start, mark.start))
    last = bisect_left(tokens, (mark.end, mark.end)) - 1
    place = {"start": mark.start, "end": mark.end, "label": mark.label}
    return {**place, "token_start": first, "token_end": last}


def read(path: Path, text_of: Callable[[str], str | None]) -> Iterator[MarkedDocument | Skipped]:
    """Yield the documents of a file.

    Raises
    ------
    DocumentError, RecordError
        If the file cannot be read, or a line is no task of Prodigy.
    """
    for where, given in json_lines(path):
        text = member(given, "text", str, where)
        meta = given.get("meta")
        doc_id = optional_text(meta, "doc_id") if isinstance(meta, dict) else None
        answer = given.get("answer", "accept")
        if answer != "accept":
            yield Skipped(where, doc_id, f"answered {answer!r}")
            continue
        marks = list(_marks(given, where))
        own = any(isinstance(one, dict) and "fields" in one for one in given.get("spans") or ())
        held: Held = HELD if own else "spans"
        document = MarkedDocument(doc_id, text, marks, [], held, "relations" in given, where)
        document.links = list(_links(given, marks, where))
        document.reviewer = optional_text(given, "_annotator_id")
        document.time = _time(given.get("_timestamp"))
        yield document


def _marks(given: dict[str, Any], where: str) -> Iterator[Mark]:
    for number, one in enumerate(as_list(given.get("spans"), where), start=1):
        place = f"{where}, span {number}"
        span = as_object(one, place)
        start, end = (member(span, name, int, place) for name in ("start", "end"))
        label = member(span, "label", str, place)
        fields = as_object(span.get("fields", {}), place)
        mark_id = optional_text(span, "id") or f"span {number}"
        yield Mark(mark_id, label, start, end, optional_text(span, "text"), fields, place)


def _links(given: dict[str, Any], marks: Sequence[Mark], where: str) -> Iterator[Link]:
    by_place = {(mark.start, mark.end, mark.label): mark.id for mark in marks}
    for one in as_list(given.get("relations"), where):
        relation = as_object(one, where)
        name = member(relation, "label", str, where)
        if name not in LINKS:
            raise RecordError(f"{where}: a relation {name!r}; expected one of {', '.join(LINKS)}")
        ends = [as_object(relation.get(end), where) for end in ("head_span", "child_span")]
        ids = [by_place.get((end.get("start"), end.get("end"), end.get("label"))) for end in ends]  # type: ignore[arg-type]
        if ids[0] is None or ids[1] is None:
            raise RecordError(f"{where}: a relation {name!r} of a span that is not in 'spans'")
        yield Link(name, ids[0], ids[1], where)


def _time(stamp: Any) -> str | None:
    """Return seconds since 1970, whole or with a fraction, as ISO 8601; None for anything else."""
    seconds = str(stamp).partition(".")[0]
    if isinstance(stamp, bool) or not re.fullmatch(r"[0-9]{1,11}", seconds):
        return None
    time = datetime.datetime.fromtimestamp(int(seconds), datetime.UTC)
    return time.isoformat(timespec="seconds")
