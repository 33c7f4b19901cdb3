"""What is wrong or doubtful in a user's catalogue, before a run is spent on it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from jixiao.indicators.catalogue import (
    Indicator,
    OwnCatalogue,
    normal_form,
    parse_own,
    shipped,
)
from jixiao.indicators.catalogue_units import unit_text

Level = Literal["error", "warning"]

# Words that stand beside numbers of every kind.
_GENERIC: Final = re.compile(
    r"(?:总)?(?:金额|数量|个数|总数|人数|人次|次数|资金|经费|费用|项目|企业|单位|人员|比例|比重|占比|数|额|"
    r"完成率|增长率|指标|情况|合计|其中|其他|任务|工作)"
)
_MEASURE: Final = re.compile(r"新增|净增|同比|环比|增长|增速|增幅|下降")
_RELATION: Final = re.compile(r"[a-z][a-z0-9_]*")
_MOST_NAMED: Final = 3


class Finding(NamedTuple):
    """Something wrong (``error``) or doubtful (``warning``) in a catalogue.

    ``code`` is short and stable; ``indicator`` the id, empty where the file itself is meant.
    """

    level: Level
    line: int
    code: str
    indicator: str
    message: str


class Checked(NamedTuple):
    """The findings in a catalogue by line, and its indicators."""

    findings: list[Finding]
    own: OwnCatalogue

    @property
    def errors(self) -> int:
        """How many findings keep the catalogue from being used."""
        return sum(found.level == "error" for found in self.findings)


def check_catalogue(content: str) -> Checked:
    r"""Return what is wrong or doubtful in the content of a catalogue, CSV or YAML.

    Errors keep it from being used. Warnings are names that may take numbers of other indicators,
    or lose their own.

    >>> [found.code for found in check_catalogue("- name: 数量\n  unit: 个\n").findings]
    ['generic']
    """
    own = parse_own(content)
    findings = [Finding("error", line, "broken", "", text) for line, text in own.problems]
    findings += _Checker(own).find()
    findings.sort(key=lambda found: (found.line, found.level, found.code, found.message))
    return Checked(findings, own)


class _Checker:
    """Looks through the user's indicators beside the shipped ones."""

    def __init__(self, own: OwnCatalogue) -> None:
        self._own = own
        self._by_id = {} if own.alone else {one.id: one for one in shipped()}
        self._shipped: Mapping[str, Indicator] = dict(self._by_id)
        self._by_id.update({one.id: one for one in own.indicators})
        self._owners: dict[str, list[str]] = defaultdict(list)
        for one in self._by_id.values():
            for name in _names(one):
                self._owners[name].append(one.id)
        self._grams = _grams(self._owners)

    def find(self) -> Iterator[Finding]:
        for one in self._own.indicators:
            added = self._added(one)
            yield from self._words(one, added)
            yield from self._shared(one, added)
            yield from self._inside(one, added)
            yield from self._family(one)
            yield from self._relations(one)

    def _added(self, one: Indicator) -> list[str]:
        """Return the names that the file gives an indicator, without those it was shipped with."""
        base = self._shipped.get(one.id)
        known = set(_names(base)) if base else set()
        return [name for name in dict.fromkeys((one.name_zh, *one.aliases)) if name not in known]

    def _finding(
        self, one: Indicator, code: str, message: str, level: Level = "warning"
    ) -> Finding:
        return Finding(level, self._own.lines.get(one.id, 1), code, one.id, message)

    def _words(self, one: Indicator, added: Sequence[str]) -> Iterator[Finding]:
        for name in added:
            if _GENERIC.fullmatch(name):
                message = f"{name!r} stands beside numbers of every kind; say of what"
                yield self._finding(one, "generic", message)
            elif len(name) < 2:
                message = f"{name!r} has one character and is never looked for; write it out"
                yield self._finding(one, "too_short", message)
            elif len(name) == 2:
                message = f"{name!r} is short and found inside other words; put it in weak_aliases"
                yield self._finding(one, "too_short", message)
            if found := _MEASURE.search(name):
                message = (
                    f"{name!r} has {found.group()!r}, which is read as the measure of a number; the "
                    "name without it is found more often"
                )
                yield self._finding(one, "measure_word", message)

    def _shared(self, one: Indicator, added: Sequence[str]) -> Iterator[Finding]:
        for name in added:
            others = [other for other in self._owners[name] if other != one.id]
            if not others or _GENERIC.fullmatch(name):
                continue
            told = self._told(others)
            if all(other in self._shipped for other in others):
                message = f"{name!r} names the shipped {told}, too; here it will mean {one.name_zh}"
                yield self._finding(one, "shared", message)
            elif one.id < min(others):
                message = f"{name!r} also names {told}; where both fit, the choice is a guess"
                yield self._finding(one, "shared", message)

    def _inside(self, one: Indicator, added: Sequence[str]) -> Iterator[Finding]:
        for name in added:
            if _GENERIC.fullmatch(name):
                continue
            longer = [
                other
                for other in self._grams.get(name[:2], ())
                if name in other and name != other and self._may_clash(one, other)
            ]
            if longer:
                shown = sorted(longer, key=lambda other: (len(other), other))[:_MOST_NAMED]
                told = "; ".join(f"{other} ({self._told(self._owners[other])})" for other in shown)
                more = f" and {len(longer) - len(shown)} more" if len(longer) > len(shown) else ""
                message = f"{name!r} is inside the longer {told}{more}, which take their numbers"
                yield self._finding(one, "inside", message)

    def _may_clash(self, one: Indicator, other: str) -> bool:
        owners = self._owners[other]
        if one.id in owners:
            return False
        return any(_alike(one, self._by_id[owner]) for owner in owners)

    def _family(self, one: Indicator) -> Iterator[Finding]:
        if not one.parent:
            return
        parent = self._by_id.get(one.parent)
        if parent is None:
            message = f"parent {one.parent!r} is no indicator's id; correct it or leave it out"
            yield self._finding(one, "unknown_id", message, "error")
            return
        if not _alike(one, parent):
            message = (
                f"measured in {unit_text(one.unit) or 'many units'}, its parent {parent.name_zh} in "
                f"{unit_text(parent.unit) or 'many'}; a part has the unit of the whole"
            )
            yield self._finding(one, "unit_mismatch", message)
        seen = {one.id}
        while parent is not None and parent.parent:
            if parent.id in seen:
                message = f"its parents lead back to {parent.name_zh}; leave one of them out"
                yield self._finding(one, "parent_cycle", message, "error")
                return
            seen.add(parent.id)
            parent = self._by_id.get(parent.parent)

    def _relations(self, one: Indicator) -> Iterator[Finding]:
        for relation in one.relations:
            ids = _RELATION.findall(relation)
            unknown = [name for name in ids if name not in self._by_id]
            if unknown:
                message = f"relation {relation!r} names {', '.join(unknown)}: no indicator's id"
                yield self._finding(one, "unknown_id", message, "error")
            elif "+" in relation:
                other = [name for name in ids[1:] if not _alike(self._by_id[name], one)]
                if other:
                    message = f"relation adds {self._told(other)} of another unit than the whole"
                    yield self._finding(one, "unit_mismatch", message)

    def _told(self, ids: Sequence[str]) -> str:
        return ", ".join(dict.fromkeys(self._by_id[name].name_zh for name in ids))


