"""jixiao beside JioNLP and Recognizers-Text on amounts and percentages: ``make peers`` prints it.

All read the same cases and reports in one run. A reading is right where it overlaps the expected
one and has the same value in yuan (in its own currency where that is foreign) or in percent; of a
range the lower end decides. What differs by convention rather than by understanding counts for or
against nobody:

- percentage points, which only jixiao tells from percentages, and malformed numbers;
- the upper end of a range, read as a number of its own;
- what a price is for (``元/亩``), and whether a printed minus is carried by the value or, as the
  guideline has it for growth, by the direction;
- a reading without a value, and a reading inside a longer one of the same reader.

This forgives jixiao too, which is held to the guideline elsewhere: a price without its ``/亩`` and
a minus that growth must not carry are mistakes in ``make figures`` and none here. The column
``strict`` is therefore its F1 by the guideline (span by overlap; value, sign and whole unit), on
the same readings, points and malformed numbers among them.

The peers are called as their documentation shows, with their defaults. They get the paragraphs and
cells that jixiao tells apart, without the line wraps of a PDF and split into sentences; where a
call raises an exception, that sentence has no readings and the table counts an error. What they
catch themselves cannot be seen. A table cell whose unit stands in the header is beyond what a
reader of sentences can know, so that prose is scored on its own too. Clauses instead of sentences
move no F1 of a peer by more than 0.02, some up and some down.

Timed are the peers' calls on those sentences, JioNLP's for amounts and those of Recognizers-Text for
either label, and ``jixiao.quantities`` on the whole text: every label, with its context. Given whole
texts, Recognizers-Text is about ten times as fast on amounts and three times on percentages, of
which it then returns a fifth fewer.

The cases are those that expect an amount or a percentage, known failures of jixiao included. They
were written for jixiao, which was developed on them and on all reports but the specimens of the
split ``test``: those are the figures to compare by.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, Final

import jixiao
from jixiao.documents import Report, read
from jixiao.evaluation.matching import match_overlapping, overlaps
from jixiao.evaluation.scores import Counts
from jixiao.records import Quantity
from jixiao.training.development import gold_documents

CASES: Final = Path(__file__).parents[1] / "cases"
CASE_FILES: Final = ("quantities.csv", "lexicon.csv")
LABELS: Final = ("MONEY", "PERCENT")

_EXPECTED = re.compile(
    r"(?P<surface>.+?)=(?P<label>[A-Z]+) (?P<value>None|-?[\d.]+?)(?:\.\.(?P<high>[\d.]+))?"
    r" (?P<unit>\S+) [=≈>≥<≤]"
)
_MINUS = re.compile(r"[-−－负]")
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；\n]*|[。！？；\n]+")

# The names under which the peers return currencies; one they lack has no code and is never right.
JIONLP_CURRENCIES: Final = {
    **dict.fromkeys(("元", "圆", "人民币", "元人民币"), "CNY"),
    **dict.fromkeys(("美元", "美金", "美刀"), "USD"),
    **dict.fromkeys(("港元", "港币", "元港币"), "HKD"),
    **dict.fromkeys(("日元", "日币", "元日币"), "JPY"),
    **dict.fromkeys(("韩元", "韩币", "元韩币"), "KRW"),
    **dict.fromkeys(("新台币", "台币", "元新台币", "元台币"), "TWD"),
    **dict.fromkeys(("澳元", "澳大利亚元", "澳币", "元澳币"), "AUD"),
    **dict.fromkeys(("加元", "加拿大元"), "CAD"),
    "欧元": "EUR",
    "英镑": "GBP",
    "卢布": "RUB",
    "法郎": "CHF",
    "新加坡元": "SGD",
    "新西兰元": "NZD",
    "澳门元": "MOP",
    "泰铢": "THB",
}
# Recognizers-Text gives these without an ISO code: what they mean most often, the parts in yuan.
RECOGNIZERS_CURRENCIES: Final = {
    "Chinese yuan": "CNY",
    "Dollar": "USD",
    "Franc": "CHF",
    "Pound": "GBP",
    "Ruble": "RUB",
}
RECOGNIZERS_PARTS_OF_YUAN: Final = {"Jiao": Decimal("0.1"), "Fen": Decimal("0.01")}


@dataclass(frozen=True, slots=True)
class Reading:
    """A number read or expected at a place; ``unit`` is a currency, ``%`` or ``pp``.

    ``stated`` is the value and the unit before they were made comparable.
    """

    start: int
    end: int
    label: str
    value: Decimal | None
    unit: str | None
    high: Decimal | None = None
    table: bool = False
    stated: tuple[Decimal | None, str | None] | None = None

    @property
    def comparable(self) -> bool:
        """Whether all can be expected to say the same of it."""
        return self.value is not None and self.unit != "pp"


# What is expected.


def parse_expected(text: str, expected: str) -> list[Reading]:
    """Return the amounts and percentages of a row of the case files, other quantities left out.

    >>> [reading] = parse_expected("补助5000余万元", "5000余万元=MONEY 50000000 CNY >")
    >>> (reading.start, reading.end, str(reading.value), reading.unit)
    (2, 9, '50000000', 'CNY')
    """
    readings = []
    position = 0
    for notation in filter(None, expected.split("; ")):
        found = _EXPECTED.fullmatch(notation)
        if found is None:
            raise ValueError(f"expected `surface=LABEL value unit bound`, found {notation!r}")
        start = text.index(found["surface"], position)
        position = start + len(found["surface"])
        readings.append(
            reading_of(
                start,
                found["surface"],
                found["label"],
                None if found["value"] == "None" else Decimal(found["value"]),
                found["unit"],
                Decimal(found["high"]) if found["high"] else None,
            )
        )
    return [reading for reading in readings if reading.label in LABELS]


def reading_of(
    start: int,
    surface: str,
    label: str,
    value: Decimal | None,
    unit: str | None,
    high: Decimal | None = None,
    table: bool = False,
) -> Reading:
    """Return a quantity as it is compared: with the minus it is printed with, without ``/亩``."""
    stated = (value, unit)
    if value is not None and value > 0 and _MINUS.match(surface):
        value = -value
    currency = unit.partition("/")[0] if unit else unit
    return Reading(start, start + len(surface), label, value, currency, high, table, stated)


def readings_of(quantities: Iterable[Quantity]) -> list[Reading]:
    """Return records, of gold or of jixiao, as they are compared."""
    return [
        reading_of(q.start, q.text, q.label, q.value, q.unit, q.value_high, bool(q.table))
        for q in quantities
        if q.label in LABELS
    ]


# What is scored.


def score(
    gold: Sequence[Reading], found: Sequence[Reading], passed_over: Sequence[Reading] = ()
) -> Counts:
    """Return how many readings of one text are right, made up and missed.

    A wrong reading that overlaps one of ``passed_over`` with its label is not counted, nor is the
    upper end of an expected range.
    """
    matching = match_overlapping(gold, found, lambda r: (r.label, r.unit, r.value), overlaps)
    made_up = sum(not _excused(reading, gold, passed_over) for reading in matching.spurious)
    return Counts(len(matching.pairs), made_up, len(matching.missed))


def _excused(reading: Reading, gold: Sequence[Reading], passed_over: Sequence[Reading]) -> bool:
    return any(
        other.label == reading.label and overlaps(other, reading) for other in passed_over
    ) or any(
        other.high is not None
        and (other.label, other.unit, other.high) == (reading.label, reading.unit, reading.value)
        and overlaps(other, reading)
        for other in gold
    )


def score_label(
    label: str, gold: Sequence[Reading], found: Sequence[Reading], prose: str | None = None
) -> Counts:
    """Return the counts of one label; of the prose only where ``prose`` is the raw text."""
    of_label = [reading for reading in gold if reading.label == label]
    asked = [r for r in of_label if r.comparable and not (prose is not None and r.table)]
    passed_over = [r for r in of_label if r not in asked]
    if prose is not None:
        passed_over += [Reading(start, end, label, None, None) for start, end in cells(prose)]
    answers = [r for r in found if r.label == label and r.comparable]
    return score(asked, outermost(answers), passed_over)


def outermost(readings: Iterable[Reading]) -> list[Reading]:
    """Return the readings that do not lie inside a longer one; of equal spans the first."""
    found: list[Reading] = []
    for reading in sorted(readings, key=lambda r: (r.start, -r.end)):
        if not found or reading.end > found[-1].end:
            found.append(reading)
    return found


def score_strictly(label: str, gold: Sequence[Reading], found: Sequence[Reading]) -> Counts:
    """Return the counts of one label by the guideline, which makes no concessions."""
    expected = [reading for reading in gold if reading.label == label]
    answers = [reading for reading in found if reading.label == label]
    matching = match_overlapping(expected, answers, lambda r: r.stated, overlaps)
    return Counts(len(matching.pairs), len(matching.spurious), len(matching.missed))


def cells(raw: str) -> Iterator[tuple[int, int]]:
    """Return the spans of the table cells of a raw text: its lines that begin with a tab."""
    for line in re.finditer(r"^\t.*$", raw, re.MULTILINE):
        yield line.span()


# What is read.


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and, for each of its characters, the place in the raw text."""

    text: str
    places: Sequence[int]

    def moved(self, reading: Reading) -> Reading:
        """Return a reading of the sentence at its place in the raw text."""
        start, end = self.places[reading.start], self.places[reading.end - 1] + 1
        return Reading(start, end, reading.label, reading.value, reading.unit)


