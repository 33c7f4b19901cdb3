"""The tables of knowledge: readable CSV files, read once, never changed by code."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib import resources

from jixiao.errors import ResourceError


@cache
def read_text(name: str) -> str:
    """Return the content of a resource file.

    Raises
    ------
    ResourceError
        If there is no such file in the package.
    """
    try:
        return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ResourceError(f"no resource file {name!r} in jixiao.resources") from error


@cache
def read_table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a resource CSV, each a dict by column name.

    Raises
    ------
    ResourceError
        If the file is missing, or a row has more or fewer fields than the header.

    >>> next(row["unit"] for row in read_table("units.csv") if row["surface"] == "元")
    'CNY'
    """
    rows = []
    for number, row in enumerate(csv.DictReader(io.StringIO(read_text(name))), start=2):
        if None in row or None in row.values():
            raise ResourceError(f"{name}, line {number}: a row has other fields than the header")
        rows.append(row)
    return tuple(rows)
