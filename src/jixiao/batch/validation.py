"""Annotation files against the format, against themselves, and against their text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeAlias

from jixiao.errors import RecordError, SettingsError
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
    in_file_order,
    span_key,
)
from jixiao.stores.annotations import ANNOTATIONS, TEXT

_PREFIXES: Final = {Quantity: "q", Entity: "e", Claim: "c", Fact: "f", Check: "k", Issue: "i"}
_ORDER: Final = (
    "out of order: expected the document, spans by (start, −end, type), facts, checks, issues"
)
_SHOWN: Final = 40

_Numbered: TypeAlias = tuple[int, Record]
_Complaint: TypeAlias = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as the format says, in a line of a file (1 is the first)."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class FileReport:
    """What the check of one annotation file gave. ``text`` is None where none was found."""

    path: Path
    record_count: int
    text: Path | None
    problems: Sequence[Problem]


def validate_paths(paths: Iterable[Path], text: Path | None = None) -> Iterator[FileReport]:
    """Yield the check of each annotation file, one in memory at a time.

    A path is an annotation file, a folder of them, or the output of a run. The text of
    ``<doc_id>.jsonl`` is ``<doc_id>.txt`` in the folder ``text`` if one is given, else in the
    folder ``text`` beside the file's own folder, or beside the file.

    Raises
    ------
    SettingsError
        If a path does not exist or holds no annotation file, or ``text`` is no folder.
    """
    if text is not None and not text.is_dir():
        raise SettingsError(f"no folder {text}; expected one with the raw texts <doc_id>.txt")
    for path in [file for given in paths for file in list_annotation_files(given)]:
        yield validate_file(path, find_text(path, text))


def list_annotation_files(path: Path) -> list[Path]:
    """Return the annotation files a path stands for, sorted.

    Raises
    ------
    SettingsError
        If the path does not exist or holds none.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise SettingsError(f"{path} does not exist; expected an annotation file or a folder")
    for place in (path, path / ANNOTATIONS):
        if files := sorted(place.glob("*.jsonl")):
            return files
    raise SettingsError(
        f"no annotation file in {path}; expected *.jsonl there or in its folder {ANNOTATIONS}/"
    )


def find_text(path: Path, folder: Path | None = None) -> Path | None:
    """Return the raw text file that belongs to an annotation file, or None."""
    name = f"{path.name.removesuffix('.jsonl')}.txt"
    places = (path.parent.parent / TEXT, path.parent) if folder is None else (folder,)
    return next((place / name for place in places if (place / name).is_file()), None)


def validate_file(path: Path, text_path: Path | None = None) -> FileReport:
    """Return what is wrong in an annotation file, in order of lines."""
    complaints: list[_Complaint] = []
    records = _decode(path, complaints)
    complaints += _structure(path, records)
    for check in (_order, _ids, _references, _numbers, _overlaps):
        complaints += check(records)
    if text_path is not None:
        complaints += _against_text(records, text_path)
    problems = [Problem(path, line, message) for line, message in sorted(complaints)]
    return FileReport(path, len(records), text_path, problems)


def _decode(path: Path, complaints: list[_Complaint]) -> list[_Numbered]:
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        complaints.append((1, f"the file cannot be read: {error.strerror or error}"))
        return []
    if lines[-1] == b"":
        lines.pop()
    records: list[_Numbered] = []
    for number, line in enumerate(lines, start=1):
        try:
            records.append((number, decode_line(line)))
        except RecordError as error:
            complaints.append((number, str(error)))
    return records


def _structure(path: Path, records: Sequence[_Numbered]) -> Iterator[_Complaint]:
    documents = [(line, record) for line, record in records if isinstance(record, Document)]
    if not records or not isinstance(records[0][1], Document):
        yield 1, "the first record is no document record"
    for line, _ in documents[1:]:
        yield line, "a second document record; a file holds one"
    if not documents:
        return
    line, document = documents[0]
    if document.doc_id != path.name.removesuffix(".jsonl"):
        yield line, f"doc_id {document.doc_id!r} is not the name of the file"
    for place, record in records:
        if isinstance(record, Fact) and record.document != document.doc_id:
            yield place, f"{record.id} is a fact of {record.document!r}, not {document.doc_id!r}"


def _order(records: Sequence[_Numbered]) -> Iterator[_Complaint]:
    lines = {id(record): line for line, record in records}
    ordered = in_file_order(record for _, record in records)
    for (line, record), expected in zip(records, ordered, strict=True):
        if record is not expected:
            yield line, f"{_ORDER}; what belongs here stands in line {lines[id(expected)]}"
            return


