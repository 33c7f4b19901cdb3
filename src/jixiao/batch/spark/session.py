"""Spark, started or found missing."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jixiao.batch.spark.errors import SparkError
from jixiao.errors import SettingsError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Rows of a batch that Spark's own side builds: it counts rows, and reports can be large.
_CONF: Final = {
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "16",
}


def read_conf(given: Mapping[str, str] | list[str] | tuple[str, ...]) -> dict[str, str]:
    """Return settings of Spark given as ``NAME=VALUE``.

    >>> read_conf(["spark.executor.memory=4g"])
    {'spark.executor.memory': '4g'}

    Raises
    ------
    SettingsError
        If one has no ``=`` or a name that is none of Spark's.
    """
    if isinstance(given, Mapping):
        return dict(given)
    conf = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not equals or not name.startswith("spark."):
            raise SettingsError(
                f"no setting of Spark: {item!r}; expected NAME=VALUE, say spark.executor.memory=4g"
            )
        conf[name] = value
    return conf


@contextmanager
def spark_session(
    master: str | None = None, conf: Mapping[str, str] | None = None
) -> Iterator[SparkSession]:
    """Start Spark, and stop it when the block ends; a session that runs already is used and kept.

    Parameters
    ----------
    master
        ``local[N]``, ``spark://host:7077``, ``yarn`` …; by default what ``spark-submit`` or the
        configuration of Spark says, else this computer.
    conf
        Settings of Spark.

    Raises
    ------
    SparkError
        If pyspark or Java is missing, or Spark does not start.
    """
    sql = require_pyspark()
    active = sql.SparkSession.getActiveSession()
    if active is not None:
        yield active
        return
    session = _start(sql, master, dict(conf or {}))
    try:
        yield session
    finally:
        session.stop()


def require_pyspark() -> Any:
    """Return the module ``pyspark.sql``.

    Raises
    ------
    SparkError
        If it is not installed.
    """
    try:
        import pyspark.sql
    except ImportError as error:
        raise SparkError(
            f"Spark needs pyspark, which cannot be imported ({error}); install it with "
            "pip install 'jixiao[spark]', and Java 17, say with apt-get install "
            "openjdk-17-jre-headless"
        ) from error
    return pyspark.sql


def _start(sql: Any, master: str | None, conf: dict[str, str]) -> SparkSession:
    require_java()
    warnings.filterwarnings("ignore", "PySpark does not yet fully support", FutureWarning)
    # The executors run what the driver runs, unless the caller says otherwise; outside spark-submit
    # pyspark asks only the environment.
    if python := conf.get("spark.pyspark.python"):
        os.environ["PYSPARK_PYTHON"] = python
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = sql.SparkSession.builder.appName("jixiao")
    if master is not None:
        builder = builder.master(master)
    for name, value in {**_CONF, **conf}.items():
        builder = builder.config(name, value)
    try:
        session: SparkSession = builder.getOrCreate()
        session.sparkContext.setLogLevel(conf.get("spark.log.level", "ERROR"))
    except Exception as error:
        raise SparkError(
            f"Spark does not start{f' on {master}' if master else ''}: {reason(error)}; check the "
            "address of the master and that java -version says 17 or newer"
        ) from error
    return session


def require_java() -> None:
    """See that Java can be started.

    Raises
    ------
    SparkError
        If there is none.
    """
    if "PYSPARK_GATEWAY_PORT" in os.environ:  # spark-submit has started Java.
        return
    home = os.environ.get("JAVA_HOME")
    found = Path(home, "bin", "java").exists() if home else shutil.which("java") is not None
    if not found:
        where = f"below JAVA_HOME ({home})" if home else "on the PATH"
        raise SparkError(
            f"Spark needs Java, and there is none {where}; install Java 17, say with apt-get "
            "install openjdk-17-jre-headless, or set JAVA_HOME"
        )


def reason(error: BaseException) -> str:
    r"""Return the one line of an error of Spark that says what happened.

    Spark wraps what a task raised in the traces of Python and Java. The last line of the innermost
    Python trace names it.

    >>> reason(RuntimeError("Job aborted.\nTraceback …\n  File …\nValueError: no\n\tat java"))
    'ValueError: no'
    """
    lines = [line for line in str(error).splitlines() if line.strip()]
    named = [line for line in lines if _names_error(line)]
    return (named or lines or [type(error).__name__])[-1 if named else 0].strip()


def _names_error(line: str) -> bool:
    """Tell whether a line is the last of a trace of Python: ``module.Error: what``."""
    name, colon, _ = line.partition(": ")
    known = name.replace(".", "").isidentifier() and not name.startswith(("org.", "java."))
    return bool(colon) and known and name.endswith(("Error", "Exception"))
