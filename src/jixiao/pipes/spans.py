"""Records as spaCy spans, and the words of a ``Doc`` that have their edges."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from spacy.tokens import Doc, Span

from jixiao.errors import RecordError
from jixiao.records import Claim, SpanRecord
from jixiao.tokens import Token, cut_at


def span_of(doc: Doc, record: SpanRecord) -> Span:
    """Return the span of a record: its exact text, or the tokens that it touches.

    The span's label is the record's label or kind, its id the record's id.

    Raises
    ------
    RecordError
        If the record lies outside the text.
    """
    span = doc.char_span(
        record.start,
        record.end,
        label=record.kind if isinstance(record, Claim) else record.label,
        span_id=record.id,
        alignment_mode="expand",
    )
    if span is None:
        raise RecordError(
            f"record {record.id} ({record.text!r}) stands at {record.start}-{record.end}; expected "
            f"offsets inside the {len(doc.text)} characters of the Doc"
        )
    return span


def words_and_spaces(
    text: str, tokens: Sequence[Token], records: Collection[SpanRecord]
) -> tuple[list[str], list[bool]]:
    r"""Return the words of a ``Doc`` with a token edge at every record's edge.

    Joined with a blank where ``spaces`` says so, the words are the text exactly. As in spaCy's
    tokenizers a single blank belongs to the word before it; further ones, and all other white
    space, are words of their own, and so is a blank that a record begins or ends with.

    >>> words_and_spaces("建成 3家\n", [(0, 2), (2, 3), (3, 5), (5, 6)], [])
    (['建成', '3家', '\n'], [True, False, False])
    """
    starts = {record.start for record in records}
    ends = {record.end for record in records}
    words: list[str] = []
    spaces: list[bool] = []
    for start, end in cut_at(tokens, starts | ends):
        word = text[start:end]
        inside_record = start in starts or end in ends
        if word == " " and spaces and not spaces[-1] and not inside_record:
            spaces[-1] = True
        else:
            words.append(word)
            spaces.append(False)
    return words, spaces
