"""What an auditor adds to a check that does not hold: the interval, a likely cause, the words quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from jixiao.checks.found import FoundCheck, in_unit_of, printed
from jixiao.checks.values import HUNDRED, Interval, Term, overlap, percent, term
from jixiao.exact import CONTEXT, plain
from jixiao.numbers.find import Found

_SUMS: Final = frozenset({"sum", "difference"})
_RATES: Final = frozenset({"share", "growth"})
_SWAPPED: Final = _SUMS | _RATES | {"duplicate"}
_QUOTED: Final = frozenset({"inconsistent", "truncated", "scope"})
_WRAPS: Final = re.compile(r"\s+")
_MARKS: Final = "，。；：、（(）)"
# Quotation marks inside a quotation.
_INNER: Final = str.maketrans("“”", "‘’")
_MOST_QUOTES: Final = 3
_LONGEST: Final = 80
_SHORT: Final = 20
_FINER: Final = Decimal("0.01")


def noted(check: FoundCheck, text: str) -> FoundCheck:
    """Return a check whose message also tells what the printed digits allow, and quotes the text.

    A relation that holds exactly needs no more words.
    """
    if check.verdict == "ok":
        return check
    added = [*_allowed(check)]
    if check.verdict == "inconsistent":
        added += _causes(check)
    message = "；".join([check.message, *added])
    if check.verdict in _QUOTED:
        quotes = list(_quotes(check, text))
        message += f"。原文：{'、'.join(quotes)}" if quotes else ""
    return replace(check, message=message)


def _allowed(check: FoundCheck) -> Iterator[str]:
    """Yield what the recomputed value may be within the printed digits, where that is a span."""
    stated = term(check.items[0])
    if check.interval is None or check.recomputed is None or stated is None:
        return
    if check.kind in _SUMS:
        low, high = (in_unit_of(plain(end), stated) for end in check.interval)
    elif check.kind in _RATES:
        ends = sorted(abs(end) for end in check.interval)
        low, high = (_in_percent(end, stated) for end in ends)
    else:
        return
    if low != high:
        yield f"按各数印出的位数，应在{low}至{high}之间"


def _in_percent(value: Decimal, stated: Term) -> str:
    """Return a rate with two places more than the stated one."""
    step = min(stated.step, Decimal(1)) * _FINER
    return f"{plain(value.quantize(step, context=CONTEXT))}%"


def _causes(check: FoundCheck) -> Iterator[str]:
    """Yield what may have led to the stated number, where the digits tell."""
    stated = term(check.items[0])
    if stated is None or check.stated is None or check.recomputed is None:
        return
    if check.kind in _SWAPPED and _is_swapped(check, stated):
        yield "两数数字相同而次序不同，疑为录入颠倒"
    if check.kind == "growth" and _by_this_year(check, stated):
        yield "文中所写与以本年数为分母的结果一致"
    if check.kind == "sum":
        excess = abs(check.stated - check.recomputed)
        parts = [one for one in map(term, check.items[1:]) if one is not None and one.value]
        same = next((one for one in parts if one.value == excess), None)
        if same is not None:
            yield f"差额恰为其中一项{in_unit_of(same.value, same)}"


def _is_swapped(check: FoundCheck, stated: Term) -> bool:
    """Tell whether the recomputed value has the digits of the stated one in another order."""
    if check.stated is None or check.recomputed is None:
        return False
    value = abs(check.recomputed).quantize(stated.step, context=CONTEXT)
    ours, theirs = str(value), str(abs(check.stated).quantize(stated.step, context=CONTEXT))
    return ours != theirs and sorted(ours) == sorted(theirs)


def _by_this_year(check: FoundCheck, stated: Term) -> bool:
    """Tell whether the stated growth is the change divided by this year's number."""
    terms = [term(item) for item in check.items[1:3]]
    if len(terms) < 2 or check.stated is None:
        return False
    level, other = terms
    if level is None or other is None or level.value <= 0:
        return False
    is_change = check.items[2].quantity.measure in ("change", "net_new")
    change = other.value if is_change else abs(level.value - other.value)
    rate = percent(change, level.value)
    half = stated.step / 2
    near: Interval = abs(check.stated) - half, abs(check.stated) + half
    return change > 0 and rate <= HUNDRED and overlap((rate, rate), near)


def _quotes(check: FoundCheck, text: str) -> Iterator[str]:
    """Yield the words of the report that state the numbers, each sentence or cell once."""
    together: dict[object, list[Found]] = {}
    for item in check.items:
        place = item.start if item.whole_cell else (item.block and item.block.start, item.sentence)
        together.setdefault(place, []).append(item)
    for items in [*together.values()][:_MOST_QUOTES]:
        words = _cell(items[0]) if items[0].whole_cell else _sentence(items, text)
        if words:
            yield words


def _sentence(items: Sequence[Found], text: str) -> str:
    """Return a sentence from the clause of its first number to its last number."""
    first = min(items, key=lambda item: item.start)
    begin = max(first.clause, first.block.start if first.block else 0)
    end = max(item.end for item in items)
    if end - begin > _LONGEST * 4:
        return f"“{_bare(text[begin : begin + _LONGEST])}…{_bare(text[end - _LONGEST : end])}”"
    words = _bare(text[begin:end])
    if len(words) > _LONGEST:
        words = f"{words[: _LONGEST // 2]}…{words[-_LONGEST // 2 :]}"
    return f"“{words}”"


def _bare(words: str) -> str:
    return _WRAPS.sub("", words).lstrip(_MARKS).translate(_INNER)


def _cell(item: Found) -> str:
    """Return where a number of a table stands: its row and column, as labelled."""
    labels = [label for label in (item.cell.rows if item.cell else ()) if label.strip()]
    heads = [head for head in (item.cell.columns if item.cell else ()) if head.strip()]
    row = f"“{_named(labels[-1])}”行" if labels else ""
    column = f"“{_named(heads[-1])}”栏" if heads else ""
    return f"表中{row}{column}{printed(term(item) or item)}" if row or column else ""


def _named(label: str) -> str:
    label = _WRAPS.sub("", label).translate(_INNER)
    return label if len(label) <= _SHORT else f"{label[:_SHORT]}…"
