"""``jixiao annotate``: reports to records, tables, a workbook and a page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn

import click

from jixiao.cli.group import INTERRUPTED, PARTIAL_FAILURE, TeachingCommand
from jixiao.cli.options import lexicon_option, ocr_option, read_settings

if TYPE_CHECKING:
    from jixiao.batch.run import RunSummary


@click.command(cls=TeachingCommand)
@click.argument(
    "paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path)
)
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder for the results: new, empty, or that of a former run.",
)
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(min=1),
    help="Processes; by default one for each processor.",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Keep what a former run made of files that have not changed.",
)
@click.option(
    "--catalogue",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Your indicators: YAML (see `jixiao catalogue check --help`), or CSV with the columns id, "
    "name_zh, unit, and aliases if you like.",
)
@click.option(
    "--catalogue-mode",
    type=click.Choice(["add", "replace"]),
    default="add",
    show_default=True,
    help="Put your indicators beside the built-in ones, or in their place.",
)
@click.option(
    "--workbook/--no-workbook",
    default=None,
    help="Write facts.xlsx; by default up to 2,000 documents.",
)
@click.option(
    "--page/--no-page",
    default=None,
    help="Write report.html; by default up to 2,000 documents.",
)
@lexicon_option
@ocr_option
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def annotate(
    paths: tuple[Path, ...],
    out: Path,
    workers: int | None,
    resume: bool,
    catalogue: Path | None,
    catalogue_mode: Literal["add", "replace"],
    workbook: bool | None,
    page: bool | None,
    lexicon: Path | None,
    ocr: str | None,
    as_json: bool,
) -> None:
    """Annotate reports: files, or folders with all below them.

    A report is a .docx, .doc, .wps, .rtf, .odt, .pdf, .html, .xlsx, .xls, .et or .txt file.

    DIR gets
      annotations/<doc_id>.jsonl   every record, with offsets
      text/<doc_id>.txt            the text the offsets refer to
      tables/*.parquet             documents, quantities, facts, issues, failures …
      facts.xlsx                   facts and quantities to read and review
      report.html                  the same in a browser: text beside facts, search, charts
      run.json                     versions, settings, inputs, counts, failures

    A report that cannot be read is listed with the reason and the others go on; the exit code is
    then 1. The same input gives the same output, whatever the number of workers.

    For example:
      jixiao annotate report.docx --out results
      jixiao annotate reports/2021 reports/2022 --out results --workers 8
      jixiao annotate reports --out results --resume
      jixiao annotate reports --out results --catalogue mine.yaml
      jixiao annotate reports --out results --lexicon units.csv
      jixiao annotate scans --out results --ocr "tesseract {} - -l chi_sim"
    """
    from jixiao.batch.run import annotate_paths
    from jixiao.cli.progress import progress_bar

    settings = read_settings(catalogue, catalogue_mode, ocr, lexicon)
    try:
        with progress_bar() as progress:
            summary = annotate_paths(
                paths,
                out,
                workers=workers,
                settings=settings,
                resume=resume,
                workbook=workbook,
                page=page,
                progress=progress,
            )
    except KeyboardInterrupt:
        _end_interrupted()
    _print_summary(summary, as_json=as_json)
    if not summary.ok:
        sys.exit(PARTIAL_FAILURE)


def _print_summary(summary: RunSummary, *, as_json: bool) -> None:
    if as_json:
        import json

        click.echo(json.dumps(summary.to_dict(), ensure_ascii=False, indent=2))
        return
    from rich.console import Console

    from jixiao.views.summary import render_summary

    render_summary(summary, Console(highlight=False))


def _end_interrupted() -> NoReturn:
    click.echo(
        "Interrupted. Every report that was finished is kept; go on where it stopped by the same "
        "command with --resume",
        err=True,
    )
    sys.exit(INTERRUPTED)
