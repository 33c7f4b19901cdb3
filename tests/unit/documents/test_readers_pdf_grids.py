"""Rules to cells, and which drawings are no tables."""

import pytest

from jixiao.documents.readers.pdf_content import Rule
from jixiao.documents.readers.pdf_grids import Grid, find_grids


def level(at: float, start: float, end: float) -> Rule:
    return Rule(True, at, start, end)


def upright(at: float, start: float, end: float) -> Rule:
    return Rule(False, at, start, end)


def lattice(xs: list[float], ys: list[float]) -> list[Rule]:
    return [level(y, xs[0], xs[-1]) for y in ys] + [upright(x, ys[0], ys[-1]) for x in xs]


def cells(grid: Grid) -> list[tuple[int, int, int, int]]:
    return [(cell.top, cell.bottom, cell.left, cell.right) for cell in grid.cells]


def grids(rules: list[Rule]) -> list[Grid]:
    found = find_grids(rules)
    assert found is not None
    return found


def test_a_lattice() -> None:
    [grid] = grids(lattice([50, 150, 250], [100, 120, 140]))
    assert (grid.xs, grid.ys) == ([50, 150, 250], [100, 120, 140])
    assert cells(grid) == [(0, 1, 0, 1), (0, 1, 1, 2), (1, 2, 0, 1), (1, 2, 1, 2)]


def test_merged_cells() -> None:
    [grid] = grids(
        [
            *lattice([0, 300], [0, 60]),
            level(20, 100, 300),
            level(40, 0, 300),
            upright(100, 0, 40),
            upright(200, 20, 60),
        ]
    )
    assert cells(grid) == [
        (0, 2, 0, 1),
        (0, 1, 1, 3),
        (1, 2, 1, 2),
        (1, 2, 2, 3),
        (2, 3, 0, 2),
        (2, 3, 2, 3),
    ]


def test_cells_are_rectangles() -> None:
    frame = lattice([0, 300], [0, 60])
    [grid] = grids([*frame, level(20, 0, 300), upright(100, 20, 60), upright(200, 0, 60)])
    assert cells(grid) == [(0, 1, 0, 2), (0, 1, 2, 3), (1, 2, 0, 1), (1, 2, 1, 2), (1, 2, 2, 3)]
    # No rule below the upper left cells: the walls of the lower ones part them all the same.
    [grid] = grids([*frame, level(30, 200, 300), upright(100, 30, 60), upright(200, 0, 60)])
    assert cells(grid) == [(0, 1, 0, 2), (0, 1, 2, 3), (1, 2, 0, 1), (1, 2, 1, 2), (1, 2, 2, 3)]
    # The upper right cell reaches down beside the lower left one, which no wall closes.
    [grid] = grids([*frame, level(30, 0, 150), upright(150, 0, 30)])
    assert cells(grid) == [(0, 1, 0, 1), (0, 2, 1, 2), (1, 2, 0, 1)]
    # Two columns and two rows in one.
    [grid] = grids(
        [*frame, level(40, 0, 300), upright(200, 0, 60), upright(100, 40, 60), level(20, 200, 300)]
    )
    assert cells(grid)[0] == (0, 2, 0, 2)


def test_no_outer_border() -> None:
    [grid] = grids(
        [level(20, 50, 350), level(40, 50, 350), upright(150, 0, 60), upright(250, 0, 60)]
    )
    assert (grid.xs, grid.ys) == ([50, 150, 250, 350], [0, 20, 40, 60])
    assert len(grid.cells) == 9


def test_rules_in_pieces_double_rules_and_near_edges_are_one() -> None:
    rules = lattice([50, 150, 250], [100, 120, 140])
    pieces = [level(120.5, x, x + 10) for x in range(50, 250, 12)]
    double = [level(101.5, 50, 250), upright(152, 100, 140)]
    rules = [rule for rule in rules if not (rule.level and rule.at == 120)]
    [grid] = grids([*rules, *pieces, *double])
    assert len(grid.cells) == 4


def test_stubs_are_no_columns() -> None:
    [grid] = grids([*lattice([50, 150, 250], [100, 120]), level(100, 45, 256)])
    assert len(grid.xs) == 3


@pytest.mark.parametrize(
    "rules",
    [
        [],
        [level(80, 50, 500)],  # the rule below a page's header
        [level(80, 50, 500), level(90, 50, 500), level(95, 60, 90)],  # underlines
        lattice([50, 500], [80, 700]),  # a frame
        lattice([50, 500], [80, 200, 700]),  # frames one below the other
        [upright(50, 0, 800), upright(60, 0, 800)],  # the line along a page's edge
        [level(80, 50, 100), upright(300, 100, 200)],  # rules that do not touch
    ],
)
def test_what_is_no_table(rules: list[Rule]) -> None:
    assert grids(rules) == []


def test_an_underline_inside_a_cell_parts_nothing() -> None:
    rules = lattice([50, 150, 350], [100, 120, 140])
    [grid] = grids([*rules, level(112, 200, 300)])
    assert len(grid.cells) == 4


def test_two_tables_from_the_top_down() -> None:
    lower, upper = lattice([50, 150, 250], [300, 320]), lattice([50, 100, 250], [100, 120])
    assert [grid.ys[0] for grid in grids([*lower, *upper])] == [100, 300]


def test_a_drawing_of_thousands_of_rules_is_no_table() -> None:
    """Its cells, over two million of one and 800,000 of the other, are not even counted."""
    assert find_grids(lattice(*[[i * 5.5 for i in range(1_500)]] * 2)) is None
    assert grids(lattice(*[[i * 6.0 for i in range(900)]] * 2)) == []
