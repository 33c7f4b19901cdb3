"""Whole PDF files: fixtures (see tests/data/pdf/README.md), drawn pages, and broken files."""

import io
import re
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from jixiao.documents.readers import pdf_document, pdf_drawings, pdf_ocr, pdf_page
from jixiao.documents.readers.pdf import read_pdf
from jixiao.documents.rendering import Rendered
from jixiao.documents.report import Report, read
from jixiao.errors import DocumentError
from jixiao.settings import Settings

DATA = Path(__file__).parents[2] / "data" / "pdf"
HEIGHT = 842.0
SIZE = 16.0
FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

Draw = Callable[[Canvas], None]


def pdf(*pages: Draw, **options: object) -> bytes:
    """Return a PDF of A4 pages."""
    file = io.BytesIO()
    canvas = Canvas(file, **{"pagesize": (595, HEIGHT), "invariant": 1, **options})
    for draw in pages:
        canvas.setFont(FONT, SIZE)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def put(canvas: Canvas, text: str, left: float, base: float, size: float = SIZE) -> None:
    canvas.setFont(FONT, size)
    canvas.drawString(left, HEIGHT - base, text)


def lines(*texts: str, left: float = 80, base: float = 120, leading: float = 28) -> Draw:
    """Draw lines; each ``　`` at the beginning of one indents it by an em."""

    def draw(canvas: Canvas) -> None:
        for number, text in enumerate(texts):
            start = left + SIZE * (len(text) - len(text.lstrip("　")))
            put(canvas, text.lstrip("　"), start, base + number * leading)

    return draw


def rule(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)


def both(*draws: Draw) -> Draw:
    def draw(canvas: Canvas) -> None:
        for one in draws:
            one(canvas)

    return draw


def rendered(content: bytes, ocr: tuple[str, ...] | None = None) -> Rendered:
    return read_pdf(content, Settings(ocr=ocr))


def report(content: bytes, ocr: tuple[str, ...] | None = None) -> Report:
    found = rendered(content, ocr)
    return Report("x", found.raw, rendered=found)


def view(content: bytes) -> list[str]:
    """Return the lines that matchers see."""
    return [line for line in report(content).view.text.split("\n") if line]


def codes(content: bytes, ocr: tuple[str, ...] | None = None) -> list[str]:
    return [notice.code for notice in rendered(content, ocr).notices]


# A line of 28 characters, from margin to margin.
FULL = "全局核定编制三十八名实有在职人员三十五人其中行政人员十二"


@pytest.fixture(scope="module")
def official() -> Report:
    return read(DATA / "report.pdf")


def test_each_printed_line_is_one_of_the_raw_text(official: Report) -> None:
    raw = official.raw.split("\n")
    begin = raw.index("青禾市水务局核定编制38名，实有在职人员35人，其中行")
    assert raw[begin + 1] == "政人员12人、事业人员23人，离退休人员16人¹。内设办公室、"


def test_paragraphs_go_on_over_lines_and_pages(official: Report) -> None:
    seen = official.view.text.split("\n")
    assert seen[:4] == [
        "青禾市水务局2022年度",
        "部门整体支出绩效自评报告",
        "一、部门概况",
        "（一）基本情况",
    ]
    [outputs] = [line for line in seen if line.startswith("数量指标：")]
    assert outputs.endswith(
        "推迟至2023年3月完工。成本指标：项目平均造价低于概算4.2个百分点，全年节约资金52.93万元。"
    )
    start = official.view.text.index("成本指标")
    first, last = official.view.raw_span(start, start + 4)
    assert official.raw[first:last].split("\n")[1:-1] == [
        "— 1 —", "内部资料", "青禾市水务局2022年度部门整体支出绩效自评报告",
    ]  # fmt: skip


