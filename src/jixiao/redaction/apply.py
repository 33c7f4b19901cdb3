"""An annotation with every personal name and number masked: its text, and every field of every record."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from jixiao.annotation import Annotation
from jixiao.documents import Report
from jixiao.entities.names import word_set
from jixiao.records import Claim, Document, Entity, Quantity, Record, span_key
from jixiao.redaction.find import (
    Span,
    cells_of_rosters,
    folded,
    names_after_labels,
    names_beside_labels,
    numbers_in,
)

MASK: Final = "＊"
"""What stands for each masked code point."""

# What is no text of the report: ids, hashes, the file's own name, words of the format and the catalogue.
_NO_TEXT: Final = word_set(
    "id key doc_id document source media_type schema sha256 text_sha256 rule label kind form code verdict "
    "measure direction modality bound unit polarity indicator indicator_zh candidates region_code period year "
    "fiscal_year report_date quantities total refers_to same_as"
)
_SPANS: Final = (Quantity, Entity, Claim)


class Mask:
    """What a report has to hide: places in its raw text, and the same words wherever they stand.

    Parameters
    ----------
    report
        The report; how its file is laid out helps to find names in tables.
    records
        Its records. Names of label PERSON are hidden; the characters of a quantity are not.
    """

    def __init__(self, report: Report, records: Iterable[Record]) -> None:
        self._raw = report.raw
        found = list(records)
        self._kept = _covered(one for one in found if isinstance(one, Quantity))
        people = [
            Span(one.start, one.end)
            for one in found
            if isinstance(one, Entity) and one.label == "PERSON"
        ]
        self._given = [span for span in (*people, *_in_text(report)) if self._is_free(span)]
        words = {_bare(self._raw[slice(*span)]) for span in self._given}
        self._words = sorted(word for word in words if len(word) > 1)
        self._automaton = AhoCorasick(
            self._words,
            matchkind=MatchKind.LeftmostLongest,
            implementation=Implementation.ContiguousNFA,
            store_patterns=False,
        )

    @property
    def words(self) -> Sequence[str]:
        """What is masked, without blanks and line ends, in order."""
        return self._words

    @property
    def text(self) -> str:
        """The raw text, of the same length, masked."""
        spans = [*self._given, *filter(self._is_free, self._again(self._raw))]
        return _masked(self._raw, spans)

    def string(self, given: str) -> str:
        """Return a string with every masked word of the report masked, of the same length."""
        return _masked(given, self._again(given))

    def _is_free(self, span: Span) -> bool:
        return self._kept.isdisjoint(range(*span))

    def _again(self, text: str) -> list[Span]:
        """Return where a text has one of the words, blanks and a line end inside passed over."""
        if not self._words:
            return []
        places = [found.start() for found in _SOLID.finditer(text)]
        solid = folded("".join(text[place] for place in places))
        spans = []
        for word, start, end in self._automaton.find_matches_as_indexes(solid):
            span = Span(places[start], places[end - 1] + 1)
            if _APART.search(text[slice(*span)]) is None and _is_whole(
                self._words[word], text, span
            ):
                spans.append(span)
        return spans


# Tabs stay: they part the cells of a table, which no name runs over.
_SOLID: Final = re.compile(r"[^ \u3000\u00a0\r\n]")
_APART: Final = re.compile(r"\n[ \u3000]*\n|[ \u3000\u00a0]{9}")
_DIGIT_EDGE: Final = re.compile(r"[0-9A-Za-z]")


def _bare(text: str) -> str:
    return folded("".join(text.split()))


def _is_whole(word: str, text: str, span: Span) -> bool:
    """Tell whether digits at the edges of a word end there: 8123456 is not in 81234567."""
    before, after = folded(text[span.start - 1 : span.start]), folded(text[span.end : span.end + 1])
    cut_left = _DIGIT_EDGE.match(word[0]) and _DIGIT_EDGE.match(before)
    cut_right = _DIGIT_EDGE.match(word[-1]) and _DIGIT_EDGE.match(after)
    return not cut_left and not cut_right


def _covered(spans: Iterable[Quantity]) -> frozenset[int]:
    return frozenset(place for span in spans for place in range(span.start, span.end))


def _in_text(report: Report) -> list[Span]:
    """Return the raw places of what the grammar of names and numbers finds.

    The view joins what a page or a line parts, the raw text also has running headers and footers.
    """
    raw, view = folded(report.raw), report.view
    seen = folded(view.text)
    names, numbers = cells_of_rosters(report)
    inside = [*names, *numbers, *_by_grammar(seen)]
    return [*_by_grammar(raw), *(Span(*view.raw_span(*span)) for span in inside)]


def _by_grammar(text: str) -> list[Span]:
    return [*names_after_labels(text), *names_beside_labels(text), *numbers_in(text)]


def _masked(text: str, spans: Iterable[Span]) -> str:
    characters = list(text)
    for span in spans:
        for place in range(*span):
            if not characters[place].isspace():
                characters[place] = MASK
    return "".join(characters)


def redact(annotation: Annotation, report: Report | None = None) -> Annotation:
    """Return an annotation without the personal names and numbers that are recognised.

    Masked are the names of persons (entities of label PERSON, what stands behind 联系人：, 填报人,
    审核人（签字） and their like, and in columns that ask for names), telephone and identity numbers and
    addresses of e-mail; and each of them wherever else the text or a record repeats it. A mask has as many
    code points as what it hides, so offsets, values and indicators stay; ``text_sha256`` and every
    ``key`` are those of the masked text. ``sha256`` of the source stays, and so do ``doc_id`` and
    ``source``: a file's name is the user's to choose. A name that is not recognised stays, too.

    Parameters
    ----------
    annotation
        The annotation; it is not changed. One that is redacted is returned as it is.
    report
        The report as it was read from its file; without it tables are told from the text alone.

    Examples
    --------
    >>> import jixiao
    >>> found = jixiao.annotate("联系人：李向阳，电话13800000000。全年新建学校3所，李向阳参加验收。")
    >>> shared = redact(found)
    >>> shared.text
    '联系人：＊＊＊，电话＊＊＊＊＊＊＊＊＊＊＊。全年新建学校3所，＊＊＊参加验收。'
    >>> [q.text for q in shared.quantities], shared.document.redacted
    (['3所'], True)
    """
    if annotation.document.redacted:
        return annotation
    report = report or Report(annotation.document.doc_id, annotation.text)
    mask = Mask(report, annotation.records)
    return apply_mask(annotation, mask)


def apply_mask(annotation: Annotation, mask: Mask) -> Annotation:
    """Return an annotation of the text that a mask was made for, masked."""
    text = mask.text
    digest = hashlib.sha256(text.encode()).hexdigest()
    document = _masked_fields(annotation.document, mask)
    document.text_sha256, document.redacted = digest, True
    records: list[Record] = [document]
    records += [
        _masked_record(record, mask, text, digest)
        for record in annotation.records
        if not isinstance(record, Document)
    ]
    return Annotation(document, text, records)


def redacted_report(report: Report, text: str) -> Report:
    """Return a report with its masked text in place of the raw text, laid out as before."""
    rendered = report.rendered
    if rendered is not None:
        rendered = dataclasses.replace(rendered, raw=text)
    return dataclasses.replace(report, raw=text, rendered=rendered)


def _masked_record(record: Any, mask: Mask, text: str, digest: str) -> Any:
    masked = _masked_fields(record, mask)
    if isinstance(masked, _SPANS):
        masked.text = text[masked.start : masked.end]
        if masked.key is not None:
            label = masked.kind if isinstance(masked, Claim) else masked.label
            kind = type(masked).__name__.lower()
            masked.key = span_key(digest, kind, label, masked.start, masked.end)
    if isinstance(masked, Claim) and masked.trigger is not None:
        masked.trigger.text = text[masked.trigger.start : masked.trigger.end]
    return masked


def _masked_fields(record: Any, mask: Mask) -> Any:
    """Return a copy of a record in which each string that quotes the report is masked."""
    changed = {
        name: _masked_value(getattr(record, name), mask)
        for name in record.__struct_fields__
        if name not in _NO_TEXT
    }
    return msgspec.structs.replace(record, **changed)


def _masked_value(value: Any, mask: Mask) -> Any:
    if isinstance(value, str):
        return mask.string(value)
    if isinstance(value, list):
        return [_masked_value(one, mask) for one in value]
    if isinstance(value, dict):
        return {name: _masked_value(one, mask) for name, one in value.items()}
    if isinstance(value, msgspec.Struct):
        return _masked_fields(value, mask)
    return value
