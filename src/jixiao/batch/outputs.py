"""All that a run writes, document by document."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from jixiao.annotation import Annotation
from jixiao.batch.folder import PAGE, WORKBOOK
from jixiao.batch.inputs import InputFile
from jixiao.batch.local import Annotated, Failed, Outcome, Unchanged
from jixiao.batch.manifest import Entry, FailureEntry, Journal
from jixiao.batch.tally import Tally
from jixiao.batch.unit import Cause
from jixiao.errors import DocumentError
from jixiao.exports.workbook import WorkbookWriter
from jixiao.records import Document, Record, decode_lines, encode_lines
from jixiao.stores.annotations import annotation_path, read_annotation, write_content
from jixiao.stores.tables import TableWriter
from jixiao.views.page import PagesWriter


class Outputs:
    """The annotation files, tables, workbook and page of a run, being written.

    A context manager: tables, workbook and page appear when it is left in peace, and stay as they
    were when an exception ends it. Annotation files appear as they are written.

    Attributes
    ----------
    failures
        The documents that failed so far, in order; the journal has all.
    tally
        What was found so far.
    example
        The first document that was annotated.
    """

    def __init__(
        self,
        folder: Path,
        journal: Journal,
        indicator_names: Mapping[str, str],
        version: str,
        *,
        with_workbook: bool,
        with_page: bool,
    ) -> None:
        """Prepare the outputs; workbook and page are written where they are asked for."""
        self.failures: list[FailureEntry] = []
        self.tally = Tally()
        self.example: str | None = None
        self._folder = folder
        self._journal = journal
        self._indicator_names = indicator_names
        self._version = version
        self._with_workbook, self._with_page = with_workbook, with_page

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._tables = stack.enter_context(TableWriter(self._folder))
            names, version = self._indicator_names, self._version
            self._views: list[WorkbookWriter | PagesWriter] = []
            if self._with_workbook:
                workbook = WorkbookWriter(self._folder / WORKBOOK, names, version=version)
                self._views.append(stack.enter_context(workbook))
            if self._with_page:
                page = PagesWriter(self._folder / PAGE, names, version=version)
                self._views.append(stack.enter_context(page))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    @property
    def parts(self) -> dict[str, int]:
        """How many pages or worksheets there are of what did not fit one, by its name."""
        counts: dict[str, int] = {}
        for view in self._views:
            counts |= view.part_counts
        return {name: count for name, count in counts.items() if count > 1}

    def write(self, outcome: Outcome) -> None:
        """Write the outcome of one document to every output.

        Raises
        ------
        OutputError
            If a file cannot be written.
        """
        match outcome:
            case Annotated(file, sha256, text, content, records):
                self._write_annotated(file, sha256, text, content, records)
            case Unchanged(file, sha256):
                self._reuse(file, sha256)
            case Failed(file, sha256, cause):
                self._add_failure(file, sha256, cause)

    def _write_annotated(
        self,
        file: InputFile,
        sha256: str,
        text: str,
        content: bytes,
        records: Sequence[Record] | None = None,
    ) -> None:
        first, *others = decode_lines(content) if records is None else records
        document = _with_source(first, file.source)
        written = encode_lines([document]) + content[content.index(b"\n") + 1 :]
        try:
            write_content(self._folder, file.doc_id, text, written)
        except DocumentError as error:
            self._add_failure(file, sha256, Cause("write", type(error).__name__, str(error)))
            return
        digest = hashlib.sha256(written).hexdigest()
        self._add(file, sha256, Annotation(document, text, [document, *others]), digest)

    def _reuse(self, file: InputFile, sha256: str) -> None:
        annotation = read_annotation(self._folder, file.doc_id)
        if annotation.document.source != file.source:
            content = encode_lines(annotation.records)
            self._write_annotated(file, sha256, annotation.text, content, annotation.records)
        else:
            path = annotation_path(self._folder, file.doc_id)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            self._add(file, sha256, annotation, digest)

    def _add(self, file: InputFile, sha256: str, annotation: Annotation, digest: str) -> None:
        self._tables.add(file.doc_id, annotation.records)
        for view in self._views:
            view.add(annotation)
        self.tally.add(len(annotation.text), annotation.records)
        entry = _entry(file, sha256)
        entry.characters, entry.records_sha256 = len(annotation.text), digest
        entry.text_sha256 = annotation.document.text_sha256
        self._journal.add(entry)
        self.example = self.example or file.doc_id

    def _add_failure(self, file: InputFile, sha256: str | None, cause: Cause) -> None:
        failure = FailureEntry(file.doc_id, file.source, *cause)
        self._tables.add_failure(file.doc_id, file.source, *cause)
        for view in self._views:
            view.add_failure(file.doc_id, file.source, *cause)
        self.tally.add_failure()
        self.failures.append(failure)
        entry = _entry(file, sha256)
        entry.status = "failed"
        self._journal.add(entry)


def _with_source(record: Record, source: str) -> Document:
    if not isinstance(record, Document):
        raise TypeError(f"the first record of a document is a {type(record).__name__}")
    record.source = source
    return record


def _entry(file: InputFile, sha256: str | None) -> Entry:
    return Entry(file.doc_id, file.source, file.media_type, file.byte_count, "ok", sha256)
