"""How ``make peers`` scores: on readings made up here, with no peer installed."""

from __future__ import annotations

import csv
import importlib.util
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from jixiao.documents import Report
from jixiao.evaluation.scores import Counts

SCRIPT = Path(__file__).parents[2] / "performance" / "compare_peers.py"


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("compare_peers", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


peers = _script()
Reading = peers.Reading


def compared(readings: list[object]) -> list[object]:
    """Return readings without what they were before they were made comparable."""
    return [replace(reading, stated=None) for reading in readings]  # type: ignore[type-var]


def money(start: int, end: int, value: str, unit: str | None = "CNY", **more: object) -> object:
    return Reading(start, end, "MONEY", Decimal(value), unit, **more)


def percent(start: int, end: int, value: str, unit: str = "%", **more: object) -> object:
    return Reading(start, end, "PERCENT", Decimal(value), unit, **more)


class TestExpected:
    def test_other_labels_are_left_out(self) -> None:
        text = "新增15家，同比增长30.6%。"
        found = peers.parse_expected(text, "15家=COUNT 15 家 =; 30.6%=PERCENT 30.6 % =")
        assert compared(found) == [percent(10, 15, "30.6")]

    def test_equal_surfaces_are_found_one_after_the_other(self) -> None:
        found = peers.parse_expected("收3元支3元", "3元=MONEY 3 CNY =; 3元=MONEY 3 CNY =")
        assert [(reading.start, reading.end) for reading in found] == [(1, 3), (4, 6)]

    def test_a_range_has_an_upper_end_and_a_price_is_an_amount(self) -> None:
        found = peers.parse_expected("10-20元/亩", "10-20元/亩=MONEY 10..20 CNY/亩 =")
        assert compared(found) == [money(0, 8, "10", high=Decimal(20))]

    def test_a_printed_minus_is_restored(self) -> None:
        found = peers.parse_expected("增长-5.1%", "-5.1%=PERCENT 5.1 % =")
        assert compared(found) == [percent(2, 7, "-5.1")]

    def test_a_malformed_number_cannot_be_compared(self) -> None:
        [found] = peers.parse_expected("12,34万元", "12,34万元=MONEY None CNY =")
        assert (found.value, found.comparable) == (None, False)

    def test_another_notation_is_refused(self) -> None:
        with pytest.raises(ValueError, match="expected `surface=LABEL"):
            peers.parse_expected("3元", "3元 MONEY 3")

    @pytest.mark.parametrize("name", peers.CASE_FILES)
    def test_all_rows_are_read(self, name: str) -> None:
        with (peers.CASES / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found = peers.parse_expected(row["text"], row["expected"])
                labels = row["expected"].count("=MONEY ") + row["expected"].count("=PERCENT ")
                assert len(found) == labels, row


class TestScore:
    def test_right_is_what_overlaps_with_the_value(self) -> None:
        assert peers.score([money(2, 8, "50")], [money(2, 7, "50.00")]) == Counts(tp=1)

    def test_elsewhere_or_otherwise_is_made_up_and_missed(self) -> None:
        gold = [money(2, 8, "50")]
        for wrong in (money(8, 9, "50"), money(2, 8, "5"), money(2, 8, "50", "USD")):
            assert peers.score(gold, [wrong]) == Counts(fp=1, fn=1)

    def test_one_reading_is_right_once(self) -> None:
        gold = [money(0, 3, "5"), money(3, 6, "5")]
        assert peers.score(gold, [money(0, 6, "5")]) == Counts(tp=1, fn=1)

    def test_of_a_range_the_lower_end_decides_and_the_upper_is_not_counted(self) -> None:
        gold = [money(0, 8, "10", high=Decimal(20))]
        assert peers.score(gold, [money(0, 8, "10")]) == Counts(tp=1)
        assert peers.score(gold, [money(3, 8, "20")]) == Counts(fn=1)
        assert peers.score(gold, [money(3, 8, "30")]) == Counts(fp=1, fn=1)

    def test_what_is_passed_over_is_no_mistake(self) -> None:
        passed_over = [money(0, 9, "1")]
        assert peers.score([], [money(2, 4, "7")], passed_over) == Counts()
        assert peers.score([], [percent(2, 4, "7")], passed_over) == Counts(fp=1)


class TestScoreOfALabel:
    def test_points_read_as_percent_count_for_nobody(self) -> None:
        gold = [percent(0, 5, "3.4", "pp")]
        assert peers.score_label("PERCENT", gold, [percent(0, 5, "3.4")]) == Counts()
        assert peers.score_label("PERCENT", gold, gold) == Counts()

    def test_points_in_place_of_percent_are_a_miss(self) -> None:
        found = [percent(0, 5, "3.4", "pp")]
        assert peers.score_label("PERCENT", [percent(0, 5, "3.4")], found) == Counts(fn=1)

    def test_labels_are_kept_apart(self) -> None:
        gold = [money(0, 2, "3"), percent(3, 5, "4")]
        assert peers.score_label("MONEY", gold, [percent(3, 5, "4")]) == Counts(fn=1)

    def test_a_reading_without_value_is_none(self) -> None:
        empty = Reading(0, 3, "MONEY", None, "CNY")
        assert peers.score_label("MONEY", [money(3, 6, "5")], [empty]) == Counts(fn=1)

    def test_prose_leaves_cells_out(self) -> None:
        raw = "收入12元。\n\t15元\n\t9\n\n"
        gold = [money(2, 5, "12"), money(8, 11, "15", table=True)]
        found = [money(2, 5, "12"), money(8, 11, "1"), money(13, 14, "9")]
        assert peers.score_label("MONEY", gold, found) == Counts(tp=1, fp=2, fn=1)
        assert peers.score_label("MONEY", gold, found, prose=raw) == Counts(tp=1)

    def test_a_reading_inside_a_longer_one_is_left_out(self) -> None:
        found = [money(4, 7, "89"), money(0, 7, "567.89"), money(0, 3, "567"), money(7, 9, "1")]
        assert peers.outermost(found) == [found[1], found[3]]


class TestStrictly:
    @pytest.mark.parametrize(
        ("text", "gold", "found"),
        [
            ("3元/吨", "3元/吨=MONEY 3 CNY/吨 =", "3元=MONEY 3 CNY ="),
            ("-5%", "-5%=PERCENT 5 % =", "-5%=PERCENT -5 % ="),
        ],
    )
    def test_what_is_forgiven_beside_the_peers_is_a_mistake(
        self, text: str, gold: str, found: str
    ) -> None:
        expected, answers = peers.parse_expected(text, gold), peers.parse_expected(text, found)
        label = expected[0].label
        assert peers.score_label(label, expected, answers) == Counts(tp=1)
        assert peers.score_strictly(label, expected, answers) == Counts(fp=1, fn=1)
        assert peers.score_strictly(label, expected, expected) == Counts(tp=1)


class TestSentences:
    def test_every_character_keeps_its_place(self) -> None:
        raw = "收入12万元；支出\n9万元。\n\n\t单元\n"
        found = peers.sentences(Report("text", raw))
        assert all(
            raw[place] == character
            for sentence in found
            for character, place in zip(sentence.text, sentence.places, strict=True)
        )
        assert found[0].text == "收入12万元；"

    def test_a_wrap_is_closed_and_the_reading_spans_it(self) -> None:
        sentence = peers.Sentence("12万元", (0, 1, 3, 4))
        assert sentence.moved(money(0, 4, "120000")) == money(0, 5, "120000")

    def test_an_exception_is_an_error_without_readings(self) -> None:
        def call(text: str) -> str:
            if "坏" in text:
                raise RecursionError
            return text

        report = Report("text", "坏3元。好3元。")
        sample = peers.Sample("cases", report, peers.sentences(report), [])
        reader = peers.Reader("peer", ("MONEY",), call, lambda _: [money(1, 3, "3")])
        assert reader.read(sample) == ([money(5, 7, "3")], 1)


class TestPeers:
    def test_jionlp(self) -> None:
        exact = {"num": "12864000.00", "case": "元"}
        blurred = {"num": ["100.00", "200.00"], "case": "美元"}
        found = peers.jionlp_readings(
            [{"offset": [3, 9], "detail": exact}, {"offset": [9, 12], "detail": blurred}]
        )
        assert found == [money(3, 9, "12864000"), money(9, 12, "100", "USD")]

    def test_recognizers(self) -> None:
        def item(**resolution: str | None) -> SimpleNamespace:
            return SimpleNamespace(start=2, end=4, resolution=resolution)

        def read(label: str, found: SimpleNamespace) -> list[object]:
            readings: list[object] = peers.recognizers_readings(label, [None, found])
            return readings

        yuan = item(value="3.5e+06", unit="Chinese yuan", isoCurrency="CNY")
        assert read("MONEY", yuan) == [money(2, 5, "3500000")]
        assert read("MONEY", item(value="5", unit="Jiao")) == [money(2, 5, "0.5")]
        assert read("MONEY", item(value="5", unit="Dollar")) == [money(2, 5, "5", "USD")]
        assert read("PERCENT", item(value="12.5%")) == [percent(2, 5, "12.5")]


def test_table_and_rows() -> None:
    scores = {
        ("cases", "MONEY", "peer"): peers.Score(Counts(tp=3, fp=1, fn=2), 1, Counts(tp=1, fp=1)),
        ("cases", "PERCENT", "peer"): peers.Score(),
    }
    ratios = {("MONEY", "peer"): 0.5, ("PERCENT", "peer"): 2.0}
    rows = peers.rows_of(scores, ratios)
    assert peers.table_of(rows).splitlines()[2:] == [
        "| cases | MONEY | peer | 0.750 | 0.600 | 0.667 | 0.667 | 5 | 1 | 0.500 |",
        "| cases | PERCENT | peer | – | – | – | – | 0 | 0 | 2.000 |",
    ]
