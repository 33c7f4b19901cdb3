"""Records into every format and back: equal in all that the format holds, whatever the text."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jixiao.annotation import Annotation
from jixiao.exchange import FORMATS, export_folder, import_files
from jixiao.exchange.folder import require_format
from jixiao.exchange.marks import LAYERS, MarkedDocument, held_fields, marked, text_digest
from jixiao.exchange.merge import Holdable, merge
from jixiao.exchange.offsets import Utf16Offsets, utf16_offset
from jixiao.records import (
    Candidate,
    Claim,
    Document,
    Entity,
    Quantity,
    Record,
    Trigger,
    in_file_order,
    span_key,
)
from jixiao.stores.annotations import annotation_path, read_annotation

# Line ends of all kinds, blanks, signs of the formats themselves, characters of two UTF-16 units.
CHARACTERS = '全县3亿元% \n\r\t\x85\u2028\u3000\ufeff😀𠮷<&"\\#;:-'
PRINTED = st.text(CHARACTERS, min_size=1, max_size=6)
HOLDS_THE_TEXT = ("labelstudio", "doccano", "brat", "spacy", "prodigy")


@st.composite
def annotations(draw: st.DrawFn) -> Annotation:
    text = draw(st.text(CHARACTERS, min_size=1, max_size=40))
    digest = text_digest(text)
    edges = st.integers(0, len(text))
    found = draw(st.lists(st.tuples(st.sampled_from(LAYERS), edges, edges), max_size=8))
    places = {(layer, *sorted((one, two))) for layer, one, two in found if one != two}
    numbers = _apart([place for place in sorted(places) if place[0] == "quantity"])
    records: list[Record] = []
    for number, (layer, start, end) in enumerate(sorted(places)):
        if layer == "quantity" and (layer, start, end) not in numbers:
            continue
        common = {"start": start, "end": end, "text": text[start:end], "rule": "a.b"}
        if layer == "quantity":
            records.append(_quantity(draw, f"q{number + 1}", common))
        elif layer == "entity":
            label = draw(st.sampled_from(["GOV", "PLACE"]))
            records.append(Entity(id=f"e{number + 1}", label=label, **common))
        else:
            word = Trigger(start, start + 1, text[start : start + 1])
            trigger = draw(st.sampled_from([None, word]))
            given = draw(st.none() | PRINTED)
            claim = Claim(
                id=f"c{number + 1}", kind="growth", trigger=trigger, object=given, **common
            )
            records.append(claim)
    _refer(records)
    for record in records:
        name = record.kind if isinstance(record, Claim) else record.label
        kind = type(record).__name__.lower()
        record.key = span_key(digest, kind, name, record.start, record.end)
    doc_id = draw(st.text('甲_ .%#"é😀', min_size=1, max_size=4))
    document = Document(doc_id=doc_id, schema="1", text_sha256=digest)
    ordered = in_file_order([document, *records])
    return Annotation(document, text, _numbered(ordered))


def _apart(places: list[tuple[str, int, int]]) -> set[tuple[str, int, int]]:
    kept: list[tuple[str, int, int]] = []
    for place in places:
        if not kept or place[1] >= kept[-1][2]:
            kept.append(place)
    return set(kept)


def _quantity(draw: st.DrawFn, name: str, common: dict) -> Quantity:
    return Quantity(
        id=name,
        label="MONEY",
        value=draw(st.none() | st.sampled_from([Decimal(3), Decimal("-0.5"), Decimal(10**20)])),
        bound=draw(st.sampled_from([None, "≈", "≤"])),
        measure=draw(st.sampled_from([None, "level", "growth"])),
        table=draw(st.sampled_from([None, True])),
        noun=draw(st.none() | PRINTED),
        confidence=draw(st.sampled_from([None, 0.25])),
        section=draw(st.none() | st.lists(PRINTED, min_size=1, max_size=2)),
        candidates=draw(st.sampled_from([None, [Candidate("gdp", 0.5)]])),
        **common,
    )


def _refer(records: list[Record]) -> None:
    quantities = [one for one in records if isinstance(one, Quantity)]
    entities = [one for one in records if isinstance(one, Entity)]
    for claim in (one for one in records if isinstance(one, Claim)):
        inside = [q.id for q in quantities if claim.start < q.end and q.start < claim.end]
        claim.quantities = inside or None
    for first, second in pairwise(quantities):
        second.total = first.id
    for first, second in pairwise(entities):
        first.refers_to = second.id


def _numbered(records: list[Record]) -> list[Record]:
    names: dict[str, str] = {}
    for record in records[1:]:
        prefix = record.id[0]
        names[record.id] = f"{prefix}{sum(name[0] == prefix for name in names) + 1}"
    for record in records[1:]:
        record.id = names[record.id]
        for name in ("total", "refers_to"):
            if getattr(record, name, None):
                setattr(record, name, names[getattr(record, name)])
        if getattr(record, "quantities", None):
            record.quantities = [names[one] for one in record.quantities]
    return records


def _read(name: str, path: Path, annotation: Annotation) -> MarkedDocument:
    texts = {annotation.document.doc_id: annotation.text}
    (document,) = require_format(name).read(path, texts.get)
    assert isinstance(document, MarkedDocument)
    return document


def _write(name: str, folder: str, annotation: Annotation) -> Path:
    path = Path(folder) / f"file{FORMATS[name].suffix or ''}"
    getattr(require_format(name), FORMATS[name].writer)([annotation], path)
    return path


def _holdable(name: str) -> Holdable:
    return getattr(require_format(name), "holdable", lambda marks, _: (list(marks), []))


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(annotation=annotations())
def test_what_comes_back_onto_the_run_is_the_run(name: str, annotation: Annotation) -> None:
    with tempfile.TemporaryDirectory() as folder:
        document = _read(name, _write(name, folder, annotation), annotation)
    assert document.doc_id == annotation.document.doc_id
    assert document.text == annotation.text
    merged = merge(document, annotation, LAYERS, getattr(require_format(name), "holdable", None))
    assert merged.changes == []
    assert merged.annotation.records == annotation.records


@pytest.mark.parametrize("name", HOLDS_THE_TEXT)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(annotation=annotations())
def test_without_the_run_all_that_the_format_holds_comes_back(
    name: str, annotation: Annotation
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        document = _read(name, _write(name, folder, annotation), annotation)
    held = require_format(name).HELD
    alone = merge(document, None).annotation
    ours, theirs = marked(annotation, held), marked(alone, held)
    kept = {mark.id for mark in _holdable(name)(ours.marks, annotation.text)[0]}
    ours.marks = [mark for mark in ours.marks if mark.id in kept]
    ours.links = [link for link in ours.links if {link.source, link.target} <= kept]
    words = {link.target for link in ours.links}
    ours.marks = [mark for mark in ours.marks if mark.label != "trigger" or mark.id in words]
    assert [(m.id, m.label, m.start, m.end, m.fields) for m in ours.marks] == [
        (m.id, m.label, m.start, m.end, m.fields) for m in theirs.marks
    ]
    assert {(one.name, one.source, one.target) for one in ours.links} == {
        (one.name, one.source, one.target) for one in theirs.links
    }


@given(annotation=annotations())
def test_offsets_in_utf16_units_are_read_as_such(annotation: Annotation) -> None:
    document = marked(annotation)
    for mark in document.marks:
        mark.start = utf16_offset(annotation.text, mark.start)
        mark.end = utf16_offset(annotation.text, mark.end)
    try:
        merged = merge(document, annotation, LAYERS)
    except ValueError:
        raise AssertionError("units were not understood") from None
    # Where the units of a span say the same text elsewhere, nothing tells them from code points.
    if "UTF-16" in " ".join(merged.notes):
        assert merged.annotation.records == annotation.records


@given(st.text(CHARACTERS, max_size=30))
def test_every_offset_of_a_text_comes_back_from_utf16(text: str) -> None:
    units = Utf16Offsets(text)
    for offset in range(len(text) + 1):
        unit = len(text[:offset].encode("utf-16-le")) // 2
        assert utf16_offset(text, offset) == unit
        assert units.code_point(unit) == offset
    assert units.code_point(len(text.encode("utf-16-le")) // 2 + 1) is None


@pytest.mark.parametrize("name", FORMATS)
def test_a_run_goes_out_and_comes_back_byte_for_byte(
    name: str, run: Path, annotation: Annotation, tmp_path: Path
) -> None:
    out = tmp_path / f"out{FORMATS[name].suffix or ''}"
    losses = export_folder(run, name, out)
    assert losses.documents == 1
    back = tmp_path / "back"
    report = import_files([out], name, back, onto=run)
    assert (report.problems, report.unfit) == ([], [])
    doc_id = annotation.document.doc_id
    assert annotation_path(back, doc_id).read_bytes() == annotation_path(run, doc_id).read_bytes()
    assert not (back / "reviews").exists()


@pytest.mark.parametrize("name", FORMATS)
def test_a_layer_alone_leaves_the_others_as_they_are(
    name: str, run: Path, annotation: Annotation, tmp_path: Path
) -> None:
    for layer in LAYERS:
        out = tmp_path / f"{layer}{FORMATS[name].suffix or ''}"
        losses = export_folder(run, name, out, [layer])
        assert losses.written.keys() == {layer}
        back = tmp_path / f"back-{layer}"
        import_files([out], name, back, onto=run)
        found = read_annotation(back, annotation.document.doc_id)
        assert found.records == annotation.records


def test_what_a_format_cannot_hold_is_said(run: Path, tmp_path: Path) -> None:
    losses = export_folder(run, "doccano", tmp_path / "a.jsonl")
    assert losses.fields["quantity.value"] == 3
    assert losses.fields["claim.object"] == 1
    assert losses.records == {"fact": 1, "issue": 1}
    assert losses.spans == []
    held = export_folder(run, "labelstudio", tmp_path / "a.json")
    assert "quantity.value" not in held.fields
    assert held.fields["quantity.rule"] == 2
    assert export_folder(run, "prodigy", tmp_path / "b.jsonl").fields == {}


def test_conll_names_the_spans_it_leaves_out(run: Path, tmp_path: Path) -> None:
    losses = export_folder(run, "conll", tmp_path / "a.conll")
    (left,) = losses.spans
    assert (left.label, left.text) == ("PLACE", "甲县")
    assert "overlaps" in left.why
    assert losses.written == {"quantity": 3, "entity": 1, "claim": 2}
    assert "甲县" in "\n".join(losses.lines())


def test_held_fields_grow_with_what_a_format_holds() -> None:
    for layer in LAYERS:
        assert held_fields(layer, "spans") == set()
        assert held_fields(layer, "fields") <= held_fields(layer, "all")
    assert "rule" not in held_fields("quantity", "fields")


def test_several_files_and_documents(
    tmp_path: Path, annotation: Annotation, put_run: Callable[[Path, Annotation], None]
) -> None:
    run = tmp_path / "run"
    for number in range(3):
        document = Document(doc_id=f"甲{number}", text_sha256=annotation.document.text_sha256)
        records = [document, *annotation.records[1:-2]]
        put_run(run, Annotation(document, annotation.text, records))
    out = tmp_path / "all.jsonl"
    export_folder(run, "doccano", out)
    lines = out.read_text("utf-8").split("\n")
    halves = [tmp_path / "1.jsonl", tmp_path / "2.jsonl"]
    halves[0].write_text("\n".join(lines[:2]), "utf-8")
    halves[1].write_text(lines[2], "utf-8")
    report = import_files(halves, "doccano", tmp_path / "back", onto=run)
    assert [one.doc_id for one in report.documents] == ["甲0", "甲1", "甲2"]
    with pytest.raises(ValueError, match=re.escape("'甲2' stood in")):
        import_files([out, halves[1]], "doccano", tmp_path / "twice", onto=run)


def test_brat_names_the_spans_that_begin_or_end_with_a_line_end(
    tmp_path: Path, annotation: Annotation, put_run: Callable[[Path, Annotation], None]
) -> None:
    end = annotation.text.index("\n") + 1
    text = annotation.text[1:end]
    whole = Entity(id="e1", start=1, end=end, text=text, label="GOV")
    put_run(
        tmp_path, Annotation(annotation.document, annotation.text, [annotation.document, whole])
    )
    (left,) = export_folder(tmp_path, "brat", tmp_path / "brat").spans
    assert (left.text, left.why) == (text, "begins or ends with a line end")
    (ann,) = (tmp_path / "brat").glob("*.ann")
    assert ann.read_text("utf-8") == ""
