"""Our own pipeline: the text is kept, and every record is a span."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language

from jixiao.annotation import Annotation
from jixiao.errors import SettingsError
from jixiao.pipes import Tokenizer, load
from jixiao.records import Document, Entity
from jixiao.tokens import ENGINES

TEXTS = [
    "",
    " ",
    "\n",
    "完成投资9.85亿元，同比增长42.3%。",
    "企业 3家 5家\n\n新增  2家\t\t7%\r\n",
    " 开头有空格，结尾也有 ",
    "\u3000\u3000全角空格3家\u3000",
    "表情😀👨\u200d👩\u200d👧3家e\u0301\ufeff\x00\x85\u2028",
    "9.85\n亿元   3 家",
]


@pytest.fixture(params=ENGINES)
def nlp(request: pytest.FixtureRequest, layers: object) -> Language:
    return load(engine=request.param)


@pytest.mark.parametrize("text", TEXTS)
def test_the_text_is_kept(nlp: Language, text: str) -> None:
    assert nlp(text).text == text


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60) | st.text("3家%42.亿元 \n\t增长率达😀", max_size=60))
def test_every_record_is_a_span_of_its_own_text(nlp: Language, text: str) -> None:
    doc = nlp(text)
    quantities = doc._.annotation.quantities
    assert doc.text == text
    assert [(s.start_char, s.end_char, s.text) for s in doc.spans["quantities"]] == [
        (q.start, q.end, q.text) for q in quantities
    ]
    assert [span._.record for span in doc.spans["quantities"]] == quantities


def test_spans_carry_label_and_id(layers: object) -> None:
    doc = load()("9.85亿元，42.3%，3家")
    assert [(span.label_, span.id_) for span in doc.spans["quantities"]] == [
        ("MONEY", "q1"),
        ("PERCENT", "q2"),
        ("COUNT", "q3"),
    ]


def test_tokens_are_cut_at_record_edges(layers: object) -> None:
    doc = load()("企业3家新增亿元5亿元率达92%")
    assert [token.text for token in doc] == [
        *["企业", "3", "家", "新增", "亿元", "5", "亿元"],
        *["率达", "92%"],
    ]


def test_a_single_blank_belongs_to_the_word_before(layers: object) -> None:
    doc = load()("企业 3家  5家")
    assert [token.text_with_ws for token in doc] == ["企业 ", "3", "家 ", " ", "5", "家"]


def test_a_blank_inside_a_record_is_part_of_its_span(layers: object) -> None:
    doc = load()("新增3 家企业")
    assert [span.text for span in doc.spans["quantities"]] == ["3 家"]


@pytest.mark.parametrize(("start", "end"), [(1, 4), (2, 5), (1, 5), (1, 2), (4, 5)])
def test_a_record_may_begin_and_end_with_a_blank(start: int, end: int) -> None:
    text = "甲 乙丙 丁"

    def annotate(_text: str) -> Annotation:
        document = Document(doc_id="text")
        entity = Entity(id="e1", start=start, end=end, text=text[start:end], label="PLACE")
        return Annotation(document, text, [document, entity])

    doc = Tokenizer(spacy.blank("zh").vocab, annotate, "char")(text)
    span = doc.char_span(start, end)
    assert doc.text == text
    assert span is not None
    assert span._.record.id == "e1"


def test_the_layers_run_once_a_text(layers) -> None:  # type: ignore[no-untyped-def]
    list(load().pipe(["3家", "5家"]))
    assert layers.texts == ["3家", "5家"]


def test_making_a_doc_annotates_it(layers: object) -> None:
    doc = load().make_doc("新增3家")
    assert doc[1:]._.record.text == "3家"
    assert doc._.facts is None


def test_an_unknown_engine_is_refused(layers: object) -> None:
    with pytest.raises(SettingsError, match="expected one of jieba, jieba-fast, char"):
        load(engine="hanlp")


def test_the_tokens_can_be_scored(layers: object) -> None:
    nlp = load()
    doc = nlp("新增3家")
    examples = [spacy.training.Example(nlp.make_doc(doc.text), doc)]
    scores = nlp.evaluate(examples)
    assert scores["token_f"] == 1
    assert scores["spans_quantities_f"] == 1
