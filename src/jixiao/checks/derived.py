"""What follows where parts make up a total: their shares add to 100 %, their changes to its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from jixiao.checks.found import FoundCheck, printed, quote, said
from jixiao.checks.prose import DEPENDENT, Paragraph, Slot
from jixiao.checks.values import HUNDRED, Term, add_up
from jixiao.exact import CONTEXT, plain
from jixiao.records import Verdict


def find_derived(paragraph: Paragraph, sums: Sequence[FoundCheck]) -> list[FoundCheck]:
    """Return the checks of shares and changes that belong to the parts of a total."""
    if not sums:
        return []
    by_start = {slot.item.start: slot for slot in paragraph.slots}
    found: list[FoundCheck] = []
    for check in sums:
        if check.kind != "sum" or check.verdict != "ok" or len(check.items) < 3:
            continue
        slots = [by_start.get(item.start) for item in check.items]
        known = [slot for slot in slots if slot is not None]
        if len(known) == len(slots) and check.items[0].quantity.value == check.stated:
            total, *parts = known
            found += _shares(paragraph, parts)
            found += _changes(paragraph, total, parts)
    return found


def _shares(paragraph: Paragraph, parts: Sequence[Slot]) -> Iterator[FoundCheck]:
    stated = [_follower(paragraph, part, "share") for part in parts]
    terms = [one for one in stated if one is not None]
    if len(terms) < len(parts) or len({one.item.quantity.of for one in terms}) > 1:
        return
    value = add_up(terms)
    low = plain(sum((one.value - one.step / 2 for one in terms), Decimal(0)))
    high = plain(sum((one.value + one.step / 2 for one in terms), Decimal(0)))
    verdict: Verdict = "inconsistent"
    if value == HUNDRED:
        verdict = "ok"
    elif low <= HUNDRED <= high:
        verdict = "rounded"
    names = "、".join(
        f"{quote(part.item)}占{printed(one)}" for part, one in zip(parts, terms, strict=True)
    )
    message = f"{names}，各项合计应为100%，实为{value}%，{said(verdict)}"
    items = tuple(one.item for one in terms)
    yield FoundCheck("sum", verdict, HUNDRED, value, (low, high), items, message)


def _changes(paragraph: Paragraph, total: Slot, parts: Sequence[Slot]) -> Iterator[FoundCheck]:
    stated = _follower(paragraph, total, "change")
    if stated is None:
        return
    terms: list[Term] = []
    for part in parts:
        one = _follower(paragraph, part, "change")
        if one is None and not _unchanged(paragraph, part):
            return
        if one is not None:
            terms.append(one)
    if len(terms) < 2 or any(one.item.quantity.unit != stated.item.quantity.unit for one in terms):
        return
    signs = [_sign(one) for one in terms]
    value, goal = add_up(terms, signs), stated.value * _sign(stated)
    if value != goal:
        return
    moved = "".join(
        f"{'−' if sign < 0 else '+'}{printed(one)}" for sign, one in zip(signs, terms, strict=True)
    )
    message = f"{quote(total.item)}增减{printed(stated)}，各项增减{moved}，{said('ok')}"
    items = (stated.item, *(one.item for one in terms))
    yield FoundCheck("sum", "ok", plain(CONTEXT.plus(goal)), value, (value, value), items, message)


def _follower(paragraph: Paragraph, slot: Slot, measure: str) -> Term | None:
    """Return the share or change that is said of a number: before the next number of its kind."""
    for other in paragraph.slots[slot.place + 1 :]:
        quantity = other.item.quantity
        if other.sentence != slot.sentence or quantity.measure not in DEPENDENT:
            return None
        if quantity.measure == measure:
            return other.term
    return None


def _unchanged(paragraph: Paragraph, slot: Slot) -> bool:
    text = paragraph.text[slot.item.end : slot.item.end + 14]
    return "持平" in text.split("；")[0].split(";")[0].split("。")[0]


def _sign(one: Term) -> int:
    return -1 if one.item.quantity.direction == "down" else 1