def sentences(report: Report) -> list[Sentence]:
    """Return the sentences of a report's paragraphs and cells, line wraps left out."""
    found = []
    for block in report.blocks:
        places = [report.view.raw_span(n, n + 1)[0] for n in range(block.start, block.end)]
        places = [place for place in places if report.raw[place] not in "\r\n"]
        text = "".join(report.raw[place] for place in places)
        for part in _SENTENCE.finditer(text):
            found.append(Sentence(part.group(), places[part.start() : part.end()]))
    return found


@dataclass(frozen=True, slots=True)
class Sample:
    """A text with the readings expected of it."""

    data: str
    report: Report
    sentences: Sequence[Sentence]
    gold: Sequence[Reading]


def samples() -> list[Sample]:
    """Return the cases and, with gold, the specimens and the real reports where there are any."""
    found = []
    for name in CASE_FILES:
        with (CASES / name).open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                gold = parse_expected(row["text"], row["expected"])
                if any(reading.comparable for reading in gold):
                    report = Report("text", row["text"])
                    found.append(Sample("cases", report, sentences(report), gold))
    names = {"train": "specimens, train", "test": "specimens, test", "real": "real reports"}
    for document in gold_documents().values():
        report = read(document.path)
        gold = readings_of(r for r in document.gold.records if isinstance(r, Quantity))
        found.append(Sample(names[document.split], report, sentences(report), gold))
    return found


