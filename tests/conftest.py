"""Settings and measures all tests share."""

from __future__ import annotations

import time
import timeit
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no failure of a property.
settings.register_profile("jixiao", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("jixiao")

# Commands of their own (make bench, make kills, make store), which import each other by name.
collect_ignore_glob = ["performance/measure_*.py", "performance/kill_and_resume.py"]

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
