"""``jixiao evaluate``: how accurate predicted annotations are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jixiao.cli.group import TeachingCommand
from jixiao.cli.options import gold_option, redact_option

if TYPE_CHECKING:
    from jixiao.evaluation import Evaluation


@click.command(cls=TeachingCommand)
@gold_option
@click.option(
    "--pred",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder with the predicted annotations, or the output of `jixiao annotate`.",
)
@click.option(
    "--text",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder with the raw texts; both sides are then checked against them.",
)
@click.option(
    "--details", is_flag=True, help="Print fields, breakdowns, confusions, documents too."
)
@click.option("--json", "as_json", is_flag=True, help="Print all scores and differences as JSON.")
@click.option(
    "--html",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a page with tables, plots and all differences, to be browsed and filtered.",
)
@click.option(
    "--parquet",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write scores, breakdowns, confusions, calibration and differences as Parquet tables.",
)
@click.option(
    "--resamples",
    type=click.IntRange(min=1),
    default=2000,
    show_default=True,
    help="Bootstrap samples of the intervals.",
)
@click.option("--seed", default=0, show_default=True, help="Seed of the bootstrap.")
@redact_option
def evaluate(
    gold: Path,
    pred: Path,
    text: Path | None,
    details: bool,
    as_json: bool,
    html: Path | None,
    parquet: Path | None,
    resamples: int,
    seed: int,
    redact: bool,
) -> None:
    """Score predicted annotations against gold.

    Quantities match where they overlap with the same label and value; indicators are scored on
    matched quantities and end to end; fields, entities, claims and facts each by their rule in
    ANNOTATION.md. Spans are also scored strict, exact, partial and type, as in SemEval-2013 task 9.
    Only documents that have gold are scored.

    Intervals are drawn by bootstrap over documents; an asterisk marks those that rest on fewer than
    ten. The sentences of the differences come from --text, else from a folder text/ beside the
    annotations.

    For example:
      jixiao evaluate --gold annotations/1.2 --pred results
      jixiao evaluate --gold gold --pred results --text results/text --html report.html
      jixiao evaluate --gold gold --pred results --details
      jixiao evaluate --gold gold --pred results --json | jq .micro.quantities
    """
    from jixiao.evaluation import evaluate_folders

    evaluation = evaluate_folders(gold, pred, text)
    if redact:
        evaluation = _redacted(evaluation, gold, pred, text)
    intervals = evaluation.intervals(resamples=resamples, seed=seed)
    if html is not None:
        from jixiao.stores.atomic import write_whole

        write_whole(html, evaluation.to_html(intervals=intervals).encode())
        click.echo(f"wrote {html}", err=True)
    if parquet is not None:
        from jixiao.evaluation.frames import write_parquet

        written = write_parquet(evaluation, parquet, intervals=intervals)
        click.echo(f"wrote {len(written)} tables to {parquet}", err=True)
    if as_json:
        import json

        shown = evaluation.to_dict(intervals)
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2, default=str))
        return
    from rich.console import Console

    from jixiao.evaluation.rendering import render

    console = Console(highlight=False)
    render(evaluation, console, intervals=intervals, details=details)


def _redacted(evaluation: Evaluation, gold: Path, pred: Path, text: Path | None) -> Evaluation:
    from jixiao.evaluation import read_annotations, read_texts
    from jixiao.evaluation.redacted import redacted
    from jixiao.evaluation.report import texts_beside

    ours, theirs = read_annotations(gold), read_annotations(pred)
    texts = read_texts(text) if text is not None else texts_beside(ours, pred, gold)
    return redacted(evaluation, texts, ours, theirs)
