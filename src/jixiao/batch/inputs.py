"""The documents below the given paths."""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import Final, TypeAlias

from jixiao.batch.doc_ids import assign_doc_ids, printable
from jixiao.batch.manifest import RUN_FILE, is_run_folder
from jixiao.documents import MEDIA_TYPES, media_type_of
from jixiao.errors import SettingsError
from jixiao.stores.annotations import ANNOTATIONS

REPORT_SUFFIXES: Final = frozenset({*MEDIA_TYPES, ".mht", ".mhtml", ".ods", ".ofd", ".xlsb"})
"""Formats reports come in: such a file is never passed over in silence."""

_NO_SUFFIX: Final = "no suffix"
_SPECIAL: Final = "not a regular file"
_FORMER_RUN: Final = "output of a run"
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://[^/]*")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:(?://[^/]*)?")

ListUrl: TypeAlias = Callable[[str], Sequence[tuple[str, int]]]
"""Gives the URL and the size of each file below a URL, or of the one it names."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """A document to annotate, or one that was found and cannot be.

    ``source`` is the path below the given folder, with ``/``. ``problem`` says why the file cannot
    be read, where that is known before it is opened; ``media_type`` is then empty. ``url`` is where
    the file is, if it is not on a disk of this computer.
    """

    doc_id: str
    path: Path
    source: str
    media_type: str
    byte_count: int
    problem: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was found below the given paths, in their order, folders in order of path.

    ``skipped`` counts the files passed over, by suffix.
    """

    files: Sequence[InputFile]
    skipped: Counter[str]

    @property
    def byte_count(self) -> int:
        """Bytes of all files together."""
        return sum(file.byte_count for file in self.files)


def is_url(path: str | Path) -> bool:
    """Return whether a path is a URL, as ``hdfs://name:8020/reports``."""
    return isinstance(path, str) and _URL.match(path) is not None


def find_inputs(
    paths: Sequence[str | Path], out: Path | None = None, list_url: ListUrl | None = None
) -> Inputs:
    """Return the documents below some paths, each a file or a folder, or a URL of one.

    Folders are searched with all below them. Hidden files, ``~$`` files of Office, and folders
    that a run wrote (``out`` and any other) are left out. A file named twice counts once.

    Raises
    ------
    SettingsError
        If a path does not exist or lies in ``out``, is a URL without ``list_url``, or if nothing to
        read was found.
    """
    search = _Search(out.resolve() if out else None)
    for path in paths:
        if not is_url(path):
            search.add(Path(path))
        elif list_url is None:
            raise SettingsError(f"{path} is a URL, which only Spark reads; try --engine spark")
        else:
            search.add_url(str(path), list_url(str(path)))
    if not search.found:
        raise SettingsError(_nothing_found(paths, search.skipped))
    doc_ids = assign_doc_ids([found.source for found in search.found])
    files = [found.named(doc_id) for found, doc_id in zip(search.found, doc_ids, strict=True)]
    return Inputs(files, search.skipped)


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    source: str
    byte_count: int
    problem: str | None
    url: str | None = None

    def named(self, doc_id: str) -> InputFile:
        media_type = "" if self.problem else media_type_of(self.path) or ""
        return InputFile(
            doc_id, self.path, self.source, media_type, self.byte_count, self.problem, self.url
        )


