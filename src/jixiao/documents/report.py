"""A report as it was read: raw text, view, blocks, tables, outline and metadata."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from jixiao.documents.blocks import Block, RowTable, place_blocks, split_blocks
from jixiao.documents.divide import MAX_CAPTION, build_grids
from jixiao.documents.grids import Grid
from jixiao.documents.metadata import Metadata, read_metadata
from jixiao.documents.outline import Outline, build_outline, list_number
from jixiao.documents.parts import Part, find_parts
from jixiao.documents.readers import MEDIA_TYPES, media_type_of, read_raw
from jixiao.documents.rendering import Notice, Rendered
from jixiao.documents.view import View
from jixiao.errors import DocumentError
from jixiao.records import SCHEMA_VERSION, Document
from jixiao.records import Part as PartRecord
from jixiao.settings import Settings

# One leading set of characters, so that the search runs at the speed of the regex engine.
_SENTENCE_END: Final = re.compile(r"[。！？!?\n](?:(?<!\n)[。！？!?]*+[”’」』）)]*+)?")
_BLANKS: Final = re.compile(r"[ \u3000\t]+")
_CAPTION_LINES: Final = 3


@dataclass
class Report:
    """A report that was read. All positions inside are *view* offsets; records carry raw ones.

    ``rendered`` is what a reader knows of the file beyond its raw text; without it paragraphs and
    tables are told from the text alone.
    """

    doc_id: str
    raw: str
    source: str | None = None
    media_type: str = "text/plain"
    sha256: str | None = None
    rendered: Rendered | None = None

    @cached_property
    def view(self) -> View:
        """The text that matchers read, with its map back to the raw text."""
        return View.of(self.raw, self.rendered.hidden if self.rendered else ())

    @property
    def notices(self) -> Sequence[Notice]:
        """What the reader has to say, at raw offsets."""
        return self.rendered.notices if self.rendered else ()

    def page_at(self, position: int) -> int | None:
        """Return the page, counted from 1, on which a raw position stands; None without pages."""
        pages = self.rendered.pages if self.rendered else []
        return bisect_right(pages, position) if pages else None

    @cached_property
    def _split(self) -> tuple[list[Block], list[RowTable]]:
        if self.rendered is not None:
            return place_blocks(self.rendered, self.view)
        return split_blocks(self.view.text)

    @property
    def blocks(self) -> list[Block]:
        """Paragraphs and filled table cells in reading order."""
        return self._split[0]

    @cached_property
    def grids(self) -> dict[tuple[int, int], Grid]:
        """The grid of every table row, by (table number, row number)."""
        placed: dict[tuple[int, int], Grid] = {}
        for number, table in enumerate(self._split[1]):
            if not table.rows:
                continue
            for grid in build_grids(table, self._lead(table)):
                for row in [*grid.header, *grid.body, *grid.titles]:
                    placed[number, row[0].row] = grid
        return placed

    def table_start(self, number: int) -> int:
        """Return the view offset at which a table begins."""
        rows = self._split[1][number].rows
        return rows[0][0].start if rows else 0

    def _lead(self, table: RowTable) -> list[str]:
        """Return the captions before a table: the short lines right above it, up to a heading.

        Of a paragraph that leads over to the table (``…如下表所示（单位：万元）：``) it is the end.
        """
        blocks, start = self.blocks, table.rows[0][0].start
        index = bisect_left(self._block_starts, start)
        lines: list[str] = []
        for block in reversed(blocks[max(index - _CAPTION_LINES, 0) : index]):
            if block.cell is not None:
                break
            text = self.view.text[max(block.start, block.end - 4 * MAX_CAPTION) : block.end]
            line = _BLANKS.sub(" ", text).strip()
            clause = line.rstrip("。").rpartition("。")[2]
            short = block.end - block.start <= 2 * MAX_CAPTION and len(line) <= MAX_CAPTION
            if short and "。" not in line:
                lines.append(line)
            elif len(clause) <= MAX_CAPTION and (line[-1:] in ("：", ":") or "单位：" in clause):
                lines.append(clause)
                break
            else:
                break
            if list_number(line, 0, len(line)) is not None:
                break
        return lines[::-1]

    @cached_property
    def outline(self) -> Outline:
        """The numbered headings and their paths."""
        return build_outline(self.view.text, self.blocks, self._title_rows)

    @cached_property
    def _title_rows(self) -> set[tuple[int, int]]:
        """The (table, row) of the table rows that have one cell."""
        return {
            (number, row[0].row)
            for number, table in enumerate(self._split[1])
            for row in table.rows
            if len(row) == 1
        }

    @cached_property
    def metadata(self) -> Metadata:
        """Title, issuer, region, year, date and kind."""
        return read_metadata(self.view.text, self.blocks, self._title_rows)

    @cached_property
    def parts(self) -> list[Part]:
        """The parts of the file in order, each with its own metadata; one where it is not divided."""
        return find_parts(self.view.text, self.blocks, self._title_rows, self.metadata)

    @cached_property
    def text_sha256(self) -> str:
        """The sha256 of the raw text encoded as UTF-8."""
        return hashlib.sha256(self.raw.encode()).hexdigest()

    @cached_property
    def _block_starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    def block_at(self, position: int) -> Block:
        """Return the block that holds a view position (of a matched character)."""
        return self.blocks[max(bisect_right(self._block_starts, position) - 1, 0)]

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return [found.end() for found in _SENTENCE_END.finditer(self.view.text)]

    def sentence_at(self, position: int) -> tuple[int, int]:
        """Return the sentence around a view position: blanks at its edges left out.

        A sentence ends at 。！？ and at the end of a line.
        """
        ends = self._sentence_ends
        index = bisect_right(ends, position)
        text = self.view.text
        start = ends[index - 1] if index else 0
        end = ends[index] if index < len(ends) else len(text)
        while start < position and text[start] in " \u3000\t\n":
            start += 1
        while end > position + 1 and text[end - 1] in " \u3000\t\n":
            end -= 1
        return start, end

    def sentences(self, start: int, end: int) -> range:
        """Return the indexes of the sentence ends inside ``[start, end)``."""
        return range(
            bisect_right(self._sentence_ends, start), bisect_left(self._sentence_ends, end)
        )

    def document_record(self) -> Document:
        """Return the document record: the first line of the annotation file."""
        found = self.metadata
        if len({part.metadata.issuer for part in self.parts}) > 1:
            found = self.parts[0].metadata  # never one bureau's title with another's signature
        return Document(
            doc_id=self.doc_id,
            schema=SCHEMA_VERSION,
            source=self.source,
            media_type=self.media_type,
            sha256=self.sha256,
            text_sha256=self.text_sha256,
            **_told(found),
            parts=[self._part_record(part) for part in self.parts] if self.parts[1:] else None,
        )

    def _part_record(self, part: Part) -> PartRecord:
        start, end = self.view.raw_span(part.start, part.end)
        return PartRecord(start=start, end=end, form=part.kind, **_told(part.metadata))


def _told(found: Metadata) -> dict[str, Any]:
    """Return the fields that a document's record and its parts' share."""
    return {
        "title": found.title,
        "issuer": found.issuer,
        "region": found.region_name,
        "region_code": found.region.code if found.region else None,
        "fiscal_year": found.fiscal_year,
        "report_date": found.report_date,
        "kind": found.kind,
        "score": found.score,
        "grade": found.grade,
    }


def read_content(
    content: bytes,
    *,
    doc_id: str,
    media_type: str = "text/plain",
    source: str | None = None,
    settings: Settings | None = None,
) -> Report:
    """Return the report that a file's bytes hold; ``settings`` say how pages without text are read.

    Raises
    ------
    DocumentError
        If the format has no reader here, or the bytes cannot be read as it.
    """
    rendered = read_raw(content, media_type, settings or Settings())
    sha256 = hashlib.sha256(content).hexdigest()
    if isinstance(rendered, str):
        return Report(doc_id, rendered, source, media_type, sha256)
    return Report(doc_id, rendered.raw, source, media_type, sha256, rendered)


def read(path: str | Path, *, settings: Settings | None = None) -> Report:
    """Return the report in a file.

    Raises
    ------
    DocumentError
        If the file does not exist, cannot be opened, has a suffix without reader, or is broken.
    """
    path = Path(path)
    media_type = media_type_of(path)
    if media_type is None:
        raise DocumentError(
            f"no reader for {path.name!r}: its suffix is {path.suffix!r}; expected one of "
            f"{', '.join(MEDIA_TYPES)}"
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror or error}") from error
    return read_content(
        content, doc_id=path.stem, media_type=media_type, source=path.name, settings=settings
    )
