"""``jixiao query``: SQL over the tables of an annotated folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jixiao.cli.group import TeachingCommand

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_ROWS = 200


@click.command(cls=TeachingCommand)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("sql", metavar="SQL", required=False)
@click.option("--tables", "list_tables", is_flag=True, help="List the tables and their columns.")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the answer to a .csv or .parquet file instead of printing it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a row.")
def query(
    folder: Path, sql: str | None, list_tables: bool, out: Path | None, as_json: bool
) -> None:
    """Ask the tables of an annotated folder by SQL (DuckDB).

    DIR is the output of `jixiao annotate`. The tables are documents, quantities, entities, claims,
    facts, checks, issues and failures; `doc_id` joins them. A value is exact: `value` a decimal,
    `value_text` the same as text. Only statements that read are taken.

    For example:
      jixiao query results --tables
      jixiao query results "SELECT indicator_zh, count(*) FROM facts GROUP BY ALL ORDER BY 2 DESC"
      jixiao query results "FROM claims WHERE kind = 'recognition' AND level = '国家'" --out honours.csv
      jixiao query results "SELECT region, period, value FROM facts WHERE measure = 'rank'" --json
    """
    from jixiao.stores.queries import open_tables

    tables = open_tables(folder)
    if list_tables:
        for name in tables.names:
            columns = ", ".join(field.name for field in tables.dataset(name).schema)
            click.echo(f"{click.style(name, bold=True)}  {columns}")
        return
    if sql is None:
        raise click.UsageError('say what to ask: jixiao query DIR "SELECT …", or --tables')
    with tables.reading(sql) as answer:
        if out is not None:
            _write(answer, out)
        elif as_json:
            _print_json(answer)
        else:
            _print_table(answer)


def _write(answer: pa.RecordBatchReader, path: Path) -> None:
    from jixiao.errors import OutputError, SettingsError

    suffix = path.suffix.lower()
    if suffix not in (".csv", ".parquet"):
        raise SettingsError(f"{path.name} ends in {suffix or 'nothing'}; expected .csv or .parquet")
    try:
        rows = _write_parquet(answer, path) if suffix == ".parquet" else _write_csv(answer, path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error}") from error
    click.echo(f"{path}: {rows:,} rows", err=True)


def _write_parquet(answer: pa.RecordBatchReader, path: Path) -> int:
    import pyarrow.parquet as pq

    rows = 0
    with pq.ParquetWriter(path, answer.schema) as writer:
        for batch in answer:
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


def _write_csv(answer: pa.RecordBatchReader, path: Path) -> int:
    """Write the answer with the mark by which Excel knows UTF-8; whole numbers stay whole."""
    rows = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        answer.schema.empty_table().to_pandas().to_csv(file, index=False)
        for batch in answer:
            frame = batch.to_pandas(integer_object_nulls=True)
            frame.to_csv(file, index=False, header=False)
            rows += batch.num_rows
    return rows


def _print_json(answer: pa.RecordBatchReader) -> None:
    import json

    for batch in answer:
        for row in batch.to_pylist():
            click.echo(json.dumps(row, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> Any:
    """Return a value that JSON lacks as text: an exact number without padding zeros, a date as it is."""
    from decimal import Decimal

    from jixiao.exact import plain

    return format(plain(value), "f") if isinstance(value, Decimal) else str(value)


def _print_table(answer: pa.RecordBatchReader) -> None:
    from decimal import Decimal

    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from jixiao.views.values import grouped
    from jixiao.views.wrapping import one_line

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name in answer.schema.names:
        table.add_column(Text(name), overflow="fold")
    rows = 0
    for batch in answer:
        for row in batch.slice(0, max(_MOST_ROWS - rows, 0)).to_pylist():
            cells = (grouped(v) if isinstance(v, Decimal) else v for v in row.values())
            table.add_row(*(Text("" if cell is None else one_line(str(cell))) for cell in cells))
        rows += batch.num_rows
    Console(highlight=False).print(table)
    if rows > _MOST_ROWS:
        click.echo(f"… and {rows - _MOST_ROWS:,} rows more; see --json or --out", err=True)
