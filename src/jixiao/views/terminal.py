"""One report in a terminal: its text with the quantities marked, and the quantities as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from jixiao.annotation import Annotation
from jixiao.documents import Report
from jixiao.exports.cells import in_larger_unit
from jixiao.exports.names import LABELS, shown_unit
from jixiao.records import Document, Issue, Quantity
from jixiao.views.wrapping import SUPERSCRIPTS, wrapped

STYLES: Final[Mapping[str, str]] = {
    "MONEY": "bold yellow",
    "PERCENT": "bold cyan",
    "COUNT": "bold green",
    "MEASURE": "bold blue",
    "RATIO": "bold magenta",
    "RANK": "bold red",
    "SCORE": "magenta",
}
_CELL_MARK: Final = " │ "
_ARROWS: Final = {"up": " ↑", "down": " ↓"}
_TAGS: Final = str.maketrans("0123456789", SUPERSCRIPTS)
_MOST_TEXT: Final = 40


def render_annotation(
    annotation: Annotation,
    console: Console,
    indicator_name: Callable[[str], str],
    label: str | None = None,
    report: Report | None = None,
) -> None:
    """Print a report with its quantities marked, then the quantities as a table.

    Parameters
    ----------
    indicator_name
        Gives the Chinese name of an indicator id.
    label
        Mark and list the quantities of this label only.
    report
        The report as it was read from its file; without it lines and tables are told from the raw
        text alone.
    """
    report = report or Report(annotation.document.doc_id, annotation.text)
    chosen = [q for q in annotation.quantities if label in (None, q.label)]
    console.print(_heading(annotation.document))
    console.print(_legend(chosen))
    console.print()
    for line in text_lines(report, chosen, console.width):
        console.print(line, soft_wrap=True)
    console.print()
    console.print(quantity_table(chosen, indicator_name))
    if annotation.issues:
        console.print(_issue_table(annotation.text, annotation.issues))


def render_outline(report: Report, console: Console) -> None:
    """Print the headings of a report as a table of contents: number, text, kind of section, place.

    The place is the page where the file has pages, else the offset in the raw text.
    """
    console.print(_heading(report.document_record()))
    console.print()
    tree = Tree("", hide_root=True, guide_style="dim")
    above = [tree]
    for heading in report.outline.headings:
        line = Text()
        line.append(heading.number, style="dim")
        line.append(heading.text, style="bold" if heading.level == 0 else "")
        kind = report.outline.kind(heading.start)
        start, _ = report.view.raw_span(heading.start, heading.end)
        page = report.page_at(start)
        place = f"p. {page}" if page else str(start)
        line.append(f"  {kind} · {place}" if kind else f"  {place}", style="dim")
        del above[heading.level + 1 :]
        above.append(above[-1].add(line))
    console.print(tree if tree.children else Text("no heading", style="dim"))


def text_lines(report: Report, chosen: Sequence[Quantity], width: int) -> Iterator[Text]:
    """Yield the lines of a report: paragraphs and table rows, the chosen quantities marked.

    Blank lines of the text are left out; the cells of a table row stand on one line.
    """
    headings = {heading.start: heading.text for heading in report.outline.headings}
    marker = _Marker(report.raw, chosen)
    row = Text()
    for block in report.blocks:
        follows = block.cell is not None and block.cell.column > 0 and row.plain != ""
        if not follows:
            yield from _lines_of(row, width)
            row = Text()
        content = marker.marked(*report.view.raw_span(block.start, block.end))
        if _embolden(content, headings.get(block.start)) and block.cell is None:
            yield Text()
        if block.cell is not None:
            row.append(_CELL_MARK if row.plain else _CELL_MARK.lstrip(), style="dim")
            row.append_text(content)
        else:
            yield from _lines_of(content, width)
    yield from _lines_of(row, width)


def quantity_table(
    quantities: Sequence[Quantity], indicator_name: Callable[[str], str]
) -> RenderableType:
    """Return the quantities as a table, values in the unit a reader expects."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    table.add_column("", justify="right", style="dim", no_wrap=True)
    table.add_column("text", overflow="fold")
    table.add_column("value", justify="right", overflow="fold")
    table.add_column("indicator", overflow="fold")
    names = ["measure", "period", "modality"]
    if any(quantity.region for quantity in quantities):
        names.append("region")
    for name in names:
        table.add_column(name, overflow="fold")
    for quantity in quantities:
        table.add_row(*list(_cells(quantity, indicator_name))[: len(table.columns)])
    count = f"{len(quantities)} {'quantity' if len(quantities) == 1 else 'quantities'}"
    return Group(Rule(count, style="dim", align="left"), table if quantities else Text())


