"""Annotation files and raw texts from disk, and the proof that two annotations share a text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jixiao.errors import EvaluationError, RecordError
from jixiao.evaluation.matching import AnnotationLike
from jixiao.records import Claim, Document, Entity, Quantity, Record, SpanRecord, decode_line


@dataclass(frozen=True, slots=True)
class AnnotationFile:
    """What one annotation file holds; unlike ``Annotation`` it needs no raw text."""

    document: Document
    records: Sequence[Record]


def read_annotations(folder: Path) -> dict[str, AnnotationFile]:
    """Return the annotations of a folder by ``doc_id``, in the order of the ids.

    The folder holds ``*.jsonl`` itself, or is the output of ``jixiao annotate`` and holds them in
    ``annotations/``.

    Raises
    ------
    EvaluationError
        If the folder is missing or holds no annotation file, if a file is broken, or if two have
        the same ``doc_id``.
    """
    found: dict[str, AnnotationFile] = {}
    for path in _annotation_paths(folder):
        annotation = read_annotation(path)
        doc_id = annotation.document.doc_id
        if doc_id in found:
            raise EvaluationError(
                f"two files in {path.parent} have the doc_id {doc_id!r}, the second is {path.name};"
                " expected one file for a document; remove one or correct its doc_id"
            )
        found[doc_id] = annotation
    return dict(sorted(found.items()))


def read_annotation(path: Path) -> AnnotationFile:
    """Return the annotation in one file.

    Raises
    ------
    EvaluationError
        If the file cannot be read, a line is no record, or the first is no document record.
    """
    records = list(_read_records(path))
    if not records or not isinstance(records[0], Document):
        raise EvaluationError(
            f"{path} does not begin with a document record; expected an annotation file as "
            "`jixiao annotate` writes it; try `jixiao validate`"
        )
    return AnnotationFile(records[0], records)


def read_texts(folder: Path, doc_ids: Collection[str] | None = None) -> dict[str, str]:
    """Return the raw texts ``<doc_id>.txt`` of a folder by ``doc_id``, in the order of the ids.

    ``doc_ids`` says which; all where it is None. They are read as they stand (UTF-8, else
    GB18030; line ends and BOM kept).

    Raises
    ------
    EvaluationError
        If the folder is missing, or a file is neither UTF-8 nor GB18030.
    """
    if not folder.is_dir():
        raise EvaluationError(f"no folder {folder}; expected one with the raw texts <doc_id>.txt")
    return {
        path.stem: _read_text(path)
        for path in sorted(folder.glob("*.txt"))
        if doc_ids is None or path.stem in doc_ids
    }


def fits_text(annotation: AnnotationLike, text: str) -> bool:
    """Return whether every record of an annotation says what the raw text says at its place."""
    return _first_misfit(annotation, text) is None


def check_values(side: str, doc_id: str, annotation: AnnotationLike) -> None:
    """Refuse values that equal nothing, as NaN.

    Raises
    ------
    EvaluationError
        If a value is not finite.
    """
    for record in annotation.records:
        if isinstance(record, Quantity) and not _is_finite(record):
            raise EvaluationError(
                f"{side} quantity {record.id} of {doc_id!r} has value {record.value}, value_high "
                f"{record.value_high}; expected finite numbers; leave out a value that is unknown"
            )


def check_against_text(side: str, doc_id: str, annotation: AnnotationLike, text: str) -> None:
    """Prove that an annotation belongs to a raw text.

    Raises
    ------
    EvaluationError
        If ``text[start:end]`` of a record is not its text.
    """
    record = _first_misfit(annotation, text)
    if record is not None:
        raise EvaluationError(
            f"{side} {type(record).__name__.lower()} {record.id} of {doc_id!r} says "
            f"{record.text!r} at [{record.start}, {record.end}), the raw text says "
            f"{text[record.start : record.end]!r}; expected annotations of this very text; "
            "check that the text folder belongs to them"
        )


def check_same_text(doc_id: str, gold: AnnotationLike, predicted: AnnotationLike) -> bool:
    """Return whether the hashes prove that both annotations refer to one text.

    ``text_sha256`` decides where both sides have it. Otherwise any hash in common is proof: that
    of a UTF-8 text file is also the hash of its raw text. False where there is nothing to compare.

    Raises
    ------
    EvaluationError
        If the hashes differ, or spans with equal offsets have different texts.
    """
    same = _same_hash(gold.document, predicted.document)
    if same is False:
        raise EvaluationError(
            f"gold and predicted of {doc_id!r} refer to different texts: gold has "
            f"{_hashes(gold.document)}, predicted {_hashes(predicted.document)}; expected "
            "annotations of the same file; annotate the file that gold was made from or, if only "
            "its format differs, give the folder of raw texts (--text)"
        )
    _check_common_spans(doc_id, gold, predicted)
    return same is True


def _annotation_paths(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise EvaluationError(f"no folder {folder}; expected one with annotation files *.jsonl")
    for place in (folder, folder / "annotations"):
        if paths := sorted(place.glob("*.jsonl")):
            return paths
    raise EvaluationError(
        f"no annotation file in {folder}; expected *.jsonl there or in its folder annotations/; "
        "try the folder given to `jixiao annotate --out`"
    )


def _read_records(path: Path) -> Iterator[Record]:
    # Only \n ends a line: a JSON string may hold U+2028 and its like as they are.
    for number, line in enumerate(_read_bytes(path).split(b"\n"), start=1):
        if line.strip():
            try:
                yield decode_line(line)
            except RecordError as error:
                raise EvaluationError(f"{path}, line {number}: {error}") from error


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise EvaluationError(f"cannot read {path}: {error}; expected a readable file") from error


def _read_text(path: Path) -> str:
    content = path.read_bytes()
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise EvaluationError(f"{path} is neither UTF-8 nor GB18030; expected a raw text")


def _is_finite(quantity: Quantity) -> bool:
    values = (quantity.value, quantity.value_high)
    return all(value is None or value.is_finite() for value in values)


def _spans(annotation: AnnotationLike) -> Iterator[SpanRecord]:
    for record in annotation.records:
        if isinstance(record, Quantity | Entity | Claim):
            yield record


def _first_misfit(annotation: AnnotationLike, text: str) -> SpanRecord | None:
    misfits = (one for one in _spans(annotation) if text[one.start : one.end] != one.text)
    return next(misfits, None)


def _same_hash(gold: Document, predicted: Document) -> bool | None:
    if gold.text_sha256 and predicted.text_sha256:
        return gold.text_sha256 == predicted.text_sha256
    ours = {gold.sha256, gold.text_sha256} - {None}
    theirs = {predicted.sha256, predicted.text_sha256} - {None}
    return bool(ours & theirs) if ours and theirs else None


def _hashes(document: Document) -> str:
    known = {"sha256": document.sha256, "text_sha256": document.text_sha256}
    return " and ".join(f"{name} {value[:12]}…" for name, value in known.items() if value)


def _check_common_spans(doc_id: str, gold: AnnotationLike, predicted: AnnotationLike) -> None:
    texts = {(span.start, span.end): span.text for span in _spans(gold)}
    for span in _spans(predicted):
        ours = texts.get((span.start, span.end), span.text)
        if ours != span.text:
            raise EvaluationError(
                f"gold and predicted of {doc_id!r} refer to different texts: at [{span.start}, "
                f"{span.end}) gold says {ours!r}, predicted {span.text!r}; expected annotations "
                "of the same raw text; annotate the file that gold was made from"
            )