def test_what_pages_repeat_is_not_in_the_view(official: Report) -> None:
    seen = official.view.text
    assert "内部资料" not in seen
    assert "绩效自评报告\n" in seen
    assert "青禾市水务局2022年度部门整体支出绩效自评报告" not in seen
    assert official.raw.count("青禾市水务局2022年度部门整体支出绩效自评报告") == 3
    pages = official.rendered.pages
    assert len(pages) == 3
    assert official.raw[pages[1] :].startswith(
        "青禾市水务局2022年度部门整体支出绩效自评报告\n指标："
    )


def test_units_and_footnote_marks(official: Report) -> None:
    assert "新增日供水能力2,000m³，" in official.view.text
    assert "12.6km²，" in official.view.text
    assert "离退休人员16人¹。" in official.view.text


def test_a_table_over_two_pages_is_one(official: Report) -> None:
    [table] = official.rendered.tables
    raw = official.raw
    rows = [[raw[cell.start : cell.end] for cell in row] for row in table]
    assert len(rows) == 2 + 22 + 1
    assert rows[0] == ["序号", "项目名称", "资金", "执行率"]
    assert rows[1] == ["", "", "年初预算数", "全年执行数", ""]
    assert rows[-4][:3] == ["20", "河道综合整治及泵站更新改造工程第20标段", "840.20"]
    assert rows[-1] == ["合计", "11,559.53", "10,996.00", "95.13%"]
    assert [(c.column, c.width, c.continues) for c in table[0]] == [
        (0, 1, False), (1, 1, False), (2, 2, False), (4, 1, False),
    ]  # fmt: skip
    assert [cell.continues for cell in table[1]] == [True, True, False, False, True]
    assert official.view.text.count("年初预算数") == 1
    assert raw.count("年初预算数") == 2


def test_bookmarks_are_headings(official: Report) -> None:
    levels = {
        official.view.text[block.start : block.end]: block.level
        for block in official.blocks
        if block.level is not None
    }
    assert levels["一、部门概况"] == 0
    assert levels["（三）满意度指标"] == 1
    assert len(levels) == 8


def test_a_bookmarked_heading_joins_nothing() -> None:
    def draw(canvas: Canvas) -> None:
        lines(*[FULL] * 4, "二、" + FULL[:26], *[FULL] * 4)(canvas)
        canvas.bookmarkPage("heading")
        canvas.addOutlineEntry("二、" + FULL[:26], "heading", level=0)

    assert view(pdf(draw)) == [FULL * 4, "二、" + FULL[:26], FULL * 4]


def test_a_form_with_merged_labels_over_two_pages() -> None:
    form = read(DATA / "form.pdf")
    [table] = form.rendered.tables
    rows = [[form.raw[cell.start : cell.end] for cell in row] for row in table]
    assert rows[0] == ["项目名称", "河道综合整治", "主管部门", "青禾市水务局"]
    first = rows.index([
        "产出指标", "数量指标", "完成河道清淤长度及岸线整治第1段（\n公里）", "1.5", "1.08", "5", "4.5",
        "雨季施工受限，已督促加快\n进度",
    ])  # fmt: skip
    outputs = table[first + 1 : first + 32]
    assert all(row[0].continues and row[1].continues for row in outputs)
    assert [row[0] for row in rows[first + 32 :] if row[0]] == ["效益指标", "满意度指标", "总分"]
    assert form.view.text.count("三级指标") == 1
    assert "第1段（公里）" in form.view.text


def test_the_pipeline_reads_numbers_out_of_a_pdf(official: Report) -> None:
    from jixiao.pipeline import annotate_report

    found = {item.text for item in annotate_report(official).quantities}
    assert {"1,286.45万元", "96.39%", "2,000m³", "12.6km²", "42.5公里", "16人"} <= found
    assert "11,559.53" in found


