"""One run at a time in a folder; a lock whose process is gone is taken over."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from jixiao.batch.lock import FolderLock
from jixiao.errors import OutputError


def dead_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_the_lock_names_its_process_and_goes_with_it(tmp_path: Path) -> None:
    with FolderLock(tmp_path):
        content = (tmp_path / ".lock").read_text()
        assert content.split() == [str(os.getpid()), socket.gethostname()]
    assert list(tmp_path.iterdir()) == []


def test_a_second_run_is_refused_and_the_first_keeps_its_lock(tmp_path: Path) -> None:
    with FolderLock(tmp_path):
        with pytest.raises(OutputError, match=rf"another run \(process {os.getpid()}\)"):
            FolderLock(tmp_path).__enter__()
        assert (tmp_path / ".lock").exists()


def test_the_lock_goes_when_a_run_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), FolderLock(tmp_path):
        raise KeyboardInterrupt
    assert not (tmp_path / ".lock").exists()


@pytest.mark.parametrize("host", ["", f" {socket.gethostname()}"])
def test_a_stale_lock_is_taken_over(tmp_path: Path, host: str) -> None:
    (tmp_path / ".lock").write_text(f"{dead_pid()}{host}\n")
    with FolderLock(tmp_path):
        assert (tmp_path / ".lock").read_text().startswith(f"{os.getpid()} ")


def test_a_lock_from_another_computer_stands(tmp_path: Path) -> None:
    (tmp_path / ".lock").write_text(f"{dead_pid()} elsewhere\n")
    with pytest.raises(OutputError, match="on elsewhere"):
        FolderLock(tmp_path).__enter__()


@pytest.mark.parametrize("content", ["", "?", "99999999999999999999"])
def test_a_lock_that_cannot_be_read_stands_and_says_what_to_do(
    tmp_path: Path, content: str
) -> None:
    (tmp_path / ".lock").write_text(content)
    with pytest.raises(OutputError, match=r"if no run is going on, delete .*\.lock"):
        FolderLock(tmp_path).__enter__()


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write to"):
        FolderLock(tmp_path / "missing").__enter__()
