"""What a notebook calls: for a report, for a folder of them, for a sentence, for accuracy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from jixiao.annotation import Annotation, Annotations
from jixiao.documents import Report, read
from jixiao.pipeline import annotate_report, context_of, publish
from jixiao.records import Quantity
from jixiao.resources import use_lexicon
from jixiao.settings import Settings

if TYPE_CHECKING:
    from jixiao.evaluation import AnnotationLike, Comparison, Evaluation
    from jixiao.evaluation.agreement import Agreement
    from jixiao.evaluation.review import ReviewEstimate
    from jixiao.evaluation.sampling import Allocation, By, RecordType, Sample

AnnotationsLike: TypeAlias = "str | Path | Iterable[AnnotationLike] | Mapping[str, AnnotationLike]"
"""A folder of annotation files, or annotations in memory."""


def annotate(source: str | Path | Report, *, settings: Settings | None = None) -> Annotation:
    """Return the annotation of a report.

    Parameters
    ----------
    source
        A :class:`~pathlib.Path` is a file to read, a :class:`~jixiao.Report` what
        :func:`jixiao.read` returned, a ``str`` the report's text itself.
    settings
        The catalogue to align to and the lexicon; the built-in ones if None.

    Raises
    ------
    DocumentError
        If a file cannot be read as a report.

    Examples
    --------
    >>> found = annotate("2021年全县城镇新增就业3,200人，完成目标的106.7%。")
    >>> [(q.text, str(q.value)) for q in found.quantities]
    [('3,200人', '3200'), ('106.7%', '106.7')]
    """
    if isinstance(source, Path):
        source = read(source, settings=settings)
    if isinstance(source, str):
        source = Report("text", source)
    return annotate_report(source, settings)


def quantities(text: str, *, settings: Settings | None = None) -> list[Quantity]:
    """Return the quantities of a text with their context, but not aligned to indicators.

    Offsets are code points of ``text``, half-open. A text without numbers gives an empty list. Of
    the settings only the lexicon counts.

    Raises
    ------
    LexiconError
        If the lexicon in the settings cannot be used.

    Examples
    --------
    >>> [(q.text, q.label, str(q.value), q.bound) for q in quantities("口罩10万余个，贷款近千万元")]
    [('10万余个', 'COUNT', '100000', '>'), ('近千万元', 'MONEY', '10000000', '≈')]
    """
    use_lexicon(settings.lexicon if settings else None)
    report = Report("text", text)
    items, _, _ = context_of(report)
    return publish(report, items)


def evaluate(
    gold: AnnotationsLike,
    predicted: AnnotationsLike,
    text: str | Path | Mapping[str, str] | None = None,
) -> Evaluation:
    """Return how well predicted annotations agree with gold.

    ``to_frame`` of what is returned gives its tables as pandas frames, ``to_html`` a page.

    Parameters
    ----------
    gold, predicted
        A folder of annotation files (or the output of ``jixiao annotate``), annotations, or
        annotations by ``doc_id``.
    text
        The folder of raw texts, or raw texts by ``doc_id``, against which both sides are checked.

    Raises
    ------
    EvaluationError
        If no document is on both sides, or they refer to different texts.

    Examples
    --------
    >>> found = annotate("2021年全县城镇新增就业3,200人。")
    >>> scores = evaluate([found], [found]).to_frame("scores")
    >>> scores[scores.name == "all"].dropna(subset="f1")[["group", "f1"]].values.tolist()
    [['quantities', 1.0], ['quantities_strict', 1.0], ['claims', 1.0]]
    """
    from jixiao import evaluation

    ours, theirs = _annotations(gold), _annotations(predicted)
    texts, context = _texts(text, (ours, theirs), predicted, gold)
    return evaluation.evaluate(ours, theirs, texts, context=context)


def compare(
    first: AnnotationsLike,
    second: AnnotationsLike,
    gold: AnnotationsLike,
    text: str | Path | Mapping[str, str] | None = None,
    *,
    permutations: int = 9_999,
    seed: int = 0,
) -> Comparison:
    """Return what a second run gains and loses beside a first one, over the same gold.

    The arguments are those of :func:`evaluate`; ``permutations`` and ``seed`` are those of the
    paired randomisation test (:func:`jixiao.evaluation.compare`).

    Raises
    ------
    EvaluationError
        If no document is in gold and both runs, or they refer to different texts.

    Examples
    --------
    >>> gold = annotate("全年新建学校3所，培训教师120人。")
    >>> half = annotate("全年新建学校3所，培训教师若干。")
    >>> half = Annotation(gold.document, gold.text, half.records)
    >>> found = compare([half], [gold], [gold])
    >>> [one.text for one in found.gained if one.record == "quantity"]
    ['120人']
    """
    from jixiao import evaluation

    one, other, asked = _annotations(first), _annotations(second), _annotations(gold)
    texts, context = _texts(text, (one, other, asked), second, first, gold)
    return evaluation.compare(
        one, other, asked, texts, context=context, permutations=permutations, seed=seed
    )


def read_annotations(source: str | Path) -> Annotations:
    """Return the annotations in a folder or a file.

    Parameters
    ----------
    source
        The output of ``jixiao annotate``, a folder of reviewed annotations, any folder with ``*.jsonl``,
        or one annotation file. The raw texts are beside them or in the folder ``text/`` beside theirs.

    Raises
    ------
    OutputError
        If there is no annotation, no text of one, or the text is not the one it was made on.
    RecordError
        If a line is no record of the format.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from jixiao.stores.annotations import write_annotation
    >>> found = annotate("全年新建学校3所，新增学位1080个。")
    >>> with TemporaryDirectory() as folder:
    ...     write_annotation(Path(folder), "报告", found.text, found.to_jsonl().splitlines())
    ...     read_annotations(folder).to_frame()["text"].tolist()
    ['3所', '1080个']
    """
    from jixiao.errors import OutputError
    from jixiao.stores.annotations import ANNOTATIONS, read_annotation_file

    place = Path(source)
    if place.is_file():
        return Annotations([read_annotation_file(place)])
    for folder in (place / ANNOTATIONS, place):
        if files := sorted(folder.glob("*.jsonl")):
            return Annotations(map(read_annotation_file, files))
    raise OutputError(
        f"no annotations in {place}; expected an annotation file, or a folder with {ANNOTATIONS}/*.jsonl "
        "as `jixiao annotate --out` writes it"
    )


def agree(
    *annotators: str | Path, text: str | Path | None = None, gamma: bool = False
) -> Agreement:
    """Return how far annotators agree on the documents all of them have, as ``jixiao agree``.

    Parameters
    ----------
    annotators
        A folder of annotation files for each; they are named after their folders.
    text
        The folder of raw texts; without it, folders ``text/`` beside the annotations.
    gamma
        Whether γ is computed too, which takes long.

    Raises
    ------
    EvaluationError
        If there are fewer than two, no document is common to all, or their texts differ.
    """
    from jixiao.evaluation.agreement import agree_folders

    folders = [Path(one) for one in annotators]
    return agree_folders(folders, None if text is None else Path(text), with_gamma=gamma)


def sample(
    run: str | Path,
    out: str | Path,
    n: int = 200,
    *,
    by: Sequence[By] = ("label", "confidence"),
    record: RecordType = "quantity",
    allocation: Allocation = "proportional",
    largest: int = 0,
    missed: int = 0,
    seed: int = 0,
    settings: Settings | None = None,
) -> Sample:
    """Draw a stratified sample of a run and write the sheet to review it, as ``jixiao sample``.

    The arguments are those of :func:`jixiao.evaluation.sampling.draw_sample`; ``out`` is the sheet
    (.xlsx), ``settings`` have the catalogue whose names it shows. :func:`estimate` reads it when it is
    filled in.

    Raises
    ------
    SettingsError, EvaluationError, OutputError
        If no such sample can be drawn, or the sheet is there and someone has begun to fill it in.
    """
    from jixiao.evaluation.review_sheet import write_review_sheet
    from jixiao.evaluation.sampling import draw_sample
    from jixiao.indicators import load_catalogue

    drawn = draw_sample(
        Path(run),
        n,
        by=by,
        record=record,
        allocation=allocation,
        largest=largest,
        missed=missed,
        seed=seed,
    )
    chosen = settings or Settings()
    known = load_catalogue(chosen.catalogue, chosen.catalogue_mode).indicators
    names = {key: one.name_zh for key, one in known.items()}
    write_review_sheet(drawn, Path(run), Path(out), names)
    return drawn


def estimate(
    sheet: str | Path,
    run: str | Path | None = None,
    gold: str | Path | None = None,
    *,
    partial: bool = False,
    level: float = 0.95,
) -> ReviewEstimate:
    """Return how accurate a run is by a reviewed sample of it, as ``jixiao estimate``.

    The arguments are those of :func:`jixiao.evaluation.review.estimate_review`.

    Raises
    ------
    EvaluationError
        If the sheet has no verdict, too few of them, or is of another run.
    """
    from jixiao.evaluation.review import estimate_review

    return estimate_review(
        Path(sheet),
        run=None if run is None else Path(run),
        gold=None if gold is None else Path(gold),
        partial=partial,
        level=level,
    )


def _annotations(given: AnnotationsLike) -> Mapping[str, AnnotationLike]:
    from jixiao.evaluation import read_annotations

    if isinstance(given, str | Path):
        return read_annotations(Path(given))
    if isinstance(given, Mapping):
        return given
    return {one.document.doc_id: one for one in given}


def _texts(
    text: str | Path | Mapping[str, str] | None,
    sides: Iterable[Mapping[str, AnnotationLike]],
    *given: AnnotationsLike,
) -> tuple[Mapping[str, str] | None, Mapping[str, str]]:
    """Return the raw texts to check against, and those to quote from."""
    from jixiao.evaluation import read_texts
    from jixiao.evaluation.report import texts_beside

    if text is not None:
        return (text if isinstance(text, Mapping) else read_texts(Path(text))), {}
    known = [(doc_id, one) for side in sides for doc_id, one in side.items()]
    folders = [Path(side) for side in given if isinstance(side, str | Path)]
    held = {doc_id: one.text for doc_id, one in known if isinstance(one, Annotation)}
    return None, {**texts_beside({doc_id for doc_id, _ in known}, *folders), **held}
