"""The workbook ``facts.xlsx``: facts to read and review, with what they rest on.

Sheets ``事实``, ``成果`` (claims), ``核对`` (checks), ``数量`` (numbers that gave no fact), ``实体`` (names),
``文件``, ``问题`` and ``说明``, the last of which explains every column.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Final, Self

from xlsxwriter.exceptions import XlsxWriterException

from jixiao.annotation import Annotation
from jixiao.errors import OutputError, SettingsError
from jixiao.exports import rows
from jixiao.exports.checks import CHECK_COLUMNS, check_row
from jixiao.exports.claims import CLAIM_COLUMNS, claim_row
from jixiao.exports.entities import ENTITY_COLUMNS, entity_rows
from jixiao.exports.names import (
    BOUNDS,
    CLAIM_KINDS,
    DIRECTIONS,
    ENTITY_LABELS,
    FAILURE,
    LABELS,
    MEASURES,
    MODALITIES,
    VERDICTS,
    YES,
)
from jixiao.exports.package import Package
from jixiao.exports.sheet import ROW_LIMIT, Column, Sheet, Styles
from jixiao.records import Check, Issue

FONT: Final = "Microsoft YaHei"
# A workbook says when it was made; the same records must give the same bytes.
_CREATED: Final = datetime.datetime(2000, 1, 1)
_VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "成果·类型": CLAIM_KINDS,
    "实体·类别": ENTITY_LABELS,
    "数量·类别": LABELS,
    "度量": MEASURES,
    "性质": MODALITIES,
    "方向": DIRECTIONS,
    "界限": BOUNDS,
}


class WorkbookWriter:
    """Writes ``facts.xlsx`` document by document, in memory that does not grow.

    A context manager: leaving it puts the complete workbook under ``path``; leaving it by an
    exception removes what was written and keeps an earlier workbook. The same documents in the
    same order give the same bytes.

    Parameters
    ----------
    path
        Where the workbook goes.
    indicator_names
        The Chinese name of each indicator of the catalogue, by id.
    version
        The version of the toolkit, for the legend.
    every_quantity
        Whether ``数量`` has every quantity. By default it has those without an indicator, rules left
        out: what a reviewer may want to align; the others stand in ``事实`` and in the tables.
    row_limit
        Rows of a worksheet, header included; more rows go to ``事实 (2)`` and so on.

    Raises
    ------
    OutputError
        If the workbook cannot be written.
    SettingsError
        If ``row_limit`` leaves no room for a row, or is more than a worksheet holds.
    """

    def __init__(
        self,
        path: Path,
        indicator_names: Mapping[str, str],
        *,
        version: str | None = None,
        every_quantity: bool = False,
        row_limit: int = ROW_LIMIT,
    ) -> None:
        if not 2 <= row_limit <= ROW_LIMIT:
            raise SettingsError(f"row_limit is {row_limit}; expected 2 to {ROW_LIMIT}")
        self._path = path
        self._names = indicator_names
        self._version = version
        self._every_quantity = every_quantity
        self._row_limit = row_limit
        self._scratch = _scratch_beside(path)
        self._workbook = _new_workbook(Path(self._scratch.name))
        self._styles = Styles(self._workbook)
        self._facts = self._sheet("事实", rows.FACT_COLUMNS, flag="冲突")
        self._claims = self._sheet("成果", CLAIM_COLUMNS, muted="重复于")
        self._checks = self._sheet(
            "核对", CHECK_COLUMNS, flag="判断", flagged=VERDICTS["inconsistent"]
        )
        self._quantities = self._sheet("数量", rows.QUANTITY_COLUMNS)
        self._entities = self._sheet("实体", ENTITY_COLUMNS)
        self._documents = self._sheet("文件", rows.DOCUMENT_COLUMNS)
        self._issues = self._sheet("问题", rows.ISSUE_COLUMNS)
        self._legend = Sheet(self._workbook, self._styles, "说明", rows.LEGEND_COLUMNS)
        self._sheets = (
            self._facts,
            self._claims,
            self._checks,
            self._quantities,
            self._entities,
            self._documents,
            self._issues,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._publish()
        finally:
            self._discard()

    @property
    def row_counts(self) -> dict[str, int]:
        """Rows of each sheet so far, all its parts together, headers left out."""
        return {sheet.name: sheet.row_count for sheet in self._sheets}

    @property
    def part_counts(self) -> dict[str, int]:
        """Worksheets of each sheet so far."""
        return {sheet.name: sheet.part_count for sheet in self._sheets}

    def add(self, annotation: Annotation) -> None:
        """Add a document: facts, claims, the quantities asked for, names, issues, and itself."""
        quantities = annotation.quantities
        mentions = {quantity.id: quantity for quantity in quantities}
        for fact in annotation.facts:
            self._facts.append(rows.fact_row(annotation, fact, mentions))
        for claim in annotation.claims:
            self._claims.append(claim_row(annotation, claim, mentions))
        for check in annotation.of(Check):
            self._checks.append(check_row(annotation, check, mentions))
        for quantity in quantities:
            gave_fact = quantity.indicator is not None or quantity.modality == "rule"
            if gave_fact and not self._every_quantity:
                continue
            self._quantities.append(rows.quantity_row(annotation, quantity, self._names))
        for name in entity_rows(annotation):
            self._entities.append(name)
        for issue in annotation.of(Issue):
            self._issues.append(rows.issue_row(annotation, issue))
        counts = Counter(type(record).__name__ for record in annotation.records)
        self._documents.append(rows.document_row(annotation, counts))

    def add_failure(self, doc_id: str, source: str, stage: str, error: str, message: str) -> None:
        """Add a document that failed, with the stage it failed in and why."""
        code = f"{stage}/{error}"
        self._issues.append((doc_id, FAILURE, code, message, None, None, None, source))

    def _sheet(
        self,
        name: str,
        columns: tuple[Column, ...],
        flag: str | None = None,
        flagged: str = YES,
        muted: str | None = None,
    ) -> Sheet:
        return Sheet(
            self._workbook,
            self._styles,
            name,
            columns,
            flag=flag,
            flagged=flagged,
            muted=muted,
            row_limit=self._row_limit,
        )

    def _publish(self) -> None:
        self._write_legend()
        try:
            for sheet in (*self._sheets, self._legend):
                sheet.finish()
            self._workbook.close()
            Path(self._workbook.filename).replace(self._path)
        except (OSError, XlsxWriterException) as error:
            raise OutputError(
                f"cannot write {self._path}: {error}; is it open in another program, or the "
                "disk full?"
            ) from error

    def _discard(self) -> None:
        for worksheet in self._workbook.worksheets():
            if not worksheet.row_data_fh.closed:
                worksheet.row_data_fh.close()
        self._scratch.cleanup()

    def _write_legend(self) -> None:
        if self._version is not None:
            self._legend.append(("全部", "版本", f"jixiao {self._version}"))
        for sheet in self._sheets:
            self._legend.append((sheet.name, "行数", str(sheet.row_count)))
        for name, words in _VALUES.items():
            meaning = "；".join(f"{word} {code}" for code, word in words.items())
            self._legend.append(("取值", name, meaning))
        for sheet in self._sheets:
            for column in sheet.columns:
                self._legend.append((sheet.name, column.header, column.meaning))


def _scratch_beside(path: Path) -> TemporaryDirectory[str]:
    """Return a folder for half-made files on the disk where the workbook will be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return TemporaryDirectory(prefix=".", suffix=".tmp", dir=path.parent)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error}") from error


def _new_workbook(scratch: Path) -> Any:
    options = {
        "constant_memory": True,
        "tmpdir": str(scratch),
        "use_zip64": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "default_format_properties": {
            "font_name": FONT,
            "font_scheme": False,
            "font_size": 10,
            "valign": "top",
        },
    }
    workbook = Package(str(scratch / "facts.xlsx"), options)
    workbook.set_properties({"title": "绩效报告事实表", "author": "jixiao", "created": _CREATED})
    return workbook
