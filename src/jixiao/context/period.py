"""The period of each quantity: stated, inherited or relative to the fiscal year."""

from __future__ import annotations

import re
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from jixiao.numbers.exclusions import YEAR

_MONTH: Final = r"(?:1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十])"
_PARTS: Final = {
    "上半年": ("01", "06"),
    "下半年": ("07", "12"),
    "前三季度": ("01", "09"),
    "前三个季度": ("01", "09"),
    "一季度": ("01", "03"),
    "二季度": ("04", "06"),
    "三季度": ("07", "09"),
    "四季度": ("10", "12"),
}
# The five-year plans of the state, by number (十三五 is 2016-2020).
_PLANS: Final = {"二": 2011, "三": 2016, "四": 2021, "五": 2026}
# 年初预算 is the budget made then, not a point in time.
_START: Final = "初(?!预算|部门预算|安排|确定|计划|下达|目标|批复|部署|设定|工作)"
# 12月底, 6月上旬, 3月至5月, 9月以来: no month as a whole; 6月投运后: what followed lasted longer.
_AFTER_MONTH: Final = "(?:[底末份日号初上中下旬至到以间前后均饼]|[\u4e00-\u9fff]{1,6}后)"
_EXPRESSION: Final = re.compile(
    # Nothing else can begin one: most characters of a text are refused here.
    r"(?=[\d一二三四五六七八九十今本当去上前明下全年岁第“])(?:"
    # 4月29日至5月3日, 2023年10月1日至7日
    rf"(?:(?P<dyear>{YEAR})年)?(?<![\d个])(?P<dm1>{_MONTH})月(?P<d1>[0-3]?\d)日?[-~至到—](?:(?P<dm2>{_MONTH})月)?(?P<d2>[0-3]?\d)日"
    rf"|(?P<from>{YEAR})[ ]?年?[ ]?[-~至到][ ]?(?P<to>{YEAR})[ ]?年"
    rf"|(?P<year>{YEAR})[ ]?(?:学年度?|年度?)(?:(?P<edge>年?(?:底|末|{_START}))|(?P<since>以来)"
    rf"|[ ]?(?P<m1>{_MONTH})月?[ ]?[-~至到][ ]?(?P<m2>{_MONTH})月"
    rf"|[ ]?(?P<month>{_MONTH})月(?P<month_edge>底|末)?(?:[ ]?(?P<day>[0-3]?\d)日)?"
    rf"|(?P<part>上半年|下半年|前三个?季度|第?[一二三四]季度))?"
    rf"|(?<![\d个年])(?P<n1>{_MONTH})月?[ ]?[-~至到][ ]?(?P<n2>{_MONTH})月"
    rf"|(?<![\d个年])(?P<nm>{_MONTH})月(?P<nm_edge>份?底|份?末)"
    rf"|(?<![\d个年])(?P<only>{_MONTH})月(?:份(?!额)|[当单]月|(?=[，,])|(?<=[至止到]\d月)|(?<=[至止到]\d\d月)"
    # 4月5180.60万元, 7月会同财政局核查: the month stands before what it dates.
    r"|(?=\d[\d,.]*[余多]?(?:[万亿元%％]|[\u4e00-\u9fff](?<![日号至到年月])))"
    rf"|(?<=[，。；：、（\n]\d月)(?=[\u4e00-\u9fff])(?!{_AFTER_MONTH})"
    rf"|(?<=[，。；：、（\n]\d\d月)(?=[\u4e00-\u9fff])(?!{_AFTER_MONTH}))"
    # 加上年初结转: the word is 加上.
    r"|(?!(?<=加)上年[初末底])(?P<relative>今年|本年度?|当年|去年|上年度?|上一年度?|前一年|(?<!提)前年|明年|下年度?|全年)(?P<rel_edge>底|末|初)?"
    rf"|(?P<bare_edge>年底|年末|岁末|年{_START})"
    r"|(?<!年)(?P<npart>上半年|下半年|前三个?季度|第?[一二三四]季度)"
    r"|“?十(?P<plan>[二三四五])五”?(?P<plan_tail>时期|期间|以来|末|期末|规划期))"
)
_COMPARED: Final = re.compile(r"(?:[比较与同和按由从]|相比|相较于?|对比|超过|高于|低于)[ ]?$")
_COMPARED_TAIL: Final = re.compile(r"(?:同期)?(?:相比|比较|持平|减少|增加|增长|下降|多|少)")
_UNTIL: Final = re.compile(r"截[至止]到?[ ]?$|[至到][ ]?$")
# 是2021年的2.6倍, 占全年的30%: the year is what is compared with.
# … but 提高到2020年的19.86% tells of that year.
_BASE_OF: Final = re.compile(r"(?:[是为占]|(?<![提高加升降大长少低展])到|相当于)(?:约|近)?[ ]?$")
_OF: Final = re.compile(
    r"[^，。；\n\d]{0,6}的?(?:近|约|不到|超过)?[\d一二三四五六七八九两]+(?:\.\d+)?(?:倍|%|分之|成)"
)
# 获评2022年度先进单位: the year of an honour, not of what follows.
_HONOURED: Final = re.compile(r"(?:获评|荣获|获得|评为|授予|入选|获)[“]?$")
# 兑现2019年度奖励资金: the year tells whose money is paid, not when.
_PAYING: Final = re.compile(
    r"(?:兑付|兑现|清算|清缴|补缴|补发|补拨|补付|拨付|支付|发放|收回|追回|结清)(?:了|完)?[ ]?$"
)
_FUND: Final = re.compile(r"[^，。；：\n\t\d]{2,24}\d")
# 10月底才下达, 于2022年12月完成: when what stands before it was done.
_DONE_THEN: Final = re.compile(
    r"(?:[上中下]旬|底|末|初|前|后|才|已|即|全部|方)*(?:下达|到位|拨付|支付|完成|建成|开工|竣工|投产|投用|交付|启动|结清|验收)"
)
_SENTENCE_END: Final = re.compile(r"[。！？\n\t]")
_CLOSING: Final = re.compile(r"[（(）)\n。]")
_CLAUSE_END: Final = re.compile(r"[，。；\n\t]")
_DATING: Final = re.compile(r"(?:已于|于|计划|预计)[ ]?$")
_YEARS_OFF: Final = {"去": -1, "上": -1, "前": -1, "明": 1, "下": 1}
# The groups of expressions that name no year.
_BARE: Final = ("n1", "nm", "only", "npart", "bare_edge")
_CHINESE: Final = {c: i for i, c in enumerate("零一二三四五六七八九十")}


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A time named in the text: view offsets, the period it means, and whether it lasts.

    ``lasting`` expressions (years) hold for the sentences after them; a point in time or a part of
    a year holds in its sentence only. None holds beyond ``until``: the end of its brackets, or of
    its clause where it only dates another event (``已于2021年结清``). A ``bare`` one names no year
    (``上半年``): in a plan it is the year that is planned for. ``stock`` marks 截至: the state
    that is described then.
    """

    start: int
    end: int
    period: str
    lasting: bool
    until: int
    bare: bool = False
    stock: bool = False

    def moved(self, years: int) -> str:
        """Return the period, as many years later if it names no year itself."""
        if not (years and self.bare):
            return self.period
        return _YEAR_IN.sub(lambda found: str(int(found.group()) + years), self.period)


class Dated(NamedTuple):
    """The period of a place, the rule that gave it, and the expression that said it, if any."""

    period: str | None
    rule: str
    by: TimeExpression | None = None


_YEAR_IN: Final = re.compile(r"\d{4}(?=$|[-/])")
_DAY: Final = len("2021-12-31")


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    return 10 + _CHINESE[text[1]] if len(text) == 2 else _CHINESE[text]


def _year(text: str) -> int:
    if text.isdigit():
        return int(text)
    return int("".join("0" if c in "零〇○" else str(_CHINESE[c]) for c in text))


def _latest(report_year: int | None, fiscal: int | None) -> str | None:
    year = report_year or (fiscal and fiscal + 1)
    return str(year) if year else None


class Periods:
    """The time expressions of a report or a part of a file, and the period in force at each place.

    ``begin`` and ``end`` are where the part stands in the text.
    """

    def __init__(
        self,
        text: str,
        fiscal_year: str | None,
        report_date: str | None,
        begin: int = 0,
        end: int | None = None,
    ) -> None:
        self._text = text
        self._bounds = begin, len(text) if end is None else end
        self._fiscal = int(fiscal_year) if fiscal_year else None
        self._report_year = int(report_date[:4]) if report_date else None
        # The year in which the report is written, or the one after its fiscal year; None if unknown.
        self.latest = _latest(self._report_year, self._fiscal)
        self._found = self._find()
        self._starts = [found.start for found in self._found]

    def _find(self) -> list[TimeExpression]:
        found: list[TimeExpression] = []
        for match in _EXPRESSION.finditer(self._text, *self._bounds):
            before = self._text[max(match.start() - 4, 0) : match.start()]
            if _COMPARED.search(before) or self._is_cited(match.start()):
                continue
            if _BASE_OF.search(before) and _OF.match(self._text, match.end()):
                continue
            if self._names_fund(match, before):
                continue
            relative = match.group("relative") or ""
            if relative[:1] in ("上", "去", "前") and _COMPARED_TAIL.match(self._text, match.end()):
                continue
            year = self._stated_year(found, match)
            resolved = self._resolve(match, bool(_UNTIL.search(before)), year)
            if resolved:
                until = self._until(match, before)
                bare = year == self._fiscal and (
                    any(match.group(name) for name in _BARE) or match.group("relative") == "全年"
                )
                stock = before.rstrip().endswith(("截至", "截止", "至", "止"))
                found.append(TimeExpression(*match.span(), *resolved, until, bare, stock))
        return found

    def _names_fund(self, match: re.Match[str], before: str) -> bool:
        """Tell whether an earlier year only says whose money is paid (``兑现2019年度奖励资金``)."""
        if match.group()[-1] not in "年度" or not _PAYING.search(before):
            return False
        earlier = (match.group("relative") or "").startswith(("上", "去"))
        if match.group("year") and self._fiscal is not None:
            earlier = _year(match.group("year")) < self._fiscal
        return earlier and _FUND.match(self._text, match.end()) is not None

    def _is_cited(self, position: int) -> bool:
        """Tell whether a place lies inside book-title marks: the year of a cited document."""
        opened = self._text.rfind("《", max(position - 60, 0), position)
        return opened >= 0 and self._text.find("》", opened, position) < 0

    def _stated_year(self, found: Sequence[TimeExpression], match: re.Match[str]) -> int | None:
        """Return the year named before in the sentence, to which 9月底 and 年底 then belong.

        上年结转…，年末结余…: the balance at the end is of the year that is reported.
        """
        if found and not _SENTENCE_END.search(self._text, found[-1].end, match.start()):
            relative = self._text[found[-1].start] in _YEARS_OFF
            return (
                self._fiscal if relative and match.group("bare_edge") else int(found[-1].period[:4])
            )
        return self._year_going_on(found, match) or self._fiscal

    def _year_going_on(self, found: Sequence[TimeExpression], match: re.Match[str]) -> int | None:
        """Return the year of a month told before in the paragraph, when a later month follows it.

        于2022年7月成立评价组。8月，评价组…: the month is of the same year.
        """
        month = match.group("only") or match.group("nm")
        if not (month and found) or "\n" in self._text[found[-1].end : match.start()]:
            return None
        year, _, before = found[-1].period.partition("-")
        later = len(before) == len("07") and int(before) <= _month(month)
        return int(year) if later else None

    def _until(self, match: re.Match[str], before: str) -> int:
        """Return where an expression stops to hold."""
        text, end = self._text, match.end()
        closing = _CLOSING.search(text, end, end + 60)
        if closing and closing.group() in "）)":
            return closing.start()
        dated = bool(_DATING.search(before))
        if match.group("d1") or match.group("part") or match.group("npart"):
            # 于3月4日至20日检查…，抽查…; 预计一季度…，同比…: told of all that follows.
            dated = before.rstrip().endswith("已于")
        dates = dated or _HONOURED.search(before)
        relative = match.group("relative") and self._is_future(match)
        # 而2019年只有82%, 其中上半年1.4万人: told of one number.
        relative = relative or before.endswith(("而", "其中"))
        if dates or relative or _DONE_THEN.match(text, end):
            stop = _CLAUSE_END.search(text, end)
            return stop.start() if stop else len(text)
        return len(text)

    def _resolve(
        self, match: re.Match[str], until: bool, stated: int | None
    ) -> tuple[str, bool] | None:
        get = match.group
        if get("d1"):
            return self._days(match, stated)
        if get("from"):
            return f"{_year(get('from'))}-01/{_year(get('to'))}-12", False
        if get("year"):
            return self._of_year(match, _year(get("year")), until)
        if get("plan"):
            first = _PLANS[get("plan")]
            if get("plan_tail") in ("末", "期末"):
                return f"{first + 4}-12-31", False
            last = first + 4
            if get("plan_tail") == "以来" and self._fiscal and first <= self._fiscal <= last:
                last = self._fiscal
            return f"{first}-01/{last}-12", False
        if self._fiscal is None:
            return None
        return self._relative(match, stated or self._fiscal, until)

    def _days(self, match: re.Match[str], stated: int | None) -> tuple[str, bool] | None:
        """Resolve a stretch of days (``4月29日至5月3日``); its year is the one stated last."""
        get = match.group
        year = _year(get("dyear")) if get("dyear") else stated or self._fiscal
        if year is None:
            return None
        first = _month(get("dm1"))
        last = _month(get("dm2")) if get("dm2") else first
        begin, end = int(get("d1")), int(get("d2"))
        return f"{year}-{first:02}-{begin:02}/{year}-{last:02}-{end:02}", False

    def _of_year(self, match: re.Match[str], year: int, until: bool) -> tuple[str, bool]:
        get = match.group
        if get("since"):
            return f"{year}-01/{max(self._fiscal or year, year)}-12", False
        if get("edge"):
            return (f"{year}-01-01" if get("edge")[-1] == "初" else f"{year}-12-31"), False
        if get("m1"):
            return _months(year, _month(get("m1")), _month(get("m2")))
        if get("month"):
            month = _month(get("month"))
            if get("day") and until:
                return f"{year}-{month:02}-{int(get('day')):02}", False
            if until or get("month_edge"):
                return f"{year}-{month:02}-{monthrange(year, month)[1]:02}", False
            # A day dates an event; what it counts belongs to the year.
            return (f"{year}" if get("day") else f"{year}-{month:02}"), False
        if get("part"):
            return _part(year, get("part"))
        return f"{year}", True

    def _relative(self, match: re.Match[str], year: int, until: bool) -> tuple[str, bool] | None:
        """Resolve a month, a part or an edge of the year stated last, or a relative year."""
        get = match.group
        if get("n1"):
            return _months(year, _month(get("n1")), _month(get("n2")))
        if get("nm"):
            month = _month(get("nm"))
            return f"{year}-{month:02}-{monthrange(year, month)[1]:02}", False
        if get("only"):
            month = _month(get("only"))
            if until:
                return f"{year}-{month:02}-{monthrange(year, month)[1]:02}", False
            return f"{year}-{month:02}", False
        if get("npart"):
            return _part(year, get("npart"))
        if get("bare_edge"):
            return (f"{year}-01-01" if get("bare_edge") == "年初" else f"{year}-12-31"), False
        word = get("relative")
        year = (self._fiscal or year) if word != "当年" else year
        year += -2 if word == "前年" else _YEARS_OFF.get(word[0], 0)
        if word == "今年" and self._report_year and self._is_future(match):
            year = self._report_year
        if get("rel_edge"):
            return (f"{year}-01-01" if get("rel_edge") == "初" else f"{year}-12-31"), False
        return f"{year}", word in ("今年", "本年", "本年度", "全年")

    def _is_future(self, match: re.Match[str]) -> bool:
        """Tell 今年将, 将于今年: the year in which the report is written."""
        text, start, end = self._text, match.start(), match.end()
        return text[end : end + 1] in ("将", "拟") or text[max(start - 2, 0) : start].startswith(
            "将"
        )

    def at(self, position: int, sentence: int, block: int, planned: int = 0) -> Dated:
        """Return the period at a view position and the rule that gave it.

        The last expression before it in its sentence; else the last lasting one since the start of
        its block; else the fiscal year. ``planned`` is the number of years by which expressions
        without a year lie ahead, 1 in a plan.
        """
        index = bisect_left(self._starts, position)
        while index and self._found[index - 1].start >= min(sentence, block):
            index -= 1
            found = self._found[index]
            if found.until < position:
                continue
            if found.start >= sentence:
                return Dated(found.moved(planned), "period.sentence", found)
            if found.lasting and found.start >= block:
                return Dated(found.moved(planned), "period.carried", found)
        return Dated(str(self._fiscal), "period.fiscal_year") if self._fiscal else Dated(None, "")

    def listed(self, start: int, end: int) -> list[TimeExpression]:
        """Return the expressions that lie within ``[start, end)``, in order."""
        low = bisect_left(self._starts, start)
        return self._found[low : bisect_left(self._starts, end, low)]

    def range_before(self, position: int, sentence: int) -> str | None:
        """Return the last span of several years before a position in its sentence (for 年均)."""
        index = bisect_left(self._starts, position)
        while index and self._found[index - 1].start >= sentence:
            index -= 1
            first, _, last = self._found[index].period.partition("/")
            if last and first[:4] != last[:4]:
                return self._found[index].period
        return None

    def state_before(self, position: int, block: int) -> str | None:
        """Return the point in time (截至…) whose state a block describes before a position."""
        index = bisect_left(self._starts, position)
        while index and self._found[index - 1].start >= block:
            index -= 1
            found = self._found[index]
            if found.stock:
                return found.period if len(found.period) == _DAY else None
            if found.start >= block and not found.bare:
                return None
        return None

    def named_in(self, label: str) -> str | None:
        """Return the period a header or label names (``2020年决算数``, ``上年结转``), or None."""
        match = _EXPRESSION.search(label)
        if match is None:
            return None
        resolved = self._resolve(match, until=False, stated=self._fiscal)
        return resolved[0] if resolved else None

    def after(self, start: int, stop: int) -> str | None:
        """Return the period of 将于今年, 将在2023年 behind a number in its clause, or None."""
        index = bisect_left(self._starts, start)
        if index == len(self._found) or self._found[index].end > stop:
            return None
        found = self._found[index]
        before = self._text[max(found.start - 2, 0) : found.start]
        if before in ("将于", "将在", "拟于"):
            return found.period
        near = found.start == start or (found.start == start + 1 and before.endswith(("于", "在")))
        return found.period if near and _DONE_THEN.match(self._text, found.end) else None

    @property
    def fiscal_year(self) -> str | None:
        """The fiscal year, or None where the report tells none."""
        return str(self._fiscal) if self._fiscal else None


def _months(year: int, first: int, last: int) -> tuple[str, bool]:
    if (first, last) == (1, 12):
        return f"{year}", False
    return f"{year}-{first:02}/{year}-{last:02}", False


def _part(year: int, name: str) -> tuple[str, bool]:
    first, last = _PARTS[name.removeprefix("第")]
    return f"{year}-{first}/{year}-{last}", False
