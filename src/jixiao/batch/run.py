"""A whole run: every report below some paths to a folder of results."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from jixiao.batch.doc_ids import printable
from jixiao.batch.folder import (
    PAGE,
    WORKBOOK,
    FormerRun,
    digest_of,
    prepare_folder,
    remove_leftovers,
)
from jixiao.batch.inputs import InputFile, Inputs, find_inputs, is_url
from jixiao.batch.limits import Limits
from jixiao.batch.local import Outcome, Unchanged, annotate_files, needed_workers, usable_workers
from jixiao.batch.lock import FolderLock
from jixiao.batch.manifest import (
    JOURNAL_FILE,
    Entry,
    FailureEntry,
    Journal,
    RunSheet,
    collect_versions,
    iter_journal,
    write_run_record,
)
from jixiao.batch.memory import seldom_collected
from jixiao.batch.outputs import Outputs
from jixiao.errors import SettingsError
from jixiao.indicators import load_catalogue
from jixiao.settings import Settings
from jixiao.stores.annotations import annotation_path, text_path
from jixiao.views.page import remove_pages

LIMIT_VIEWS: Final = 2000
_DEFAULT: Final = Settings()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, documents and bytes of all."""

    documents: int
    all_documents: int
    byte_count: int
    all_bytes: int
    failed: int


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did.

    Attributes
    ----------
    counts
        As in ``run.json``: documents, ok, failed, characters, quantities, …
    skipped
        Files passed over, by suffix.
    failures
        Documents that could not be read or annotated, and why.
    reused
        Documents whose annotation a former run had made already.
    outdated
        Whether nothing could be used again because the former run had other settings or another
        version.
    workbook
        The name of the workbook, or None where none was asked for or the run is too large.
    page
        The name of the HTML page, likewise.
    kept
        The name an edited workbook of a former run was kept under, if there was one.
    example
        The first document that was annotated, if any was.
    parts
        How many pages or worksheets there are of what did not fit one: ``report.html``, ``事实`` …
    """

    out: Path
    counts: dict[str, Any]
    skipped: dict[str, int]
    failures: Sequence[FailureEntry]
    reused: int
    outdated: bool
    workbook: str | None
    page: str | None
    kept: str | None
    example: str | None
    workers: int
    elapsed_seconds: float
    parts: dict[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether no document failed."""
        return not self.failures

    def to_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        failures = [
            {name: getattr(failure, name) for name in failure.__struct_fields__}
            for failure in self.failures
        ]
        return {**asdict(self), "out": str(self.out), "failures": failures}


class Engine(Protocol):
    """What annotates files somewhere else: :class:`jixiao.batch.spark.engine.SparkEngine`."""

    @property
    def workers(self) -> int:
        """How many documents are annotated at a time."""

    def find_inputs(self, paths: Sequence[str | Path], out: Path) -> Inputs:
        """Return the documents below some paths, which may be URLs."""

    def annotate_files(
        self,
        files: Sequence[InputFile],
        settings: Settings,
        known_sha256: Callable[[InputFile], str | None],
        limits: Limits,
    ) -> Iterator[Outcome]:
        """Yield the outcome of each file in order; content of a known sha256 is not annotated."""


