"""What a notebook calls: one function for a report, one for the quantities of a sentence."""

from __future__ import annotations

from pathlib import Path

from jixiao.annotation import Annotation
from jixiao.documents import Report, read
from jixiao.pipeline import annotate_report, context_of, publish
from jixiao.records import Quantity
from jixiao.resources import use_lexicon
from jixiao.settings import Settings


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
