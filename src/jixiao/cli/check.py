"""``jixiao check``: the consistency report of an annotated folder."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from jixiao.cli.group import PARTIAL_FAILURE, TeachingCommand

if TYPE_CHECKING:
    from jixiao.annotation import Annotation
    from jixiao.records import Check, Quantity

_ORDER: Final = ("inconsistent", "truncated", "scope", "rounded", "ok")
_SHOWN: Final = ("inconsistent", "truncated", "scope")
_COLOURS: Final = {"inconsistent": "red", "truncated": "yellow", "scope": "cyan"}
_AROUND: Final = 24


@dataclass(frozen=True)
class _Line:
    """A check with its place: the line of the stated number, and the words around each number."""

    check: Check
    line: int
    quotes: list[str]


@click.command(cls=TeachingCommand)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--all", "show_all", is_flag=True, help="Show what agrees too: ok and rounded.")
@click.option("--json", "as_json", is_flag=True, help="Print the checks as one JSON object.")
def check(folder: Path, show_all: bool, as_json: bool) -> None:
    """Report where a report's own arithmetic does not hold.

    DIR is the output of `jixiao annotate`. Every sum, difference, share, growth, list and score that
    a report asserts was recomputed there within the precision its numbers are printed with. Shown
    are, by document, those that are inconsistent, then what was truncated instead of rounded, then
    pairs of numbers that look like one and differ in scope. Each comes with the line of the text and
    the words around its numbers.

    The exit code is 0 whatever is found, 1 where some file cannot be read.

    For example:
      jixiao annotate reports/ --out results
      jixiao check results
      jixiao check results --all
      jixiao check results --json | jq '.documents[].checks[] | select(.verdict == "inconsistent")'
    """
    from jixiao.errors import JixiaoError, SettingsError
    from jixiao.stores.annotations import list_doc_ids, read_annotation

    doc_ids = list_doc_ids(folder)
    if not doc_ids:
        raise SettingsError(
            f"no annotations in {folder}; expected the folder given to `jixiao annotate --out`"
        )
    failures: list[str] = []
    documents: list[dict[str, Any]] = []
    totals: Counter[str] = Counter()
    for doc_id in doc_ids:
        try:
            annotation = read_annotation(folder, doc_id)
        except JixiaoError as error:
            failures.append(str(error))
            continue
        totals.update(found.verdict for found in _checks(annotation))
        lines = _lines(annotation, _ORDER if show_all else _SHOWN)
        if as_json:
            documents.append(_to_dict(annotation, lines))
        else:
            _print_document(annotation, lines)
    if as_json:
        result = {"documents": documents, "verdicts": _counted(totals), "failures": failures}
        click.echo(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        _print_summary(totals)
    for failure in failures:
        click.echo(failure, err=True)
    if failures:
        sys.exit(PARTIAL_FAILURE)


def _lines(annotation: Annotation, verdicts: Sequence[str]) -> list[_Line]:
    """Return the checks of some verdicts with their places, the gravest verdict first."""
    by_id = {quantity.id: quantity for quantity in annotation.quantities}
    chosen = [found for found in _checks(annotation) if found.verdict in verdicts]
    chosen.sort(key=lambda found: _ORDER.index(found.verdict))
    lines = []
    for found in chosen:
        numbers = [by_id[name] for name in found.quantities if name in by_id]
        line = annotation.text.count("\n", 0, numbers[0].start) + 1 if numbers else 0
        lines.append(_Line(found, line, list(_quotes(annotation.text, numbers))))
    return lines


def _checks(annotation: Annotation) -> list[Check]:
    from jixiao.records import Check

    return [record for record in annotation.records if isinstance(record, Check)]


def _quotes(text: str, numbers: Sequence[Quantity]) -> Iterator[str]:
    """Yield the words around numbers, of each sentence or cell once."""
    end = -1
    for number in sorted(numbers, key=lambda one: one.start):
        if number.end <= end:
            continue
        first, last = number.sentence or (number.start, number.end)
        start, end = max(first, number.start - _AROUND), min(last, number.end + _AROUND)
        words = " ".join(text[start:end].split())
        if not any("\u4e00" <= char <= "\u9fff" for char in words):
            continue  # a bare number of a table says nothing more than the message
        yield f"{'…' if start > first else ''}{words}{'…' if end < last else ''}"


def _print_document(annotation: Annotation, lines: Sequence[_Line]) -> None:
    if not lines:
        return
    document = annotation.document
    click.secho(f"{document.doc_id}  {document.title or ''}".rstrip(), bold=True)
    for one in lines:
        found = one.check
        verdict = click.style(found.verdict, fg=_COLOURS.get(found.verdict))
        click.echo(f"  {verdict}  line {one.line}  {found.kind}")
        click.echo(f"    {found.message}")
        if found.verdict in _SHOWN:
            for quote in one.quotes[:3]:
                click.echo(f"    > {quote}")
    click.echo()


def _print_summary(totals: Counter[str]) -> None:
    counts = ", ".join(f"{number:,} {verdict}" for verdict, number in _counted(totals).items())
    click.echo(counts or "no relation was found", err=True)


def _counted(totals: Counter[str]) -> dict[str, int]:
    return {verdict: totals[verdict] for verdict in _ORDER if totals[verdict]}


def _to_dict(annotation: Annotation, lines: Sequence[_Line]) -> dict[str, Any]:
    document = annotation.document
    return {
        "doc_id": document.doc_id,
        "title": document.title,
        "checks": [
            {
                "id": one.check.id,
                "kind": one.check.kind,
                "verdict": one.check.verdict,
                "line": one.line,
                "stated": _plain(one.check.stated),
                "recomputed": _plain(one.check.recomputed),
                "quantities": one.check.quantities,
                "message": one.check.message,
                "quotes": one.quotes,
            }
            for one in lines
        ],
    }


def _plain(value: object) -> str | None:
    return None if value is None else str(value)
