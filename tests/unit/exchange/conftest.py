"""A small run to export from, made by hand: every kind of record, and text that is hard on offsets."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.annotation import Annotation
from jixiao.exchange.marks import text_digest
from jixiao.records import (
    Candidate,
    Claim,
    Document,
    Entity,
    Fact,
    Issue,
    Quantity,
    Record,
    Trigger,
    encode_line,
    span_key,
)
from jixiao.stores.annotations import write_annotation

DOC_ID = "2021__甲县 科技局①#%"
TEXT = "\ufeff甲县科技局😀\r\n全年新建𠮷校3所，投资9.85\n亿元。\n获评“文明单位”，居全省第二。\n"


def place(text: str) -> dict[str, int | str]:
    start = TEXT.index(text)
    return {"start": start, "end": start + len(text), "text": text}


def make_run() -> Annotation:
    """Return the annotation of :data:`TEXT`, with keys, in file order."""
    digest = text_digest(TEXT)
    sentence = (TEXT.index("全年"), TEXT.index("。") + 1)
    shown = {"confidence": 0.9, "rule": "unit.classifier", "sentence": sentence}
    count = Quantity(
        id="q1",
        **place("3所"),
        label="COUNT",
        value=Decimal(3),
        unit="所",
        bound="=",
        noun="学校",
        subject="新建学校\t数",
        indicator="schools_built",
        measure="new",
        period="2021",
        modality="actual",
        candidates=[Candidate("schools_built", 0.75)],
        evidence={"alias": "新建学校"},
        section=["一、主要成效"],
        **shown,
    )
    money = Quantity(
        id="q2",
        **place("9.85\n亿元"),
        label="MONEY",
        value=Decimal(985000000),
        unit="CNY",
        bound="≈",
        table=True,
        total="q1",
        **shown,
    )
    rank = Quantity(id="q3", **place("第二"), label="RANK", value=Decimal(2), measure="rank")
    bureau = Entity(id="e1", **place("甲县科技局"), label="GOV", rule="name.suffix")
    place_ = Entity(id="e2", **place("甲县"), label="PLACE", refers_to="e1")
    built = Claim(
        id="c1",
        **place("新建𠮷校3所"),
        kind="output",
        trigger=Trigger(**place("新建")),
        object="𠮷校",
        quantities=["q1"],
        modality="actual",
        rule="trigger.output",
    )
    won = Claim(
        id="c2",
        **place("获评“文明单位”"),
        kind="recognition",
        trigger=Trigger(**place("获评")),
        actor_name="甲县科技局",
        same_as="c1",
    )
    fact = Fact(
        id="f1",
        document=DOC_ID,
        indicator="schools_built",
        indicator_zh="新建学校数",
        label="COUNT",
        value=Decimal(3),
        unit="所",
        measure="new",
        period="2021",
        quantities=["q1"],
        conflict=False,
    )
    issue = Issue(id="i1", code="wrapped", message="换行", start=2, end=3)
    spans = [bureau, place_, built, count, money, won, rank]
    for record in spans:
        name = record.kind if isinstance(record, Claim) else record.label
        kind = type(record).__name__.lower()
        record.key = span_key(digest, kind, name, record.start, record.end)
    document = Document(doc_id=DOC_ID, schema="1", text_sha256=digest, region="甲县")
    records: list[Record] = [document, *spans, fact, issue]
    return Annotation(document, TEXT, records)


def put(folder: Path, annotation: Annotation) -> None:
    """Write an annotation into a folder as a run does."""
    lines = [encode_line(record) for record in annotation.records]
    write_annotation(folder, annotation.document.doc_id, annotation.text, lines)


@pytest.fixture
def annotation() -> Annotation:
    return make_run()


@pytest.fixture
def run(tmp_path: Path, annotation: Annotation) -> Path:
    folder = tmp_path / "run"
    put(folder, annotation)
    return folder


@pytest.fixture
def put_run() -> Callable[[Path, Annotation], None]:
    return put
