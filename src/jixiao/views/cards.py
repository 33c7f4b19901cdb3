"""Achievement claims as cards: who, what, level, when, numbers, quote; a page of them for notebooks.

:mod:`jixiao.views.terminal` shows the same cards in a terminal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final, NamedTuple

from jixiao.annotation import Annotation
from jixiao.exports.claims import claim_numbers, claim_time, report_at
from jixiao.exports.names import CLAIM_KINDS
from jixiao.records import Claim, Quantity
from jixiao.views.wrapping import one_line, seen

MOST_CARDS: Final = 300


class Card(NamedTuple):
    """A claim for a reader; ``again`` are the claims of the report that repeat it.

    ``who`` has the full name of a self-reference or short form behind it, and in brackets alone the
    reporting body where the claim leaves its subject out.
    """

    claim: Claim
    kind: str
    level: str | None
    when: str | None
    expected: bool
    who: str | None
    what: str | None
    by: str | None
    place: str | None
    numbers: str | None
    quote: str
    again: tuple[Claim, ...] = ()


def cards_of(annotation: Annotation) -> list[Card]:
    r"""Return a card for each achievement a report states, in the order of the first statement.

    >>> from jixiao.pipeline import annotate_text
    >>> card, *_ = cards_of(annotate_text("一、工作成效\n湄潭县获评全省先进县。\n"))
    >>> card.kind, card.who, card.what, card.level
    ('荣誉认定', '湄潭县', '全省先进县', '省级')
    """
    first = _first_statements(annotation.claims)
    quantities = {quantity.id: quantity for quantity in annotation.quantities}
    again: dict[str, list[Claim]] = {}
    for claim in annotation.claims:
        if first[claim.id] != claim.id:
            again.setdefault(first[claim.id], []).append(claim)
    return [
        _card(annotation, claim, quantities, again.get(claim.id, []))
        for claim in annotation.claims
        if first[claim.id] == claim.id
    ]


def _first_statements(claims: Sequence[Claim]) -> Mapping[str, str]:
    """Return the id of the claim that states each claim's achievement first, by id.

    A claim whose ``same_as`` names no earlier claim, for a reviewer may have taken that one away,
    states its own.
    """
    first: dict[str, str] = {}
    for claim in claims:
        first[claim.id] = first.get(claim.same_as or "", claim.id)
    return first


def _card(
    annotation: Annotation, claim: Claim, quantities: Mapping[str, Quantity], again: list[Claim]
) -> Card:
    document = annotation.document
    year = report_at(document, claim.start).fiscal_year or document.fiscal_year
    return Card(
        claim=claim,
        kind=CLAIM_KINDS[claim.kind],
        level=f"{_line(claim.level)}级" if claim.level else None,
        when=_line(claim_time(claim, quantities, year)),
        expected=claim.modality == "forecast",
        who=_who(claim),
        what=_what(claim),
        by=_line(claim.awarded_by),
        place=_place(claim),
        numbers=_line(claim_numbers(claim, quantities)),
        quote=one_line(claim.text),
        again=tuple(again),
    )


def _who(claim: Claim) -> str | None:
    stated, meant = _line(claim.actor), _line(claim.actor_name)
    return f"{stated or ''}（{meant}）" if meant else stated


def _what(claim: Claim) -> str | None:
    """Return what was achieved; 无 before what did not happen."""
    what = _line(claim.object)
    denied = claim.polarity == "negative" and what and what[0] not in "无未零"
    return f"无{what}" if denied else what


def _place(claim: Claim) -> str | None:
    """Return the rank among its peers in words: 全省第2, 全省前3, 全省首个."""
    rank = claim.rank or ""
    if rank.isdigit():
        rank = f"第{rank}"
    elif rank.startswith(("≤", "<")):
        rank = f"前{rank[1:]}"
    return _line(f"{claim.peers or ''}{rank}") if rank else None


def _line(text: str | None) -> str | None:
    return None if text is None else one_line(text) or None


def claim_cards(annotation: Annotation) -> str:
    """Return what a report is and its claims as a piece of HTML, for a notebook or a page.

    It takes the colours of the page it stands in, light or dark, holds no script, and every word of
    the report is escaped. Beyond 300 cards it says how many more there are.
    """
    cards = cards_of(annotation)
    shown = "".join(_article(card) for card in cards[:MOST_CARDS])
    more = len(cards) - MOST_CARDS
    rest = f"<p>另有 {more:,} 项成果，见 annotation.claims</p>" if more > 0 else ""
    grid = f'<div class="jixiao-cards">{shown}</div>' if shown else ""
    return (
        f'<div class="jixiao" lang="zh"><style>{_STYLE}</style>'
        f"{_heading(annotation, cards)}{grid}{rest}</div>"
    )


_ACCENTS: Final[Mapping[str, str]] = {
    "recognition": "#c98a00",
    "ranking": "#d1495b",
    "milestone": "#a05cc5",
    "growth": "#2f9e5f",
    "output": "#3d7fd6",
    "compliance": "#2a9d9d",
}
# Colours are those of the page around; what is set apart is a shade of them, so that it is readable on
# a light ground and on a dark one. Accents are only drawn, never written in.
_STYLE: Final = (
    ".jixiao{color:inherit;font-size:13px;line-height:1.5;text-align:left}"
    ".jixiao p{margin:2px 0}.jixiao .jixiao-dim{opacity:.7}"
    ".jixiao-cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(260px,1fr));"
    "gap:8px;margin-top:8px}"
    ".jixiao-card{border:1px solid rgba(128,128,128,.35);border-left-width:4px;border-radius:4px;"
    "padding:6px 10px;background:rgba(128,128,128,.06);overflow-wrap:anywhere}"
    ".jixiao-card dl{display:grid;grid-template-columns:max-content 1fr;gap:0 8px;margin:4px 0}"
    # Notebooks float terms and make them narrow.
    ".jixiao-card dt{opacity:.7;font-weight:normal;float:none;width:auto;white-space:nowrap}"
    ".jixiao-card dd{margin:0}"
    ".jixiao-card blockquote{margin:4px 0 0;padding:0 0 0 8px;"
    "border-left:2px solid rgba(128,128,128,.35);opacity:.85}"
) + "".join(
    f".jixiao-card.jixiao-{kind}{{border-left-color:{colour}}}" for kind, colour in _ACCENTS.items()
)


def _heading(annotation: Annotation, cards: list[Card]) -> str:
    document = annotation.document
    year = f"{document.fiscal_year}年度" if document.fiscal_year else None
    about = (document.issuer, document.region, year, document.report_date, document.kind)
    counts = {
        "数量": len(annotation.quantities),
        "实体": len(annotation.entities),
        "事实": len(annotation.facts),
        "成果": len(cards),
        "问题": len(annotation.issues),
    }
    told = " · ".join(_text(part) for part in about if part)
    found = " · ".join(f"{name} {count:,}" for name, count in counts.items() if count)
    lines = [f"<p><b>{_text(document.title or document.doc_id)}</b></p>"]
    lines += [f'<p class="jixiao-dim">{line}</p>' for line in (told, found) if line]
    return "".join(lines)


def _article(card: Card) -> str:
    marks = (card.level, card.when, "预计" if card.expected else None, card.claim.id)
    about = " · ".join(_text(mark) for mark in marks if mark)
    rows = "".join(f"<dt>{name}</dt><dd>{_text(value)}</dd>" for name, value in _rows(card))
    quotes = "".join(f"<blockquote>{quote}</blockquote>" for quote in _quotes(card))
    return (
        f'<div class="jixiao-card jixiao-{card.claim.kind}"><b>{card.kind}</b> '
        f'<span class="jixiao-dim">{about}</span>'
        f"{f'<dl>{rows}</dl>' if rows else ''}{quotes}</div>"
    )


def _rows(card: Card) -> Iterator[tuple[str, str]]:
    told = (
        ("主体", card.who),
        ("内容", card.what),
        ("授予", card.by),
        ("位次", card.place),
        ("数值", card.numbers),
    )
    yield from ((name, value) for name, value in told if value)


def _quotes(card: Card) -> Iterator[str]:
    yield _text(card.quote)
    for claim in card.again:
        other = one_line(claim.text)
        words = "" if other == card.quote else _text(other)
        yield f'<span class="jixiao-dim">又见 {_text(claim.id)}</span> {words}'.rstrip()


def _text(text: str) -> str:
    """Return a text of the report as HTML that shows it and does nothing else."""
    return escape(seen(text))
