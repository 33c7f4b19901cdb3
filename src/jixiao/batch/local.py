"""Files to outcomes on this computer: read, annotated in bounded batches, in the order given."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import pyarrow as pa

from jixiao.batch.inputs import InputFile
from jixiao.batch.limits import Limits
from jixiao.batch.pool import PoolAnnotator, Task
from jixiao.batch.unit import FAILED, Cause, annotate_document, make_batch
from jixiao.records import Record
from jixiao.settings import Settings

# A batch of a quarter megabyte takes a worker some tenths of a second: long enough that handing
# it over costs nothing, short enough that all workers end together.
BATCH_BYTES: Final = 256 * 1024
BATCH_DOCUMENTS: Final = 64
# Arrow's offsets are 32-bit; no report comes near, and a file this large is none.
MOST_FILE_BYTES: Final = 1024**3
_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Annotated:
    """A document that was annotated: its raw text and the content of its annotation file.

    ``records`` are those of the content, where they were made in this process.
    """

    file: InputFile
    sha256: str
    text: str
    content: bytes
    records: Sequence[Record] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A document that a former run annotated with the same content and settings."""

    file: InputFile
    sha256: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A document that could not be read or annotated."""

    file: InputFile
    sha256: str | None
    cause: Cause


Outcome: TypeAlias = Annotated | Unchanged | Failed


def usable_workers() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def needed_workers(files: Sequence[InputFile], workers: int) -> int:
    """Return how many workers are worth starting: no more than there are batches, at least one."""
    batches = -(-sum(file.byte_count for file in files) // BATCH_BYTES)
    return max(1, min(workers, batches))


def annotate_files(
    files: Sequence[InputFile],
    settings: Settings,
    workers: int,
    is_unchanged: Callable[[InputFile, str], bool],
    limits: Limits = _LIMITS,
) -> Iterator[Outcome]:
    """Yield the outcome of each file, in the order given.

    Batches hold :data:`BATCH_BYTES` or one file that is larger, and a bounded number of them is
    in memory at a time. Nothing depends on the number of workers but the time. Closing the
    iterator ends the workers.

    Parameters
    ----------
    workers
        Processes (see :func:`needed_workers`); with 1 all is done in this process, unless a limit
        is asked for, which needs a process that can be ended.
    is_unchanged
        Told a file and the sha256 of its bytes, whether it need not be annotated again.
    limits
        What one document may take; one that takes more fails.

    Raises
    ------
    WorkerError
        If worker processes cannot be started.
    """
    if workers == 1 and not limits.asked:
        yield from _annotated_here(files, settings, is_unchanged)
        return
    with closing(PoolAnnotator(workers, settings, limits)) as annotator:
        yield from annotate_with(annotator, files, is_unchanged)


def _annotated_here(
    files: Iterable[InputFile], settings: Settings, is_unchanged: Callable[[InputFile, str], bool]
) -> Iterator[Outcome]:
    for file in files:
        settled = _settled(file, read_file(file), is_unchanged)
        if not isinstance(settled, tuple):
            yield settled
            continue
        sha256, content = settled
        found = annotate_document(file.doc_id, file.media_type, content, settings)
        if isinstance(found, Cause):
            yield Failed(file, sha256, found)
        else:
            annotation, records = found
            yield Annotated(file, sha256, annotation.text, records, annotation.records)


def annotate_with(
    annotator: PoolAnnotator,
    files: Iterable[InputFile],
    is_unchanged: Callable[[InputFile, str], bool],
    read: Callable[[InputFile], bytes | Cause] | None = None,
) -> Iterator[Outcome]:
    """Yield the outcome of each file, in the order given, annotated by an annotator that stays open.

    ``read`` gives the content of a file, each asked for once and in order; by default it is opened.
    """
    yield from _in_order(_portions(files, is_unchanged, read or read_file), annotator)


@dataclass(slots=True)
class _Portion:
    """Neighbours in the order of files: some are settled, the others wait to be annotated."""

    outcomes: list[Outcome | None] = field(default_factory=list)
    waiting: list[tuple[InputFile, str]] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    byte_count: int = 0

    def has_room_for(self, file: InputFile) -> bool:
        fits = self.byte_count + file.byte_count <= BATCH_BYTES
        return not self.outcomes or (fits and len(self.outcomes) < BATCH_DOCUMENTS)

    def take_batch(self) -> pa.RecordBatch:
        """Return the batch of what waits, and keep no second copy of its content."""
        rows = zip(self.waiting, self.contents, strict=True)
        batch = make_batch([(file.doc_id, file.media_type, data) for (file, _), data in rows])
        self.contents.clear()
        return batch

    def settled(self, results: Iterable[pa.RecordBatch]) -> Iterator[Outcome]:
        """Yield all outcomes in order, with the results put where they belong."""
        annotated = _outcomes(self.waiting, results)
        for outcome in self.outcomes:
            yield outcome if outcome is not None else next(annotated)


def _portions(
    files: Iterable[InputFile],
    is_unchanged: Callable[[InputFile, str], bool],
    read: Callable[[InputFile], bytes | Cause],
) -> Iterator[_Portion]:
    portion = _Portion()
    for file in files:
        if not portion.has_room_for(file):
            yield portion
            portion = _Portion()
        _load(file, read(file), portion, is_unchanged)
    if portion.outcomes:
        yield portion


def _load(
    file: InputFile,
    content: bytes | Cause,
    portion: _Portion,
    is_unchanged: Callable[[InputFile, str], bool],
) -> None:
    settled = _settled(file, content, is_unchanged)
    if not isinstance(settled, tuple):
        portion.outcomes.append(settled)
        return
    sha256, waiting = settled
    portion.outcomes.append(None)
    portion.waiting.append((file, sha256))
    portion.contents.append(waiting)
    portion.byte_count += len(waiting)


def _settled(
    file: InputFile, content: bytes | Cause, is_unchanged: Callable[[InputFile, str], bool]
) -> Failed | Unchanged | tuple[str, bytes]:
    """Return the outcome of a file that is not annotated; of one that is, its sha256 and content."""
    if isinstance(content, Cause):
        return Failed(file, None, content)
    sha256 = hashlib.sha256(content).hexdigest()
    return Unchanged(file, sha256) if is_unchanged(file, sha256) else (sha256, content)


def read_file(file: InputFile) -> bytes | Cause:
    """Return the content of a file, or why it cannot be read."""
    if file.problem is not None:
        return Cause("read", "DocumentError", file.problem)
    if file.byte_count > MOST_FILE_BYTES:
        message = f"the file has {file.byte_count:,} bytes; at most {MOST_FILE_BYTES:,} are read"
        return Cause("read", "DocumentError", message)
    try:
        return file.path.read_bytes()
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or error}"
        return Cause("read", type(error).__name__, message)


def _in_order(portions: Iterable[_Portion], annotator: PoolAnnotator) -> Iterator[Outcome]:
    handed: deque[tuple[_Portion, Task | None]] = deque()
    for portion in portions:
        task = annotator.submit(portion.take_batch()) if portion.waiting else None
        handed.append((portion, task))
        if len(handed) >= annotator.most_waiting:
            yield from _take(*handed.popleft())
    while handed:
        yield from _take(*handed.popleft())


def _take(portion: _Portion, task: Task | None) -> Iterator[Outcome]:
    return portion.settled(task.result() if task is not None else ())


def _outcomes(
    waiting: Sequence[tuple[InputFile, str]], results: Iterable[pa.RecordBatch]
) -> Iterator[Outcome]:
    rows = (row for batch in results for row in batch.to_pylist())
    for (file, sha256), row in zip(waiting, rows, strict=True):
        if row["status"] == FAILED:
            yield Failed(file, sha256, Cause.decode(row["error"]))
        else:
            records = "".join(f"{line}\n" for line in row["records"])
            yield Annotated(file, sha256, row["text"], records.encode())
