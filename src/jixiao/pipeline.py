"""All layers over one report, in the order of the flow."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from jixiao.annotation import Annotation
from jixiao.checks import find_checks, publish_checks
from jixiao.claims import NamedSpan, References, find_claims, mark_repeats, publish_claims
from jixiao.confidence import confidence_of
from jixiao.context import ContextAssigner, Scope
from jixiao.documents import Report, read_content
from jixiao.entities import Name, find_entities, full_names, publish_entities
from jixiao.errors import LexiconError, ResourceError, SettingsError
from jixiao.facts import build_facts, number_facts
from jixiao.indicators import load_catalogue
from jixiao.indicators.align import Aligner
from jixiao.numbers import Found, Oddity, find_quantities
from jixiao.records import Document, Fact, Issue, Quantity, Record, in_file_order, span_key
from jixiao.resources import use_lexicon, use_models
from jixiao.settings import Settings

_DEFAULT = Settings()


def aligner_of(settings: Settings) -> Aligner:
    """Return the aligner of some settings: built once per process, it does not pickle."""
    return _aligner(settings.catalogue, settings.catalogue_mode, settings.lexicon)


@lru_cache(maxsize=4)
def _aligner(
    catalogue: str | None, mode: Literal["add", "replace"], _lexicon: str | None
) -> Aligner:
    """Return the aligner to a catalogue; the lexicon, which is in use, decides what its names are."""
    return Aligner(load_catalogue(catalogue, mode))


def annotate_content(
    content: bytes,
    *,
    doc_id: str,
    media_type: str = "text/plain",
    source: str | None = None,
    settings: Settings | None = None,
) -> Annotation:
    """Return the annotation of a file's bytes.

    Raises
    ------
    DocumentError
        If the bytes cannot be read as a report.
    """
    report = read_content(
        content, doc_id=doc_id, media_type=media_type, source=source, settings=settings
    )
    return annotate_report(report, settings)


def annotate_text(
    text: str, *, doc_id: str = "text", settings: Settings | None = None
) -> Annotation:
    """Return the annotation of a raw text; offsets refer to ``text`` as given.

    An empty text gives a document record and nothing else.

    >>> [q.text for q in annotate_text("全年新增高新技术企业15家，同比增长30.6%。").quantities]
    ['15家', '30.6%']
    """
    return annotate_report(Report(doc_id, text), settings)


def annotate_report(
    report: Report, settings: Settings | None = None, *, aligner: Aligner | None = None
) -> Annotation:
    """Return the annotation of a report that was read.

    ``aligner`` takes the place of the one that ``settings`` ask for, where a catalogue was made in
    code. The lexicon of the settings stays in use in this process until other settings are given.
    """
    settings = settings or _DEFAULT
    use_lexicon(settings.lexicon)
    use_models(settings.models)
    aligner = aligner or aligner_of(settings)
    items, oddities = find_quantities(report)
    names = find_entities(report, items)
    items, names = resolve(items, names)
    context = ContextAssigner(report)
    context.assign(items)
    text = report.view.text
    named = [NamedSpan(*name[:3], text[name.start : name.end]) for name in names]
    claims = find_claims(report, items, named, context.scopes)
    aligner.align(report, items, context.clauses)
    document = report.document_record()
    quantities = publish(report, items)
    entities = publish_entities(report, names)
    references = References(report, context.scopes, named, full_names(entities))
    spans: list[Record] = [
        *quantities,
        *entities,
        *publish_claims(report, claims, references),
    ]
    facts = _facts(document, items, quantities, aligner.catalogue.name, context.scopes)
    checks = publish_checks(find_checks(report, items, facts, aligner.catalogue))
    records = in_file_order([document, *spans, *facts, *checks, *_issues(report, oddities)])
    annotation = Annotation(document, report.raw, records)
    mark_repeats(annotation)
    if not settings.redact:
        return annotation
    from jixiao.redaction import redact

    return redact(annotation, report)


def resolve(items: Sequence[Found], names: Sequence[Name]) -> tuple[list[Found], list[Name]]:
    """Return the quantities and names that stand: inside a name, the name wins.

    A number that only overlaps a name keeps its place, and the name goes.

    >>> from jixiao.entities import Name
    >>> resolve([], [Name(0, 3, "PLACE", "place.division")])[1][0].label
    'PLACE'
    """
    kept: list[Found] = []
    broken: set[int] = set()
    index = 0
    for item in items:
        while index < len(names) and names[index].end <= item.start:
            index += 1
        name = names[index] if index < len(names) else None
        if name is None or name.start >= item.end:
            kept.append(item)
        elif not (name.start <= item.start and item.end <= name.end):
            broken.add(index)
            kept.append(item)
    return kept, [name for number, name in enumerate(names) if number not in broken]


def check_lexicon(content: str) -> None:
    """Put a user's lexicon in use and compile every table it may add to.

    Raises
    ------
    LexiconError
        If a row is not of its table; it says which.
    """
    use_lexicon(content)
    try:
        annotate_text("全年新建学校3所。", settings=Settings(lexicon=content))
    except LexiconError:
        raise
    except ResourceError as error:
        use_lexicon(None)
        raise LexiconError(f"the lexicon cannot be used: {error}") from error


def check_models(models: tuple[tuple[str, str], ...]) -> None:
    """Put a user's models in use and read each of them.

    Raises
    ------
    SettingsError
        If a file holds no model of its name.
    """
    try:
        annotate_text(
            "全县新建学校3所，同比增长5%。\n我局荣获全省先进集体。",
            settings=Settings(models=models),
        )
    except ResourceError as error:
        use_models(())
        raise SettingsError(f"the models cannot be used: {error}") from error


def _facts(
    document: Document,
    items: Sequence[Found],
    quantities: Sequence[Quantity],
    name: Callable[[str], str],
    scopes: Sequence[Scope],
) -> list[Fact]:
    """Return the facts of a report; what different bodies or years state is never merged."""
    if len(scopes) == 1:
        return build_facts(document, quantities, name, scopes[0].regions.resolve)
    facts: list[Fact] = []
    starts = [item.start for item in items]
    for scope in scopes:
        told = scope.metadata
        own = msgspec.structs.replace(
            document,
            issuer=told.issuer,
            region=told.region_name,
            region_code=told.region.code if told.region else None,
        )
        inside = slice(bisect_left(starts, scope.start), bisect_left(starts, scope.end))
        facts += build_facts(own, quantities[inside], name, scope.regions.resolve)
    return number_facts(facts, quantities)


def context_of(report: Report) -> tuple[list[Found], list[Oddity], ContextAssigner]:
    """Return a report's quantities with their context, what could not be read, and the assigner."""
    items, oddities = find_quantities(report)
    context = ContextAssigner(report)
    context.assign(items)
    return items, oddities, context


