"""The annotation of one report: its document record, raw text and records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

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
    encode_lines,
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
        # By identity of the type: no type of record has subtypes, and isinstance takes twice as long.
        return [record for record in self.records if type(record) is kind]

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
        return encode_lines(self.records).decode()

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
        self,
        kind: type[SpanRecord | Fact | Check | Issue] | str = Quantity,
        *,
        chinese: bool = False,
    ) -> pd.DataFrame:
        """Return the records of one type as a pandas table, a row a record.

        The columns are the fields of the record type, in order, after ``document``; ``indicator_zh`` is
        the name of the indicator. Values stay ``Decimal``. No records give an empty table with the same
        columns.

        Parameters
        ----------
        kind
            The record type, or its name: ``quantities``, ``entities``, ``claims``, ``facts``,
            ``checks``, ``issues``.
        chinese
            Whether the columns have Chinese headings.

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
        >>> list(found.to_frame("checks", chinese=True).columns)[:4]
        ['文件', '编号', '类别', '结论']
        """
        return _frame([self], _kind_of(kind), chinese=chinese)

    def to_html(self) -> str:
        """Return the report as one HTML page that needs nothing else: text beside facts.

        >>> import jixiao
        >>> "3所</mark>" in jixiao.annotate("全年新建学校3所。").to_html()
        True
        """
        page: str = import_module("jixiao.views.page").report_page(self, _indicator_names(self))
        return page

    def show(self) -> None:
        """Show the report: in a notebook as its page, elsewhere printed as by ``jixiao show``."""
        import_module("jixiao.views.showing").show(self, _indicator_names(self))


class Annotations(Sequence[Annotation]):
    """The annotations of several reports, by place or by ``doc_id``.

    What takes annotations (:func:`jixiao.panel`, :func:`jixiao.evaluate`, :func:`jixiao.compare` …) takes
    them.

    >>> import jixiao
    >>> found = Annotations([jixiao.annotate("全年新建学校3所，修路2公里。")])
    >>> len(found), found["text"].quantities[0].text
    (1, '3所')
    >>> found.to_frame()[["document", "text"]].values.tolist()
    [['text', '3所'], ['text', '2公里']]
    """

    def __init__(self, found: Iterable[Annotation]) -> None:
        """Hold annotations in the order given."""
        self._all = tuple(found)

    def __len__(self) -> int:
        return len(self._all)

    @overload
    def __getitem__(self, place: int | str) -> Annotation: ...
    @overload
    def __getitem__(self, place: slice) -> Annotations: ...
    def __getitem__(self, place: int | str | slice) -> Annotation | Annotations:
        if isinstance(place, slice):
            return Annotations(self._all[place])
        if isinstance(place, int):
            return self._all[place]
        for one in self._all:
            if one.document.doc_id == place:
                return one
        raise KeyError(place)

    @property
    def doc_ids(self) -> list[str]:
        """The ids of the documents, in order."""
        return [one.document.doc_id for one in self._all]

    def to_frame(
        self,
        kind: type[SpanRecord | Fact | Check | Issue | Document] | str = Quantity,
        *,
        chinese: bool = False,
    ) -> pd.DataFrame:
        """Return the records of one type in all reports as a pandas table.

        As :meth:`Annotation.to_frame`; ``documents`` gives a row a report.

        Raises
        ------
        SettingsError
            If there are no records of that name.
        """
        return _frame(self._all, _kind_of(kind, documents=True), chinese=chinese)

    def __repr__(self) -> str:
        return f"<{len(self)} annotations: {', '.join(self.doc_ids[:3])}{' …' if len(self) > 3 else ''}>"

    def _repr_html_(self) -> str:
        """Return what a notebook shows: a row for each report."""
        told = self.to_frame("documents", chinese=True).iloc[:, :_TOLD]
        told["数量"] = [len(one.quantities) for one in self._all]
        told["事实"] = [len(one.facts) for one in self._all]
        told["成效"] = [len(one.claims) for one in self._all]
        html: str = told.to_html(index=False, na_rep="", max_rows=20)
        return html


# Of a document, in a notebook: what the report is, and not its hashes.
_TOLD: Final = 6
_KINDS: Final[Mapping[str, type[SpanRecord | Fact | Check | Issue]]] = {
    "quantities": Quantity,
    "entities": Entity,
    "claims": Claim,
    "facts": Fact,
    "checks": Check,
    "issues": Issue,
}


def _kind_of(kind: type[Any] | str, *, documents: bool = False) -> type[Any]:
    if not isinstance(kind, str):
        return kind
    known = {**_KINDS, "documents": Document} if documents else _KINDS
    if kind not in known:
        from jixiao.errors import SettingsError

        raise SettingsError(f"no records are called {kind!r}; expected one of {', '.join(known)}")
    return known[kind]


# What tells of a report first, then where it came from.
_OF_DOCUMENTS: Final = ("title", "issuer", "region", "fiscal_year", "kind", "region_code")


def _columns(kind: type[Any]) -> list[str]:
    """Return the columns of a table: the document, then the fields in order."""
    fields = [name for name in kind.__struct_fields__ if name not in ("document", "doc_id")]
    if kind is Document:
        return ["document", *dict.fromkeys((*_OF_DOCUMENTS, *fields))]
    if kind is Quantity:
        fields.insert(fields.index("indicator") + 1, "indicator_zh")
    return ["document", *fields]


def _frame(found: Sequence[Annotation], kind: type[Any], *, chinese: bool) -> pd.DataFrame:
    import pandas as pd

    columns = _columns(kind)
    rows = [row for annotation in found for row in _rows(annotation, kind, columns)]
    if chinese:
        headings: Mapping[str, str] = import_module("jixiao.exports.names").FIELDS
        columns = [headings[name] for name in columns]
    return pd.DataFrame(rows, columns=columns)


def _rows(
    annotation: Annotation, kind: type[Any], columns: Sequence[str]
) -> Iterator[list[object]]:
    doc_id = annotation.document.doc_id
    names = _indicator_names(annotation) if kind is Quantity else {}
    for record in annotation.records:
        if type(record) is not kind:
            continue
        told: dict[str, object] = {"document": doc_id}
        if isinstance(record, Quantity):
            told["indicator_zh"] = names.get(record.indicator)
        yield [told[name] if name in told else getattr(record, name) for name in columns]


def _indicator_names(annotation: Annotation) -> dict[str | None, str]:
    """Return the Chinese name of each indicator, by id; what the facts say comes first."""
    # By name: the catalogue stands above this module.
    known = import_module("jixiao.indicators").load_catalogue().indicators
    names = {key: one.name_zh for key, one in known.items()}
    return {**names, **{fact.indicator: fact.indicator_zh for fact in annotation.facts}}
