"""Which check of gold is found by which predicted one: the same kind and stated value.

Numbers are compared without sign: a decline by 19.19 % and a growth of −19.19 % state one value.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from jixiao.errors import EvaluationError
from jixiao.records import Check

PRINTED_SCALES: Final = (Decimal(1), Decimal(10**4), Decimal(10**8))
"""What a printed number may have been multiplied by: 元, 万元, 亿元."""


@dataclass(frozen=True, slots=True)
class CheckMatching:
    """Pairs of (gold, predicted), and what found no partner; each in the order given."""

    pairs: tuple[tuple[Check, Check], ...]
    missed: tuple[Check, ...]
    spurious: tuple[Check, ...]


def match_checks(
    gold: Sequence[Check],
    predicted: Sequence[Check],
    *,
    scales: Sequence[Decimal] = PRINTED_SCALES[:1],
) -> CheckMatching:
    """Return pairs of one kind and stated value; among several those of one verdict first.

    ``scales`` are what gold's values may have to be multiplied by: they are given where gold is
    written in printed units.

    >>> gold = Check(id="k1", kind="sum", verdict="ok", stated=Decimal(7), quantities=[], message="")
    >>> len(match_checks([gold], [gold]).pairs)
    1
    """
    waiting: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index, check in enumerate(predicted):
        waiting[_key(check)].append(index)
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for same_verdict in (True, False):
        for index, check in enumerate(gold):
            if index in partner:
                continue
            found = next(
                (
                    place
                    for key in _keys(check, scales)
                    for place in waiting[key]
                    if place not in taken
                    and (not same_verdict or predicted[place].verdict == check.verdict)
                ),
                None,
            )
            if found is not None:
                partner[index] = found
                taken.add(found)
                for key in _keys(check, scales):
                    waiting[key] = [place for place in waiting[key] if place != found]
    return CheckMatching(
        tuple((gold[g], predicted[p]) for g, p in sorted(partner.items())),
        tuple(check for index, check in enumerate(gold) if index not in partner),
        tuple(check for index, check in enumerate(predicted) if index not in taken),
    )


def _key(check: Check) -> Hashable:
    return check.kind, None if check.stated is None else abs(check.stated)


def _keys(check: Check, scales: Sequence[Decimal]) -> list[Hashable]:
    if check.stated is None:
        return [(check.kind, None)]
    return [(check.kind, abs(check.stated) * scale) for scale in scales]


def read_relations(path: Path) -> dict[str, list[Check]]:
    """Return relations worked out by hand, by ``doc_id``: one JSON object a line, in printed units.

    Raises
    ------
    EvaluationError
        If the file cannot be read or a line is no relation.
    """
    relations: dict[str, list[Check]] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"cannot read {path}: {error}; expected relations by line") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            relations.setdefault(row["doc_id"], []).append(_relation(row, number))
        except (ValueError, KeyError, TypeError, InvalidOperation) as error:
            raise EvaluationError(
                f"{path}, line {number}: {error!r}; expected doc_id, kind, verdict, stated"
            ) from error
    return relations


def _relation(row: Mapping[str, Any], number: int) -> Check:
    stated = row.get("stated")
    return Check(
        id=f"k{number}",
        kind=row["kind"],
        verdict=row["verdict"],
        stated=None if stated is None else Decimal(str(stated)),
        quantities=[],
        message=str(row.get("statement", "")),
    )


def checks_of(records: Iterable[object]) -> list[Check]:
    """Return the checks among records."""
    return [record for record in records if isinstance(record, Check)]
