"""Fit a model on what reviewers corrected too, and measure what that gains.

:func:`train_reviewed` takes the annotation folder that ``jixiao import … --out`` writes. It learns from
its documents beside what the package's own model learns from: the train specimens, where a checkout of
the repository is there, and generated text. The model goes to a folder of the user's; the models of the
package stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeAlias, get_args

from jixiao.documents import read
from jixiao.errors import EvaluationError, SettingsError
from jixiao.evaluation.reading import AnnotationFile, read_annotations
from jixiao.exchange.losses import counted
from jixiao.indicators import load_catalogue
from jixiao.indicators.ranker import ranker
from jixiao.pipeline import annotate_report, check_models
from jixiao.records import Claim, Entity, Quantity
from jixiao.resources import MODELS, use_lexicon, use_models
from jixiao.settings import Settings
from jixiao.stores.annotations import ANNOTATIONS, list_doc_ids, text_path
from jixiao.stores.atomic import write_whole
from jixiao.training import alignment, claims, ner
from jixiao.training.development import GoldDocument, gold_documents, select
from jixiao.training.ner_examples import REPORTS, annotated, examples, generated

if TYPE_CHECKING:
    from jixiao.evaluation import Comparison

ModelName: TypeAlias = Literal["ner", "claims", "alignment"]
"""Which model is fitted."""

FOLDS: Final = 3
FEW: Final = 10
_RECORDS: Final[Mapping[str, type[Entity | Claim | Quantity]]] = {
    "ner": Entity,
    "claims": Claim,
    "alignment": Quantity,
}
_DEFAULT: Final = Settings()


@dataclass(frozen=True, slots=True)
class Trained:
    """A model fitted on reviewed annotations.

    Attributes
    ----------
    path
        The file it was written to.
    reviewed
        The reviewed documents it learned from.
    decisions
        How many decisions of reviewers are kept for them; 0 where the folder holds none.
    specimens
        How many specimens of the repository it learned from as well; 0 without a checkout.
    comparison
        Before and after on the reviewed documents, each read by a model that was fitted without it; None
        where that was not asked for, or there are fewer than two documents.
    """

    path: Path
    reviewed: tuple[str, ...]
    decisions: int
    specimens: int
    comparison: Comparison | None

    def to_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {
            "path": str(self.path),
            "reviewed": list(self.reviewed),
            "decisions": self.decisions,
            "specimens": self.specimens,
            "comparison": self.comparison and self.comparison.to_dict(),
        }

    def to_markdown(self) -> str:
        """Return what was done, and the gain, for a terminal or a commit message."""
        done = (
            f"{self.path}: from {counted(len(self.reviewed), 'reviewed document')} "
            f"({counted(self.decisions, 'decision')}) and {counted(self.specimens, 'specimen')}\n\n"
        )
        if self.comparison is None:
            return f"{done}The gain was not measured: that takes two reviewed documents or more."
        gain = self.comparison.to_markdown().rstrip()
        few = (
            f"\n\n{len(self.reviewed)} documents say little: the smallest p there can be is in brackets."
            if len(self.reviewed) < FEW
            else ""
        )
        return f"{done}Reviewed documents, each read by a model fitted without it: {gain}{few}"


class _Learner(Protocol):
    """What a kind of model needs: lessons of each document, and a fit on some of them."""

    def lessons(self, document: GoldDocument) -> Any:
        """Return what a document teaches."""
        ...

    def content(self, taught: Sequence[Any]) -> str:
        """Return the content of the file of the model fitted on lessons."""
        ...


class _Names:
    def __init__(self, reports: int) -> None:
        self._generated = list(examples(generated(reports)))

    def lessons(self, document: GoldDocument) -> list[Any]:
        return list(examples(annotated(document)))

    def content(self, taught: Sequence[list[Any]]) -> str:
        return ner.fit(chain(*taught, self._generated))


class _Claims:
    def lessons(self, document: GoldDocument) -> list[Any]:
        return claims.examples(document)

    def content(self, taught: Sequence[list[Any]]) -> str:
        found = list(chain(*taught))
        if len({one.claimed for one in found}) < 2:
            raise SettingsError(
                f"of {len(found)} clauses all or none are claims; expected some of either; review more "
                "documents"
            )
        return claims.rendered(claims.fit(found))


class _Alignment:
    """The threshold and the calibration stay those of the model in use, so that one fit is enough."""

    def __init__(self, settings: Settings) -> None:
        self._catalogue = load_catalogue(settings.catalogue, settings.catalogue_mode)

    def lessons(self, document: GoldDocument) -> list[Any]:
        prepared = {document.doc_id: alignment.Prepared(document)}
        return alignment.lessons(prepared, self._catalogue)[document.doc_id]

    def content(self, taught: Sequence[list[Any]]) -> str:
        stored, before = alignment.fit(list(chain(*taught))), ranker()
        stored["threshold"], stored["calibration"] = before.threshold, list(before.calibration)
        return alignment.rendered(stored)


def _learner(name: ModelName, settings: Settings, reports: int) -> _Learner:
    if name == "ner":
        return _Names(reports)
    return _Claims() if name == "claims" else _Alignment(settings)


def train_reviewed(
    name: ModelName,
    reviewed: Path,
    out: Path,
    *,
    measured: bool = True,
    folds: int = FOLDS,
    settings: Settings = _DEFAULT,
    reports: int = REPORTS,
    progress: Callable[[str], None] | None = None,
) -> Trained:
    """Fit a model on reviewed annotations too, write it, and measure the gain.

    A document counts as reviewed as a whole: what nobody changed in it is taken for right.

    Parameters
    ----------
    name
        ``ner`` (names), ``claims`` (which clauses state something achieved) or ``alignment`` (which
        indicator a number measures).
    reviewed
        A folder with ``annotations/`` and ``text/``, as ``jixiao import … --out`` writes it.
    out
        The folder for the model; its file has the name of the built-in one. Give the folder of another
        model trained before to have both together.
    measured
        Whether the gain is measured: the reviewed documents are parted into ``folds``, and each part is
        read by a model that is fitted without it.
    settings
        Catalogue and lexicon, where the annotations were made with others than the built-in ones.
    reports
        How many reports are generated for the model of names.
    progress
        Told in a few words what begins.

    Raises
    ------
    SettingsError
        If there is no such model, the folder holds no reviewed text, its names are masked, it lacks what
        the model learns from, or ``out`` is where the package keeps its own models.
    EvaluationError, RecordError
        If an annotation cannot be read.
    """
    _check(name, out)
    tell = progress or _silent
    documents = read_reviewed(reviewed, name)
    specimens = _specimens(name, documents)
    use_lexicon(settings.lexicon)
    use_models(settings.models)
    learner = _learner(name, settings, reports)
    tell(f"reading {len(documents) + len(specimens)} documents")
    taught = {doc_id: learner.lessons(one) for doc_id, one in {**specimens, **documents}.items()}
    comparison = None
    if measured and len(documents) > 1:
        comparison = _measure(name, documents, taught, learner, folds, settings, tell)
    tell("fitting the model")
    use_lexicon(settings.lexicon)
    use_models(settings.models)
    content = learner.content(list(taught.values()))
    check_models(((name, content),))
    use_models(())
    path = out / MODELS[name]
    write_whole(path, content.encode())
    return Trained(
        path, tuple(documents), _decisions(reviewed, documents), len(specimens), comparison
    )


def _silent(_: str) -> None:
    pass


def _check(name: str, out: Path) -> None:
    if name not in get_args(ModelName):
        raise SettingsError(f"no model is called {name!r}; expected one of {', '.join(MODELS)}")
    if out.resolve() == ner.TABLE.parent.resolve():
        raise SettingsError(
            f"{out} is where the package keeps its own models; choose another folder with --out"
        )


def read_reviewed(folder: Path, name: ModelName) -> dict[str, GoldDocument]:
    """Return the documents of a reviewed folder by id, to be learned from.

    Raises
    ------
    SettingsError
        If there is none, a text is missing, names are masked where they are to be learned, or no
        document has a record of the kind.
    """
    if not list_doc_ids(folder):
        raise SettingsError(
            f"no reviewed annotations in {folder}; expected a folder with {ANNOTATIONS}/*.jsonl and "
            "text/, as `jixiao import … --out` writes it"
        )
    found = read_annotations(folder)
    missing = [doc_id for doc_id in found if not text_path(folder, doc_id).is_file()]
    if missing:
        raise SettingsError(f"no text of {missing[0]}: {text_path(folder, missing[0])} is missing")
    masked = [doc_id for doc_id, one in found.items() if one.document.redacted]
    if masked and name == "ner":
        raise SettingsError(
            f"{masked[0]} is redacted: masked names teach nothing; review a run made without --redact"
        )
    if not any(isinstance(one, _RECORDS[name]) for doc in found.values() for one in doc.records):
        raise SettingsError(
            f"no {_RECORDS[name].__name__.lower()} in {folder}; there is nothing for {name} to learn"
        )
    return {
        doc_id: GoldDocument(doc_id, "train", text_path(folder, doc_id), one)
        for doc_id, one in found.items()
    }


def _specimens(name: ModelName, reviewed: Mapping[str, GoldDocument]) -> dict[str, GoldDocument]:
    """Return the train specimens, reviewed ones aside; none where there is no checkout."""
    try:
        known = gold_documents()
    except EvaluationError:
        return {}
    texts = {one.gold.document.text_sha256 for one in reviewed.values()}
    return {
        doc_id: one
        for doc_id, one in select(known, "train").items()
        if doc_id not in reviewed
        and one.gold.document.text_sha256 not in texts - {None}
        and (name != "alignment" or one.aligned)
    }


def _decisions(folder: Path, doc_ids: Iterable[str]) -> int:
    from jixiao.exchange.reviews import read_reviews, reviews_path

    return sum(len(read_reviews(reviews_path(folder, doc_id))) for doc_id in doc_ids)


def _measure(
    name: ModelName,
    documents: Mapping[str, GoldDocument],
    taught: Mapping[str, Any],
    learner: _Learner,
    folds: int,
    settings: Settings,
    tell: Callable[[str], None],
) -> Comparison:
    """Return what the models fitted without a document make of it, beside the model in use."""
    from jixiao.evaluation import compare

    before: dict[str, AnnotationFile] = {}
    after: dict[str, AnnotationFile] = {}
    parts = ner.folds_of(documents, max(folds, 2))
    for number, part in enumerate(parts, start=1):
        tell(f"measuring the gain: part {number} of {len(parts)}")
        use_models(settings.models)
        content = learner.content([one for key, one in taught.items() if key not in part])
        own = tuple(pair for pair in settings.models if pair[0] != name)
        for runs, models in ((before, settings.models), (after, (*own, (name, content)))):
            used = Settings(
                catalogue=settings.catalogue,
                catalogue_mode=settings.catalogue_mode,
                lexicon=settings.lexicon,
                models=models,
            )
            for doc_id in part:
                found = annotate_report(read(documents[doc_id].path), used)
                runs[doc_id] = AnnotationFile(found.document, found.records)
    return compare(before, after, {doc_id: one.gold for doc_id, one in documents.items()})
