"""CoNLL columns: a token a line with a BIO tag for each layer, in characters or in words.

``conll`` has characters, ``conll-words`` words (cut where a span begins or ends). Columns are separated
by tabs: the token, then the tags of the layers chosen. A document begins with ``# newdoc id = …``, an
empty line stands where a line of the text ends. White space is no token, and a column holds no two
spans that overlap: import therefore needs the run's text, and tells of each span what stood behind.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from jixiao.annotation import Annotation
from jixiao.errors import RecordError
from jixiao.exchange.files import parse_json, read_utf8, whole_file
from jixiao.exchange.losses import Losses
from jixiao.exchange.marks import (
    LAYER_OF,
    LAYERS,
    Held,
    Layer,
    Mark,
    MarkedDocument,
    marked,
)
from jixiao.exchange.outcome import Skipped
from jixiao.tokens import Token, cut_at, segment

HELD: Final[Held] = "spans"
LINKED: Final = False

_NEW_DOCUMENT: Final = "# newdoc id = "
_COLUMNS: Final = "# columns = token"
_OVERLAPS: Final = "overlaps a span of its layer that begins before it"
_BLANK: Final = "begins or ends with white space, which is no token"
_OUTSIDE: Final = "O"


def write(
    annotations: Iterable[Annotation],
    path: Path,
    layers: Collection[Layer] = LAYERS,
    *,
    engine: str = "char",
) -> Losses:
    """Write the documents one after another; ``engine`` makes the tokens."""
    losses = Losses()
    with whole_file(path) as file:
        file.write("\t".join([_COLUMNS, *layers]) + "\n")
        counted = losses.counted(annotations, HELD, linked=LINKED, layers=layers)
        for annotation in counted:
            document = marked(annotation, HELD, layers)
            kept, left = holdable(document.marks, annotation.text)
            for mark, why in left:
                losses.leave_out(annotation.document.doc_id, mark, why)
            file.writelines(_lines(annotation, kept, tuple(layers), engine))
    return losses


def holdable(marks: Iterable[Mark], text: str) -> tuple[list[Mark], list[tuple[Mark, str]]]:
    """Return the marks that the columns can hold, and the others, each with the reason.

    Of overlapping spans of one layer the one that begins first stays, of two that begin together the
    longer. Trigger marks are in neither: no column has them.
    """
    kept: list[Mark] = []
    left: list[tuple[Mark, str]] = []
    ends: dict[Layer, int] = {}
    for mark in sorted(marks, key=lambda one: (one.start, -one.end)):
        layer = LAYER_OF.get(mark.label)
        if layer is None:
            continue
        if text[mark.start : mark.end] != text[mark.start : mark.end].strip():
            left.append((mark, _BLANK))
        elif mark.start < ends.get(layer, 0):
            left.append((mark, _OVERLAPS))
        else:
            kept.append(mark)
            ends[layer] = mark.end
    return kept, left


def _lines(
    annotation: Annotation, marks: Sequence[Mark], layers: Sequence[Layer], engine: str
) -> Iterator[str]:
    text = annotation.text
    tokens = _tokens(text, marks, engine)
    columns = [
        _tags(tokens, [one for one in marks if LAYER_OF[one.label] == layer]) for layer in layers
    ]
    yield f"{_NEW_DOCUMENT}{_written(annotation.document.doc_id)}\n"
    last = 0
    inside = _inside(marks)
    for (start, end), *tags in zip(tokens, *columns, strict=True):
        # Inside a span no sentence ends: a tool would read two spans.
        if "\n" in text[last:start] and last and last not in inside:
            yield "\n"
        yield "\t".join([text[start:end], *tags]) + "\n"
        last = end
    yield "\n"


def _inside(marks: Iterable[Mark]) -> set[int]:
    """Return the offsets inside spans that hold a line end, where no sentence may be cut."""
    return {
        offset
        for mark in marks
        if mark.text is not None and "\n" in mark.text
        for offset in range(mark.start + 1, mark.end)
    }


def _tokens(text: str, marks: Iterable[Mark], engine: str) -> list[Token]:
    blanks = {at for at, one in enumerate(text) if one.isspace()}
    edges = {edge for mark in marks for edge in (mark.start, mark.end)}
    edges |= {edge for at in blanks for edge in (at, at + 1)}
    return [one for one in cut_at(segment(text, engine), edges) if one[0] not in blanks]


def _tags(tokens: Sequence[Token], marks: Sequence[Mark]) -> list[str]:
    tags = []
    number = 0
    for start, _ in tokens:
        while number < len(marks) and marks[number].end <= start:
            number += 1
        mark = marks[number] if number < len(marks) else None
        if mark is None or start < mark.start:
            tags.append(_OUTSIDE)
        else:
            tags.append(f"{'B' if start == mark.start else 'I'}-{mark.label}")
    return tags


def _written(doc_id: str) -> str:
    """Return an id as one line shows it: as JSON where it holds line ends or looks like JSON."""
    plain = doc_id.isprintable() and not doc_id.startswith('"') and doc_id == doc_id.strip()
    return doc_id if plain else json.dumps(doc_id)


@dataclass(slots=True)
class _Rows:
    """The token lines of one document: line number, token, tags."""

    doc_id: str
    where: str
    rows: list[tuple[int, str, list[str]]] = field(default_factory=list)


def read(path: Path, text_of: Callable[[str], str | None]) -> Iterator[MarkedDocument | Skipped]:
    """Yield the documents of a file; ``text_of`` gives the raw text of a ``doc_id``.

    Tokens are found in the text one after another, with nothing but white space between, so that
    offsets are exact whatever made the tokens. Columns of tags may be fewer or in another order: a
    label tells its layer. A tag ``I-`` after another label or ``O`` begins a span, as ``B-``.

    Raises
    ------
    DocumentError, RecordError
        If the file cannot be read, a tag is none, or a token is not what the text says next.
    """
    for document in _documents(path):
        text = text_of(document.doc_id)
        if text is None:
            raise RecordError(
                f"{document.where}: CoNLL does not hold the text of {document.doc_id!r}; give the "
                "run it was exported from with --onto DIR"
            )
        marks = list(_read_marks(document, path, text))
        yield MarkedDocument(document.doc_id, text, marks, [], HELD, LINKED, document.where)


def _documents(path: Path) -> Iterator[_Rows]:
    current: _Rows | None = None
    for number, line in enumerate(read_utf8(path).split("\n"), start=1):
        line = line.rstrip("\r")
        where = f"{path}, line {number}"
        if line.startswith(_NEW_DOCUMENT):
            if current is not None:
                yield current
            given = line.removeprefix(_NEW_DOCUMENT)
            doc_id = parse_json(given, where) if given.startswith('"') else given
            current = _Rows(str(doc_id), where)
        elif line.strip(" ") and not (line.startswith("#") and _is_comment(line)):
            if current is None:
                raise RecordError(f"{where}: no document yet; expected '{_NEW_DOCUMENT}…' before")
            token, *tags = line.split("\t") if "\t" in line else line.split(" ")
            current.rows.append((number, token, tags))
    if current is not None:
        yield current


def _is_comment(line: str) -> bool:
    return "\t" not in line or line.startswith(_COLUMNS)


def _read_marks(document: _Rows, path: Path, text: str) -> Iterator[Mark]:
    open_marks: list[Mark | None] = []
    offset = 0
    for number, token, tags in document.rows:
        where = f"{path}, line {number}"
        while offset < len(text) and text[offset].isspace():
            offset += 1
        if not token or not text.startswith(token, offset):
            raise RecordError(
                f"{where}: token {token[:20]!r}, but the text of {document.doc_id!r} goes on with "
                f"{text[offset : offset + 20]!r}; is it the run this file was exported from?"
            )
        if not open_marks:
            open_marks = [None] * len(tags)
        if len(tags) != len(open_marks) or not tags:
            raise RecordError(
                f"{where}: {len(tags)} tags; expected {len(open_marks) or 'at least 1'}"
            )
        start, offset = offset, offset + len(token)
        for column, tag in enumerate(tags):
            begun = _continue(open_marks[column], tag, start, offset, where)
            if begun is not open_marks[column]:
                if (done := open_marks[column]) is not None:
                    yield done
                open_marks[column] = begun
    yield from (mark for mark in open_marks if mark is not None)


def _continue(mark: Mark | None, tag: str, start: int, end: int, where: str) -> Mark | None:
    """Return the span that a tag goes on with or begins, None for ``O``."""
    if tag == _OUTSIDE:
        return None
    prefix, _, label = tag.partition("-")
    if prefix not in ("B", "I") or not label:
        raise RecordError(f"{where}: tag {tag[:20]!r}; expected O, B-LABEL or I-LABEL")
    if prefix == "I" and mark is not None and mark.label == label:
        mark.end = end
        return mark
    return Mark(f"{label} at {start}", label, start, end, where=where)


write_words: Final[Any] = partial(write, engine="jieba")
