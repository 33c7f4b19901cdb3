"""Reviewers' decisions on the records of a run, which may be a newer one than they judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from jixiao.annotation import Annotation
from jixiao.exchange.marks import (
    ANCHOR,
    LAYER_OF,
    LAYERS,
    LINKS,
    TRIGGER,
    Link,
    Mark,
    MarkedDocument,
    mark_ids,
    marked,
    spans,
)
from jixiao.exchange.merge import merge
from jixiao.exchange.reviews import Review, by_key, differences
from jixiao.records import Check, Fact, Record


@dataclass(slots=True)
class Applied:
    """An annotation with decisions on it, and the decisions that do not fit, each with the reason."""

    annotation: Annotation
    unfit: list[tuple[Review, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def apply_reviews(annotation: Annotation, reviews: Sequence[Review]) -> Applied:
    """Return the annotation that follows from decisions, the last one on each record.

    What is correct or doubtful stays; what is wrong or deleted goes; what was changed or added is as
    the reviewer left it. A decision on a record that is gone, that says something else by now, or whose
    place is taken is not applied but returned in ``unfit``; one that struck out a record which the run
    no longer has is fulfilled.
    """
    desk = _Desk(annotation)
    unfit = [(review, why) for review in reviews if (why := desk.decide(review)) is not None]
    merged = merge(desk.document, annotation, LAYERS)
    records = [one for one in merged.annotation.records if not desk.is_struck(one)]
    done = Annotation(merged.annotation.document, annotation.text, records)
    return Applied(done, unfit, merged.notes)


class _Desk:
    """The marks of an annotation, on which decisions are carried out one after another."""

    def __init__(self, annotation: Annotation) -> None:
        self.document: MarkedDocument = marked(annotation)
        self._text = annotation.text
        self._records = by_key(annotation)
        self._checks = {one.id: one for one in annotation.of(Check)}
        ids = mark_ids(annotation)
        self._mark_ids = {id(record): ids[record.id] for record in spans(annotation)}
        self._marks = {mark.id: mark for mark in self.document.marks}
        self._struck: list[Record] = []

    def is_struck(self, record: Record) -> bool:
        """Tell whether a fact or check was judged wrong."""
        return isinstance(record, Fact | Check) and record in self._struck

    def decide(self, review: Review) -> str | None:
        """Carry out a decision; return why it does not fit, None where it does."""
        if review.row is not None:
            return "it did not fit the run it was given on"
        if review.record == "check":
            return self._decide_check(review)
        if review.verdict in ("added", "changed"):
            return self._correct(review)
        record = self._records.get((review.record, review.key or ""))
        if record is None:
            gone = review.verdict in ("wrong", "deleted")
            return None if gone else "the run has no such record"
        changed = differences(review.given, record)
        if changed:
            return "; ".join(changed)
        if review.verdict in ("wrong", "deleted"):
            if isinstance(record, Fact):
                self._struck.append(record)
            else:
                self._remove(self._mark_ids[id(record)])
        return None

    def _decide_check(self, review: Review) -> str | None:
        check = self._checks.get(review.id or "")
        if check is None:
            return "the run has no such check"
        if review.verdict == "wrong":
            self._struck.append(check)
        return None

    def _correct(self, review: Review) -> str | None:
        given = review.corrected or {}
        start, end, text = given.get("start"), given.get("end"), given.get("text")
        if not isinstance(start, int) or not isinstance(end, int) or self._text[start:end] != text:
            return "the text says something else at its place"
        record = self._records.get((review.record, review.key or ""))
        if record is None and review.verdict == "changed":
            return "the run has no such record"
        if record is not None and not isinstance(record, Fact):
            same = not differences(given, record)
            changed = [] if same else differences(review.given, record)
            if changed and review.given is not None:
                return "; ".join(changed)
            mark_id = self._mark_ids[id(record)]
        else:
            mark_id = f"added {start} {end} {review.record}"
        if review.record == "quantity" and (other := self._overlapping(start, end, mark_id)):
            return f"{other} stands there"
        self._put(mark_id, given, start, end)
        return None

    def _overlapping(self, start: int, end: int, mark_id: str) -> str | None:
        for mark in self.document.marks:
            other = mark.id != mark_id and LAYER_OF.get(mark.label) == "quantity"
            if other and mark.start < end and start < mark.end:
                return f"{mark.label} {mark.text!r}"
        return None

    def _put(self, mark_id: str, given: dict[str, Any], start: int, end: int) -> None:
        aside = ANCHOR | LINKS.keys()
        fields = {name: value for name, value in given.items() if name not in aside}
        label = str(given.get("kind") or given.get("label"))
        present = self._marks.get(mark_id)
        if present is None:
            present = Mark(mark_id, label, start, end, self._text[start:end], fields, mark_id)
            self._marks[mark_id] = present
            self.document.marks.append(present)
        else:
            kept = {n: v for n, v in present.fields.items() if n in ("sentence", "section")}
            present.label, present.start, present.end = label, start, end
            present.text, present.fields = self._text[start:end], kept | fields
        word = given.get(TRIGGER)
        word_id = f"{mark_id}-{TRIGGER}"
        self._remove(word_id)
        if isinstance(word, dict):
            first, last = int(word["start"]), int(word["end"])
            made = Mark(word_id, TRIGGER, first, last, self._text[first:last], {}, mark_id)
            self.document.marks.append(made)
            self.document.links.append(Link(TRIGGER, mark_id, word_id, mark_id))

    def _remove(self, mark_id: str) -> None:
        self._marks.pop(mark_id, None)
        document = self.document
        document.marks = [mark for mark in document.marks if mark.id != mark_id]
        document.links = [one for one in document.links if mark_id not in (one.source, one.target)]
