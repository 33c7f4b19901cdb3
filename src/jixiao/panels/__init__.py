"""The facts of many reports as a panel: region × period × indicator.

The package is called ``panels`` so that :func:`jixiao.panel` stays a function whatever is imported.
Values stay ``Decimal`` up to the file. :func:`panel` makes a table from a folder of results or
from annotations, :func:`widen` and :func:`lengthen` turn it, :func:`codebook` describes its
columns and :func:`write_panel` writes both.
"""

from jixiao.panels.codebook import codebook
from jixiao.panels.frame import lengthen, panel, widen
from jixiao.panels.writers import write_panel

__all__ = ["codebook", "lengthen", "panel", "widen", "write_panel"]
