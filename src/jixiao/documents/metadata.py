"""Title, issuing body, region, fiscal year, date and kind of a report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from jixiao.documents.blocks import Block
from jixiao.documents.bodies import (
    body_in,
    evaluating_firm,
    find_signature,
    is_firm,
    is_short_for,
    labelled_body,
)
from jixiao.documents.lines import YEAR, Line, read_lines, year_digits
from jixiao.documents.scores import find_score
from jixiao.documents.titles import find_title
from jixiao.resources.regions import (
    Region,
    by_name,
    enclosing,
    find_regions,
    full_name,
    resolve_region,
)

_NAMED_YEAR: Final = re.compile(rf"(?<!\d)({YEAR})[ \u3000]?(年度?|(?=[\u4e00-\u9fff）)]))")
_DUE_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)[ \u3000]{0,2}年度")
_ANY_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)[ \u3000]{0,2}年")
_YEAR_LINE: Final = re.compile(rf"[（(]({YEAR})年?度?[）)]")
_YEAR_LABEL: Final = re.compile(r"(?:预算|评价|自评|所属|填报|项目|财政|绩效)?年[度份][：:]?")
_YEAR_CELL: Final = re.compile(rf"[ \u3000]*({YEAR})[ \u3000]*年?度?")
_QUOTED: Final = re.compile(r"《[^《》\n]{0,100}》")
_CENTRAL: Final = re.compile(
    r"国家|中国|中共中央|国务院|全国|(?![省市县区州])[\u4e00-\u9fff]{2,6}部(?:$|办公厅|[\u4e00-\u9fff]{2,6}[司局])"
)
_REGION_ENDS: Final = "省市县区州盟旗"
_MAX_REGION: Final = 12
# Areas with a government of their own that are no divisions of GB/T 2260.
_AREA: Final = re.compile(
    r"[\u4e00-\u9fff]{2,8}?(?:新区|开发区|高新区|经开区|度假区|管理区|工业园区|园区(?=管))"
)
# 省科技厅 belongs to a province, 州财政局 to a prefecture: the ends of the names that fit.
_LEVELS: Final = {"省": "省", "市": "市", "州": "州盟", "县": "县旗", "区": "区"}
_KINDS: Final = (
    ("整体", "部门整体支出"),
    ("转移支付", "转移支付"),
    ("债券", "专项债券"),
    ("专项", "专项资金"),
    ("政府购买", "政府购买服务"),
    ("项目", "项目支出"),
    ("政策", "政策"),
    ("决算", "部门决算"),
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the text tells about the report itself; None where it does not.

    ``titled_year`` tells that the fiscal year stands in the title.
    """

    title: str | None = None
    issuer: str | None = None
    region: Region | None = None
    region_name: str | None = None
    fiscal_year: str | None = None
    report_date: str | None = None
    kind: str | None = None
    score: Decimal | None = None
    grade: str | None = None
    titled_year: bool = False


def read_metadata(
    text: str,
    blocks: Sequence[Block],
    title_rows: Collection[tuple[int, int]] = (),
    begin: int = 0,
    end: int | None = None,
) -> Metadata:
    """Return the metadata of a view text or of a part of it; every field is None without any.

    ``blocks`` are those of the part ``[begin, end)``; ``title_rows`` are the (table, row) of table
    rows with one cell: their text may be a title.
    """
    whole, text = text, text[begin:end]
    lines = read_lines(whole, blocks, title_rows)
    title = find_title(lines)
    signed, report_date = find_signature(lines)
    in_title = body_in(title) if title else None
    issuer = _issuer(signed or evaluating_firm(lines), in_title) or labelled_body(whole, blocks)
    year = _fiscal_year(title, lines, text, report_date, _labelled_year(blocks))
    bodies = [in_title] if issuer and is_firm(issuer) else [issuer, in_title]
    score, grade = find_score(
        whole,
        blocks,
        own="评价" not in (title or "") or "自评" in (title or ""),
        year=year,
    )
    region, region_name = _region([body for body in bodies if body], title, text, year)
    return Metadata(
        title=title,
        issuer=issuer,
        region=region,
        region_name=region_name,
        fiscal_year=year,
        report_date=report_date,
        kind=_kind(title),
        score=score,
        grade=grade,
        titled_year=bool(title and _NAMED_YEAR.search(title)),
    )


def _issuer(signed: str | None, in_title: str | None) -> str | None:
    """Return the body that signs, under the longer name where the title has it in full."""
    if signed is None or in_title is None:
        return signed or in_title
    return in_title if is_short_for(signed, in_title) else signed


