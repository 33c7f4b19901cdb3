"""The unit of work: pure, picklable, and no document ends it."""

from __future__ import annotations

import builtins
import pickle
from pathlib import Path
from types import FunctionType

import pyarrow as pa
import pytest

from jixiao import pipeline
from jixiao.batch import unit
from jixiao.batch.unit import OUTPUT_SCHEMA, Cause, annotate_batch, make_batch
from jixiao.errors import SettingsError
from jixiao.pipeline import annotate_content
from jixiao.settings import Settings

TEXT = "2021年，全年新增高新技术企业15家，同比增长30.6%。"
PLAIN = "text/plain"


def test_rows_keep_their_order_and_hold_what_the_pipeline_gives() -> None:
    batch = make_batch([("b", PLAIN, TEXT.encode()), ("a", PLAIN, TEXT.encode("gb18030"))])
    result = annotate_batch(batch)
    assert result.schema == OUTPUT_SCHEMA
    assert result.column("doc_id").to_pylist() == ["b", "a"]
    assert result.column("status").to_pylist() == ["ok", "ok"]
    assert result.column("text").to_pylist() == [TEXT, TEXT]
    expected = annotate_content(TEXT.encode(), doc_id="b").to_jsonl().splitlines()
    assert result.column("records").to_pylist()[0] == expected


def test_a_batch_without_rows_gives_none() -> None:
    assert annotate_batch(make_batch([])).num_rows == 0


def test_a_broken_document_fails_alone() -> None:
    batch = make_batch([("a", PLAIN, b""), ("b", PLAIN, TEXT.encode()), ("c", PLAIN, b"\0\1\2")])
    result = annotate_batch(batch).to_pylist()
    assert [row["status"] for row in result] == ["failed", "ok", "failed"]
    assert result[0]["error"].startswith("read/DocumentError: the file is empty")
    assert result[2]["error"].startswith("read/DocumentError: the file is binary")
    assert result[0]["text"] is None
    assert result[0]["records"] is None


def test_a_format_without_reader_fails() -> None:
    (row,) = annotate_batch(make_batch([("a", "application/ofd", b"PK")])).to_pylist()
    assert row["error"].startswith("read/DocumentError: no reader for 'application/ofd'")


def test_a_fault_of_ours_fails_with_layer_class_and_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        int("x")

    layer = FunctionType(break_down.__code__, {"__name__": "jixiao.context.assign"})
    monkeypatch.setattr(pipeline, "find_quantities", layer)
    (row,) = annotate_batch(make_batch([("a", PLAIN, TEXT.encode())])).to_pylist()
    cause = Cause.decode(row["error"])
    assert (cause.stage, cause.error) == ("context", "ValueError")
    assert "invalid literal" in cause.message
    assert "(jixiao.context.assign, line " in cause.message


def test_an_error_without_words_still_says_something(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_memory(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(pipeline, "annotate_content", out_of_memory)
    (row,) = annotate_batch(make_batch([("a", PLAIN, TEXT.encode())])).to_pylist()
    assert row["error"].startswith("annotate/MemoryError: MemoryError")


@pytest.mark.parametrize("row", [(None, PLAIN, b"x"), ("a", PLAIN, None)])
def test_a_row_without_id_or_content_fails(row: tuple[object, ...]) -> None:
    batch = pa.RecordBatch.from_pylist(
        [dict(zip(unit.INPUT_SCHEMA.names, row, strict=True))], schema=unit.INPUT_SCHEMA
    )
    (result,) = annotate_batch(batch).to_pylist()
    assert result["status"] == "failed"


def test_text_that_no_utf8_can_hold_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jixiao.documents.report.read_raw", lambda *_: "半个\ud800字符15家")
    (row,) = annotate_batch(make_batch([("a", PLAIN, b"x")])).to_pylist()
    assert row["status"] == "failed"
    assert "UnicodeEncodeError" in row["error"]


def test_a_missing_column_is_named() -> None:
    batch = pa.RecordBatch.from_pydict({"doc_id": ["a"]})
    with pytest.raises(SettingsError, match="no column media_type, content"):
        annotate_batch(batch)


def test_the_settings_are_used() -> None:
    mine = Settings(catalogue="id,name_zh,unit\nmine,高企,count:家\n", catalogue_mode="replace")
    batch = make_batch([("a", PLAIN, "全年新增高企15家。".encode())])
    assert '"indicator":"mine"' in "".join(annotate_batch(batch, mine).to_pylist()[0]["records"])


def test_unit_and_settings_pickle() -> None:
    unit_again, settings = pickle.loads(
        pickle.dumps((annotate_batch, Settings(catalogue="id,name_zh,unit\nmine,高企,count:家\n")))
    )
    assert unit_again is annotate_batch
    assert settings.catalogue.startswith("id,")


def test_no_file_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = make_batch([("a", PLAIN, TEXT.encode())])
    annotate_batch(batch)  # Loads the tables of the package.

    def refuse(*args: object, **_: object) -> None:
        raise AssertionError(f"opened {args}")

    monkeypatch.setattr(builtins, "open", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    (row,) = annotate_batch(batch).to_pylist()
    assert row["status"] == "ok"


def test_cause_survives_its_encoding() -> None:
    cause = Cause("read", "DocumentError", "a: b/c: d")
    assert Cause.decode(cause.encode()) == cause
