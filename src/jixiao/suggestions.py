"""What the reports of a run count that no indicator covers: candidates for a catalogue.

The subjects and nouns of numbers without an indicator are normalised and put together where they are
like each other, pair of characters by pair. Each group is a candidate: an alias of an indicator that
is like it, or a new indicator.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from math import sqrt
from pathlib import Path
from typing import Final, NamedTuple

from jixiao.annotation import Annotation
from jixiao.errors import CatalogueError, SettingsError
from jixiao.indicators.candidates import AliasIndex
from jixiao.indicators.catalogue import Catalogue, Indicator, normal_form
from jixiao.indicators.catalogue_units import unit_of
from jixiao.indicators.dimension import fitness
from jixiao.records import Quantity
from jixiao.stores.annotations import list_doc_ids, read_annotation
from jixiao.tokens.tags import tagged

# A growth, a share or a rank repeats what the number beside it measures.
_OWN: Final = frozenset({None, "level", "new", "net_new", "applied", "recommended", "approved"})
_PEOPLE: Final = frozenset({"人", "名", "位", "人次"})
_LIKE: Final = 0.6
# A pair of characters in more phrases than these tells nothing.
_COMMON: Final = 500
_NEAR: Final = 0.55
_SHOWN: Final = 0.3
_LONGEST: Final = 20
_EXAMPLES: Final = 3
_AROUND: Final = 40
_SENTENCE: Final = 12
_DROPPED: Final = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9.]+")
# Numbers, but not those inside a name: PM2.5, 5G.
_NUMBER: Final = re.compile(
    r"^[\d一二三四五六七八九十]+[、.．）)]|(?<![A-Za-z.\d])\d[\d.]*(?![\d.A-Za-z])|[一二三四五六七八九十两]+[是为]"
)
_BRACKET: Final = re.compile(r"[（(][^（）()]*[）)]")
_HALF: Final = re.compile(r"^.*[）)]|[（(].*$")
_BREAK: Final = re.compile(r".*[，。；：、]")
_EDGE: Final = re.compile(
    r"^(?:年度|年初|年末|年底|年内|全年|本年|上年|当年|目前|现有|实有|共有|其中|全县|全市|全区|全省|新增|累计|"
    r"完成|实现|组织|开展|举办|达到|建成|新建|分别|总计|合计|平均)+|"
    r"(?:达到|完成|实现|分别|累计|新增|共计|合计|总计|数量|总数|总量|总额|金额|家数|户数|个数)+$"
)
_EMPTY: Final = re.compile(
    r"企业|项目|单位|人员|机构|个人|产品|部门|公司|资金|经费|金额|数量|目标值?|[一二三]级指标|指标|任务|问题|"
    r"工作|年龄|标准|比例|完成率|执行率|其他|合计|总计|平均|人均|时间|期限|分值|得分|总分|满分|总数|人数|次数|"
    r"群众|县区|以上|以下|左右"
)
_BARE: Final = frozenset({"v", "d", "p", "c", "u", "uj", "ul", "r", "m", "t", "f", "x", "a", "ad"})


class Example(NamedTuple):
    """A number in its sentence; the offsets are those of the number in the raw text."""

    doc_id: str
    start: int
    end: int
    text: str
    quote: str


class Nearest(NamedTuple):
    """The indicator most like a group of phrases, and the alias that is."""

    id: str
    name: str
    alias: str
    similarity: float


@dataclass(slots=True)
class Suggestion:
    """What several numbers without an indicator are about.

    ``phrases`` are its wordings with their counts, the most frequent first, which is the ``name``.
    ``alias_of`` tells whether ``nearest`` is so like it that an alias will do.
    """

    name: str
    unit: str
    phrases: dict[str, int]
    mentions: int
    documents: int
    examples: list[Example]
    nearest: Nearest | None = None
    alias_of: bool = False


@dataclass(slots=True)
class _Phrase:
    """One wording of one kind of unit."""

    text: str
    kind: str
    count: int = 0
    documents: set[str] = field(default_factory=set)
    units: Counter[str] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)
    number: Quantity | None = None


def suggest(folder: Path, catalogue: Catalogue, *, least: int = 2) -> list[Suggestion]:
    """Return what the numbers without an indicator are about, the most frequent first.

    Parameters
    ----------
    folder
        The output of ``jixiao annotate``.
    catalogue
        The indicators that may be near; use the one the run was made with.
    least
        The fewest numbers a suggestion must have.

    Raises
    ------
    SettingsError
        If there are no annotations in the folder.
    OutputError, RecordError
        If a file is missing or broken.
    """
    phrases: dict[tuple[str, str], _Phrase] = {}
    for doc_id in _doc_ids(folder):
        _collect(read_annotation(folder, doc_id), phrases)
    groups = _cluster(phrases.values())
    names = _Names(catalogue)
    found = [
        names.place(group) for group in groups if sum(one.count for one in group) >= max(least, 1)
    ]
    return sorted(found, key=lambda one: (-one.mentions, -one.documents, one.name, one.unit))


def _doc_ids(folder: Path) -> list[str]:
    doc_ids = list_doc_ids(folder)
    if not doc_ids:
        raise SettingsError(
            f"no annotations in {folder}; expected the folder given to `jixiao annotate --out`"
        )
    return doc_ids


# -- phrases ------------------------------------------------------------------------------------


def _collect(annotation: Annotation, phrases: dict[tuple[str, str], _Phrase]) -> None:
    """Add the phrases of one document."""
    doc_id = annotation.document.doc_id
    for quantity in annotation.quantities:
        if quantity.indicator is not None or not _counts(quantity):
            continue
        text = phrase_of(quantity)
        if not text:
            continue
        kind = _kind(quantity)
        phrase = phrases.setdefault((text, kind), _Phrase(text, kind))
        phrase.count += 1
        if doc_id not in phrase.documents or len(phrase.examples) < _EXAMPLES:
            phrase.examples.append(_example(annotation, quantity))
            # One of each document first.
            phrase.examples = _spread(phrase.examples)
        phrase.documents.add(doc_id)
        phrase.units[_unit(quantity)] += 1
        phrase.number = phrase.number or quantity


def _counts(quantity: Quantity) -> bool:
    return (
        quantity.measure in _OWN
        and quantity.modality != "rule"
        and quantity.label not in ("RANK", "SCORE")
    )


def phrase_of(quantity: Quantity) -> str:
    """Return what a number is about, without numbers, times, verbs and 数 or 总额 at its end.

    Empty where its words say nothing: 项目, 资金, 年末.

    >>> number = Quantity(id="q1", start=0, end=3, text="84个", label="COUNT", noun="村卫生室")
    >>> phrase_of(number)
    '村卫生室'
    """
    for words in (quantity.noun if quantity.label == "COUNT" else None, quantity.subject):
        text = _clean(words or "")
        if 2 <= len(text) <= _LONGEST and not _EMPTY.fullmatch(text):
            return text
    return ""


def _clean(words: str) -> str:
    text = _HALF.sub("", _BRACKET.sub("", words))
    text = _BREAK.sub("", text)
    text = _DROPPED.sub("", _NUMBER.sub("", text))
    text = normal_form(_EDGE.sub("", text))
    tokens = list(tagged(text))
    # 率 alone is a verb to the dictionary; here it ends a noun.
    while tokens and tokens[0].tag in _BARE and not (len(tokens) > 1 and tokens[1].text == "率"):
        tokens.pop(0)
    while tokens and tokens[-1].tag in _BARE and not tokens[-1].text.endswith("率"):
        tokens.pop()
    if len(tokens) == 1 and tokens[0].tag in ("vn", "v", "an"):
        return ""
    return "".join(token.text for token in tokens)


def _kind(quantity: Quantity) -> str:
    """Return which numbers can measure the same: money, people, other counts, or one unit."""
    if quantity.label == "COUNT":
        return "people" if quantity.unit in _PEOPLE else "count"
    return _unit(quantity)


def _unit(quantity: Quantity) -> str:
    unit = quantity.unit or ""
    return {"CNY": "元", "pp": "%", "times": "倍"}.get(unit, unit)


def _example(annotation: Annotation, quantity: Quantity) -> Example:
    first, last = quantity.sentence or (quantity.start, quantity.end)
    if last - first < _SENTENCE:  # a cell of a table: its neighbours say more
        first, last = 0, len(annotation.text)
    start, end = max(first, quantity.start - _AROUND), min(last, quantity.end + _AROUND)
    words = " ".join(annotation.text[start:end].split())
    quote = f"{'…' if start > first else ''}{words}{'…' if end < last else ''}"
    doc_id = annotation.document.doc_id
    return Example(doc_id, quantity.start, quantity.end, quantity.text, quote)


def _spread(examples: Sequence[Example]) -> list[Example]:
    """Return at most three examples, of different documents where there are."""
    first: dict[str, Example] = {}
    rest = []
    for example in examples:
        if first.setdefault(example.doc_id, example) is not example:
            rest.append(example)
    return [*first.values(), *rest][:_EXAMPLES]


# -- groups -------------------------------------------------------------------------------------


def _cluster(phrases: Iterable[_Phrase]) -> list[list[_Phrase]]:
    """Return the phrases in groups: each joins the most frequent one that it is like.

    Like means: the same kind of unit and :func:`similarity` of at least 0.6.
    """
    ordered = sorted(phrases, key=lambda one: (-one.count, len(one.text), one.text, one.kind))
    frequency = Counter(pair for one in ordered for pair in _pairs(one.text))
    groups: list[list[_Phrase]] = []
    leaders = _Leaders()
    for phrase in ordered:
        rarest = sorted(_pairs(phrase.text), key=lambda pair: (frequency[pair], pair))
        # Many phrases share 管理 and 理率; the rarer half tells them apart.
        rarer = rarest[: (len(rarest) + 1) // 2]
        telling = [pair for pair in rarer if frequency[pair] <= _COMMON]
        near = leaders.near(phrase, telling)
        likeness = [(similarity(phrase.text, groups[n][0].text), -n) for n in near]
        best = max(likeness, default=(0.0, 0))
        if best[0] >= _LIKE:
            groups[-best[1]].append(phrase)
        else:
            leaders.add(phrase, telling, len(groups))
            groups.append([phrase])
    return groups


class _Leaders:
    """The first phrases of groups, found by a telling pair or where one ends with the other."""

    def __init__(self) -> None:
        self._by_pair: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._by_text: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._by_ending: dict[tuple[str, str], list[int]] = defaultdict(list)

    def add(self, phrase: _Phrase, telling: Sequence[str], number: int) -> None:
        for pair in telling:
            self._by_pair[phrase.kind, pair].append(number)
        self._by_text[phrase.kind, phrase.text].append(number)
        for ending in _endings(phrase.text):
            self._by_ending[phrase.kind, ending].append(number)

    def near(self, phrase: _Phrase, telling: Sequence[str]) -> set[int]:
        kind = phrase.kind
        found = set(self._by_ending.get((kind, phrase.text), ()))
        found.update(n for pair in telling for n in self._by_pair.get((kind, pair), ()))
        found.update(n for end in _endings(phrase.text) for n in self._by_text.get((kind, end), ()))
        return found


def _endings(text: str) -> list[str]:
    return [text[start:] for start in range(1, len(text) - 1)]


def similarity(one: str, other: str) -> float:
    """Return the cosine of two phrases' pairs of characters, 0 where they name different things.

    They do where the last two characters differ, or what stands before the common ending has
    nothing in common: 儿童健康管理率 and 老年人健康管理率.

    >>> round(similarity("执行率", "预算执行率"), 2), similarity("儿童健康管理率", "老人健康管理率")
    (0.71, 0.0)
    """
    if one[-2:] != other[-2:]:
        return 0.0
    together = zip(reversed(one), reversed(other), strict=False)
    ending = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], together))
    first, second = set(one[: len(one) - ending]), set(other[: len(other) - ending])
    if first and second and not first & second:
        return 0.0
    ours, theirs = _pairs(one), _pairs(other)
    return len(ours & theirs) / sqrt(len(ours) * len(theirs)) if ours and theirs else 0.0


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


class _Names:
    """The names of a catalogue, to find the nearest."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._by_ending: dict[str, list[str]] = defaultdict(list)
        for alias in catalogue.aliases:
            self._by_ending[alias[-2:]].append(alias)

    def place(self, group: Sequence[_Phrase]) -> Suggestion:
        """Return the suggestion of a group of phrases, with the nearest indicator."""
        documents = set().union(*(one.documents for one in group))
        units = sum((one.units for one in group), Counter[str]())
        phrases: Counter[str] = Counter()
        for one in group:
            phrases[one.text] += one.count
        nearest = self._nearest(group)
        return Suggestion(
            name=group[0].text,
            unit=min(units, key=lambda unit: (-units[unit], unit)),
            phrases=dict(phrases.most_common()),
            mentions=sum(phrases.values()),
            documents=len(documents),
            examples=_spread([example for one in group for example in one.examples]),
            nearest=nearest,
            alias_of=nearest is not None and nearest.similarity >= _NEAR,
        )

    def _nearest(self, group: Sequence[_Phrase]) -> Nearest | None:
        number, name = group[0].number, group[0].text
        best: tuple[float, str, Indicator] | None = None
        for alias in self._by_ending.get(name[-2:], ()):
            score = similarity(name, normal_form(alias))
            for indicator, *_ in self._catalogue.aliases[alias]:
                if number is not None and not fitness(number, indicator.unit):
                    continue
                if score >= _SHOWN and (best is None or (-score, alias) < (-best[0], best[1])):
                    best = score, alias, indicator
        if best is None:
            return None
        score, alias, indicator = best
        return Nearest(indicator.id, indicator.name_zh, alias, round(score, 3))


