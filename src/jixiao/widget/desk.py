"""What is under review: one report, or the reports of a run, and where the decisions go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from jixiao.annotation import Annotation
from jixiao.documents import Report, read
from jixiao.errors import OutputError, SettingsError
from jixiao.exchange.reviews import latest, read_reviews, reviews_path
from jixiao.indicators import load_catalogue
from jixiao.pipeline import annotate_report
from jixiao.settings import Settings
from jixiao.stores.annotations import ANNOTATIONS, list_doc_ids, read_annotation
from jixiao.widget.session import ReviewSession, Saved

OUT: Final = "annotations-reviewed"
_RUN: Final = "run.json"  # what a folder of `jixiao annotate` has


class ReviewDesk:
    """The documents of a review, each opened when it is asked for, and kept with its edits.

    Parameters
    ----------
    source
        The output of ``jixiao annotate`` or any folder with ``annotations/`` and ``text/``, one
        annotation file in it, a report (``.docx``, ``.pdf`` …) that is annotated on the spot, or an
        annotation.
    out
        Where ``reviews/``, ``annotations/`` and ``text/`` go; beside a run ``<run>-reviewed`` if None,
        else ``annotations-reviewed``.
    reviewer
        Who decides.
    settings
        Those of the run: with the user's catalogue, its indicators can be chosen.

    Raises
    ------
    SettingsError
        If there is nothing to review at ``source``, or ``out`` is what is read.
    OutputError
        If ``out`` is the output of a run, or a file cannot be read.
    DocumentError
        If a file cannot be read as a report.
    """

    def __init__(
        self,
        source: str | Path | Annotation,
        out: str | Path | None = None,
        *,
        reviewer: str | None = None,
        settings: Settings | None = None,
    ) -> None:
        self._settings = settings or Settings()
        self._folder: Path | None = None
        self._report: Report | None = None
        self._single: Annotation | None = None
        first = self._open_source(source)
        self.out = Path(out) if out is not None else self._beside()
        if (self.out / _RUN).exists():
            raise OutputError(
                f"{self.out} is the output of a run, which the next run would write over; choose another "
                "folder with out="
            )
        if self._folder is not None and self.out.resolve() == self._folder.resolve():
            raise SettingsError(
                f"{self.out} is what is reviewed; choose another folder with out=, and give the same again "
                "to go on with a review"
            )
        self.reviewer = reviewer
        catalogue = load_catalogue(self._settings.catalogue, self._settings.catalogue_mode)
        self.indicators: Mapping[str, str] = {
            name: one.name_zh for name, one in catalogue.indicators.items()
        }
        self._sessions: dict[str, ReviewSession] = {}
        self._counts: dict[str, int] = {}
        self.current = self.open(first)

    @property
    def doc_ids(self) -> Sequence[str]:
        """The ids of the documents, sorted."""
        if self._folder is not None:
            return list_doc_ids(self._folder)
        return [self.current.document.doc_id]

    def decided(self, doc_id: str) -> int:
        """Return how many records of a document have a decision, saved or not."""
        if doc_id in self._sessions:
            return len(self._sessions[doc_id].decisions)
        if doc_id not in self._counts:
            self._counts[doc_id] = len(latest(read_reviews(reviews_path(self.out, doc_id))))
        return self._counts[doc_id]

    def open(self, doc_id: str) -> ReviewSession:
        """Return the review of a document, which is now the current one.

        Raises
        ------
        SettingsError
            If there is no such document.
        """
        if doc_id not in self._sessions:
            annotation = self._annotation(doc_id)
            self._sessions[doc_id] = ReviewSession(
                annotation,
                self.out,
                reviewer=self.reviewer,
                indicators=self.indicators,
                settings=self._settings,
                report=self._report,
            )
        self.current = self._sessions[doc_id]
        return self.current

    def save(self) -> Saved:
        """Write every document that has edits; return what was done on all of them.

        Raises
        ------
        SettingsError
            If nobody says who reviewed.
        OutputError, RecordError
            If a file cannot be written, or what is there is no review.
        """
        done = Saved(self.out)
        for session in self._sessions.values():
            if session.unsaved:
                session.reviewer = self.reviewer
                saved = session.save()
                done.decisions += saved.decisions
                done.unfit += saved.unfit
                done.notes += saved.notes
        return done

    @property
    def unsaved(self) -> bool:
        """Tell whether any document has edits that were not saved."""
        return any(session.unsaved for session in self._sessions.values())

    def _annotation(self, doc_id: str) -> Annotation:
        if self._single is not None and self._single.document.doc_id == doc_id:
            return self._single
        if self._folder is None or doc_id not in list_doc_ids(self._folder):
            known = ", ".join(self.doc_ids[:5]) if self._folder is not None else "one only"
            raise SettingsError(f"no document {doc_id!r} under review; expected one of {known} …")
        return read_annotation(self._folder, doc_id)

    def _open_source(self, source: str | Path | Annotation) -> str:
        """Note where annotations come from, and return the id of the first."""
        if isinstance(source, Annotation):
            self._single = source
            return source.document.doc_id
        path = Path(source)
        if path.is_dir():
            ids = list_doc_ids(path)
            if not ids:
                raise SettingsError(
                    f"no annotations in {path}; expected a folder with {ANNOTATIONS}/*.jsonl and text/, as "
                    "`jixiao annotate --out` writes it"
                )
            self._folder = path
            return ids[0]
        if not path.is_file():
            raise SettingsError(
                f"{str(path)[:80]!r} does not exist; expected the folder of a run, an annotation file, a "
                "report, or an annotation as jixiao.annotate(text) returns it"
            )
        if path.suffix == ".jsonl" and path.parent.name == ANNOTATIONS:
            self._folder = path.parent.parent
            return path.name.removesuffix(".jsonl")
        self._report = read(path, settings=self._settings)
        self._single = annotate_report(self._report, self._settings)
        return self._single.document.doc_id

    def _beside(self) -> Path:
        if self._folder is None:
            return Path(OUT)
        return self._folder.with_name(f"{self._folder.resolve().name}-reviewed")
