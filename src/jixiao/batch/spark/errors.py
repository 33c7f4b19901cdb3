"""What may be wrong with Spark."""

from __future__ import annotations

from jixiao.errors import JixiaoError


class SparkError(JixiaoError, RuntimeError):
    """Spark that is missing, does not start, or ends a job."""
