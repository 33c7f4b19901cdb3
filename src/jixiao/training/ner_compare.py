"""Compare what could read the names: a CRF on the words of each engine, and spaCy's tagger of names.

All learn from the same sentences, fewer than the model of the package learns from, and are scored on the
same documents: every third training specimen, which all leave out, the real reports, the test specimens.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any, Final, NamedTuple, cast

from jixiao.entities import Name
from jixiao.entities.crf import Model, read_model
from jixiao.entities.model import combine, judge
from jixiao.entities.names import settle
from jixiao.entities.words import Words
from jixiao.records import EntityLabel
from jixiao.tokens import segment
from jixiao.tokens.tags import tagged
from jixiao.training.development import GoldDocument, select
from jixiao.training.ner import FOLDS, Scored, documents_with_names, f1, fit, folds_of
from jixiao.training.ner_examples import Cut, Labelled, annotated, examples, generated
from jixiao.training.ner_export import STEPS, export

_REPORTS: Final = 60
_VARIANTS: Final = 4
_ROUNDS: Final = 3
_SILENT: Final = 60
_SPLITS: Final = {"train": "train, left out", "real": "real", "test": "test"}
_SAMPLE: Final = "引进宏昱新材料、鑫达光电等项目6个。"


class EngineWords(Words):
    """The words of a segmentation engine, each with the tag that the dictionary of jieba gives it."""

    def __init__(self, text: str, engine: str) -> None:
        self.text = text
        tokens = segment(text, engine)
        self.texts = [text[start:end] for start, end in tokens]
        self.tags = [_tag_of(word) for word in self.texts]
        self.ends = list(accumulate(map(len, self.texts)))
        self.starts = [0, *self.ends[:-1]]


@cache
def _tag_of(word: str) -> str:
    found = tagged(word)
    return found[0].tag if len(found) == 1 else "x"


class Reader(NamedTuple):
    """Something that reads names: what it is, how it reads, how large it is, how it starts."""

    name: str
    read: Callable[[Scored], list[Name]]
    size: int
    start: str


def training_texts(reports: int = _REPORTS) -> tuple[list[Labelled], list[Labelled]]:
    """Return the texts to learn from and those that are left out, in which no name is exchanged."""
    train = select(documents_with_names(), "train")
    left_out = folds_of(train, FOLDS)[0]
    texts = [
        text
        for doc_id, one in train.items()
        if doc_id not in left_out
        for text in annotated(one, _VARIANTS)
    ]
    dev = [next(annotated(train[doc_id], 0)) for doc_id in left_out]
    return [*texts, *generated(reports)], dev


def export_texts(folder: Path) -> str:
    """Write what is compared on as data for ``spacy train``; return what to run on it."""
    return export(folder, *training_texts())


def compare(steps: int = STEPS) -> str:
    """Fit all, score them and return a table."""
    train, dev = training_texts()
    documents = documents_with_names()
    left_out = folds_of(select(documents, "train"), FOLDS)[0]
    scored = {
        split: [Scored(one) for one in documents_of(documents, split, left_out)]
        for split in _SPLITS
    }
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        rows = [_row("rules alone", scored, lambda one: one.names)]
        for reader in (*_crfs(train, folder), *_spacys(train, dev, folder, steps)):
            rows.append([*_row(reader.name, scored, reader.read), *_costs(reader, _texts(scored))])
    header = ["exact F1 of names", *_SPLITS.values(), "speed", "KiB", "start"]
    lines = [
        header,
        ["---"] * len(header),
        *([*row, *["–"] * (len(header) - len(row))] for row in rows),
    ]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return (
        f"{table}\n\nAll learn from {len(train)} texts; {', '.join(left_out)} are left out. spaCy: "
        f"{steps} steps. Speed: as a share of that of jieba.lcut in the same run, the rules aside. "
        "Start: from nothing to the first names. Both in processor time."
    )


def documents_of(
    documents: Mapping[str, GoldDocument], split: str, left_out: Sequence[str]
) -> list[GoldDocument]:
    """Return the documents of a split that are scored."""
    chosen = select(documents, split)
    return [one for doc_id, one in chosen.items() if split != "train" or doc_id in left_out]


def _texts(scored: Mapping[str, Sequence[Scored]]) -> list[Scored]:
    """Return what speed is measured on."""
    return [*scored["train"], *scored["real"]]


# A CRF.


def _crfs(train: Sequence[Labelled], folder: Path) -> Iterator[Reader]:
    """Yield the readers that are a CRF: on the rules' names with each engine, then by itself."""
    plain = [one._replace(names=()) for one in train]
    choices: tuple[tuple[str, Sequence[Labelled], str | None], ...] = (
        ("rules + CRF, words of jieba", train, None),
        ("rules + CRF, words of pkuseg", train, "pkuseg"),
        ("rules + CRF, characters", train, "char"),
        ("CRF alone, words of jieba", plain, None),
    )
    for number, (name, texts, engine) in enumerate(choices):
        cut: Cut = Words if engine is None else partial(EngineWords, engine=engine)
        content = fit(examples(texts, cut))
        path = folder / f"{number}.json"
        path.write_text(content, encoding="utf-8")
        shown = texts is train
        words = f"Words({_SAMPLE!r})" if engine is None else f"EngineWords({_SAMPLE!r}, {engine!r})"
        start = (
            "from pathlib import Path; from jixiao.entities.crf import read_model; "
            "from jixiao.entities.model import judge; "
            "from jixiao.entities.words import Words; "
            + ("" if engine is None else "from jixiao.training.ner_compare import EngineWords; ")
            + f"judge({words}, [], read_model(Path({str(path)!r}).read_text(encoding='utf-8')))"
        )
        read = partial(_by_crf, read_model(content), cut, shown)
        yield Reader(name, read, len(content.encode()), start)


