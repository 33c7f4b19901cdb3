"""The rows of a report's panes as HTML.

A corpus has millions of them. A template escapes each value by way of an object of its own, which
takes as long as a third of the annotation; here a text is looked at once, most have nothing to
escape, and what comes back in row after row is kept as HTML. Every value passes :func:`escaped` or
is a number or a word of our own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final

from jinja2.filters import do_truncate
from markupsafe import Markup, escape

from jixiao.exports.names import (
    CHECK_KINDS,
    ENTITY_LABELS,
    LABELS,
    MEASURES,
    MODALITIES,
    VERDICTS,
)
from jixiao.exports.rows import SECTION_MARK
from jixiao.records import Check, Entity, Fact, Quantity
from jixiao.views.cards import Card
from jixiao.views.values import value_text
from jixiao.views.wrapping import one_line

ARROWS: Final[Mapping[str | None, str]] = {"up": "↑", "down": "↓"}
SPECIAL: Final = re.compile("[&<>\"']")
_MOST_SHOWN: Final = 40
_LEEWAY: Final = 5


def escaped(text: str) -> str:
    """Return a text that stands for itself in HTML, in an element or an attribute.

    >>> escaped('15家 <b> & "更多"')
    '15家 &lt;b&gt; &amp; &#34;更多&#34;'
    """
    return text if SPECIAL.search(text) is None else str(escape(text))


# Headings, places and cues come back in row after row.
@lru_cache(maxsize=16_384)
def line(text: str | None) -> str:
    """Return a text as one line of HTML; nothing for None."""
    return escaped(one_line(text)) if text else ""


def fact_rows(facts: Iterable[Fact]) -> Markup:
    """Return facts as rows of a table: indicator, value, measure, period, region, modality."""
    return Markup("".join(map(_fact_row, facts)))  # noqa: S704 (every value is escaped)


def quantity_rows(quantities: Iterable[Quantity], name: Callable[[str], str]) -> Markup:
    """Return quantities as rows of a table, each with what it rests on.

    Parameters
    ----------
    name
        Gives the Chinese name of an indicator.
    """
    kept = lru_cache(maxsize=None)(lambda indicator: escaped(name(indicator)))
    rows = "".join([_quantity_row(quantity, kept) for quantity in quantities])
    return Markup(rows)  # noqa: S704 (every value is escaped)


def card_rows(cards: Iterable[Card]) -> Markup:
    """Return claims as cards."""
    return Markup("".join(map(_card, cards)))  # noqa: S704 (every value is escaped)


def check_rows(checks: Iterable[Check]) -> Markup:
    """Return checks as boxes: verdict, kind, the comparison in words."""
    return Markup("".join(map(_check, checks)))  # noqa: S704 (every value is escaped)


def entity_rows(entities: Iterable[Entity]) -> Markup:
    """Return names as rows of a table: text, label, what it is short for."""
    return Markup("".join(map(_entity_row, entities)))  # noqa: S704 (every value is escaped)


def _fact_row(fact: Fact) -> str:
    marked, flag = "", ""
    if fact.conflict:
        marked, flag = ' class=conflict title="各处数值不一"', " <span class=bad>冲突</span>"
    count = len(fact.quantities)
    times = f" <span class=dim>×{count}</span>" if count > 1 else ""
    of = f"<span class=dim> {_measure(fact.of) or line(fact.of)}</span>" if fact.of else ""
    peers = f"<span class=dim> {line(fact.peers)}</span>" if fact.peers else ""
    return (
        f'<tr tabindex=0 data-r="{escaped(" ".join(fact.quantities))}"{marked}>\n'
        f"<td>{escaped(fact.indicator_zh)}{_facet(fact.facet)}{flag}</td>\n"
        f"<td class=n>{escaped(value_text(fact))}{times}</td>\n"
        f"<td>{_measure(fact.measure)}{ARROWS.get(fact.direction, '')}{of}</td>\n"
        f"<td class=p>{escaped(fact.period or '')}</td><td>{line(fact.region)}{peers}</td>\n"
        f"<td>{MODALITIES.get(fact.modality or '', '')}</td></tr>\n"
    )


def _quantity_row(quantity: Quantity, name: Callable[[str], str]) -> str:
    """Return a quantity as a row; ``name`` gives the name of an indicator as HTML."""
    if quantity.indicator:
        what = name(quantity.indicator) + _facet(quantity.facet)
    else:
        what = f"<span class=dim>{line(quantity.subject or quantity.noun)}</span>"
    return (
        f'<tr tabindex=0 data-r="{escaped(quantity.id)}">\n'
        f'<td><mark class="q {quantity.label}">{_shortened(quantity.text)}</mark></td>\n'
        f"<td class=n>{escaped(value_text(quantity))}</td>\n"
        f"<td>{what}</td>\n"
        f"<td>{_measure(quantity.measure)}{ARROWS.get(quantity.direction, '')}</td>\n"
        f"<td class=p>{line(quantity.period)}</td>\n"
        f"<td>{MODALITIES.get(quantity.modality or '', '')}</td>\n"
        f"<td><details><summary>依据</summary><dl>\n{_origin(quantity, name)}"
        "</dl></details></td></tr>\n"
    )


@lru_cache(maxsize=4_096)
def _shortened(text: str) -> str:
    """Return a text as one line of HTML, cut where it is much longer than a cell."""
    shown = one_line(text)
    return escaped(do_truncate(None, shown, _MOST_SHOWN, leeway=_LEEWAY))  # type: ignore[arg-type]


def _origin(quantity: Quantity, name: Callable[[str], str]) -> str:
    """Return what a quantity rests on, as terms and descriptions."""
    parts = [f"<dt>类别</dt><dd>{LABELS[quantity.label]}</dd>\n"]
    if quantity.noun:
        parts.append(_told("名词", quantity.noun))
    if quantity.region:
        parts.append(_told("地区", quantity.region))
    if quantity.section:
        parts.append(f"<dt>章节</dt><dd>{SECTION_MARK.join(map(line, quantity.section))}</dd>")
    parts += [
        f"<dt>候选</dt><dd>{name(candidate.indicator)} {candidate.score:.2f}</dd>"
        for candidate in quantity.candidates or ()
    ]
    evidence = quantity.evidence or {}
    parts += [_told(cue, evidence[cue]) for cue in sorted(evidence, key=str.lower)]
    if quantity.confidence is not None:
        parts.append(f"<dt>置信度</dt><dd>{quantity.confidence:.2f}</dd>")
    parts.append(
        f"<dt>规则</dt><dd>{line(quantity.rule)}</dd>"
        f"<dt>位置</dt><dd>{quantity.start}–{quantity.end}</dd>\n"
    )
    return "".join(parts)


def _card(card: Card) -> str:
    ids = " ".join([card.claim.id, *(again.id for again in card.again)])
    marks = (card.level, card.when, "预计" if card.expected else None)
    about = " · ".join([escaped(mark) for mark in marks if mark])
    told = (
        ("主体", card.who),
        ("内容", card.what),
        ("授予", card.by),
        ("数值", card.numbers),
    )
    rows = "".join([f"<dt>{word}</dt><dd>{escaped(value)}</dd>\n" for word, value in told if value])
    more = f" <span class=dim>又见 {len(card.again)} 处</span>" if card.again else ""
    return (
        f'<div class="card {card.claim.kind}" tabindex=0 data-r="{escaped(ids)}">\n'
        f"<b>{card.kind}</b> <span class=dim>{about}</span>\n"
        f"<dl>\n{rows}</dl>\n"
        f"<blockquote>{escaped(card.quote)}{more}</blockquote>\n</div>\n"
    )


def _check(check: Check) -> str:
    return (
        f'<div class="check {check.verdict}" tabindex=0 '
        f'data-r="{escaped(" ".join(check.quantities))}">\n'
        f"<b>{VERDICTS[check.verdict]}</b> <span class=dim>{CHECK_KINDS[check.kind]}</span>\n"
        f"<p>{line(check.message)}</p>\n</div>\n"
    )


def _entity_row(entity: Entity) -> str:
    return (
        f'<tr tabindex=0 data-r="{escaped(entity.id)}"><td><mark class="e {entity.label}">'
        f"{line(entity.text)}</mark></td><td class=dim>{ENTITY_LABELS[entity.label]}</td>"
        f"<td class=dim>{line(entity.refers_to)}</td></tr>\n"
    )


@lru_cache(maxsize=16_384)
def _told(term: str, description: str) -> str:
    return f"<dt>{escaped(term)}</dt><dd>{line(str(description))}</dd>"


def _facet(facet: str | None) -> str:
    return f"<span class=dim>（{line(facet)}）</span>" if facet else ""


def _measure(code: str | None) -> str:
    return MEASURES.get(code or "", "")
