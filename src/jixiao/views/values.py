"""Values as a reader writes them."""

from __future__ import annotations

from decimal import Decimal

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
    unit, power = shown_unit(record.unit)
    if record.value is None:
        return "?"
    value = grouped(in_larger_unit(record.value, power))
    if record.value_high is not None:
        value += "–" + grouped(in_larger_unit(record.value_high, power))
    if record.unit == "rank":
        return f"第{value}"
    bound = "" if record.bound in (None, "=") else f"{record.bound} "
    space = "" if unit == "%" else " "
    return f"{bound}{value}{space}{unit}".rstrip()


def grouped(value: Decimal) -> str:
    """Return a number in plain notation, its thousands set apart.

    >>> grouped(Decimal("12345.60"))
    '12,345.6'
    """
    digits = f"{value:,f}"
    return digits.rstrip("0").removesuffix(".") if "." in digits else digits