@dataclass(frozen=True, slots=True)
class Reader:
    """What reads one label, or both: a call on a sentence, and what its result says.

    ``call`` is what is timed.
    """

    name: str
    labels: Sequence[str]
    call: Callable[[str], Any]
    readings: Callable[[Any], list[Reading]]

    def read(self, sample: Sample) -> tuple[list[Reading], int]:
        """Return the readings of a sample, and how many sentences raised an exception."""
        found = []
        errors = 0
        for sentence in sample.sentences:
            try:
                found += [sentence.moved(r) for r in self.readings(self.call(sentence.text))]
            except Exception:  # whatever a peer raises is a miss
                errors += 1
        return found, errors


class Jixiao(Reader):
    """jixiao, which reads a whole report."""

    def read(self, sample: Sample) -> tuple[list[Reading], int]:
        """Return the readings of a sample."""
        return readings_of(jixiao.annotate(sample.report).quantities), 0


def jionlp_readings(result: Iterable[dict[str, Any]]) -> list[Reading]:
    """Return what ``jionlp.ner.extract_money`` found; a blurred amount is a range."""
    found = []
    for money in result:
        number = money["detail"]["num"]
        low = number[0] if isinstance(number, list) else number
        currency = JIONLP_CURRENCIES.get(money["detail"]["case"])
        start, end = money["offset"]
        found.append(Reading(start, end, "MONEY", decimal(low), currency))
    return found


