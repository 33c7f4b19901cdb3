"""Two annotations become one: what both say is settled, what they differ in is put to a person.

Records are the annotated ones: the document record, quantities, entities, claims and checks. Facts
and issues follow from them and are left to a new run. Two records that share text (or checks of one
kind and number) are one question, ``A`` or ``B``; a record that one side alone has is the question
whether it stays. A field that a side states nowhere was not annotated there: it is no question, and
the other side's value is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, cast

import msgspec

from jixiao.errors import EvaluationError, OutputError, RecordError
from jixiao.evaluation.checks import match_checks
from jixiao.evaluation.matching import AnnotationLike, label_of
from jixiao.evaluation.places import Places
from jixiao.evaluation.reading import check_same_text, read_annotations, read_texts
from jixiao.evaluation.report import texts_beside
from jixiao.evaluation.sheets import Row, open_workbook, read_sheets
from jixiao.evaluation.spans import align_spans
from jixiao.exports.sheet import Column, Sheet
from jixiao.records import (
    Check,
    Claim,
    Document,
    Entity,
    Quantity,
    Record,
    decode_line,
    encode_line,
    in_file_order,
    span_key,
)
from jixiao.stores.atomic import write_whole

Answer: TypeAlias = Literal["A", "B", "both", "none"]
Annotated: TypeAlias = Document | Quantity | Entity | Claim | Check
_Pair: TypeAlias = tuple[Annotated | None, Annotated | None]

ANSWERS: Final[Mapping[str, Answer]] = {
    "a": "A",
    "b": "B",
    "both": "both",
    "none": "none",
    "都留": "both",
    "都删": "none",
}
GOLD: Final = "gold"
SETTLED: Final = "settled"
REVIEW_FILE: Final = "disputes.jsonl"
REVIEW_SHEET: Final = "disputes.xlsx"
SUMMARY: Final = "adjudication.json"

# What says how a record was made, or can be computed from the others, and is no question.
_MADE: Final = frozenset(
    {
        *("id", "key", "confidence", "rule", "sentence", "section", "candidates", "evidence"),
        *("schema", "source", "media_type", "sha256", "text_sha256", "subject"),
    }
)
_REFERENCES: Final = ("total", "refers_to", "same_as")
_PREFIX: Final[Mapping[type[Any], str]] = {Quantity: "q", Entity: "e", Claim: "c", Check: "k"}
_SHEET: Final = "争议"
_COLUMNS: Final = (
    Column("编号", 15, "争议的编号，由双方的记录算出；请勿改动"),
    Column("文件", 22, "文档编号 doc_id", "wrap"),
    Column("类型", 10, "document、quantity、entity、claim、check"),
    Column("句子", 56, "原文所在句子", "wrap"),
    Column("原文", 18, "有争议的文字", "wrap"),
    Column("分歧", 14, "双方说法不同的字段；空：只有一方有此记录", "wrap"),
    Column("甲", 34, "A 方的说法；空：A 方没有此记录", "wrap"),
    Column("乙", 34, "B 方的说法；空：B 方没有此记录", "wrap"),
    Column(
        "裁定", 9, "填 A、B、都留 或 都删；只有一方有的记录：A（或 B）即保留，都删即删去", "note"
    ),
    Column(
        "修订", 26, "在所选一方之上改的字段：字段=值，多个以分号隔开，如 value=120；unit=家", "note"
    ),
    Column("裁定理由", 22, "由裁定人填写", "note"),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of a dispute: which side stands, corrected how, and why."""

    answer: Answer
    corrections: Mapping[str, str] = field(default_factory=dict)
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """One question: what either side says, None where it says nothing.

    ``id`` is computed from both records, so that a decision never lands on another question.
    """

    id: str
    doc_id: str
    record: str
    first: Annotated | None
    second: Annotated | None
    fields: tuple[str, ...]
    sentence: str | None
    decision: Decision | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the dispute as a line of the review file."""
        told: dict[str, Any] = {
            "id": self.id,
            "doc_id": self.doc_id,
            "record": self.record,
            "fields": list(self.fields),
            "sentence": self.sentence,
            "a": None if self.first is None else json.loads(encode_line(self.first)),
            "b": None if self.second is None else json.loads(encode_line(self.second)),
            "decision": None,
        }
        if self.decision is not None:
            told["decision"] = self.decision.answer
            if self.decision.corrections:
                told["corrections"] = dict(self.decision.corrections)
            if self.decision.note:
                told["note"] = self.decision.note
        return told


@dataclass(frozen=True)
class Adjudication:
    """Two annotations side by side.

    Attributes
    ----------
    settled
        By ``doc_id`` the records both agree on, as pairs.
    disputes
        What they differ in, document by document in text order.
    only_first, only_second
        Documents that one side alone has. They are not adjudicated.
    derived
        How many facts and issues were passed over: they follow from the other records.
    """

    settled: Mapping[str, tuple[tuple[Annotated, Annotated], ...]]
    disputes: tuple[Dispute, ...]
    only_first: tuple[str, ...] = ()
    only_second: tuple[str, ...] = ()
    derived: int = 0

    @property
    def open(self) -> tuple[Dispute, ...]:
        """The disputes without a decision."""
        return tuple(one for one in self.disputes if one.decision is None)

    def decide(self, decisions: Mapping[str, Decision]) -> Adjudication:
        """Return the same with some decisions, those that are there already replaced.

        Raises
        ------
        EvaluationError
            If a decision is about no dispute of these two annotations, asks for a side that has no
            record, or corrects a field to what it cannot be.
        """
        known = {one.id: one for one in self.disputes}
        strange = [name for name in decisions if name not in known]
        if strange:
            raise EvaluationError(
                f"{len(strange)} decisions are about no dispute of these annotations, as {strange[0]}; "
                "expected ids of this review file: annotations that changed since give other "
                "disputes; adjudicate the versions the decisions were made on, or decide these anew"
            )
        for name, decision in decisions.items():
            _outcome(known[name], decision)
        decided = tuple(
            replace(one, decision=decisions.get(one.id, one.decision)) for one in self.disputes
        )
        return Adjudication(self.settled, decided, self.only_first, self.only_second, self.derived)

    def gold(self, doc_id: str) -> list[Record]:
        """Return the records of one document that are settled or decided, in file order.

        Ids are given anew in text order, and references between records follow them; a reference to
        a record that went is left out.
        """
        groups: list[tuple[Annotated | None, Annotated | None, list[Annotated]]] = [
            (first, second, [first]) for first, second in self.settled[doc_id]
        ]
        for one in self.disputes:
            if one.doc_id == doc_id:
                kept = [] if one.decision is None else _outcome(one, one.decision)
                if one.record == "document" and not kept:
                    kept = [cast("Document", one.first)]
                groups.append((one.first, one.second, kept))
        return _renumbered(groups)


def adjudicate(
    first: Mapping[str, AnnotationLike],
    second: Mapping[str, AnnotationLike],
    texts: Mapping[str, str] | None = None,
) -> Adjudication:
    """Return what two annotations agree on and where they differ; both are by ``doc_id``.

    ``texts`` give the sentences of the disputes.

    Raises
    ------
    EvaluationError
        If no document is on both sides, or they refer to different texts.

    >>> from jixiao.evaluation import AnnotationFile
    >>> def 标注(label: str) -> AnnotationFile:
    ...     return AnnotationFile(Document(doc_id="a"), [Document(doc_id="a"),
    ...         Entity(id="e1", start=0, end=3, text="君山区", label="PLACE"),
    ...         Entity(id="e2", start=4, end=8, text="市水利局", label=label)])
    >>> found = adjudicate({"a": 标注("GOV")}, {"a": 标注("INSTITUTION")})
    >>> [(one.fields, one.first.label, one.second.label) for one in found.open]
    [(('label',), 'GOV', 'INSTITUTION')]
    >>> done = found.decide({found.open[0].id: Decision("B")})
    >>> [(one.id, one.label) for one in done.gold("a")[1:]]
    [('e1', 'PLACE'), ('e2', 'INSTITUTION')]
    """
    common = sorted(first.keys() & second.keys())
    if not common:
        raise EvaluationError(
            f"no document is in both annotations ({len(first)} and {len(second)}); expected at least "
            "one doc_id in common; check that file names were not changed"
        )
    settled: dict[str, tuple[tuple[Annotated, Annotated], ...]] = {}
    disputes: list[Dispute] = []
    derived = 0
    used = [_used_fields(side[doc_id] for doc_id in common) for side in (first, second)]
    for doc_id in common:
        ours, theirs = first[doc_id], second[doc_id]
        check_same_text(doc_id, ours, theirs)
        pairs = _pairs(ours, theirs)
        numbers = _group_numbers(pairs)
        pairs = [_completed(pair, pairs, numbers, used) for pair in pairs]
        places = Places((texts or {}).get(doc_id))
        agreed = []
        for one, other in pairs:
            if one is not None and other is not None and not _differing(one, other, numbers):
                agreed.append((one, other))
            else:
                disputes.append(_dispute(doc_id, one, other, numbers, places))
        settled[doc_id] = tuple(agreed)
        derived += sum(
            not isinstance(one, Annotated) for side in (ours, theirs) for one in side.records
        )
    return Adjudication(
        settled,
        tuple(disputes),
        tuple(sorted(first.keys() - second.keys())),
        tuple(sorted(second.keys() - first.keys())),
        derived,
    )


def adjudicate_folders(
    first: Path,
    second: Path,
    out: Path,
    *,
    text: Path | None = None,
    decisions: Path | None = None,
) -> Adjudication:
    """Adjudicate two folders of annotation files and write what comes of it to ``out``.

    ``settled/<doc_id>.jsonl`` holds what is settled or decided, ``disputes.jsonl`` and
    ``disputes.xlsx`` every dispute with its decision, ``adjudication.json`` the counts. As soon as
    nothing of a document is open its file is in ``gold/`` instead. The same input gives the same
    files.

    Raises
    ------
    EvaluationError
        As :func:`adjudicate`, and if a file is broken or a decision cannot be read.
    OutputError
        If ``out`` cannot be written to, or holds decisions that were not given.
    """
    ours, theirs = read_annotations(first), read_annotations(second)
    known = ours.keys() | theirs.keys()
    texts = read_texts(text) if text is not None else texts_beside(known, first, second)
    found = adjudicate(ours, theirs, texts)
    given = {} if decisions is None else read_decisions(decisions)
    _keep_decisions(out, given)
    found = found.decide(given)
    _write(found, out)
    return found


def read_decisions(path: Path) -> dict[str, Decision]:
    """Return the decisions in a review file, ``.jsonl`` or ``.xlsx``, by dispute.

    Raises
    ------
    EvaluationError
        If the file cannot be read, or a decision is none of those expected.
    """
    if path.suffix.lower() == ".xlsx":
        rows = read_sheets(path).get(_SHEET)
        if rows is None:
            raise EvaluationError(
                f"{path} has no sheet {_SHEET}; expected {REVIEW_SHEET} as written"
            )
        return dict(_sheet_decisions(path, rows))
    return dict(_line_decisions(path))


def _sheet_decisions(path: Path, rows: Sequence[Row]) -> Iterator[tuple[str, Decision]]:
    for row in rows:
        name, said = row.get("编号"), row.get("裁定")
        if said is None:
            if "修订" in row:
                raise EvaluationError(
                    f"{path}, dispute {name}: 修订 is filled in and 裁定 is not; expected A or B, the "
                    "side that is corrected"
                )
            continue
        if name is None:
            raise EvaluationError(f"{path}: the decision {said!r} has no 编号; restore the column")
        corrections = _corrections(path, str(name), str(row.get("修订", "")))
        note = row.get("裁定理由")
        yield str(name), Decision(_answer(path, str(name), said), corrections, note and str(note))


def _line_decisions(path: Path) -> Iterator[tuple[str, Decision]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"cannot read the decisions {path}: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            name, said = str(row["id"]), row.get("decision")
            corrections = {
                str(key): str(value) for key, value in row.get("corrections", {}).items()
            }
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            raise EvaluationError(
                f"{path}, line {number}: no dispute ({error}); expected an object with 'id' and "
                "'decision', as in disputes.jsonl"
            ) from error
        if said is not None:
            yield name, Decision(_answer(path, name, said), corrections, row.get("note"))


def _answer(path: Path, name: str, said: object) -> Answer:
    found = ANSWERS.get(str(said).strip().lower())
    if found is None:
        raise EvaluationError(
            f"{path}, dispute {name}: the decision is {said!r}; expected A, B, both (都留) or none "
            "(都删), or nothing where it is still open"
        )
    return found


def _corrections(path: Path, name: str, said: str) -> dict[str, str]:
    found = {}
    for part in said.replace("；", ";").replace("\n", ";").split(";"):
        if part.strip():
            key, sign, value = part.partition("=")
            if not sign:
                raise EvaluationError(
                    f"{path}, dispute {name}: the correction {part.strip()!r} has no '='; expected "
                    "field=value, several with semicolons between, as value=120; unit=家"
                )
            found[key.strip()] = value.strip()
    return found


def _pairs(ours: AnnotationLike, theirs: AnnotationLike) -> list[_Pair]:
    """Return records that are one question, and those of one side alone, in text order."""
    found: list[_Pair] = []
    for kind in (Quantity, Entity, Claim):
        one = [record for record in ours.records if isinstance(record, kind)]
        other = [record for record in theirs.records if isinstance(record, kind)]
        matching = align_spans(one, other, label_of)
        found += [*matching.pairs]
        found += [(record, None) for record in matching.missed]
        found += [(None, record) for record in matching.spurious]
    found.sort(key=_position)
    checked = match_checks(
        [one for one in ours.records if isinstance(one, Check)],
        [one for one in theirs.records if isinstance(one, Check)],
    )
    found += [*checked.pairs, *((one, None) for one in checked.missed)]
    found += [(None, one) for one in checked.spurious]
    return [(ours.document, theirs.document), *found]


def _position(pair: _Pair) -> tuple[int, int, str]:
    one: Any = pair[0] if pair[0] is not None else pair[1]
    return one.start, -one.end, type(one).__name__


_Numbers: TypeAlias = Mapping[tuple[int, str], int]


def _group_numbers(pairs: Sequence[_Pair]) -> _Numbers:
    """Return which question each record of a side belongs to: a side's ids mean nothing to the other."""
    return {
        (side, one.id): number
        for number, pair in enumerate(pairs)
        for side, one in enumerate(pair)
        if one is not None and not isinstance(one, Document)
    }