def _by_crf(used: Model, cut: Cut, shown: bool, one: Scored) -> list[Name]:
    return combine(judge(cut(one.text), one.names if shown else [], used))


# spaCy.


def _spacys(
    train: Sequence[Labelled], dev: Sequence[Labelled], folder: Path, steps: int
) -> Iterator[Reader]:
    """Yield spaCy's tagger of names by itself, and what it adds to the rules."""
    export(folder, train, dev)
    path = train_spacy(folder, steps)
    nlp = import_module("spacy").load(path)
    size = sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
    start = f"import spacy; spacy.load({str(path)!r})({_SAMPLE!r})"
    yield Reader("spaCy tok2vec alone", lambda one: spacy_names(nlp, one.text), size, start)
    yield Reader(
        "rules + spaCy tok2vec",
        lambda one: settle([*one.names, *_beside(one.names, spacy_names(nlp, one.text))]),
        size,
        "",
    )


def train_spacy(folder: Path, steps: int) -> Path:
    """Run ``spacy train`` on a folder of exported data; return where the last model is."""
    arguments = [
        *(sys.executable, "-m", "spacy", "train", str(folder / "config.cfg")),
        *("--output", str(folder / "model"), "--training.max_steps", str(steps)),
        *("--paths.train", str(folder / "train.spacy"), "--paths.dev", str(folder / "dev.spacy")),
    ]
    subprocess.run(arguments, check=True, capture_output=True)  # noqa: S603 - our own arguments
    return folder / "model" / "model-last"


def spacy_names(nlp: Any, text: str) -> list[Name]:
    """Return the names that a pipeline of spaCy finds in the lines of a text."""
    found = []
    at = 0
    for line in text.splitlines(keepends=True):
        for one in nlp(line).ents if line.strip() else ():
            label = cast("EntityLabel", one.label_)
            found.append(Name(at + one.start_char, at + one.end_char, label, "spacy"))
        at += len(line)
    return found


def _beside(given: Iterable[Name], found: Iterable[Name]) -> Iterator[Name]:
    taken = {place for name in given for place in range(name.start, name.end)}
    return (name for name in found if taken.isdisjoint(range(name.start, name.end)))


# Figures.


def _row(
    name: str, scored: Mapping[str, Sequence[Scored]], read: Callable[[Scored], list[Name]]
) -> list[str]:
    shares = [
        f"{f1(one.count(read(one)) for one in scored[split]):.3f}" if scored[split] else "–"
        for split in _SPLITS
    ]
    return [name, *shares]


def _costs(reader: Reader, documents: Sequence[Scored]) -> list[str]:
    """Return speed, size and start of a reader; nothing where another has the same."""
    if not reader.start:
        return []
    jieba = import_module("jieba")
    jieba.setLogLevel(_SILENT)
    jieba.initialize()
    reference = _seconds(lambda: [jieba.lcut(one.text) for one in documents])
    spent = _seconds(lambda: [reader.read(one) for one in documents])
    return [
        f"{reference / spent:.2f}",
        f"{reader.size // 1024}",
        f"{_started(reader.start) - _started('pass'):.1f} s",
    ]


def _seconds(work: Callable[[], object]) -> float:
    """Return the processor time of the best of a few rounds: other work on the machine does not count."""

    def once() -> float:
        begun = process_time()
        work()
        return process_time() - begun

    return min(once() for _ in range(_ROUNDS))


def _started(code: str) -> float:
    """Return the processor time of a process of its own, at best."""

    def once() -> float:
        begun = os.times()
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)  # noqa: S603
        ended = os.times()
        return ended[2] + ended[3] - begun[2] - begun[3]

    return min(once() for _ in range(_ROUNDS))
