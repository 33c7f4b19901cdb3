"""Files that are either whole or absent, whenever a run is stopped."""

from __future__ import annotations

import secrets
from pathlib import Path

from jixiao.errors import OutputError

TEMPORARY_SUFFIX = ".tmp"


def temporary_beside(path: Path) -> Path:
    """Return a free name in the folder of ``path``, to be renamed to ``path`` when complete.

    The name is short and unrelated to the final one, which may already be as long as the file
    system allows. The folder is made where it is missing.

    Raises
    ------
    OutputError
        If the folder cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"cannot make the folder {path.parent}: {error}; choose a folder you may write to"
        ) from error
    return path.parent / f".{secrets.token_hex(8)}{TEMPORARY_SUFFIX}"


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a reader sees the old file or the new, never a part.

    A stopped process leaves nothing under the final name. There is no ``fsync``: after a power
    failure a run is started again with ``--resume``.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    temporary = temporary_beside(path)
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OutputError(
            f"cannot write {path}: {error}; check the free space, the rights to the folder and "
            "the length of the file name"
        ) from error
