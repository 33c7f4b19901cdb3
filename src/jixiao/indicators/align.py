"""Which indicator a quantity measures: candidates by name and by neighbours, ranked, or none.

A candidate is an indicator that is named near the number (:mod:`~jixiao.indicators.candidates`), or
that a number before it measures. What speaks for it becomes features, and a trained ranker says how
probable it is (:mod:`~jixiao.indicators.ranker`). Numbers are decided in text order, so that each sees
what those before it measure. "None" is an ordinary answer.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from jixiao.context.clauses import Clauses
from jixiao.context.nouns import noun_after
from jixiao.indicators.candidates import AliasIndex, Occurrence, Occurrences
from jixiao.indicators.catalogue import Catalogue, Indicator, Named
from jixiao.indicators.dimension import fitness
from jixiao.indicators.facets import GENERIC_NOUNS, facet_of
from jixiao.indicators.features import (
    INDEX,
    Case,
    compare,
    of_indicator,
    of_number,
    set_of_number,
    strongest,
)
from jixiao.indicators.ranker import Ranker, ranker
from jixiao.indicators.respective import pair_names
from jixiao.numbers.headers import bare, listed_unit, role_of
from jixiao.records import Candidate

if TYPE_CHECKING:
    from jixiao.documents.report import Report
    from jixiao.numbers.find import Found
    from jixiao.records import Quantity

_DEPENDENT: Final = frozenset({"growth", "change", "share", "gap", "rank"})
_BASE: Final = re.compile(
    r"[较比与](?:上年度?|去年|上一年|\d{4}年度?)(?:同期|末|的|实际|决算|数){0,2}$"
)
_SINCE: Final = re.compile(
    r"[较比](?:上年度?|去年|上一年度?|\d{4}年度?|年初|同期)(?:同期|末|的|实际|决算|数)*"
)
# 中央财政, 省级补助资金, 县本级配套: whose money it is, of whatever the total is.
_SOURCE: Final = re.compile(
    r"[，、；：:（(]?(?:其中[：:，]?)?(?:中央|上级|地方|本级|(?:自治区|[省市州盟县区旗])(?:本?级)?)(?:财政)?(?:补助|配套|安排|拨款|专项|预算)?(?:资金)?"
)
# How far names are read: before a table, before a number, behind it.
_ABOVE: Final = 160
_BACK: Final = 160
_PREVIOUS: Final = 60
_AHEAD: Final = 40
# Measures that 分别 tells of numbers before: 同比分别增长20%和30%.
_OF_A_NUMBER: Final = frozenset({"growth", "change", "share"})
# The numbers before one that may lend it their indicator.
_MEMORY: Final = 8
# The numbers whose phrases are looked up together.
_AHEAD_OF_TIME: Final = 256
_KEPT: Final = 3
# Indicators so often named in a report that they may be meant where nothing is named.
_COMMON: Final = 6
# What a caption or title says beyond its topic.
_TOPIC: Final = re.compile(r"[（(].*?[）)]|^表\s*\d+|\d{4}年?度?|情况表?$|绩效\S{0,8}报告$|[\s“”]")
# Words that may stand between a name and its number without belonging to the name.
_LIGHT: Final = re.compile(
    r"(?:同比|环比|比上年度?|较上年度?|比去年|较去年|增长|增加|下降|减少|提高|上升|增速|增幅|总数|总量|数量|总额|"
    r"人数|户数|家数|个数|件数|金额|数|额|分别|达到|达|为|约|近|超过|超|突破|共计|合计|总计|共有|共|累计|是|了|到|至|的|"
    r"由|仅|有|新增|净增|登记|认定|立项|申报|支出|费用|资金|完成|实现|全年|预算|决算|实际|执行|入库|在全?[省市国]|位列|居|排|全[省市国县区]|"
    r"[ \u3000“”：:（()）0-9.%年月])+"
)
# 人均106元 is no part of what is spent in all.
_PER_HEAD: Final = re.compile(
    r"人均|户均|亩均|生均|村均|校均|平均每|每[万百千]?[人户亩生村校家]|单位"
)

# The indicators of line items (项目支出明细), and what one is worth in a row of amounts.
_DETAIL: Final = "明细"
_ITEMIZED: Final = re.compile(
    r"(?:[^，。；\n\d]{0,4}[\d.,]+[万亿]?元)?[，,（(]?[^，。；\n\d]{0,4}(?:用于|包括|其中|分别[为是]|安排在)"
)
_SURE: Final = 1.5
_OWN_PLACES: Final = frozenset({"lead", "noun", "listed", "behind"})
_IN_A_ROW: Final = 0.5

_LAST, _LAST_ANY, _LAST_PARAGRAPH = (
    INDEX["last"],
    INDEX["last_any"],
    INDEX["last_paragraph"],
)
_LAST_SAME_KIND, _LAST_SAME_MEASURE = INDEX["last_same_kind"], INDEX["last_same_measure"]
_RUN, _NO_LAST, _OTHER_LAST = INDEX["run"], INDEX["no_last"], INDEX["other_last"]
_RELATIVE, _FREQUENT = INDEX["relative"], INDEX["frequent"]
_TOLD_NEAR, _TOLD_FAR = INDEX["told_near"], INDEX["told_far"]
_PER_HEAD_AT: Final = INDEX["per_head"]
_DETAIL_AT: Final = INDEX["detail"]
_MOST_MENTIONS: Final = 10
# How far before a number stands what it is compared with, and per whom it is.
_NARROW: Final = 14

Decide: TypeAlias = "Callable[[Found, Sequence[Case]], Case | None]"


class Aligner:
    """Aligns the quantities of reports to one catalogue. Build one per worker.

    ``model`` takes the place of the package's ranker.
    """

    def __init__(self, catalogue: Catalogue, model: Ranker | None = None) -> None:
        self._index = AliasIndex(catalogue)
        self._model = model

    @property
    def catalogue(self) -> Catalogue:
        """The indicators aligned to."""
        return self._index.catalogue

    def align(self, report: Report, items: Sequence[Found], clauses: Clauses) -> None:
        """Set indicator, facet, candidates and evidence of a report's quantities, in text order."""
        model = self._model or ranker()

        def decide(item: Found, cases: Sequence[Case]) -> Case | None:
            return choose(model, item.quantity, cases)

        self.visit(report, items, clauses, decide)

    def visit(
        self, report: Report, items: Sequence[Found], clauses: Clauses, decide: Decide
    ) -> None:
        """Show each number with its candidates to ``decide``, in text order, and set what it says.

        Training reads the candidates here.
        """
        _ReportAligner(self._index, report, items, clauses).run(decide)


