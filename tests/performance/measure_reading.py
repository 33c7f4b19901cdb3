"""Pages read per second and memory for each format, as a table: ``make bench`` prints it.

The same invented report of 200 pages is written in every format: pages of 700 characters, every
fifth with a ruled table of ten rows. Each file is read in a process of its own; its memory is what
that process needed beyond loading the toolkit and the reader's library.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PAGES = 200
SENTENCE = (
    "2021年全县完成投资385.08万元，同比增长12.6%，新增规模以上企业15家，兑现奖补资金1,200万元。"
)
PARAGRAPH = SENTENCE * 7
ROWS = [["序号", "项目名称", "预算金额（万元）", "执行金额（万元）", "执行率"]] + [
    [f"{n}", f"第{n}类专项资金", f"{n * 120}.50", f"{n * 118}.25", "98.5%"] for n in range(1, 11)
]


def pages() -> list[tuple[list[str], list[list[str]]]]:
    """Return the paragraphs and the table rows, if any, of each page."""
    return [
        ([f"（{n}）工作情况", PARAGRAPH, PARAGRAPH], ROWS if n % 5 == 0 else [])
        for n in range(1, PAGES + 1)
    ]


def as_txt() -> bytes:
    lines: list[str] = []
    for paragraphs, rows in pages():
        lines += [f"{text}\n" for text in paragraphs]
        lines += ["".join(f"\t{cell}\n" for cell in row) + "\n" for row in rows]
    return "".join(lines).encode()


def as_docx() -> bytes:
    from docx import Document

    document = Document()
    for paragraphs, rows in pages():
        for text in paragraphs:
            document.add_paragraph(text)
        if rows:
            table = document.add_table(len(rows), len(rows[0]))
            for cells, row in zip(table.rows, rows, strict=True):
                for cell, text in zip(cells.cells, row, strict=True):
                    cell.text = text
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def as_html() -> bytes:
    parts = ["<html><head><meta charset='utf-8'></head><body><div class='nav'>首页</div>"]
    for paragraphs, rows in pages():
        parts += [f"<p>{text}</p>" for text in paragraphs]
        cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
        parts += [f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"] if rows else []
    return "".join([*parts, "</body></html>"]).encode()


def as_xlsx() -> bytes:
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("报告")
    line = 0
    for paragraphs, rows in pages():
        for text in paragraphs:
            sheet.merge_range(line, 0, line, 4, text)
            line += 1
        for row in rows:
            sheet.write_row(line, 0, row)
            line += 1
    book.close()
    return file.getvalue()


def as_pdf() -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table

    registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("body", fontName="STSong-Light", fontSize=12, leading=18)
    style.wordWrap = "CJK"
    style.firstLineIndent = 24
    ruled = [
        ("FONT", (0, 0), (-1, -1), "STSong-Light", 9),
        ("GRID", (0, 0), (-1, -1), 0.5, "black"),
    ]
    flow: list[object] = []
    for paragraphs, rows in pages():
        flow += [Paragraph(text, style) for text in paragraphs]
        flow += [Table(rows, style=ruled)] if rows else []
        flow.append(PageBreak())
    file = io.BytesIO()
    SimpleDocTemplate(file, pagesize=A4).build(flow)
    return file.getvalue()


FORMATS: dict[str, Callable[[], bytes]] = {
    ".txt": as_txt,
    ".docx": as_docx,
    ".html": as_html,
    ".xlsx": as_xlsx,
    ".pdf": as_pdf,
}


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(path: Path) -> None:
    """Print the seconds that reading a file takes, its characters, and the megabytes it needs."""
    from jixiao.documents import Report, read

    small = path.with_name(f"small{path.suffix}")
    read(small)  # loads the library
    before = peak_megabytes()
    started = time.perf_counter()
    report: Report = read(path)
    _ = report.blocks
    seconds = time.perf_counter() - started
    sys.stdout.write(f"{seconds} {len(report.raw)} {peak_megabytes() - before}\n")


def main() -> None:
    """Measure every format and print the table, as Markdown."""
    global PAGES
    lines = [
        "| format | pages/s | characters/s | against .txt | MB for 200 pages |",
        "|---|---|---|---|---|",
    ]
    base = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for suffix, write in FORMATS.items():
            path = Path(folder) / f"report{suffix}"
            path.write_bytes(write())
            PAGES = 5
            path.with_name(f"small{suffix}").write_bytes(write())
            PAGES = 200
            best = min((measured(path) for _ in range(3)), key=lambda figures: figures[0])
            seconds, characters, megabytes = best
            base = base or seconds
            lines.append(
                f"| `{suffix}` | {PAGES / seconds:,.0f} | {characters / seconds:,.0f} "
                f"| {base / seconds:.3f} | {megabytes:.0f} |"
            )
    sys.stdout.write("\n".join(lines) + "\n")


def measured(path: Path) -> tuple[float, int, float]:
    """Return seconds, characters and megabytes of reading a file in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, path], capture_output=True, text=True, check=True
    )
    seconds, characters, megabytes = done.stdout.split()
    return float(seconds), int(characters), float(megabytes)


if __name__ == "__main__":
    measure(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
