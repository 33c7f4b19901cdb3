"""Write the sentences that the model of names learns from as data for ``spacy train``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

from jixiao.entities.sequences import tokens_of
from jixiao.entities.words import Words
from jixiao.training.names import Gold
from jixiao.training.ner_examples import Labelled

_WIDTH: Final = 64
_ROWS: Final = 2000
STEPS: Final = 1500
_EVERY: Final = 250


class Sentence(NamedTuple):
    """A sentence in words, with its names as half-open ranges of words."""

    words: list[str]
    names: list[Gold]


def sentences_of(texts: Iterable[Labelled]) -> Iterator[Sentence]:
    """Yield the sentences of texts: the same as :func:`jixiao.training.ner_examples.examples`.

    Words are cut at the ends of gold names; what the rules find is left out.
    """
    for text, gold, _ in texts:
        edges = [edge for one in gold for edge in (one.start, one.end)]
        tokens = tokens_of(Words(text), [], edges)
        for first, stop in tokens.sentences:
            place = {start: i for i, start in enumerate(tokens.starts[first:stop])}
            ends = {end: i for i, end in enumerate(tokens.ends[first:stop], start=1)}
            names = [
                Gold(place[one.start], ends[one.end], one.label)
                for one in gold
                if one.start in place and one.end in ends
            ]
            yield Sentence(tokens.texts[first:stop], names)


def export(folder: Path, train: Iterable[Labelled], dev: Iterable[Labelled]) -> str:
    """Write ``train.spacy``, ``dev.spacy`` and ``config.cfg``; return what to run on them."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = [
        _write(folder / f"{name}.spacy", list(sentences_of(texts)))
        for name, texts in (("train", train), ("dev", dev))
    ]
    _config().to_disk(folder / "config.cfg")
    return (
        f"{folder}: {counts[0]} sentences to train on, {counts[1]} to choose by; try\n"
        f"spacy train {folder}/config.cfg --output {folder}/model "
        f"--paths.train {folder}/train.spacy --paths.dev {folder}/dev.spacy"
    )


def _write(path: Path, sentences: list[Sentence]) -> int:
    tokens = import_module("spacy.tokens")
    vocab = import_module("spacy.vocab").Vocab()
    found = tokens.DocBin()
    for words, names in sentences:
        doc = tokens.Doc(vocab, words=words, spaces=[False] * len(words))
        doc.set_ents([tokens.Span(doc, a, b, label=label) for a, b, label in names])
        found.add(doc)
    found.to_disk(path)
    return len(sentences)


def _config() -> Any:
    """Return spaCy's own small configuration for a tagger of names, made smaller and repeatable.

    spaCy cuts the text by jieba, as the words of the data are cut.
    """
    made = import_module("spacy.cli.init_config").init_config(
        lang="zh", pipeline=["ner"], optimize="efficiency", gpu=False, silent=True
    )
    made["nlp"]["tokenizer"] = {"@tokenizers": "spacy.zh.ChineseTokenizer", "segmenter": "jieba"}
    made["initialize"]["tokenizer"] = {}
    tok2vec = made["components"]["tok2vec"]["model"]
    tok2vec["encode"]["width"] = _WIDTH
    tok2vec["embed"]["rows"] = [_ROWS for _ in tok2vec["embed"]["rows"]]
    made["corpora"]["train"]["gold_preproc"] = True  # the words as they are in the data
    made["training"]["max_steps"] = STEPS
    made["training"]["eval_frequency"] = _EVERY
    made["training"]["patience"] = STEPS
    return made
