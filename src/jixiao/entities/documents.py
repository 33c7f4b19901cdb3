"""Titles in book-title marks and file numbers: the names of documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jixiao.entities.names import Name, word_set
from jixiao.entities.words import Words

# Titles in titles nest: 《关于印发〈…〉的通知》, and 《…《…》…》 where the writer was careless.
_TITLE: Final = re.compile(r"《[^《》\n]{1,120}(?:《[^《》\n]{1,80}》[^《》\n]{0,60}){0,2}》")
_NUMBER: Final = re.compile(
    r"(?P<year>[〔\[［【（(](?:19|20)\d\d[〕\]］】）)])[ ]?第?\d{1,4}[ ]?号"
)
# 《松岭日报》 is who prints, not what is printed.
_PAPER: Final = re.compile(
    r"^《[\u4e00-\u9fff]{2,8}(?:日报|晚报|早报|晨报|商报|时报|都市报|快报|导报)》$"
)
_LONGEST_CODE: Final = 10


def find_documents(words: Words) -> Iterator[Name]:
    """Yield the titles and file numbers of a text (``《政府工作报告》``, ``湘办〔2018〕59号``)."""
    text = words.text
    for found in _TITLE.finditer(text):
        if _PAPER.search(found.group()):
            yield Name(found.start(), found.end(), "INSTITUTION", "document.paper")
        else:
            yield Name(found.start(), found.end(), "DOCUMENT", "document.title")
    for found in _NUMBER.finditer(text):
        start = _code_start(words, found.start())
        if start < found.start():
            yield Name(start, found.end(), "DOCUMENT", "document.number")


def _code_start(words: Words, end: int) -> int:
    """Return where the issuing body's code before the year begins (``岳君财发``)."""
    index = words.at(end - 1)
    start = end
    while index >= 0 and end - words.starts[index] <= _LONGEST_CODE:
        word = words.texts[index]
        if not ("\u4e00" <= word[0] <= "\u9fff") or word in _LEADS_TO:
            break
        start = words.starts[index]
        index -= 1
    return start


_LEADS_TO: Final = word_set(
    "根据 依据 按照 依照 按 据 以 和 及 与 的 由 见 文件 通知 印发 下发 下达 出台 执行 落实 对照"
)
