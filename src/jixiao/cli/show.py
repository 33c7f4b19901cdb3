"""``jixiao show``: one report in the terminal, or as one HTML page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jixiao.cli.group import TeachingCommand
from jixiao.cli.options import (
    lexicon_option,
    models_option,
    ocr_option,
    read_settings,
    redact_option,
)

if TYPE_CHECKING:
    from jixiao.annotation import Annotation
    from jixiao.documents import Report
    from jixiao.settings import Settings

_LABELS = ["MONEY", "PERCENT", "COUNT", "RATIO", "RANK", "SCORE", "MEASURE"]


@click.command(cls=TeachingCommand)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--outline", is_flag=True, help="Show the headings instead of the text.")
@click.option(
    "--label",
    metavar="L",
    type=click.Choice(_LABELS, case_sensitive=False),
    help=f"Only quantities of this label: {', '.join(_LABELS)}.",
)
@click.option("--claims", is_flag=True, help="Show only the achievements, as cards.")
@click.option("--width", metavar="N", type=click.IntRange(min=20), help="Columns to fill.")
@click.option(
    "--text",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="The raw text of an annotation file, or its folder; by default text/ beside it.",
)
@click.option(
    "--html",
    metavar="PAGE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write one HTML page, text beside facts, instead of printing.",
)
@lexicon_option
@ocr_option
@models_option
@redact_option
@click.option("--json", "as_json", is_flag=True, help="Print the records, one a line.")
def show(
    file: Path,
    outline: bool,
    label: str | None,
    claims: bool,
    width: int | None,
    text: Path | None,
    html: Path | None,
    lexicon: Path | None,
    ocr: str | None,
    models: Path | None,
    redact: bool,
    as_json: bool,
) -> None:
    """Show one report with its quantities and names marked, list them, and what it achieved.

    FILE is a report (.docx, .pdf, .html, .xlsx, .txt …), annotated on the spot, or an annotation
    file (.jsonl). Each quantity is coloured by its label and carries the number of its row in the
    table below the text; names are underlined. Each achievement is a card at the end: who, what, at
    which level, when, its numbers, and the words of the report.

    For example:
      jixiao show report.docx
      jixiao show report.pdf --outline
      jixiao show report.docx --claims
      jixiao show report.docx --html report.html --redact
      jixiao show results/annotations/report.jsonl --label MONEY
      jixiao show report.txt --json | jq 'select(.type == "fact")'
      jixiao show report.txt | less -R      (with FORCE_COLOR=1 for colours)
    """
    if claims and (outline or label):
        raise click.UsageError("--claims shows no text; leave out --outline and --label")
    if html is not None and (outline or label or claims or as_json):
        raise click.UsageError("--html writes everything; leave out the other choices of output")
    settings = read_settings(ocr=ocr, lexicon=lexicon, redact=redact, models=models)
    annotation, report = _read(file, text, settings)
    if as_json:
        _print_json(annotation, report, label, outline=outline, claims=claims)
        return
    from jixiao.indicators import load_catalogue

    if html is not None:
        from jixiao.views.page import write_report_page

        names = {id: each.name_zh for id, each in load_catalogue().indicators.items()}
        write_report_page(html, annotation, names, report)
        return
    from rich.console import Console

    from jixiao.views.terminal import render_annotation, render_claims, render_outline

    console = Console(width=width, highlight=False)
    if outline:
        render_outline(report, console)
    elif claims:
        render_claims(annotation, console)
    else:
        render_annotation(annotation, console, load_catalogue().name, label, report)


def _read(file: Path, text: Path | None, settings: Settings) -> tuple[Annotation, Report]:
    """Return the annotation in a file and its report, or those of a report.

    Raises
    ------
    DocumentError
        If the file cannot be read as a report.
    RecordError
        If it is an annotation file and broken.
    OutputError
        If its text is not to be found.
    """
    from jixiao.documents import Report, read
    from jixiao.pipeline import annotate_report
    from jixiao.redaction import redact as make_redacted
    from jixiao.redaction import redacted_report
    from jixiao.stores.annotations import read_annotation_file

    if file.suffix.lower() == ".jsonl":
        annotation = read_annotation_file(file, text)
        if settings.redact:
            annotation = make_redacted(annotation)
        return annotation, Report(annotation.document.doc_id, annotation.text)
    report = read(file, settings=settings)
    annotation = annotate_report(report, settings)
    return annotation, redacted_report(report, annotation.text) if settings.redact else report


def _print_json(
    annotation: Annotation, report: Report, label: str | None, *, outline: bool, claims: bool
) -> None:
    from jixiao.records import Claim, Quantity, encode_line

    if outline:
        for heading in report.outline.headings:
            start, end = report.view.raw_span(heading.start, heading.end)
            line = {
                "start": start,
                "end": end,
                "level": heading.level,
                "number": heading.number,
                "text": heading.text,
                "kind": report.outline.kind(heading.start),
                "path": list(report.outline.path(heading.start)),
            }
            click.echo(json.dumps(line, ensure_ascii=False))
        return
    for record in annotation.records:
        if claims and not isinstance(record, Claim):
            continue
        if label is None or (isinstance(record, Quantity) and record.label == label):
            click.echo(encode_line(record))
