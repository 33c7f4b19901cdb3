"""Characters with places to lines: which belong together, and where there is a blank."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.documents.readers.pdf_content import Char
from jixiao.documents.readers.pdf_lines import build_rows, joined

SIZE = 16.0


def width(char: str) -> float:
    return SIZE / 2 if char.isascii() else SIZE


def chars(text: str, left: float = 0.0, base: float = 100.0, spread: float = 0.0) -> list[Char]:
    """Set a text; a blank in it is one in the file too."""
    found: list[Char] = []
    for char in text:
        if char == " ":
            found[-1].blank = True
        else:
            found.append(Char(char, left, left + width(char), base, SIZE))
        left += width(char) + spread
    return found


def read(*parts: list[Char]) -> list[str]:
    return [joined(row).text for row in build_rows([char for part in parts for char in part])]


def gap(left: str, ems: float, right: str, *, blank: bool = False, spread: float = 0.0) -> str:
    """Return how two texts read that a gap parts, with a blank in the file or without."""
    first = chars(left, spread=spread)
    first[-1].blank = blank
    second = chars(right, first[-1].right + ems * SIZE, spread=spread)
    [line] = read(first, second)
    return line


@pytest.mark.parametrize(
    ("left", "ems", "right", "blank", "line"),
    [
        ("投入", 0.1, "385万元", False, "投入385万元"),  # a spread line
        ("投入", 0.25, "385万元", False, "投入385万元"),  # Word between Chinese and digits
        ("投入", 0.25, "385万元", True, "投入 385万元"),
        ("投", 0.1, "入", True, "投入"),  # recognised scans
        ("姓", 0.6, "名", False, "姓 名"),
        ("姓", 1.1, "名", False, "姓 名"),
        ("the", 0.25, "index", True, "the index"),
        ("of", -0.1, "the", True, "of the"),  # f sticks out over the blank
        ("the", 0.25, "index", False, "the index"),
        ("the", 0.15, "index", False, "theindex"),
        ("the", 0.3, "index", False, "the index"),
        ("the", 0.3, "8", False, "the 8"),
        ("8", 0.3, "the", False, "8 the"),
        ("1,286", 0.3, ".45", False, "1,286.45"),
        ("1286", 0.6, "45", False, "1286 45"),
        ("1286", 0.3, "45", True, "1286 45"),
        ("1286", 0.02, "45", True, "128645"),
    ],
)
def test_a_blank_is_what_one_sees(
    left: str, ems: float, right: str, blank: bool, line: str
) -> None:
    assert gap(left, ems, right, blank=blank) == line


def test_spread_lines_get_no_blanks() -> None:
    assert read(chars("绩效自评报告", spread=8)) == ["绩效自评报告"]
    assert read(chars("共投入2022万元", spread=4)) == ["共投入2022万元"]


def test_letters_are_not_spread_as_chinese_characters_are() -> None:
    spread = chars("新增学位受益学生", spread=2)
    words = chars("of", spread[-1].right + 2)
    assert read(spread, words, chars("the", words[-1].right + 4)) == ["新增学位受益学生of the"]


def test_single_digits_far_apart_are_several_numbers() -> None:
    assert read(chars("1 2 3 4 5")) == ["1 2 3 4 5"]
    apart = [char for number in range(5) for char in chars(str(number), number * 20)]
    assert read(apart) == ["0 1 2 3 4"]


def test_wide_gaps_part_a_line_into_pieces() -> None:
    [row] = build_rows([*chars("单位：万元", 300), *chars("填报单位：水务局")])
    assert [(piece.text, piece.left, piece.right) for piece in row] == [
        ("填报单位：水务局", 0, 128),
        ("单位：万元", 300, 380),
    ]
    line = joined(row)
    assert (line.text, line.pieces) == ("填报单位：水务局        单位：万元", 2)


def test_lines_are_told_by_their_baselines() -> None:
    assert read(chars("下行", base=128), chars("上行")) == ["上行", "下行"]
    assert read(chars("甲", base=0), chars("乙", base=-3)) == ["乙", "甲"]
    assert read(chars("甲"), chars("乙", 16, 92)) == ["乙", "甲"]
    wavy = [Char(c, 16 * i, 16 * i + 16, 100 + i % 3, SIZE) for i, c in enumerate("扫描识别文字")]
    assert read(wavy) == ["扫描识别文字"]


def mark(text: str, left: float, base: float, size: float) -> list[Char]:
    return [
        Char(c, left + i * size / 2, left + (i + 1) * size / 2, base, size)
        for i, c in enumerate(text)
    ]


@pytest.mark.parametrize(("size", "raised"), [(10.4, 5.6), (13.3, 7.2), (9.6, 8.0), (8.0, 4.0)])
def test_raised_digits_are_superscripts(size: float, raised: float) -> None:
    line = chars("共385户")
    after = chars("。", line[-1].right + size)
    assert read(line, mark("12", line[-1].right, 100 - raised, size), after) == ["共385户¹²。"]


def test_punctuation_gives_half_of_its_room() -> None:
    line = chars("评价。", 0)
    assert read(line, mark("1", 40, 94, 10), chars("现将", 46)) == ["评价。¹现将"]
    assert read(chars("（所）", 0), chars("12", 40)) == ["（所）12"]
    assert read(chars("12", 0), chars("（所）", 10)) == ["12（所）"]


def test_lowered_digits_are_plain() -> None:
    parts = chars("PM"), mark("2.5", 16, 104, 9), chars("浓度", 32)
    assert read(*parts) == ["PM2.5浓度"]


def test_what_is_raised_but_not_small_or_too_high_is_no_superscript() -> None:
    assert read(chars("共385"), chars("12", 40, 96.5)) == ["共38512"]
    assert read(chars("共385"), mark("1", 40, 84, 8)) == ["1", "共385"]
    many = [char for i in range(25) for char in mark("1", 24 * i + 16, 94, 8)]
    base = [char for i in range(26) for char in chars("甲", 24 * i)]
    assert len(read(base, many)) == 2


def test_small_text_above_a_title_is_a_line_of_its_own() -> None:
    title = [Char(c, 22 * i, 22 * i + 22, 100, 22) for i, c in enumerate("绩效报告")]
    assert read(title, mark("2022", 20, 86, 9)) == ["2022", "绩效报告"]


def test_large_characters_do_not_draw_lines_together() -> None:
    stamp = [Char("密", 200, 260, 110, 60)]
    assert read(chars("上行"), stamp, chars("下行", base=116)) == ["上行", "密", "下行"]


def test_bold_by_printing_twice() -> None:
    assert read(chars("合计385"), chars("合计385", 0.5)) == ["合计385"]
    assert read(chars("3888")) == ["3888"]


def test_text_over_text_is_not_mixed() -> None:
    assert read(chars("12345"), chars("67890", 3)) == ["12345", "67890"]


def test_thousands_of_characters_in_one_place(assert_linear: Callable[..., None]) -> None:
    def heap(size: int) -> list[Char]:
        return [Char(chr(0x4E00 + i), 100 + i % 3, 116, 100, 16, source=i) for i in range(size)]

    assert len("".join(read(heap(10_000))).replace(" ", "")) == 10_000
    assert_linear(lambda size: partial(read, heap(size)), 1_250)


NUMBERS = st.lists(
    st.from_regex(r"[0-9]{1,3}(,[0-9]{3})?(\.[0-9]{1,2})?", fullmatch=True), min_size=1, max_size=6
)


@given(NUMBERS, st.floats(0, 0.14), st.floats(0.6, 4), st.randoms())
def test_numbers_keep_together_and_apart(
    numbers: list[str], spread: float, ems: float, shuffled: st.randoms
) -> None:
    placed: list[Char] = []
    left = 0.0
    for number in numbers:
        placed += chars(number, left, spread=spread * SIZE)
        left = placed[-1].right + ems * SIZE + spread * SIZE
    shuffled.shuffle(placed)
    [line] = read(placed)
    assert line.split() == numbers


def test_no_characters_give_no_lines() -> None:
    assert build_rows([]) == []
