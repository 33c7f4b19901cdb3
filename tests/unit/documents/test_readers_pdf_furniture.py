"""What pages repeat, and that nothing else is taken for it."""

import pytest

from jixiao.documents.readers.pdf_furniture import mark_furniture
from jixiao.documents.readers.pdf_layout import Item, Page
from jixiao.documents.readers.pdf_lines import TextLine
from jixiao.documents.readers.pdf_tables import Cell, Table

WIDTH, HEIGHT = 595.0, 842.0


def line(text: str, base: float, size: float = 12.0, **more: bool) -> TextLine:
    left = (WIDTH - len(text) * size) / 2
    return TextLine(text, left, left + len(text) * size, base, size, **more)


def body(number: int, first: float = 120, last: float = 700) -> list[Item]:
    texts = ("年初预算数", "全年执行数", "执行率", "偏差原因", "改进措施", "群众满意度", "完成质量")
    return [
        line(texts[(number * number + base // 24) % 7] * (1 + number % 3), base)
        for base in range(int(first), int(last), 24)
    ]


def marked(*contents: list[Item]) -> list[list[str]]:
    """Return the furniture of each page."""
    pages = [
        Page(number, WIDTH, HEIGHT, sorted(items, key=lambda item: item.top))
        for number, items in enumerate(contents, start=1)
    ]
    mark_furniture(pages)
    return [
        [item.text for item in page.items if isinstance(item, TextLine) and item.furniture]
        for page in pages
    ]


def repeated(count: int, text: str, base: float, first: float = 120) -> list[list[str]]:
    """Return the furniture of pages that have a line besides their text."""
    numbers = range(1, count + 1)
    return marked(*([*body(n, first), line(text.format(n), base)] for n in numbers))


def test_headers_and_footers_recur_outside_of_the_text() -> None:
    assert repeated(3, "青禾市水务局绩效自评报告", 60) == [["青禾市水务局绩效自评报告"]] * 3
    assert repeated(3, "绩效报告汇编 {}", 790)[2] == ["绩效报告汇编 3"]
    pages = [[*body(n), line("甲" if n % 2 else "乙", 60)] for n in range(1, 8)]
    assert marked(*pages) == [["甲"], ["乙"], ["甲"], ["乙"], ["甲"], ["乙"], ["甲"]]


def test_two_pages_have_no_headers() -> None:
    assert repeated(2, "青禾市水务局绩效自评报告", 60) == [[], []]
    assert repeated(2, "— {} —", 790) == [["— 1 —"], ["— 2 —"]]


def test_a_line_that_recurs_in_the_text_stays() -> None:
    assert repeated(5, "项目支出绩效自评表", 400) == [[]] * 5
    # Below the last line that any page has, but within where its text may stand.
    assert repeated(5, "项目支出绩效自评表", 715) == [[]] * 5


def test_a_first_line_of_the_text_that_recurs_stays() -> None:
    assert repeated(5, "附件{}", 80, first=98) == [[]] * 5
    assert repeated(5, "附件{}", 100, first=160) == [[]] * 5
    assert repeated(5, "附件{}", 50, first=98)[0] == ["附件1"]


def test_a_line_that_recurs_at_other_heights_stays() -> None:
    pages = [[*body(n), line("附件", 50 + 10 * n)] for n in range(1, 6)]
    assert marked(*pages) == [[]] * 5


def test_a_line_inside_of_others_stays() -> None:
    pages = [
        [*body(n), line("项目支出绩效自评表", 80), line(f"{n}号文件", 60)] for n in range(1, 6)
    ]
    pages = [[*page, line("甲乙丙丁"[n], 40)] for n, page in enumerate(pages[:4])]
    assert marked(*pages) == [[]] * 4


def table(top: float = 130, bottom: float = 700) -> Table:
    lines = [line("指标", 150), line("完成值", 150), line("385", 180)]
    return Table([90, 300, 500], [[Cell([one], 0) for one in lines]], top, bottom)


def test_the_title_of_a_form_on_every_page_stays() -> None:
    larger = [[table(), line("项目支出绩效自评表", 80, size=16)] for _ in range(5)]
    assert marked(*larger) == [[]] * 5
    units = [[table(), line("填报单位：水务局 单位：万元", 80)] for _ in range(5)]
    assert marked(*units) == [[]] * 5
    # It stands where the text of the other pages begins.
    forms = [[table(), line("项目支出绩效自评表", 80)] for _ in range(5)]
    assert marked(*(body(n, 76) for n in range(1, 20)), *forms) == [[]] * 24


@pytest.mark.parametrize(
    "text",
    [
        "— 3 —", "-3-", "－3－", "· 3 ·", "～3～", "第3页", "第 3 页 共 10 页", "第3页/共10页", "第3页，共10页",
        "第三页", "—三—", "3/10", "3 / 10", "共10页 第3页", "Page 3 of 10", "P3", "3", "12", "iii", "XII",
    ],
)  # fmt: skip
@pytest.mark.parametrize("base", [50, 790])
def test_page_numbers(text: str, base: float) -> None:
    assert marked([*body(1), line(text, base)]) == [[text]]


@pytest.mark.parametrize(
    "text", ["385万元", "3.5", "2022年", "第3季度", "3项", "-385", "3/10/2022"]
)
def test_other_numbers_at_the_edge_stay(text: str) -> None:
    assert marked([*body(1), line(text, 790)]) == [[]]


def test_a_bare_number_near_the_text_is_one_where_others_count_on() -> None:
    def near(*numbers: str) -> list[list[str]]:
        return marked(*([*body(1, last=750), line(text, 752)] for text in numbers))

    assert near("385") == [[]]
    assert near("385", "17") == [[], []]
    assert near("5", "6", "385") == [["5"], ["6"], []]


def test_a_number_in_the_middle_stays() -> None:
    assert marked([line("前文", 200), line("3", 420), line("后文", 640)]) == [[]]
    assert marked([line("3", 420)]) == [[]]


def test_a_page_number_below_a_footer() -> None:
    pages = [[*body(n), line("内部资料", 770), line(f"{n}", 800)] for n in range(1, 5)]
    assert marked(*pages)[3] == ["内部资料", "4"]


def test_light_grey_lines_that_recur_go_anywhere() -> None:
    def stamped(count: int) -> list[list[str]]:
        return marked(*([*body(n), line("内部资料", 407, faint=True)] for n in range(count)))

    assert stamped(3) == [["内部资料"]] * 3
    assert stamped(2) == [[], []]


def test_no_pages_and_empty_pages() -> None:
    assert marked() == []
    assert marked([], [], []) == [[], [], []]
