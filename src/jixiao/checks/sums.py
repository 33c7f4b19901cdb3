"""Parts and totals in running text: under 其中, in brackets, behind 分别为, in plain lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, pairwise, takewhile
from typing import Final

from jixiao.checks.found import FoundCheck, in_unit_of, listed, printed, quote, said
from jixiao.checks.prose import Paragraph, Slot
from jixiao.checks.values import (
    ZERO,
    Term,
    add_up,
    common_steps,
    judge_sum,
    sum_interval,
)
from jixiao.context.links import is_base
from jixiao.records import Verdict

_MOST_PARTS: Final = 40
_MOST_SUBSETS: Final = 10
_MOST_LISTED: Final = 12
_MAIN_REACH: Final = 40
# An excess beyond these parts of the total is no slip of the pen: the parts overlap.
_EXCESS: Final = {"MONEY": Decimal("0.25")}
# What rounding may add to a total: more is another list, though each number is printed so roughly.
_ROUNDING: Final = Decimal("0.02")
_FARTHEST: Final = Decimal("0.3")
_EXCESS_COUNT: Final = Decimal("0.05")
_FEW: Final = Decimal(10)
_AMONG: Final = re.compile(r"其中|包括|包含|含|内含")
_OPENS: Final = re.compile(
    r"(?P<among>(?:其中|包括|包含)[：:]?)|(?P<formed>[，,]由)|(?P<bracket>[（(](?![^（()）]*[）)]))|(?P<complete>分别)"
    r"|(?P<colon>[：:])|(?P<listed>一是)"
)
_FORMED: Final = re.compile(r"[^，。；、]{0,6}(?:构成|组成|形成|两部分|三部分)")
# A total behind its parts: 新建8座、6座，共计14座.
_CLOSES: Final = re.compile(
    r"(?:^|[，,；;、])(?P<named>[^，。；;、]*?)(?:合计|共计|总计)(?:支出|收入|投入|安排|资金|金额)?(?:达到?|为|约)?$"
)
_ALL_OF_THEM: Final = re.compile(r"(?:以上|上述|前述)?(?:各?[两二三四五六]?[项类个者]?)?")
# Kinds that exclude each other and leave none out: parts of them make up the whole.
_COMPLEMENTS: Final = tuple(
    tuple(group.split())
    for group in (
        "线上 线下",
        "男 女",
        "公办 民办",
        "小学 初中 高中 幼儿园",
        "城镇 城市 农村 乡村",
        "行政 事业 工勤",
        "中央 省级 市级 县级 区级",
        "国有 民营 外资",
        "新建 改建 扩建 续建",
        "合格 不合格",
        "有效 无效",
    )
)
# What no longer belongs to the list: other things, other times.
_APART: Final = re.compile(
    r"另|此外|还有|上年|去年|比上|较上|同期|累计|结余|不含|剔除|扣除|人均|平均"
)
_CLOSED: Final = re.compile(r"[）)]")
_MAIN: Final = re.compile(r"主要[^，。；：:]{0,8}[：:]|重点[^，。；：:]{0,8}[：:]")
_RELATIVE: Final = Decimal("0.2")


def find_sums(paragraph: Paragraph) -> list[FoundCheck]:
    """Return the checks of the totals in a paragraph whose parts follow them."""
    found: list[FoundCheck] = []
    for places in paragraph.streams.values():
        if len(places) > 2:
            slots = [paragraph.slots[place] for place in places]
            added = [slot for slot in slots if not is_base(paragraph.text, slot.item.start)]
            found += _Stream(paragraph, added).checks()
    return [*found, *_main_items(paragraph)]


def _main_items(paragraph: Paragraph) -> Iterator[FoundCheck]:
    """Yield the total before ``主要项目：A…，B…`` where the items named are more than it.

    Main items are named from another view than the total: that they exceed it is a matter of scope.
    """
    money = [paragraph.slots[p] for p in paragraph.streams.get(("MONEY", "CNY"), ())]
    for place, slot in enumerate(money[1:], start=1):
        start = max(money[place - 1].item.end, slot.item.start - _MAIN_REACH)
        if not _MAIN.search(paragraph.text, start, slot.item.start):
            continue
        actual = [
            one
            for one in money[max(place - 4, 0) : place]
            if one.item.quantity.modality == "actual"
        ]
        listed = [
            one for one in money[place : place + _MOST_PARTS] if one.sentence == slot.sentence
        ]
        parts = [one.term for one in listed if one.term is not None]
        if not actual or actual[-1].term is None or len(parts) < 2:
            continue
        total = actual[-1]
        near = total.sentence in (slot.sentence, slot.sentence - 1)
        if near and total.term is not None and weigh((total.term,), parts)[0] > total.term.value:
            yield sum_check((total.term,), parts, verdict="scope")


class _Stream:
    """The numbers of a paragraph that may be added with each other."""

    def __init__(self, paragraph: Paragraph, slots: Sequence[Slot]) -> None:
        self.paragraph, self.slots = paragraph, slots
        # What begins another list, what closes brackets, before each number.
        self.apart = [bool(_APART.search(self._lead(slot))) for slot in slots]
        self.closed = [
            place > 0 and _CLOSED.search(paragraph.between(slots[place - 1], slot)) is not None
            for place, slot in enumerate(slots)
        ]
        # Where the parts of a part end: the numbers between belong to it, not to the whole.
        self.inner: dict[int, int] = {}
        # Totals that no word introduces: chance, where a greater total needs their parts.
        self.plain: set[int] = set()
        self.flat = False

    def checks(self) -> list[FoundCheck]:
        """Return the checks, innermost totals first found, in text order."""
        found: dict[int, FoundCheck] = {}
        for place in range(len(self.slots) - 2, -1, -1):
            check = self._at(place)
            if check is not None:
                for inside in range(place + 1, self.inner.get(place, 0)):
                    if inside in self.plain and inside in found and self.flat:
                        del found[inside]
                found[place] = check
        for place in range(2, len(self.slots)):
            closing = None if place in found else self._closing(place)
            if closing is not None:
                found[place] = closing
        return [found[place] for place in sorted(found)]

    def _closing(self, place: int) -> FoundCheck | None:
        """Return the check of a total behind its parts, or None.

        Where the total has a name of its own, parts may be unnamed: only an excess is an alarm.
        """
        total = self.slots[place]
        lead = _CLOSES.search(self._lead(total))
        if lead is None or total.term is None or total.term.value <= 0 or self._is_rule(place):
            return None
        bare = _ALL_OF_THEM.fullmatch(lead["named"]) is not None
        name = "合计" if bare else ""
        parts = self._before(place)
        for start in range(len(parts) - 1):
            flat = parts[start:]
            inner = [p for p in flat if not self._is_inside(p, parts[start])]
            # 新建5条、改建3条，其中县道2条，共计8条
            outer = [*takewhile(lambda p: not _AMONG.search(self._lead(self.slots[p])), flat)]
            for chosen in (flat, inner, outer):
                terms = self._terms(chosen)
                if len(terms) > 1 and add_up(terms) == total.term.value:
                    return sum_check((total.term,), terms, name=name)
        terms = self._terms(parts)
        if not 1 < len(terms) < _MOST_LISTED or not self._is_clean(place, parts):
            return None
        value, verdict, _ = weigh((total.term,), terms)
        if verdict == "inconsistent" and not (bare or value > total.term.value):
            return None
        far = abs(value - total.term.value) > total.term.value * _RELATIVE
        if far or not self._are_siblings(parts) or has_subset(total.term.value, terms):
            return None
        return sum_check((total.term,), terms, name=name)

    def _before(self, place: int) -> list[int]:
        """Return the places of the numbers before a total that may be its parts."""
        total = self.slots[place]
        parts: list[int] = []
        for index in range(place - 1, max(place - _MOST_PARTS, 0) - 1, -1):
            slot = self.slots[index]
            if slot.sentence != total.sentence or slot.term is None or slot.term.value < 0:
                break
            if self.apart[index + 1] or not self._is_like(total, slot):
                break
            parts.insert(0, index)
        return parts

    def _is_inside(self, place: int, start: int) -> bool:
        """Tell whether a number is a part of one at or behind ``start``."""
        return any(place < self.inner.get(whole, 0) for whole in range(start, place))

    def _at(self, place: int) -> FoundCheck | None:
        """Return the check of the number at ``place`` taken as a total, or None."""
        total = self.slots[place].term
        if total is None or total.value <= 0 or self._is_rule(place):
            return None
        opener = self._opener(place)
        parts = self._parts(place, opener)
        jumps = len(parts) > 1 and parts[-1] - place != len(parts)
        flat = self._parts(place, opener, skip=False) if jumps or len(parts) == 1 else parts
        if len(flat) < 2:
            return None
        for chosen in (parts, flat):
            end = self._exact_prefix(total, chosen)
            if end and (opener or self._is_plain(place, chosen[:end])):
                self.inner[place] = chosen[end - 1] + 1
                self.flat = chosen is flat
                if not opener:
                    self.plain.add(place)
                return self._sum((total,), self._terms(chosen[:end]))
        if not opener:
            return None
        return self._coordinated(place, parts, flat) or self._inexact(place, parts, opener)

    def _is_rule(self, place: int) -> bool:
        return self.slots[place].item.quantity.modality == "rule"

    def _opener(self, place: int) -> str:
        """Return what opens a list behind a total: among, bracket, complete, colon, listed or ''."""
        between = self.paragraph.between(self.slots[place], self.slots[place + 1])
        opened = list(_OPENS.finditer(between))
        if not opened or between.count("。") > 1:
            return ""
        kind = opened[-1].lastgroup or ""
        if kind == "bracket" and (opened[-1].start() or "不含" in between):
            return ""
        if kind in ("complete", "listed", "colon", "formed") and "。" in between:
            return ""
        if kind == "formed" and not self._is_formed(place):
            return ""
        return kind

    def _is_formed(self, place: int) -> bool:
        """Tell whether 构成 or 组成 closes the clause that 由 opens."""
        sentence = self.slots[place].sentence
        near = self.slots[place : place + _MOST_PARTS]
        last = [slot for slot in near if slot.sentence == sentence][-1]
        return _FORMED.match(self.paragraph.text, last.item.end) is not None

    def _parts(self, place: int, opener: str, *, skip: bool = True) -> list[int]:
        """Return the places of the parts behind a total, parts of parts left out or not."""
        slots = self.slots
        total = slots[place]
        sentence = slots[place + 1].sentence if opener else total.sentence
        parts: list[int] = []
        index = place + 1
        while index < len(slots) and len(parts) < _MOST_PARTS:
            slot = slots[index]
            if slot.term is None or slot.sentence > sentence or slot.term.value < 0:
                break
            later = index > place + 1
            if later and (self.apart[index] or (opener == "bracket" and self.closed[index])):
                break
            if not self._is_like(total, slot):
                break
            parts.append(index)
            index = self.inner.get(index, index + 1) if skip else index + 1
        return parts

    def _lead(self, slot: Slot) -> str:
        """Return the words before a number, as far as the quantity of any kind before it."""
        before = self.paragraph.slots[slot.place - 1] if slot.place else None
        return self.paragraph.text[before.item.end if before else 0 : slot.item.start]

    def _is_like(self, total: Slot, part: Slot) -> bool:
        one, other = total.item.quantity, part.item.quantity
        if "rule" in (one.modality, other.modality) and one.modality != other.modality:
            return False
        return (one.modality == "planned") == (other.modality == "planned")

    def _exact_prefix(self, total: Term, places: Sequence[int]) -> int:
        """Return how many of the parts add up to the total exactly; 0 where none do."""
        acc = ZERO
        for count, place in enumerate(places, start=1):
            one = self.slots[place].term
            if one is None:
                return 0
            acc += one.value
            if count > 1 and acc == total.value:
                zeros = count
                while zeros < len(places) and self._is_zero(places[zeros]):
                    zeros += 1
                return zeros
            if acc > total.value:
                return 0
        return 0

    def _is_zero(self, place: int) -> bool:
        one = self.slots[place].term
        return one is not None and one.value == 0

    def _is_plain(self, place: int, parts: Sequence[int]) -> bool:
        """Tell whether a list without opening word is one: a total of some size, one sentence."""
        total = self.slots[place].term
        if total is None or total.value < _FEW * total.step:
            return False
        nonzero = [p for p in parts if not self._is_zero(p)]
        sentence = self.slots[place].sentence
        return len(nonzero) > 1 and all(self.slots[p].sentence == sentence for p in parts)

    def _terms(self, places: Sequence[int]) -> tuple[Term, ...]:
        found = (self.slots[place].term for place in places)
        return tuple(one for one in found if one is not None)

    def _coordinated(
        self, place: int, parts: Sequence[int], flat: Sequence[int]
    ) -> FoundCheck | None:
        """Return the check of two totals that share one list: ``拨入A万元，其他B万元，其中…``."""
        if not place:
            return None
        before, total = self.slots[place - 1], self.slots[place]
        if before.term is None or total.term is None or before.sentence != total.sentence:
            return None
        both = before.term.value + total.term.value
        for chosen in (parts, flat):
            terms = self._terms(chosen)
            if add_up(terms) == both:
                return self._sum((before.term, total.term), terms)
        return None

    def _inexact(self, place: int, parts: Sequence[int], opener: str) -> FoundCheck | None:
        """Return the check of a list whose parts do not add up as printed, or None."""
        total = self.slots[place].term
        terms = self._terms(parts)
        if total is None or len(terms) < 2:
            return None
        if abs(add_up(terms) - total.value) > total.value * _FARTHEST:
            return None
        value, verdict, _ = weigh((total,), terms)
        if verdict != "inconsistent":
            near = abs(value - total.value) <= total.value * _ROUNDING
            return self._sum((total,), terms) if near else None
        if value < total.value:
            declared = opener == "complete" and self._is_declared(place, parts)
            near = total.value - value <= total.value * _RELATIVE
            return self._sum((total,), terms) if declared and near else None
        if _MAIN.search(self.paragraph.text, total.item.end, self.slots[parts[0]].item.start):
            return None
        most = _EXCESS.get(total.item.quantity.label, _EXCESS_COUNT)
        if self._are_complements(parts):
            most = _EXCESS["MONEY"]
        if value - total.value > total.value * most or not self._are_siblings(parts):
            return None
        clean = self._is_clean(place, parts) and not has_subset(total.value, terms)
        return self._sum((total,), terms) if clean else None

    def _is_declared(self, place: int, parts: Sequence[int]) -> bool:
        """Tell a list behind 分别为 that follows its total at once, joined by 、 and 和."""
        first = self.paragraph.between(self.slots[place], self.slots[parts[0]])
        if "；" in first or first.count("，") > 1:
            return False
        gaps = (self.paragraph.between(self.slots[a], self.slots[b]) for a, b in pairwise(parts))
        return all(gap.strip() in ("、", "和", "及", "与", "，") for gap in gaps)

    def _is_clean(self, place: int, parts: Sequence[int]) -> bool:
        """Tell whether parts and total are of one kind and time, so that an excess is one."""
        total = self.slots[place]
        chosen = [self.slots[p] for p in parts]
        whole = total.item.quantity
        for slot in chosen:
            part = slot.item.quantity
            if part.measure != whole.measure or part.region != whole.region:
                return False
            if part.modality != whole.modality or (part.unit != whole.unit):
                return False
            if slot.term and total.term and slot.term.value > total.term.value:
                return False
        gaps = [self.paragraph.between(a, b) for a, b in pairwise(chosen)]
        return not any(_AMONG.search(gap) or "（" in gap or len(gap) > 60 for gap in gaps)

    def _are_siblings(self, parts: Sequence[int]) -> bool:
        """Tell whether counted parts exclude each other: 行政编制, 事业编制, but 女性, 党员."""
        items = [self.slots[p].item for p in parts]
        if items[0].quantity.label in ("MONEY", "SCORE") or self._are_complements(parts):
            return True
        nouns = {(item.quantity.noun or "")[-2:] for item in items}
        return len(nouns) == 1 and "" not in nouns

    def _are_complements(self, parts: Sequence[int]) -> bool:
        """Tell whether parts are named by words that exclude each other: 线上, 线下."""
        names = [self._name(p) for p in parts]
        return any(
            len({kind for name in names for kind in group if name.endswith(kind)}) == len(names)
            for group in _COMPLEMENTS
        )

    def _name(self, place: int) -> str:
        """Return the words right before a number, without marks."""
        slot = self.slots[place]
        return re.split(r"[，。；、：:（(和]|其中", self._lead(slot))[-1].strip()

    def _sum(self, totals: tuple[Term, ...], parts: tuple[Term, ...]) -> FoundCheck:
        return sum_check(totals, parts)


def weigh(
    totals: Sequence[Term], parts: Sequence[Term], signs: Sequence[int] | None = None
) -> tuple[Decimal, Verdict, tuple[Decimal, Decimal]]:
    """Return what parts add up to, the verdict on the total, and the interval it may lie in."""
    steps = common_steps([*totals, *parts])
    own = steps[len(totals) :]
    value = add_up(parts, signs)
    span = sum_interval(parts, own, signs)
    if len(totals) > 1:
        stated = add_up(totals)
        return value, "ok" if stated == value else "inconsistent", span
    verdict = judge_sum(totals[0], value, span, steps[0])
    if verdict == "inconsistent":
        loose = sum_interval(parts, [one.step for one in parts], signs)
        if judge_sum(totals[0], value, loose, steps[0]) != "inconsistent":
            return value, "rounded", loose
    return value, verdict, span


def has_subset(total: Decimal, parts: Sequence[Term]) -> bool:
    """Tell whether some of the parts add up to the total: the others then lie across them."""
    if len(parts) > _MOST_SUBSETS:
        return True
    values = [one.value for one in parts]
    return any(
        sum(chosen, ZERO) == total
        for count in range(2, len(values))
        for chosen in combinations(values, count)
    )


def sum_check(
    totals: Sequence[Term],
    parts: Sequence[Term],
    *,
    signs: Sequence[int] | None = None,
    verdict: Verdict | None = None,
    kind: str = "sum",
    name: str = "",
) -> FoundCheck:
    """Return the check of a total, called ``name`` where it has none, against its parts."""
    value, weighed, span = weigh(totals, parts, signs)
    final = verdict or weighed
    stated = add_up(totals)
    whole = f"{name}{printed(totals[0])}" if name else "与".join(quote(one) for one in totals)
    if len(totals) > 1:
        whole += f"合计{in_unit_of(stated, totals[0])}"
    message = (
        f"{whole}，{'推算' if signs else '分项'}{listed(parts, signs)}={in_unit_of(value, totals[0])}，"
        f"{_difference(stated, value, totals[0])}{said(final)}"
    )
    return FoundCheck(
        "difference" if kind == "difference" else "sum",
        final,
        stated,
        value,
        span,
        (*(one.item for one in totals), *(one.item for one in parts)),
        message,
    )


def _difference(stated: Decimal, value: Decimal, model: Term) -> str:
    if stated == value:
        return ""
    return f"相差{in_unit_of(abs(stated - value), model)}，"
