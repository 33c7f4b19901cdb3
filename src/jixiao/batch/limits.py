"""What one document may take of the worker process it is annotated in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jixiao.errors import SettingsError

# A report takes tenths of a second and the largest ones minutes, in proportion to their size:
# nothing honest comes near this, on a machine ten times as slow either.
_LEAST_SECONDS: Final = 300.0
_SECONDS_A_MEGABYTE: Final = 60.0
_MEGABYTE: Final = 1_000_000
# Below this no worker could even load the layers.
LEAST_MEMORY: Final = 512


@dataclass(frozen=True, slots=True)
class Limits:
    """The time and the memory a document may take; beyond them it fails and the others go on.

    Parameters
    ----------
    timeout
        Seconds by the clock; 0 is no limit. By default 300, and 60 more for each megabyte of the
        file.
    memory
        Megabytes that the worker may hold; by default no limit.

    Raises
    ------
    SettingsError
        If a limit is negative, or leaves no room for the toolkit itself.

    Examples
    --------
    >>> Limits().seconds_for(2_000_000), Limits(timeout=30).seconds_for(2_000_000)
    (420.0, 30)
    """

    timeout: float | None = None
    memory: int | None = None

    def __post_init__(self) -> None:
        if self.timeout is not None and not self.timeout >= 0:
            raise SettingsError(
                f"the limit of time is {self.timeout} s; expected 0 (none) or more seconds"
            )
        if self.memory is not None and self.memory < LEAST_MEMORY:
            raise SettingsError(
                f"the limit of memory is {self.memory} MB; expected {LEAST_MEMORY} or more, because "
                "a worker needs some 300 before it reads a report"
            )

    @property
    def asked(self) -> bool:
        """Whether the caller set a limit, so that even one worker needs a process of its own."""
        return bool(self.timeout) or self.memory is not None

    @property
    def most_bytes(self) -> int | None:
        """The memory a worker may hold, in bytes."""
        return None if self.memory is None else self.memory * _MEGABYTE

    def seconds_for(self, byte_count: int) -> float | None:
        """Return the seconds a document of so many bytes may take, or None without a limit."""
        if self.timeout is None:
            return _LEAST_SECONDS + _SECONDS_A_MEGABYTE * byte_count / _MEGABYTE
        return self.timeout or None