def test_every_span_is_in_the_raw_text(official: Report) -> None:
    found = official.rendered
    spans = [*found.hidden, *((p.start, p.end) for p in found.paragraphs)]
    spans += [(cell.start, cell.end) for table in found.tables for row in table for cell in row]
    assert all(0 <= start <= end <= len(found.raw) for start, end in spans)
    assert found.hidden == sorted(found.hidden)
    assert all("\n" not in found.raw[p.start : p.end].strip("\n") for p in found.paragraphs[:2])


# ------------------------------------------------------------------ layout


def test_a_number_over_a_page_break() -> None:
    content = pdf(
        both(
            lines(*[FULL] * 10, "全年收入。", "　　" + FULL[:24] + "385."), lines("— 1 —", base=790)
        ),
        both(lines("08万元，" + FULL[:24], "完成预算。"), lines("— 2 —", base=790)),
    )
    assert FULL[:24] + "385.08万元，" + FULL[:24] + "完成预算。" in view(content)


@pytest.mark.parametrize("gutter", [300, 270])
def test_columns_of_text_are_read_one_after_the_other(gutter: float) -> None:
    left = [f"左栏第{chr(0x4E00 + i)}行文字十二个字" for i in range(10)]
    right = [f"右栏第{chr(0x4E00 + i)}行文字十二个字" for i in range(10)]
    content = pdf(
        both(
            lines("青禾市水务局二〇二二年度绩效自评报告", left=150, base=90),
            lines(*left, left=gutter - 230),
            lines(*right, left=gutter + 10, base=125),
        )
    )
    text = report(content).view.text.replace("\n", "")
    assert text == "青禾市水务局二〇二二年度绩效自评报告" + "".join(left + right)


def test_pages_have_margins_of_their_own() -> None:
    wide = lines(*["宽" * 30] * 12, left=50)
    narrow = lines(*["窄" * 24] * 10, left=100)
    assert view(pdf(wide, wide, narrow))[-1].endswith("窄" * 240)


def test_lines_behind_a_table_go_on() -> None:
    content = pdf(
        both(table("项目|金额", "合计|385.6"), lines(FULL, FULL, FULL[:9] + "。", base=300))
    )
    assert view(content)[-1] == FULL * 2 + FULL[:9] + "。"


def test_words_are_parted_where_lines_wrap() -> None:
    words = "evaluation of the natural language processing report"
    found = report(pdf(lines(words, words, words, "end", left=80)))
    assert found.view.text == " ".join([words, words, words, "end"]) + "\n"
    assert rendered(pdf(lines("short", "words"))).raw == "short\nwords\n"


def test_few_lines_beside_each_other_are_no_columns() -> None:
    text = "左边一行文字一共十二个"
    content = pdf(both(lines(*[text] * 5, left=70), lines(*[text[::-1]] * 5, left=310)))
    assert view(content)[0].split() == [text, text[::-1]]


def test_lines_on_the_right_above_lines_on_the_left_are_no_columns() -> None:
    upper, lower = "上" * 12, "下" * 12
    content = pdf(both(lines(*[upper] * 9, left=310), lines(*[lower] * 9, left=70, base=420)))
    assert "".join(view(content)) == upper * 9 + lower * 9


def test_labels_and_values_are_no_columns_of_text() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(12):
            put(canvas, "负责人", 80, 120 + 28 * number)
            put(canvas, "某某某", 330, 120 + 28 * number)

    assert view(pdf(draw))[0].split() == ["负责人", "某某某"]


