"""The command line: ``jixiao`` and its commands, one module each.

The modules load nothing but click; what a command needs is imported when it runs, so that
``jixiao --help`` answers at once.
"""

from __future__ import annotations

import click

from jixiao.cli.adjudicate import adjudicate
from jixiao.cli.agree import agree
from jixiao.cli.annotate import annotate
from jixiao.cli.catalogue import catalogue
from jixiao.cli.check import check
from jixiao.cli.compare import compare
from jixiao.cli.estimate import estimate
from jixiao.cli.evaluate import evaluate
from jixiao.cli.export import export
from jixiao.cli.generate import generate
from jixiao.cli.group import CommandGroup
from jixiao.cli.import_ import import_
from jixiao.cli.panel import panel
from jixiao.cli.query import query
from jixiao.cli.sample import sample
from jixiao.cli.show import show
from jixiao.cli.train import train
from jixiao.cli.validate import validate


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="jixiao", message="%(prog)s %(version)s")
def main() -> None:
    """Read Chinese government performance reports (绩效报告) into traceable facts.

    Every amount, percentage and count of a report is found, normalised, aligned to an indicator,
    and traceable to the characters it came from.

    Start here:
      jixiao show report.txt                    look at one report
      jixiao annotate reports/ --out results    annotate a folder of reports
      jixiao panel results --out panel.xlsx     region × period × indicator
      jixiao evaluate --gold gold --pred results
      jixiao validate results

    Exit codes: 0 all well, 1 some documents failed or are invalid, 2 wrong usage.
    """


main.add_command(adjudicate)
main.add_command(agree)
main.add_command(annotate)
main.add_command(catalogue)
main.add_command(check)
main.add_command(compare)
main.add_command(estimate)
main.add_command(evaluate)
main.add_command(export)
main.add_command(generate)
main.add_command(import_)
main.add_command(panel)
main.add_command(query)
main.add_command(sample)
main.add_command(show)
main.add_command(train)
main.add_command(validate)

__all__ = ["main"]