_Used: TypeAlias = Mapping[str, set[str]]


def _used_fields(annotations: Iterable[AnnotationLike]) -> _Used:
    """Return the fields a side states anywhere, by type of record."""
    used: dict[str, set[str]] = {}
    for annotation in annotations:
        for one in (annotation.document, *annotation.records):
            names = used.setdefault(type(one).__name__, set())
            names.update(name for name in one.__struct_fields__ if getattr(one, name) is not None)
    return used


def _completed(
    pair: _Pair, pairs: Sequence[_Pair], numbers: _Numbers, used: Sequence[_Used]
) -> _Pair:
    """Return a pair in which each has the other's fields that its own side never states."""
    one, other = pair
    if one is None or other is None:
        return pair
    return (
        _filled(one, other, 0, pairs, numbers, used),
        _filled(other, one, 1, pairs, numbers, used),
    )


def _filled(
    one: Annotated,
    other: Annotated,
    side: int,
    pairs: Sequence[_Pair],
    numbers: _Numbers,
    used: Sequence[_Used],
) -> Annotated:
    """Return a record with the fields of the other that its side never states, in its side's ids."""
    asked = used[1 - side][type(one).__name__] - used[side][type(one).__name__] - _MADE
    changes: dict[str, Any] = {}
    for name in sorted(asked):
        value = getattr(other, name)
        if name in _REFERENCES and value is not None:
            group = numbers.get((1 - side, value))
            ours = None if group is None else pairs[group][side]
            value = getattr(ours, "id", None)
        if value is not None and name != "quantities":
            changes[name] = value
    return msgspec.structs.replace(one, **changes) if changes else one


