"""A stratified random sample of a run's records, for a person to review.

The strata are the crossed values of what the caller names (label, confidence, section, document);
those too small to get two records of the sample are put together with their neighbours. What is left
is shared out by Neyman's rule or in proportion, each stratum getting at least two records, so that
its variance can be estimated (Cochran 1977, "Sampling Techniques", sections 5.5, 5.9 and 5A.2).
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from heapq import heapify, heapreplace
from math import ceil, inf, sqrt
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, TypeVar, get_args

from jixiao.annotation import Annotation
from jixiao.documents.sections import section_kind
from jixiao.errors import SettingsError
from jixiao.evaluation.matching import label_of
from jixiao.exports.names import CLAIM_KINDS, ENTITY_LABELS, LABELS
from jixiao.records import Claim, Entity, Quantity, SpanRecord
from jixiao.stores.annotations import iter_annotations, list_doc_ids

By: TypeAlias = Literal["label", "confidence", "section", "document"]
Allocation: TypeAlias = Literal["proportional", "neyman"]
RecordType: TypeAlias = Literal["quantity", "entity", "claim"]

BYS: Final[tuple[By, ...]] = get_args(By)
KINDS: Final[Mapping[RecordType, type[Quantity] | type[Entity] | type[Claim]]] = {
    "quantity": Quantity,
    "entity": Entity,
    "claim": Claim,
}
LABEL_WORDS: Final = {**LABELS, **ENTITY_LABELS, **CLAIM_KINDS}
LEAST: Final = 2
"""Records of a stratum that are drawn at least: fewer give no variance."""
REST: Final = "其他"
WITH_RECORDS: Final = "有记录"
WITHOUT_RECORDS: Final = "无记录"

SECTIONS: Final[Mapping[str, str]] = {
    "overview": "概况",
    "duties": "职能职责",
    "organisation": "机构人员",
    "goals": "绩效目标",
    "money": "资金",
    "achievements": "工作成效",
    "evaluation": "评价情况",
    "problems": "存在问题",
    "suggestions": "建议",
    "plan": "计划",
    "policy": "政策依据",
    "rubric": "评分表",
    "attachments": "附件",
    "other": "其他章节",
}
"""What the sheet calls the kinds of section."""

_UNKNOWN: Final = "章节不明"
_LARGEST: Final = ("最大金额",)
_CUTS: Final = (0.2, 0.5)  # the least sure fifth of the records is a stratum of its own
_NUMERALS: Final = frozenset(
    "0123456789０１２３４５６７８９零〇一二两三四五六七八九十百千万亿半％%"
)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Unit:
    """A record of the population: enough to draw it, no text.

    ``value`` is the amount of a sum in yuan, None for everything else.
    """

    doc_id: str
    record_id: str
    start: int
    label: str
    confidence: float | None
    section: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the population in which a number may have been missed."""

    doc_id: str
    start: int
    end: int
    stratum: str


@dataclass(frozen=True, slots=True)
class SampledStratum:
    """A stratum of the design: what it holds, how many units of it there are, how many were drawn.

    ``kind`` is ``record`` or ``sentence``. Where ``number`` equals ``size`` all were taken.
    """

    id: str
    kind: Literal["record", "sentence"]
    name: str
    size: int
    number: int

    @property
    def weight(self) -> float:
        """How many units of the population one of the sample stands for."""
        return self.size / self.number


@dataclass(frozen=True)
class Sample:
    """A sample and the design it was drawn by.

    Attributes
    ----------
    record
        The type of the records.
    by, allocation, seed
        As asked for.
    fingerprint
        16 hex digits of the records sampled from: another run, or another type, has others.
    strata
        Those of the records, then those of the sentences.
    units, sentences
        What was drawn, with the id of its stratum, by document and place.
    counts, sums
        Of the population: records by label, and the sum of the amounts in yuan by label.
    """

    record: RecordType
    by: tuple[By, ...]
    allocation: Allocation
    seed: int
    fingerprint: str
    strata: tuple[SampledStratum, ...]
    units: tuple[tuple[Unit, str], ...]
    sentences: tuple[tuple[Sentence, str], ...]
    counts: Mapping[str, int]
    sums: Mapping[str, Decimal]

    def to_dict(self) -> dict[str, Any]:
        """Return the design for JSON, and which records were drawn."""
        return {
            "record": self.record,
            "by": list(self.by),
            "allocation": self.allocation,
            "seed": self.seed,
            "fingerprint": self.fingerprint,
            "counts": dict(self.counts),
            "sums": {label: f"{total:f}" for label, total in self.sums.items()},
            "strata": [{**asdict(one), "weight": one.weight} for one in self.strata],
            "units": [
                {"doc_id": one.doc_id, "id": one.record_id, "stratum": stratum}
                for one, stratum in self.units
            ],
            "sentences": [
                {"doc_id": one.doc_id, "start": one.start, "end": one.end, "stratum": stratum}
                for one, stratum in self.sentences
            ],
        }


