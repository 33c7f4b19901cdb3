"""One report in a terminal: its text with quantities and names marked, tables and cards below."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from jixiao.annotation import Annotation
from jixiao.documents import Report
from jixiao.exports.names import ENTITY_LABELS, LABELS
from jixiao.records import Document, Entity, Issue, Quantity
from jixiao.views.cards import Card, cards_of
from jixiao.views.values import value_text
from jixiao.views.wrapping import SUPERSCRIPTS, one_line, seen, wrapped

STYLES: Final[Mapping[str, str]] = {
    "MONEY": "bold yellow",
    "PERCENT": "bold cyan",
    "COUNT": "bold green",
    "MEASURE": "bold blue",
    "RATIO": "bold magenta",
    "RANK": "bold red",
    "SCORE": "magenta",
}
# Names are underlined and not bold: a report has more of them, and numbers come first here.
ENTITY_STYLES: Final[Mapping[str, str]] = {
    "COMPANY": "underline blue",
    "GOV": "underline blue",
    "INSTITUTION": "underline blue",
    "PARK": "underline blue",
    "PLACE": "underline",
    "PERSON": "underline",
    "PROGRAM": "underline cyan",
    "HONOUR": "underline magenta",
    "DOCUMENT": "underline cyan",
}
CARD_STYLES: Final[Mapping[str, str]] = {
    "recognition": "yellow",
    "ranking": "red",
    "milestone": "magenta",
    "growth": "green",
    "output": "blue",
    "compliance": "cyan",
}
_CARD_WIDTH: Final = 56  # two cards stand beside each other where there is room for both
_CARD_GAP: Final = 2
_CARD_BAR: Final = "▎"
_FIELD_WIDTH: Final = 9
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
    """Print a report with quantities and names marked, then the quantities as a table, the claims as cards.

    Parameters
    ----------
    indicator_name
        Gives the Chinese name of an indicator id.
    label
        Mark and list the quantities of this label only, without names and claims.
    report
        The report as it was read from its file; without it lines and tables are told from the raw
        text alone.
    """
    report = report or Report(annotation.document.doc_id, annotation.text)
    chosen = [q for q in annotation.quantities if label in (None, q.label)]
    names = annotation.entities if label is None else []
    console.print(_heading(annotation.document))
    for legend in (_legend(chosen), _name_legend(names)):
        if legend.plain:
            console.print(legend)
    console.print()
    for line in text_lines(report, chosen, console.width, names):
        console.print(line, soft_wrap=True)
    console.print()
    console.print(quantity_table(chosen, indicator_name))
    if annotation.claims and label is None:
        print_cards(annotation, console)
    if annotation.issues:
        console.print(_issue_table(annotation.text, annotation.issues))


def render_claims(annotation: Annotation, console: Console) -> None:
    """Print what a report is, and its claims as cards."""
    console.print(_heading(annotation.document))
    console.print()
    print_cards(annotation, console)


def print_cards(annotation: Annotation, console: Console) -> None:
    """Print the claims of a report as cards, as many beside each other as the width has room for."""
    cards = cards_of(annotation)
    count = f"{len(cards)} {'achievement' if len(cards) == 1 else 'achievements'}"
    mentions = len(annotation.claims)
    told = count if mentions == len(cards) else f"{count} in {mentions} claims"
    console.print(Rule(told, style="dim", align="left"))
    columns = max(1, (console.width + _CARD_GAP) // (_CARD_WIDTH + _CARD_GAP))
    width = (console.width + _CARD_GAP) // columns - _CARD_GAP
    for first in range(0, len(cards), columns):
        row = [card_lines(card, width) for card in cards[first : first + columns]]
        for lines in zip_longest(*row, fillvalue=Text()):
            console.print(_beside(lines, width), soft_wrap=True)
        console.print()


def card_lines(card: Card, width: int) -> list[Text]:
    """Return a card as lines of at most ``width`` cells: kind and marks, the fields, the quotes."""
    style = CARD_STYLES[card.claim.kind]
    room = width - len(_CARD_BAR) - 1
    marks = (card.level, card.when, "forecast" if card.expected else None)
    title = Text().append(card.kind, style=f"bold {style}")
    title.append("".join(f" · {mark}" for mark in marks if mark))
    title.append(f"  {card.claim.id}", style="dim")
    lines = wrapped(title, room)
    fields = (
        ("who", card.who),
        ("what", card.what),
        ("by", card.by),
        ("place", card.place),
        ("numbers", card.numbers),
    )
    for name, value in fields:
        if value:
            lines += _field(name, Text(value), room)
    lines += _field("quote", Text(card.quote), room)
    for claim in card.again:
        other = one_line(claim.text)
        words = "in the same words" if other == card.quote else other
        lines += _field("again", Text(f"{claim.id} {words}"), room)
    return [Text().append(f"{_CARD_BAR} ", style=style).append_text(line) for line in lines]


def _field(name: str, value: Text, width: int) -> list[Text]:
    head = Text().append(f"{name:{_FIELD_WIDTH}}", style="dim")
    blank = Text(" " * _FIELD_WIDTH)
    lines = wrapped(value, width - _FIELD_WIDTH)
    return [(blank if number else head).copy().append_text(t) for number, t in enumerate(lines)]


def _beside(lines: Sequence[Text], width: int) -> Text:
    """Return lines of neighbouring cards as one."""
    joined = Text()
    for line in lines:
        joined.append_text(line)
        joined.append(" " * (width + _CARD_GAP - line.cell_len))
    joined.rstrip()
    return joined


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
        line.append(seen(heading.number), style="dim")
        line.append(seen(heading.text), style="bold" if heading.level == 0 else "")
        kind = report.outline.kind(heading.start)
        start, _ = report.view.raw_span(heading.start, heading.end)
        page = report.page_at(start)
        place = f"p. {page}" if page else str(start)
        line.append(f"  {kind} · {place}" if kind else f"  {place}", style="dim")
        del above[heading.level + 1 :]
        above.append(above[-1].add(line))
    console.print(tree if tree.children else Text("no heading", style="dim"))


def text_lines(
    report: Report, chosen: Sequence[Quantity], width: int, names: Sequence[Entity] = ()
) -> Iterator[Text]:
    """Yield the lines of a report: paragraphs and table rows, the chosen quantities and names marked.

    Blank lines of the text are left out; the cells of a table row stand on one line.
    """
    headings = {heading.start: heading.text for heading in report.outline.headings}
    marker = _Marker(report.raw, _marks(chosen, names))
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


class _Mark(NamedTuple):
    start: int
    end: int
    style: str
    tag: str


def _marks(quantities: Sequence[Quantity], names: Sequence[Entity]) -> list[_Mark]:
    """Return what is marked, in text order; a name that overlaps a quantity is not."""
    marks = [_Mark(q.start, q.end, STYLES[q.label], q.id[1:].translate(_TAGS)) for q in quantities]
    starts, ends = [q.start for q in quantities], [q.end for q in quantities]
    for name in names:
        if bisect_left(starts, name.end) == bisect_right(ends, name.start):
            marks.append(_Mark(name.start, name.end, ENTITY_STYLES[name.label], ""))
    return sorted(marks)


class _Marker:
    """Cuts pieces out of a text with marks in them; pieces are asked in order."""

    def __init__(self, text: str, marks: Sequence[_Mark]) -> None:
        self._text = text
        self._marks = marks
        self._next = 0

    def marked(self, start: int, end: int) -> Text:
        piece = Text()
        position = start
        while self._next < len(self._marks):
            mark = self._marks[self._next]
            if mark.start >= end:
                break
            self._next += 1
            if mark.start >= position:
                piece.append(self._plain(position, mark.start))
                position = min(mark.end, end)
                piece.append(self._plain(mark.start, position), style=mark.style)
                piece.append(mark.tag, style="dim")
        piece.append(self._plain(position, end))
        return piece

    def _plain(self, start: int, end: int) -> str:
        return seen(self._text[start:end].replace("\t", " ").replace("\u3000", " "))


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
    title = Text(one_line(document.title or document.doc_id), style="bold")
    about = (
        document.issuer,
        document.region,
        f"fiscal year {document.fiscal_year}" if document.fiscal_year else None,
        f"dated {document.report_date}" if document.report_date else None,
        document.kind,
    )
    told = " · ".join(one_line(part) for part in about if part)
    return Group(title, Text(told, style="dim"))


def _legend(quantities: Sequence[Quantity]) -> Text:
    legend = Text()
    for label, style in STYLES.items():
        count = sum(quantity.label == label for quantity in quantities)
        if count:
            legend.append(f"{label} {LABELS[label]} {count}", style=style)
            legend.append("   ")
    legend.rstrip()
    return legend


def _name_legend(names: Sequence[Entity]) -> Text:
    legend = Text()
    for label, style in ENTITY_STYLES.items():
        count = sum(name.label == label for name in names)
        if count:
            legend.append(f"{label} {ENTITY_LABELS[label]} {count}", style=style)
            legend.append("   ")
    legend.rstrip()
    return legend


def _cells(quantity: Quantity, indicator_name: Callable[[str], str]) -> Iterator[Text]:
    direction = _ARROWS.get(quantity.direction or "", "")
    indicator = indicator_name(quantity.indicator) if quantity.indicator else ""
    facet = f"（{one_line(quantity.facet)}）" if quantity.facet else ""
    yield Text(quantity.id)
    yield Text(_short(quantity.text), style=STYLES[quantity.label])
    yield Text(value_text(quantity))
    yield Text(f"{indicator}{facet}") if indicator else Text("–", style="dim")
    yield Text(f"{quantity.measure or ''}{direction}")
    yield Text(quantity.period or "")
    yield Text(quantity.modality or "", style="dim" if quantity.modality == "actual" else "")
    yield Text(one_line(quantity.region or ""))


def _issue_table(text: str, issues: Sequence[Issue]) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name in ("issue", "text", "message"):
        table.add_column(name, overflow="fold")
    for issue in issues:
        shown = _short(text[issue.start : issue.end])
        table.add_row(Text(issue.code, style="yellow"), Text(shown), Text(one_line(issue.message)))
    return Padding(Group(Rule("issues", style="dim", align="left"), table), (1, 0, 0, 0))


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _MOST_TEXT else line[: _MOST_TEXT - 1] + "…"
