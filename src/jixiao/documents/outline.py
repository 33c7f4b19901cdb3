"""The numbered outline: headings in every style, as a path for each block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jixiao.documents.blocks import Block

_CN: Final = "一二三四五六七八九十"
# Numbering styles from outermost to innermost (GB/T 9704—2012 names the first four: 一、 （一） 1. （1）).
_STYLES: Final = tuple(
    re.compile(rf"[ \u3000\t]*{pattern}[ \u3000]*")
    for pattern in (
        rf"第[{_CN}\d]{{1,3}}(?:部分|章|篇)[ \u3000、，:：]?",
        rf"[{_CN}]{{1,3}}[、.．，](?![{_CN}])",
        rf"[（(][{_CN}]{{1,3}}[）)][、.．]?",
        r"\d{1,2}(?:[、．]|\.(?!\d{1,3}(?!\d)))",
        r"[（(]\d{1,2}[）)][、.．]?",
        r"[①-⑳⑴-⒇][、.．]?",
    )
)
_FIRST: Final = frozenset("第（(0123456789 \u3000\t" + _CN + "①②③④⑤⑥⑦⑧⑨⑩⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽")
_MAX_HEADING: Final = 45
_RUN_IN: Final = re.compile(r"[^。；;！!，,]{2,24}[。：:]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: view offsets of its line, its level (0 outermost) and its text without number."""

    start: int
    end: int
    level: int
    text: str


def list_number(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return (level, end offset) of the list number a line begins with, or None."""
    if start >= end or text[start] not in _FIRST:
        return None
    for level, style in enumerate(_STYLES):
        found = style.match(text, start, end)
        if found:
            return level, found.end()
    return None


def find_headings(text: str, blocks: Sequence[Block]) -> list[Heading]:
    """Return the headings of a view text in order.

    A heading is a numbered line that is short and ends without a full stop, the short first
    sentence of a numbered paragraph (「1.基本支出。2021年度…」), or a one-cell title row of a form.
    """
    headings: list[Heading] = []
    for block in blocks:
        if block.cell is not None and block.cell.column:
            continue
        start = block.start
        end = text.find("\n", start, block.end)
        end = block.end if end < 0 else end
        number = list_number(text, start, end)
        if number is None:
            continue
        level, content = number
        title = _title(text[content:end])
        if title:
            headings.append(Heading(start, end, level, title))
    return headings


def _title(line: str) -> str:
    content = line.strip()
    if len(content) <= _MAX_HEADING and not content.endswith(("。", "；", ";", "，", "、")):
        return "" if "。" in content else content.rstrip("：:")
    run_in = _RUN_IN.match(content)
    return run_in.group()[:-1] if run_in else ""


@dataclass(frozen=True, slots=True)
class Outline:
    """Headings and, for each, the path from the outermost one down to it."""

    headings: Sequence[Heading]
    paths: Sequence[tuple[str, ...]]

    def path_index(self, position: int) -> int:
        """Return the index of the heading in force at a view position, or -1 before the first."""
        low, high = 0, len(self.headings)
        while low < high:
            middle = (low + high) // 2
            if self.headings[middle].start <= position:
                low = middle + 1
            else:
                high = middle
        return low - 1

    def path(self, position: int) -> tuple[str, ...]:
        """Return the headings over a view position, outermost first; empty before the first."""
        index = self.path_index(position)
        return self.paths[index] if index >= 0 else ()


def build_outline(text: str, blocks: Sequence[Block]) -> Outline:
    """Return the outline of a view text."""
    headings = find_headings(text, blocks)
    paths: list[tuple[str, ...]] = []
    stack: list[Heading] = []
    for heading in headings:
        while stack and stack[-1].level >= heading.level:
            stack.pop()
        stack.append(heading)
        paths.append(tuple(h.text for h in stack))
    return Outline(headings, paths)
