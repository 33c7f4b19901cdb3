"""Every way an annotation file can be wrong is found, with its line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jixiao.batch.validation import (
    FileReport,
    find_text,
    list_annotation_files,
    validate_file,
    validate_paths,
)
from jixiao.errors import SettingsError
from jixiao.pipeline import annotate_text

TEXT = "2021年全年新增高新技术企业15家，同比增长30.6%。实际支出1,520.90万元。"
Lines = list[dict[str, Any]]
Change = Callable[[Lines], object]


@pytest.fixture
def lines() -> Lines:
    """A right annotation: the document, three quantities, three facts."""
    content = annotate_text(TEXT, doc_id="a").to_jsonl()
    records = [json.loads(line) for line in content.splitlines()]
    return [record for record in records if record["type"] != "claim"]


def check(folder: Path, lines: Lines | bytes, text: str | None = TEXT) -> FileReport:
    path = folder / "a.jsonl"
    if isinstance(lines, bytes):
        path.write_bytes(lines)
    else:
        shown = (json.dumps(line, ensure_ascii=False) for line in lines)
        path.write_text("".join(f"{line}\n" for line in shown), encoding="utf-8")
    if text is not None:
        (folder / "a.txt").write_text(text, encoding="utf-8", newline="")
    return validate_file(path, find_text(path))


def test_what_jixiao_writes_is_right(tmp_path: Path, lines: Lines) -> None:
    report = check(tmp_path, lines)
    assert [line["type"] for line in lines[:4]] == ["document", "quantity", "quantity", "quantity"]
    assert report.problems == []
    assert report.record_count == len(lines)
    assert report.text == tmp_path / "a.txt"


def test_claims_and_entities_are_right_too(tmp_path: Path) -> None:
    text = "民乐县教育局荣获全省先进单位，2021年全年新增高新技术企业15家。县教育局未发生事故。"
    content = annotate_text(text, doc_id="a").to_jsonl()
    lines = [json.loads(line) for line in content.splitlines()]
    assert {"entity", "claim"} <= {line["type"] for line in lines}
    assert any("refers_to" in line for line in lines)
    assert any("quantities" in line for line in lines if line["type"] == "claim")
    assert check(tmp_path, lines, text).problems == []


ISSUE = {"type": "issue", "id": "i1", "code": "x", "message": "x", "start": 0, "end": 999}
CLAIM = {"type": "claim", "id": "c1", "start": 0, "end": 5, "text": "2021年", "kind": "output"}
ENTITY = {"type": "entity", "id": "e1", "start": 0, "end": 5, "text": "2021年", "label": "PLACE"}
CHECK = {"type": "check", "id": "k1", "kind": "sum", "verdict": "ok", "quantities": ["q9"]}


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        (lambda x: x[1].update(unknown=1), 2, "not a record of the annotation format"),
        (lambda x: x[1].update(label="MONIES"), 2, "not a record of the annotation format"),
        (lambda x: x.pop(0), 1, "the first record is no document record"),
        (lambda x: x.insert(4, x[0]), 5, "a second document record"),
        (lambda x: x[0].update(doc_id="b"), 1, "'b' is not the name of the file"),
        (lambda x: x[4].update(document="b"), 5, "f1 is a fact of 'b', not 'a'"),
        (lambda x: x.insert(4, x.pop(1)), 2, "out of order"),
        (lambda x: x[2].update(id="q1"), 3, "id 'q1'; expected 'q2' or a higher number"),
        (lambda x: x[2].update(id="e2"), 3, "id 'e2'; expected 'q2'"),
        (lambda x: x[2].update(id="q²"), 3, "expected 'q2'"),
        (lambda x: x[2].update(key=x[1]["key"]), 3, "is also that of line 2"),
        (lambda x: x[2].update(key="0123456789ab"), 3, "key 0123456789ab; expected "),
        (lambda x: x[4].update(quantities=["q7"]), 5, "refers to quantity 'q7'"),
        (lambda x: x[1].update(total="q8"), 2, "refers to quantity 'q8'"),
        (lambda x: x.append({**CHECK, "message": "x"}), 8, "refers to quantity 'q9'"),
        (lambda x: x[3].update(value="15209000.0"), 4, "is written 15209000.0; expected 15209000"),
        (lambda x: x[3].update(value="1.5E+7"), 4, "value is written 1.5E+7; expected 15000000"),
        (lambda x: x[3].update(value="-0"), 4, "value is written -0; expected 0"),
        (lambda x: x[3].update(value_high="NaN"), 4, "value_high is NaN, no number"),
        (lambda x: x[1].update(end=26, text=TEXT[15:26]), 3, "q2 overlaps q1"),
        (lambda x: x[1].update(text="16家"), 2, "q1 says '16家'; the text at "),
        (lambda x: x[1].update(end=x[1]["start"]), 2, "is empty or lies outside the text"),
        (lambda x: x[3].update(end=999), 4, "is empty or lies outside the text of 44 characters"),
        (lambda x: x[1].update(sentence=[0, 3]), 2, "sentence [0, 3) does not hold q1"),
        (lambda x: x[3].update(sentence=[0, 99]), 4, "sentence [0, 99) does not hold q3"),
        (lambda x: x[0].update(text_sha256="00"), 1, "text_sha256 is not that of the text"),
        (lambda x: x.append(ISSUE), 8, "i1 [0, 999) lies outside the text"),
        (
            lambda x: x.insert(1, {**CLAIM, "quantities": ["q9"]}),
            2,
            "refers to quantity 'q9', which is not in the file",
        ),
        (
            lambda x: x.insert(1, {**CLAIM, "quantities": ["q1"]}),
            2,
            "c1 names q1, which lies outside it",
        ),
        (lambda x: x.insert(1, {**ENTITY, "refers_to": "e7"}), 2, "refers to entity 'e7'"),
        (lambda x: x.insert(1, {**ENTITY, "refers_to": "q1"}), 2, "refers to entity 'q1'"),
        (lambda x: x.insert(1, {**ENTITY, "refers_to": "e1"}), 2, "e1 refers to itself"),
        (
            lambda x: x.insert(1, {**CLAIM, "trigger": {"start": 0, "end": 2, "text": "获评"}}),
            2,
            "c1.trigger says '获评'",
        ),
    ],
)
def test_each_fault_is_found_in_its_line(
    tmp_path: Path, lines: Lines, change: Change, line: int, message: str
) -> None:
    change(lines)
    problems = check(tmp_path, lines).problems
    assert any(p.line == line and message in p.message for p in problems), problems


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 1, "the first record is no document record"),
        (b"{}\n", 1, "not a record"),
        (b'{"type":"document","doc_id":"a"}\n\n', 2, "not a record"),
        (b'{"type":"document","doc_id":"a"}\n\xff\xfe\n', 2, "not a record"),
        (b'\xef\xbb\xbf{"type":"document","doc_id":"a"}\n', 1, "not a record"),
    ],
)
def test_lines_that_are_no_records_are_found(
    tmp_path: Path, content: bytes, line: int, message: str
) -> None:
    problems = check(tmp_path, content).problems
    assert (problems[0].line, message in problems[0].message) == (line, True)


def test_a_problem_reads_as_file_line_and_what(tmp_path: Path, lines: Lines) -> None:
    lines[1]["text"] = "16家"
    problem = check(tmp_path, lines).problems[0]
    assert str(problem).startswith(f"{tmp_path / 'a.jsonl'}:2: q1 says '16家'")


def test_line_ends_in_the_text_are_kept(tmp_path: Path) -> None:
    text = "收入\r\n1520.9万元。\r\n"
    content = annotate_text(text, doc_id="a").to_jsonl()
    assert check(tmp_path, content.encode(), text).problems == []


def test_without_text_the_rest_is_still_checked(tmp_path: Path, lines: Lines) -> None:
    lines[1].update(text="16家", id="q9")
    report = check(tmp_path, lines, text=None)
    assert report.text is None
    assert [problem.line for problem in report.problems] == [3, 4, 5]


def test_a_text_in_another_encoding_is_a_problem(tmp_path: Path, lines: Lines) -> None:
    check(tmp_path, lines)
    (tmp_path / "a.txt").write_bytes(TEXT.encode("gb18030"))
    (problem,) = validate_file(tmp_path / "a.jsonl", tmp_path / "a.txt").problems
    assert "cannot be read as UTF-8" in problem.message


def test_an_unreadable_file_is_a_problem(tmp_path: Path) -> None:
    (problem, *_) = validate_file(tmp_path / "a.jsonl").problems
    assert "cannot be read" in problem.message


def test_files_are_found_in_folders_of_either_kind(tmp_path: Path) -> None:
    for name in ("flat/b.jsonl", "flat/a.jsonl", "run/annotations/c.jsonl", "empty/x.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    found = [p.name for p in list_annotation_files(tmp_path / "flat")]
    assert found == ["a.jsonl", "b.jsonl"]
    assert [p.name for p in list_annotation_files(tmp_path / "run")] == ["c.jsonl"]
    with pytest.raises(SettingsError, match="no annotation file"):
        list_annotation_files(tmp_path / "empty")
    with pytest.raises(SettingsError, match="does not exist"):
        list_annotation_files(tmp_path / "nope")


def test_a_missing_text_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no folder"):
        list(validate_paths([tmp_path], tmp_path / "nope"))
