"""Who achieved a claim, what was achieved, and at which level."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from jixiao.numbers.find import Found


class NamedSpan(NamedTuple):
    """A named entity at view offsets."""

    start: int
    end: int
    label: str
    text: str


class Arguments(NamedTuple):
    """The texts of a claim's actor and object, and its level; None where not stated."""

    actor: str | None
    object: str | None
    level: str | None


_LEVELLED: Final = frozenset({"recognition", "ranking", "milestone"})
_LEVEL: Final = re.compile(
    r"(?P<国际>国际|世界|全球|亚洲)|"
    r"(?P<国家>国家|全国|中国|国务院|我国|国内|中央|教育部|工信部|[\u4e00-\u9fff]{2,6}部(?=[等、办门]?[^分门队落])"
    r"(?<!支部)(?<!总部)(?<!干部)(?<!全部)(?<!内部)(?<!本部))|"
    r"(?P<省>(?<![我本外])省(?![外会内略])|自治区)|"
    r"(?P<市>(?<![我本城])市(?![场民区外])|全州|州级|地区)|"
    r"(?P<县>(?<![我本])县|全区|区级|[七八九]县)"
)
_AWARDED: Final = re.compile(r"被|获|由|经")
_REGION_LEVELS: Final = (
    ("全国", "国家"),
    ("国家", "国家"),
    ("省", "省"),
    ("自治区", "省"),
    ("市", "市"),
    ("州", "市"),
    ("县", "县"),
    ("区", "县"),
)
_ADVERBS: Final = re.compile(
    r"(?:成功|顺利|已经?|共|累计|分别|均|全部|先后|再次|连续[^，。]{0,4}|首次|率先|正式|双双|实现|新|又|也|还|被|获|"
    r"于\d{1,2}月(?:\d{1,2}日)?|在|目前|合计|总数|[ \u3000，、：:])+$"
)
_BLANKS: Final = re.compile(r"[ \u3000\n\t]+")
_EDGES: Final = " \u3000\n\t，、：:；了的"
_BRACKETS: Final = re.compile(r"[（(][^（）()]*[）)]")
_MEASURED: Final = re.compile(
    r"(?:同比|环比|比上年度?|较上年度?|比去年|较去年|分别|达到?|约|近|超过?|突破|为|共计?|合计|累计|占|由|从|仅|"
    r"实现|位列|位居|列|居|排名?|年均|平均每年|预计|[ \u3000，、：:]|(?<=.)(?:提高|增长|下降|减少|增加))+$"
)
# 森林覆盖率是全省平均水平, 总量由上年, 工业用电由负: what stands before the comparison.
_COMPARED: Final = re.compile(
    r"(?:是|比|较|由|从|为)(?:全[国省市]|\d{4}|上年|去年|原|[负正降升]|国内|我国|“十).*$"
)
_BEGINNING: Final = re.compile(
    r"(?:共计?|累计|成功|了|为|到|至|实际|全年|约|近|超过?|达到?|[ \u3000，、：:])+"
)
_TAIL: Final = re.compile(r"(?:约|近|超过?|达到?|共计?|累计|为|等|以上|左右|[ \u3000，、：:])+$")
_OURS: Final = re.compile(r"(?:我|本|全)[省市县区州局委办院校镇乡单部]")
_BODY: Final = re.compile(
    r"(?:公司|集团|厂|局|委|中心|医院|卫生院|学校|小学|中学|大学|学院|银行|协会|学会|园区?|开发区|高新区|[省市县区镇乡村]|街道|社区|"
    r"企业|景区|[站所团队馆院社]|政府|合作社|基地|项目|个人|[\d一二三四五六七八九十两]+(?:人|名[\u4e00-\u9fff]{1,8}))$"
)
_TOWARDS: Final = re.compile(r"[为对向从在给]")
_PASSIVE: Final = re.compile(r"^(?P<who>[^，。；]{2,60}?)被(?P<by>[^，。；]{0,30})$")
_MAX_TEXT: Final = 80
# No argument is longer; patterns that end at $ must not read more.
_MAX_READ: Final = 240
_REACH: Final = 12