def across(draw: Draw) -> Draw:
    """Draw what is printed across the page."""

    def turned(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.translate(0, -HEIGHT)
        draw(canvas)

    return turned


def table(*rows: str, left: float = 100, top: float = 100) -> Draw:
    """Draw a ruled table with rows of 24 points and columns of 120."""

    def draw(canvas: Canvas) -> None:
        columns = rows[0].count("|") + 1
        right, bottom = left + 120 * columns, top + 24 * len(rows)
        for number in range(len(rows) + 1):
            rule(canvas, left, top + 24 * number, right, top + 24 * number)
        for number in range(columns + 1):
            rule(canvas, left + 120 * number, top, left + 120 * number, bottom)
        for number, row in enumerate(rows):
            for column, text in enumerate(row.split("|")):
                put(canvas, text, left + 120 * column + 5, top + 24 * number + 17, 10.5)

    return draw


@pytest.mark.parametrize("turn", [lambda draw: draw, across])
def test_a_table_upright_and_across_the_page(turn: Callable[[Draw], Draw]) -> None:
    found = rendered(
        pdf(turn(both(table("项目|金额（万元）", "合计|1,286.45"), lines("附表", base=60))))
    )
    assert found.raw == "附表\n\t项目\n\t金额（万元）\n\n\t合计\n\t1,286.45\n\n"


def test_a_page_that_viewers_turn() -> None:
    content = pdf(lambda canvas: (canvas.setPageRotation(90), lines("附表", base=400)(canvas)))
    assert view(content) == ["附表"]


def test_borders_of_thin_boxes() -> None:
    """Word draws every side of a cell as a filled box."""

    def draw(canvas: Canvas) -> None:
        for row in range(3):
            for column in range(2):
                canvas.rect(100 + 120 * column, HEIGHT - 100 - 24 * row, 120, 0.5, stroke=0, fill=1)
        for row in range(2):
            for column in range(3):
                canvas.rect(100 + 120 * column, HEIGHT - 124 - 24 * row, 0.5, 24, stroke=0, fill=1)
        for row, texts in enumerate(("项目|金额", "合计|385.6")):
            for column, text in enumerate(texts.split("|")):
                put(canvas, text, 105 + 120 * column, 117 + 24 * row, 10.5)

    assert [len(row) for row in rendered(pdf(draw)).tables[0]] == [2, 2]


def test_grounds_underlines_and_frames_make_no_tables() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(0.9)
        canvas.rect(70, HEIGHT - 300, 400, 60, stroke=0, fill=1)  # a coloured ground
        canvas.setFillGray(0)
        canvas.rect(60, 100, 480, 650)  # a frame around the page
        rule(canvas, 60, 70, 540, 70)  # below the header
        rule(canvas, 140, 263, 300, 263)  # an underline
        lines("项目负责人：张某某", "联系电话：______", base=260)(canvas)

    found = rendered(pdf(draw))
    assert found.tables == []
    assert found.raw == "项目负责人：张某某\n联系电话：______\n"


def test_a_cell_with_several_paragraphs_keeps_them() -> None:
    def draw(canvas: Canvas) -> None:
        table("目标|", "一|")(canvas)
        for number, text in enumerate(("1.清淤河道；", "2.新建泵站；")):
            put(canvas, text, 225, 110 + 11 * number, 10.5)

    found = report(pdf(draw))
    assert "\t目标\n\t1.清淤河道；\n2.新建泵站；\n" in found.view.text


def test_watermarks_are_not_in_the_view() -> None:
    def marked(canvas: Canvas) -> None:
        canvas.setFillGray(0.8)
        put(canvas, "内部资料", 200, 300, 60)
        canvas.setFillGray(0)
        lines(*[FULL] * 12)(canvas)

    def transparent(canvas: Canvas) -> None:
        canvas.setFillAlpha(0.2)
        put(canvas, "内部资料", 200, 300, 60)
        canvas.setFillAlpha(1)
        lines(*[FULL] * 12)(canvas)

    for draw in marked, transparent:
        found = report(pdf(draw))
        assert found.view.text == FULL * 12 + "\n"
        assert "内部资料" in found.raw


@pytest.mark.parametrize("colour", [(0, 0, 0), (1, 0.9, 0.2), (1, 1, 1), (0.5, 0.5, 0.5)])
def test_large_titles_in_any_colour_are_in_the_view(colour: tuple[float, float, float]) -> None:
    def titled(canvas: Canvas) -> None:
        canvas.setFillColorRGB(0.2, 0.2, 0.5)
        canvas.rect(0, HEIGHT - 120, 595, 80, stroke=0, fill=1)
        canvas.setFillColorRGB(*colour)
        put(canvas, "绩效报告", 200, 100, 36)
        canvas.setFillGray(0)
        lines(*[FULL] * 12, base=160)(canvas)

    assert view(pdf(titled))[0] == "绩效报告"


def test_light_grey_text_of_common_size_is_in_the_view() -> None:
    def grey(canvas: Canvas) -> None:
        lines(*[FULL] * 12, base=160)(canvas)
        canvas.setFillGray(0.8)
        put(canvas, "填报说明", 80, 120)

    assert view(pdf(grey))[0] == "填报说明"


def test_much_turned_text_is_told() -> None:
    def draw(canvas: Canvas) -> None:
        lines(*[FULL] * 5)(canvas)
        canvas.rotate(90)
        canvas.drawString(100, -500, FULL)
        canvas.drawString(100, -540, FULL)
        canvas.drawString(100, -580, FULL)

    assert codes(pdf(draw)) == ["page_text_turned"]


def test_radicals_are_the_characters_meant() -> None:
    assert view(pdf(lines("⼆〇⼀⼆年⾦额⼋⼗万元"))) == ["二〇一二年金额八十万元"]


def test_text_outside_of_the_page_is_not_seen() -> None:
    assert view(pdf(both(lines("页内"), lines("页外", left=700), lines("页外", base=900)))) == [
        "页内"
    ]


def test_wide_pages_and_pages_without_a_size() -> None:
    wide = pdf(lines("右边", left=700), pagesize=(842, HEIGHT))
    assert view(wide) == ["右边"]
    nowhere = b"/CropBox [ 900 900 950 950 ] /MediaBox"
    assert view(pdf(lines("正文")).replace(b"/MediaBox", nowhere)) == ["正文"]


@pytest.mark.parametrize(
    ("code", "unmapped"),
    [
        *[(code, True) for code in (0, 0x1F, 0xFFFD, 0xD800, 0xE000, 0xF8FF, 0xF0000)],
        *[(code, False) for code in (0x02, 0x20, 0x4E00, 0xF0B7, 0xF900, 0xFF0C, 0x20000)],
    ],
)  # 0x02 is PDFium's hyphen, 0xF0B7 a bullet of Symbol
def test_codes_that_stand_for_no_character(code: int, unmapped: bool) -> None:
    assert pdf_page._is_unmapped(code) is unmapped


@pytest.mark.parametrize(
    ("size", "height", "em"), [(16, 18, 16), (1, 12, 12), (40, 10, 10), (0.5, 0.6, 1)]
)
def test_fonts_that_give_no_size(size: float, height: float, em: float) -> None:
    assert pdf_page._size(size, height) == em


def test_blanks_that_only_the_library_sees() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, " 共投入", 80, 120)
        put(canvas, "2022", 80 + 3.3 + 48 + 4, 120)

    assert view(pdf(draw)) == ["共投入2022"]


