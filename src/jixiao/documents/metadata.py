"""Title, issuing body, region, fiscal year, date and kind of a report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jixiao.documents.blocks import Block
from jixiao.resources.regions import Region, find_regions, full_name

_BODY: Final = r"(?:局|委员会|委|办公室|办|厅|部|院|中心|政府|管委会|公司|学校|协会|联合会|工会|总队|支队|大队)"
_BODY_NAME: Final = re.compile(
    rf"[\u4e00-\u9fff（）()]{{2,36}}?{_BODY}(?=关于|20\d\d|2\d{{3}}年|[部整项专预财绩支出的 \u3000]|$)"
)
_SIGNED: Final = re.compile(
    rf"[ \u3000]*([\u4e00-\u9fff][\u4e00-\u9fff（）() \u3000]{{2,36}}{_BODY})"
    r"(?:（[盖公]?章）|\([盖公]?章\))?[ \u3000]*$"
)
_TITLE_END: Final = re.compile(
    r"(?:报告|自评表|评价表|情况说明|情况的?(?:报告|说明)|工作总结|公开)(?:[（(].{1,12}[）)])?$"
)
_TITLE_WORD: Final = re.compile(r"绩效|自评|评价|决算|预算|总结")
_LABEL_BODY: Final = re.compile(
    r"(?:填报|报送|编报|评价|编制|主管|预算)?(?:单位|部门)(?:名称)?(?:（盖章）|（公章）)?[：:][ \u3000]*"
    rf"([\u4e00-\u9fff（）()]{{3,36}}{_BODY})"
)
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)[ \u3000]*年?度?")
_YEAR_DUE: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)[ \u3000]*年度?")
_DATE_LINE: Final = re.compile(
    r"[ \u3000\t]*(?:[\u4e00-\u9fff]{2,6}[：:][ \u3000]*)?"
    r"((?:19|20)\d\d|[二一][〇○零九0][〇○零一二三四五六七八九]{2})[ \u3000]*[年.\-/][ \u3000]*"
    r"(\d{1,2}|[一二三四五六七八九十]{1,3})[ \u3000]*[月.\-/][ \u3000]*"
    r"(\d{1,2}|[一二三四五六七八九十]{1,3})[ \u3000]*日?[ \u3000]*$",
    re.MULTILINE,
)
_DIGITS: Final = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}
_KINDS: Final = (
    ("整体", "部门整体支出"),
    ("专项资金", "专项资金"),
    ("专项", "专项资金"),
    ("项目", "项目支出"),
    ("政策", "政策"),
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the text tells about the report itself; None where it does not."""

    title: str | None = None
    issuer: str | None = None
    region: Region | None = None
    region_name: str | None = None
    fiscal_year: str | None = None
    report_date: str | None = None
    kind: str | None = None


def read_metadata(text: str, blocks: Sequence[Block]) -> Metadata:
    """Return the metadata of a view text; every field is None for a text without any."""
    lines = _lines(text, blocks)
    report_date = _report_date(lines)
    title, body_in_title = _title(lines)
    issuer = _issuer(text, lines, body_in_title)
    region = _region(issuer, title, text)
    return Metadata(
        title=title,
        issuer=issuer,
        region=region,
        region_name=full_name(region) if region else None,
        fiscal_year=_fiscal_year(title, text, report_date),
        report_date=report_date,
        kind=_kind(title),
    )


def _lines(text: str, blocks: Sequence[Block]) -> list[str]:
    """Return the short lines of a text, where titles and signatures stand, in order."""
    lines: list[str] = []
    for block in blocks:
        if block.end - block.start <= 400:
            lines.extend(
                line
                for raw in text[block.start : block.end].split("\n")
                if (line := raw.strip(" \u3000\t")) and len(line) <= 80
            )
    return lines


def _title(lines: Sequence[str]) -> tuple[str | None, str | None]:
    """Return the title and the body it names.

    The title is the first short line that ends as reports do; a body's name or a year alone on the
    line before belongs to it.
    """
    for number, line in enumerate(lines):
        if not _TITLE_END.search(line) or not _TITLE_WORD.search(line) or len(line) > 60:
            continue
        if any(mark in line for mark in "。；《：") or line[0] in '（(一二三四五六七八九十"“':
            continue
        before = lines[number - 1] if number else ""
        if before and len(before) <= 30 and (_SIGNED.match(before) or _BODY_NAME.fullmatch(before)):
            return before + line, before
        if before and re.fullmatch(r"(?:19|20)\d\d年度?.{0,20}", before):
            line = before + line
        named = _BODY_NAME.search(line)
        return line, re.sub(r"^(?:19|20)\d\d年?度?", "", named.group()) if named else None
    return None, None


def _issuer(text: str, lines: Sequence[str], in_title: str | None) -> str | None:
    """Return the issuing body: the title's when it names its region, else the signature's."""
    if in_title and find_regions(in_title):
        return _clean(in_title)
    signed = [
        found.group(1)
        for before, line in zip(lines, lines[1:], strict=False)
        if _DATE_LINE.fullmatch(line) and (found := _SIGNED.fullmatch(before))
    ]
    if signed:
        return _clean(signed[-1])
    labelled = _LABEL_BODY.search(text)
    if labelled:
        return _clean(labelled.group(1))
    return _clean(in_title) if in_title else None


def _clean(name: str) -> str:
    return re.sub(r"[ \u3000]+", "", name)


def _region(issuer: str | None, title: str | None, text: str) -> Region | None:
    """Return the region whose name the issuer (else the title, else the text most often) holds."""
    for source in (issuer, title):
        found = find_regions(source) if source else []
        if found:
            return found[0][2]
    counted = Counter(region for _, _, region in find_regions(text))
    return counted.most_common(1)[0][0] if counted else None


def _fiscal_year(title: str | None, text: str, report_date: str | None) -> str | None:
    """Return the year the report is about: the title's, else the year named most with 年度."""
    found = _YEAR_DUE.search(title) if title else None
    if found:
        return found.group(1)
    years = Counter(m.group(1) for m in re.finditer(r"(?<!\d)((?:19|20)\d\d)[ \u3000]*年度", text))
    if years:
        return years.most_common(1)[0][0]
    if report_date:
        return str(int(report_date[:4]) - 1)
    years = Counter(m.group(1) for m in _YEAR_DUE.finditer(text))
    return years.most_common(1)[0][0] if years else None


def _report_date(lines: Sequence[str]) -> str | None:
    """Return the date of the last line that is a date and nothing else."""
    ends = (line for line in reversed(lines) if line[-1] in "日0123456789")
    last = next(filter(None, map(_DATE_LINE.fullmatch, ends)), None)
    if last is None:
        return None
    year, month, day = (_arabic(last.group(i)) for i in (1, 2, 3))
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return None
    return f"{year}-{int(month):02}-{int(day):02}"


def _arabic(numeral: str) -> str:
    """Return a year, month or day numeral in digits (``二〇二二`` → 2022, ``二十八`` → 28)."""
    if numeral.isdigit():
        return numeral
    if "十" in numeral:
        tens, _, ones = numeral.partition("十")
        return str(int(_DIGITS[tens] if tens else 1) * 10 + int(_DIGITS[ones] if ones else 0))
    return "".join(_DIGITS.get(char, char) for char in numeral)


def _kind(title: str | None) -> str | None:
    if not title:
        return None
    scope = next((name for word, name in _KINDS if word in title), "")
    kind = "自评" if "自评" in title else "评价" if "评价" in title else ""
    return f"{scope}绩效{kind}" if scope or kind else None