def _region(
    bodies: Sequence[str], title: str | None, text: str, year: str | None
) -> tuple[Region | None, str | None]:
    """Return the region of the reporting body and its full name, both None if nothing tells.

    It is the region in the first of ``bodies`` that names one, else in the title, else the one the
    text names most often, of the level of the body (省 in 省科技厅). A central ministry has none. A
    new area or development zone (岳阳市南湖新区) has a name but is no division.
    """
    for body in bodies:
        if area := _area_in(body, year):
            return None, area
        if region := _region_in(body, text, year):
            return region, full_name(region, year=year)
    if bodies and _CENTRAL.match(bodies[0]):
        return None, None
    region = _region_in(title, text, year) if title else None
    region = region or _region_of_text(text, bodies[0][0] if bodies else "", year)
    return region, full_name(region, year=year) if region else None


def _area_in(body: str, year: str | None) -> str | None:
    """Return the area that a body's name begins with, with the region before it, or None."""
    found = find_regions(body, year=year)
    if found and _AREA.fullmatch(found[0][2].name):
        return None  # 浦东新区 is a division
    begin = found[0][1] if found and found[0][0] == 0 else 0
    area = _AREA.match(body, begin)
    return body[: area.end()] if area else None


def _region_of_text(text: str, level: str, year: str | None) -> Region | None:
    """Return the region a text names most often, if possible one of a level (省, 市, 县 …)."""
    counted = Counter(region for _, _, region in find_regions(text, year=year))
    if level == "省":
        around = [enclosing(region, "province") for region in counted.elements()]
        counted = Counter(region for region in around if region is not None)
    ranked = [region for region, _ in counted.most_common()]
    fitting = [region for region in ranked if region.name[-1] in _LEVELS.get(level, "")]
    return next(iter(fitting or ranked), None)


def _region_in(name: str, text: str, year: str | None) -> Region | None:
    """Return the region whose name, full or short, a body's name or a title begins with or holds.

    Of several namesakes (鼓楼区) it is the one inside a region that the text names.
    """
    if found := find_regions(name, year=year):
        return _branch_region(name, found[0][2], year) or found[0][2]
    prefixes = [name[:end] for end in range(min(len(name), _MAX_REGION), 1, -1)]
    prefixes = [prefix for prefix in prefixes if prefix[-1] in _REGION_ENDS]
    for prefix in prefixes:
        if region := resolve_region(prefix, year=year):
            return region
    if not any(by_name(prefix) for prefix in prefixes):
        return None
    context = Counter(region.code for _, _, region in find_regions(text, year=year))
    for code, _ in context.most_common():
        for prefix in prefixes:
            if region := resolve_region(prefix, within=code, year=year):
                return region
    return None


_BRANCH: Final = re.compile(r"局([\u4e00-\u9fff]{2,8}?)分局")


def _branch_region(name: str, region: Region, year: str | None) -> Region | None:
    """Return the district that a branch serves (``台州市生态环境局椒江分局``), or None."""
    branch = _BRANCH.search(name)
    return resolve_region(branch[1], within=region.code, year=year) if branch else None


def _fiscal_year(
    title: str | None,
    lines: Sequence[Line],
    text: str,
    report_date: str | None,
    labelled: str | None = None,
) -> str | None:
    """Return the year the report is about, or None.

    It stands in the title, alone on a line below it, or beside 年度 in a form; else it is the year
    named most with 年度, else with 年, up to the year of the report's date. A report of which only
    the date is known is about the year before if it was made in the first half of a year, when last
    year's are made.
    """
    named = list(_NAMED_YEAR.finditer(title or ""))
    if named:
        due = [found for found in named if found[2] == "年度"] or named
        return year_digits(due[-1][1])
    for line in lines:
        if found := _YEAR_LINE.fullmatch(line.text):
            return year_digits(found[1])
    if labelled:
        return labelled
    last = report_date[:4] if report_date else "9999"
    unquoted = _QUOTED.sub("", text)
    for pattern in (_DUE_YEAR, _ANY_YEAR):
        years = Counter(found[1] for found in pattern.finditer(unquoted) if found[1] <= last)
        if pattern is _ANY_YEAR and report_date:
            years[last] -= 1  # the date itself
        if years := +years:
            return years.most_common(1)[0][0]
    if report_date and report_date[5:7] <= "06":
        return str(int(last) - 1)
    return None


def _labelled_year(blocks: Sequence[Block]) -> str | None:
    """Return the year in the cell right of 年度, 预算年度 and the like, or None."""
    for label, value in pairwise(blocks):
        if label.cell is None or value.cell is None:
            continue
        same = (label.cell.table, label.cell.row) == (value.cell.table, value.cell.row)
        found = _YEAR_CELL.fullmatch(value.cell.text) if same else None
        if found and _YEAR_LABEL.fullmatch(label.cell.text):
            return year_digits(found[1])
    return None


def _kind(title: str | None) -> str | None:
    """Return the kind of report by its title (``部门整体支出绩效自评``), or None."""
    if not title:
        return None
    scope = next((name for word, name in _KINDS if word in title), "")
    kind = "自评" if "自评" in title else "评价" if "评价" in title else ""
    return f"{scope}绩效{kind}" if scope or kind else None
