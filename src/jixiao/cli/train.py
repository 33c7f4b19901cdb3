"""``jixiao train``: rebuild what was fitted, from what the repository holds."""

from __future__ import annotations

import click

from jixiao.cli.group import CommandGroup, TeachingCommand


@click.group(cls=CommandGroup)
def train() -> None:
    """Rebuild the models and fitted tables of the package.

    Runs from a checkout of the repository: the specimens in corpus/ and their gold in annotations/
    are what is learned from, test specimens aside. Where JIXIAO_REPORTS names a folder of real
    reports with gold, the confidence table counts them too; the models never do.

    The commands are seeded: the same data give the same files.

    For example:
      jixiao train claims
      jixiao train confidence
    """


@train.command(cls=TeachingCommand)
def claims() -> None:
    """Fit the model that decides which clauses are achievement claims.

    A logistic regression over structural features of the clause, stored as claims_model.json. Run it
    after changes of triggers.csv or of the context of quantities.
    """
    from jixiao.training.claims import train_claims

    click.echo(train_claims())


@train.command(cls=TeachingCommand)
def confidence() -> None:
    """Count how often each rule was right: confidence.csv."""
    from jixiao.training.confidence import train_confidence

    click.echo(train_confidence())
