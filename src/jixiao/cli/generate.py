"""``jixiao generate``: labelled synthetic reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jixiao.cli.group import TeachingCommand

if TYPE_CHECKING:
    from jixiao.generation.files import Summary


@click.command(cls=TeachingCommand)
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder for text/<doc_id>.txt and annotations/<doc_id>.jsonl; made if need be.",
)
@click.option("--reports", default=10, show_default=True, metavar="N", help="How many reports.")
@click.option(
    "--seed",
    default=1,
    show_default=True,
    metavar="S",
    help="What the first report is drawn from; the next has S + 1.",
)
@click.option(
    "--sentences",
    default=60,
    show_default=True,
    metavar="K",
    help="Sentences of a report, five at least.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def generate(out: Path, reports: int, seed: int, sentences: int, as_json: bool) -> None:
    """Make synthetic reports whose every quantity is labelled.

    Each report has a title, an issuer, five sections (overview, money, results, problems, plan)
    and a signature. Its sentences come from templates, so that the gold is right by construction:
    value, unit, bound, noun, measure, direction, period, region, modality; entities and claims are
    not labelled. The same seed and number of sentences give the same report. The regions are
    real, what is said of them is made up.

    Use them to test a change beside real gold, to measure speed, or to train on what real gold
    has little of; accuracy on them says nothing of accuracy on real reports.

    For example:
      jixiao generate --out synthetic
      jixiao generate --out synthetic --reports 200 --seed 1000 --sentences 120
      jixiao validate synthetic
      jixiao annotate synthetic/text --out results
      jixiao evaluate --gold synthetic/annotations --pred results
    """
    from jixiao.generation import write_reports

    summary = write_reports(out, reports, seed, sentences)
    if as_json:
        import json

        click.echo(json.dumps(summary.to_dict(), ensure_ascii=False, indent=2))
        return
    _print(summary)


def _print(summary: Summary) -> None:
    reports = len(summary.documents)
    noun = "report" if reports == 1 else "reports"
    click.echo(
        f"{reports:,} {noun} in {summary.out}: {summary.characters:,} characters, "
        f"{summary.quantities:,} quantities"
    )
    for name in ("labels", "measures", "modalities"):
        counts: dict[str, int] = getattr(summary, name)
        listed = ", ".join(f"{value} {number:,}" for value, number in counts.items())
        click.echo(f"  {name}: {listed}")
    click.echo(f"Next: jixiao validate {summary.out}")
