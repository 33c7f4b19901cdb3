"""``run.json``: what a run was told, what it read and wrote, and with which versions.

While a run goes on, ``run.json`` says ``incomplete`` and ``.journal`` grows by a line for each
document that is written, so that whatever stops the run, ``--resume`` knows what is there.
"""

from __future__ import annotations

import platform
import re
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self

import msgspec

from jixiao.errors import OutputError
from jixiao.records import SCHEMA_VERSION
from jixiao.settings import Settings
from jixiao.stores.atomic import write_whole

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


class RunRecord(msgspec.Struct, kw_only=True):
    """The content of ``run.json``. Two runs of one input differ only in ``timings``."""

    status: Literal["incomplete", "complete"]
    versions: dict[str, str]
    settings: Settings
    fingerprint: str
    inputs: list[str]
    counts: dict[str, Any] = {}
    skipped: dict[str, int] = {}
    outputs: dict[str, str] = {}
    failures: list[FailureEntry] = []
    documents: list[Entry] = []
    timings: dict[str, Any] = {}


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


def write_run_record(folder: Path, record: RunRecord) -> None:
    """Write ``run.json``, readable for people, in place of an earlier one.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    write_whole(folder / RUN_FILE, msgspec.json.format(msgspec.json.encode(record)) + b"\n")


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
    """The documents written so far, one line each, on disk as soon as they are added."""

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
        """Add a document whose files are written."""
        self._file.write(_line(entry))
        self._file.flush()


def read_journal(folder: Path) -> tuple[str | None, list[Entry]]:
    """Return the fingerprint and the documents of a run that was stopped; none without journal.

    What comes after a line that was cut or damaged is left out: those documents are done again.
    """
    path = folder / JOURNAL_FILE
    if not path.is_file():
        return None, []
    lines = path.read_bytes().split(b"\n")[:-1]
    entries: list[Entry] = []
    try:
        header = msgspec.json.decode(lines[0] if lines else b"{}", type=_Header)
        for line in lines[1:]:
            entries.append(msgspec.json.decode(line, type=Entry))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return (header.fingerprint if entries else None), entries
    return header.fingerprint, entries


class _Header(msgspec.Struct):
    fingerprint: str | None = None


def _line(content: _Header | Entry) -> bytes:
    return msgspec.json.encode(content) + b"\n"
