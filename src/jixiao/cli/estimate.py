"""``jixiao estimate``: what a reviewed sample says of the whole run."""

from __future__ import annotations

from pathlib import Path

import click

from jixiao.cli.group import TeachingCommand


@click.command(cls=TeachingCommand)
@click.argument("sheet", metavar="REVIEW.xlsx", type=click.Path(path_type=Path))
@click.option(
    "--run",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The output of `jixiao annotate` the sample was drawn from; the sheet is checked to be its.",
)
@click.option(
    "--gold",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Gold of some documents of the run, for prediction-powered inference; with --run.",
)
@click.option(
    "--partial",
    is_flag=True,
    help="Go on without the records that have no verdict, as missing at random in their stratum.",
)
@click.option(
    "--level", type=float, default=0.95, show_default=True, help="Level of the intervals."
)
@click.option("--details", is_flag=True, help="Print the precision of every stratum too.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def estimate(
    sheet: Path,
    run: Path | None,
    gold: Path | None,
    partial: bool,
    level: float,
    details: bool,
    as_json: bool,
) -> None:
    """Estimate how accurate a run is from a reviewed sample.

    REVIEW.xlsx is what `jixiao sample` wrote, with the verdicts filled in. Precision is that of all
    records of the run, by the stratified estimator with finite population correction (Cochran 1977)
    and Korn and Graubard's interval (1998); a doubtful record counts as not right. Sums of money
    are corrected by what the reviewer wrote (difference estimator). Recall is told where sentences
    were sampled (`jixiao sample --missed`). The last lines are the paragraph for a paper's methods
    section, in Chinese and English.

    For example:
      jixiao estimate review.xlsx
      jixiao estimate review.xlsx --run results --details
      jixiao estimate review.xlsx --run results --gold gold
      jixiao estimate review.xlsx --json | jq .precision
    """
    from jixiao.evaluation.review import estimate_review

    found = estimate_review(sheet, run=run, gold=gold, partial=partial, level=level)
    if as_json:
        import json

        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
        return
    from rich.console import Console

    from jixiao.evaluation.review_views import render

    render(found, Console(highlight=False), details=details)
