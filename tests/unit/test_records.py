"""The records: one line of JSON each way, refused when malformed, ordered and keyed the same always."""

from __future__ import annotations

import hashlib
import json
import random
import re
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from jixiao.errors import JixiaoError, RecordError
from jixiao.records import (
    Candidate,
    Check,
    Claim,
    Document,
    Entity,
    Fact,
    Issue,
    Part,
    Quantity,
    QuantityLabel,
    Record,
    Trigger,
    decode_line,
    encode_line,
    in_file_order,
    json_schema,
    span_key,
)

SMALLEST: list[Record] = [
    Document(doc_id="a"),
    Quantity(id="q1", start=0, end=2, text="3家", label="COUNT"),
    Entity(id="e1", start=0, end=3, text="财政局", label="GOV"),
    Claim(id="c1", start=0, end=4, text="新增3家", kind="growth"),
    Fact(
        id="f1",
        document="a",
        indicator="x",
        indicator_zh="某指标",
        label="COUNT",
        quantities=["q1"],
        conflict=False,
    ),
    Check(id="k1", kind="sum", verdict="ok", quantities=["q1", "q2"], message="合计相符"),
    Issue(id="i1", code="number_malformed", message="not a numeral", start=0, end=4),
]
SPAN: dict[str, Any] = {
    "key": "0123456789ab",
    "confidence": 0.875,
    "rule": "number.unit",
    "sentence": (0, 20),
    "section": ["一、概况", "（一）“三公”经费"],
}
FULLEST: list[Record] = [
    Document(
        doc_id="县局__2022",
        schema="1",
        source="县局/2022.txt",
        media_type="text/plain",
        sha256="0" * 64,
        text_sha256="1" * 64,
        title="某局2022年度绩效自评报告",
        issuer="某局",
        region="岳阳市君山区",
        region_code="430611",
        fiscal_year="2022",
        report_date="2023-03-20",
        kind="部门整体支出绩效自评",
        score=Decimal("96.5"),
        grade="优",
        parts=[Part(start=0, end=9, form="report", score=Decimal("96.5"))],
        redacted=True,
    ),
    Quantity(
        id="q1",
        start=3,
        end=9,
        text="10-20%",
        label="PERCENT",
        value=Decimal("10"),
        value_high=Decimal("20"),
        unit="%",
        bound="≈",
        noun="企业",
        subject="企业占比",
        indicator="x",
        facet="5G",
        measure="share",
        direction="up",
        period="2022-01/2022-09",
        region="全市",
        modality="forecast",
        table=True,
        of="总支出",
        total="q7",
        candidates=[Candidate("x", 0.5), Candidate("y", 0.25)],
        evidence={"measure": "占比"},
        **SPAN,
    ),
    Entity(id="e1", start=0, end=3, text="财政局", label="GOV", refers_to="某县财政局", **SPAN),
    Claim(
        id="c1",
        start=0,
        end=9,
        text="某县新增企业3家",
        kind="growth",
        trigger=Trigger(2, 4, "新增"),
        actor="某县",
        actor_name="某省某县",
        object="企业",
        level="县",
        awarded_by="某省",
        year="2021",
        date="2021-05",
        rank="≤3",
        peers="全省",
        quantities=["q1"],
        modality="actual",
        polarity="negative",
        same_as="c0",
        **SPAN,
    ),
    Fact(
        id="f1",
        document="a",
        issuer="某局",
        region="岳阳市",
        region_code="430600",
        indicator="x",
        indicator_zh="某指标",
        facet="5G",
        label="RANK",
        measure="rank",
        of="growth",
        period="2022",
        modality="actual",
        value=Decimal("-1.5"),
        value_high=Decimal("2"),
        unit="rank",
        bound="=",
        direction="down",
        peers="全省",
        quantities=["q1", "q4"],
        conflict=True,
        confidence=0.5,
    ),
    Check(
        id="k1",
        kind="integer_base",
        verdict="inconsistent",
        stated=Decimal("12.5"),
        recomputed=Decimal("12.4"),
        interval=(Decimal("12.35"), Decimal("12.45")),
        quantities=["q1"],
        message="增长率与基数不符",
    ),
    SMALLEST[-1],
]
EVERY = [*SMALLEST, *FULLEST]


def name(record: Record) -> str:
    return type(record).__name__


