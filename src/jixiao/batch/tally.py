"""What a run found, counted as it goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from jixiao.records import Check, Claim, Entity, Fact, Issue, Quantity, Record, by_type


@dataclass
class Tally:
    """Counts over all documents of a run.

    ``quantities`` and ``entities`` are by label, ``claims`` by kind, ``issues`` by code, ``checks``
    by verdict; ``aligned`` are the quantities with an indicator, ``conflicts`` the facts whose
    mentions disagree.
    """

    documents: int = 0
    failed: int = 0
    characters: int = 0
    quantities: Counter[str] = field(default_factory=Counter)
    aligned: int = 0
    entities: Counter[str] = field(default_factory=Counter)
    claims: Counter[str] = field(default_factory=Counter)
    facts: int = 0
    conflicts: int = 0
    checks: Counter[str] = field(default_factory=Counter)
    issues: Counter[str] = field(default_factory=Counter)

    def add(self, character_count: int, records: Iterable[Record]) -> None:
        """Count a document that was annotated."""
        self.documents += 1
        self.characters += character_count
        found = by_type(records)
        quantities, facts = found.get(Quantity, ()), found.get(Fact, ())
        self.quantities.update(quantity.label for quantity in quantities)
        self.aligned += sum(quantity.indicator is not None for quantity in quantities)
        self.facts += len(facts)
        self.conflicts += sum(fact.conflict for fact in facts)
        self.entities.update(entity.label for entity in found.get(Entity, ()))
        self.claims.update(claim.kind for claim in found.get(Claim, ()))
        self.checks.update(check.verdict for check in found.get(Check, ()))
        self.issues.update(issue.code for issue in found.get(Issue, ()))

    def add_failure(self) -> None:
        """Count a document that failed."""
        self.documents += 1
        self.failed += 1

    @property
    def aligned_share(self) -> float | None:
        """The share of quantities that have an indicator; None where there is no quantity."""
        total = self.quantities.total()
        return round(self.aligned / total, 4) if total else None

    def to_dict(self) -> dict[str, Any]:
        """Return the counts for JSON, names and keys in a fixed order."""
        return {
            "documents": self.documents,
            "ok": self.documents - self.failed,
            "failed": self.failed,
            "characters": self.characters,
            "quantities": self.quantities.total(),
            "quantities_by_label": dict(sorted(self.quantities.items())),
            "aligned": self.aligned,
            "aligned_share": self.aligned_share,
            "entities": self.entities.total(),
            "entities_by_label": dict(sorted(self.entities.items())),
            "claims": self.claims.total(),
            "claims_by_kind": dict(sorted(self.claims.items())),
            "facts": self.facts,
            "conflicts": self.conflicts,
            "checks": dict(sorted(self.checks.items())),
            "issues": self.issues.total(),
            "issues_by_code": dict(sorted(self.issues.items())),
        }
