"""Numerals longer than any report means: they must not stop the run of a whole corpus."""

from __future__ import annotations

import pytest

from jixiao.pipeline import annotate_text


@pytest.mark.parametrize(
    "numeral",
    ["1" + ",111" * 30, "九" * 60, "1" + "，111" * 30 + ".5"],
    ids=["separators", "words", "full-width separators"],
)
def test_a_numeral_of_many_digits_stops_nothing(numeral: str) -> None:
    found = annotate_text(f"全年支出{numeral}元，其中设备3台。")
    assert found.quantities[-1].text == "3台"


@pytest.mark.parametrize("text", ["利率0.0000001%", "误差0.00000000001米"])
def test_a_tiny_value_carries_no_exponent(text: str) -> None:
    (quantity,) = annotate_text(text).quantities
    assert "E" not in str(quantity.value)
