"""Facts: what a report states, once or often, merged; contradictions kept apart and flagged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Sequence
from functools import cache

from jixiao.facts.values import agreeing, stated_interval, width
from jixiao.records import Document, Fact, Quantity
from jixiao.resources.regions import by_code, full_name

_Key = tuple[str | None, ...]
_Place = tuple[str | None, str | None]
_Resolve = Callable[[str | None], _Place]


def build_facts(
    document: Document,
    quantities: Sequence[Quantity],
    name: Callable[[str], str],
    resolve: _Resolve,
) -> list[Fact]:
    """Return the facts of a report in the order of their first mention.

    A fact is one (region, indicator, facet, label, measure, of, period, modality), ranks also one
    peer group. Mentions agree where their printed-precision intervals overlap and neither unit nor
    direction differs (one classifier is as good as another: ``10个``编制 are ``10人``). Others split
    the fact, and all parts carry ``conflict``; only budgets under different headers (年初预算数,
    全年预算数) do not contradict each other. Quantities without indicator and those of rules give
    none.

    Parameters
    ----------
    document
        The report's own record; its region stands where a quantity names none.
    quantities
        The quantities in text order, with ids.
    name
        The Chinese name of an indicator id.
    resolve
        The name and code of a quantity's region words; (None, None) for None.
    """
    place = cache(_places(document, resolve))
    groups: dict[_Key, list[Quantity]] = {}
    for quantity in quantities:
        if quantity.indicator is None or quantity.modality == "rule" or quantity.value is None:
            continue
        groups.setdefault(_key(quantity, place), []).append(quantity)
    facts: list[Fact] = []
    for mentions in groups.values():
        parts = _split(mentions)
        for part, conflict in zip(parts, _in_conflict(parts), strict=True):
            facts.append(_fact(document, part, conflict, name, place))
    return number_facts(facts, quantities)


def number_facts(facts: list[Fact], quantities: Sequence[Quantity]) -> list[Fact]:
    """Put facts in the order of their first mention, number them, and return them."""
    first = {quantity.id: number for number, quantity in enumerate(quantities)}
    facts.sort(key=lambda fact: first[fact.quantities[0]])
    for number, fact in enumerate(facts, start=1):
        fact.id = f"f{number}"
    return facts


def _places(document: Document, resolve: _Resolve) -> _Resolve:
    """Return what gives region words their full name and code; None is the report's own region."""

    def place(words: str | None) -> _Place:
        name, code = resolve(words)
        if name is None:
            return document.region, document.region_code
        region = by_code(code, year=document.fiscal_year) if code else None
        return (full_name(region, year=document.fiscal_year) if region else name), code

    return place


def _key(quantity: Quantity, place: _Resolve) -> _Key:
    # A rank is the own region's, and its region words are its peers, which may not be told.
    alone = quantity.label == "RANK" and quantity.region is None
    return (
        *((None, None) if alone else place(quantity.region)),
        quantity.indicator,
        quantity.facet,
        quantity.label,
        quantity.measure,
        quantity.of,
        quantity.period,
        quantity.modality,
    )


def _split(mentions: Sequence[Quantity]) -> list[list[Quantity]]:
    """Group mentions that agree: in unit and direction, and in a number that all leave possible."""
    if len(mentions) == 1:
        return [list(mentions)]
    # A growth without direction is read as that of the others.
    direction = next((one.direction for one in mentions if one.direction), None)
    alike: dict[tuple[str | None, str | None], list[Quantity]] = {}
    for one in mentions:
        unit = None if one.label == "COUNT" else one.unit
        alike.setdefault((unit, one.direction or direction), []).append(one)
    return [
        [group[index] for index in indices]
        for group in alike.values()
        for indices in agreeing([stated_interval(one) for one in group])
    ]


def _in_conflict(parts: Sequence[Sequence[Quantity]]) -> list[bool]:
    """Tell of each part whether another contradicts it.

    Planned numbers under headers that differ do not (年初预算数 and 全年预算数), nor does a total and
    what it is made of (``15家，其中省级3家``), nor the numbers of one sentence among each other, even
    where the words do not tell apart what they cover: no sentence contradicts itself.
    """
    headers = [{_budget_column(one) for one in part} for part in parts]
    if not any(None in told for told in headers):
        bearers = Counter(header for told in headers for header in told)
        return [any(bearers[header] > 1 for header in told) for told in headers]
    here = {one.id for part in parts for one in part}
    voices = [_voice(number, part, here) for number, part in enumerate(parts)]
    several = len(set(voices) - {None}) > 1
    return [several and voice is not None for voice in voices]


def _voice(
    number: int, part: Sequence[Quantity], here: Container[str]
) -> int | str | tuple[int, int] | None:
    """Return who says a value: its sentence, else itself, or the total of which it is a part.

    None where the total is among the mentions ``here``: it speaks for its parts.
    """
    totals = {one.total for one in part}
    total = totals.pop() if len(totals) == 1 else None
    if total is None:
        sentences = {one.sentence for one in part}
        return next(iter(sentences)) or number if len(sentences) == 1 else number
    return None if total in here else total


def _budget_column(quantity: Quantity) -> str | None:
    """Return the header over a planned number in a table."""
    if quantity.modality != "planned" or quantity.evidence is None:
        return None
    return quantity.evidence.get("header")


def _fact(
    document: Document,
    mentions: Sequence[Quantity],
    conflict: bool,
    name: Callable[[str], str],
    place: _Resolve,
) -> Fact:
    """Make the fact of agreeing mentions: the one that says most precisely how much gives the value."""
    best = mentions[0] if len(mentions) == 1 else min(mentions, key=width)
    ranked = best.label == "RANK"
    region, code = place(None if ranked else best.region)
    known = [q.confidence for q in mentions if q.confidence is not None]
    return Fact(
        id="",
        document=document.doc_id,
        issuer=document.issuer,
        region=region,
        region_code=code,
        indicator=best.indicator or "",
        indicator_zh=name(best.indicator or ""),
        facet=best.facet,
        label=best.label,
        measure=best.measure,
        of=best.of,
        period=best.period,
        modality=best.modality,
        value=best.value,
        value_high=best.value_high,
        unit=best.unit,
        bound=best.bound,
        direction=next((q.direction for q in mentions if q.direction), None),
        peers=best.region if ranked else None,
        quantities=[quantity.id for quantity in mentions],
        conflict=conflict,
        confidence=max(known) if known else None,
    )
