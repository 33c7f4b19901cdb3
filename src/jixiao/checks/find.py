"""All checks of a report, in text order, and their records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jixiao.checks.accounts import Accounts
from jixiao.checks.changes import find_changes
from jixiao.checks.derived import find_derived
from jixiao.checks.duplicates import find_duplicates
from jixiao.checks.found import FoundCheck
from jixiao.checks.lists import find_lists
from jixiao.checks.notes import noted
from jixiao.checks.prose import paragraphs
from jixiao.checks.rates import RateFinder
from jixiao.checks.rubrics import Rubrics
from jixiao.checks.sums import find_sums
from jixiao.checks.tables import find_table_checks, sheets
from jixiao.documents import Report
from jixiao.exact import plain
from jixiao.indicators import Catalogue
from jixiao.numbers.find import Found
from jixiao.records import Check, Fact


def find_checks(
    report: Report, items: Sequence[Found], facts: Sequence[Fact], catalogue: Catalogue
) -> list[FoundCheck]:
    """Return every relation that a report asserts, recomputed, in text order."""
    text = report.view.text
    found: list[FoundCheck] = []
    prose = paragraphs(text, items)
    rates = RateFinder(prose, items, catalogue)
    for paragraph in prose:
        sums = find_sums(paragraph)
        found += sums
        found += find_derived(paragraph, sums)
        found += find_changes(paragraph)
        found += rates.find(paragraph)
        found += find_lists(paragraph)
    tables = sheets(report, items)
    found += find_table_checks(tables, items)
    sums = [one for one in found if one.kind == "sum"]
    accounts = Accounts(text, items, catalogue)
    found += accounts.find(sums)
    found += find_duplicates(text, items, facts, accounts, sums)
    found += Rubrics(tables, items, accounts, catalogue).find()
    return [noted(one, text) for one in _in_order(found)]


def _in_order(found: Iterable[FoundCheck]) -> list[FoundCheck]:
    """Return checks in text order, each relation once."""
    seen: set[tuple[str, tuple[int, ...]]] = set()
    kept: list[FoundCheck] = []
    for check in sorted(found, key=lambda one: (one.place, one.kind)):
        key = check.kind, tuple(item.start for item in check.items)
        if key not in seen:
            seen.add(key)
            kept.append(check)
    return kept


def publish_checks(found: Sequence[FoundCheck]) -> list[Check]:
    """Return the records of checks whose quantities were published."""
    return [
        Check(
            id=f"k{number}",
            kind=check.kind,
            verdict=check.verdict,
            stated=None if check.stated is None else plain(check.stated),
            recomputed=None if check.recomputed is None else plain(check.recomputed),
            interval=check.interval and (plain(check.interval[0]), plain(check.interval[1])),
            quantities=list(dict.fromkeys(item.quantity.id for item in check.items)),
            message=check.message,
        )
        for number, check in enumerate(found, start=1)
    ]
