"""Small charts as inline SVG: lines over years, bars over regions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from markupsafe import Markup

from jixiao.views.values import grouped
from jixiao.views.wrapping import one_line

MOST_LINES: Final = 6
MOST_BARS: Final = 12
_WIDTH: Final = 320
_HEIGHT: Final = 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 12, 70, 12, 22
_BAR: Final = 18
_NAME: Final = 110


class Point(NamedTuple):
    """A value of an indicator: where, in which year, how much, in the unit of its chart."""

    region: str
    year: int
    value: Decimal


def chart(points: Sequence[Point]) -> Markup:
    """Return a chart of an indicator's values: lines where a region has several years, else bars.

    Of several values of one region and year the first is drawn. At most six lines or twelve bars,
    those with the most years or the largest values; no points give an empty string. Colours are
    classes ``s0`` … ``s5`` of the page's style, and each mark has a title to point at.

    >>> svg = chart([Point("沅江市", 2021, Decimal(86)), Point("君山区", 2021, Decimal(15))])
    >>> svg.count("<rect"), "沅江市" in svg
    (2, True)
    """
    regions: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for point in points:
        regions[point.region].setdefault(point.year, point.value)
    if not regions:
        return Markup("")
    if any(len(values) > 1 for values in regions.values()):
        return _lines(regions)
    return _bars(
        {
            f"{name} {year}": value
            for name, years in regions.items()
            for year, value in years.items()
        }
    )


def _lines(regions: Mapping[str, Mapping[int, Decimal]]) -> Markup:
    chosen = sorted(regions, key=lambda name: (-len(regions[name]), name))[:MOST_LINES]
    years = sorted({year for name in chosen for year in regions[name]})
    values = [value for name in chosen for value in regions[name].values()]
    low, high = min(Decimal(0), *values), max(Decimal(0), *values)
    across = _WIDTH - _LEFT - _RIGHT
    down = _HEIGHT - _TOP - _BOTTOM

    def place(year: int, value: Decimal) -> tuple[float, float]:
        x = _LEFT + across * (year - years[0]) / max(years[-1] - years[0], 1)
        y = _TOP + down * float((high - value) / ((high - low) or 1))
        return round(x, 1), round(y, 1)

    parts = [
        Markup("<path class=axis d='M{} {}H{}'/>").format(
            _LEFT, place(years[0], low)[1], _WIDTH - _RIGHT
        )
    ]
    for year in dict.fromkeys((years[0], years[-1])):
        x = place(year, low)[0]
        parts.append(Markup("<text class=tick x={} y={}>{}</text>").format(x, _HEIGHT - 6, year))
    for number, name in enumerate(chosen):
        dots = [(year, regions[name][year]) for year in sorted(regions[name])]
        path = "L".join("{} {}".format(*place(*dot)) for dot in dots)
        parts.append(Markup("<path class='line s{}' d='M{}'/>").format(number, path))
        for year, value in dots:
            x, y = place(year, value)
            title = f"{one_line(name)} {year}：{grouped(value)}"
            parts.append(
                Markup("<circle class='dot s{}' cx={} cy={} r=3><title>{}</title></circle>").format(
                    number, x, y, title
                )
            )
        x, y = place(*dots[-1])
        parts.append(
            Markup("<text class='name s{}' x={} y={}>{}</text>").format(
                number, x + 6, y + 4, _short(name, 6)
            )
        )
    return _svg(_HEIGHT, parts)


def _bars(values: Mapping[str, Decimal]) -> Markup:
    chosen = sorted(values, key=lambda name: (-values[name], name))[:MOST_BARS]
    largest = max((abs(values[name]) for name in chosen), default=Decimal(0)) or Decimal(1)
    room = _WIDTH - _NAME - _RIGHT
    parts = []
    for number, name in enumerate(chosen):
        y = 4 + number * _BAR
        width = max(1.0, round(room * float(abs(values[name]) / largest), 1))
        parts.append(
            Markup(
                "<text class=label x={} y={}>{}<title>{}</title></text>"
                "<rect class='bar s0' x={} y={} width={} height={} rx=2></rect>"
                "<text class=tick x={} y={}>{}</text>"
            ).format(
                *(_NAME - 6, y + 12, _short(name, 9), one_line(name)),
                *(_NAME, y + 2, width, _BAR - 6),
                *(_NAME + width + 4, y + 12, grouped(values[name])),
            )
        )
    return _svg(8 + len(chosen) * _BAR, parts)


def _svg(height: int, parts: Sequence[Markup]) -> Markup:
    body = Markup("").join(parts)
    return Markup("<svg viewBox='0 0 {0} {1}' width={0} height={1} role=img>{2}</svg>").format(
        _WIDTH, height, body
    )


def _short(name: str, length: int) -> str:
    """Return the end of a name: 湖南省益阳市沅江市 is known by its last part."""
    line = one_line(name)
    return line if len(line) <= length else "…" + line[1 - length :]