def test_fields_of_a_form_are_read() -> None:
    def draw(canvas: Canvas) -> None:
        lines("预算数：")(canvas)
        canvas.acroForm.textfield(value="1286.45", x=150, y=HEIGHT - 125, width=100, height=20)

    assert "1286.45" in view(pdf(draw))[0]


# ------------------------------------------------------------------ pages without text


def picture(canvas: Canvas, share: float = 1.0) -> None:
    scan = ImageReader(Image.new("L", (60, 85), 128))
    canvas.drawImage(scan, 0, 0, 595 * share, HEIGHT)


def test_a_page_without_text_is_told() -> None:
    content = pdf(lines("正文"), picture, lambda canvas: None)
    found = rendered(content)
    [notice] = found.notices
    assert notice.code == "page_without_text"
    assert "page 2 is a picture without text; --ocr COMMAND" in notice.message
    assert notice.start == found.pages[2] == len(found.raw)
    assert codes(pdf(both(picture, lines("扫描全能王")))) == ["page_without_text"]
    assert codes(pdf(both(lambda canvas: picture(canvas, 0.1), lines("正文")))) == []
    assert codes(pdf(both(picture, lines(FULL, FULL)))) == []  # a scan with its text


def test_outlines_of_letters_are_a_page_without_text() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(60):
            canvas.circle(100 + 5 * number, 400, 2)

    assert codes(pdf(draw)) == ["page_without_text"]


