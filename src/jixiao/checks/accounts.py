"""Accounting relations across sentences and tables: balances, the catalogue's sums and ratios.

What stands far apart may differ in scope without saying so: these relations are confirmed, within
printed precision, and never contradicted.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import Final

from jixiao.checks.found import FoundCheck
from jixiao.checks.prose import DEPENDENT
from jixiao.checks.rates import ratio_check
from jixiao.checks.sums import sum_check, weigh
from jixiao.checks.values import Term, add_up, term
from jixiao.indicators import Catalogue
from jixiao.numbers.find import Found

_OPENING: Final = frozenset({"carryover_prior_year", "cumulative_balance"})
_REVENUE: Final = frozenset(
    {
        "revenue_total",
        "fiscal_appropriation_revenue",
        "general_public_budget_appropriation",
        "project_fund_received",
        "special_fund_total",
    }
)
_EXPENDITURE: Final = frozenset({"expenditure_total", "project_expenditure"})
_ECONOMIC: Final = frozenset(
    {
        "personnel_expenditure",
        "wage_welfare_expenditure",
        "goods_services_expenditure",
        "personal_family_subsidy",
        "enterprise_subsidy_expenditure",
        "capital_expenditure",
    }
)
_LEFT: Final = re.compile(r"(?:结余|结转|剩余|余额)[^，。；：\d]{0,6}$")
_INCLUDING: Final = re.compile(r"\s*[（(]含[^（()）]{0,12}(?:结余|结转)[^（()）]{0,6}[）)]")
# What the year began with, whatever the indicator: 年初结余的项目资金.
_LEFT_OVER: Final = re.compile(r"结余|结转")
_SPENT: Final = re.compile(r"(?:[全本当]年|实际|累计|总)*支出(?:总额|合计|总计|共计)?")
_TERMS: Final = re.compile(r"\s*\+\s*")
_FAR: Final = 6000
_FEW: Final = 3
_WINDOW: Final = 24
_MANY: Final = 30
_MOST: Final = 4


class Accounts:
    """The amounts of a report by indicator, and the relations among them."""

    def __init__(self, text: str, items: Sequence[Found], catalogue: Catalogue) -> None:
        self._text, self._catalogue = text, catalogue
        self._items = items
        self._terms: list[Term] = []
        self._by_indicator: dict[str, list[Term]] = {}
        for item in items:
            one = term(item)
            if one is None or not _is_level(item):
                continue
            self._terms.append(one)
            if item.quantity.indicator is not None:
                self._by_indicator.setdefault(item.quantity.indicator, []).append(one)

    def find(self, sums: Sequence[FoundCheck]) -> list[FoundCheck]:
        """Return the checks; ``sums`` are those found already: what they cover is not repeated."""
        joint = {
            check.items[0].start: check.items[1]
            for check in sums
            if check.kind == "sum" and check.stated != check.items[0].quantity.value
        }
        return [
            *self._balances(joint),
            *self._relations(sums),
            *self._ratios(),
            *self._including(),
            *self._carried(),
            *self._by_category(),
        ]

    def _of(self, indicators: Iterable[str]) -> list[Term]:
        found = [one for name in indicators for one in self._by_indicator.get(name, ())]
        return sorted(found, key=lambda one: one.item.start)

    def _left_before(self) -> list[Term]:
        """Return what was left at the beginning of the year, of any fund, in text order."""
        return [
            one
            for one in self._terms
            if _at_start(one)
            and (
                one.item.quantity.indicator in _OPENING
                or _LEFT_OVER.search(one.item.quantity.subject or "")
            )
        ]

    def _spent(self) -> list[Term]:
        """Return the spending of the whole: under its indicator, or as 支出 alone."""
        return [
            one
            for one in self._terms
            if one.item.quantity.indicator in _EXPENDITURE
            or (
                one.item.quantity.indicator is None
                and _SPENT.fullmatch(one.item.quantity.subject or "")
            )
        ]

    def _near(self, terms: Sequence[Term], place: int, unit: str | None) -> list[Term]:
        """Return the last few different amounts before a place, or right behind it."""
        last = bisect_left(terms, place + _FAR // 10, key=_start)
        seen: dict[Decimal, Term] = {}
        for one in reversed(terms[max(last - _WINDOW, 0) : last]):
            if one.item.quantity.unit == unit and one.item.start > place - _FAR:
                seen.setdefault(one.value, one)
            if len(seen) == _MOST:
                break
        return list(seen.values())

    def _balances(self, joint: dict[int, Found]) -> Iterator[FoundCheck]:
        """Yield the check of each balance: opening + revenue − expenditure."""
        opening = self._left_before()
        revenue = [one for one in self._of(_REVENUE) if not _at_start(one)]
        spent = self._spent()
        for one in self._of(("cumulative_balance", "current_year_balance")):
            if _at_start(one):
                continue
            current = one.item.quantity.indicator == "current_year_balance"
            place, unit = one.item.start, one.item.quantity.unit
            openings: list[Term | None] = [None]
            if not current:
                openings += self._near(opening, place, unit)
            incomes = self._incomes(self._near(revenue, place, unit), joint)
            check = self._balance(one, openings, incomes, self._near(spent, place, unit))
            check = check or self._left_over(one)
            if check is not None:
                yield check

    def _incomes(self, revenue: Sequence[Term], joint: dict[int, Found]) -> list[list[Term]]:
        incomes = [[one] for one in revenue]
        for one in revenue:
            other = joint.get(one.item.start)
            more = term(other) if other is not None else None
            if more is not None:
                incomes.insert(0, [one, more])
        return incomes

    def _balance(
        self,
        one: Term,
        openings: Sequence[Term | None],
        incomes: Sequence[Sequence[Term]],
        spent: Sequence[Term],
    ) -> FoundCheck | None:
        rounded: FoundCheck | None = None
        for first, income, out in product(openings, incomes, spent):
            parts = [*([first] if first else []), *income, out]
            if len({part.item.start for part in parts} | {one.item.start}) <= len(parts):
                continue
            if not _one_place(one, parts):
                continue
            signs = [1] * (len(parts) - 1) + [-1]
            room = sum((part.step for part in parts), one.step)
            if abs(add_up(parts, signs) - one.value) > room:
                continue
            verdict = weigh((one,), parts, signs)[1]
            if verdict == "ok":
                return sum_check((one,), parts, signs=signs, kind="difference")
            if verdict == "rounded" and rounded is None and not _coarse(one, parts):
                rounded = sum_check((one,), parts, signs=signs, kind="difference")
        return rounded

    def _left_over(self, one: Term) -> FoundCheck | None:
        """Return the check of what is left of two amounts right before: 到位…，支出…，结余…."""
        place = one.item.start
        last = bisect_left(self._terms, place, key=_start)
        before = [
            other
            for other in self._terms[max(last - _WINDOW, 0) : last]
            if place - other.item.start < 300
            and other.item.quantity.unit == one.item.quantity.unit
            and other.item.block is one.item.block
        ]
        lead = self._text[max(one.item.start - 12, 0) : one.item.start]
        if one.value <= 0 or not _LEFT.search(lead):
            return None
        for out in reversed(before[-_MOST:]):
            for income in before[-_MOST:]:
                if income.value - out.value == one.value and out.value > 0:
                    return sum_check((one,), (income, out), signs=(1, -1), kind="difference")
        return None

    def _relations(self, sums: Sequence[FoundCheck]) -> Iterator[FoundCheck]:
        """Yield the catalogue's sums whose parts stand together."""
        known = {
            (check.stated, tuple(sorted(i.quantity.value or 0 for i in check.items[1:])))
            for check in sums
        }
        for indicator in self._catalogue.indicators.values():
            for relation in indicator.relations:
                left, _, right = relation.partition("=")
                names = _TERMS.split(right.strip())
                if left.strip() != indicator.id or "/" in right or len(names) < 2:
                    continue
                for total, parts in self._together(indicator.id, names):
                    key = total.value, tuple(sorted(part.value for part in parts))
                    verdict = weigh((total,), parts)[1]
                    if key in known or verdict == "inconsistent" or _coarse(total, parts):
                        continue
                    known.add(key)
                    yield sum_check((total,), parts)

    def _together(self, total: str, names: Sequence[str]) -> Iterator[tuple[Term, Sequence[Term]]]:
        """Yield totals with parts that stand in one sentence or row, at least two of them."""
        totals = {one.value: one for one in reversed(self._by_indicator.get(total, [])[:_MANY])}
        first, *rest = [self._by_indicator.get(name, [])[:_MANY] for name in names]
        if not totals or not first or not all(rest):
            return
        for one in first:
            parts = [one]
            for others in rest:
                near = [o for o in others if _beside(one, o)]
                if near:
                    parts.append(near[0])
            if len(parts) == len(names):
                for whole in totals.values():
                    if _alike(whole, one):
                        yield whole, parts

    def _ratios(self) -> Iterator[FoundCheck]:
        """Yield the catalogue's ratios: 在职人员控制率 = 在职人员数 / 编制数."""
        for item in self._items:
            quantity = item.quantity
            known = self._catalogue.indicators.get(quantity.indicator or "")
            if known is None or quantity.unit != "%" or quantity.modality != "actual":
                continue
            stated = term(item)
            for relation in known.relations:
                left, _, right = relation.partition("=")
                upper, slash, lower = (part.strip() for part in right.partition("/"))
                if left.strip() != known.id or not slash or stated is None:
                    continue
                yield from self._ratio(stated, upper, lower)

    def _ratio(self, stated: Term, upper: str, lower: str) -> Iterator[FoundCheck]:
        for part, whole in product(self._whole(upper), self._whole(lower)):
            if part.item.quantity.modality == "actual":
                check = ratio_check(part, whole, stated)
                if check is not None and check.verdict in ("ok", "truncated"):
                    yield check
                    return

    def _whole(self, indicator: str) -> list[Term]:
        """Return the different values of an indicator as a whole, not of a part of it."""
        terms = self._by_indicator.get(indicator, [])
        found = {one.value: one for one in terms if one.item.quantity.facet is None}
        return list(found.values())[:_FEW]

    def value_of(self, indicator: str) -> Term | None:
        """Return the one value the report gives an indicator, None where it gives none or more."""
        found = self._whole(indicator)
        return found[0] if len(found) == 1 else None

    def values_of(self, indicator: str) -> list[Term]:
        """Return the values of an indicator as a whole."""
        return self._whole(indicator)

    def opening_balances(self) -> list[Term]:
        """Return the balances at the beginning of the year, in text order."""
        return [one for one in self._of(_OPENING) if _at_start(one)][:_MANY]

    def closing_balances(self) -> list[Term]:
        """Return the balances at the end of the year, in text order."""
        return [one for one in self._of(("cumulative_balance",)) if not _at_start(one)][:_MANY]

    def _including(self) -> Iterator[FoundCheck]:
        """Yield the check of 510万元（含年初结余）: what was granted, and what was left before."""
        opening = self._left_before()
        revenue = self._of(_REVENUE)
        for one in self._terms:
            if not _INCLUDING.match(self._text, one.item.end):
                continue
            place, unit = one.item.start, one.item.quantity.unit
            for pair in product(self._near(opening, place, unit), self._near(revenue, place, unit)):
                if one.item not in (pair[0].item, pair[1].item) and add_up(pair) == one.value:
                    yield sum_check((one,), pair)
                    break

    def _carried(self) -> Iterator[FoundCheck]:
        """Yield spending that is the year's grant and what was carried over from the year before."""
        opening = [one for one in self._left_before() if one.value > 0]
        if not opening:
            return
        for terms in self._by_indicator.values():
            values = {one.value: one for one in terms if one.item.quantity.label == "MONEY"}
            if len(values) != 2 or terms[0].item.quantity.indicator in _OPENING | _REVENUE:
                continue
            low, high = (values[key] for key in sorted(values))
            for one in opening:
                if low.value + one.value == high.value and _alike(low, high):
                    yield sum_check((high,), (low, one))
                    break

    def _by_category(self) -> Iterator[FoundCheck]:
        """Yield spending by economic category against what basic and project spending add up to."""
        basic, project = (
            self._whole(name) for name in ("basic_expenditure", "project_expenditure")
        )
        totals = [(one, two) for one, two in product(basic, project) if one.scale == two.scale]
        run: list[Term] = []
        for one in [*self._terms, None]:
            listed = one is not None and one.item.quantity.indicator in _ECONOMIC
            if one is not None and listed and (not run or _beside(run[-1], one)):
                run.append(one)
                continue
            if len(run) > 2:
                yield from _first_sum(totals, run)
            run = [one] if one is not None and listed else []