def _names(one: Indicator) -> list[str]:
    return list(dict.fromkeys((one.name_zh, *one.aliases)))


def _alike(one: Indicator, other: Indicator) -> bool:
    """Tell whether one number could measure both."""
    common = (one.unit.dimensions & other.unit.dimensions) - {"score"}
    if common == {"count"}:
        people = {"人", "名", "位", "人次"}
        return bool(one.unit.classifiers & people) == bool(other.unit.classifiers & people)
    return bool(common)


def _grams(names: Mapping[str, object]) -> Mapping[str, list[str]]:
    """Return the names that have a pair of characters, by the pair."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for pair in dict.fromkeys(name[i : i + 2] for i in range(len(name) - 1)):
            found[pair].append(name)
    return found


def find_indicators(text: str, indicators: Sequence[Indicator]) -> list[Indicator]:
    """Return the indicator of an id, or those whose names have a text in them, the nearest first.

    >>> from jixiao.indicators.catalogue import shipped
    >>> find_indicators("高新技术企业", shipped())[0].id
    'high_tech_enterprises'
    """
    if found := next((one for one in indicators if one.id == text), None):
        return [found]
    exact = [one for one in indicators if one.name_zh == text]
    wanted = normal_form(text).lower()
    ranked = []
    for one in indicators:
        names = (one.id, one.name_zh, *one.aliases, *one.weak_aliases)
        lengths = [len(name) for name in names if wanted and wanted in name.lower()]
        if lengths and one not in exact:
            ranked.append((min(lengths), one.name_zh, one))
    return [*exact, *(one for *_, one in sorted(ranked, key=lambda entry: entry[:2]))]
