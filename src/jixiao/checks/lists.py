"""Counts against the names they count: ``科室9个，分别为…``, ``办公室、…8个股室``, ``A、B、C等3家``."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from jixiao.checks.found import FoundCheck, quote, said
from jixiao.checks.prose import DEPENDENT, Paragraph, Slot
from jixiao.checks.values import Term
from jixiao.records import Verdict

_REACH: Final = 400
_UNITS: Final = frozenset("个家名所项位座处件部种条类")
_MOST: Final = Decimal(40)
_LAST_NAMES: Final = 80
# What opens the names behind a count: the counted noun may stand between.
_BEHIND: Final = re.compile(
    r"(?P<noun>[\u4e00-\u9fff“”]{0,14}?)(?:[，,]?(?P<sure>分别[为是有]|即|具体为|依次为)[：:]?|(?P<colon>[：:])|(?P<among>[，,](?:包括|包含|有)))"
)
_LEAD: Final = re.compile(
    r"(?:^|[，。；：\n])[^，。；：、\n]{0,24}?(?:内设(?:机构|科室|股室)?|下设|下辖|设有|设立|设置|分设|所属单位|设|辖|包括|有|为)(?P<names>[^，。；：\n]+)$"
)
_BRACKETS: Final = re.compile(r"[（(][^（）()]*[）)]")
_QUOTED: Final = re.compile(r"[“《][^”》]*[”》]")
# Documents stand side by side without a mark: 印发《…》《…》.
_ABUT: Final = re.compile(r"》(?=《)")
_TITLE: Final = re.compile(r"《[^《》]*》")
_TITLES: Final = re.compile(r"(?:《[^《》]*》[、和及与]?)*《[^《》]*》$")
_MARK: Final = re.compile(r"、|》《")
_STOP: Final = re.compile(r"[。；\n\t]|[，,](?!全|市|区|县|省|国)")
_JOIN: Final = re.compile(r"、")
_LOOSE_JOIN: Final = re.compile(r"、|和|及|以及|与|，|,")
_ETC: Final = re.compile(r"等(?=[\d一二三四五六七八九十两]|$|多)")
# Names of bodies, offices, firms: what is counted by the name.
_NAME: Final = re.compile(r"[\u4e00-\u9fffA-Za-z（）()“”·]{2,30}")
_BODY: Final = re.compile(
    r"(?:科|股|处|室|中心|站|局|队|所|办|委|会|部|院|馆|校|园|公司|厂|台|段|组|镇|乡|街道|社区|》)$"
)
_VERBAL: Final = re.compile(
    r"负责|完成|增长|下降|实现|开展|推进|达到|用于|支出|其中|目前|分别|包括|以及|主要|均|已"
)


def find_lists(paragraph: Paragraph) -> list[FoundCheck]:
    """Return the checks of the counts in a paragraph beside which the names are listed."""
    found: list[FoundCheck] = []
    for slot in paragraph.slots:
        one = slot.term
        if one is None or not one.exact or not _counts_names(slot):
            continue
        check = _behind(paragraph, slot, one) or _before(paragraph, slot, one)
        if check is not None:
            found.append(check)
    return found


def _counts_names(slot: Slot) -> bool:
    quantity, one = slot.item.quantity, slot.term
    return (
        quantity.label == "COUNT"
        and quantity.measure not in DEPENDENT
        and quantity.modality != "rule"
        and quantity.unit in _UNITS
        and one is not None
        and Decimal(2) <= one.value <= _MOST
    )


def _behind(paragraph: Paragraph, slot: Slot, one: Term) -> FoundCheck | None:
    """Return the check of names listed behind their count."""
    text, start = paragraph.text, slot.item.end
    opened = _BEHIND.match(text, start, start + 40)
    if opened is None:
        return None
    following = paragraph.slots[slot.place + 1] if slot.place + 1 < len(paragraph.slots) else None
    end = min(start + _REACH, slot.item.block.end if slot.item.block else len(text))
    cut = _ABUT.sub("》、", text[opened.end() : end])
    bare = _BRACKETS.sub("", cut)
    stop = _STOP.search(bare)
    listed = bare[: stop.start()] if stop else bare
    if following is not None and following.item.start < opened.end() + len(cut):
        between = _BRACKETS.sub("", text[opened.end() : following.item.start])
        if len(between) < len(listed):
            listed = between
    etc = _ETC.search(listed) or listed.rstrip().endswith("等")
    # 人事股和3个下属单位: another count begins, and a name may stand before it.
    listed = re.sub(r"(?:和|及|以及|与)$", "", listed.rstrip())
    names = _split(listed)
    if names is None:
        return None
    least, most = names
    if least != one.value and stop and stop.group() in "，,":
        # 3个下属单位：某中心，某中心。: names parted by commas.
        wider = _split("、".join(re.split(r"[，,]", bare.split("。")[0])))
        if wider and Decimal(wider[0]) == one.value:
            least, most = wider[0], wider[0]
            listed = bare.split("。")[0]
    sure = bool(opened["sure"] or opened["colon"]) and not etc
    return _judge(slot, one, least, most, sure=sure, listed=listed, partial=bool(etc))


def _before(paragraph: Paragraph, slot: Slot, one: Term) -> FoundCheck | None:
    """Return the check of names listed right before their count: ``设A科、B科、C科3个科室``."""
    text, end = paragraph.text, slot.item.start
    before = paragraph.slots[slot.place - 1].item.end if slot.place else 0
    floor = max(end - _REACH, before, slot.item.block.start if slot.item.block else 0)
    if not _MARK.search(text, max(end - _LAST_NAMES, floor), end):
        return None
    cut = _BRACKETS.sub("", _ABUT.sub("》、", text[floor:end]))
    mark = max(cut.rfind(sign) for sign in "。；：，\n\t")
    clause = cut[mark + 1 :]
    etc = clause.endswith("等")
    found = _LEAD.search(clause)
    listed = found["names"] if found else clause
    listed = listed.removesuffix("等").removesuffix("共")
    titles = _TITLES.search(listed)
    if titles:
        return _documents(slot, one, cut, titles.group(), partial=etc)
    if "、" not in listed:
        return None
    names = _split(listed)
    if names is None:
        return None
    least, most = names
    noun = slot.item.quantity.noun or ""
    sure = (
        bool(found)
        and not etc
        and bool(re.search(r"股|科|处|室|单位|机构|中心|部门|[镇乡]|街道|社区", noun))
    )
    if not etc and not sure and Decimal(least) != one.value:
        return None
    return _judge(slot, one, least, most, sure=sure, listed=listed, partial=etc)


def _documents(
    slot: Slot, one: Term, before: str, listed: str, *, partial: bool
) -> FoundCheck | None:
    """Return the check of titles listed right before their count: ``印发《…》《…》2项制度``.

    Titles before them in the sentence may be counted too: ``修订《…》，印发《…》《…》3项制度``.
    """
    sentence = re.split(r"[。\n\t]", before)[-1]
    near, whole = len(_TITLE.findall(listed)), len(_TITLE.findall(sentence))
    counted = whole if one.value == whole else near
    return _judge(slot, one, counted, counted, sure=near == whole, listed=listed, partial=partial)


def _split(listed: str) -> tuple[int, int] | None:
    """Return the least and most names that a list may hold; None where it is no list of names."""
    listed = _QUOTED.sub("名称", listed.strip(" \u3000：:，,、"))
    names = [name for name in _JOIN.split(listed) if name]
    if not names or any(char.isdigit() for char in listed):
        return None
    if any(not _NAME.fullmatch(name) or _VERBAL.search(name) for name in names):
        return None
    loose = [name for name in _LOOSE_JOIN.split(listed) if name]
    return len(names), max(len(names), len(loose))


def _judge(
    slot: Slot, one: Term, least: int, most: int, *, sure: bool, listed: str, partial: bool
) -> FoundCheck | None:
    """Return the check of a count against how many names there may be."""
    stated = one.value
    verdict: Verdict = "ok"
    if partial:
        most = least
    counted = int(stated) if least <= stated <= most else least
    if least <= stated <= most:
        pass
    elif partial or not sure or least < 2 or not _are_bodies(listed):
        return None
    else:
        verdict = "inconsistent"
    shown = listed.strip("：:，, ").removeprefix("仅")
    shown = shown if len(shown) <= 40 else f"{shown[:36]}…"
    message = f"{quote(one)}，文中列举“{shown}”共{counted}个名称，{said(verdict)}"
    span = Decimal(least), Decimal(most)
    return FoundCheck("list_count", verdict, stated, Decimal(counted), span, (slot.item,), message)


def _are_bodies(listed: str) -> bool:
    """Tell whether every name of a list ends like that of an office or a body.

    Only then the number of names is sure: 、 may stand inside a name.
    """
    bare = _TITLE.sub("》", listed.strip(" \u3000：:，,、"))
    names = [name for name in _LOOSE_JOIN.split(bare) if name]
    return all(_BODY.search(name) for name in names)
