"""``jixiao validate``: annotation files against the format and the text."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jixiao.cli.group import PARTIAL_FAILURE, TeachingCommand

if TYPE_CHECKING:
    from jixiao.batch.validation import FileReport


@click.command(cls=TeachingCommand)
@click.argument("paths", nargs=-1, metavar="PATH...", type=click.Path(path_type=Path))
@click.option(
    "--text",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder with the raw texts <doc_id>.txt; by default text/ beside the annotations.",
)
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a line, and check nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def validate(paths: tuple[Path, ...], text: Path | None, schema: bool, as_json: bool) -> None:
    """Check annotation files: every line, and every offset against the text.

    Each line must be a record of the format, ids number in order and refer to what is there,
    records stand in order, numbers are plain decimals, no quantity overlaps another; and with the
    text, raw[start:end] is the text of each record, its key is right, and its sentence holds it.

    PATH is an annotation file, a folder of them, or the output of `jixiao annotate`. Each problem
    is printed as file:line: problem; the exit code is 1 if there is any.

    For example:
      jixiao validate results
      jixiao validate gold --text corpus
      jixiao validate --schema > record.schema.json
    """
    if schema:
        from jixiao.records import json_schema

        click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
        return
    if not paths:
        raise click.UsageError("Missing argument 'PATH...': the files or folders to check.")
    from jixiao.batch.validation import validate_paths

    reports = validate_paths(paths, text)
    problem_count = _print_json(reports) if as_json else _print_lines(reports)
    if problem_count:
        sys.exit(PARTIAL_FAILURE)


def _print_lines(reports: Iterable[FileReport]) -> int:
    files = records = problems = unread = 0
    for report in reports:
        files += 1
        records += report.record_count
        problems += len(report.problems)
        unread += report.text is None
        for problem in report.problems:
            click.echo(str(problem))
    if unread:
        click.echo(
            f"no text was found for {unread:,} of {_counted(files, 'file')}: offsets were not "
            "checked there; say where the texts are with --text DIR",
            err=True,
        )
    counts = (_counted(files, "file"), _counted(records, "record"), _counted(problems, "problem"))
    click.echo(", ".join(counts), err=True)
    return problems


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _print_json(reports: Iterable[FileReport]) -> int:
    files = []
    problem_count = 0
    for report in reports:
        problem_count += len(report.problems)
        files.append(
            {
                "path": str(report.path),
                "records": report.record_count,
                "text": None if report.text is None else str(report.text),
                "problems": [{"line": p.line, "message": p.message} for p in report.problems],
            }
        )
    result = {"files": files, "problems": problem_count}
    click.echo(json.dumps(result, ensure_ascii=False, indent=2))
    return problem_count
