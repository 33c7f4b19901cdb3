"""What a notebook calls: for a report, for the quantities of a sentence, for accuracy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from jixiao.annotation import Annotation
from jixiao.documents import Report, read
from jixiao.pipeline import annotate_report, context_of, publish
from jixiao.records import Quantity
from jixiao.resources import use_lexicon
from jixiao.settings import Settings

if TYPE_CHECKING:
    from jixiao.evaluation import AnnotationLike, Comparison, Evaluation

Annotations: TypeAlias = "str | Path | Iterable[AnnotationLike] | Mapping[str, AnnotationLike]"
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
    gold: Annotations, predicted: Annotations, text: str | Path | Mapping[str, str] | None = None
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
    first: Annotations,
    second: Annotations,
    gold: Annotations,
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


def _annotations(given: Annotations) -> Mapping[str, AnnotationLike]:
    from jixiao.evaluation import read_annotations

    if isinstance(given, str | Path):
        return read_annotations(Path(given))
    if isinstance(given, Mapping):
        return given
    return {one.document.doc_id: one for one in given}


def _texts(
    text: str | Path | Mapping[str, str] | None,
    sides: Iterable[Mapping[str, AnnotationLike]],
    *given: Annotations,
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