def value_text(quantity: Quantity) -> str:
    """Return the value as a reader writes it, with bound, unit and direction.

    >>> value_text(Quantity(id="q1", start=0, end=8, text="5000余万元", label="MONEY",
    ...                     value=Decimal(50000000), unit="CNY", bound=">"))
    '> 5,000 万元'
    """
    unit, power = shown_unit(quantity.unit)
    if quantity.value is None:
        return "?"
    value = _number(in_larger_unit(quantity.value, power))
    if quantity.value_high is not None:
        value += "–" + _number(in_larger_unit(quantity.value_high, power))
    if quantity.unit == "rank":
        return f"第{value}"
    bound = "" if quantity.bound in (None, "=") else f"{quantity.bound} "
    space = "" if unit == "%" else " "
    return f"{bound}{value}{space}{unit}".rstrip()


class _Marker:
    """Cuts pieces out of a text with the quantities in them marked; pieces are asked in order."""

    def __init__(self, text: str, quantities: Sequence[Quantity]) -> None:
        self._text = text
        self._quantities = quantities
        self._next = 0

    def marked(self, start: int, end: int) -> Text:
        piece = Text()
        position = start
        while self._next < len(self._quantities):
            quantity = self._quantities[self._next]
            if quantity.start >= end:
                break
            self._next += 1
            if quantity.start >= position:
                piece.append(self._plain(position, quantity.start))
                position = min(quantity.end, end)
                style = STYLES[quantity.label]
                piece.append(self._plain(quantity.start, position), style=style)
                piece.append(quantity.id[1:].translate(_TAGS), style="dim")
        piece.append(self._plain(position, end))
        return piece

    def _plain(self, start: int, end: int) -> str:
        content = self._text[start:end]
        return "".join(" " if c in "\t\u3000" else c for c in content if c == "\t" or c >= " ")


def _embolden(content: Text, heading: str | None) -> bool:
    """Make the heading at the start of a block bold; return whether it is the whole block."""
    start = content.plain.find(heading) if heading else -1
    if heading is None or start < 0:
        return False
    end = start + len(heading)
    rest = len(content.plain.rstrip()) - end
    content.stylize("bold", 0, end if rest > 1 else None)
    return rest <= 1


def _lines_of(paragraph: Text, width: int) -> Iterator[Text]:
    if paragraph.plain.strip():
        yield from wrapped(paragraph, width)


def _heading(document: Document) -> RenderableType:
    title = Text(document.title or document.doc_id, style="bold")
    about = (
        document.issuer,
        document.region,
        f"fiscal year {document.fiscal_year}" if document.fiscal_year else None,
        f"dated {document.report_date}" if document.report_date else None,
        document.kind,
    )
    return Group(title, Text(" · ".join(part for part in about if part), style="dim"))


def _legend(quantities: Sequence[Quantity]) -> Text:
    legend = Text()
    for label, style in STYLES.items():
        count = sum(quantity.label == label for quantity in quantities)
        if count:
            legend.append(f"{label} {LABELS[label]} {count}", style=style)
            legend.append("   ")
    legend.rstrip()
    return legend


def _cells(quantity: Quantity, indicator_name: Callable[[str], str]) -> Iterator[Text]:
    direction = _ARROWS.get(quantity.direction or "", "")
    indicator = indicator_name(quantity.indicator) if quantity.indicator else ""
    facet = f"（{quantity.facet}）" if quantity.facet else ""
    yield Text(quantity.id)
    yield Text(_one_line(quantity.text), style=STYLES[quantity.label])
    yield Text(value_text(quantity))
    yield Text(f"{indicator}{facet}") if indicator else Text("–", style="dim")
    yield Text(f"{quantity.measure or ''}{direction}")
    yield Text(quantity.period or "")
    yield Text(quantity.modality or "", style="dim" if quantity.modality == "actual" else "")
    yield Text(quantity.region or "")


def _issue_table(text: str, issues: Sequence[Issue]) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name in ("issue", "text", "message"):
        table.add_column(name, overflow="fold")
    for issue in issues:
        shown = _one_line(text[issue.start : issue.end])
        table.add_row(Text(issue.code, style="yellow"), Text(shown), Text(issue.message))
    return Padding(Group(Rule("issues", style="dim", align="left"), table), (1, 0, 0, 0))


def _number(value: Decimal) -> str:
    digits = f"{value:,f}"
    return digits.rstrip("0").removesuffix(".") if "." in digits else digits


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST_TEXT else line[: _MOST_TEXT - 1] + "…"
