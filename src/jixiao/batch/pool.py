"""Batches to results in workers that may die, hang or grow.

Each worker is a process with a pipe of its own and a thread here that waits on it. A worker sends
back each document by itself, so that it is known which one it was at when it died, exceeded a
limit, or was ended: that one fails, and a new worker goes on with the next. Nothing is shared
between workers, so that the end of one touches no other.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import LifoQueue
from typing import Final, Protocol, TypeAlias

import psutil
import pyarrow as pa

from jixiao.batch.limits import Limits
from jixiao.batch.memory import collect_seldom
from jixiao.batch.unit import (
    FAILED,
    INPUT_SCHEMA,
    OUTPUT_SCHEMA,
    Cause,
    annotate_batch,
    make_batch,
)
from jixiao.errors import JixiaoError
from jixiao.settings import Settings

# A worker that holds more after a batch gives way to a new one: what a large document took, its
# process keeps. A fresh one holds some 250 MB.
RENEWED_BYTES: Final = 380_000_000
# How often the memory of a worker is looked at: it fills a gigabyte in no less than half a second.
_WATCH_SECONDS: Final = 0.05
_ATTEMPTS: Final = 2
_READY: Final = b"ready"
# What it reads makes a worker load every layer before its first document, whose time is counted.
_FIRST: Final = "全县2021年度绩效自评报告\n新增企业15家，同比增长3.2%，被评为省级先进单位。\n"

KILLED: Final = Cause(
    "annotate",
    "WorkerDied",
    "the worker process died twice at this document: killed for want of memory, or crashed; try "
    "again with fewer --workers, or split the file",
)

_Unit: TypeAlias = Callable[[pa.RecordBatch, Settings], pa.RecordBatch]


class WorkerError(JixiaoError, RuntimeError):
    """Worker processes that cannot be started at all."""


class Task(Protocol):
    """A batch that was handed over."""

    def result(self) -> Sequence[pa.RecordBatch]:
        """Return the annotated batch, in one or more pieces; waits for it."""


class PoolAnnotator:
    """Annotates in worker processes, which start afresh (``spawn``) on every platform.

    A document at which a worker dies is tried once more, because the system may end any process
    when memory is short; one that exceeds a limit is not.
    """

    def __init__(self, workers: int, settings: Settings, limits: Limits | None = None) -> None:
        self.most_waiting = 2 * workers
        self._limits = limits or Limits()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="jixiao-worker")
        self._workers = [_Worker(settings) for _ in range(workers)]
        self._idle: LifoQueue[_Worker] = LifoQueue()
        for worker in self._workers:
            self._idle.put(worker)

    def submit(self, batch: pa.RecordBatch) -> Future[Sequence[pa.RecordBatch]]:
        """Send a batch to the next worker that is free."""
        return self._threads.submit(self._annotate, batch)

    def close(self) -> None:
        """End all workers, at work or not."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.stop()
        self._threads.shutdown()
        for worker in self._workers:
            worker.end()

    def process_ids(self) -> list[int]:
        """Return the processes of the workers that run now."""
        return [worker.pid for worker in self._workers if worker.pid is not None]

    def _annotate(self, batch: pa.RecordBatch) -> Sequence[pa.RecordBatch]:
        worker = self._idle.get()
        try:
            return list(worker.annotate(batch, self._limits))
        finally:
            self._idle.put(worker)


class _LostError(Exception):
    """A worker ended before it sent its result."""


class _ExceededError(Exception):
    """A document took more than it may; says why."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.message)
        self.cause = cause


class _Worker:
    """A place for one process at a time, which is started when it is needed. Used by one thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: _Process | None = None
        self._closed = False
        # Between a process that is being started and its end by another thread.
        self._change = threading.Lock()

    @property
    def pid(self) -> int | None:
        process = self._process
        return process.pid if process is not None else None

    def annotate(self, batch: pa.RecordBatch, limits: Limits) -> Iterator[pa.RecordBatch]:
        """Yield the annotation of each document of a batch."""
        row = attempts = 0
        while row < batch.num_rows:
            process = self._started()
            try:
                for result in process.annotate(batch.slice(row), limits):
                    yield result
                    row, attempts = row + 1, 0
                continue
            except _ExceededError as exceeded:
                cause, attempts = exceeded.cause, _ATTEMPTS
            except _LostError:
                cause, attempts = KILLED, attempts + 1
            self.end()
            if attempts == _ATTEMPTS:
                yield _failed(batch, row, cause)
                row, attempts = row + 1, 0
        if self._process is not None and self._process.resident_bytes() > RENEWED_BYTES:
            self.end()

    def stop(self) -> None:
        """Kill the process, also while another thread waits on it; no other is started."""
        with self._change:
            self._closed = True
            if self._process is not None:
                self._process.kill()

    def end(self) -> None:
        """End the process, if there is one."""
        with self._change:
            process, self._process = self._process, None
        if process is not None:
            process.end()

    def _started(self) -> _Process:
        """Return the process, ready for work."""
        for _ in range(_ATTEMPTS):
            with self._change:
                if self._closed:
                    raise WorkerError("the workers were ended")
                process = self._process = self._process or _Process(self._settings)
            if process.is_ready():
                return process
            self.end()
        raise WorkerError(
            "worker processes cannot start; try --workers 1; in a script of your own, call "
            'annotate_paths under `if __name__ == "__main__":`, because workers import it'
        )