def recognizers_readings(label: str, result: Iterable[Any]) -> list[Reading]:
    """Return what a model of Recognizers-Text found; its ``end`` is the last character."""
    found = []
    for item in filter(None, result):
        resolution = item.resolution or {}
        value, name = decimal(resolution.get("value")), resolution.get("unit", "")
        unit = resolution.get("isoCurrency") or RECOGNIZERS_CURRENCIES.get(name)
        if label == "PERCENT":
            unit = "%"
        elif value is not None and name in RECOGNIZERS_PARTS_OF_YUAN:
            value, unit = value * RECOGNIZERS_PARTS_OF_YUAN[name], "CNY"
        found.append(Reading(item.start, item.end + 1, label, value, unit))
    return found


def decimal(text: str | None) -> Decimal | None:
    """Return the number that a peer wrote, without ``%``; None where it is none.

    >>> decimal("12.50%"), decimal("-inf"), decimal(None)
    (Decimal('12.50'), None, None)
    """
    try:
        number = Decimal((text or "").removesuffix("%"))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def readers() -> tuple[list[Reader], dict[str, str], list[str]]:
    """Return the readers that can be imported, their versions, and what could not be."""
    found: list[Reader] = [Jixiao("jixiao", LABELS, jixiao.quantities, readings_of)]
    versions = {"jixiao": version("jixiao")}
    absent = []
    for name, package, load in (
        ("JioNLP", "jionlp", load_jionlp),
        ("Recognizers-Text", "recognizers-text-suite", load_recognizers),
    ):
        try:
            with contextlib.redirect_stdout(sys.stderr):  # a greeting is no part of the table
                found += load()
            versions[name] = version(package)
        except ImportError as error:
            absent.append(f"{name} is not compared: {error}")
    return found, versions, absent


def load_jionlp() -> list[Reader]:
    """Return JioNLP's reader of amounts; it has none of percentages."""
    import jionlp

    return [Reader("JioNLP", ("MONEY",), jionlp.ner.extract_money, jionlp_readings)]


def load_recognizers() -> list[Reader]:
    """Return the models of Recognizers-Text for Chinese, made once."""
    from recognizers_number import NumberRecognizer
    from recognizers_number_with_unit import NumberWithUnitRecognizer
    from recognizers_text import Culture

    currency = NumberWithUnitRecognizer(Culture.Chinese).get_currency_model()
    percentage = NumberRecognizer(Culture.Chinese).get_percentage_model()
    return [
        Reader(
            "Recognizers-Text",
            ("MONEY",),
            currency.parse,
            lambda result: recognizers_readings("MONEY", result),
        ),
        Reader(
            "Recognizers-Text",
            ("PERCENT",),
            percentage.parse,
            lambda result: recognizers_readings("PERCENT", result),
        ),
    ]


# What is measured.


@dataclass(slots=True)
class Score:
    """The counts of one reader and label on one set of data, added up."""

    counts: Counts = field(default_factory=Counts)
    errors: int = 0
    strict: Counts | None = None

    def add(self, counts: Counts, errors: int, strict: Counts | None = None) -> None:
        """Add the counts of one text."""
        self.counts += counts
        self.errors += errors
        if strict is not None:
            self.strict = (self.strict or Counts()) + strict


