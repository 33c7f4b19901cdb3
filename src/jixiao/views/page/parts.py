"""A corpus on as many pages as a browser can open, with an index where there are several."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

from jixiao.annotation import Annotation
from jixiao.errors import OutputError
from jixiao.stores.atomic import temporary_beside, write_whole
from jixiao.views.page.corpus import PageWriter
from jixiao.views.page.report import environment

MOST_DOCUMENTS: Final = 2000
# The search holds every fact of a page in the browser: some 100 MB at this number.
MOST_FACTS: Final = 200_000
MOST_BYTES: Final = 100_000_000


class _Part(NamedTuple):
    """A row of the index."""

    name: str
    first: str
    last: str
    documents: int
    facts: int
    claims: int
    quantities: int
    failed: int


class PagesWriter:
    """Writes a corpus to ``report.html``, or to ``report-001.html`` … with ``report.html`` as index.

    A page is full at 2,000 reports, 200,000 facts or 100 MB. A context manager: leaving it puts
    all pages in place; leaving it by an exception writes none. Pages of a former run that has more
    of them are removed.

    Parameters
    ----------
    path
        Where the page goes, or the index of several.
    indicator_names
        The Chinese name of each indicator of the catalogue, by id.
    version
        The version of the toolkit, for the head of the pages.
    most_documents, most_facts, most_bytes
        When a page is full.

    Raises
    ------
    OutputError
        If a page cannot be written.
    """

    def __init__(
        self,
        path: Path,
        indicator_names: Mapping[str, str],
        *,
        version: str | None = None,
        most_documents: int = MOST_DOCUMENTS,
        most_facts: int = MOST_FACTS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._path = path
        self._names = indicator_names
        self._version = version
        self._most = (most_documents, most_facts, most_bytes)
        self._parts: list[_Part] = []
        self._written: list[Path] = []

    def __enter__(self) -> Self:
        self._page = self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._written and kind is None:
                self._page.index = self._path.name
            self._close(kind, error, trace)
            if kind is None:
                self._publish()
        finally:
            for path in self._written:
                path.unlink(missing_ok=True)

    @property
    def part_counts(self) -> dict[str, int]:
        """How many pages were written, the index left out, by the name of the index."""
        return {self._path.name: len(self._parts)}

    def add(self, annotation: Annotation) -> None:
        """Add a document, on a new page if the last one is full."""
        if any(size >= most for size, most in zip(self._page.sizes, self._most, strict=True)):
            self._page.index = self._path.name
            self._close()
            self._page = self._open()
        self._page.add(annotation)

    def add_failure(self, doc_id: str, source: str, stage: str, error: str, message: str) -> None:
        """Add a document that failed, with the stage it failed in and why."""
        self._page.add_failure(doc_id, source, stage, error, message)

    def _open(self) -> PageWriter:
        scratch = temporary_beside(self._path)
        return PageWriter(scratch, self._names, version=self._version).__enter__()

    def _close(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        page = self._page
        self._written.append(page.path)
        page.__exit__(kind, error, trace)
        documents, facts, _ = page.sizes
        first, last = page.ends
        name = f"{self._path.stem}-{len(self._parts) + 1:03}{self._path.suffix}"
        totals = page.totals
        self._parts.append(
            _Part(name, first, last, documents, facts, totals["成果"], totals["数量"], page.failed)
        )

    def _publish(self) -> None:
        names = [part.name for part in self._parts] if len(self._parts) > 1 else [self._path.name]
        try:
            for path, name in zip(self._written, names, strict=True):
                path.replace(self._path.with_name(name))
        except OSError as error:
            raise OutputError(f"cannot write {self._path}: {error}; is the disk full?") from error
        if len(names) > 1:
            index = environment().get_template("index.html")
            content = index.render(parts=self._parts, version=self._version)
            write_whole(self._path, content.encode())
        remove_pages(self._path, {self._path.name, *names})


def remove_pages(path: Path, kept: Collection[str] = ()) -> None:
    """Remove ``path`` and its parts ``<stem>-001.html`` … that a former run wrote, but those kept."""
    numbered = re.compile(re.escape(path.stem) + r"-\d{3,}" + re.escape(path.suffix))
    for page in path.parent.glob(f"{path.stem}*{path.suffix}"):
        ours = page.name == path.name or numbered.fullmatch(page.name)
        if ours and page.name not in kept:
            page.unlink(missing_ok=True)
