"""Make a small model for spacy-pkuseg, which ships none.

It learns the words of the reference, jieba, in the text of the training specimens and in generated
reports, corrected by gold: no word reaches over the end of a name or a number, and a name of up to four
characters is one word. So it knows names by their place, where a dictionary only knows those it lists.
"""

from __future__ import annotations

import contextlib
import io
import random
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from jixiao.documents import read
from jixiao.records import Entity, Quantity
from jixiao.tokens import Token, cut_at, segment
from jixiao.tokens.pkuseg import MODEL_FILES, load_model
from jixiao.training.development import GoldDocument, gold_documents, select
from jixiao.training.names import Gold, Writer

FOLDER: Final = Path(__file__).parents[1] / "resources" / "pkuseg"
_REPORTS: Final = 60
_SENTENCES: Final = 40
_ITERATIONS: Final = 10
_SHORT_NAME: Final = 4
# A feature seen once says nothing of other texts.
_SEEN_ONCE: Final = 1
_LEAST: Final = 0.05
_DECIMALS: Final = 2
_ENDS: Final = "。；！？\n"


def gold_words(text: str, names: Iterable[Gold], edges: Iterable[int] = ()) -> list[Token]:
    """Return the words of a text: those of jieba, corrected by names and by the edges of numbers.

    >>> text = "支持德茂机械申报"
    >>> [text[a:b] for a, b in gold_words(text, [Gold(2, 6, "COMPANY")])]
    ['支持', '德茂机械', '申报']
    """
    known = sorted(names)
    ends = {edge for one in known for edge in (one.start, one.end)}
    short = [one for one in known if one.end - one.start <= _SHORT_NAME]
    inside = {at for one in short for at in range(one.start + 1, one.end)}
    tokens = cut_at(segment(text), ends | set(edges))
    starts = [start for start, _ in tokens if start not in inside]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def lines_of(text: str, words: Sequence[Token]) -> Iterator[str]:
    """Yield the sentences of a text as pkuseg reads them: words between spaces."""
    line: list[str] = []
    for start, end in words:
        word = text[start:end]
        if not word.isspace():
            line.append(word)
        if word in _ENDS and line:
            yield " ".join(line)
            line = []
    if line:
        yield " ".join(line)


def specimen_lines(document: GoldDocument) -> Iterator[str]:
    """Yield the sentences of a document with gold."""
    report = read(document.path)
    spans = [
        (*report.view.view_span(record.start, record.end), record)
        for record in document.gold.records
        if isinstance(record, Entity | Quantity)
    ]
    names = [Gold(a, b, record.label) for a, b, record in spans if isinstance(record, Entity)]
    edges = [edge for a, b, record in spans if isinstance(record, Quantity) for edge in (a, b)]
    yield from lines_of(report.view.text, gold_words(report.view.text, names, edges))


def generated_lines(reports: int, first_seed: int = 0) -> Iterator[str]:
    """Yield the sentences of generated reports."""
    for seed in range(first_seed, first_seed + reports):
        text, gold = Writer(seed).write(_SENTENCES)
        yield from lines_of(text, gold_words(text, gold))


def fit(lines: Sequence[str], folder: Path, iterations: int = _ITERATIONS) -> None:
    """Fit a model on sentences and write it to a folder: the same sentences give the same files."""
    spacy_pkuseg = import_module("spacy_pkuseg")
    config = import_module("spacy_pkuseg.config").config
    before, trim, state = config.modelDir, config.featureTrim, random.getstate()
    config.featureTrim = _SEEN_ONCE
    random.seed(1)
    try:
        with TemporaryDirectory() as scratch, contextlib.redirect_stdout(io.StringIO()):
            train, test = Path(scratch, "train.txt"), Path(scratch, "test.txt")
            train.write_text("\n".join(lines) + "\n", encoding="utf-8")
            test.write_text("\n".join(lines[:20]) + "\n", encoding="utf-8")
            spacy_pkuseg.train(str(train), str(test), scratch, train_iter=iterations)
            _write(load_model(Path(scratch)), folder)
    finally:
        config.modelDir, config.featureTrim = before, trim
        random.setstate(state)


def _write(fitted: Any, folder: Path) -> None:
    """Write a model without the features that weigh next to nothing, in the format it is read from."""
    import numpy as np

    extractor, model = fitted.feature_extractor, fitted.model
    size = model.n_feature * model.n_tag
    weights = model.w[:size].reshape(model.n_feature, model.n_tag)
    heavy = np.abs(weights).max(axis=1) >= _LEAST
    heavy[0] = True  # pkuseg takes number 0 for the feature that every character has
    kept = np.flatnonzero(heavy)
    ranked = sorted(extractor.feature_to_idx, key=extractor.feature_to_idx.__getitem__)
    features = {ranked[old]: new for new, old in enumerate(kept)}
    stored = {
        "unigram": sorted(word for word in extractor.unigram if _is_asked_for(word, features)),
        "bigram": [],
        "feature_to_idx": features,
        "tag_to_idx": extractor.tag_to_idx,
    }
    folder.mkdir(parents=True, exist_ok=True)
    import_module("srsly").write_msgpack(folder / MODEL_FILES[0], stored)
    flat = np.concatenate([weights[kept].ravel(), model.w[size:]]).round(_DECIMALS)
    sizes = np.array([model.n_tag, len(kept)])
    np.savez_compressed(folder / MODEL_FILES[1], sizes=sizes, w=flat + 0.0)


def _is_asked_for(word: str, features: dict[str, int]) -> bool:
    """Tell whether a word may be part of a feature: pkuseg looks at words of two to six characters."""
    return 2 <= len(word) <= 6 and (f"w1.{word}" in features or f"w-1.{word}" in features)


def agreement(folder: Path, lines: Iterable[str]) -> float:
    """Return the F1 of the words of a model against those of sentences with spaces between words."""
    model = load_model(folder)
    right = total = 0
    for line in lines:
        words = line.split(" ")
        expected, found = set(_spans(words)), set(_spans(model.cut("".join(words))))
        right += len(expected & found)
        total += len(expected) + len(found)
    return 2 * right / max(total, 1)


def _spans(words: Iterable[str]) -> Iterator[Token]:
    at = 0
    for word in words:
        yield at, at + len(word)
        at += len(word)


def train_pkuseg(folder: Path = FOLDER, reports: int = _REPORTS) -> str:
    """Make the model, write it, and return what was done and measured.

    The agreement is that of models made without every third specimen with the words of those.
    """
    documents = select(gold_documents(), "train")
    specimens = {doc_id: list(specimen_lines(one)) for doc_id, one in documents.items()}
    made = list(generated_lines(reports))
    lines = [*made, *(line for found in specimens.values() for line in found)]
    fit(lines, folder)
    left_out = list(specimens)[::3]
    with TemporaryDirectory() as scratch:
        others = [line for name in specimens if name not in left_out for line in specimens[name]]
        fit([*made, *others], Path(scratch))
        measured = agreement(Path(scratch), [line for name in left_out for line in specimens[name]])
    size = sum((folder / name).stat().st_size for name in MODEL_FILES)
    return (
        f"{folder.name}: {size // 1024} KiB, from {len(lines)} sentences: {', '.join(specimens)} and "
        f"{reports} generated reports; words of specimens left out ({', '.join(left_out)}): "
        f"F1 {measured:.3f}"
    )
