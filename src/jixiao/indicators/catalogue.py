"""The canonical indicators and the words that name them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Final, Literal, NamedTuple

from jixiao.errors import CatalogueError
from jixiao.indicators.dimension import UnitSpec, parse_unit
from jixiao.resources import read_table, read_text

REQUIRED: Final = ("id", "name_zh", "unit")
_ID: Final = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of the catalogue.

    ``aliases`` name it surely, ``weak_aliases`` only where unit and context fit. ``support`` maps an
    alias to the reports it was taken from, ``facets`` an alias that names only a part of the
    indicator to that part (行政编制 → 行政).
    """

    id: str
    name_zh: str
    unit: UnitSpec
    aliases: tuple[str, ...] = ()
    weak_aliases: tuple[str, ...] = ()
    definition: str = ""
    category_zh: str = ""
    parent: str = ""
    relations: tuple[str, ...] = ()
    support: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facets: Mapping[str, str] = field(default_factory=dict)


class Named(NamedTuple):
    """That an alias names an indicator: whether only weakly, and which part if not the whole."""

    indicator: Indicator
    weak: bool
    facet: str | None = None


class Catalogue:
    """The indicators by id, and every alias with what it names.

    Besides the listed aliases there are forms derived from them: an ending stripped (贷款余额 of
    贷款余额总数), a part in another common form (技改投资 of 技术改造投资). A listed alias wins: what an
    indicator lists as weak no derived form makes sure.

    Parameters
    ----------
    barred
        Forms that are not derived, by the id of the indicator.
    """

    def __init__(
        self, indicators: Iterable[Indicator], barred: Mapping[str, frozenset[str]] | None = None
    ) -> None:
        self.indicators = {indicator.id: indicator for indicator in indicators}
        self.aliases: dict[str, list[Named]] = {}
        self._barred = barred or {}
        for indicator in self.indicators.values():
            listed = list(_listed_names(indicator))
            for alias, named in listed:
                self._add(alias, named)
            for alias, named in listed:
                self._derive(normal_form(alias), named)
            for stem, alias in _stems(indicator):
                part = indicator.facets.get(alias)
                self._derive(stem, Named(indicator, weak=True, facet=part))
                self._derive(normal_form(stem), Named(indicator, weak=True, facet=part))
        for indicator in self.indicators.values():
            for alias in dict.fromkeys((indicator.name_zh, *indicator.aliases)):
                for variant in _variants(alias):
                    if variant not in self.aliases:
                        named = Named(indicator, weak=False, facet=indicator.facets.get(alias))
                        self._derive(variant, named)
                        self._derive(normal_form(variant), named)

    def _derive(self, form: str, named: Named) -> None:
        if form not in self._barred.get(named.indicator.id, ()):
            self._add(form, named)

    def _add(self, form: str, named: Named) -> None:
        """Add what a form names; the first of an indicator stands."""
        known = self.aliases.setdefault(form, [])
        if all(other.indicator is not named.indicator for other in known):
            known.append(named)

    def name(self, indicator_id: str) -> str:
        """Return the Chinese name of an indicator; an unknown id is returned as it is."""
        found = self.indicators.get(indicator_id)
        return found.name_zh if found else indicator_id

    def without_support(self, doc_id: str) -> Catalogue:
        """Return the catalogue less the aliases attested in one report only.

        Leave-one-report-out figures are measured with it: an alias that was taken from the very
        report that is scored proves nothing. Nor does a form of it that another alias would yield
        again by its ending or a synonym: these are barred too.
        """
        return self.without(
            lambda one: {alias for alias, docs in one.support.items() if docs == (doc_id,)}
        )

    def without(self, dropped: Callable[[Indicator], Set[str]]) -> Catalogue:
        """Return the catalogue less some aliases of each indicator, and less what they would yield.

        >>> firms = load_catalogue().indicators["high_tech_enterprises"]
        >>> left = Catalogue([firms]).without(lambda one: {"高新技术企业", "高企"})
        >>> "高新技术企业" in Catalogue([firms]).aliases, "高新技术企业" in left.aliases
        (True, False)
        """
        kept, barred = [], {}
        for indicator in self.indicators.values():
            drop = dropped(indicator)
            aliases, weak = (
                tuple(alias for alias in listed if alias not in drop)
                for listed in (indicator.aliases, indicator.weak_aliases)
            )
            left = replace(indicator, aliases=aliases, weak_aliases=weak)
            kept.append(left)
            barred[left.id] = frozenset(form for alias in drop for form in _forms(alias))
        return Catalogue(kept, barred)


def _listed_names(indicator: Indicator) -> Iterator[tuple[str, Named]]:
    """Yield what an indicator lists, the sure names first."""
    part = indicator.facets.get
    for alias in dict.fromkeys((indicator.name_zh, *indicator.aliases)):
        yield alias, Named(indicator, weak=False, facet=part(alias))
    for alias in indicator.weak_aliases:
        yield alias, Named(indicator, weak=True, facet=part(alias))


