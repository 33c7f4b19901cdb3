"""Whole reports with their gold: title, sections in order, signature, all from one seed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Final

from jixiao.errors import SettingsError
from jixiao.generation import achievements, distractors, finances, outlook
from jixiao.generation.grammar import TEMPLATES, Pen, SectionKind, Template
from jixiao.generation.pieces import Piece, assemble
from jixiao.generation.setting import Setting, draw_setting
from jixiao.records import Document, Quantity

# The modules register their templates when they are imported.
TEMPLATE_MODULES: Final = (achievements, distractors, finances, outlook)

# Section, its headings, and its share of the sentences.
_SECTIONS: Final[tuple[tuple[SectionKind, tuple[str, ...], float], ...]] = (
    ("overview", ("部门基本概况", "部门概况", "基本情况"), 0.12),
    ("money", ("资金使用情况", "部门资金收支情况", "预算执行及资金使用情况"), 0.22),
    ("achievements", ("主要工作成效", "履职成效", "主要工作完成情况"), 0.46),
    ("problems", ("存在的问题", "存在的主要问题", "存在的问题及原因"), 0.08),
    ("plan", ("下一步工作计划", "下一步工作打算", "下步工作安排"), 0.12),
)
_NUMERALS: Final = "一二三四五六七八九"
_PARTS: Final = (
    "聚焦主责主业，重点工作有序推进",
    "强化要素保障，服务能力稳步增强",
    "突出项目引领，发展基础持续夯实",
    "坚持改革创新，治理效能不断提升",
)


def generate_report(seed: int, sentences: int = 60) -> tuple[str, list[Quantity], Document]:
    """Return a synthetic report, its gold quantities and its document record.

    The same seed and number of sentences give the same report, on every machine.

    Parameters
    ----------
    seed
        What the report is drawn from.
    sentences
        How many sentences its sections have together, at least one for each of the five.

    Raises
    ------
    SettingsError
        If there are fewer sentences than sections.

    Examples
    --------
    >>> text, gold, document = generate_report(7)
    >>> all(text[one.start : one.end] == one.text for one in gold)
    True
    >>> document.doc_id, document.fiscal_year in document.title
    ('synthetic-7-60', True)
    """
    if sentences < len(_SECTIONS):
        raise SettingsError(
            f"a report of {sentences} sentences; expected at least {len(_SECTIONS)}, one for each "
            "section"
        )
    draw = Random(seed)  # noqa: S311 - a repeatable source, not a secret
    setting = draw_setting(draw)
    title = f"{setting.issuer}{setting.year}年度部门整体支出绩效自评报告"
    pieces: list[Piece] = [*_opening(setting, title, draw)]
    pen, used = Pen(draw, setting), Counter[str]()
    for index, (kind, headings, _) in enumerate(_SECTIONS):
        pieces.append(f"{setting.indent}{_NUMERALS[index]}、{draw.choice(headings)}\n")
        pieces += _body(pen, kind, _sizes(sentences)[index], used)
    pieces += _closing(setting)
    text, gold = assemble(pieces)
    return text, gold, _document(f"synthetic-{seed}-{sentences}", text, title, setting)


def _sizes(sentences: int) -> list[int]:
    """Return how many sentences each section has; the largest takes what rounding leaves."""
    sizes = [max(int(sentences * share), 1) for _, _, share in _SECTIONS]
    sizes[2] += sentences - sum(sizes)
    return sizes


def _opening(setting: Setting, title: str, draw: Random) -> list[Piece]:
    number = f"{draw.choice(['财绩', '财预'])}〔{setting.year + 1}〕{draw.randint(1, 90)}号"
    return [
        f"{title}\n\n",
        f"{setting.indent}根据《关于开展{setting.year}年度部门整体支出绩效自评工作的通知》",
        f"（{number}）要求，我局认真组织开展绩效自评工作，现将有关情况报告如下：\n",
    ]


def _closing(setting: Setting) -> list[Piece]:
    year, month, day = (int(part) for part in setting.report_date.split("-"))
    return [f"\n{setting.issuer}\n", f"{year}年{month}月{day}日\n"]


def _body(pen: Pen, kind: SectionKind, sentences: int, used: Counter[str]) -> list[Piece]:
    """Return the paragraphs of a section; a section of results has headings of its own."""
    pieces: list[Piece] = []
    parts = iter(enumerate(_PARTS))
    for paragraph, size in enumerate(_paragraphs(pen, sentences)):
        if kind == "achievements" and paragraph % 3 == 0:
            for index, part in islice(parts, 1):
                pieces.append(f"{pen.setting.indent}（{_NUMERALS[index]}）{part}\n")
        pieces.append(pen.setting.indent)
        for _ in range(size):
            pieces += _draw_template(pen, kind, used).sentence(pen)
        pieces.append("\n")
    return pieces


def _paragraphs(pen: Pen, sentences: int) -> Iterator[int]:
    """Yield how many sentences each paragraph has."""
    while sentences:
        size = min(pen.integer(2, 4), sentences)
        sentences -= size
        yield size


def _draw_template(pen: Pen, kind: SectionKind, used: Counter[str]) -> Template:
    """Return a template of a section, out of those that the report has used least."""
    fitting = [one for one in TEMPLATES.values() if kind in one.sections]
    least = min(used[one.name] for one in fitting)
    fresh = [one for one in fitting if used[one.name] == least]
    chosen = pen.draw.choices(fresh, weights=[one.weight for one in fresh])[0]
    used[chosen.name] += 1
    return chosen


def _document(doc_id: str, text: str, title: str, setting: Setting) -> Document:
    return Document(
        doc_id=doc_id,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        title=title,
        issuer=setting.issuer,
        region=setting.region,
        fiscal_year=str(setting.year),
        report_date=setting.report_date,
    )
