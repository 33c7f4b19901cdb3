"""Facts: what a report states, once or often, merged; contradictions kept apart and flagged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Final

from jixiao.exact import CONTEXT, interval, printed_step
from jixiao.records import Document, Fact, Quantity

_Key = tuple[str | None, ...]


def build_facts(
    document: Document,
    quantities: Sequence[Quantity],
    name: Callable[[str], str],
    resolve: Callable[[str | None], tuple[str | None, str | None]],
) -> list[Fact]:
    """Return the facts of a report in the order of their first mention.

    A fact is one (region, indicator, facet, label, measure, of, period, modality). Mentions whose
    printed-precision intervals overlap are one value; the others split the fact, and all parts
    carry ``conflict``. Quantities without indicator and those of rules give none.

    Parameters
    ----------
    document
        The report's own record; its region stands where a quantity names none.
    quantities
        The quantities in text order, with ids.
    name
        The Chinese name of an indicator id.
    resolve
        The full name and code of a quantity's region words.
    """
    groups: dict[_Key, list[Quantity]] = {}
    for quantity in quantities:
        if quantity.indicator is None or quantity.modality == "rule" or quantity.value is None:
            continue
        groups.setdefault(_key(quantity), []).append(quantity)
    resolve = cache(resolve)
    facts: list[Fact] = []
    for mentions in groups.values():
        parts = _split(mentions)
        for part in parts:
            facts.append(_fact(document, part, len(parts) > 1, name, resolve))
    return number_facts(facts, quantities)


def number_facts(facts: list[Fact], quantities: Sequence[Quantity]) -> list[Fact]:
    """Put facts in the order of their first mention, number them, and return them."""
    first = {quantity.id: number for number, quantity in enumerate(quantities)}
    facts.sort(key=lambda fact: first[fact.quantities[0]])
    for number, fact in enumerate(facts, start=1):
        fact.id = f"f{number}"
    return facts


def _key(quantity: Quantity) -> _Key:
    region = None if quantity.label == "RANK" else quantity.region
    peers = quantity.region if quantity.label == "RANK" else None
    return (
        region,
        peers,
        quantity.indicator,
        quantity.facet,
        quantity.label,
        quantity.unit,
        quantity.measure,
        quantity.of,
        quantity.period,
        quantity.modality,
        quantity.direction,
        _budget_column(quantity),
    )


def _budget_column(quantity: Quantity) -> str | None:
    """Return the header over a planned number in a table: 年初预算数 and 全年预算数 do not conflict."""
    if quantity.modality != "planned" or quantity.evidence is None:
        return None
    return quantity.evidence.get("header")


def _split(mentions: Sequence[Quantity]) -> list[list[Quantity]]:
    """Group mentions whose values agree within their printed precision, in order of mention."""
    if len(mentions) == 1:
        return [list(mentions)]
    parts: list[list[Quantity]] = []
    spans: list[tuple[Decimal, Decimal]] = []
    for quantity in mentions:
        span = _interval(quantity)
        for index, other in enumerate(spans):
            if span[0] <= other[1] and other[0] <= span[1]:
                parts[index].append(quantity)
                spans[index] = max(span[0], other[0]), min(span[1], other[1])
                break
        else:
            parts.append([quantity])
            spans.append(span)
    return parts


def _interval(quantity: Quantity) -> tuple[Decimal, Decimal]:
    """Return the numbers a mention may stand for: its range, or half its last printed place."""
    low = quantity.value or Decimal(0)
    high = quantity.value_high if quantity.value_high is not None else low
    step = printed_step(quantity.text, _scale(quantity))
    if quantity.value_high is not None:
        return low, high
    return interval(low, step)


_FOLD: Final = {0xFF10 + i: 0x30 + i for i in range(10)} | {0xFF0E: 0x2E}


def _scale(quantity: Quantity) -> Decimal:
    """Return what the printed number was multiplied by: from its digits, else from its 万 and 亿."""
    text = quantity.text.translate(_FOLD)
    printed = "".join(c for c in text if c.isascii() and (c.isdigit() or c == "."))
    try:
        number = Decimal(printed)
    except InvalidOperation:
        return Decimal(10**8) if "亿" in text else Decimal(10**4) if "万" in text else Decimal(1)
    if not number or not quantity.value:
        return Decimal(1)
    return abs(CONTEXT.divide(quantity.value, number)).normalize(CONTEXT)


def _fact(
    document: Document,
    mentions: Sequence[Quantity],
    conflict: bool,
    name: Callable[[str], str],
    resolve: Callable[[str | None], tuple[str | None, str | None]],
) -> Fact:
    """Make the fact of agreeing mentions: the most precisely printed one gives the value."""
    best = mentions[0]
    if len(mentions) > 1:
        best = min(mentions, key=lambda q: printed_step(q.text, _scale(q)))
    ranked = best.label == "RANK"
    region, code = resolve(None if ranked else best.region)
    known = [q.confidence for q in mentions if q.confidence is not None]
    return Fact(
        id="",
        document=document.doc_id,
        issuer=document.issuer,
        region=region or document.region,
        region_code=code if region else document.region_code,
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
        direction=best.direction,
        peers=best.region if ranked else None,
        quantities=[quantity.id for quantity in mentions],
        conflict=conflict,
        confidence=max(known) if known else None,
    )
