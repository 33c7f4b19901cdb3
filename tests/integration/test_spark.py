"""Spark on two executors gives what this computer gives, whoever is killed on the way.

Skipped where pyspark or Java is missing: ``make test-spark`` installs the one and runs these.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from click.testing import Result
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from jixiao.batch.limits import Limits
from jixiao.batch.run import annotate_paths
from jixiao.errors import OutputError, SettingsError
from jixiao.settings import Settings
from jixiao.stores.schemas import SCHEMAS
from jixiao.stores.tables import read_table

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytest.importorskip("pyspark", reason="needs pyspark: make test-spark installs it")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("needs Java 17", allow_module_level=True)

pytestmark = [
    pytest.mark.filterwarnings("ignore:PySpark does not yet:FutureWarning"),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]

Jixiao = Callable[..., Result]
State = Callable[..., dict[str, str]]

TOWNS = ["柳溪", "石桥", "青云", "永安", "太平", "白沙", "新河", "东山"]
CATALOGUE = "id,name_zh,unit,aliases\nown_firms,高新技术企业数,count:家,高新技术企业\n"
# Starts executors in a third of the time, which is most of that of the tests.
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"


def text_of(number: int) -> str:
    town = TOWNS[number % len(TOWNS)]
    return (
        f"{town}镇人民政府2021年度部门整体支出绩效自评报告\n\n一、基本情况\n"
        f"全年收入{1500 + number}.5万元，同比增长{number}.2%。安装路灯{number + 3}盏。\n"
        f"新增高新技术企业{number + 1}家，被评为全省先进单位。\n"
    )


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    """A cluster on this computer: a master and two workers, each with one executor."""
    from jixiao.batch.spark.session import spark_session

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        conf = {
            "spark.ui.enabled": "false",
            "spark.driver.host": "127.0.0.1",
            "spark.executor.memory": "512m",
            "spark.executor.extraJavaOptions": JAVA,
            "spark.driver.extraJavaOptions": JAVA,
            "spark.sql.shuffle.partitions": "2",
        }
        with spark_session("local-cluster[2,1,1024]", conf) as session:
            yield session


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports with awkward names, clashing ids, and some that fail or are passed over."""
    folder = tmp_path_factory.mktemp("spark") / "reports"
    for number in range(14):
        path = folder / ("2021" if number % 2 else "2020") / f"报告 {number:02}[1] 50%.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(number), encoding="utf-8")
    (folder / "a.txt").write_text(text_of(20), encoding="utf-8")
    (folder / "a.html").write_text(f"<p>{text_of(21)}</p>", encoding="utf-8")
    (folder / "gbk.txt").write_bytes(text_of(22).encode("gb18030"))
    (folder / "empty.txt").touch()
    (folder / "scan.ofd").write_bytes(b"x")
    (folder / "notes.csv").write_text("x")
    return folder


@pytest.fixture(scope="module")
def here(reports: Path) -> Path:
    """The results of this computer."""
    out = reports.parent / "here"
    annotate_paths([reports], out, workers=1)
    return out


def assert_same_tables(folder: Path, here: Path) -> None:
    """Compare the tables that Spark wrote as folders of parts with those of a run, sorted."""
    for name, schema in SCHEMAS.items():
        expected = read_table(here, name)
        # Spark was not given the one, and loads no empty file.
        expected = expected.filter(~pc.field("doc_id").isin(["scan", "empty"]))
        found = pq.read_table(folder / "tables" / f"{name}.parquet")
        assert found.schema.names == schema.names
        assert found.schema.types == schema.types, name
        assert rows(found) == rows(expected), name


def rows(table: pa.Table) -> list[dict[str, Any]]:
    return sorted(table.to_pylist(), key=lambda row: (row["doc_id"], row.get("id") or ""))


def executors() -> list[psutil.Process]:
    """Return the executors that run below this process."""
    found = []
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if any("CoarseGrainedExecutorBackend" in word for word in child.cmdline()):
                found.append(child)
    return found


def scan(path: Path) -> bytes:
    """Return a PDF with a picture and no text."""
    canvas = Canvas(str(path))
    canvas.drawImage(ImageReader(Image.new("RGB", (400, 400), "gray")), 0, 0, 595, 842)
    canvas.save()
    return path.read_bytes()


def test_a_run_on_executors_gives_the_same_files(
    spark: SparkSession,
    jixiao: Jixiao,
    reports: Path,
    here: Path,
    tmp_path: Path,
    state: State,
) -> None:
    result = jixiao("annotate", reports, "--out", tmp_path / "out", "--engine", "spark")
    assert result.exit_code == 1, result.output
    assert state(tmp_path / "out") == state(here)
    failures = read_table(tmp_path / "out", "failures").to_pylist()
    assert [row["doc_id"] for row in failures] == ["empty", "scan"]


