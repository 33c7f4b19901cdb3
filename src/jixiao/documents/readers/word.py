"""Word documents (.docx, .docm) to raw text: what Word shows on the page, in reading order.

python-docx opens the package and knows the styles; the body is walked element by element, because
it passes over content controls, text boxes, tracked changes and the numbers Word generates.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from lxml.etree import LxmlError, _Element

from jixiao.documents.readers.guard import PACKAGE_ERRORS, check_package, expect
from jixiao.documents.readers.word_numbering import Numbering, inherit
from jixiao.documents.readers.word_package import as_transitional, check_ole
from jixiao.documents.rendering import CellText, Rendered, Renderer
from jixiao.errors import DocumentError
from jixiao.settings import Settings

_MAIN: Final = "word/document.xml"
_MAX_DEEP: Final = 40
_MOST_SPAN: Final = 1000
_MC_ALTERNATE: Final = (
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
)
_MC_CHOICE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
_MC_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MATH_TEXT: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_P, _TBL, _R, _T = qn("w:p"), qn("w:tbl"), qn("w:r"), qn("w:t")
_TR, _TC, _BOX, _RUBY = qn("w:tr"), qn("w:tc"), qn("w:txbxContent"), qn("w:ruby")
# Deleted or moved away, and what is no text of the page.
_LEFT_OUT: Final = frozenset(
    qn(name)
    for name in (
        "w:del", "w:moveFrom", "w:pPr", "w:rPr", "w:tblPr", "w:tblGrid", "w:tcPr", "w:trPr",
        "w:sdtPr", "w:sdtEndPr", "w:instrText", "w:delText", "w:rt", "w:sectPr", "w:annotationRef",
    )
)  # fmt: skip
_CHARACTERS: Final = {
    qn("w:tab"): "\t",
    qn("w:ptab"): "\t",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
_NOTE_MARKS: Final = {qn("w:footnoteReference"): "footnote", qn("w:endnoteReference"): "endnote"}
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_HEADING: Final = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_FEW: Final = 40
_LIFTED: Final = 4  # half points


def read_word(content: bytes, settings: Settings) -> Rendered:
    """Return the body of a Word document as its page shows it.

    The numbers that Word generates stand before their paragraphs; tracked changes count as
    accepted; text boxes and the notes of a paragraph follow it, each note as a paragraph of its own
    with its raised mark (``¹``), so that a mark never lengthens a number. Headers, footers, comments
    and hidden text are left out. A table of one cell is a frame: its content is body text. A table
    inside a cell follows the row it stands in.

    Raises
    ------
    DocumentError
        If the file is encrypted, damaged, nested too deeply, or no Word document.
    """
    kind = expect(content, ".docx", "zip", "ole", "rtf", "html")
    if kind != "zip":
        check_ole(content)
        from jixiao.documents.readers.office import read_old_word

        return read_old_word(content, settings)
    check_package(content, ".docx", _MAIN)
    try:
        document = docx.Document(io.BytesIO(as_transitional(content)))
        return _Body(document).render()
    except DocumentError:
        raise
    except RecursionError as error:
        raise DocumentError(
            "the .docx file is nested too deeply; open it in Word or WPS, save it anew and try again"
        ) from error
    except (LxmlError, AttributeError, LookupError, TypeError, *PACKAGE_ERRORS) as error:
        raise DocumentError(
            f"the .docx file is damaged ({type(error).__name__}: {error}); open it in Word or WPS, "
            "save it anew and try again"
        ) from error


@dataclass(slots=True)
class _Paragraph:
    """A paragraph as it is read: its text, and the boxes and notes that follow it."""

    text: list[str] = field(default_factory=list)
    boxes: list[_Element] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _CellContent:
    """What a table cell holds: lines of text, and its nested tables apart."""

    lines: list[str] = field(default_factory=list)
    tables: list[_Element] = field(default_factory=list)


class _Body:
    """Walks the body of a document and writes it."""

    def __init__(self, document: WordDocument) -> None:
        self._body = document.element.body
        self._renderer = Renderer()
        self._numbering = Numbering.of(document)
        self._levels = _heading_levels(document)
        self._notes = {kind: _notes(document, kind) for kind in ("footnote", "endnote")}
        self._note_count = 0
        self._joined: _Paragraph | None = None

    def render(self) -> Rendered:
        """Return the whole document."""
        self._write_blocks(self._body, 0)
        if self._joined is not None:
            self._write_paragraph(self._joined, None, 0)
        self._renderer.end_table()
        pictures = next(self._body.iter(qn("w:drawing"), qn("w:pict")), None)
        if pictures is not None and self._renderer.position < _FEW:
            self._renderer.notice(
                "page_without_text",
                "the document holds pictures and hardly any text: it may be scanned; save it as "
                "PDF and read it with --ocr COMMAND",
            )
        if next(self._body.iter(qn("w:altChunk")), None) is not None:
            self._renderer.notice(
                "part_not_read",
                "a part of the document is embedded in another format and was not read; open it in "
                "Word and save it anew",
            )
        return self._renderer.finish()

    def _write_blocks(self, parent: _Element, depth: int) -> None:
        for element in _blocks(parent):
            if element.tag == _P:
                self._write_element(element, depth)
            else:
                self._write_table(element, depth)

    def _write_element(self, element: _Element, depth: int) -> None:
        """Write a paragraph, with one before it whose end was deleted."""
        paragraph = self._joined or _Paragraph()
        self._joined = None
        mark = self._numbering.mark(element)
        self._read_runs(element, paragraph)
        if mark and "".join(paragraph.text).strip():
            paragraph.text.insert(0, mark)
        if element.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None:
            self._joined = paragraph
            return
        self._write_paragraph(paragraph, self._level(element), depth)

    def _write_paragraph(self, paragraph: _Paragraph, level: int | None, depth: int) -> None:
        self._renderer.paragraph("".join(paragraph.text), level=level)
        for box in paragraph.boxes:
            self._write_blocks(box, _deeper(depth))
        for note in paragraph.notes:
            self._renderer.paragraph(note)

    def _level(self, element: _Element) -> int | None:
        outline = element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if outline is not None:
            level = _integer(outline.get(qn("w:val")), 9)
            return level if level < 9 else None
        style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return self._levels.get(style.get(qn("w:val")) or "") if style is not None else None

    def _read_runs(self, element: _Element, paragraph: _Paragraph) -> None:
        """Collect the text of a paragraph: of runs wherever they stand in it."""
        for child in _visible(element):
            if child.tag == _R:
                if not _is_vanished(child):
                    self._read_run(child, paragraph)
            elif child.tag == _MATH_TEXT:
                paragraph.text.append(child.text or "")
            elif child.tag == _BOX:
                paragraph.boxes.append(child)
            else:
                self._read_runs(child, paragraph)

    def _read_run(self, run: _Element, paragraph: _Paragraph) -> None:
        is_raised = _is_raised(run)
        for child in _visible(run):
            if child.tag == _T:
                text = child.text or ""
                paragraph.text.append(text.translate(_RAISED) if is_raised else text)
            elif child.tag in _CHARACTERS:
                paragraph.text.append(_CHARACTERS[child.tag])
            elif child.tag == qn("w:br"):
                if child.get(qn("w:type"), "textWrapping") == "textWrapping":
                    paragraph.text.append("\n")
            elif child.tag == qn("w:sym"):
                paragraph.text.append(_symbol(child))
            elif child.tag in _NOTE_MARKS:
                self._add_note(child, paragraph)
            elif child.tag == _RUBY:
                for base in child.iter(qn("w:rubyBase")):
                    self._read_runs(base, paragraph)
            else:
                self._read_runs(child, paragraph)

    def _add_note(self, reference: _Element, paragraph: _Paragraph) -> None:
        note = self._notes[_NOTE_MARKS[str(reference.tag)]].get(reference.get(qn("w:id")) or "")
        if note is None:
            return
        self._note_count += 1
        mark = str(self._note_count).translate(_RAISED)
        paragraph.text.append(mark)
        content = _Paragraph()
        for element in _blocks(note):
            self._read_runs(element, content)
        paragraph.notes.append(f"{mark} {''.join(content.text).strip()}")

    def _write_table(self, table: _Element, depth: int) -> None:
        rows = [list(_cells(row)) for row in _rows(table)]
        rows = [row for row in rows if row]
        if len(rows) == 1 and len(rows[0]) == 1:
            self._write_blocks(rows[0][0], _deeper(depth))
            return
        self._renderer.end_table()
        for element, row in zip((r for r in _rows(table) if list(_cells(r))), rows, strict=True):
            self._write_row(element, row, depth)
        self._renderer.end_table()

    def _write_row(self, element: _Element, row: list[_Element], depth: int) -> None:
        column = _grid_skip(element, "w:gridBefore")
        cells = [CellText("", place) for place in range(column)]
        nested: list[_Element] = []
        for cell in row:
            width = _span(cell)
            if _continues_left(cell) and cells:
                cells[-1] = _widened(cells[-1], width)
                column += width
                continue
            content = _CellContent()
            continues = _continues_up(cell)
            if not continues:
                self._read_cell(cell, content, depth)
            cells.append(CellText("\n".join(content.lines), column, width, continues))
            nested += content.tables
            column += width
        cells += [CellText("", column + n) for n in range(_grid_skip(element, "w:gridAfter"))]
        self._renderer.row(cells)
        for table in nested:
            self._write_table(table, _deeper(depth))

    def _read_cell(self, cell: _Element, content: _CellContent, depth: int) -> None:
        for element in _blocks(cell):
            if element.tag == _TBL:
                content.tables.append(element)
                continue
            paragraph = _Paragraph()
            mark = self._numbering.mark(element)
            self._read_runs(element, paragraph)
            text = "".join(paragraph.text).strip()
            if text:
                content.lines.append((mark or "") + text)
            for box in paragraph.boxes:
                self._read_cell(box, content, _deeper(depth))
            content.lines += paragraph.notes


def _blocks(parent: _Element) -> Iterator[_Element]:
    """Yield the paragraphs and tables of a body, cell or box, those in content controls too."""
    for child in parent:
        if child.tag in (_P, _TBL):
            yield child
        elif child.tag not in _LEFT_OUT and child.tag not in (_TR, _TC, _R):
            yield from _blocks(child)


def _visible(element: _Element) -> Iterator[_Element]:
    """Yield the children that the page shows: of alternatives the first, nothing deleted."""
    for child in element:
        if child.tag == _MC_ALTERNATE:
            choice = child.find(_MC_CHOICE)
            chosen = choice if choice is not None else child.find(_MC_FALLBACK)
            if chosen is not None:
                yield chosen
        elif child.tag not in _LEFT_OUT and isinstance(child.tag, str):
            yield child


def _rows(table: _Element) -> Iterator[_Element]:
    """Yield the rows of a table, those in content controls too, without deleted ones."""
    for child in table:
        if child.tag == _TR:
            if child.find(f"{qn('w:trPr')}/{qn('w:del')}") is None:
                yield child
        elif child.tag not in _LEFT_OUT and child.tag not in (_P, _TBL):
            yield from _rows(child)


def _cells(row: _Element) -> Iterator[_Element]:
    for child in row:
        if child.tag == _TC:
            yield child
        elif child.tag not in _LEFT_OUT and child.tag not in (_P, _TBL):
            yield from _cells(child)


def _span(cell: _Element) -> int:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    width = _integer(span.get(qn("w:val")), 1) if span is not None else 1
    return min(max(width, 1), _MOST_SPAN)


def _grid_skip(row: _Element, name: str) -> int:
    skip = row.find(f"{qn('w:trPr')}/{qn(name)}")
    return min(_integer(skip.get(qn("w:val")), 0), 50) if skip is not None else 0


def _continues_up(cell: _Element) -> bool:
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val"), "continue") == "continue"


def _continues_left(cell: _Element) -> bool:
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:hMerge')}")
    return merge is not None and merge.get(qn("w:val"), "continue") == "continue"


def _widened(cell: CellText, width: int) -> CellText:
    return CellText(cell.text, cell.column, cell.width + width, cell.continues)


def _is_vanished(run: _Element) -> bool:
    vanish = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return vanish is not None and vanish.get(qn("w:val"), "1") not in ("0", "false", "off")


def _is_raised(run: _Element) -> bool:
    """Tell a superscript, whether Word's own or one that is lifted by a quarter of a line."""
    align = run.find(f"{qn('w:rPr')}/{qn('w:vertAlign')}")
    lifted = run.find(f"{qn('w:rPr')}/{qn('w:position')}")
    return (align is not None and align.get(qn("w:val")) == "superscript") or (
        lifted is not None and _integer(lifted.get(qn("w:val")), 0) >= _LIFTED
    )


