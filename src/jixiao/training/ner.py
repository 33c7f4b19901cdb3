"""Generate labelled sentences of the genre, and train the model of names on them and on gold.

:func:`train_ner` fits a linear-chain CRF (python-crfsuite) on the gold of the training specimens, on the
same with other names, and on generated text, and writes its weights to ``resources/ner.json``. The real
reports and the test specimens are left out; :func:`measure` scores the model on them.

``ner_names.csv`` and ``ner_sentences.csv`` are a grammar: a symbol and its alternatives, between bars;
``{symbol}`` is replaced by one of them, ``{symbol*2-5}`` by several in a list, ``[…]`` may be left out. A
symbol with a label is a name where it stands in no other name.
"""

from __future__ import annotations

import json
import re
import sys
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from itertools import chain
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple, cast

from jixiao.documents import Report, read
from jixiao.entities import find_entities
from jixiao.entities.model import (
    MODEL,
    Model,
    combine,
    features_of,
    judge,
    read_model,
    states_of,
    tokens_of,
)
from jixiao.entities.names import Name
from jixiao.entities.words import Words
from jixiao.numbers import find_quantities
from jixiao.records import Entity, EntityLabel
from jixiao.resources import read_table
from jixiao.resources.regions import Region, by_code, full_name, regions, validity
from jixiao.training.development import GoldDocument, gold_documents, select


class Gold(NamedTuple):
    """A name of a generated text: half-open offsets and its label."""

    start: int
    end: int
    label: str


class Grammar(NamedTuple):
    """The alternatives of each symbol, in parts, and the label of those that are names."""

    alternatives: Mapping[str, Sequence[tuple[str, ...]]]
    labels: Mapping[str, str]


_PART: Final = re.compile(r"\{[^{}]+\}|\[|\]|[^\[\]{}]+")


@cache
def grammar() -> Grammar:
    """Return the grammar of the two tables."""
    alternatives: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    labels = {"place": "PLACE", "place.short": "PLACE", "inside": "PLACE", "city1": "PLACE"}
    for row in (*read_table("ner_names.csv"), *read_table("ner_sentences.csv")):
        if row["symbol"].startswith("#"):
            continue
        alternatives[row["symbol"]] += [
            tuple(_PART.findall(one)) for one in row["pattern"].split("|")
        ]
        if row["label"]:
            labels[row["symbol"]] = row["label"]
    for name in read_table("names.csv"):
        symbol = f"listed.{name['label']}"
        alternatives[symbol].append((name["name"],))
        labels[symbol] = name["label"]
    return Grammar(alternatives, labels)


