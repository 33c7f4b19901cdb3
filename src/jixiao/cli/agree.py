"""``jixiao agree``: how far annotators agree."""

from __future__ import annotations

from pathlib import Path

import click

from jixiao.cli.group import TeachingCommand


@click.command(cls=TeachingCommand)
@click.argument(
    "annotators", nargs=-1, required=True, metavar="A B [C]...", type=click.Path(path_type=Path)
)
@click.option(
    "--text",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder with the raw texts; all annotators are then checked against them.",
)
@click.option(
    "--gamma", is_flag=True, help="Compute γ too; needs pygamma-agreement, and takes long."
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option(
    "--parquet",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write scores, coefficients and disagreements as Parquet tables.",
)
@click.option(
    "--disagreements",
    "most",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="How many disagreements are listed.",
)
def agree(
    annotators: tuple[Path, ...],
    text: Path | None,
    gamma: bool,
    as_json: bool,
    parquet: Path | None,
    most: int,
) -> None:
    """Show how far annotators agree, on the documents all of them have.

    Each folder holds one annotator's files (*.jsonl), or is the output of `jixiao annotate`.

    F1 of each pair says how much both mark, Cohen's κ and Krippendorff's α how far they agree
    beyond chance: on the labels of records that share text, on each field of quantities that match,
    and on every character of the text, where unmarked is a value of its own. For characters the raw
    texts are needed: from --text, else from a folder text/ beside the annotations.

    For example:
      jixiao agree gold/anna gold/bo
      jixiao agree gold/anna gold/bo gold/chen --text texts --parquet agreement
      jixiao agree gold/anna results --disagreements 50
      jixiao agree gold/anna gold/bo --json | jq '.coefficients[] | select(.name == "measure")'
      jixiao adjudicate gold/anna gold/bo --out adjudicated    settle what they differ in
    """
    from jixiao.evaluation.agreement import agree_folders

    found = agree_folders(annotators, text, with_gamma=gamma)
    if parquet is not None:
        from jixiao.evaluation.agreement_views import write_parquet

        written = write_parquet(found, parquet)
        click.echo(f"wrote {len(written)} tables to {parquet}", err=True)
    if as_json:
        import json

        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2, default=str))
        return
    from rich.console import Console

    from jixiao.evaluation.agreement_views import render

    render(found, Console(highlight=False), most=most)
