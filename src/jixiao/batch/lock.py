"""One run at a time in a folder."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from jixiao.errors import OutputError

LOCK_FILE: Final = ".lock"


class FolderLock:
    """The right to write to a folder, held while the file ``.lock`` is there.

    The file names the process and the computer. A lock whose process is gone is taken over; that
    of a process on another computer (a shared disk) cannot be judged and stands.

    Raises
    ------
    OutputError
        On entering, if another run holds the folder, or the folder cannot be written to.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_FILE

    def __enter__(self) -> Self:
        try:
            if not self._create():
                self._take_over()
        except OSError as error:
            raise OutputError(
                f"cannot write to {self._path.parent}: {error}; choose a folder you may write to"
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._path.unlink(missing_ok=True)

    def _create(self) -> bool:
        try:
            with self._path.open("x", encoding="utf-8") as file:
                file.write(f"{os.getpid()} {socket.gethostname()}\n")
        except FileExistsError:
            return False
        return True

    def _take_over(self) -> None:
        pid, host = _read_holder(self._path)
        if not _is_gone(pid, host):
            raise OutputError(self._in_use(pid, host))
        self._path.unlink(missing_ok=True)
        if not self._create():
            raise OutputError(self._in_use(*_read_holder(self._path)))

    def _in_use(self, pid: int | None, host: str) -> str:
        where = "" if host in ("", socket.gethostname()) else f" on {host}"
        return (
            f"another run (process {pid or 'unknown'}{where}) is writing to {self._path.parent}; "
            "wait for it, or choose another folder with --out; if no run is going on, delete "
            f"{self._path}"
        )


def _read_holder(path: Path) -> tuple[int | None, str]:
    content = ""
    with suppress(FileNotFoundError):
        content = path.read_text(encoding="utf-8", errors="replace")
    pid, _, host = content.strip().partition(" ")
    return (int(pid) if pid.isdecimal() else None), host


def _is_gone(pid: int | None, host: str) -> bool:
    """Return whether the holder of a lock certainly runs no more."""
    if pid is None:
        return False
    if host not in ("", socket.gethostname()) or sys.platform == "win32":
        return False  # On Windows os.kill(pid, 0) would interrupt the process.
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False
