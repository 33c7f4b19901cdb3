"""The score and the grade a report gives the spending it is about, in prose or in its form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

from jixiao.documents.blocks import Block

_NUMBER: Final = r"(?P<score>\d{1,3}(?:\.\d{1,2})?)"
_SELF: Final = r"自评(?:综合|最终|总)?|自我(?:评价|评分|评定)"
_OTHER: Final = (
    "综合(?:绩效)?(?:评价|评定|评分|考评)?|(?:绩效)?评价(?:综合|最终|总|平均)?|绩效(?:考核|综合)?"
    "|(?:最终|最后|总体)(?:评价)?"
)
_SAID: Final = re.compile(
    rf"(?:(?P<self>{_SELF})|(?P<other>{_OTHER}))(?:得分|总分|评分|分数|分值|得|打分|分)"
    rf"(?:结果)?[ \u3000]*(?:为|是|：|:|达到?|共计|合计)?[ \u3000]*{_NUMBER}[ \u3000]*分?"
)
# 总得分96.5分; but 总分100分 is the full mark.
_TOTAL: Final = re.compile(rf"总得分[ \u3000]*(?:为|是|：|:)?[ \u3000]*{_NUMBER}")
_GRADES: Final = {
    "优秀": "优",
    "良好": "良",
    "中等": "中",
    "较差": "差",
    "不合格": "不合格",
    "合格": "合格",
    "优": "优",
    "良": "良",
    "中": "中",
    "差": "差",
}
_GRADE: Final = re.compile(
    r"(?:等级|等次|档次|级别|评价结果|自评结果|评价结论|自评结论|绩效级次|评定)(?:评定)?[ \u3000]*"
    r"(?:为|是|：|:|属于|属|评为)?[ \u3000]*[“\"「‘]?"
    rf"(?P<grade>{'|'.join(_GRADES)})(?![、，,/和或][ ]?[良中差])[”\"」’]?(?![\u4e00-\u9fff])"
)
_GRADED: Final = re.compile(r"(?:等级|等次|档次|级别|评价结果|自评结果|绩效级次)[：:]?")
# Forms: a row of 总分 with the full mark and the score, or a label with the score beside it.
_SUM: Final = re.compile(r"总分|总计|合计|总得分|得分合计|合计得分|总评分|自评总分|总[ \u3000]*分")
_LABEL: Final = re.compile(
    r"(?:自评|自我评价|评价|综合|绩效|最终|总)(?:得分|评分|总分|分数|分)[：:]?"
)
_CELL_SCORE: Final = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)分?")
_FULL: Final = Decimal(100)


def find_score(
    text: str, blocks: Sequence[Block], *, own: bool = True
) -> tuple[Decimal | None, str | None]:
    """Return the score and the grade a report states, None for what it does not.

    ``own`` tells that the report is a self-evaluation, in which the self-score comes before another.
    优秀, 良好, 中等 and 较差 are written 优, 良, 中 and 差, the grades of 财预〔2020〕10号; 合格 and 不合格,
    which it does not know, stay as they are. A full mark and the marks of single indicators are no
    score of the report. Without blocks both are None.
    """
    said: dict[int, Decimal] = {}
    grade: str | None = None
    for block in blocks:
        if block.cell is None:
            content = text[block.start : block.end]
            for rank, score in _said(content, own=own):
                said.setdefault(rank, score)
            if grade is None and (found := _GRADE.search(content)):
                grade = _GRADES[found["grade"]]
    for row in _rows(blocks):
        grade = grade or _row_grade(row)
        total = _row_score(row)
        if total is not None:
            said.setdefault(_IN_FORM, total)
    return (said[min(said)] if said else None), grade


_IN_FORM: Final = 2


def _said(content: str, *, own: bool) -> Iterator[tuple[int, Decimal]]:
    """Yield the scores that a paragraph states, with their rank: 0 the likeliest."""
    if "分" not in content:
        return
    for found in _SAID.finditer(content):
        score = Decimal(found["score"])
        if score <= _FULL and not _is_rule(content, found):
            yield (0 if bool(found["self"]) == own else 1), score
    total = _TOTAL.search(content)
    if total and Decimal(total["score"]) <= _FULL:
        yield 1, Decimal(total["score"])


def _is_rule(content: str, found: re.Match[str]) -> bool:
    """Tell a threshold (``综合得分90分以上的为优``) or a full mark from a score."""
    after = content[found.end() : found.end() + 6]
    return bool(re.match(r"[（(]?含?[）)]?(?:以[上下]|及以|[-~—至])", after)) or (
        "满分" in content[max(found.start() - 4, 0) : found.start()]
    )


def _rows(blocks: Sequence[Block]) -> Iterator[list[str]]:
    """Yield the filled cells of each table row."""
    row: list[str] = []
    place = (-1, -1)
    for block in blocks:
        if block.cell is None:
            continue
        here = block.cell.table, block.cell.row
        if here != place and row:
            yield row
            row = []
        place = here
        row.append(block.cell.text)
    if row:
        yield row


def _row_score(row: Sequence[str]) -> Decimal | None:
    """Return the score of a form's row: the last number beside 总分, the one beside 自评得分."""
    numbers = [Decimal(found[1]) for cell in row[1:] if (found := _CELL_SCORE.fullmatch(cell))]
    if len(row) < 2 or not numbers:
        return None
    if _SUM.fullmatch(row[0]):
        full = len(numbers) > 1 and numbers[0] == _FULL
        return numbers[-1] if full and numbers[-1] <= _FULL else None
    for label, value in pairwise(row):
        found = _CELL_SCORE.fullmatch(value)
        if found and _LABEL.fullmatch(label) and Decimal(found[1]) <= _FULL:
            return Decimal(found[1])
    return None


def _row_grade(row: Sequence[str]) -> str | None:
    for label, value in pairwise(row):
        word = value.strip('“”"「」 ')
        if word in _GRADES and _GRADED.search(label):
            return _GRADES[word]
    return None