def choose(model: Ranker, quantity: Quantity, cases: Sequence[Case]) -> Case | None:
    """Return the most probable candidate, or None; set the quantity's three best with scores."""
    if not cases:
        return None
    scores: list[float] = model.scores([case.row for case in cases]).tolist()
    for case, score in zip(cases, scores, strict=True):
        case.score = score
    if max(scores) < model.threshold:
        return None
    ranked = sorted(cases, key=_by_score)
    quantity.candidates = [
        Candidate(case.indicator.id, model.probability(case.score)) for case in ranked[:_KEPT]
    ]
    return ranked[0]


def _by_score(case: Case) -> tuple[float, str]:
    return -case.score, case.indicator.id


class _Decided(NamedTuple):
    """A number that was decided: what the numbers behind it may take over."""

    number: int
    item: Found
    case: Case | None
    id: str | None


class _ReportAligner:
    """The state of aligning one report."""

    def __init__(
        self, index: AliasIndex, report: Report, items: Sequence[Found], clauses: Clauses
    ) -> None:
        self._index = index
        self._report = report
        self._items = items
        self._text = report.view.text
        self._clauses = clauses
        found = index.occurrences(self._text)
        self._occurrences = Occurrences(found)
        self._mentions = Counter(n.indicator.id for o in found for n in o.named if not n.weak)
        self._categories = self._shares()
        self._starts = [item.start for item in items]
        self._recent: deque[_Decided] = deque(maxlen=_MEMORY)
        self._columns: dict[tuple[int, int], _Decided] = {}
        self._values: dict[tuple[object, ...], str] = {}
        self._by_start: dict[str, str | None] = {}
        self._cases: dict[str, Case] = {}
        # By kind of number: the fit of every indicator asked for, and the row its candidates begin with.
        self._kinds: dict[tuple[object, ...], dict[str, tuple[float, list[float]]]] = {}
        self._kind: dict[str, tuple[float, list[float]]] = {}
        self._row_labels: list[str] = []
        self._phrases: dict[int, dict[str, str]] = {}
        self._before_clause = 0
        self._key: tuple[object, ...] = ()
        self._decided: list[Case | None] = []
        self._pairs = pair_names(self._text, items)
        self._title = report.metadata.title or ""
        known = index.catalogue.indicators
        self._details = [
            one for one in known.values() if one.name_zh.endswith(_DETAIL) and one.parent in known
        ]
        common = [name for name, _ in self._mentions.most_common(_COMMON)]
        self._common = [index.catalogue.indicators[name] for name in common]

    def _shares(self) -> Mapping[str, float]:
        """Return by category how many of the report's names are of it."""
        known = self._index.catalogue.indicators
        counts: Counter[str] = Counter()
        for indicator_id, count in self._mentions.items():
            counts[known[indicator_id].category_zh] += min(count, 3)
        whole = sum(counts.values()) or 1
        return {category: count / whole for category, count in counts.items()}

    def run(self, decide: Decide) -> None:
        for number, item in enumerate(self._items):
            if number % _AHEAD_OF_TIME == 0:
                self._look_up(number)
            self._cases = {}
            quantity = item.quantity
            kind = quantity.label, quantity.unit, quantity.measure
            known = self._kinds.get(kind)
            self._kind = known if known is not None else self._kinds.setdefault(kind, {})
            self._row_labels = row_labels(item)
            self._before_clause = self._clauses.before(item.start, 1, item.sentence)
            self._key = _value_key(quantity)
            if not item.whole_cell:
                self._in_text(number, item)
            if item.cell is not None:
                self._in_table(item)
            self._in_headings(item)
            self._near(number, item)
            for indicator in self._common if quantity.label in ("SCORE", "MONEY") else ():
                frequent = self._case(item, indicator)
                if frequent is not None:
                    frequent.row[_FREQUENT] = 1.0
            self._neighbours(number, item)
            self._line_items(item)
            cases = strongest(list(self._cases.values()))
            self._after_last(item, cases)
            self._describe(item, cases)
            paired = self._is_rate_of_a_number(number, item)
            case = self._as_its_number(number, item) if paired else decide(item, cases)
            told = None if _is_sure(case) else self._as_its_whole(item) or self._as_line_item(item)
            if told is not None and told is not case:
                # Grammar decides; how probable the ranker found others says nothing of it.
                case, quantity.candidates = told, None
            if case is None and item.quantity.measure == "change":
                case = self._as_what_moved(item)
            if case is not None:
                self._set(number, item, case)
            self._remember(number, item, case)

    def _look_up(self, first: int) -> None:
        """Compare the phrases of the next numbers with the catalogue, all at once."""
        coming = range(first, min(first + _AHEAD_OF_TIME, len(self._items)))
        self._phrases = {number: self._phrases_of(number, self._items[number]) for number in coming}
        self._index.compare(
            phrase for phrases in self._phrases.values() for phrase in phrases.values()
        )

    # -- names ------------------------------------------------------------------------------------

    def _case(self, item: Found, indicator: Indicator) -> Case | None:
        """Return the candidate for an indicator, or None where the unit cannot measure it."""
        name = indicator.id
        known = self._cases.get(name)
        if known is not None:
            return known
        start = self._kind.get(name)
        if start is None:
            start = self._kind[name] = self._start(item.quantity, indicator)
        fit, row = start
        if not fit:
            return None
        case = self._cases[name] = Case(indicator, fit, row)
        return case

    def _start(self, quantity: Quantity, indicator: Indicator) -> tuple[float, list[float]]:
        """Return how a number's unit fits an indicator, and the row its candidate begins with."""
        row = of_indicator(
            quantity.unit in indicator.unit.classifiers,
            min(self._mentions[indicator.id], _MOST_MENTIONS),
            self._categories.get(indicator.category_zh, 0.0),
        )
        return fitness(quantity, indicator.unit), row

    def _in_text(self, number: int, item: Found) -> None:
        """Note the names in the sentence up to the number, behind it, and in the sentence before."""
        text, start = self._text, item.start
        sentence, clause, lead = item.sentence, item.clause, item.lead
        before = self._before_clause
        line = text.rfind("\n", max(sentence - _PREVIOUS, 0), sentence) + 1
        floor = max(sentence - _PREVIOUS, line) if line else max(sentence - _PREVIOUS, 0)
        floor = max(floor, start - _BACK)
        share = item.quantity.measure == "share"
        whole = text.rfind("占", lead, start) if share else -1
        for found in self._occurrences.inside(floor, start):
            end = found.end
            if whole >= 0 and end > whole > found.start:
                place = "lead"
            elif end > lead:
                place = "clause" if whole >= 0 and found.start > whole else "lead"
            elif end > clause:
                place = "clause"
            elif end > before:
                place = "before"
            else:
                place = "earlier" if end > sentence else "previous"
            self._before(number, item, found, place)
        self._after(item)

    def _before(self, number: int, item: Found, found: Occurrence, place: str) -> None:
        """Note a name before the number: the nearer and the longer the better."""
        admitted = self._admitted(item, found)
        if not admitted:
            return
        text, end = self._text, item.start
        gap = end - found.end
        joined = 1.0
        if gap:
            light = _LIGHT.match(text, found.end, end)
            if light:
                gap = end - light.end()
            elif text[found.end] not in "，、；：。和与及":
                joined = 0.92
        length = 0.82 + 0.0225 * min(found.end - found.start, 8)
        strength = max(1.0 - 0.018 * gap, 0.45) * length * joined
        between = number - _first_from(self._starts, found.end, number)
        rivals, closing = len(found.named), joined == 1.0
        for case, named in admitted:
            case.name_at(
                place, strength, found.alias, named.weak, named.facet, rivals,
                gap, between, 0.0, closing,
            )  # fmt: skip

    def _admitted(self, item: Found, found: Occurrence) -> list[tuple[Case, Named]]:
        """Return what an alias names, as candidates, where the unit can measure it."""
        return [
            (case, named)
            for named in found.named
            if (case := self._case(item, named.indicator)) is not None
        ]

    def _after(self, item: Found) -> None:
        """Note the names in the noun behind a count (``12个重大科技项目``) and behind that."""
        stop = min(self._clauses.end(item.end), item.end + _AHEAD)
        occurrences = self._occurrences.inside(item.end, stop)
        noun = noun_after(self._text, item.end, stop) if item.quantity.label == "COUNT" else None
        if not noun and not occurrences:
            return
        begin = self._text.find(noun, item.end, stop) if noun else -1
        until = begin + len(noun) if noun and begin >= 0 else item.end
        if noun and not any(found.end <= until for found in occurrences):
            # 45家规模以上工业企业增加值…: a longer name lies over the noun, which is one itself.
            own = [
                found._replace(start=found.start + begin, end=found.end + begin)
                for found in self._index.within(noun)
            ]
            occurrences = [*own, *occurrences]
        for found in occurrences:
            inside = found.end <= until
            covering = (found.end - found.start) / len(noun) if noun and inside else 0.0
            closing = found.end == until
            strength = (0.6 + 0.4 * covering) * (1.0 if closing else 0.8) if inside else 0.85
            place, rivals = "noun" if inside else "behind", len(found.named)
            gap = found.start - item.end
            for case, named in self._admitted(item, found):
                case.name_at(
                    place, strength, found.alias, named.weak, named.facet, rivals,
                    gap, 0, covering, closing,
                )  # fmt: skip

    # -- tables and headings ----------------------------------------------------------------------

    def _in_table(self, item: Found) -> None:
        """Note the names in the labels, headers and captions of a number's cell."""
        cell = item.cell
        if cell is None:
            return
        labels = self._row_labels
        for depth, label in enumerate(reversed(labels)):
            self._in_label(item, label, "row" if depth == 0 else "outer_row")
        for label, head in zip(cell.rows, cell.row_headers, strict=False):
            if role_of(head) in ("level_1", "level_2") and label not in labels:
                self._in_label(item, label, "outer_row")
        for depth, header in enumerate(reversed(cell.columns)):
            self._in_label(item, header, "column" if depth == 0 else "outer_column")
        for caption in cell.captions[-2:]:
            self._in_label(item, caption, "caption")
        if item.block is not None and item.block.cell is not None:
            start = self._report.table_start(item.block.cell.table)
            for found in self._occurrences.inside(max(start - _ABOVE, 0), start):
                gap, rivals = start - found.end, len(found.named)
                strength = max(1.0 - 0.005 * gap, 0.4)
                for case, named in self._admitted(item, found):
                    case.name_at(
                        "above", strength, found.alias, named.weak, named.facet, rivals, gap
                    )

    def _in_headings(self, item: Found) -> None:
        for heading in (item.quantity.section or ())[-1:]:
            self._in_label(item, heading, "heading")
        if self._title:
            self._in_label(item, self._title, "title")

    def _in_label(self, item: Found, label: str, place: str) -> None:
        """Note the names in a label."""
        for named, alias, strength, rivals, covering, closing in self._index.label(label):
            case = self._case(item, named.indicator)
            if case is not None:
                case.name_at(
                    place, strength, alias, named.weak, named.facet, rivals,
                    0, 0, covering, closing,
                )  # fmt: skip

    def _near(self, number: int, item: Found) -> None:
        """Note the names that are like the number's own phrases, pair of characters by pair."""
        paired = self._pairs.get(number)
        if paired is not None and paired.name is not None:
            self._in_label(item, paired.name, "listed")
        for kind, phrase in self._phrases[number].items():
            for near in self._index.near(phrase):
                case = self._case(item, near.indicator)
                if case is not None:
                    case.near_at(kind, near)

    def _phrases_of(self, number: int, item: Found) -> dict[str, str]:
        """Return the number's own phrases that may be like a name; the place it is about is none."""
        quantity, cell = item.quantity, item.cell
        paired = self._pairs.get(number)
        phrases = {
            "noun": quantity.noun if quantity.noun != quantity.region else None,
            "subject": quantity.subject if quantity.subject != quantity.region else None,
            "words": self._text[max(item.lead, item.start - 30) : item.start]
            if not item.whole_cell
            else None,
            "row": "".join(row_labels(item)[-1:]),
            "column": bare(cell.columns[-1]) if cell and cell.columns else None,
            "listed": paired.name if paired is not None else None,
            "joined": self._joined(item),
        }
        return {kind: phrase for kind, phrase in phrases.items() if phrase}

    def _joined(self, item: Found) -> str | None:
        """Return the words above a number and its own: 专项资金 in the caption, 预算数 in the header."""
        quantity, cell = item.quantity, item.cell
        above = (quantity.section or ())[-1:]
        if cell is not None and item.whole_cell:
            topic = "".join(cell.captions[-1:]) or self._title or "".join(above)
            own = bare(cell.columns[-1]) if cell.columns else ""
        else:
            topic, own = "".join(above), quantity.noun or quantity.subject or ""
        return f"{_topic(topic)}{own}" if topic and own else None

    def _line_items(self, item: Found) -> None:
        """Note the indicators of line items: of a row of amounts, or where their whole is named."""
        label = self._row_labels[-1] if item.whole_cell and self._row_labels else ""
        for indicator in self._details:
            whole = self._cases.get(indicator.parent)
            case = self._case(item, indicator) if label or whole is not None else None
            if case is None:
                continue
            case.row[_DETAIL_AT] = 1.0
            case.strength = max(case.strength, _IN_A_ROW if label else 0.0)
            if whole is not None:
                case.strength = max(case.strength, 0.9 * whole.strength)
            if not case.place or case.place == "near":
                case.place = "above" if label else "earlier"
                case.alias = whole.alias if whole is not None else indicator.name_zh
                case.facet = None

    def _as_line_item(self, item: Found) -> Case | None:
        """Return the line item a sentence lists (``项目支出主要用于：…32万元，…45万元``), or None."""
        if item.quantity.label != "MONEY" or item.quantity.measure != "level":
            return None
        for indicator in self._details:
            case = self._cases.get(indicator.id)
            if case is None or indicator.parent not in self._cases or item.whole_cell:
                continue
            for found in self._occurrences.inside(item.sentence, item.start):
                whole = any(named.indicator.id == indicator.parent for named in found.named)
                if whole and _ITEMIZED.match(self._text, found.end, item.start):
                    return case
        return None

    def _as_its_whole(self, item: Found) -> Case | None:
        """Return the candidate of the total of which a number names the source (``其中：中央财政…``)."""
        known = self._cases.get(self._by_start.get(item.quantity.total or "") or "")
        if known is None or item.quantity.label != "MONEY":
            return None
        if not _SOURCE.fullmatch(self._text, item.lead, item.start):
            return None
        return known

    def _as_what_moved(self, item: Found) -> Case | None:
        """Return the candidate that a change changes, or None where it has words of its own.

        全年经费14万元，为预算的76%，较上年减少1.5万元: the last number of its unit before it in the sentence.
        """
        quantity = item.quantity
        if own_words(_SINCE.sub("", self._text[item.lead : item.start], count=1)):
            return None
        for decided in reversed(self._recent):
            before = decided.item.quantity
            if decided.item.start < item.sentence:
                return None
            if before.measure not in _DEPENDENT and _moves(quantity, before):
                return self._cases.get(decided.id or "")
        return None

    # -- neighbours -------------------------------------------------------------------------------

    def _neighbours(self, number: int, item: Found) -> None:
        """Note what the numbers before measure: in the sentence, the table, with the same value."""
        quantity = item.quantity
        ids = [decided.id for decided in self._recent]
        seen: set[str | None] = {None}
        for decided in reversed(self._recent):
            known = decided.case
            if known is None or decided.id in seen:
                continue
            # The nearest number of an indicator speaks for it.
            seen.add(decided.id)
            case = self._case(item, known.indicator)
            if case is None:
                continue
            distance = 1.0 / (number - decided.number)
            other, row = decided.item.quantity, case.row
            row[_LAST_ANY] = distance
            if decided.item.start >= item.sentence:
                row[_LAST] = distance
            if decided.item.block is item.block and item.cell is None:
                row[_LAST_PARAGRAPH] = distance
            same = (other.label, other.unit) == (quantity.label, quantity.unit)
            row[_LAST_SAME_KIND] = same
            row[_LAST_SAME_MEASURE] = same and other.measure == quantity.measure
            row[_RUN] = ids.count(decided.id)
            self._lend(case, "inherited", decided)
        self._beside(item)
        for name, known_id in (
            ("total", self._by_start.get(quantity.total or "")),
            ("same_value", self._values.get(self._key)),
            ("paired", self._paired(number)),
        ):
            if known_id is None:
                continue
            indicator = self._index.catalogue.indicators.get(known_id)
            case = self._case(item, indicator) if indicator else None
            if case is not None:
                case.set(name, 1.0)
                case.place = case.place or name

    def _beside(self, item: Found) -> None:
        """Note what the cell above and the cell to the left measure."""
        here = item.block.cell if item.block else None
        if here is None:
            return
        upper = self._columns.get((here.table, here.column))
        if upper is not None and upper.case is not None:
            case = self._case(item, upper.case.indicator)
            if case is not None:
                case.set("upper_cell", 1.0)
                self._lend(case, "upper", upper)
        left = self._recent[-1] if self._recent else None
        there = left.item.block.cell if left and left.item.block else None
        if left and left.case and there and (there.table, there.row) == (here.table, here.row):
            case = self._case(item, left.case.indicator)
            if case is not None:
                case.set("left_cell", 1.0)

    def _after_last(self, item: Found, cases: Sequence[Case]) -> None:
        """Note how each candidate stands to what the number right before measures."""
        last = self._recent[-1] if self._recent else None
        if last is None:
            return
        near, before = last.item.start >= item.sentence, last.id
        related = self._index.related
        for case in cases:
            row = case.row
            if near:
                row[_NO_LAST] = before is None
                row[_OTHER_LAST] = before is not None and before != case.indicator.id
            if before is not None:
                row[_RELATIVE] = related(case.indicator.id, before)

    def _is_rate_of_a_number(self, number: int, item: Found) -> bool:
        """Tell whether 分别 gives a rate to a number before: grammar decides, not the ranker."""
        paired = self._pairs.get(number)
        told = paired is not None and paired.number is not None
        return told and item.quantity.measure in _OF_A_NUMBER

    def _as_its_number(self, number: int, item: Found) -> Case | None:
        """Return the candidate of the number that a rate belongs to, as sure as that one is."""
        known = self._cases.get(self._paired(number) or "")
        if known is not None:
            before = self._items[self._pairs[number].number or 0].quantity
            item.quantity.candidates = (before.candidates or [])[:1] or None
        return known

    def _paired(self, number: int) -> str | None:
        """Return what the number measures that 分别 pairs this one with."""
        paired = self._pairs.get(number)
        if paired is None or paired.number is None or paired.number >= len(self._decided):
            return None
        case = self._decided[paired.number]
        return case.indicator.id if case else None

    def _lend(self, case: Case, place: str, decided: _Decided) -> None:
        """Name a number before as the evidence where no name is."""
        if not case.place or case.place == "near":
            case.place, case.alias = place, decided.item.quantity.text
            case.facet = None

    def _remember(self, number: int, item: Found, case: Case | None) -> None:
        decided = _Decided(number, item, case, case.indicator.id if case else None)
        self._recent.append(decided)
        self._decided.append(case)
        self._by_start[str(item.start)] = decided.id
        if decided.id is not None:
            self._values.setdefault(self._key, decided.id)
        if item.block is not None and item.block.cell is not None:
            self._columns[item.block.cell.table, item.block.cell.column] = decided

    # -- the number and the decision --------------------------------------------------------------

    def _describe(self, item: Found, cases: Sequence[Case]) -> None:
        """Set the features that do not come from one name."""
        if not cases:
            return
        quantity, start = item.quantity, item.start
        near = self._index.weigh(self._context(item))
        far = self._index.weigh("|".join([*(quantity.section or ())[-1:], self._title]))
        words = self._text[max(start - _NARROW, 0) : start]
        per_head = _PER_HEAD.search(words)
        own = of_number(
            quantity,
            {
                "table": item.cell is not None,
                "whole_cell": item.whole_cell,
                "own_words": not item.whole_cell and own_words(self._text[item.lead : start]),
                "generic_noun": quantity.noun in GENERIC_NOUNS,
                # No time is compared with without the word 年.
                "based": "年" in words and _BASE.search(words) is not None,
            },
        )
        told = self._index.told
        for case in cases:
            name, row = case.indicator.id, case.row
            set_of_number(case, own)
            row[_TOLD_NEAR] = told(name, near)
            row[_TOLD_FAR] = told(name, far)
            if per_head is not None and per_head.group() not in case.alias:
                row[_PER_HEAD_AT] = 1.0
        compare(cases)

    def _context(self, item: Found) -> str:
        """Return the words that tell what a number in a sentence or cell is about."""
        cell = item.cell
        if item.whole_cell and cell is not None:
            return "|".join([*cell.rows[-2:], *cell.columns[-2:]])
        begin = self._before_clause
        behind = min(self._clauses.end(item.end), item.end + 20)
        return f"{self._text[max(begin, item.start - 60) : item.start]}|{self._text[item.end : behind]}"

    def _set(self, number: int, item: Found, case: Case) -> None:
        quantity = item.quantity
        quantity.indicator = case.indicator.id
        evidence = quantity.evidence if quantity.evidence is not None else {}
        evidence["alias"], evidence["place"] = case.alias, case.place
        evidence["reasons"] = case.reasons()
        quantity.evidence = evidence
        paired = self._pairs.get(number)
        last = self._recent[-1].item.quantity if self._recent else None
        if paired is not None and paired.number is not None:
            last = self._items[paired.number].quantity
        label = "".join(self._row_labels[-1:]) if item.whole_cell else None
        listed = paired.name if paired is not None else None
        quantity.facet = facet_of(quantity, case, last, label or None, listed)