# -- as a catalogue -----------------------------------------------------------------------------


def to_yaml(suggestions: Sequence[Suggestion], source: str) -> str:
    """Return a catalogue of the suggestions in YAML, ready to edit, examples as comments."""
    lines = [
        f"# {len(suggestions)} suggestions from {_comment(source)}. Delete what you do not need, correct",
        "# names and units, then: jixiao catalogue check THIS_FILE",
        "extends: default",
        "indicators:" if suggestions else "indicators: []",
    ]
    aliases: dict[str, list[Suggestion]] = defaultdict(list)
    for one in suggestions:
        if one.alias_of and one.nearest is not None:
            aliases[one.nearest.id].append(one)
    written: set[str] = set()
    for one in suggestions:
        if not (one.alias_of and one.nearest is not None):
            lines += _entry(one, written)
        elif aliases[one.nearest.id][0] is one:
            lines += _added(one.nearest, aliases[one.nearest.id], written)
    return "\n".join(lines) + "\n"


def _entry(one: Suggestion, written: set[str]) -> Iterator[str]:
    """Yield the lines of a new indicator."""
    phrases = [phrase for phrase in one.phrases if phrase not in written]
    if not phrases:
        return
    written.update(phrases)
    yield from _comments(one)
    yield f"  - name: {_scalar(phrases[0])}"
    if one.unit and _is_aligned(one.unit):
        yield f"    unit: {_scalar(one.unit)}"
    elif one.unit:
        yield f"    # no unit: numbers in {_comment(one.unit)} are not aligned yet"
    if phrases[1:]:
        yield f"    aliases: [{', '.join(map(_scalar, phrases[1:]))}]"