def _differing(one: Annotated, other: Annotated, numbers: _Numbers) -> tuple[str, ...]:
    """Return the fields two records differ in, references compared by what they refer to."""
    ours, theirs = _content(one, 0, numbers), _content(other, 1, numbers)
    return tuple(name for name in one.__struct_fields__ if ours.get(name) != theirs.get(name))


def _content(one: Annotated, side: int, numbers: _Numbers) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in one.__struct_fields__ if name not in _MADE}
    told = {name: value for name, value in told.items() if value not in (None, False, [])}
    for name in _REFERENCES:
        if name in told:
            told[name] = numbers.get((side, told[name]), told[name])
    if "quantities" in told:
        told["quantities"] = sorted(
            str(numbers.get((side, name), name)) for name in told["quantities"]
        )
    if isinstance(one, Check):
        told.pop("message", None)
    return told


def _dispute(
    doc_id: str,
    one: Annotated | None,
    other: Annotated | None,
    numbers: _Numbers,
    places: Places,
) -> Dispute:
    fields = _differing(one, other, numbers) if one is not None and other is not None else ()
    either = one if one is not None else other
    spans = [span for span in (one, other) if isinstance(span, Quantity | Entity | Claim)]
    sentence = places.sentence(*spans) if spans else None
    said = "\n".join("" if record is None else _identity(record) for record in (one, other))
    name = hashlib.sha256(f"{doc_id}\n{said}".encode()).hexdigest()[:12]
    kind = type(either).__name__.lower()
    return Dispute(name, doc_id, kind, one, other, fields, sentence and sentence[1])


