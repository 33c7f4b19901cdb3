"""Layouts that once took quadratic time: eight times the text may not take 64 times as long.

The processor's time is measured, the best of three, so that a busy machine does not matter.
"""

from __future__ import annotations

import time

import pytest

from jixiao.pipeline import annotate_text


def seconds(run: str, characters: int) -> float:
    text = (run * characters)[:characters] + "全年支出3万元。"
    best = 60.0
    for _ in range(3):
        began = time.process_time()
        annotate_text(text)
        best = min(best, time.process_time() - began)
    return best


@pytest.mark.parametrize(
    "run",
    [
        "拨付3万元。\n",
        "一、概况\n",
        "\t指标\n\t3\n\n",
        " ",
        "\u3000",
        "\t",
        "\n",
        "3家",
    ],
    ids=["paragraphs", "headings", "rows", "blanks", "U+3000", "tabs", "lines", "one clause"],
)
def test_growth(run: str) -> None:
    assert seconds(run, 3_200) / seconds(run, 400) < 28
