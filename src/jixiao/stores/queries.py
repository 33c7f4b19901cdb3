"""The tables of a run, read when they are asked for: as Arrow, as pandas, by SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.dataset as ds

from jixiao.errors import OutputError, QueryError, SettingsError
from jixiao.stores.schemas import SCHEMAS, with_former_columns
from jixiao.stores.tables import TABLES

if TYPE_CHECKING:
    import pandas as pd

_BATCH_ROWS: Final = 50_000
_READING: Final = frozenset({"SELECT", "EXPLAIN", "CALL", "PRAGMA", "SHOW"})


class Tables:
    """The Parquet tables of a folder that ``jixiao annotate --out`` wrote; nothing is held.

    Each table is an attribute that gives a pandas frame (``tables.facts``); :meth:`arrow` and
    :meth:`frame` read chosen columns only, :meth:`sql` asks a question over all of them. Exact
    numbers stay ``Decimal``; ``value_text`` is the same number as text.

    Parameters
    ----------
    folder
        The folder of the run, above ``tables``.

    Raises
    ------
    OutputError
        If the folder holds no tables.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from jixiao.batch.run import annotate_paths
    >>> with TemporaryDirectory() as folder:
    ...     report = Path(folder, "报告.txt")
    ...     _ = report.write_text("新认定高新技术企业15家。", encoding="utf-8")
    ...     _ = annotate_paths([report], Path(folder, "out"), workers=1)
    ...     tables = open_tables(Path(folder, "out"))
    ...     tables.sql("SELECT text, value_text FROM quantities").to_pylist()
    [{'text': '15家', 'value_text': '15'}]
    """

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder)
        if not self._path("documents").exists():
            raise OutputError(
                f"{self._folder} holds no {TABLES}/documents.parquet; expected a folder "
                "written by `jixiao annotate --out` or jixiao.spark.write"
            )

    @property
    def names(self) -> list[str]:
        """The names of the tables: documents, quantities, entities, claims, facts and so on."""
        return list(SCHEMAS)

    def __repr__(self) -> str:
        rows = (f"{name} {self.dataset(name).count_rows():,}" for name in SCHEMAS)
        return f"<Tables {self._folder}: {', '.join(rows)}>"

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *SCHEMAS]

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name not in SCHEMAS:
            raise AttributeError(f"no table {name!r}; expected one of {', '.join(SCHEMAS)}")
        return self.frame(name)

    def arrow(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return a table as Arrow: all of its columns, or the given ones.

        Raises
        ------
        SettingsError
            If there is no table or column of that name.
        """
        if name not in SCHEMAS:
            raise SettingsError(f"no table {name!r}; expected one of {', '.join(SCHEMAS)}")
        dataset = self.dataset(name)
        unknown = [column for column in columns or () if column not in dataset.schema.names]
        if unknown:
            raise SettingsError(
                f"no column {unknown[0]!r} in {name}; expected one of "
                f"{', '.join(dataset.schema.names)}"
            )
        table: pa.Table = dataset.to_table(columns=list(columns) if columns else None)
        return table

    def frame(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return a table as a pandas frame; see :meth:`arrow`."""
        return self.arrow(name, columns).to_pandas()

    def dataset(self, name: str) -> Any:
        """Return a table as a lazy :class:`pyarrow.dataset.Dataset`, to filter or read in batches.

        Columns that a run of an older version has not are empty, and so is a table it lacks.
        """
        path = self._path(name)
        if not path.exists():
            return ds.dataset(SCHEMAS[name].empty_table())
        return ds.dataset(path, schema=with_former_columns(name, _written_schema(path)))

    def sql(self, query: str, parameters: Sequence[object] = ()) -> pa.Table:
        """Return the answer to one SQL query over the tables, by DuckDB.

        Every table is a view of its name. DuckDB reads from the files only the columns and row
        groups that a query needs, so that tables larger than memory can be asked.

        Parameters
        ----------
        query
            One statement that reads: ``SELECT …``. ``?`` stands for a parameter.

        Raises
        ------
        SettingsError
            If DuckDB, of the extra ``query``, is not installed.
        QueryError
            If the query is no single reading statement, or DuckDB cannot answer it.
        """
        with self.reading(query, parameters) as answer:
            table: pa.Table = answer.read_all()
            return table

    @contextmanager
    def reading(
        self, query: str, parameters: Sequence[object] = ()
    ) -> Iterator[pa.RecordBatchReader]:
        """Give the answer to a query as batches while the block lasts, for one that memory cannot hold.

        Parameters and errors are those of :meth:`sql`.
        """
        duckdb = _duckdb()
        try:
            with duckdb.connect() as connection:
                statements = connection.extract_statements(query)
                kinds = [statement.type.name for statement in statements]
                if len(kinds) != 1 or kinds[0] not in _READING:
                    given = ", ".join(kinds) or "no statement"
                    raise QueryError(
                        f"given {given}; expected one statement that reads, as `FROM facts`"
                    )
                for name in SCHEMAS:
                    connection.register(f"no_{name}", SCHEMAS[name].empty_table())
                    connection.execute(f"CREATE VIEW {name} AS {self._source(name)}")
                relation = connection.sql(query, params=list(parameters))
                # DuckDB 1 has it by another name.
                read = getattr(relation, "to_arrow_reader", None) or relation.fetch_arrow_reader
                yield read(_BATCH_ROWS)
        except duckdb.Error as error:
            raise QueryError(f"{error}\nThe tables are {', '.join(SCHEMAS)}") from error

    def _source(self, name: str) -> str:
        """Return what DuckDB reads a table from; an older run may lack columns, or all of it."""
        path, own = self._path(name), f"FROM no_{name}"
        if not path.exists():
            return own
        files = path / "*.parquet" if path.is_dir() else path
        found = "FROM read_parquet('{}')".format(str(files).replace("'", "''"))
        whole = set(SCHEMAS[name].names) <= set(_written_schema(path).names)
        return found if whole else f"{own} UNION ALL BY NAME {found}"

    def _path(self, name: str) -> Path:
        return self._folder / TABLES / f"{name}.parquet"


def _written_schema(path: Path) -> pa.Schema:
    """Return the columns of a Parquet file, or of the folder of parts that Spark writes."""
    schema: pa.Schema = ds.dataset(path).schema
    return schema


def open_tables(folder: str | Path) -> Tables:
    """Return the tables of a run, read when they are asked for; see :class:`Tables`."""
    return Tables(folder)


def _duckdb() -> ModuleType:
    try:
        import duckdb
    except ImportError as error:
        raise SettingsError(
            "SQL over the tables needs DuckDB; install it with: pip install 'jixiao[query]'"
        ) from error
    found: ModuleType = duckdb
    return found