def _first_sum(totals: Sequence[tuple[Term, Term]], parts: Sequence[Term]) -> Iterator[FoundCheck]:
    for pair in totals:
        if add_up(pair) == add_up(parts):
            yield sum_check(pair, parts)
            return


def _start(one: Term) -> int:
    return one.item.start


def _is_level(item: Found) -> bool:
    quantity = item.quantity
    return (
        quantity.label in ("MONEY", "COUNT")
        and quantity.measure not in DEPENDENT
        and quantity.modality == "actual"
        and quantity.region is None
    )


def _at_start(one: Term) -> bool:
    quantity = one.item.quantity
    period = quantity.period or ""
    return quantity.indicator == "carryover_prior_year" or period.endswith("-01-01")


def _alike(one: Term, other: Term) -> bool:
    a, b = one.item.quantity, other.item.quantity
    return a.unit == b.unit and a.modality == b.modality and a.period == b.period


def _beside(one: Term, other: Term) -> bool:
    """Tell whether two amounts stand in one row or near in one paragraph."""
    a, b = one.item.block, other.item.block
    if one.item.whole_cell and other.item.whole_cell and a and b and a.cell and b.cell:
        return (a.cell.table, a.cell.row) == (b.cell.table, b.cell.row)
    return a is b and abs(one.item.start - other.item.start) < 200


def _one_place(one: Term, parts: Sequence[Term]) -> bool:
    """Tell whether amounts may be of one account: in one table row's grid, or all in text."""
    tables = {part.item.whole_cell for part in (*parts, one)}
    return len(tables) == 1


def _coarse(one: Term, parts: Sequence[Term]) -> bool:
    """Tell whether some part is printed so roughly that nearly anything would fit."""
    return any(part.step > one.step * 10 and not part.exact for part in parts)
