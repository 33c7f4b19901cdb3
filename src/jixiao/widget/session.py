"""The review of one report: every mention with what was decided on it, undo, and the files."""

from __future__ import annotations

import datetime
from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, get_args

import msgspec

from jixiao.annotation import Annotation
from jixiao.documents import Report
from jixiao.errors import SettingsError
from jixiao.exchange.apply import apply_reviews
from jixiao.exchange.marks import LABELS, LAYER_OF, Layer, label_of, layer_of, spans, text_digest
from jixiao.exchange.reviews import (
    Review,
    add_reviews,
    latest,
    read_reviews,
    reviews_path,
    stated,
)
from jixiao.pipeline import annotate_text
from jixiao.records import (
    Claim,
    Document,
    Entity,
    Quantity,
    Record,
    SpanRecord,
    encode_line,
    span_key,
)
from jixiao.settings import Settings
from jixiao.stores.annotations import write_annotation
from jixiao.widget.fields import LABEL_FIELD, TYPES, FieldError, Text, corrected

Judgement: TypeAlias = Literal["correct", "wrong", "doubtful"]
Clock: TypeAlias = Callable[[], datetime.datetime]

SOURCE: Final = "widget"
GONE: Final = frozenset({"wrong", "deleted"})
_JUDGEMENTS: Final = get_args(Judgement)


@dataclass(slots=True)
class Mention:
    """A record under review. ``given`` is what the run says, None for one that was added.

    ``review`` is the decision on it, None while there is none; ``record`` what it says now.
    """

    id: str
    given: SpanRecord | None
    record: SpanRecord
    review: Review | None = None

    @property
    def layer(self) -> Layer:
        """The layer of the record."""
        return layer_of(self.record)

    @property
    def verdict(self) -> str | None:
        """The verdict of the decision on it."""
        return self.review.verdict if self.review is not None else None

    @property
    def stands(self) -> bool:
        """Tell whether it is part of the reviewed annotation."""
        return self.verdict not in GONE


class _Step(msgspec.Struct, frozen=True):
    """What one mention was before and after an edit; a review of None is an open mention."""

    mention: str
    before: Review | None
    after: Review | None


