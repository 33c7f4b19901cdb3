"""A fact as a row of the panel: where and when it holds, its value, and what it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from jixiao.annotation import Annotation
from jixiao.exact import plain
from jixiao.exports.names import shown_unit
from jixiao.exports.rows import QUOTE_LIMIT, one_line, quoted
from jixiao.facts import Interval, stated_interval
from jixiao.panels.series import CELL, Line
from jixiao.records import Document, Fact, Quantity
from jixiao.resources.regions import by_code, enclosing, full_name

_AROUND: Final = 24
_NATION: Final = "000000"  # what the facts of 全国 have for a code
_OTHER_WAY: Final[Mapping[str, str]] = {">": "<", "<": ">", "≥": "≤", "≤": "≥"}
# A year, its last day, or all its months.
_YEAR: Final = re.compile(r"(\d{4})(?:-12-31|-01/\1-12|-01-01/\1-12-31)?")
# A row of a table ends at a blank line (DESIGN, Raw text).
_ROW_END: Final = "\n\n"


@dataclass(slots=True)
class Row:
    """A row of the long panel; the fields are its columns, in order."""

    region_code: str | None
    region: str
    level: str | None
    province: str | None
    prefecture: str | None
    county: str | None
    period: str
    indicator: str
    indicator_zh: str
    facet: str | None
    label: str
    measure: str | None
    of: str | None
    peers: str | None
    modality: str | None
    value: Decimal
    value_high: Decimal | None
    unit: str | None
    unit_zh: str
    bound: str | None
    direction: str | None
    conflict: str | None
    document: str
    documents: str
    issuer: str | None
    stated_period: str | None
    text: str
    quote: str
    start: int
    end: int
    section: str | None
    confidence: float | None
    fact: str
    quantities: str
    keys: str


COLUMNS: Final = tuple(field.name for field in fields(Row))


@dataclass(slots=True)
class Entry:
    """A row with what the policy for conflicts looks at."""

    row: Row
    order: tuple[str, int]
    span: Interval
    short_quote: str

    @property
    def cell(self) -> Line:
        """The cell of the panel that the row states a value of."""
        row = self.row
        return tuple(getattr(row, name) for name in CELL)


def year_of(period: str | None) -> str | None:
    """Return the year that a period is, ends with, or spans from January to December, else None.

    >>> year_of("2021"), year_of("2021-12-31"), year_of("2021-01/2021-12"), year_of("2021-01-01")
    ('2021', '2021', '2021', None)
    """
    found = _YEAR.fullmatch(period or "")
    return found[1] if found else None


def entries(annotation: Annotation, chosen: Iterable[tuple[Fact, str]]) -> Iterator[Entry]:
    """Yield the entries of facts, each given with the period it is to stand in."""
    mentions = {quantity.id: quantity for quantity in annotation.quantities}
    for fact, period in chosen:
        said = [mentions[name] for name in fact.quantities if name in mentions]
        if said and fact.value is not None:
            yield _entry(annotation, fact, said, period)


def _entry(annotation: Annotation, fact: Fact, said: list[Quantity], period: str) -> Entry:
    value, high, bound = _signed(fact)
    # The mention that gave the fact its value is the one to quote.
    best = next((one for one in said if one.value == fact.value), said[0])
    place = _place(fact, period, annotation.document)
    unit, power = shown_unit(fact.unit)
    row = Row(
        region_code=fact.region_code,
        region=place.region,
        level=place.level,
        province=place.province,
        prefecture=place.prefecture,
        county=place.county,
        period=period,
        indicator=fact.indicator,
        indicator_zh=fact.indicator_zh,
        facet=fact.facet,
        label=fact.label,
        measure=fact.measure,
        of=fact.of,
        peers=fact.peers,
        modality=fact.modality,
        value=value,
        value_high=high,
        unit=fact.unit,
        unit_zh=unit.removeprefix("万") if power else unit,
        bound=bound,
        direction=fact.direction,
        conflict=None,
        document=fact.document,
        documents=fact.document,
        issuer=fact.issuer,
        stated_period=fact.period,
        text=best.text,
        quote=_quote(annotation.text, best),
        start=best.start,
        end=best.end,
        section=" › ".join(best.section) if best.section else None,
        confidence=fact.confidence,
        fact=fact.id,
        quantities=";".join(one.id for one in said),
        keys=";".join(one.key for one in said if one.key),
    )
    short = _short_quote(annotation.text, best)
    return Entry(row, (fact.document, best.start), _span(fact, said), short)


def _signed(fact: Fact) -> tuple[Decimal, Decimal | None, str | None]:
    """Return value, upper end and bound, negative where something fell.

    A record says down in a field of its own; in a column of numbers the sign must.
    """
    value, high = plain(fact.value or Decimal(0)), fact.value_high
    if fact.direction != "down":
        return value, None if high is None else plain(high), fact.bound
    bound = _OTHER_WAY.get(fact.bound or "", fact.bound)
    if high is None:
        return plain(-value), None, bound
    return plain(-high), plain(-value), bound


def _span(fact: Fact, said: list[Quantity]) -> Interval:
    """Return the numbers that all mentions of a fact leave possible."""
    spans = [stated_interval(one) for one in said]
    low, high = max(span[0] for span in spans), min(span[1] for span in spans)
    return (-high, -low) if fact.direction == "down" else (low, high)


@dataclass(frozen=True, slots=True)
class _Place:
    """A place and the divisions it lies in, as they were called in a year."""

    region: str
    level: str | None = None
    province: str | None = None
    prefecture: str | None = None
    county: str | None = None


@lru_cache(maxsize=8192)
def _division(code: str | None, year: str | None) -> _Place | None:
    region = by_code(code, year=year) if code else None
    if region is None:
        return None
    around = [enclosing(region, level) for level in ("province", "prefecture", "county")]
    names = (division.name if division else None for division in around)
    return _Place(full_name(region, year=year), region.level, *names)


def _place(fact: Fact, period: str, document: Document) -> _Place:
    """Return where a fact holds; a place without code lies where its report does.

    A division has its name of the year, whichever of its names a report uses.
    """
    year = period[:4] or document.fiscal_year
    name = fact.region or ""
    if fact.region_code is None:
        around = _division(document.region_code, year)
        return replace(around, region=name, level=None) if around else _Place(name)
    nation = fact.region_code == _NATION
    return _division(fact.region_code, year) or _Place(name, "nation" if nation else None)


def _quote(text: str, quantity: Quantity) -> str:
    """Return the sentence of a number, of one in a table its row with `` | `` between the cells."""
    if not quantity.table:
        return quoted(text, quantity)
    start, end = _row_of(text, quantity)
    cells = (one_line(cell) for cell in text[start:end].split("\n\t"))
    return " | ".join(cells)


def _row_of(text: str, quantity: Quantity) -> tuple[int, int]:
    earliest, latest = max(0, quantity.start - QUOTE_LIMIT), quantity.end + QUOTE_LIMIT
    before = text.rfind(_ROW_END, earliest, quantity.start)
    after = text.find(_ROW_END, quantity.end, latest)
    start = earliest if before < 0 else before + len(_ROW_END)
    return start, min(latest, len(text)) if after < 0 else after


def _short_quote(text: str, quantity: Quantity) -> str:
    """Return the words around a number, for the note on a conflict."""
    if quantity.table:
        first, last = _row_of(text, quantity)
    else:
        first, last = quantity.sentence or (quantity.start, quantity.end)
    start, end = max(first, quantity.start - _AROUND), min(last, quantity.end + _AROUND)
    return f"{'…' if start > first else ''}{one_line(text[start:end])}{'…' if end < last else ''}"