class TestJson:
    @pytest.mark.parametrize("record", EVERY, ids=name)
    def test_round_trip(self, record: Record) -> None:
        assert decode_line(encode_line(record)) == record

    @pytest.mark.parametrize("record", EVERY, ids=name)
    def test_bytes_are_read_too(self, record: Record) -> None:
        assert decode_line(encode_line(record).encode()) == record

    @pytest.mark.parametrize("record", EVERY, ids=name)
    def test_one_line_that_begins_with_the_type(self, record: Record) -> None:
        line = encode_line(record)
        assert "\n" not in line
        assert line.startswith(f'{{"type":"{name(record).lower()}"')

    @pytest.mark.parametrize("record", SMALLEST, ids=name)
    def test_a_field_that_does_not_apply_is_left_out(self, record: Record) -> None:
        assert None not in json.loads(encode_line(record)).values()

    def test_the_fullest_records_leave_no_field_out(self) -> None:
        for record in FULLEST:
            assert set(json.loads(encode_line(record))) == {"type", *record.__struct_fields__}

    def test_numbers_are_strings_and_offsets_are_not(self) -> None:
        found = json.loads(encode_line(FULLEST[1]))
        assert (found["value"], found["value_high"], found["start"]) == ("10", "20", 3)

    def test_chinese_stays_readable(self) -> None:
        assert "岳阳市君山区" in encode_line(FULLEST[0])

    def test_a_line_end_inside_a_text_is_escaped(self) -> None:
        quantity = Quantity(id="q1", start=0, end=4, text="3\r\n家", label="COUNT")
        assert len(encode_line(quantity).splitlines()) == 1
        assert decode_line(encode_line(quantity)) == quantity

    @settings(deadline=None)
    @given(
        text=st.text(max_size=20),
        label=st.sampled_from(get_args(QuantityLabel)),
        value=st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=6),
        section=st.none() | st.lists(st.text(max_size=5), min_size=1, max_size=3),
    )
    def test_round_trip_of_any_content(
        self, text: str, label: QuantityLabel, value: Decimal | None, section: list[str] | None
    ) -> None:
        record = Quantity(
            id="q1", start=0, end=len(text), text=text, label=label, value=value, section=section
        )
        assert decode_line(encode_line(record)) == record


class TestRefusal:
    GOOD = json.loads(encode_line(SMALLEST[1]))

    def refuse(self, line: str | bytes) -> str:
        with pytest.raises(RecordError) as caught:
            decode_line(line)
        return str(caught.value)

    @pytest.mark.parametrize("record", EVERY, ids=name)
    def test_unknown_field(self, record: Record) -> None:
        line = json.dumps({**json.loads(encode_line(record)), "colour": "red"})
        assert "unknown field `colour`" in self.refuse(line)

    def test_unknown_field_inside(self) -> None:
        claim = json.loads(encode_line(FULLEST[3]))
        claim["trigger"]["end"] = "4"
        assert "$.trigger.end" in self.refuse(json.dumps(claim))

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("label", "AMOUNT"),
            ("start", "0"),
            ("start", 1.5),
            ("end", None),
            ("value", "3,5"),
            ("bound", "~"),
            ("measure", "increase"),
            ("modality", "past"),
            ("section", "一"),
            ("sentence", [1]),
        ],
    )
    def test_bad_value_is_named(self, field: str, value: object) -> None:
        assert f"$.{field}" in self.refuse(json.dumps({**self.GOOD, field: value}))

    @pytest.mark.parametrize("field", ["id", "start", "end", "text", "label"])
    def test_missing_field_is_named(self, field: str) -> None:
        line = json.dumps({key: value for key, value in self.GOOD.items() if key != field})
        assert f"`{field}`" in self.refuse(line)

    @pytest.mark.parametrize("line", ["", "{", "[]", "3", '"quantity"', "null", "{}", b"\xff"])
    def test_no_record_at_all(self, line: str | bytes) -> None:
        assert "not a record of the annotation format" in self.refuse(line)

    def test_unknown_type(self) -> None:
        assert "'table'" in self.refuse('{"type": "table"}')

    def test_the_error_shows_what_was_given_in_part(self) -> None:
        message = self.refuse('{"type":"document","doc_id":3,"title":"' + "长" * 500 + '"}')
        assert '{"type":"document","doc_id":3' in message
        assert len(message) < 500

    def test_the_error_is_of_the_package_and_a_value_error(self) -> None:
        assert issubclass(RecordError, JixiaoError)
        assert issubclass(RecordError, ValueError)


