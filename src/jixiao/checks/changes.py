"""Growth and differences against stated bases, and whether any base could give a growth at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from jixiao.checks.found import FoundCheck, in_unit_of, printed, quote, said
from jixiao.checks.prose import DEPENDENT, Paragraph, Slot
from jixiao.checks.values import (
    HUNDRED,
    ONE,
    ZERO,
    Interval,
    Term,
    common_steps,
    judge_rate,
    judge_sum,
    percent,
    quotient,
    sum_interval,
    whole_numbers,
)
from jixiao.exact import CONTEXT, plain
from jixiao.records import Verdict

_BASE: Final = re.compile(
    r"(?:[较比与]|高[于出]|低[于出]|超过?|不及)[^，。；：\d\n]{0,14}(?:\d{4}年度?(?:末|底)?的?)?[^，。；：\d\n]{0,8}$"
)
_FROM: Final = re.compile(r"[由从][^，。；：\n]{0,16}$")
_TO: Final = re.compile(r"[到至]")
# Words of comparison: where nothing else stands between two numbers, the one is about the other.
_CONNECTIVE: Final = re.compile(
    r"同比|环比|上一?年度?末?|去年|前年|\d{4}年度?末?|年[初末底]|同期|预算|决算|执行|实际|支出|相比|净?增加|净?增长|增幅|增速|上升|"
    r"提高|提升|扩大|发展|优化|净增|增至|减少|下降|降低|投入|安排|拨付|压减|压缩|缩减|缩短|降幅|减幅|节约|节支|达到?|分别|幅度|均|"
    r"[与较比的数额增减降升少多高低出了为约由从到至，,、（()）：:\s]"
)
# The growth's own clause says nothing of another thing: 60支队伍报名，比上年增加20%.
_LED: Final = re.compile(
    r"(?:^|[，,（(])(?:实际)?(?:(?:同比|环比|[较比与][上去]一?年度?(?:同期)?(?:相比)?|较\d{4}年度?)[，]?)?(?:分别)?"
    r"(?:实际)?(?:净)?(?:增长|增加|增|上升|提高|下降|减少|降低|降|减)(?:了|约|幅度?为?|达到?)?$"
)
# What a number is compared with: another of these begins another comparison.
_COMPARED: Final = re.compile(
    r"(?P<budget>[较比与][^，。；]{0,6}(?:预算|计划|目标|任务|指标))|(?P<begin>[较比与][^，。；]{0,4}(?:年[初末底]))"
    r"|(?P<month>环比|[较比与]上?(?:季度|月|半年))|(?P<year>同比|[较比与](?:[上去]一?年|同期))|[较比与](?P<named>\d{4})年"
    r"|(?P<other>[较比与]全?[国省市县区州])"
)
_FAR_OFF: Final = Decimal("0.5")
_LOOSE: Final = re.compile("番")
_GRIM_MOST: Final = Decimal(20000)
_FEW_BASES: Final = 3
_GAP: Final = 40


@dataclass(slots=True)
class _State:
    """What has been said of one number: where it stands, and the base it was compared with."""

    level: Slot
    base: Slot | None = None
    change: Slot | None = None
    growth: Slot | None = None
    compared: str = ""
    last: Slot | None = None
    # The base was not named by 较 or 由, but stands beside: of the year before, or the budget.
    implied: str = ""


def find_changes(paragraph: Paragraph) -> list[FoundCheck]:
    """Return the checks of growth and differences in a paragraph, in text order."""
    return _Changes(paragraph).run()


class _Changes:
    def __init__(self, paragraph: Paragraph) -> None:
        self.paragraph = paragraph
        self.found: list[FoundCheck] = []
        self.state: _State | None = None

    def run(self) -> list[FoundCheck]:
        for slot in self.paragraph.slots:
            self._read(slot)
        self._close()
        return self.found

    def _read(self, slot: Slot) -> None:
        state, quantity = self.state, slot.item.quantity
        if state is not None and not self._goes_on(state, slot):
            self._close()
            state = None
        measure = quantity.measure
        if measure in ("share", "rank") or quantity.modality == "rule":
            return
        if state is not None:
            self._compare(state, slot)
        if measure == "growth" and quantity.unit in ("%", "times"):
            if state is not None and slot.term is not None:
                self._growth(state, slot)
            return
        if measure in ("change", "gap") or self._is_net(slot):
            if state is not None and slot.term is not None:
                self._change(state, slot)
            return
        if measure in DEPENDENT or quantity.label == "RATIO":
            return
        if state is not None and self._is_base(state, slot):
            self._pending(state)
            state.base, state.change, state.growth = slot, None, None
            return
        self._level(slot)

    def _compare(self, state: _State, slot: Slot) -> None:
        """Forget base and change where the words before a number begin another comparison."""
        before = state.last or state.level
        gap = self.paragraph.between(before, slot)
        found = [m.lastgroup or "" for m in _COMPARED.finditer(gap[-_GAP:])]
        if state.implied and not _implies(state.implied, found, slot):
            state.base, state.implied = None, ""
        if found:
            if state.compared and found[-1] != state.compared:
                self._pending(state)
                state.base = state.change = state.growth = None
            state.compared = found[-1]
        state.last = slot

    def _is_net(self, slot: Slot) -> bool:
        """Tell an addition that says how a number before it came about: 1286家，净增412家.

        由120家增至138家，增加18家 is one even where the verb could add 18 new ones.
        """
        state = self.state
        return (
            state is not None
            and slot.item.quantity.measure in (("net_new", "new") if state.base else ("net_new",))
            and same_unit(state.level, slot)
            and self._clean(state.level, slot)
        )

    def _goes_on(self, state: _State, slot: Slot) -> bool:
        """Tell what is said in the same sentence, or a growth that names its number again."""
        if slot.sentence == state.level.sentence:
            return True
        quantity, level = slot.item.quantity, state.level.item.quantity
        return (
            quantity.measure == "growth"
            and quantity.indicator is not None
            and quantity.indicator == level.indicator
            and state.growth is None
            and slot.sentence == state.level.sentence + 1
        )

    def _level(self, slot: Slot) -> None:
        before = self.state
        if before is not None and self._leads_to(before.level, slot):
            self._close()
            self.state = _State(slot, base=before.level)
            return
        self._close()
        beside = self._beside(before.level, slot) if before is not None else None
        self.state = beside or (_State(slot) if slot.term is not None else None)

    def _beside(self, one: Slot, other: Slot) -> _State | None:
        """Return a number and its base that stand side by side: 支出12万元，上年支出10万元."""
        if one.term is None or other.term is None or other.place != one.place + 1:
            return None
        if one.sentence != other.sentence or not same_unit(one, other):
            return None
        if not self._clean(one, other):
            return None
        a, b = one.item.quantity, other.item.quantity
        if a.modality == "planned" and b.modality == "actual" and a.period == b.period:
            return _State(other, base=one, implied="budget")
        if a.modality == b.modality == "actual" and a.measure == b.measure:
            years = _year(a.period) - _year(b.period)
            if years == 1:
                return _State(one, base=other, implied="year", last=other)
            if years == -1:
                return _State(other, base=one, implied="year")
        return None

    def _leads_to(self, one: Slot, other: Slot) -> bool:
        """Tell ``由A提高到B``: the first number is the base of the second."""
        if one.term is None or other.term is None or one.sentence != other.sentence:
            return False
        if not same_unit(one, other):
            return False
        text = self.paragraph.text
        start = max(one.item.start - 20, 0)
        gap = self.paragraph.between(one, other)
        led = _FROM.search(text, start, one.item.start)
        return bool(led and len(gap) < 12 and _TO.search(gap) and "，" not in gap)

    def _is_base(self, state: _State, slot: Slot) -> bool:
        if slot.term is None or not same_unit(state.level, slot):
            return False
        text = self.paragraph.text
        start = max(state.level.item.end, slot.item.start - _GAP)
        return bool(_BASE.search(text, start, slot.item.start))

    def _change(self, state: _State, slot: Slot) -> None:
        level, change = state.level, slot
        if not _is_step_of(level, change):
            return
        if state.base is not None:
            self._add(self._difference(state.level, state.base, slot))
            if state.growth is None:
                state.change = slot
            return
        state.change = slot
        if state.growth is not None:
            self._add(self._by_change(state, state.growth))
            state.growth = slot  # judged

    def _growth(self, state: _State, slot: Slot) -> None:
        if state.base is not None:
            self._add(self._by_base(state, slot))
            state.growth = slot
        elif state.change is not None:
            self._add(self._by_change(state, slot))
            state.growth = slot
        elif state.growth is None:
            state.growth = slot

    def _pending(self, state: _State) -> None:
        """Judge a growth that came with neither base nor change: is there any base for it."""
        growth = state.growth
        if growth is None or state.change is not None or state.base is not None:
            return
        if growth.item.quantity.measure == "growth":
            self._add(self._feasible(state.level, growth))

    def _close(self) -> None:
        if self.state is not None:
            self._pending(self.state)
        self.state = None

    def _add(self, check: FoundCheck | None) -> None:
        if check is not None:
            self.found.append(check)

    def _clean(self, *slots: Slot) -> bool:
        """Tell whether only words of comparison stand between the numbers."""
        ordered = sorted(slots, key=lambda slot: slot.item.start)
        gaps = (self.paragraph.between(a, b) for a, b in pairwise(ordered))
        return all(len(gap) < _GAP and not _CONNECTIVE.sub("", gap) for gap in gaps)

    def _difference(self, level: Slot, base: Slot, change: Slot) -> FoundCheck | None:
        """Check a stated difference of two stated numbers."""
        one, other, stated = level.term, base.term, change.term
        if one is None or other is None or stated is None:
            return None
        signs = (1, -1) if one.value >= other.value else (-1, 1)
        steps = common_steps([stated, one, other])
        span = sum_interval((one, other), steps[1:], signs)
        value = plain(abs(one.value - other.value))
        verdict = judge_sum(stated, value, span, steps[0])
        if verdict == "inconsistent":
            loose = sum_interval((one, other), (one.step, other.step), signs)
            if judge_sum(stated, value, loose, stated.step) != "inconsistent":
                verdict = "rounded"
            elif not self._clean(level, base, change) or not _points_right(change, one, other):
                return None
        message = (
            f"{quote(one)}与{printed(other)}相差{in_unit_of(value, stated)}，"
            f"文中写{printed(stated)}，{said(verdict)}"
        )
        items = (change.item, level.item, base.item)
        return FoundCheck("difference", verdict, stated.value, value, span, items, message)

    def _by_base(self, state: _State, growth: Slot) -> FoundCheck | None:
        """Check a growth against the number before: (level − base) / base."""
        level, stated = state.level.term, growth.term
        base = state.base.term if state.base is not None else None
        if level is None or base is None or stated is None or base.value <= 0:
            return None
        if _is_loose(stated):
            return None
        share = quotient(level.interval(), base.interval())
        if share is None:
            return None
        span = share[0] - HUNDRED, share[1] - HUNDRED
        value = percent(level.value - base.value, base.value)
        rate, _ = rate_of(stated)
        verdict = judge_growth(stated, rate, span)
        if verdict == "inconsistent":
            slots = [slot for slot in (state.level, state.base, growth) if slot is not None]
            if state.change is not None:
                slots.append(state.change)
            if (rate > 0) != (value > 0) or not self._clean(*slots) or _is_far(rate, value):
                return None
        said_by = f"{quote(level)}，基数{printed(base)}"
        message = f"{said_by}，{_moved(value)}，文中写{printed(stated)}，{said(verdict)}"
        items = (growth.item, level.item, base.item)
        return FoundCheck("growth", verdict, rate, value, span, items, message)

    def _by_change(self, state: _State, growth: Slot) -> FoundCheck | None:
        """Check a growth against the stated change: change / (level ∓ change)."""
        level, stated = state.level.term, growth.term
        change = state.change.term if state.change is not None else None
        if level is None or change is None or stated is None or state.change is None:
            return None
        if _is_loose(stated):
            return None
        if stated.item.quantity.direction != (change.item.quantity.direction or "up"):
            return None
        down = change.item.quantity.direction == "down"
        signs = (1, 1) if down else (1, -1)
        steps = common_steps([level, change])
        before = sum_interval((level, change), steps, signs)
        value_before = level.value + change.value if down else level.value - change.value
        if value_before <= 0 or before[0] <= 0:
            return None
        span = quotient(change.interval(steps[1]), before)
        if span is None:
            return None
        value = percent(change.value, value_before)
        rate, _ = rate_of(stated)
        verdict = judge_growth(stated, abs(rate), span)
        if verdict == "inconsistent" and (
            not self._clean(state.level, state.change, growth) or _is_far(abs(rate), value)
        ):
            return None
        verb = "减少" if down else "增加"
        message = (
            f"{quote(level)}比上年{verb}{printed(change)}，"
            f"{_moved(-value if down else value)}，文中写{printed(stated)}，{said(verdict)}"
        )
        items = (growth.item, level.item, change.item)
        return FoundCheck("growth", verdict, abs(rate), value, span, items, message)

    def _feasible(self, level: Slot, growth: Slot) -> FoundCheck | None:
        """Check whether any base at the printed precision gives the stated growth."""
        one, stated = level.term, growth.term
        if one is None or stated is None or one.value <= 0 or _is_loose(stated):
            return None
        gap = self.paragraph.between(level, growth)
        again = _names_again(level, growth)
        if "分别" in gap or not (again or _LED.search(gap)):
            return None
        if one.item.quantity.label == "COUNT":
            if not one.exact or one.value > _GRIM_MOST:
                return None
            strict = (self._clean(level, growth) or again) and not self._is_listed(level)
            # 新增17家，增长31.6%: what was added may be 31.6% of what there was.
            strict = strict and one.item.quantity.measure not in ("new", "net_new")
            return feasible_count(one, stated, strict=strict)
        if one.item.quantity.label == "MONEY" and self._clean(level, growth):
            return _feasible_amount(one, stated)
        return None

    def _is_listed(self, slot: Slot) -> bool:
        """Tell a number at the end of a list, whose growth may be that of all: 5栋、3条，增长20%."""
        before = self.paragraph.slots[slot.place - 1] if slot.place else None
        return before is not None and "、" in self.paragraph.between(before, slot)


def _implies(implied: str, compared: Sequence[str], slot: Slot) -> bool:
    """Tell whether a number is compared with a base that only stands beside it."""
    if implied == "budget":
        said_so = bool(compared) and compared[-1] == "budget"
        return said_so or (not compared and slot.item.quantity.measure == "gap")
    return not compared or compared[-1] in ("year", "named")


def _year(period: str | None) -> int:
    """Return the year of a period that is one, else 0."""
    return int(period) if period is not None and len(period) == 4 and period.isdigit() else 0


def same_unit(one: Slot, other: Slot) -> bool:
    """Tell whether two numbers measure in one unit."""
    a, b = one.item.quantity, other.item.quantity
    return a.label == b.label and a.unit == b.unit


def _is_step_of(level: Slot, change: Slot) -> bool:
    a, b = level.item.quantity, change.item.quantity
    if a.unit == "%":
        return b.unit in ("pp", "%")
    return a.label == b.label and a.unit == b.unit


def _points_right(change: Slot, level: Term, base: Term) -> bool:
    direction = change.item.quantity.direction
    return direction is None or (direction == "up") == (level.value >= base.value)


def _is_far(rate: Decimal, value: Decimal) -> bool:
    """Tell a growth so far from the recomputed one that it must be of something else."""
    return abs(rate - value) > max(abs(rate), abs(value)) * _FAR_OFF


def _is_loose(stated: Term) -> bool:
    """Tell 翻一番 and growth in whole 倍, which may mean two things."""
    text = stated.item.quantity.text
    return bool(_LOOSE.search(text))


def _names_again(level: Slot, growth: Slot) -> bool:
    """Tell whether a growth farther off is said of the same indicator, by level or as new."""
    one, other = level.item.quantity, growth.item.quantity
    return (
        one.indicator is not None
        and one.indicator == other.indicator
        and one.facet == other.facet
        and one.measure == "level"
        and bool(one.noun and other.subject and one.noun in other.subject)
    )


def rate_of(stated: Term) -> tuple[Decimal, Decimal]:
    """Return a growth in percent, down as negative, and the size of its last printed place."""
    quantity = stated.item.quantity
    times = quantity.unit == "times"
    rate = stated.value * HUNDRED if times else stated.value
    step = stated.step * HUNDRED if times else stated.step
    return plain(-rate if quantity.direction == "down" else rate), plain(step)


def judge_growth(stated: Term, rate: Decimal, span: Interval) -> Verdict:
    """Return the verdict on a stated growth, taken as ``rate``, against what it may be."""
    times = HUNDRED if stated.item.quantity.unit == "times" else ONE
    return judge_rate(rate, stated.step * times, span, stated.padding * times)


def _moved(value: Decimal) -> str:
    return f"应{'下降' if value < 0 else '增长'}{_rounded(abs(value))}%"


def _rounded(value: Decimal | None) -> Decimal:
    return plain((value or ZERO).quantize(Decimal("0.01"), context=CONTEXT))


def feasible_count(count: Term, stated: Term, *, strict: bool) -> FoundCheck | None:
    """Return whether some whole number of things before gives the growth that is stated.

    The GRIM idea: no number of firms a year ago makes 53 of them 31.6 % more. ``strict`` says that
    the growth is surely that of this count; only then a contradiction is reported.
    """
    rate, step = rate_of(stated)
    verdict, base, nearest = _integer_base(count.value, rate, step)
    if verdict != "ok" and stated.padding != stated.step:
        # 45.50% may be 45.5%: a zero put on, not computed.
        padded = _integer_base(count.value, rate, step * 10)
        if padded[0] == "ok":
            verdict, base, nearest = "rounded", *padded[1:]
    if verdict == "inconsistent" and not strict:
        return None
    span = rate - step / 2, rate + step / 2
    if base is None:
        swing = "降幅" if rate < 0 else "增幅"
        reason = f"上年基数取任何整数都得不到这一{swing}（最接近{_rounded(abs(nearest or ZERO))}%）"
    else:
        grown = percent(count.value - base, Decimal(base))
        reason = f"上年基数可为{base}，{_moved(grown)}"
    verb = "下降" if rate < 0 else "增长"
    message = f"{quote(count)}，文中写{verb}{printed(stated)}，{reason}，{said(verdict)}"
    items = (stated.item, count.item)
    return FoundCheck("integer_base", verdict, rate, nearest, span, items, message)


def _integer_base(
    count: Decimal, rate: Decimal, step: Decimal
) -> tuple[Verdict, int | None, Decimal | None]:
    """Return the verdict, a base that gives the rate, and the nearest rate any base gives."""
    factor = ONE + rate / HUNDRED
    if factor <= 0:
        return "ok", None, None
    middle = int(CONTEXT.divide(count, factor))
    rates = {
        base: percent(count - base, Decimal(base)) for base in range(max(middle - 1, 1), middle + 3)
    }
    low, high = rate - step / 2, rate + step / 2
    for base, grown in rates.items():
        if low <= grown <= high:
            return "ok", base, grown
    if _count_between(count, (low, high)):
        exact = _first_between(count, (low, high))
        return "ok", exact, percent(count - Decimal(exact), Decimal(exact))
    cut = (rate, rate + step) if rate >= 0 else (rate - step, rate)
    for base, grown in rates.items():
        if cut[0] <= grown <= cut[1]:
            return "truncated", base, grown
    nearest = min(rates.values(), key=lambda grown: (abs(grown - rate), grown))
    return "inconsistent", None, nearest


def _bases(count: Decimal, rates: Interval) -> tuple[int, int]:
    low, high = ONE + rates[0] / HUNDRED, ONE + rates[1] / HUNDRED
    if low <= 0:
        return 1, 0
    return whole_numbers((CONTEXT.divide(count, high), CONTEXT.divide(count, low)))


def _count_between(count: Decimal, rates: Interval) -> bool:
    first, last = _bases(count, rates)
    return first <= last and last > 0


def _first_between(count: Decimal, rates: Interval) -> int:
    first, last = _bases(count, rates)
    return max((first + last) // 2, 1)


def _feasible_amount(amount: Term, stated: Term) -> FoundCheck | None:
    """Return that a base at the printed precision gives the growth, where few bases may.

    An amount is itself rounded: that no base gives its growth proves nothing.
    """
    rate, step = rate_of(stated)
    low, high = ONE + (rate - step / 2) / HUNDRED, ONE + (rate + step / 2) / HUNDRED
    if low <= 0:
        return None
    unit = amount.step
    first, last = whole_numbers(
        (CONTEXT.divide(amount.value, high * unit), CONTEXT.divide(amount.value, low * unit))
    )
    if not 0 <= last - first < _FEW_BASES or last <= 0:
        return None
    base = plain(unit * max((first + last) // 2, 1))
    value = percent(amount.value - base, base)
    span = rate - step / 2, rate + step / 2
    message = (
        f"{quote(amount)}，按文中{'下降' if rate < 0 else '增长'}{printed(stated)}推算，"
        f"上年可为{in_unit_of(base, amount)}，{_moved(value)}，{said('ok')}"
    )
    return FoundCheck("growth", "ok", rate, value, span, (stated.item, amount.item), message)