class Writer:
    """Writes sentences about one region; the same seed writes the same."""

    def __init__(self, seed: int) -> None:
        self._draw = Random(seed)  # noqa: S311 - a repeatable source, not a secret
        self._parts: list[str] = []
        self._length = 0
        self._gold: list[Gold] = []
        self._depth = 0
        self._said: dict[str, list[str]] = defaultdict(list)
        draw = self._draw
        self.region = draw.choice(_seats("county" if draw.random() < 0.6 else "prefecture"))
        above = by_code(self.region.parent or "") or self.region
        self._special: dict[str, Callable[[], str]] = {
            "own": lambda: self.region.name,
            "above": lambda: above.name,
            "inside": lambda: draw.choice(self._inside),
            "province": lambda: draw.choice(_provinces()).name,
            "province1": lambda: _short(draw.choice(_provinces()).name),
            "city1": lambda: _short(draw.choice(_seats("prefecture")).name),
            "city0": lambda: draw.choice(_seats("prefecture")).name[0],
            "place": self._place,
            "place.short": lambda: _short(self._place().rpartition("市")[2] or self.region.name),
            "at.city": self._at_city,
            "surname": lambda: draw.choice(SURNAMES),
            "n": lambda: str(draw.randint(*draw.choice(((1, 9), (2, 60), (10, 900))))),
            "cn": lambda: draw.choice(_NUMERALS),
            "year": lambda: str(draw.randint(2016, 2025)),
            "pct": lambda: f"{draw.randint(1, 99)}{draw.choice(_FRACTIONS)}%",
            "amt": lambda: f"{draw.randint(1, 9000)}{draw.choice(_FRACTIONS)}{draw.choice(_UNITS)}",
        }
        self._inside = self._divisions()

    def _divisions(self) -> list[str]:
        if self.region.level == "prefecture":
            below = [r.name for r in _seats("county") if r.parent == self.region.code]
            if len(below) > 2:
                return below
        return [self._text("place.town.in") for _ in range(9)]

    def _place(self) -> str:
        draw = self._draw
        one = draw.choice(_seats(draw.choice(("county", "county", "prefecture"))))
        if draw.random() < 0.4:
            return self.region.name
        return full_name(one) if draw.random() < 0.2 else one.name

    def _at_city(self) -> str:
        draw = self._draw
        one = draw.choice(_seats(draw.choice(("county", "prefecture")))).name
        return draw.choice(
            (one, _short(one), _short(draw.choice(_provinces()).name), self.region.name)
        )

    def _text(self, symbol: str) -> str:
        """Return an expansion of a symbol, and keep nothing of it."""
        kept = self._parts, self._length, self._gold, self._depth
        self._parts, self._length, self._gold, self._depth = [], 0, [], 1
        self._expand(symbol)
        text = "".join(self._parts)
        self._parts, self._length, self._gold, self._depth = kept
        return text

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _expand(self, symbol: str) -> None:
        known = grammar()
        label = known.labels.get(symbol) if self._depth == 0 else None
        if label is None:
            self._fill(symbol)
            return
        start = self._length
        said = self._said[symbol]
        if said and self._draw.random() < _AGAIN:
            self._put(self._draw.choice(said))
        else:
            text = self._text(symbol)
            said.append(text)
            self._put(text)
        self._gold.append(Gold(start, self._length, label))

    def _fill(self, symbol: str) -> None:
        if symbol in self._special:
            self._put(self._special[symbol]())
            return
        skipping = 0
        for part in self._draw.choice(grammar().alternatives[symbol]):
            if part == "[":
                skipping += bool(skipping or self._draw.random() < _LEFT_OUT)
            elif part == "]":
                skipping = max(skipping - 1, 0)
            elif skipping:
                continue
            elif part[0] == "{":
                self._slot(part[1:-1])
            else:
                self._put(part)

    def _slot(self, slot: str) -> None:
        symbol, _, times = slot.partition("*")
        if not times:
            self._expand(symbol)
            return
        low, high = map(int, times.split("-"))
        count = self._draw.randint(low, high)
        joint = self._draw.choice("、、、和")
        for number in range(count):
            if number:
                self._put(joint if number == count - 1 else "、")
            self._expand(symbol)

    def write(self, sentences: int) -> tuple[str, list[Gold]]:
        """Return a report of so many sentences under a title, and its names."""
        self._expand("own.body")
        self._put(f"{self._draw.randint(2016, 2025)}年度部门整体支出绩效自评报告\n\n")
        for number in range(sentences):
            self._expand("sentence")
            if self._draw.random() < _PARAGRAPH or number == sentences - 1:
                self._put("\n")
        return "".join(self._parts), self._gold

    def name(self, symbol: str) -> str:
        """Return a name: an expansion of a symbol."""
        return self._text(symbol)


_AGAIN: Final = 0.06
_LEFT_OUT: Final = 0.5
_PARAGRAPH: Final = 0.4
_NUMERALS: Final = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_FRACTIONS: Final = ("", "", ".5", ".12", ".83")
_UNITS: Final = ("万元", "万元", "亿元", "元")
SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏"
    "苏吕丁任卢姚沈钟姜崔谭陆汪范石廖贾夏韦付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万"
    "覃武钱戴严莫孔向常汤"
)


@cache
def _seats(level: str) -> tuple[Region, ...]:
    return tuple(
        one
        for one in regions()
        if one.level == level
        and validity(one)[1] is None
        and 3 <= len(one.name) <= 7
        and (level == "county" or one.name[-1] == "市")
        and not one.name.startswith("市辖")
    )


@cache
def _provinces() -> tuple[Region, ...]:
    return tuple(one for one in regions() if one.level == "province" and one.name.endswith("省"))


def _short(name: str) -> str:
    return re.sub(r"(?:自治县|林区|特区|[省市县区州盟旗])$", "", name) if len(name) > 2 else name


# Gold with other names.

