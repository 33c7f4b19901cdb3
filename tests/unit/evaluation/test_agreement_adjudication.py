"""Adjudication: what is settled, what is asked, what a decision does, and that nothing is lost."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from jixiao.cli import main
from jixiao.errors import EvaluationError, OutputError
from jixiao.evaluation import AnnotationFile, read_annotations
from jixiao.evaluation.adjudication import (
    Decision,
    adjudicate,
    adjudicate_folders,
    read_decisions,
)
from jixiao.records import Claim, Document, Entity, Quantity, Record, Trigger, encode_line

RAW = "全年投入300万元，新建学校5所。市水利局获评先进单位。"


def money(number: int = 1, **fields: Any) -> Quantity:
    fields = {"value": Decimal(3_000_000), "measure": "level"} | fields
    return Quantity(
        id=f"q{number}", start=4, end=9, text="300万元", label="MONEY", unit="CNY", **fields
    )


def schools(number: int = 2, **fields: Any) -> Quantity:
    fields = {"measure": "new"} | fields
    return Quantity(
        id=f"q{number}",
        start=14,
        end=16,
        text="5所",
        label="COUNT",
        value=Decimal(5),
        unit="所",
        **fields,
    )


def bureau(number: int = 1, label: Any = "GOV") -> Entity:
    return Entity(id=f"e{number}", start=17, end=21, text="市水利局", label=label)


def built(quantities: list[str]) -> Claim:
    trigger = Trigger(start=10, end=12, text="新建")
    return Claim(
        id="c1", start=10, end=16, text="新建学校5所", kind="output", trigger=trigger,
        quantities=quantities, modality="actual",
    )  # fmt: skip


def one(*records: Record, **fields: Any) -> dict[str, AnnotationFile]:
    first = Document(doc_id="a", **fields)
    return {"a": AnnotationFile(first, [first, *records])}


def write(folder: Path, side: dict[str, AnnotationFile]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for doc_id, annotation in side.items():
        lines = "".join(encode_line(record) + "\n" for record in annotation.records)
        (folder / f"{doc_id}.jsonl").write_text(lines, encoding="utf-8")
    return folder


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    first = one(money(), schools(), built(["q2"]), bureau())
    second = one(schools(1, measure="level"), built(["q1"]), bureau(1, "INSTITUTION"))
    return write(tmp_path / "anna", first), write(tmp_path / "bo", second)


def test_equal_records_are_settled_whatever_their_ids_and_provenance() -> None:
    first = one(money(), schools(), built(["q2"]))
    second = one(schools(1, confidence=0.4, rule="x", key="0" * 12), built(["q1"]))
    found = adjudicate(first, second)
    assert [type(a).__name__ for a, _ in found.settled["a"]] == ["Document", "Claim", "Quantity"]
    (dispute,) = found.open
    assert (dispute.first, dispute.second) == (money(), None)


def test_a_claim_about_another_number_is_a_dispute() -> None:
    first = one(money(), schools(), built(["q2"]))
    second = one(money(), schools(), built(["q1"]))
    assert [one.fields for one in adjudicate(first, second).open] == [("quantities",)]


def test_a_field_one_side_never_states_is_no_question_and_is_kept() -> None:
    first = one(money(period="2021"), schools(period="2021", total="q1"))
    second = one(money(), schools())
    found = adjudicate(second, first)
    assert not found.open
    kept = found.gold("a")
    assert [record.period for record in kept[1:] if isinstance(record, Quantity)] == ["2021"] * 2
    assert [record.total for record in kept[1:] if isinstance(record, Quantity)] == [None, "q1"]
    # One that it states elsewhere is.
    other = one(money(period="2020"), schools())
    assert [dispute.fields for dispute in adjudicate(other, first).open] == [
        ("period",),
        ("period",),
    ]


def test_all_of_one_side_gives_that_side_back() -> None:
    first = one(money(), schools(), built(["q2"]), bureau())
    second = one(schools(1, measure="level"), built(["q1"]), bureau(1, "INSTITUTION"))
    found = adjudicate(first, second)
    ours = found.decide({d.id: Decision("A" if d.first else "none") for d in found.open})
    theirs = found.decide({d.id: Decision("B" if d.second else "none") for d in found.open})
    assert sorted(map(encode_line, ours.gold("a"))) == sorted(map(encode_line, first["a"].records))
    assert sorted(map(encode_line, theirs.gold("a"))) == sorted(
        map(encode_line, second["a"].records)
    )


def test_references_follow_the_new_ids_and_lose_what_went() -> None:
    found = adjudicate(one(money(), schools(), built(["q1", "q2"])), one(schools(1), built(["q1"])))
    number, claim = sorted(found.open, key=lambda d: d.record, reverse=True)
    gone = found.decide({number.id: Decision("none"), claim.id: Decision("A")})
    (kept,) = [record for record in gone.gold("a") if isinstance(record, Claim)]
    assert kept.quantities == ["q1"]  # schools, q2 before


def test_corrections_are_checked_against_the_format() -> None:
    found = adjudicate(one(money()), one(money(value=Decimal(30_000))))
    (dispute,) = found.open
    right = found.decide({dispute.id: Decision("A", {"value": "310", "unit": ""})})
    (kept,) = [record for record in right.gold("a") if isinstance(record, Quantity)]
    assert (str(kept.value), kept.unit) == ("310", None)
    with pytest.raises(EvaluationError, match="the corrections give"):
        found.decide({dispute.id: Decision("A", {"measure": "more"})})
    with pytest.raises(EvaluationError, match="the side that is corrected"):
        found.decide({dispute.id: Decision("none", {"value": "1"})})


def test_a_side_without_a_record_cannot_stand() -> None:
    found = adjudicate(one(money(), schools()), one(money()))
    with pytest.raises(EvaluationError, match="that side has no record"):
        found.decide({found.open[0].id: Decision("B")})


def test_the_sheet_comes_back_and_gold_is_written_once_all_is_decided(
    sides: tuple[Path, Path], tmp_path: Path
) -> None:
    out, texts = tmp_path / "out", tmp_path / "text"
    texts.mkdir()
    (texts / "a.txt").write_text(RAW, encoding="utf-8")
    asked = ["adjudicate", *map(str, sides), "--out", str(out), "--text", str(texts)]
    first = CliRunner().invoke(main, asked)
    assert first.exit_code == 1, first.output
    assert (out / "settled" / "a.jsonl").exists()
    assert not (out / "gold").exists()

    book = openpyxl.load_workbook(out / "disputes.xlsx")
    sheet = book["争议"]
    header = [cell.value for cell in sheet[1]]
    place = {str(name): number for number, name in enumerate(header, start=1)}
    assert {sheet.cell(row, place["句子"]).value for row in range(2, 5)} == {
        "全年投入300万元，新建学校5所。",
        "市水利局获评先进单位。",
    }
    for row in range(2, sheet.max_row + 1):
        alone = sheet.cell(row, place["乙"]).value is None
        sheet.cell(row, place["裁定"]).value = "都删" if alone else "B"
    filled = tmp_path / "filled.xlsx"
    book.save(filled)

    again = CliRunner().invoke(main, [*asked, "--decisions", str(filled)])
    assert again.exit_code == 0, again.output
    assert not (out / "settled" / "a.jsonl").exists()
    gold = read_annotations(out / "gold")["a"].records
    assert {encode_line(r) for r in gold} == {
        encode_line(r) for r in read_annotations(sides[1])["a"].records
    }
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    for name in ("disputes.xlsx", "disputes.jsonl"):
        same = CliRunner().invoke(main, [*asked, "--decisions", str(out / name)])
        assert same.exit_code == 0, same.output
        assert before == {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_decisions_are_never_written_over(sides: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = adjudicate_folders(*sides, out)
    lines = [json.loads(line) for line in (out / "disputes.jsonl").read_text("utf-8").splitlines()]
    lines[0]["decision"] = "none" if lines[0]["b"] is None else "B"
    told = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (out / "disputes.jsonl").write_text(told, encoding="utf-8")
    with pytest.raises(OutputError, match="holds 1 decisions that were not given"):
        adjudicate_folders(*sides, out)
    done = adjudicate_folders(*sides, out, decisions=out / "disputes.jsonl")
    assert len(done.open) == len(found.open) - 1


def test_decisions_on_other_versions_are_refused(sides: tuple[Path, Path], tmp_path: Path) -> None:
    found = adjudicate(*(read_annotations(side) for side in sides))
    decided = {found.open[-1].id: Decision("A")}
    changed = one(money(), schools(), built(["q2"]), bureau(1, "PARK"))
    with pytest.raises(EvaluationError, match="no dispute of these annotations"):
        adjudicate(changed, read_annotations(sides[1])).decide(decided)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": "x", "decision": "左"}', "the decision is '左'"),
        ('{"decision": "A"}', "line 1: no dispute"),
        ("[1]", "line 1: no dispute"),
    ],
)
def test_a_decision_that_cannot_be_read_is_named(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "disputes.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(EvaluationError, match=told):
        read_decisions(path)


def test_documents_of_one_side_are_told() -> None:
    first, second = one(money()), one(money())
    more = {**first, "b": AnnotationFile(Document(doc_id="b"), [Document(doc_id="b")])}
    assert adjudicate(more, second).only_first == ("b",)
    with pytest.raises(EvaluationError, match="no document is in both"):
        adjudicate({"b": more["b"]}, second)
