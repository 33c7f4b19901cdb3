"""What people feed it: nothing of it ends a run, and each is told in words."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from click.testing import Result

Jixiao = Callable[..., Result]
SENTENCE = "全年新增高新技术企业15家，同比增长30.6%。"


def failures(result: Result) -> dict[str, str]:
    return {each["doc_id"]: each["message"] for each in json.loads(result.stdout)["failures"]}


def quantities(out: Path, doc_id: str) -> list[tuple[str, str]]:
    """Return (text by offsets, text by record) of each quantity."""
    raw = (out / "text" / f"{doc_id}.txt").read_bytes().decode("utf-8")
    lines = (out / "annotations" / f"{doc_id}.jsonl").read_text("utf-8").splitlines()
    records = [record for line in lines if (record := json.loads(line))["type"] == "quantity"]
    return [(raw[record["start"] : record["end"]], record["text"]) for record in records]


def test_files_that_are_no_reports(jixiao: Jixiao, tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "good.txt").write_text(SENTENCE, encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blank.txt").write_bytes("\ufeff \r\n\u3000\n".encode())
    (folder / "word.txt").write_bytes(b"PK\x03\x04" + bytes(range(256)) * 50)
    (folder / "broken.txt").symlink_to(folder / "gone")
    (folder / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    result = jixiao("annotate", folder, "--out", out, "--json")
    assert result.exit_code == 1
    found = failures(result)
    assert list(found) == ["blank", "broken", "empty", "old", "word"]
    assert "holds only blanks" in found["blank"]
    assert "cannot be read: No such file" in found["broken"]
    assert "is empty" in found["empty"]
    assert "is none of the known formats" in found["old"]
    assert "not text" in found["word"]
    assert quantities(out, "good") == [("15家", "15家"), ("30.6%", "30.6%")]


def test_an_unreadable_file(
    jixiao: Jixiao, report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = report.with_name("closed.txt")
    closed.write_text(SENTENCE, encoding="utf-8")
    closed.chmod(0)
    read_bytes = Path.read_bytes

    def as_a_user(path: Path) -> bytes:  # Root may read what chmod 000 closes.
        if path == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", as_a_user)
    result = jixiao("annotate", report.parent, "--out", tmp_path / "out", "--json")
    assert result.exit_code == 1
    assert failures(result) == {"closed": "the file cannot be read: Permission denied"}


def test_two_files_of_one_name(jixiao: Jixiao, report: Path, tmp_path: Path) -> None:
    report.with_suffix(".docx").write_bytes(b"PK")
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.txt").write_text(SENTENCE, encoding="utf-8")
    out = tmp_path / "out"
    result = jixiao("annotate", report.parent, other, "--out", out, "--json")
    assert list(failures(result)) == ["a-docx"]
    assert sorted(path.name for path in (out / "text").iterdir()) == ["a-txt-2.txt", "a-txt.txt"]


def test_a_folder_without_reports(jixiao: Jixiao, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    result = jixiao("annotate", tmp_path / "in", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "Error: no report in" in result.stderr
    (tmp_path / "in" / "table.csv").write_text("x")
    result = jixiao("annotate", tmp_path / "in", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "passed over 1 × .csv" in result.stderr


def test_an_output_folder_in_use(jixiao: Jixiao, report: Path, results: Path) -> None:
    (results / ".lock").write_text(f"{os.getpid()}\n")
    result = jixiao("annotate", report, "--out", results)
    assert result.exit_code == 2
    assert f"another run (process {os.getpid()}) is writing to" in result.stderr
    (results / ".lock").unlink()
    assert jixiao("annotate", report, "--out", results).exit_code == 0


def test_a_line_of_ten_megabytes(jixiao: Jixiao, tmp_path: Path) -> None:
    path, out = tmp_path / "long.txt", tmp_path / "out"
    path.write_text("本年度工作持续推进各项任务落实" * 220_000 + SENTENCE, encoding="utf-8")
    assert path.stat().st_size > 9_500_000
    result = jixiao("annotate", path, "--out", out, "--workers", "1")
    assert result.exit_code == 0
    assert ("15家", "15家") in quantities(out, "long")


@pytest.mark.parametrize(
    ("content", "raw"),
    [
        (SENTENCE.replace("，", "，\r\n").encode(), SENTENCE.replace("，", "，\r\n")),
        (b"\xef\xbb\xbf" + SENTENCE.encode(), "\ufeff" + SENTENCE),
        (SENTENCE.encode("gb18030"), SENTENCE),
        (SENTENCE.encode("utf-16"), "\ufeff" + SENTENCE),
        (SENTENCE.replace("，", "，\u2028\x85").encode(), SENTENCE.replace("，", "，\u2028\x85")),
    ],
    ids=["crlf", "bom", "gb18030", "utf-16", "other line ends"],
)
def test_text_as_it_comes(jixiao: Jixiao, tmp_path: Path, content: bytes, raw: str) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    out = tmp_path / "out"
    assert jixiao("annotate", tmp_path / "a.txt", "--out", out).exit_code == 0
    assert (out / "text" / "a.txt").read_bytes().decode() == raw
    assert quantities(out, "a") == [("15家", "15家"), ("30.6%", "30.6%")]
    assert jixiao("validate", out).exit_code == 0


def test_file_names_in_gbk(jixiao: Jixiao, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode("报告".encode("gb18030"))
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("this file system takes no names that are not UTF-8")
    name = os.fsdecode("绩效报告.txt".encode("gb18030"))
    (folder / name).write_text(SENTENCE, encoding="utf-8")
    (folder / os.fsdecode("扫描.ofd".encode("gb18030"))).write_bytes(b"PK")
    out = tmp_path / "out"
    result = jixiao("annotate", folder, "--out", out)
    assert result.exit_code == 1, result.exception
    again = jixiao("annotate", folder, "--out", out, "--json")
    assert json.loads(again.stdout)["failures"][0]["source"] == "扫描.ofd"
    assert quantities(out, "绩效报告") == [("15家", "15家"), ("30.6%", "30.6%")]
    assert "扫描.ofd" in result.stdout


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """Start a run that can be interrupted: what a shell starts behind ``&`` ignores SIGINT."""
    return subprocess.Popen(
        [sys.executable, "-m", "jixiao", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )


def wait_for_annotations(out: Path, count: int) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        if len(list(out.glob("annotations/*.jsonl"))) >= count:
            return
        time.sleep(0.02)
    raise TimeoutError(f"fewer than {count} annotations in {out}")


def test_a_run_that_is_stopped_goes_on(jixiao: Jixiao, tmp_path: Path) -> None:
    """Ctrl+C; what SIGKILL leaves behind, tests/robustness/test_killed_runs.py tells."""
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for number in range(60):
        text = f"第{number}号报告。\n" + SENTENCE * 120
        (folder / f"{number:03}.txt").write_text(text, encoding="utf-8")
    process = start("annotate", folder, "--out", out, "--workers", "2")
    wait_for_annotations(out, 10)
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=300)
    assert process.returncode == 130
    assert "--resume" in stderr
    assert "Traceback" not in stderr
    assert not list(out.rglob(".*.tmp"))
    assert not (out / ".lock").exists()
    result = jixiao("annotate", folder, "--out", out, "--resume", "--json")
    assert result.exit_code == 0, result.stderr
    assert 5 <= json.loads(result.stdout)["reused"] < 60
    fresh = tmp_path / "fresh"
    jixiao("annotate", folder, "--out", fresh, "--workers", "1")
    assert contents(out) == contents(fresh)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "run.json"
    }
