"""What a section is about, by its heading: a sentence means one thing under 存在问题, another under 成效."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple, TypeAlias, cast, get_args

from jixiao.errors import ResourceError
from jixiao.resources import read_table, table_cache

SectionKind: TypeAlias = Literal[
    "overview",
    "duties",
    "organisation",
    "goals",
    "money",
    "achievements",
    "evaluation",
    "problems",
    "suggestions",
    "plan",
    "policy",
    "rubric",
    "attachments",
    "other",
]

_BRACKETS: Final = re.compile(r"[（(][^（）()]*[）)]")
# What surrounds the words of the table in a title that stands without a number.
_FILLING: Final = (
    r"20\d\d年度?|本?部门|本?单位|项目|整体|财政|绩效|主要|存在|基本|工作|自评|评价|年度|使用|管理|"
    "情况|概况|分析|措施|安排|计划|及|和|与|的|、"
)
_MAX_TITLE: Final = 16
# Kinds that hold for everything below them: the money in a plan is planned.
_LASTING: Final = frozenset({"problems", "suggestions", "plan", "policy", "rubric"})


class SectionWord(NamedTuple):
    """A row of ``sections.csv``: a word in a heading, where it stands in it, and the kind it tells."""

    surface: str
    match: str
    kind: SectionKind

    def is_in(self, heading: str) -> bool:
        """Tell whether a heading has the word at its place."""
        if self.match == "suffix":
            return heading.endswith(self.surface)
        if self.match == "prefix":
            return heading.startswith(self.surface)
        return self.surface in heading


@table_cache()
def section_words() -> tuple[SectionWord, ...]:
    """Return the rows of ``sections.csv``.

    Raises
    ------
    ResourceError
        If a row names an unknown kind or match.
    """
    words = []
    for row in read_table("sections.csv"):
        if row["kind"] not in get_args(SectionKind) or row["match"] not in (
            "contains",
            "suffix",
            "prefix",
        ):
            raise ResourceError(f"sections.csv: unknown kind or match in {row!r}")
        words.append(SectionWord(row["surface"], row["match"], cast("SectionKind", row["kind"])))
    return tuple(words)


@table_cache(4096)
def heading_kind(heading: str) -> SectionKind | None:
    """Return what a heading says its section is about, or None.

    The word nearest to the end decides, of several there the longest: Chinese headings have their
    head last (``资金使用存在的问题``), and a pair (``问题与建议``) is what it ends with.

    >>> heading_kind("部门整体支出管理及使用情况"), heading_kind("存在的问题和改进措施")
    ('money', 'plan')
    """
    heading = _BRACKETS.sub("", heading)
    found = [word for word in section_words() if word.is_in(heading)]
    if not found:
        return None

    def place(word: SectionWord) -> tuple[int, int]:
        return heading.rfind(word.surface) + len(word.surface), len(word.surface)

    return max(found, key=place).kind


@table_cache(4096)
def section_kind(path: Sequence[str]) -> SectionKind | None:
    """Return what the section at the end of a path of headings is about, or None.

    An inner heading decides before the outer ones, but what stands under problems, suggestions, a
    plan or a rubric belongs there unless an inner heading names another of these.

    >>> section_kind(("下一步工作计划", "资金安排")), section_kind(("部门概况", "人员编制"))
    ('plan', 'organisation')
    """
    kinds = [kind for heading in path if (kind := heading_kind(heading))]
    lasting = [kind for kind in kinds if kind in _LASTING]
    return (lasting or kinds)[-1] if kinds else None


@table_cache()
def _title_pattern() -> re.Pattern[str]:
    words = sorted((re.escape(word.surface) for word in section_words()), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(words)}|{_FILLING})+")


def is_section_title(line: str) -> bool:
    """Tell whether a line consists of nothing but the words that titles of sections are made of.

    Attachments are none, nor are lines of more than 16 characters.

    >>> is_section_title("部门概况"), is_section_title("存在的主要问题及建议"), is_section_title("水利工程")
    (True, True, False)
    """
    if len(line) > _MAX_TITLE or heading_kind(line) in (None, "attachments"):
        return False
    return bool(_title_pattern().fullmatch(line))
