"""The panel as a pandas table, long and wide."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from jixiao.annotation import Annotation
from jixiao.errors import SettingsError
from jixiao.indicators import load_catalogue
from jixiao.panels.cells import Policy, settle
from jixiao.panels.rows import COLUMNS, Entry, Row, entries, year_of
from jixiao.panels.series import (
    PLACE_AND_TIME,
    SERIES,
    Line,
    cells_of,
    column_names,
    lines_of,
    series_of,
    sortable,
)
from jixiao.records import Fact, Measure, Modality
from jixiao.stores.annotations import iter_annotations, list_doc_ids

if TYPE_CHECKING:
    import pandas as pd

Source = str | Path | Annotation | Iterable[Annotation]
Names = str | Collection[str] | None

CONFLICTS: Final = "conflicts"


def panel(
    source: Source,
    *,
    indicator: Names = None,
    measure: Names = None,
    modality: Names = "actual",
    period: Literal["year", "all"] = "year",
    conflicts: Policy = "most_confident",
    min_confidence: float = 0.0,
    wide: bool = False,
) -> pd.DataFrame:
    r"""Return the facts of reports as a table of regions, periods and indicators.

    Parameters
    ----------
    source
        A folder written by ``jixiao annotate --out``, or annotations as :func:`jixiao.annotate`
        returns them: one, or several of different documents.
    indicator, measure, modality
        What to keep: one name, several, or None for all. Indicators go by id or by Chinese name.
    period
        ``year`` keeps what holds for a whole year or at its end, as that year; ``all`` keeps every
        period as it is stated.
    conflicts
        What a cell holds whose values disagree beyond their printed precision, in one report or
        in several: the one stated ``first`` (reports in order of their ids), the
        ``most_confident``, or ``all``, one row each.
    min_confidence
        Leave out facts below this confidence; facts without one count as 0.
    wide
        A row for each region and period and a column for each indicator and measure, instead of a
        row for each value. Not with ``conflicts="all"``.

    Returns
    -------
    pandas.DataFrame
        Long: where (``region_code`` of GB/T 2260, ``region``, ``level``, ``province``,
        ``prefecture``, ``county``), when (``period``), what (``indicator`` … ``modality``), the ``value``, exact
        as ``Decimal``, in ``unit``, negative where a growth or change is down; ``conflict``: all values
        of the cell with their quotes where they disagree; and where it stands (``document``,
        ``quote``, ``start`` and ``end`` in its raw text, ids and keys of the quantities …). Rows are
        sorted, and the order of the reports changes nothing. ``attrs`` counts the facts that were
        ``left_out`` by reason and the cells in ``conflict``. No facts give an empty table.

    Raises
    ------
    SettingsError
        If an option is none of its values, an indicator is unknown, documents share an id, or the
        folder holds no annotations.
    OutputError, RecordError
        If an annotation in the folder cannot be read.

    Examples
    --------
    >>> import jixiao
    >>> reports = {
    ...     "君山区科技局2020年绩效自评报告": "2020年全区高新技术企业总数达86家，新增高新技术企业15家。",
    ...     "君山区科技局2021年绩效自评报告": "2021年全区高新技术企业总数达92家，新增高新技术企业6家。",
    ... }
    >>> found = [
    ...     jixiao.annotate(jixiao.Report(title, f"岳阳市{title}\n\n{text}\n"))
    ...     for title, text in reports.items()
    ... ]
    >>> jixiao.panel(found)[["region", "period", "measure", "value"]].values.tolist()[:2]
    [['岳阳市君山区', '2020', 'level', Decimal('86')], ['岳阳市君山区', '2020', 'new', Decimal('15')]]
    >>> wide = jixiao.panel(found, measure="level", wide=True)
    >>> [str(value) for value in wide["high_tech_enterprises.level.count"]]
    ['86', '92']
    """
    if wide and conflicts == "all":
        raise SettingsError(
            "a wide panel has one value in a cell, and conflicts is 'all'; choose 'first' or "
            "'most_confident', or the long panel"
        )
    _check_choice("conflicts", conflicts, get_args(Policy))
    _check_choice("period", period, ("year", "all"))
    keep = {
        "modality": _names("modality", modality, get_args(Modality)),
        "measure": _names("measure", measure, get_args(Measure)),
        "indicator": _names("indicator", indicator, None),
    }
    left_out: Counter[str] = Counter()
    known: set[str] = set()
    found: list[Entry] = []
    for annotation in _annotations(source):
        known.update(name for fact in annotation.facts for name in _called(fact))
        chosen = _chosen(annotation, keep, period == "year", min_confidence, left_out)
        found += entries(annotation, chosen)
    _check_indicators(keep["indicator"], known)
    table = _long(settle(found, conflicts), left_out)
    return widen(table) if wide else table


def widen(table: pd.DataFrame) -> pd.DataFrame:
    """Return a long panel as a wide one: a row for each region and period, a column each series.

    A column is called ``indicator.measure.unit`` (counts: ``count``), with ``[facet]``, the whole
    ``of`` and the ``peers`` where there are any; :func:`codebook` of the long panel describes each.
    The last column, ``conflicts``, names those of the row that are disputed.

    Raises
    ------
    SettingsError
        If a cell has more than one value, as with ``conflicts="all"``.
    """
    import pandas as pd

    series = series_of(table)
    names = column_names(series)
    lines: dict[Line, dict[str, Any]] = {}
    values = zip(
        lines_of(table, PLACE_AND_TIME), series, table["value"], table["conflict"], strict=True
    )
    for place, one, value, conflict in values:
        line = lines.setdefault(place, {})
        name = names[one]
        if name in line:
            raise SettingsError(
                f"{name} has more than one value for {place[1]} in {place[-1]}; make the panel with "
                "conflicts 'first' or 'most_confident' before it is widened"
            )
        line[name] = value
        if conflict:
            line[CONFLICTS] = f"{line[CONFLICTS]};{name}" if CONFLICTS in line else name
    rows = [
        (*place, *(line.get(name) for name in names.values()), line.get(CONFLICTS))
        for place, line in sorted(lines.items(), key=lambda item: sortable(item[0]))
    ]
    columns = [*PLACE_AND_TIME, *names.values(), CONFLICTS]
    wide = pd.DataFrame(rows, columns=columns, dtype=object)
    wide.attrs.update(table.attrs)
    return wide


def lengthen(wide: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """Return the values of a wide panel as a long one, by its codebook.

    The columns are those of place and time, of the series, and ``value``; the rows are those of the
    long panel, in its order. A column of counts in several classifiers has no ``unit``.
    """
    import pandas as pd

    described = codes[codes["indicator"].notna()]
    rows = [
        (*place, *one, value)
        for name, one in zip(described["column"], lines_of(described, SERIES), strict=True)
        for place, value in zip(lines_of(wide, PLACE_AND_TIME), wide[name], strict=True)
        if not pd.isna(value)
    ]
    rows.sort(key=lambda row: sortable(row[:-1]))
    return pd.DataFrame(rows, columns=[*PLACE_AND_TIME, *SERIES, "value"], dtype=object)


def _long(rows: Iterable[Row], left_out: Counter[str]) -> pd.DataFrame:
    import pandas as pd

    lines = list(map(attrgetter(*COLUMNS), rows))
    table = pd.DataFrame(lines, columns=list(COLUMNS), dtype=object)
    table = table.astype({"start": "int64", "end": "int64", "confidence": "float64"})
    disputed = table[table["conflict"].notna()]
    table.attrs["left_out"] = dict(sorted(left_out.items()))
    table.attrs["conflicts"] = len(set(cells_of(disputed)))
    return table


def _annotations(source: Source) -> Iterator[Annotation]:
    """Yield the annotations of a source, each of another document."""
    if isinstance(source, Annotation):
        source = [source]
    if isinstance(source, str | Path):
        folder = Path(source)
        if not list_doc_ids(folder):
            raise SettingsError(
                f"no annotations in {folder}; expected the folder given to `jixiao annotate --out`"
            )
        yield from iter_annotations(folder)
        return
    seen: set[str] = set()
    for annotation in source:
        doc_id = annotation.document.doc_id
        if doc_id in seen:
            raise SettingsError(
                f"two annotations are of the document {doc_id!r}; give each report an id of its own: "
                "jixiao.Report(doc_id, text), or a file of its own"
            )
        seen.add(doc_id)
        yield annotation


def _chosen(
    annotation: Annotation,
    keep: Mapping[str, frozenset[str] | None],
    by_year: bool,
    min_confidence: float,
    left_out: Counter[str],
) -> Iterator[tuple[Fact, str]]:
    """Yield the facts that are kept with their period in the panel, and count the others."""
    for fact in annotation.facts:
        period = year_of(fact.period) if by_year else fact.period or ""
        reason = _unwanted(fact, keep) or (
            "confidence"
            if (fact.confidence or 0.0) < min_confidence
            else "no region"
            if fact.region is None
            else "no year"
            if period is None
            else None
        )
        if reason is None and period is not None:
            yield fact, period
        else:
            left_out[reason or ""] += 1


def _unwanted(fact: Fact, keep: Mapping[str, frozenset[str] | None]) -> str | None:
    """Return the first option that leaves a fact out."""
    for option, names in keep.items():
        told = _called(fact) if option == "indicator" else (getattr(fact, option),)
        if names is not None and names.isdisjoint(told):
            return option
    return None


def _called(fact: Fact) -> tuple[str, str]:
    return fact.indicator, fact.indicator_zh


def _names(option: str, given: Names, allowed: Collection[str] | None) -> frozenset[str] | None:
    if given is None:
        return None
    names = frozenset([given] if isinstance(given, str) else given)
    for name in sorted(names):
        if allowed is not None:
            _check_choice(option, name, allowed)
    return names


def _check_choice(option: str, given: str, allowed: Collection[str]) -> None:
    if given not in allowed:
        raise SettingsError(f"{option} is {given!r}; expected one of {', '.join(allowed)}")


def _check_indicators(names: frozenset[str] | None, stated: set[str]) -> None:
    """Tell a misspelt indicator from one that no report states."""
    indicators = load_catalogue().indicators.values()
    known = stated.union(*((one.id, one.name_zh) for one in indicators))
    for name in sorted((names or frozenset()) - known):
        close = difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.4)
        near = f"; did you mean {' or '.join(close)}?" if close else ""
        raise SettingsError(
            f"no indicator is called {name!r}; expected an id or a Chinese name of the catalogue{near}"
        )


_REASONS: Final[Mapping[str, str]] = {
    "modality": "planned, forecast or of no modality, where others were asked for",
    "measure": "of another measure",
    "indicator": "of another indicator",
    "confidence": "below the confidence asked for",
    "no region": "without a region",
    "no year": "that hold for no whole year (period 'all' keeps them)",
}


def left_out_words(left_out: Mapping[str, int]) -> str:
    """Return how many facts were left out for which reason, empty where none was."""
    return ", ".join(f"{count:,} {_REASONS[reason]}" for reason, count in left_out.items())
