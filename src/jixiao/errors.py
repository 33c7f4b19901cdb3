"""One tree of errors. Each says what was given, what was expected and what to try.

An error of the *caller* is raised and also subclasses the built-in error of its kind. Odd *text*
raises nothing: the span is kept and an issue record attached. A broken *file* raises
:class:`DocumentError`, which a batch run turns into a row of the failures table.
"""

from __future__ import annotations


class JixiaoError(Exception):
    """Base of every error this package raises on purpose."""


class NumberError(JixiaoError, ValueError):
    """A numeral that is malformed, as ``10..1万``."""


class RecordError(JixiaoError, ValueError):
    """A line or object that is no record of the annotation format."""


class ResourceError(JixiaoError, ValueError):
    """A table of knowledge (built in or the user's) that breaks its own rules."""


class CatalogueError(ResourceError):
    """An indicator catalogue that cannot be used."""


class LexiconError(ResourceError):
    """A user's lexicon that cannot be used."""


class SettingsError(JixiaoError, ValueError):
    """An option or argument outside what is allowed."""


class DocumentError(JixiaoError, ValueError):
    """A file that cannot be read as a report: empty, binary, of unknown encoding or format."""


class OutputError(JixiaoError, OSError):
    """A place for results that cannot be used."""


class QueryError(JixiaoError, ValueError):
    """A query over the tables of a run that cannot be answered."""


class EvaluationError(JixiaoError, ValueError):
    """Gold and predicted annotations that cannot be compared."""
