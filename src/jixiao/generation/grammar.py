"""Sentence templates: the register they stand in, and the pen that writes their parts.

A template is a function of a :class:`Pen`; it returns the pieces of one sentence. Its decorator
says in which sections it may stand and which gold values each of its sentences has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any, Final, Literal, TypeAlias, TypeVar

from jixiao.errors import SettingsError
from jixiao.generation import amounts
from jixiao.generation.material import NameKind, Subject, SubjectKind, names, subjects
from jixiao.generation.pieces import Mention, Piece, Pieces, flatten
from jixiao.generation.setting import Setting

SectionKind: TypeAlias = Literal["overview", "money", "achievements", "problems", "plan"]
_T = TypeVar("_T")

TEMPLATES: Final[dict[str, Template]] = {}
"""Every template by name, in the order of definition."""


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of sentence.

    Attributes
    ----------
    claims
        Values of label, measure, modality, bound or direction that some quantity has in every
        sentence of the template; none for a sentence without quantities.
    weight
        How often it is drawn beside others of its section.
    """

    name: str
    sections: tuple[SectionKind, ...]
    claims: frozenset[str]
    weight: int
    write: Callable[[Pen], Pieces]

    def sentence(self, pen: Pen) -> list[Piece]:
        """Return the pieces of one sentence, with its final mark."""
        return flatten(self.write(pen))


def template(
    sections: str, claims: str = "", weight: int = 2
) -> Callable[[Callable[[Pen], Pieces]], Callable[[Pen], Pieces]]:
    """Register a function as a template under its own name; sections and claims stand in words."""

    def register(write: Callable[[Pen], Pieces]) -> Callable[[Pen], Pieces]:
        name = getattr(write, "__name__", repr(write))
        kinds: Any = tuple(sections.split())
        TEMPLATES[name] = Template(name, kinds, frozenset(claims.split()), weight, write)
        return write

    return register


@dataclass(frozen=True, slots=True)
class When:
    """A time phrase, maybe empty, and the period it gives to what follows."""

    words: str
    period: str


