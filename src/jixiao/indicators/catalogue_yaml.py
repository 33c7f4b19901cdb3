"""A user's catalogue in YAML: short to write, every mistake told with its line.

The nodes of the file are read, not its values: a node knows its line, and 0755, no or 2021 stay
the text that was written.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import yaml

from jixiao.errors import CatalogueError
from jixiao.indicators.catalogue import Indicator, OwnCatalogue, Problem, normal_form
from jixiao.indicators.catalogue_units import guess_unit, unit_of
from jixiao.indicators.catalogue_words import heads_of
from jixiao.indicators.dimension import UnitSpec

_ID: Final = re.compile(r"[a-z][a-z0-9_]*")
# What may be written, and the same in Chinese.
_KEYS: Final = {
    "name": "name",
    "名称": "name",
    "指标": "name",
    "id": "id",
    "编号": "id",
    "unit": "unit",
    "单位": "unit",
    "aliases": "aliases",
    "alias": "aliases",
    "别名": "aliases",
    "weak_aliases": "weak_aliases",
    "弱别名": "weak_aliases",
    "definition": "definition",
    "定义": "definition",
    "category": "category",
    "类别": "category",
    "parent": "parent",
    "上级": "parent",
    "relations": "relations",
    "关系": "relations",
}
_TOP: Final = {"extends": "extends", "indicators": "indicators", "指标": "indicators"}
_LISTS: Final = frozenset({"aliases", "weak_aliases", "relations"})
_EXAMPLE: Final = "- name: 义务教育巩固率"
_FULL_WIDTH: Final = re.compile(r"\s*(?:-\s*)?[\w\u4e00-\u9fff]+：")
_SEPARATORS: Final = re.compile(r"[;；、,，]")
# YAML forbids a bare % at the start of a value; `unit: %` is what everyone writes.
_BARE_PERCENT: Final = re.compile(r"(?m)^(\s*(?:-\s+)?(?:unit|单位)\s*:\s+)([%％‰])(?=\s*(?:#|$))")


@dataclass(slots=True)
class Entry:
    """An indicator as it is written, with the line it begins in."""

    line: int
    name: str = ""
    id: str = ""
    unit: UnitSpec | None = None
    aliases: tuple[str, ...] = ()
    weak_aliases: tuple[str, ...] = ()
    definition: str = ""
    category: str = ""
    parent: str = ""
    relations: tuple[str, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Sheet:
    """A catalogue as it is written."""

    extends: Literal["default", "none"] = "default"
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def derived_id(name: str) -> str:
    """Return the id of an indicator that was given none: ``own_`` and eight hex digits of its name.

    They are the first of the SHA-256 of the name (UTF-8, NFC), so that the same name has the same
    id in every file and every year.

    >>> derived_id("义务教育巩固率")
    'own_38ba6a77'
    """
    composed = unicodedata.normalize("NFC", name)
    return f"own_{hashlib.sha256(composed.encode()).hexdigest()[:8]}"


def read_yaml(content: str, shipped: Iterable[Indicator] = ()) -> OwnCatalogue:
    """Return the indicators of a YAML catalogue, and what is wrong with it.

    An entry that has the id of a shipped indicator, or without an id its name (as name or alias),
    adds its aliases to it; what else it says takes the place of what is shipped. ``extends: none``
    leaves the shipped ones out.
    """
    sheet = parse_sheet(content)
    alone = sheet.extends == "none"
    known = {} if alone else {indicator.id: indicator for indicator in shipped}
    return _Builder(sheet, known).build(alone)


# -- what is written ----------------------------------------------------------------------------


def parse_sheet(content: str) -> Sheet:
    """Return what a YAML catalogue says; nothing is raised, mistakes are listed."""
    sheet = Sheet()
    content = _BARE_PERCENT.sub(r'\1"\2"', content.removeprefix("\ufeff"))
    try:
        root = yaml.compose(content, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        sheet.problems.append(_syntax(error, content))
        return sheet
    except yaml.reader.ReaderError as error:
        line = content.count("\n", 0, error.position) + 1
        sheet.problems.append(Problem(line, "a control character; delete it"))
        return sheet
    except RecursionError:
        sheet.problems.append(Problem(1, f"nested too deeply; expected lines like {_EXAMPLE}"))
        return sheet
    _read_root(root, sheet)
    return sheet


def _syntax(error: yaml.MarkedYAMLError, content: str) -> Problem:
    """Return a YAML error in words that help."""
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    lines = content.splitlines()
    told = " ".join(filter(None, (error.context, error.problem)))
    here = lines[line - 1] if line <= len(lines) else ""
    if "\t" in here[: len(here) - len(here.lstrip())] or "'\\t'" in told:
        return Problem(line, "a tab; YAML is indented by blanks: put two blanks in its place")
    for number in range(min(line, len(lines)), max(line - 3, 0), -1):
        if _FULL_WIDTH.match(lines[number - 1]):
            message = "a full-width colon '：'; write ': ' (a colon and a blank) after a key"
            return Problem(number, message)
    if "mapping values are not allowed" in told:
        advice = 'align the keys of an indicator, and put text with a colon in quotes: "a: b"'
        return Problem(line, f"a key or a colon where none can stand; {advice}")
    if re.search(r"cannot start any token|an? (?:alias|anchor|tag)|undefined alias", told):
        return Problem(line, f"a value that begins with a sign of YAML ({told}); put it in quotes")
    return Problem(
        line,
        f"no YAML ({told}); expected one indicator for each '- name: …', its other keys aligned "
        "below name",
    )


def _read_root(root: yaml.Node | None, sheet: Sheet) -> None:
    if root is None:
        sheet.problems.append(Problem(1, f"no indicators; expected lines like {_EXAMPLE}"))
        return
    if isinstance(root, yaml.MappingNode):
        root = _read_top(root, sheet)
        if root is None:
            return
    if not isinstance(root, yaml.SequenceNode):
        message = f"{_shown(root)} is no list of indicators; expected lines like {_EXAMPLE}"
        sheet.problems.append(Problem(_line(root), message))
        return
    for node in root.value:
        entry = _read_entry(node, sheet)
        if entry is not None:
            sheet.entries.append(entry)
    if not root.value:
        sheet.problems.append(Problem(_line(root), f"the list is empty; expected {_EXAMPLE}"))


def _read_top(root: yaml.MappingNode, sheet: Sheet) -> yaml.Node | None:
    """Read the keys of the whole file; return the list of indicators."""
    listed: yaml.Node | None = None
    for key, value in _items(root, _TOP, "the file", sheet):
        if key == "indicators":
            listed = value
            continue
        text = _text(value, key, sheet)
        if text in ("default", "none"):
            sheet.extends = "none" if text == "none" else "default"
        elif text is not None:
            message = f"extends is {text!r}; expected default (beside the shipped) or none (alone)"
            sheet.problems.append(Problem(_line(value), message))
    if listed is None and not sheet.problems:
        message = f"no key indicators; expected 'indicators:' and below it lines like {_EXAMPLE}"
        sheet.problems.append(Problem(_line(root), message))
    return listed


def _read_entry(node: yaml.Node, sheet: Sheet) -> Entry | None:
    if isinstance(node, yaml.ScalarNode):
        name = _text(node, "name", sheet)
        return Entry(_line(node), name=name) if name else None
    if not isinstance(node, yaml.MappingNode):
        message = f"a list inside the list; expected an indicator like {_EXAMPLE}"
        sheet.problems.append(Problem(_line(node), message))
        return None
    entry = Entry(_line(node))
    for key, value in _items(node, _KEYS, "an indicator", sheet):
        entry.lines[key] = _line(value)
        if key in _LISTS:
            setattr(entry, key, _texts(value, key, sheet))
        elif key == "unit":
            entry.unit = _unit(value, sheet)
        else:
            setattr(entry, key, _text(value, key, sheet) or "")
    if entry.id and not _ID.fullmatch(entry.id):
        advice = "expected a-z first, then a-z, 0-9 and _; or leave it out"
        sheet.problems.append(
            Problem(entry.lines["id"], f"id {entry.id!r} is not usable; {advice}")
        )
    if not entry.name and not entry.id and "name" not in entry.lines:
        message = f"an indicator without a name; expected, say, {_EXAMPLE}"
        sheet.problems.append(Problem(entry.line, message))
    return entry


def _unit(node: yaml.Node, sheet: Sheet) -> UnitSpec | None:
    parts = _texts(node, "unit", sheet, split=False)
    try:
        return unit_of("、".join(parts)) if parts else None
    except CatalogueError as error:
        sheet.problems.append(Problem(_line(node), str(error)))
        return None


def _items(
    node: yaml.MappingNode, keys: Mapping[str, str], what: str, sheet: Sheet
) -> Iterator[tuple[str, yaml.Node]]:
    """Yield the known keys of a mapping with their values; list the others as problems."""
    seen: set[str] = set()
    for key_node, value in node.value:
        written = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "a list"
        key = keys.get(written.strip())
        if key is None:
            near = difflib.get_close_matches(written.lower(), keys, 1, 0.6)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            known = ", ".join(dict.fromkeys(keys.values()))
            message = f"{what} has no key {written!r}{hint} Expected {known}"
            message = message if near else message.replace(" Expected", "; expected")
            sheet.problems.append(Problem(_line(key_node), message))
        elif key in seen:
            message = f"{key} is given twice; join the two, or begin a new indicator with '- '"
            sheet.problems.append(Problem(_line(key_node), message))
        else:
            seen.add(key)
            yield key, value


def _text(node: yaml.Node, key: str, sheet: Sheet) -> str | None:
    """Return the text of a value, None and a problem where it is none."""
    if not isinstance(node, yaml.ScalarNode):
        kind = "a list" if isinstance(node, yaml.SequenceNode) else "a mapping"
        sheet.problems.append(Problem(_line(node), f"{key} is {kind}; expected one text"))
        return None
    text = " ".join(node.value.split())
    tag = node.tag.rpartition(":")[2]
    if not text or tag == "null":
        message = f"{key} is empty; write it behind the colon, or delete the line"
        sheet.problems.append(Problem(_line(node), message))
        return None
    if tag != "str":
        message = f"{key} is {text}, which YAML reads as {tag}; expected text; put it in quotes"
        sheet.problems.append(Problem(_line(node), message))
        return None
    return text


def _texts(node: yaml.Node, key: str, sheet: Sheet, *, split: bool = True) -> tuple[str, ...]:
    """Return the texts of a list; one text is a list of its own, parts joined by ``、`` or ``；``."""
    if isinstance(node, yaml.ScalarNode):
        text = _text(node, key, sheet)
        parts = _SEPARATORS.split(text) if text and split else [text or ""]
        return tuple(part.strip() for part in parts if part.strip())
    if not isinstance(node, yaml.SequenceNode):
        message = f"{key} is a mapping; expected a list like [甲, 乙] or lines '- 甲'"
        sheet.problems.append(Problem(_line(node), message))
        return ()
    texts = (_text(item, key, sheet) for item in node.value)
    return tuple(dict.fromkeys(text for text in texts if text))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _shown(node: yaml.Node) -> str:
    return repr(node.value)[:40] if isinstance(node, yaml.ScalarNode) else "this"


# -- what it means ------------------------------------------------------------------------------


class _Builder:
    """Turns entries into indicators, beside those that are shipped."""

    def __init__(self, sheet: Sheet, shipped: Mapping[str, Indicator]) -> None:
        self._sheet = sheet
        self._problems = sheet.problems
        self._shipped = shipped
        self._by_name = {normal_form(one.name_zh): one for one in shipped.values()}
        # 义务教育巩固率 is 九年义务教育巩固率, whose alias it is; 专任教师 is narrower than 教师.
        self._by_ending = {
            alias: one
            for one in shipped.values()
            for alias in one.aliases
            if one.name_zh.endswith(alias) and alias not in one.facets
        }
        self._ids: dict[str, str] = {}  # id or name -> id, the user's before the shipped

    def build(self, alone: bool) -> OwnCatalogue:
        kept: dict[str, Entry] = {}
        for entry in self._sheet.entries:
            if not entry.name and not entry.id:
                continue
            found = self._identify(entry, kept)
            if found in kept:
                other = kept[found]
                message = (
                    f"the indicator {entry.name or found!r} is also in line {other.line}; expected "
                    "each once; join the two, or give one another name and id"
                )
                self._problems.append(Problem(entry.line, message))
                continue
            kept[found] = entry
            self._ids.update({found: found, **({entry.name: found} if entry.name else {})})
        for indicator in self._shipped.values():
            self._ids.setdefault(indicator.id, indicator.id)
            self._ids.setdefault(indicator.name_zh, indicator.id)
        self._find_shared(kept)
        taken = {form for entry in kept.values() for form in _forms(entry)}
        taken |= {
            normal_form(alias)
            for indicator in self._shipped.values()
            for alias in (indicator.name_zh, *indicator.aliases, *indicator.weak_aliases)
        }
        heads = heads_of({key: _names(entry) for key, entry in kept.items()}, taken)
        indicators = [self._indicator(key, entry, heads[key]) for key, entry in kept.items()]
        lines = {key: entry.line for key, entry in kept.items()}
        self._problems.sort()
        return OwnCatalogue(indicators, alone, lines, self._problems)

    def _identify(self, entry: Entry, kept: Mapping[str, Entry]) -> str:
        """Return the id of an entry: its own, that of the shipped indicator it names, or a new one."""
        if entry.id:
            if not entry.name and entry.id not in self._shipped:
                near = difflib.get_close_matches(entry.id, self._shipped, 1)
                hint = f"did you mean {near[0]}? Else " if near else ""
                message = f"{entry.id!r} is no shipped indicator, so it needs a name; {hint}add one"
                self._problems.append(Problem(entry.line, message))
            return entry.id
        same = (self._by_name.get(normal_form(name)) for name in _names(entry))
        shipped = next(filter(None, (*same, self._by_ending.get(entry.name))), None)
        if shipped is None or (shipped.id in kept and kept[shipped.id].name != entry.name):
            return derived_id(entry.name)
        return shipped.id

    def _find_shared(self, kept: Mapping[str, Entry]) -> None:
        """List the aliases that two indicators of the file have."""
        owners: dict[str, str] = {}
        for key, entry in kept.items():
            for alias in dict.fromkeys(_names(entry)):
                owner = owners.setdefault(alias, key)
                if owner != key:
                    other = kept[owner]
                    line = entry.lines.get("aliases", entry.line)
                    message = (
                        f"{alias!r} names this indicator and {other.name or owner!r} (line "
                        f"{other.line}); expected each alias once; delete it where it fits less, or "
                        "make it longer"
                    )
                    self._problems.append(Problem(line, message))

    def _indicator(self, key: str, entry: Entry, heads: tuple[str, ...]) -> Indicator:
        base = self._shipped.get(key)
        name = entry.name or (base.name_zh if base else key)
        unit = entry.unit or (base.unit if base else guess_unit(name))
        aliases = [*(base.aliases if base else ()), *entry.aliases]
        if base and base.name_zh != name:
            aliases.insert(0, base.name_zh)
        weak = [*(base.weak_aliases if base else ()), *entry.weak_aliases, *heads]
        strong = {name, *aliases}
        return Indicator(
            id=key,
            name_zh=name,
            unit=unit,
            aliases=tuple(dict.fromkeys(alias for alias in aliases if alias != name)),
            weak_aliases=tuple(dict.fromkeys(alias for alias in weak if alias not in strong)),
            definition=entry.definition or (base.definition if base else ""),
            category_zh=entry.category or (base.category_zh if base else ""),
            parent=self._resolve(entry, "parent", entry.parent) or (base.parent if base else ""),
            relations=self._relations(entry) or (base.relations if base else ()),
            support=base.support if base else {},
            facets=base.facets if base else {},
        )

    def _relations(self, entry: Entry) -> tuple[str, ...]:
        """Return the relations of an entry, their names turned into ids."""
        found = []
        for relation in entry.relations:
            parts = re.split(r"\s*([=＝+＋/])\s*", relation.strip())
            signs = "".join(parts[1::2]).replace("＝", "=").replace("＋", "+")
            if not re.fullmatch(r"=(?:\++|/)", signs) or not all(parts[::2]):
                message = (
                    f"relation {relation!r} is not understood; expected, say, "
                    "'支出合计 = 基本支出 + 项目支出' or '执行率 = 支出 / 预算'"
                )
                self._problems.append(Problem(entry.lines.get("relations", entry.line), message))
                continue
            ids = [self._resolve(entry, "relations", part) for part in parts[::2]]
            found.append(f"{ids[0]} = " + f" {signs[-1]} ".join(ids[1:]))
        return tuple(found)

    def _resolve(self, entry: Entry, key: str, written: str) -> str:
        """Return the id of an indicator named by id or name, and a problem where there is none."""
        if not written or written in self._ids:
            return self._ids.get(written, "")
        near = difflib.get_close_matches(written, self._ids, 1)
        hint = f"did you mean {near[0]!r}?" if near else "add it to the file or correct the name"
        message = f"{key} names {written!r}, which is no indicator's id or name; {hint}"
        self._problems.append(Problem(entry.lines.get(key, entry.line), message))
        return ""


def _names(entry: Entry) -> tuple[str, ...]:
    return (*((entry.name,) if entry.name else ()), *entry.aliases)


def _forms(entry: Entry) -> set[str]:
    return {normal_form(alias) for alias in (*_names(entry), *entry.weak_aliases)}
