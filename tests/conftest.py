"""Settings and measures all tests share."""

from __future__ import annotations

import hashlib
import json
import time
import timeit
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no failure of a property.
settings.register_profile("jixiao", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("jixiao")

# Commands of their own (make bench, make kills, make store), which import each other by name.
collect_ignore_glob = ["performance/measure_*.py", "performance/kill_and_resume.py"]

State: TypeAlias = Callable[..., dict[str, str]]
Prepare = Callable[[int], Callable[[], object]]

# Two milliseconds stand for what a clock cannot tell.
_UNCERTAIN = 0.002


@pytest.fixture(scope="session")
def assert_linear() -> Callable[[Prepare, int], None]:
    """Return a check that eight times the input takes far less than 64 times as long.

    The check takes a function from a size to the call that is measured, and the smaller of the two
    sizes. It compares the processor's time, the best of three, with garbage collection off: how
    fast or busy a machine is does not matter, and no test states seconds.
    """

    def check(prepare: Prepare, size: int) -> None:
        def seconds(size: int) -> float:
            return min(timeit.repeat(prepare(size), timer=time.process_time, number=1, repeat=3))

        short, long = seconds(size), seconds(8 * size)
        assert long < 28 * (short + _UNCERTAIN), f"{long / (short + _UNCERTAIN):.0f} times as long"

    return check


@pytest.fixture(scope="session")
def state() -> State:
    """Return a function that gives the digest of every file of a run, what may differ left out.

    That is by default the timings in ``run.json``; another tuple of its fields can be given.
    """

    def digests(folder: Path, but: tuple[str, ...] = ("timings",)) -> dict[str, str]:
        found = {}
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                if path.name == "run.json":
                    record = json.loads(content)
                    content = json.dumps({k: v for k, v in record.items() if k not in but}).encode()
                name = path.relative_to(folder).as_posix()
                found[name] = hashlib.sha256(content).hexdigest()
        return found

    return digests
