"""Outcomes come in the order of files, whoever annotates, and whoever dies doing so."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import psutil
import pytest

from jixiao.batch import local, pool
from jixiao.batch.inputs import InputFile
from jixiao.batch.limits import Limits
from jixiao.batch.local import Annotated, Failed, Outcome, Unchanged, annotate_files, needed_workers
from jixiao.batch.pool import PoolAnnotator, WorkerError
from jixiao.batch.unit import make_batch
from jixiao.errors import SettingsError
from jixiao.settings import Settings

KILLER = """
import multiprocessing.connection, os, pathlib, signal, struct, time
from jixiao.batch.unit import annotate_batch

def annotate_or_die(batch, settings):
    contents = batch.column("content").to_pylist()
    if any(content.startswith(b"DIE") for content in contents):
        os.kill(os.getpid(), signal.SIGKILL)
    return annotate_batch(batch, settings)

def send_half(connection, content):
    os.write(connection.fileno(), struct.pack("!i", len(content)) + bytes(content[:10]))
    os.kill(os.getpid(), signal.SIGKILL)

def annotate_and_send_half(batch, settings):
    if batch.column("content")[0].as_py().startswith(b"DIE"):
        multiprocessing.connection.Connection._send_bytes = send_half
    return annotate_batch(batch, settings)

def annotate_or_hang(batch, settings):
    if batch.column("content")[0].as_py().startswith(b"HANG"):
        time.sleep(3600)
    return annotate_batch(batch, settings)

def annotate_or_grow(batch, settings):
    if batch.column("content")[0].as_py().startswith(b"GROW"):
        held = []
        while True:
            held.append(b"x" * 20_000_000)
    return annotate_batch(batch, settings)

def annotate_once_dying(batch, settings):
    if batch.column("content")[0].as_py().startswith(b"ONCE"):
        mark = pathlib.Path(__file__).with_name("died")
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return annotate_batch(batch, settings)

def never_starts(*_):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., list[InputFile]]:
    """Return a function that makes a file of each content and returns them in order."""

    def make(*contents: str) -> list[InputFile]:
        made = []
        for number, content in enumerate(contents):
            path = tmp_path / f"{number:03}.txt"
            path.write_text(content, encoding="utf-8")
            size = path.stat().st_size
            made.append(InputFile(path.stem, path, path.name, "text/plain", size))
        return made

    return make


