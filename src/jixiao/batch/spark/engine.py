"""Files to outcomes on a cluster: what :mod:`jixiao.batch.local` does on one computer."""

from __future__ import annotations

import os
import re
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import msgspec
import pyarrow as pa

from jixiao.batch.inputs import InputFile, Inputs, bare_path, find_inputs
from jixiao.batch.limits import Limits
from jixiao.batch.local import Failed, Outcome
from jixiao.batch.spark import tasks
from jixiao.batch.spark.errors import SparkError
from jixiao.batch.spark.frames import make_work, spark_schema
from jixiao.batch.spark.session import reason
from jixiao.batch.unit import Cause
from jixiao.errors import SettingsError
from jixiao.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, Row, SparkSession

# A task of half a megabyte takes about a second: long beside the hundredth that Spark needs to
# start one.
TASK_BYTES: Final = 512 * 1024
TASK_DOCUMENTS: Final = 128
# Records take some twenty times the bytes of a plain report, and those of all waves in flight are
# in the driver's memory; with two waves no executor waits for the last task of one.
WAVE_BYTES: Final = 8 * 1024**2
WAVE_TASKS_A_SLOT: Final = 4
_WAVES: Final = 2
_NOT_LOADED: Final = Cause(
    "read",
    "DocumentError",
    "Spark has not loaded the file: it is gone, or its name begins with _, which Spark passes over; "
    "rename it",
)
_GLOB: Final = re.compile(r"[\\*?\[\]{}]")


class _Measured(Protocol):
    @property
    def byte_count(self) -> int: ...


_Sized = TypeVar("_Sized", bound=_Measured)


