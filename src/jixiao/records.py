"""The records of the annotation format: what every layer produces and every output holds.

One :class:`msgspec.Struct` for each record type of ``ANNOTATION.md`` and ``DESIGN.md``. A record
serialises to one line of JSON; fields that do not apply are left out. Offsets are Unicode code
points into the raw text, half-open: ``raw[record.start:record.end] == record.text``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias

import msgspec

from jixiao.errors import RecordError

SCHEMA_VERSION: Final = "1"

QuantityLabel: TypeAlias = Literal["MONEY", "PERCENT", "COUNT", "RATIO", "RANK", "SCORE", "MEASURE"]
Bound: TypeAlias = Literal["=", "≈", ">", "≥", "<", "≤"]
Measure: TypeAlias = Literal[
    "level",
    "new",
    "net_new",
    "applied",
    "recommended",
    "approved",
    "growth",
    "change",
    "share",
    "gap",
    "rank",
]
Direction: TypeAlias = Literal["up", "down"]
Modality: TypeAlias = Literal["actual", "planned", "forecast", "rule"]
EntityLabel: TypeAlias = Literal[
    "COMPANY",
    "GOV",
    "INSTITUTION",
    "PARK",
    "PLACE",
    "PERSON",
    "PROGRAM",
    "HONOUR",
    "DOCUMENT",
]
ClaimKind: TypeAlias = Literal[
    "recognition", "ranking", "milestone", "growth", "output", "compliance"
]
CheckKind: TypeAlias = Literal[
    "sum",
    "difference",
    "share",
    "growth",
    "integer_base",
    "list_count",
    "duplicate",
    "rubric",
]
Verdict: TypeAlias = Literal["ok", "rounded", "truncated", "inconsistent", "scope"]

Offsets: TypeAlias = tuple[int, int]


class _Record(
    msgspec.Struct, tag_field="type", omit_defaults=True, kw_only=True, forbid_unknown_fields=True
):
    """Base of all records: tagged by ``type``, default fields left out, unknown fields refused."""


class Part(msgspec.Struct, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a file that holds several: form, report and rubric, or reports of several bureaus.

    ``start`` and ``end`` are raw offsets; the other fields are those of :class:`Document`, ``form``
    is ``report``, ``form`` or ``rubric``.
    """

    start: int
    end: int
    form: Literal["report", "form", "rubric"]
    title: str | None = None
    issuer: str | None = None
    region: str | None = None
    region_code: str | None = None
    fiscal_year: str | None = None
    report_date: str | None = None
    kind: str | None = None
    score: Decimal | None = None
    grade: str | None = None


class Document(_Record, tag="document", kw_only=True):
    """What a report is: the first record of every annotation file.

    ``sha256`` is that of the source's bytes, ``text_sha256`` that of the raw text as UTF-8.
    ``region`` is the full name of the reporting body's own region, ``region_code`` its GB/T 2260
    code. ``score`` and ``grade`` are what the report gives the spending it is about, of 100 points
    and as 优, 良, 中 or 差. ``parts`` is left out where the file is one report. ``redacted`` is true where
    personal names and numbers are masked, and ``text_sha256`` then that of the masked text. A field that
    the text does not tell is left out.
    """

    doc_id: str
    schema: str | None = None
    source: str | None = None
    media_type: str | None = None
    sha256: str | None = None
    text_sha256: str | None = None
    title: str | None = None
    issuer: str | None = None
    region: str | None = None
    region_code: str | None = None
    fiscal_year: str | None = None
    report_date: str | None = None
    kind: str | None = None
    score: Decimal | None = None
    grade: str | None = None
    parts: list[Part] | None = None
    redacted: bool | None = None


class _Span(_Record, kw_only=True):
    """Fields that every record with a place in the text shares."""

    id: str
    start: int
    end: int
    text: str
    key: str | None = None
    confidence: float | None = None
    rule: str | None = None
    sentence: Offsets | None = None
    section: list[str] | None = None


class Candidate(msgspec.Struct):
    """An indicator that was considered for a quantity, and its score between 0 and 1."""

    indicator: str
    score: float


class Quantity(_Span, tag="quantity", kw_only=True):
    """A number with its unit, normalised, and the context that makes it a fact.

    ``value`` is exact: yuan for CNY, percent for ``%``, the number itself elsewhere. It is None
    only where the text is malformed, and an :class:`Issue` then says why.
    """

    label: QuantityLabel
    value: Decimal | None = None
    value_high: Decimal | None = None
    unit: str | None = None
    bound: Bound | None = None
    noun: str | None = None
    subject: str | None = None
    indicator: str | None = None
    facet: str | None = None
    measure: Measure | None = None
    direction: Direction | None = None
    period: str | None = None
    region: str | None = None
    modality: Modality | None = None
    table: bool | None = None
    of: str | None = None
    total: str | None = None
    candidates: list[Candidate] | None = None
    evidence: dict[str, str] | None = None


class Entity(_Span, tag="entity", kw_only=True):
    """A named body, place, person, programme, honour or document."""

    label: EntityLabel
    refers_to: str | None = None


class Trigger(msgspec.Struct):
    """The word that carries a claim."""

    start: int
    end: int
    text: str


