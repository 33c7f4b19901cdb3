"""The achievement claims of a report, at view offsets, and their records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, cast

from jixiao.claims.actors import NamedSpan, Subject, Topics
from jixiao.claims.arguments import arguments_of
from jixiao.claims.award import award_year, awarding_body, honoured_by
from jixiao.claims.dates import Dates
from jixiao.claims.decide import Model, model, probability_of
from jixiao.claims.evidence import NONE, NOTHING, Clues, Reading, clues_of, propose
from jixiao.claims.features import Shape, shape_of
from jixiao.claims.references import References
from jixiao.claims.segments import Cutter, Segment
from jixiao.claims.spans import trim
from jixiao.claims.standing import polarity_of, standing_of
from jixiao.records import Claim, ClaimKind, Trigger, span_key

if TYPE_CHECKING:
    from jixiao.context import Scope
    from jixiao.documents.report import Report
    from jixiao.numbers.find import Found

_EXPECTED: Final = re.compile(r"预计|有望|预期|将达")
_CARRYING: Final = frozenset({"growth", "ranking"})
_MAX_LEAD: Final = 6
_ENDS: Final = frozenset("。！？!?\n\t")


@dataclass(slots=True)
class FoundClaim:
    """A claim with its place in the view; its confidence rests on ``shape``.

    ``assumed`` tells that it names no actor and its clause leaves the subject out: then it is the
    reporting body that speaks of itself.
    """

    start: int
    end: int
    kind: ClaimKind
    trigger: tuple[int, int]
    rule: str
    confidence: float
    actor: str | None = None
    object: str | None = None
    level: str | None = None
    awarded_by: str | None = None
    year: str | None = None
    date: str | None = None
    rank: str | None = None
    peers: str | None = None
    modality: Literal["actual", "forecast"] = "actual"
    polarity: Literal["negative"] | None = None
    assumed: bool = False
    quantities: list[Found] = field(default_factory=list)
    shape: Shape | None = None


@dataclass(slots=True)
class Candidate:
    """A clause in which some rule reads a claim: its trimmed span, and what is read."""

    start: int
    end: int
    segment: Segment
    reading: Reading
    shape: Shape


def find_claims(
    report: Report,
    items: Sequence[Found],
    entities: Sequence[NamedSpan] = (),
    scopes: Sequence[Scope] = (),
    *,
    weights: Model | None = None,
) -> list[FoundClaim]:
    r"""Return the claims of a report in text order.

    Parameters
    ----------
    report
        The report.
    items
        Its quantities with their context.
    entities
        Its named entities in text order, if they are known: they name actors.
    scopes
        Its stretches by body and year, if they are known: they date claims.
    weights
        A model in place of the package's own.

    >>> from jixiao.documents import Report
    >>> report = Report("example", "一、工作成效\n我局荣获全省先进单位。\n")
    >>> [(claim.kind, claim.actor, claim.level) for claim in find_claims(report, [])]
    [('recognition', '我局', '省')]
    """
    threshold = (weights or model()).threshold
    reader = _Reader(report, entities, scopes)
    found = []
    for candidate in candidates(report, items):
        if weights is None:
            probability = probability_of(candidate.shape)
        else:
            probability = weights.probability(candidate.shape.features())
        if probability >= threshold:
            found.append(reader.read(candidate, probability))
    return found


class _Reader:
    """Reads the claims of a report in text order: what one leaves out stands in those before it."""

    def __init__(
        self, report: Report, entities: Sequence[NamedSpan], scopes: Sequence[Scope]
    ) -> None:
        self._report = report
        self._text = report.view.text
        self._entities = entities
        self._topics = Topics(self._text, entities)
        self._dates = Dates(report, scopes) if scopes else None
        self._thing = (-1, "")

    def read(self, candidate: Candidate, probability: float) -> FoundClaim:
        """Return the claim that a candidate is."""
        text, entities, reading = self._text, self._entities, candidate.reading
        start, end = candidate.start, candidate.end
        inside = [item for item in candidate.segment.items if start <= item.start < end]
        trigger = reading.trigger if start <= reading.trigger[0] < end else (start, end)
        told = arguments_of(text, reading.kind, (start, end), trigger, inside, entities)
        standing = standing_of(text, reading.kind, start, end, inside)
        dates = self._dates
        claim = FoundClaim(
            start,
            end,
            cast("ClaimKind", reading.kind),
            trigger,
            f"claim.{reading.rule}",
            probability,
            told.actor,
            told.object,
            told.level,
            date=dates.of(reading.kind, start, end, trigger[0], inside) if dates else None,
            rank=standing.rank,
            peers=standing.peers,
            modality=_modality(text, start, end, inside),
            polarity=polarity_of(text, reading.kind, trigger, inside),
            quantities=inside,
            shape=candidate.shape,
        )
        if claim.kind == "recognition":
            self._set_award(claim)
        self._set_actor(claim, told.subject)
        self._set_object(claim)
        return claim

    def _set_award(self, claim: FoundClaim) -> None:
        """Set who conferred an honour, in which year, on whom."""
        text, entities, behind = self._text, self._entities, claim.trigger[1]
        claim.awarded_by = awarding_body(text, (claim.start, claim.end), claim.trigger, entities)
        claim.year = award_year(text, behind, claim.end)
        honoured = honoured_by(text, behind, claim.end, entities)
        if honoured and claim.actor == claim.awarded_by:
            claim.actor, claim.object = honoured

    def _set_actor(self, claim: FoundClaim, subject: Subject) -> None:
        """Note who acts, or take it from the clauses before where it is left out."""
        if claim.actor:
            if subject.whole:
                self._topics.note(claim.start, claim.actor)
        elif subject.left_out:
            claim.actor = self._topics.at(claim.start, self._report.sentence_at(claim.start)[0])
            claim.assumed = claim.actor is None and claim.kind not in _CARRYING

    def _set_object(self, claim: FoundClaim) -> None:
        """Note what was done, or take it from before: …达到3.2万元，比上年增加0.4万元."""
        place, thing = self._thing
        if claim.object is None and claim.kind in _CARRYING:
            known = place >= self._report.sentence_at(claim.start)[0]
            claim.object = thing if known else None
        if claim.object:
            self._thing = claim.start, claim.object


def candidates(report: Report, items: Sequence[Found]) -> Iterator[Candidate]:
    """Yield every clause in which a rule reads a claim, with the features of the decision."""
    text = report.view.text
    region = report.metadata.region
    district = region is not None and not region.code.endswith("00")
    for segments in Cutter(report, items).segments():
        readings = [NOTHING] * len(segments)
        clues: list[Clues | None] = [None] * len(segments)
        for index, segment in enumerate(segments):
            if segment.items or segment.triggers:
                clue = clues_of(text, segment, district)
                clues[index], readings[index] = clue, propose(clue)
        _mark_parts(text, segments, readings)
        last = len(segments) - 1
        for index, (segment, found, reading) in enumerate(
            zip(segments, clues, readings, strict=True)
        ):
            if found is None or reading.kind == NONE:
                continue
            start, end = trim(text, segment.start, segment.end)
            before = readings[index - 1].kind if index else ""
            after = readings[index + 1].kind if index < last else ""
            shape = shape_of(found, segment, reading, before, after, start)
            yield Candidate(start, end, segment, reading, shape)


def _mark_parts(text: str, segments: Sequence[Segment], readings: Sequence[Reading]) -> None:
    """Mark the clauses that only divide a whole: behind 其中, and what lists on after them."""
    among = listed = False
    for segment, reading in zip(segments, readings, strict=True):
        if text.find("其中", segment.start, segment.start + _MAX_LEAD) >= 0:
            among, listed = True, segment.closes in "：:"
            segment.among = True
        elif among and listed:
            segment.among = segment.listed = True
        elif reading.rule.startswith("verbless") and (among or _adds_up(segment)):
            segment.among = True
        else:
            among = False
        if segment.closes in _ENDS or (not listed and segment.closes in "；;"):
            among = listed = False


def _adds_up(segment: Segment) -> bool:
    """Tell whether all numbers of a clause are parts of one told before."""
    return bool(segment.items) and all(item.quantity.total for item in segment.items)


def _modality(
    text: str, start: int, end: int, items: Sequence[Found]
) -> Literal["actual", "forecast"]:
    expected = any(item.quantity.modality == "forecast" for item in items)
    return "forecast" if expected or _EXPECTED.search(text, start, end) else "actual"


def publish_claims(
    report: Report, claims: Sequence[FoundClaim], references: References | None = None
) -> list[Claim]:
    """Return the records of claims: raw offsets, ids, keys, sentences, sections.

    The quantities must have been published before, so that they have their ids. ``references`` tell
    whom the words of actors mean; without them ``actor_name`` is left out.
    """
    span, raw = report.view.raw_span, report.raw
    records = []
    for number, claim in enumerate(claims, start=1):
        start, end = span(claim.start, claim.end)
        trigger = span(*claim.trigger)
        section = report.outline.path(claim.start)
        records.append(
            Claim(
                id=f"c{number}",
                start=start,
                end=end,
                text=raw[start:end],
                key=span_key(report.text_sha256, "claim", claim.kind, start, end),
                confidence=claim.confidence,
                rule=claim.rule,
                sentence=span(*report.sentence_at(claim.start)),
                section=list(section) or None,
                kind=claim.kind,
                trigger=Trigger(start=trigger[0], end=trigger[1], text=raw[slice(*trigger)]),
                actor=claim.actor,
                actor_name=_actor_name(claim, references) if references else None,
                object=claim.object,
                level=claim.level,
                awarded_by=claim.awarded_by,
                year=claim.year,
                date=claim.date,
                rank=claim.rank,
                peers=claim.peers,
                quantities=[item.quantity.id for item in claim.quantities] or None,
                modality=claim.modality,
                polarity=claim.polarity,
            )
        )
    return records


def _actor_name(claim: FoundClaim, references: References) -> str | None:
    if claim.actor is None:
        return references.reporting(claim.start) if claim.assumed else None
    name = references.name_of(claim.actor, claim.start)
    return name if name != claim.actor else None
