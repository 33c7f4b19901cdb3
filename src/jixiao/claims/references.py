"""Whom the words of an actor mean: 我局, 该公司 and short forms by their full names."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from jixiao.claims.actors import OURS, NamedSpan
from jixiao.documents.bodies import is_firm

if TYPE_CHECKING:
    from jixiao.context import Scope
    from jixiao.documents.report import Report

_REGIONS: Final[Mapping[str, str]] = {
    "省": "province",
    "市": "prefecture",
    "州": "prefecture",
    "盟": "prefecture",
    "县": "county",
    "区": "county",
    "旗": "county",
}
# 该公司 is a firm named before, 该校 a school, 该园区 a park: the words that a name may end with,
# and the label that fits whatever it ends with.
_KINDS: Final[tuple[tuple[re.Pattern[str], str | None, re.Pattern[str]], ...]] = (
    (re.compile(r"公司|企业|集团|厂|行"), "COMPANY", re.compile(r"公司|集团|厂|行$")),
    (
        re.compile(r"校|学校|小学|中学|大学|学院"),
        None,
        re.compile(r"[校学]|学院|[一二三四五六七八九十]中$"),
    ),
    (re.compile(r"院|医院|卫生院|研究院"), None, re.compile(r"院$")),
    (re.compile(r"园|园区|区|开发区|高新区"), "PARK", re.compile(r"区|园$")),
    (
        re.compile(r"项目|工程|计划|行动|活动|大赛|课题"),
        "PROGRAM",
        re.compile(r"项目|工程|计划|行动|活动|大赛$"),
    ),
    (re.compile(r"局|委|厅|部门|单位|机关"), "GOV", re.compile(r"[局委厅办会处院站所]|中心|政府$")),
    (
        re.compile(r"中心|实验室|基地|平台|机构|协会|馆|站|所|团队"),
        "INSTITUTION",
        re.compile(r"中心|实验室|基地|平台|会|馆|站|所|团队$"),
    ),
    (
        re.compile(r"[省市县区镇乡村州旗]|社区|街道"),
        "PLACE",
        re.compile(r"[省市县区镇乡村州旗]|社区|街道$"),
    ),
)
_ITS: Final = frozenset({"COMPANY", "INSTITUTION", "PARK", "PERSON"})
_MOST_READ: Final = 40


class References:
    """Resolves the words of actors in a report.

    ``entities`` are its names in text order; ``called`` the full names of short ones.
    """

    def __init__(
        self,
        report: Report,
        scopes: Sequence[Scope],
        entities: Sequence[NamedSpan],
        called: Mapping[str, str],
    ) -> None:
        self._report = report
        self._scopes = scopes
        self._starts = [scope.start for scope in scopes]
        self._entities = entities
        self._ends = [entity.end for entity in entities]
        self._called = called

    def name_of(self, actor: str, position: int) -> str | None:
        """Return the full name of an actor at a position, or None where it says no more than it.

        我局 and 本单位 are the reporting body, 全市 its region, 该公司 the firm named last before it
        in its paragraph.
        """
        if ours := OURS.fullmatch(actor):
            return self._own(ours.group()[-1], ours.group()[0], position)
        if actor[0] == "该":
            return self._that(actor[1:], position)
        if actor == "其":
            return self._last(position, None, _ITS)
        return self._called.get(actor)

    def reporting(self, position: int) -> str | None:
        """Return the body that reports on itself at a position; None where a firm evaluates others."""
        issuer = self._scope(position).metadata.issuer
        return None if issuer is None or is_firm(issuer) else issuer

    def _scope(self, position: int) -> Scope:
        return self._scopes[max(bisect_right(self._starts, position) - 1, 0)]

    def _own(self, last: str, first: str, position: int) -> str | None:
        scope = self._scope(position)
        if last not in _REGIONS:
            # 全院, 全系统 are more than the body itself.
            return self.reporting(position) if first != "全" else None
        name, _ = scope.regions.resolve(f"全{last}")
        own = scope.metadata.region_name
        if scope.regions.is_own(f"全{last}"):
            return own
        return name if name != f"全{last}" else None

    def _that(self, noun: str, position: int) -> str | None:
        for nouns, label, endings in _KINDS:
            if nouns.fullmatch(noun):
                return self._last(position, endings, frozenset({label} if label else ()))
        return self._last(position, re.compile(f"{re.escape(noun)}$"), frozenset())

    def _last(
        self, position: int, endings: re.Pattern[str] | None, labels: frozenset[str]
    ) -> str | None:
        """Return the last name before a position in its paragraph that fits, by its full form."""
        floor = self._report.block_at(position).start
        index = bisect_right(self._ends, position) - 1
        for at in range(index, max(index - _MOST_READ, -1), -1):
            entity = self._entities[at]
            if entity.start < floor:
                return None
            if entity.label in labels or (endings is not None and endings.search(entity.text)):
                return self._called.get(entity.text, entity.text)
        return None
