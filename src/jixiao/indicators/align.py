"""Which indicator a quantity measures: candidates by name, scored by evidence, or none.

Each candidate is an alias near the number. Its score is the product of where it stands (the clause
before the number, the noun after it, a table's label, an earlier clause, a heading), how sure the
alias is, how much of the phrase it covers, and how the unit fits. The best candidate wins where its
score passes a threshold; "none" is an ordinary answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from jixiao.context.clauses import Clauses
from jixiao.context.nouns import noun_after
from jixiao.indicators.candidates import AliasIndex, Occurrence, Occurrences
from jixiao.indicators.catalogue import Catalogue, Indicator, normal_form
from jixiao.indicators.dimension import fitness
from jixiao.numbers.headers import bare, listed_unit, role_of
from jixiao.records import Candidate

if TYPE_CHECKING:
    from jixiao.documents.report import Report
    from jixiao.numbers.find import Found

THRESHOLD: Final = 0.45
_WEAK: Final = 0.74
# A candidate so near and so whole that nothing farther off can change the decision.
_SURE: Final = 0.85
_DEPENDENT: Final = frozenset({"growth", "change", "share", "gap", "rank"})
# Headers and nouns that leave open what is measured.
_GENERIC_HEADS: Final = re.compile(
    r"^(?:金额|资金|数量|数|个数|项目数?|项目个数|企业数?|企业数量|户数|家数|补助|安排|分配|合计|完成|实际|计划)"
)
# Headers that say how the column before is measured.
_DEPENDENT_HEADS: Final = re.compile(
    r"(?:同比|环比|比上年)?(?:增长|增减|下降|增速|增幅|变动)?(?:率|额|幅度)?|占比|比重|所占比[例重]"
)
_BASE: Final = re.compile(
    r"[较比与](?:上年度?|去年|上一年|\d{4}年度?)(?:同期|末|的|实际|决算|数){0,2}$"
)
_GENERIC_NOUNS: Final = frozenset(
    {"企业", "项目", "单位", "人员", "机构", "个人", "产品", "部门", "公司", None}
)
_ABOVE: Final = 160
# Words that may stand between a name and its number without belonging to the name.
_LIGHT: Final = re.compile(
    r"(?:同比|环比|比上年度?|较上年度?|比去年|较去年|增长|增加|下降|减少|提高|上升|增速|增幅|总数|总量|数量|总额|"
    r"人数|户数|家数|个数|金额|数|额|分别|达到|达|为|约|近|超过|超|突破|共计|合计|总计|共有|共|累计|是|了|到|至|的|"
    r"由|仅|有|新增|净增|登记|认定|立项|申报|支出|费用|资金|完成|实现|全年|预算|决算|实际|执行|入库|在全?[省市国]|位列|居|排|全[省市国县区]|"
    r"[ \u3000“”：:（()）0-9.%年月])+"
)


@dataclass(slots=True)
class _Scored:
    """A candidate with what speaks for it."""

    indicator: Indicator
    score: float
    alias: str
    place: str
    facet: str | None = None


class Aligner:
    """Aligns the quantities of reports to one catalogue. Build one per worker."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._index = AliasIndex(catalogue)

    @property
    def catalogue(self) -> Catalogue:
        """The indicators aligned to."""
        return self._index.catalogue

    def align(self, report: Report, items: Sequence[Found], clauses: Clauses) -> None:
        """Set indicator, facet, candidates and evidence of a report's quantities, in text order."""
        _ReportAligner(self._index, report, clauses).run(items)