class Pen:
    """Writes the parts of sentences in one setting; every choice comes from its random source.

    Parameters
    ----------
    draw
        The source of all choices.
    setting
        The report the sentences stand in.
    """

    def __init__(self, draw: Random, setting: Setting) -> None:
        self.draw = draw
        self.setting = setting
        # After a phrase with another period, the next sentence must name its year.
        self.must_date = False
        # What was said of which subject, so that a report says it once while it can.
        self._told: set[tuple[str, Subject]] = set()
        # What a report says again stays the same.
        self._kept: dict[str, Decimal] = {}

    # Choices --------------------------------------------------------------------------------------

    def choice(self, options: Sequence[_T]) -> _T:
        """Return one of the options."""
        return self.draw.choice(options)

    def chance(self, probability: float) -> bool:
        """Return True with a probability."""
        return self.draw.random() < probability

    def subject(self, use: str, *kinds: SubjectKind) -> Subject:
        """Return a subject that has a use: of the report's field if any, and not yet put to it.

        Raises
        ------
        SettingsError
            If no subject of any field has the use.
        """
        fitting = [
            one for one in subjects() if use in one.uses and (not kinds or one.kind in kinds)
        ]
        if not fitting:
            raise SettingsError(f"no subject of the tables has the use {use!r}; see generation.csv")
        own = [one for one in fitting if one.field == self.setting.field] or fitting
        chosen = self.choice([one for one in own if (use, one) not in self._told] or own)
        self._told.add((use, chosen))
        return chosen

    def number(self, subject: Subject) -> Decimal:
        """Return a plausible number of a subject, before its unit; small ones are likelier."""
        share = self.draw.random()
        if subject.kind != "rate":
            share **= 2
        exact = subject.low + (subject.high - subject.low) * Decimal(str(round(share, 6)))
        value = round(exact, subject.places)
        if subject.kind == "rate":
            return self.kept(subject.name, value)
        return round(value, -2) if subject.places == 0 and value >= 10_000 else value

    def kept(self, name: str, value: Decimal) -> Decimal:
        """Return what the report has said of ``name`` before, else ``value``."""
        return self._kept.setdefault(name, value)

    def decimal(self, low: float, high: float, places: int = 1) -> Decimal:
        """Return a number between two, with so many decimals at most, never zero."""
        value = Decimal(str(round(self.draw.uniform(low, high), places)))
        return value or Decimal(str(high))

    def integer(self, low: int, high: int) -> int:
        """Return a whole number between two, both included."""
        return self.draw.randint(low, high)

    # Time -----------------------------------------------------------------------------------------

    def when(self) -> When:
        """Return a time phrase for what happened."""
        year = self.setting.year
        if self.must_date:
            self.must_date = False
            return When(f"{year}年，", str(year))
        if self.chance(0.6):
            return When(self.choice(["", "", "全年", f"{year}年，", f"{year}年"]), str(year))
        self.must_date = True
        return self.choice(
            [
                When("1-9月，", f"{year}-01/{year}-09"),
                When("上半年，", f"{year}-01/{year}-06"),
                When("前三季度，", f"{year}-01/{year}-09"),
                When(f"{year}年1-6月，", f"{year}-01/{year}-06"),
                When(f"{year}年第四季度，", f"{year}-10/{year}-12"),
                When(f"{year - 1}年，", str(year - 1)),
            ]
        )

    def during(self) -> When:
        """Return a time phrase that means the fiscal year, maybe an empty one."""
        year = self.setting.year
        if self.must_date:
            self.must_date = False
            return When(f"{year}年，", str(year))
        return When(self.choice(["", "", "全年", f"{year}年，", f"{year}年度"]), str(year))

    def then(self) -> When:
        """Return a time phrase that means the fiscal year, for what does not go on all year."""
        year = self.setting.year
        dated = self.must_date or self.chance(0.4)
        self.must_date = False
        return When(f"{year}年，" if dated else "", str(year))

    def by_now(self) -> When:
        """Return a time phrase for a stock."""
        year = self.setting.year
        if self.must_date or self.chance(0.6):
            self.must_date = True
            phrases = [f"截至{year}年底，", f"截至{year}年12月31日，", f"{year}年末，"]
            return When(self.choice(phrases), f"{year}-12-31")
        return When(self.choice(["", "", "目前，"]), str(year))

    # Mentions -------------------------------------------------------------------------------------

    def count(self, subject: Subject, value: Decimal | int | None = None, **fields: Any) -> Mention:
        """Return a number of a counted noun or of a physical measure."""
        number = self.number(subject) if value is None else Decimal(value)
        separators = self.setting.separators
        if subject.kind == "physical":
            mention = amounts.measured(self.draw, number, subject.unit, separators=separators)
            return replace(mention, subject=subject.name, **fields)
        mention = amounts.count(self.draw, number, subject.unit, separators=separators)
        return replace(mention, noun=subject.name, subject=subject.name, **fields)

    def things(self, value: int, unit: str, noun: str, **fields: Any) -> Mention:
        """Return a number of things that stand in no table."""
        mention = amounts.count(self.draw, Decimal(value), unit)
        return replace(mention, noun=noun, subject=noun, **fields)

    def money(self, value: Decimal, unit: str, subject: str, **fields: Any) -> Mention:
        """Return an amount of money."""
        places = 2 if self.setting.decimals and round(value, 2) == value else 0
        mention = amounts.money(
            self.draw, value, unit, separators=self.setting.separators, places=places
        )
        return replace(mention, subject=subject, **fields)

    def amount(self, subject: Subject, value: Decimal | None = None, **fields: Any) -> Mention:
        """Return the mention that fits a subject: a count, a measure, an amount or a rate."""
        number = self.number(subject) if value is None else value
        if subject.kind == "money":
            return self.money(number, subject.unit, subject.name, **fields)
        if subject.kind == "rate":
            return self.percent(number, subject=subject.name, **fields)
        return self.count(subject, number, **fields)

    def percent(self, value: Decimal, **fields: Any) -> Mention:
        """Return a percentage."""
        places = 2 if self.setting.decimals and round(value, 2) == value else 0
        return replace(amounts.percent(self.draw, value, places=places), **fields)

    def points(self, value: Decimal, **fields: Any) -> Mention:
        """Return percentage points."""
        return replace(amounts.points(self.draw, value), **fields)

    def duration(self, number: int, **fields: Any) -> Mention:
        """Return a span of time in days, working days or hours."""
        printed, unit = self.choice([("天", "天"), ("个工作日", "工作日"), ("小时", "小时")])
        return Mention(
            text=f"{number}{printed}", label="MEASURE", value=Decimal(number), unit=unit, **fields
        )

    def growth(self, period: str, subject: str, of: Mention | None = None) -> list[Piece]:
        """Return a clause of growth or decline in per cent, with its comparison.

        ``of`` is the number that grew: where it counts things, a whole number of them before gives
        the growth.
        """
        up = self.chance(0.75)
        verb = self.choice(["增长", "增长", "上升", "增加"] if up else ["下降", "减少", "下降"])
        against = self.choice(["同比", "同比", "较上年", "比上年"])
        rate = self.decimal(0.3, 48)
        if of is not None and of.label == "COUNT" and of.value:
            places = 2 if self.setting.decimals else 1
            rate = _growth_of_things(of.value, rate if up else -rate, places)
        mention = self.percent(
            rate,
            measure="growth",
            direction="up" if up else "down",
            period=period,
            subject=subject,
        )
        return [against, verb, mention]

    def name(self, kind: NameKind) -> str:
        """Return a name of a kind that fits the report's field."""
        return self.choice(names(kind, self.setting.field) or names(kind))

    def places(self, number: int) -> list[str]:
        """Return places inside the region, each once."""
        return self.draw.sample(self.setting.inside, number)


def _growth_of_things(count: Decimal, rate: Decimal, places: int) -> Decimal:
    """Return the growth, without sign, of a count from the whole number that is nearest to a rate.

    >>> _growth_of_things(Decimal(49), Decimal("30.6"), 1)
    Decimal('28.9')
    """
    up = rate > 0
    before = round(count * 100 / (100 + rate))
    if before == count or not before:
        before = max(int(count) - 1, 1) if up else int(count) + 1
    moved = abs(count - before)
    return round(moved * 100 / before, places) or round(moved * 100 / before, 4)
