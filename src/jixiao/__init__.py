"""绩效: read Chinese government performance reports into aligned, traceable facts.

>>> import jixiao
>>> [(str(q.value), q.unit, q.measure) for q in jixiao.quantities("新增高新技术企业15家，同比增长30.6%。")]
[('15', '家', 'new'), ('30.6', '%', 'growth')]

Importing this package loads nothing heavy; each name below loads what it needs when first used.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version as _version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jixiao.annotation import Annotation, Annotations
    from jixiao.api import (
        agree,
        annotate,
        compare,
        estimate,
        evaluate,
        quantities,
        read_annotations,
        sample,
    )
    from jixiao.documents import Report, read
    from jixiao.numbers import parse_number
    from jixiao.panels import panel
    from jixiao.pipes import load
    from jixiao.redaction import redact
    from jixiao.settings import Settings, read_models
    from jixiao.stores.queries import open_tables as open
    from jixiao.widget.view import review

__all__ = [
    "Annotation",
    "Annotations",
    "Report",
    "Settings",
    "__version__",
    "agree",
    "annotate",
    "compare",
    "estimate",
    "evaluate",
    "load",
    "open",
    "panel",
    "parse_number",
    "quantities",
    "read",
    "read_annotations",
    "read_models",
    "redact",
    "review",
    "sample",
]

__version__ = _version("jixiao")

_HOMES = {
    "Annotation": "jixiao.annotation",
    "Report": "jixiao.documents",
    "Settings": "jixiao.settings",
    "Annotations": "jixiao.annotation",
    "agree": "jixiao.api",
    "annotate": "jixiao.api",
    "compare": "jixiao.api",
    "estimate": "jixiao.api",
    "evaluate": "jixiao.api",
    "load": "jixiao.pipes",
    "open": "jixiao.stores.queries",
    "panel": "jixiao.panels",
    "parse_number": "jixiao.numbers",
    "quantities": "jixiao.api",
    "read": "jixiao.documents",
    "read_annotations": "jixiao.api",
    "read_models": "jixiao.settings",
    "redact": "jixiao.redaction",
    "review": "jixiao.widget.view",
    "sample": "jixiao.api",
}


# A module of its own keeps the built-in open.
_NAMES = {"open": "open_tables"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'jixiao' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), _NAMES.get(name, name))


def __dir__() -> list[str]:
    return sorted(__all__)
