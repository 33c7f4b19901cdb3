"""``facts.xlsx`` with the reviewer's columns filled: each verdict tied to its record again.

A row is compared, cell by cell, with what the run would show of the record today. A verdict on a row that
reads otherwise by now is a verdict on something else: it is listed, and kept with the row.
"""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from jixiao.annotation import Annotation
from jixiao.errors import DocumentError, RecordError
from jixiao.exchange.reviews import Review, Verdict, stated
from jixiao.exports import rows
from jixiao.exports.checks import CHECK_COLUMNS, check_row
from jixiao.exports.claims import CLAIM_COLUMNS, claim_row
from jixiao.exports.entities import ENTITY_COLUMNS, entity_rows, written
from jixiao.exports.names import ENTITY_LABELS
from jixiao.exports.sheet import Column
from jixiao.records import Check, Fact, SpanRecord

VERDICTS: Final[Mapping[str, Verdict]] = {"正确": "correct", "错误": "wrong", "存疑": "doubtful"}

_REVIEW, _NOTE, _FILE, _KEY = "复核", "复核意见", "文件", "key"
_PLACE: Final = ("起", "止")
_CONTEXT: Final = ("指标id", "细项", "度量", "参照", "方向", "期间", "性质", "地区")
_VALUE: Final = ("单位", "原值", "界限", "原文")
# The columns of each sheet that a reviewer judges: what the record states, and where.
_JUDGED: Final[Mapping[str, tuple[str, ...]]] = {
    "事实": (*_CONTEXT, *_VALUE, *_PLACE),
    "数量": ("类别", "指标短语", "名词", *_CONTEXT, *_VALUE, *_PLACE),
    "成果": (
        "类型",
        "主体",
        "内容",
        "级别",
        "位次",
        "参照范围",
        "是否预计",
        "否定",
        "原句",
        *_PLACE,
    ),
    "实体": ("类别", "名称", *_PLACE),
    "核对": ("判断", "类型", "报告值", "重算值", *_PLACE),
}
_MADE: Final = datetime.datetime(2000, 1, 1)  # what the toolkit writes as the time of a workbook


@dataclass(frozen=True, slots=True)
class Row:
    """A row with a verdict: where it stands, and its cells by header."""

    where: str
    sheet: str
    cells: Mapping[str, str]

    @property
    def doc_id(self) -> str:
        """The document the row is about."""
        return self.cells[_FILE]


@dataclass(frozen=True, slots=True)
class ReviewedWorkbook:
    """The rows of a workbook that were reviewed, and who saved it last, and when."""

    path: Path
    rows: Sequence[Row]
    reviewer: str | None
    time: str


def read_workbook(path: Path) -> ReviewedWorkbook:
    """Return the reviewed rows of a workbook that ``jixiao annotate`` wrote.

    Raises
    ------
    DocumentError
        If it is no workbook.
    RecordError
        If no sheet has the reviewer's columns, a verdict is none of 正确, 错误 and 存疑, or a remark
        has no verdict; the message names sheet and row.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        # In memory: openpyxl leaves a file open that turns out to be none of its own.
        content = BytesIO(path.read_bytes())
        book = openpyxl.load_workbook(content, read_only=True, data_only=True)
    except OSError as error:
        raise DocumentError(f"cannot read {path}: {error.strerror or error}") from error
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, ParseError) as error:
        raise DocumentError(f"{path} is no workbook (.xlsx): {error}") from error
    try:
        found = [row for sheet in book.worksheets for row in _rows(sheet, path)]
        if not any(_sheet_name(sheet.title) in _JUDGED for sheet in book.worksheets):
            raise RecordError(
                f"{path}: none of the sheets {', '.join(_JUDGED)}; expected facts.xlsx of a run"
            )
        return ReviewedWorkbook(path, found, _saved_by(book.properties), _saved_at(book, path))
    finally:
        book.close()


def _sheet_name(title: str) -> str:
    return title.partition(" (")[0]


def _rows(sheet: Any, path: Path) -> Iterator[Row]:
    name = _sheet_name(sheet.title)
    if name not in _JUDGED:
        return
    lines = sheet.iter_rows(values_only=True)
    headers = [_text(cell) for cell in next(lines, ())]
    missing = [one for one in (_FILE, _REVIEW) if one not in headers]
    if missing:
        raise RecordError(
            f"{path}, sheet {sheet.title}: no column {missing[0]}; expected that of facts.xlsx"
        )
    for number, line in enumerate(lines, start=2):
        cells = {head: _text(cell) for head, cell in zip(headers, line, strict=False) if head}
        verdict, note = cells.get(_REVIEW, ""), cells.get(_NOTE, "")
        where = f"{path}, sheet {sheet.title}, row {number}"
        if verdict and verdict not in VERDICTS:
            raise RecordError(
                f"{where}: {_REVIEW} is {verdict[:20]!r}; expected {'、'.join(VERDICTS)}"
            )
        if note and not verdict:
            raise RecordError(f"{where}: a remark and no verdict; expected {'、'.join(VERDICTS)}")
        if verdict:
            yield Row(where, name, cells)


def _text(cell: Any) -> str:
    """Return a cell as it is compared: blanks in a row as one, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())


