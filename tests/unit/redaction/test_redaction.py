"""A redacted annotation: nothing personal is left, and everything else is as it was."""

from __future__ import annotations

import hashlib

import msgspec
import pytest

import jixiao
from jixiao.errors import SettingsError
from jixiao.records import Claim, Part, span_key
from jixiao.redaction import MASK, redact
from jixiao.settings import Settings

TEXT = """民乐县教育局2022年部门整体支出绩效自评报告

联系人：李向阳　　联系电话：0936-8000000

一、李向阳分管领域的成效

2022年全县新建学校3所，李向阳带队获评省级先进集体。李 向阳拨打09368000000、13800000000。
教师王海波荣获全国优秀教师称号。投入13812345678元，李向
阳验收。
"""
SECRETS = ("李向阳", "王海波", "0936", "8000000", "13800000000", "向阳")


@pytest.fixture(scope="module")
def plain() -> jixiao.Annotation:
    return jixiao.annotate(TEXT)


@pytest.fixture(scope="module")
def shared(plain: jixiao.Annotation) -> jixiao.Annotation:
    return redact(plain)


def test_no_secret_is_left_in_the_text_or_a_record(shared: jixiao.Annotation) -> None:
    assert not [one for one in SECRETS if one in shared.text or one in shared.to_jsonl()]
    assert "李" not in shared.text


def test_blanks_and_line_ends_stay(plain: jixiao.Annotation, shared: jixiao.Annotation) -> None:
    """The layout is that of the source: only what can be read is masked."""
    assert len(plain.text) == len(shared.text)
    for before, after in zip(plain.text, shared.text, strict=True):
        assert after in (before, MASK)
        assert not (before.isspace() and after == MASK)


def test_offsets_hold(shared: jixiao.Annotation) -> None:
    spans = [*shared.quantities, *shared.entities, *shared.claims]
    assert {type(one).__name__ for one in spans} == {"Quantity", "Entity", "Claim"}
    for span in spans:
        assert shared.text[span.start : span.end] == span.text
        if isinstance(span, Claim) and span.trigger is not None:
            trigger = span.trigger
            assert shared.text[trigger.start : trigger.end] == trigger.text


def test_values_and_places_are_untouched(
    plain: jixiao.Annotation, shared: jixiao.Annotation
) -> None:
    assert [(q.start, q.end, q.value, q.indicator) for q in plain.quantities] == [
        (q.start, q.end, q.value, q.indicator) for q in shared.quantities
    ]
    assert plain.facts == shared.facts
    assert [q.text for q in shared.quantities][-1] == "13812345678元"


def test_hashes_and_keys_are_those_of_the_masked_text(
    plain: jixiao.Annotation, shared: jixiao.Annotation
) -> None:
    digest = hashlib.sha256(shared.text.encode()).hexdigest()
    assert shared.document.text_sha256 == digest
    assert shared.document.sha256 == plain.document.sha256
    for quantity in shared.quantities:
        expected = span_key(digest, "quantity", quantity.label, quantity.start, quantity.end)
        assert quantity.key == expected
    for claim in shared.claims:
        assert claim.key == span_key(digest, "claim", claim.kind, claim.start, claim.end)


def test_what_is_given_is_not_changed(plain: jixiao.Annotation) -> None:
    before = plain.to_jsonl()
    redact(plain)
    assert plain.to_jsonl() == before
    assert plain.document.redacted is None


def test_redacting_twice_is_redacting_once(shared: jixiao.Annotation) -> None:
    assert redact(shared) is shared
    again = msgspec.structs.replace(shared.document, redacted=None)
    unmarked = jixiao.Annotation(again, shared.text, [again, *shared.records[1:]])
    assert redact(unmarked).to_jsonl() == shared.to_jsonl()


def test_the_setting_masks_as_the_function_does(shared: jixiao.Annotation) -> None:
    found = jixiao.annotate(TEXT, settings=Settings(redact=True))
    assert (found.text, found.to_jsonl()) == (shared.text, shared.to_jsonl())


def test_the_setting_is_in_the_fingerprint() -> None:
    assert Settings(redact=True).fingerprint() != Settings().fingerprint()


def test_a_report_without_names_keeps_its_text() -> None:
    plain = jixiao.annotate("全年新建学校3所。")
    shared = redact(plain)
    assert shared.text == plain.text
    assert shared.document.text_sha256 == plain.document.text_sha256
    assert [q.key for q in shared.quantities] == [q.key for q in plain.quantities]


def test_the_fields_of_parts_are_masked() -> None:
    plain = jixiao.annotate("联系人：李向阳\n")
    part = Part(start=0, end=8, form="report", title="李向阳的报告", kind="自评")
    document = msgspec.structs.replace(plain.document, parts=[part])
    shared = redact(jixiao.Annotation(document, plain.text, [document, *plain.records[1:]]))
    assert shared.document.parts is not None
    assert shared.document.parts[0].title == f"{MASK * 3}的报告"


def test_a_number_inside_a_longer_one_is_another() -> None:
    found = redact(jixiao.annotate("电话：8000000\n编号18000000、80000001和8000000。\n"))
    assert found.text == f"电话：{MASK * 7}\n编号18000000、80000001和{MASK * 7}。\n"


def test_a_pipeline_refuses_to_mask() -> None:
    pytest.importorskip("spacy")
    with pytest.raises(SettingsError, match="redact"):
        jixiao.load(settings=Settings(redact=True))
