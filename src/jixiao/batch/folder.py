"""The output folder of a run: whether it may be used, what is in it, and its clearing up."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from jixiao.batch.doc_ids import printable
from jixiao.batch.lock import LOCK_FILE
from jixiao.batch.manifest import (
    JOURNAL_FILE,
    RUN_FILE,
    Entry,
    iter_journal,
    read_journal_fingerprint,
    read_run_record,
)
from jixiao.errors import OutputError
from jixiao.stores.annotations import ANNOTATIONS, TEXT, annotation_path, text_path
from jixiao.stores.tables import TABLES

WORKBOOK: Final = "facts.xlsx"
PAGE: Final = "report.html"
_TEMPORARY: Final = re.compile(r"\.[0-9a-z_]+\.tmp")


def prepare_folder(folder: Path) -> None:
    """Make the folder of a run where it is missing, and refuse one that holds something else.

    Raises
    ------
    OutputError
        If the path is no UTF-8, is a file, cannot be made, or is a folder in use without a ``run.json``.
    """
    if printable(str(folder)) != str(folder):
        raise OutputError(
            f"the name {printable(str(folder))} is not UTF-8 on this disk, which Parquet files "
            "need; choose another folder with --out"
        )
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file; expected a folder for the results with --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise OutputError(
            f"cannot use {folder} for the results: {error}; choose a folder you may write to"
        ) from error
    own = (LOCK_FILE, JOURNAL_FILE)
    foreign = [name for name in names if name not in own and not _TEMPORARY.fullmatch(name)]
    if foreign and RUN_FILE not in names:
        raise OutputError(
            f"{folder} is not empty and no former run wrote it (there is no {RUN_FILE}); it holds "
            f"{', '.join(foreign[:3])}{' …' if len(foreign) > 3 else ''}; choose a new or empty "
            "folder with --out"
        )


class FormerRun:
    """What the last run into a folder left, complete or stopped: its files may be used again.

    A document counts as written if ``run.json`` or the journal says so.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._record = read_run_record(folder)
        self._entries: dict[str, Entry] = {}
        if self._record is not None:
            self._entries = {entry.doc_id: entry for entry in self._record.documents}
            known = read_journal_fingerprint(folder) == self._record.fingerprint
            for entry in iter_journal(folder):
                self._entries[entry.doc_id] = entry if known else _unusable(entry)

    def entries_for(self, fingerprint: str) -> dict[str, Entry]:
        """Return all documents by id; without ``sha256`` where made with another fingerprint."""
        if not self.is_outdated(fingerprint):
            return self._entries
        return {doc_id: _unusable(entry) for doc_id, entry in self._entries.items()}

    def is_outdated(self, fingerprint: str) -> bool:
        """Return whether there was a run, but with other settings or another version."""
        return self._record is not None and self._record.fingerprint != fingerprint

    @property
    def outputs(self) -> dict[str, str]:
        """The sha256 of files that people may have edited since, by name."""
        return self._record.outputs if self._record is not None else {}

    def keep_edited_workbook(self) -> str | None:
        """Rename a workbook that is not as the run left it, and return its new name.

        A reviewer's marks are in there: no later run may overwrite them. None where the workbook
        is untouched or there is none.
        """
        path = self._folder / WORKBOOK
        if not path.is_file() or digest_of(path) == self.outputs.get(WORKBOOK):
            return None
        number = 1
        while (kept := path.with_name(f"facts.edited-{number}.xlsx")).exists():
            number += 1
        path.rename(kept)
        return kept.name

    def remove_stale(self, written: Iterable[str]) -> None:
        """Remove the annotations and texts of documents that are no longer among the written."""
        if not self._entries:
            return
        for doc_id in self._entries.keys() - set(written):
            annotation_path(self._folder, doc_id).unlink(missing_ok=True)
            text_path(self._folder, doc_id).unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> None:
    """Remove the half-made files of a run that was killed. The lock must be held."""
    for place in (folder, folder / ANNOTATIONS, folder / TEXT, folder / TABLES):
        for path in place.glob(".*.tmp"):
            if _TEMPORARY.fullmatch(path.name):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def digest_of(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unusable(entry: Entry) -> Entry:
    return msgspec.structs.replace(entry, sha256=None)
