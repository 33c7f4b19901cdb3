"""Scores against the rule they are given by: thresholds, bands, deductions, targets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import product
from typing import Final

from jixiao.checks.accounts import Accounts
from jixiao.checks.found import FoundCheck, printed, quote, said
from jixiao.checks.prose import DEPENDENT
from jixiao.checks.sums import sum_check, weigh
from jixiao.checks.tables import Cell, Sheet
from jixiao.checks.values import HUNDRED, ZERO, Term, percent, term
from jixiao.exact import plain
from jixiao.indicators import Catalogue
from jixiao.numbers.find import Found
from jixiao.records import Verdict

_FULL: Final = re.compile(r"分值|权重|满分|标准分")
_SCORE: Final = re.compile(r"得分|评分$|自评分")
_RULE: Final = re.compile(r"[计得扣]?\s*\d+(?:\.\d+)?\s*分")
_CLAUSE: Final = re.compile(r"[；;。\n]")
_N: Final = r"(\d+(?:\.\d+)?)"
_POINTS: Final = rf"(?:的)?[，,、\s]*(?:(?:计|得|为)\s*)?(?:{_N}\s*分|(不得分|不计分))"
_INCL: Final = r"(?:[（(]含[）)])?"
_BAND: Final = re.compile(rf"{_N}\s*%?{_INCL}\s*[-—~～至]\s*{_N}\s*%{_INCL}{_POINTS}")
_ABOVE: Final = re.compile(
    rf"(?:(≥|>=|不低于|达到?|大于等于)\s*{_N}\s*%{_INCL}(?:[及以]*以上)?|{_N}\s*%{_INCL}(?:及)?以上){_POINTS}"
)
_OVER: Final = re.compile(rf"(?:>|大于|超过|高于)\s*{_N}\s*%{_POINTS}")
_BELOW: Final = re.compile(rf"(?:<|低于|小于|不足)\s*{_N}\s*%{_POINTS}")
_AT_MOST: Final = re.compile(rf"(?:≤|<=|不超过|不高于|小于等于)\s*{_N}\s*%?{_POINTS}")
_EQUAL: Final = re.compile(rf"(?:(?<![≤≥<>])=|等于|达到)\s*{_N}\s*%?{_POINTS}")
_DEDUCT: Final = re.compile(
    rf"每(超过|超出|高于|增加|减少|低于|降低|下降|少|低|高|多)[^，。；]{{0,8}}?(?:一|1)个百分点[，,]?\s*扣\s*{_N}\s*分"
)
# 没有结余得3分；结余不多于上年结转得2分；多于上年结转不得分。
_BALANCE: Final = re.compile(
    rf"无结余[，,]?(?:[计得])?{_N}分[；;].{{0,6}}结余[，,]?但?不超过上年(?:结转|结余)[，,]?(?:[计得])?{_N}分"
)
_BULLET: Final = re.compile(r"[①②③④⑤⑥⑦⑧⑨]")
_MINUS: Final = re.compile(r"扣|每|酌情|否则|最高")
_TARGET: Final = re.compile(r"指标值|目标值|年度目标|绩效目标|预期|计划")
_DONE: Final = re.compile(r"完成值|完成情况|实际值|实际完成|全年完成")
_EXECUTED: Final = re.compile(r"执行率|支出率|完成率")
_LOST: Final = Decimal("0.2")


@dataclass(slots=True)
class Rule:
    """A scoring rule for a rate: bands of points, else a threshold and what is deducted beyond it."""

    # (low, high, points); None is unbounded.
    bands: list[tuple[Decimal | None, Decimal | None, Decimal]] = field(default_factory=list)
    deduct: Decimal | None = None
    downwards: bool = False
    threshold: Decimal | None = None

    def points(self, rate: Decimal, full: Decimal) -> frozenset[Decimal]:
        """Return the points that a rate may be given; empty where the rule does not say."""
        inside = {
            points
            for low, high, points in self.bands
            if (low is None or low <= rate) and (high is None or rate <= high)
        }
        if inside:
            return frozenset(inside)
        if self.deduct is None or self.threshold is None:
            return frozenset()
        beyond = self.threshold - rate if self.downwards else rate - self.threshold
        if beyond <= 0:
            return frozenset({full})
        steps = (
            beyond,
            beyond.to_integral_value(ROUND_FLOOR),
            beyond.to_integral_value(ROUND_CEILING),
        )
        return frozenset(max(full - self.deduct * step, ZERO) for step in steps)


def read_rule(text: str) -> Rule | None:
    """Return the rule for a rate that a rubric states, or None.

    >>> rule = read_rule("控制率≤100%，得6分；每高1个百分点扣0.4分。")
    >>> [str(p) for p in rule.points(Decimal(120), Decimal(6))]
    ['0']
    """
    rule = Rule()
    for clause in _CLAUSE.split(text):
        _read_clause(rule, clause)
    found = _DEDUCT.search(text)
    if found:
        rule.deduct = Decimal(found[2])
        rule.downwards = found[1] in ("减少", "低于", "降低", "下降", "少", "低")
    return rule if rule.bands else None


def _read_clause(rule: Rule, clause: str) -> None:
    """Add the band that a clause states."""
    if found := _BAND.search(clause):
        rule.bands.append((Decimal(found[1]), Decimal(found[2]), _given(found[3])))
    elif found := _ABOVE.search(clause):
        at = Decimal(found[2] or found[3])
        rule.bands.append((at, None, _given(found[4])))
        rule.threshold = at
    elif found := _AT_MOST.search(clause):
        rule.threshold = Decimal(found[1])
        rule.bands.append((None, rule.threshold, _given(found[2])))
    elif found := _BELOW.search(clause):
        rule.bands.append((None, _under(Decimal(found[1])), _given(found[2])))
    elif found := _OVER.search(clause):
        rule.bands.append((_beyond(Decimal(found[1])), None, _given(found[2])))
    elif found := _EQUAL.search(clause):
        rule.threshold = Decimal(found[1])
        rule.bands.append((rule.threshold, rule.threshold, _given(found[2])))


def _given(points: str | None) -> Decimal:
    return Decimal(points) if points else ZERO


_HAIR: Final = Decimal("0.000001")


def _under(value: Decimal) -> Decimal:
    return value - _HAIR


def _beyond(value: Decimal) -> Decimal:
    return value + _HAIR


@dataclass(frozen=True, slots=True)
class _Scored:
    """A row of a score table: full mark, score, rubric text, target and result where it has them."""

    full: Term
    score: Term
    rubric: str
    target: Cell | None
    result: Cell | None
    rate: Term | None = None


class Rubrics:
    """Checks the scores of a report's tables against their rules and the report's own numbers."""

    def __init__(
        self,
        tables: Sequence[Sheet],
        items: Sequence[Found],
        accounts: Accounts,
        catalogue: Catalogue,
    ) -> None:
        self._tables, self._items = tables, items
        self._accounts, self._catalogue = accounts, catalogue
        self._rates = _stated_rates(items)

    def find(self) -> list[FoundCheck]:
        """Return the checks, in the order of the tables."""
        found: list[FoundCheck] = []
        for sheet in self._tables:
            for cells in sheet.rows:
                row = _scored(cells)
                if row is None:
                    continue
                check = self._by_rule(row) or self._by_balance(row)
                if check is None:
                    check = _by_target(row) or _by_rate(row)
                if check is not None:
                    found.append(check)
        found += _criteria(self._tables, self._items)
        return found

    def _by_rule(self, row: _Scored) -> FoundCheck | None:
        """Return the check of a score against bands or deductions and the rate the report gives."""
        rule = read_rule(row.rubric) if "%" in row.rubric or "百分点" in row.rubric else None
        if rule is None or max(points for *_, points in rule.bands) != row.full.value:
            return None
        indicator = row.score.item.quantity.indicator
        own = row.result.term if row.result is not None else None
        if own is not None and own.item.quantity.unit == "%":
            return _judge_stated(row, rule, own)
        rates = self._rates.get(indicator or "", [])
        if rates:
            values = {one.value for one in rates}
            return _judge_stated(row, rule, rates[0]) if len(values) == 1 else None
        return self._by_ratio(row, rule, indicator)

    def _by_ratio(self, row: _Scored, rule: Rule, indicator: str | None) -> FoundCheck | None:
        """Return the check of a score for a rate that is not stated, but follows from two numbers."""
        known = self._catalogue.indicators.get(indicator or "")
        for relation in known.relations if known else ():
            left, _, right = relation.partition("=")
            upper, slash, lower = (part.strip() for part in right.partition("/"))
            if known is None or left.strip() != known.id or not slash:
                continue
            part, whole = self._accounts.value_of(upper), self._accounts.value_of(lower)
            if part is None or whole is None or whole.value <= 0:
                return None
            rate = percent(part.value, whole.value)
            points = rule.points(rate, row.full.value)
            if not points:
                return None
            verdict: Verdict = "ok" if row.score.value in points else "inconsistent"
            message = (
                f"{quote(part)}÷{quote(whole)}={rate}%，按评分标准应得{_shown(points)}分，"
                f"自评{printed(row.score)}，{said(verdict)}"
            )
            items = (row.score.item, part.item, whole.item)
            return FoundCheck("rubric", verdict, rate, rate, (rate, rate), items, message)
        return None

    def _by_balance(self, row: _Scored) -> FoundCheck | None:
        """Return the check of a score for what was left: none, no more than before, or more."""
        found = _BALANCE.search(row.rubric)
        if found is None:
            return None
        closing = self._accounts.closing_balances()
        opening = [
            one
            for one in self._accounts.opening_balances()
            if one.item.quantity.indicator == "carryover_prior_year"
        ]
        if not closing or not opening:
            return None
        if all(one.value == 0 for one in closing):
            points = Decimal(found[1])
        elif all(0 < c.value <= o.value for c, o in product(closing, opening)):
            points = Decimal(found[2])
        elif all(c.value > o.value for c, o in product(closing, opening)):
            points = ZERO
        else:
            return None
        verdict: Verdict = "ok" if row.score.value == points else "inconsistent"
        message = (
            f"{quote(closing[0])}，{quote(opening[0])}，按评分标准应得{points}分，"
            f"自评{printed(row.score)}，{said(verdict)}"
        )
        items = (row.score.item, closing[0].item, opening[0].item)
        return FoundCheck("rubric", verdict, None, points, (points, points), items, message)


def _shown(points: frozenset[Decimal]) -> str:
    return "或".join(str(one) for one in sorted(points))


def _stated_rates(items: Sequence[Found]) -> Mapping[str, list[Term]]:
    """Return the rates that the report states as results, by indicator.

    A result beside a target in one row of a form is of the target's indicator, whatever it is
    called itself.
    """
    rates: dict[str, list[Term]] = {}
    target: Found | None = None
    for item in items:
        quantity = item.quantity
        if quantity.unit != "%" or quantity.measure in DEPENDENT:
            continue
        one = term(item)
        indicator = quantity.indicator
        if target is not None and indicator is None and _same_row(target, item):
            indicator = target.quantity.indicator
        if quantity.modality == "planned":
            target = item
        elif quantity.modality == "actual" and one is not None and indicator is not None:
            whole = quantity.facet is None and quantity.region is None
            rates.setdefault(indicator, []).extend([one] if whole else [])
    return rates


def _same_row(one: Found, other: Found) -> bool:
    a = one.block.cell if one.block else None
    b = other.block.cell if other.block else None
    return a is not None and b is not None and (a.table, a.row) == (b.table, b.row)


def _scored(cells: Sequence[Cell]) -> _Scored | None:
    """Return what a row of a score table states, or None where it is no such row."""
    full = score = None
    target = result = None
    rate = None
    for cell in cells:
        if cell.item.quantity.unit == "%" and _EXECUTED.search(cell.head):
            rate = cell.term
        if cell.item.quantity.label == "SCORE" and cell.term is not None:
            if _FULL.search(cell.head):
                full = full or cell.term
                continue
            if _SCORE.search(cell.head):
                score = cell.term
                continue
        if _DONE.search(cell.head):
            result = cell
        elif _TARGET.search(cell.head):
            target = cell
    if full is None or score is None or score.value > full.value:
        return None
    labels = cells[-1].labels
    rubric = next((label for label in reversed(labels) if _RULE.search(label)), "")
    return _Scored(full, score, rubric, target, result, rate)


def _judge_stated(row: _Scored, rule: Rule, rate: Term) -> FoundCheck | None:
    """Return the check of a score against the points that a stated rate is given."""
    points = rule.points(rate.value, row.full.value)
    if not points:
        return None
    verdict: Verdict = "ok" if row.score.value in points else "inconsistent"
    message = f"{quote(rate)}，按评分标准应得{_shown(points)}分，自评{printed(row.score)}，{said(verdict)}"
    items = (row.score.item, rate.item)
    best = min(points, key=lambda one: (abs(one - row.score.value), one))
    span = min(points), max(points)
    return FoundCheck("rubric", verdict, row.score.value, best, span, items, message)


def _by_target(row: _Scored) -> FoundCheck | None:
    """Return the check of a score against target and result of its row.

    Where the result falls short and the points are in proportion, they are right; where the target
    is a limit that is missed and the points are full, they are not.
    """
    if row.target is None or row.result is None:
        return None
    target, result = row.target.item.quantity, row.result.term
    if target.value is None or result is None or target.value <= 0 or target.value_high is not None:
        return None
    if target.unit != result.item.quantity.unit or target.label != result.item.quantity.label:
        return None
    limit = target.bound == "≤"
    missed = result.value > target.value if limit else result.value < target.value
    if not missed:
        return None
    due = row.full.value * (target.value / result.value if limit else result.value / target.value)
    if row.score.value == row.full.value:
        # Points are rounded too: 99.9% of a target may be given them all.
        far = row.full.value - due >= _LOST and target.bound in ("≥", "≤")
        return _target_check(row, "inconsistent", None) if far else None
    if not limit and abs(due - row.score.value) <= row.score.step / 2:
        return _target_check(row, "ok", due)
    return None


def _by_rate(row: _Scored) -> FoundCheck | None:
    """Return that the points for the execution of the budget are in proportion, where they are.

    Where they are not, a rule that the form does not print may give more or less.
    """
    if row.rate is None or not 0 < row.rate.value <= HUNDRED:
        return None
    due = row.full.value * row.rate.value / HUNDRED
    if abs(due - row.score.value) > row.score.step / 2:
        return None
    verdict: Verdict = "ok"
    message = (
        f"{quote(row.rate)}，满分{printed(row.full)}，按比例应得{plain(due)}分，"
        f"自评{printed(row.score)}，{said(verdict)}"
    )
    items = (row.score.item, row.rate.item, row.full.item)
    return FoundCheck("rubric", verdict, row.score.value, plain(due), (due, due), items, message)


def _target_check(row: _Scored, verdict: Verdict, due: Decimal | None) -> FoundCheck | None:
    if row.target is None or row.result is None:
        return None
    sign = row.target.item.quantity.bound or "="
    target = f"目标{'' if sign == '=' else sign}{printed(row.target.item)}"
    reached = f"{quote(row.result.item)}，{target}，"
    exact = due.quantize(Decimal("0.01")) if due is not None else None
    how = f"按比例应得{exact}分，" if exact is not None else "未达到目标而得满分，"
    message = f"{reached}{how}自评{printed(row.score)}，{said(verdict)}"
    items = (row.score.item, row.result.item, row.target.item)
    span = (exact, exact) if exact is not None else None
    return FoundCheck("rubric", verdict, row.score.value, exact, span, items, message)


def _criteria(tables: Sequence[Sheet], items: Sequence[Found]) -> Iterator[FoundCheck]:
    """Yield full marks that the points of the criteria in the same row add up to."""
    inside: dict[tuple[int, int], list[Term]] = {}
    for item in items:
        cell = item.block.cell if item.block else None
        if cell is None or item.whole_cell or item.quantity.label != "SCORE":
            continue
        one = term(item)
        if one is None or not _BULLET.search(cell.text) or _MINUS.search(cell.text):
            continue
        inside.setdefault((cell.table, cell.row), []).append(one)
    for sheet in tables:
        for row in sheet.rows:
            parts = inside.get((row[0].table, row[0].row), [])
            full = next(
                (c.term for c in row if c.item.quantity.label == "SCORE" and _FULL.search(c.head)),
                None,
            )
            if full is not None and len(parts) > 1 and weigh((full,), parts)[1] == "ok":
                yield sum_check((full,), parts)