def test_a_url_is_read_by_spark_and_gives_the_same(
    spark: SparkSession,
    jixiao: Jixiao,
    reports: Path,
    here: Path,
    tmp_path: Path,
    state: State,
) -> None:
    url = f"file://{reports}"
    result = jixiao("annotate", url, "--out", tmp_path / "out", "--engine", "spark", "--json")
    assert result.exit_code == 1, result.output
    but = ("timings", "inputs")
    assert state(tmp_path / "out", but) == state(here, but)
    assert json.loads((tmp_path / "out" / "run.json").read_bytes())["inputs"] == [url]


def test_resume_annotates_what_changed_and_nothing_else(
    spark: SparkSession,
    jixiao: Jixiao,
    reports: Path,
    tmp_path: Path,
    state: State,
) -> None:
    folder = tmp_path / "reports"
    shutil.copytree(reports / "2020", folder)
    run = ("annotate", folder, "--engine", "spark", "--json", "--out")
    assert jixiao(*run, tmp_path / "out").exit_code == 0
    (folder / "new.txt").write_text(text_of(30), encoding="utf-8")
    sorted(folder.glob("报告*"))[0].write_text(text_of(31), encoding="utf-8")
    result = jixiao(*run, tmp_path / "out", "--resume")
    assert json.loads(result.stdout)["reused"] == 6
    annotate_paths([folder], tmp_path / "fresh", workers=1)
    assert state(tmp_path / "out") == state(tmp_path / "fresh")


def test_an_executor_that_is_killed_changes_nothing(
    spark: SparkSession,
    reports: Path,
    here: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    state: State,
) -> None:
    from jixiao.batch.spark import engine

    monkeypatch.setattr(engine, "WAVE_BYTES", 1000)
    monkeypatch.setattr(engine, "TASK_BYTES", 500)
    killed: list[int] = []

    def kill_one(_: object) -> None:
        if not killed:
            victim = executors()[0]
            killed.append(victim.pid)
            victim.send_signal(signal.SIGKILL)

    annotate_paths([reports], tmp_path / "out", engine=engine.SparkEngine(spark), progress=kill_one)
    assert killed
    assert state(tmp_path / "out") == state(here)


def test_files_that_spark_has_read_give_the_same_tables(
    spark: SparkSession, reports: Path, here: Path, tmp_path: Path
) -> None:
    import jixiao.spark

    files = spark.read.format("binaryFile").option("recursiveFileLookup", "true")
    files = files.option("pathGlobFilter", "*.{txt,html}")
    annotated = jixiao.spark.annotate(files.load(str(reports)))
    jixiao.spark.write(annotated, str(tmp_path / "out"))
    assert_same_tables(tmp_path / "out", here)
    with pytest.raises(OutputError, match="choose a new folder, or overwrite=True"):
        jixiao.spark.write(annotated, str(tmp_path / "out"))
    with pytest.raises(SettingsError, match="does not lie below root"):
        jixiao.spark.annotate(files.load(str(reports)), root="/nowhere")


def test_texts_with_the_users_catalogue(spark: SparkSession) -> None:
    import jixiao
    import jixiao.spark

    settings = Settings(catalogue=CATALOGUE, catalogue_mode="replace")
    frame = spark.createDataFrame(
        [(str(n), text_of(n)) for n in range(3)], "doc_id string, text string"
    )
    found = jixiao.spark.annotate(frame, settings).collect()
    assert [row["doc_id"] for row in found] == ["0", "1", "2"]
    assert all('"indicator":"own_firms"' in "".join(row["records"]) for row in found)


def test_documents_that_kill_or_exceed_fail_alone(spark: SparkSession, tmp_path: Path) -> None:
    import jixiao.spark

    content = scan(tmp_path / "scan.pdf")
    documents = [
        ("a", "text/plain", text_of(1).encode()),
        ("killer", "application/pdf", content),
        ("b", "text/plain", text_of(2).encode()),
    ]
    frame = spark.createDataFrame(documents, "doc_id string, media_type string, content binary")
    # The page without text makes the process that annotates it run this command, which kills it.
    settings = Settings(ocr=("sh", "-c", "kill -9 $PPID", "{}"))
    found = jixiao.spark.annotate(frame.coalesce(1), settings).persist()
    assert [(row["doc_id"], row["status"]) for row in found.collect()] == [
        ("a", "ok"),
        ("killer", "failed"),
        ("b", "ok"),
    ]
    failures = jixiao.spark.tables(found)["failures"].collect()
    assert [(row["doc_id"], row["stage"], row["error"]) for row in failures] == [
        ("killer", "annotate", "WorkerDied")
    ]
    slow = jixiao.spark.annotate(frame.limit(1), limits=Limits(timeout=0.0001)).collect()
    assert [row["error"].partition(":")[0] for row in slow] == ["annotate/TimeLimit"]


def test_a_url_that_is_not_there_is_said(
    spark: SparkSession, jixiao: Jixiao, tmp_path: Path
) -> None:
    result = jixiao("annotate", "file:///no/such", "--out", tmp_path / "o", "--engine", "spark")
    assert result.exit_code == 2
    assert "file:///no/such cannot be listed by Spark" in result.stderr
