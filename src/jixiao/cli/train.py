"""``jixiao train``: rebuild what was fitted, from what the repository holds."""

from __future__ import annotations

from pathlib import Path

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
      jixiao train alignment
      jixiao train claims
      jixiao train ner
      jixiao train pkuseg
      jixiao train confidence
    """


@train.command(cls=TeachingCommand)
@click.option(
    "--measure",
    "measured",
    is_flag=True,
    help="Write no model: print accuracy, calibration, risk–coverage and ablation as Markdown.",
)
def alignment(measured: bool) -> None:
    """Fit the ranker that decides which indicator a number measures.

    Boosted trees over what speaks for each candidate, stored as alignment.json; it takes a minute or
    two. Run it after changes of indicators.csv or of the context of quantities. With --measure real
    reports are measured too where JIXIAO_REPORTS names them; they teach nothing.

    For example:
      jixiao train alignment
      jixiao train alignment --measure
    """
    if measured:
        from jixiao.training.alignment_figures import measure_alignment

        click.echo(measure_alignment())
    else:
        from jixiao.training.alignment import train_alignment

        click.echo(train_alignment())


@train.command(cls=TeachingCommand)
def claims() -> None:
    """Fit the model that decides which clauses are achievement claims.

    A logistic regression over structural features of the clause, stored as claims_model.json. Run it
    after changes of triggers.csv or of the context of quantities.
    """
    from jixiao.training.claims import train_claims

    click.echo(train_claims())


@train.command(cls=TeachingCommand)
@click.option(
    "--measure/--no-measure",
    "measured",
    default=True,
    help="Measure the model: four more fits, most of the time. On by default.",
)
@click.option(
    "--export",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Fit nothing: write train.spacy, dev.spacy and config.cfg for `spacy train` there.",
)
@click.option(
    "--compare",
    "compared",
    is_flag=True,
    help="Write no model: compare the CRF on the words of each engine with spaCy's tagger of names.",
)
def ner(measured: bool, folder: Path | None, compared: bool) -> None:
    """Fit the model of names, and measure it: exact F1 of entities.

    A linear-chain CRF over words that sees what the rules found, stored as ner.json. It learns from
    the train specimens, from the same with other names, and from text generated from ner_names.csv and
    ner_sentences.csv. Run it after changes of these, of names.csv or of the rules of entities; it
    takes some minutes.

    For example:
      jixiao train ner
      jixiao train ner --compare
      jixiao train ner --export out/ner
      spacy train out/ner/config.cfg --paths.train out/ner/train.spacy --paths.dev out/ner/dev.spacy
    """
    if compared and folder is not None:
        raise click.UsageError("--compare and --export exclude each other; run them one by one")
    if compared:
        from jixiao.training.ner_compare import compare

        click.echo(compare())
    elif folder is not None:
        from jixiao.training.ner_compare import export_texts

        click.echo(export_texts(folder))
    else:
        from jixiao.training.ner import train_ner

        for line in train_ner(measured=measured):
            click.echo(line)


@train.command(cls=TeachingCommand)
def pkuseg() -> None:
    """Make the model of the segmentation engine pkuseg, which spacy-pkuseg ships none for.

    It learns the words of jieba in the train specimens and in generated reports, corrected by gold:
    no word reaches over the end of a name or a number.
    """
    from jixiao.training.pkuseg import train_pkuseg

    click.echo(train_pkuseg())


@train.command(cls=TeachingCommand)
def confidence() -> None:
    """Count how often each rule was right: confidence.csv."""
    from jixiao.training.confidence import train_confidence

    click.echo(train_confidence())
