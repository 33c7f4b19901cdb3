"""Figures of the notebooks: Chinese labels that are never empty boxes, and the same file each time."""

from __future__ import annotations

import io
import warnings

import matplotlib as mpl
from IPython import get_ipython
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib_inline.backend_inline import set_matplotlib_formats

FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Noto Sans CJK JP",
)
BLUE, RED, GREEN, GOLD, PURPLE, TEAL = (
    *("#3d7fd6", "#d1495b", "#2f9e5f", "#c98a00", "#a05cc5", "#2a9d9d"),
)
INK, GREY, PALE = "#24292f", "#8b949e", "#e6e9ed"


def set_up() -> None:
    """Draw figures as SVG whose text stays text.

    The reader's browser chooses the font from the list, so that a figure made on a machine without
    Chinese fonts is readable on one that has any. Without one here the widths of the words are
    only estimated, and the notebook says so.
    """
    installed = {font.name for font in font_manager.fontManager.ttflist}
    if installed.isdisjoint(FONTS):
        print(
            "本机没有中文字体：图中文字由浏览器显示，排版为估计。No Chinese font on this machine."
        )
        warnings.filterwarnings("ignore", message="Glyph .* missing")
    # Fonts that are not installed stay in the list, for the browser; asking for them is no news here.
    mpl.set_loglevel("critical")
    set_matplotlib_formats("svg")
    get_ipython().display_formatter.formatters["image/svg+xml"].for_type(Figure, _svg)
    mpl.rcParams.update(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": "jixiao",
            "font.family": "sans-serif",
            "font.sans-serif": [*FONTS, "DejaVu Sans"],
            "font.size": 10,
            "axes.unicode_minus": False,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": GREY,
            "axes.labelcolor": INK,
            "axes.titlesize": 11,
            "axes.titlelocation": "left",
            "axes.titlepad": 10,
            "axes.axisbelow": True,
            "axes.prop_cycle": mpl.cycler(color=[BLUE, RED, GREEN, GOLD, PURPLE, TEAL]),
            "text.color": INK,
            "xtick.color": GREY,
            "ytick.color": GREY,
            "xtick.labelcolor": INK,
            "ytick.labelcolor": INK,
            "grid.color": PALE,
            "legend.frameon": False,
            "figure.facecolor": "white",
            "figure.constrained_layout.use": True,
        }
    )


def _svg(figure: Figure) -> str:
    """Return a figure as SVG that shrinks with the page, without the time it was made."""
    drawn = io.StringIO()
    figure.savefig(
        drawn, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None}
    )
    return drawn.getvalue().replace("<svg ", '<svg style="max-width:100%;height:auto" ', 1)