@dataclass
class _Search:
    out: Path | None
    found: list[_Found] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    _seen_files: set[str] = field(default_factory=set)
    _seen_folders: set[str] = field(default_factory=set)

    def add(self, path: Path) -> None:
        """Add a path the caller named."""
        if not os.path.exists(path):  # noqa: PTH110 (Path.exists raises where it may not look)
            raise SettingsError(
                f"{path} does not exist; expected a file or a folder with reports; check the path"
            )
        place = path.resolve()
        if self.out is not None and place.is_relative_to(self.out):
            raise SettingsError(
                f"{path} lies in the output folder {self.out}, where the run would overwrite it; "
                "choose another folder with --out"
            )
        if path.is_dir():
            self._walk(path, "")
        elif path.is_file():
            self._add_file(path, path.name, str(place), named=True)
        else:
            raise SettingsError(f"{path} is neither a file nor a folder; copy it to a file first")

    def add_url(self, url: str, listed: Sequence[tuple[str, int]]) -> None:
        """Add what is below a URL the caller named, in the order in which folders are walked."""
        given = PurePosixPath(_URL.sub("", url, count=1) or "/")
        files = [(PurePosixPath(bare_path(name)), name, size) for name, size in listed]
        files.sort(key=lambda file: file[0].parts)
        runs = _run_folders([path for path, _, _ in files])
        for path, name, byte_count in files:
            parts = path.relative_to(given).parts
            if any(part.startswith((".", "~$")) for part in parts) or name in self._seen_files:
                continue
            self._seen_files.add(name)
            if runs.isdisjoint(path.parents):
                source = "/".join(parts) or path.name
                self._classify(Path(path), source, byte_count, named=not parts, url=name)
            else:
                self.skipped[_FORMER_RUN] += 1

    def _walk(self, folder: Path, source: str) -> None:
        place = os.path.realpath(folder)
        if place in self._seen_folders:  # Links may lead back up.
            return
        self._seen_folders.add(place)
        try:
            with os.scandir(folder) as entries:
                ordered = sorted(entries, key=attrgetter("name"))
        except OSError as error:
            problem = f"the folder cannot be listed: {error.strerror or error}"
            self.found.append(_Found(folder, printable(source) or folder.name, 0, problem))
            return
        for entry in ordered:
            if not entry.name.startswith((".", "~$")):
                self._add_entry(entry, place, f"{source}/{entry.name}" if source else entry.name)

    def _add_entry(self, entry: os.DirEntry[str], folder_place: str, source: str) -> None:
        path = Path(entry.path)
        if not entry.is_dir():
            linked = entry.is_symlink()
            place = os.path.realpath(path) if linked else f"{folder_place}{os.sep}{entry.name}"
            self._add_file(path, source, place, named=False)
        elif self.out is not None and path.resolve() == self.out:
            return
        elif is_run_folder(path):
            self.skipped[_FORMER_RUN] += 1
        else:
            self._walk(path, source)

    def _add_file(self, path: Path, source: str, place: str, *, named: bool) -> None:
        if place in self._seen_files:
            return
        self._seen_files.add(place)
        byte_count = _byte_count(path)
        if byte_count is None:
            self.skipped[_SPECIAL] += 1
        else:
            self._classify(path, source, byte_count, named=named)

    def _classify(
        self, path: Path, source: str, byte_count: int, *, named: bool, url: str | None = None
    ) -> None:
        suffix, source = path.suffix.lower(), printable(source)
        if suffix in MEDIA_TYPES:
            self.found.append(_Found(path, source, byte_count, None, url))
        elif named or suffix in REPORT_SUFFIXES:
            self.found.append(_Found(path, source, byte_count, _no_reader(suffix), url))
        else:
            self.skipped[printable(suffix) or _NO_SUFFIX] += 1


def bare_path(url: str) -> str:
    """Return the path of a URL without its scheme and host.

    >>> bare_path("hdfs://name:8020/data/a.txt"), bare_path("file:/data/a.txt"), bare_path("/data")
    ('/data/a.txt', '/data/a.txt', '/data')
    """
    return _SCHEME.sub("", url, count=1)


def _run_folders(paths: Sequence[PurePosixPath]) -> set[PurePosixPath]:
    """Return the folders among listed files that look like the output of a run."""
    recorded = {path.parent for path in paths if path.name == RUN_FILE}
    return recorded & {path.parent.parent for path in paths if path.parent.name == ANNOTATIONS}


def _byte_count(path: Path) -> int | None:
    """Return the size of a file, 0 where it cannot be told, None for a pipe or device."""
    try:
        status = path.stat()
    except OSError:  # A broken link, say: reading the file will tell what is wrong.
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _no_reader(suffix: str) -> str:
    given = repr(suffix) if suffix else "a file without suffix"
    return (
        f"no reader for {given}; expected {', '.join(MEDIA_TYPES)}; save the report as .docx, .pdf or "
        "UTF-8 text and try again"
    )


def _nothing_found(paths: Sequence[str | Path], skipped: Counter[str]) -> str:
    given = ", ".join(str(path) for path in paths) or "no path"
    passed = ", ".join(f"{count} × {what}" for what, count in sorted(skipped.items()))
    return (
        f"no report in {given}: {f'passed over {passed}' if passed else 'nothing is there'}; "
        f"expected files with suffix {', '.join(MEDIA_TYPES)}"
    )