class TestSchema:
    VALIDATOR = Draft202012Validator(json_schema())

    def test_is_a_valid_schema_that_programs_can_store(self) -> None:
        Draft202012Validator.check_schema(json_schema())
        assert json.loads(json.dumps(json_schema())) == json_schema()

    @pytest.mark.parametrize("record", EVERY, ids=name)
    def test_accepts_what_is_encoded(self, record: Record) -> None:
        self.VALIDATOR.validate(json.loads(encode_line(record)))

    @pytest.mark.parametrize(
        "broken",
        [
            {"type": "table", "id": "t1"},
            {"type": "document"},
            {"type": "document", "doc_id": "a", "colour": "red"},
            {**TestRefusal.GOOD, "label": "AMOUNT"},
            {**TestRefusal.GOOD, "start": "0"},
            {**TestRefusal.GOOD, "bound": "~"},
            {**TestRefusal.GOOD, "sentence": [1, 2, 3]},
        ],
    )
    def test_refuses_what_the_decoder_refuses(self, broken: dict[str, object]) -> None:
        assert not self.VALIDATOR.is_valid(broken)
        with pytest.raises(RecordError):
            decode_line(json.dumps(broken))


def quantity(start: int, end: int) -> Quantity:
    return Quantity(id="q", start=start, end=end, text="", label="COUNT")


class TestFileOrder:
    def test_groups(self) -> None:
        shuffled = [SMALLEST[i] for i in (6, 4, 3, 1, 5, 0, 2)]
        assert [name(record) for record in in_file_order(shuffled)] == [
            "Document",
            "Claim",
            "Entity",
            "Quantity",
            "Fact",
            "Check",
            "Issue",
        ]

    def test_spans_by_start_then_the_longer_then_the_type(self) -> None:
        long_claim = Claim(id="c", start=5, end=30, text="", kind="output")
        entity = Entity(id="e", start=5, end=9, text="", label="PLACE")
        same_place = quantity(5, 9)
        early, late = quantity(2, 3), quantity(8, 9)
        found = in_file_order([late, same_place, entity, long_claim, early])
        assert found == [early, long_claim, entity, same_place, late]

    def test_facts_checks_and_issues_keep_their_order(self) -> None:
        issues = [Issue(id=f"i{n}", code="x", message="", start=9 - n, end=9) for n in range(5)]
        assert in_file_order(issues) == issues

    def test_nothing(self) -> None:
        assert in_file_order([]) == []

    @settings(deadline=None)
    @given(
        st.lists(
            st.tuples(st.integers(0, 9), st.integers(1, 5)), unique=True, min_size=2, max_size=8
        ),
        st.randoms(use_true_random=False),
    )
    def test_the_order_given_does_not_matter(
        self, places: list[tuple[int, int]], shuffle: random.Random
    ) -> None:
        records: list[Record] = [quantity(start, start + length) for start, length in places]
        ordered = in_file_order(records)
        shuffle.shuffle(records)
        assert in_file_order(records) == ordered == in_file_order(ordered)


class TestKey:
    PARTS = ("f" * 64, "quantity", "MONEY", 3, 9)

    def test_is_twelve_hex_digits(self) -> None:
        assert re.fullmatch(r"[0-9a-f]{12}", span_key(*self.PARTS))

    def test_is_the_same_in_every_release(self) -> None:
        """Reviewers' decisions are stored under keys: a change here would lose them."""
        payload = f"{'f' * 64}|quantity|MONEY|3|9".encode()
        assert span_key(*self.PARTS) == hashlib.sha256(payload).hexdigest()[:12]
        assert span_key("00", "quantity", "MONEY", 3, 9) == "56c0d53dd140"

    @pytest.mark.parametrize(
        "other",
        [
            ("e" * 64, "quantity", "MONEY", 3, 9),
            ("f" * 64, "entity", "MONEY", 3, 9),
            ("f" * 64, "quantity", "COUNT", 3, 9),
            ("f" * 64, "quantity", "MONEY", 2, 9),
            ("f" * 64, "quantity", "MONEY", 3, 8),
            ("f" * 64, "quantity", "MONEY", 33, 9),
        ],
    )
    def test_every_part_counts(self, other: tuple[str, str, str, int, int]) -> None:
        assert span_key(*other) != span_key(*self.PARTS)
