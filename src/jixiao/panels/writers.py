"""Panels as files: CSV, Excel, Parquet and Stata, each with its codebook."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from jixiao.errors import OutputError, SettingsError
from jixiao.exports.names import MEASURES, shown_unit
from jixiao.exports.sheet import Column, Sheet, Styles
from jixiao.exports.workbook import FONT
from jixiao.panels.codebook import MEANINGS, codebook
from jixiao.panels.frame import left_out_words, widen
from jixiao.panels.series import free_name, lines_of
from jixiao.stores.atomic import write_whole

if TYPE_CHECKING:
    import pandas as pd

# A file says when it was made; the same panel must give the same bytes.
_CREATED: Final = datetime.datetime(2000, 1, 1)
_MOST_COLUMNS: Final[Mapping[str, int]] = {".xlsx": 16_384, ".dta": 32_767}
_EXACT: Final = ("value", "value_high")
_LONG_TEXTS: Final = ("conflict", "documents", "quote", "section", "quantities", "keys")
_NAME_LIMIT: Final = 32
_LABEL_BYTES: Final = 80


@dataclass(frozen=True, slots=True)
class Written:
    """The files that were written, and how many values a double could not hold in all digits."""

    files: tuple[Path, ...]
    rounded: int = 0


def write_panel(
    table: pd.DataFrame,
    path: str | Path,
    *,
    wide: bool = False,
    bom: bool = True,
    catalogue: str | None = None,
) -> Written:
    """Write a long panel and its codebook to a file of the kind its suffix says.

    ``.csv``
        UTF-8, numbers with all their digits; a byte order mark, without which Excel takes UTF-8 for
        GBK, unless ``bom`` is false.
    ``.xlsx``
        Numbers, text that stays text, the codebook as second sheet.
    ``.parquet``
        ``decimal128(38, 10)``, in the long panel also ``value_text`` with the digits as they are. A wide
        column with a number that does not fit is text.
    ``.dta``
        Stata 14 and later; doubles. Names have at most 32 characters, labels 80 bytes.

    Beside all but Excel lies ``<name>.codebook.csv``. A double holds some 15 digits: what it rounds
    is counted in the result and said in the codebook.

    Parameters
    ----------
    table
        What :func:`panel` returns without ``wide``.
    wide
        Write the wide form.
    catalogue
        The content of the user's catalogue, whose definitions the codebook is to hold.

    Raises
    ------
    CatalogueError
        If the user's catalogue breaks its rules.
    SettingsError
        If the suffix is none of these, the panel is empty, or a format cannot take as many columns.
    OutputError
        If a file cannot be written.
    """
    path = Path(path)
    suffix = check_suffix(path)
    if table.empty:
        left_out = left_out_words(table.attrs.get("left_out", {}))
        reason = f"of the facts were left out {left_out}" if left_out else "no report states a fact"
        raise SettingsError(f"the panel is empty, nothing was written: {reason}")
    frame = widen(table) if wide else table
    if len(frame.columns) > _MOST_COLUMNS.get(suffix, len(frame.columns)):
        raise SettingsError(
            f"a {suffix} file takes {_MOST_COLUMNS[suffix]:,} columns, and the wide panel has "
            f"{len(frame.columns):,}; choose indicators or measures, the long panel, or .csv"
        )
    codes = codebook(table, wide=wide, catalogue=catalogue)
    return _WRITERS[suffix](_Panel(frame, codes, bom), path)


def check_suffix(path: Path) -> str:
    """Return the suffix of a file, in small letters, if a panel can be written to it.

    Raises
    ------
    SettingsError
        If it is none of those :func:`write_panel` names.
    """
    suffix = path.suffix.lower()
    if suffix not in _WRITERS:
        raise SettingsError(
            f"cannot write a panel to {path.name!r}; expected a name that ends in "
            f"{', '.join(_WRITERS)}"
        )
    return suffix


@dataclass(slots=True)
class _Panel:
    """A panel ready to be written: the table in its form, and its codebook."""

    frame: pd.DataFrame
    codes: pd.DataFrame
    bom: bool

    @property
    def exact(self) -> list[str]:
        """The columns that hold exact numbers."""
        series = self.codes["column"][self.codes["indicator"].notna()]
        return [name for name in self.frame.columns if name in {*series, *_EXACT}]

    def note_rounded(self) -> int:
        """Say in the codebook which columns have numbers that a double rounds, and count those."""
        total = 0
        for name in self.exact:
            count = sum(_rounds(value) for value in self.frame[name])
            total += count
            if count:
                note = f"（{count} 个数值超出双精度浮点数的位数，已舍入）"
                rows = self.codes["column"] == name
                self.codes.loc[rows, "definition"] = (
                    self.codes.loc[rows, "definition"].fillna("") + note
                )
        return total

    def write_codebook(self, path: Path) -> Path:
        beside = path.with_suffix(".codebook.csv")
        write_whole(beside, _as_csv(self.codes, self.bom))
        return beside


def _rounds(value: object) -> bool:
    return isinstance(value, Decimal) and Decimal(repr(float(value))) != value


def _as_csv(frame: pd.DataFrame, bom: bool) -> bytes:
    content: str = frame.to_csv(index=False, lineterminator="\n")
    return content.encode("utf-8-sig" if bom else "utf-8")


def _write_csv(panel: _Panel, path: Path) -> Written:
    write_whole(path, _as_csv(panel.frame, panel.bom))
    return Written((path, panel.write_codebook(path)))


# Parquet ------------------------------------------------------------------------------------------


def _write_parquet(panel: _Panel, path: Path) -> Written:
    import pyarrow as pa
    import pyarrow.parquet as pq

    exact = set(panel.exact)
    columns: dict[str, Any] = {}
    for name, values in panel.frame.items():
        name = str(name)
        if name not in exact:
            columns[name] = pa.array(values, from_pandas=True)
            continue
        columns[name] = _decimals([None if _missing(value) else value for value in values])
        if name in _EXACT:
            texts = [None if _missing(value) else format(value, "f") for value in values]
            columns[f"{name}_text"] = pa.array(texts, pa.string())
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content, compression="zstd")
    write_whole(path, content.getvalue())
    return Written((path, panel.write_codebook(path)))


def _decimals(values: list[Decimal | None]) -> Any:
    import pyarrow as pa

    from jixiao.stores.schemas import DECIMAL

    try:
        return pa.array(values, DECIMAL)
    except pa.ArrowInvalid:
        return pa.array([None if value is None else format(value, "f") for value in values])


def _missing(value: object) -> bool:
    return not isinstance(value, Decimal)


# Excel --------------------------------------------------------------------------------------------

_WIDE_TEXTS: Final = frozenset(("quote", "conflict", "section", "definition"))


_INTEGERS: Final = frozenset(("start", "end", "regions", "values", "inexact", "disputed"))


def _write_excel(panel: _Panel, path: Path) -> Written:
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxWriterException

    rounded = panel.note_rounded()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".", suffix=".tmp", dir=path.parent) as scratch:
            made = Path(scratch) / "panel.xlsx"
            workbook = xlsxwriter.Workbook(str(made), _excel_options(scratch))
            workbook.set_properties({"author": "jixiao", "created": _CREATED})
            styles = Styles(workbook)
            sheets = (
                _sheet(workbook, styles, "panel", panel.frame, set(panel.exact)),
                _sheet(workbook, styles, "codebook", panel.codes, set()),
            )
            for sheet in sheets:
                sheet.finish()
            workbook.close()
            made.replace(path)
    except (OSError, XlsxWriterException) as error:
        raise OutputError(
            f"cannot write {path}: {error}; is it open in another program, or the disk full?"
        ) from error
    return Written((path,), rounded)


def _excel_options(scratch: str) -> dict[str, object]:
    style = {"font_name": FONT, "font_scheme": False, "font_size": 10, "valign": "top"}
    return {
        "constant_memory": True,
        "tmpdir": scratch,
        "use_zip64": True,
        "default_format_properties": style,
    }


def _sheet(workbook: Any, styles: Styles, name: str, frame: pd.DataFrame, exact: set[str]) -> Sheet:
    columns = [_excel_column(str(header), header in exact) for header in frame.columns]
    sheet = Sheet(workbook, styles, name, columns)
    for values in frame.itertuples(index=False, name=None):
        sheet.append([None if value != value else value for value in values])
    return sheet


def _excel_column(header: str, number: bool) -> Column:
    if number:
        return Column(header, 16, "", "number")
    if header in _WIDE_TEXTS:
        return Column(header, 48, "", "wrap")
    if header in _INTEGERS:
        return Column(header, 9, "", "offset")
    return Column(header, 14, "", "score" if header == "confidence" else "text")


# Stata --------------------------------------------------------------------------------------------


def _write_stata(panel: _Panel, path: Path) -> Written:
    import pandas as pd

    rounded = panel.note_rounded()
    exact = set(panel.exact)
    labels = _stata_labels(panel)
    names: dict[str, str] = {}
    columns: dict[str, pd.Series[Any]] = {}
    for header, values in panel.frame.items():
        name = _stata_name(str(header), columns)
        names[str(header)] = name
        if header in exact:
            columns[name] = pd.Series([_double(value) for value in values], dtype="float64")
        elif header in ("start", "end"):
            columns[name] = values.astype("int32").reset_index(drop=True)
        elif header == "confidence":
            columns[name] = values.reset_index(drop=True)
        else:
            texts = ["" if not isinstance(value, str) else value for value in values]
            columns[name] = pd.Series(texts, dtype=object)
    panel.codes["column"] = panel.codes["column"].replace(names)
    content = io.BytesIO()
    pd.DataFrame(columns).to_stata(
        content,
        write_index=False,
        version=118,
        time_stamp=_CREATED,
        variable_labels={names[header]: label for header, label in labels.items()},
        convert_strl=[name for name in _LONG_TEXTS if name in columns],
    )
    write_whole(path, content.getvalue())
    return Written((path, panel.write_codebook(path)), rounded)


def _double(value: object) -> float:
    return float(value) if isinstance(value, Decimal) else float("nan")


def _stata_name(header: str, taken: Mapping[str, object]) -> str:
    if header == "end":
        return "end_"  # pandas takes the bare word for one of Stata's own
    name = re.sub(r"[^A-Za-z0-9]+", "_", header).strip("_")
    return free_name(name, taken, _NAME_LIMIT)


def _stata_labels(panel: _Panel) -> dict[str, str]:
    """Return a label for each column: what it means, or what the series is."""
    labels = {str(name): MEANINGS.get(str(name), "") for name in panel.frame.columns}
    series = panel.codes[panel.codes["indicator"].notna() & (panel.codes["column"] != "value")]
    columns = ("column", "indicator_zh", "facet", "measure", "peers", "of", "unit")
    for column, name, facet, measure, peers, of, unit in lines_of(series, columns):
        parts = (name, facet, MEASURES.get(measure or ""), peers, of)
        words = " ".join(part for part in parts if part)
        labels[column or ""] = f"{words}（{shown_unit(unit)[0].removeprefix('万')}）"
    return {name: _cut(label) for name, label in labels.items()}


def _cut(label: str) -> str:
    """Return as much of a label as 80 bytes of UTF-8 hold, without half a character.

    >>> len(_cut("指标" * 40))
    26
    """
    return label.encode()[:_LABEL_BYTES].decode("utf-8", "ignore")


_WRITERS: Final[Mapping[str, Callable[[_Panel, Path], Written]]] = {
    ".csv": _write_csv,
    ".xlsx": _write_excel,
    ".parquet": _write_parquet,
    ".dta": _write_stata,
}