def accuracy(
    chosen: Sequence[Reader], texts: Sequence[Sample]
) -> dict[tuple[str, str, str], Score]:
    """Return the score of each (data, label, reader), with the prose of reports on its own."""
    scores: dict[tuple[str, str, str], Score] = defaultdict(Score)
    for sample in texts:
        for reader in chosen:
            found, errors = reader.read(sample)
            for label in reader.labels:
                if sample.data != "cases":
                    prose = score_label(label, sample.gold, found, prose=sample.report.raw)
                    scores[f"{sample.data}: prose", label, reader.name].add(prose, errors)
                counts = score_label(label, sample.gold, found)
                own = isinstance(reader, Jixiao)
                strict = score_strictly(label, sample.gold, found) if own else None
                scores[sample.data, label, reader.name].add(counts, errors, strict)
    return scores


def speeds(
    chosen: Sequence[Reader], texts: Sequence[Sample], rounds: int
) -> dict[tuple[str, str], float]:
    """Return characters per second of each (label, reader), as a ratio to bare ``jieba.lcut``.

    The reports are read; each round measures all beside each other, and the median round counts.
    """
    import jieba

    jieba.setLogLevel(60)
    jieba.initialize()
    reports = [sample for sample in texts if sample.data != "cases"]
    whole = [sample.report.raw for sample in reports]
    split = [sentence.text for sample in reports for sentence in sample.sentences]
    ratios: dict[tuple[str, str], list[float]] = defaultdict(list)
    for _ in range(rounds):
        base = per_second(jieba.lcut, whole)
        for reader in chosen:
            ratio = per_second(reader.call, whole if isinstance(reader, Jixiao) else split) / base
            for label in reader.labels:
                ratios[label, reader.name].append(ratio)
    return {key: median(values) for key, values in ratios.items()}


def per_second(call: Callable[[str], Any], texts: Sequence[str]) -> float:
    """Return how many characters a second are read."""
    started = time.perf_counter()
    for text in texts:
        with contextlib.suppress(Exception):  # counted where the readings are scored
            call(text)
    return sum(map(len, texts)) / (time.perf_counter() - started)


def rows_of(
    scores: dict[tuple[str, str, str], Score], ratios: dict[tuple[str, str], float]
) -> list[dict[str, Any]]:
    """Return one row for each data set, label and reader."""
    return [
        {
            "data": data,
            "label": label,
            "reader": reader,
            **scores[data, label, reader].counts.to_dict(),
            "errors": scores[data, label, reader].errors,
            "strict": strict.f1 if (strict := scores[data, label, reader].strict) else None,
            "speed": ratios[label, reader],
        }
        for data, label, reader in sorted(scores, key=lambda key: (key[0], key[1]))
    ]


def table_of(rows: Iterable[dict[str, Any]]) -> str:
    """Return the rows as a Markdown table."""
    lines = [
        "| data | label | reader | precision | recall | F1 | strict | expected | errors | × jieba.lcut |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        ratios = (row["precision"], row["recall"], row["f1"], row["strict"])
        shares = " | ".join("–" if ratio is None else f"{ratio:.3f}" for ratio in ratios)
        lines.append(
            f"| {row['data']} | {row['label']} | {row['reader']} | {shares} "
            f"| {row['tp'] + row['fn']} | {row['errors']} | {row['speed']:.3f} |"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description="Compare jixiao with its peers.")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of timing (default 5)")
    options = parser.parse_args()
    chosen, versions, absent = readers()
    texts = samples()
    rows = rows_of(accuracy(chosen, texts), speeds(chosen, texts, options.rounds))
    if options.json:
        figures = {"versions": versions, "absent": absent, "rows": rows}
        sys.stdout.write(json.dumps(figures, ensure_ascii=False, indent=2) + "\n")
        return 0
    compared = ", ".join(f"{name} {number}" for name, number in versions.items())
    sys.stdout.write(table_of(rows) + f"\n{compared}\n" + "".join(f"{a}\n" for a in absent))
    return 0


if __name__ == "__main__":
    sys.exit(main())
