"""spaCy ``DocBin``: the documents of the toolkit's own pipeline, with every span exact.

Tokens are cut at the edges of records, as the tokenizer of :func:`jixiao.load` does; spans are the groups
``quantities``, ``entities`` and ``claims``, names also ``doc.ents``. The records travel in
``doc.user_data`` (``doc._.annotation``), whole; where the spans were changed since, the spans decide.
Only this module imports spaCy.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jixiao.annotation import Annotation
from jixiao.errors import DocumentError, JixiaoError
from jixiao.exchange.losses import Losses
from jixiao.exchange.marks import (
    LAYERS,
    TRIGGER,
    Held,
    Layer,
    Mark,
    MarkedDocument,
    layer_of,
    mark_ids,
    marked,
    spans,
)
from jixiao.exchange.outcome import Skipped
from jixiao.stores.atomic import write_whole

if TYPE_CHECKING:
    from spacy.tokens import Doc

HELD: Final[Held] = "all"
LINKED: Final = True
GROUPS: Final[dict[Layer, str]] = {
    "quantity": "quantities",
    "entity": "entities",
    "claim": "claims",
}
_DOC_ID: Final = "doc_id"


def write(
    annotations: Iterable[Annotation], path: Path, layers: Collection[Layer] = LAYERS
) -> Losses:
    """Write one ``DocBin`` to ``path``; it is made in memory.

    Raises
    ------
    SettingsError
        If spaCy is not installed.
    """
    spacy = _spacy()
    from spacy.tokens import DocBin

    losses = Losses()
    vocab = spacy.blank("zh").vocab
    found = DocBin(store_user_data=True)
    for annotation in annotations:
        losses.count(annotation, HELD, linked=LINKED, layers=layers)
        losses.records.clear()  # the annotation travels whole
        found.add(_doc(annotation, vocab, layers))
    write_whole(path, found.to_bytes())
    return losses


def _doc(annotation: Annotation, vocab: Any, layers: Collection[Layer]) -> Doc:
    from spacy.tokens import Doc

    from jixiao.pipes.extensions import attach, register_extensions
    from jixiao.pipes.spans import span_of, words_and_spaces
    from jixiao.tokens import segment

    register_extensions()
    chosen = [record for record in spans(annotation) if layer_of(record) in layers]
    text = annotation.text
    words, spaces = words_and_spaces(text, segment(text), chosen)
    doc = Doc(vocab, words=words, spaces=spaces)
    attach(doc, annotation)
    for layer in layers:
        own = [span_of(doc, record) for record in chosen if layer_of(record) == layer]
        doc.spans[GROUPS[layer]] = own
    doc.user_data[_DOC_ID] = annotation.document.doc_id
    return doc


def read(path: Path, text_of: Callable[[str], str | None]) -> Iterator[MarkedDocument | Skipped]:
    """Yield the documents of a ``DocBin``: those of this toolkit, or any with span groups or ``ents``.

    Raises
    ------
    DocumentError
        If it is no ``DocBin``.
    SettingsError
        If spaCy is not installed.
    """
    spacy = _spacy()
    from spacy.tokens import DocBin

    try:
        docs = list(DocBin().from_bytes(path.read_bytes()).get_docs(spacy.blank("zh").vocab))
    except OSError as error:
        raise DocumentError(f"cannot read {path}: {error.strerror}; expected a DocBin") from error
    except (
        Exception
    ) as error:  # what damaged bytes raise in msgpack, zlib and numpy has no common base
        raise DocumentError(
            f"{path} is no DocBin of spaCy ({type(error).__name__}: {error}); expected what "
            "DocBin.to_disk wrote"
        ) from error
    for number, doc in enumerate(docs, start=1):
        yield _read_doc(doc, f"{path}, Doc {number}")


def _read_doc(doc: Doc, where: str) -> MarkedDocument:
    from jixiao.pipes.extensions import annotation_of, register_extensions

    register_extensions()
    try:
        annotation = annotation_of(doc)
    except JixiaoError as error:
        raise DocumentError(f"{where}: its records cannot be used: {error}") from error
    if annotation is None:
        doc_id = doc.user_data.get(_DOC_ID)
        marks = list(_foreign_marks(doc, where))
        known = doc_id if isinstance(doc_id, str) else None
        return MarkedDocument(known, doc.text, marks, [], "spans", False, where)
    found = marked(annotation)
    found.where = where
    ids = mark_ids(annotation)
    by_id = {mark.id: mark for mark in found.marks}
    kept: list[Mark] = []
    shown = {name for name in GROUPS.values() if name in doc.spans}
    for layer, name in GROUPS.items():
        if name in shown:
            kept += _group_marks(doc, name, ids, by_id, where)
        else:
            kept += [by_id[ids[one.id]] for one in spans(annotation) if layer_of(one) == layer]
    present = {mark.id for mark in kept}
    found.links = [link for link in found.links if link.source in present]
    triggers = {link.target for link in found.links if link.name == TRIGGER}
    found.marks = [*kept, *(mark for mark in found.marks if mark.id in triggers)]
    found.links = [link for link in found.links if link.target in present | triggers]
    return found


def _group_marks(
    doc: Doc, name: str, ids: dict[str, str], by_id: dict[str, Mark], where: str
) -> Iterator[Mark]:
    """Yield a group's spans as marks, with the fields of the records that they name."""
    for number, span in enumerate(doc.spans[name], start=1):
        place = f"{where}, {name} {number}"
        known = by_id.get(ids.get(span.id_, ""))
        mark_id = known.id if known else f"{name} {number}"
        start, end = span.start_char, span.end_char
        yield Mark(
            mark_id, span.label_, start, end, span.text, known.fields if known else {}, place
        )


def _foreign_marks(doc: Doc, where: str) -> Iterator[Mark]:
    groups = [doc.spans[name] for name in GROUPS.values() if name in doc.spans] or [doc.ents]
    for number, span in enumerate((one for group in groups for one in group), start=1):
        place = f"{where}, span {number}"
        yield Mark(str(number), span.label_, span.start_char, span.end_char, span.text, {}, place)


def _spacy() -> Any:
    from jixiao.errors import SettingsError

    try:
        import spacy
    except ImportError as error:
        raise SettingsError(
            "a DocBin needs spaCy, which is not installed; try pip install 'jixiao[spacy]'"
        ) from error
    return spacy
