"""What a PDF page holds, before anything is made of it: characters, rules, pictures.

Places are points from the upper left corner of the page, to the right and down, after the page has
been turned so that most of its text is upright: tables are often printed across the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeAlias

Box: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right, top in the coordinates of the file; left, top, right, bottom on the page."""

_EDGE: Final = 2.0
_MAX_SIZE: Final = 2_000.0


@dataclass(slots=True)
class Char:
    """An upright character: from ``left`` to ``right`` on the baseline ``base``, ``size`` an em.

    ``blank`` tells that the file has a blank behind it, ``faint`` that it is printed in light grey.
    Characters that one command of the file prints have a common ``source``.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    faint: bool = False
    blank: bool = False
    source: int = 0


@dataclass(slots=True)
class Turned:
    """Text in another direction than the page's, slanting or by quarters: it begins at ``x, y``.

    ``x`` and ``y`` are the middle of its first character.
    """

    text: str
    x: float
    y: float
    slanting: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line along the page: at ``at`` across, from ``start`` to ``end`` along."""

    level: bool
    at: float
    start: float
    end: float


@dataclass(slots=True)
class PageContent:
    """What a page holds.

    ``picture`` is the share of the page that its largest picture covers, ``drawn`` the number of
    its drawings, and ``unreadable`` that of the characters whose meaning the file does not tell;
    they stand as U+FFFD. ``complex`` pages have more characters or drawings than any report:
    their rules are not read.
    """

    width: float
    height: float
    chars: list[Char] = field(default_factory=list)
    turned: list[Turned] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    picture: float = 0.0
    drawn: int = 0
    unreadable: int = 0
    complex: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """Leads from the file's coordinates to those of the page turned by quarters."""

    paper: Box
    quarter: int

    @property
    def width(self) -> float:
        """The width of the turned page."""
        left, bottom, right, top = self.paper
        return top - bottom if self.quarter % 2 else right - left

    @property
    def height(self) -> float:
        """The height of the turned page."""
        left, bottom, right, top = self.paper
        return right - left if self.quarter % 2 else top - bottom

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return a place on the turned page."""
        left, bottom, right, top = self.paper
        if self.quarter == 0:
            return x - left, top - y
        if self.quarter == 1:
            return y - bottom, x - left
        if self.quarter == 2:
            return right - x, y - bottom
        return top - y, right - x

    def shows(self, box: Box, base: float) -> bool:
        """Tell whether a character is on the page; a broken number is nowhere."""
        left, top, right, bottom = box
        return (
            -_EDGE <= (left + right) / 2 <= self.width + _EDGE
            and -_EDGE <= (top + bottom) / 2 <= self.height + _EDGE
            and max(right - left, bottom - top, abs(base - bottom)) < _MAX_SIZE
        )

    def box(self, box: Box) -> Box:
        """Return left, top, right and bottom on the turned page."""
        x0, y0 = self.point(box[0], box[1])
        x1, y1 = self.point(box[2], box[3])
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
