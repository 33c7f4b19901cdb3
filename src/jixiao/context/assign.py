"""One pass over a report's quantities that gives each its context."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from jixiao.context.clauses import Clauses
from jixiao.context.cues import Cues
from jixiao.context.links import link_totals, reference_of
from jixiao.context.measure import LEVEL, Decision, decide_measure
from jixiao.context.modality import cell_modality, text_modality
from jixiao.context.nouns import (
    EVENTS,
    PERSONS,
    compose,
    is_body,
    is_nominal,
    is_place,
    noun_after,
    noun_before,
)
from jixiao.context.pairs import Pair, pair_up
from jixiao.context.phrases import subject_before
from jixiao.context.scopes import Scope, find_scopes
from jixiao.documents.sections import SectionKind, section_kind
from jixiao.numbers.headers import bare, listed_unit, role_of
from jixiao.records import Quantity

if TYPE_CHECKING:
    from jixiao.documents.report import Report
from jixiao.numbers.find import Found

# 人, 名 and 位 count the same.
_SAME_UNITS: Final = {"名": "人", "位": "人"}
# 兴仁市38公里，同比增长5%: the growth is of the same place.
_ONLY_MOVED: Final = re.compile(
    r"，(?:同比|环比|较上年|比上年|较去年|比去年)?(?:分别)?(?:实际)?(?:增长|下降|提高|增加|减少|上升|降低|增|降)[了]?"
)
# 其中 at the start of the next sentence goes on with the list.
_AMONG_NEXT: Final = re.compile(r"[^，。；\n]{0,4}[。；]?[ \u3000]*其中")
_SEMICOLON: Final = re.compile(r"[；;。！？\n\t]")
_LIST_STEP: Final = 36
_LIST_MARKS: Final = frozenset("，、；。（(")
_LIST_LEAD: Final = re.compile(
    r"^[ \u3000，、；：:（(和及与]*(?:其中[，：:]?)?(?:投资)?(?:有|含|包括|即|分别[为是])?"
)
# 新增A企业96家、累计283家，B企业214家: the total in between does not end the list.
_TOTAL_CUE: Final = re.compile(r"(?:累计|总数|达到?|共|总量)[^，。；\d]{0,4}$")
# 低于全市平均增速0.6个百分点（全市4.8%，全省6.0%): rates of others, of the same kind.
_COMPARATOR: Final = re.compile(
    r"[（(，](?:全[国省市县区旗州盟]|[\u4e00-\u9fff]{2,8}[省市县区州])(?:平均)?(?:水平|值|增速|增幅)?(?:为|是)?$"
)
_COURSE: Final = re.compile(
    r"[，；](?:[一二三四]季度|上半年|下半年|前三季度|全年|年末|\d{4}年|\d{1,2}月)?(?:回升|上升|提升|回落|升|降|进一步\w{0,2})?(?:至|到|达到|达|为)"
)
_DONE: Final = re.compile(r"[得扣]|已|实际|支出|决算|执行|完成|达到|实现|到位|开工|完工|竣工|建成")
_DEED: Final = re.compile(r"(?<!拟)(?<!计划)(?:开工|完工|竣工|建成|已完成|实际完成)[^，。；]{0,8}$")
# 年中追加621万元，其中专项487万元、市级追加134万元: the parts are planned like the whole.
_PART_OF_TOTAL: Final = re.compile(r"[，；：。（(]?其中[：，]?|、[^，。；\d]{1,12}$")
# 按来源分，中央财政7420万元，自治区财政5960万元: how what is planned is made up.
_SOURCES: Final = re.compile(
    r"[，。；](?:按[^，。；]{1,6}分，)?[^，。；\d]{2,14}|，来源为[^，。；\d]{2,16}|[和、][^，。；\d]{2,10}"
)
_PAID: Final = re.compile(r"(?<=..)(?:经费|费用?|支出|金额|资金)$")
_COUNTED: Final = frozenset({"applied", "recommended", "approved", "new", "net_new"})
_DAY: Final = len("2021-12-31")
_LONG_LEAD: Final = 40
_TOPIC: Final = 24
_AMONG_REACH: Final = 160
_BREAKS: Final = re.compile(r"[。！？\n\t]")
# 由120万箱/天提升至150万箱/天: the first value belongs to an unstated earlier time.
_BEFORE: Final = re.compile(
    r"[由从](?:原来?的?|原先的?|最初的?|上年[的底末]?|去年[的底末]?|\d{4}年[的底末]?"
    r"|“?十[一二三四]五”?(?:期?末|时期)的?)?$"
)
_AFTERWARDS: Final = re.compile(
    r"[^，。；\n]{0,4}(?:提高|提升|发展|增加|增长|上升|扩大|扩展|减少|下降|降低|缩短|降|增|升|压缩|减)[至到为]"
)
_BASE: Final = re.compile(
    r"[较比与](上年度?|去年|上一年|\d{4}年度?)(?:同期|末|的|实际|决算|数|同类[^，。；\d]{1,4}){0,2}$"
)
_ENUMERATOR: Final = re.compile(r"(?<=[。；;：，\n])[ \u3000]{0,4}[一二三四五六七八九十]是")
# How far back a clause and a sentence are read: none of the genre's is longer, and a text without
# marks must not cost the square of its length.
_CLAUSE_REACH: Final = 200
_SENTENCE_REACH: Final = 1200
_YEAR_END: Final = re.compile(
    r"(?:年末|累计|滚存|期末)结[余转]|(?<![当本]年)(?<!收支)结余$|资金结余|(?:固定|流动|无形|在用|国有)?资产(?:总额|总计|合计|原值|净值)?$|"
    r"负债(?:总额|合计)?$|(?:贷款|存款)余额|保有量"
)
# Headers that name an earlier year but not the period of what stands under them.
_NO_PERIOD: Final = re.compile(
    r"(?:上年|年初|上年度|以前年度)结[余转]|年初余额|年初数|期初|[比较](?:上年|去年|同期)|同比|环比"
)
_YEAR_START: Final = re.compile(r"(?:上年|年初|上年度|以前年度)结[余转]|年初余额|年初数|期初")


class ContextAssigner:
    """Gives the quantities of one report their context, in text order."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._text = report.view.text
        self.clauses = self._clauses = Clauses(self._text)
        self._cues = Cues(self._text)
        self.scopes = find_scopes(report)
        self._enter(self.scopes[0])
        self._item_starts = [found.start() for found in _ENUMERATOR.finditer(self._text)]
        self._before: Found | None = None
        # The last number of new, applied … things and the last rate: what lists go on with.
        self._counting: Found | None = None
        self._rate: Quantity | None = None
        self._pairs: Mapping[int, Pair] = {}
        self._nouns: dict[str, tuple[int, str | None]] = {}
        self._opened: dict[str, tuple[int, str]] = {}

    def assign(self, items: Sequence[Found]) -> None:
        """Fill in the context fields of every quantity."""
        self._pairs = pair_up(self._text, items, self.scopes)
        scopes = iter(self.scopes[1:])
        following = next(scopes, None)
        for item in items:
            while following and item.start >= following.start:
                self._enter(following)
                following = next(scopes, None)
            section = self._report.outline.path(item.start)
            if section:
                item.quantity.section = list(section)
            if item.whole_cell:
                self._in_cell(item)
            else:
                self._in_text(item, section_kind(section))
            self._finish(item)
            if item.quantity.label == "COUNT":
                self._remember_noun(item)
            if item.quantity.measure in _COUNTED:
                self._counting = item
            if item.quantity.unit == "%":
                self._rate = item.quantity
            self._before = item
        link_totals(self._text, items)

    def _enter(self, scope: Scope) -> None:
        """Read what follows as the words of this scope's body about its year."""
        self.periods, self.regions = scope.periods, scope.regions
        self._before = self._counting = self._rate = None

    def _in_cell(self, item: Found) -> None:
        """Give a number that fills its cell the context of its headers and labels."""
        quantity, cell = item.quantity, item.cell
        if cell is None:
            return
        columns = [label for label in cell.columns if bare(label) != "其中"]
        own = self._text[item.start : item.end]
        modality, rule = cell_modality(quantity, columns, own, whole=True)
        quantity.modality = modality or "actual"
        words = " ".join((*cell.rows[-1:], *columns))
        decision = _header_measure(quantity, words, columns, cell.rows)
        _apply(quantity, decision)
        quantity.subject = _cell_subject(columns, cell.rows, cell.row_headers, quantity)
        quantity.region = self.regions.of_row(cell.rows)
        if quantity.label == "COUNT":
            listed = bool(cell.row_headers) and bool(_LISTS_NAMES.search(cell.row_headers[-1]))
            name = quantity.subject if listed else None
            quantity.noun = name or _cell_noun(quantity.subject, quantity.unit or "")
        if quantity.modality != "rule":
            stated = [column for column in reversed(columns) if not _NO_PERIOD.search(column)]
            named = next(filter(None, map(self.periods.named_in, stated)), None)
            quantity.period = named or self.periods.fiscal_year
        header = columns[-1] if columns else ""
        _note(
            quantity,
            modality=rule or "cell.default",
            measure=decision.cue or "cell.default",
            header=header,
        )

    def _in_text(self, item: Found, kind: SectionKind | None) -> None:
        """Give a number in running text the context of its clause and sentence."""
        quantity, text, start = item.quantity, self._text, item.start
        block = item.block.start if item.block else 0
        block = max(block, self._item_start(start))
        clause = max(self._clauses.start(start), block, start - _CLAUSE_REACH)
        stop = min(self._clauses.end(item.end), item.end + _CLAUSE_REACH)
        sentence = max(self._clauses.sentence_start(start), block, start - _SENTENCE_REACH)
        before = self._before
        same = (
            before is not None
            and before.end > clause
            and not before.whole_cell
            and before.quantity.modality != "rule"
        )
        lead = before.end if same and before is not None else clause
        item.sentence, item.clause, item.lead = sentence, clause, lead
        self._set_modality(item, kind, sentence, clause, stop)
        decision = decide_measure(quantity, text, self._cues, clause, lead, start, item.end, stop)
        self._settle_modality(item, decision, sentence)
        self._settle_bound(item)
        if quantity.modality == "rule":
            decision = _rule_measure(quantity, decision)
        elif decision is None:
            decision = self._carried_measure(item, clause, lead, sentence)
        elif decision.cue.endswith("到") and quantity.label == "PERCENT":
            # 1-6月增速为3.1%，三季度回升至7.4%: it rises to a growth.
            carried = self._carried_measure(item, clause, lead, sentence)
            decision = carried if carried.measure == "growth" else decision
        _apply(quantity, decision)
        quantity.of = reference_of(quantity, text, clause, lead, start)
        quantity.region = self._region_of(item, clause, lead)
        if quantity.region is None and item.cell is not None:
            quantity.region = self.regions.of_row(item.cell.rows)
        self._set_subject(item, clause, lead, sentence, stop)
        self._set_period(item, sentence, block, kind)
        _note(quantity, measure=decision.cue or "measure.default")

    def _region_of(self, item: Found, clause: int, lead: int) -> str | None:
        """Return the region of a number in text: paired by 分别, its own words', or carried on."""
        paired = self._pairs.get(item.start)
        if paired is not None and paired.region:
            return paired.region
        quantity, before = item.quantity, self._before
        region = self.regions.of_number(quantity, self._text, clause, lead, item.start)
        if region is not None or before is None or before.quantity.label == "RANK":
            return region
        relative = quantity.measure in ("growth", "change")
        between = self._text[before.end : item.start]
        if relative and before.quantity.region and _ONLY_MOVED.fullmatch(between):
            return before.quantity.region
        return None

    def _item_start(self, position: int) -> int:
        """Return where the list item (一是…；二是…) around a position begins; 0 outside lists."""
        index = bisect_right(self._item_starts, position)
        return self._item_starts[index - 1] if index else 0

    def _carried_measure(self, item: Found, clause: int, lead: int, sentence: int) -> Decision:
        """Return the measure a list carries on: ``推荐A项目19个，B项目20个``; else level."""
        before, quantity = self._before, item.quantity
        if before is None or before.quantity.label != quantity.label:
            return LEVEL
        between = self._text[before.end : item.start]
        if before.start < sentence and not _AMONG_NEXT.match(between):
            return LEVEL
        if quantity.label in ("PERCENT", "RATIO"):
            return self._carried_rate(quantity, before.quantity, between)
        counting = self._counting
        if counting is None or counting.start < min(sentence, before.start) or "；" in between:
            return LEVEL
        if before is not counting and not _TOTAL_CUE.search(self._text, before.lead, before.start):
            return LEVEL
        if len(between) > _LIST_STEP or _SEMICOLON.search(between):
            return LEVEL
        if between == "，" and self._text[item.end : item.end + 1] not in _LIST_MARKS:
            # 报名企业60家，9家晋级: a new predicate stands behind the number.
            return LEVEL
        if counting.quantity.measure == "net_new" and self._text.endswith(
            "净增", 0, counting.start
        ):
            # 净增5家，其他企业120家: the number was the object, no list goes on.
            return LEVEL
        own = _LIST_LEAD.sub("", self._text[lead : item.start])
        if own and not is_nominal(own):
            return LEVEL
        return Decision(counting.quantity.measure or "level", None, "carried")

    def _carried_rate(self, quantity: Quantity, earlier: Quantity, between: str) -> Decision:
        """Return the measure of a rate whose clause names none: of lists, brackets and courses."""
        rate = self._rate
        if between in ("、", "和", "，", "与", "及") and earlier.unit == quantity.unit:
            return Decision(earlier.measure or "level", earlier.direction, "carried")
        if rate is None or quantity.unit != "%" or rate.measure not in ("growth", "share"):
            return LEVEL
        if _COMPARATOR.search(between) or (earlier is rate and _COURSE.fullmatch(between)):
            return Decision(rate.measure, rate.direction and "up", "carried")
        return LEVEL

    def _set_modality(
        self, item: Found, kind: SectionKind | None, sentence: int, clause: int, stop: int
    ) -> None:
        quantity = item.quantity
        if item.cell is not None and item.block is not None:
            own = self._text[item.block.start : item.block.end]
            said, rule = cell_modality(quantity, item.cell.columns, own, whole=False)
            if said == "rule" or (said == "planned" and item.cell.columns):
                quantity.modality = said
                _note(quantity, modality=rule)
                return
        modality, rule = text_modality(
            quantity, self._text, self._cues, sentence, clause, item.start, item.end, stop, kind
        )
        quantity.modality = modality
        _note(quantity, modality=rule)

    def _settle_modality(self, item: Found, decision: Decision | None, sentence: int) -> None:
        """Settle what the measure and the number before tell of the modality.

        The difference to a goal or budget happened; growth and share of a budget are of the budget;
        in a list of weights every one is a rule.
        """
        quantity, before = item.quantity, self._before
        said = (quantity.evidence or {}).get("modality", "")
        if decision is not None and decision.measure == "gap" and said.startswith("cue."):
            quantity.modality = "actual"
            _note(quantity, modality="measure.gap")
        if (
            said.startswith("cue.")
            and item.lead > item.clause
            and _DEED.search(self._text, item.lead, item.start)
        ):
            # 列入年度计划的22项工程开工19项: the plan is the first number's.
            quantity.modality = "actual"
            _note(quantity, modality="modality.done")
        if said != "modality.default" or before is None:
            return
        if before.start < self._parts_floor(sentence):
            return
        earlier = before.quantity
        listed = quantity.label == "SCORE" == earlier.label and earlier.modality == "rule"
        if not listed and earlier.modality not in ("planned", "forecast"):
            return
        relative = decision is not None and decision.measure in ("growth", "change", "share")
        relative = relative or bool(_BASE.search(self._text, before.end, item.start))
        between = self._text[before.end : item.start]
        relative = relative or (_PART_OF_TOTAL.match(between) is not None)
        amounts = earlier.label == "MONEY" or earlier.measure == "share"
        if quantity.label == "MONEY" and amounts and _SOURCES.fullmatch(between):
            relative = True
        if (relative or listed) and not _DONE.search(self._text, before.end, item.start):
            quantity.modality = earlier.modality
            _note(quantity, modality="carried")

    def _settle_bound(self, item: Found) -> None:
        """Take a standard or goal as exact, whatever falls short of it (``低于60%的省定标准``)."""
        quantity = item.quantity
        said = (quantity.evidence or {}).get("modality")
        limited = self._text[max(item.start - 3, 0) : item.start] == "控制在"
        if said == "modality.standard" or (limited and quantity.modality == "planned"):
            quantity.bound = "="

    def _set_subject(self, item: Found, clause: int, lead: int, sentence: int, stop: int) -> None:
        quantity, text, start = item.quantity, self._text, item.start
        if quantity.label == "COUNT":
            quantity.noun = self._noun(item, clause, lead, sentence, stop)
        subject = subject_before(text, start, lead)
        before = self._before
        labels = item.cell.rows if item.cell is not None else []
        carried = (
            before is not None
            and before.start >= sentence
            and (item.cell is None or before.block is item.block)
        )
        if subject is None and labels and not carried:
            subject = bare(labels[-1])
        if subject is None and quantity.label == "COUNT":
            subject = quantity.noun
        if subject is None and carried and before is not None:
            subject = before.quantity.subject
        if subject is None:
            floor = self._clauses.before(start, 1, sentence)
            subject = subject_before(text, max(clause - 1, floor), floor)
        quantity.subject = subject

    def _noun(self, item: Found, clause: int, lead: int, sentence: int, stop: int) -> str | None:
        """Return the counted noun: after the number, before it, or in what stands before.

        A part without a noun of its own takes that of the whole: ``幼儿园44所（公办36所）``.
        """
        text, start, unit = self._text, item.start, item.quantity.unit or ""
        if unit == "位" and item.quantity.measure == "change":
            # 较上年前移5位: places in a ranking are counted.
            return "位次"
        noun = noun_after(text, item.end, stop, unit)
        if noun is not None:
            return noun
        phrase = noun_before(text, start, lead, unit)
        if phrase is not None and phrase.fits:
            return phrase.text
        whole = self._noun_of_whole(item, clause, sentence)
        if phrase is not None and whole is not None:
            return compose(phrase.text, whole)
        if phrase is not None:
            nobody = unit in PERSONS and is_body(phrase.text)
            return None if nobody or is_place(phrase.text) else phrase.text
        if whole is None and item.cell is not None and item.cell.rows:
            return _cell_noun(bare(item.cell.rows[-1]), unit)
        return whole

    def _noun_of_whole(self, item: Found, clause: int, sentence: int) -> str | None:
        """Return the noun that the numbers and clauses before a number without one speak of."""
        text, unit = self._text, item.quantity.unit or ""
        unit = _SAME_UNITS.get(unit, unit)
        opening, whole = self._opened.get(unit, (-1, None))
        near = opening >= 0 and item.start - opening <= _AMONG_REACH
        if near and not _CLOSING.search(text, opening, item.start):
            # 学校86所，其中幼儿园44所（公办36所: in a bracket the number before it is the whole.
            return whole
        start, noun = self._nouns.get(unit, (-1, None))
        if start >= self._parts_floor(sentence) and noun:
            return noun
        floor = self._clauses.before(item.start, 1, sentence)
        if floor < clause:
            before = self._before
            amount = before is not None and floor <= before.start < clause
            until = before.start if before is not None and amount else clause - 1
            phrase = noun_before(text, until, floor, unit)
            if phrase is not None and phrase.fits:
                # 公务接待费5.44万元，共接待63批次: what was paid for is counted.
                return _PAID.sub("", phrase.text) if amount or unit in EVENTS else phrase.text
        block = item.block.start if item.block else 0
        topic = self._clauses.sentence_start(max(sentence - 2, block))
        if sentence - topic <= _TOPIC and start < topic and sentence > block:
            # 培育创新型中小企业。全年新入库126家: a short sentence names what the next counts.
            phrase = noun_before(text, sentence - 1, max(topic, block), unit)
            if phrase is not None and phrase.fits:
                return phrase.text
        return noun if start >= block else None

    def _remember_noun(self, item: Found) -> None:
        """Keep the noun of a whole for its parts; the parts behind 其中 or 即 leave it."""
        quantity = item.quantity
        unit = _SAME_UNITS.get(quantity.unit or "", quantity.unit or "")
        known, _ = self._nouns.get(unit, (-1, None))
        floor = max(item.sentence, item.start - _AMONG_REACH)
        floor = max(floor, self._text.rfind("；", floor, item.start))
        opened = (self._text.rfind(word, floor, item.start) for word in ("其中", "，即"))
        among = max(opened)
        if quantity.noun and self._text[item.end : item.end + 1] in _OPENING:
            self._opened[unit] = item.end, quantity.noun
        if (before := self._parts_floor(item.sentence)) < item.sentence:
            floor = before
        if quantity.noun and not (among >= 0 and known >= floor):
            self._nouns[unit] = item.start, quantity.noun

    def _parts_floor(self, sentence: int) -> int:
        """Return from where a whole may stand for the parts in a sentence.

        ``在校学生2万人。其中：幼儿5千人``: in the sentence before one that begins with 其中.
        """
        if not self._text.startswith("其中", sentence):
            return sentence
        return self._clauses.sentence_start(max(sentence - 2, 0))

    def _set_period(self, item: Found, sentence: int, block: int, kind: SectionKind | None) -> None:
        quantity, start = item.quantity, item.start
        if quantity.modality == "rule":
            return
        before = self._text[max(start - 12, 0) : start]
        after = self._text[item.end : item.end + 10]
        first = _BEFORE.search(before) if "由" in before or "从" in before else None
        if first is not None and _AFTERWARDS.match(after):
            quantity.period = self.periods.named_in(first.group())
            return
        compared = _BASE.search(before) if "年" in before else None
        if compared and (named := self.periods.named_in(compared.group(1))):
            # 较上年46,105.20万元增加: the number is the earlier year's.
            quantity.period = named
            return
        ahead = int(kind == "plan" and quantity.modality in ("planned", "forecast"))
        period, rule, said = self.periods.at(start, sentence, block, ahead)
        paired = self._pairs.get(start)
        if paired is not None and paired.period:
            period, rule = paired.period, "period.paired"
        elif later := self.periods.after(item.end, self._clauses.end(item.end)):
            period, rule = later, "period.ahead"
        elif "年均" in before and (years := self.periods.range_before(start, sentence)):
            period, rule = years, "period.average"
        elif rule == "period.fiscal_year" and period and ahead:
            period, rule = str(int(period) + 1), "period.plan"
        elif (
            quantity.label == "COUNT"
            and quantity.measure == "level"
            and (said is None or said.lasting)
            and (quantity.unit or "") not in EVENTS
            and (state := self.periods.state_before(start, self._sentence_before(sentence, block)))
            and is_nominal(_LIST_LEAD.sub("", self._text[item.lead : start]))
        ):
            period, rule = state, "period.state"
        if item.cell is not None and rule == "period.fiscal_year":
            named = next(filter(None, map(self.periods.named_in, item.cell.columns)), None)
            period = named or period
        before_it = self._before
        if (
            quantity.measure in ("growth", "change")
            and before_it is not None
            and before_it.start >= sentence
            and len(before_it.quantity.period or "") == _DAY
            and rule in ("period.fiscal_year", "period.carried")
        ):
            # 年末在库企业1187家，较上年增加162家: the change is of the same day.
            period, rule = before_it.quantity.period, "period.of_stock"
        flows = quantity.measure in _COUNTED
        ahead_of_time = bool(self.periods.latest and period and period[:4] > self.periods.latest)
        dated = period is not None and len(period) == _DAY and not ahead_of_time
        if period and flows and dated and quantity.modality == "actual":
            period = period[:4]
        quantity.period = period
        _note(quantity, period=rule)
        self._look_ahead(item)

    def _sentence_before(self, sentence: int, block: int) -> int:
        return max(self._clauses.sentence_start(max(sentence - 2, 0)), block)

    def _look_ahead(self, item: Found) -> None:
        """Read what is dated after the year of writing as planned: nothing of it has happened."""
        quantity = item.quantity
        latest = self.periods.latest
        said = (quantity.evidence or {}).get("modality")
        if (
            said == "modality.default"
            and latest
            and quantity.period
            and quantity.period.rpartition("/")[2][:4] > latest
            and not (
                quantity.period[:4] <= latest
                and _DONE.search(self._text, max(item.lead, item.start - _LONG_LEAD), item.start)
            )
        ):
            quantity.modality = "planned"
            _note(quantity, modality="period.future")

    def _finish(self, item: Found) -> None:
        """Set what depends on several fields: signs of growth, balances at a point in time."""
        quantity = item.quantity
        if quantity.measure in ("growth", "change"):
            if quantity.value is not None and quantity.value < 0:
                quantity.value, quantity.direction = -quantity.value, "down"
            quantity.direction = quantity.direction or "up"
        if quantity.label == "MONEY" and quantity.measure == "level" and quantity.subject:
            period = quantity.period
            if period and len(period) == 4:
                if _YEAR_START.search(quantity.subject):
                    quantity.period = f"{self.periods.fiscal_year or period}-01-01"
                elif _YEAR_END.search(quantity.subject):
                    quantity.period = f"{period}-12-31"


