"""``jixiao catalogue``: check a catalogue of your own, have one suggested, look up the shipped one."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from jixiao.cli.group import PARTIAL_FAILURE, CommandGroup, TeachingCommand

if TYPE_CHECKING:
    from jixiao.indicators.catalogue import Indicator
    from jixiao.indicators.catalogue_check import Checked
    from jixiao.suggestions import Coverage, Suggestion

_COLOURS: Final = {"error": "red", "warning": "yellow"}
_NAMES: Final = 6

_catalogue_option = click.option(
    "--catalogue",
    "own",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Your own catalogue, beside the shipped one unless it says extends: none.",
)


@click.group(cls=CommandGroup)
def catalogue() -> None:
    """Write, check and look up the indicators that numbers are aligned to.

    A catalogue of your own is a short YAML file:
      - name: 义务教育巩固率
      - name: 普惠性幼儿园
        unit: 所
        aliases: [普惠园, 普惠幼儿园]

    Only name is needed. Unit is what reports print (%, 元, 人, 人次, 所, 平方米 …); without it the
    name tells (…率 is %, …经费 is 元). Further keys: id, weak_aliases, definition, category, parent,
    relations; the keys may be Chinese (名称, 单位, 别名 …). The id is own_ and eight hex digits of
    the name's SHA-256 if you give none.

    Your indicators stand beside the shipped ones, and your names win. One with the id or the name of
    a shipped indicator adds its aliases to it. To use yours alone, begin the file with:
      extends: none
      indicators:

    For example:
      jixiao catalogue suggest results --out mine.yaml
      jixiao catalogue check mine.yaml
      jixiao annotate reports --out results --catalogue mine.yaml
    """


@catalogue.command(cls=TeachingCommand)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--in",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Count where the reports of this run (the output of `jixiao annotate`) name them.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def check(file: Path, folder: Path | None, as_json: bool) -> None:
    """Find the mistakes in a catalogue, and names that may go wrong.

    FILE is YAML (see `jixiao catalogue --help`) or CSV with the columns id, name_zh and unit. Errors
    keep it from being used: an unknown key or unit, an alias of two indicators, an id that nothing
    has. Warnings are names that are short, generic, shared with another indicator or inside a longer
    name, and parts whose unit is not that of the whole.

    Each is printed as file:line: level: what. The exit code is 1 if there is any error, 2 if FILE
    cannot be read; warnings leave it 0.

    For example:
      jixiao catalogue check mine.yaml
      jixiao catalogue check mine.yaml --in results
      jixiao catalogue check mine.csv --json | jq '.findings[] | select(.level == "error")'
    """
    from jixiao.cli.options import read_content
    from jixiao.indicators.catalogue_check import check_catalogue

    content = read_content(file, "catalogue")
    checked = check_catalogue(content)
    covered = _cover(content, checked, folder) if folder is not None else None
    if as_json:
        click.echo(json.dumps(_check_dict(file, checked, covered), ensure_ascii=False, indent=2))
    else:
        _print_checked(file, checked)
        if covered is not None:
            _print_coverage(covered)
    if checked.errors:
        sys.exit(PARTIAL_FAILURE)


def _cover(content: str, checked: Checked, folder: Path) -> list[Coverage] | None:
    """Return how often a run names the user's indicators; None where errors leave no catalogue."""
    from jixiao.indicators.catalogue import load_catalogue
    from jixiao.suggestions import cover

    if checked.own.problems:
        return None
    ids = [indicator.id for indicator in checked.own.indicators]
    return cover(folder, load_catalogue(content), ids)


def _print_checked(file: Path, checked: Checked) -> None:
    for found in checked.findings:
        level = click.style(found.level, fg=_COLOURS[found.level])
        click.echo(f"{file}:{found.line}: {level}: {found.message}")
    counts = (
        _counted(len(checked.own.indicators), "indicator"),
        _counted(checked.errors, "error"),
        _counted(len(checked.findings) - checked.errors, "warning"),
    )
    click.echo(", ".join(counts), err=True)


def _print_coverage(covered: Sequence[Coverage]) -> None:
    from rich.table import Table

    table = Table("indicator", "named", "documents", "numbers", box=None, header_style="bold")
    for one in sorted(covered, key=lambda one: (-one.numbers, -one.named, one.name)):
        style = "dim" if not one.named else None
        table.add_row(one.name, *map(str, (one.named, one.documents, one.numbers)), style=style)
    _console().print(table)
    named = sum(bool(one.named) for one in covered)
    numbers = sum(one.numbers for one in covered)
    message = f"{named} of {len(covered)} are named in the reports; {numbers:,} numbers aligned"
    if named and not numbers:
        message += "; was the run made with --catalogue?"
    click.echo(message, err=True)


def _check_dict(file: Path, checked: Checked, covered: Sequence[Coverage] | None) -> dict[str, Any]:
    result: dict[str, Any] = {
        "file": str(file),
        "indicators": [
            {"id": one.id, "name": one.name_zh, "line": checked.own.lines.get(one.id)}
            for one in checked.own.indicators
        ],
        "errors": checked.errors,
        "findings": [found._asdict() for found in checked.findings],
    }
    if covered is not None:
        result["coverage"] = [one._asdict() for one in covered]
    return result