def _identity(record: Annotated) -> str:
    told = json.loads(encode_line(record))
    kept = {name: value for name, value in told.items() if name == "id" or name not in _MADE}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def _outcome(dispute: Dispute, decision: Decision) -> list[Annotated]:
    """Return the records that a decision leaves of a dispute."""
    chosen: dict[Answer, tuple[Annotated | None, ...]] = {
        "A": (dispute.first,),
        "B": (dispute.second,),
        "both": (dispute.first, dispute.second),
        "none": (),
    }
    sides = chosen[decision.answer]
    if any(one is None for one in sides):
        raise EvaluationError(
            f"dispute {dispute.id}: the decision is {decision.answer}, but that side has no record "
            "there; expected the side that has one, or none (都删)"
        )
    if dispute.record == "document" and len(sides) != 1:
        raise EvaluationError(
            f"dispute {dispute.id} is about the document record: the decision is {decision.answer}; "
            "expected A or B, since there is always one"
        )
    if decision.corrections and len(sides) != 1:
        raise EvaluationError(
            f"dispute {dispute.id} has corrections and the decision {decision.answer}; expected A or B, "
            "the side that is corrected"
        )
    kept = [one for one in sides if one is not None]
    return [_corrected(dispute, one, decision.corrections) for one in kept]


