"""A store of ten million facts: what asking it takes, in seconds and megabytes.

The facts of some generated reports are written again and again under other documents and years,
with the schema and the row groups that a run writes, until there are as many as asked for. Each
question is then asked by a process of its own. ``make store`` prints the table.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from watching import watch

from jixiao.batch.run import annotate_paths
from jixiao.generation import write_reports
from jixiao.stores.tables import ROW_GROUP_ROWS, TABLES

OPEN = "import sys, jixiao; tables = jixiao.open(sys.argv[1]); "
QUERY = "from jixiao.cli import main; main({!r})"
SQL = {
    "one indicator, one region": "SELECT period, value FROM facts WHERE "
    "indicator = 'revenue_total' AND doc_id LIKE 'c77-%' ORDER BY period",
    "facts by indicator": "SELECT indicator, count(*) AS n, sum(value) AS total FROM facts "
    "GROUP BY indicator ORDER BY n DESC LIMIT 20",
    "conflicts by region": "SELECT region, count(*) AS n FROM facts WHERE conflict GROUP BY region "
    "ORDER BY n DESC LIMIT 20",
    "join with documents": "SELECT d.issuer, count(*) AS n FROM facts f JOIN documents d "
    "ON f.doc_id = d.doc_id GROUP BY d.issuer ORDER BY n DESC LIMIT 20",
    "a word in the indicator's name": "SELECT count(*) FROM facts WHERE indicator_zh LIKE '%收入%'",
}
PYTHON = {
    "open and count rows": "repr(tables)",
    "three columns as Arrow": "tables.arrow('facts', ['region', 'indicator', 'value'])",
    "two columns as pandas": "tables.frame('facts', ['indicator', 'confidence'])",
    "batches of a dataset": "sum(b.num_rows for b in tables.dataset('facts').to_batches("
    "columns=['value']))",
}


def fill(folder: Path, rows: int) -> int:
    """Write a run whose table of facts has at least so many rows, and return how many."""
    write_reports(folder / "reports", 40, seed=1)
    annotate_paths(
        [folder / "reports" / "text"], folder / "run", workers=1, workbook=False, page=False
    )
    tables = folder / "run" / TABLES
    copies = -(-rows // pq.read_metadata(tables / "facts.parquet").num_rows)
    for name in ("facts", "documents"):
        path = tables / f"{name}.parquet"
        table = pq.read_table(path)
        many = max(1, 2 * ROW_GROUP_ROWS // table.num_rows)
        with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
            for first in range(0, copies, many):
                numbers = range(first, min(first + many, copies))
                some = pa.concat_tables([_copy(table, number) for number in numbers])
                writer.write_table(some, row_group_size=ROW_GROUP_ROWS)
    return int(pq.read_metadata(tables / "facts.parquet").num_rows)


def _copy(table: pa.Table, number: int) -> pa.Table:
    """Return rows as those of other documents."""
    place = table.schema.get_field_index("doc_id")
    ids = pc.binary_join_element_wise(f"c{number}", table["doc_id"], "-")
    return table.set_column(place, table.schema.field(place), ids)


def main() -> None:
    """Fill a store, ask it, and print the table as Markdown."""
    parser = argparse.ArgumentParser(description="Time questions to a store of many facts.")
    parser.add_argument("--facts", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, help="kept; by default a temporary one")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        started = time.perf_counter()
        rows = fill(folder, given.facts)
        size = (folder / "run" / TABLES / "facts.parquet").stat().st_size / 1e6
        sys.stdout.write(
            f"{rows:,} facts, {size:,.0f} MB, written in {time.perf_counter() - started:.0f} s, "
            f"{os.cpu_count()} processors\n\n| question | s | MB |\n|---|---|---|\n"
        )
        run = folder / "run"
        questions = {"(start Python and open)": OPEN}
        questions |= {name: f"{OPEN}tables.sql({query!r})" for name, query in SQL.items()}
        questions |= {name: f"{OPEN}{code}" for name, code in PYTHON.items()}
        target = str(folder / "all.parquet")
        questions["`jixiao query` of every row"] = QUERY.format(["query", str(run), "FROM facts"])
        arguments = ["query", str(run), "FROM facts", "--out", target]
        questions["the same --out all.parquet"] = QUERY.format(arguments)
        for name, code in questions.items():
            took = watch(code, run)
            sys.stdout.write(f"| {name} | {took.seconds:.1f} | {took.parent_megabytes:,.0f} |\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
