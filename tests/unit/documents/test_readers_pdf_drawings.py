"""Rules and pictures of a page, in every way that programs draw them."""

import io
from collections.abc import Callable

import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from jixiao.documents.readers.pdf_content import PageContent
from jixiao.documents.readers.pdf_page import read_page

Draw = Callable[[Canvas], None]
HEIGHT = 800


def page(draw: Draw, width: int = 600) -> PageContent:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(width, HEIGHT), pageCompression=0)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    with pdfium.PdfDocument(file.getvalue()) as document:
        return read_page(document[0])


def operators(code: str) -> Draw:
    """Draw by the operators of ISO 32000-1, 8.5, with the origin at the lower left."""
    return lambda canvas: canvas._code.append(code)


def near(place: float) -> int:
    """Return a place without half the width of a stroke, which PDFium adds to some."""
    return 5 * round(place / 5)


def rules(draw: Draw) -> list[tuple[str, int, int, int]]:
    found = page(draw).rules
    return sorted(
        ("level" if r.level else "upright", near(r.at), near(r.start), near(r.end)) for r in found
    )


BOX = [
    ("level", 100, 50, 250),
    ("level", 140, 50, 250),
    ("upright", 50, 100, 140),
    ("upright", 250, 100, 140),
]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("50 660 200 40 re S", BOX),
        ("50 660 m 250 660 l 250 700 l 50 700 l h S", BOX),
        ("50 660 m 250 660 l 250 700 l 50 700 l s", BOX),
        ("50 660 200 40 re B", BOX),  # filled and stroked
        ("50 660 200 40 re f", []),  # a ground
        ("50 660 m 250 660 l 250 700 l f", []),
        ("50 700 m 250 700 l S", BOX[:1]),
        ("50 699.8 200 0.5 re f", BOX[:1]),  # Word
        ("50 700 m 250 700 l 50 660 m 250 660 l 50 660 m 50 700 l 250 660 m 250 700 l S", BOX),
        ("50 700 200 .5 re 50 660 200 .5 re 50 660 .5 40 re 250 660 .5 40 re f", BOX),
        ("50 660 m 250 700 l S", []),  # slanting
        ("50 660 m 250 700 l 250 660 l S", BOX[3:]),
        ("50 700 m 100 720 200 720 250 700 c S", []),  # a curve
        ("50 700 m 100 720 200 720 250 700 c 250 660 l S", []),
        ("50 700 m 100 720 200 720 250 700 c 50 660 m 250 660 l 250 700 l S", [BOX[1], BOX[3]]),
        ("50 700 1 1 re f 60 700 1 1 re f", []),  # dots
        ("50 700 m 50 700 l S", []),
        (".5 0 0 2 50 660 cm 0 0 400 20 re S", BOX),
        ("50 850 m 250 850 l S 650 100 m 650 200 l S -50 700 m -10 700 l S", []),  # off the page
        ("610 700 m 650 700 l S", []),
        ("-50 700 m 650 700 l S", [("level", 100, 0, 600)]),
    ],
)
def test_rules(code: str, found: list[tuple[str, int, int, int]]) -> None:
    assert rules(operators(code)) == found


def test_rules_in_forms_inside_of_forms() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("inner", 0, 0, 600, 800)
        canvas.rect(0, 0, 200, 40)
        canvas.endForm()
        canvas.beginForm("outer", 0, 0, 600, 800)
        canvas.translate(20, 60)
        canvas.doForm("inner")
        canvas.endForm()
        canvas.translate(30, 600)
        canvas.doForm("outer")

    assert rules(draw) == BOX
    assert page(draw).drawn == 1


def test_forms_inside_of_forms_without_end() -> None:
    def draw(canvas: Canvas) -> None:
        for depth in range(12):
            canvas.beginForm(f"form{depth}", 0, 0, 600, 800)
            canvas.line(50, 700, 250, 700)
            if depth:
                canvas.doForm(f"form{depth - 1}")
            canvas.endForm()
        canvas.doForm("form11")

    assert 8 <= page(draw).drawn <= 9


def placed(x: float, y: float, width: float, height: float) -> float:
    scan = ImageReader(Image.new("L", (8, 8), 128))
    return page(lambda canvas: canvas.drawImage(scan, x, y, width, height)).picture


def test_how_much_of_the_page_pictures_cover() -> None:
    assert placed(0, 0, 600, 800) == pytest.approx(1)
    assert placed(0, 0, 300, 400) == pytest.approx(0.25)
    assert placed(-300, 0, 600, 800) == pytest.approx(0.5)
    assert placed(-700, 900, 600, 800) == 0
    assert placed(700, 0, 600, 800) == 0
    assert placed(0, 900, 600, 800) == 0
    assert page(lambda canvas: None).picture == 0


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_pages_are_turned_until_their_text_is_upright(quarters: int) -> None:
    """However a page is turned, its text and rules stand as if it were not."""

    def draw(canvas: Canvas) -> None:
        origin = [(0, 0), (600, 0), (600, 800), (0, 800)][quarters]
        canvas.translate(*origin)
        canvas.rotate(90 * quarters)
        height = 800 if quarters % 2 == 0 else 600
        canvas.drawString(50, height - 100, "upright 385")
        canvas.line(50, height - 110, 200, height - 110)

    found = page(draw)
    assert (found.width, found.height) == ((600, 800) if quarters % 2 == 0 else (800, 600))
    assert "".join(char.text for char in found.chars) == "upright385"
    first, last = found.chars[0], found.chars[-1]
    assert (round(first.left), round(first.base), round(last.base)) == (50, 100, 100)
    assert first.right < last.left
    [rule] = found.rules
    assert (rule.level, near(rule.at), near(rule.start), near(rule.end)) == (True, 110, 50, 200)
