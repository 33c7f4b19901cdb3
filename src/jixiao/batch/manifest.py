"""``run.json``: what a run was told, what it read and wrote, and with which versions.

While a run goes on, ``run.json`` says ``incomplete`` and ``.journal`` grows by a line for each
document that is written, so that whatever stops the run, ``--resume`` knows what is there.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self, TypeVar

import msgspec

from jixiao.errors import OutputError
from jixiao.records import SCHEMA_VERSION
from jixiao.settings import Settings
from jixiao.stores.atomic import temporary_beside, write_whole

RUN_FILE: Final = "run.json"
JOURNAL_FILE: Final = ".journal"


class Entry(msgspec.Struct, omit_defaults=True):
    """A document of a run: what was read, and what was written.

    ``sha256`` is that of the source's bytes, ``text_sha256`` and ``records_sha256`` those of the
    two files written.
    """

    doc_id: str
    source: str
    media_type: str
    byte_count: int
    status: Literal["ok", "failed"]
    sha256: str | None = None
    characters: int | None = None
    text_sha256: str | None = None
    records_sha256: str | None = None


class FailureEntry(msgspec.Struct):
    """A document that failed, the layer it failed in, and why."""

    doc_id: str
    source: str
    stage: str
    error: str
    message: str


class RunSheet(msgspec.Struct, kw_only=True):
    """The content of ``run.json`` but for the documents.

    Two runs of one input differ only in ``timings``.
    """

    status: Literal["incomplete", "complete"]
    versions: dict[str, str]
    settings: Settings
    fingerprint: str
    inputs: list[str]
    counts: dict[str, Any] = {}
    skipped: dict[str, int] = {}
    outputs: dict[str, str] = {}
    failures: list[FailureEntry] = []
    timings: dict[str, Any] = {}


class RunRecord(RunSheet, kw_only=True):
    """The whole content of ``run.json``."""

    documents: list[Entry] = []


def collect_versions() -> dict[str, str]:
    """Return the versions of jixiao, its record schema, Python, and what jixiao depends on."""
    versions = {
        "jixiao": metadata.version("jixiao"),
        "schema": SCHEMA_VERSION,
        "python": platform.python_version(),
    }
    for requirement in metadata.requires("jixiao") or ():
        if "extra ==" not in requirement:
            name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
            versions[name] = metadata.version(name)
    return versions


def write_run_record(folder: Path, sheet: RunSheet, documents: Iterable[Entry]) -> None:
    """Write ``run.json`` in place of an earlier one, readable for people, a document a line.

    The documents are written as they come: there may be a great many.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    path = folder / RUN_FILE
    temporary = temporary_beside(path)
    head = msgspec.json.format(msgspec.json.encode(sheet)).removesuffix(b"\n}")
    try:
        with temporary.open("wb") as file:
            file.write(head + b',\n  "documents": [')
            for number, document in enumerate(documents):
                file.write((b",\n    " if number else b"\n    ") + msgspec.json.encode(document))
            file.write(b"\n  ]\n}\n")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OutputError(f"cannot write {path}: {error}; is the disk full?") from error


def read_run_record(folder: Path) -> RunRecord | None:
    """Return the record of the run that wrote ``folder``, or None where there is none.

    Raises
    ------
    OutputError
        If there is a ``run.json`` that no run of jixiao wrote.
    """
    path = folder / RUN_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=RunRecord)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise OutputError(
            f"{path} is no record of a jixiao run: {error}; choose another folder with --out"
        ) from error


def is_run_folder(folder: Path) -> bool:
    """Return whether ``folder`` looks like the output of a run."""
    return (folder / RUN_FILE).is_file() and (folder / "annotations").is_dir()


class Journal:
    """The documents of a run so far, one line each, on disk as soon as they are added."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self._path = folder / JOURNAL_FILE
        write_whole(self._path, _line(_Header(fingerprint)))
        self._file = self._path.open("ab")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, entry: Entry) -> None:
        """Add a document that is done: its files are written, or it has failed."""
        self._file.write(_line(entry))
        self._file.flush()


def read_journal_fingerprint(folder: Path) -> str | None:
    """Return the fingerprint of the run a journal is of; None where there is no journal."""
    line = next(_journal_lines(folder), None)
    return None if line is None else _decoded(line, _Header).fingerprint


def iter_journal(folder: Path) -> Iterator[Entry]:
    """Yield the documents of a journal in order.

    A run that is killed may leave half a line at the end; that document is done again.
    """
    for number, line in enumerate(_journal_lines(folder)):
        if number and line.endswith(b"\n"):
            yield _decoded(line, Entry)


class _Header(msgspec.Struct):
    fingerprint: str


_Line = TypeVar("_Line", _Header, Entry)


def _line(content: _Header | Entry) -> bytes:
    return msgspec.json.encode(content) + b"\n"


def _decoded(line: bytes, kind: type[_Line]) -> _Line:
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise OutputError(
            f"the journal of a run that was stopped is damaged: {error}; delete {JOURNAL_FILE} in "
            "the output folder to do without it"
        ) from error


def _journal_lines(folder: Path) -> Iterator[bytes]:
    path = folder / JOURNAL_FILE
    if path.is_file():
        with path.open("rb") as file:
            yield from file
