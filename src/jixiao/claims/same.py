"""Which claims of a report state the same achievement: said in the summary, then in its section."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Final

from jixiao.documents.bodies import is_short_for
from jixiao.entities import full_names
from jixiao.resources import read_table, table_cache

if TYPE_CHECKING:
    from jixiao.annotation import Annotation
    from jixiao.records import Claim, Quantity

_MARKS: Final = re.compile(r"[\s“”‘’\"'「」『』《》〈〉【】〔〕()\[\]·、,，.．:：;；]+")
_VERB_KINDS: Final = frozenset({"recognition", "output", "growth"})
_ADVERBS: Final = (
    "成功",
    "顺利",
    "再次",
    "首次",
    "率先",
    "正式",
    "连续",
    "累计",
    "已",
    "又",
    "被",
    "了",
    "为",
    "共",
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d年度?")
_TITLE_WORD: Final = re.compile(r"(?:荣誉称号|称号|荣誉|奖牌)$")
# Who helps another to an outcome is not who achieved it.
_HELPING: Final = re.compile(r"(?:帮助|协助|指导|协调|组织|支持|推荐|推动|引导|有|由)+(?=..)")
_OWN: Final = re.compile(r"[我本全]((?:单位|中心|[省市县区州局委办院校镇乡部]))$")
_REGIONS: Final = frozenset("省市县区州镇乡")
_LEAST: Final = 2
# A shorter object (新高, 总数, 增速) does not tell by itself what was achieved.
_TELLING: Final = 4
_SEVERAL: Final = -1

_Key = tuple[Hashable, ...]


def find_repeats(annotation: Annotation) -> dict[str, str]:
    r"""Return, for each claim that repeats an earlier one, the id of the first that states it.

    Two claims are one achievement with two mentions where these are equal: kind, level, modality,
    the normalised object, the year of the honour (else the fiscal year), the quantities (value, unit,
    measure, direction, peers, year, indicator); and where the actors do not contradict each other:
    one is not stated, or is a short form of the other. Two claims in one sentence are two
    achievements. A claim whose object is too short to tell what was achieved, and which names no
    actor, repeats another only where their numbers are of the same subject, or, without numbers,
    where their sentences are equal.

    >>> from jixiao.pipeline import annotate_text
    >>> report = "一、工作成效\n民乐县荣获“全国双拥模范县”称号。\n二、履职成效\n民乐县获评全国双拥模范县。\n"
    >>> find_repeats(annotate_text(report))
    {'c2': 'c1'}
    """
    keys = _Keys(annotation)
    buckets: dict[_Key, list[Claim]] = defaultdict(list)
    seen: Counter[_Key] = Counter()
    for claim in annotation.claims:
        key = keys.of(claim)
        here = (claim.sentence, keys.actor(claim), key)
        buckets[(seen[here], *key)].append(claim)
        seen[here] += 1
    repeats: dict[str, str] = {}
    for claims in buckets.values():
        if len(claims) > 1:
            for group in _groups(claims, keys):
                repeats.update((claim.id, group[0].id) for claim in group[1:])
    return repeats


def mark_repeats(annotation: Annotation) -> None:
    """Set ``same_as`` of each claim that repeats an earlier one, as :func:`find_repeats` tells."""
    repeats = find_repeats(annotation)
    for claim in annotation.claims:
        claim.same_as = repeats.get(claim.id)


def normalised(phrase: str) -> str:
    """Return a phrase without quotes, marks, blanks, leading verbs and a closing 称号.

    >>> normalised("被评为“先进 集体”称号"), normalised("获批国家创新型城市"), normalised("新建")
    ('先进集体', '国家创新型城市', '新建')
    """
    phrase = _MARKS.sub("", unicodedata.normalize("NFKC", phrase))
    verb = _leading_verbs().match(phrase)
    if verb and len(phrase) - verb.end() >= _LEAST:
        phrase = phrase[verb.end() :]
    title = _TITLE_WORD.search(phrase)
    return phrase[: title.start()] if title and title.start() >= _LEAST else phrase


@table_cache()
def _leading_verbs() -> re.Pattern[str]:
    verbs = {
        row["surface"]
        for row in read_table("triggers.csv")
        if row["kind"] in _VERB_KINDS and len(row["surface"]) >= _LEAST
    }
    longest_first = sorted(verbs.union(_ADVERBS, "获"), key=lambda verb: (-len(verb), verb))
    return re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))}){{1,4}}")


class _Keys:
    """What makes two claims of a report the same; sentences are normalised once."""

    def __init__(self, annotation: Annotation) -> None:
        self._text = annotation.text
        self._issuer = annotation.document.issuer or ""
        self._year = annotation.document.fiscal_year
        self._quantities: Mapping[str, Quantity] = {q.id: q for q in annotation.quantities}
        self._full_names = full_names(annotation.entities)
        self._sentences: dict[tuple[int, int], str] = {}
        self._actors: dict[str | None, str | None] = {}

    def of(self, claim: Claim) -> _Key:
        """Return what must be equal, the actor left out."""
        told = [self._quantities[i] for i in claim.quantities or () if i in self._quantities]
        thing = self._thing(claim)
        year = claim.year or self._year
        same = (claim.kind, claim.level, claim.modality, year, thing)
        key: _Key = (*same, *map(_of_quantity, told))
        if self.actor(claim) or (claim.object and len(thing) >= _TELLING):
            return key
        if told:
            return (*key, *(normalised(quantity.subject or "") for quantity in told))
        return (*key, self._sentence(claim))

    def _thing(self, claim: Claim) -> str:
        """Return what was achieved, without the year in the name of an honour."""
        thing = normalised(claim.object or claim.text)
        return _YEAR.sub("", thing) if claim.year else thing

    def actor(self, claim: Claim) -> str | None:
        """Return the actor in its fullest form, the reporting body by its name; None if unknown."""
        stated = claim.actor
        if stated not in self._actors:
            self._actors[stated] = self._actor(stated) if stated else None
        return self._actors[stated]

    def _actor(self, stated: str) -> str | None:
        name = self._full_names.get(stated, stated)
        name = _MARKS.sub("", unicodedata.normalize("NFKC", name))
        if name.startswith("被"):
            return None
        if helping := _HELPING.match(name):
            name = name[helping.end() :]
        if own := _OWN.match(name):
            return f"我{own[1]}" if own[1] in _REGIONS else self._issuer or "我单位"
        issuer = self._issuer
        short = len(name) > _LEAST and name[-1:] == issuer[-1:] and is_short_for(name, issuer)
        return issuer if short else name or None

    def _sentence(self, claim: Claim) -> str:
        start, end = claim.sentence or (claim.start, claim.end)
        if (start, end) not in self._sentences:
            self._sentences[start, end] = _MARKS.sub("", self._text[start:end])
        return self._sentences[start, end]


def _of_quantity(quantity: Quantity) -> _Key:
    return (
        quantity.label,
        quantity.value,
        quantity.value_high,
        quantity.unit,
        quantity.measure,
        quantity.direction,
        quantity.region,
        (quantity.period or "")[:4],
        quantity.indicator,
    )


class _Group(list["Claim"]):
    """Mentions of one achievement; ``sentences`` are those it is stated in."""

    def __init__(self, claim: Claim) -> None:
        super().__init__([claim])
        self.sentences = {claim.sentence}

    def take(self, claim: Claim) -> bool:
        """Add a claim unless it stands beside one of the group; tell whether it was added."""
        if claim.sentence is not None and claim.sentence in self.sentences:
            return False
        self.append(claim)
        self.sentences.add(claim.sentence)
        return True


def _groups(claims: Iterable[Claim], keys: _Keys) -> list[_Group]:
    """Return claims that differ at most in their actors by achievement, each in text order."""
    groups: list[_Group] = []
    by_actor: dict[str, int] = {}
    by_ending: dict[str, int] = {}
    unknown: list[Claim] = []
    for claim in claims:
        actor = keys.actor(claim)
        if actor is None:
            unknown.append(claim)
            continue
        index = _known(actor, by_actor, by_ending)
        if index == _SEVERAL or not groups[index].take(claim):
            index = len(groups)
            groups.append(_Group(claim))
        by_actor[actor] = index
        for ending in _endings(actor):
            by_ending[ending] = index if by_ending.get(ending, index) == index else _SEVERAL
    named = len(groups)
    for claim in unknown:
        # Where several bodies achieved the like, nobody knows which of them is meant.
        if named > 1 or not (groups and groups[0].take(claim)):
            groups.append(_Group(claim))
    for group in groups:
        group.sort(key=lambda claim: (claim.start, -claim.end))
    return groups


def _known(actor: str, by_actor: Mapping[str, int], by_ending: Mapping[str, int]) -> int:
    """Return the group of an actor, of the one longer name it ends, or of its own ending."""
    if actor in by_actor:
        return by_actor[actor]
    if actor in by_ending:
        return by_ending[actor]
    return next((by_actor[end] for end in _endings(actor) if end in by_actor), _SEVERAL)


def _endings(actor: str) -> list[str]:
    return [actor[at:] for at in range(1, len(actor) - _LEAST + 1)]
