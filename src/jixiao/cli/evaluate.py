"""``jixiao evaluate``: how accurate predicted annotations are."""

from __future__ import annotations

from pathlib import Path

import click

from jixiao.cli.group import TeachingCommand


@click.command(cls=TeachingCommand)
@click.option(
    "--gold",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder with the gold annotations (*.jsonl).",
)
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
@click.option("--json", "as_json", is_flag=True, help="Print all scores and differences as JSON.")
def evaluate(gold: Path, pred: Path, text: Path | None, as_json: bool) -> None:
    """Score predicted annotations against gold.

    Quantities match where they overlap with the same label and value; indicators are scored on
    matched quantities and end to end; fields, entities, claims and facts each by their rule in
    ANNOTATION.md. Only documents that have gold are scored.

    For example:
      jixiao evaluate --gold annotations/1.2 --pred results
      jixiao evaluate --gold gold --pred results --text results/text
      jixiao evaluate --gold gold --pred results --json | jq .micro.quantities
    """
    from jixiao.evaluation import evaluate_folders

    evaluation = evaluate_folders(gold, pred, text)
    if as_json:
        import json

        click.echo(json.dumps(evaluation.to_dict(), ensure_ascii=False, indent=2, default=str))
        return
    from rich.console import Console

    from jixiao.evaluation.rendering import render

    render(evaluation, Console(highlight=False))
