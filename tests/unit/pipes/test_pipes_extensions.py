"""Where a Doc keeps its records: what survives storage, and how a span finds its own."""

from __future__ import annotations

import importlib
import pickle
import warnings
from collections.abc import Iterator

import msgspec
import pytest
import spacy
from spacy.matcher import Matcher
from spacy.tokens import Doc, DocBin, Span

from jixiao.annotation import Annotation
from jixiao.errors import RecordError
from jixiao.pipes import extensions, load
from jixiao.pipes.spans import span_of

TEXT = "企业 3家\n5家，增长42.3%。"


@pytest.fixture
def doc(layers: object) -> Doc:
    return load()(TEXT)


def stored_forms(doc: Doc) -> Iterator[Doc]:
    fresh = spacy.blank("zh").vocab
    packed = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    yield from DocBin().from_bytes(packed).get_docs(fresh)
    yield Doc(spacy.blank("zh").vocab).from_bytes(doc.to_bytes())
    yield pickle.loads(pickle.dumps(doc))
    yield doc.copy()


def test_records_and_facts_survive_storage(doc: Doc) -> None:
    for stored in stored_forms(doc):
        assert [(span.text, span.label_) for span in stored.spans["quantities"]] == [
            ("3家", "COUNT"),
            ("5家", "COUNT"),
            ("42.3%", "PERCENT"),
        ]
        assert [s._.record for s in stored.spans["quantities"]] == doc._.annotation.quantities
        assert stored._.facts == doc._.facts
        assert stored._.annotation.to_jsonl() == doc._.annotation.to_jsonl()


def test_without_user_data_the_spans_have_no_record(doc: Doc) -> None:
    packed = DocBin(docs=[doc]).to_bytes()
    (stored,) = DocBin().from_bytes(packed).get_docs(doc.vocab)
    assert [span._.record for span in stored.spans["quantities"]] == [None] * 3
    assert stored._.facts is None


def test_records_are_decoded_once_a_doc(doc: Doc) -> None:
    (stored, *_) = stored_forms(doc)
    assert stored._.annotation is stored._.annotation


def test_any_span_with_the_offsets_of_a_record_has_it(doc: Doc) -> None:
    matcher = Matcher(doc.vocab)
    matcher.add("FIRMS", [[{"IS_DIGIT": True}, {"TEXT": "家"}]])
    found = matcher(doc, as_spans=True)
    assert [span._.record.id for span in found] == ["q1", "q2"]
    assert doc[0:2]._.record is None


def test_an_id_of_another_component_is_not_taken_for_a_record(doc: Doc) -> None:
    assert Span(doc, 0, 1, label="ORG", span_id="q1")._.record is None


def test_a_part_of_the_text_does_not_keep_the_records(doc: Doc) -> None:
    part = doc[3:].as_doc(copy_user_data=True)
    assert part._.annotation is None
    assert part._.facts is None


@pytest.mark.filterwarnings("ignore:.*while merging docs")
def test_merged_docs_do_not_keep_the_records(layers: object) -> None:
    nlp = load()
    merged = Doc.from_docs([nlp(TEXT), nlp(TEXT)])
    assert len(merged.spans["quantities"]) == 6
    assert merged._.annotation is None


def test_a_corrected_annotation_replaces_the_one_made(doc: Doc) -> None:
    present = doc._.annotation
    corrected = msgspec.structs.replace(present.quantities[0], subject="企业数量")
    doc._.annotation = Annotation(present.document, TEXT, [present.document, corrected])
    assert doc.spans["quantities"][0]._.record == corrected
    assert doc._.facts == []


def test_components_publish_an_annotation_that_is_there(layers) -> None:  # type: ignore[no-untyped-def]
    nlp = load()
    corrected = nlp(TEXT)._.annotation
    doc = spacy.blank("zh")(TEXT)
    doc._.annotation = Annotation(corrected.document, TEXT, corrected.records[:2])
    layers.texts.clear()
    assert len(nlp(doc).spans["quantities"]) == 1
    assert layers.texts == []


def test_the_annotation_of_another_text_is_refused(doc: Doc) -> None:
    other = load()("企业3家")
    with pytest.raises(RecordError, match="expected the same text"):
        other._.annotation = doc._.annotation


def test_a_record_outside_the_text_is_refused(doc: Doc) -> None:
    record = msgspec.structs.replace(doc._.annotation.quantities[0], start=90, end=92)
    with pytest.raises(RecordError, match=r"record q1 .* stands at 90-92"):
        span_of(doc, record)


def test_registering_twice_is_silent() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        extensions.register_extensions()
        importlib.reload(extensions).register_extensions()


def test_replacing_a_foreign_extension_warns() -> None:
    Span.set_extension("record", default=None, force=True)
    with pytest.warns(UserWarning, match="'record' of Span"):
        extensions.register_extensions()
