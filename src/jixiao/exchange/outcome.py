"""What reading a file gives beside documents."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Skipped:
    """A document of a file that holds no annotation to take, and why."""

    where: str
    doc_id: str | None
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.doc_id or 'a document'} is {self.why}; skipped"