def _corrected(dispute: Dispute, record: Annotated, corrections: Mapping[str, str]) -> Annotated:
    if not corrections:
        return record
    told = json.loads(encode_line(record))
    for name, said in corrections.items():
        told[name] = int(said) if name in ("start", "end") and said.isdecimal() else said
        if said == "":
            del told[name]
        elif said in ("true", "false"):
            told[name] = said == "true"
    try:
        changed = decode_line(json.dumps(told, ensure_ascii=False))
    except RecordError as error:
        raise EvaluationError(f"dispute {dispute.id}: the corrections give {error}") from error
    return cast("Annotated", changed)


def _renumbered(
    groups: Sequence[tuple[Annotated | None, Annotated | None, list[Annotated]]],
) -> list[Record]:
    place: dict[int, int] = {}
    names: dict[tuple[int, str], int] = {}
    for number, (first, second, kept) in enumerate(groups):
        for side, one in enumerate((first, second)):
            if one is not None and not isinstance(one, Document):
                names[side, one.id] = number
        for one in kept:
            place[id(one)] = number
    records = in_file_order([one for _, _, kept in groups for one in kept])
    counts: dict[str, int] = {}
    new_ids: dict[int, str] = {}
    fresh: dict[int, str] = {}
    for record in records:
        letter = _PREFIX.get(type(record))
        if letter is not None:
            counts[letter] = counts.get(letter, 0) + 1
            fresh[id(record)] = f"{letter}{counts[letter]}"
            new_ids.setdefault(place[id(record)], fresh[id(record)])
    text_hash = _text_hash(records)
    return [
        _renewed(
            record,
            fresh[id(record)],
            _side(groups[place[id(record)]], record),
            names,
            new_ids,
            text_hash,
        )
        if id(record) in fresh
        else record
        for record in records
    ]


def _side(group: tuple[Annotated | None, Annotated | None, list[Annotated]], one: Record) -> int:
    """Return whose ids a kept record speaks in: the second's where it is, or was made from, theirs."""
    first, second, _ = group
    if one is first or second is None:
        return 0
    if one is second or first is None:
        return 1
    same = [getattr(side, "id", None) == getattr(one, "id", None) for side in (first, second)]
    return 1 if same == [False, True] else 0


def _text_hash(records: Sequence[Record]) -> str | None:
    return next((one.text_sha256 for one in records if isinstance(one, Document)), None)


