"""Web pages to raw text: the report without the site around it."""

from __future__ import annotations

import re
from typing import Final

import lxml.etree
import lxml.html
from lxml.html import HtmlElement

from jixiao.documents.readers.guard import container_of, refuse
from jixiao.documents.readers.html_content import find_content, headline
from jixiao.documents.readers.html_tables import HtmlTable, is_layout
from jixiao.documents.readers.text import decode_text
from jixiao.documents.rendering import CellText, Rendered, Renderer
from jixiao.errors import DocumentError
from jixiao.settings import Settings

_CHARSET: Final = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE
)
# What pages call GB2312 or GBK is GB18030, of which both are parts.
_CHINESE: Final = frozenset({"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936"})
_DECLARATION: Final = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
# Chinese is written without blanks: one that only wraps the source is none.
_CJK: Final = r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
_WRAP: Final = re.compile(rf"(?<={_CJK})[ ]*\n[ \t\r\n]*(?={_CJK})")


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_HEADINGS: Final = {f"h{level}": level - 1 for level in range(1, 7)}
_BLOCKS: Final = _names(
    "address article aside blockquote body center dd details dialog div dl dt fieldset "
    "figcaption figure footer form header hr html legend li main nav ol p pre section "
    "summary ul "
)
_DROPPED: Final = _names(
    "script style noscript template head title select option button input textarea iframe "
    "object svg canvas audio video map del s strike "
)
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_HIDDEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE
)
_MOST_DEEP: Final = 200
_ROMAN: Final = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


def read_html(content: bytes, _settings: Settings) -> Rendered:
    """Return the report that a web page holds.

    Navigation, breadcrumbs, share buttons and footers are left out, a page saved from Word is kept
    whole. Headings h1 to h6 have their level, ordered lists the numbers a browser shows, tables
    their merged cells; deleted and hidden text is left out.

    Raises
    ------
    DocumentError
        If the bytes are no text, are a web archive, are nested too deeply, or hold no text.
    """
    if container_of(content) == "mhtml":
        raise DocumentError(
            "the file is a web archive (.mht); open it in a browser or in Word, save it as .html or "
            ".docx and try again"
        )
    refuse(content, ("zip", "ole", "pdf", "rtf", "image"))
    root = _parse(_decode(content))
    title = headline(root)
    found = find_content(root)
    renderer = Renderer()
    writer = _Writer(renderer)
    if title and title not in _SPACE.sub("", "".join(found.itertext())[:2000]):
        renderer.paragraph(title, level=0)
    writer.walk(found)
    writer.flush()
    rendered = renderer.finish()
    if not rendered.raw.strip():
        raise DocumentError(
            "the page holds no text; it may load its text by a script: open it in a browser, save it "
            "as complete page or PDF and try again"
        )
    return rendered


def _decode(content: bytes) -> str:
    """Decode a page by what its head says, unless that is wrong."""
    named = _CHARSET.search(content[:4096])
    if named and not content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        encoding = named[1].decode("ascii").lower()
        try:
            return content.decode("gb18030" if encoding in _CHINESE else encoding)
        except (UnicodeDecodeError, LookupError):
            pass  # The head is wrong, as after a conversion of the bytes alone.
    return decode_text(content)


def _parse(text: str) -> HtmlElement:
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = lxml.html.document_fromstring(_DECLARATION.sub("", text, count=1), parser=parser)
    except (lxml.etree.LxmlError, ValueError, AssertionError) as error:
        raise DocumentError(
            f"the page cannot be read ({error}); open it in a browser, save it anew and try again"
        ) from error
    depth = 0
    for event, _ in lxml.etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _MOST_DEEP:
            raise DocumentError(
                f"the page's elements are nested more than {_MOST_DEEP} deep; open it in a browser, "
                "save it as PDF and try again"
            )
    return root


