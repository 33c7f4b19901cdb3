"""The same reports give the same bytes: whatever the hash seed, the workers and their order.

That the engine makes no difference either, ``tests/integration/test_spark.py`` shows.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jixiao.batch.run import annotate_paths
from jixiao.generation import generate_report
from jixiao.stores.schemas import SCHEMAS
from jixiao.stores.tables import read_table

# Batches so small that three workers have something to do.
RUN = """
import sys
from jixiao.batch import local
from jixiao.batch.run import annotate_paths
local.BATCH_BYTES = 2_000
workers, out, *paths = sys.argv[1:]
annotate_paths(paths, out, workers=int(workers))
"""

Digests = dict[str, str]
State = Callable[[Path], Digests]


def run(hash_seed: int, workers: int, out: Path, *paths: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", RUN, str(workers), str(out), *map(str, paths)],
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
        check=True,
    )


@pytest.fixture
def given(reports: Path) -> Path:
    """Reports of every kind that the generator writes, beside small ones."""
    for seed in range(3):
        (reports / f"{seed}.txt").write_text(generate_report(seed)[0], encoding="utf-8")
    return reports


def test_hash_seed_and_workers_make_no_difference(
    given: Path, tmp_path: Path, state: State
) -> None:
    run(1, 1, tmp_path / "one", given)
    run(2, 3, tmp_path / "three", given)
    assert state(tmp_path / "three") == state(tmp_path / "one")


def test_the_order_of_reports_orders_rows_and_changes_none(
    given: Path, tmp_path: Path, state: State
) -> None:
    files = sorted(given.glob("*.txt"))
    annotate_paths(files, tmp_path / "forth", workers=1)
    annotate_paths(files[::-1], tmp_path / "back", workers=1)
    forth, back = state(tmp_path / "forth"), state(tmp_path / "back")
    own = [name for name in forth if name.startswith(("annotations/", "text/"))]
    assert {name: back[name] for name in own} == {name: forth[name] for name in own}
    for name in SCHEMAS:
        assert rows(tmp_path / "back", name) == rows(tmp_path / "forth", name)


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    found = read_table(folder, table).to_pylist()
    return sorted(found, key=lambda row: (row["doc_id"], row.get("id") or ""))
