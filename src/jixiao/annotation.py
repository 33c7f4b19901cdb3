"""The annotation of one report: its document record, raw text and records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final, TypeVar

from jixiao.records import (
    Check,
    Claim,
    Document,
    Entity,
    Fact,
    Issue,
    Quantity,
    Record,
    SpanRecord,
    decode_line,
    encode_line,
)

if TYPE_CHECKING:
    import pandas as pd

_R = TypeVar("_R", Quantity, Entity, Claim, Fact, Check, Issue)


@dataclass(frozen=True, slots=True)
class Annotation:
    """All that was found in one report.

    ``text`` is the raw text every offset refers to; ``records`` are in file order and hold the
    document record first.
    """

    document: Document
    text: str
    records: Sequence[Record]

    def of(self, kind: type[_R]) -> list[_R]:
        """Return the records of one type, in file order; empty where there are none."""
        return [record for record in self.records if isinstance(record, kind)]

    @property
    def quantities(self) -> list[Quantity]:
        """The quantities in text order."""
        return self.of(Quantity)

    @property
    def entities(self) -> list[Entity]:
        """The named entities in text order."""
        return self.of(Entity)

    @property
    def claims(self) -> list[Claim]:
        """The achievement claims in text order."""
        return self.of(Claim)

    @property
    def facts(self) -> list[Fact]:
        """The facts in the order of their first mention."""
        return self.of(Fact)

    @property
    def checks(self) -> list[Check]:
        """The sums, shares, growths … that the report asserts, recomputed."""
        return self.of(Check)

    @property
    def issues(self) -> list[Issue]:
        """What was odd in the text."""
        return self.of(Issue)

    def to_jsonl(self) -> str:
        """Return the annotation file's content, one record a line, with a final line end."""
        return "".join(encode_line(record) + "\n" for record in self.records)

    def _repr_html_(self) -> str:
        """Return what a notebook shows: what the report is, and its claims as cards."""
        # By name: views stand above this module, and are loaded when a notebook asks.
        cards: str = import_module("jixiao.views.cards").claim_cards(self)
        return cards

    @classmethod
    def from_jsonl(cls, content: str, text: str) -> Annotation:
        """Return the annotation that an annotation file and its raw text hold.

        Raises
        ------
        RecordError
            If a line is no record, or the first is no document record.
        """
        from jixiao.errors import RecordError

        records = [decode_line(line) for line in content.split("\n") if line.strip()]
        if not records or not isinstance(records[0], Document):
            raise RecordError(
                f"the first line of an annotation file is a document record; given {content[:80]!r}"
            )
        return cls(records[0], text, records)

    def to_frame(
        self, kind: type[SpanRecord | Fact | Check | Issue] | str = Quantity
    ) -> pd.DataFrame:
        """Return the records of one type as a pandas table, a row a record.

        The columns are the fields of the record type, in order, after ``document``; values stay
        ``Decimal``. No records give an empty table with the same columns.

        Parameters
        ----------
        kind
            The record type, or its name: ``quantities``, ``entities``, ``claims``, ``facts``,
            ``checks``, ``issues``.

        Raises
        ------
        SettingsError
            If there are no records of that name.

        Examples
        --------
        >>> import jixiao
        >>> found = jixiao.annotate("全年新建学校3所，新增学位1080个。")
        >>> found.to_frame("quantities")[["text", "noun", "measure"]].values.tolist()
        [['3所', '学校', 'new'], ['1080个', '学位', 'new']]
        """
        import pandas as pd

        kind = _kind_of(kind)
        columns = ["document", *(name for name in kind.__struct_fields__ if name != "document")]
        rows = [
            [self.document.doc_id, *(getattr(record, name) for name in columns[1:])]
            for record in self.records
            if type(record) is kind
        ]
        return pd.DataFrame(rows, columns=columns)


_KINDS: Final[Mapping[str, type[SpanRecord | Fact | Check | Issue]]] = {
    "quantities": Quantity,
    "entities": Entity,
    "claims": Claim,
    "facts": Fact,
    "checks": Check,
    "issues": Issue,
}


def _kind_of(
    kind: type[SpanRecord | Fact | Check | Issue] | str,
) -> type[SpanRecord | Fact | Check | Issue]:
    if not isinstance(kind, str):
        return kind
    if kind not in _KINDS:
        from jixiao.errors import SettingsError

        raise SettingsError(f"no records are called {kind!r}; expected one of {', '.join(_KINDS)}")
    return _KINDS[kind]
