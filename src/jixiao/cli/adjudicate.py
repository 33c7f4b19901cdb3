"""``jixiao adjudicate``: two annotations become one."""

from __future__ import annotations

from pathlib import Path

import click

from jixiao.cli.group import PARTIAL_FAILURE, TeachingCommand


@click.command(cls=TeachingCommand)
@click.argument("first", metavar="A", type=click.Path(path_type=Path))
@click.argument("second", metavar="B", type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for gold/, settled/ and the disputes.",
)
@click.option(
    "--decisions",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="disputes.xlsx or disputes.jsonl with decisions filled in.",
)
@click.option(
    "--text",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder with the raw texts, for the sentences; else a folder text/ beside A or B.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def adjudicate(
    first: Path, second: Path, out: Path, decisions: Path | None, text: Path | None, as_json: bool
) -> None:
    """Merge two annotations: what both agree on is settled, the rest is put to a person.

    A and B hold annotation files (*.jsonl), or are outputs of `jixiao annotate`. The disputes go to
    DIR/disputes.xlsx (both versions side by side, a column for the decision) and, the same,
    DIR/disputes.jsonl. A decision is A, B, both (都留) or none (都删), with corrections as value=120；
    unit=家 where neither is quite right.

    With --decisions the documents in which nothing is open any more are written to DIR/gold, ids and
    references made anew; the others wait in DIR/settled. Run it as often as you like: the same
    input gives the same files. The exit code is 1 while disputes are open.

    For example:
      jixiao adjudicate gold/anna gold/bo --out adjudicated --text texts
      jixiao adjudicate gold/anna gold/bo --out adjudicated --decisions adjudicated/disputes.xlsx
      jixiao validate adjudicated/gold
    """
    from jixiao.evaluation.adjudication import adjudicate_folders, summary

    found = adjudicate_folders(first, second, out, text=text, decisions=decisions)
    counts = summary(found)
    if as_json:
        import json

        click.echo(json.dumps(counts, ensure_ascii=False, indent=2))
    else:
        done = sum(not one["open"] for one in counts["documents"].values())
        click.echo(
            f"{counts['settled']:,} records settled, {counts['disputes']:,} disputes, "
            f"{counts['open']:,} of them open; {done:,} of {len(counts['documents']):,} documents done"
        )
        for name, ids in ((first, found.only_first), (second, found.only_second)):
            if ids:
                click.echo(
                    f"! {len(ids):,} documents only in {name}: {', '.join(ids[:5])}", err=True
                )
        if counts["open"]:
            click.echo(f"Fill in {out}/disputes.xlsx, then give it with --decisions", err=True)
    if counts["open"]:
        raise SystemExit(PARTIAL_FAILURE)
