"""``tests/cases/tables``: tables as readers flatten them, and the context of every number in them.

To add a table, add ``<name>.txt`` (a tab before each cell, a blank line after each row, paragraphs
without tab) and ``<name>.csv``: one line for every cell that holds a digit, in reading order, with
the headers over it, the labels beside it and the captions, outermost first, parted by `` › ``. All
tables are made up in layouts of the genre.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from jixiao.documents import Report

FOLDER = Path(__file__).parents[2] / "cases" / "tables"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))


def read_expected(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contexts(report: Report) -> list[dict[str, str]]:
    found = []
    for block in report.blocks:
        if block.cell is None or not any(char.isdecimal() for char in block.cell.text):
            continue
        context = report.grids[block.cell.table, block.cell.row].context(block.cell)
        found.append(
            {
                "cell": block.cell.text,
                "columns": " › ".join(context.columns),
                "rows": " › ".join(context.rows),
                "captions": " › ".join(context.captions),
            }
        )
    return found


@pytest.mark.parametrize("name", NAMES)
def test_context_of_every_number(name: str) -> None:
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert contexts(Report(name, text)) == read_expected(name)


@pytest.mark.parametrize("name", NAMES)
def test_line_ends_of_windows_change_nothing(name: str) -> None:
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").replace("\n", "\r\n")
    assert contexts(Report(name, text)) == read_expected(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_is_placed(name: str) -> None:
    report = Report(name, (FOLDER / f"{name}.txt").read_text(encoding="utf-8"))
    cells = [block.cell for block in report.blocks if block.cell is not None]
    for cell in cells:
        grid = report.grids[cell.table, cell.row]
        context = grid.context(cell)
        assert len(context.rows) == len(context.row_headers)
        assert 0 <= grid.column_of(cell) < max(grid.width, 1)
        assert report.view.text[cell.start : cell.end].replace("\n", "").strip(" \u3000")
    assert cells or name == "tab-indented-paragraphs"


def test_no_table_without_expectation() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.csv")) == NAMES