def _saved_by(properties: Any) -> str | None:
    name = properties.lastModifiedBy
    return name if name and name != "jixiao" else None


def _saved_at(book: Any, path: Path) -> str:
    saved = book.properties.modified
    if saved is None or saved.replace(tzinfo=None) == _MADE:
        saved = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC)
    return str(saved.replace(tzinfo=datetime.UTC, microsecond=0).isoformat())


@dataclass(frozen=True, slots=True)
class _Shown:
    """A record as the workbook of a run shows it, with all records that the row stands for."""

    cells: Mapping[str, str]
    records: Sequence[SpanRecord | Fact | Check]


def tie(
    row: Row, shown: Mapping[tuple[str, str], _Shown], reviewer: str, time: str
) -> tuple[list[Review], str | None]:
    """Return the decisions of a row, and why they do not fit the run (None where they do).

    A row of ``实体`` stands for every mention of the name, and so does its verdict.
    """
    found = shown.get((row.sheet, _identity(row.sheet, row.cells)))
    judged = _JUDGED[row.sheet]
    note = row.cells.get(_NOTE) or None
    verdict = VERDICTS[row.cells[_REVIEW]]

    def review(**fields: Any) -> Review:
        who: dict[str, Any] = {
            "reviewer": reviewer,
            "time": time,
            "note": note,
            "source": Path(row.where).name,
        }
        kind = _KINDS[row.sheet]
        return Review(document=row.doc_id, record=kind, verdict=verdict, **who, **fields)

    kept = {name: row.cells[name] for name in judged if row.cells.get(name)}
    if found is None:
        why = "the run has no such record"
        return [review(key=row.cells.get(_KEY) or None, row=kept)], why
    changed = [
        f"{name}: {row.cells.get(name) or 'none'} → {found.cells.get(name) or 'none'}"
        for name in judged
        if name in row.cells and row.cells.get(name, "") != found.cells.get(name, "")
    ]
    if changed:
        return [review(key=row.cells.get(_KEY) or None, row=kept)], "; ".join(changed)
    return [_on(record, row, review) for record in found.records], None


_KINDS: Final[Mapping[str, Any]] = {
    "事实": "fact",
    "数量": "quantity",
    "成果": "claim",
    "实体": "entity",
    "核对": "check",
}


def _on(record: SpanRecord | Fact | Check, row: Row, review: Any) -> Review:
    if isinstance(record, Check):
        made: Review = review(id=record.id)
    elif isinstance(record, Fact):
        made = review(key=row.cells.get(_KEY), given=stated(record))
    else:
        made = review(key=record.key, given=stated(record))
    return made


def _identity(sheet: str, cells: Mapping[str, str]) -> str:
    """Return what names a row across runs: the key, of a check its kind, place and stated value."""
    if sheet != "核对":
        return cells.get(_KEY, "")
    return "|".join(cells.get(name, "") for name in ("类型", *_PLACE, "报告值"))


def shown_rows(annotation: Annotation) -> dict[tuple[str, str], _Shown]:
    """Return what the workbook shows of an annotation, by sheet and identity."""
    quantities = annotation.quantities
    mentions = {one.id: one for one in quantities}
    found: dict[tuple[str, str], _Shown] = {}

    def add(
        sheet: str,
        columns: Sequence[Column],
        values: Sequence[Any],
        records: Sequence[SpanRecord | Fact | Check],
    ) -> None:
        pairs = zip(columns, values, strict=True)
        cells = {column.header: _text(value) for column, value in pairs}
        found.setdefault((sheet, _identity(sheet, cells)), _Shown(cells, records))

    for fact in annotation.facts:
        add("事实", rows.FACT_COLUMNS, rows.fact_row(annotation, fact, mentions), [fact])
    for quantity in quantities:
        cells = rows.quantity_row(annotation, quantity, {})
        add("数量", rows.QUANTITY_COLUMNS, cells, [quantity])
    for claim in annotation.claims:
        add("成果", CLAIM_COLUMNS, claim_row(annotation, claim, mentions), [claim])
    for check in annotation.of(Check):
        add("核对", CHECK_COLUMNS, check_row(annotation, check, mentions), [check])
    same: dict[tuple[str, str], list[SpanRecord]] = {}
    for entity in annotation.entities:
        same.setdefault((ENTITY_LABELS[entity.label], written(entity)), []).append(entity)
    for cells in entity_rows(annotation):
        add("实体", ENTITY_COLUMNS, cells, same[str(cells[1]), str(cells[2])])
    return found