def _apply(quantity: Quantity, decision: Decision) -> None:
    quantity.measure, quantity.direction = decision.measure, decision.direction


def _note(quantity: Quantity, **cues: str) -> None:
    """Add what decided each field to the quantity's evidence."""
    evidence = quantity.evidence if quantity.evidence is not None else {}
    evidence.update(cues)
    quantity.evidence = evidence


def _rule_measure(quantity: Quantity, decision: Decision | None) -> Decision:
    """In a rubric a point step (``每超过一个百分点``) is a gap and other changes are levels."""
    if quantity.unit == "pp":
        return Decision("gap", None, "rubric.step")
    said = (quantity.evidence or {}).get("modality", "")
    kept = ("share",) if "rubric" in said else ("share", "growth")
    return decision if decision is not None and decision.measure in kept else LEVEL


_HEADER_MEASURES: Final = (
    (re.compile(r"净增"), "net_new"),
    (re.compile(r"新增|新建|新认定"), "new"),
    (re.compile(r"申报数|申报$"), "applied"),
    (re.compile(r"立项"), "approved"),
)


def _header_measure(
    quantity: Quantity, words: str, columns: Sequence[str], rows: Sequence[str]
) -> Decision:
    """Return the measure that headers and labels name; a rate or score in a cell is a level."""
    if quantity.label == "RANK":
        return Decision("rank", None, "rank")
    if quantity.label in ("SCORE",) or quantity.modality == "rule":
        return LEVEL
    named = " ".join(columns) or words
    if quantity.label in ("PERCENT", "RATIO"):
        return _header_rate(named if columns else words, rows[-1] if rows else "")
    for pattern, measure in _HEADER_MEASURES:
        if pattern.search(words):
            return Decision(measure, None, "header")  # type: ignore[arg-type]
    if re.search(r"增减额|增加额|减少额|比上年增", named):
        return Decision("change", "up", "header")
    return LEVEL


