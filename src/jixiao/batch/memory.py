"""Python's collector of reference cycles, kept from walking records that have none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# Records hold no cycles and live as long as their batch or row group. At Python's own thresholds
# (700, 10, 10) the collector walks tens of thousands of them again and again, in vain: decoding
# takes half the time with these, a whole run a twentieth less.
_THRESHOLDS: Final = (50_000, 20, 50)


def collect_seldom() -> None:
    """Let the collector run seldom in this process, from now on."""
    gc.set_threshold(*_THRESHOLDS)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let the collector run seldom inside the block, and as before after it."""
    before = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