def _forms(alias: str) -> Iterator[str]:
    """Yield an alias and the forms derived from it."""
    for form in (alias, _stem(alias), *_variants(alias)):
        yield form
        yield normal_form(form)


@cache
def _synonyms() -> tuple[re.Pattern[str], Mapping[str, tuple[str, ...]]]:
    """Return the pattern of all forms, longest first, and the other forms of each."""
    others: dict[str, list[str]] = {}
    for row in read_table("synonyms.csv"):
        forms = row["forms"].split(";")
        for form in forms:
            others.setdefault(form, []).extend(other for other in forms if other != form)
    pattern = "|".join(re.escape(form) for form in sorted(others, key=len, reverse=True))
    return re.compile(pattern), {form: tuple(rest) for form, rest in others.items()}


def _variants(alias: str) -> list[str]:
    """Return an alias with one of its parts in another common form (技改投资, 技术改造投资)."""
    pattern, others = _synonyms()
    return [
        alias[: found.start()] + other + alias[found.end() :]
        for found in pattern.finditer(alias)
        for other in others[found.group()]
        if len(alias) - len(found.group()) + len(other) >= _MIN_VARIANT
    ]


_MIN_VARIANT: Final = 4


def _stems(indicator: Indicator) -> list[tuple[str, str]]:
    """Return (stem, alias) for aliases of people: 实有11人 leaves out the word of 实有人员."""
    if not indicator.unit.classifiers & {"人", "名"}:
        return []
    names = (indicator.name_zh, *indicator.aliases)
    return [(stem, name) for name in names if 2 <= len(stem := _stem(name)) < len(name)]


def _stem(name: str) -> str:
    return re.sub(r"(?:人员数?|人数)$", "", name)


_ENDINGS: Final = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:总数|总量|数量|总额|家数|户数|数|额)$")
_QUOTES: Final = str.maketrans("", "", '“”"‘’「」 \u3000')


@lru_cache(maxsize=16384)
def normal_form(phrase: str) -> str:
    """Return a phrase without quotes, blanks and a final 数, 数量, 总额 and the like.

    >>> normal_form("“三公”经费"), normal_form("高新技术企业数量")
    ('三公经费', '高新技术企业')
    """
    return _ENDINGS.sub("", phrase.translate(_QUOTES))


def read_catalogue(content: str, name: str = "catalogue") -> list[Indicator]:
    """Return the indicators of a catalogue's CSV content.

    Columns: ``id``, ``name_zh`` and ``unit`` must be filled; ``aliases``, ``weak_aliases`` (joined
    by ``;``), ``definition``, ``category_zh``, ``parent``, ``relations``, ``support`` may be.

    Raises
    ------
    CatalogueError
        If a column or field is missing, an id is malformed or repeated, or a unit unknown.
    """
    sheet = read_csv(content)
    if sheet.problems:
        raise CatalogueError(describe(sheet.problems, name))
    return sheet.indicators


class Problem(NamedTuple):
    """A mistake in a catalogue: the line, from 1, and what to do about it."""

    line: int
    message: str


class OwnCatalogue(NamedTuple):
    """What a user's file holds: indicators, whether they stand alone, their lines, mistakes."""

    indicators: list[Indicator]
    alone: bool
    lines: Mapping[str, int]
    problems: list[Problem]


def describe(problems: Sequence[Problem], name: str) -> str:
    """Return the message of an error that names the file, and the lines of the first problems."""
    shown = [f"{name}, line {found.line}: {found.message}" for found in problems[:_MOST_SHOWN]]
    if len(problems) > _MOST_SHOWN:
        shown.append(f"… and {len(problems) - _MOST_SHOWN} more; see `jixiao catalogue check`")
    return "\n".join(shown)


_MOST_SHOWN: Final = 10


def read_csv(content: str) -> OwnCatalogue:
    """Return the indicators of a catalogue's CSV content, and what is wrong with it."""
    reader = csv.DictReader(io.StringIO(content.removeprefix("\ufeff")))
    missing = [column for column in REQUIRED if column not in (reader.fieldnames or ())]
    indicators: dict[str, Indicator] = {}
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    if missing:
        message = (
            f"columns {', '.join(missing)} are missing; given "
            f"{', '.join(reader.fieldnames or ()) or 'nothing'}; the first line names the columns "
            "(in a YAML catalogue each indicator begins with '- name: …')"
        )
        return OwnCatalogue([], False, {}, [Problem(1, message)])
    try:
        for line, row in _rows(reader):
            if not all((row.get(column) or "").strip() for column in REQUIRED):
                problems.append(Problem(line, "id, name_zh and unit must be filled"))
            elif not _ID.fullmatch(row["id"]) or row["id"] in indicators:
                message = f"id {row['id']!r} is repeated or not in snake_case"
                problems.append(Problem(line, message))
            else:
                indicators[row["id"]] = _indicator(row, line, problems)
                lines[row["id"]] = line
    except csv.Error as error:
        problems.append(Problem(reader.line_num, f"no CSV ({error}); is a quotation mark open?"))
    return OwnCatalogue(list(indicators.values()), False, lines, problems)


