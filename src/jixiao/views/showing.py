"""A report shown at once: as a page in a notebook, in the terminal elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from markupsafe import escape

from jixiao.annotation import Annotation
from jixiao.views.page import report_page

_HEIGHT = 640


def show(annotation: Annotation, indicator_names: Mapping[str | None, str]) -> None:
    """Show a report where the user is: as a page in a notebook, else printed."""
    notebook = _notebook()
    if notebook is not None:
        notebook.display(notebook.HTML(framed(report_page(annotation, _ids(indicator_names)))))
        return
    from rich.console import Console

    from jixiao.views.terminal import render_annotation

    names = _ids(indicator_names)
    render_annotation(annotation, Console(highlight=False), lambda id: names.get(id, id))


def framed(page: str) -> str:
    """Return a page as part of another: its styles and scripts stay its own.

    >>> framed("<p>1</p>")
    '<iframe srcdoc="&lt;p&gt;1&lt;/p&gt;" width="100%" height="640" style="border:0"></iframe>'
    """
    return f'<iframe srcdoc="{escape(page)}" width="100%" height="{_HEIGHT}" style="border:0"></iframe>'


def _ids(names: Mapping[str | None, str]) -> dict[str, str]:
    return {id: name for id, name in names.items() if id is not None}


def _notebook() -> Any:
    """Return the display module of IPython where a notebook runs; a terminal's IPython is none."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None or not getattr(shell, "kernel", None):
        return None
    import IPython.display

    return IPython.display
