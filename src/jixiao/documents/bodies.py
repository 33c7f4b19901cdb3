"""Names of the bodies that write reports: in titles, signatures and forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from jixiao.documents.blocks import Block
from jixiao.documents.lines import Line, split_date, tidy

_NAME: Final = r"[\u4e00-\u9fff（）()]"
# Words that end the name of a body whatever follows, and words that do so only before certain ones:
# 部 ends 宣传部 but not 部门, 院 ends 法院, 小学 ends 某小学 but not 中小学校舍.
_STRONG: Final = (
    "局|委员会|办公室|厅|人民政府|政府办|管委会|指挥部|检察院|总工会|支队|总队|办事处|事务所"
)
_WEAK: Final = (
    "中心|医院|法院|学院|大学|研究院|研究所|中学|小学|学校|党校|幼儿园|公司|协会|联合会|工会|大队|供销社|合作社|"
    "图书馆|博物馆|文化馆|电视台|管理处|管理所|委|办|部|院|处|所|站|团|会|馆|社|队|政府|镇|乡|街道|妇联|残联|"
    "科协|文联|工商联|集团|银行"
)
_AFTER: Final = r"关于|(?:19|20)\d\d|[二一][〇○零O]|部门|整体|项目|专项|财政|预算|绩效|支出|本级|机关|的|对|（|\("
_IN_TITLE: Final = re.compile(
    rf"{_NAME}{{2,30}}?(?:(?:{_STRONG})(?:[\u4e00-\u9fff]{{2,12}}?(?:{_STRONG}|{_WEAK})(?={_AFTER}))?"
    rf"|(?:{_WEAK})(?={_AFTER}|$))"
)
_ALONE: Final = re.compile(
    rf"[\u4e00-\u9fff]{_NAME}{{1,38}}?(?:{_STRONG}|{_WEAK}|科|股|室|中心|基地|[一二三四]中)"
    r"(?:（[^（）]{1,6}）|\([^()]{1,6}\))?"
)
_SEAL: Final = re.compile(r"(?:（|\()?(?:加?盖章|公章|签章|印章|盖公?章处?)(?:）|\))?")
# What forms call the reporting body, the weightiest first.
_LABELS: Final = tuple(
    re.compile(rf"(?:{label})(?:名称)?(?:[（(]盖?公?章?[）)])?")
    for label in (
        "(?:填报|报送|编报|编制|报告|自评|评价)(?:单位|部门|机构)",
        "(?:部门|单位|部门（单位）)(?:名称)?|(?:预算|被评价)(?:单位|部门)",
        "(?:项目|项目实施|实施|资金使用)(?:单位|部门)",
        "(?:项目)?主管(?:单位|部门)",
    )
)
_LABELLED: Final = tuple(
    re.compile(rf"{label.pattern}[：:][ \u3000]*({_NAME}{{2,40}})") for label in _LABELS
)
# 某县教育局（汇总）
_REMARK: Final = re.compile(r"[（(](?:汇总|本级|机关|本部|含.{1,6})[）)]$")
_EVALUATOR: Final = re.compile(
    rf"(?:绩效)?(?:评价|受托|第三方)(?:评价)?机构(?:名称)?(?:[（(]盖?公?章?[）)])?[：:][ \u3000]*({_NAME}{{2,40}})"
)
_FIRM: Final = re.compile(
    r"(?:公司|事务所|研究院|研究所|大学|学院|研究中心|协会|学会)(?:（[^）]*）)?$"
)
_BEFORE_TITLE: Final = re.compile(r"(?:关于|(?:19|20)\d\d年?度?|[二一][〇○零O][^年]{2}年度?)+")
_REACH: Final = 3
_MAX_DATED: Final = 50
_MAX_LABELLED: Final = 160


def body_in(title: str) -> str | None:
    """Return the body that a title names at its beginning, or None.

    >>> body_in("民乐县教育局2022年度部门整体支出绩效自评报告"), body_in("2021年度市科技局绩效评价报告")
    ('民乐县教育局', '市科技局')
    >>> body_in("2019年乡村振兴专项资金绩效评价报告") is None
    True
    """
    lead = _BEFORE_TITLE.match(title)
    found = _IN_TITLE.match(title, lead.end() if lead else 0)
    return found.group() if found else None


def body_alone(line: str) -> str | None:
    """Return the body that a line consists of, seal and label aside, or None.

    >>> body_alone("评价机构：湖南某某会计师事务所（盖章）"), body_alone("二、评价机构的工作")
    ('湖南某某会计师事务所', None)
    """
    line = _SEAL.sub("", line).strip(" \u3000：:")
    labelled = _LABELLED[0].fullmatch(line) or _LABELLED[1].fullmatch(line)
    if labelled:
        line = labelled[1].strip(" \u3000")
    if not _ALONE.fullmatch(line):
        return None
    return line if is_firm(line) else _REMARK.sub("", line)


def find_signature(lines: Sequence[Line]) -> tuple[str | None, str | None]:
    """Return the body that signs a report and the date beside it; None for what is missing.

    The last date that stands with a body decides: on one line, or up to three short lines below it,
    or right above it. Without a body it is the last date alone on its line.
    """
    last: str | None = None
    dated = 0
    for number in range(len(lines) - 1, -1, -1):
        found = split_date(lines[number].text)
        if found is None:
            continue
        dated += 1
        if dated > _MAX_DATED:
            break
        before, date = found
        body = body_alone(before) if before else _body_near(lines, number)
        if body:
            return body, date
        if last is None and (not before or before[-1] in "：:"):
            last = date
    return None, last


def _body_near(lines: Sequence[Line], number: int) -> str | None:
    """Return the body on the lines above a date, nearest first, else on the line below."""
    for above in range(number, max(number - _REACH, 0), -1):
        if not lines[above].follows:
            break
        if body := body_alone(lines[above - 1].text):
            return body
    if number + 1 < len(lines) and lines[number + 1].follows:
        return body_alone(lines[number + 1].text)
    return None


def labelled_body(text: str, blocks: Sequence[Block]) -> str | None:
    """Return the body a form names (``填报单位：某局``, ``部门名称｜某局``), or None.

    What files the report comes before what spends the money, and that before what supervises it.
    """
    named: dict[int, str] = {}
    left: Block | None = None
    for block in blocks:
        if block.end - block.start > _MAX_LABELLED:
            left = None
            continue
        content = text[block.start : block.end]
        for rank, name in _named(content, left):
            if body := body_alone(name):
                named.setdefault(rank, body)
        left = block if block.cell is not None else None
    return named[min(named)] if named else None


def _named(content: str, left: Block | None) -> Iterator[tuple[int, str]]:
    """Yield what labels name in a paragraph or cell, with the rank of the label."""
    if "：" in content or ":" in content:
        for rank, label in enumerate(_LABELLED):
            if found := label.search(content):
                yield rank, found[1]
    elif left is not None and left.cell is not None:
        for rank, pattern in enumerate(_LABELS):
            if pattern.fullmatch(left.cell.text):
                yield rank, tidy(content.replace("\n", ""))


def evaluating_firm(lines: Sequence[Line]) -> str | None:
    """Return the firm a report names as its evaluator (``评价机构：某会计师事务所``), or None."""
    for line in lines:
        found = _EVALUATOR.match(line.text) if "机构" in line.text else None
        if found and (body := body_alone(found[1])) and is_firm(body):
            return body
    return None


def is_firm(body: str) -> bool:
    """Tell whether a body is a firm or institute that evaluates others (``某某会计师事务所``)."""
    return bool(_FIRM.search(body))


def is_short_for(short: str, name: str) -> bool:
    """Tell whether a name is a short form of another: 县教育局 of 民乐县教育局.

    >>> is_short_for("市科技局", "衡阳市科学技术局"), is_short_for("县财政局", "民乐县教育局")
    (True, False)
    """
    characters = iter(name)
    return len(short) <= len(name) and all(char in characters for char in short)
