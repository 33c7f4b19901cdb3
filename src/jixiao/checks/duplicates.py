"""What a report states twice: values that disagree, and pairs that only look like one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Final

from jixiao.checks.accounts import Accounts
from jixiao.checks.found import FoundCheck, in_unit_of, quote, said
from jixiao.checks.prose import DEPENDENT
from jixiao.checks.sums import weigh
from jixiao.checks.tables import names_total
from jixiao.checks.values import ZERO, Term, overlap, term
from jixiao.numbers.find import Found
from jixiao.records import Fact, Verdict

_CLOSE: Final = Decimal("0.15")
_CLOSE_NAMED: Final = Decimal("0.25")
_APART: Final = (Decimal("0.5"), Decimal("1.5"))
_DONE: Final = re.compile(r"完成值|完成情况|实际值|实际完成|全年完成|完成数")
_TIME: Final = re.compile(
    r"\d{4}年度?|截[至止]?[^，]{0,8}|目前|年[初末底]|全年|今年|本年度?|当年|共|累计|总数|已|现有|共有|其中|全[省市县区州国]|我[省市县区局]|达到?|为|有"
)
_MARKS: Final = re.compile(r"[\s\u3000“”‘’\"（）()、，,。；：:·\-—]|^\d+[.．、]|指标\d+")
_ENDING: Final = re.compile(r"(?:数量|总数|人数|家数|户数|数|量|增速|增幅|增长率)$")
_VERBS: Final = re.compile(r"申报认定|认定申报|申报入库|申报备案|申报创建|申报立项")
_FUND: Final = re.compile(r"专项|项目")
_STARTED: Final = frozenset({"new", "applied", "approved", "recommended"})
_ALL: Final = re.compile(r"全[省市县区州盟旗系]|我[省市县区盟旗局]|全局|全系统")
_LEAD: Final = 16
_SCORED: Final = re.compile(
    r"(?:自评|自我评价|评价|综合|最终|总)[^，。；：\d]{0,8}(?:得分|评分|总分|分值|分数|得)(?:为|是|达|共)?$"
)
_SCORE_COLUMN: Final = re.compile(r"得分|自评分|评分$")
_MOST: Final = 24
_LONG_NAME: Final = 6
_GENERIC: Final = 3


def find_duplicates(
    text: str,
    items: Sequence[Found],
    facts: Sequence[Fact],
    accounts: Accounts,
    sums: Sequence[FoundCheck],
) -> list[FoundCheck]:
    """Return the checks of values that a report states more than once and differently."""
    return [
        *_conflicts(text, items, facts),
        *_named(text, items),
        *_scores(text, items),
        *_same_spending(accounts, sums),
        *_opening(accounts),
        *_budgets(items),
        *_examples(text, items),
    ]


def _conflicts(text: str, items: Sequence[Found], facts: Sequence[Fact]) -> Iterator[FoundCheck]:
    """Yield facts whose mentions disagree though they are called the same."""
    by_id = {item.quantity.id: item for item in items}
    groups: dict[tuple[str | None, ...], list[Fact]] = {}
    for fact in facts:
        if fact.conflict and fact.label in ("COUNT", "PERCENT") and fact.modality == "actual":
            key = (
                fact.region,
                fact.indicator,
                fact.facet,
                fact.label,
                fact.unit,
                fact.measure,
                fact.of,
                fact.period,
                fact.direction,
            )
            groups.setdefault(key, []).append(fact)
    for group in groups.values():
        mentions = [by_id[fact.quantities[0]] for fact in group[:_MOST]]
        for one, other in combinations(mentions, 2):
            if _called(text, one) == _called(text, other) and _scoped(text, one, other):
                check = _against(one, other, _CLOSE if _both_whole(text, one, other) else ZERO)
                if check is not None:
                    yield check
                    break


def _both_whole(text: str, one: Found, other: Found) -> bool:
    """Tell whether two numbers say that they are of all: 全县74家…, 全县68家….

    A growth that is said twice in the text may be of two things; one of a form is of its row's.
    """
    if one.quantity.measure in DEPENDENT:
        return one.whole_cell or other.whole_cell
    return all(
        item.whole_cell or _ALL.search(text, max(item.start - _LEAD, item.clause), item.start)
        for item in (one, other)
    )


def _called(text: str, item: Found) -> str:
    """Return what a number is said to be of: its own words and its noun, without time and region."""
    quantity = item.quantity
    if item.whole_cell:
        label = item.cell.rows[-1] if item.cell and item.cell.rows else ""
        return normal_name(label)
    if quantity.measure in DEPENDENT:
        return normal_name(quantity.subject or "")
    lead = text[item.lead or item.clause : item.start] if item.lead or item.clause else ""
    name = normal_name(lead)
    noun = normal_name(quantity.noun or "")
    return name if noun and noun in name else f"{name}{noun}"


def normal_name(words: str) -> str:
    """Return words without marks, times, region words and a final 数, 数量, 增速.

    >>> normal_name("全年新建、改扩建幼儿园")
    '新建改扩建幼儿园'
    """
    bare = _MARKS.sub("", _TIME.sub("", words))
    return _ENDING.sub("", bare)


def _scoped(text: str, one: Found, other: Found) -> bool:
    """Tell whether both mentions are of the whole: neither is a part or a chosen few."""
    if one.quantity.total is not None or other.quantity.total is not None:
        return False
    if one.block is other.block and not one.whole_cell:
        return False
    name = _called(text, one)
    return len(name) >= _GENERIC


def _against(one: Found, other: Found, close: Decimal) -> FoundCheck | None:
    """Return that two mentions of one fact disagree, where they are near enough to be of one."""
    first, second = term(one), term(other)
    if first is None or second is None or first.value <= 0 or second.value <= 0:
        return None
    if overlap(first.interval(), second.interval()):
        return None
    far = abs(first.value - second.value) > max(first.value, second.value) * close
    if far and not _transposed(first.value, second.value):
        return None
    message = f"{quote(first)}与{quote(second)}前后不一致，{said('inconsistent')}"
    return FoundCheck(
        "duplicate",
        "inconsistent",
        first.value,
        second.value,
        second.interval(),
        (one, other),
        message,
    )


def _transposed(one: Decimal, other: Decimal) -> bool:
    """Tell whether two numbers have the same digits in another order, 18.3 and 13.8."""
    a, b = str(one), str(other)
    return (
        len(a) == len(b) > 2 and sorted(a) == sorted(b) and abs(one - other) < max(one, other) / 2
    )


def _named(text: str, items: Sequence[Found]) -> Iterator[FoundCheck]:
    """Yield results in a form that the text states under the same name with another value."""
    forms: dict[tuple[str, str | None], list[Found]] = {}
    for item in items:
        if item.whole_cell and _is_result(item):
            name = _called(text, item)
            if len(name) >= _LONG_NAME:
                forms.setdefault((name, item.quantity.unit), []).append(item)
    if not forms:
        return
    for item in items:
        quantity = item.quantity
        if item.whole_cell or quantity.modality != "actual" or quantity.region is not None:
            continue
        if quantity.label not in ("COUNT", "PERCENT", "MONEY") or quantity.total is not None:
            continue
        name = _called(text, item)
        for form in forms.get((name, quantity.unit), ())[:_GENERIC]:
            if form.quantity.period == quantity.period and _same_measure(item, form):
                check = _against(item, form, _CLOSE_NAMED)
                if check is not None:
                    yield check


def _scores(text: str, items: Sequence[Found]) -> Iterator[FoundCheck]:
    """Yield the score that the text gives the whole where the table of scores totals another.

    Only where either is stated with one value: a report may score several projects.
    """
    totals: dict[Decimal, Found] = {}
    told: dict[Decimal, Found] = {}
    for item in items:
        quantity = item.quantity
        if quantity.label != "SCORE" or quantity.value is None or quantity.modality == "rule":
            continue
        if item.whole_cell:
            if _is_total_score(item):
                totals.setdefault(quantity.value, item)
        elif _SCORED.search(text, max(item.clause, item.start - _LEAD * 2), item.start):
            told.setdefault(quantity.value, item)
    if len(totals) == len(told) == 1:
        check = _against(next(iter(told.values())), next(iter(totals.values())), _CLOSE)
        yield from [check] if check is not None else []


def _is_total_score(item: Found) -> bool:
    cell = item.cell
    return (
        cell is not None
        and bool(cell.columns)
        and _SCORE_COLUMN.search(cell.columns[-1]) is not None
        and any(names_total(label) for label in cell.rows[:2])
    )


def _same_measure(item: Found, form: Found) -> bool:
    """Tell growth from level; a form's 新增 is its label's."""
    one, other = item.quantity.measure, form.quantity.measure
    return (one in DEPENDENT) == (other in DEPENDENT)


def _is_result(item: Found) -> bool:
    quantity, cell = item.quantity, item.cell
    return (
        cell is not None
        and bool(cell.rows)
        and quantity.modality == "actual"
        and quantity.label != "SCORE"
        and any(_DONE.search(head) for head in cell.columns)
    )


def _same_spending(accounts: Accounts, sums: Sequence[FoundCheck]) -> Iterator[FoundCheck]:
    """Yield 公用经费 that is not the goods and services of the same basic spending.

    Where wages and subsidies make up the personnel spending as stated, what remains of the basic
    spending by either division is the same.
    """
    for check in sums:
        if check.kind != "sum" or check.verdict != "inconsistent":
            continue
        parts = {item.quantity.indicator: item for item in check.items[1:]}
        if check.items[0].quantity.indicator != "basic_expenditure" or len(parts) != len(_DIVISION):
            continue
        if set(parts) != _DIVISION:
            continue
        public = accounts.value_of("public_use_expenditure")
        personnel = accounts.value_of("personnel_expenditure")
        goods = term(parts["goods_services_expenditure"])
        people = [term(parts[name]) for name in sorted(_DIVISION - {"goods_services_expenditure"})]
        known = [one for one in people if one is not None]
        if public is None or personnel is None or goods is None or len(known) < len(people):
            continue
        if weigh((personnel,), known)[1] == "inconsistent" or public.value == goods.value:
            continue
        message = (
            f"{quote(public)}与{quote(goods)}应为同一支出，相差"
            f"{in_unit_of(abs(public.value - goods.value), public)}，{said('inconsistent')}"
        )
        items = (public.item, goods.item)
        yield FoundCheck(
            "duplicate", "inconsistent", public.value, goods.value, goods.interval(), items, message
        )


_DIVISION: Final = frozenset(
    {"wage_welfare_expenditure", "goods_services_expenditure", "personal_family_subsidy"}
)


def _opening(accounts: Accounts) -> Iterator[FoundCheck]:
    """Yield opening balances of one fund and of the whole body, side by side."""
    terms = accounts.opening_balances()
    funds = [one for one in terms if _FUND.search(one.item.quantity.subject or "")]
    whole = [one for one in terms if one not in funds]
    for fund in funds[:1]:
        for one in whole[:1]:
            if one.value > fund.value > 0:
                yield _scope(fund, one)


def _scope(one: Term, other: Term) -> FoundCheck:
    verdict: Verdict = "scope"
    message = f"{quote(one)}与{quote(other)}{said(verdict)}"
    return FoundCheck(
        "duplicate",
        verdict,
        one.value,
        other.value,
        other.interval(),
        (one.item, other.item),
        message,
    )


def _budgets(items: Sequence[Found]) -> Iterator[FoundCheck]:
    """Yield budgets in the text that the spending of the same name is far from."""
    planned: dict[str, Term] = {}
    actual: dict[str, Term] = {}
    for item in items:
        quantity = item.quantity
        if quantity.label != "MONEY" or quantity.measure != "level" or item.whole_cell:
            continue
        if quantity.indicator is None or quantity.facet is not None or quantity.total is not None:
            continue
        one = term(item)
        if one is None or one.value <= 0 or quantity.region is not None:
            continue
        if quantity.modality == "planned":
            planned.setdefault(quantity.indicator, one)
        elif quantity.modality == "actual":
            actual.setdefault(quantity.indicator, one)
    for indicator, one in planned.items():
        other = actual.get(indicator)
        if other is None or one.item.quantity.period != other.item.quantity.period:
            continue
        ratio = other.value / one.value
        if not _APART[0] <= ratio <= _APART[1] and one.item.block is not other.item.block:
            yield _scope(one, other)


def _examples(text: str, items: Sequence[Found]) -> Iterator[FoundCheck]:
    """Yield counts of new and of applying things of which the one only names examples (A等3家)."""
    groups: dict[str, list[Found]] = {}
    for item in items:
        quantity = item.quantity
        if (
            quantity.label == "COUNT"
            and quantity.measure in _STARTED
            and quantity.indicator is not None
            and quantity.modality == "actual"
            and _clause_verb(text, item)
        ):
            groups.setdefault(quantity.indicator, []).append(item)
    for group in groups.values():
        for one, other in combinations(group[:_MOST], 2):
            a, b = term(one), term(other)
            if a is None or b is None or a.value == b.value:
                continue
            if _clause_verb(text, one) != _clause_verb(text, other):
                continue
            if text[other.start - 1 : other.start] == "等" and b.value < a.value:
                yield _scope(a, b)
                break


def _clause_verb(text: str, item: Found) -> str:
    start = max(item.start - 24, item.sentence)
    found = _VERBS.search(text, start, item.end + 12)
    return found.group() if found else ""
