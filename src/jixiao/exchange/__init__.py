"""Exchange with annotation tools: their files from a run, and back onto it, offsets exact.

:func:`export_folder` writes, :func:`import_files` reads; a module for each format has ``write`` and
``read``. :mod:`jixiao.exchange.marks` is what the formats share, :mod:`jixiao.exchange.merge` brings
what came back together with the run's own records, by ``key``, and :mod:`jixiao.exchange.reviews` keeps
who decided what, and when.
"""

from __future__ import annotations

from jixiao.exchange.folder import FORMATS, SOURCES, Imported, export_folder, import_files
from jixiao.exchange.losses import Losses

__all__ = ["FORMATS", "SOURCES", "Imported", "Losses", "export_folder", "import_files"]
