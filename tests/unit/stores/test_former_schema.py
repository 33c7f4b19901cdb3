"""What an older version wrote is read: ``tests/data/former_run`` lacks columns of today, and a table.

It was written by a version of the first days (``git archive`` of that commit, run on an invented
report of three lines and an empty one), and its ``checks.parquet`` was taken away. Whoever adds a
field leaves it alone; whoever removes or renames one finds here that older runs are lost.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jixiao.batch.run import annotate_paths
from jixiao.batch.validation import validate_paths
from jixiao.records import decode_line, encode_line
from jixiao.stores.annotations import iter_annotations
from jixiao.stores.queries import open_tables
from jixiao.stores.schemas import SCHEMAS
from jixiao.stores.tables import read_table

FORMER = Path(__file__).parents[2] / "data" / "former_run"


def test_the_stored_run_is_older_than_the_schema() -> None:
    written = pq.read_schema(FORMER / "tables" / "claims.parquet").names
    assert "actor_name" not in written
    assert "actor_name" in SCHEMAS["claims"].names
    assert not (FORMER / "tables" / "checks.parquet").exists()


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_each_table_has_the_columns_of_today(name: str) -> None:
    tables = open_tables(FORMER)
    assert tables.arrow(name).schema.names == SCHEMAS[name].names
    assert tables.arrow(name).schema.types == SCHEMAS[name].types
    assert tables.sql(f"FROM {name}").num_rows == len(tables.frame(name))


def test_what_was_written_is_there_and_what_was_not_is_empty() -> None:
    tables = open_tables(FORMER)
    asked = "SELECT kind, actor_name, polarity FROM claims ORDER BY start"
    rows = tables.sql(asked).to_pylist()
    assert [row["kind"] for row in rows] == ["output", "growth", "recognition", "recognition"]
    assert {row["actor_name"] for row in rows} == {None}
    assert read_table(FORMER, "claims").column("actor_name").null_count == 4
    assert "checks 0" in repr(tables)
    assert len(tables.failures) == 1


def test_records_are_read_and_written_again_byte_for_byte() -> None:
    (annotation,) = iter_annotations(FORMER)
    assert len(annotation.quantities) == 3
    (path,) = (FORMER / "annotations").iterdir()
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [encode_line(decode_line(line)) for line in lines] == lines
    assert [problem for file in validate_paths([FORMER]) for problem in file.problems] == []


def test_a_former_run_is_gone_on_with_from_the_beginning(tmp_path: Path) -> None:
    shutil.copytree(FORMER, tmp_path / "out")
    (tmp_path / "reports").mkdir()
    (text,) = (FORMER / "text").iterdir()
    shutil.copy(text, tmp_path / "reports")
    summary = annotate_paths([tmp_path / "reports"], tmp_path / "out", workers=1, resume=True)
    assert (summary.reused, summary.outdated) == (0, True)
    assert summary.counts["quantities"] == 3
