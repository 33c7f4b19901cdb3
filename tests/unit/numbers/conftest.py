"""How the case files write quantities down, and how a text is read for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jixiao.pipeline import annotate_text
from jixiao.records import Quantity


def _notation(quantity: Quantity) -> str:
    value = str(quantity.value)
    if quantity.value_high is not None:
        value += f"..{quantity.value_high}"
    return f"{quantity.text}={quantity.label} {value} {quantity.unit} {quantity.bound}"


@pytest.fixture(scope="session")
def quantities_of() -> Callable[[str], str]:
    """Return all quantities of a text as the case files write them, joined by ``; ``.

    ``补助5000余万元`` reads ``5000余万元=MONEY 50000000 CNY >``: surface, label, value (``10..20``
    for a range), unit, bound.
    """

    def read(text: str) -> str:
        return "; ".join(_notation(quantity) for quantity in annotate_text(text).quantities)

    return read
