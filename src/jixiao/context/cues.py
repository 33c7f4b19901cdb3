"""Cue words that decide a context field, from one table."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from jixiao.errors import ResourceError
from jixiao.quantities.lexicon import trie_pattern
from jixiao.resources import read_table

FIELDS: Final = frozenset(
    {
        "growth",
        "comparison",
        "gap",
        "share",
        "net_new",
        "new",
        "applied",
        "recommended",
        "approved",
        "level",
        "planned",
        "forecast",
    }
)


class Cue(NamedTuple):
    """A cue word found: its field, the value it gives (``up``), the word, its offsets."""

    field: str
    value: str
    surface: str
    start: int
    end: int


@cache
def _table() -> tuple[re.Pattern[str], dict[str, list[tuple[str, str]]]]:
    meaning: dict[str, list[tuple[str, str]]] = {}
    for row in read_table("cues.csv"):
        if row["field"] not in FIELDS or not row["surface"]:
            raise ResourceError(f"cues.csv: unknown field or empty surface in {row!r}")
        meaning.setdefault(row["surface"], []).append((row["field"], row["value"]))
    return re.compile(trie_pattern(meaning)), meaning


# A cue word inside one of these is another word: 科学技术支出 has no 支出 cue, 任务增加 no 增.
_INSIDE: Final = re.compile(
    r"增加值|新增长极|增值|多种|多个|多家|多次|多项|多元|多样|减排|减税|减免|减负|降水|降本|多年|少数|"
    r"少年|至少|不少|最多|至多|许多|多于|少于|减轻|多级|多层|多部门|增强|增效|增进|升级|"
    r"占用|占地|抢占|将近|将军|干将|将乐|拟定|拟订|模拟|虚拟|拟稿|预算执行|预算完成|预算编制|"
    r"规划[局和与院师科股处设部]|计划生育|计划内|目标考核|目标管理|多媒体|青少年|减灾|添置|"
    r"备案制|申报[表书材条]|推荐性|更多|较多|多功能|多方|众多|减速|升学|升旗|高考升|占道|"
    r"增派|增发|计划[项财股科类专]|规划[课项]|年计划|少儿|多孔|预期目标|少数民族"
)


def find_cues(text: str, start: int, end: int) -> list[Cue]:
    """Return the cues in ``text[start:end]`` in order; the longest word wins at each place."""
    pattern, meaning = _table()
    blocked = [span.span() for span in _INSIDE.finditer(text, start, min(end + 3, len(text)))]
    cues: list[Cue] = []
    for found in pattern.finditer(text, start, end):
        if any(low <= found.start() and found.end() <= high for low, high in blocked):
            continue
        for field, value in meaning[found.group()]:
            cues.append(Cue(field, value, found.group(), *found.span()))
    return cues
