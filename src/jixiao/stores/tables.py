"""The Parquet tables of a run: ``tables/{documents,quantities,…,failures}.parquet``.

Their columns are described in :mod:`jixiao.stores.schemas`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import accumulate
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from jixiao.errors import OutputError, SettingsError
from jixiao.records import (
    Candidate,
    Check,
    Claim,
    Document,
    Entity,
    Fact,
    Issue,
    Quantity,
    Record,
    by_type,
)
from jixiao.stores.atomic import temporary_beside
from jixiao.stores.schemas import CANDIDATES, DECIMAL, DOCUMENTS, SCHEMAS, with_former_columns

TABLES: Final = "tables"
ROW_GROUP_ROWS: Final = 32_768
# Rows become Arrow long before a row group is full: as records they take ten times the memory.
_CHUNK_ROWS: Final = 2_048
_BEFORE_POINT: Final = DECIMAL.precision - DECIMAL.scale


class Failure(NamedTuple):
    """A document that could not be read or annotated."""

    doc_id: str
    source: str | None
    stage: str
    error: str
    message: str


class _DocumentRow(NamedTuple):
    document: Document
    counts: Counter[type[Any]]


_TABLE_OF: Final[Mapping[type[Any], str]] = {
    Quantity: "quantities",
    Entity: "entities",
    Claim: "claims",
    Fact: "facts",
    Check: "checks",
    Issue: "issues",
}


_Getter = Callable[[list[Any]], list[Any]]
"""Gives the values of a column, those of all rows at once: a call for each takes twice as long."""
_Getters = Mapping[str, _Getter]
_encode: Final = msgspec.json.Encoder().encode


def _field(name: str) -> _Getter:
    get = attrgetter(name)
    return lambda rows: list(map(get, rows))


def _item(field: str, index: int) -> _Getter:
    """Return a getter of one element of a pair that may be None."""
    pairs = _field(field)
    return lambda rows: [None if pair is None else pair[index] for pair in pairs(rows)]


def _inner(field: str, name: str) -> _Getter:
    """Return a getter of a field of a part that may be None."""
    parts, get = _field(field), attrgetter(name)
    return lambda rows: [None if part is None else get(part) for part in parts(rows)]


def _json(field: str) -> _Getter:
    """Return a getter of a field as JSON, None where it is None."""
    parts = _field(field)
    return lambda rows: [None if part is None else _encode(part).decode() for part in parts(rows)]


def _text(get: _Getter) -> _Getter:
    """Return a getter of a number as the annotation file writes it."""
    return lambda rows: [None if value is None else format(value, "f") for value in get(rows)]


_NUMBERS: Final[_Getters] = {
    "value": _field("value"),
    "value_high": _field("value_high"),
    "stated": _field("stated"),
    "recomputed": _field("recomputed"),
    "interval_low": _item("interval", 0),
    "interval_high": _item("interval", 1),
}

_GETTERS: Final[_Getters] = {
    **_NUMBERS,
    **{f"{name}_text": _text(get) for name, get in _NUMBERS.items()},
    "sentence_start": _item("sentence", 0),
    "sentence_end": _item("sentence", 1),
    "trigger_start": _inner("trigger", "start"),
    "trigger_end": _inner("trigger", "end"),
    "trigger_text": _inner("trigger", "text"),
    "evidence": _json("evidence"),
}


def _count_of(kind: type[Any]) -> _Getter:
    return lambda rows: [int(row.counts[kind]) for row in rows]


_DOCUMENT_GETTERS: Final[_Getters] = {
    **{name: _field(f"document.{name}") for name in DOCUMENTS.names if not name.endswith("_count")},
    "parts": _json("document.parts"),
    **{f"{kind.__name__.lower()}_count": _count_of(kind) for kind in _TABLE_OF},
}


def _decimals(values: list[Decimal | None]) -> pa.Array[Any]:
    """Return values as decimals, null where one needs more digits than the column has."""
    try:
        return pa.array(values, DECIMAL)
    except pa.ArrowInvalid:
        return pa.array([_fitting(value) for value in values], DECIMAL)


def _fitting(value: Decimal | None) -> Decimal | None:
    # Most fit, which is soon told.
    if value is None or (value.is_finite() and _fits(value)):
        return value
    with suppress(pa.ArrowInvalid):
        pa.scalar(value, DECIMAL)
        return value
    return None


def _fits(value: Decimal) -> bool:
    """Return whether a number has no more digits than the column, those at its end left alone."""
    exponent = value.as_tuple().exponent
    return (
        isinstance(exponent, int)
        and -exponent <= DECIMAL.scale
        and value.adjusted() < _BEFORE_POINT
    )


def _candidates(lists: list[list[Candidate] | None]) -> pa.Array[Any]:
    """Return lists of candidates as one array, by way of flat columns: dicts take ten times."""
    flat = [candidate for candidates in lists if candidates for candidate in candidates]
    values = pa.StructArray.from_arrays(
        [
            pa.array([candidate.indicator for candidate in flat], pa.string()),
            pa.array([candidate.score for candidate in flat], pa.float64()),
        ],
        fields=list(CANDIDATES.value_type),
    )
    ends = list(accumulate(len(candidates or ()) for candidates in lists))
    starts = [0, *ends[:-1]]
    known = [None if c is None else start for c, start in zip(lists, starts, strict=True)]
    offsets = pa.array([*known, len(flat)], pa.int32())
    column: pa.Array[Any] = pa.ListArray.from_arrays(offsets, values)
    return column


_BUILDERS: Final[Mapping[Any, Callable[[list[Any]], pa.Array[Any]]]] = {
    DECIMAL: _decimals,
    CANDIDATES: _candidates,
}


class _Table:
    """One Parquet file being written: rows wait here, as Arrow, until they fill a row group."""

    def __init__(self, path: Path, schema: pa.Schema, getters: _Getters, group_rows: int) -> None:
        self.path = path
        self.row_count = 0
        self._schema = schema
        self._getters = getters
        self._group_rows = group_rows
        self._doc_ids: list[str] = []
        self._rows: list[Any] = []
        self._chunks: list[pa.RecordBatch] = []
        self._waiting = 0
        self._temporary = temporary_beside(path)
        self._writer = pq.ParquetWriter(self._temporary, schema, compression="zstd")

    def extend(self, doc_id: str, rows: Sequence[Any]) -> None:
        """Add rows of a document; a row group ends at the same row however they come."""
        done = 0
        while done < len(rows):
            room = min(_CHUNK_ROWS - len(self._rows), self._group_rows - self._waiting)
            taken = rows[done : done + room]
            self._rows += taken
            self._doc_ids += [doc_id] * len(taken)
            self._waiting += len(taken)
            done += len(taken)
            if len(taken) == room:
                self._convert()
            if self._waiting == self._group_rows:
                self._flush()

    def finish(self) -> None:
        """Write what waits and close, still under the temporary name."""
        if self._rows:
            self._convert()
        if self._waiting:
            self._flush()
        self._writer.close()

    def publish(self) -> None:
        self._temporary.replace(self.path)

    def discard(self) -> None:
        with suppress(Exception):
            self._writer.close()
        self._temporary.unlink(missing_ok=True)

    def _convert(self) -> None:
        chunk = _build_batch(self._schema, self._getters, self._doc_ids, self._rows)
        self._chunks.append(chunk)
        self._doc_ids.clear()
        self._rows.clear()

    def _flush(self) -> None:
        # One piece a column: how rows came to wait must not show in the bytes.
        group = pa.Table.from_batches(self._chunks, self._schema).combine_chunks()
        try:
            self._writer.write_table(group, row_group_size=self._group_rows)
        except OSError as error:
            raise OutputError(f"cannot write {self.path}: {error}; is the disk full?") from error
        self.row_count += self._waiting
        self._chunks.clear()
        self._waiting = 0


def _build_batch(
    schema: pa.Schema, getters: _Getters, doc_ids: list[str], rows: list[Any]
) -> pa.RecordBatch:
    """Return rows as a batch, one column after the other."""
    columns = [_column(field, getters, doc_ids, rows) for field in schema]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _column(
    field: pa.Field[Any], getters: _Getters, doc_ids: list[str], rows: list[Any]
) -> pa.Array[Any]:
    values: list[Any] = doc_ids
    if field.name != "doc_id":
        get = getters.get(field.name) or _field(field.name)
        values = get(rows)
    build = _BUILDERS.get(field.type)
    column: pa.Array[Any] = build(values) if build else pa.array(values, field.type)
    return column


def records_batch(table: str, documents: Iterable[tuple[str, Iterable[Record]]]) -> pa.RecordBatch:
    """Return the rows of one table that documents make, each given as id and records."""
    doc_ids: list[str] = []
    rows: list[Any] = []
    for doc_id, records in documents:
        own = _document_rows(records) if table == "documents" else _rows_of(table, records)
        doc_ids += [doc_id] * len(own)
        rows += own
    getters = _DOCUMENT_GETTERS if table == "documents" else _GETTERS
    return _build_batch(SCHEMAS[table], getters, doc_ids, rows)


def failures_batch(failures: Iterable[tuple[str, str | None, str, str, str]]) -> pa.RecordBatch:
    """Return the rows of the table of failures, each given as the fields of :class:`Failure`."""
    rows = [Failure(*given) for given in failures]
    return _build_batch(SCHEMAS["failures"], _GETTERS, [row.doc_id for row in rows], rows)


def _rows_of(table: str, records: Iterable[Record]) -> list[Any]:
    return [record for record in records if _TABLE_OF.get(type(record)) == table]


def _document_rows(records: Iterable[Record]) -> list[Any]:
    kinds = Counter[type[Any]]()
    documents = []
    for record in records:
        if isinstance(record, Document):
            documents.append(record)
        else:
            kinds[type(record)] += 1
    return [_DocumentRow(document, kinds) for document in documents]


class TableWriter:
    """Writes the tables of a run, document by document, in bounded memory.

    A context manager: leaving it publishes all tables at once under their final names, also the
    empty ones; leaving it by an exception removes what was written and keeps the tables of an
    earlier run. The same documents in the same order give the same bytes.

    Parameters
    ----------
    folder
        The folder of the run; the tables go to ``tables`` below it.
    row_group_rows
        Rows of a row group, and the most that wait in memory for each table.

    Raises
    ------
    OutputError
        If the folder cannot be written to.
    """

    def __init__(self, folder: Path, *, row_group_rows: int = ROW_GROUP_ROWS) -> None:
        if row_group_rows < 1:
            raise SettingsError(f"row_group_rows is {row_group_rows}; expected 1 or more")
        self._tables: dict[str, _Table] = {}
        try:
            for name, schema in SCHEMAS.items():
                getters = _DOCUMENT_GETTERS if name == "documents" else _GETTERS
                path = _table_path(folder, name)
                self._tables[name] = _Table(path, schema, getters, row_group_rows)
        except OSError as error:
            self._discard()
            raise OutputError(f"cannot write tables below {folder}: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._publish()
        else:
            self._discard()

    @property
    def row_counts(self) -> dict[str, int]:
        """Rows written to each table, by its name; final once the writer is closed."""
        return {name: table.row_count for name, table in self._tables.items()}

    def add(self, doc_id: str, records: Iterable[Record]) -> None:
        """Add the records of one document, each to the table of its type."""
        kinds = by_type(records)
        documents = kinds.pop(Document, ())
        for kind, rows in kinds.items():
            self._tables[_TABLE_OF[kind]].extend(doc_id, rows)
        counts = Counter({kind: len(rows) for kind, rows in kinds.items()})
        made = [_DocumentRow(document, counts) for document in documents]
        self._tables["documents"].extend(doc_id, made)

    def add_failure(self, doc_id: str, source: str, stage: str, error: str, message: str) -> None:
        """Add a document that failed, with the stage it failed in and why.

        File names that are not valid text (Linux allows any bytes) are kept with ``?`` in place
        of what cannot be written.
        """
        given = (doc_id, source, stage, error, message)
        failure = Failure(*(part.encode("utf-8", "replace").decode() for part in given))
        self._tables["failures"].extend(failure.doc_id, [failure])

    def _publish(self) -> None:
        try:
            for table in self._tables.values():
                table.finish()
            for table in self._tables.values():
                table.publish()
        except BaseException as error:
            self._discard()
            if isinstance(error, OSError):
                raise OutputError(f"cannot write the tables: {error}") from error
            raise

    def _discard(self) -> None:
        for table in self._tables.values():
            table.discard()


def read_table(folder: Path, name: str) -> pa.Table:
    """Return a table of a run, with its documented schema, also where an older version wrote it.

    Parameters
    ----------
    folder
        The folder of the run, above ``tables``.
    name
        One of :data:`jixiao.stores.schemas.SCHEMAS`.

    Raises
    ------
    SettingsError
        If there is no table of that name.
    OutputError
        If the file is missing or no Parquet file.
    """
    if name not in SCHEMAS:
        raise SettingsError(f"no table {name!r}; expected one of {', '.join(SCHEMAS)}")
    import pyarrow.dataset as ds

    path = _table_path(folder, name)
    try:
        written = ds.dataset(path).schema
        return pq.read_table(path, schema=with_former_columns(name, written))
    except (OSError, pa.ArrowInvalid) as error:
        raise OutputError(
            f"cannot read {path}: {error}; expected a folder written by `jixiao annotate --out`"
        ) from error


def _table_path(folder: Path, name: str) -> Path:
    return folder / TABLES / f"{name}.parquet"
