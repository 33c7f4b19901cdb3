"""Fit the model of names, and measure it.

:func:`train_ner` fits a linear-chain CRF (python-crfsuite) on what :mod:`jixiao.training.ner_examples`
gives, and writes its weights to ``resources/ner.json``. The real reports and the test specimens are left
out of it; of them the totals are printed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib import import_module
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from jixiao.documents import read
from jixiao.entities import Name
from jixiao.entities.crf import MODEL, Model, read_model
from jixiao.entities.find import admissible
from jixiao.entities.model import combine, judge
from jixiao.entities.words import Words
from jixiao.resources import read_table, without_rows
from jixiao.training.development import GoldDocument, gold_documents, select
from jixiao.training.ner_examples import (
    REPORTS,
    Cut,
    Example,
    annotated,
    examples,
    generated,
    gold_names,
    rule_names,
)

TABLE: Final = Path(__file__).parents[1] / "resources" / MODEL
# Chosen with the training specimens left out, as is that a feature seen once is none.
_PARAMETERS: Final = {"c1": 0.2, "c2": 0.1, "feature.minfreq": 2, "max_iterations": 60}
_DECIMALS: Final = 3
_LEAST: Final = 0.01
FOLDS: Final = 3


# Fitting.


def fit(sequences: Iterable[Example], iterations: int | None = None) -> str:
    """Return the model fitted on sentences, as the content of its file.

    Labels, transitions and the weights of features: those above a hundredth, rounded.
    """
    crfsuite = import_module("pycrfsuite")
    parameters = _PARAMETERS | ({"max_iterations": iterations} if iterations else {})
    trainer = crfsuite.Trainer("lbfgs", parameters, verbose=False)
    for sequence in sequences:
        trainer.append(sequence.features, sequence.labels)
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "model")
        trainer.train(path)
        tagger = crfsuite.Tagger()
        tagger.open(path)
        found = tagger.info()
        tagger.close()
    labels = sorted({label for _, label in found.state_features})
    column = {label: str(number) for number, label in enumerate(labels)}
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for (feature, label), weight in sorted(found.state_features.items()):
        if abs(weight) >= _LEAST:
            weights[feature][column[label]] = round(weight, _DECIMALS)
    transitions = [
        [round(found.transitions.get((one, other), 0.0), _DECIMALS) for other in labels]
        for one in labels
    ]
    return _rendered({"labels": labels, "transitions": transitions, "weights": weights})


def _rendered(stored: Mapping[str, Any]) -> str:
    """Return JSON with a line for each feature, so that two models can be compared."""
    head = ",\n".join(f'"{key}":{_json(stored[key])}' for key in ("labels", "transitions"))
    body = ",\n".join(f"{_json(key)}:{_json(row)}" for key, row in stored["weights"].items())
    return f'{{"made_by":"jixiao train ner",\n{head},\n"weights":{{\n{body}\n}}}}\n'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# Measuring.


class Counts(NamedTuple):
    """How many names were right, found, and in gold."""

    right: int
    found: int
    gold: int


def f1(counts: Iterable[Counts]) -> float:
    """Return the F1 over documents.

    >>> f1([Counts(3, 4, 4), Counts(0, 1, 0)])
    0.6666666666666666
    """
    right = total = 0
    for one in counts:
        right += one.right
        total += one.found + one.gold
    return 2 * right / max(total, 1)


class Row(NamedTuple):
    """What was found in a document: by the rules, and by the rules and a model."""

    split: str
    rules: Counts
    modelled: Counts


class Scored:
    """A document to be scored: read once, with its gold and what the rules find in it."""

    def __init__(self, document: GoldDocument) -> None:
        self.report = read(document.path)
        self.text = self.report.view.text
        self.names = rule_names(self.report)
        self.gold = set(map(tuple, gold_names(document)))

    def count(self, names: Iterable[Name]) -> Counts:
        """Return how many of the names are exactly those of gold."""
        span = self.report.view.raw_span
        kept = admissible(self.report, names)
        found = {(*span(name.start, name.end), name.label) for name in kept}
        return Counts(len(found & self.gold), len(found), len(self.gold))

    def by_rules(self) -> Counts:
        """Return how many names the rules find."""
        return self.count(self.names)

    def by(self, used: Model, cut: Cut = Words) -> Counts:
        """Return how many names are found by the rules and a model on them."""
        return self.count(combine(judge(cut(self.text), self.names, used)))


def folds_of(doc_ids: Iterable[str], folds: int = FOLDS) -> list[list[str]]:
    """Return documents in parts of like size: each is left out of training in its turn.

    >>> folds_of(["a", "b", "c", "d"], 3)
    [['a', 'd'], ['b'], ['c']]
    """
    known = list(doc_ids)
    return [known[start::folds] for start in range(min(folds, len(known)))]


def documents_with_names() -> dict[str, GoldDocument]:
    """Return the documents whose gold has names, by id."""
    return {doc_id: one for doc_id, one in gold_documents().items() if gold_names(one)}


class Material(NamedTuple):
    """The documents with names, and the sentences to learn from: of each specimen, and generated."""

    documents: Mapping[str, GoldDocument]
    train: Mapping[str, list[Example]]
    generated: list[Example]

    def sentences(self, left_out: Collection[str] = ()) -> Iterator[Example]:
        """Yield the sentences to learn from, those of some specimens left out."""
        return chain(
            *(found for doc_id, found in self.train.items() if doc_id not in left_out),
            self.generated,
        )


def material(reports: int = REPORTS) -> Material:
    """Return what there is to learn from."""
    documents = documents_with_names()
    train = select(documents, "train")
    return Material(
        documents,
        {doc_id: list(examples(annotated(one))) for doc_id, one in train.items()},
        list(examples(generated(reports))),
    )


def train_ner(table: Path = TABLE, *, measured: bool = True) -> Iterator[str]:
    """Fit the model, write it, and yield lines that say what was done, and measured if wanted."""
    known = material()
    content = fit(known.sentences())
    table.write_text(content, encoding="utf-8", newline="\n")
    yield (
        f"{table.name}: {len(content.encode()) // 1024} KiB, from {sum(1 for _ in known.sentences())} "
        f"sentences: {', '.join(known.train)} and {REPORTS} generated reports"
    )
    if measured:
        rows = left_out_rows(known), rows_of(known, read_model(content)), unlisted_rows(known)
        yield "\n| entities, exact F1 | rules | rules and model |\n|---|---|---|"
        for some in rows:
            yield from by_split(some)


def left_out_rows(known: Material) -> Iterator[Row]:
    """Yield how each training specimen is read by a model that was fitted without it."""
    for part in folds_of(known.train):
        used = read_model(fit(known.sentences(part)))
        for doc_id in part:
            document = Scored(known.documents[doc_id])
            yield Row("train, left out", document.by_rules(), document.by(used))


def rows_of(known: Material, used: Model) -> Iterator[Row]:
    """Yield how the model reads the documents that it was not fitted on."""
    for doc_id, one in known.documents.items():
        if doc_id not in known.train:
            document = Scored(one)
            yield Row(one.split, document.by_rules(), document.by(used))


def unlisted_rows(known: Material) -> Iterator[Row]:
    """Yield how real reports are read without the listed names that occur in one of them alone.

    The names are left out of the table of names and of the generated text, and the model is fitted anew.
    """
    real = select(known.documents, "real")
    if not real:
        return
    with without_rows("names", "name", lone_names(known.documents)):
        used = read_model(fit(material().sentences()))
        for one in real.values():
            document = Scored(one)
            yield Row("real, lone names unlisted", document.by_rules(), document.by(used))


def lone_names(documents: Mapping[str, GoldDocument]) -> set[str]:
    """Return the names of ``names.csv`` that occur in one real report and in no other document."""
    texts = {doc_id: read(one.path).view.text for doc_id, one in documents.items()}
    real = set(select(documents, "real"))
    found = set()
    for row in read_table("names.csv"):
        where = {doc_id for doc_id, text in texts.items() if row["name"] in text}
        if len(where) == 1 and where <= real:
            found.add(row["name"])
    return found


def by_split(rows: Iterable[Row]) -> Iterator[str]:
    """Yield exact F1 as rows of a table: of the rules alone, and with the model."""
    known = list(rows)
    for split in dict.fromkeys(row.split for row in known):
        of_split = [row for row in known if row.split == split]
        plain, modelled = f1(row.rules for row in of_split), f1(row.modelled for row in of_split)
        yield f"| {split} | {plain:.3f} | {modelled:.3f} |"
