"""Pages in reading order: nothing is lost, whatever stands on them."""

from hypothesis import given
from hypothesis import strategies as st

from jixiao.documents.readers.pdf_content import Char, PageContent, Rule, Turned
from jixiao.documents.readers.pdf_layout import lay_out
from jixiao.documents.readers.pdf_writer import write_pages

PLACES = st.integers(0, 600)
CHARS = st.tuples(
    PLACES, PLACES, st.sampled_from([8.0, 10.0, 16.0, 60.0]), st.booleans(), st.booleans()
)
RULES = st.builds(
    lambda level, at, start, length: Rule(level, at, start, start + length),
    st.booleans(), PLACES, PLACES, st.integers(2, 500),
)  # fmt: skip
# Characters that stand in a grid of places make lines, columns and tables, as chance does not.
GRID = st.tuples(
    st.integers(0, 6).map(lambda x: 80 * x),
    st.integers(0, 30).map(lambda y: 20 * y + 14),
    st.just(10.0),
    st.booleans(),
    st.just(False),
)
LATTICE = st.builds(
    lambda level, at: Rule(level, at * (20 if level else 80), 0, 600),
    st.booleans(), st.integers(0, 30),
)  # fmt: skip
PAGES = st.lists(
    st.one_of(
        st.tuples(st.lists(CHARS, max_size=60), st.lists(RULES, max_size=20)),
        st.tuples(st.lists(GRID, max_size=150), st.lists(LATTICE, max_size=30)),
    ),
    max_size=5,
)


@given(PAGES)
def test_every_character_is_in_the_raw_text(drawn: list[tuple[list[tuple], list[Rule]]]) -> None:
    code = 0x4E00
    pages = []
    for number, (places, rules) in enumerate(drawn, start=1):
        content = PageContent(
            600, 640, rules=rules, turned=[Turned(chr(0x3400 + number), 300, 300)]
        )
        for left, base, size, blank, faint in places:
            code += 1
            text = str(code % 10) if code % 3 == 0 else chr(code)
            content.chars.append(Char(text, left, left + size, base, size, faint, blank, code))
        pages.append((content, lay_out(content, number)))
    written = write_pages([page for _, page in pages])
    shown = sorted(
        c
        for c in written.raw.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))
        if c not in "\t\n "
    )
    given_ = sorted(
        char.text for content, _ in pages for char in content.chars if not char.text.isdecimal()
    )
    assert [c for c in shown if ord(c) >= 0x4E00] == given_
    assert len(written.pages) == len(pages)
    cells = [cell for table in written.tables for row in table for cell in row]
    assert all(
        cell.width >= 1 and 0 <= cell.start <= cell.end <= len(written.raw) for cell in cells
    )
    for table in written.tables:
        for row in table:
            ends = [cell.column + cell.width for cell in row]
            assert all(end <= cell.column for end, cell in zip(ends, row[1:], strict=False))


def test_an_empty_page() -> None:
    page = lay_out(PageContent(595, 842), 1)
    assert (page.items, page.marks, page.notices) == ([], [], [])
    assert write_pages([page]).raw == ""
    assert write_pages([]).pages == []
