"""Files broken at random: an annotation whose offsets hold or a clear refusal; no crash, no hang.

A test run breaks a few; ``make fuzz`` breaks 10,000. A failure names the file and the seed, which
make it again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import pytest

ROOT = Path(__file__).parents[2]
COUNT = int(os.environ.get("JIXIAO_MUTATIONS", "120"))
# A file this size takes well under a second; a busy machine is given a minute.
SECONDS = 60.0
# Old Office formats go through another program, which takes seconds a file.
SUFFIXES = (".docx", ".html", ".pdf", ".txt", ".xlsx")


def sources(suffix: str) -> list[Path]:
    folders = (ROOT / "corpus", ROOT / "tests" / "data")
    return sorted(path for folder in folders for path in folder.rglob(f"*{suffix}"))


def problems(first: int, last: int, paths: list[Path]) -> list[str]:
    """Return what went wrong, crashes and hangs with it; after each of these a process begins anew."""
    found: list[str] = []
    while first < last:
        reached, problem = _run(first, last, paths, found)
        if problem:
            found.append(f"{reached} {paths[reached % len(paths)].name}: {problem}")
        first = reached + 1
    return found


def _run(first: int, last: int, paths: list[Path], found: list[str]) -> tuple[int, str | None]:
    """Run seeds until one crashes or hangs; return the last seed begun and what befell it."""
    script = Path(__file__).with_name("annotate_mutated.py")
    command = [sys.executable, script, str(first), str(last), *map(str, paths)]
    seed, lines = first, Queue[str | None]()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        Thread(target=_forward, args=(worker, lines), daemon=True).start()
        try:
            while (line := lines.get(timeout=SECONDS)) is not None:
                number, _, problem = line.strip().partition(" ")
                seed = int(number)
                if problem:
                    found.append(line.strip())
        except Empty:
            worker.kill()
            return seed, f"took longer than {SECONDS:.0f} s"
    return seed, f"crashed ({worker.returncode})" if worker.returncode else None


def _forward(worker: subprocess.Popen[str], lines: Queue[str | None]) -> None:
    for line in worker.stdout or ():
        lines.put(line)
    worker.wait()
    lines.put(None)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_broken_files_are_annotated_or_refused(suffix: str) -> None:
    assert problems(0, COUNT // len(SUFFIXES), sources(suffix)) == []