_SHAPES: Final[tuple[tuple[str, str, str], ...]] = (
    ("COMPANY", r"(?:公司|事务所|合作社|厂)$", "firm.long"),
    ("COMPANY", r"银行", "bank"),
    ("COMPANY", r"", "firm.short"),
    ("GOV", r"(?:科|股|室)$", "section"),
    ("GOV", r"局$", "body"),
    ("INSTITUTION", r"^[^《]", "INSTITUTION"),
    ("PARK", r"", "PARK"),
    ("PERSON", r"", "PERSON"),
    ("PLACE", r"(?:镇|乡|街道)$", "place.town"),
    ("PLACE", r"(?:村|社区)$", "place.village"),
    ("PLACE", r"[市县区州]$", "place"),
    ("PLACE", r"(?:景区|河|江|湖|水库|断面|片区|新城|路|桥|寺|山)$", "place.other"),
    ("PROGRAM", r"^“[^”]+”$", "quoted"),
    ("PROGRAM", r"^“", "q.kind"),
    ("PROGRAM", r"(?:资金|基金)$", "fund"),
    ("PROGRAM", r"(?:项目|工程)$", "project"),
    ("PROGRAM", r"第.+届|[会节赛]$", "event"),
    ("PROGRAM", r"(?:行动|计划)$", "campaign"),
    ("HONOUR", r"奖$", "prize"),
    ("HONOUR", r"(?:企业|单位|集体|县|区|村|基地|工厂|车间|中心|平台)$", "status.level"),
)
_KEPT: Final = 0.4


def with_other_names(
    text: str, gold: Sequence[Gold], seed: int, kept: float = _KEPT
) -> tuple[str, list[Gold]]:
    """Return a text in which other names of the same make stand in the place of most of its names.

    A name that stands twice is replaced by the same one.
    """
    writer = Writer(seed)
    draw = Random(seed)  # noqa: S311
    chosen: dict[tuple[str, str], str] = {}
    parts: list[str] = []
    moved: list[Gold] = []
    at = length = 0
    for one in sorted(gold):
        surface = text[one.start : one.end]
        key = surface, one.label
        if key not in chosen:
            chosen[key] = surface if draw.random() < kept else _other(writer, surface, one.label)
        parts += [text[at : one.start], chosen[key]]
        length += one.start - at
        moved.append(Gold(length, length + len(chosen[key]), one.label))
        length += len(chosen[key])
        at = one.end
    return "".join([*parts, text[at:]]), moved


def _other(writer: Writer, surface: str, label: str) -> str:
    for one, shape, symbol in _SHAPES:
        if one == label and re.search(shape, surface):
            return writer.name(symbol)
    return surface


# Training.

TABLE: Final = Path(__file__).parents[1] / "resources" / MODEL
_REPORTS: Final = 160
_SENTENCES: Final = 40
_COPIES: Final = 2
_VARIANTS: Final = 12
# Share of the rules' names that are hidden, so that the model does not lean on them alone.
_HIDDEN: Final = 0.1
_PARAMETERS: Final = {"c1": 0.2, "c2": 0.1, "max_iterations": 60}
_DECIMALS: Final = 3
_LEAST: Final = 0.01


class Example(NamedTuple):
    """A sentence to learn from: the features of each token, and its label."""

    features: list[list[str]]
    labels: list[str]


def rule_names(report: Report) -> list[Name]:
    """Return the names that the rules alone find in a report."""
    items, _ = find_quantities(report)
    return find_entities(report, items, modelled=False)


def learnable(report: Report, names: Sequence[Name], gold: Sequence[Gold]) -> Iterator[Example]:
    """Yield the sentences of a report with the labels of its gold, which stands at raw offsets."""
    inside = [Gold(*report.view.view_span(one.start, one.end), one.label) for one in gold]
    edges = [edge for one in inside for edge in one[:2]]
    tokens = tokens_of(Words(report.view.text), names, edges)
    labelled = [Name(a, b, cast("EntityLabel", label), "") for a, b, label in inside]
    labels = states_of(tokens, labelled).label
    states = states_of(tokens, names)
    for number, (first, stop) in enumerate(tokens.sentences):
        yield Example(list(features_of(tokens, states, number)), labels[first:stop])


def _hide(names: Sequence[Name], seed: int) -> list[Name]:
    draw = Random(seed)  # noqa: S311
    return [name for name in names if draw.random() >= _HIDDEN]


