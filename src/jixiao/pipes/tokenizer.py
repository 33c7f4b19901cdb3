"""The tokenizer of our own pipeline: it runs the layers and cuts tokens at the records' edges."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import DummyTokenizer, registry
from spacy.vocab import Vocab

from jixiao.annotation import Annotation
from jixiao.pipes.annotator import Annotate, build_annotate, settings_from_config
from jixiao.pipes.extensions import keep, register_extensions
from jixiao.pipes.spans import words_and_spaces
from jixiao.records import Claim, Entity, Quantity
from jixiao.tokens import require_engine, segment

NAME = "jixiao.Tokenizer.v1"


class Tokenizer(DummyTokenizer):
    """Makes of a text a ``Doc`` that holds its annotation and in which every record is a span.

    What it is made of stands in the pipeline's config; there is nothing else to store.

    Parameters
    ----------
    vocab
        The vocabulary of the pipeline.
    annotate
        The layers.
    engine
        The segmentation engine of the tokens between the records, one of
        :data:`jixiao.tokens.ENGINES`.

    Raises
    ------
    SettingsError
        If there is no such engine.
    """

    def __init__(self, vocab: Vocab, annotate: Annotate, engine: str = "jieba") -> None:
        self.vocab = vocab
        self.annotate = annotate
        self.engine = require_engine(engine)
        register_extensions()

    def __call__(self, text: str) -> Doc:
        """Return the ``Doc`` of a text; ``doc.text`` equals it, the empty text has no tokens."""
        annotation = self.annotate(text)
        words, spaces = words_and_spaces(
            text, segment(text, self.engine), _span_records(annotation)
        )
        doc = Doc(self.vocab, words=words, spaces=spaces)
        keep(doc, text, annotation)
        return doc

    def score(self, examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        """Return spaCy's tokenization scores."""
        return Scorer.score_tokenization(examples, **kwargs)


def _span_records(annotation: Annotation) -> list[Quantity | Entity | Claim]:
    return [r for r in annotation.records if isinstance(r, Quantity | Entity | Claim)]


def tokenizer_factory(
    engine: str = "jieba", settings: str | None = None
) -> Callable[[Language], Tokenizer]:
    """Return what makes the tokenizer of a pipeline (``@tokenizers = "jixiao.Tokenizer.v1"``).

    Parameters
    ----------
    engine
        The segmentation engine.
    settings
        What :func:`~jixiao.pipes.config_from_settings` gives; None for the default.

    Raises
    ------
    SettingsError
        If a setting cannot be used, or there is no such engine.
    """
    annotate = build_annotate(settings_from_config(settings))

    def create(nlp: Language) -> Tokenizer:
        return Tokenizer(nlp.vocab, annotate, engine)

    return create


registry.tokenizers.register(NAME, func=tokenizer_factory)
