"""One report as HTML: its text beside the facts, claims, checks and numbers found in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from jixiao.annotation import Annotation
from jixiao.documents import Report
from jixiao.errors import OutputError
from jixiao.exports.names import VERDICTS
from jixiao.records import Check, Issue
from jixiao.views.cards import cards_of
from jixiao.views.page.marked import marked_text
from jixiao.views.page.rows import (
    card_rows,
    check_rows,
    entity_rows,
    fact_rows,
    quantity_rows,
)
from jixiao.views.wrapping import one_line

_GRAVEST_FIRST: Final = tuple(VERDICTS)[::-1]


@cache
def environment() -> Environment:
    """Return the templates of the page; every value is escaped, a name that is missing is an error."""
    found = Environment(
        loader=PackageLoader("jixiao.views.page", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "line": lambda text: one_line(text) if text else "",
    }
    return found


def report_section(
    annotation: Annotation, indicator_names: Mapping[str, str], report: Report | None = None
) -> Markup:
    """Return a report as a piece of HTML: its text on one side, what was found in it on the other.

    Parameters
    ----------
    indicator_names
        The Chinese name of each indicator, by id; an id without a name is shown itself.
    report
        The report as it was read from its file; without it tables are told from the text alone.
    """
    checks = annotation.of(Check)
    facts, quantities, entities = annotation.facts, annotation.quantities, annotation.entities
    checks.sort(key=lambda check: _GRAVEST_FIRST.index(check.verdict))
    cards = cards_of(annotation)
    section = (
        environment()
        .get_template("report.html")
        .render(
            document=annotation.document,
            text=marked_text(annotation, report),
            facts=facts,
            fact_rows=fact_rows(facts),
            cards=cards,
            card_rows=card_rows(cards),
            checks=checks,
            check_rows=check_rows(checks),
            quantities=quantities,
            quantity_rows=quantity_rows(
                quantities, lambda found: indicator_names.get(found, found)
            ),
            entities=entities,
            entity_rows=entity_rows(entities),
            issues=annotation.of(Issue),
            raw=annotation.text,
        )
    )
    return Markup(section)  # noqa: S704 - every value in it went through the escaping template


def report_page(
    annotation: Annotation, indicator_names: Mapping[str, str], report: Report | None = None
) -> str:
    r"""Return one report as a complete HTML page that needs nothing else.

    Style and script stand in the page, which loads nothing; words of the report are escaped, and a
    policy in the page forbids what is not its own.

    >>> from jixiao.pipeline import annotate_text
    >>> page = report_page(annotate_text("一、收支\n全年投入385.08万元。<b>\n"), {})
    >>> "385.08万元</mark>" in page, "&lt;b&gt;" in page
    (True, True)
    """
    title = annotation.document.title or annotation.document.doc_id
    return page(title, sections=[report_section(annotation, indicator_names, report)])


def write_report_page(
    path: Path,
    annotation: Annotation,
    indicator_names: Mapping[str, str],
    report: Report | None = None,
) -> None:
    """Write :func:`report_page` to a file; another of that name is replaced.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    content = report_page(annotation, indicator_names, report)
    try:
        path.write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error}") from error


def page(title: str, **content: Any) -> str:
    """Return the page around some content: sections of reports, or a corpus (see ``page.html``)."""
    defaults: dict[str, Any] = {"sections": (), "documents": (), "charts": (), "index": None}
    return environment().get_template("page.html").render(title=title, **(defaults | content))