_GROWTH_HEADER: Final = re.compile(r"同比|环比|增长|增速|增幅|增减|比上年|较上年|变动率")
_GROWTH_LABEL: Final = re.compile(r"(?:增长|增速|增幅|下降)率?$|同比")
_SHARE_HEADER: Final = re.compile(r"占比|占.{0,12}(?:比重|比例)|比重$")
_FALLING: Final = re.compile(r"下降|减少|降幅")


def _header_rate(named: str, label: str) -> Decision:
    """Return the measure of a percentage in a cell by its headers, else by the row's label."""
    if _GROWTH_HEADER.search(named):
        return Decision("growth", "down" if _FALLING.search(named) else "up", "header")
    if _SHARE_HEADER.search(named):
        return Decision("share", None, "header")
    if _GROWTH_LABEL.search(bare(label)):
        return Decision("growth", "down" if _FALLING.search(label) else "up", "label")
    return LEVEL


# What a header or label says of the column alone, not of what is measured.
_GENERIC: Final = re.compile(
    r"^(?:合计|总计|小计|数量|金额|数值|增长率?|增幅|增速|增减.{0,3})$|^(?:得分|分值|自评|实际|完成|年度|目标|预算数|决算数)"
    r"|^(?:(?:19|20)\d\d|[本上当去]|全)年(?:度|初|末)?(?:实际|完成|累计|预算|决算|计划|目标)?[数值额]?$|^[比较]上年|^同比|^环比"
)
_AMONG: Final = re.compile(r"^其中[：:]?")
# 名称｜数量: the label is the name of the things, whatever verb it begins with (执法车辆).
_LISTS_NAMES: Final = re.compile(r"(?:(?<!指标)(?<!项目)(?<!单位)名称|品名|品种|种类|品类)$")


