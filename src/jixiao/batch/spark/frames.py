"""Spark's DataFrames of documents to DataFrames of annotations and of tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from os.path import commonpath
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from jixiao.batch.doc_ids import assign_doc_ids
from jixiao.batch.inputs import bare_path
from jixiao.batch.limits import Limits
from jixiao.batch.spark import tasks
from jixiao.batch.spark.session import reason
from jixiao.errors import OutputError, SettingsError
from jixiao.indicators import load_catalogue
from jixiao.pipeline import check_lexicon
from jixiao.settings import Settings
from jixiao.stores.schemas import SCHEMAS
from jixiao.stores.tables import TABLES

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

ANNOTATED: Final = "annotated.parquet"
_DEFAULT: Final = Settings()
_LIMITS: Final = Limits()
_DOCUMENTS: Final = ("doc_id", "media_type", "content")
_TEXTS: Final = ("doc_id", "text")
_FILES: Final = ("path", "content")


def make_work(settings: Settings, limits: Limits) -> tasks.Work:
    """Return what the tasks are told; settings that cannot be used are an error here already.

    Raises
    ------
    CatalogueError, LexiconError
        If the user's catalogue or lexicon breaks its rules.
    """
    load_catalogue(settings.catalogue, settings.catalogue_mode)
    if settings.lexicon is not None:
        check_lexicon(settings.lexicon)
    return tasks.Work(settings, limits, settings.fingerprint())


def annotate_frame(
    frame: DataFrame,
    settings: Settings = _DEFAULT,
    *,
    root: str | None = None,
    limits: Limits = _LIMITS,
) -> DataFrame:
    """Return the annotation of each document of a frame; nothing is done before it is asked for.

    See :func:`jixiao.spark.annotate`.
    """
    work = make_work(settings, limits)
    columns, names = _used_columns(frame), None
    if columns == list(_FILES):
        names = _file_names(frame, root)
    elif root is not None:
        raise SettingsError(
            f"root={root!r} is for a frame with a column path; given {', '.join(frame.columns)}"
        )

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return tasks.annotate_frame_rows(batches, names, work)

    return frame.select(*columns).mapInArrow(run, spark_schema(tasks.FRAME_SCHEMA))


def table_frames(annotated: DataFrame) -> dict[str, DataFrame]:
    """Return the tables of annotated documents by name. See :func:`jixiao.spark.tables`."""
    missing = [name for name in tasks.FRAME_SCHEMA.names if name not in annotated.columns]
    if missing:
        raise SettingsError(
            f"the frame has no column {', '.join(missing)}; given {', '.join(annotated.columns)}; "
            "expected what jixiao.spark.annotate returned"
        )
    frame = annotated.select(*tasks.FRAME_SCHEMA.names)
    return {
        name: frame.mapInArrow(_table_maker(name), spark_schema(schema))
        for name, schema in SCHEMAS.items()
    }


def write_frames(annotated: DataFrame, folder: str, *, overwrite: bool = False) -> None:
    """Write annotated documents and their tables. See :func:`jixiao.spark.write`."""
    place = folder.rstrip("/")
    mode = "overwrite" if overwrite else "errorifexists"
    kept = f"{place}/{ANNOTATED}"
    _write(annotated, kept, mode)
    for name, table in table_frames(annotated.sparkSession.read.parquet(kept)).items():
        _write(table, f"{place}/{TABLES}/{name}.parquet", mode)


def _write(frame: DataFrame, path: str, mode: str) -> None:
    try:
        frame.write.mode(mode).option("compression", "zstd").parquet(path)
    except Exception as error:
        raise OutputError(
            f"cannot write {path}: {reason(error)}; choose a new folder, or overwrite=True"
        ) from error


def _table_maker(name: str) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return tasks.table_rows(batches, name)

    return run


def _used_columns(frame: DataFrame) -> list[str]:
    given = frame.columns
    for kind in (_DOCUMENTS, _TEXTS, _FILES):
        if all(name in given for name in kind):
            also = ["source"] if "source" in given and kind != _FILES else []
            return [*kind, *also]
    raise SettingsError(
        f"the frame has the columns {', '.join(given) or 'none'}; expected doc_id, media_type and "
        "content (the bytes of a file), doc_id and text, or path and content, as "
        'spark.read.format("binaryFile") gives'
    )


def _file_names(frame: DataFrame, root: str | None) -> tasks.FileNames:
    """Return the ids of the files of a frame; only their paths are read."""
    paths = [row["path"] for row in frame.select("path").collect()]
    # In the order of a folder that is walked, so that of two files the same one gets the plain id.
    paths.sort(key=lambda path: bare_path(path).split("/"))
    bare = [bare_path(path) for path in paths]
    if root is None:
        root = commonpath([str(PurePosixPath(path).parent) for path in bare]) if bare else "/"
    root = bare_path(root).rstrip("/")
    outside = [path for path in bare if not path.startswith(f"{root}/")]
    if outside:
        raise SettingsError(
            f"{outside[0]} does not lie below root={root!r}; expected a folder that holds every "
            "path of the frame"
        )
    plain = tasks.FileNames(root, {})
    ids = assign_doc_ids([plain.source(path) for path in paths])
    other = {
        path: doc_id
        for path, doc_id in zip(paths, ids, strict=True)
        if doc_id != plain.doc_id(path)
    }
    return tasks.FileNames(root, other)


def spark_schema(schema: pa.Schema) -> str:
    """Return a schema in the words of Spark, with the descriptions of its columns.

    >>> spark_schema(pa.schema([pa.field("doc_id", pa.string()), pa.field("start", pa.int32())]))
    '`doc_id` string, `start` int'
    """
    return ", ".join(_spark_column(field) for field in schema)


def _spark_column(field: pa.Field[Any]) -> str:
    metadata: Mapping[bytes, bytes] = field.metadata or {}
    text = metadata.get(b"description", b"").decode().replace("\\", "\\\\").replace("'", "\\'")
    return f"`{field.name}` {_spark_type(field.type)}" + (f" COMMENT '{text}'" if text else "")


_SPARK_TYPES: Final = {
    pa.string(): "string",
    pa.binary(): "binary",
    pa.int32(): "int",
    pa.float64(): "double",
    pa.bool_(): "boolean",
}


def _spark_type(kind: pa.DataType) -> str:
    if isinstance(kind, pa.ListType):
        return f"array<{_spark_type(kind.value_type)}>"
    if isinstance(kind, pa.StructType):
        return f"struct<{', '.join(f'`{part.name}`: {_spark_type(part.type)}' for part in kind)}>"
    if isinstance(kind, pa.Decimal128Type):
        return f"decimal({kind.precision},{kind.scale})"
    return _SPARK_TYPES[kind]
