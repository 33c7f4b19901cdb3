"""How the case files write quantities down, and how a text is read for them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from jixiao.pipeline import annotate_text
from jixiao.records import Quantity

CASES = Path(__file__).parents[2] / "cases"
XFAIL = "xfail: "


def notation(quantity: Quantity) -> str:
    """Return a quantity as the case files write it: ``5000余万元=MONEY 50000000 CNY >``."""
    value = str(quantity.value)
    if quantity.value_high is not None:
        value += f"..{quantity.value_high}"
    return f"{quantity.text}={quantity.label} {value} {quantity.unit} {quantity.bound}"


@pytest.fixture(scope="session")
def quantities_of() -> Callable[[str], str]:
    """All quantities of a text in the notation of the case files, joined by ``; ``."""

    def read(text: str) -> str:
        return "; ".join(notation(quantity) for quantity in annotate_text(text).quantities)

    return read


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test marked ``cases("file.csv")`` once for each row; a note ``xfail: …`` marks a known failure."""
    marker = metafunc.definition.get_closest_marker("cases")
    if marker is None:
        return
    name, *fields = marker.args
    params = []
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            note = row["note"]
            marks = [pytest.mark.xfail(reason=note[len(XFAIL) :])] if note.startswith(XFAIL) else []
            values = [row[field] for field in fields]
            params.append(pytest.param(*values, id=f"line{number}", marks=marks))
    metafunc.parametrize(fields, params)
