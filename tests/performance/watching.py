"""A command watched while it runs: seconds, processor time, memory of itself and of its workers."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from dataclasses import dataclass

import psutil

WATCH_SECONDS = 0.05


@dataclass
class Run:
    """What a command took; ``ended`` tells whether it came to its end by itself.

    ``processor_seconds`` are those of the command and its workers, of one that ended.
    """

    seconds: float
    processor_seconds: float
    parent_megabytes: float
    worker_megabytes: float
    ended: bool


def watch(code: str, *arguments: object, killed_after: float | None = None) -> Run:
    """Run Python code in a process of its own, and kill it after some seconds if it still runs."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    parent = worker = 0
    with subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.DEVNULL
    ) as process:
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            if killed_after is not None and time.monotonic() - started > killed_after:
                process.kill()
                break
            parent, worker = max(parent, held(watched)), max(worker, held_by_children(watched))
            time.sleep(WATCH_SECONDS)
        status = process.wait()
    if status > 1:  # 1: some report failed
        raise RuntimeError(f"the command ended with {status}: {code} {arguments}")
    seconds = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(seconds, spent, parent / 1e6, worker / 1e6, status >= 0)


def held(process: psutil.Process) -> int:
    """Return the resident memory of a process in bytes, 0 if it is gone."""
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def held_by_children(process: psutil.Process) -> int:
    """Return the resident memory of the largest child, 0 if there is none."""
    try:
        return max(map(held, process.children()), default=0)
    except psutil.Error:
        return 0