def publish(report: Report, items: Sequence[Found]) -> list[Quantity]:
    """Return the records of what was found: raw offsets, ids, keys, sentences, confidence."""
    span, raw = report.view.raw_span, report.raw
    sentence: tuple[int, int] = (0, 0)
    quoted = (0, 0)
    by_start = {str(item.start): f"q{number}" for number, item in enumerate(items, start=1)}
    prefix = report.text_sha256
    records: list[Quantity] = []
    for number, item in enumerate(items, start=1):
        quantity = item.quantity
        quantity.id = f"q{number}"
        quantity.start, quantity.end = span(item.start, item.end)
        quantity.text = raw[quantity.start : quantity.end]
        quantity.key = span_key(prefix, "quantity", quantity.label, quantity.start, quantity.end)
        if not sentence[0] <= item.start < sentence[1]:
            sentence = report.sentence_at(item.start)
            quoted = span(*sentence)
        quantity.sentence = quoted
        quantity.confidence = confidence_of(quantity)
        if quantity.total is not None:
            quantity.total = by_start.get(quantity.total)
        records.append(quantity)
    return records


def _issues(report: Report, oddities: Sequence[Oddity]) -> list[Issue]:
    """Return the issues of a report: what its reader noticed, then what the layers found odd."""
    raw_span = report.view.raw_span
    noted = [(notice.code, notice.message, notice.start, notice.end) for notice in report.notices]
    odd = [(o.code, o.message, *raw_span(o.start, o.end)) for o in oddities]
    return [
        Issue(id=f"i{number}", code=code, message=message, start=start, end=end)
        for number, (code, message, start, end) in enumerate([*noted, *odd], start=1)
    ]