class SparkEngine:
    """Annotates files on the executors of a Spark session, in bounded waves, for a run.

    Every executor must see the files under the paths the driver has.
    """

    def __init__(self, session: SparkSession) -> None:
        self._session = session
        self._group = f"jixiao-{secrets.token_hex(4)}"

    @property
    def workers(self) -> int:
        """How many tasks run at a time."""
        return max(1, int(self._session.sparkContext.defaultParallelism))

    def find_inputs(self, paths: Sequence[str | Path], out: Path) -> Inputs:
        """Return the documents below some paths and URLs.

        Raises
        ------
        SettingsError
            If a path does not exist or lies in ``out``, or if nothing to read was found.
        """
        return find_inputs(paths, out, self._list)

    def annotate_files(
        self,
        files: Sequence[InputFile],
        settings: Settings,
        known_sha256: Callable[[InputFile], str | None],
        limits: Limits,
    ) -> Iterator[Outcome]:
        """Yield the outcome of each file, in the order given.

        Parameters
        ----------
        known_sha256
            Told a file, the sha256 of the content that need not be annotated again.

        Raises
        ------
        SparkError
            If Spark gives up: a task failed more often than ``spark.task.maxFailures``.
        """
        work = make_work(settings, limits)
        flying: deque[tuple[Sequence[InputFile], Future[list[Row]]]] = deque()
        threads = ThreadPoolExecutor(_WAVES, thread_name_prefix="jixiao-spark")
        try:
            for wave in self._waves(files):
                known = [(file, known_sha256(file)) for file in wave]
                flying.append((wave, threads.submit(self._run, known, work)))
                if len(flying) > _WAVES:
                    yield from _outcomes(*flying.popleft())
            while flying:
                yield from _outcomes(*flying.popleft())
        finally:
            if flying:
                self._session.sparkContext.cancelJobGroup(self._group)
            threads.shutdown(cancel_futures=True)

    def _waves(self, files: Iterable[InputFile]) -> Iterator[list[InputFile]]:
        most_bytes = min(WAVE_BYTES, self.workers * WAVE_TASKS_A_SLOT * TASK_BYTES)
        most_documents = self.workers * WAVE_TASKS_A_SLOT * TASK_DOCUMENTS
        return _cut(files, most_bytes, most_documents)

    def _list(self, url: str) -> list[tuple[str, int]]:
        # By Hadoop itself: the listing of a DataFrame leaves empty files out.
        context = self._session.sparkContext
        files = []
        try:
            path = context._jvm.org.apache.hadoop.fs.Path(url)
            system = path.getFileSystem(context._jsc.hadoopConfiguration())
            statuses = system.listFiles(path, True)
            while statuses.hasNext():
                status = statuses.next()
                files.append((str(status.getPath().toString()), int(status.getLen())))
        except Exception as error:
            raise SettingsError(
                f"{url} cannot be listed by Spark: {reason(error)}; expected a file or a folder "
                "with reports that every executor can read"
            ) from error
        return files

    def _read(self, urls: list[str]) -> DataFrame:
        files = self._session.read.format("binaryFile").option("recursiveFileLookup", "true")
        return files.load([_GLOB.sub(r"\\\g<0>", url) for url in urls])

    def _run(self, files: list[tuple[InputFile, str | None]], work: tasks.Work) -> list[Row]:
        context = self._session.sparkContext
        context.setJobGroup(self._group, "jixiao annotate", interruptOnCancel=True)
        readable = [(file, known) for file, known in files if file.problem is None]
        there, loaded = [], {}
        for file, known in readable:
            if file.url is None or file.byte_count == 0:  # Spark loads no empty file.
                there.append(_row(file, known))
            else:
                loaded[file.url] = _row(file, known)
        rows: list[Row] = []
        if there:
            rows += self._listed(there, work).collect()
        if loaded:
            rows += self._loaded(loaded, work).collect()
        return rows

    def _listed(self, rows: list[tasks.FileRow], work: tasks.Work) -> DataFrame:
        # A partition a portion; what the portions are travels with the function.
        portions = [
            msgspec.msgpack.encode(portion) for portion in _cut(rows, TASK_BYTES, TASK_DOCUMENTS)
        ]

        def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            return tasks.annotate_listed(batches, portions, work)

        numbers = self._session.range(0, len(portions), 1, len(portions))
        return numbers.mapInArrow(run, spark_schema(tasks.RESULT_SCHEMA))

    def _loaded(self, rows: dict[str, tasks.FileRow], work: tasks.Work) -> DataFrame:
        by_path = {bare_path(url): row for url, row in rows.items()}

        def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            return tasks.annotate_loaded(batches, by_path, work)

        frame = self._read(list(rows)).select("path", "content")
        return frame.mapInArrow(run, spark_schema(tasks.RESULT_SCHEMA))


def _row(file: InputFile, known: str | None) -> tasks.FileRow:
    return tasks.FileRow(
        file.doc_id,
        file.media_type,
        file.source,
        file.byte_count,
        os.fsencode(file.path.absolute()) if file.url is None else None,
        known,
    )


def _cut(files: Iterable[_Sized], most_bytes: int, most_documents: int) -> Iterator[list[_Sized]]:
    """Yield neighbours together up to a number of bytes or documents, a larger file alone."""
    portion: list[_Sized] = []
    total = 0
    for file in files:
        full = total + file.byte_count > most_bytes or len(portion) >= most_documents
        if portion and full:
            yield portion
            portion, total = [], 0
        portion.append(file)
        total += file.byte_count
    if portion:
        yield portion


def _outcomes(wave: Sequence[InputFile], job: Future[list[Row]]) -> Iterator[Outcome]:
    try:
        rows = job.result()
    except Exception as error:
        raise SparkError(
            f"Spark gave up: {reason(error)}; every report finished before is kept: go on by the "
            "same command with --resume"
        ) from error
    found = {row["doc_id"]: bytes(row["result"]) for row in rows}
    for file in wave:
        if file.problem is not None:
            yield Failed(file, None, Cause("read", "DocumentError", file.problem))
            continue
        if file.doc_id not in found:
            yield Failed(file, None, _NOT_LOADED)
            continue
        yield msgspec.msgpack.decode(found[file.doc_id], type=tasks.Result).outcome(file)
