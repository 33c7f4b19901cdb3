"""The evaluation of a corpus: what is scored, listed, refused and shown."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from jixiao.annotation import Annotation
from jixiao.errors import EvaluationError
from jixiao.evaluation import (
    Accuracy,
    AnnotationFile,
    Counts,
    evaluate,
    evaluate_folders,
    read_annotations,
    read_texts,
)
from jixiao.evaluation.rendering import render
from jixiao.records import Claim, Document, Entity, Quantity, Record, encode_line

RAW = "衡阳市投入3.5亿元，同比增长42.3%。"


def money(value: str = "350000000", **fields: Any) -> Quantity:
    number = Decimal(value)
    return Quantity(
        id="q1", start=5, end=10, text="3.5亿元", label="MONEY", value=number, unit="CNY", **fields
    )


def place() -> Entity:
    return Entity(id="e1", start=0, end=3, text="衡阳市", label="PLACE")


def annotation(*records: Record, doc_id: str = "a", **document: str) -> AnnotationFile:
    first = Document(doc_id=doc_id, **document)
    return AnnotationFile(first, [first, *records])


def write(folder: Path, annotation: AnnotationFile) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    content = "".join(encode_line(record) + "\n" for record in annotation.records)
    path = folder / f"{annotation.document.doc_id}.jsonl"
    path.write_text(content, encoding="utf-8", newline="\n")


def test_a_gold_document_without_prediction_counts_as_missed_and_is_listed() -> None:
    gold = {"a": annotation(money()), "b": annotation(money(), place(), doc_id="b", title="报告")}
    evaluation = evaluate(gold, {"a": gold["a"]})
    assert evaluation.unpredicted == ("b",)
    assert evaluation.micro.quantities["all"] == Counts(1, 0, 1)
    assert evaluation.documents["b"].entities["all"] == Counts(0, 0, 1)
    assert evaluation.micro.metadata["title"] == Accuracy(0, 1, 0)


def test_a_prediction_without_gold_is_listed_and_not_scored() -> None:
    gold = {"a": annotation(money())}
    evaluation = evaluate(gold, {**gold, "z": annotation(money(), doc_id="z")})
    assert evaluation.ungolded == ("z",)
    assert evaluation.micro.quantities["all"] == Counts(1, 0, 0)


def test_every_difference_is_an_error_with_its_place() -> None:
    gold = annotation(place(), money(measure="level", region="全省"), issuer="科技局")
    claim = Claim(id="c1", start=11, end=20, text="同比增长42.3%", kind="growth")
    predicted = annotation(money(measure="new", facet="行政"), claim)
    errors = evaluate({"a": gold}, {"a": predicted}).errors
    assert [(e.kind, e.record, e.start, e.field, e.gold, e.predicted) for e in errors] == [
        ("field", "document", 0, "issuer", "科技局", None),
        ("missed", "entity", 0, None, "PLACE", None),
        ("field", "quantity", 5, "measure", "level", "new"),
        ("field", "quantity", 5, "region", "全省", None),
        ("field", "quantity", 5, "facet", None, "行政"),
        ("spurious", "claim", 11, None, None, "growth"),
    ]


def test_a_wrong_value_is_missed_and_spurious() -> None:
    evaluation = evaluate({"a": annotation(money())}, {"a": annotation(money("3.5"))})
    assert [(e.kind, e.text, e.gold, e.predicted) for e in evaluation.errors] == [
        ("missed", "3.5亿元", "350000000 CNY", None),
        ("spurious", "3.5亿元", None, "3.5 CNY"),
    ]


def test_annotations_of_the_package_can_be_scored() -> None:
    document = Document(doc_id="a", title="报告")
    gold = {"a": Annotation(document, RAW, [document, money(indicator="rd_spend")])}
    assert evaluate(gold, gold, {"a": RAW}).micro.indicators["end_to_end"] == Counts(1, 0, 0)


def test_no_common_document_is_refused() -> None:
    with pytest.raises(EvaluationError, match=r"gold \(1: a\) and predicted \(1: b\)"):
        evaluate({"a": annotation()}, {"b": annotation(doc_id="b")})


@pytest.mark.parametrize(
    ("gold", "predicted"),
    [
        ({"sha256": "11"}, {"sha256": "22"}),
        ({"sha256": "11"}, {"sha256": "22", "text_sha256": "33"}),
        ({"sha256": "11", "text_sha256": "33"}, {"sha256": "11", "text_sha256": "44"}),
    ],
)
def test_different_hashes_are_refused(gold: dict[str, str], predicted: dict[str, str]) -> None:
    with pytest.raises(EvaluationError, match="refer to different texts"):
        evaluate({"a": annotation(**gold)}, {"a": annotation(**predicted)})


@pytest.mark.parametrize(
    ("gold", "predicted", "verified"),
    [
        ({"sha256": "11"}, {"sha256": "11"}, True),
        ({"sha256": "11"}, {"sha256": "22", "text_sha256": "11"}, True),
        ({"sha256": "1", "text_sha256": "3"}, {"sha256": "2", "text_sha256": "3"}, True),
        ({"sha256": "11"}, {}, False),
    ],
    ids=["same file", "the text file and its text", "same text", "nothing to compare"],
)
def test_a_common_hash_is_proof(
    gold: dict[str, str], predicted: dict[str, str], verified: bool
) -> None:
    evaluation = evaluate({"a": annotation(**gold)}, {"a": annotation(**predicted)})
    assert evaluation.unverified == (() if verified else ("a",))


def test_without_hashes_equal_offsets_must_have_equal_text() -> None:
    other = Entity(id="e1", start=0, end=3, text="岳阳市", label="PLACE")
    with pytest.raises(EvaluationError, match="gold says '衡阳市', predicted '岳阳市'"):
        evaluate({"a": annotation(place())}, {"a": annotation(other)})


def test_the_raw_text_proves_what_hashes_of_two_formats_cannot() -> None:
    gold = {"a": annotation(place(), sha256="11")}
    predicted = {"a": annotation(place(), sha256="22")}
    assert evaluate(gold, predicted, {"a": RAW}).unverified == ()
    with pytest.raises(EvaluationError, match="the raw text says '年度衡'"):
        evaluate(gold, predicted, {"a": "年度" + RAW})


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity"])
def test_a_value_that_is_no_number_is_refused(value: str) -> None:
    for gold, predicted in ((money(value), money()), (money(), money(value))):
        with pytest.raises(EvaluationError, match="expected finite numbers"):
            evaluate({"a": annotation(gold)}, {"a": annotation(predicted)})


def test_folders_are_read_by_document_id(tmp_path: Path) -> None:
    gold = annotation(money(), place())
    write(tmp_path / "gold", gold)
    write(tmp_path / "out" / "annotations", annotation(money()))
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "a.txt").write_text(RAW, encoding="gb18030")
    evaluation = evaluate_folders(tmp_path / "gold", tmp_path / "out", tmp_path / "text")
    assert evaluation.micro.quantities["all"] == Counts(1, 0, 0)
    assert evaluation.micro.entities["all"] == Counts(0, 0, 1)
    assert evaluation.unverified == ()


def test_raw_texts_are_read_as_they_stand(tmp_path: Path) -> None:
    content = "\ufeff一\r\n二\r三\n"
    (tmp_path / "a.txt").write_bytes(content.encode())
    assert read_texts(tmp_path) == {"a": content}


def test_only_a_line_feed_ends_a_record(tmp_path: Path) -> None:
    entity = Entity(id="e1", start=0, end=3, text="甲\u2028乙", label="GOV")
    write(tmp_path, annotation(entity))
    assert read_annotations(tmp_path)["a"].records[1] == entity


def test_folders_that_cannot_be_compared_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="no folder"):
        read_annotations(tmp_path / "none")
    with pytest.raises(EvaluationError, match="no annotation file in"):
        read_annotations(tmp_path)
    with pytest.raises(EvaluationError, match="no folder"):
        read_texts(tmp_path / "none")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"type":"document","doc_id":"a"}\n{"type":"quantity"}\n', r"a\.jsonl, line 2: not a rec"),
        (encode_line(place()) + "\n", "does not begin with a document record"),
        ("", "does not begin with a document record"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "a.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError, match=message):
        read_annotations(tmp_path)


def test_two_files_of_one_document_are_refused(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text('{"type":"document","doc_id":"a"}\n', encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"doc_id 'a', the second is b\.jsonl"):
        read_annotations(tmp_path)


def test_a_text_of_unknown_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff\xff\xff")
    with pytest.raises(EvaluationError, match="neither UTF-8 nor GB18030"):
        read_texts(tmp_path)


def test_the_dictionary_is_json() -> None:
    gold = {"a": annotation(money(period="2021"))}
    found = json.loads(json.dumps(evaluate(gold, {"a": annotation(money())}).to_dict()))
    assert found["micro"]["quantities"]["MONEY"] == {
        "precision": 1.0,
        "recall": 1.0,
        "f1": 1.0,
        "tp": 1,
        "fp": 0,
        "fn": 0,
    }
    assert found["macro"]["fields"]["period"] == {"accuracy": 0.0}
    assert found["documents"]["a"]["entities"]["all"]["f1"] is None
    assert found["errors"][0]["field"] == "period"


def rendered(**options: int) -> str:
    gold = {
        "a": annotation(place(), money(measure="level")),
        "b": annotation(doc_id="b"),
        "c": annotation(doc_id="c"),
    }
    predicted = {"a": annotation(money(measure="new")), "z": annotation(doc_id="z")}
    predicted["b"] = annotation(
        Entity(id="e1", start=0, end=9, text="[bold]国\n家", label="GOV"), doc_id="b"
    )
    stream = io.StringIO()
    render(evaluate(gold, predicted), Console(file=stream, width=110), **options)
    return stream.getvalue()


def test_the_terminal_shows_scores_warnings_and_differences() -> None:
    shown = rendered()
    assert "3 documents" in shown
    assert "–" in shown  # ratios with an empty denominator
    assert "1 without prediction (all records count as missed): c" in shown
    assert "1 without gold (not scored): z" in shown
    assert "3 differences: 1 missed, 1 spurious, 1 field" in shown
    assert "wrong measure" in shown
    assert "[bold]国 家" in shown  # the text of a report is no markup


def test_the_terminal_leaves_out_what_is_not_asked_for() -> None:
    shown = rendered(max_documents=1, max_errors=0)
    assert "… and 2 more documents" in shown
    assert "First differences" not in shown
