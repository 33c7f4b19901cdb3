"""``jixiao annotate``: reports to records, tables, a workbook and a page."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import click

from jixiao.cli.group import INTERRUPTED, PARTIAL_FAILURE, TeachingCommand
from jixiao.cli.options import (
    catalogue_option,
    lexicon_option,
    models_option,
    ocr_option,
    read_settings,
    redact_option,
)

if TYPE_CHECKING:
    from jixiao.batch.run import Engine, RunSummary


class _Place(click.Path):
    """A path; a URL stays as it is, since a path has no ``//``."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a path, or the text of a URL."""
        return value if "://" in str(value) else super().convert(value, param, ctx)


@click.command(cls=TeachingCommand)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=_Place(path_type=Path))
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=_Place(path_type=Path),
    help="Folder for the results: new, empty, or that of a former run.",
)
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(min=1),
    help="Processes; by default one for each processor.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="Annotate on this computer, or on the executors of Apache Spark (jixiao[spark], Java 17).",
)
@click.option(
    "--master",
    metavar="URL",
    help="Spark's master: spark://HOST:7077, yarn, local[4] …; by default what spark-submit or "
    "Spark's configuration says, else this computer.",
)
@click.option(
    "--spark-conf",
    multiple=True,
    metavar="NAME=VALUE",
    help="A setting of Spark, say spark.executor.memory=4g; may be given several times.",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Keep what a former run made of files that have not changed.",
)
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    help="What one report may take before it fails and the others go on; by default 300 and 60 for "
    "each megabyte, none with --ocr or one worker. 0: no limit.",
)
@click.option(
    "--memory",
    metavar="MB",
    type=int,
    help="What a worker may hold before its report fails likewise; by default no limit.",
)
@catalogue_option
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
@models_option
@redact_option
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def annotate(
    paths: tuple[str | Path, ...],
    out: str | Path,
    workers: int | None,
    engine: Literal["local", "spark"],
    master: str | None,
    spark_conf: tuple[str, ...],
    resume: bool,
    timeout: float | None,
    memory: int | None,
    catalogue: Path | None,
    catalogue_mode: Literal["add", "replace"],
    workbook: bool | None,
    page: bool | None,
    lexicon: Path | None,
    ocr: str | None,
    models: Path | None,
    redact: bool,
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
    then 1. The same input gives the same output, whatever the number of workers and the engine.

    With --engine spark the executors read and annotate, and this computer writes: DIR is a folder
    here, with all of the above, and --resume works. Every executor must see the reports under the
    paths given (a shared disk); what hdfs:// or another URL names, Spark reads. A task that fails
    is tried again by Spark. More than this computer can write goes by jixiao.spark in Python.

    For example:
      jixiao annotate report.docx --out results
      jixiao annotate reports/2021 reports/2022 --out results --workers 8
      jixiao annotate reports --out results --resume
      jixiao annotate reports --out results --engine spark --master spark://node1:7077
      jixiao annotate hdfs:///reports --out results --engine spark --master yarn
      jixiao annotate reports --out results --catalogue mine.yaml
      jixiao annotate reports --out results --lexicon units.csv
      jixiao annotate reports --out shared --redact
      jixiao annotate scans --out results --ocr "tesseract {} - -l chi_sim"
    """
    from jixiao.batch.run import annotate_paths
    from jixiao.cli.progress import progress_bar

    settings = read_settings(catalogue, catalogue_mode, ocr, lexicon, redact=redact, models=models)
    try:
        with _engine(engine, workers, master, spark_conf) as found, progress_bar() as progress:
            summary = annotate_paths(
                paths,
                out,
                workers=workers,
                settings=settings,
                resume=resume,
                workbook=workbook,
                page=page,
                timeout=timeout,
                memory=memory,
                engine=found,
                progress=progress,
            )
    except KeyboardInterrupt:
        _end_interrupted()
    _print_summary(summary, as_json=as_json)
    if not summary.ok:
        sys.exit(PARTIAL_FAILURE)


@contextmanager
def _engine(
    name: str, workers: int | None, master: str | None, conf: tuple[str, ...]
) -> Iterator[Engine | None]:
    """Yield what annotates instead of this computer, if anything does."""
    from jixiao.errors import SettingsError

    if name == "local":
        if master is not None or conf:
            raise SettingsError(
                "--master and --spark-conf are for Spark; add --engine spark, or leave them out"
            )
        yield None
        return
    if workers is not None:
        raise SettingsError(
            f"--workers {workers} is for this computer; with --engine spark say, for example, "
            f"--master local[{workers}] or --spark-conf spark.executor.instances={workers}"
        )
    from jixiao.batch.spark.session import read_conf, spark_session

    settings = read_conf(conf)
    with spark_session(master, settings) as session:
        from jixiao.batch.spark.engine import SparkEngine

        yield SparkEngine(session)


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