@lru_cache(maxsize=4096)
def _topic(title: str) -> str:
    """Return what a caption, heading or title is about."""
    return _TOPIC.sub("", title)


def row_labels(item: Found) -> list[str]:
    """Return the labels of a cell's row that may name what is measured, outermost first.

    The place a row is about (东山经开区) names no indicator, however it ends.
    """
    cell = item.cell
    if cell is None:
        return []
    return [
        label
        for label, head in zip(cell.rows, cell.row_headers, strict=False)
        if role_of(head) not in _NO_NAMES
        and len(label) <= _MAX_LABEL
        and label != item.quantity.region
        and not listed_unit(head, label)
    ]


_NO_NAMES: Final = frozenset(
    {"rubric", "remark", "target", "result", "ignored", "level_1", "level_2"}
)
_MAX_LABEL: Final = 40


def _is_sure(chosen: Case | None) -> bool:
    """Tell whether the ranker is sure of what a number's own words name: then grammar is not asked."""
    return chosen is not None and chosen.score > _SURE and chosen.place in _OWN_PLACES


def _moves(quantity: Quantity, before: Quantity) -> bool:
    """Tell whether a change is in the unit of a number, points being those of a percentage."""
    if quantity.unit == "pp":
        return before.label == "PERCENT"
    return (quantity.label, quantity.unit) == (before.label, before.unit)


def _first_from(starts: Sequence[int], position: int, until: int) -> int:
    """Return the first number at or behind a position; ``until`` is the number that asks."""
    while until and starts[until - 1] >= position:
        until -= 1
    return until


def _value_key(quantity: Quantity) -> tuple[object, ...]:
    """Return what two statements of the same value share; small counts prove nothing."""
    value = quantity.value
    if value is None or len(value.normalize().as_tuple().digits) < _TELLING:
        return ()
    return quantity.label, quantity.unit, value, quantity.measure


_TELLING: Final = 3


@lru_cache(maxsize=16384)
def own_words(lead: str) -> bool:
    """Tell whether the words before a number name something themselves."""
    rest = lead.strip(" ，、；：（(“”\u3000")
    light = _LIGHT.match(rest)
    remaining = rest[light.end() :] if light else rest
    return len(remaining) >= 3