def _ids(records: Sequence[_Numbered]) -> Iterator[_Complaint]:
    numbers = dict.fromkeys(_PREFIXES, 0)
    keys: dict[str, int] = {}
    for line, record in records:
        if isinstance(record, Document):
            continue
        kind, digits = type(record), record.id[1:]
        number = int(digits) if digits.isdecimal() and digits.isascii() else 0
        if not record.id.startswith(_PREFIXES[kind]) or number <= numbers[kind]:
            expected = f"{_PREFIXES[kind]}{numbers[kind] + 1}"
            yield line, f"id {record.id!r}; expected {expected!r} or a higher number"
        numbers[kind] = max(number, numbers[kind])
        key = record.key if isinstance(record, Quantity | Entity | Claim) else None
        if key is not None and keys.setdefault(key, line) != line:
            yield line, f"key {key} is also that of line {keys[key]}"


def _references(records: Sequence[_Numbered]) -> Iterator[_Complaint]:
    quantities = {record.id: record for _, record in records if isinstance(record, Quantity)}
    entities = {record.id for _, record in records if isinstance(record, Entity)}
    for line, record in records:
        for reference in _referred(record):
            if reference not in quantities:
                yield line, f"refers to quantity {reference!r}, which is not in the file"
            elif isinstance(record, Claim) and not _holds(record, quantities[reference]):
                yield line, f"{record.id} names {reference}, which lies outside it"
        if isinstance(record, Entity) and record.refers_to is not None:
            if record.refers_to == record.id:
                yield line, f"{record.id} refers to itself"
            elif record.refers_to not in entities:
                yield line, f"refers to entity {record.refers_to!r}, which is not in the file"


def _holds(claim: Claim, quantity: Quantity) -> bool:
    """Tell whether a number of a claim stands in it, at least in part."""
    return claim.start < quantity.end and quantity.start < claim.end


def _referred(record: Record) -> Sequence[str]:
    if isinstance(record, Quantity):
        return [record.total] if record.total is not None else []
    return record.quantities or [] if isinstance(record, Claim | Fact | Check) else []


def _numbers(records: Sequence[_Numbered]) -> Iterator[_Complaint]:
    for line, record in records:
        for name, value in _decimals(record):
            if not value.is_finite():
                yield line, f"{name} is {value}, no number"
            elif str(value) != (plain := _plain(value)):
                yield line, f"{name} is written {value}; expected {plain}"


def _decimals(record: Record) -> Iterator[tuple[str, Decimal]]:
    for name in ("value", "value_high", "stated", "recomputed"):
        value = getattr(record, name, None)
        if isinstance(value, Decimal):
            yield name, value
    if isinstance(record, Check) and record.interval is not None:
        yield from (("interval", value) for value in record.interval)


def _plain(value: Decimal) -> str:
    digits = f"{value:f}"
    digits = digits.rstrip("0").removesuffix(".") if "." in digits else digits
    return "0" if not value else digits


def _overlaps(records: Sequence[_Numbered]) -> Iterator[_Complaint]:
    quantities = [(line, record) for line, record in records if isinstance(record, Quantity)]
    quantities.sort(key=lambda item: (item[1].start, item[1].end))
    for (_, before), (line, after) in pairwise(quantities):
        if after.start < before.end:
            yield line, f"{after.id} overlaps {before.id}"


def _against_text(records: Sequence[_Numbered], path: Path) -> Iterator[_Complaint]:
    try:
        raw = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        yield 1, f"the text {path} cannot be read as UTF-8: {error}"
        return
    digest = hashlib.sha256(raw.encode()).hexdigest()
    for line, record in records:
        for message in _text_complaints(record, raw, digest):
            yield line, message


def _text_complaints(record: Record, raw: str, digest: str) -> Iterator[str]:
    if isinstance(record, Document):
        if record.text_sha256 not in (None, digest):
            yield f"text_sha256 is not that of the text ({digest})"
    elif isinstance(record, Issue):
        if not 0 <= record.start <= record.end <= len(raw):
            yield f"{record.id} [{record.start}, {record.end}) lies outside the text"
    elif isinstance(record, Quantity | Entity | Claim):
        yield from _span_complaints(record, raw, digest)


def _span_complaints(record: SpanRecord, raw: str, digest: str) -> Iterator[str]:
    yield from _quote_complaint(record.id, record.start, record.end, record.text, raw)
    if isinstance(record, Claim) and (word := record.trigger) is not None:
        name = f"{record.id}.trigger"
        yield from _quote_complaint(name, word.start, word.end, word.text, raw)
    if record.sentence is not None:
        start, end = record.sentence
        if not 0 <= start <= record.start <= record.end <= end <= len(raw):
            yield f"sentence [{start}, {end}) does not hold {record.id} or leaves the text"
    name = record.kind if isinstance(record, Claim) else record.label
    kind = type(record).__name__.lower()
    expected = span_key(digest, kind, name, record.start, record.end)
    if record.key not in (None, expected):
        yield f"key {record.key}; expected {expected}"


def _quote_complaint(name: str, start: int, end: int, text: str, raw: str) -> Iterator[str]:
    if not 0 <= start < end <= len(raw):
        yield f"{name} [{start}, {end}) is empty or lies outside the text of {len(raw)} characters"
    elif raw[start:end] != text:
        there = _cut(raw[start:end])
        yield f"{name} says {_cut(text)!r}; the text at [{start}, {end}) says {there!r}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
