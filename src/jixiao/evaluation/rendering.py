"""The evaluation as tables in a terminal. Only this module of the layer needs ``rich``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from jixiao.evaluation.comparison import Comparison, p_text, tally_changes
from jixiao.evaluation.confusion import worst
from jixiao.evaluation.discrepancies import Discrepancy
from jixiao.evaluation.intervals import Interval, Key
from jixiao.evaluation.outcomes import LAYERS
from jixiao.evaluation.report import Evaluation
from jixiao.evaluation.scores import ALL, PLACES, Accuracy, Counts, Scores
from jixiao.evaluation.spans import SCHEMES
from jixiao.evaluation.summary import HEADLINE_ROWS, interval_note, warnings_of

NOTHING: Final = "–"
_GOOD: Final = 0.9
_FAIR: Final = 0.7
_MOST_CHARACTERS: Final = 20
_AROUND: Final = 14
_LEAST_P: Final = 0.05


def render(
    evaluation: Evaluation,
    console: Console,
    *,
    intervals: Mapping[Key, Interval] | None = None,
    details: bool = True,
    max_documents: int = 30,
    max_errors: int = 10,
) -> None:
    """Print the scores, the warnings, and the first differences.

    ``intervals`` are those of :meth:`~jixiao.evaluation.Evaluation.intervals`; without them no
    interval is shown. ``details`` adds the breakdowns, fields, confusions and documents.
    """
    console.print(_heading(evaluation))
    console.print(_scores_table(evaluation, intervals or {}, details))
    console.print(_spans_table(evaluation, intervals or {}))
    if intervals is not None:
        console.print(Text(interval_note(intervals), style="dim"))
    if details:
        _render_details(evaluation, console, max_documents)
    for warning in warnings_of(evaluation):
        console.print(Text(f"! {warning}", style="yellow"))
    console.print(_errors_summary(evaluation.errors))
    if evaluation.errors and max_errors > 0:
        console.print(_errors_table(evaluation.errors[:max_errors]))


def render_comparison(comparison: Comparison, console: Console, *, max_changes: int = 10) -> None:
    """Print the differences of two runs, and the first records gained and lost."""
    number = len(comparison.first.documents)
    noun = "document" if number == 1 else "documents"
    console.print(Text(f"{number} {noun} in gold and both runs"))
    console.print(_differences_table(comparison))
    console.print(Text(_test_note(comparison), style="dim"))
    console.print(_tally_table(comparison))
    for title, errors in (("Gained", comparison.gained), ("Lost", comparison.lost)):
        if errors and max_changes > 0:
            console.print(_changes_table(f"{title}, {len(errors):,}", errors[:max_changes]))


def _differences_table(comparison: Comparison) -> Table:
    table = _table("F1", "", "before", "after", "difference", "p")
    for one in comparison.differences:
        style = "" if not one.difference else "green" if one.difference > 0 else "red"
        shown = Text(f"{one.difference:+.4f}" if one.documents else "same", style=style or "dim")
        p_value = p_text(one) if one.documents else NOTHING
        table.add_row(one.layer, f"{one.first:.4f}", f"{one.second:.4f}", shown, p_value)
    return table


def _test_note(comparison: Comparison) -> str:
    """Return how the p-values were made, and what they cannot show."""
    note = "p: paired randomisation over documents, two-sided"
    few = [one for one in comparison.differences if one.documents and one.smallest > _LEAST_P]
    if few:
        note += "; (≥…): the runs differ in so few documents that p cannot be smaller"
    return note + "."


def _tally_table(comparison: Comparison) -> Table:
    table = _table("Records and fields", "", "gained", "lost")
    for what, gained, lost in tally_changes(comparison.changes):
        table.add_row(what, f"{gained:,}", f"{lost:,}")
    return table


def _changes_table(title: str, errors: Sequence[Discrepancy]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for name in ("document", "offsets", "mistake", "text", "gold", "in"):
        table.add_column(name, overflow="fold")
    for error in errors:
        what = f"wrong {error.field}" if error.field else f"{error.kind} {error.record}"
        cells = (error.doc_id, f"{error.start}–{error.end}", what, _one_line(error.text))
        said = (_one_line(error.gold or NOTHING), _excerpt(error))
        table.add_row(*(Text(cell) for cell in (*cells, *said)))
    return table


def _excerpt(error: Discrepancy) -> str:
    """Return the words of the sentence around a record."""
    if error.sentence is None or error.sentence_start is None:
        return NOTHING
    start = error.start - error.sentence_start
    first, last = max(0, start - _AROUND), start + len(error.text) + _AROUND
    words = " ".join(error.sentence[first:last].split())
    return f"{'…' if first else ''}{words}{'…' if last < len(error.sentence) else ''}"


def _heading(evaluation: Evaluation) -> Text:
    number = len(evaluation.documents)
    noun = "document" if number == 1 else "documents"
    return Text(f"{number} {noun}; ratios over all records, 'macro' is the mean over documents")


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _render_details(evaluation: Evaluation, console: Console, max_documents: int) -> None:
    console.print(_breakdown_table(evaluation))
    console.print(_sections_table(evaluation))
    console.print(_accuracy_table(evaluation))
    console.print(_end_to_end_table(evaluation))
    console.print(_confusions_table(evaluation))
    console.print(_calibration_table(evaluation))
    if len(evaluation.documents) > 1:
        console.print(_documents_table(evaluation, max_documents))


def _scores_table(
    evaluation: Evaluation, intervals: Mapping[Key, Interval], details: bool
) -> Table:
    drawn = ["95 %"] if intervals else []
    counted = ["tp", "fp", "fn"] if details else []
    table = _table("Scores", "", "P", "R", "F1", *drawn, "macro F1", *counted)
    for title, group, name in HEADLINE_ROWS:
        counts = evaluation.micro.groups[group][name]
        if isinstance(counts, Counts) and (details or counts != Counts()):
            table.add_row(
                title,
                *_ratios(counts),
                *([_range(intervals.get((group, name, "f1")))] if drawn else []),
                _ratio(evaluation.macro[group][name]["f1"]),
                *(_numbers(counts) if counted else []),
            )
    return table


def _spans_table(evaluation: Evaluation, intervals: Mapping[Key, Interval]) -> Table:
    """Return the four schemes of SemEval-2013, F1 with its interval."""
    table = _table("Spans, F1 (SemEval-2013 task 9)", "", *SCHEMES)
    for group, title in (
        ("quantity_spans", "Quantities"),
        ("entity_spans", "Entities"),
        ("claim_spans", "Claims"),
    ):
        tallies = evaluation.micro.groups[group]
        if all(tally.ratios["f1"] is None for tally in tallies.values()):
            continue
        table.add_row(title, *(_ratio(tallies[name].ratios["f1"]) for name in SCHEMES))
        drawn = [intervals.get((group, name, "f1")) for name in SCHEMES]
        if any(drawn):
            table.add_row("", *(_range(one) for one in drawn))
    return table


def _breakdown_table(evaluation: Evaluation) -> Table:
    table = _table("By place, label and kind", "", "P", "R", "F1", "macro F1", "tp", "fp", "fn")
    for group in ("quantities", "entities", "claims"):
        names = [name for name in evaluation.micro.groups[group] if name != ALL]
        names.sort(key=lambda name: name not in PLACES)
        for name in names:
            if evaluation.micro.groups[group][name] != Counts():
                _add_counts(table, evaluation, f"{group} · {name}", group, name)
        table.add_section()
    return table


def _sections_table(evaluation: Evaluation) -> Table:
    table = _table("By section", "", "P", "R", "F1", "tp", "fp", "fn")
    for layer in LAYERS:
        for name, counts in evaluation.breakdown(layer, "section").items():
            table.add_row(f"{layer} · {name}", *_ratios(counts), *_numbers(counts))
        table.add_section()
    return table


def _end_to_end_table(evaluation: Evaluation) -> Table:
    table = _table("Fields, end to end", "", "P", "R", "F1", "macro F1", "tp", "fp", "fn")
    for name, counts in evaluation.micro.fields_end_to_end.items():
        if counts != Counts():
            _add_counts(table, evaluation, name, "fields_end_to_end", name)
    return table


def _confusions_table(evaluation: Evaluation) -> Table:
    table = _table("Most confused", "gold → predicted", "times")
    for what, confusion in (evaluation.confusion or {}).items():
        for gold, found, number in worst(confusion, 3):
            table.add_row(Text(f"{what} · {gold} → {found}"), f"{number:,}")
    return table


def _calibration_table(evaluation: Evaluation) -> Table:
    names = ("records", "calibration error", "Brier", "area under risk")
    table = _table("Confidence", "", *names)
    for layer in LAYERS:
        found = evaluation.calibration(layer)
        if found is not None:
            values = (f"{one:.3f}" for one in (found.error, found.brier, found.area))
            table.add_row(layer, f"{found.number:,}", *values)
    return table


def _add_counts(table: Table, evaluation: Evaluation, title: str, group: str, name: str) -> None:
    counts = evaluation.micro.groups[group][name]
    if isinstance(counts, Counts):
        table.add_row(
            title,
            *_ratios(counts),
            _ratio(evaluation.macro[group][name]["f1"]),
            *_numbers(counts),
        )


def _ratios(counts: Counts) -> list[Text]:
    return [_ratio(counts.precision), _ratio(counts.recall), _ratio(counts.f1)]


def _numbers(counts: Counts) -> list[str]:
    return [f"{number:,}" for number in (counts.tp, counts.fp, counts.fn)]


def _range(interval: Interval | None) -> Text:
    if interval is None:
        return Text(NOTHING, style="dim")
    mark = "*" if interval.few else ""
    return Text(f"{interval.low:.3f}–{interval.high:.3f}{mark}", style="dim")


def _accuracy_table(evaluation: Evaluation) -> Table:
    table = _table("Fields", "", "accuracy", "macro", "correct", "total", "spurious")
    for title, group, tallies in (
        ("read", "located", evaluation.micro.located),
        ("quantity", "fields", evaluation.micro.fields),
        ("document", "metadata", evaluation.micro.metadata),
    ):
        for name, tally in tallies.items():
            if tally != Accuracy():
                mean = evaluation.macro[group][name]["accuracy"]
                numbers = (tally.correct, tally.total, tally.spurious)
                shown = (f"{number:,}" for number in numbers)
                table.add_row(f"{title} · {name}", _ratio(tally.accuracy), _ratio(mean), *shown)
        table.add_section()
    return table


def _documents_table(evaluation: Evaluation, most: int) -> Table:
    names = ("quantities", "strict", "indicators", "entities", "claims", "facts", "full facts")
    table = _table("F1 by document", "document", *names)
    for doc_id, scores in list(evaluation.documents.items())[:most]:
        table.add_row(Text(doc_id), *(_ratio(one.f1) for one in _document_counts(scores)))
    left_out = len(evaluation.documents) - most
    if left_out > 0:
        table.caption = f"… and {left_out:,} more documents"
    return table


def _document_counts(scores: Scores) -> Sequence[Counts]:
    return (
        scores.quantities[ALL],
        scores.quantities_strict[ALL],
        scores.indicators["end_to_end"],
        scores.entities[ALL],
        scores.claims[ALL],
        scores.facts["core"],
        scores.facts["full"],
    )


def _errors_summary(errors: Sequence[Discrepancy]) -> Text:
    kinds = Counter(error.kind for error in errors)
    counted = (f"{kinds[kind]:,} {kind}" for kind in ("missed", "spurious", "field"))
    return Text(f"{len(errors):,} differences: {', '.join(counted)}")


def _errors_table(errors: Sequence[Discrepancy]) -> Table:
    table = Table(
        title="First differences", title_justify="left", title_style="bold", box=box.SIMPLE_HEAD
    )
    for name in ("document", "offsets", "difference", "text", "gold", "predicted"):
        table.add_column(name, overflow="fold")
    for error in errors:
        what = f"wrong {error.field}" if error.field else f"{error.kind} {error.record}"
        shown = (error.doc_id, f"{error.start}–{error.end}", what, _one_line(error.text))
        values = (_one_line(error.gold or NOTHING), _one_line(error.predicted or NOTHING))
        table.add_row(*(Text(cell) for cell in (*shown, *values)))
    return table


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST_CHARACTERS else line[: _MOST_CHARACTERS - 1] + "…"


def _ratio(value: float | None) -> Text:
    if value is None:
        return Text(NOTHING, style="dim")
    style = "green" if value >= _GOOD else "yellow" if value >= _FAIR else "red"
    return Text(f"{value:.3f}", style=style)
