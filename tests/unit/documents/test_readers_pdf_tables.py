"""Cells with their text, tables over pages, and tables without upright rules."""

import pytest

from jixiao.documents.readers import pdf_tables
from jixiao.documents.readers.pdf_aligned import take_aligned
from jixiao.documents.readers.pdf_content import Char, PageContent, Rule, Turned
from jixiao.documents.readers.pdf_layout import Page
from jixiao.documents.readers.pdf_lines import TextLine
from jixiao.documents.readers.pdf_spreads import join_spreads
from jixiao.documents.readers.pdf_tables import Cell, Table, take_tables

EM = 10.0


def chars(text: str, left: float, base: float, source: int = 0) -> list[Char]:
    found: list[Char] = []
    for char in text:
        width = EM / 2 if char.isascii() else EM
        found.append(Char(char, left, left + width, base, EM, source=source))
        left += width
    return found


def lattice(xs: list[float], ys: list[float]) -> list[Rule]:
    level = [Rule(True, y, xs[0], xs[-1]) for y in ys]
    return level + [Rule(False, x, ys[0], ys[-1]) for x in xs]


def texts(table: Table) -> list[list[str]]:
    return [["/".join(line.text for line in cell.lines) for cell in row] for row in table.rows]


def page_of(rules: list[Rule], *parts: list[Char], turned: tuple[Turned, ...] = ()) -> PageContent:
    content = PageContent(600, 800, rules=rules, turned=list(turned))
    content.chars = [char for part in parts for char in part]
    return content


def test_characters_go_into_their_cells() -> None:
    rules = lattice([50, 150, 250], [100, 130, 160])
    content = page_of(
        rules,
        chars("项目", 60, 112),
        chars("名称", 60, 124),
        chars("385.60", 160, 118),
        chars("上左右下", 60, 90),
        chars("左", 20, 118),
        chars("右", 260, 118),
        chars("下", 60, 190),
    )
    [table], outside, _ = take_tables(content)
    assert texts(table) == [["项目/名称", "385.60"], ["", ""]]
    assert "".join(char.text for char in outside) == "上左右下左右下"
    assert table.indent == 10


def test_lines_of_two_cells_are_not_one_word() -> None:
    rules = lattice([50, 150, 250], [100, 120, 140])
    content = page_of(rules, chars("甲乙", 60, 114), chars("丙", 80, 134), chars("丁", 160, 114))
    assert texts(take_tables(content)[0][0]) == [["甲乙", "丁"], ["丙", ""]]