def ocr(program: str) -> tuple[str, ...]:
    return (sys.executable, "-c", program, "{}")


PRINT = "import sys; sys.stdout.buffer.write({!r}.encode())"


def test_ocr_reads_a_page_without_text() -> None:
    text = "\n".join(
        ["绩效自评报告", "", "  " + FULL, FULL, FULL + "投入385.", "08万元。", "", "- 3 -\f"]
    )
    command = ocr(PRINT.format(text))
    content = pdf(both(picture, lines("水印"), table("扫描|", top=500)))
    found = report(content, command)
    assert [n.code for n in found.notices] == ["page_read_by_ocr"]
    assert sys.executable in found.notices[0].message
    assert found.view.text == f"绩效自评报告\n{FULL * 3}投入385.08万元。\n"
    assert found.raw.endswith("- 3 -\n水印\n扫描\n")


def test_ocr_is_given_the_picture_and_only_pages_that_need_it() -> None:
    program = (
        "import sys; from PIL import Image; page = Image.open(sys.argv[1]);"
        "print(page.format, page.size, page.getpixel((9, 9)))"
    )
    found = report(pdf(lines("正文"), picture), ocr(program))
    assert found.view.text == "正文\nPNG (2480, 3509) 128\n"


def test_blanks_between_recognised_characters_are_dropped() -> None:
    command = ocr(PRINT.format("绩 效 评 价 ， 投 入 385 万 元 in the year"))
    assert report(pdf(picture), command).view.text == "绩效评价，投入 385 万元 in the year\n"


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import sys; sys.exit('no such language')", "ended with exit code 1: no such language"),
        ("pass", "printed nothing"),
        ("import time; time.sleep(60)", "took more than"),
    ],
)
def test_ocr_that_fails(program: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if "sleep" in program:
        monkeypatch.setattr(pdf_ocr, "_TIMEOUT_SECONDS", 0.2)
    found = rendered(pdf(both(picture, lines("扫描"))), ocr(program))
    [notice] = found.notices
    assert notice.code == "ocr_failed"
    assert reason in notice.message
    assert found.raw == "扫描\n"


def test_ocr_that_is_not_there() -> None:
    with pytest.raises(DocumentError, match=r"'no-such-ocr' cannot be run.*expected.*install it"):
        rendered(pdf(picture), ("no-such-ocr", "{}"))


def test_huge_pages_are_drawn_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_ocr, "_MAX_PIXELS", 10_000)
    program = "import sys; from PIL import Image; print(Image.open(sys.argv[1]).size)"
    width, height = map(int, re.findall(r"\d+", report(pdf(picture), ocr(program)).view.text))
    assert 9_000 < width * height < 11_000


def without_unicode(content: bytes, count: int = -1) -> bytes:
    assert b"/ToUnicode" in content
    return content.replace(b"/ToUnicode", b"/ToUnicadeX"[:10], count)


def test_text_of_which_the_file_tells_no_characters() -> None:
    content = without_unicode((DATA / "report.pdf").read_bytes())
    found = rendered(content)
    assert {notice.code for notice in found.notices} == {"page_text_unreadable"}
    assert found.raw == ""
    assert rendered(content, ocr(PRINT.format("识别所得"))).raw == "识别所得\n" * 3