def _symbol(element: _Element) -> str:
    """Return a symbol's character; those of Wingdings and the like stand in the private area."""
    code = element.get(qn("w:char"), "")
    if not re.fullmatch(r"[0-9A-Fa-f]{2,4}", code):
        return ""
    number = int(code, 16)
    return "" if 0xF000 <= number <= 0xF0FF or 0xD800 <= number < 0xE000 else chr(number)


def _deeper(depth: int) -> int:
    if depth >= _MAX_DEEP:
        raise DocumentError(
            f"the tables and boxes of the .docx file are nested more than {_MAX_DEEP} deep; it is no "
            "report, or damaged"
        )
    return depth + 1


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text) else default


def _heading_levels(document: WordDocument) -> dict[str, int]:
    """Return the outline level (0 outermost) of every paragraph style that has one."""
    levels: dict[str, int] = {}
    based: dict[str, str] = {}
    for style in document.styles.element.iter(qn("w:style")):
        name = style.get(qn("w:styleId"), "")
        outline = style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        shown = style.find(qn("w:name"))
        called = _HEADING.fullmatch(shown.get(qn("w:val"), "") if shown is not None else "")
        base = style.find(qn("w:basedOn"))
        if outline is not None:
            levels[name] = _integer(outline.get(qn("w:val")), 9)
        elif called:
            levels[name] = int(called[1]) - 1
        elif base is not None:
            based[name] = base.get(qn("w:val"), "")
    inherit(levels, based)
    return {name: level for name, level in levels.items() if level < 9}


def _notes(document: WordDocument, kind: str) -> dict[str, _Element]:
    """Return the footnotes or endnotes by id, without the separators."""
    from docx.oxml.parser import parse_xml

    for relation in document.part.rels.values():
        if relation.reltype.endswith(f"/{kind}s") and not relation.is_external:
            root: Any = parse_xml(relation.target_part.blob)
            return {
                note.get(qn("w:id"), ""): note
                for note in root.iter(qn(f"w:{kind}"))
                if note.get(qn("w:type"), "normal") == "normal"
            }
    return {}
