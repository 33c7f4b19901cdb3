"""Who achieved a claim, what was achieved, and at which level."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from jixiao.claims.actors import NO_SUBJECT, OURS, NamedSpan, Subject, owner_of, subject_of
from jixiao.claims.phrases import ADVERBS, clean, without_end

if TYPE_CHECKING:
    from jixiao.numbers.find import Found


class Arguments(NamedTuple):
    """The texts of a claim's actor and object, and its level; None where not stated.

    ``subject`` tells more of the actor: whether its clause leaves it out.
    """

    actor: str | None
    object: str | None
    level: str | None
    subject: Subject = NO_SUBJECT


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
_BRACKETS: Final = re.compile(r"[（(][^（）()]*[）)]")
_MEASURED: Final = re.compile(
    r"(?:同比|环比|比上年度?|较上年度?|比去年|较去年|分别|达到?|约|近|超过?|突破|为|共计?|合计|累计|占|由|从|仅|"
    r"实现|位列|位居|列|居|排名?|年均|平均每年|预计|[ \u3000，、：:]|(?<=.)(?:提高|增长|下降|减少|增加))+$"
)
# 森林覆盖率是全省平均水平, 总量由上年, 工业用电由负: what stands before the comparison.
_COMPARED: Final = re.compile(
    r"(?:是|比|较|由|从|为)(?:全[国省市盟]|\d{4}|上年|去年|原|[负正降升]|国内|我国|“十).*$"
)
# 比上年, 较2021年, 居六县区, 高于全省平均: what is compared with, not what was achieved.
_ONLY_COMPARED: Final = re.compile(
    r"(?:比|较|同比|环比|居|位居|位列|列|排名?|高于|低于|超过?|占|是)(?:上年|去年|全|原|年初|20|[^，。；]{0,8}(?:平均|同期|县区|$))"
    r"|全[国省市州盟县区旗](?:平均|同期|$)"
)
_BEGINNING: Final = re.compile(
    r"(?:共计?|累计|成功|了|为|到|至|实际|全年|约|近|超过?|达到?|[ \u3000，、：:])+"
)
_TAIL: Final = re.compile(r"(?:约|近|超过?|达到?|共计?|累计|为|等|以上|左右|[ \u3000，、：:])+$")
# No argument is longer; patterns that end at $ must not read more.
_MAX_READ: Final = 240


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
    >>> arguments_of(text, "recognition", (0, len(text)), (2, 4), [])[:3]
    ('我局', '2021年度全市招商先进单位', '市')
    """
    start, end = span
    counted = any(item.start == trigger[0] for item in items)
    subject_at = max(start, trigger[0] - _MAX_READ)
    if counted:
        subject_told = Subject(owner_of(text, start))
    else:
        subject_told = subject_of(text, kind, subject_at, trigger[0], entities)
    actor = subject_told.actor
    told = _without_numbers(text, trigger[1], end, items)[:_MAX_READ]
    ahead = _without_numbers(text, start, trigger[0], items)[-_MAX_READ:]
    subject = items[0].quantity.subject if items else None
    if subject and _ONLY_COMPARED.match(subject):
        subject = None
    if kind in ("growth", "ranking"):
        thing = _subject(ahead)
        thing = None if kind == "growth" and thing == actor else thing
        thing = thing or _object(told if kind == "growth" else "") or subject
    elif kind == "compliance":
        thing = _subject(ahead) or _object(told) or subject
    else:
        thing = _object(told) or (_subject(ahead) if ahead != actor else None) or subject
    if thing and kind != "recognition" and (owner := OURS.match(thing)):
        # 全市高新技术企业: the owner is no part of what was achieved.
        thing = clean(thing[owner.end() :])
    level = _level(text, kind, span, trigger, items) if kind in _LEVELLED else None
    return Arguments(actor, thing, level, subject_told)


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


def _subject(phrase: str) -> str | None:
    phrase = without_end(_MEASURED, without_end(ADVERBS, phrase))
    if (compared := _COMPARED.search(phrase)) is not None:
        phrase = phrase[: compared.start()]
    return None if _ONLY_COMPARED.match(phrase) else clean(phrase)


def _object(phrase: str) -> str | None:
    found = _BEGINNING.match(phrase)
    return clean(without_end(_TAIL, phrase[found.end() :] if found else phrase))


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