def _rows(reader: csv.DictReader[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows with the line each begins in: a quoted field may run over several."""
    begin = reader.line_num + 1
    for row in reader:
        yield begin, row
        begin = reader.line_num + 1


def _indicator(row: Mapping[str, str], line: int, problems: list[Problem]) -> Indicator:
    support = {
        alias: tuple(docs.split("|"))
        for entry in _listed(row, "support")
        for alias, _, docs in [entry.rpartition("=")]
    }
    try:
        unit = parse_unit(row["unit"].strip())
    except CatalogueError as error:
        problems.append(Problem(line, str(error)))
        unit = parse_unit("%")
    facets = [entry.partition("=") for entry in _listed(row, "facets")]
    for entry in facets:
        if not entry[1]:
            message = f"facets has {entry[0]!r}; expected alias=part, say 行政编制=行政"
            problems.append(Problem(line, message))
    return Indicator(
        id=row["id"],
        name_zh=row["name_zh"].strip(),
        unit=unit,
        aliases=_listed(row, "aliases"),
        weak_aliases=_listed(row, "weak_aliases"),
        definition=row.get("definition") or "",
        category_zh=row.get("category_zh") or "",
        parent=row.get("parent") or "",
        relations=_listed(row, "relations"),
        support=support,
        facets={alias: facet for alias, _, facet in facets},
    )


def _listed(row: Mapping[str, str], column: str) -> tuple[str, ...]:
    return tuple(part for item in (row.get(column) or "").split(";") if (part := item.strip()))


@lru_cache(maxsize=8)
def load_catalogue(
    content: str | None = None, mode: Literal["add", "replace"] = "add"
) -> Catalogue:
    """Return the built-in catalogue, with the user's rows added or in its place.

    Raises
    ------
    CatalogueError
        If the user's content breaks a rule of :func:`read_own`.
    """
    builtin = shipped()
    if not content:
        return Catalogue(builtin)
    own, alone = read_own(content, "the user's catalogue")
    if alone or (mode == "replace" and own):
        return Catalogue(own)
    return Catalogue([*_left(builtin, own), *own])


@cache
def shipped() -> tuple[Indicator, ...]:
    """Return the indicators of the package."""
    return tuple(read_catalogue(read_text("indicators.csv"), "indicators.csv"))


def read_own(content: str, name: str) -> tuple[list[Indicator], bool]:
    """Return the indicators of a user's catalogue, CSV or YAML, and whether they stand alone.

    Raises
    ------
    CatalogueError
        If something in it is wrong; the message names the file (``name``) and the lines.
    """
    found = parse_own(content)
    if found.problems:
        raise CatalogueError(describe(found.problems, name))
    return found.indicators, found.alone


def parse_own(content: str) -> OwnCatalogue:
    """Return what a user's catalogue holds, CSV or YAML; nothing is raised, mistakes are listed."""
    if not is_yaml(content):
        return read_csv(content)
    # YAML is loaded only where it is written.
    from jixiao.indicators.catalogue_yaml import read_yaml

    return read_yaml(content, shipped())


def is_yaml(content: str) -> bool:
    """Tell whether a catalogue's content is YAML; else it is CSV.

    >>> is_yaml("- name: 义务教育巩固率"), is_yaml("id,name_zh,unit")
    (True, False)
    """
    for line in content.removeprefix("\ufeff").splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        return bool(re.match(r"\s*(?:-(?:\s|--|$)|%YAML|[\[{]|[\w\u4e00-\u9fff]+\s*[:：])", line))
    return bool(content.strip())


def _left(builtin: Iterable[Indicator], own: Sequence[Indicator]) -> Iterator[Indicator]:
    """Yield what the user's indicators leave of the shipped ones: their ids and names are theirs."""
    ids = {indicator.id for indicator in own}
    names = {normal_form(name) for one in own for name in (one.name_zh, *one.aliases)}
    for indicator in builtin:
        if indicator.id in ids or normal_form(indicator.name_zh) in names:
            continue
        aliases, weak = (
            tuple(alias for alias in listed if not _own_forms(alias) & names)
            for listed in (indicator.aliases, indicator.weak_aliases)
        )
        yield replace(indicator, aliases=aliases, weak_aliases=weak)


_LEVEL: Final = re.compile(r"^(?:国家|[省市县区州旗乡镇])级")


def _own_forms(alias: str) -> set[str]:
    """Return the names that make an alias the user's: with its level (县级公立医院) and without."""
    form = normal_form(alias)
    return {form, _LEVEL.sub("", form)}
