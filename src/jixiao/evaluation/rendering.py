"""The evaluation as tables in a terminal. Only this module of the layer needs ``rich``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from jixiao.evaluation.discrepancies import Discrepancy
from jixiao.evaluation.report import Evaluation
from jixiao.evaluation.scores import ALL, PLACES, Accuracy, Counts, Scores

NOTHING: Final = "–"
_GOOD: Final = 0.9
_FAIR: Final = 0.7
_MOST_CHARACTERS: Final = 20

_FIXED_ROWS: Final = (
    ("Quantities, relaxed", "quantities", ALL),
    ("Quantities, strict", "quantities_strict", ALL),
    ("Indicators, matched", "indicators", "matched"),
    ("Indicators, end to end", "indicators", "end_to_end"),
    ("Entities", "entities", ALL),
    ("Claims", "claims", ALL),
    ("Facts, core", "facts", "core"),
    ("Facts, full", "facts", "full"),
    ("Checks", "checks", ALL),
    ("Checks, with verdict", "checks", "verdict"),
    ("Checks, alarms", "checks", "inconsistent"),
)


def render(
    evaluation: Evaluation, console: Console, *, max_documents: int = 30, max_errors: int = 10
) -> None:
    """Print the scores, the warnings, and the first differences."""
    console.print(_heading(evaluation))
    console.print(_scores_table(evaluation))
    console.print(_breakdown_table(evaluation))
    console.print(_accuracy_table(evaluation))
    if len(evaluation.documents) > 1:
        console.print(_documents_table(evaluation, max_documents))
    for warning in _warnings(evaluation):
        console.print(Text(f"! {warning}", style="yellow"))
    console.print(_errors_summary(evaluation.errors))
    if evaluation.errors and max_errors > 0:
        console.print(_errors_table(evaluation.errors[:max_errors]))


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


def _scores_table(evaluation: Evaluation) -> Table:
    table = _table("Scores", "", "P", "R", "F1", "macro F1", "tp", "fp", "fn")
    for title, group, name in _FIXED_ROWS:
        _add_counts(table, evaluation, title, group, name)
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


def _add_counts(table: Table, evaluation: Evaluation, title: str, group: str, name: str) -> None:
    counts = evaluation.micro.groups[group][name]
    if isinstance(counts, Counts):
        table.add_row(
            title,
            _ratio(counts.precision),
            _ratio(counts.recall),
            _ratio(counts.f1),
            _ratio(evaluation.macro[group][name]["f1"]),
            *(f"{number:,}" for number in (counts.tp, counts.fp, counts.fn)),
        )


def _accuracy_table(evaluation: Evaluation) -> Table:
    table = _table("Fields", "", "accuracy", "macro", "correct", "total", "spurious")
    for title, group, tallies in (
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


def _warnings(evaluation: Evaluation) -> Iterator[str]:
    for documents, meaning in (
        (evaluation.unpredicted, "without prediction (all records count as missed)"),
        (evaluation.ungolded, "without gold (not scored)"),
        (evaluation.unverified, "with no hash or raw text to show that both sides mean one text"),
    ):
        if documents:
            more = ", …" if len(documents) > 5 else ""
            yield f"{len(documents):,} {meaning}: {', '.join(documents[:5])}{more}"


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
