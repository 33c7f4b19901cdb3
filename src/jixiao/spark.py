"""jixiao on Apache Spark: DataFrames of reports to DataFrames of records and tables.

Needs ``pip install 'jixiao[spark]'`` and Java 17. For a folder of files there is
``jixiao annotate --engine spark``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jixiao.batch.limits import Limits
from jixiao.batch.spark.frames import annotate_frame, table_frames, write_frames
from jixiao.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["annotate", "tables", "write"]

_DEFAULT: Final = Settings()
_LIMITS: Final = Limits()


def annotate(
    df: DataFrame,
    settings: Settings = _DEFAULT,
    *,
    root: str | None = None,
    limits: Limits = _LIMITS,
) -> DataFrame:
    """Annotate every document of a DataFrame, when its rows are asked for.

    Each row of the input is a row of the result, in the same partition. Each slot of an executor
    runs one more process, which may die at a document without ending the job: memory beside Java's
    for it (``spark.executor.memoryOverhead``) is 500 MB a slot and what the largest report takes.
    Keep ``spark.sql.execution.arrow.maxRecordsPerBatch`` low where files are large: that many of
    them are in memory at a time.

    Parameters
    ----------
    df
        ``doc_id``, ``media_type`` and ``content`` (the bytes of a file); or ``doc_id`` and
        ``text``; or ``path`` and ``content``, as ``spark.read.format("binaryFile")`` gives, which
        passes over empty files and those whose name begins with ``_`` or ``.``. Of a column
        ``source`` beside the first two the documents take their source.
    settings
        Catalogue, lexicon and the rest, by content: they travel with the job.
    root
        The folder below which a ``path`` names its document as ``jixiao annotate`` would; by
        default the deepest that holds all. The paths (not the files) are read at once for that.
    limits
        What one document may take of time and memory.

    Returns
    -------
    pyspark.sql.DataFrame
        ``doc_id``, ``status`` (``ok`` or ``failed``), ``error`` (``stage/Error: message``),
        ``text``, ``records`` (lines of JSON) and ``source``. Persist or write it before it is used
        more than once: Spark would annotate again.

    Raises
    ------
    SettingsError
        If columns are missing, or a path is not below ``root``.
    CatalogueError, LexiconError
        If the user's catalogue or lexicon breaks its rules.

    Examples
    --------
    ::

        files = spark.read.format("binaryFile").option("recursiveFileLookup", True)
        annotated = jixiao.spark.annotate(files.load("hdfs:///reports"))
        jixiao.spark.write(annotated, "hdfs:///results")
    """
    return annotate_frame(df, settings, root=root, limits=limits)


def tables(annotated: DataFrame) -> dict[str, DataFrame]:
    """Return the tables that ``jixiao annotate`` writes, from what :func:`annotate` returned.

    Parameters
    ----------
    annotated
        Persisted, or read back from a file: each table is made from it anew.

    Returns
    -------
    dict
        ``documents``, ``quantities``, ``entities``, ``claims``, ``facts``, ``checks``, ``issues``
        and ``failures``, with the columns of :mod:`jixiao.stores.schemas`.

    Raises
    ------
    SettingsError
        If columns are missing.
    """
    return table_frames(annotated)


def write(annotated: DataFrame, folder: str, *, overwrite: bool = False) -> None:
    """Annotate, and write the result and its tables as Parquet; no row passes the driver.

    The folder gets ``annotated.parquet`` (a row a document, with its text and records) and
    ``tables/<name>.parquet``, each a folder of parts, as Spark writes them.

    Parameters
    ----------
    annotated
        What :func:`annotate` returned.
    folder
        A path or URL that Spark can write to.
    overwrite
        Whether results that are there are replaced.

    Raises
    ------
    OutputError
        If there are results already, or they cannot be written.
    """
    write_frames(annotated, folder, overwrite=overwrite)