def _renewed(
    one: Record,
    name: str,
    side: int,
    names: Mapping[tuple[int, str], int],
    new_ids: Mapping[int, str],
    text_hash: str | None,
) -> Record:
    def new(old: str) -> str | None:
        number = names.get((side, old))
        return None if number is None else new_ids.get(number)

    changes: dict[str, Any] = {"id": name}
    for reference in _REFERENCES:
        old = getattr(one, reference, None)
        if old is not None:
            changes[reference] = new(old)
    if isinstance(one, Claim | Check) and one.quantities:
        found = [told for told in map(new, one.quantities) if told is not None]
        changes["quantities"] = found or (None if isinstance(one, Claim) else [])
    if isinstance(one, Quantity | Entity | Claim) and one.key is not None and text_hash is not None:
        kind = type(one).__name__.lower()
        changes["key"] = span_key(text_hash, kind, label_of(one), one.start, one.end)
    return msgspec.structs.replace(one, **changes)


def _keep_decisions(out: Path, given: Mapping[str, Decision]) -> None:
    """Refuse to write over decisions that were made in the output folder and not handed in."""
    for name in (REVIEW_SHEET, REVIEW_FILE):
        path = out / name
        if not path.exists():
            continue
        lost = read_decisions(path).keys() - given.keys()
        if lost:
            raise OutputError(
                f"{path} holds {len(lost)} decisions that were not given; expected --decisions {path}, "
                "so that they are not lost; give it, or choose another folder"
            )


def _write(found: Adjudication, out: Path) -> None:
    waiting = {one.doc_id for one in found.open}
    for doc_id in found.settled:
        name = f"{doc_id}.jsonl"
        here, other = (SETTLED, GOLD) if doc_id in waiting else (GOLD, SETTLED)
        lines = "".join(encode_line(one) + "\n" for one in found.gold(doc_id))
        write_whole(out / here / name, lines.encode())
        (out / other / name).unlink(missing_ok=True)
    told = [json.dumps(one.to_dict(), ensure_ascii=False) + "\n" for one in found.disputes]
    write_whole(out / REVIEW_FILE, "".join(told).encode())
    with open_workbook(out / REVIEW_SHEET, "标注争议裁定表") as (workbook, styles):
        sheet = Sheet(workbook, styles, _SHEET, _COLUMNS)
        for one in found.disputes:
            sheet.append(_sheet_row(one))
        sheet.finish()
        legend = Sheet(
            workbook, styles, "说明", (Column("列", 12, ""), Column("说明", 90, "", "wrap"))
        )
        for column in _COLUMNS:
            legend.append((column.header, column.meaning))
        legend.finish()
    write_whole(
        out / SUMMARY, (json.dumps(summary(found), ensure_ascii=False, indent=2) + "\n").encode()
    )


def summary(found: Adjudication) -> dict[str, Any]:
    """Return the counts of an adjudication, by document and in all, for JSON."""
    documents = {
        doc_id: {
            "settled": len(pairs),
            "disputes": sum(one.doc_id == doc_id for one in found.disputes),
            "open": sum(one.doc_id == doc_id for one in found.open),
        }
        for doc_id, pairs in found.settled.items()
    }
    return {
        "settled": sum(map(len, found.settled.values())),
        "disputes": len(found.disputes),
        "open": len(found.open),
        "documents": documents,
        "only_first": list(found.only_first),
        "only_second": list(found.only_second),
        "derived_left_out": found.derived,
    }


def _sheet_row(one: Dispute) -> tuple[str | None, ...]:
    either: Any = one.first if one.first is not None else one.second
    text = getattr(either, "text", None)
    decision, corrections, note = None, None, None
    if one.decision is not None:
        words = {"both": "都留", "none": "都删"}
        decision = words.get(one.decision.answer, one.decision.answer)
        corrections = "；".join(f"{key}={value}" for key, value in one.decision.corrections.items())
        note = one.decision.note
    return (
        one.id,
        one.doc_id,
        one.record,
        one.sentence and " ".join(one.sentence.split()),
        text and " ".join(text.split()),
        "、".join(one.fields) or None,
        _version(one.first, one.fields),
        _version(one.second, one.fields),
        decision,
        corrections or None,
        note,
    )


def _version(record: Annotated | None, fields: Sequence[str]) -> str | None:
    """Return what a side says: the fields that differ, or all of a record that is alone."""
    if record is None:
        return None
    told = json.loads(encode_line(record))
    names = fields or [name for name in told if name not in _MADE and name != "type"]
    return "；".join(f"{name}={_value(told.get(name))}" for name in names)


def _value(value: object) -> str:
    if value is None:
        return "∅"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