class _Writer:
    """Walks the elements of a page and writes paragraphs and tables.

    Elements are nested 200 deep at most, so that the walk may call itself.
    """

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._pieces: list[str] = []
        self._kept = False
        self._numbers: dict[HtmlElement, int] = {}

    def walk(self, element: HtmlElement) -> None:
        """Write what an element holds; its tail is the caller's."""
        self._add(element.text)
        for child in element:
            self._child(child, element)
            self._add(child.tail)

    def flush(self, level: int | None = None) -> None:
        """Write the paragraph collected so far."""
        for line in self.take():
            self._renderer.paragraph(line, level=level)

    def take(self) -> list[str]:
        """Return the lines of the paragraph collected so far and begin anew."""
        text = "".join(self._pieces)
        self._pieces.clear()
        if not self._kept:
            text = _SPACE.sub(" ", _WRAP.sub("", text))
        lines = text.split("\n") if self._kept else text.split("\x0b")
        return [line.strip(" ") for line in lines if line.strip(" \u00a0")]

    def _add(self, text: str | None) -> None:
        if text:
            self._pieces.append(text.replace("\x0b", " "))

    def _child(self, child: HtmlElement, parent: HtmlElement) -> None:
        tag = child.tag if isinstance(child.tag, str) else ""
        if not tag or tag in _DROPPED or is_hidden(child):
            return
        if tag == "br":
            self._pieces.append("\n" if self._kept else "\x0b")
        elif tag == "sup":
            self._pieces.append(_raised("".join(child.itertext())))
        elif tag == "table":
            self.flush()
            self._table(child)
        elif tag in _HEADINGS:
            self.flush()
            self.walk(child)
            self.flush(_HEADINGS[tag])
        elif tag in _BLOCKS:
            self._block(child, parent)
        else:
            self.walk(child)

    def _block(self, child: HtmlElement, parent: HtmlElement) -> None:
        self.flush()
        if child.tag == "li" and parent.tag == "ol":
            number = _integer(child.get("value"), self._numbers.get(parent, _start(parent)))
            self._numbers[parent] = number + 1
            self._add(_list_mark(number, parent.get("type") or "1"))
        kept, self._kept = self._kept, self._kept or child.tag == "pre"
        self.walk(child)
        self.flush()
        self._kept = kept

    def _table(self, element: HtmlElement) -> None:
        """Write a table; one that only lays out the page gives the content of its cells."""
        table = HtmlTable.of(element)
        for caption in table.captions:
            self.walk(caption)
            self.flush()
        if is_layout(table):
            for row in table.rows:
                for cell in row:
                    if cell.element is not None:
                        self.walk(cell.element)
                        self.flush()
            return
        self._renderer.end_table()
        for row in table.rows:
            nested: list[HtmlElement] = []
            cells: list[CellText] = []
            for cell in row:
                text = ""
                if cell.element is not None:
                    text, inner = _cell_content(cell.element)
                    nested += inner
                cells.append(CellText(text, cell.column, cell.width, cell.element is None))
            self._renderer.row(cells)
            for inner_table in nested:
                self._table(inner_table)
                self._renderer.end_table()
        self._renderer.end_table()


class _CellWriter(_Writer):
    """Collects the lines of a table cell, and its nested tables apart."""

    def __init__(self) -> None:
        super().__init__(Renderer())
        self.lines: list[str] = []
        self.tables: list[HtmlElement] = []

    def flush(self, level: int | None = None) -> None:
        """Keep the lines collected so far."""
        self.lines += self.take()

    def _table(self, element: HtmlElement) -> None:
        self.tables.append(element)


def _cell_content(element: HtmlElement) -> tuple[str, list[HtmlElement]]:
    writer = _CellWriter()
    writer.walk(element)
    writer.flush()
    return "\n".join(writer.lines), writer.tables


def is_hidden(element: HtmlElement) -> bool:
    """Tell whether an element is not shown."""
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _raised(text: str) -> str:
    """Return a superscript that cannot be taken for digits of the number before it.

    >>> _raised("2"), _raised("[1]")
    ('²', '[¹]')
    """
    return text.translate(_RAISED)


def _list_mark(number: int, kind: str) -> str:
    """Return what a browser shows before an item of an ordered list.

    >>> _list_mark(3, "1"), _list_mark(2, "A"), _list_mark(4, "i")
    ('3. ', 'B. ', 'iv. ')
    """
    mark = str(number)
    if kind in ("a", "A") and 1 <= number <= 26:
        mark = chr(ord("a") + number - 1)
    elif kind in ("i", "I") and 1 <= number < len(_ROMAN):
        mark = _ROMAN[number]
    return f"{mark.upper() if kind in ('A', 'I') else mark}. "


def _start(parent: HtmlElement) -> int:
    return _integer(parent.get("start"), 1)


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text) else default
