"""``jixiao compare``: what one run gains and loses beside another."""

from __future__ import annotations

from pathlib import Path

import click

from jixiao.cli.group import TeachingCommand
from jixiao.cli.options import gold_option


@click.command(cls=TeachingCommand)
@click.argument("before", metavar="A", type=click.Path(path_type=Path))
@click.argument("after", metavar="B", type=click.Path(path_type=Path))
@gold_option
@click.option(
    "--text",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder with the raw texts; all sides are then checked against them.",
)
@click.option("--brief", is_flag=True, help="Print a Markdown table for a commit message.")
@click.option("--json", "as_json", is_flag=True, help="Print differences and changes as JSON.")
@click.option(
    "--changes",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="How many records gained, and how many lost, are listed.",
)
@click.option(
    "--permutations",
    type=click.IntRange(min=1),
    default=9999,
    show_default=True,
    help="Swaps the test tries; all of them where there are no more.",
)
@click.option("--seed", default=0, show_default=True, help="Seed of the swaps.")
def compare(
    before: Path,
    after: Path,
    gold: Path,
    text: Path | None,
    brief: bool,
    as_json: bool,
    changes: int,
    permutations: int,
    seed: int,
) -> None:
    """Show what run B gains and loses beside run A.

    A and B are outputs of `jixiao annotate`, or folders with annotation files. Scored are the
    documents that gold and both runs have. p is the part of random swaps of the runs' documents
    that give as large a difference (paired approximate randomisation); with few documents every
    swap is tried, and p cannot be small. Gained is what only A has wrong, lost what only B has.

    For example:
      jixiao compare before after --gold annotations/1.2
      jixiao compare before after --gold gold --brief
      jixiao compare before after --gold gold --json | jq '.changes[] | select(.change == "lost")'
    """
    from jixiao.evaluation import compare_folders

    found = compare_folders(before, after, gold, text, permutations=permutations, seed=seed)
    if as_json:
        import json

        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2, default=str))
    elif brief:
        click.echo(found.to_markdown(), nl=False)
    else:
        from rich.console import Console

        from jixiao.evaluation.rendering import render_comparison

        render_comparison(found, Console(highlight=False), max_changes=changes)
