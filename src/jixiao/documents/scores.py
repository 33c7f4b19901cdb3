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
    rf"(?:结果)?[ \u3000]*(?:为|是|达到?|共计|合计)?[：:]?[ \u3000]*{_NUMBER}[ \u3000]*分?"
)
# 总得分96.5分, 总分：96.5分; but 总分100分 is the full mark.
_TOTAL: Final = re.compile(
    rf"(?:(?:总|合计)得分|(?<!得)总分(?=[为：:])(?![为：:]?[ \u3000]*100(?![\d.])))"
    rf"[ \u3000]*(?:为|是)?[：:]?[ \u3000]*{_NUMBER}"
)
# 投入指标自评得分15分: the mark of one indicator; 上年度自评得分90分: another year's.
_PARTIAL: Final = re.compile(
    r"(?:指标|投入|过程|产出|效益|满意度|执行率?|决策|方面|[数质]量|时效|成本)[^，。；]{0,4}$"
)
_EARLIER: Final = re.compile(r"上一?年|去年|(?<!\d)(?P<year>20\d\d)年")
# 该项应扣0.84分，自评得9.16分: the mark of one item, whose full mark is no 100.
_ITEM: Final = re.compile(r"[该本此各]项(?!目)|[该本此]指标")
_FULL_MARK: Final = re.compile(r"(?:满分|分值)(?:为|是)?[ \u3000]*(\d{1,3})[ \u3000]*分")
_DEDUCTED: Final = re.compile(r"扣(?:减|除|掉)?(\d{1,2}(?:\.\d{1,2})?)分")
_SENTENCE: Final = 120
_WHOLE: Final = re.compile(r"综合|最终|最后|总")
_CLAUSE: Final = re.compile(r"[，。；,;]")
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
    r"(?:等级|等次|档次|级别|评价结果|自评结果|评价结论|自评结论|绩效级次|评定|评级)(?:评定)?[ \u3000]*"
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
# 优☑ 良□ 中□ 差□, or the box before the word.
_TICK: Final = "[☑√✓✔■]"
_BOXED: Final = re.compile(r"[ \u3000]*[□☐○☑√✓✔■]")
_REACH: Final = 30


def find_score(
    text: str, blocks: Sequence[Block], *, own: bool = True, year: str | None = None
) -> tuple[Decimal | None, str | None]:
    """Return the score and the grade a report states, None for what it does not.

    ``own`` tells that the report is a self-evaluation, in which the self-score comes before another;
    ``year`` is the one it is about: the scores of other years are none of its own. A score that is
    said to be the whole one (综合得分, 最终得分) comes before one that is not.
    优秀, 良好, 中等 and 较差 are written 优, 良, 中 and 差, the grades of 财预〔2020〕10号; 合格 and 不合格,
    which it does not know, stay as they are. A full mark and the marks of single indicators are no
    score of the report. Without blocks both are None.
    """
    said: dict[tuple[int, bool], Decimal] = {}
    grade: str | None = None
    for block in blocks:
        if block.cell is None:
            content = text[block.start : block.end]
            for rank, score in _said(content, own=own, year=year):
                said.setdefault(rank, score)
            if grade is None and (found := _GRADE.search(content)):
                grade = _GRADES[found["grade"]]
    for row in _rows(blocks):
        grade = grade or _row_grade(row)
        total = _row_score(row)
        if total is not None:
            said.setdefault(_IN_FORM, total)
    return (said[min(said)] if said else None), grade


_IN_FORM: Final = (2, False)


def _said(
    content: str, *, own: bool, year: str | None
) -> Iterator[tuple[tuple[int, bool], Decimal]]:
    """Yield the scores that a paragraph states, with their rank: the least is the likeliest."""
    if "分" not in content:
        return
    for found in _SAID.finditer(content):
        score, lead = Decimal(found["score"]), _lead(content, found.start())
        if _of_item(content, found.start(), score):
            continue
        if score <= _FULL and not _is_rule(content, found) and _is_whole(lead, year):
            part = not _WHOLE.search(lead + found.group())
            yield (0 if bool(found["self"]) == own else 1, part), score
    for total in _TOTAL.finditer(content):
        score = Decimal(total["score"])
        if score <= _FULL and _is_whole(_lead(content, total.start()), year):
            yield (1, False), score


def _lead(content: str, position: int) -> str:
    """Return what stands before a position in its clause, at most 30 characters."""
    return _CLAUSE.split(content[max(position - _REACH, 0) : position])[-1]


def _is_whole(lead: str, year: str | None) -> bool:
    """Tell whether the words before a score leave it the report's own: no indicator, no other year."""
    earlier = _EARLIER.search(lead)
    if earlier and not (earlier["year"] and year in (None, earlier["year"])):
        return False
    return not _PARTIAL.search(lead)


def _of_item(content: str, position: int, score: Decimal) -> bool:
    """Tell whether the sentence so far is about one item: it says so, or its full mark is small."""
    begin = max(content.rfind("。", 0, position) + 1, position - _SENTENCE)
    before = content[begin:position]
    full = _FULL_MARK.search(before)
    deducted = sum((Decimal(mark) for mark in _DEDUCTED.findall(before)), Decimal(0))
    return bool(
        _ITEM.search(before)
        or (full and Decimal(full[1]) < _FULL)
        or (deducted and score + deducted <= _FULL / 2)
    )


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
        if _GRADED.search(label) and (grade := _GRADES.get(word) or _ticked(value)):
            return grade
    return None


def _ticked(cell: str) -> str | None:
    """Return the one grade that is ticked in a cell (``优☑ 良□ 中□ 差□``), or None."""
    grades = "|".join(_GRADES)
    mark = rf"{_TICK}[ \u3000]*(?P<grade>{grades})"
    if not _BOXED.match(cell):
        mark = rf"(?P<grade>{grades})[ \u3000]*[（(□]?{_TICK}"
    ticked = {_GRADES[found["grade"]] for found in re.finditer(mark, cell)}
    return ticked.pop() if len(ticked) == 1 else None
