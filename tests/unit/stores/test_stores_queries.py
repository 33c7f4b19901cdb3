"""The tables of a run as frames and by SQL: exact, lazy, for reading only."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import jixiao
from jixiao.batch.run import annotate_paths
from jixiao.cli import main
from jixiao.errors import OutputError, QueryError, SettingsError
from jixiao.stores.queries import Tables, open_tables
from jixiao.stores.tables import read_table

TEXTS = {
    "a": "湄潭县科学技术局2021年度部门整体支出绩效自评报告\n新认定高新技术企业15家，支出合计385.08万元。\n",
    "b": "湄潭县水务局2021年度部门整体支出绩效自评报告\n新增农村供水工程3处。\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("it's a run")
    for name, text in TEXTS.items():
        (place / f"{name}.txt").write_text(text, encoding="utf-8")
    annotate_paths([place / "a.txt", place / "b.txt"], place / "out", workers=1)
    return place / "out"


@pytest.fixture
def tables(folder: Path) -> Tables:
    return open_tables(folder)


def test_each_table_is_a_frame(tables: Tables) -> None:
    assert list(tables.documents["doc_id"]) == ["a", "b"]
    assert isinstance(tables.facts, pd.DataFrame)
    assert set(dir(tables)) >= set(tables.names)
    assert "quantities 3" in repr(tables)
    assert "2021" not in repr(tables)


def test_columns_are_read_alone(tables: Tables) -> None:
    assert tables.arrow("quantities", ["text"]).column_names == ["text"]
    assert tables.frame("quantities", ["value"])["value"].tolist()[0] == Decimal(15)


def test_sql_joins_and_sums_exactly(tables: Tables) -> None:
    query = (
        "SELECT d.issuer, sum(q.value) AS total FROM quantities q JOIN documents d USING (doc_id) "
        "WHERE q.label = ? GROUP BY ALL ORDER BY ALL"
    )
    assert tables.sql(query, ["MONEY"]).to_pylist() == [
        {"issuer": "湄潭县科学技术局", "total": Decimal(3850800)}
    ]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "SELECT 1; SELECT 2",
        "DROP VIEW facts",
        "COPY (SELECT 1) TO 'out.csv'",
        "CREATE TABLE t (a INT)",
        "SELECT nothing FROM facts",
        "SELEC 1",
    ],
)
def test_what_does_not_read_is_refused(tables: Tables, query: str) -> None:
    with pytest.raises(QueryError):
        tables.sql(query)


def test_names_that_are_not_there(tables: Tables) -> None:
    with pytest.raises(AttributeError, match="expected one of documents"):
        _ = tables.nothing
    with pytest.raises(SettingsError, match="no table 'nothing'"):
        tables.arrow("nothing")
    with pytest.raises(SettingsError, match="no column 'nothing' in facts"):
        tables.arrow("facts", ["nothing"])


def test_a_folder_of_no_run(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"jixiao annotate --out"):
        jixiao.open(tmp_path)


def test_without_duckdb_the_error_says_what_to_install(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(SettingsError, match=r"jixiao\[query\]"):
        tables.sql("SELECT 1")


def ask(folder: Path, *arguments: str) -> str:
    result = CliRunner().invoke(main, ["query", str(folder), *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_command_prints_writes_and_lists(folder: Path, tmp_path: Path) -> None:
    query = "SELECT text, value FROM quantities WHERE label = 'MONEY'"
    assert "3,850,800" in ask(folder, query)
    assert json.loads(ask(folder, query, "--json")) == {"text": "385.08万元", "value": "3850800"}
    assert "facts" in ask(folder, "--tables")
    ask(folder, query, "--out", str(tmp_path / "a.csv"))
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbftext,value")
    ask(folder, query, "--out", str(tmp_path / "a.parquet"))
    assert pq.read_table(tmp_path / "a.parquet").num_rows == 1


def test_usage(folder: Path, tmp_path: Path) -> None:
    for arguments in ([], ["SELECT 1", "--out", str(tmp_path / "a.docx")], ["SELEC 1"]):
        result = CliRunner().invoke(main, ["query", str(folder), *arguments])
        assert result.exit_code != 0


def test_a_long_answer_is_cut_and_counted(folder: Path) -> None:
    result = CliRunner().invoke(main, ["query", str(folder), "SELECT i FROM range(120000) t(i)"])
    assert "119,800 rows more" in result.output
    assert "199" in result.output


def test_whole_numbers_beside_nothing_stay_whole_in_csv(folder: Path, tmp_path: Path) -> None:
    query = "SELECT CASE WHEN i > 0 THEN i END AS n FROM range(3) t(i)"
    ask(folder, query, "--out", str(tmp_path / "n.csv"))
    assert (tmp_path / "n.csv").read_bytes() == b'\xef\xbb\xbfn\n""\n1\n2\n'


def test_an_answer_without_rows_has_its_columns(folder: Path, tmp_path: Path) -> None:
    ask(folder, "SELECT text, value FROM quantities WHERE false", "--out", str(tmp_path / "a.csv"))
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig") == "text,value\n"
    ask(folder, "FROM quantities WHERE false", "--out", str(tmp_path / "a.parquet"))
    assert pq.read_table(tmp_path / "a.parquet").num_rows == 0


def test_a_table_may_be_a_folder_of_parts(tmp_path: Path) -> None:
    """As ``jixiao.spark.write`` makes them, with the files Spark lays beside them."""
    report = tmp_path / "报告.txt"
    report.write_text("新认定高新技术企业15家，培训1200人次。", encoding="utf-8")
    annotate_paths([report], tmp_path / "out", workers=1)
    whole = open_tables(tmp_path / "out").arrow("quantities")
    place = tmp_path / "out" / "tables" / "quantities.parquet"
    place.unlink()
    place.mkdir()
    (place / "_SUCCESS").touch()
    for row in range(len(whole)):
        pq.write_table(whole.slice(row, 1), place / f"part-{row:05}.zstd.parquet")
    tables = open_tables(tmp_path / "out")
    assert tables.arrow("quantities") == whole == read_table(tmp_path / "out", "quantities")
    assert tables.sql("SELECT text FROM quantities ORDER BY start").to_pylist() == [
        {"text": "15家"},
        {"text": "1200人次"},
    ]
