"""Put other names of the same make in the place of the names of a text with gold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random
from typing import Final

from jixiao.training.names import Gold, Writer

_SHAPES: Final[tuple[tuple[str, str, str], ...]] = (
    ("COMPANY", r"(?:公司|事务所|合作社|厂)$", "firm.long"),
    ("COMPANY", r"银行", "bank"),
    ("COMPANY", r"", "firm.short"),
    ("GOV", r"(?:科|股|室)$", "section"),
    ("GOV", r"局$", "body"),
    ("INSTITUTION", r"^[^《]", "INSTITUTION"),
    ("PARK", r"", "PARK"),
    ("PERSON", r"", "PERSON"),
    ("PLACE", r"(?:镇|乡|街道)$", "place.town"),
    ("PLACE", r"(?:村|社区)$", "place.village"),
    ("PLACE", r"[市县区州]$", "place"),
    ("PLACE", r"(?:景区|河|江|湖|水库|断面|片区|新城|路|桥|寺|山)$", "place.other"),
    ("PROGRAM", r"^“[^”]+”$", "quoted"),
    ("PROGRAM", r"^“", "q.kind"),
    ("PROGRAM", r"(?:资金|基金)$", "fund"),
    ("PROGRAM", r"(?:项目|工程)$", "project"),
    ("PROGRAM", r"第.+届|[会节赛]$", "event"),
    ("PROGRAM", r"(?:行动|计划)$", "campaign"),
    ("HONOUR", r"奖$", "prize"),
    ("HONOUR", r"(?:企业|单位|集体|县|区|村|基地|工厂|车间|中心|平台)$", "status.level"),
)
_KEPT: Final = 0.4


def with_other_names(
    text: str, gold: Sequence[Gold], seed: int, kept: float = _KEPT
) -> tuple[str, list[Gold]]:
    """Return a text in which other names of the same make stand in the place of most of its names.

    A name that stands twice is replaced by the same one.
    """
    writer = Writer(seed)
    draw = Random(seed)  # noqa: S311
    chosen: dict[tuple[str, str], str] = {}
    parts: list[str] = []
    moved: list[Gold] = []
    at = length = 0
    for one in sorted(gold):
        surface = text[one.start : one.end]
        key = surface, one.label
        if key not in chosen:
            chosen[key] = surface if draw.random() < kept else _other(writer, surface, one.label)
        parts += [text[at : one.start], chosen[key]]
        length += one.start - at
        moved.append(Gold(length, length + len(chosen[key]), one.label))
        length += len(chosen[key])
        at = one.end
    return "".join([*parts, text[at:]]), moved


def _other(writer: Writer, surface: str, label: str) -> str:
    for one, shape, symbol in _SHAPES:
        if one == label and re.search(shape, surface):
            return writer.name(symbol)
    return surface
