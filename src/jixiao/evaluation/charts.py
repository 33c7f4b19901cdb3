"""The plots of the HTML report as SVG: drawn by hand, coloured by the page's style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil, sqrt
from typing import Final

from jixiao.evaluation.calibration import Bin, RiskPoint
from jixiao.evaluation.intervals import Interval

_WIDTH: Final = 340
_HEIGHT: Final = 260
_LEFT: Final = 46
_RIGHT: Final = 12
_TOP: Final = 12
_BOTTOM: Final = 42
_LEAST_RADIUS: Final = 2.5
_MORE_RADIUS: Final = 6.0
_MOST_POINTS: Final = 400


def reliability(bins: Sequence[Bin], title: str) -> str:
    """Return the reliability diagram: mean confidence against the part that is right.

    A dot's area follows the number of records in its bin; on the dashed line both agree.

    >>> svg = reliability([Bin(0.8, 0.9, 12, 0.85, 0.75)], "数量")
    >>> svg.startswith("<svg"), "12 records" in svg
    (True, True)
    """
    most = max((one.number for one in bins), default=1)
    dots = []
    for one in bins:
        radius = _LEAST_RADIUS + _MORE_RADIUS * sqrt(one.number / most)
        told = (
            f"{one.number:,} records with confidence {one.low:.1f}–{one.high:.1f}: "
            f"mean {one.confidence:.3f}, right {one.accuracy:.3f}"
        )
        dots.append(
            f'<circle class="dot" cx="{_x(one.confidence):.1f}" cy="{_y(one.accuracy):.1f}" '
            f'r="{radius:.1f}"><title>{escape(told)}</title></circle>'
        )
    line = _path([(_x(one.confidence), _y(one.accuracy)) for one in bins])
    ideal = f'<line class="ideal" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>'
    body = f'{ideal}<path class="curve" d="{line}"/>{"".join(dots)}'
    return _chart(body, f"Reliability, {title}", "confidence", "right", 1.0)


def risk_coverage(curve: Sequence[RiskPoint], title: str) -> str:
    """Return the risk-coverage curve: what is wrong among the records kept, most confident first.

    >>> "<path" in risk_coverage([RiskPoint(0.9, 0.5, 0.0), RiskPoint(0.4, 1.0, 0.25)], "数量")
    True
    """
    highest = max((point.risk for point in curve), default=0.0)
    top = max(0.05, ceil(highest * 20) / 20)
    step = max(1, ceil(len(curve) / _MOST_POINTS))
    shown = [*curve[::step], *curve[-1:]]
    places = [(_x(point.coverage), _y(point.risk / top)) for point in shown]
    dots = "".join(
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="2.5"><title>confidence ≥ '
        f"{point.threshold:.3f}: {point.coverage:.1%} kept, {point.risk:.1%} of them wrong</title>"
        "</circle>"
        for point, (x, y) in zip(shown, places, strict=True)
    )
    body = f'<path class="curve" d="{_path(places)}"/>{dots}'
    return _chart(body, f"Risk and coverage, {title}", "coverage", "risk", top)


def whisker(value: float | None, interval: Interval | None) -> str:
    """Return a ratio between 0 and 1 as a bar, its interval as a line over it; empty for None.

    >>> whisker(None, None)
    ''
    """
    if value is None:
        return ""
    bar = f'<rect class="bar" x="0" y="3" width="{value * 120:.1f}" height="8"/>'
    if interval is not None:
        low, high = interval.low * 120, interval.high * 120
        bar += (
            f'<line class="range" x1="{low:.1f}" x2="{high:.1f}" y1="7" y2="7"/>'
            f'<line class="range" x1="{low:.1f}" x2="{low:.1f}" y1="4" y2="10"/>'
            f'<line class="range" x1="{high:.1f}" x2="{high:.1f}" y1="4" y2="10"/>'
        )
    return (
        '<svg class="whisker" viewBox="-1 0 122 14" width="122" height="14" aria-hidden="true">'
        f'<rect class="track" x="0" y="3" width="120" height="8"/>{bar}</svg>'
    )


def _chart(body: str, label: str, x_name: str, y_name: str, top: float) -> str:
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    height = (_TOP + _HEIGHT - _BOTTOM) / 2
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(label)}">{_grid(top)}{body}'
        f'<text class="axis" x="{middle}" y="{_HEIGHT - 6}" text-anchor="middle">{x_name}</text>'
        f'<text class="axis" transform="translate(12 {height}) rotate(-90)" '
        f'text-anchor="middle">{y_name}</text></svg>'
    )


def _grid(top: float) -> str:
    parts = []
    for index in range(6):
        share = index / 5
        x, y = _x(share), _y(share)
        parts.append(
            f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_y(0):.1f}" y2="{_y(1):.1f}"/>'
            f'<line class="grid" x1="{_x(0):.1f}" x2="{_x(1):.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{x:.1f}" y="{_y(0) + 15:.1f}" text-anchor="middle">{share:.1f}</text>'
            f'<text x="{_x(0) - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{share * top:.2g}</text>'
        )
    return "".join(parts)


def _path(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(
        f"{'L' if index else 'M'}{x:.1f} {y:.1f}" for index, (x, y) in enumerate(places)
    )


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)
