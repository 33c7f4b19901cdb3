"""``jixiao export``: the annotations of a run as a file of an annotation tool."""

from __future__ import annotations

import json
from pathlib import Path

import click

from jixiao.cli.group import TeachingCommand
from jixiao.cli.options import redact_option

FORMATS = (
    "labelstudio",
    "doccano",
    "brat",
    "spacy",
    "prodigy",
    "conll",
    "conll-words",
    "webannotation",
)
LAYERS = ("quantity", "entity", "claim")

layer_option = click.option(
    "--layer",
    "layers",
    type=click.Choice(LAYERS),
    multiple=True,
    help="Only these records; may be repeated. Default: all (import: all that the file has).",
)


@click.command(cls=TeachingCommand)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--to", required=True, type=click.Choice(FORMATS), help="The format.")
@click.option(
    "--out",
    required=True,
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="The file to write; for brat and webannotation a folder.",
)
@layer_option
@redact_option
@click.option("--json", "as_json", is_flag=True, help="Print what was written and what was not.")
def export(
    folder: Path, to: str, out: Path, layers: tuple[str, ...], redact: bool, as_json: bool
) -> None:
    """Write the annotations of a folder for an annotation tool.

    DIR is the output of `jixiao annotate`. Quantities, names and claims become labelled spans, the
    word that carries a claim a span `trigger`; offsets are exact. What the format cannot hold is
    said: none of it is lost, `jixiao import --onto DIR` brings it back by key.

    labelstudio (.json): fields as answers for a region, claims related to their numbers; the
    interface is written beside, to paste into Settings, Labeling Interface, Code. doccano (.jsonl):
    allow overlapping spans and relations in the project. brat: .txt and .ann, with annotation.conf.
    spacy (.spacy): a DocBin with span groups. prodigy (.jsonl). conll, conll-words (.conll): BIO tags
    on characters or words, a column for each layer. webannotation: W3C JSON-LD.

    For example:
      jixiao export results --to labelstudio --out tasks.json
      jixiao export results --to brat --out brat/reports
      jixiao export results --to conll-words --layer entity --out names.conll
      jixiao export results --to conll --out all.conll --json | jq .left_out
    """
    from jixiao.exchange import export_folder
    from jixiao.exchange.marks import require_layers

    losses = export_folder(folder, to, out, require_layers(layers), redacted=redact)
    if as_json:
        given = {"file": str(out), "format": to, **losses.to_dict()}
        click.echo(json.dumps(given, ensure_ascii=False, indent=2))
        return
    for line in losses.lines():
        click.echo(line, err=True)
    click.echo(out)
