"""The tables of knowledge: readable CSV files, and the rows a user adds to them.

The built-in tables are read once and never changed by code. :func:`use_lexicon` puts a user's rows
beside them for the whole process, and :func:`use_models` a user's models in the place of the built-in
ones; what was computed before is forgotten then, where it was kept by :func:`table_cache`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final, ParamSpec, Protocol, TypeVar, cast

from jixiao.errors import LexiconError, ResourceError, SettingsError

_P = ParamSpec("_P")
_R = TypeVar("_R")

EXTENSIBLE: Final[Mapping[str, tuple[str, ...]]] = {
    "units": ("surface",),
    "bounds": ("surface", "position"),
    "cues": ("field", "surface"),
    "stopnames": ("surface",),
    "words": ("surface",),
    "headers": ("surface", "match", "role"),
    "elided": ("surface",),
    "sections": ("surface", "match"),
}
"""The tables a user may add rows to, and the columns by which a row replaces a built-in one."""

MODELS: Final[Mapping[str, str]] = {
    "ner": "ner.json",
    "claims": "claims_model.json",
    "alignment": "alignment.json",
}
"""The models that `jixiao train` fits, and the files they are stored in."""


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


def read_table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a resource CSV, each a dict by column name, the user's rows last.

    Raises
    ------
    ResourceError
        If the file is missing, or a row has more or fewer fields than the header.

    >>> next(row["unit"] for row in read_table("units.csv") if row["surface"] == "元")
    'CNY'
    """
    table = name.removesuffix(".csv")
    added = _lexicon.rows.get(table)
    if table in _lexicon.hidden:
        column, values = _lexicon.hidden[table]
        return tuple(row for row in _built_in(name) if row[column] not in values)
    if not added:
        return _built_in(name)
    rows = {_key(table, row): row for row in (*_built_in(name), *added)}
    return tuple(rows.values())


def _key(table: str, row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row[column] for column in EXTENSIBLE[table])


@cache
def _built_in(name: str) -> tuple[dict[str, str], ...]:
    rows = []
    for number, row in enumerate(csv.DictReader(io.StringIO(read_text(name))), start=2):
        if None in row or None in row.values():
            raise ResourceError(f"{name}, line {number}: a row has other fields than the header")
        rows.append(row)
    return tuple(rows)


# The user's rows.


class _Lexicon:
    """The rows that are in use now, by table, and what must be forgotten when they change."""

    def __init__(self) -> None:
        self.content: str | None = None
        self.rows: Mapping[str, list[dict[str, str]]] = {}
        self.hidden: dict[str, tuple[str, Collection[str]]] = {}
        self.models: tuple[tuple[str, str], ...] = ()
        self.forget: list[Callable[[], None]] = []


_lexicon: Final = _Lexicon()


class _Cached(Protocol):
    def cache_clear(self) -> None: ...


def table_cache(
    maxsize: int | None = None,
) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Decorate a function whose results are kept until the user's rows change.

    ``maxsize`` is how many results are kept, the least recently used going first; all if None.
    """

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        kept = lru_cache(maxsize=maxsize)(function)
        _lexicon.forget.append(cast("_Cached", kept).cache_clear)
        return cast("Callable[_P, _R]", kept)

    return decorate


def use_lexicon(content: str | None) -> None:
    r"""Use a user's rows beside the built-in tables, in this process, from now on; None: no rows.

    Called with every report for the lexicon of its settings (:class:`jixiao.Settings`), which is what
    users set.

    Parameters
    ----------
    content
        CSV with a column ``table``, one of :data:`EXTENSIBLE`, and the columns of that table; what a
        row leaves empty is empty. A row with the surface of a built-in one takes its place.

    Raises
    ------
    LexiconError
        If a row names an unknown table or column, or has no surface. The rows in use stay.

    >>> use_lexicon("table,surface,label,unit,scale\nunits,穴,COUNT,穴,1\n")
    >>> read_table("units.csv")[-1]["surface"]
    '穴'
    >>> use_lexicon(None)
    """
    if content == _lexicon.content:
        return
    rows = _parse_lexicon(content) if content is not None else {}
    _lexicon.content, _lexicon.rows = content, rows
    _forget()


def use_models(models: tuple[tuple[str, str], ...]) -> None:
    """Use a user's models in the place of the built-in ones, in this process, from now on; (): none.

    Called with every report for the models of its settings (:class:`jixiao.Settings`), which is what
    users set.

    Parameters
    ----------
    models
        Pairs of a name, one of :data:`MODELS`, and the content of its file.

    Raises
    ------
    SettingsError
        If there is no model of a name. The models in use stay.
    """
    if models == _lexicon.models:
        return
    unknown = [name for name, _ in models if name not in MODELS]
    if unknown:
        raise SettingsError(
            f"no model is called {unknown[0]!r}; expected one of {', '.join(MODELS)}"
        )
    _lexicon.models = models
    _forget()


def load_model(name: str, build: Callable[[Any], _R], content: str | None = None) -> _R:
    """Return a fitted model: what ``build`` makes of its JSON.

    Parameters
    ----------
    name
        One of :data:`MODELS`: the user's model of the name where one is in use, else the built-in one.
    content
        The content of another file, which is taken instead.

    Raises
    ------
    ResourceError
        If it holds no model.

    >>> load_model("claims", lambda stored: stored["threshold"])
    0.5
    """
    if content is None:
        content = dict(_lexicon.models).get(name) or read_text(MODELS[name])
    try:
        return build(json.loads(content))
    except ResourceError:  # build says better what is wrong
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise ResourceError(
            f"{MODELS[name]} holds no model: {error!r}; run `jixiao train {name}`"
        ) from error


@contextmanager
def without_rows(table: str, column: str, values: Collection[str]) -> Iterator[None]:
    """Leave rows of a built-in table out while something is measured: those with a value in a column.

    >>> with without_rows("stopnames", "surface", {"十四五"}):
    ...     any(row["surface"] == "十四五" for row in read_table("stopnames.csv"))
    False
    """
    _lexicon.hidden[table] = column, frozenset(values)
    _forget()
    try:
        yield
    finally:
        del _lexicon.hidden[table]
        _forget()


def _forget() -> None:
    for forget in _lexicon.forget:
        forget()


def _parse_lexicon(content: str) -> Mapping[str, list[dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(content.removeprefix("\ufeff")))
    given = set(reader.fieldnames or ())
    if not {"table", "surface"} <= given:
        raise LexiconError(
            f"the lexicon has the columns {sorted(given)}; expected table, surface and those of the "
            f"tables it adds to ({', '.join(EXTENSIBLE)})"
        )
    rows: dict[str, list[dict[str, str]]] = {}
    for number, row in enumerate(reader, start=2):
        table = row.pop("table", None) or ""
        if table not in EXTENSIBLE:
            raise LexiconError(
                f"the lexicon, line {number}: no table {table!r}; expected one of "
                f"{', '.join(EXTENSIBLE)}"
            )
        columns = list(_built_in(f"{table}.csv")[0])
        unknown = [name for name, value in row.items() if value and name not in columns]
        if unknown or not row.get("surface"):
            wrong = f"the columns {unknown} are not of" if unknown else "no surface for"
            raise LexiconError(
                f"the lexicon, line {number}: {wrong} the table {table}; it has "
                f"{', '.join(columns)}"
            )
        rows.setdefault(table, []).append({name: row.get(name) or "" for name in columns})
    return rows