def draw_sample(
    folder: Path,
    number: int,
    *,
    by: Sequence[By] = ("label", "confidence"),
    record: RecordType = "quantity",
    allocation: Allocation = "proportional",
    largest: int = 0,
    missed: int = 0,
    seed: int = 0,
) -> Sample:
    """Return a stratified sample of the records below a run's folder.

    Parameters
    ----------
    folder
        The output of ``jixiao annotate``.
    number
        How many records to draw; all where there are no more.
    by
        What the strata are crossed from; of the last named, small strata are put together first.
    record
        ``quantity``, ``entity`` or ``claim``.
    allocation
        ``proportional`` to the size of the strata, or ``neyman``: to size times the standard
        deviation that the confidence promises, which takes more where it is low.
    largest
        So many of the largest amounts of money are all taken: a few of them carry most of a sum.
    missed
        How many sentences are drawn besides, in which to look for numbers that were missed.
    seed
        The same seed, folder and settings give the same sample.

    Raises
    ------
    SettingsError
        If the folder holds no such record, or the numbers make no sample.
    OutputError, RecordError
        If a file is missing, broken, or not the text its records were made on.
    """
    _check(folder, number, by, record, largest, missed)
    units, sentences, fingerprint = _population(folder, record, with_sentences=missed > 0)
    if not units:
        raise SettingsError(
            f"{folder} holds no record of type {record}; expected the output of `jixiao annotate` "
            "with at least one; choose another --record"
        )
    fixed = _largest(units, largest)
    keys = _strata_keys([one for one in units if one not in fixed], by, number - len(fixed))
    groups = _grouped(units, lambda one: _LARGEST if one in fixed else keys[one])
    whole: set[tuple[str, ...]] = {_LARGEST} if fixed else set()
    strata, drawn = _draw(groups, number, allocation, seed, whole, "record", "R")
    heard = _grouped(sentences, lambda one: (one.stratum,))
    more, listened = _draw(heard, missed, "proportional", seed, set(), "sentence", "S")
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for unit in units:
        if unit.value is not None:
            sums[unit.label] += unit.value
    return Sample(
        record=record,
        by=tuple(by),
        allocation=allocation,
        seed=seed,
        fingerprint=fingerprint,
        strata=(*strata, *more),
        units=tuple(sorted(drawn, key=lambda one: _unit_place(one[0]))),
        sentences=tuple(sorted(listened, key=lambda one: (one[0].doc_id, one[0].start))),
        counts=dict(sorted(Counter(one.label for one in units).items())),
        sums=dict(sorted(sums.items())),
    )


def population_fingerprint(folder: Path, record: RecordType) -> str:
    """Return the fingerprint of the records of a type below a folder, as a sample of them has it."""
    return _population(folder, record, with_sentences=False)[2]


def allocate(
    sizes: Sequence[int], spreads: Sequence[float], number: int, *, least: int = LEAST
) -> list[int]:
    """Return how many units each stratum gives, ``number`` in all.

    Each gives at least ``least`` and no more than it has; beyond that unit after unit goes where it
    reduces the variance of the stratified mean most, by the priority ``N·S / √(n(n + 1))``, which
    gives Neyman's allocation exactly in whole numbers (Wright 2012, "The Equivalence of Neyman
    Optimum Allocation for Sampling and Equal Proportions for Apportioning the U.S. House of
    Representatives"). Equal spreads give the proportional one.

    Raises
    ------
    SettingsError
        If ``number`` is less than the strata must give.

    >>> allocate([600, 300, 3], [1, 1, 1], 30)
    [19, 9, 2]
    >>> allocate([600, 300, 3], [0.1, 0.4, 1], 30)
    [9, 19, 2]
    """
    given = [min(size, least) for size in sizes]
    left = min(number, sum(sizes)) - sum(given)
    if left < 0:
        raise SettingsError(
            f"{number} units are fewer than {len(sizes)} strata must give ({sum(given)}); expected "
            f"--n {sum(given)} or more; try fewer variables in --by"
        )

    def priority(index: int) -> tuple[float, int]:
        now, size = given[index], sizes[index]
        if now >= size:
            return inf, index
        return -size * spreads[index] / sqrt(now * (now + 1)), index

    queue = [priority(index) for index in range(len(sizes))]
    heapify(queue)
    for _ in range(left):
        index = queue[0][1]
        given[index] += 1
        heapreplace(queue, priority(index))
    return given