@dataclass(slots=True)
class Saved:
    """What saving did: the folder, the decisions in it by verdict, and what has to be told."""

    folder: Path
    decisions: Counter[str] = field(default_factory=Counter)
    unfit: list[tuple[Review, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class ReviewSession:
    """The review of one annotation: verdicts, corrections, additions, undo, and saving.

    Decisions are those of :mod:`jixiao.exchange.reviews`; what ``out`` holds of the document is
    loaded, and what no longer fits the annotation is in ``unfit``.

    Parameters
    ----------
    annotation
        What a run found. It is not changed.
    out
        The folder that gets ``reviews/``, ``annotations/`` and ``text/``.
    reviewer
        Who decides; needed before the first save.
    indicators
        The Chinese name of each indicator of the catalogue, by id.
    settings
        Those of the run, for reading the number in a mention that is added.
    clock
        Tells the time of a decision.

    Examples
    --------
    >>> import jixiao
    >>> found = jixiao.annotate("全年新建学校3所，新增学位1080个。")
    >>> session = ReviewSession(found, Path("reviewed"), reviewer="李", indicators={})
    >>> session.judge("q1", "correct")
    ['q1']
    >>> session.correct("q2", {"noun": "公办学位"})
    ['q2']
    >>> [(one.id, one.verdict) for one in session.mentions if one.review]
    [('q1', 'correct'), ('q2', 'changed')]
    >>> session.undo()
    ['q2']
    """

    def __init__(
        self,
        annotation: Annotation,
        out: Path,
        *,
        reviewer: str | None = None,
        indicators: Mapping[str, str],
        settings: Settings | None = None,
        report: Report | None = None,
        clock: Clock = _now,
    ) -> None:
        self.annotation = _keyed(annotation)
        self.out = out
        self.reviewer = reviewer
        self.indicators = indicators
        self.report = report
        self._settings = settings
        self._clock = clock
        self._text = Text(annotation.text, text_digest(annotation.text))
        self._mentions: dict[str, Mention] = {}
        self._by_key: dict[tuple[str, str], str] = {}
        self._added = 0
        self._undo: list[list[_Step]] = []
        self._redo: list[list[_Step]] = []
        self._touched: set[str] = set()
        self._stored: dict[str, list[Review]] = {}
        self._written: list[Review] = []
        self.unfit: list[tuple[Review, str]] = []
        for record in spans(self.annotation):
            name = layer_of(record)
            if record.key is not None and (name, record.key) not in self._by_key:
                self._by_key[name, record.key] = record.id
                self._mentions[record.id] = Mention(record.id, record, record)
        self._places = sorted(
            (one.record.start, one.record.end, one.id) for one in self._quantities()
        )
        self._load()

    # -- what there is --------------------------------------------------------------------------

    @property
    def document(self) -> Document:
        """The document record of the annotation."""
        return self.annotation.document

    @property
    def mentions(self) -> list[Mention]:
        """Every mention in the order of the text, with those added and those struck out."""
        return sorted(
            self._mentions.values(),
            key=lambda one: (one.record.start, -one.record.end, one.layer, one.id),
        )

    def mention(self, name: str) -> Mention:
        """Return a mention by its id.

        Raises
        ------
        SettingsError
            If there is none of that id.
        """
        if name not in self._mentions:
            raise SettingsError(
                f"no mention {name!r} in {self.document.doc_id}; expected the id of a quantity, entity "
                "or claim, as q1, e1 or c1, or of one added, as n1"
            )
        return self._mentions[name]

    @property
    def decisions(self) -> list[Review]:
        """The decisions that stand, in the order of the text."""
        return [one.review for one in self.mentions if one.review is not None]

    @property
    def can_undo(self) -> int:
        """How many edits can be undone."""
        return len(self._undo)

    @property
    def can_redo(self) -> int:
        """How many edits can be made again."""
        return len(self._redo)

    @property
    def unsaved(self) -> bool:
        """Tell whether something was decided since the last save."""
        return bool(self._touched)

    # -- deciding -------------------------------------------------------------------------------

    def judge(
        self, names: str | Sequence[str], verdict: Judgement | None, note: str | None = None
    ) -> list[str]:
        """Say that mentions are right, wrong or doubtful; None takes the decision back.

        Several are one edit for :meth:`undo`. Returns the ids of what changed.

        Raises
        ------
        SettingsError
            If there is no such mention or verdict.
        RecordError
            If a number stands where one that was struck out would come back.
        """
        if verdict is not None and verdict not in _JUDGEMENTS:
            raise SettingsError(
                f"no verdict {verdict!r}; expected one of {', '.join(_JUDGEMENTS)}, or None to take it back"
            )
        chosen = [self.mention(one) for one in ([names] if isinstance(names, str) else names)]
        steps = [self._judged(mention, verdict, note) for mention in chosen]
        self._check_free_places(step for step in steps if step is not None)
        return self._do([step for step in steps if step is not None])

    def _judged(
        self, mention: Mention, verdict: Judgement | None, note: str | None
    ) -> _Step | None:
        before = mention.review
        if mention.given is None:
            # What a reviewer added is right for him; else he deletes it.
            return self._delete(mention) if verdict == "wrong" else None
        if verdict == "correct" and before is not None and before.verdict in ("changed", "added"):
            return None  # the correction is what is right
        if verdict is None:
            return _Step(mention.id, before, None) if before is not None else None
        return _Step(mention.id, before, self._review(mention, verdict, note))

    def note(self, name: str, note: str | None) -> list[str]:
        """Write a remark to a decision; a mention without one becomes doubtful.

        Raises
        ------
        SettingsError
            If there is no such mention.
        """
        mention = self.mention(name)
        words = " ".join((note or "").split()) or None
        before = mention.review
        if before is None:
            return self.judge(name, "doubtful", words) if words else []
        signed = {"reviewer": self.reviewer or "", "time": self._time()}
        after = msgspec.structs.replace(before, note=words, **signed)
        return self._do([_Step(name, before, after)])

    def correct(self, name: str, changes: Mapping[str, Any], note: str | None = None) -> list[str]:
        """Correct fields of a mention, its place or its label (:func:`~jixiao.widget.fields.corrected`).

        Raises
        ------
        SettingsError
            If there is no such mention.
        RecordError
            If a value cannot be, or another number stands at the place.
        """
        mention = self.mention(name)
        made = corrected(mention.record, changes, self._text, self.indicators)
        same = mention.given is not None and stated(made) == stated(mention.given)
        if stated(made) == stated(mention.record) and mention.stands and not note:
            return []
        self._check_free(made, mention.id)
        words = note if note is not None else mention.review.note if mention.review else None
        if same:
            review: Review | None = self._review(mention, "correct", words)
        else:
            verdict: Literal["added", "changed"] = "changed" if mention.given else "added"
            review = self._review(mention, verdict, words, made)
        return self._do([_Step(mention.id, mention.review, review)])

    def propose(self, start: int, end: int) -> dict[str, Any]:
        """Return what the toolkit reads in a place that it passed over: fields for :meth:`add`.

        Looked at are first the line around it, then the characters alone; empty where they hold no
        number and no name.
        """
        raw = self._text.raw
        low = raw.rfind("\n", 0, start) + 1
        high = raw.find("\n", end)
        line = raw[low : high if high >= 0 else len(raw)]
        for words, at in ((line, low), (raw[start:end], start)):
            if len(words) > 5_000:
                continue
            found = annotate_text(words, settings=self._settings)
            records: list[SpanRecord] = [*found.quantities, *found.entities]
            for record in records:
                if (record.start + at, record.end + at) == (start, end):
                    return {"layer": layer_of(record)} | {
                        name: value
                        for name, value in stated(record).items()
                        if name not in ("type", "start", "end", "text")
                    }
        return {}

    def add(
        self,
        start: int,
        end: int,
        label: str,
        fields: Mapping[str, Any] | None = None,
        note: str | None = None,
    ) -> list[str]:
        """Add a mention; ``label`` is that of a quantity or entity, or the kind of a claim.

        Raises
        ------
        FieldError
            If the label, place or a value cannot be.
        RecordError
            If the same mention, or another number, stands there.
        """
        layer = LAYER_OF.get(label)
        if layer is None:
            expected = "; ".join(", ".join(labels) for labels in LABELS.values())
            raise FieldError("label", f"{label!r} is none of {expected}")
        blank: dict[str, Any] = {"type": layer, "id": "n0", "start": 0, "end": 1, "text": ""}
        empty: SpanRecord = msgspec.convert(blank | {LABEL_FIELD[layer]: label}, TYPES[layer])
        given = dict(fields or {})
        if layer == "quantity" and given.get("value") is None:
            raise FieldError(
                "value", "a number without a value; type it as it is printed, as 385.08万"
            )
        made = corrected(
            empty,
            given | {"start": start, "end": end, LABEL_FIELD[layer]: label},
            self._text,
            self.indicators,
        )
        known = self._by_key.get((layer, made.key or ""))
        self._check_free(made, known or "")
        if known is not None:
            if self._mentions[known].stands:
                raise FieldError(
                    "text", f"{label} {made.text[:40]!r} ({known}) is known; correct it instead"
                )
            return self.correct(known, given, note)
        self._added += 1
        made.id = f"n{self._added}"
        mention = Mention(made.id, None, made)
        self._mentions[made.id] = mention
        return self._do([_Step(made.id, None, self._review(mention, "added", note, made))])

    def delete(self, names: str | Sequence[str]) -> list[str]:
        """Strike mentions out; one that was added is gone as if it had never been.

        Raises
        ------
        SettingsError
            If there is no such mention.
        """
        chosen = [self.mention(one) for one in ([names] if isinstance(names, str) else names)]
        return self._do([self._delete(mention) for mention in chosen])

    def _delete(self, mention: Mention) -> _Step:
        if mention.given is None:
            return _Step(mention.id, mention.review, None)
        return _Step(mention.id, mention.review, self._review(mention, "deleted", None))

    def undo(self) -> list[str]:
        """Take the last edit back; return the ids of what changed, none if there is nothing to undo."""
        return self._move(self._undo, self._redo, back=True)

    def redo(self) -> list[str]:
        """Make the edit again that was undone last."""
        return self._move(self._redo, self._undo, back=False)

    # -- inside ---------------------------------------------------------------------------------

    def _quantities(self) -> Iterable[Mention]:
        return (one for one in self._mentions.values() if isinstance(one.record, Quantity))

    def _time(self) -> str:
        return self._clock().isoformat(timespec="seconds")

    def _review(
        self,
        mention: Mention,
        verdict: Literal["correct", "wrong", "doubtful", "added", "changed", "deleted"],
        note: str | None,
        made: SpanRecord | None = None,
    ) -> Review:
        known = mention.given or made
        return Review(
            document=self.document.doc_id,
            record=mention.layer,
            verdict=verdict,
            key=known.key if known is not None else None,
            note=note,
            source=SOURCE,
            given=None if mention.given is None else stated(mention.given),
            corrected=None if made is None else stated(made),
            reviewer=self.reviewer or "",
            time=self._time(),
        )

    def _do(self, steps: list[_Step]) -> list[str]:
        steps = [step for step in steps if step.before != step.after]
        if not steps:
            return []
        for step in steps:
            self._put(step.mention, step.after)
        self._undo.append(steps)
        self._redo.clear()
        return [step.mention for step in steps]

    def _move(self, source: list[list[_Step]], target: list[list[_Step]], back: bool) -> list[str]:
        if not source:
            return []
        steps = source.pop()
        target.append(steps)
        for step in reversed(steps) if back else steps:
            self._put(step.mention, step.before if back else step.after)
        return [step.mention for step in steps]

    def _put(self, name: str, review: Review | None) -> None:
        """Set what is decided on a mention; one that was added and has no decision is hidden."""
        mention = self._mentions[name]
        self._touched.add(name)
        place = self._place(mention)
        mention.review = review
        made = review.corrected if review is not None else None
        if made is not None:
            mention.record = self._record(mention, made)
        elif mention.given is not None:
            mention.record = mention.given
        now = self._place(mention)
        if now != place:
            self._places = [one for one in self._places if one != place]
            if now is not None:
                insort(self._places, now)

    def _place(self, mention: Mention) -> tuple[int, int, str] | None:
        """Return where a number stands; None for other mentions and for one struck out."""
        stands = self.is_shown(mention) and mention.stands and mention.layer == "quantity"
        return (mention.record.start, mention.record.end, mention.id) if stands else None

    def is_shown(self, mention: Mention) -> bool:
        """Tell whether a mention is there at all: one that was added and taken back is not."""
        return mention.given is not None or mention.review is not None

    def _record(self, mention: Mention, made: Mapping[str, Any]) -> SpanRecord:
        """Return the record of a correction, with what the run knows of its sentence."""
        known = mention.given
        kept: dict[str, Any] = {}
        if known is not None:
            place = known.sentence
            inside = place is not None and place[0] <= made["start"] and made["end"] <= place[1]
            kept = {"sentence": place if inside else None, "section": known.section}
        layer = layer_of(known) if known is not None else layer_of(mention.record)
        label = str(made[LABEL_FIELD[layer]])
        kept["key"] = span_key(self._text.digest, layer, label, made["start"], made["end"])
        given = {**made, **kept, "type": layer, "id": mention.id}
        return msgspec.convert(given, TYPES[layer], strict=False)

    def _check_free(self, made: SpanRecord, name: str) -> None:
        """Refuse a number where another one stands, and any mention that is there already."""
        if isinstance(made, Quantity):
            # Numbers that stand do not overlap, so that only the neighbours can be in the way.
            index = bisect_right(self._places, (made.start, made.end, ""))
            near = [self._mentions[one[2]] for one in self._places[max(index - 2, 0) : index + 2]]
        else:
            near = [one for one in self._mentions.values() if one.record.key == made.key]
        for other in near:
            there = other.record
            over = there.start < made.end and made.start < there.end
            if other.id != name and over and other.stands and self.is_shown(other):
                raise FieldError(
                    "text",
                    f"{label_of(there)} {there.text[:40]!r} ({other.id}) stands there; delete it first, "
                    "or correct it instead",
                )

    def _check_free_places(self, steps: Iterable[_Step]) -> None:
        for step in steps:
            mention = self._mentions[step.mention]
            stands = step.after is None or step.after.verdict not in GONE
            moves = not mention.stands or mention.record is not mention.given
            if stands and moves and mention.given is not None:
                self._check_free(mention.given, mention.id)

    # -- files ----------------------------------------------------------------------------------

    def _load(self) -> None:
        """Take up the decisions that the folder holds of the document."""
        every = read_reviews(reviews_path(self.out, self.document.doc_id))
        if not every:
            return
        standing = latest(every)
        self.unfit = apply_reviews(self.annotation, standing).unfit
        left_out = {id(review) for review, _ in self.unfit}
        names: dict[tuple[str, str | None], str] = {}
        for review in standing:
            if id(review) in left_out or review.record == "fact" or review.record == "check":
                continue
            name = self._by_key.get((review.record, review.key or ""))
            if name is None and review.corrected is not None:
                name = self._loaded(review.record, review.corrected)
            if name is not None:
                self._put(name, review)
                names[review.record, review.key] = name
        for review in every:
            if (found := names.get((review.record, review.key))) is not None:
                self._stored.setdefault(found, []).append(review)
        self._touched.clear()

    def _loaded(self, layer: Layer, made: Mapping[str, Any]) -> str:
        """Return the id of a mention that a reviewer added before."""
        self._added += 1
        name = f"n{self._added}"
        record = msgspec.convert({**made, "type": layer, "id": name}, TYPES[layer], strict=False)
        self._mentions[name] = Mention(name, None, record)
        return name

    def save(self) -> Saved:
        """Write the decisions, and the annotation that follows from them, into the folder.

        Decisions on other records, by others and from before stay. One that was taken back goes.

        Raises
        ------
        SettingsError
            If nobody says who reviewed.
        OutputError, RecordError
            If a file cannot be written, or what is there is no review.
        """
        doc_id = self.document.doc_id
        touched = sorted(self._touched, key=lambda one: self._mentions[one].record.start)
        if not self.reviewer and any(self._is_unsigned(name) for name in touched):
            raise SettingsError(
                'nobody says who reviewed; give the name as jixiao.review(…, reviewer="李")'
            )
        withdrawn: list[Review] = []
        made: list[Review] = []
        for name in touched:
            gone, new = self._since_last(self._mentions[name])
            withdrawn += gone
            made += new
        add_reviews(self.out, doc_id, made, withdrawn=withdrawn)
        everything = latest(read_reviews(reviews_path(self.out, doc_id)))
        applied = apply_reviews(self.annotation, everything)
        done = applied.annotation
        lines = [encode_line(record) for record in done.records]
        write_annotation(self.out, doc_id, done.text, lines)
        self._touched.clear()
        self.unfit = applied.unfit
        counted: Counter[str] = Counter(review.verdict for review in everything)
        return Saved(self.out, counted, applied.unfit, applied.notes)

    def _is_unsigned(self, name: str) -> bool:
        review = self._mentions[name].review
        return review is not None and not review.reviewer

    def _since_last(self, mention: Mention) -> tuple[list[Review], list[Review]]:
        """Return the stored decisions on a mention that go, and the new one if there is one."""
        stored = self._stored.get(mention.id, [])
        now = mention.review
        if now is not None and not now.reviewer:
            now = mention.review = msgspec.structs.replace(now, reviewer=self.reviewer or "")
        if now is None:
            self._stored[mention.id] = []
            return stored, []
        # One line a record for this session; what was decided before it is history and stays.
        gone = [
            one for one in stored if one != now and (one in self._written or one.key != now.key)
        ]
        new = [] if now in stored else [now]
        self._written += new
        self._stored[mention.id] = [one for one in stored if one not in gone] + new
        return gone, new


def _keyed(annotation: Annotation) -> Annotation:
    """Return an annotation whose spans all have their key; gold annotations have none."""
    digest = text_digest(annotation.text)
    records: list[Record] = []
    for record in annotation.records:
        if isinstance(record, Quantity | Entity | Claim) and record.key is None:
            place = layer_of(record), label_of(record), record.start, record.end
            record = msgspec.structs.replace(record, key=span_key(digest, *place))
        records.append(record)
    return Annotation(annotation.document, annotation.text, records)
