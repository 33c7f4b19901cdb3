"""What the model of names learns from: the training specimens, the same with other names, generated text."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random
from typing import Final, NamedTuple, TypeAlias, cast

from jixiao.documents import Report, read
from jixiao.entities import Name, find_entities
from jixiao.entities.features import features_of
from jixiao.entities.sequences import tokens_of
from jixiao.entities.states import states_of
from jixiao.entities.words import Words
from jixiao.numbers import find_quantities
from jixiao.records import Entity, EntityLabel
from jixiao.training.development import GoldDocument
from jixiao.training.names import Gold, Writer
from jixiao.training.names_exchanged import with_other_names

REPORTS: Final = 160
_SENTENCES: Final = 40
_COPIES: Final = 2
_VARIANTS: Final = 12
# Share of the rules' names that are hidden, so that the model does not lean on them alone.
_HIDDEN: Final = 0.1

Cut: TypeAlias = Callable[[str], Words]
"""What makes words of a text."""


class Labelled(NamedTuple):
    """A text to learn from: its gold and the names the rules show the model, at offsets of the text."""

    text: str
    gold: Sequence[Gold]
    names: Sequence[Name]


class Example(NamedTuple):
    """A sentence to learn from: the features of each token, and its label."""

    features: list[list[str]]
    labels: list[str]


def examples(texts: Iterable[Labelled], cut: Cut = Words) -> Iterator[Example]:
    """Yield the sentences of texts, in words that are cut at the ends of names."""
    for text, gold, names in texts:
        edges = [edge for one in gold for edge in (one.start, one.end)]
        tokens = tokens_of(cut(text), names, edges)
        labelled = [Name(a, b, cast("EntityLabel", label), "") for a, b, label in gold]
        labels = states_of(tokens, labelled).label
        states = states_of(tokens, names)
        for number, (first, stop) in enumerate(tokens.sentences):
            yield Example(list(features_of(tokens, states, number)), labels[first:stop])


def generated(reports: int = REPORTS, sentences: int = _SENTENCES) -> Iterator[Labelled]:
    """Yield generated reports."""
    for seed in range(reports):
        text, gold = Writer(seed).write(sentences)
        yield _labelled(Report(f"names-{seed}", text), gold, seed)


def annotated(document: GoldDocument, variants: int = _VARIANTS) -> Iterator[Labelled]:
    """Yield a document with gold: as it is, with names of the rules hidden, and with other names."""
    report = read(document.path)
    gold = gold_names(document)
    plain = _labelled(report, gold)
    yield plain
    for copy in range(1, _COPIES):
        yield plain._replace(names=_hide(plain.names, copy))
    for number in range(variants):
        seed = zlib.crc32(f"{document.doc_id} {number}".encode())
        text, moved = with_other_names(report.raw, gold, seed)
        yield _labelled(Report(document.doc_id, text), moved, seed)


def _labelled(report: Report, gold: Sequence[Gold], seed: int | None = None) -> Labelled:
    """Return the view of a report with its gold, which stands at raw offsets."""
    inside = [Gold(*report.view.view_span(one.start, one.end), one.label) for one in gold]
    names = rule_names(report)
    return Labelled(report.view.text, inside, names if seed is None else _hide(names, seed))


def _hide(names: Sequence[Name], seed: int) -> list[Name]:
    draw = Random(seed)  # noqa: S311 - a repeatable source, not a secret
    return [name for name in names if draw.random() >= _HIDDEN]


def rule_names(report: Report) -> list[Name]:
    """Return the names that the rules alone find in a report."""
    items, _ = find_quantities(report)
    return find_entities(report, items, modelled=False)


def gold_names(document: GoldDocument) -> list[Gold]:
    """Return the gold names of a document, at raw offsets."""
    records = [record for record in document.gold.records if isinstance(record, Entity)]
    return [Gold(record.start, record.end, record.label) for record in records]
