"""The evaluation as pandas tables and Parquet files: one row a score, a part, a difference."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from jixiao.errors import OutputError, SettingsError
from jixiao.evaluation.calibration import Bin, RiskPoint
from jixiao.evaluation.intervals import Interval, Key
from jixiao.evaluation.outcomes import BREAKDOWNS, LAYERS
from jixiao.evaluation.scores import Accuracy

if TYPE_CHECKING:
    from jixiao.evaluation.report import Evaluation

_Rows = list[dict[str, Any]]
_COUNTS: Final = (
    *("tp", "fp", "fn", "correct", "incorrect", "partial", "missed", "spurious", "total"),
)
_RATIOS: Final = ("precision", "recall", "f1", "accuracy")
_SCORE_COLUMNS: Final = (*_RATIOS, *_COUNTS)


def frame(evaluation: Evaluation, name: str, **options: Any) -> pd.DataFrame:
    """Return a table of an evaluation.

    ``scores``
        One row for each tally of the corpus: ``group``, ``name``, the micro ratios, their counts,
        ``macro`` (the mean over documents of F1 or accuracy) and, for those that have one, the
        interval of F1 or accuracy: ``low``, ``high``, ``method``, ``documents``, ``few``.
    ``documents``
        The same tallies, a row for each document.
    ``breakdowns``
        ``layer``, ``by`` (label, section, place, document), ``name`` and the counts.
    ``confusion``
        ``what``, ``gold``, ``predicted``, ``count``.
    ``calibration``, ``risk_coverage``
        The bins and the points of each layer.
    ``errors``
        The differences, with the fields of :class:`~jixiao.evaluation.discrepancies.Discrepancy`.

    Raises
    ------
    SettingsError
        If there is no such table.

    >>> from jixiao.evaluation import AnnotationFile, evaluate
    >>> from jixiao.records import Document, Entity
    >>> 局 = Entity(id="e1", start=0, end=4, text="市水利局", label="GOV")
    >>> gold = {"a": AnnotationFile(Document(doc_id="a"), [局])}
    >>> scores = evaluate(gold, gold).to_frame("scores")
    >>> scores.loc[scores.group == "entities", ["name", "f1", "tp"]].head(1).values.tolist()
    [['all', 1.0, 1]]
    """
    if name not in TABLES:
        raise SettingsError(f"no table {name!r} of an evaluation; expected one of {list(TABLES)}")
    return TABLES[name](evaluation, **options)


def write_parquet(evaluation: Evaluation, folder: Path, **options: Any) -> list[Path]:
    """Write every table to ``<folder>/<name>.parquet`` and return the paths.

    ``options`` are those of :meth:`~jixiao.evaluation.Evaluation.intervals`.

    Raises
    ------
    OutputError
        If the folder cannot be written to.
    """
    wanted = {name: options if name == "scores" else {} for name in TABLES}
    return write_tables({name: frame(evaluation, name, **wanted[name]) for name in TABLES}, folder)


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> list[Path]:
    """Write each table to ``<folder>/<name>.parquet`` and return the paths.

    Raises
    ------
    OutputError
        If the folder cannot be written to.
    """
    paths = {name: folder / f"{name}.parquet" for name in tables}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            table.to_parquet(paths[name], index=False)
    except OSError as error:
        raise OutputError(
            f"cannot write the tables to {folder}: {error}; expected a folder you may write to"
        ) from error
    return list(paths.values())


def _scores(
    evaluation: Evaluation,
    intervals: Mapping[Key, Interval] | None = None,
    **options: Any,
) -> pd.DataFrame:
    found = evaluation.intervals(**options) if intervals is None else intervals
    rows: _Rows = []
    for group, tallies in evaluation.micro.groups.items():
        for name, tally in tallies.items():
            ratio = "accuracy" if isinstance(tally, Accuracy) else "f1"
            interval = found.get((group, name, ratio))
            rows.append(
                {
                    "group": group,
                    "name": name,
                    **tally.to_dict(),
                    "macro": evaluation.macro[group][name][ratio],
                    **(interval.to_dict() if interval else {}),
                }
            )
    last = ("macro", "low", "high", "method", "documents", "few")
    return _table(rows, ("group", "name", *_SCORE_COLUMNS, *last))


def _documents(evaluation: Evaluation) -> pd.DataFrame:
    rows: _Rows = [
        {"doc_id": doc_id, "group": group, "name": name, **tally.to_dict()}
        for doc_id, scores in evaluation.documents.items()
        for group, tallies in scores.groups.items()
        for name, tally in tallies.items()
    ]
    return _table(rows, ("doc_id", "group", "name", *_SCORE_COLUMNS))


def _breakdowns(evaluation: Evaluation) -> pd.DataFrame:
    rows: _Rows = [
        {"layer": layer, "by": by, "name": name, **counts.to_dict()}
        for layer in LAYERS
        for by in BREAKDOWNS
        for name, counts in evaluation.breakdown(layer, by).items()
    ]
    return _table(rows, ("layer", "by", "name", *_RATIOS[:3], *_COUNTS[:3]))


def _confusion(evaluation: Evaluation) -> pd.DataFrame:
    rows: _Rows = [
        {"what": what, "gold": gold, "predicted": found, "count": number}
        for what, counts in (evaluation.confusion or {}).items()
        for (gold, found), number in sorted(counts.items())
    ]
    return _table(rows, ("what", "gold", "predicted", "count"))


def _calibration(evaluation: Evaluation) -> pd.DataFrame:
    rows: _Rows = []
    for layer in LAYERS:
        if found := evaluation.calibration(layer):
            rows += [{"layer": layer, **one._asdict()} for one in found.bins]
    return _table(rows, ("layer", *Bin._fields))


def _risk_coverage(evaluation: Evaluation) -> pd.DataFrame:
    rows: _Rows = []
    for layer in LAYERS:
        if found := evaluation.calibration(layer):
            rows += [{"layer": layer, **one._asdict()} for one in found.curve]
    return _table(rows, ("layer", *RiskPoint._fields))


def _errors(evaluation: Evaluation) -> pd.DataFrame:
    from jixiao.evaluation.discrepancies import Discrepancy

    columns = tuple(Discrepancy.__dataclass_fields__)
    return _table([error.to_dict() for error in evaluation.errors], columns)


TABLES: Final[Mapping[str, Callable[..., pd.DataFrame]]] = {
    "scores": _scores,
    "documents": _documents,
    "breakdowns": _breakdowns,
    "confusion": _confusion,
    "calibration": _calibration,
    "risk_coverage": _risk_coverage,
    "errors": _errors,
}
"""The tables by name."""

_INTEGERS: Final = frozenset({*_COUNTS, "count", "number", "start", "end", "sentence_start"})
_NUMBERS: Final = frozenset(
    {*_RATIOS, "macro", "low", "high", "confidence", "threshold", "coverage", "risk"}
)


def _table(rows: _Rows, columns: Sequence[str]) -> pd.DataFrame:
    """Return rows as a frame whose column types do not depend on what the rows hold."""
    table = pd.DataFrame(rows, columns=list(columns))
    for name in columns:
        table[name] = table[name].astype(_dtype(name))
    return table


def _dtype(name: str) -> Any:
    if name in _INTEGERS or name == "documents":
        return "Int64"
    if name in _NUMBERS:
        return "float64"
    return "boolean" if name == "few" else "string"
