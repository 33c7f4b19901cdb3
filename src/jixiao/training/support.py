"""Recompute which real reports attest each alias of the catalogue: the column ``support``.

``python -m jixiao.training.support`` looks every alias of ``resources/indicators.csv`` up in the
reports that ``JIXIAO_REPORTS`` names. An alias is supported by each report that holds it letter for
letter, wherever the alias came from: leave-one-report-out figures drop what only the scored report
attests, also where it was written from knowledge of the genre.
"""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from jixiao.errors import EvaluationError

TABLE: Final = Path(__file__).parents[1] / "resources" / "indicators.csv"


def support_of(aliases: Sequence[str], texts: Mapping[str, str]) -> str:
    """Return the cell ``support``: ``alias=doc_id|doc_id``, joined by ``;``.

    Aliases keep their order, documents the order of ``texts``; an alias in no text is left out.

    >>> support_of(("研发投入", "研发经费"), {"a-2020": "研发投入增长", "b-2021": "全社会研发投入"})
    '研发投入=a-2020|b-2021'
    """
    found = {alias: [doc for doc, text in texts.items() if alias in text] for alias in aliases}
    return ";".join(f"{alias}={'|'.join(docs)}" for alias, docs in found.items() if docs)


def with_support(content: str, texts: Mapping[str, str]) -> str:
    r"""Return the catalogue's CSV content with the column ``support`` computed from the texts.

    >>> content = "id,aliases,weak_aliases,support\nrd,研发投入;R&D,,研发经费=old-2019\n"
    >>> with_support(content, {"a-2020": "研发投入增长"}).splitlines()[1]
    'rd,研发投入;R&D,,研发投入=a-2020'
    """
    reader = csv.DictReader(io.StringIO(content, newline=""), strict=True)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, reader.fieldnames or (), lineterminator="\n")
    writer.writeheader()
    for row in reader:
        names = [
            name
            for column in ("aliases", "weak_aliases")
            for name in row[column].split(";")
            if name
        ]
        writer.writerow({**row, "support": support_of(names, texts)})
    return out.getvalue()


def report_texts(reports: Path | None = None) -> dict[str, str]:
    """Return the raw texts of the real reports by id.

    Parameters
    ----------
    reports
        A folder with ``corpus/*.txt``; where None, the one that ``JIXIAO_REPORTS`` names.

    Raises
    ------
    EvaluationError
        If no folder is named, or it holds no reports: without them every support would be lost.
    """
    named = os.environ.get("JIXIAO_REPORTS")
    folder = reports or (Path(named) if named else None)
    if folder is None:
        raise EvaluationError(
            "no real reports: JIXIAO_REPORTS is not set; expected a folder with corpus/*.txt; set "
            "it to where the reports are"
        )
    texts = {
        path.stem: path.read_bytes().decode("utf-8")
        for path in sorted(folder.joinpath("corpus").glob("*.txt"))
    }
    if not texts:
        raise EvaluationError(
            f"{folder} holds no corpus/*.txt; expected the real reports; check JIXIAO_REPORTS"
        )
    return texts


def update_support(table: Path = TABLE, reports: Path | None = None) -> str:
    """Recompute the column in the table, write it, and return what was done in a line.

    Raises
    ------
    EvaluationError
        If there are no real reports.
    """
    texts = report_texts(reports)
    before = table.read_bytes().decode("utf-8")
    after = with_support(before, texts)
    table.write_bytes(after.encode("utf-8"))
    changed = sum(a != b for a, b in zip(before.split("\n"), after.split("\n"), strict=True))
    return f"{table.name}: {changed} rows changed over {', '.join(texts)}"


def main() -> int:
    """Recompute and write; return the exit code."""
    sys.stdout.write(f"{update_support()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
