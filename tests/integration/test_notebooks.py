"""The notebooks run from a clean kernel, and what is stored in them is the output of a run."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
pytest.importorskip("matplotlib")

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
SECONDS = 900  # a cell may wait for a busy machine
MOST_BYTES = 300_000

pytestmark = pytest.mark.skipif(not NOTEBOOKS, reason="the notebooks are not in this distribution")


def code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs_of(notebook: Any) -> list[list[str]]:
    """Return the kinds of output of each cell; how often a stream is cut is left to chance."""
    return [
        list(dict.fromkeys(f"{one.output_type} {one.get('name', '')}" for one in cell.outputs))
        for cell in code_cells(notebook)
    ]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of what the notebooks read, so that nothing is written to the repository."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("corpus", "annotations"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(FOLDER, folder / "notebooks", ignore=shutil.ignore_patterns("out", ".*"))
    return folder


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_it_runs_from_a_clean_kernel(
    path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JIXIAO_REPORTS", raising=False)
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    stored = nbformat.read(path, as_version=4)
    run = nbformat.from_dict(stored)
    for cell in code_cells(run):
        cell.outputs, cell.execution_count = [], None
    resources = {"metadata": {"path": str(checkout / "notebooks")}}
    client = nbclient.NotebookClient(run, timeout=SECONDS, resources=resources)
    client.execute()
    assert outputs_of(run) == outputs_of(stored), f"{path.name} is stale: make notebooks"
    told = [one for cell in code_cells(run) for one in cell.outputs if one.get("name") == "stderr"]
    assert not told, "a notebook has no warnings to show"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_what_is_stored_is_a_run(path: Path) -> None:
    cells = code_cells(nbformat.read(path, as_version=4))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert all(one.output_type != "error" for cell in cells for one in cell.outputs)
    assert any("image/svg+xml" in one.get("data", {}) for cell in cells for one in cell.outputs)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_it_is_small_and_names_no_place_of_the_machine_it_ran_on(path: Path) -> None:
    content = path.read_text(encoding="utf-8")
    assert len(content.encode()) < MOST_BYTES
    for place in (ROOT, Path.home(), Path(sys.prefix), Path(sys.base_prefix)):
        assert f"{place}/" not in content
    assert "ipykernel_" not in content
    assert "/tmp/" not in content


def test_each_leads_to_the_next() -> None:
    for one, following in itertools.pairwise(NOTEBOOKS):
        assert f"({following.name})" in one.read_text(encoding="utf-8")


def test_a_figure_asks_for_chinese_fonts_and_keeps_its_words(checkout: Path) -> None:
    code = """
import figures, matplotlib.pyplot as plt
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
figures.set_up()
drawn, axis = plt.subplots()
axis.set_title("高新技术企业")
first, second = figures._svg(drawn), figures._svg(drawn)
assert "高新技术企业" in first and "Noto Sans CJK SC" in first and "PingFang SC" in first
assert first == second and "dc:date" not in first
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=checkout / "notebooks",
        env={**os.environ, "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