def test_pages_with_too_many_rules_or_too_much_work(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [i * 5.5 for i in range(1_500)]
    content = page_of(lattice(lines, lines), chars("图", 60, 114))
    assert take_tables(content)[0] == []
    assert content.complex
    content = page_of(
        lattice([50, 150, 250], [100, 120]), chars("甲", 60, 114), chars("乙", 160, 114)
    )
    monkeypatch.setattr(pdf_tables, "_MAX_WORK", 1)
    assert take_tables(content)[0] == []
    assert content.complex


def test_numbers_that_touch_the_rule_between_stay_apart() -> None:
    content = page_of(
        lattice([50, 150, 250], [100, 120]), chars("1,286.45", 110, 114), chars("9.6", 150, 114, 1)
    )
    [table], _, _ = take_tables(content)
    assert texts(table) == [["1,286.45", "9.6"]]


def test_a_number_that_runs_over_its_cell_stays_whole() -> None:
    content = page_of(
        lattice([50, 100, 250], [100, 120]), chars("甲", 60, 114), chars("1234567.89", 94, 114)
    )
    [table], _, _ = take_tables(content)
    assert texts(table) == [["甲", "1234567.89"]]


def test_upended_labels_belong_to_their_cells_but_watermarks_do_not() -> None:
    turned = (
        Turned("产出指标", 60, 110),
        Turned("内部资料", 160, 110, slanting=True),
        Turned("骑缝", 580, 400),
    )
    rules = lattice([50, 150, 250, 350], [100, 120])
    content = page_of(rules, chars("38", 160, 114), chars("40", 260, 114), turned=turned)
    [table], _, outside = take_tables(content)
    assert texts(table) == [["产出指标", "38", "40"]]
    assert outside == list(turned[1:])


def test_a_lattice_without_text_is_a_drawing() -> None:
    content = page_of(lattice([50, 150, 250], [100, 120, 140]), chars("图1", 60, 114))
    tables, outside, _ = take_tables(content)
    assert tables == []
    assert len(outside) == 2


def line(text: str, left: float = 0.0, base: float = 0.0) -> TextLine:
    width = sum(EM / 2 if char.isascii() else EM for char in text)
    return TextLine(text, left, left + width, base, EM)


def table_of(*rows: str, edges: tuple[float, ...] = (0, 60, 120, 180), top: float = 100) -> Table:
    """Set a table: ``|`` between cells, ``/`` between their lines, ``^`` for a cell that goes on."""
    made: list[list[Cell]] = []
    for row in rows:
        cells = [
            Cell([line(text) for text in cell.split("/") if text and text != "^"], number)
            for number, cell in enumerate(row.split("|"))
        ]
        for cell, text in zip(cells, row.split("|"), strict=True):
            cell.continues = text == "^"
        made.append(cells)
    return Table(list(edges), made, top, top + 20 * len(rows))


def pages(*contents: list[TextLine | Table]) -> list[Page]:
    made = [Page(number, 600, 800, list(items)) for number, items in enumerate(contents, 1)]
    join_spreads(made)
    return made


HEAD = "项目|预算数|执行数"


def test_a_table_goes_on_without_its_header() -> None:
    upper = table_of("表头||", HEAD, "甲|1|2")
    lower = table_of(HEAD, "乙|3|4")
    pages([line("前文"), upper], [lower, line("后文")])
    assert (upper.follows, lower.follows, lower.repeated) == (False, True, 1)
    third = table_of("丙|5|6")
    pages([table_of(HEAD, "甲|1|2")], [table_of(HEAD, "乙|3|4")], [third])
    assert (third.follows, third.repeated) == (True, 0)


def test_a_title_inside_the_table_recurs_with_the_header() -> None:
    lower = table_of("支出表||", HEAD, "乙|3|4")
    pages([table_of("支出表||", HEAD, "甲|1|2")], [lower])
    assert lower.repeated == 2


def test_a_part_that_is_only_a_header() -> None:
    lower = table_of(HEAD)
    pages([table_of(HEAD, "甲|1|2")], [lower])
    assert lower.repeated == 1


def test_a_label_that_recurs_is_no_header() -> None:
    lower = table_of("其中||", "丁|3|4")
    pages([table_of(HEAD, "甲|1|2", "其中||", "丙|1|1")], [lower])
    assert lower.repeated == 0


def test_a_row_of_numbers_that_recurs_is_no_header() -> None:
    lower = table_of("甲|1|2")
    pages([table_of(HEAD, "甲|1|2")], [lower])
    assert lower.repeated == 0


@pytest.mark.parametrize("caption", ["续表", "（续）", "续上表：", "续表3"])
def test_captions_between_the_parts_are_furniture(caption: str) -> None:
    between, lower = line(caption), table_of("乙|3|4")
    pages([table_of(HEAD, "甲|1|2")], [between, lower])
    assert lower.follows
    assert between.furniture


def test_titles_that_are_repeated_with_the_header_are_furniture() -> None:
    again, lower = line("支出表"), table_of(HEAD, "乙|3|4")
    pages([line("支出表"), table_of(HEAD, "甲|1|2")], [again, lower])
    assert lower.follows
    assert again.furniture


def test_forms_with_one_title_are_several() -> None:
    again, lower = line("自评表"), table_of("项目|二号泵站|", "金额|3|4")
    pages([line("自评表"), table_of("项目|一号泵站|", "金额|1|2")], [again, lower])
    assert not lower.follows
    assert not again.furniture


def test_another_table_is_another() -> None:
    upper = table_of(HEAD, "甲|1|2")
    others = [
        [table_of("乙|3", edges=(0, 90, 180))],
        [table_of("乙|3|4", edges=(0, 60, 120, 300))],
        [line("二、支出情况"), table_of("乙|3|4")],
        [line("二、支出情况"), table_of(HEAD, "乙|3|4")],
    ]
    for other in others:
        pages([upper], other)
        assert not other[-1].follows
    below = table_of("乙|3|4", top=300)
    pages([upper, below])
    assert not below.follows
    after = table_of("乙|3|4")
    pages([upper, line("后文")], [after])
    assert not after.follows


def test_a_table_goes_on_in_the_next_column_of_text() -> None:
    lower = table_of("乙|3|4", edges=(300, 360, 420, 480), top=80)
    pages([table_of(HEAD, "甲|1|2", top=600), lower])
    assert lower.follows


def test_columns_are_counted_by_the_edges_of_all_parts() -> None:
    upper, lower = table_of(HEAD), table_of("合计|7", edges=(30, 90, 210))
    pages([upper], [lower])
    assert [(cell.column, cell.width) for cell in lower.rows[0]] == [(0, 1), (1, 2)]
    finer = table_of("甲|乙|丙|丁", edges=(0, 60, 90, 120, 180))
    upper = table_of(HEAD)
    pages([upper], [finer])
    assert [(cell.column, cell.width) for cell in upper.rows[0]] == [(0, 1), (1, 2), (3, 1)]


def over(last: str, first: str) -> list[list[str]]:
    """Return the rows of the two parts that a page break made of a table."""
    upper, lower = table_of(HEAD, last), table_of(HEAD, first, "尾|8|9")
    pages([upper], [lower])
    return [*texts(upper)[1:], *texts(lower)[1:-1]]


@pytest.mark.parametrize(
    ("last", "first", "rows"),
    [
        ("清淤河道长度|16|17", "及岸线||", [["清淤河道长度/及岸线", "16", "17"]]),
        ("清|清淤河道长度|17", "|及岸线|", [["清", "清淤河道长度/及岸线", "17"]]),
        ("|清淤河道及其/岸线整治以及/配套泵站的建|", "|设|", [["", "清淤河道及其/岸线整治以及/配套泵站的建/设", ""]]),
        ("清淤河道长度|岸线整治长度|", "及岸|及坡|", [["清淤河道长度", "岸线整治长度", ""], ["及岸", "及坡", ""]]),
        ("清淤河道长度||", "及岸线||", [["清淤河道长度", "", ""], ["及岸线", "", ""]]),
        ("清淤|16|17", "泵站||", [["清淤", "16", "17"], ["泵站", "", ""]]),  # not full
        ("清淤河道长度|16|17", "泵站|2|3", [["清淤河道长度", "16", "17"], ["泵站", "2", "3"]]),
        ("清|清淤河道长度|1234567890.5", "||12.6", [["清", "清淤河道长度", "1234567890.5"], ["", "", "12.6"]]),
        ("一、河道清淤|16|17", "二、泵站||", [["一、河道清淤", "16", "17"], ["二、泵站", "", ""]]),
    ],
)  # fmt: skip
def test_a_row_over_a_page_break(last: str, first: str, rows: list[list[str]]) -> None:
    assert over(last, first) == rows


def test_a_page_that_holds_only_the_rest_of_a_row() -> None:
    upper, middle, lower = (
        table_of(HEAD, "清淤河道长度|16|17"),
        table_of("及岸线||"),
        table_of("乙|3|4"),
    )
    pages([upper], [middle], [lower])
    assert texts(upper)[1:] == [["清淤河道长度/及岸线", "16", "17"]]
    assert middle.rows == []
    assert texts(lower) == [["乙", "3", "4"]]


def test_cells_over_a_page_break() -> None:
    upper = table_of(HEAD, "产出指标|1|2", "^|3|4")
    lower = table_of("|5|6", "^|7|8")
    pages([upper], [lower])
    assert lower.rows[0][0].continues
    upper, lower = table_of(HEAD, "|1|2", "^|3|4"), table_of("产出指标|5|6")
    pages([upper], [lower])
    assert texts(upper)[1:] == [["产出指标", "1", "2"], ["", "3", "4"]]
    assert lower.rows[0][0].continues
    upper, lower = table_of(HEAD, "产出|1|2", "^|3|4"), table_of("效益|5|6")
    pages([upper], [lower])
    assert texts(lower) == [["效益", "5", "6"]]


def rows_of(*rows: str, step: float = 15.0) -> list[list[TextLine]]:
    """Set lines in columns: ``|`` between the pieces, each of which has 80 points."""
    made = []
    for number, row in enumerate(rows):
        pieces = [
            line(text, 80.0 * column, 100 + step * number)
            for column, text in enumerate(row.split("|"))
            if text
        ]
        made.append(pieces)
    return made


def aligned(*rows: str, rules: tuple[float, ...] = (), step: float = 15.0) -> list[list[list[str]]]:
    level = [Rule(True, at, 0, 300) for at in rules]
    return [texts(table) for table in take_aligned(rows_of(*rows, step=step), level)[0]]


def test_lines_in_columns_with_numbers_are_a_table() -> None:
    found = aligned(
        "前文一行", "项目|预算数|执行数", "甲|385.60|380", "乙||12", "丙|1,286|9", "后文"
    )
    assert found == [
        [
            ["项目", "预算数", "执行数"],
            ["甲", "385.60", "380"],
            ["乙", "", "12"],
            ["丙", "1,286", "9"],
        ]
    ]
    assert aligned("甲|385.60", "乙|12.5", "丙|6.3") == [
        [["甲", "385.60"], ["乙", "12.5"], ["丙", "6.3"]]
    ]
    assert aligned("甲|12所", "乙|3所", "丙|4所") != []
    assert aligned("甲|1|2", "乙|3|4", "丙|5|6") != []


@pytest.mark.parametrize(
    "rows",
    [
        ["项目|预算数", "甲|385.60"],  # two lines
        ["一、概况|1", "二、目标|3", "三、问题|12"],  # a list of contents
        ["填报单位|水务局|（盖章）", "负责人|张三|李四", "联系人|王五|赵六"],
        ["甲|385.60", "乙|12.5", "（空行）", "丙|6.3"],
        [],
    ],
)
def test_other_lines_are_none(rows: list[str]) -> None:
    tables, others = take_aligned(rows_of(*rows), [])
    assert tables == []
    assert others == rows_of(*rows)


def test_lines_that_do_not_share_columns_or_stand_apart_are_none() -> None:
    rows = rows_of("甲|385.60|1", "乙|12.5|2", "丙|6.3|3")
    rows[1][1].left, rows[1][1].right = 60, 200
    assert take_aligned(rows, [])[0] == []
    assert aligned("甲|385.60|1", "乙|12.5|2", "丙|6.3|3", step=60) == []


def test_level_rules_join_the_lines_of_a_row() -> None:
    rows = "指标|完成值", "改造灌溉|42.5", "渠道长度|", "新建泵站|3.0", "满意度|95.1%"
    assert aligned(*rows) == []
    assert aligned(*rows, rules=(88, 103, 133, 148, 163)) == [
        [
            ["指标", "完成值"],
            ["改造灌溉/渠道长度", "42.5"],
            ["新建泵站", "3.0"],
            ["满意度", "95.1%"],
        ]
    ]
    assert aligned(*rows, rules=(103, 133)) == []
    edges = 88, 103, 133, 148, 163
    for start, end in (0, 50), (30, 300):  # rules of another width than the lines
        narrow = [Rule(True, at, start, end) for at in edges]
        assert take_aligned(rows_of(*rows), narrow)[0] == []
    sideways = [Rule(False, at, 0, 300) for at in edges]
    assert take_aligned(rows_of(*rows), sideways)[0] == []
    three = "指标|完成值", "改造渠道|42.5", "新建泵站|3.0", "满意度|95.1%"
    assert len(aligned(*three, rules=(88, 103, 163))[0]) == 4


def test_a_line_of_thousands_of_pieces_is_no_row() -> None:
    assert aligned(*["|".join("1" * 500)] * 3) == []
