"""Agreement of annotators: coefficients by hand and against a library, units, disagreements."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from jixiao.cli import main
from jixiao.errors import EvaluationError
from jixiao.evaluation import AnnotationFile
from jixiao.evaluation.agreement import agree, annotator_names
from jixiao.evaluation.coefficients import agreeing, cohen_kappa, nominal_alpha
from jixiao.records import Document, Entity, Quantity, Record, encode_line

RAW = "君山区投入300万元，新建学校5所，市水利局。"


def money(**fields: Any) -> Quantity:
    return Quantity(
        id="q1",
        start=5,
        end=10,
        text="300万元",
        label="MONEY",
        value=Decimal(3_000_000),
        unit="CNY",
        **fields,
    )


def schools(**fields: Any) -> Quantity:
    return Quantity(
        id="q2", start=15, end=17, text="5所", label="COUNT", value=Decimal(5), unit="所", **fields
    )


def name(start: int, end: int, label: str) -> Entity:
    return Entity(id="e1", start=start, end=end, text=RAW[start:end], label=label)  # type: ignore[arg-type]


def one(*records: Record) -> dict[str, AnnotationFile]:
    first = Document(doc_id="a")
    return {"a": AnnotationFile(first, [first, *records])}


class TestCoefficients:
    def test_kappa_is_that_of_the_textbook(self) -> None:
        # Two judges of 50 proposals: pₒ = 0.7, pₑ = 0.5.
        pairs = {("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15}
        assert cohen_kappa(pairs) == pytest.approx(0.4)

    def test_one_label_alone_has_no_kappa_and_no_alpha(self) -> None:
        assert cohen_kappa({("y", "y"): 9}) is None
        assert nominal_alpha({("y", "y"): 9}) is None
        assert cohen_kappa({}) is None
        assert nominal_alpha({("y", None): 4}) is None

    def test_agreement_by_chance_is_zero(self) -> None:
        pairs = {("y", "y"): 25, ("y", "n"): 25, ("n", "y"): 25, ("n", "n"): 25}
        assert cohen_kappa(pairs) == 0

    @given(
        st.lists(st.tuples(*[st.sampled_from(["a", "b", "c", None])] * 3), min_size=2, max_size=30)
    )
    def test_alpha_is_that_of_an_independent_library(
        self, rows: list[tuple[str | None, ...]]
    ) -> None:
        krippendorff = pytest.importorskip("krippendorff")
        counts = [[row.count(value) for value in "abc"] for row in rows]
        paired = [row for row in counts if sum(row) > 1]
        ours = nominal_alpha(Counter(rows))
        if sum(any(row[i] for row in paired) for i in range(3)) < 2:
            assert ours is None
            return
        theirs = krippendorff.alpha(value_counts=paired, level_of_measurement="nominal")
        assert ours == pytest.approx(theirs)

    def test_a_unit_one_alone_has_coded_is_not_counted(self) -> None:
        assert agreeing({("a", "a"): 2, ("a", "b"): 1, ("a", None): 7}) == (2, 3)
        paired = {("a", "a"): 2, ("a", "b"): 1, ("b", "b"): 3}
        assert nominal_alpha({**paired, ("a", None): 7}) == nominal_alpha(paired)


class TestAgreement:
    def test_an_annotator_agrees_with_a_copy(self) -> None:
        records = (money(measure="level"), schools(measure="new"), name(0, 3, "PLACE"))
        found = agree({"甲": one(*records), "乙": one(*records)}, context={"a": RAW})
        assert [score.f1 for score in found.score("quantities")] == [1.0]
        (characters,) = found.coefficient("quantities", "characters")
        assert (characters.units, characters.kappa, characters.alpha) == (len(RAW), 1.0, 1.0)
        assert not found.disagreements

    def test_swapping_annotators_swaps_what_only_one_has(self) -> None:
        first, second = one(money(), schools()), one(money())
        there = agree({"甲": first, "乙": second}).score("quantities")[0]
        back = agree({"乙": second, "甲": first}).score("quantities")[0]
        assert (there.f1, there.both, there.first_only, there.second_only) == (2 / 3, 1, 1, 0)
        assert (back.f1, back.first_only, back.second_only) == (there.f1, 0, 1)

    def test_characters_count_what_nobody_marks(self) -> None:
        found = agree(
            {"甲": one(name(0, 3, "PLACE")), "乙": one(name(0, 2, "PLACE"))}, context={"a": RAW}
        )
        (characters,) = found.coefficient("entities", "characters")
        assert characters.units == len(RAW)
        assert characters.observed == pytest.approx((len(RAW) - 1) / len(RAW))
        chance = (3 * 2 + (len(RAW) - 3) * (len(RAW) - 2)) / len(RAW) ** 2
        assert characters.kappa == pytest.approx((characters.observed - chance) / (1 - chance))

    def test_without_text_characters_are_left_out_and_said(self) -> None:
        found = agree({"甲": one(money()), "乙": one(money())})
        assert found.untexted == ("a",)
        assert not found.coefficient("quantities", "characters")

    def test_fields_are_compared_where_they_ask_something(self) -> None:
        first = one(money(measure="level"), schools(measure="new", noun="学校"))
        second = one(money(measure="new"), schools(measure="new", noun="中学"))
        found = agree({"甲": first, "乙": second})
        (measure,), (noun,) = (found.coefficient("quantities", n) for n in ("measure", "noun"))
        assert (measure.units, measure.observed) == (2, 0.5)
        assert (noun.units, noun.observed) == (1, 0)  # only a count has a noun
        assert not found.coefficient("quantities", "direction")

    def test_three_annotators_have_pairs_and_an_alpha_of_all(self) -> None:
        sides = {
            "甲": one(name(0, 3, "PLACE"), name(18, 22, "GOV")),
            "乙": one(name(0, 3, "PLACE"), name(18, 22, "GOV")),
            "丙": one(name(0, 3, "PLACE"), name(18, 22, "INSTITUTION")),
        }
        found = agree(sides)
        labels = found.coefficient("entities", "label")
        assert [(c.first, c.second) for c in labels][-1] == (None, None)
        assert len(labels) == 4
        assert labels[-1].kappa is None
        units = {("PLACE",) * 3: 1, ("GOV", "GOV", "INSTITUTION"): 1}
        assert labels[-1].alpha == nominal_alpha(units)

    def test_disagreements_name_both_sides_and_the_sentence(self) -> None:
        found = agree(
            {"甲": one(money(measure="level")), "乙": one(money(measure="new"))}, context={"a": RAW}
        )
        (only,) = found.disagreements
        assert (only.first, only.second, only.field) == ("甲", "乙", "measure")
        assert (only.says_first, only.says_second, only.sentence) == ("level", "new", RAW)

    @pytest.mark.parametrize(
        ("sides", "told"),
        [
            ({"甲": one()}, "at least two"),
            ({"甲": one(), "乙": {}}, "no document is common"),
        ],
    )
    def test_what_cannot_be_compared_is_refused(self, sides: Any, told: str) -> None:
        with pytest.raises(EvaluationError, match=told):
            agree(sides)

    def test_the_same_folder_twice_is_refused(self) -> None:
        with pytest.raises(EvaluationError, match="given twice"):
            annotator_names([Path("a"), Path("a")])
        assert annotator_names([Path("a/x"), Path("b/x")]) == ("a/x", "b/x")


def test_the_command_prints_a_table_json_and_parquet(tmp_path: Path) -> None:
    import pandas as pd

    for side, measure in (("anna", "level"), ("bo", "new")):
        (tmp_path / side).mkdir()
        records = one(money(measure=measure))["a"].records
        content = "".join(encode_line(record) + "\n" for record in records)
        (tmp_path / side / "a.jsonl").write_text(content, encoding="utf-8")
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "a.txt").write_text(RAW, encoding="utf-8")
    folders = [str(tmp_path / side) for side in ("anna", "bo")]
    texts, tables = str(tmp_path / "text"), tmp_path / "tables"
    shown = CliRunner().invoke(main, ["agree", *folders, "--text", texts])
    assert shown.exit_code == 0, shown.output
    assert "anna says level, bo says new" in shown.output
    asked = ["agree", *folders, "--text", texts, "--json", "--parquet", str(tables)]
    told = json.loads(CliRunner().invoke(main, asked).stdout)
    assert told["disagreements"][0]["field"] == "measure"
    frame = pd.read_parquet(tables / "coefficients.parquet")
    assert str(frame.dtypes["kappa"]) == "float64"
    assert set(frame["name"]) >= {"characters", "measure"}
