"""What a check is before it is published: the quantities, the verdict and the auditor's note."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from jixiao.checks.values import Interval, Term
from jixiao.exact import CONTEXT, plain
from jixiao.numbers.find import Found
from jixiao.records import CheckKind, Verdict

_NUMBERING: Final = re.compile(
    r"^(?:[（(][\d一二三四五六七八九十]{1,3}[）)]|[\d一二三四五六七八九十]{1,3}[、.．](?!\d))"
)
# 普及率由2021年: the date of the first number of two is not what it is called.
_DATED: Final = re.compile(r"[由从](?:\d{4}年(?:度|末|底)?|上年|去年|年初)?的?$")
_WRAPS: Final = re.compile(r"\s+")
_SCALES: Final = {Decimal(10**8): "亿", Decimal(10**4): "万"}
_UNITS: Final = {
    "CNY": "元",
    "USD": "美元",
    "EUR": "欧元",
    "HKD": "港元",
    "times": "倍",
    "pp": "个百分点",
}
_SAID: Final[dict[Verdict, str]] = {
    "ok": "相符",
    "rounded": "尾差在四舍五入范围内",
    "truncated": "系截尾取数",
    "inconsistent": "不符",
    "scope": "口径不同，不宜直接比较",
}
_QUOTES: Final = str.maketrans("", "", '“”‘’"')
_MOST_PARTS: Final = 12
_SHORT: Final = 24


@dataclass(frozen=True, slots=True)
class FoundCheck:
    """A relation that a report asserts, recomputed; ``items`` begins with the one that is stated."""

    kind: CheckKind
    verdict: Verdict
    stated: Decimal | None
    recomputed: Decimal | None
    interval: Interval | None
    items: tuple[Found, ...]
    message: str

    @property
    def place(self) -> int:
        """The view offset of the stated number."""
        return self.items[0].start


def said(verdict: Verdict) -> str:
    """Return the words for a verdict."""
    return _SAID[verdict]


def printed(one: Term | Found) -> str:
    """Return a number as printed, with the unit its header gives it."""
    item = one.item if isinstance(one, Term) else one
    quantity = item.quantity
    text = _WRAPS.sub("", quantity.text)
    if not text[-1:].isdigit() and text[-1:] not in ")）":
        return text
    scale = _SCALES.get(one.scale, "") if isinstance(one, Term) else ""
    unit = quantity.unit or ""
    return text if unit == "rank" else f"{text}{scale}{_UNITS.get(unit, unit)}"


def quote(one: Term | Found) -> str:
    """Return what is counted or paid, and the number, as the report has it."""
    item = one.item if isinstance(one, Term) else one
    quantity = item.quantity
    name = quantity.noun if quantity.label == "COUNT" else quantity.subject
    name = _WRAPS.sub("", name or quantity.subject or quantity.noun or "")
    name = _DATED.sub("", name) or name
    if name.count("”") > name.count("“"):
        name = f"“{name}"
    block = item.block.cell if item.block else None
    if block is not None and not item.whole_cell and quantity.label == "SCORE":
        return block.text if len(block.text) <= _SHORT else printed(one)
    labels = item.cell.rows if item.whole_cell and item.cell else []
    label = next((text for text in reversed(labels) if 2 < len(text) <= _SHORT), "")
    label = _NUMBERING.sub("", label or next((text for text in labels if text), ""))
    if label and _bare(name) in _bare(label):
        name = label
    elif label and label not in name:
        name = f"{label}{name}"
    return f"{name}{printed(one)}"


def _bare(name: str) -> str:
    return name.translate(_QUOTES)


def in_unit_of(value: Decimal, model: Term) -> str:
    """Return a value in the unit and multiplier in which ``model`` is printed."""
    shown = plain(CONTEXT.divide(value, model.scale))
    unit = model.item.quantity.unit or ""
    return f"{shown}{_SCALES.get(model.scale, '')}{_UNITS.get(unit, unit)}"


def listed(terms: Sequence[Term], signs: Sequence[int] | None = None) -> str:
    """Return operands joined by + and −, the last ones counted where they are many."""
    shown = []
    for place, one in enumerate(terms[:_MOST_PARTS]):
        sign = "−" if signs is not None and signs[place] < 0 else "+" if place else ""
        shown.append(f"{sign}{printed(one)}")
    rest = len(terms) - _MOST_PARTS
    return "".join(shown) + (f"+…（另{rest}项）" if rest > 0 else "")