def collapse(
    keys: Iterable[tuple[str, ...]], number: int
) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return for each stratum the one it goes into, so that each can get :data:`LEAST` units.

    A stratum whose share of ``number`` units is less than that goes, with others that are as small,
    into the rest of what it shares all but its last value with; where that is small too, further up.

    >>> keys = [("金额", "a")] * 50 + [("金额", "b")] * 3 + [("金额", "c")] * 3
    >>> collapse(keys, 20)[("金额", "b")]
    ('金额', '其他')
    """
    counted = Counter(keys)
    total, place = sum(counted.values()), {key: key for key in counted}
    width = len(next(iter(counted), ()))
    needed = ceil(LEAST * total / max(1, number))
    for depth in range(width - 1, -1, -1):
        sizes: Counter[tuple[str, ...]] = Counter()
        for key, now in place.items():
            sizes[now] += counted[key]
        for key, now in place.items():
            if sizes[now] < needed:
                place[key] = (*now[:depth], *[REST] * (width - depth))
    return place


def _check(
    folder: Path, number: int, by: Sequence[str], record: str, largest: int, missed: int
) -> None:
    if unknown := [one for one in by if one not in BYS]:
        raise SettingsError(f"--by has {unknown[0]!r}; expected some of {', '.join(BYS)}")
    if len(set(by)) != len(by) or not by:
        raise SettingsError(
            f"--by is {','.join(by) or 'empty'}; expected each of {', '.join(BYS)} once"
        )
    if number < LEAST or missed < 0 or missed == 1 or not 0 <= largest <= number - LEAST:
        raise SettingsError(
            f"n is {number}, largest {largest} and missed {missed}; expected n of at least {LEAST}, "
            f"largest of at most n − {LEAST}, and missed 0 or at least {LEAST}"
        )
    if record != "quantity" and (largest or missed):
        raise SettingsError(
            f"largest and missed are about numbers, the records are of type {record}; expected 0; "
            "leave them out"
        )
    if not list_doc_ids(folder):
        raise SettingsError(
            f"{folder} holds no annotations; expected the output of `jixiao annotate`; give the "
            "folder that its --out named"
        )


def _population(
    folder: Path, record: RecordType, *, with_sentences: bool
) -> tuple[list[Unit], list[Sentence], str]:
    units: list[Unit] = []
    sentences: list[Sentence] = []
    digest = hashlib.sha256(record.encode())
    for annotation in iter_annotations(folder):
        found = [one for one in annotation.records if isinstance(one, KINDS[record])]
        doc_id = annotation.document.doc_id
        digest.update(f"\n{doc_id}\t{annotation.document.text_sha256}".encode())
        for one in found:
            said = (one.value, one.unit, one.indicator) if isinstance(one, Quantity) else ()
            digest.update(f"\n{one.start}\t{one.end}\t{label_of(one)}\t{said}".encode())
            units.append(_unit(doc_id, one))
        if with_sentences:
            sentences += _sentences(annotation)
    return units, sentences, digest.hexdigest()[:16]


def _unit(doc_id: str, record: SpanRecord) -> Unit:
    money = isinstance(record, Quantity) and record.unit == "CNY"
    return Unit(
        doc_id,
        record.id,
        record.start,
        label_of(record),
        record.confidence,
        _section(record),
        record.value if money and isinstance(record, Quantity) else None,
    )


def _section(record: SpanRecord) -> str:
    kind = section_kind(tuple(record.section or ()))
    return _UNKNOWN if kind is None else SECTIONS[kind]


def _sentences(annotation: Annotation) -> Iterable[Sentence]:
    """Yield the sentences that hold a numeral: no number can have been missed in the others."""
    from jixiao.documents import Report

    report = Report("", annotation.text)
    view = report.view
    starts = sorted(one.start for one in annotation.quantities)
    position = next_start = 0
    while position < len(view.text):
        if view.text[position] in " \u3000\t\n\r":
            position += 1
            continue
        first, last = report.sentence_at(position)
        position = max(last, position + 1)
        start, end = view.raw_span(first, last)
        while next_start < len(starts) and starts[next_start] < start:
            next_start += 1
        if _NUMERALS.isdisjoint(annotation.text[start:end]):
            continue
        known = next_start < len(starts) and starts[next_start] < end
        stratum = WITH_RECORDS if known else WITHOUT_RECORDS
        yield Sentence(annotation.document.doc_id, start, end, stratum)


def _largest(units: Sequence[Unit], number: int) -> set[Unit]:
    sums = [(-abs(one.value), _unit_place(one), one) for one in units if one.value is not None]
    sums.sort(key=lambda one: one[:2])
    return {one for _, _, one in sums[:number]}


def _strata_keys(
    units: Sequence[Unit], by: Sequence[By], number: int
) -> dict[Unit, tuple[str, ...]]:
    bins = _confidence_bins([one.confidence for one in units if one.confidence is not None])
    readers: dict[By, Callable[[Unit], str]] = {
        "label": lambda one: LABEL_WORDS[one.label],
        "confidence": lambda one: _bin(one.confidence, bins),
        "section": lambda one: one.section,
        "document": lambda one: one.doc_id,
    }
    crossed = {one: tuple(readers[name](one) for name in by) for one in units}
    place = collapse(crossed.values(), number)
    return {one: place[key] for one, key in crossed.items()}


def _confidence_bins(confidences: Sequence[float]) -> list[float]:
    """Return the upper ends of the bins: at a fifth and a half of the records, and the highest."""
    ordered = sorted(confidences)
    cuts = {ordered[int(cut * (len(ordered) - 1))] for cut in _CUTS} if ordered else set()
    return sorted(cuts | set(ordered[-1:]))


def _bin(confidence: float | None, bins: Sequence[float]) -> str:
    if confidence is None:
        return "置信度未知"
    upper = next(end for end in bins if confidence <= end)
    return f"置信度≤{upper:.3f}"


def _grouped(
    units: Iterable[_T], key_of: Callable[[_T], tuple[str, ...]]
) -> dict[tuple[str, ...], list[_T]]:
    groups: defaultdict[tuple[str, ...], list[_T]] = defaultdict(list)
    for unit in units:
        groups[key_of(unit)].append(unit)
    return dict(sorted(groups.items()))


def _draw(
    groups: Mapping[tuple[str, ...], Sequence[_T]],
    number: int,
    allocation: Allocation,
    seed: int,
    whole: set[tuple[str, ...]],
    kind: Literal["record", "sentence"],
    letter: str,
) -> tuple[list[SampledStratum], list[tuple[_T, str]]]:
    """Return the strata and what was drawn of each; those in ``whole`` are taken whole."""
    import numpy as np

    if not groups or not number:
        return [], []
    open_groups = {key: units for key, units in groups.items() if key not in whole}
    fixed = sum(len(groups[key]) for key in whole)
    sizes = [len(units) for units in open_groups.values()]
    spreads = [_spread(units, allocation) for units in open_groups.values()]
    numbers = dict(zip(open_groups, allocate(sizes, spreads, number - fixed), strict=True))
    rng = np.random.default_rng([seed, 0 if kind == "record" else 1])
    strata, drawn = [], []
    for index, (key, units) in enumerate(groups.items(), start=1):
        size = len(units)
        stratum = SampledStratum(
            f"{letter}{index}", kind, " · ".join(key), size, numbers.get(key, size)
        )
        strata.append(stratum)
        chosen = rng.choice(size, stratum.number, replace=False)
        drawn += [(units[place], stratum.id) for place in sorted(chosen.tolist())]
    return strata, drawn


def _spread(units: Sequence[object], allocation: Allocation) -> float:
    """Return the standard deviation that a stratum's confidence promises; 1 where in proportion."""
    known = [
        one.confidence for one in units if isinstance(one, Unit) and one.confidence is not None
    ]
    if allocation == "proportional" or not known:
        return 1.0
    mean = min(0.99, max(0.5, sum(known) / len(known)))
    return sqrt(mean * (1 - mean))


def _unit_place(unit: Unit) -> tuple[str, int, str]:
    return unit.doc_id, unit.start, unit.record_id
