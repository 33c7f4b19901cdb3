"""The words that say what was measured: what stands before a number in its clause."""

from __future__ import annotations

import re
from typing import Final

from jixiao.numbers.lexicon import trie_pattern
from jixiao.resources import read_table, table_cache


@table_cache()
def _starts() -> re.Pattern[str]:
    """Match the verbs and cues a phrase begins with: inside it they belong to names."""
    rows = [row for row in read_table("words.csv") if row["tag"] != "n"]
    words = [row["surface"] for row in rows]
    words += [row["surface"] for row in read_table("cues.csv") if len(row["surface"]) > 1]
    guards = {row["surface"]: row["not_before"] for row in rows}
    return re.compile(rf"(?:{trie_pattern(words, guards)})+")


_WINDOW: Final = 60
_MAX_SUBJECT: Final = 30
_MEASURED_END: Final = re.compile(
    r"(?:同比|环比|比上年度?|较上年度?|比去年|较去年|与上年相比|增长|增加|下降|减少|提高|上升|降低|增速|增幅|"
    r"分别|达到|达|为|约|近|超过|超|突破|共计|合计|总计|共|累计|是|了|到|至|的|：|:|由|仅|有|"
    r"位列|位居|居|排名|排|名列|全[国省市州盟县区旗]|[ \u3000，,“”])+$"
)
_LIGHT: Final = re.compile(
    r"(?:\d{4}年度?|全年|今年|本年度?|当年|截至[^，]{0,10}[底末月日]|截止[^，]{0,10}[底末月日]|年[底末初]|目前|"
    r"其中|我[局市县区旗盟委]|本单位|本部门|全[市县区旗省州盟]|实际|共|完成|实现|发生|用于|安排|列支|"
    r"[一二三四五]是|[ \u3000：:、“”])+"
)


def subject_before(text: str, start: int, floor: int) -> str | None:
    """Return the words that say what was measured, before a number, or None.

    ``floor`` lies in the number's own clause, so that no other clause is read.
    """
    phrase = _MEASURED_END.sub("", text[max(floor, start - _WINDOW) : start])
    if light := _LIGHT.match(phrase):
        phrase = phrase[light.end() :]
    if (verbs := _starts().match(phrase)) and len(phrase) - verbs.end() >= 2:
        phrase = phrase[verbs.end() :]
    phrase = phrase.strip('“”" \u3000，、（(')
    return phrase[-_MAX_SUBJECT:] if len(phrase) >= 2 else None
