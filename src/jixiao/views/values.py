"""Values as a reader writes them."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from jixiao.exports.cells import in_larger_unit
from jixiao.exports.names import shown_unit
from jixiao.records import Fact, Quantity


def value_text(record: Quantity | Fact) -> str:
    """Return the value of a record as a reader writes it, with bound, unit and direction.

    Money is in ten thousands as in the workbook; a record without a value gives ``?``.

    >>> value_text(Quantity(id="q1", start=0, end=8, text="5000余万元", label="MONEY",
    ...                     value=Decimal(50000000), unit="CNY", bound=">"))
    '> 5,000 万元'
    """
    value, high = record.value, record.value_high
    if value is None:
        return "?"
    # What is no number may have no hash.
    finite = value.is_finite() and (high is None or high.is_finite())
    told = _told if finite else _told.__wrapped__
    return told(value, high, record.unit, record.bound)


# A page tells the same values as quantities, as facts, and in the search.
@lru_cache(maxsize=4_096)
def _told(low: Decimal, high: Decimal | None, code: str | None, bound: str | None) -> str:
    unit, power = shown_unit(code)
    value = grouped(in_larger_unit(low, power))
    if high is not None:
        value += "–" + grouped(in_larger_unit(high, power))
    if code == "rank":
        return f"第{value}"
    before = "" if bound in (None, "=") else f"{bound} "
    space = "" if unit == "%" else " "
    return f"{before}{value}{space}{unit}".rstrip()


def grouped(value: Decimal) -> str:
    """Return a number in plain notation, its thousands set apart.

    >>> grouped(Decimal("12345.60"))
    '12,345.6'
    """
    digits = f"{value:z,f}"  # z: no minus before zero
    return digits.rstrip("0").removesuffix(".") if "." in digits else digits
