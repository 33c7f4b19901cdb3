"""``jixiao train``: rebuild what was fitted, from what the repository holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from jixiao.cli.group import CommandGroup, TeachingCommand
from jixiao.cli.options import catalogue_option, lexicon_option, read_settings

if TYPE_CHECKING:
    from jixiao.training.reviewed import ModelName

_F = TypeVar("_F", bound=Callable[..., None])


@click.group(cls=CommandGroup)
def train() -> None:
    """Rebuild the models and fitted tables of the package.

    Runs from a checkout of the repository: the specimens in corpus/ and their gold in annotations/
    are what is learned from, test specimens aside. Where JIXIAO_REPORTS names a folder of real
    reports with gold, the confidence table counts them too; the models never do.

    The commands are seeded: the same data give the same files.

    Models of your own: with --reviewed DIR, where DIR is the --out of `jixiao import`, ner, claims and
    alignment learn from the documents you reviewed too, with or without a checkout, and write the model
    to --out; use it by `jixiao annotate … --models`. A document counts as reviewed as a whole: what
    nobody changed in it is taken for right. The gain is measured on reviewed documents held out, with
    the paired test of `jixiao compare`; it takes at least two.

    For example:
      jixiao import project.json --from labelstudio --onto results --out reviewed
      jixiao train ner --reviewed reviewed --out models
      jixiao annotate reports --out better --models models
      jixiao train alignment
      jixiao train claims
      jixiao train ner
      jixiao train pkuseg
      jixiao train confidence
    """


_REVIEWED_OPTIONS = (
    click.option(
        "--reviewed",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="Learn from these reviewed annotations too, and write the model to --out.",
    ),
    click.option(
        "--out",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        help="With --reviewed: the folder for the model.",
    ),
    click.option(
        "--gain/--no-gain",
        default=True,
        help="With --reviewed: measure the gain on documents held out. On by default.",
    ),
    catalogue_option,
    lexicon_option,
    click.option("--json", "as_json", is_flag=True, help="With --reviewed: print as JSON."),
)


def _reviewed_options(command: _F) -> _F:
    """Add the options by which a command learns from reviewed annotations."""
    for option in reversed(_REVIEWED_OPTIONS):
        command = option(command)
    return command


def _is_from_reviewed(
    name: ModelName,
    *,
    reviewed: Path | None,
    out: Path | None,
    gain: bool,
    catalogue: Path | None,
    lexicon: Path | None,
    as_json: bool,
) -> bool:
    """Fit a model on reviewed annotations and print what was gained, if that is what was asked for."""
    if reviewed is None:
        if out or catalogue or lexicon or as_json or not gain:
            raise click.UsageError("--out and the options that go with it need --reviewed DIR")
        return False
    if out is None:
        raise click.UsageError("--reviewed needs --out DIR, the folder for the model")
    from jixiao.training.reviewed import train_reviewed

    trained = train_reviewed(
        name,
        reviewed,
        out,
        measured=gain,
        settings=read_settings(catalogue, lexicon=lexicon),
        progress=lambda what: click.echo(f"{what} …", err=True),
    )
    if as_json:
        click.echo(json.dumps(trained.to_dict(), ensure_ascii=False, indent=2, default=str))
    else:
        click.echo(trained.to_markdown())
    return True


@train.command(cls=TeachingCommand)
@click.option(
    "--measure",
    "measured",
    is_flag=True,
    help="Write no model: print accuracy, calibration, risk–coverage and ablation as Markdown.",
)
@_reviewed_options
def alignment(measured: bool, **own: Any) -> None:
    """Fit the ranker that decides which indicator a number measures.

    Boosted trees over what speaks for each candidate, stored as alignment.json; it takes a minute or
    two. Run it after changes of indicators.csv or of the context of quantities. With --measure real
    reports are measured too where JIXIAO_REPORTS names them; they teach nothing.

    For example:
      jixiao train alignment
      jixiao train alignment --measure
      jixiao train alignment --reviewed reviewed --out models
    """
    if measured and own["reviewed"] is not None:
        raise click.UsageError("--measure and --reviewed exclude each other; run them one by one")
    if _is_from_reviewed("alignment", **own):
        return
    if measured:
        from jixiao.training.alignment_figures import measure_alignment

        click.echo(measure_alignment())
    else:
        from jixiao.training.alignment import train_alignment

        click.echo(train_alignment())


@train.command(cls=TeachingCommand)
@_reviewed_options
def claims(**own: Any) -> None:
    """Fit the model that decides which clauses are achievement claims.

    A logistic regression over structural features of the clause, stored as claims_model.json. Run it
    after changes of triggers.csv or of the context of quantities.

    For example:
      jixiao train claims
      jixiao train claims --reviewed reviewed --out models
    """
    if _is_from_reviewed("claims", **own):
        return
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
@_reviewed_options
def ner(measured: bool, folder: Path | None, compared: bool, **own: Any) -> None:
    """Fit the model of names, and measure it: exact F1 of entities.

    A linear-chain CRF over words that sees what the rules found, stored as ner.json. It learns from
    the train specimens, from the same with other names, and from text generated from ner_names.csv and
    ner_sentences.csv. Run it after changes of these, of names.csv or of the rules of entities; it
    takes some minutes.

    For example:
      jixiao train ner
      jixiao train ner --compare
      jixiao train ner --reviewed reviewed --out models
      jixiao train ner --export out/ner
      spacy train out/ner/config.cfg --paths.train out/ner/train.spacy --paths.dev out/ner/dev.spacy
    """
    if (compared, folder is not None, own["reviewed"] is not None).count(True) > 1:
        raise click.UsageError(
            "--compare, --export and --reviewed exclude each other; run them one by one"
        )
    if _is_from_reviewed("ner", **own):
        return
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
