"""The components: what they publish on a ``Doc``, and the factories that spaCy knows them by.

A component takes the annotation that the ``Doc`` has, or runs the layers on ``doc.text``: in one
pipeline they run once, whoever makes the tokens.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc, Span
from spacy.training import Example

from jixiao.pipes.annotator import Annotate, build_annotate, settings_from_config
from jixiao.pipes.extensions import publish_facts, register_extensions, require_annotation
from jixiao.pipes.spans import span_of
from jixiao.pipes.tokenizer import Tokenizer


class QuantitySpans:
    """Publishes ``doc.spans["quantities"]``: a span for every quantity, in text order."""

    key = "quantities"

    def __init__(self, annotate: Annotate) -> None:
        self.annotate = annotate
        register_extensions()

    def __call__(self, doc: Doc) -> Doc:
        """Return the same ``Doc``, with its quantities."""
        annotation = require_annotation(doc, self.annotate)
        doc.spans[self.key] = [span_of(doc, record) for record in annotation.quantities]
        return doc

    def score(self, examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        """Return spaCy's span scores of the group, by its tokens and labels.

        They compare spans only; ``jixiao evaluate`` compares values.
        """
        return Scorer.score_spans(
            examples,
            attr=f"spans_{self.key}",
            allow_overlap=True,
            getter=self._spans,
            has_annotation=lambda doc: self.key in doc.spans,
            **kwargs,
        )

    def _spans(self, doc: Doc, _attr: str) -> list[Span]:
        return list(doc.spans.get(self.key, []))


class Facts:
    """Publishes ``doc._.facts``: the merged facts of the document."""

    def __init__(self, annotate: Annotate) -> None:
        self.annotate = annotate
        register_extensions()

    def __call__(self, doc: Doc) -> Doc:
        """Return the same ``Doc``, with its facts."""
        require_annotation(doc, self.annotate)
        publish_facts(doc)
        return doc


def quantities_factory(nlp: Language, name: str, settings: str | None = None) -> QuantitySpans:
    """Return the component ``jixiao_quantities``.

    ``settings`` is what :func:`~jixiao.pipes.config_from_settings` gives; None takes those of the
    pipeline's tokenizer, if it is ours. They count where the component is the first to run the
    layers.
    """
    return QuantitySpans(_annotate_in(nlp, settings))


def facts_factory(nlp: Language, name: str, settings: str | None = None) -> Facts:
    """Return the component ``jixiao_facts``; ``settings`` as in :func:`quantities_factory`."""
    return Facts(_annotate_in(nlp, settings))


def _annotate_in(nlp: Language, settings: str | None) -> Annotate:
    if settings is None and isinstance(nlp.tokenizer, Tokenizer):
        return nlp.tokenizer.annotate
    return build_annotate(settings_from_config(settings))


COMPONENTS: Final = {"jixiao_quantities": quantities_factory, "jixiao_facts": facts_factory}
"""The factories by their names, in the order of the pipeline."""

_ASSIGNS: Final = {
    "jixiao_quantities": ["doc.spans", "doc._.annotation", "span._.record"],
    "jixiao_facts": ["doc._.facts", "doc._.annotation"],
}

for _name, _create in COMPONENTS.items():
    Language.factory(
        _name, default_config={"settings": None}, assigns=_ASSIGNS[_name], func=_create
    )
