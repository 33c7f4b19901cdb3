"""A stand-in for the layers, so that these tests fail only when the pipes do."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from decimal import Decimal
from types import ModuleType

import pytest
import spacy
from spacy.language import Language

from jixiao.annotation import Annotation
from jixiao.records import Document, Fact, Quantity
from jixiao.settings import Settings

NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s?(%|家|亿元)")
LABELS = {"%": "PERCENT", "家": "COUNT", "亿元": "MONEY"}


class Layers:
    """Finds ``3家``, ``42.3%`` and ``9.85亿元`` and remembers what it was asked."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.settings: list[Settings | None] = []

    def annotate_text(
        self, text: str, *, doc_id: str = "text", settings: Settings | None = None
    ) -> Annotation:
        self.texts.append(text)
        self.settings.append(settings)
        quantities = [
            Quantity(
                id=f"q{number}",
                start=found.start(),
                end=found.end(),
                text=found.group(),
                label=LABELS[found.group(2)],
                value=Decimal(found.group(1)),
            )
            for number, found in enumerate(NUMBER.finditer(text), 1)
        ]
        document = Document(doc_id=doc_id)
        return Annotation(document, text, [document, *quantities, *map(fact, quantities)])


def fact(quantity: Quantity) -> Fact:
    return Fact(
        id=f"f{quantity.id[1:]}",
        document="text",
        indicator="gdp",
        indicator_zh="地区生产总值",
        label=quantity.label,
        value=quantity.value,
        quantities=[quantity.id],
        conflict=False,
    )


@pytest.fixture
def layers(monkeypatch: pytest.MonkeyPatch) -> Layers:
    """What ``jixiao.pipeline.annotate_text`` is in this test."""
    fake = Layers()
    module = ModuleType("jixiao.pipeline")
    module.annotate_text = fake.annotate_text  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "jixiao.pipeline", module)
    return fake


@pytest.fixture
def foreign(layers: Layers) -> Callable[..., Language]:
    """Return a pipeline with spaCy's tokenizer and our components."""

    def build(segmenter: str | None = None, *components: str) -> Language:
        config = {"nlp": {"tokenizer": {"segmenter": segmenter}}} if segmenter else {}
        nlp = spacy.blank("zh", config=config)
        for name in components or ("jixiao_quantities", "jixiao_facts"):
            nlp.add_pipe(name)
        return nlp

    return build
