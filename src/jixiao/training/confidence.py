"""Fit the confidence table: how often each rule was right on the development documents.

``jixiao train confidence`` writes ``resources/confidence.csv`` from the training specimens and,
where ``JIXIAO_REPORTS`` names them, the real reports. Test specimens are left out.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from jixiao.annotation import Annotation
from jixiao.confidence import rules_of
from jixiao.evaluation.matching import match_entities, match_quantities
from jixiao.records import Entity, Quantity
from jixiao.training.development import GoldDocument, annotate_all, gold_documents, select

TABLE: Final = Path(__file__).parents[1] / "resources" / "confidence.csv"


class Use(NamedTuple):
    """A use of a rule, and whether gold agrees with what it found."""

    rule: str
    right: bool


def uses_of(document: GoldDocument, predicted: Annotation) -> Iterator[Use]:
    """Yield every use of a rule in a document.

    A reading rule is right where a gold quantity matched, an aligning rule where its indicator did
    (in documents whose gold has indicators), a rule of names where gold has the same name.
    """
    gold = document.gold.records
    quantities = match_quantities(
        [record for record in gold if isinstance(record, Quantity)], predicted.quantities
    )
    for of_gold, found in quantities.pairs:
        yield from _uses_of_quantity(of_gold, found, document.aligned)
    for spurious in quantities.spurious:
        yield from _uses_of_quantity(None, spurious, document.aligned)
    entities = match_entities(
        [record for record in gold if isinstance(record, Entity)], predicted.entities
    )
    for _, name in entities.pairs:
        yield Use(name.rule or "", True)
    for name in entities.spurious:
        yield Use(name.rule or "", False)


def _uses_of_quantity(gold: Quantity | None, found: Quantity, aligned: bool) -> Iterator[Use]:
    reading, *aligning = rules_of(found)
    yield Use(reading, gold is not None)
    for rule in aligning if aligned else ():
        yield Use(rule, gold is not None and gold.indicator == found.indicator)


def count_rules(uses: Iterator[Use]) -> dict[str, tuple[int, int]]:
    """Return (right, all) of each rule, by rule.

    >>> count_rules(iter([Use("number.unit", True), Use("number.unit", False)]))
    {'number.unit': (1, 2)}
    """
    counts: dict[str, tuple[int, int]] = {}
    for rule, right in uses:
        before = counts.get(rule, (0, 0))
        counts[rule] = before[0] + right, before[1] + 1
    return dict(sorted(counts.items()))


def train_confidence(table: Path = TABLE) -> str:
    """Fit the table, write it, and return what was done in a line."""
    documents = select(gold_documents(), "train", "real")
    predicted = annotate_all(documents)
    counts = count_rules(
        use for doc_id, found in predicted.items() for use in uses_of(documents[doc_id], found)
    )
    with table.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["rule", "right", "all"])
        writer.writerows([rule, *count] for rule, count in counts.items())
    return f"{table.name}: {len(counts)} rules over {', '.join(documents)}"


def main() -> int:
    """Fit and write the table; return the exit code."""
    sys.stdout.write(f"{train_confidence()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
