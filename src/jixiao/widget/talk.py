"""What the front end asks and is told: messages as JSON, no widget needed."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from jixiao.errors import JixiaoError, SettingsError
from jixiao.exchange.marks import LAYERS
from jixiao.exchange.reviews import Review
from jixiao.exports.names import MEASURES
from jixiao.records import Claim, Quantity
from jixiao.views.values import value_text
from jixiao.widget.desk import ReviewDesk
from jixiao.widget.fields import FieldError, fields_of, shown_fields
from jixiao.widget.layout import layout_of
from jixiao.widget.session import Mention, ReviewSession

Message = Mapping[str, Any]
Reply = dict[str, Any]

_MOST_TOLD: Final = 50
_MOST_PLAIN: Final = 100
_ARROWS: Final[Mapping[str | None, str]] = {"up": "↑", "down": "↓"}


class Talk:
    """Answers the messages of a front end on a desk.

    A message is ``{"id": …, "do": name, …}``; its answer has the ``id`` in ``re`` and says in ``kind``
    what it is: ``document``, ``patch``, ``proposal``, ``saved`` or ``error``. A document, and a patch of
    many mentions, is packed (gzip): a notebook's server limits how much it passes on.
    """

    def __init__(self, desk: ReviewDesk) -> None:
        self.desk = desk
        self._doing: Mapping[str, Callable[[Message], Reply]] = {
            "open": self._open,
            "judge": self._judge,
            "note": self._note,
            "correct": self._correct,
            "propose": self._propose,
            "add": self._add,
            "delete": self._delete,
            "undo": lambda _: self.patch(self._session.undo()),
            "redo": lambda _: self.patch(self._session.redo()),
            "save": self._save,
            "reviewer": self._reviewer,
        }

    def answer(self, message: Message) -> tuple[Reply, bytes | None]:
        """Return the answer to a message, and its content where that is packed.

        The reviewer's mistakes, and files that cannot be written, are answers of the kind ``error``.
        """
        reply: Reply
        try:
            doing = self._doing.get(str(message.get("do")))
            if doing is None:
                raise SettingsError(f"no message {str(message.get('do'))[:40]!r} is known")
            reply = doing(message)
        except JixiaoError as error:
            reply = {"kind": "error", "error": _error_name(error), "message": str(error)}
            if isinstance(error, FieldError):
                reply["field"] = error.field
        return self.packed({"re": message.get("id")} | reply)

    def packed(self, reply: Reply) -> tuple[Reply, bytes | None]:
        """Return a reply as it is sent: what is large apart from it, packed."""
        content: Reply | None = None
        if reply["kind"] == "document":
            content = document(self.desk)
        elif reply["kind"] == "patch" and len(reply["changed"]) > _MOST_PLAIN:
            content = {name: value for name, value in reply.items() if name not in ("re", "kind")}
            reply = {"re": reply.get("re"), "kind": "patch"}
        if content is None:
            return reply, None
        return reply, gzip.compress(msgspec.json.encode(content), 5, mtime=0)

    def patch(self, names: Iterable[str], select: str | None = None) -> Reply:
        """Return what changed: these mentions as they are now, and the state of the desk."""
        session = self._session
        mentions = [session.mention(name) for name in names]
        return {
            "kind": "patch",
            "changed": [shown(one) for one in mentions if session.is_shown(one)],
            "removed": [one.id for one in mentions if not session.is_shown(one)],
            "select": select,
            **state(self.desk),
        }

    @property
    def _session(self) -> ReviewSession:
        return self.desk.current

    def _open(self, message: Message) -> Reply:
        if message.get("document") is not None:
            self.desk.open(str(message["document"]))
        return {"kind": "document"}

    def _judge(self, message: Message) -> Reply:
        given = message.get("verdict")
        return self.patch(self._session.judge(_names(message), given, message.get("note")))

    def _note(self, message: Message) -> Reply:
        return self.patch(self._session.note(str(message.get("name")), message.get("note")))

    def _correct(self, message: Message) -> Reply:
        changes = dict(message.get("changes") or {})
        name = str(message.get("name"))
        return self.patch(self._session.correct(name, changes, message.get("note")), name)

    def _propose(self, message: Message) -> Reply:
        start, end = _place(message)
        found = self._session.propose(start, end)
        fields = {name: value for name, value in found.items() if name not in ("layer", "key")}
        if isinstance(fields.get("table"), bool):
            fields["table"] = "true"
        label = fields.pop("label", None)
        return {"kind": "proposal", "label": label, "fields": fields}

    def _add(self, message: Message) -> Reply:
        start, end = _place(message)
        fields = dict(message.get("fields") or {})
        made = self._session.add(start, end, str(message.get("label")), fields, message.get("note"))
        return self.patch(made, made[0] if made else None)

    def _delete(self, message: Message) -> Reply:
        return self.patch(self._session.delete(_names(message)))

    def _save(self, _: Message) -> Reply:
        done = self.desk.save()
        return {
            "kind": "saved",
            "folder": done.folder.as_posix(),
            "decisions": dict(done.decisions),
            "notes": done.notes[:_MOST_TOLD],
            **state(self.desk),
        }

    def _reviewer(self, message: Message) -> Reply:
        self.desk.reviewer = " ".join(str(message.get("name") or "").split()) or None
        self._session.reviewer = self.desk.reviewer
        return self.patch([])


def _names(message: Message) -> list[str]:
    given = message.get("names")
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise SettingsError(f"names are {str(given)[:40]!r}; expected a list of ids")
    return [str(one) for one in given]


def _place(message: Message) -> tuple[int, int]:
    start, end = message.get("start"), message.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        raise FieldError("text", "nothing is selected")
    return start, end


def _error_name(error: JixiaoError) -> str:
    return "RecordError" if isinstance(error, FieldError) else type(error).__name__


def state(desk: ReviewDesk) -> Reply:
    """Return what stands around the mentions: undo, the reviewer, what was not saved or does not fit."""
    session = desk.current
    return {
        "undo": session.can_undo,
        "redo": session.can_redo,
        "unsaved": desk.unsaved,
        "reviewer": desk.reviewer,
        "unfit": [_unfit(review, why) for review, why in session.unfit[:_MOST_TOLD]],
    }


def _unfit(review: Review, why: str) -> Reply:
    text = (review.corrected or review.given or {}).get("text")
    return {
        "text": text if isinstance(text, str) else review.key or review.id or "",
        "verdict": review.verdict,
        "reviewer": review.reviewer,
        "why": why,
    }


def document(desk: ReviewDesk) -> Reply:
    """Return all that a front end needs to draw the current document."""
    session = desk.current
    record = session.document
    return {
        "document": record.doc_id,
        "title": record.title or record.doc_id,
        "about": [
            one for one in (record.issuer, record.region, record.fiscal_year) if one is not None
        ],
        "out": desk.out.as_posix(),
        "documents": [[doc_id, desk.decided(doc_id)] for doc_id in desk.doc_ids],
        "text": session.annotation.text,
        "parts": layout_of(session.annotation, session.report),
        "mentions": [shown(one) for one in session.mentions if session.is_shown(one)],
        "fields": {layer: [one._asdict() for one in fields_of(layer)] for layer in LAYERS},
        "indicators": dict(desk.indicators),
        **state(desk),
    }


def shown(mention: Mention) -> Reply:
    """Return a mention as the front end draws it."""
    record, review = mention.record, mention.review
    found: Reply = {
        "id": mention.id,
        "layer": mention.layer,
        "label": record.kind if isinstance(record, Claim) else record.label,
        "start": record.start,
        "end": record.end,
        "fields": shown_fields(record),
        "known": mention.given is not None,
        "rule": mention.given.rule if mention.given else None,
        "confidence": mention.given.confidence if mention.given else None,
        "sentence": record.sentence,
        "section": record.section or [],
    }
    if isinstance(record, Quantity):
        found["value"] = value_text(record)
        if record.measure not in (None, "level"):
            found["value"] += f" · {MEASURES[record.measure]}{_ARROWS.get(record.direction, '')}"
    if isinstance(record, Claim):
        found["numbers"] = record.quantities or []
    if isinstance(mention.given, Quantity):
        considered = mention.given.candidates or []
        found["candidates"] = [[one.indicator, one.score] for one in considered]
        found["evidence"] = sorted((mention.given.evidence or {}).items())
    if review is not None:
        found |= {
            "verdict": review.verdict,
            "reviewer": review.reviewer,
            "time": review.time,
            "note": review.note,
        }
        if mention.given is not None and record is not mention.given:
            found["before"] = shown_fields(mention.given)
    return found
