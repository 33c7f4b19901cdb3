"""The rows of a report's panes as HTML.

A corpus has millions of them. A template escapes each value by way of an object of its own, which
takes as long as a third of the annotation; here a text is looked at once, and most have nothing to
escape. Every value passes :func:`escaped` or is a number or a word of our own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final

from jinja2.filters import do_truncate
from markupsafe import Markup, escape

from jixiao.exports.names import ENTITY_LABELS, LABELS, MEASURES, MODALITIES
from jixiao.exports.rows import SECTION_MARK
from jixiao.records import Entity, Fact, Quantity
from jixiao.views.values import value_text
from jixiao.views.wrapping import one_line

ARROWS: Final[Mapping[str | None, str]] = {"up": "↑", "down": "↓"}
_SPECIAL: Final = re.compile("[&<>\"']")
_MOST_SHOWN: Final = 40


def escaped(text: str) -> str:
    """Return a text that stands for itself in HTML, in an element or an attribute.

    >>> escaped('15家 <b> & "更多"')
    '15家 &lt;b&gt; &amp; &#34;更多&#34;'
    """
    return text if _SPECIAL.search(text) is None else str(escape(text))


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
    rows = "".join(_quantity_row(quantity, name) for quantity in quantities)
    return Markup(rows)  # noqa: S704 (every value is escaped)


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
    shown = do_truncate(None, one_line(quantity.text), _MOST_SHOWN, leeway=5)  # type: ignore[arg-type]
    if quantity.indicator:
        what = escaped(name(quantity.indicator)) + _facet(quantity.facet)
    else:
        what = f"<span class=dim>{line(quantity.subject or quantity.noun)}</span>"
    return (
        f'<tr tabindex=0 data-r="{escaped(quantity.id)}">\n'
        f'<td><mark class="q {quantity.label}">{escaped(shown)}</mark></td>\n'
        f"<td class=n>{escaped(value_text(quantity))}</td>\n"
        f"<td>{what}</td>\n"
        f"<td>{_measure(quantity.measure)}{ARROWS.get(quantity.direction, '')}</td>\n"
        f"<td class=p>{escaped(quantity.period or '')}</td>\n"
        f"<td>{MODALITIES.get(quantity.modality or '', '')}</td>\n"
        f"<td><details><summary>依据</summary><dl>\n{_origin(quantity, name)}"
        "</dl></details></td></tr>\n"
    )


def _origin(quantity: Quantity, name: Callable[[str], str]) -> str:
    """Return what a quantity rests on, as terms and descriptions."""
    parts = [f"<dt>类别</dt><dd>{LABELS[quantity.label]}</dd>\n"]
    if quantity.noun:
        parts.append(_told("名词", line(quantity.noun)))
    if quantity.region:
        parts.append(_told("地区", line(quantity.region)))
    if quantity.section:
        parts.append(_told("章节", SECTION_MARK.join(map(line, quantity.section))))
    for candidate in quantity.candidates or ():
        parts.append(_told("候选", f"{escaped(name(candidate.indicator))} {candidate.score:.2f}"))
    evidence = quantity.evidence or {}
    for cue in sorted(evidence, key=str.lower):
        parts.append(_told(escaped(cue), line(str(evidence[cue]))))
    if quantity.confidence is not None:
        parts.append(_told("置信度", f"{quantity.confidence:.2f}"))
    parts.append(_told("规则", escaped(quantity.rule or "")))
    parts.append(_told("位置", f"{quantity.start}–{quantity.end}") + "\n")
    return "".join(parts)


def _entity_row(entity: Entity) -> str:
    return (
        f'<tr tabindex=0 data-r="{escaped(entity.id)}"><td><mark class="e {entity.label}">'
        f"{line(entity.text)}</mark></td><td class=dim>{ENTITY_LABELS[entity.label]}</td>"
        f"<td class=dim>{line(entity.refers_to)}</td></tr>\n"
    )


def _told(term: str, description: str) -> str:
    return f"<dt>{term}</dt><dd>{description}</dd>"


def _facet(facet: str | None) -> str:
    return f"<span class=dim>（{line(facet)}）</span>" if facet else ""


def _measure(code: str | None) -> str:
    return MEASURES.get(code or "", "")
