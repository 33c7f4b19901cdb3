"""``jixiao import``: what people corrected in an annotation tool or in ``facts.xlsx``."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jixiao.cli.export import FORMATS, layer_option
from jixiao.cli.group import PARTIAL_FAILURE, TeachingCommand

if TYPE_CHECKING:
    from jixiao.exchange import Imported

_SHOWN = 10


@click.command("import", cls=TeachingCommand)
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@click.option(
    "--from",
    "source",
    required=True,
    type=click.Choice([*FORMATS, "xlsx", "reviews"]),
    help="The format; xlsx is facts.xlsx with 复核 filled, reviews the --out of an earlier import.",
)
@click.option(
    "--onto",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The run the records are merged with, by key; without it they stand alone.",
)
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder for annotations/, text/ and reviews/.",
)
@layer_option
@click.option("--reviewer", metavar="NAME", help="Who decided, where the file does not say so.")
@click.option(
    "--time",
    metavar="TIME",
    help="When, as 2024-05-31T09:00:00Z. Default: as the file says, or now.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def import_(
    files: tuple[Path, ...],
    source: str,
    onto: Path | None,
    out: Path,
    layers: tuple[str, ...],
    reviewer: str | None,
    time: str | None,
    as_json: bool,
) -> None:
    """Read what people corrected in a tool into an annotation folder.

    Records are found again by key, or by place and label. What the file holds is taken from it, what
    its format cannot hold stays as the run (--onto) has it. Who added, changed or deleted what, and
    when, goes to reviews/; a file whose text is not that of the run is refused.

    With --from xlsx the verdicts in 复核 (正确, 错误, 存疑) and the remarks in 复核意见 are tied to their
    records; what is 错误 is left out of annotations/. --from reviews puts earlier decisions onto a
    newer run. Decisions that no longer fit (the record is gone or says something else) are listed
    and kept in reviews/, not applied.

    The exit code is 1 if a decision does not fit, or `jixiao validate` would find fault.

    For example:
      jixiao import project.json --from labelstudio --onto results --out reviewed
      jixiao import brat/reports --from brat --onto results --out reviewed --reviewer 李
      jixiao import results/facts.xlsx --from xlsx --onto results --out reviewed --reviewer 李
      jixiao import reviewed --from reviews --onto newer --out newer-reviewed
    """
    from jixiao.exchange import import_files
    from jixiao.exchange.marks import require_layers

    report = import_files(
        files,
        source,
        out,
        onto=onto,
        layers=require_layers(layers) if layers else None,
        reviewer=reviewer,
        time=require_time(time),
    )
    if as_json:
        given = {"folder": str(out), **report.to_dict()}
        click.echo(json.dumps(given, ensure_ascii=False, indent=2))
    else:
        _print(report, out)
    if report.unfit or report.problems:
        sys.exit(PARTIAL_FAILURE)


def require_time(given: str | None) -> str | None:
    """Return a time as ISO 8601 with its zone, UTC where none is given.

    Raises
    ------
    click.UsageError
        If it is no time.

    >>> require_time("2024-05-31")
    '2024-05-31T00:00:00+00:00'
    """
    import datetime

    if given is None:
        return None
    try:
        time = datetime.datetime.fromisoformat(given)
    except ValueError as error:
        raise click.UsageError(
            f"--time {given!r} is no time; expected one as 2024-05-31T09:00:00Z"
        ) from error
    return (time if time.tzinfo else time.replace(tzinfo=datetime.UTC)).isoformat()


def _print(report: Imported, out: Path) -> None:
    from jixiao.exchange.losses import counted

    decisions: Counter[str] = Counter()
    for document in report.documents:
        decisions.update(document.decisions)
    told = [f"{number:,} {verdict}" for verdict, number in sorted(decisions.items())]
    documents = counted(len(report.documents), "document")
    click.echo(f"{documents}: {', '.join(told) or 'nothing was changed'}", err=True)
    _print_some(report.notes)
    if report.unfit:
        click.echo(f"no longer fitting: {counted(len(report.unfit), 'decision')}", err=True)
        _print_some(
            [
                f"  {review.document} {review.record} {review.key or review.id or ''} "
                f"{review.verdict} by {review.reviewer}: {why}"
                for review, why in report.unfit
            ]
        )
    for problem in report.problems:
        click.echo(problem)
    click.echo(out)


def _print_some(lines: list[str]) -> None:
    for line in lines[:_SHOWN]:
        click.echo(line, err=True)
    if len(lines) > _SHOWN:
        click.echo(f"  … {len(lines) - _SHOWN:,} more: see --json", err=True)