@pytest.fixture
def killer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module that workers can import, whose unit dies on some documents."""
    (tmp_path / "killer_module.py").write_text(KILLER)
    monkeypatch.syspath_prepend(tmp_path)
    return importlib.import_module("killer_module")


def never(*_: object) -> bool:
    return False


def run(files: list[InputFile], workers: int = 1) -> list[Outcome]:
    return list(annotate_files(files, Settings(), workers, never))


def small_batches(monkeypatch: pytest.MonkeyPatch, byte_count: int = 60) -> None:
    monkeypatch.setattr(local, "BATCH_BYTES", byte_count)


def test_outcomes_keep_the_order_of_files(
    files: Callable[..., list[InputFile]], monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch)
    given = files(*(f"新增企业{number}家。" for number in range(1, 8)), "", "合计50%。")
    given[3] = InputFile("x", Path("x.docx"), "x.docx", "", 0, problem="no reader")
    outcomes = run(given)
    assert [outcome.file for outcome in outcomes] == given
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds == [Annotated] * 3 + [Failed] + [Annotated] * 3 + [Failed, Annotated]


def test_any_number_of_workers_gives_the_same(
    files: Callable[..., list[InputFile]], monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch)
    given = files(*(f"新增企业{number}家，占{number}%。" for number in range(1, 12)), "")
    assert run(given, workers=1) == run(given, workers=3)


def test_no_documents_give_no_outcomes() -> None:
    assert run([], workers=4) == []


def test_no_more_workers_than_batches(
    files: Callable[..., list[InputFile]], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = files("新增15家。", "新增16家。")
    assert needed_workers(given, 8) == 1
    assert needed_workers([], 8) == 1
    small_batches(monkeypatch, 10)
    assert needed_workers(given, 8) == 3
    assert needed_workers(given, 2) == 2


def test_batches_are_bounded_and_a_large_file_is_alone(
    files: Callable[..., list[InputFile]], monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, 40)
    monkeypatch.setattr(local, "BATCH_DOCUMENTS", 3)
    sizes: list[list[str]] = []
    real = make_batch

    def recording(documents: list[tuple[str, str, bytes]]) -> object:
        sizes.append([doc_id for doc_id, _, _ in documents])
        return real(documents)

    monkeypatch.setattr(local, "make_batch", recording)
    run(
        files(
            "一家",
            "二家",
            "三家",
            "四家",
            "五" * 30,
            "六家",
            "七七七七七七七七七七",
            "八八八八八八",
        ),
        workers=2,
    )
    assert sizes == [["000", "001", "002"], ["003"], ["004"], ["005", "006"], ["007"]]


def test_only_some_batches_are_in_memory_at_a_time(
    files: Callable[..., list[InputFile]], monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, 1)
    read: list[str] = []
    monkeypatch.setattr(
        Path, "read_bytes", lambda path: read.append(path.stem) or "新增15家。".encode()
    )
    outcomes = annotate_files(files(*["新增15家。"] * 50), Settings(), 2, never)
    next(outcomes)
    assert len(read) <= 2 * 2
    outcomes.close()


def test_unchanged_files_are_not_annotated(files: Callable[..., list[InputFile]]) -> None:
    given = files("新增15家。", "新增16家。", "新增17家。")
    outcomes = list(annotate_files(given, Settings(), 1, lambda file, _: file is given[1]))
    assert [type(outcome) for outcome in outcomes] == [Annotated, Unchanged, Annotated]


def test_an_unreadable_file_fails_and_the_others_go_on(
    files: Callable[..., list[InputFile]], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = files("新增15家。", "新增16家。")
    read_bytes = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path == given[0].path:  # chmod 000 does not stop root.
            raise PermissionError(13, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    first, second = run(given)
    assert isinstance(first, Failed)
    assert first.cause == ("read", "PermissionError", "the file cannot be read: Permission denied")
    assert isinstance(second, Annotated)


def test_a_file_that_is_gone_fails(files: Callable[..., list[InputFile]]) -> None:
    given = files("新增15家。")
    given[0].path.unlink()
    (outcome,) = run(given)
    assert isinstance(outcome, Failed)
    assert outcome.cause.error == "FileNotFoundError"


def test_a_file_beyond_all_measure_is_not_read(files: Callable[..., list[InputFile]]) -> None:
    (given,) = files("新增15家。")
    huge = InputFile("a", given.path, "a.txt", "text/plain", 2**40)
    (outcome,) = run([huge])
    assert isinstance(outcome, Failed)
    assert "1,099,511,627,776 bytes" in outcome.cause.message


def test_the_document_that_kills_its_worker_fails_and_no_other(
    files: Callable[..., list[InputFile]], monkeypatch: pytest.MonkeyPatch, killer: ModuleType
) -> None:
    small_batches(monkeypatch)
    monkeypatch.setattr(pool, "annotate_batch", killer.annotate_or_die)
    texts = [f"新增企业{number}家。" for number in range(10)]
    texts[2] = texts[3] = texts[9] = "DIE"
    outcomes = run(files(*texts), workers=2)
    assert [outcome.file.doc_id for outcome in outcomes] == [f"{n:03}" for n in range(10)]
    failed = {o.file.doc_id: o.cause for o in outcomes if isinstance(o, Failed)}
    assert list(failed) == ["002", "003", "009"]
    assert set(failed.values()) == {pool.KILLED}


def test_workers_that_never_start_are_an_error_of_their_own(
    files: Callable[..., list[InputFile]], monkeypatch: pytest.MonkeyPatch, killer: ModuleType
) -> None:
    small_batches(monkeypatch)
    monkeypatch.setattr(pool, "serve", killer.never_starts)
    with pytest.raises(WorkerError, match="try --workers 1"):
        run(
            files("新增企业15家，占30%。", "新增企业16家，占40%。", "新增企业17家，占50%。"),
            workers=2,
        )


def test_closing_early_ends_the_workers(
    files: Callable[..., list[InputFile]], monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, 1)
    started: list[PoolAnnotator] = []
    monkeypatch.setattr(local, "PoolAnnotator", recording(started))
    outcomes = annotate_files(files(*["新增15家。"] * 20), Settings(), 2, never)
    next(outcomes)
    processes = started[0].process_ids()
    assert processes
    outcomes.close()
    assert not any(psutil.pid_exists(pid) for pid in processes)


def test_a_worker_that_dies_while_it_sends_its_result_is_noticed(
    files: Callable[..., list[InputFile]], monkeypatch: pytest.MonkeyPatch, killer: ModuleType
) -> None:
    small_batches(monkeypatch)
    monkeypatch.setattr(pool, "annotate_batch", killer.annotate_and_send_half)
    given = files("新增企业15家，占30%。", "DIE，新增企业15家，占40%。", "新增企业17家，占50%。")
    outcomes = run(given, workers=2)
    assert [type(outcome) for outcome in outcomes] == [Annotated, Failed, Annotated]


def failures(outcomes: list[Outcome]) -> dict[str, str]:
    return {o.file.doc_id: o.cause.error for o in outcomes if isinstance(o, Failed)}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_document_beyond_its_time_fails_and_the_rest_of_its_batch_is_done(
    files: Callable[..., list[InputFile]],
    monkeypatch: pytest.MonkeyPatch,
    killer: ModuleType,
    workers: int,
) -> None:
    monkeypatch.setattr(pool, "annotate_batch", killer.annotate_or_hang)
    given = files("新增15家。", "HANG", "新增16家。")
    outcomes = list(annotate_files(given, Settings(), workers, never, Limits(timeout=8)))
    assert [outcome.file for outcome in outcomes] == given
    assert failures(outcomes) == {"001": "TimeLimit"}


def test_a_document_beyond_its_memory_fails_and_the_rest_of_its_batch_is_done(
    files: Callable[..., list[InputFile]], monkeypatch: pytest.MonkeyPatch, killer: ModuleType
) -> None:
    monkeypatch.setattr(pool, "annotate_batch", killer.annotate_or_grow)
    given = files("新增15家。", "GROW", "新增16家。")
    outcomes = list(annotate_files(given, Settings(), 1, never, Limits(memory=700)))
    assert failures(outcomes) == {"001": "MemoryLimit"}
    (failed,) = (outcome for outcome in outcomes if isinstance(outcome, Failed))
    assert failed.cause.message.startswith(
        "took more than 700 MB; split the file, or raise --memory"
    )


def test_a_document_whose_worker_was_ended_from_outside_is_tried_again(
    files: Callable[..., list[InputFile]], monkeypatch: pytest.MonkeyPatch, killer: ModuleType
) -> None:
    monkeypatch.setattr(pool, "annotate_batch", killer.annotate_once_dying)
    given = files("新增15家。", "ONCE，新增16家。", "新增17家。")
    outcomes = list(annotate_files(given, Settings(), 1, never, Limits(timeout=60)))
    assert failures(outcomes) == {}


def test_a_worker_that_grew_gives_way_to_a_new_one(
    files: Callable[..., list[InputFile]], monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, 1)
    monkeypatch.setattr(pool, "RENEWED_BYTES", 1)
    started: list[int] = []
    start = pool._Process.__init__

    def recording_start(process: pool._Process, settings: Settings) -> None:
        start(process, settings)
        started.append(process.pid)

    monkeypatch.setattr(pool._Process, "__init__", recording_start)
    given = files("新增15家。", "新增16家。")
    outcomes = list(annotate_files(given, Settings(), 1, never, Limits(timeout=60)))
    assert failures(outcomes) == {}
    assert len(set(started)) == 2


def test_a_limit_that_makes_no_sense_is_the_callers_mistake() -> None:
    with pytest.raises(SettingsError, match=r"-1 s; expected 0 \(none\) or more"):
        Limits(timeout=-1)
    with pytest.raises(SettingsError, match="expected 512 or more"):
        Limits(memory=100)
    assert Limits(timeout=0).seconds_for(10**9) is None
    assert Limits().seconds_for(10**9) == 60_300


def recording(started: list[PoolAnnotator]) -> Callable[..., PoolAnnotator]:
    def start(workers: int, settings: Settings, limits: Limits) -> PoolAnnotator:
        started.append(PoolAnnotator(workers, settings, limits))
        return started[-1]

    return start
