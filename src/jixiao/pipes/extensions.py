"""The records on a spaCy ``Doc``: where they are kept, and how a span finds its own.

A ``Doc`` can only be stored with plain data, so it carries the lines of the annotation file in
``doc.user_data``. Records are decoded when they are first asked for, once a ``Doc``.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

from spacy.tokens import Doc, Span

from jixiao.annotation import Annotation
from jixiao.errors import RecordError
from jixiao.pipes.annotator import Annotate
from jixiao.records import Claim, Entity, Fact, Quantity, SpanRecord

# spaCy's own form of key: `Doc.from_docs` then leaves them out with a warning that names them.
_ANNOTATION_KEY: Final = ("._.", "annotation", None, None)
_FACTS_KEY: Final = ("._.", "facts", None, None)


@dataclass(frozen=True, slots=True)
class _Decoded:
    """The annotation of one ``Doc``, and the lines it was decoded from."""

    lines: str
    annotation: Annotation
    by_id: dict[str, SpanRecord]
    by_offsets: dict[tuple[int, int], SpanRecord]


_decoded: WeakKeyDictionary[Doc, _Decoded] = WeakKeyDictionary()


def attach(doc: Doc, annotation: Annotation) -> None:
    """Put an annotation on a ``Doc``; the components then publish it and run nothing.

    ``doc._.annotation = annotation`` does the same, for one that people have corrected.

    Raises
    ------
    RecordError
        If the annotation is that of another text: its offsets would point anywhere.
    """
    keep(doc, doc.text, annotation)


def keep(doc: Doc, text: str, annotation: Annotation) -> None:
    """Put an annotation on a ``Doc`` whose text is at hand; ``doc.text`` joins all its tokens.

    Raises
    ------
    RecordError
        If the annotation is that of another text.
    """
    if annotation.text != text:
        raise RecordError(
            f"an annotation of {annotation.text[:40]!r} ({len(annotation.text)} characters) cannot "
            f"be put on a Doc of {text[:40]!r} ({len(text)} characters); expected the same text, "
            "character for character"
        )
    lines = annotation.to_jsonl()
    _user_data(doc)[_ANNOTATION_KEY] = lines
    _decoded[doc] = _index(lines, annotation)


def require_annotation(doc: Doc, annotate: Annotate) -> Annotation:
    """Return the annotation of a ``Doc``, made now from its text if it has none."""
    present = annotation_of(doc)
    if present is not None:
        return present
    text = doc.text
    annotation = annotate(text)
    keep(doc, text, annotation)
    return annotation


def annotation_of(doc: Doc) -> Annotation | None:
    """Return the annotation of a ``Doc``, or None if no layer ran on it."""
    decoded = _decode(doc)
    return decoded.annotation if decoded else None


def publish_facts(doc: Doc) -> None:
    """Let ``doc._.facts`` show the facts of the annotation, here and after a round trip."""
    _user_data(doc)[_FACTS_KEY] = True


def facts_of(doc: Doc) -> list[Fact] | None:
    """Return the facts of a ``Doc``, or None if they were not published."""
    annotation = annotation_of(doc)
    if annotation is None or _FACTS_KEY not in _user_data(doc):
        return None
    return annotation.facts


def record_of(span: Span) -> SpanRecord | None:
    """Return the record of a span, or None if it has none.

    A span that a component published names its record by ``span.id_``; it may be wider than the
    record, where someone else's tokens are. Any other span (a slice, a match) is that of the
    record with equal offsets; of records with equal offsets a quantity comes first.
    """
    decoded = _decode(span.doc)
    if decoded is None:
        return None
    named = decoded.by_id.get(span.id_)
    if named is not None and named.start < span.end_char and span.start_char < named.end:
        return named
    return decoded.by_offsets.get((span.start_char, span.end_char))


def register_extensions() -> None:
    """Make ``doc._.annotation``, ``doc._.facts`` and ``span._.record`` known to spaCy.

    Every pipeline with one of our parts does this by itself. Call it to read a ``DocBin`` in a
    process that made no pipeline. Repeating it is harmless; another package's extension of the
    same name is replaced with a warning.
    """
    _register(Doc, "annotation", annotation_of, attach)
    _register(Doc, "facts", facts_of)
    _register(Span, "record", record_of)


def _register(
    target: type[Doc] | type[Span],
    name: str,
    getter: Callable[[Any], Any],
    setter: Callable[[Any, Any], None] | None = None,
) -> None:
    if target.has_extension(name):
        present = target.get_extension(name)[2]
        if getattr(present, "__module__", None) != __name__:
            warnings.warn(
                f"the extension {name!r} of {target.__name__}, set elsewhere, is replaced by that "
                "of jixiao.pipes",
                stacklevel=3,
            )
    target.set_extension(name, getter=getter, setter=setter, force=True)


def _decode(doc: Doc) -> _Decoded | None:
    lines = _user_data(doc).get(_ANNOTATION_KEY)
    if not isinstance(lines, str):
        return None
    present = _decoded.get(doc)
    if present is not None and present.lines == lines:
        return present
    decoded = _index(lines, Annotation.from_jsonl(lines, doc.text))
    if not _fits(decoded):  # `Span.as_doc(copy_user_data=True)`: a part of the text, all records
        return None
    _decoded[doc] = decoded
    return decoded


def _index(lines: str, annotation: Annotation) -> _Decoded:
    spans = [r for r in annotation.records if isinstance(r, Quantity | Entity | Claim)]
    return _Decoded(
        lines,
        annotation,
        {record.id: record for record in spans},
        {(record.start, record.end): record for record in spans},
    )


def _fits(decoded: _Decoded) -> bool:
    text = decoded.annotation.text
    return all(text[r.start : r.end] == r.text for r in decoded.by_id.values())


def _user_data(doc: Doc) -> dict[Any, Any]:
    return doc.user_data  # its stub says str keys; spaCy's own are tuples
