"""Batches to results: in this process, or in a pool of workers that may die."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Any, Final, Protocol

import pyarrow as pa

from jixiao.batch.memory import collect_seldom
from jixiao.batch.unit import FAILED, OUTPUT_SCHEMA, Cause, annotate_batch
from jixiao.errors import JixiaoError
from jixiao.settings import Settings

_PATIENCE_SECONDS: Final = 2.0

KILLED: Final = Cause(
    "annotate",
    BrokenProcessPool.__name__,
    "the worker process died while it annotated this document alone: killed for want of memory, "
    "or crashed; try again with --workers 1 and more memory, or split the file",
)


class WorkerError(JixiaoError, RuntimeError):
    """Worker processes that cannot be started at all."""


class Task(Protocol):
    """A batch that was handed over."""

    def result(self) -> Sequence[pa.RecordBatch]:
        """Return the annotated batch, in one or more pieces; waits for it."""


class Annotator(Protocol):
    """What annotates batches."""

    @property
    def most_waiting(self) -> int:
        """How many batches it is worth handing over before the first result is taken."""

    def submit(self, batch: pa.RecordBatch) -> Task:
        """Hand over a batch."""

    def close(self) -> None:
        """End at once; what was not taken is lost."""


@dataclass(frozen=True, slots=True)
class _DirectTask:
    batch: pa.RecordBatch
    settings: Settings

    def result(self) -> Sequence[pa.RecordBatch]:
        return [annotate_batch(self.batch, self.settings)]


class DirectAnnotator:
    """Annotates in this process, when the result is asked for."""

    most_waiting = 1

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def submit(self, batch: pa.RecordBatch) -> Task:
        """Return the batch as a task; nothing is done yet."""
        return _DirectTask(batch, self._settings)

    def close(self) -> None:
        """Do nothing."""


class PoolAnnotator:
    """Annotates in worker processes, which start afresh (``spawn``) on every platform.

    When a worker dies, its pool is lost with every batch in it. Those batches are annotated again
    one document at a time in a pool of one worker, and the document on which that one dies too is
    a failure of its own.
    """

    def __init__(self, workers: int, settings: Settings) -> None:
        self.most_waiting = 2 * workers
        self._workers = workers
        self._settings = settings
        self._pool = _start_pool(workers)
        self._single: ProcessPoolExecutor | None = None

    def submit(self, batch: pa.RecordBatch) -> Task:
        """Send a batch to the workers."""
        try:
            future = self._send(batch)
        except BrokenProcessPool:
            self._renew()
            future = self._send(batch)
        return _PoolTask(self, self._pool, future, batch)

    def close(self) -> None:
        """End all workers, at work or not."""
        for pool in (self._pool, self._single):
            if pool is not None:
                _end_pool(pool)

    def recover(self, lost: ProcessPoolExecutor, batch: pa.RecordBatch) -> list[pa.RecordBatch]:
        """Return the documents of a batch whose pool was lost, annotated one by one."""
        if lost is self._pool:
            self._renew()
        return [self._annotate_alone(batch.slice(row, 1)) for row in range(batch.num_rows)]

    def _send(self, batch: pa.RecordBatch) -> Future[pa.RecordBatch]:
        return self._pool.submit(annotate_batch, batch, self._settings)

    def _renew(self) -> None:
        _end_pool(self._pool)
        self._pool = _start_pool(self._workers)

    def _annotate_alone(self, document: pa.RecordBatch) -> pa.RecordBatch:
        if self._single is None:
            self._single = _start_pool(1)
            _prove_alive(self._single)
        try:
            future = self._single.submit(annotate_batch, document, self._settings)
            return _result(self._single, future)
        except BrokenProcessPool:
            _end_pool(self._single)
            self._single = None
            return _killed(document)


@dataclass(frozen=True, slots=True)
class _PoolTask:
    annotator: PoolAnnotator
    pool: ProcessPoolExecutor
    future: Future[pa.RecordBatch]
    batch: pa.RecordBatch

    def result(self) -> Sequence[pa.RecordBatch]:
        try:
            return [_result(self.pool, self.future)]
        except BrokenProcessPool:
            return self.annotator.recover(self.pool, self.batch)


def _killed(document: pa.RecordBatch) -> pa.RecordBatch:
    values = [document.column("doc_id")[0].as_py(), FAILED, KILLED.encode(), None, None]
    arrays = [
        pa.array([value], field.type) for value, field in zip(values, OUTPUT_SCHEMA, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=OUTPUT_SCHEMA)


def _start_pool(workers: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker)


def _result(pool: ProcessPoolExecutor, future: Future[pa.RecordBatch]) -> pa.RecordBatch:
    """Return the result of a batch; a worker that died in the middle of sending it is noticed.

    Its pool would wait for the rest of the message for ever, because the parent holds an end of
    the pipe open too.
    """
    while True:
        try:
            return future.result(timeout=_PATIENCE_SECONDS)
        except TimeoutError:
            if any(process.exitcode is not None for process in _processes(pool)):
                _end_pool(pool)


def _end_pool(pool: ProcessPoolExecutor) -> None:
    """End the workers, at work or not, and with them the threads that feed and read them.

    The thread that feeds them may stand in the middle of a batch that nobody reads any more; before
    Python 3.11.5 (gh-94777) only closing the reading end lets it, and the interpreter, go.
    """
    processes = _processes(pool)
    inner: Any = pool
    manager, calls, results = inner._executor_manager_thread, inner._call_queue, inner._result_queue
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.kill()
    for process in processes:
        process.join()
    if results is not None:
        results._writer.close()
    if manager is not None:
        manager.join(_PATIENCE_SECONDS)
        if manager.is_alive():
            calls._reader.close()
            manager.join(_PATIENCE_SECONDS)


def _processes(pool: ProcessPoolExecutor) -> list[BaseProcess]:
    # There is no public way before Python 3.14 (kill_workers).
    return list((pool._processes or {}).values())


def _prove_alive(pool: ProcessPoolExecutor) -> None:
    try:
        pool.submit(os.getpid).result()
    except BrokenProcessPool as error:
        raise WorkerError(
            "worker processes cannot start; try --workers 1; in a script of your own, call "
            'annotate_paths under `if __name__ == "__main__":`, because workers import it'
        ) from error


def _start_worker() -> None:
    """Leave interrupts to the parent, and end with it, however it ends; collect seldom."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_seldom()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
