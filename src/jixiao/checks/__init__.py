"""The report's arithmetic: every relation it asserts, recomputed within printed precision."""

from jixiao.checks.find import find_checks, publish_checks
from jixiao.checks.found import FoundCheck

__all__ = ["FoundCheck", "find_checks", "publish_checks"]