class _Process:
    """A process that annotates, and this end of its pipe."""

    def __init__(self, settings: Settings) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        arguments = (theirs, annotate_batch, settings)
        self._process = context.Process(target=serve, args=arguments, daemon=True)
        self._ready = False
        try:
            self._process.start()
        finally:
            theirs.close()  # So that the pipe ends when the worker does.
        self.pid = self._process.pid or 0

    def is_ready(self) -> bool:
        """Wait until the process has loaded everything, and return whether it did."""
        if not self._ready:
            with suppress(_LostError):
                self._ready = self._received() == _READY
        return self._ready

    def annotate(self, batch: pa.RecordBatch, limits: Limits) -> Iterator[pa.RecordBatch]:
        """Yield the annotation of each document, until the batch or the process ends."""
        try:
            self._pipe.send_bytes(batch.serialize())
        except OSError as error:
            raise _LostError from error
        for size in _sizes(batch):
            self._wait(limits.seconds_for(size), limits.most_bytes)
            content = self._received()
            yield pa.ipc.read_record_batch(pa.py_buffer(content), OUTPUT_SCHEMA)

    def resident_bytes(self) -> int:
        """Return the memory the process holds, 0 if it is gone."""
        try:
            return int(psutil.Process(self.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def end(self) -> None:
        """End the process and what it started, and close the pipe."""
        self.kill()
        self._process.join()
        self._pipe.close()

    def kill(self) -> None:
        """Kill the process and what it started."""
        children = []
        with suppress(psutil.Error):
            children = psutil.Process(self.pid).children(recursive=True)
        self._process.kill()
        for child in children:
            with suppress(psutil.Error):
                child.kill()

    def _wait(self, seconds: float | None, most_bytes: int | None) -> None:
        """Wait for the next result, or until it takes more time or memory than it may."""
        if most_bytes is None:
            if not self._has_sent(seconds):
                raise _ExceededError(_too_slow(seconds or 0))
            return
        started = time.monotonic()
        while not self._has_sent(_WATCH_SECONDS):
            if self.resident_bytes() > most_bytes:
                raise _ExceededError(_too_large(most_bytes))
            if seconds is not None and time.monotonic() - started > seconds:
                raise _ExceededError(_too_slow(seconds))

    def _has_sent(self, seconds: float | None) -> bool:
        try:
            return self._pipe.poll(seconds)
        except OSError as error:
            raise _LostError from error

    def _received(self) -> bytes:
        try:
            return self._pipe.recv_bytes()
        except (EOFError, OSError) as error:
            raise _LostError from error


def serve(pipe: Connection, unit: _Unit, settings: Settings) -> None:
    """Annotate batches from a pipe, in a process of its own, until the other end is closed.

    Interrupts are left to the parent, with which the process ends, however it ends.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_seldom()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    annotate_batch(make_batch([("first", "text/plain", _FIRST.encode())]), settings)
    with suppress(EOFError, BrokenPipeError):
        pipe.send_bytes(_READY)
        while True:
            content = pa.py_buffer(pipe.recv_bytes())
            batch = pa.ipc.read_record_batch(content, INPUT_SCHEMA)
            for row in range(batch.num_rows):
                pipe.send_bytes(unit(batch.slice(row, 1), settings).serialize())


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _sizes(batch: pa.RecordBatch) -> Iterator[int]:
    for content in batch.column("content"):
        buffer = content.as_buffer()
        yield buffer.size if buffer is not None else 0


def _too_slow(seconds: float) -> Cause:
    return Cause(
        "annotate",
        "TimeLimit",
        f"not done after {seconds:.0f} seconds; split the file, or raise --timeout and go on with "
        "--resume",
    )


def _too_large(most_bytes: int) -> Cause:
    return Cause(
        "annotate",
        "MemoryLimit",
        f"took more than {most_bytes // 1_000_000:,} MB; split the file, or raise --memory and go "
        "on with --resume",
    )


def _failed(batch: pa.RecordBatch, row: int, cause: Cause) -> pa.RecordBatch:
    values = [batch.column("doc_id")[row].as_py(), FAILED, cause.encode(), None, None]
    arrays = [
        pa.array([value], field.type) for value, field in zip(values, OUTPUT_SCHEMA, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=OUTPUT_SCHEMA)