def test_some_characters_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    found = rendered(pdf(lines(FULL, FULL)))
    assert found.notices == []
    monkeypatch.setattr(pdf_page, "_is_unmapped", lambda code: chr(code) in "十人")
    found = rendered(pdf(lines(*[FULL] * 3)))
    assert [notice.code for notice in found.notices] == ["page_text_damaged"]
    assert found.raw.count("\ufffd") == 6 * 3


# ------------------------------------------------------------------ files that are not sound


def without_pages(content: bytes) -> bytes:
    found = re.search(rb"/Count 1 /Kids \[ \d+ 0 R \]", content)
    assert found
    return content.replace(found[0], b"/Count 0 /Kids [ ]".ljust(len(found[0])))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"PK\x03\x04", "is a ZIP container"),
        (b"%PDF-1.7\n", "damaged"),
        (b"%PDF-1.7\n/Encrypt", "damaged"),
        (pdf(lines("正文"))[:300], "damaged"),
        (pdf(lines("正文"), encrypt=StandardEncryption("user", "owner")), "encrypted.*without"),
        (without_pages(pdf(lines("正文"))), "damaged"),
    ],
)
def test_files_that_cannot_be_read(content: bytes, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        rendered(content)


def test_a_file_that_only_its_owner_may_change_is_read() -> None:
    content = pdf(lines("正文"), encrypt=StandardEncryption("", "owner"))
    assert view(content) == ["正文"]


def test_a_damaged_page_is_left_out() -> None:
    content = pdf(*(lines(f"{n}页") for n in "甲乙丙"))
    kids = re.search(rb"/Kids \[ (\d+ 0 R) (\d+ 0 R)", content)
    assert kids
    content = content.replace(
        b"/Kids [ " + kids[1] + b" " + kids[2], b"/Kids [ " + kids[1] + b" 99 0 R"
    )
    found = rendered(content)
    assert found.raw == "甲页\n丙页\n"
    assert [notice.code for notice in found.notices] == ["page_damaged"]


def test_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_document, "_MAX_PAGES", 2)
    assert view(pdf(lines("甲"), lines("乙"))) == ["甲", "乙"]
    with pytest.raises(DocumentError, match="has 3 pages; at most 2 are read"):
        rendered(pdf(lines("甲"), lines("乙"), lines("丙")))


@pytest.mark.parametrize(
    ("module", "name", "most"), [(pdf_page, "MAX_CHARS", 5), (pdf_drawings, "MAX_OBJECTS", 3)]
)
def test_pages_beyond_any_report(
    module: ModuleType, name: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = pdf(table("项目|金额", "合计|385.6"))
    assert rendered(content).tables
    monkeypatch.setattr(module, name, most)
    found = rendered(content)
    assert [notice.code for notice in found.notices] == ["page_too_complex"]
    assert found.tables == []
    assert "合计" in found.raw


def test_missing_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(sys.modules):
        if name.startswith(("pypdfium2", "jixiao.documents.readers.pdf_")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(DocumentError, match=r"pypdfium2; try: pip install \"jixiao\[pdf\]\""):
        rendered(pdf(lines("正文")))


SOUND = pdf(
    both(table("项目|金额", "合计|385.6"), lines(FULL, "　　" + FULL, base=300)), lines(FULL)
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(SOUND) - 1),
            st.one_of(
                st.binary(min_size=1, max_size=4),
                st.sampled_from([b"nan", b"-1e38", b"999999999", b"<<", b"/Type", b"0 R", b""]),
            ),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_broken_files_give_nothing_but_document_errors(changes: list[tuple[int, bytes]]) -> None:
    content = bytearray(SOUND)
    for place, change in changes:
        content[place : place + max(len(change), 3)] = change
    try:
        found = rendered(bytes(content))
    except DocumentError:
        return
    found.raw.encode()


def test_time_grows_with_the_pages(assert_linear: Callable[..., None]) -> None:
    page = both(table("项目|金额", "合计|385.6"), lines(*[FULL] * 10, base=300))
    assert_linear(lambda count: partial(rendered, pdf(*[page] * count)), 10)