class _ReportAligner:
    """The state of aligning one report."""

    def __init__(self, index: AliasIndex, report: Report, clauses: Clauses) -> None:
        self._index = index
        self._report = report
        self._text = report.view.text
        self._clauses = clauses
        self._occurrences = Occurrences(index.occurrences(self._text))
        self._before: Found | None = None
        self._per_head: re.Match[str] | None = None

    def run(self, items: Sequence[Found]) -> None:
        for item in items:
            start = item.start
            self._per_head = _PER_HEAD.search(self._text, max(start - 14, 0), start)
            scored = self._cell_candidates(item) if item.whole_cell else self._candidates(item)
            self._decide(item, scored)
            self._before = item

    # -- candidates ---------------------------------------------------------------------------

    def _candidates(self, item: Found) -> list[_Scored]:
        """Return the candidates of a number in running text."""
        text, start = self._text, item.start
        sentence, clause, lead = item.sentence, item.clause, item.lead
        before = self._before
        scored: list[_Scored] = []
        if item.cell is not None and item.cell.rows:
            rule = item.quantity.modality == "rule"
            for label in self._indicator_labels(item):
                self._in_label(item, label, 1.05 if rule else 0.8, "row", scored)
            if rule and any(s.score >= _SURE for s in scored):
                return scored
        if item.quantity.label == "COUNT":
            self._after(item, scored)
        if item.quantity.measure == "share":
            self._numerator(item, lead, clause, scored)
        else:
            self._in_window(item, lead, start, 1.0, "lead", scored)
        own = _own_words(text[lead:start])
        if item.quantity.measure in _DEPENDENT and before and before.start >= sentence:
            if not any(s.score >= THRESHOLD for s in scored):
                self._inherit(item, sentence, scored)
            return scored
        base = _BASE.search(text, max(start - 14, 0), start)
        named = any(s.score >= THRESHOLD for s in scored)
        if not own and not named and (item.quantity.label == "COUNT" or base):
            self._inherit(item, sentence, scored)
        if any(s.score >= _SURE for s in scored):
            return scored
        if item.quantity.noun in _GENERIC_NOUNS:
            self._behind(item, scored)
        self._in_context(item, clause, lead, sentence, own, scored)
        return scored

    def _in_context(
        self, item: Found, clause: int, lead: int, sentence: int, own: bool, scored: list[_Scored]
    ) -> None:
        """Add what stands farther off: it counts where the number has no words of its own."""
        factor = 0.6 if own else 1.0
        if lead > clause:
            self._in_window(item, clause, lead, 0.66 * factor, "clause", scored)
        floor = self._clauses.before(item.start, 3, sentence)
        self._in_window(item, floor, clause, 0.7 * factor, "before", scored)
        if not scored:
            self._in_window(item, sentence, floor, 0.55 * factor, "sentence", scored)
        if any(s.score >= THRESHOLD for s in scored):
            return
        self._near(item, scored)
        for heading in (item.quantity.section or ())[-1:]:
            self._in_label(item, heading, 0.4 if own else 0.75, "heading", scored)

    def _behind(self, item: Found, scored: list[_Scored]) -> None:
        """Add the aliases behind a count of mere 企业 or 项目: ``等7家企业申报高新企业``."""
        stop = self._clauses.end(item.end)
        for found in self._occurrences.inside(item.end, min(stop, item.end + 40)):
            self._add(item, found, 0.85, "behind", scored)

    def _after(self, item: Found, scored: list[_Scored]) -> None:
        """Add the aliases in the noun after a count (``12个重大科技项目``)."""
        stop = min(self._clauses.end(item.end), item.end + 40)
        noun = noun_after(self._text, item.end, stop)
        if not noun:
            return
        begin = self._text.find(noun, item.end, stop)
        for found in self._occurrences.inside(item.end, begin + len(noun)):
            covered = (found.end - found.start) / len(noun)
            at_end = found.end == begin + len(noun)
            weight = (0.6 + 0.4 * covered) * (1.0 if at_end else 0.8)
            self._add(item, found, weight, "noun", scored)

    def _numerator(self, item: Found, lead: int, clause: int, scored: list[_Scored]) -> None:
        """Add the aliases before 占: what is shared, not the whole it is part of."""
        at = self._text.rfind("占", lead, item.start)
        if at < 0:
            self._in_window(item, lead, item.start, 0.9, "lead", scored)
        elif at > lead:
            self._in_window(item, lead, at, 1.0, "numerator", scored)
        full = self._occurrences.inside(lead, item.start)
        for found in full:
            if at >= 0 and found.start <= at < found.end:
                self._add(item, found, 1.0, "lead", scored)

    def _in_window(
        self, item: Found, start: int, end: int, weight: float, place: str, scored: list[_Scored]
    ) -> None:
        """Add the aliases in ``[start, end)``: the nearer their end is to the window's, the better."""
        if end <= start:
            return
        text = self._text
        for found in self._occurrences.inside(start, end):
            gap = end - found.end
            joined = 1.0
            if gap:
                light = _LIGHT.match(text, found.end, end)
                if light:
                    gap = end - light.end()
                elif text[found.end] not in "，、；：。和与及":
                    joined = 0.92
            length = 0.82 + 0.0225 * min(found.end - found.start, 8)
            closeness = max(1.0 - 0.018 * gap, 0.45)
            self._add(item, found, weight * closeness * length * joined, place, scored)

    def _in_label(
        self, item: Found, label: str, weight: float, place: str, scored: list[_Scored]
    ) -> None:
        """Add the aliases in a table's label or a heading: the more of it they cover the better."""
        name = normal_form(bare(label)) or label
        for found in self._index.find(name):
            covered = (found.end - found.start) / len(name)
            at_end = 1.0 if found.end == len(name) else 0.9
            self._add(item, found, weight * (0.5 + 0.5 * covered) * at_end, place, scored)

    def _indicator_labels(self, item: Found) -> list[str]:
        cell = item.cell
        if cell is None:
            return []
        labels = [
            label
            for label, head in zip(cell.rows, cell.row_headers, strict=False)
            if role_of(head) not in ("rubric", "remark", "target", "result", "ignored", "level_1")
            and len(label) <= 40
            and not listed_unit(head, label)
        ]
        return labels[-1:]

    def _near(self, item: Found, scored: list[_Scored]) -> None:
        """Add the aliases that are like the noun or the subject, pair of characters by pair."""
        quantity = item.quantity
        for phrase in dict.fromkeys(filter(None, (quantity.noun, quantity.subject))):
            for near in self._index.near(phrase):
                weight = 0.25 + 0.6 * near.similarity
                if normal_form(phrase)[-2:] != normal_form(near.alias)[-2:]:
                    weight *= 0.7
                for indicator, weak, facet in near.named:
                    fits = fitness(quantity, indicator.unit)
                    score = weight * fits * (_WEAK if weak else 1.0)
                    if score > 0.2:
                        scored.append(_Scored(indicator, score, near.alias, "near", facet))

    def _cell_candidates(self, item: Found) -> list[_Scored]:
        """Return the candidates of a number that fills its cell."""
        scored: list[_Scored] = []
        cell = item.cell
        if cell is None:
            return scored
        leaf = bare(cell.columns[-1]) if cell.columns else ""
        if leaf and _DEPENDENT_HEADS.fullmatch(leaf) and self._same_row(item):
            self._inherit(item, self._before.start if self._before else 0, scored)
            return scored
        roles = [role_of(header) for header in cell.columns]
        labels = self._indicator_labels(item)
        for depth, label in enumerate(labels):
            self._in_label(item, label, 1.0 if depth == 0 else 0.6, "row", scored)
        for depth, header in enumerate(reversed(cell.columns)):
            if roles[len(cell.columns) - 1 - depth] is None:
                self._in_label(item, header, 1.0 if depth == 0 else 0.6, "column", scored)
        if not any(s.score >= THRESHOLD for s in scored):
            self._near(item, scored)
        if not any(s.score >= THRESHOLD for s in scored) and (
            not leaf or _GENERIC_HEADS.search(leaf)
        ):
            for caption in cell.captions[-2:]:
                self._in_label(item, caption, 0.75, "caption", scored)
            self._above(item, scored)
        return scored

    def _same_row(self, item: Found) -> bool:
        """Tell whether the quantity before stands in the same table row."""
        here = item.block.cell if item.block else None
        there = self._before.block.cell if self._before and self._before.block else None
        return (
            here is not None
            and there is not None
            and (here.table, here.row) == (there.table, there.row)
        )

    def _above(self, item: Found, scored: list[_Scored]) -> None:
        """Add the aliases in the text right above a table whose headers only say 金额 or 项目数."""
        if item.block is None or item.block.cell is None:
            return
        start = self._report.table_start(item.block.cell.table)
        self._in_window(item, max(start - _ABOVE, 0), start, 0.85, "above", scored)

    def _add(
        self, item: Found, found: Occurrence, weight: float, place: str, scored: list[_Scored]
    ) -> None:
        per_head = self._per_head
        for indicator, weak, facet in found.named:
            fits = fitness(item.quantity, indicator.unit)
            if per_head is not None and per_head.group() not in found.alias:
                fits *= 0.3
            if fits:
                score = weight * fits * (_WEAK if weak else 1.0)
                scored.append(_Scored(indicator, score, found.alias, place, facet))

    # -- neighbours ---------------------------------------------------------------------------

    def _inherit(self, item: Found, sentence: int, scored: list[_Scored]) -> None:
        """Add the indicator of the number before in the sentence."""
        before = self._before
        if before is None or before.start < sentence or before.quantity.indicator is None:
            return
        indicator = self._index.catalogue.indicators.get(before.quantity.indicator)
        if indicator is None:
            return
        between = self._text[before.end : item.start]
        weight = 0.8 if "；" not in between and ";" not in between else 0.4
        fits = fitness(item.quantity, indicator.unit)
        if fits:
            scored.append(_Scored(indicator, weight * fits, before.quantity.text, "inherited"))

    # -- decision -----------------------------------------------------------------------------

    def _decide(self, item: Found, scored: Sequence[_Scored]) -> None:
        """Take the best candidate if it passes the threshold; keep the three best with scores."""
        quantity = item.quantity
        best: dict[str, _Scored] = {}
        for candidate in scored:
            known = best.get(candidate.indicator.id)
            if known is None or candidate.score > known.score:
                best[candidate.indicator.id] = candidate
        ranked = sorted(best.values(), key=lambda c: (-c.score, c.indicator.id))
        if not ranked:
            return
        chosen = ranked[0]
        if chosen.score < THRESHOLD:
            return
        quantity.indicator = chosen.indicator.id
        quantity.candidates = [
            Candidate(c.indicator.id, round(min(c.score, 1.0), 3)) for c in ranked[:3]
        ]
        evidence = quantity.evidence if quantity.evidence is not None else {}
        evidence["alias"], evidence["place"] = chosen.alias, chosen.place
        quantity.evidence = evidence
        quantity.facet = self._facet(item, chosen)

    def _facet(self, item: Found, chosen: _Scored) -> str | None:
        """Return the part of the indicator a number covers, or None for the whole.

        An alias may itself name a part (行政编制); the words before the alias narrow it (省级绿色工厂,
        国有工业投资). Where the indicator was taken from farther off, the number's own words do (余下92家).
        """
        quantity, before = item.quantity, self._before
        if chosen.place == "inherited" and before is not None and quantity.measure in _DEPENDENT:
            return before.quantity.facet
        phrase = normal_form(_LIST_NUMBER.sub("", quantity.noun or quantity.subject or ""))
        alias = normal_form(chosen.alias)
        if alias in phrase:
            prefix = phrase[: phrase.index(alias)].removesuffix("的")
            fits = phrase.endswith(alias) and 2 <= len(prefix) <= _MAX_FACET
            narrower = prefix if fits and not _NO_FACET.search(prefix) else ""
            return f"{narrower}{chosen.facet or ''}" or None
        phrase = phrase.removesuffix("人员")
        if chosen.place in _FARTHER and 2 <= len(phrase) <= _MAX_FACET:
            own = not _NO_FACET.search(phrase) and phrase not in _GENERIC_NOUNS
            return phrase if own else chosen.facet
        return chosen.facet


_FARTHER: Final = frozenset({"inherited", "before", "clause", "sentence", "heading", "above"})
_LIST_NUMBER: Final = re.compile(r"^(?:[一二三四五六七八九十\d]{1,2}[、.．]|其中[：:]?)")
_MAX_FACET: Final = 12
# 人均106元 is no part of what is spent in all.
_PER_HEAD: Final = re.compile(
    r"人均|户均|亩均|生均|村均|校均|平均每|每[万百千]?[人户亩生村校家]|单位"
)
_NO_FACET: Final = re.compile(
    r"[，。；：、0-9]|年度|年[底末初]|增加|增长|减少|下降|同比|^[全本各我]|新增|^共|达到|总数|总量|累计|合计|人员$|部门|单位|预算|决算"
)


@lru_cache(maxsize=16384)
def _own_words(lead: str) -> bool:
    """Tell whether the words before a number name something themselves."""
    rest = lead.strip(" ，、；：（(“”\u3000")
    light = _LIGHT.match(rest)
    remaining = rest[light.end() :] if light else rest
    return len(remaining) >= 3
