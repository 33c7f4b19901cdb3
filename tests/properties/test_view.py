"""The view and its way back, whatever noise stands in the raw text."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from jixiao.documents import Report
from jixiao.documents.view import View

PIECES = st.sampled_from(
    [
        *(
            "全年",
            "支出",
            "385.08万元",
            "。",
            "，",
            "一、概况",
            "\n",
            "\n\n",
            "\t",
            "\t指标\n",
            "\t12\n\n",
        ),
        *(
            "１２．５％",
            "（含）",
            "≦",
            "－",
            "—",
            "\u00a0",
            " ",
            "\u3000",
            "\x0b",
            "\u2028",
            "\x85",
        ),
        *("\r\n", "\r", "\r\r\n", "\ufeff", "\u200b", "\u00ad", "\x0c"),
        *("[bookmark: _GoBack]", "[bookmark:", "]", "[", "[bookmark: a\nb]"),
        *(
            "第 3 页",
            "\n第3页\n",
            "\n— 12 —\n",
            "\n- 1 -",
            "\n第1页 共10页\n第2页/共10页\n",
            "第三页",
        ),
        *("\ud7ff", "𠮷", "é"),
    ]
)
RAW = st.lists(PIECES, max_size=30).map("".join)
# Written out again, and not taken from the module, so that a slip there is seen.
ONE_TO_ONE = {
    **dict(zip("０１２３４５６７８９", "0123456789", strict=True)),
    **dict(zip("％．－＋／＜＞＝＃＊￥＄～｜＆＠", "%.-+/<>=#*¥$~|&@", strict=True)),
    **dict.fromkeys("–—−‐‑﹣", "-"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f", " "),
    **dict.fromkeys("\r\x0b\x85\u2028\u2029", "\n"),
    "≦": "≤",
    "≧": "≥",
    "﹪": "%",
    "∼": "~",
    "〜": "~",
}


def positions(view: View) -> list[int]:
    """Return the raw offset of every character of the view."""
    return [view.raw_span(i, i + 1)[0] for i in range(len(view.text))]


@given(RAW)
def test_the_map_is_strictly_monotone_and_inside_the_raw_text(raw: str) -> None:
    found = positions(View.of(raw))
    assert found == sorted(set(found))
    assert not found or (found[0] >= 0 and found[-1] < len(raw))


@given(RAW)
def test_every_character_is_the_raw_one_or_its_fold(raw: str) -> None:
    view = View.of(raw)
    for i, char in enumerate(view.text):
        start, end = view.raw_span(i, i + 1)
        assert end == start + 1
        assert char == ONE_TO_ONE.get(raw[start], raw[start])


@given(RAW, st.data())
def test_a_span_holds_the_characters_of_the_view_span(raw: str, data: st.DataObject) -> None:
    view = View.of(raw)
    start = data.draw(st.integers(0, len(view.text)))
    end = data.draw(st.integers(start, len(view.text)))
    first, last = view.raw_span(start, end)
    assert 0 <= first <= last <= len(raw)
    if start == end:
        assert first == last
    else:
        assert first == view.raw_span(start, start + 1)[0]
        assert last == view.raw_span(end - 1, end)[1]


@given(RAW)
def test_noise_is_gone(raw: str) -> None:
    text = View.of(raw).text
    assert "\r" not in text
    assert not set(text) & set("\ufeff\u200b\u00ad\x0c")


@given(RAW)
@example("\ufeff一、概况\r\n\t指标\r\n\t１２\r\n\r\n")
def test_line_ends_do_not_matter(raw: str) -> None:
    plain = raw.replace("\r", "")
    assert View.of(plain.replace("\n", "\r\n")).text == View.of(plain).text


@given(st.text(alphabet="年度支出0123456789.,%。，\n\t 一二三（）", max_size=80))
def test_a_clean_text_is_its_own_view(raw: str) -> None:
    view = View.of(raw)
    assert view.text == raw
    assert view.raw_span(0, len(raw)) == (0, len(raw))


def test_removed_characters_inside_a_span_lie_inside_its_raw_span() -> None:
    raw = "支出\u200b38[bookmark: _GoBack]5万元"
    view = View.of(raw)
    assert view.text == "支出385万元"
    assert raw[slice(*view.raw_span(2, 5))] == "38[bookmark: _GoBack]5"
    assert raw[slice(*view.raw_span(0, 2))] == "支出"


def test_page_numbers_go_with_their_line() -> None:
    assert View.of("甲\n第 3 页 共 10 页\n乙\n— 4 —\n丙\n- 5 -").text == "甲\n乙\n丙\n"
    assert View.of("第1页\n第2页\r\n甲").text == "甲"


def test_what_only_looks_like_a_page_number_stays() -> None:
    for raw in (
        "甲\n12\n乙",
        "详见第3页\n乙",
        "第3页上方\n",
        "\t第3页\n\t2\n\n",
        "甲\n-5\n",
        "第三页\n",
    ):
        assert View.of(raw).text == raw


@given(RAW)
def test_blocks_and_cells_lie_in_the_view_in_order(raw: str) -> None:
    report = Report("x", raw)
    end = 0
    for block in report.blocks:
        assert end <= block.start < block.end <= len(report.view.text)
        end = block.end
        if block.cell is not None:
            assert report.grids[block.cell.table, block.cell.row].context(block.cell)
    _ = report.outline, report.metadata
