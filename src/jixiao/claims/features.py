"""The features a decision weighs: the structure of a clause, none of the words of a report.

What a clause shows is first put into a small key, :class:`Shape`. Many clauses share one, so that the
decision is made once for each.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from jixiao.claims.evidence import Clues, Reading
    from jixiao.claims.segments import Segment
    from jixiao.numbers.find import Found

_COST: Final = re.compile(r"(?:费用|支付|总投资|自付)[约为共]?\d|每人")
_PREPOSITION: Final = re.compile(
    r"(?:为(?!\d|第|全|今年)|围绕|以(?![上来])|通过|坚持|按照|根据|对照|针对|面对|结合|依托|依据|在|从(?!\d)|对|受|由于|因|"
    r"按|除|随着|如|若|当|凡|每(?![万百千]))"
)
_ADVERSE: Final = re.compile(r"[ \u3000]*(?:但|仅|只有|却|尚未|反而|虽|尽管|不含|扣除|概算)")
_LIST_END: Final = re.compile(r"等(?:工作|措施|方式|制度|内容|问题)?$")
_CAMPAIGN: Final = re.compile(
    r"”[^，]{0,8}(?:活动|行动|论坛|大赛|比赛|对接会|年|月|周|日)|大赛|论坛|活动$|对接会"
)
_SYSTEM: Final = re.compile(
    r"(?:制度|机制|体系|台账|清单|方案|专班|小组|平台|办法|库|中心|基地|团队|协议|关系)$"
)
_SHORT: Final = 5
_LONG: Final = 30
_NEAR: Final = 12
_MAX_NUMBERS: Final = 3
_SOFT: Final = frozenset({"money", "mixed", "evaluation", "other"})
_ANYWHERE: Final = frozenset({"shortfall", "activity"})
_NEARBY: Final = frozenset({"manner", "pending", "goal"})
EDGE: Final = "edge"


class Shape(NamedTuple):
    """What a clause shows. ``numbers`` are label, measure, modality and marks of the first ones."""

    kind: str
    rule: str
    use: str
    zone: str
    before: str
    after: str
    numbers: tuple[tuple[str, str | None, str | None, str], ...]
    words: frozenset[str]
    head: str
    marks: tuple[str, ...]

    def features(self) -> list[str]:
        """Return the features by name.

        >>> shape = Shape("output", "done", "done", "results", "none", "edge", (), frozenset(), "", ())
        >>> shape.features()[:3]
        ['bias', 'kind:output', 'zone:results']
        """
        kind, zone, count = self.kind, self.zone, min(len(self.numbers), 2)
        some = min(count, 1)
        names = [
            "bias",
            f"kind:{kind}",
            f"zone:{zone}",
            f"kind:{kind}|zone:{zone}",
            f"rule:{self.rule}",
            f"kind:{kind}|use:{self.use}",
            f"kind:{kind}|numbers:{count}",
        ]
        # A cell often holds one clause, a paragraph hardly ever: its edge is left out.
        names += [f"before:{self.before}"] if self.before else []
        names += [f"after:{self.after}"] if self.after else []
        for label, measure, modality, marks in self.numbers:
            names += [f"number:{label}.{measure}", f"modality:{modality}"]
            names += [f"number:{mark}" for mark in marks.split()]
            names += [f"number:{label}|zone:{zone}"] if zone in _SOFT else []
        names += [f"word:{word}" for word in sorted(self.words)]
        names += [f"head:{self.head}|numbers:{some}"] if self.head else []
        if "among" in self.marks:
            label = self.numbers[0][0] if self.numbers else "none"
            read = "verbless" if self.rule.startswith("verbless") else kind
            names.append(f"among|{label}|{read}")
            names += ["among|growth"] if self.after == "growth" else []
        for mark in self.marks:
            names.append(mark)
            if mark == "money":
                names += [f"money|kind:{kind}", f"money|zone:{zone}"]
            elif mark == "preposition":
                names.append(f"preposition|numbers:{some}")
        names += [] if self.numbers else [f"bare|zone:{zone}"]
        return names


def shape_of(
    clues: Clues, segment: Segment, reading: Reading, before: str, after: str, start: int
) -> Shape:
    """Return the shape of a clause that begins, trimmed, at ``start``, between two others."""
    kind, triggers = reading.kind, segment.triggers
    edge = "" if segment.cell else EDGE
    near = start + _NEAR
    words = frozenset(
        t.kind for t in triggers if t.kind in _ANYWHERE or (t.kind in _NEARBY and t.start < near)
    )
    head = triggers[0].kind if triggers and triggers[0].start <= start + 1 else ""
    return Shape(
        kind,
        reading.rule,
        reading.use,
        segment.zone,
        before or edge,
        after or edge,
        tuple([_number(clues, item, kind) for item in clues.items[:_MAX_NUMBERS]]),
        words,
        head,
        tuple(_marks(clues, segment, start)),
    )


def _number(clues: Clues, item: Found, kind: str) -> tuple[str, str | None, str | None, str]:
    quantity = item.quantity
    marks = []
    if quantity.total is not None:
        marks.append("part")
    if clues.text[item.start - 1] == "的":
        marks.append("subset")
    if quantity.region and kind != "ranking":
        marks.append("elsewhere")
    return quantity.label, quantity.measure, quantity.modality, " ".join(marks)


def _marks(clues: Clues, segment: Segment, start: int) -> list[str]:
    """Return what else a clause shows, by name."""
    text, end = clues.text, segment.end
    marks = []
    if segment.among:
        marks.append("among")
        marks += ["listed"] if segment.listed else []
    if _PREPOSITION.match(text, start, end):
        marks.append("preposition")
    if _ADVERSE.match(text, start, end):
        marks.append("adverse")
    if "money" in clues.first:
        marks.append("money")
    if segment.heading:
        marks.append("heading")
    if segment.closes in "：:":
        marks.append("colon")
    if end - start < _SHORT:
        marks.append("short")
    if clues.items:
        return [*marks, "cost"] if _COST.search(text, start, end) else marks
    for name, pattern in (("campaign", _CAMPAIGN), ("system", _SYSTEM), ("list", _LIST_END)):
        if pattern.search(text, start, end):
            marks.append(name)
    if end - start > _LONG:
        marks.append("long")
    return marks
