"""Agreement as tables: pandas frames, Parquet files, and the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from jixiao.errors import SettingsError
from jixiao.evaluation.agreement import (
    CHARACTERS,
    Agreement,
    Coefficient,
    Disagreement,
    PairScore,
)
from jixiao.evaluation.frames import write_tables

if TYPE_CHECKING:
    import pandas as pd

NOTHING: Final = "–"
_ROWS: Final = (
    ("Quantities", "quantities", "all"),
    ("Quantities, strict", "quantities_strict", "all"),
    ("Indicators", "indicators", "end_to_end"),
    ("Entities", "entities", "all"),
    ("Entities, partial", "entity_spans", "partial"),
    ("Claims", "claims", "all"),
    ("Claims, partial", "claim_spans", "partial"),
    ("Facts, core", "facts", "core"),
    ("Facts, full", "facts", "full"),
)
_MOST_CHARACTERS: Final = 20
_AROUND: Final = 16
_KINDS: Final[dict[str, type[PairScore] | type[Coefficient] | type[Disagreement]]] = {
    "scores": PairScore,
    "coefficients": Coefficient,
    "disagreements": Disagreement,
}
_TYPES: Final = {"int": "Int64", "float": "float64", "float | None": "float64"}


def frame(agreement: Agreement, name: str) -> pd.DataFrame:
    """Return ``scores``, ``coefficients`` or ``disagreements``, one row each.

    Raises
    ------
    SettingsError
        If there is no such table.
    """
    import pandas as pd

    if name not in _KINDS:
        raise SettingsError(f"no table {name!r} of an agreement; expected one of {list(_KINDS)}")
    fields = _KINDS[name].__dataclass_fields__
    rows: Iterable[Any] = getattr(agreement, name)
    table = pd.DataFrame([one.to_dict() for one in rows], columns=list(fields))
    for column, field in fields.items():
        # Types that do not depend on what the rows hold: the tables of two runs fit together.
        table[column] = table[column].astype(_TYPES.get(str(field.type), "string"))  # type: ignore[call-overload]
    return table


def write_parquet(agreement: Agreement, folder: Path) -> list[Path]:
    """Write every table to ``<folder>/<name>.parquet`` and return the paths.

    Raises
    ------
    OutputError
        If the folder cannot be written to.
    """
    return write_tables({name: frame(agreement, name) for name in _KINDS}, folder)


def render(agreement: Agreement, console: Console, *, most: int = 10) -> None:
    """Print F1, κ and α, what is left out, and the first ``most`` disagreements."""
    number = len(agreement.documents)
    noun = "document" if number == 1 else "documents"
    console.print(Text(f"{number} {noun} that {' and '.join(agreement.annotators)} all have"))
    console.print(_score_table(agreement))
    console.print(_coefficient_table(agreement))
    console.print(
        Text(
            "κ: Cohen, two annotators; α: Krippendorff, nominal. label and fields: records both "
            "have; characters: all of the text, unmarked is a value.",
            style="dim",
        )
    )
    if agreement.gamma is not None:
        shown = ", ".join(f"{layer} {_number(one)}" for layer, one in agreement.gamma.items())
        console.print(Text(f"γ (Mathet et al. 2015, mean over documents): {shown}"))
    for name, ids in agreement.left_out.items():
        some = ", ".join(ids[:5]) + (", …" if len(ids) > 5 else "")
        console.print(Text(f"! {len(ids):,} only some have, {name} among them: {some}", "yellow"))
    if agreement.untexted:
        told = f"{len(agreement.untexted):,} without raw text: characters not counted; give --text"
        console.print(Text(f"! {told}", "yellow"))
    _render_disagreements(agreement, console, most)


def _pairs(agreement: Agreement) -> list[tuple[str, str]]:
    return list(dict.fromkeys((one.first, one.second) for one in agreement.scores))


def _score_table(agreement: Agreement) -> Table:
    table = _table("F1", "")
    pairs = _pairs(agreement)
    for first, second in pairs:
        table.add_column(f"{first} · {second}" if len(pairs) > 1 else "F1", justify="right")
    if len(pairs) == 1:
        for name in ("both", f"only {pairs[0][0]}", f"only {pairs[0][1]}"):
            table.add_column(name, justify="right")
    for title, layer, name in _ROWS:
        scores = agreement.score(layer, name)
        if not scores:
            continue
        shown = {(one.first, one.second): _number(one.f1) for one in scores}
        cells = [shown.get(pair, NOTHING) for pair in pairs]
        if len(pairs) == 1:
            one = scores[0]
            cells += [f"{count:,g}" for count in (one.both, one.first_only, one.second_only)]
        table.add_row(title, *cells)
    return table


def _coefficient_table(agreement: Agreement) -> Table:
    table = _table("Beyond chance", "", "between")
    for name in ("units", "agree", "κ", "α"):
        table.add_column(name, justify="right")
    last = None
    for one in sorted(agreement.coefficients, key=_place):
        if last is not None and (one.layer, one.name == CHARACTERS) != last:
            table.add_section()
        last = (one.layer, one.name == CHARACTERS)
        between = "all" if one.first is None else f"{one.first} · {one.second}"
        shown = (_number(one.observed), _number(one.kappa), _number(one.alpha))
        table.add_row(f"{one.layer} · {one.name}", between, f"{one.units:,}", *shown)
    return table


def _place(one: Coefficient) -> tuple[int, bool]:
    layers = ("quantities", "entities", "claims")
    return layers.index(one.layer), one.name == CHARACTERS


def _render_disagreements(agreement: Agreement, console: Console, most: int) -> None:
    found = agreement.disagreements
    counted = Counter(f"{one.record} · {one.field or 'whole'}" for one in found)
    told = ", ".join(f"{number:,} {what}" for what, number in counted.most_common(6))
    console.print(Text(f"{len(found):,} disagreements{': ' + told if told else ''}"))
    if not found or most < 1:
        return
    console.print(Text("First disagreements", style="bold"))
    for one in found[:most]:
        said = f"{one.first} {_said(one.says_first)}, {one.second} {_said(one.says_second)}"
        what = f"{one.record} {one.field or ''}".strip()
        console.print(
            Text(f"  {one.doc_id} {one.start}–{one.end}  {what}  {_line(one.text)}: {said}")
        )
        if one.sentence:
            console.print(Text(f"    {_around(one)}", style="dim"))


def _said(value: str | None) -> str:
    return "says nothing" if value is None else f"says {_line(value)}"


def _around(one: Disagreement) -> str:
    """Return the words of the sentence around a record, on one line."""
    sentence = " ".join((one.sentence or "").split())
    place = max(0, sentence.find(" ".join(one.text.split())[:_MOST_CHARACTERS]))
    first, last = max(0, place - _AROUND), place + len(one.text) + _AROUND
    return f"{'…' if first else ''}{sentence[first:last]}{'…' if last < len(sentence) else ''}"


def _table(title: str, *names: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for name in names:
        table.add_column(name)
    return table


def _line(text: str, most: int = _MOST_CHARACTERS) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _number(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3f}"