def _is_aligned(unit: str) -> bool:
    """Tell whether a catalogue may have a unit."""
    try:
        unit_of(unit)
    except CatalogueError:
        return False
    return True


def _added(nearest: Nearest, group: Sequence[Suggestion], written: set[str]) -> Iterator[str]:
    """Yield the lines that add aliases to a shipped indicator."""
    phrases = [phrase for one in group for phrase in one.phrases if phrase not in written]
    if not phrases:
        return
    written.update(phrases)
    for one in group:
        yield from _comments(one)
    yield f"  - id: {nearest.id}  # {_comment(nearest.name)}"
    yield f"    aliases: [{', '.join(map(_scalar, dict.fromkeys(phrases)))}]"


def _comments(one: Suggestion) -> Iterator[str]:
    near = f"; nearest: {one.nearest.name}" if one.nearest is not None else ""
    counts = f"{_counted(one.mentions, 'number')} in {_counted(one.documents, 'document')}"
    yield f"  # {one.name}: {counts}{_comment(near)}"
    for example in one.examples:
        place = f"{example.doc_id} [{example.start}, {example.end})"
        yield f"  #   {_comment(place)}: {_comment(example.quote)}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _comment(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]", " ", text).split())


def _scalar(text: str) -> str:
    plain = re.fullmatch(r"[\u4e00-\u9fff][\u4e00-\u9fffA-Za-z0-9（）]*", text)
    return text if plain else json.dumps(text, ensure_ascii=False)


