"""What the pages of a file repeat: running headers and footers, page numbers, watermarks."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from jixiao.documents.readers.pdf_layout import Item, Page
from jixiao.documents.readers.pdf_lines import TextLine
from jixiao.documents.readers.pdf_tables import Table

_Lines: TypeAlias = tuple[Page, Sequence[TextLine]]
_Place: TypeAlias = tuple[Page, TextLine]
_Places: TypeAlias = list[_Place]

# The top and the bottom of a page, as shares of its height: where page numbers stand, and where
# headers do (titles of forms begin below), and how many lines there are looked at. GB/T 9704—2012
# has margins of 37 and 35 mm on A4: 0.125; Word's headers stand at 0.06, its text begins at 0.09.
_ZONE: Final = 0.14
_HEADERS: Final = 0.1
_MAX_LINES: Final = 4
# So many pages, none or one apart, repeat a line at the same height, in points.
_MIN_PAGES: Final = 3
_MAX_STEP: Final = 2
_SAME_HEIGHT: Final = 3.0
# Headers are no larger than the text; the title of a form that stands on every page is.
_MAX_SIZE: Final = 1.1
# In ems: how far a page number stands from the text, and a header from where text begins.
_APART: Final = 1.5
_FROM_TEXT: Final = 1.0
_N: Final = r"(?:\d{1,4}|[〇零一二三四五六七八九十百]{1,5})"
_PAGE_NUMBER: Final = re.compile(
    rf"[-—–－―_·•.~～]*第{_N}页(?:[,，/／|]?[(（]?共{_N}页[)）]?)?[-—–－―_·•.~～]*"
    r"|第?\d{1,4}页?[/／]共?\d{1,4}页?|共\d{1,4}页[,，/／]?第\d{1,4}页"
    rf"|[-—–－―_·•~～]{{1,3}}{_N}[-—–－―_·•~～]{{1,3}}|[Pp](?:age|\.)?\d{{1,4}}(?:of\d{{1,4}})?"
)
_MAX_NUMBER: Final = 20
_BARE: Final = re.compile(r"\d{1,4}")
_ROMAN: Final = re.compile(r"[ivxl]{1,6}|[IVXL]{1,6}")
_CAPTION: Final = re.compile(r"单位[:：]")
_DIGITS: Final = re.compile(r"[\d\s]+")


def mark_furniture(pages: Sequence[Page]) -> None:
    """Mark the lines that do not belong to the text.

    Only lines at the edge of a page are taken, and none that has text outside of it, but for light
    grey ones. With one page or two nothing can recur: only page numbers are marked.
    """
    edges = [(page, _edge(page, top)) for page in pages for top in (True, False)]
    numbers = _numbers(edges)
    repeated = _repeated(pages, edges, numbers)
    for _, lines in edges:
        for line in lines:
            if id(line) not in repeated and id(line) not in numbers:
                break
            line.furniture = True
    for _, line in _recurring([(page, [x for x in _lines(page) if x.faint]) for page in pages]):
        line.furniture = True


def _lines(page: Page) -> Iterator[TextLine]:
    return (item for item in page.items if isinstance(item, TextLine))


def _edge(page: Page, top: bool) -> list[TextLine]:
    """Return the lines at the top or bottom of a page, the outermost first, up to a table."""
    tables = [item for item in page.items if isinstance(item, Table)]
    if top:
        limit = min([_ZONE * page.height, *(table.top for table in tables)])
        lines = [line for line in _lines(page) if line.base <= limit]
    else:
        limit = max([(1 - _ZONE) * page.height, *(table.bottom for table in tables)])
        lines = [line for line in _lines(page) if line.base >= limit]
    return sorted(lines, key=lambda line: line.base, reverse=not top)[:_MAX_LINES]


def _numbers(edges: Iterable[_Lines]) -> set[int]:
    """Return the ids of the lines that are page numbers.

    A bare number is one where another page has its own at the same distance, or where it stands
    apart from the text.
    """
    found: set[int] = set()
    bare: dict[int, list[TextLine]] = defaultdict(list)
    for page, lines in edges:
        for line in lines:
            text = "".join(line.text.split())
            if len(text) > _MAX_NUMBER:
                continue
            if _PAGE_NUMBER.fullmatch(text):
                found.add(id(line))
            elif _BARE.fullmatch(text) or _ROMAN.fullmatch(text):
                if _stands_apart(page, line):
                    found.add(id(line))
                elif text.isdecimal():
                    bare[int(text) - page.number].append(line)
    for same in bare.values():
        if len(same) > 1:
            found.update(map(id, same))
    return found


def _stands_apart(page: Page, line: TextLine) -> bool:
    """Tell whether a line has nothing near it above and below."""
    gap = _APART * line.size
    return not any(
        _top(item) < line.base + gap and _bottom(item) > line.top - gap
        for item in page.items
        if item is not line
    )


def _repeated(pages: Sequence[Page], edges: Sequence[_Lines], numbers: set[int]) -> set[int]:
    """Return the ids of the lines that recur at the edges, outside of where text stands.

    The title of a form that fills every page stands where the text of other pages begins, or is
    larger than the text; and the unit of a table belongs to it on every page.
    """
    found = [(page, line) for page, line in _recurring(edges) if not _CAPTION.search(line.text)]
    if not found:
        return set()
    apart = numbers | {id(line) for _, line in found}
    areas = _areas(pages, apart)
    size = _MAX_SIZE * _text_size(pages)
    return {
        id(line)
        for page, line in found
        if line.size <= size and _is_outside(line, page, areas.get(_paper(page)))
    }


def _recurring(edges: Iterable[_Lines]) -> Iterator[tuple[Page, TextLine]]:
    """Yield the lines that recur on neighbouring pages at the same height, digits left out."""
    alike: dict[tuple[str, int, int], _Places] = defaultdict(list)
    for page, lines in edges:
        for line in lines:
            if text := _DIGITS.sub("", line.text):
                alike[text, *_paper(page)].append((page, line))
    for places in alike.values():
        places.sort(key=lambda place: place[1].base)
        for level in _runs(places, lambda one, two: two[1].base - one[1].base <= _SAME_HEIGHT):
            level.sort(key=lambda place: place[0].number)
            for run in _runs(level, lambda one, two: two[0].number - one[0].number <= _MAX_STEP):
                if len({page.number for page, _ in run}) >= _MIN_PAGES:
                    yield from run


def _runs(places: _Places, goes_on: Callable[[_Place, _Place], bool]) -> list[_Places]:
    runs: list[_Places] = []
    for place in places:
        if runs and goes_on(runs[-1][-1], place):
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _areas(pages: Sequence[Page], apart: set[int]) -> dict[tuple[int, int], tuple[float, float]]:
    """Return where the text of most pages begins and ends, for each size of paper."""
    tops: dict[tuple[int, int], list[float]] = defaultdict(list)
    bottoms: dict[tuple[int, int], list[float]] = defaultdict(list)
    for page in pages:
        items = [item for item in page.items if id(item) not in apart]
        if items:
            tops[_paper(page)].append(min(map(_top, items)))
            bottoms[_paper(page)].append(max(map(_bottom, items)))
    return {
        paper: (
            sorted(tops[paper])[len(tops[paper]) // 10],
            sorted(bottoms[paper])[-1 - len(bottoms[paper]) // 10],
        )
        for paper in tops
    }


def _is_outside(line: TextLine, page: Page, area: tuple[float, float] | None) -> bool:
    top, bottom = area or (page.height, 0.0)
    gap = _FROM_TEXT * line.size
    above = line.base <= min(_HEADERS * page.height, top - gap)
    return above or line.top >= max((1 - _HEADERS) * page.height, bottom + gap)


def _text_size(pages: Sequence[Page]) -> float:
    """Return the size of most of the text, in tables too."""
    sizes = Counter(round(line.size, 1) for page in pages for line in page.lines())
    return max(sizes, key=lambda size: (sizes[size], size), default=0.0)


def _paper(page: Page) -> tuple[int, int]:
    return round(page.width), round(page.height)


def _top(item: Item) -> float:
    return item.top


def _bottom(item: Item) -> float:
    return item.base if isinstance(item, TextLine) else item.bottom
