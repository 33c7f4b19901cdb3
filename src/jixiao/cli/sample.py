"""``jixiao sample``: a stratified sample of a run for a person to review."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from jixiao.cli.group import TeachingCommand

if TYPE_CHECKING:
    from jixiao.evaluation.sampling import Allocation, By, RecordType


@click.command(cls=TeachingCommand)
@click.argument("run", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The review sheet (.xlsx). One that someone has filled in is never overwritten.",
)
@click.option(
    "--n",
    "number",
    type=click.IntRange(min=2),
    default=200,
    show_default=True,
    help="Records to draw.",
)
@click.option(
    "--by",
    default="label,confidence",
    show_default=True,
    help="Strata, crossed: label, confidence, section, document; small ones are put together, from "
    "the last named on.",
)
@click.option(
    "--record",
    type=click.Choice(["quantity", "entity", "claim"]),
    default="quantity",
    show_default=True,
    help="What is reviewed: numbers, names or achievements.",
)
@click.option(
    "--allocation",
    type=click.Choice(["proportional", "neyman"]),
    default="proportional",
    show_default=True,
    help="Share the sample by size, or (neyman) more where the confidence is low.",
)
@click.option(
    "--largest",
    type=click.IntRange(min=0),
    default=0,
    metavar="K",
    help="Review the K largest amounts of money whatever the draw: a few carry most of a sum.",
)
@click.option(
    "--missed",
    type=click.IntRange(min=0),
    default=0,
    metavar="M",
    help="Draw M sentences too, to be checked for numbers that were missed: gives recall.",
)
@click.option("--seed", default=0, show_default=True, help="The same seed draws the same sample.")
@click.option("--json", "as_json", is_flag=True, help="Print the design as JSON.")
def sample(
    run: Path,
    out: Path,
    number: int,
    by: str,
    record: str,
    allocation: str,
    largest: int,
    missed: int,
    seed: int,
    as_json: bool,
) -> None:
    """Draw a stratified random sample of a run and write the sheet for its review.

    DIR is the output of `jixiao annotate`. Each sampled record stands in the sheet with its sentence
    and what was read from it; in the orange columns the reviewer chooses 正确, 错误 or 存疑 and writes
    the right value. The design (strata, weights, seed, fingerprint of the records) is in the sheet,
    so that `jixiao estimate` can say from it how accurate the whole run is. A sheet that leaves the
    house is drawn from a run made with --redact.

    For example:
      jixiao sample results --out review.xlsx --n 200
      jixiao sample results --out review.xlsx --n 300 --by label,confidence,section,document --seed 7
      jixiao sample results --out review.xlsx --n 200 --missed 100 --largest 20
      jixiao sample results --out names.xlsx --record entity --n 100
      jixiao estimate review.xlsx --run results        once it is filled in
    """
    from jixiao.evaluation.review_sheet import write_review_sheet
    from jixiao.evaluation.sampling import draw_sample
    from jixiao.indicators import load_catalogue

    drawn = draw_sample(
        run,
        number,
        by=cast("list[By]", [one.strip() for one in by.split(",") if one.strip()]),
        record=cast("RecordType", record),
        allocation=cast("Allocation", allocation),
        largest=largest,
        missed=missed,
        seed=seed,
    )
    names = {key: one.name_zh for key, one in load_catalogue(None, "add").indicators.items()}
    write_review_sheet(drawn, run, out, names)
    if as_json:
        import json

        click.echo(json.dumps(drawn.to_dict(), ensure_ascii=False, indent=2))
        return
    from rich.console import Console

    from jixiao.evaluation.review_views import render_design

    render_design(drawn, out, run, Console(highlight=False))
