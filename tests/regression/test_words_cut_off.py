"""A text that ends in the middle of a phrase is read like any other."""

from __future__ import annotations

import pytest

from jixiao.pipeline import annotate_text


@pytest.mark.parametrize("ending", ["不", "未", "非", " 不", "未。", "不完工", "未项目"])
def test_a_negation_that_negates_nothing_stops_nothing(ending: str) -> None:
    (quantity,) = annotate_text(f"全县12家{ending}").quantities
    assert quantity.text == "12家"
