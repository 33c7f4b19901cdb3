"""Fit the confidence table: how often each rule was right on the development documents.

``python -m jixiao.training.confidence`` writes ``resources/confidence.csv`` from the training
specimens and, where ``JIXIAO_REPORTS`` names them, the real reports. Test specimens are left out.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from jixiao.confidence import rules_of
from jixiao.evaluation.matching import match_quantities
from jixiao.records import Quantity
from jixiao.training.development import annotate_all, gold_documents, select

TABLE: Final = Path(__file__).parents[1] / "resources" / "confidence.csv"


def count_rules(
    pairs: Iterable[tuple[Quantity | None, Quantity]],
    aligned: Collection[int] | None = None,
) -> dict[str, tuple[int, int]]:
    """Return (right, all) of each rule over pairs of gold (or None) and predicted quantities.

    A reading rule is right where a gold quantity matched; an aligning rule where its indicator did.
    ``aligned`` holds the places of the pairs whose gold has indicators, None if all have.
    """
    right: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for place, (gold, predicted) in enumerate(pairs):
        reading, *aligning = rules_of(predicted)
        seen[reading] += 1
        right[reading] += gold is not None
        for rule in aligning if aligned is None or place in aligned else ():
            seen[rule] += 1
            right[rule] += gold is not None and gold.indicator == predicted.indicator
    return {rule: (right[rule], seen[rule]) for rule in sorted(seen)}


def main() -> int:
    """Fit the table and write it; return the exit code."""
    documents = select(gold_documents(), "train", "real")
    pairs: list[tuple[Quantity | None, Quantity]] = []
    aligned: set[int] = set()
    for doc_id, predicted in annotate_all(documents).items():
        gold = [r for r in documents[doc_id].gold.records if isinstance(r, Quantity)]
        matching = match_quantities(gold, predicted.quantities)
        before = len(pairs)
        pairs.extend(matching.pairs)
        pairs.extend((None, spurious) for spurious in matching.spurious)
        if documents[doc_id].aligned:
            aligned.update(range(before, len(pairs)))
    counts = count_rules(pairs, aligned)
    with TABLE.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["rule", "right", "all"])
        writer.writerows([rule, *count] for rule, count in counts.items())
    names = ", ".join(documents)
    sys.stdout.write(f"{TABLE.name}: {len(counts)} rules over {len(pairs)} quantities of {names}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
