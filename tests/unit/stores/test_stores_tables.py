"""Tables keep every field and every digit, in bounded memory, as the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jixiao.errors import OutputError, SettingsError
from jixiao.records import (
    Candidate,
    Check,
    Claim,
    Document,
    Entity,
    Fact,
    Issue,
    Quantity,
    Record,
    Trigger,
)
from jixiao.stores.schemas import SCHEMAS
from jixiao.stores.tables import TableWriter, read_table

QUANTITY = Quantity(
    id="q1",
    start=4,
    end=12,
    text="385.08万元",
    key="0123456789ab",
    confidence=0.9,
    rule="money.unit",
    sentence=(0, 13),
    section=["二、资金", "（一）投入"],
    label="MONEY",
    value=Decimal("3850800"),
    unit="CNY",
    bound="=",
    indicator="special_fund_total",
    measure="level",
    period="2021",
    modality="actual",
    table=True,
    candidates=[Candidate("special_fund_total", 0.9), Candidate("project_expenditure", 0.2)],
    evidence={"alias": "专项资金"},
)
EVERY_KIND: Sequence[Record] = [
    Document(doc_id="a", title="绩效报告", region="衡阳市", fiscal_year="2021"),
    QUANTITY,
    Entity(
        id="e1",
        start=0,
        end=3,
        text="科技局",
        key="123456789abc",
        confidence=0.8,
        rule="gov.head",
        sentence=(0, 13),
        section=["一、概况"],
        label="GOV",
        refers_to="e2",
    ),
    Claim(
        id="c1",
        start=0,
        end=12,
        text="全年投入385.08万元",
        key="23456789abcd",
        confidence=0.7,
        rule="claim.output",
        sentence=(0, 13),
        section=["二、资金"],
        kind="output",
        trigger=Trigger(2, 4, "投入"),
        actor="科技局",
        actor_name="衡阳市科技局",
        object="资金",
        level="市",
        awarded_by="市政府",
        year="2021",
        date="2021-05",
        rank="≤3",
        peers="全省",
        quantities=["q1"],
        modality="actual",
        polarity="negative",
        same_as="c0",
    ),
    Fact(
        id="f1",
        document="a",
        indicator="special_fund_total",
        indicator_zh="专项资金安排总额",
        label="MONEY",
        value=Decimal("3850800"),
        quantities=["q1", "q2"],
        conflict=False,
    ),
    Check(
        id="k1",
        kind="sum",
        verdict="rounded",
        stated=Decimal("100.1"),
        recomputed=Decimal("100.05"),
        interval=(Decimal("100.05"), Decimal("100.15")),
        quantities=["q1"],
        message="合计",
    ),
    Issue(id="i1", code="odd", message="异常", start=1, end=2),
]


def _write(folder: Path, *documents: Sequence[Record], rows: int = 100) -> None:
    with TableWriter(folder, row_group_rows=rows) as writer:
        for records in documents:
            writer.add("a", records)


def _number(value: str | None) -> Quantity:
    exact = None if value is None else Decimal(value)
    return Quantity(id="q1", start=0, end=1, text="?", label="COUNT", value=exact)


def test_an_empty_run_has_every_table_with_its_schema(tmp_path: Path) -> None:
    _write(tmp_path)
    for name, schema in SCHEMAS.items():
        table = read_table(tmp_path, name)
        assert table.num_rows == 0
        assert table.schema.equals(schema)
        assert table.schema.metadata == schema.metadata
        assert [field.metadata for field in table.schema] == [field.metadata for field in schema]


def test_each_record_goes_to_the_table_of_its_type(tmp_path: Path) -> None:
    with TableWriter(tmp_path) as writer:
        writer.add("a", EVERY_KIND)
        writer.add_failure("b", "b.pdf", "read", "DocumentError", "空文件")
    assert writer.row_counts == dict.fromkeys(SCHEMAS, 1)
    for name, schema in SCHEMAS.items():
        assert read_table(tmp_path, name).schema.equals(schema)


def test_a_quantity_keeps_its_fields(tmp_path: Path) -> None:
    _write(tmp_path, EVERY_KIND)
    (row,) = read_table(tmp_path, "quantities").to_pylist()
    assert {name: value for name, value in row.items() if value is not None} == {
        "doc_id": "a",
        "id": "q1",
        "start": 4,
        "end": 12,
        "text": "385.08万元",
        "label": "MONEY",
        "value": Decimal("3850800"),
        "value_text": "3850800",
        "unit": "CNY",
        "bound": "=",
        "indicator": "special_fund_total",
        "measure": "level",
        "period": "2021",
        "modality": "actual",
        "table": True,
        "candidates": [
            {"indicator": "special_fund_total", "score": 0.9},
            {"indicator": "project_expenditure", "score": 0.2},
        ],
        "evidence": '{"alias":"专项资金"}',
        "sentence_start": 0,
        "sentence_end": 13,
        "section": ["二、资金", "（一）投入"],
        "confidence": 0.9,
        "rule": "money.unit",
        "key": "0123456789ab",
    }


def test_a_claim_keeps_its_fields(tmp_path: Path) -> None:
    _write(tmp_path, EVERY_KIND)
    (row,) = read_table(tmp_path, "claims").to_pylist()
    assert row == {
        "doc_id": "a",
        "id": "c1",
        "start": 0,
        "end": 12,
        "text": "全年投入385.08万元",
        "kind": "output",
        "trigger_start": 2,
        "trigger_end": 4,
        "trigger_text": "投入",
        "actor": "科技局",
        "actor_name": "衡阳市科技局",
        "object": "资金",
        "level": "市",
        "awarded_by": "市政府",
        "year": "2021",
        "date": "2021-05",
        "rank": "≤3",
        "peers": "全省",
        "quantities": ["q1"],
        "modality": "actual",
        "polarity": "negative",
        "same_as": "c0",
        "sentence_start": 0,
        "sentence_end": 13,
        "section": ["二、资金"],
        "confidence": 0.7,
        "rule": "claim.output",
        "key": "23456789abcd",
    }


def test_an_entity_keeps_its_fields(tmp_path: Path) -> None:
    _write(tmp_path, EVERY_KIND)
    (row,) = read_table(tmp_path, "entities").to_pylist()
    assert row == {
        "doc_id": "a",
        "id": "e1",
        "start": 0,
        "end": 3,
        "text": "科技局",
        "label": "GOV",
        "refers_to": "e2",
        "sentence_start": 0,
        "sentence_end": 13,
        "section": ["一、概况"],
        "confidence": 0.8,
        "rule": "gov.head",
        "key": "123456789abc",
    }


def test_candidates_of_none_of_nothing_and_of_some_are_told_apart(tmp_path: Path) -> None:
    given = [None, [], [Candidate("a", 0.5)], None, [Candidate("b", 0.5), Candidate("c", 0.25)]]
    quantities = [
        Quantity(id="q1", start=0, end=1, text="?", label="COUNT", candidates=candidates)
        for candidates in given
    ]
    _write(tmp_path, quantities, rows=2)
    found = read_table(tmp_path, "quantities")["candidates"].to_pylist()
    assert found == [
        None,
        [],
        [{"indicator": "a", "score": 0.5}],
        None,
        [{"indicator": "b", "score": 0.5}, {"indicator": "c", "score": 0.25}],
    ]


def test_pairs_and_parts_are_flattened(tmp_path: Path) -> None:
    _write(tmp_path, EVERY_KIND)
    (claim,) = read_table(tmp_path, "claims").to_pylist()
    assert (claim["trigger_start"], claim["trigger_end"], claim["trigger_text"]) == (2, 4, "投入")
    (check,) = read_table(tmp_path, "checks").to_pylist()
    assert (check["interval_low"], check["interval_high_text"]) == (Decimal("100.05"), "100.15")


def test_a_document_row_counts_its_records(tmp_path: Path) -> None:
    _write(tmp_path, EVERY_KIND)
    (row,) = read_table(tmp_path, "documents").to_pylist()
    assert (row["doc_id"], row["title"], row["region"]) == ("a", "绩效报告", "衡阳市")
    assert [row[name] for name in row if name.endswith("_count")] == [1] * 6


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("3850800", "3850800"),
        ("0.142857", "0.142857"),
        ("-1.5", "-1.5"),
        ("9" * 28 + ".0123456789", "9" * 28 + ".0123456789"),
        ("9" * 29, None),
        ("0.00000000001", None),
        (None, None),
    ],
)
def test_values_are_exact(tmp_path: Path, value: str | None, number: str | None) -> None:
    _write(tmp_path, [_number("1"), _number(value), _number("2")])
    table = read_table(tmp_path, "quantities")
    expected = [Decimal(1), None if number is None else Decimal(number), Decimal(2)]
    assert table["value"].to_pylist() == expected
    assert table["value_text"].to_pylist() == ["1", value, "2"]


def test_a_value_no_one_can_hold_is_still_written_as_text(tmp_path: Path) -> None:
    _write(tmp_path, [_number("9" * 20_000)])
    table = read_table(tmp_path, "quantities")
    assert table["value"].to_pylist() == [None]
    assert table["value_text"].to_pylist() == ["9" * 20_000]


def test_columns_describe_themselves() -> None:
    for schema in SCHEMAS.values():
        assert schema.names[0] == "doc_id"
        for field in schema:
            assert (field.metadata or {})[b"description"]


def test_every_field_of_a_record_has_a_column() -> None:
    kinds = {
        "documents": Document,
        "quantities": Quantity,
        "entities": Entity,
        "claims": Claim,
        "facts": Fact,
        "checks": Check,
        "issues": Issue,
    }
    renamed = {"document": "doc_id"}
    for name, kind in kinds.items():
        columns = SCHEMAS[name].names
        for field in kind.__struct_fields__:
            column = renamed.get(field, field)
            assert any(each == column or each.startswith(f"{column}_") for each in columns), field


def test_row_groups_are_bounded_and_ignore_document_edges(tmp_path: Path) -> None:
    issues = [Issue(id=f"i{n}", code="odd", message="", start=n, end=n) for n in range(7)]
    _write(tmp_path, issues[:2], issues[2:], rows=3)
    metadata = pq.read_metadata(tmp_path / "tables" / "issues.parquet")
    groups = [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)]
    assert groups == [3, 3, 1]
    assert read_table(tmp_path, "issues")["start"].to_pylist() == list(range(7))


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    for run in ("one", "two"):
        _write(tmp_path / run, EVERY_KIND, EVERY_KIND)
    for name in SCHEMAS:
        one, two = (tmp_path / run / "tables" / f"{name}.parquet" for run in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


def test_an_exception_keeps_the_tables_of_the_run_before(tmp_path: Path) -> None:
    _write(tmp_path, EVERY_KIND)
    with pytest.raises(KeyboardInterrupt), TableWriter(tmp_path) as writer:
        writer.add("b", [])
        raise KeyboardInterrupt
    assert read_table(tmp_path, "documents")["doc_id"].to_pylist() == ["a"]
    assert {path.suffix for path in (tmp_path / "tables").iterdir()} == {".parquet"}


def test_nothing_appears_before_the_end(tmp_path: Path) -> None:
    with TableWriter(tmp_path) as writer:
        writer.add("a", EVERY_KIND)
        assert not list((tmp_path / "tables").glob("*.parquet"))


def test_a_failure_with_an_undecodable_name_is_kept(tmp_path: Path) -> None:
    with TableWriter(tmp_path) as writer:
        writer.add_failure("a\udcff", "a\udcff.txt", "read", "DocumentError", "坏")
    assert read_table(tmp_path, "failures")["source"].to_pylist() == ["a?.txt"]


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "tables").write_text("a file")
    with pytest.raises(OutputError, match="choose a folder"):
        TableWriter(tmp_path)


def test_row_groups_hold_at_least_a_row(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="expected 1 or more"):
        TableWriter(tmp_path, row_group_rows=0)


def test_an_unknown_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="documents, quantities"):
        read_table(tmp_path, "fact")


@pytest.mark.parametrize("content", [None, b"", b"no parquet"])
def test_a_missing_or_broken_table_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "tables" / "facts.parquet"
    if content is not None:
        path.parent.mkdir()
        path.write_bytes(content)
    with pytest.raises(OutputError, match=r"facts\.parquet"):
        read_table(tmp_path, "facts")


def test_numbers_can_be_added_without_loss(tmp_path: Path) -> None:
    _write(tmp_path, [_number("0.1")] * 3)
    total = pa.compute.sum(read_table(tmp_path, "quantities")["value"])
    assert total.as_py() == Decimal("0.3")
