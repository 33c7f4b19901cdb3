"""Layouts that once took quadratic time: eight times the text may not take 64 times as long."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jixiao.pipeline import annotate_text


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
        "管理3分，",
        "甲12家、",
        "4月5家。",
    ],
    ids=[
        *["paragraphs", "headings", "rows", "blanks", "U+3000", "tabs", "lines", "one clause"],
        *["scores", "a list", "months"],
    ],
)
def test_growth(run: str, assert_linear: Callable[..., None]) -> None:
    def prepare(characters: int) -> Callable[[], object]:
        text = (run * characters)[:characters] + "全年支出3万元。"
        return lambda: annotate_text(text)

    assert_linear(prepare, 400)


def test_a_bracket_that_never_closes(assert_linear: Callable[..., None]) -> None:
    def prepare(parts: int) -> Callable[[], object]:
        text = "新建企业12家（" + "3家，" * parts
        return lambda: annotate_text(text)

    assert_linear(prepare, 200)