# -- coverage -----------------------------------------------------------------------------------


class Coverage(NamedTuple):
    """How often a run names an indicator, in how many documents, and how many numbers it has."""

    id: str
    name: str
    named: int
    documents: int
    numbers: int


def cover(folder: Path, catalogue: Catalogue, ids: Sequence[str]) -> list[Coverage]:
    """Return how often the reports of a run name some indicators of a catalogue.

    ``numbers`` are those the run aligned to the indicator: none where it was made with another
    catalogue.

    Raises
    ------
    SettingsError
        If there are no annotations in the folder.
    OutputError, RecordError
        If a file is missing or broken.
    """
    wanted = set(ids)
    index = AliasIndex(catalogue)
    named: Counter[str] = Counter()
    documents: dict[str, set[str]] = defaultdict(set)
    numbers: Counter[str] = Counter()
    for doc_id in _doc_ids(folder):
        annotation = read_annotation(folder, doc_id)
        for found in index.occurrences(annotation.text):
            for indicator, *_ in found.named:
                named[indicator.id] += 1
                documents[indicator.id].add(doc_id)
        numbers.update(q.indicator for q in annotation.quantities if q.indicator in wanted)
    return [
        Coverage(one, catalogue.name(one), named[one], len(documents[one]), numbers[one])
        for one in ids
    ]