def _cell_subject(
    columns: Sequence[str], rows: Sequence[str], heads: Sequence[str], quantity: Quantity
) -> str | None:
    """Return the words for what a cell measures: the row's label where columns only hold roles."""
    labels = [_AMONG.sub("", bare(label)) for label in rows]
    names = [
        label
        for label, head in zip(labels, heads, strict=False)
        if role_of(head) not in ("rubric", "remark", "target", "result", "ignored")
        and not listed_unit(head, label)
    ]
    roles = [role_of(header) for header in columns]
    leaf = bare(columns[-1]) if columns else ""
    if columns and not any(roles) and leaf:
        return leaf if not _GENERIC.search(leaf) else (names[-1] if names else leaf)
    if names:
        return names[-1]
    return leaf or None


def _cell_noun(subject: str | None, unit: str) -> str | None:
    """Return the counted noun that a cell's subject names (``生猪出栏头数`` → 生猪)."""
    if not subject:
        return None
    phrase = noun_before(subject, len(subject), 0, unit)
    if phrase is None:
        # 立项数（项）: what is approved or finished is a project.
        return "项目" if _OF_PROJECTS.match(subject) else subject
    return phrase.text


_OPENING: Final = ("（", "(")
_CLOSING: Final = re.compile(r"[）)\n]")
_OF_PROJECTS: Final = re.compile(r"(?:获?立项|结题|验收|申报|获批)(?:数|数量|项数)?$")
