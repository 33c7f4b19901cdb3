"""The HTML report of an evaluation: one page that needs nothing else, neither network nor library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from jixiao.evaluation.charts import reliability, risk_coverage, whisker
from jixiao.evaluation.confusion import Confusion, axis, worst
from jixiao.evaluation.discrepancies import Discrepancy
from jixiao.evaluation.intervals import Interval, Key
from jixiao.evaluation.outcomes import BREAKDOWNS, LAYERS
from jixiao.evaluation.scores import Accuracy, Counts, Tally
from jixiao.evaluation.spans import SCHEMES
from jixiao.evaluation.summary import HEADLINE_ROWS, interval_note, warnings_of
from jixiao.views.wrapping import one_line

if TYPE_CHECKING:
    from jixiao.evaluation.report import Evaluation

MOST_ERRORS: Final = 5_000
_AROUND: Final = 90
_MOST_AXIS: Final = 14
_NOTHING: Final = "–"
_GOOD: Final = 0.9
_FAIR: Final = 0.7
_CONTENTS: Final = (
    ("scores", "Scores"),
    ("spans", "Spans"),
    ("fields", "Fields"),
    ("breakdowns", "Breakdowns"),
    ("calibration", "Calibration"),
    ("confusion", "Confusion"),
    ("documents", "Documents"),
    ("errors", "Differences"),
)
_CONFUSION_TITLES: Final = {
    "labels": "Labels of quantities",
    "entities": "Labels of entities",
    "claims": "Kinds of claims",
    "measures": "Measures of matched quantities",
    "indicators": "Indicators of matched quantities",
}
_FILTERS: Final = (
    ("document", "document"),
    ("kind", "difference"),
    ("record", "record"),
    ("field", "field"),
    ("cause", "cause"),
    ("label", "label"),
    ("section", "section"),
)


def render_page(
    evaluation: Evaluation,
    intervals: Mapping[Key, Interval] | None = None,
    *,
    most_errors: int = MOST_ERRORS,
) -> str:
    """Return the page as HTML. The text of reports is escaped; the same scores give the same page.

    Parameters
    ----------
    intervals
        Those of :meth:`~jixiao.evaluation.Evaluation.intervals`; drawn here where None.
    most_errors
        The most differences the page lists; what is left out is said.

    >>> from jixiao.evaluation import AnnotationFile, evaluate
    >>> from jixiao.records import Document, Entity
    >>> 局 = Entity(id="e1", start=0, end=4, text="市水利局", label="GOV")
    >>> gold, empty = ({"a": AnnotationFile(Document(doc_id="a"), found)} for found in ([局], []))
    >>> "市水利局" in render_page(evaluate(gold, empty))
    True
    """
    known = evaluation.intervals() if intervals is None else intervals
    number = len(evaluation.documents)
    links = "".join(f'<a href="#{name}">{title}</a>' for name, title in _CONTENTS)
    warned = "".join(f'<p class="warning">{_text(one)}</p>' for one in warnings_of(evaluation))
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>jixiao: evaluation</title>\n<style>\n{_resource('page.css')}</style>\n"
        "</head>\n<body>\n<h1>Evaluation</h1>\n"
        f'<p class="quiet">{number:,} {"document" if number == 1 else "documents"} with gold, '
        f"{len(evaluation.errors):,} differences. {_text(interval_note(known))}</p>\n"
        f"{warned}<nav>{links}</nav>\n"
        f"{_scores(evaluation, known)}{_spans(evaluation, known)}{_fields(evaluation)}"
        f"{_breakdowns(evaluation)}{_calibrations(evaluation)}{_confusions(evaluation)}"
        f"{_documents(evaluation)}{_errors(evaluation.errors, most_errors)}"
        f"<script>\n{_resource('page.js')}</script>\n</body>\n</html>\n"
    )


def _resource(name: str) -> str:
    return files("jixiao.evaluation").joinpath(name).read_text(encoding="utf-8")


def _text(words: str) -> str:
    return escape(one_line(words))


def _section(name: str, body: str, note: str = "") -> str:
    title = dict(_CONTENTS)[name]
    told = f'<p class="quiet">{_text(note)}</p>' if note else ""
    return f'<section id="{name}">\n<h2>{title}</h2>\n{told}{body}\n</section>\n'


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """Return a table; its cells are HTML already."""
    head = "".join(f"<th>{cell}</th>" for cell in header)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    named = f' class="{kind}"' if kind else ""
    return (
        f'<div class="scroll"><table{named}><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _ratio(value: float | None) -> str:
    if value is None:
        return _NOTHING
    style = "good" if value >= _GOOD else "fair" if value >= _FAIR else "poor"
    return f'<span class="{style}">{value:.3f}</span>'


def _range(interval: Interval | None) -> str:
    if interval is None:
        return _NOTHING
    return f"{interval.low:.3f}–{interval.high:.3f}{'*' if interval.few else ''}"


def _scores(evaluation: Evaluation, intervals: Mapping[Key, Interval]) -> str:
    header = ("", "P", "R", "F1", "95 %", "", "macro F1", "tp", "fp", "fn")
    rows = []
    for title, group, name in HEADLINE_ROWS:
        counts = evaluation.micro.groups[group][name]
        if isinstance(counts, Counts) and counts != Counts():
            interval = intervals.get((group, name, "f1"))
            macro = evaluation.macro[group][name]["f1"]
            drawn = (_range(interval), whisker(counts.f1, interval), _ratio(macro))
            rows.append((title, *_ratios(counts), *drawn, *_numbers(counts)))
    return _section("scores", _table(header, rows), "Macro is the mean over documents.")


def _ratios(tally: Tally) -> tuple[str, ...]:
    return tuple(_ratio(tally.ratios[name]) for name in ("precision", "recall", "f1"))


def _numbers(counts: Counts) -> tuple[str, ...]:
    return tuple(f"{number:,}" for number in (counts.tp, counts.fp, counts.fn))


def _spans(evaluation: Evaluation, intervals: Mapping[Key, Interval]) -> str:
    header = ("", "P", "R", "F1", "95 %", "", "correct", "half", "wrong", "missed", "made up")
    rows = []
    for group, title in (
        ("quantity_spans", "quantities"),
        ("entity_spans", "entities"),
        ("claim_spans", "claims"),
    ):
        for name in SCHEMES:
            tally = getattr(evaluation.micro, group)[name]
            interval = intervals.get((group, name, "f1"))
            counts = (tally.correct, tally.partial, tally.incorrect, tally.missed, tally.spurious)
            drawn = (_range(interval), whisker(tally.f1, interval))
            shown = (f"{number:,}" for number in counts)
            rows.append((f"{title} · {name}", *_ratios(tally), *drawn, *shown))
    note = (
        "Schemes of SemEval-2013 task 9. Strict: equal offsets and label; exact: equal offsets; "
        "partial: an overlap counts half; type: an overlap with an equal label."
    )
    return _section("spans", _table(header, rows), note)


def _fields(evaluation: Evaluation) -> str:
    read = _table(
        ("read off the number", "accuracy", "", "correct", "total", "spurious"),
        _accuracies(evaluation.micro.located),
    )
    matched = _table(
        ("context, matched", "accuracy", "", "correct", "total", "spurious"),
        _accuracies({**evaluation.micro.fields, **_prefixed(evaluation.micro.metadata)}),
    )
    whole = _table(
        ("end to end", "P", "R", "F1", "", "tp", "fp", "fn"),
        (
            (name, *_ratios(one), whisker(one.f1, None), *_numbers(one))
            for name, one in evaluation.micro.fields_end_to_end.items()
            if one != Counts()
        ),
    )
    note = (
        "Read off the number: over quantities that share text with one of gold. Matched: over those "
        "with equal label and value. End to end: over all, right only where the quantity matches."
    )
    return _section("fields", f'<div class="tables">{read}{matched}{whole}</div>', note)


def _prefixed(tallies: Mapping[str, Accuracy]) -> dict[str, Accuracy]:
    return {f"document · {name}": one for name, one in tallies.items()}


def _accuracies(tallies: Mapping[str, Accuracy]) -> Iterator[tuple[str, ...]]:
    for name, one in tallies.items():
        if one != Accuracy():
            counts = (f"{number:,}" for number in (one.correct, one.total, one.spurious))
            yield name, _ratio(one.accuracy), whisker(one.accuracy, None), *counts


def _breakdowns(evaluation: Evaluation) -> str:
    header = ("", "P", "R", "F1", "", "tp", "fp", "fn")
    parts = []
    for layer in LAYERS:
        for by in BREAKDOWNS:
            found = evaluation.breakdown(layer, by)
            if len(found) > 1:
                rows = [
                    (_text(name), *_ratios(one), whisker(one.f1, None), *_numbers(one))
                    for name, one in found.items()
                ]
                opened = " open" if layer == "quantities" and by == "section" else ""
                parts.append(
                    f"<details{opened}><summary>{layer} by {by}</summary>"
                    f"{_table(header, rows)}</details>"
                )
    return _section("breakdowns", "".join(parts))


def _calibrations(evaluation: Evaluation) -> str:
    figures = []
    for layer in LAYERS:
        found = evaluation.calibration(layer)
        if found is not None:
            figures.append(
                f"<figure><figcaption>{layer}: {found.number:,} with a confidence; calibration "
                f"error {found.error:.3f}, Brier {found.brier:.3f}</figcaption>"
                f"{reliability(found.bins, layer)}</figure>"
                f"<figure><figcaption>{layer}: area under risk and coverage {found.area:.3f}"
                f"</figcaption>{risk_coverage(found.curve, layer)}</figure>"
            )
    note = (
        "Left: how often the records of one confidence are right, the dot's area by their number. "
        "Right: what is wrong among those kept, most confident first."
    )
    body = f'<div class="plots">{"".join(figures)}</div>'
    return _section("calibration", body, note if figures else "No record has a confidence.")


def _confusions(evaluation: Evaluation) -> str:
    parts = []
    for name, confusion in (evaluation.confusion or {}).items():
        if confusion:
            most = _MOST_AXIS if name == "indicators" else None
            opened = " open" if name in ("labels", "measures") else ""
            parts.append(
                f"<details{opened}><summary>{_CONFUSION_TITLES[name]}</summary>"
                f"{_worst(confusion)}{_matrix(confusion, axis(confusion, most))}</details>"
            )
    note = "Rows: gold; columns: predicted; ∅: nothing on that side."
    return _section("confusion", "".join(parts), note)


def _worst(confusion: Confusion) -> str:
    found = worst(confusion, 5)
    if not found:
        return '<p class="quiet">No confusion.</p>'
    shown = "; ".join(f"{gold} → {predicted} ({number:,})" for gold, predicted, number in found)
    return f'<p class="quiet">Most often: {_text(shown)}</p>'


def _matrix(confusion: Confusion, names: Sequence[str]) -> str:
    most_right = max((confusion[name, name] for name in names), default=0)
    most_wrong = max((confusion[a, b] for a in names for b in names if a != b), default=0)
    head = "".join(f'<th scope="col">{_text(name)}</th>' for name in names)
    rows = []
    for gold in names:
        cells = []
        for found in names:
            number = confusion[gold, found]
            kind, most = ("right", most_right) if gold == found else ("wrong", most_wrong)
            depth = 0.08 + 0.5 * number / most if number else 0
            style = f' class="{kind}-cell" style="--depth:{depth:.2f}"' if number else ""
            cells.append(f"<td{style}>{number if number else ''}</td>")
        rows.append(f'<tr><th scope="row">{_text(gold)}</th>{"".join(cells)}</tr>')
    return (
        f'<div class="scroll"><table class="matrix"><thead><tr><th></th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _documents(evaluation: Evaluation) -> str:
    header = ("F1", *(title for title, _, _ in HEADLINE_ROWS))
    rows = [
        (_text(doc_id), *(_f1(scores.groups[group][name]) for _, group, name in HEADLINE_ROWS))
        for doc_id, scores in evaluation.documents.items()
    ]
    return _section("documents", _table(header, rows, "wrapped"))


def _f1(tally: Tally) -> str:
    return _ratio(tally.ratios.get("f1"))


def _errors(errors: Sequence[Discrepancy], most: int) -> str:
    filters = "".join(
        f'<label>{title}<select name="{name}"><option value="">all</option></select></label>'
        for name, title in _FILTERS
    )
    form = (
        f'<form id="filters" hidden>{filters}<label>words<input type="search" name="words">'
        '</label><button type="reset">clear</button> <span id="shown" class="quiet"></span></form>'
    )
    left_out = len(errors) - most
    note = f"{left_out:,} more are left out; the JSON has them all." if left_out > 0 else ""
    return _section("errors", form + "".join(map(_error, errors[:most])), note)


def _error(error: Discrepancy) -> str:
    values = {
        "document": error.doc_id,
        "kind": error.kind,
        "record": error.record,
        "field": error.field or "",
        "cause": error.cause or "",
        "label": error.label,
        "section": error.section or "",
    }
    data = " ".join(f'data-{name}="{escape(one)}"' for name, one in values.items() if one)
    what = error.field or error.kind
    place = f"{error.doc_id} · {error.start}–{error.end}"
    details = (error.cause, error.label, error.section, error.rule, _shown(error.confidence))
    told = " · ".join(one for one in details if one)
    return (
        f'<div class="error" {data}><p><span class="kind {error.kind}">{_text(what)}</span> '
        f'{error.record} <span class="quiet">{_text(place)} · {_text(told)}</span></p>'
        f"<p>{_quote(error)}</p>{_sides(error)}</div>\n"
    )


def _shown(confidence: float | None) -> str | None:
    return None if confidence is None else f"{confidence:.3f}"


def _quote(error: Discrepancy) -> str:
    """Return the sentence around a record, shortened, with the record marked."""
    if error.sentence is None or error.sentence_start is None:
        return f"<mark>{_text(error.text)}</mark>" if error.text else ""
    start = error.start - error.sentence_start
    end = start + len(error.text)
    before, after = error.sentence[:start], error.sentence[end:]
    lead = f"…{before[-_AROUND:]}" if len(before) > _AROUND else before
    rest = f"{after[:_AROUND]}…" if len(after) > _AROUND else after
    return f"{_text(lead)}<mark>{_text(error.text)}</mark>{_text(rest)}"


def _sides(error: Discrepancy) -> str:
    gold, predicted = error.gold, error.predicted
    if error.other and error.kind == "missed":
        predicted = error.other
    elif error.other:
        gold = error.other
    return (
        f'<p class="sides"><span><span class="quiet">gold</span> {_text(gold or _NOTHING)}</span>'
        f'<span><span class="quiet">predicted</span> {_text(predicted or _NOTHING)}</span></p>'
    )
