"""The columns of the Parquet tables: one schema constant a table.

Columns keep the names of the record fields; pairs are flattened (``sentence`` becomes
``sentence_start`` and ``sentence_end``), every row names its document, and each column carries
its description in the file (``schema.field(name).metadata``).

An exact number has two columns. ``value`` is ``decimal128(38, 10)``: a number that SQL, Spark and
pandas compare and add without loss, wide enough for 28 digits before the point and 10 after,
where reports print some 15 and 6. ``value_text`` is the same number as the annotation file writes
it, with no padding zeros; it also holds the rare one that does not fit, whose ``value`` is then
null. A float column would not be exact, and a column of text alone would order ``"9"`` after
``"10"``.

Columns and fields of records are only ever added, and a new one may be empty: so what an older
version wrote is read with today's columns, empty where it had none (:func:`with_former_columns`),
and no table of its own is needed for any version.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa

from jixiao.records import SCHEMA_VERSION

DECIMAL: Final = pa.decimal128(38, 10)
CANDIDATES: Final = pa.list_(pa.struct([("indicator", pa.string()), ("score", pa.float64())]))

_STRING: Final = pa.string()
_STRINGS: Final = pa.list_(pa.string())
_OFFSET: Final = pa.int32()
_COUNT: Final = pa.int32()
_FLOAT: Final = pa.float64()
_BOOL: Final = pa.bool_()

_Columns = tuple[tuple[str, Any, str], ...]


def _schema(*columns: tuple[str, Any, str]) -> pa.Schema:
    fields = [
        pa.field(name, kind, nullable=name != "doc_id", metadata={"description": description})
        for name, kind, description in columns
    ]
    return pa.schema(fields, metadata={"jixiao_schema": SCHEMA_VERSION})


def _exact(name: str, description: str) -> _Columns:
    return (
        (name, DECIMAL, description),
        (f"{name}_text", _STRING, f"{name} as the annotation file writes it, exact always"),
    )


_DOC_ID: Final = ("doc_id", _STRING, "the document")
_SPAN: Final[_Columns] = (
    ("id", _STRING, "id within the document"),
    ("start", _OFFSET, "first code point in the raw text"),
    ("end", _OFFSET, "code point after the last"),
    ("text", _STRING, "the characters as they stand"),
)
_SPAN_ORIGIN: Final[_Columns] = (
    ("sentence_start", _OFFSET, "first code point of the sentence"),
    ("sentence_end", _OFFSET, "code point after the sentence"),
    ("section", _STRINGS, "headings above, outermost first"),
    ("confidence", _FLOAT, "0 to 1"),
    ("rule", _STRING, "dotted id of what decided"),
    ("key", _STRING, "identity across runs, 12 hex digits"),
)

DOCUMENTS: Final = _schema(
    _DOC_ID,
    ("title", _STRING, "title of the report"),
    ("issuer", _STRING, "reporting body"),
    ("region", _STRING, "full name of the body's own region"),
    ("region_code", _STRING, "GB/T 2260 code of the region"),
    ("fiscal_year", _STRING, "YYYY"),
    ("report_date", _STRING, "YYYY, YYYY-MM or YYYY-MM-DD"),
    ("kind", _STRING, "kind of report"),
    ("score", DECIMAL, "the report's own score of the spending it is about, of 100"),
    ("grade", _STRING, "the grade that goes with it: 优, 良, 中, 差"),
    ("parts", _STRING, "JSON: the parts of a file that holds several reports or forms"),
    ("source", _STRING, "path below the given folder"),
    ("media_type", _STRING, "media type of the source"),
    ("sha256", _STRING, "of the bytes of the source"),
    ("text_sha256", _STRING, "of the raw text as UTF-8"),
    ("redacted", _BOOL, "whether personal names and numbers are masked"),
    ("schema", _STRING, "version of the record schema"),
    ("quantity_count", _COUNT, "rows of this document in quantities"),
    ("entity_count", _COUNT, "rows of this document in entities"),
    ("claim_count", _COUNT, "rows of this document in claims"),
    ("fact_count", _COUNT, "rows of this document in facts"),
    ("check_count", _COUNT, "rows of this document in checks"),
    ("issue_count", _COUNT, "rows of this document in issues"),
)

QUANTITIES: Final = _schema(
    _DOC_ID,
    *_SPAN,
    ("label", _STRING, "MONEY, PERCENT, COUNT, RATIO, RANK, SCORE or MEASURE"),
    *_exact("value", "yuan for CNY, percent for %, the number itself elsewhere"),
    *_exact("value_high", "upper end of a range"),
    ("unit", _STRING, "CNY, %, pp, a classifier, times, fraction, rank or a physical unit"),
    ("bound", _STRING, "= ≈ > ≥ < ≤"),
    ("noun", _STRING, "counted noun phrase (COUNT)"),
    ("subject", _STRING, "indicator phrase, in the report's words"),
    ("indicator", _STRING, "id in the catalogue; null where none fits"),
    ("facet", _STRING, "sub-population or line item"),
    ("measure", _STRING, "level, new, net_new, applied, …, rank"),
    ("direction", _STRING, "up or down, for growth and change"),
    ("period", _STRING, "YYYY, YYYY-MM, YYYY-MM-DD or A/B"),
    ("region", _STRING, "where not the document's own"),
    ("modality", _STRING, "actual, planned, forecast or rule"),
    ("table", _BOOL, "true where the number stands in a table"),
    ("of", _STRING, "whole of a share, comparator of a gap, measure of a rank"),
    ("total", _STRING, "id of the quantity this is part of"),
    ("candidates", CANDIDATES, "indicators considered, best first"),
    ("evidence", _STRING, "why the indicator was chosen, a JSON object"),
    *_SPAN_ORIGIN,
)

ENTITIES: Final = _schema(
    _DOC_ID,
    *_SPAN,
    ("label", _STRING, "COMPANY, GOV, INSTITUTION, PARK, PLACE, PERSON, PROGRAM, HONOUR, DOCUMENT"),
    ("refers_to", _STRING, "id of the entity with the full name, where the text has a short one"),
    *_SPAN_ORIGIN,
)

CLAIMS: Final = _schema(
    _DOC_ID,
    *_SPAN,
    ("kind", _STRING, "recognition, ranking, milestone, growth, output or compliance"),
    ("trigger_start", _OFFSET, "first code point of the word that carries the claim"),
    ("trigger_end", _OFFSET, "code point after that word"),
    ("trigger_text", _STRING, "that word"),
    ("actor", _STRING, "who achieved it"),
    (
        "actor_name",
        _STRING,
        "full name of whom a self-reference or short form means, or who reports",
    ),
    ("object", _STRING, "what was obtained or done"),
    ("level", _STRING, "level of an honour or rank"),
    ("awarded_by", _STRING, "who conferred the honour"),
    ("year", _STRING, "year in the name of the honour"),
    ("date", _STRING, "when: YYYY, YYYY-MM, YYYY-MM-DD or A/B"),
    ("rank", _STRING, "place (1, ≤3), or 前列, 唯一, 首个"),
    ("peers", _STRING, "among whom the place is held"),
    ("quantities", _STRINGS, "ids of the quantities inside"),
    ("modality", _STRING, "actual or forecast"),
    ("polarity", _STRING, "negative where something did not happen, else null"),
    ("same_as", _STRING, "id of the claim that states the same achievement first"),
    *_SPAN_ORIGIN,
)

FACTS: Final = _schema(
    _DOC_ID,
    ("id", _STRING, "id within the document"),
    ("issuer", _STRING, "reporting body"),
    ("region", _STRING, "full name of the region the fact is about"),
    ("region_code", _STRING, "its GB/T 2260 code"),
    ("indicator", _STRING, "id in the catalogue"),
    ("indicator_zh", _STRING, "its Chinese name"),
    ("facet", _STRING, "sub-population or line item"),
    ("label", _STRING, "label of the quantities"),
    ("measure", _STRING, "level, new, net_new, applied, …, rank"),
    ("of", _STRING, "whole of a share, comparator of a gap, measure of a rank"),
    ("period", _STRING, "YYYY, YYYY-MM, YYYY-MM-DD or A/B"),
    ("modality", _STRING, "actual, planned or forecast"),
    *_exact("value", "yuan for CNY, percent for %, the number itself elsewhere"),
    *_exact("value_high", "upper end of a range"),
    ("unit", _STRING, "unit of the value"),
    ("bound", _STRING, "= ≈ > ≥ < ≤"),
    ("direction", _STRING, "up or down, for growth and change"),
    ("peers", _STRING, "peer group of a rank"),
    ("quantities", _STRINGS, "ids of every mention"),
    ("conflict", _BOOL, "true where mentions disagree beyond their printed precision"),
    ("confidence", _FLOAT, "0 to 1"),
)

CHECKS: Final = _schema(
    _DOC_ID,
    ("id", _STRING, "id within the document"),
    ("kind", _STRING, "sum, difference, share, growth, integer_base, list_count, …"),
    ("verdict", _STRING, "ok, rounded, truncated, inconsistent or scope"),
    *_exact("stated", "what the report states"),
    *_exact("recomputed", "what its other numbers give"),
    *_exact("interval_low", "least value within printed precision"),
    *_exact("interval_high", "greatest value within printed precision"),
    ("quantities", _STRINGS, "ids of the quantities compared"),
    ("message", _STRING, "the comparison in words"),
)

ISSUES: Final = _schema(
    _DOC_ID,
    ("id", _STRING, "id within the document"),
    ("code", _STRING, "what is odd"),
    ("message", _STRING, "the same in words"),
    ("start", _OFFSET, "first code point of the place"),
    ("end", _OFFSET, "code point after it"),
)

FAILURES: Final = _schema(
    _DOC_ID,
    ("source", _STRING, "path below the given folder"),
    ("stage", _STRING, "read, annotate, …"),
    ("error", _STRING, "class of the error"),
    ("message", _STRING, "what was given, expected and to try"),
)

SCHEMAS: Final[Mapping[str, pa.Schema]] = {
    "documents": DOCUMENTS,
    "quantities": QUANTITIES,
    "entities": ENTITIES,
    "claims": CLAIMS,
    "facts": FACTS,
    "checks": CHECKS,
    "issues": ISSUES,
    "failures": FAILURES,
}


def with_former_columns(name: str, written: pa.Schema) -> pa.Schema:
    """Return the columns of a table as it is read: today's, then those only its file has.

    Parameters
    ----------
    written
        The schema of the file, which an older or a newer version may have written.

    Examples
    --------
    >>> old = pa.schema([("doc_id", pa.string()), ("note", pa.string())])
    >>> read = with_former_columns("failures", old)
    >>> [name for name in read.names if name not in old.names], read.names[-1]
    (['source', 'stage', 'error', 'message'], 'note')
    """
    schema = SCHEMAS[name]
    for field in written:
        if field.name not in schema.names:
            schema = schema.append(field)
    return schema