def generated(reports: int, sentences: int = _SENTENCES) -> Iterator[Example]:
    """Yield the sentences of generated reports."""
    for seed in range(reports):
        text, gold = Writer(seed).write(sentences)
        report = Report(f"names-{seed}", text)
        yield from learnable(report, _hide(rule_names(report), seed), gold)


def annotated(document: GoldDocument, copies: int, variants: int) -> Iterator[Example]:
    """Yield the sentences of a document with gold: as they are, so often, and with other names."""
    report = read(document.path)
    gold = gold_names(document)
    names = rule_names(report)
    for copy in range(copies):
        yield from learnable(report, _hide(names, copy) if copy else names, gold)
    for number in range(variants):
        seed = zlib.crc32(f"{document.doc_id} {number}".encode())
        text, moved = with_other_names(report.raw, gold, seed)
        other = Report(document.doc_id, text)
        yield from learnable(other, _hide(rule_names(other), seed), moved)


def gold_names(document: GoldDocument) -> list[Gold]:
    """Return the gold names of a document, at raw offsets."""
    records = [record for record in document.gold.records if isinstance(record, Entity)]
    return [Gold(record.start, record.end, record.label) for record in records]


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
    return f'{{"made_by":"jixiao.training.ner",\n{head},\n"weights":{{\n{body}\n}}}}\n'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _examples(documents: Iterable[GoldDocument]) -> list[list[Example]]:
    return [list(annotated(document, _COPIES, _VARIANTS)) for document in documents]


def train_ner(table: Path = TABLE, reports: int = _REPORTS) -> str:
    """Fit the model, write it, and return what was done in a line."""
    documents = [one for one in select(gold_documents(), "train").values() if gold_names(one)]
    sequences = [*chain(*_examples(documents)), *generated(reports)]
    content = fit(sequences)
    table.write_text(content, encoding="utf-8", newline="\n")
    names = ", ".join(document.doc_id for document in documents)
    return (
        f"{table.name}: {content.count(chr(10))} lines, {len(content.encode()) // 1024} KiB, from "
        f"{len(sequences)} sentences: {names} and {reports} generated reports"
    )


# Measuring.


class Counts(NamedTuple):
    """How many names were right, found, and in gold."""

    right: int
    found: int
    gold: int


def f1(counts: Iterable[Counts]) -> float:
    """Return the F1 over documents."""
    right = total = 0
    for one in counts:
        right += one.right
        total += one.found + one.gold
    return 2 * right / max(total, 1)


def score(document: GoldDocument, used: Model | None) -> Counts:
    """Return how many names of a document are found exactly: by the rules, and a model on them."""
    report = read(document.path)
    names = rule_names(report)
    if used is not None:
        names = combine(judge(Words(report.view.text), names, used))
    found = {(*report.view.raw_span(name.start, name.end), name.label) for name in names}
    gold = set(map(tuple, gold_names(document)))
    return Counts(len(found & gold), len(found), len(gold))


def measure() -> str:
    """Return a table of F1: rules alone, and with the model, each training specimen left out in turn."""
    documents = {k: v for k, v in gold_documents().items() if gold_names(v)}
    train = select(documents, "train")
    examples = {doc_id: list(annotated(one, _COPIES, _VARIANTS)) for doc_id, one in train.items()}
    synthetic = list(generated(_REPORTS))
    whole = read_model(fit([*chain(*examples.values()), *synthetic]))
    rows: list[tuple[str, Counts, Counts]] = []
    for doc_id, document in documents.items():
        used = whole
        if doc_id in train:
            others = [sequences for other, sequences in examples.items() if other != doc_id]
            used = read_model(fit([*chain(*others), *synthetic]))
        rows.append((document.split, score(document, None), score(document, used)))
    lines = ["| documents | rules | rules and model |", "|---|---|---|"]
    for split in dict.fromkeys(row[0] for row in rows):
        plain = f1(row[1] for row in rows if row[0] == split)
        modelled = f1(row[2] for row in rows if row[0] == split)
        lines.append(f"| {split} | {plain:.3f} | {modelled:.3f} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] = ()) -> int:
    """Train and write the model, or with ``measure`` print how good it is; return the exit code."""
    sys.stdout.write((measure() if "measure" in arguments else train_ner()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
