"""What an executor runs: Arrow batches in, Arrow batches out, and nothing of Spark.

The documents are annotated in a child of Spark's Python worker (:mod:`jixiao.batch.pool`), so that
one that kills its process or exceeds a limit is a failure of its own and not the end of the job.
Spark's workers live on from task to task, and so do their children and what these have loaded.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final, Literal

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from jixiao.batch.doc_ids import assign_doc_ids
from jixiao.batch.inputs import InputFile, bare_path
from jixiao.batch.limits import Limits
from jixiao.batch.local import (
    BATCH_BYTES,
    BATCH_DOCUMENTS,
    Annotated,
    Failed,
    Outcome,
    Unchanged,
    annotate_with,
    read_file,
)
from jixiao.batch.pool import PoolAnnotator, Task
from jixiao.batch.spark.errors import SparkError
from jixiao.batch.unit import FAILED, INPUT_SCHEMA, OK, OUTPUT_SCHEMA, Cause
from jixiao.documents import MEDIA_TYPES
from jixiao.records import Document, Record, decode_line, encode_line
from jixiao.settings import Settings
from jixiao.stores.tables import failures_batch, records_batch

FRAME_SCHEMA: Final = OUTPUT_SCHEMA.append(pa.field("source", pa.string()))
"""The columns of an annotated frame: those of the unit of work, and where the document is from."""
# Typed for mypy: its stubs of pyarrow want one kind of field, or Any.
_RESULT_FIELDS: Final[list[Any]] = [("doc_id", pa.string()), ("result", pa.binary())]
RESULT_SCHEMA: Final = pa.schema(_RESULT_FIELDS)
"""The columns in which the outcomes of files come back to the driver of a run."""

_annotators: dict[tuple[Settings, Limits], PoolAnnotator] = {}


@dataclass(frozen=True, slots=True)
class Work:
    """What every task is told: the settings, the limits, and which jixiao they were made for."""

    settings: Settings
    limits: Limits
    fingerprint: str

    def annotator(self) -> PoolAnnotator:
        """Return the one child of this worker, kept from task to task.

        Raises
        ------
        SparkError
            If the executor has another jixiao than the driver, which would annotate otherwise.
        """
        if self.settings.fingerprint() != self.fingerprint:
            raise SparkError(
                "the executors have another jixiao than the driver; expected the same version with "
                "the same tables of knowledge; send the driver's environment along "
                "(spark.archives), or install the same on every node"
            )
        key = self.settings, self.limits
        if key not in _annotators:
            for former in list(_annotators):
                _annotators.pop(former).close()
            _annotators[key] = PoolAnnotator(1, self.settings, self.limits)
        return _annotators[key]


@dataclass(frozen=True, slots=True)
class FileNames:
    """The ids of files below a folder: ``other`` holds those that are not plain."""

    root: str
    other: Mapping[str, str]

    def source(self, path: str) -> str:
        """Return the path below the folder.

        >>> FileNames("/data", {}).source("hdfs://name:8020/data/2021/a.txt")
        '2021/a.txt'
        """
        return bare_path(path).removeprefix(self.root).lstrip("/")

    def doc_id(self, path: str) -> str:
        """Return the id of a file."""
        return self.other.get(path) or assign_doc_ids([self.source(path)])[0]


class FileRow(msgspec.Struct, array_like=True):
    """A file that a task is to annotate.

    ``known`` is the sha256 of content that need not be annotated again, ``path`` its name on the
    disk as bytes, None where Spark loads it or, if it is empty, nobody has to.
    """

    doc_id: str
    media_type: str
    source: str
    byte_count: int
    path: bytes | None
    known: str | None

    def file(self) -> InputFile:
        """Return the file as the engines know it."""
        on_disk = self.path is not None
        path = Path(os.fsdecode(self.path or self.source))
        return InputFile(
            self.doc_id,
            path,
            self.source,
            self.media_type,
            self.byte_count,
            url=None if on_disk else self.source,
        )


class Result(msgspec.Struct, array_like=True):
    """An outcome on its way to the driver, which knows the file."""

    kind: Literal["annotated", "unchanged", "failed"]
    sha256: str | None
    text: str = ""
    content: bytes = b""
    cause: tuple[str, str, str] | None = None

    def outcome(self, file: InputFile) -> Outcome:
        """Return the outcome of the file."""
        if self.cause is not None:
            return Failed(file, self.sha256, Cause(*self.cause))
        sha256 = self.sha256 or ""
        if self.kind == "unchanged":
            return Unchanged(file, sha256)
        return Annotated(file, sha256, self.text, self.content)


def annotate_listed(
    batches: Iterable[pa.RecordBatch], portions: Sequence[bytes], work: Work
) -> Iterator[pa.RecordBatch]:
    """Yield the results of the files of portions, whose numbers come in the column ``id``.

    The files are read here: every executor must see them under the path the driver has.
    """
    rows = (
        row
        for batch in batches
        for number in _values(batch, "id")
        for row in msgspec.msgpack.decode(portions[number], type=list[FileRow])
    )
    return _results(rows, work, lambda file: b"" if file.url is not None else read_file(file))


def annotate_loaded(
    batches: Iterable[pa.RecordBatch], rows: Mapping[str, FileRow], work: Work
) -> Iterator[pa.RecordBatch]:
    """Yield the results of files that Spark has read (``path``, ``content``)."""
    contents: dict[str, bytes] = {}

    def listed() -> Iterator[FileRow]:
        for batch in batches:
            for row in batch.to_pylist():
                file = rows[bare_path(row["path"])]
                contents[file.doc_id] = row["content"]
                yield file

    return _results(listed(), work, lambda file: contents.pop(file.doc_id))


def _results(
    rows: Iterable[FileRow], work: Work, read: Callable[[InputFile], bytes | Cause]
) -> Iterator[pa.RecordBatch]:
    known: dict[str, str] = {}

    def files() -> Iterator[InputFile]:
        for row in rows:
            if row.known is not None:
                known[row.doc_id] = row.known
            yield row.file()

    def is_unchanged(file: InputFile, sha256: str) -> bool:
        return known.get(file.doc_id) == sha256

    for outcome in annotate_with(work.annotator(), files(), is_unchanged, read):
        content = msgspec.msgpack.encode(_result(outcome))
        yield pa.RecordBatch.from_pylist(
            [{"doc_id": outcome.file.doc_id, "result": content}], schema=RESULT_SCHEMA
        )


def _result(outcome: Outcome) -> Result:
    match outcome:
        case Annotated(_, sha256, text, content):
            return Result("annotated", sha256, text, content)
        case Unchanged(_, sha256):
            return Result("unchanged", sha256)
        case Failed(_, failed_sha256, cause):
            return Result("failed", failed_sha256, cause=(*cause,))


def annotate_frame_rows(
    batches: Iterable[pa.RecordBatch], names: FileNames | None, work: Work
) -> Iterator[pa.RecordBatch]:
    """Yield the annotation of the documents of a frame, in order (:data:`FRAME_SCHEMA`).

    However long the batches of Spark are, no more is handed over at a time than the local pool
    would take.
    """
    annotator = work.annotator()
    handed: deque[tuple[list[str | None], Task]] = deque()
    for documents, sources in _pieces(_documents(batch, names) for batch in batches):
        handed.append((sources, annotator.submit(documents)))
        if len(handed) >= annotator.most_waiting:
            yield _annotated(*handed.popleft())
    while handed:
        yield _annotated(*handed.popleft())


_Documents = tuple[pa.RecordBatch, list[str | None]]


def _documents(batch: pa.RecordBatch, names: FileNames | None) -> _Documents:
    """Return rows of a frame as the unit of work takes them, and where they are from."""
    columns = {name: batch.column(name) for name in batch.schema.names}
    sources: list[str | None] = [None] * batch.num_rows
    if "source" in columns:
        sources = columns["source"].to_pylist()
    if names is not None:
        paths = _values(batch, "path")
        sources = [names.source(path) for path in paths]
        columns["doc_id"] = pa.array([names.doc_id(path) for path in paths], pa.string())
        suffixes = [PurePosixPath(path).suffix.lower() for path in paths]
        columns["media_type"] = pa.array([MEDIA_TYPES.get(s, "") for s in suffixes], pa.string())
    elif "text" in columns:
        columns["content"] = columns["text"]
        columns["media_type"] = pa.array(["text/plain"] * batch.num_rows)
    arrays = [columns[field.name].cast(field.type) for field in INPUT_SCHEMA]
    return pa.RecordBatch.from_arrays(arrays, schema=INPUT_SCHEMA), sources


def _values(batch: pa.RecordBatch, column: str) -> list[Any]:
    return batch.column(column).to_pylist()


def _pieces(batches: Iterable[_Documents]) -> Iterator[_Documents]:
    """Yield batches cut to the size that a worker takes at a time, a larger document alone."""
    for batch, sources in batches:
        content: Any = batch.column("content")
        sizes = pc.fill_null(pc.binary_length(content), 0).to_pylist()
        start = total = 0
        for row, size in enumerate(sizes):
            full = total + size > BATCH_BYTES or row - start >= BATCH_DOCUMENTS
            if row > start and full:
                yield batch.slice(start, row - start), sources[start:row]
                start, total = row, 0
            total += size
        if start < batch.num_rows:
            yield batch.slice(start), sources[start:]


def _annotated(sources: Sequence[str | None], task: Task) -> pa.RecordBatch:
    rows = [row for batch in task.result() for row in batch.to_pylist()]
    for row, source in zip(rows, sources, strict=True):
        row["source"] = source
        if row["status"] == OK and source is not None:
            row["records"][0] = _sourced(row["records"][0], source)
    return pa.RecordBatch.from_pylist(rows, schema=FRAME_SCHEMA)


def _sourced(line: str, source: str) -> str:
    document = decode_line(line)
    if not isinstance(document, Document):
        raise TypeError(f"the first record of a document is a {type(document).__name__}")
    document.source = source
    return encode_line(document)


def table_rows(batches: Iterable[pa.RecordBatch], table: str) -> Iterator[pa.RecordBatch]:
    """Yield the rows that annotated documents make in one of the tables of a run."""
    for batch in batches:
        rows = batch.to_pylist()
        if table == "failures":
            failed = [row for row in rows if row["status"] == FAILED]
            yield failures_batch(_failure(row) for row in failed)
        else:
            done = [row for row in rows if row["status"] == OK]
            yield records_batch(table, ((row["doc_id"], _decoded(row["records"])) for row in done))


def _failure(row: Mapping[str, Any]) -> tuple[str, str | None, str, str, str]:
    return row["doc_id"] or "", row["source"], *Cause.decode(row["error"])


def _decoded(lines: Sequence[str]) -> list[Record]:
    return [decode_line(line) for line in lines]
