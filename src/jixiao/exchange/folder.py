"""Run folders into the files of tools, and back into annotation folders."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol

from jixiao.annotation import Annotation
from jixiao.batch.validation import validate_file
from jixiao.errors import OutputError, RecordError, SettingsError
from jixiao.exchange.apply import Applied, apply_reviews
from jixiao.exchange.losses import Losses
from jixiao.exchange.marks import LAYERS, Layer, MarkedDocument, layer_of, text_digest
from jixiao.exchange.merge import Change, Holdable, Merged, merge
from jixiao.exchange.outcome import Skipped
from jixiao.exchange.reviews import REVIEWS, Review, add_reviews, latest, read_reviews, stated
from jixiao.records import SpanRecord, encode_line
from jixiao.redaction import redact
from jixiao.stores.annotations import (
    ANNOTATIONS,
    annotation_path,
    iter_annotations,
    list_doc_ids,
    read_annotation,
    read_text,
    text_path,
    write_annotation,
)

_RUN: Final = "run.json"  # what a folder of `jixiao annotate` has
WORKBOOK: Final = "xlsx"


class Format(Protocol):
    """What the module of a format offers."""

    def write(
        self, annotations: Iterable[Annotation], path: Path, layers: Collection[Layer] = LAYERS
    ) -> Losses:
        """Write annotations to a file or folder and say what it does not hold."""
        ...

    def read(
        self, path: Path, text_of: Callable[[str], str | None]
    ) -> Iterator[MarkedDocument | Skipped]:
        """Yield the documents of a file or folder."""
        ...


@dataclass(frozen=True, slots=True)
class FormatInfo:
    """A format by name: its module, the suffix of its file (None: a folder), and what it is."""

    module: str
    suffix: str | None
    summary: str
    writer: str = "write"


FORMATS: Final[Mapping[str, FormatInfo]] = {
    "labelstudio": FormatInfo("labelstudio", ".json", "Label Studio tasks, with their interface"),
    "doccano": FormatInfo("doccano", ".jsonl", "doccano JSONL, with relations"),
    "brat": FormatInfo("brat", None, "brat standoff: a folder of .txt and .ann"),
    "spacy": FormatInfo("docbin", ".spacy", "spaCy DocBin"),
    "prodigy": FormatInfo("prodigy", ".jsonl", "Prodigy-style JSONL"),
    "conll": FormatInfo("conll", ".conll", "CoNLL, BIO tags on characters"),
    "conll-words": FormatInfo("conll", ".conll", "CoNLL, BIO tags on words", "write_words"),
    "webannotation": FormatInfo("webannotation", None, "W3C Web Annotation: a folder of .jsonld"),
}
SOURCES: Final = (*FORMATS, WORKBOOK, REVIEWS)


def require_format(name: str) -> Format:
    """Return the module of a format.

    Raises
    ------
    SettingsError
        If there is none of the name.
    """
    if name not in FORMATS:
        raise SettingsError(f"no format {name!r}; expected one of {', '.join(FORMATS)}")
    module: Any = import_module(f"jixiao.exchange.{FORMATS[name].module}")
    return module  # type: ignore[no-any-return]


def export_folder(
    folder: Path,
    to: str,
    out: Path,
    layers: Collection[Layer] = LAYERS,
    *,
    redacted: bool = False,
) -> Losses:
    """Write the annotations of a run folder in a format, and return what it does not hold.

    Parameters
    ----------
    folder
        The output of ``jixiao annotate``, or any folder with ``annotations/`` and ``text/``.
    to
        One of :data:`FORMATS`.
    out
        The file, or the folder where the format is one of folders.
    layers
        Which records: ``quantity``, ``entity``, ``claim``.
    redacted
        Whether personal names and numbers are masked (:func:`jixiao.redact`).

    Raises
    ------
    SettingsError
        If there is no such format, no annotation, or ``out`` has another suffix than the format.
    OutputError, RecordError
        If a file of the run cannot be read, or ``out`` not written.
    """
    module = require_format(to)
    info = FORMATS[to]
    _require_annotations(folder)
    if info.suffix is not None and out.suffix != info.suffix:
        raise SettingsError(
            f"{out} is no name for {to}; expected a file that ends in {info.suffix}"
        )
    if info.suffix is None and out.exists() and not out.is_dir():
        raise SettingsError(f"{out} is a file; expected a folder for {to}")
    found = iter_annotations(folder)
    losses: Losses = getattr(module, info.writer)(
        map(redact, found) if redacted else found, out, layers
    )
    return losses


def _require_annotations(folder: Path) -> None:
    if not folder.is_dir() or not list_doc_ids(folder):
        raise SettingsError(
            f"no annotations in {folder}; expected a folder with {ANNOTATIONS}/*.jsonl and text/, as "
            "`jixiao annotate --out` writes it"
        )


class Base:
    """The run that an import goes onto: its annotations by id, or by their text."""

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            _require_annotations(folder)
        self.folder = folder
        self._ids = frozenset(list_doc_ids(folder)) if folder is not None else frozenset()

    def text_of(self, doc_id: str) -> str | None:
        """Return the raw text of a document, None where the run has none of the id."""
        if self.folder is None or doc_id not in self._ids:
            return None
        return read_text(self.folder, doc_id)

    def find(self, doc_id: str | None, text: str | None = None) -> Annotation | None:
        """Return the annotation of an id or, where a file tells none, of a text."""
        if doc_id is None and text is not None:
            doc_id = self._by_text.get(text_digest(text))
        if self.folder is None or doc_id is None or doc_id not in self._ids:
            return None
        return read_annotation(self.folder, doc_id)

    @cached_property
    def _by_text(self) -> dict[str, str]:
        if self.folder is None:
            return {}
        return {text_digest(read_text(self.folder, one)): one for one in sorted(self._ids)}


@dataclass(slots=True)
class ImportedDocument:
    """What an import made of a document: its records, what was decided, what a reader has to know."""

    doc_id: str
    records: int = 0
    decisions: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Imported:
    """What an import did. ``unfit`` are decisions that the run no longer fits, each with the reason."""

    documents: list[ImportedDocument] = field(default_factory=list)
    unfit: list[tuple[Review, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """What `jixiao validate` says of the files written."""
        return [problem for document in self.documents for problem in document.problems]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it for JSON."""
        return {
            "documents": [
                {
                    "doc_id": one.doc_id,
                    "records": one.records,
                    "decisions": dict(sorted(one.decisions.items())),
                    "problems": one.problems,
                }
                for one in self.documents
            ],
            "unfit": [
                {
                    "document": review.document,
                    "record": review.record,
                    "key": review.key,
                    "verdict": review.verdict,
                    "reviewer": review.reviewer,
                    "time": review.time,
                    "why": why,
                }
                for review, why in self.unfit
            ],
            "notes": self.notes,
        }


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an import reads and writes, and who is told as the reviewer."""

    base: Base
    out: Path
    layers: Collection[Layer] | None = None
    reviewer: str | None = None
    time: str | None = None

    def signed(self, reviewer: str | None, time: str | None, where: str) -> tuple[str, str]:
        """Return who decided and when: as the caller says, else the file, the time else now.

        Raises
        ------
        SettingsError
            If nobody says who.
        """
        name = self.reviewer or reviewer
        if not name:
            raise SettingsError(
                f"{where} does not say who reviewed it; give the name with --reviewer NAME"
            )
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        return name, self.time or time or now


def import_files(
    paths: Sequence[Path],
    source: str,
    out: Path,
    *,
    onto: Path | None = None,
    layers: Collection[Layer] | None = None,
    reviewer: str | None = None,
    time: str | None = None,
) -> Imported:
    """Read the files of a tool into the annotation folder ``out``, and return what was done.

    Parameters
    ----------
    paths
        Files, or folders where the format is one of folders.
    source
        One of :data:`SOURCES`: a format, ``xlsx`` (the reviewed workbook) or ``reviews`` (decisions of
        an earlier import, onto a new run).
    out
        Where ``annotations/``, ``text/`` and ``reviews/`` go.
    onto
        The run whose records the imported ones are merged with, by key.
    layers
        Which records are taken; the others stay as the run has them. None: those the file has.
    reviewer, time
        Who decided and when (ISO 8601), where the file does not say so.

    Raises
    ------
    SettingsError
        If there is no such format, a run is needed and none given, or nobody says who reviewed.
    OutputError
        If ``out`` is a run, holds one of the documents already, or cannot be written.
    DocumentError, RecordError
        If a file is not of the format, or does not fit the run.
    """
    if source not in SOURCES:
        raise SettingsError(f"no format {source!r}; expected one of {', '.join(SOURCES)}")
    if (out / _RUN).exists():
        raise OutputError(
            f"{out} is the output of a run, which the next run would write over; choose another "
            "folder with --out"
        )
    if onto is None and source in (WORKBOOK, REVIEWS):
        raise SettingsError(f"--from {source} needs the run it is about; give it with --onto DIR")
    desk = Desk(Base(onto), out, layers, reviewer, time)
    if source == WORKBOOK:
        return _import_workbooks(paths, desk)
    if source == REVIEWS:
        return _import_reviews(paths, desk)
    return _import_marks(paths, source, desk)


def _import_marks(paths: Sequence[Path], source: str, desk: Desk) -> Imported:
    # Twice, so that a mistake in the last document leaves nothing written, and one is in memory.
    for _ in _merged(paths, source, desk, Imported()):
        pass
    report = Imported()
    for merged, reviews in _merged(paths, source, desk, report):
        report.notes += merged.notes
        report.documents.append(_put(merged.annotation, reviews, desk))
    return report


def _merged(
    paths: Sequence[Path], source: str, desk: Desk, report: Imported
) -> Iterator[tuple[Merged, list[Review]]]:
    module = require_format(source)
    holdable: Holdable | None = getattr(module, "holdable", None)
    seen: dict[str, str] = {}
    for path in paths:
        for document in module.read(path, desk.base.text_of):
            if isinstance(document, Skipped):
                report.notes.append(str(document))
                continue
            base = desk.base.find(document.doc_id, document.text)
            if base is None and desk.base.folder is not None:
                report.notes.append(
                    f"{document.where}: the run has no document {document.doc_id!r}; taken as new"
                )
            merged = merge(document, base, desk.layers, holdable)
            doc_id = merged.annotation.document.doc_id
            if doc_id in seen:
                raise RecordError(f"{document.where}: {doc_id!r} stood in {seen[doc_id]} already")
            seen[doc_id] = document.where
            _check_free(doc_id, desk, document.where)
            yield merged, _reviews_of(merged, document, desk) if merged.changes else []


def _check_free(doc_id: str, desk: Desk, where: str) -> None:
    """Refuse an id that is no file name, and one that the folder holds from an earlier import."""
    try:
        path = annotation_path(desk.out, doc_id)
    except SettingsError as error:
        raise RecordError(f"{where}: {error}") from error
    if path.exists() and desk.base.folder != desk.out:
        raise OutputError(
            f"{path} is there already; to build on it give --onto {desk.out}, else choose another "
            "folder with --out"
        )


def _reviews_of(merged: Merged, document: MarkedDocument, desk: Desk) -> list[Review]:
    reviewer, time = desk.signed(document.reviewer, document.time, document.where)
    doc_id = merged.annotation.document.doc_id
    source = Path(document.where).name
    return [_review_of(change, doc_id, reviewer, time, source) for change in merged.changes]


def _review_of(change: Change, doc_id: str, reviewer: str, time: str, source: str) -> Review:
    before, after = change.before, change.after
    known = before or after
    if known is None:
        raise RecordError(f"{doc_id}: a change without records")
    return Review(
        document=doc_id,
        record=layer_of(known),
        verdict="added" if before is None else "deleted" if after is None else "changed",
        reviewer=reviewer,
        time=time,
        key=known.key,
        source=source,
        given=_stated(before),
        corrected=_stated(after),
    )


def _stated(record: SpanRecord | None) -> dict[str, Any] | None:
    return None if record is None else stated(record)


def _import_workbooks(paths: Sequence[Path], desk: Desk) -> Imported:
    from jixiao.exchange.workbook import read_workbook, shown_rows, tie

    report = Imported()
    decided: dict[str, list[Review]] = {}
    for path in paths:
        book = read_workbook(path)
        if not book.rows:
            report.notes.append(f"{path}: no row has a verdict in 复核")
            continue
        reviewer, time = desk.signed(book.reviewer, book.time, str(path))
        by_document: dict[str, list[Any]] = {}
        for row in book.rows:
            by_document.setdefault(row.doc_id, []).append(row)
        for doc_id, rows in by_document.items():
            base = desk.base.find(doc_id)
            shown = shown_rows(base) if base is not None else {}
            for row in rows:
                reviews, why = tie(row, shown, reviewer, time)
                decided.setdefault(doc_id, []).extend(reviews)
                if why is not None:
                    report.unfit += [(review, why) for review in reviews]
    _decide(decided, desk, report)
    return report


def _import_reviews(paths: Sequence[Path], desk: Desk) -> Imported:
    report = Imported()
    decided: dict[str, list[Review]] = {}
    for path in paths:
        folder = path / REVIEWS if (path / REVIEWS).is_dir() else path
        files = sorted(folder.glob("*.jsonl")) if folder.is_dir() else [folder]
        found = [review for file in files for review in read_reviews(file)]
        if not found:
            raise SettingsError(f"no reviews in {path}; expected the --out of an earlier import")
        for review in found:
            decided.setdefault(review.document, []).append(review)
    _decide(decided, desk, report)
    return report


def _decide(decided: Mapping[str, list[Review]], desk: Desk, report: Imported) -> None:
    """Put the decisions on each document, and keep all of them, also those that no longer fit."""
    for doc_id, reviews in decided.items():
        _check_free(doc_id, desk, reviews[0].source or doc_id)
    for doc_id, reviews in decided.items():
        base = desk.base.find(doc_id)
        unfit = {id(review) for review, _ in report.unfit}
        standing = [review for review in latest(reviews) if id(review) not in unfit]
        if base is None:
            report.unfit += [(review, "the run has no such document") for review in standing]
            add_reviews(desk.out, doc_id, reviews)
            continue
        applied: Applied = apply_reviews(base, standing)
        report.unfit += applied.unfit
        report.notes += applied.notes
        report.documents.append(_put(applied.annotation, reviews, desk))


def _put(annotation: Annotation, reviews: Sequence[Review], desk: Desk) -> ImportedDocument:
    doc_id = annotation.document.doc_id
    path = annotation_path(desk.out, doc_id)
    lines = [encode_line(record) for record in annotation.records]
    write_annotation(desk.out, doc_id, annotation.text, lines)
    add_reviews(desk.out, doc_id, reviews)
    checked = validate_file(path, text_path(desk.out, doc_id))
    verdicts: Counter[str] = Counter(review.verdict for review in reviews)
    problems = [str(problem) for problem in checked.problems]
    return ImportedDocument(doc_id, len(annotation.records), verdicts, problems)
