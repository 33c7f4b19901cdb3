"""What reviewers decided: a line for each decision, tied to the key of its record.

``reviews/<doc_id>.jsonl`` stands beside ``annotations/``. A decision holds the record as it was judged,
so that a later run can be compared with it: :func:`apply_review` says whether it still fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import msgspec

from jixiao.annotation import Annotation
from jixiao.errors import RecordError
from jixiao.exchange.marks import PROVENANCE
from jixiao.records import Claim, Entity, Fact, Quantity, SpanRecord
from jixiao.stores.annotations import annotation_path
from jixiao.stores.atomic import write_whole

REVIEWS: Final = "reviews"

Verdict: TypeAlias = Literal["correct", "wrong", "doubtful", "added", "changed", "deleted"]
# What of a record is no statement about the text.
_ASIDE: Final = frozenset(
    {*PROVENANCE, "id", "key", "quantities", "total", "same_as", "refers_to", "document"}
)


class Review(msgspec.Struct, tag_field="type", tag="review", omit_defaults=True, kw_only=True):
    """A reviewer's decision on a record.

    ``key`` is that of the record; a fact has that of its first mention, a check is named by ``id``.
    ``given`` is the record as it was judged, ``corrected`` what the reviewer made of it (``added`` and
    ``changed`` only). ``row`` is the row of a workbook that no longer fitted the run when it came in.
    ``source`` names the place that the decision came from.
    """

    document: str
    record: Literal["quantity", "entity", "claim", "fact", "check"]
    verdict: Verdict
    reviewer: str
    time: str
    key: str | None = None
    id: str | None = None
    note: str | None = None
    source: str | None = None
    given: dict[str, Any] | None = None
    corrected: dict[str, Any] | None = None
    row: dict[str, str] | None = None


_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(Review)


def reviews_path(folder: Path, doc_id: str) -> Path:
    """Return the path of a document's reviews below ``folder``.

    >>> reviews_path(Path("out"), "科技局").as_posix()
    'out/reviews/科技局.jsonl'
    """
    return folder / REVIEWS / annotation_path(folder, doc_id).name


def read_reviews(path: Path) -> list[Review]:
    """Return the decisions in one file; none where there is no file.

    Raises
    ------
    RecordError
        If a line is no decision; the message names file and line.
    """
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        if line.strip():
            try:
                found.append(_decoder.decode(line))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise RecordError(
                    f"{path}, line {number}: no decision of a reviewer: {error}; expected a line as "
                    "`jixiao import` writes it"
                ) from error
    return found


def add_reviews(
    folder: Path, doc_id: str, reviews: Sequence[Review], *, withdrawn: Sequence[Review] = ()
) -> None:
    """Write decisions behind those that ``folder`` has; a decision that is there is not repeated.

    ``withdrawn`` are decisions that their reviewer took back: they are left out.

    Raises
    ------
    OutputError, RecordError
        If the file cannot be written, or what is there is no review.
    """
    path = reviews_path(folder, doc_id)
    gone = {_encoder.encode(one) for one in withdrawn}
    kept = [one for one in map(_encoder.encode, read_reviews(path)) if one not in gone]
    lines = dict.fromkeys((*kept, *map(_encoder.encode, reviews)))
    if lines or gone:
        write_whole(path, b"".join(line + b"\n" for line in lines))


def latest(reviews: Iterable[Review]) -> list[Review]:
    """Return of each record the decision made last, in the order of the first."""
    found: dict[tuple[str, str, str | None], Review] = {}
    for review in reviews:
        place = (review.document, review.record, review.key or review.id)
        before = found.get(place)
        if before is None or before.time <= review.time:
            found[place] = review
    return list(found.values())


def stated(record: SpanRecord | Fact) -> dict[str, Any]:
    """Return what a record says of its text, as JSON: no ids, nothing of how it was found."""
    given: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(record))
    return {name: value for name, value in given.items() if name not in _ASIDE}


def differences(given: dict[str, Any] | None, record: SpanRecord | Fact) -> list[str]:
    """Return what a record says otherwise than the one that was judged: ``unit: 家 → 个``."""
    if given is None:
        return []
    now = stated(record)
    before = {name: value for name, value in given.items() if name not in _ASIDE}
    return [
        f"{name}: {_shown(before.get(name))} → {_shown(now.get(name))}"
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    ]


def _shown(value: Any) -> str:
    return "none" if value is None else str(value)[:40]


def by_key(annotation: Annotation) -> dict[tuple[str, str], SpanRecord | Fact]:
    """Return the records of an annotation by type and key; a fact has the key of its first mention."""
    found: dict[tuple[str, str], SpanRecord | Fact] = {}
    keys: dict[str, str] = {}
    for record in annotation.records:
        if isinstance(record, Quantity | Entity | Claim) and record.key is not None:
            kind = type(record).__name__.lower()
            found.setdefault((kind, record.key), record)
            keys[record.id] = record.key
        elif isinstance(record, Fact) and record.quantities:
            key = keys.get(record.quantities[0])
            if key is not None:
                found.setdefault(("fact", key), record)
    return found
