"""A finished run in a terminal: what was read and found, what failed, and where to go on."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from typing import Any, Final

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from jixiao.batch.run import RunSummary
from jixiao.exports.names import CLAIM_KINDS, ENTITY_LABELS, LABELS
from jixiao.stores.annotations import annotation_path

_MOST_FAILURES: Final = 20


def render_summary(summary: RunSummary, console: Console) -> None:
    """Print the counts, the failures, the outputs and the next steps of a run."""
    console.print(_counts_table(summary))
    if summary.failures:
        console.print(_failures_table(summary))
    console.print(_outputs_table(summary))
    console.print(_next_steps(summary))


def duration(seconds: float) -> str:
    """Return a length of time for people.

    >>> duration(4.21), duration(75), duration(7384)
    ('4.2 s', '1 min 15 s', '2 h 03 min')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"


def _grid() -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True, min_width=10)
    table.add_column(overflow="fold")
    return table


def _counts_table(summary: RunSummary) -> RenderableType:
    counts, table = summary.counts, _grid()
    table.add_row("Documents", _documents(summary))
    rate = counts["characters"] / max(summary.elapsed_seconds, 1e-9)
    workers = "1 worker" if summary.workers == 1 else f"{summary.workers} workers"
    took = f"{duration(summary.elapsed_seconds)}, {rate:,.0f} a second, {workers}"
    table.add_row("Characters", _with_note(f"{counts['characters']:,}", took))
    table.add_row("Quantities", _quantities(counts))
    table.add_row("Aligned", _aligned(counts))
    if counts["entities"]:
        shown = _by_size(counts["entities_by_label"], ENTITY_LABELS)
        table.add_row("Entities", _with_note(f"{counts['entities']:,}", shown))
    if counts["claims"]:
        shown = _by_size(counts["claims_by_kind"], CLAIM_KINDS)
        table.add_row("Claims", _with_note(f"{counts['claims']:,}", shown))
    table.add_row("Facts", _facts(counts))
    if counts["checks"]:
        table.add_row("Checks", _listed(counts["checks"]))
    table.add_row("Issues", _with_note(f"{counts['issues']:,}", _listed(counts["issues_by_code"])))
    return table


def _documents(summary: RunSummary) -> Text:
    counts = summary.counts
    line = Text(f"{counts['ok']:,} ok", style="green" if counts["ok"] else "")
    if counts["failed"]:
        line.append(", ").append(f"{counts['failed']:,} failed", style="bold red")
    notes = []
    if summary.reused:
        notes.append(f"{summary.reused:,} unchanged since the former run")
    if summary.outdated:
        notes.append("all annotated anew: the former run had other settings or another version")
    if summary.skipped:
        notes.append(f"passed over: {_listed(summary.skipped)}")
    return line.append(f"  {'; '.join(notes)}" if notes else "", style="dim")


def _quantities(counts: Mapping[str, Any]) -> Text:
    shown = _by_size(counts["quantities_by_label"], LABELS)
    return _with_note(f"{counts['quantities']:,}", shown)


def _by_size(counts: Mapping[str, int], names: Mapping[str, str]) -> str:
    ordered = sorted(counts, key=lambda code: (-counts[code], code))
    return ", ".join(f"{code} {names[code]} {counts[code]:,}" for code in ordered)


def _aligned(counts: Mapping[str, Any]) -> Text:
    if counts["aligned_share"] is None:
        return Text("–", style="dim")
    share = f"{counts['aligned_share']:.1%}"
    return _with_note(share, f"{counts['aligned']:,} quantities have a catalogue indicator")


def _facts(counts: Mapping[str, Any]) -> Text:
    line = Text(f"{counts['facts']:,}")
    if counts["conflicts"]:
        line.append(f"  {counts['conflicts']:,} in conflict", style="yellow")
    return line


def _failures_table(summary: RunSummary) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold red")
    table.add_column("failed", overflow="fold", ratio=2)
    table.add_column("stage", no_wrap=True)
    table.add_column("reason", overflow="fold", ratio=5)
    for failure in summary.failures[:_MOST_FAILURES]:
        table.add_row(Text(failure.source), Text(failure.stage), Text(failure.message))
    left_out = len(summary.failures) - _MOST_FAILURES
    if left_out > 0:
        table.caption = f"… and {left_out:,} more, all in tables/failures.parquet and run.json"
    return table


def _outputs_table(summary: RunSummary) -> RenderableType:
    outputs = {
        "annotations/": "one .jsonl for each report, with offsets into text/",
        "tables/": "documents, quantities, facts, … as Parquet",
    }
    if summary.workbook is not None:
        outputs[summary.workbook] = "facts, achievements and names to read and review"
        parts = {name: count for name, count in summary.parts.items() if name != summary.page}
        for name, count in parts.items():
            outputs[summary.workbook] += f"; {name} on {count} worksheets"
    if summary.page is not None:
        outputs[summary.page] = "the same in a browser, beside the text"
        if pages := summary.parts.get(summary.page):
            numbered = summary.page.replace(".", "-001.", 1)
            outputs[summary.page] = f"index of {pages} pages, {numbered} and so on"
    outputs["run.json"] = "versions, settings, inputs, counts, failures"
    lines = Text(f"{summary.out}{os.sep}")
    for name, meaning in outputs.items():
        lines.append(f"\n  {name:14}").append(meaning, style="dim")
    if summary.workbook is None:
        lines.append("\n  no facts.xlsx; ask for it with --workbook", style="dim")
    if summary.page is None:
        lines.append("\n  no report.html; ask for it with --page", style="dim")
    if summary.kept is not None:
        kept = f"\n  an edited facts.xlsx was there; it is kept as {summary.kept}"
        lines.append(kept, style="yellow")
    table = _grid()
    table.add_row("Results", lines)
    return table


def _next_steps(summary: RunSummary) -> RenderableType:
    out, steps = shlex.quote(str(summary.out)), []
    if summary.failures:
        steps.append("mend what failed, then the same command with --resume")
    if summary.example is not None:
        example = str(annotation_path(summary.out, summary.example))
        steps.append(f"jixiao show {shlex.quote(example)}")
        steps.append(f"jixiao evaluate --gold GOLD --pred {out}")
    table = _grid()
    table.add_row("Next", Text("\n".join(steps)))
    return table


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def _with_note(text: str, note: str) -> Text:
    return Text(text).append(f"  {note}" if note else "", style="dim")