@catalogue.command(cls=TeachingCommand)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--least",
    metavar="N",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="The fewest numbers a suggestion must have.",
)
@click.option(
    "--most",
    metavar="N",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="The most suggestions.",
)
@_catalogue_option
@click.option(
    "--out",
    metavar="FILE.yaml",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the suggestions as a catalogue, ready to edit.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the suggestions as JSON.")
def suggest(
    folder: Path, least: int, most: int, own: Path | None, out: Path | None, as_json: bool
) -> None:
    """Suggest indicators for the numbers that have none.

    DIR is the output of `jixiao annotate`. What its unaligned numbers count or measure is brought to
    a plain form; wordings that are like each other are put together. Each suggestion comes with its
    numbers and documents, its unit, examples, and the indicator nearest to it: as an alias of that
    one where they are alike, else as a new indicator.

    For example:
      jixiao catalogue suggest results
      jixiao catalogue suggest results --out mine.yaml
      jixiao catalogue suggest results --catalogue mine.yaml --least 5
      jixiao catalogue suggest results --json | jq '.suggestions[].name'
    """
    from jixiao.cli.options import read_settings
    from jixiao.indicators.catalogue import load_catalogue
    from jixiao.suggestions import suggest as find
    from jixiao.suggestions import to_yaml

    settings = read_settings(own)
    found = find(folder, load_catalogue(settings.catalogue), least=least)
    shown = found[:most]
    if out is not None:
        _write(out, to_yaml(shown, str(folder)))
        click.echo(f"{_counted(len(shown), 'suggestion')} in {out}; edit it, then", err=True)
        click.echo(f"  jixiao catalogue check {out}", err=True)
    if as_json:
        result = {"suggestions": [_suggestion_dict(one) for one in shown], "found": len(found)}
        click.echo(json.dumps(result, ensure_ascii=False, indent=2))
    elif out is None:
        _print_suggestions(shown)
        more = f" of {len(found)}; see more with --most" if len(found) > len(shown) else ""
        click.echo(f"{_counted(len(shown), 'suggestion')}{more}", err=True)


def _write(path: Path, content: str) -> None:
    from jixiao.errors import OutputError

    if path.exists():
        raise OutputError(
            f"{path} exists and may be edited; expected a new file; choose another name or move it"
        )
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}; is its folder there?") from error


def _print_suggestions(suggestions: Sequence[Suggestion]) -> None:
    console = _console()
    for one in suggestions:
        counts = f"{_counted(one.mentions, 'number')} in {_counted(one.documents, 'document')}"
        head = click.style(one.name, bold=True)
        click.echo(f"{head}  {one.unit}  {counts}")
        others = [name for name in one.phrases if name != one.name]
        if others:
            click.echo(f"  also {'、'.join(others[:_NAMES])}{' …' if len(others) > _NAMES else ''}")
        click.echo(f"  {_fate(one)}")
        for example in one.examples:
            place = f"{example.doc_id} [{example.start}, {example.end})"
            console.print(f"  > {place} {example.quote}", style="dim", markup=False, soft_wrap=True)


def _fate(one: Suggestion) -> str:
    """Return whether a suggestion is new or an alias, in a few words."""
    if one.nearest is None:
        return "new"
    near = f"{one.nearest.name} ({one.nearest.id})"
    return f"alias of {near}?" if one.alias_of else f"new; nearest is {near}"


def _suggestion_dict(one: Suggestion) -> dict[str, Any]:
    return {
        "name": one.name,
        "unit": one.unit,
        "mentions": one.mentions,
        "documents": one.documents,
        "phrases": one.phrases,
        "kind": "alias" if one.alias_of else "new",
        "nearest": one.nearest._asdict() if one.nearest is not None else None,
        "examples": [example._asdict() for example in one.examples],
    }


@catalogue.command(cls=TeachingCommand)
@click.argument("text", metavar="[ID|TEXT]", required=False)
@_catalogue_option
@click.option("--json", "as_json", is_flag=True, help="Print the indicators as JSON.")
def show(text: str | None, own: Path | None, as_json: bool) -> None:
    """List the indicators, or those of an id or whose names have a text in them.

    For example:
      jixiao catalogue show
      jixiao catalogue show 高新技术企业
      jixiao catalogue show rd_expenditure --json
    """
    from jixiao.cli.options import read_settings
    from jixiao.indicators.catalogue import load_catalogue
    from jixiao.indicators.catalogue_check import find_indicators

    known = list(load_catalogue(read_settings(own).catalogue).indicators.values())
    found = find_indicators(text, known) if text else known
    if as_json:
        shown = [_indicator_dict(one) for one in found]
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    _print_indicators(found, whole=len(found) == 1)
    click.echo(_counted(len(found), "indicator"), err=True)


def _print_indicators(indicators: Sequence[Indicator], *, whole: bool) -> None:
    from jixiao.indicators.catalogue_units import unit_text

    for one in indicators:
        aliases = [*one.aliases, *one.weak_aliases]
        rest = " …" if len(aliases) > _NAMES and not whole else ""
        listed = "、".join(aliases if whole else aliases[:_NAMES])
        click.echo(f"{one.id}  {click.style(one.name_zh, bold=True)}  {unit_text(one.unit)}")
        if listed:
            click.echo(f"  {listed}{rest}")
        if whole and one.definition:
            click.echo(f"  {one.definition}")


def _indicator_dict(one: Indicator) -> dict[str, Any]:
    from jixiao.indicators.catalogue_units import unit_text

    return {
        "id": one.id,
        "name": one.name_zh,
        "unit": unit_text(one.unit),
        "aliases": list(one.aliases),
        "weak_aliases": list(one.weak_aliases),
        "definition": one.definition,
        "category": one.category_zh,
        "parent": one.parent,
        "relations": list(one.relations),
    }


def _console() -> Any:
    from rich.console import Console

    return Console(highlight=False)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