def arguments_of(
    text: str,
    kind: str,
    span: tuple[int, int],
    trigger: tuple[int, int],
    items: Sequence[Found],
    entities: Sequence[NamedSpan] = (),
) -> Arguments:
    """Return actor, object and level of a claim.

    >>> text = "我局荣获2021年度全市招商先进单位"
    >>> arguments_of(text, "recognition", (0, len(text)), (2, 4), [])
    Arguments(actor='我局', object='2021年度全市招商先进单位', level='市')
    """
    start, end = span
    before = text[max(start, trigger[0] - _MAX_READ) : trigger[0]]
    counted = any(item.start == trigger[0] for item in items)
    actor = None if counted else _actor(text, kind, before, start, trigger, entities)
    told = _without_numbers(text, trigger[1], end, items)[:_MAX_READ]
    ahead = _without_numbers(text, start, trigger[0], items)[-_MAX_READ:]
    subject = items[0].quantity.subject if items else None
    if kind in ("growth", "ranking"):
        thing = _subject(ahead) or _object(told if kind == "growth" else "") or subject
    elif kind == "compliance":
        thing = _subject(ahead) or _object(told) or subject
    else:
        thing = _object(told) or (_subject(ahead) if ahead != actor else None) or subject
    level = _level(text, kind, span, trigger, items) if kind in _LEVELLED else None
    return Arguments(actor, thing, level)


def _actor(
    text: str,
    kind: str,
    before: str,
    start: int,
    trigger: tuple[int, int],
    entities: Sequence[NamedSpan],
) -> str | None:
    """Return the subject of the predicate, where it names a body, people or a thing awarded."""
    passive = _PASSIVE.match(before) if "被" in before else None
    phrase = passive["who"] if passive else before
    phrase = _without_end(_ADVERBS, phrase).strip(_EDGES)
    if not phrase or len(phrase) > _MAX_TEXT:
        return None
    if kind == "recognition" and len(phrase) > 1:
        return _clean(phrase)
    ours = _OURS.match(phrase)
    if ours and (len(phrase) == ours.end() or kind != "growth"):
        return ours.group()
    index = bisect_left(entities, (start,)) if entities else 0
    if index < len(entities) and entities[index].end <= trigger[0]:
        first = entities[index]
        if first.start == start and first.label not in ("DOCUMENT", "HONOUR"):
            return _clean(first.text)
    if kind in ("output", "milestone") and _BODY.search(phrase) and not _TOWARDS.search(phrase):
        return _clean(phrase)
    return None


def _without_numbers(text: str, start: int, end: int, items: Sequence[Found]) -> str:
    """Return a part of a claim without its quantities and brackets."""
    pieces, at = [], start
    for item in items:
        if item.quantity.modality == "rule":
            continue  # 亿元以上项目: the size belongs to the name.
        if start <= item.start and item.end <= end and item.start >= at:
            pieces.append(text[at : item.start])
            at = item.end
    pieces.append(text[at:end])
    joined = "".join(pieces)
    return _BRACKETS.sub("", joined) if "（" in joined or "(" in joined else joined


def _without_end(pattern: re.Pattern[str], phrase: str) -> str:
    """Return a phrase without the words a pattern finds at its end; only the end is read."""
    found = pattern.search(phrase, max(len(phrase) - _REACH, 0))
    return phrase[: found.start()] if found else phrase


def _subject(phrase: str) -> str | None:
    phrase = _without_end(_MEASURED, _without_end(_ADVERBS, phrase))
    if (compared := _COMPARED.search(phrase)) is not None:
        phrase = phrase[: compared.start()]
    return _clean(phrase)


def _object(phrase: str) -> str | None:
    found = _BEGINNING.match(phrase)
    return _clean(_without_end(_TAIL, phrase[found.end() :] if found else phrase))


def _clean(phrase: str) -> str | None:
    phrase = _BLANKS.sub(" ", phrase).strip(_EDGES)
    return phrase[:_MAX_TEXT] if len(phrase) > 1 else None


def _level(
    text: str,
    kind: str,
    span: tuple[int, int],
    trigger: tuple[int, int],
    items: Sequence[Found],
) -> str | None:
    """Return the level of an honour or a rank: what its name says, else who gave it."""
    if kind == "ranking":
        for item in items:
            region = item.quantity.region
            if region and item.quantity.measure in ("rank", "gap", "share"):
                return _level_of_region(region)
    found = _LEVEL.search(text, trigger[0], span[1])
    if found is None:
        before = text[span[0] : trigger[0]]
        awarded = _AWARDED.search(before)
        from_start = span[0] + awarded.end() if awarded else span[0]
        if awarded or kind != "recognition":
            found = _LEVEL.search(text, from_start, trigger[0])
    return found.lastgroup if found else None


def _level_of_region(region: str) -> str | None:
    """Return the level of a peer group or region: 全省一类地区 and 湖南省 are 省."""
    if region.startswith("全") and len(region) > 1:
        region = region[:2] if region[1] != "国" else "全国"
    return next((level for end, level in _REGION_LEVELS if region.endswith(end)), None)
