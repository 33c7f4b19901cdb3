"""What can be said of Spark without it: ids, batches, tables, settings, and what is missing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner

from jixiao.batch.inputs import find_inputs
from jixiao.batch.limits import Limits
from jixiao.batch.run import annotate_paths
from jixiao.batch.spark import session, tasks
from jixiao.batch.spark.errors import SparkError
from jixiao.batch.spark.frames import annotate_frame, make_work, spark_schema, table_frames
from jixiao.batch.unit import annotate_batch, make_batch
from jixiao.cli import main
from jixiao.errors import CatalogueError, LexiconError, SettingsError
from jixiao.settings import Settings
from jixiao.stores.schemas import SCHEMAS
from jixiao.stores.tables import read_table

TEXT = "岳阳市科技局2021年度绩效报告\n全年新增高新技术企业15家，同比增长30.6%。\n"


class Frame:
    """Stands for a DataFrame that is only asked what its columns are."""

    def __init__(self, *columns: str) -> None:
        self.columns = list(columns)


@pytest.fixture(scope="module")
def work() -> Iterator[tasks.Work]:
    """Work whose child process ends with the tests."""
    yield make_work(Settings(), Limits())
    for annotator in list(tasks._annotators.values()):
        annotator.close()
    tasks._annotators.clear()


def texts(*rows: tuple[str | None, str | None]) -> pa.RecordBatch:
    ids, contents = zip(*rows, strict=True)
    columns = [pa.array(ids, pa.large_string()), pa.array(contents, pa.large_string())]
    return pa.RecordBatch.from_arrays(columns, names=["doc_id", "text"])


def rows_of(batches: Iterator[pa.RecordBatch]) -> list[dict[str, object]]:
    return [row for batch in batches for row in batch.to_pylist()]


def test_texts_are_annotated_as_by_the_unit_of_work(work: tasks.Work) -> None:
    given = [texts(("a", TEXT), ("b", "")), texts(("c", "合计50%。"))]
    rows = rows_of(tasks.annotate_frame_rows(given, None, work))
    documents = [("a", TEXT), ("b", ""), ("c", "合计50%。")]
    batch = make_batch([(name, "text/plain", text.encode()) for name, text in documents])
    expected = [{**row, "source": None} for row in annotate_batch(batch).to_pylist()]
    assert rows == expected


def test_files_of_a_frame_are_named_as_in_a_run(work: tasks.Work) -> None:
    paths = ["hdfs://n/r/2021/a.txt", "hdfs://n/r/b.TXT", "hdfs://n/r/b.csv"]
    columns = [pa.array(paths), pa.array([TEXT.encode()] * 3)]
    batch = pa.RecordBatch.from_arrays(columns, names=["path", "content"])
    names = tasks.FileNames("/r", {paths[1]: "b-txt"})
    rows = rows_of(tasks.annotate_frame_rows([batch], names, work))
    assert [row["doc_id"] for row in rows] == ["2021__a", "b-txt", "b"]
    assert [row["source"] for row in rows] == ["2021/a.txt", "b.TXT", "b.csv"]
    assert '"source":"2021/a.txt"' in rows[0]["records"][0]
    assert [row["status"] for row in rows] == ["ok", "ok", "failed"]
    assert "no reader" in str(rows[2]["error"])


def test_a_row_without_content_fails_by_itself(work: tasks.Work) -> None:
    rows = rows_of(tasks.annotate_frame_rows([texts(("a", None), ("b", TEXT))], None, work))
    assert [row["status"] for row in rows] == ["failed", "ok"]


def test_long_batches_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "BATCH_BYTES", 10)
    monkeypatch.setattr(tasks, "BATCH_DOCUMENTS", 3)
    sizes = [4, 4, 4, 30, 1, 1, 1, 1]
    batch = make_batch([(str(i), "text/plain", b"x" * n) for i, n in enumerate(sizes)])
    sources: list[str | None] = [str(number) for number in range(len(sizes))]
    found = list(tasks._pieces([(batch, sources)]))
    assert [piece.column("doc_id").to_pylist() for piece, _ in found] == [own for _, own in found]
    assert [own for _, own in found] == [["0", "1"], ["2"], ["3"], ["4", "5", "6"], ["7"]]


def test_tables_of_a_frame_are_those_of_a_run(work: tasks.Work, reports: Path) -> None:
    (reports / "empty.txt").touch()
    annotate_paths([reports], reports / "out", workers=1)
    files = find_inputs([reports], reports / "out").files
    batch = pa.RecordBatch.from_arrays(
        [pa.array([str(f.path) for f in files]), pa.array([f.path.read_bytes() for f in files])],
        names=["path", "content"],
    )
    names = tasks.FileNames(str(reports), {})
    annotated = list(tasks.annotate_frame_rows([batch], names, work))
    for name, schema in SCHEMAS.items():
        table = pa.Table.from_batches(list(tasks.table_rows(annotated, name)), schema)
        assert table.equals(read_table(reports / "out", name)), name


def test_another_jixiao_on_the_executor_is_refused() -> None:
    work = tasks.Work(Settings(), Limits(), "0" * 16)
    with pytest.raises(SparkError, match="the same version"):
        list(tasks.annotate_frame_rows([texts(("a", TEXT))], None, work))


def test_the_schema_of_spark_keeps_types_and_descriptions() -> None:
    found = spark_schema(SCHEMAS["quantities"])
    assert "`value` decimal(38,10) COMMENT 'yuan for CNY, percent for %" in found
    assert "`candidates` array<struct<`indicator`: string, `score`: double>>" in found
    assert "`start` int" in found
    assert "`table` boolean" in found


@pytest.mark.parametrize("columns", [(), ("doc_id",), ("content",), ("path", "text")])
def test_a_frame_without_the_columns_is_refused(columns: tuple[str, ...]) -> None:
    with pytest.raises(SettingsError, match="expected doc_id, media_type and content"):
        annotate_frame(Frame(*columns))  # type: ignore[arg-type]


def test_a_root_needs_paths() -> None:
    with pytest.raises(SettingsError, match="column path"):
        annotate_frame(Frame("doc_id", "text"), root="/r")  # type: ignore[arg-type]


def test_tables_need_an_annotated_frame() -> None:
    with pytest.raises(SettingsError, match=r"no column status.*jixiao\.spark\.annotate"):
        table_frames(Frame("doc_id", "text"))  # type: ignore[arg-type]


def test_settings_that_cannot_be_used_fail_before_spark_is_asked() -> None:
    with pytest.raises(CatalogueError):
        make_work(Settings(catalogue="id,name_zh\nx,"), Limits())
    with pytest.raises(LexiconError):
        make_work(Settings(lexicon="table,surface\nnowhere,甲"), Limits())


@pytest.mark.parametrize("given", ["spark.executor.memory", "memory=4g", "=4g"])
def test_a_setting_of_spark_is_a_name_and_a_value(given: str) -> None:
    with pytest.raises(SettingsError, match=r"NAME=VALUE, say spark\.executor\.memory=4g"):
        session.read_conf([given])


def test_missing_pyspark_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(SparkError, match=r"pip install 'jixiao\[spark\]', and Java 17"):
        session.require_pyspark()


@pytest.mark.parametrize("home", [None, "{empty}"])
def test_missing_java_says_what_to_install(
    home: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYSPARK_GATEWAY_PORT", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    if home is not None:
        monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(SparkError, match="install Java 17, say with apt-get"):
        session.require_java()


def test_the_reason_of_a_failed_job_is_its_innermost_error() -> None:
    trace = "Job aborted\nTraceback:\n  File x\njixiao.errors.SettingsError: no: such\n\tat org.A"
    assert session.reason(RuntimeError(trace)) == "jixiao.errors.SettingsError: no: such"
    assert session.reason(RuntimeError("\nlost\norg.apache.X: y")) == "lost"
    assert session.reason(RuntimeError()) == "RuntimeError"


LISTED = [
    ("hdfs://n:1/r/b.txt", 5),
    ("hdfs://n:1/r/b.html", 6),
    ("hdfs://n:1/r/2021/a.txt", 7),
    ("hdfs://n:1/r/2021/~$a.docx", 1),
    ("hdfs://n:1/r/.git/a.txt", 1),
    ("hdfs://n:1/r/notes.csv", 1),
    ("hdfs://n:1/r/scan.ofd", 9),
    ("hdfs://n:1/r/old/run.json", 1),
    ("hdfs://n:1/r/old/annotations/a.jsonl", 1),
    ("hdfs://n:1/r/old/text/a.txt", 1),
]


def test_files_below_a_url_are_found_as_in_a_folder(tmp_path: Path) -> None:
    for url, size in LISTED:
        path = tmp_path / url.removeprefix("hdfs://n:1/r/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)
    there = find_inputs(["hdfs://n:1/r"], list_url=lambda url: LISTED)
    here = find_inputs([tmp_path])
    kept = ("doc_id", "source", "media_type", "byte_count", "problem")
    assert [tuple(getattr(f, name) for name in kept) for f in there.files] == [
        tuple(getattr(f, name) for name in kept) for f in here.files
    ]
    assert there.files[0].url == "hdfs://n:1/r/2021/a.txt"
    assert there.skipped[".csv"] == here.skipped[".csv"] == 1


def test_a_url_of_one_file_is_that_file() -> None:
    found = find_inputs(["s3a://b/r/x.txt"], list_url=lambda url: [(url, 3)])
    assert [(file.doc_id, file.source) for file in found.files] == [("x", "x.txt")]


def test_a_url_needs_spark() -> None:
    with pytest.raises(SettingsError, match="only Spark reads; try --engine spark"):
        find_inputs(["hdfs://n/r"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--master", "local"], "--master and --spark-conf are for Spark"),
        (["--spark-conf", "spark.a=b"], "add --engine spark, or leave them out"),
        (["--engine", "spark", "--workers", "4"], "--master local[4]"),
        (["--engine", "spark", "--spark-conf", "memory=4g"], "expected NAME=VALUE"),
        (
            ["--out", "hdfs://n/out"],
            "cannot go to hdfs://n/out: expected a folder of this computer",
        ),
        (["hdfs://n/r"], "hdfs://n/r is a URL, which only Spark reads; try --engine spark"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    options: list[str], message: str, reports: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    result = CliRunner().invoke(main, ["annotate", str(reports), "--out", str(out), *options])
    assert result.exit_code == 2
    assert message in result.stderr
    assert not out.exists()
