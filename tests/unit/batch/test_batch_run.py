"""A run into a folder: the same bytes whatever the way there, and nothing of others lost."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jixiao.batch import local, outputs
from jixiao.batch.local import annotate_files
from jixiao.batch.run import Progress, RunSummary, annotate_paths
from jixiao.errors import CatalogueError, OutputError, SettingsError
from jixiao.exports.workbook import WorkbookWriter
from jixiao.settings import Settings
from jixiao.stores.annotations import read_annotation
from jixiao.stores.tables import read_table
from jixiao.views.page import PagesWriter

State = Callable[[Path], dict[str, str]]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def run(paths: Path | list[Path], out: Path, **options: Any) -> RunSummary:
    given = paths if isinstance(paths, list) else [paths]
    return annotate_paths(given, out, **{"workers": 1, **options})


def record_of(out: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return content


def test_a_run_writes_every_output(reports: Path, out: Path) -> None:
    summary = run(reports, out)
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    ids = ["2020__岳阳市科技局", "2021__岳阳市科技局", "gbk", "君山区"]
    assert {f"annotations/{doc_id}.jsonl" for doc_id in ids} <= names
    assert {f"text/{doc_id}.txt" for doc_id in ids} <= names
    assert {
        "run.json",
        "facts.xlsx",
        "tables/documents.parquet",
        "tables/failures.parquet",
    } <= names
    assert not [name for name in names if name.startswith(".") or "/." in name]
    assert read_table(out, "documents").column("doc_id").to_pylist() == ids
    assert summary.counts["documents"] == summary.counts["ok"] == 4
    assert summary.ok


def test_the_document_record_tells_its_source(reports: Path, out: Path) -> None:
    run(reports, out)
    document = read_annotation(out, "2020__岳阳市科技局").document
    assert document.source == "2020/岳阳市科技局.txt"
    sources = read_table(out, "documents").column("source").to_pylist()
    assert sources[0] == "2020/岳阳市科技局.txt"


def test_raw_text_is_kept_whatever_its_line_ends_and_marks(reports: Path, out: Path) -> None:
    run(reports, out)
    for source, doc_id in (
        ("2021/岳阳市科技局.txt", "2021__岳阳市科技局"),
        ("君山区.txt", "君山区"),
    ):
        assert (out / "text" / f"{doc_id}.txt").read_bytes() == (reports / source).read_bytes()
        annotation = read_annotation(out, doc_id)
        assert annotation.quantities
        for quantity in annotation.quantities:
            assert annotation.text[quantity.start : quantity.end] == quantity.text


def test_any_number_of_workers_gives_the_same_bytes(
    reports: Path, tmp_path: Path, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "BATCH_BYTES", 100)
    (reports / "leer.txt").write_bytes(b"")
    run(reports, tmp_path / "one", workers=1)
    run(reports, tmp_path / "three", workers=3)
    assert state(tmp_path / "one") == state(tmp_path / "three")


def test_a_second_run_replaces_the_first(reports: Path, out: Path, state: State) -> None:
    run(reports, out)
    before = state(out)
    (reports / "more.txt").write_text("新增企业3家。", encoding="utf-8")
    run(reports, out)
    assert (out / "annotations/more.jsonl").exists()
    (reports / "more.txt").unlink()
    run(reports, out)
    assert state(out) == before


def test_resume_annotates_only_what_changed(
    reports: Path, out: Path, tmp_path: Path, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(reports, out)
    (reports / "gbk.txt").write_text("全年支出400万元。", encoding="utf-8")
    (reports / "君山区.txt").unlink()
    (reports / "新.txt").write_text("新增企业3家。", encoding="utf-8")
    annotated: list[str] = []
    real = local.annotate_document

    def recording(doc_id: str, *given: Any) -> object:
        annotated.append(doc_id)
        return real(doc_id, *given)

    monkeypatch.setattr(local, "annotate_document", recording)
    summary = run(reports, out, resume=True)
    assert annotated == ["gbk", "新"]
    assert summary.reused == 2
    run(reports, tmp_path / "fresh")
    assert state(out) == state(tmp_path / "fresh")


def test_without_resume_everything_is_annotated(reports: Path, out: Path) -> None:
    run(reports, out)
    assert run(reports, out).reused == 0


def test_other_settings_make_nothing_reusable(reports: Path, out: Path) -> None:
    run(reports, out)
    mine = Settings(catalogue="id,name_zh,unit\nmine,新增高企,count:家\n")
    summary = run(reports, out, resume=True, settings=mine)
    assert (summary.reused, summary.outdated) == (0, True)
    summary = run(reports, out, resume=True, settings=mine)
    assert (summary.reused, summary.outdated) == (4, False)


@pytest.mark.parametrize("place", ["annotations/gbk.jsonl", "text/gbk.txt"])
@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_damaged_files_are_made_again(
    reports: Path, out: Path, state: State, place: str, damage: str
) -> None:
    run(reports, out)
    before = state(out)
    path = out / place
    path.write_bytes(path.read_bytes()[:-3]) if damage == "cut" else path.unlink()
    assert run(reports, out, resume=True).reused == 3
    assert state(out) == before


def test_resume_after_a_move_tells_the_new_source(
    reports: Path, out: Path, tmp_path: Path, state: State
) -> None:
    run([reports / "2020" / "岳阳市科技局.txt"], out)
    (tmp_path / "b").mkdir()
    shutil.copy(reports / "2020" / "岳阳市科技局.txt", tmp_path / "b" / "岳阳市科技局.txt")
    moved = [tmp_path / "b", reports / "2020" / "岳阳市科技局.txt"]
    run(moved, out, resume=True)
    run(moved, tmp_path / "fresh")
    assert state(out) == state(tmp_path / "fresh")


@pytest.mark.parametrize("stopped_after", [0, 1, 3])
def test_a_stopped_run_leaves_nothing_half_made_and_goes_on(
    reports: Path,
    out: Path,
    tmp_path: Path,
    state: State,
    monkeypatch: pytest.MonkeyPatch,
    stopped_after: int,
) -> None:
    def stop(progress: Progress) -> None:
        if progress.documents > stopped_after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(reports, out, progress=stop)
    names = {path.name for path in out.rglob("*")}
    assert not [name for name in names if name.endswith(".tmp")]
    assert ".lock" not in names
    assert "facts.xlsx" not in names
    assert record_of(out)["status"] == "incomplete"
    summary = run(reports, out, resume=True)
    assert summary.reused == stopped_after + 1
    run(reports, tmp_path / "fresh")
    assert state(out) == state(tmp_path / "fresh")


def test_a_stopped_run_with_other_settings_spoils_nothing(
    reports: Path, out: Path, tmp_path: Path, state: State
) -> None:
    """What the stopped run wrote over is not taken for the work of the run before it."""
    run(reports, out)
    mine = Settings(catalogue="id,name_zh,unit\nmine,收入,CNY\n", catalogue_mode="replace")

    def stop(progress: Progress) -> None:
        if progress.documents == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(reports, out, settings=mine, progress=stop)
    assert run(reports, out, resume=True).reused == 0
    run(reports, tmp_path / "fresh")
    assert state(out) == state(tmp_path / "fresh")


def test_leftovers_of_a_killed_run_are_removed(reports: Path, out: Path, state: State) -> None:
    run(reports, out)
    before = state(out)
    for name in (".0123456789abcdef.tmp", "text/.0123456789abcdef.tmp", "tables/.a1.tmp"):
        (out / name).write_bytes(b"half")
    (out / ".k7_x2p0a.tmp").mkdir()
    (out / ".k7_x2p0a.tmp" / "facts.xlsx").write_bytes(b"half")
    (out / ".journal").write_bytes(b'{"fingerprint":"x"}\n{"doc_id":"cu')
    run(reports, out, resume=True)
    assert state(out) == before


def test_failures_are_rows_and_the_run_goes_on(reports: Path, out: Path) -> None:
    (reports / "empty.txt").write_bytes(b"")
    (reports / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (reports / "scan.ofd").write_bytes(b"%PDF-1.7")
    summary = run(reports, out)
    assert [failure.doc_id for failure in summary.failures] == ["binary", "empty", "scan"]
    assert {failure.stage for failure in summary.failures} == {"read"}
    table = read_table(out, "failures").to_pylist()
    assert [row["doc_id"] for row in table] == ["binary", "empty", "scan"]
    assert record_of(out)["failures"][2]["message"].startswith("no reader for '.ofd'")
    assert summary.counts["ok"] == 4
    assert summary.counts["failed"] == 3


def test_failures_are_tried_again_by_resume(reports: Path, out: Path) -> None:
    (reports / "empty.txt").write_bytes(b"")
    assert not run(reports, out).ok
    (reports / "empty.txt").write_text("新增企业3家。", encoding="utf-8")
    summary = run(reports, out, resume=True)
    assert summary.ok
    assert summary.reused == 4


def test_a_document_that_fails_now_loses_its_old_annotation(reports: Path, out: Path) -> None:
    run(reports, out)
    (reports / "gbk.txt").write_bytes(b"")
    run(reports, out, resume=True)
    assert not (out / "annotations/gbk.jsonl").exists()
    assert not (out / "text/gbk.txt").exists()


def test_the_workbook_is_left_out_of_large_runs_unless_asked_for(reports: Path, out: Path) -> None:
    assert run(reports, out, limit_views=4).workbook == "facts.xlsx"
    assert run(reports, out, limit_views=3).workbook is None
    assert not (out / "facts.xlsx").exists()
    assert run(reports, out, limit_views=3, workbook=True).workbook == "facts.xlsx"
    assert run(reports, out, workbook=False).workbook is None


def test_outputs_that_are_split_say_so(
    reports: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(reports, out).parts == {}
    monkeypatch.setattr(outputs, "PagesWriter", partial(PagesWriter, most_documents=2))
    monkeypatch.setattr(outputs, "WorkbookWriter", partial(WorkbookWriter, row_limit=4))
    summary = run(reports, out)
    assert summary.parts == {"文件": 2, "report.html": 2} | summary.parts
    assert (out / "report-002.html").exists()
    run(reports, out, page=False)
    assert not list(out.glob("report*.html"))


@pytest.mark.parametrize("limits", [{"timeout": 60}, {"memory": 4000}])
def test_limits_that_nothing_exceeds_change_no_byte(
    reports: Path, tmp_path: Path, state: State, limits: dict[str, int]
) -> None:
    run(reports, tmp_path / "without")
    run(reports, tmp_path / "with", **limits)
    assert state(tmp_path / "with") == state(tmp_path / "without")


@pytest.mark.parametrize("workbook", [True, False])
def test_an_edited_workbook_is_kept(reports: Path, out: Path, workbook: bool) -> None:
    run(reports, out)
    for number in (1, 2):
        (out / "facts.xlsx").write_bytes(b"reviewed %d" % number)
        assert run(reports, out, workbook=workbook).kept == f"facts.edited-{number}.xlsx"
        assert (out / f"facts.edited-{number}.xlsx").read_bytes() == b"reviewed %d" % number
    assert run(reports, out).kept is None


def test_an_edited_workbook_outlives_a_stopped_run(reports: Path, out: Path) -> None:
    run(reports, out)
    (out / "facts.xlsx").write_bytes(b"reviewed")

    def stop(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(reports, out, progress=stop)
    assert (out / "facts.xlsx").read_bytes() == b"reviewed"
    assert run(reports, out, resume=True).kept == "facts.edited-1.xlsx"


def test_run_json_tells_what_was_done(reports: Path, out: Path) -> None:
    (reports / "notes.csv").write_text("x")
    run(reports, out)
    record = record_of(out)
    assert record["status"] == "complete"
    assert {"jixiao", "schema", "python", "jieba", "pyarrow"} <= record["versions"].keys()
    assert record["fingerprint"] == Settings().fingerprint()
    assert record["settings"] == json.loads(msgspec.json.encode(Settings()))
    assert record["skipped"] == {".csv": 1}
    assert record["counts"]["quantities"] == sum(record["counts"]["quantities_by_label"].values())
    assert [entry["doc_id"] for entry in record["documents"]][2] == "gbk"
    assert record["documents"][2]["sha256"] != record["documents"][2]["text_sha256"]
    assert record["timings"]["workers"] == 1


def test_progress_is_told_after_every_document(reports: Path, out: Path) -> None:
    (reports / "empty.txt").write_bytes(b"")
    told: list[Progress] = []
    run(reports, out, progress=told.append)
    assert [now.documents for now in told] == [1, 2, 3, 4, 5]
    assert told[-1].byte_count == told[-1].all_bytes
    assert told[-1].failed == 1


def test_a_folder_in_use_by_others_is_refused(reports: Path, out: Path) -> None:
    out.mkdir()
    (out / "thesis.docx").write_bytes(b"years of work")
    with pytest.raises(OutputError, match=r"no former run wrote it .* holds thesis\.docx"):
        run(reports, out)
    assert [path.name for path in out.iterdir()] == ["thesis.docx"]


def test_a_folder_with_nothing_but_leftovers_is_as_good_as_empty(reports: Path, out: Path) -> None:
    out.mkdir()
    (out / ".0123456789abcdef.tmp").write_bytes(b"half")
    assert run(reports, out).ok
    assert not (out / ".0123456789abcdef.tmp").exists()


def test_a_run_json_of_others_is_refused(reports: Path, out: Path) -> None:
    out.mkdir()
    (out / "run.json").write_text('{"name": "another tool"}')
    with pytest.raises(OutputError, match="no record of a jixiao run"):
        run(reports, out)
    assert json.loads((out / "run.json").read_text()) == {"name": "another tool"}


def test_files_of_others_beside_a_run_are_left_alone(reports: Path, out: Path) -> None:
    run(reports, out)
    (out / "notes.md").write_text("mine")
    (out / "annotations" / "mine.jsonl").write_text("mine")
    run(reports, out)
    assert (out / "notes.md").read_text() == "mine"
    assert (out / "annotations" / "mine.jsonl").read_text() == "mine"


def test_a_file_as_output_folder_is_refused(reports: Path, out: Path) -> None:
    out.write_text("x")
    with pytest.raises(OutputError, match="is a file"):
        run(reports, out)


def test_an_output_folder_that_parquet_cannot_name_is_refused(
    reports: Path, tmp_path: Path
) -> None:
    with pytest.raises(OutputError, match="结果 is not UTF-8"):
        run(reports, tmp_path / os.fsdecode("结果".encode("gb18030")))


def test_a_folder_another_run_writes_to_is_refused(reports: Path, out: Path) -> None:
    def start_second(_: Progress) -> None:
        run(reports, out)

    with pytest.raises(OutputError, match="another run"):
        run(reports, out, progress=start_second)


def test_nothing_is_made_where_the_caller_is_wrong(reports: Path, out: Path) -> None:
    with pytest.raises(SettingsError, match="expected 1 or more"):
        run(reports, out, workers=0)
    with pytest.raises(SettingsError, match="expected 0"):
        run(reports, out, timeout=-1)
    with pytest.raises(SettingsError, match="does not exist"):
        run(reports / "nope", out)
    with pytest.raises(CatalogueError):
        run(reports, out, settings=Settings(catalogue="x\n1\n"))
    assert not out.exists()


def test_two_folders_with_one_name_stay_apart(reports: Path, out: Path) -> None:
    run([reports / "2020", reports / "2021"], out)
    first = read_annotation(out, "岳阳市科技局").text
    second = read_annotation(out, "岳阳市科技局-2").text
    assert "2020年度" in first
    assert "2021年度" in second


def test_a_full_disk_ends_the_run_and_keeps_the_tables_before(
    reports: Path, out: Path, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(reports, out)
    tables = {name: digest for name, digest in state(out).items() if name.startswith("tables/")}

    def no_space(*_: object) -> None:
        raise OutputError("cannot write: No space left on device")

    monkeypatch.setattr("jixiao.batch.outputs.write_content", no_space)
    with pytest.raises(OutputError, match="No space left"):
        run(reports, out)
    assert {name: state(out)[name] for name in tables} == tables
    assert not (out / ".lock").exists()


def test_the_pool_is_told_nothing_but_the_unit_of_work() -> None:
    """House rule 7: the local pool and the distributed engine call ``annotate_batch`` alone."""
    from jixiao.batch import pool, unit

    assert pool.annotate_batch is unit.annotate_batch
    assert annotate_files.__module__ == "jixiao.batch.local"