class Claim(_Span, tag="claim", kw_only=True):
    """A statement that something was achieved in or by the reporting period.

    ``awarded_by`` and ``year`` are told of recognitions: who conferred the honour, and for which year.
    ``actor_name`` is the full name of an actor that the words of ``actor`` only point at (我局, 该公司,
    a short form), and the reporting body where a claim names no actor and its clause leaves the subject
    out. ``date`` is a day, a month or the period of the numbers. ``rank`` is a place (``1``, ``≤3``) or
    前列, 唯一, 首个; ``peers`` among whom. ``polarity`` is ``negative`` where the achievement is that
    something did not happen. ``same_as`` is the id of the claim that states the achievement first.
    """

    kind: ClaimKind
    trigger: Trigger | None = None
    actor: str | None = None
    actor_name: str | None = None
    object: str | None = None
    level: str | None = None
    awarded_by: str | None = None
    year: str | None = None
    date: str | None = None
    rank: str | None = None
    peers: str | None = None
    quantities: list[str] | None = None
    modality: Literal["actual", "forecast"] | None = None
    polarity: Literal["negative"] | None = None
    same_as: str | None = None


class Fact(_Record, tag="fact", kw_only=True):
    """One (region, indicator, facet, label, measure, of, period, modality) and what it is said to be.

    ``quantities`` are the ids of every mention. ``conflict`` marks facts whose mentions disagree
    beyond their printed precision.
    """

    id: str
    document: str
    issuer: str | None = None
    region: str | None = None
    region_code: str | None = None
    indicator: str
    indicator_zh: str
    facet: str | None = None
    label: QuantityLabel
    measure: Measure | None = None
    of: str | None = None
    period: str | None = None
    modality: Modality | None = None
    value: Decimal | None = None
    value_high: Decimal | None = None
    unit: str | None = None
    bound: Bound | None = None
    direction: Direction | None = None
    peers: str | None = None
    quantities: list[str]
    conflict: bool
    confidence: float | None = None


class Check(_Record, tag="check", kw_only=True):
    """A piece of the report's own arithmetic: what it states against what its numbers give."""

    id: str
    kind: CheckKind
    verdict: Verdict
    stated: Decimal | None = None
    recomputed: Decimal | None = None
    interval: tuple[Decimal, Decimal] | None = None
    quantities: list[str]
    message: str


class Issue(_Record, tag="issue", kw_only=True):
    """Something odd in the text: the place is kept, nothing is guessed."""

    id: str
    code: str
    message: str
    start: int
    end: int


Record: TypeAlias = Document | Quantity | Entity | Claim | Fact | Check | Issue
SpanRecord: TypeAlias = Quantity | Entity | Claim

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record)


def encode_line(record: Record) -> str:
    """Return ``record`` as one line of JSON, without the line end.

    >>> encode_line(Issue(id="i1", code="empty", message="空文件", start=0, end=0))
    '{"type":"issue","id":"i1","code":"empty","message":"空文件","start":0,"end":0}'
    """
    return _encoder.encode(record).decode()


def encode_lines(records: Iterable[Record]) -> bytes:
    r"""Return the content of an annotation file: one line of JSON for each record.

    >>> encode_lines([Issue(id="i1", code="empty", message="", start=0, end=0)])
    b'{"type":"issue","id":"i1","code":"empty","message":"","start":0,"end":0}\n'
    """
    return _encoder.encode_lines(records)


def decode_lines(content: bytes) -> list[Record]:
    """Return the records of what :func:`encode_lines` made.

    Raises
    ------
    RecordError
        If a line is no record of the format.
    """
    try:
        return _decoder.decode_lines(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RecordError(
            f"not the records of an annotation file: {error}; expected what encode_lines made"
        ) from error


def decode_line(line: str | bytes) -> Record:
    """Return the record that one line of JSON holds.

    Raises
    ------
    RecordError
        If the line is no JSON, or no record of the format; the message names the field.

    >>> decode_line('{"type":"issue","id":"i1","code":"empty","message":"空","start":0,"end":0}').id
    'i1'
    """
    try:
        return _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        shown = line if isinstance(line, str) else line.decode("utf-8", "replace")
        raise RecordError(
            f"not a record of the annotation format: {error}; given {shown[:120]!r}; expected one "
            "JSON object with a known 'type' (see `jixiao validate --schema`)"
        ) from error


def span_key(text_sha256: str, record_type: str, label: str, start: int, end: int) -> str:
    """Return the 12 hex digits that identify a span across runs and versions.

    The key depends on the text, the type, the label (or claim kind) and the offsets only, so a
    reviewer's decision finds its record again after a re-run.

    >>> span_key("00", "quantity", "MONEY", 3, 9)
    '56c0d53dd140'
    """
    payload = f"{text_sha256}|{record_type}|{label}|{start}|{end}"
    return hashlib.sha256(payload.encode()).hexdigest()[:12]


_ORDER: Final[dict[type[Any], int]] = {
    Document: 0,
    Quantity: 1,
    Entity: 1,
    Claim: 1,
    Fact: 2,
    Check: 3,
    Issue: 4,
}


def in_file_order(records: Iterable[Record]) -> list[Record]:
    """Return records in the order of a file: document, spans by (start, −end, type), facts, checks, issues.

    Facts, checks and issues keep the order they came in. Empty input gives an empty list.
    """

    def position(record: Record) -> tuple[int, int, int, str]:
        group = _ORDER[type(record)]
        if isinstance(record, Quantity | Entity | Claim):
            return group, record.start, -record.end, type(record).__name__
        return group, 0, 0, ""

    return sorted(records, key=position)


def by_type(records: Iterable[Record]) -> dict[type[Any], list[Any]]:
    """Return records by their type, each list in the order given.

    >>> issue = Issue(id="i1", code="empty", message="", start=0, end=0)
    >>> {kind.__name__: len(found) for kind, found in by_type([issue, issue]).items()}
    {'Issue': 2}
    """
    found: dict[type[Any], list[Any]] = {}
    for record in records:
        found.setdefault(type(record), []).append(record)
    return found


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of one line of an annotation file."""
    (schema,), components = msgspec.json.schema_components([Record], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"jixiao annotation record, schema {SCHEMA_VERSION}",
        **schema,
        "$defs": components,
    }
