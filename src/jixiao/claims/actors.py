"""Who achieved a claim: its own subject, or that of a clause before it in its sentence."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final, NamedTuple

from jixiao.claims.phrases import ADVERBS, EDGES, MAX_TEXT, clean, without_end


class NamedSpan(NamedTuple):
    """A named entity at view offsets."""

    start: int
    end: int
    label: str
    text: str


class Subject(NamedTuple):
    """The subject of a predicate, or None.

    ``left_out`` tells that its clause states none; ``whole`` that the actor is all of the subject,
    not the owner of an indicator (``全市`` of ``全市旅游收入``): then what follows is about it too.
    """

    actor: str | None
    left_out: bool = False
    whole: bool = False


NO_SUBJECT: Final = Subject(None)
LEFT_OUT: Final = Subject(None, left_out=True)

OURS: Final = re.compile(
    r"(?:[我本全](?:单位|部门|系统|中心|支队|大队|(?:办事|管理)处|[省市县区州旗局委厅办院校会所站处镇乡村街])|[我本]部)"
)
THAT: Final = re.compile(
    r"该[\u4e00-\u9fff]{1,6}?(?=$|[共已均也全获被于在新年累建完实连首成荣入对为])|其(?=[获被入荣])"
)
_BODY: Final = re.compile(
    r"(?:公司|集团|厂|局|委|中心|医院|卫生院|学校|小学|中学|大学|学院|银行|协会|学会|园区?|开发区|高新区|[省市县区镇乡村]|街道|社区|"
    r"企业|景区|[站所团队馆院社]|政府|合作社|基地|项目|个人|机构|组织|单位|部门|选手|人员|"
    r"[\d一二三四五六七八九十两]+(?:人|名[\u4e00-\u9fff]{1,8}))$"
)
# 3人, 6家 tell who; 3项 tells nobody.
_BARE_COUNT: Final = re.compile(r"[\d一二三四五六七八九十两百千万,.余多]+[个件项次]?$")
_LEAD: Final = re.compile(
    r"(?:其中|先后|分别|累计|全年|共计?|已经?|均|还|也|又|再次|有(?!限)|系|是|即|并)+"
)
_HELPING: Final = re.compile(
    r"(?:积极|成功|主动)?(?:帮助|协助|指导|组织|支持|引导|推荐|推动|协调|助推|助力|扶持|选送|选派|培育)"
)
_TOWARDS: Final = re.compile(
    r"[赴与同向对从在给为由以按于比]|联合|会同|配合|协同|携手|下沉|面向|针对|通过|围绕|根据|依托|结合|随着|经过|按照|利用|深入"
)
_ADJOINED: Final = re.compile(
    r"[在于与同向对从给由经因]|联合|参与|参加|代表(?!队|团)|通过|作为|凭借|以"
)
# 富锦市代表队以487.5分, 县一中在全省比赛中: how or where, behind the subject.
_PLACED: Final = re.compile(
    r"在(?=[^，]{2,24}(?:[中上里内下]|[赛评考核]$))|以(?!上)|代表(?!队|团)|参加|凭借|作为|通过"
)
_PASSIVE: Final = re.compile(r"(?P<who>[^，。；]{0,60}?)(?:被|经(?=[^济营费理]))[^，。；]{0,30}$")
_JOINS: Final = frozenset({"、", "和", "与", "及"})
_BODIES: Final = frozenset({"COMPANY", "GOV", "INSTITUTION", "PARK", "PLACE", "PERSON"})
_TOPICS: Final = frozenset({"COMPANY", "INSTITUTION", "PARK", "PERSON", "PLACE"})
_NO_ACTORS: Final = frozenset({"DOCUMENT", "HONOUR"})
_COMPARED: Final = re.compile(r"(?:同比|环比|[较比](?:上年度?|去年|(?:19|20)\d\d年)|分别|平均)+$")
# 课后服务实现…全覆盖, 县医院成为全市第三家…: the subject ends before the first verb.
_VERB: Final = re.compile(
    r"实现|成为|建成(?!区)|打造|引进|举办|承办|推出|出台|签订|成立|设立|组建|组织(?=[\u4e00-\u9fff])|开展|推动|带动|完成|获得|达到|(?<=.)[是为系](?=[全我国省市县近今唯首第一])"
)
_COUNTED: Final = re.compile(r"[\d一二三四五六七八九十两]")


def subject_of(
    text: str, kind: str, start: int, trigger: int, entities: Sequence[NamedSpan]
) -> Subject:
    """Return the subject of a predicate that begins at ``trigger`` in a clause from ``start`` on.

    >>> subject_of("县图书馆被评为国家一级图书馆", "recognition", 0, 5, [])
    Subject(actor='县图书馆', left_out=False, whole=True)
    >>> subject_of("联合海门农商银行推出贷款", "output", 0, 8, [])
    Subject(actor=None, left_out=True, whole=False)
    """
    phrase = text[start:trigger]
    if passive := _PASSIVE.match(phrase):
        phrase = passive["who"]
    phrase = without_end(_COMPARED, without_end(ADVERBS, phrase)).rstrip(EDGES)
    skipped = phrase.rfind("，") + 1
    skipped += len(phrase) - skipped - len(phrase[skipped:].lstrip(EDGES))
    for words in (_LEAD, _HELPING):
        if lead := words.match(phrase, skipped):
            skipped = lead.end()
    begin, phrase = start + skipped, phrase[skipped:]
    if verb := _VERB.search(phrase):
        phrase = without_end(ADVERBS, phrase[: verb.start()])
    if not phrase or phrase[-1] == "“":
        return LEFT_OUT
    if len(phrase) > MAX_TEXT:
        return NO_SUBJECT
    named = _named_at(text, begin, begin + len(phrase), entities)
    if named is None and _TOWARDS.match(phrase):
        return LEFT_OUT
    actor = _actor(phrase, kind, named, begin)
    return Subject(actor, whole=actor == phrase and not _COUNTED.match(phrase))


def owner_of(text: str, start: int) -> str | None:
    """Return whose an indicator is, where the clause opens with that: 全市 of 全市旅游收入60亿元."""
    ours = OURS.match(text, start)
    return ours.group() if ours else None


def _actor(phrase: str, kind: str, named: NamedSpan | None, begin: int) -> str | None:
    """Return who the words before a predicate name: a body, people, or a thing that is awarded."""
    ours = OURS.match(phrase)
    if ours:
        rest = phrase[ours.end() :]
        whole = rest and kind != "growth" and _BODY.search(rest) and not _ADJOINED.search(rest)
        return clean(phrase) if whole else ours.group()
    if that := THAT.match(phrase):
        return that.group()
    if named is not None:
        rest = phrase[named.end - begin :]
        told = kind == "recognition" or _BODY.search(rest)
        whole = rest and told and not _ADJOINED.search(rest) and "“" not in rest
        return clean(phrase) if whole else clean(named.text)
    if _BARE_COUNT.fullmatch(phrase):
        return None
    if kind == "recognition":
        cut = _ADJOINED.search(phrase, 2)
        return clean(phrase[: cut.start()] if cut else phrase)
    if kind == "growth":
        return None
    cut = _PLACED.search(phrase, 2)
    head = phrase[: cut.start()] if cut else phrase
    return clean(head) if _BODY.search(head) and not _ADJOINED.search(head) else None


def _named_at(text: str, begin: int, stop: int, entities: Sequence[NamedSpan]) -> NamedSpan | None:
    """Return the name a subject begins with, together with those it is listed with."""
    index = bisect_left(entities, (begin,))
    if index >= len(entities) or entities[index].start != begin or entities[index].end > stop:
        return None
    first = last = entities[index]
    if first.label in _NO_ACTORS:
        return None
    for entity in entities[index + 1 :]:
        if text[last.end : entity.start] not in _JOINS or entity.end > stop:
            break
        last = entity
    return first._replace(end=last.end, text=text[begin : last.end])


_REACH: Final = 300
# 我局积极作为，被评为…: the subject of a clause that claims nothing.
_OURS_FIRST: Final = re.compile(
    r"(?<![^，；。：\n\t \u3000])[我本](?:单位|部门|中心|[省市县区州旗局委厅办院校所站处镇乡])(?=[^的、])"
)


class Topics:
    """The subject in force inside a sentence: of the last clause that had one.

    >>> topics = Topics("南岭纸业扩产，获评省级绿色工厂。", [NamedSpan(0, 4, "COMPANY", "南岭纸业")])
    >>> topics.at(7, 0)
    '南岭纸业'
    """

    def __init__(self, text: str, entities: Sequence[NamedSpan]) -> None:
        self._text = text
        self._entities = entities
        self._ends = [entity.end for entity in entities]
        self._last: tuple[int, str] | None = None

    def note(self, position: int, actor: str) -> None:
        """Note the actor of a claim at a position."""
        self._last = position, actor

    def at(self, position: int, sentence: int) -> str | None:
        """Return who a clause without a subject is about, or None where its sentence names nobody."""
        known = self._last
        floor = sentence if known is None else max(sentence, known[0])
        floor = max(floor, position - _REACH)
        ours = [*_OURS_FIRST.finditer(self._text, floor, position)]
        floor = ours[-1].start() if ours else floor
        index = bisect_right(self._ends, position) - 1
        while index >= 0 and self._entities[index].start >= floor:
            entity = self._entities[index]
            if self._opens_clause(entity):
                return entity.text
            index -= 1
        if ours:
            return ours[-1].group()
        return known[1] if known is not None and known[0] >= sentence else None

    def _opens_clause(self, entity: NamedSpan) -> bool:
        """Tell whether a name is the subject of its clause, by where it stands and what follows."""
        if entity.label not in _TOPICS:
            return False
        text = self._text
        before, after = text[entity.start - 1 : entity.start], text[entity.end : entity.end + 1]
        return (not before or before in "，；。：\n\t \u3000") and after not in "的、和与及“（，"