def annotate_paths(
    paths: Sequence[str | Path],
    out: str | Path,
    *,
    workers: int | None = None,
    settings: Settings = _DEFAULT,
    resume: bool = False,
    workbook: bool | None = None,
    page: bool | None = None,
    limit_views: int = LIMIT_VIEWS,
    timeout: float | None = None,
    memory: int | None = None,
    engine: Engine | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> RunSummary:
    """Annotate every report below some paths and write the results to a folder.

    The folder gets ``annotations/<doc_id>.jsonl``, ``text/<doc_id>.txt``, ``tables/*.parquet``,
    ``facts.xlsx``, ``report.html`` and ``run.json``. The same input and settings give the same bytes, whatever the
    number of workers, in one go or resumed; only the ``timings`` in ``run.json`` differ. Memory is
    bounded by the largest document times the workers.

    Parameters
    ----------
    paths
        Files, or folders with all below them.
    out
        The folder for the results: new, empty, or that of a former run, which is replaced. A
        workbook that was edited since is kept under another name.
    workers
        The most processes; by default as many as there are processors. Little input takes one.
    resume
        Use again what a former run with the same fingerprint made of unchanged files.
    workbook
        Whether to write ``facts.xlsx``; by default up to ``limit_views`` documents.
    page
        Whether to write ``report.html``; by default likewise.
    timeout
        Seconds one document may take before it fails and the others go on; 0 is no limit. By
        default 300, and 60 more for each megabyte of the file; none with ``settings.ocr``, whose
        command has a limit for each page. The default needs two workers or more; a limit of your
        own gives even one worker a process that can be ended.
    memory
        Megabytes a worker may hold before its document fails likewise; by default no limit. What a
        program it calls (LibreOffice, OCR) holds is not counted.
    engine
        Annotates the documents instead of this computer; ``workers`` is then passed over.
    progress
        Called after every document.

    Raises
    ------
    SettingsError
        If a path does not exist, there is no report below them, ``out`` is a URL, ``workers`` is
        below 1, or a limit makes no sense.
    CatalogueError
        If the catalogue in the settings breaks its rules.
    OutputError
        If the folder cannot be used or another run is writing to it.
    """
    started = time.monotonic()
    workers = usable_workers() if workers is None else workers
    if is_url(out):
        raise SettingsError(
            f"the results cannot go to {out}: expected a folder of this computer, which writes them, "
            "also with Spark; try a folder on a shared disk, or write with jixiao.spark in Python"
        )
    if workers < 1:
        raise SettingsError(f"{workers} workers were asked for; expected 1 or more")
    limits = Limits(0 if timeout is None and settings.ocr else timeout, memory)
    catalogue = load_catalogue(settings.catalogue, settings.catalogue_mode)
    folder = Path(out)
    given = [path if is_url(path) else Path(path) for path in paths]
    inputs = engine.find_inputs(given, folder) if engine else find_inputs(given, folder)
    workers = engine.workers if engine else needed_workers(inputs.files, workers)
    few = len(inputs.files) <= limit_views
    views = _Views(few if workbook is None else workbook, few if page is None else page)
    names = {key: found.name_zh for key, found in catalogue.indicators.items()}
    prepare_folder(folder)
    with FolderLock(folder), seldom_collected():
        run = _Run(folder, settings, given, inputs, resume=resume)
        outcomes = run.outcomes(engine, workers, limits)
        run.annotate(outcomes, names, views, progress)
        return run.finish(workers, views, started=started)


class _Views(NamedTuple):
    """Which of the outputs for readers are written."""

    workbook: bool
    page: bool


class _Run:
    """A run whose folder is locked."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        given: Sequence[str | Path],
        inputs: Inputs,
        *,
        resume: bool,
    ) -> None:
        remove_leftovers(folder)
        self._folder = folder
        self._settings = settings
        self._inputs = inputs
        self._former = FormerRun(folder)
        self._started_at = datetime.now(UTC).isoformat(timespec="seconds")
        self._reused = 0
        self._kept: str | None = None
        self._example: str | None = None
        self._parts: dict[str, int] = {}
        self._record = RunSheet(
            status="incomplete",
            versions=collect_versions(),
            settings=settings.brief(),
            fingerprint=settings.fingerprint(),
            inputs=[printable(os.fspath(path)) for path in given],
            skipped=dict(sorted(inputs.skipped.items())),
            outputs=self._former.outputs,
        )
        known = self._former.entries_for(self._record.fingerprint)
        self._usable = known if resume else {}
        self._outdated = resume and self._former.is_outdated(self._record.fingerprint)
        write_run_record(folder, self._record, known.values())

    def outcomes(self, engine: Engine | None, workers: int, limits: Limits) -> Iterator[Outcome]:
        """Return what becomes of each document, annotated as the results are taken."""
        files, settings = self._inputs.files, self._settings
        if engine is not None:
            return engine.annotate_files(files, settings, self._known_sha256, limits)
        return annotate_files(files, settings, workers, self._is_unchanged, limits)

    def annotate(
        self,
        outcomes: Iterator[Outcome],
        indicator_names: dict[str, str],
        views: _Views,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        """Write every document and publish tables, workbook and page."""
        report = _Reporter(self._inputs, progress)
        with (
            Journal(self._folder, self._record.fingerprint) as journal,
            Outputs(
                self._folder,
                journal,
                indicator_names,
                self._record.versions["jixiao"],
                with_workbook=views.workbook,
                with_page=views.page,
            ) as outputs,
        ):
            for outcome in outcomes:
                outputs.write(outcome)
                self._reused += isinstance(outcome, Unchanged)
                report.add(outcome, outputs.tally.failed)
            self._kept = self._former.keep_edited_workbook()
        self._example, self._parts = outputs.example, outputs.parts
        self._record.failures = outputs.failures
        self._record.counts = outputs.tally.to_dict()

    def finish(self, workers: int, views: _Views, *, started: float) -> RunSummary:
        """Clear up what is stale, write the final ``run.json`` and return the summary."""
        record, path = self._record, self._folder / WORKBOOK
        done = (entry for entry in iter_journal(self._folder) if entry.status == "ok")
        self._former.remove_stale(entry.doc_id for entry in done)
        if not views.workbook:
            path.unlink(missing_ok=True)
        if not views.page:
            remove_pages(self._folder / PAGE)
        record.outputs = {WORKBOOK: digest_of(path)} if views.workbook else {}
        elapsed = time.monotonic() - started
        record.status = "complete"
        record.timings = {
            "started": self._started_at,
            "elapsed_seconds": round(elapsed, 3),
            "characters_per_second": round(record.counts["characters"] / max(elapsed, 1e-9)),
            "workers": workers,
            "reused": self._reused,
        }
        write_run_record(self._folder, record, iter_journal(self._folder))
        (self._folder / JOURNAL_FILE).unlink(missing_ok=True)
        return RunSummary(
            out=self._folder,
            counts=record.counts,
            skipped=record.skipped,
            failures=record.failures,
            reused=self._reused,
            outdated=self._outdated,
            workbook=WORKBOOK if views.workbook else None,
            page=PAGE if views.page else None,
            kept=self._kept,
            example=self._example,
            workers=workers,
            elapsed_seconds=elapsed,
            parts=self._parts,
        )

    def _is_unchanged(self, file: InputFile, sha256: str) -> bool:
        entry = self._usable.get(file.doc_id)
        if entry is None or entry.status != "ok" or entry.sha256 != sha256:
            return False
        return entry.media_type == file.media_type and self._is_intact(entry)

    def _known_sha256(self, file: InputFile) -> str | None:
        """Return the sha256 of the content that a former run annotated, if its files are there."""
        entry = self._usable.get(file.doc_id)
        known = entry.sha256 if entry is not None else None
        return known if known is not None and self._is_unchanged(file, known) else None

    def _is_intact(self, entry: Entry) -> bool:
        """Return whether the files of a document are there and as the former run wrote them."""
        records = annotation_path(self._folder, entry.doc_id)
        text = text_path(self._folder, entry.doc_id)
        try:
            found = digest_of(text), digest_of(records)
        except OSError:
            return False
        return found == (entry.text_sha256, entry.records_sha256)


class _Reporter:
    """Tells the caller how far the run is."""

    def __init__(self, inputs: Inputs, progress: Callable[[Progress], None] | None) -> None:
        self._progress = progress
        self._all_documents = len(inputs.files)
        self._all_bytes = inputs.byte_count
        self._documents = 0
        self._byte_count = 0

    def add(self, outcome: Outcome, failed: int) -> None:
        self._documents += 1
        self._byte_count += outcome.file.byte_count
        if self._progress is not None:
            self._progress(
                Progress(
                    self._documents, self._all_documents, self._byte_count, self._all_bytes, failed
                )
            )
