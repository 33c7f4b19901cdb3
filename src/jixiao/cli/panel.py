"""``jixiao panel``: the facts of an annotated folder as region × period × indicator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jixiao.cli.group import TeachingCommand
from jixiao.cli.options import read_settings, redact_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from jixiao.annotation import Annotation
    from jixiao.panels.cells import Policy
    from jixiao.panels.writers import Written


@click.command(cls=TeachingCommand)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path),
    help="The file to write: .csv, .xlsx, .parquet or .dta (Stata).",
)
@click.option("--wide", is_flag=True, help="A column for each indicator and measure.")
@click.option(
    "--indicator",
    "indicators",
    metavar="NAME",
    multiple=True,
    help="Keep this indicator, by id or Chinese name; may be repeated. Default: all.",
)
@click.option(
    "--measure",
    "measures",
    metavar="NAME",
    multiple=True,
    help="Keep this measure: level, new, growth …; may be repeated. Default: all.",
)
@click.option(
    "--modality",
    "modalities",
    metavar="NAME",
    multiple=True,
    default=("actual",),
    show_default=True,
    help="Keep actual, planned or forecast values, or all; may be repeated.",
)
@click.option(
    "--period",
    type=click.Choice(["year", "all"]),
    default="year",
    show_default=True,
    help="year: what holds for a year or at its end. all: every period as it is stated.",
)
@click.option(
    "--conflicts",
    type=click.Choice(["first", "most_confident", "all"]),
    default="most_confident",
    show_default=True,
    help="What a cell holds whose values disagree.",
)
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    help="Leave out facts below this confidence.",
)
@click.option(
    "--catalogue",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Your own indicators, as given to `jixiao annotate`: their definitions go into the codebook.",
)
@click.option("--no-bom", is_flag=True, help="Write CSV without byte order mark.")
@redact_option
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON object.")
def panel(
    folder: Path,
    out: Path,
    wide: bool,
    indicators: tuple[str, ...],
    measures: tuple[str, ...],
    modalities: tuple[str, ...],
    period: str,
    conflicts: Policy,
    min_confidence: float,
    catalogue: Path | None,
    no_bom: bool,
    redact: bool,
    as_json: bool,
) -> None:
    """Write the facts of a folder as a panel: region × period × indicator.

    DIR is the output of `jixiao annotate`. Each row says where (GB/T 2260 code, full name, level,
    province, prefecture, county), when, what (indicator, measure …), the exact value, and where it stands:
    document, sentence, offsets. With --wide each region and period is a row, and each indicator and
    measure a column.

    Growth and change that are down are negative. Where values of a cell disagree beyond the digits
    they are printed with, in one report or between reports, --conflicts says which stand; the column
    conflict quotes them all.

    Beside the file goes its codebook, NAME.codebook.csv (in Excel the second sheet): definition,
    unit, source and coverage of each indicator.

    For example:
      jixiao annotate reports/ --out results
      jixiao panel results --out panel.xlsx
      jixiao panel results --out panel.dta --wide --measure level
      jixiao panel results --out rd.csv --indicator rd_expenditure --period all
      jixiao panel results --out budget.parquet --modality planned --modality actual
    """
    from jixiao.panels import panel as make_panel
    from jixiao.panels import write_panel
    from jixiao.panels.writers import check_suffix

    if wide and conflicts == "all":
        raise click.UsageError(
            "--wide has one value in a cell: choose --conflicts first or most_confident."
        )
    check_suffix(out)
    own = read_settings(catalogue).catalogue
    table = make_panel(
        _redacted(folder) if redact else folder,
        indicator=indicators or None,
        measure=measures or None,
        modality=None if "all" in modalities else modalities,
        period="all" if period == "all" else "year",
        conflicts=conflicts,
        min_confidence=min_confidence,
    )
    written = write_panel(table, out, wide=wide, bom=not no_bom, catalogue=own)
    summary = _summary(table, written)
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False, indent=2))
    else:
        _print_summary(summary)


def _redacted(folder: Path) -> Iterator[Annotation]:
    """Yield the annotations of a folder with names and numbers masked, one in memory at a time."""
    from jixiao.errors import SettingsError
    from jixiao.redaction import redact
    from jixiao.stores.annotations import iter_annotations, list_doc_ids

    if not list_doc_ids(folder):
        raise SettingsError(
            f"no annotations in {folder}; expected the folder given to `jixiao annotate --out`"
        )
    yield from map(redact, iter_annotations(folder))


def _summary(table: pd.DataFrame, written: Written) -> dict[str, Any]:
    where = table[["region_code", "region", "prefecture", "county"]].drop_duplicates()
    return {
        "files": [str(path) for path in written.files],
        "values": len(table),
        "regions": len(where),
        "periods": int(table["period"].nunique()),
        "indicators": int(table["indicator"].nunique()),
        "documents": int(table["document"].nunique()),
        "conflicts": table.attrs["conflicts"],
        "left_out": table.attrs["left_out"],
        "rounded": written.rounded,
    }


def _print_summary(summary: dict[str, Any]) -> None:
    from jixiao.panels.frame import left_out_words

    nouns = ("value", "region", "period", "indicator", "document")
    counts = ", ".join(_counted(summary[f"{noun}s"], noun) for noun in nouns)
    click.echo(counts, err=True)
    if summary["conflicts"]:
        cells = _counted(summary["conflicts"], "cell")
        click.echo(f"{cells} with values that disagree: see the column conflict", err=True)
    if summary["left_out"]:
        click.echo(f"left out: {left_out_words(summary['left_out'])}", err=True)
    if summary["rounded"]:
        numbers = _counted(summary["rounded"], "value")
        click.echo(f"{numbers} rounded to the digits of a double: see the codebook", err=True)
    for path in summary["files"]:
        click.echo(path)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
