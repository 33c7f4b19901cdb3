"""The components, in our own pipeline and in someone else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from spacy.language import Language

from jixiao.errors import SettingsError
from jixiao.pipes import config_from_settings, load
from jixiao.settings import Settings

TEXTS = ["", "企业 3家\n5家，增长42.3%。\u3000\t😀9.85亿元", "完成9.85\n亿元的92%"]
Foreign = Callable[..., Language]


@pytest.mark.parametrize("segmenter", [None, "char", "jieba"])
@pytest.mark.parametrize("text", TEXTS)
def test_records_are_the_same_in_every_pipeline(
    foreign: Foreign, segmenter: str | None, text: str
) -> None:
    own, other = load()(text), foreign(segmenter)(text)
    assert other._.annotation.to_jsonl() == own._.annotation.to_jsonl()
    assert other._.facts == own._.facts
    assert [span._.record for span in other.spans["quantities"]] == own._.annotation.quantities


def whole_text_tokenizer(nlp: Language) -> Callable[[str], object]:
    from spacy.tokens import Doc

    return lambda text: Doc(nlp.vocab, words=[text], spaces=[False])


def test_spans_expand_to_foreign_tokens_and_records_stay_exact(foreign: Foreign) -> None:
    nlp = foreign()
    nlp.tokenizer = whole_text_tokenizer(nlp)
    doc = nlp("新增3家，增长5%")
    assert [span.text for span in doc.spans["quantities"]] == [doc.text, doc.text]
    assert [span._.record.text for span in doc.spans["quantities"]] == ["3家", "5%"]


def test_the_components_of_a_pipeline_run_the_layers_once(foreign: Foreign, layers) -> None:  # type: ignore[no-untyped-def]
    foreign()("新增3家")
    assert layers.texts == ["新增3家"]


@pytest.mark.parametrize("names", [("jixiao_facts",), ("jixiao_facts", "jixiao_quantities")])
def test_facts_need_no_other_component(foreign: Foreign, names: tuple[str, ...]) -> None:
    (fact,) = foreign(None, *names)("新增3家")._.facts
    assert fact.quantities == ["q1"]


def test_facts_are_none_until_they_are_published(foreign: Foreign) -> None:
    assert foreign(None, "jixiao_quantities")("新增3家")._.facts is None
    assert load(exclude=["jixiao_facts"])("新增3家")._.facts is None


def test_a_doc_without_facts_has_an_empty_list(layers: object) -> None:
    assert load()("没有数字")._.facts == []


def test_a_doc_no_layer_saw_has_no_annotation(foreign: Foreign) -> None:
    nlp = foreign()
    doc = nlp.make_doc("新增3家")
    assert doc._.annotation is None
    assert doc[0:1]._.record is None


def test_own_pipeline_names_its_components(layers: object) -> None:
    assert load().pipe_names == ["jixiao_quantities", "jixiao_facts"]
    assert load(exclude=["jixiao_quantities"]).pipe_names == ["jixiao_facts"]


def test_leaving_out_what_is_not_there_is_refused(layers: object) -> None:
    with pytest.raises(SettingsError, match="no component 'ner'"):
        load(exclude=["ner"])


def test_settings_of_a_component_reach_the_layers(foreign: Foreign, layers) -> None:  # type: ignore[no-untyped-def]
    nlp = foreign(None, "jixiao_facts")
    settings = Settings(catalogue_mode="replace")
    config = {"settings": config_from_settings(settings)}
    nlp.add_pipe("jixiao_quantities", first=True, config=config)
    nlp("新增3家")
    assert layers.settings == [settings]


def test_components_take_the_settings_of_our_tokenizer(foreign: Foreign, layers) -> None:  # type: ignore[no-untyped-def]
    settings = Settings(catalogue_mode="replace")
    nlp = load(settings=settings)
    nlp(foreign().make_doc("新增3家"))
    assert layers.settings == [settings]


def test_a_wrong_setting_is_refused_when_the_component_is_added(foreign: Foreign) -> None:
    nlp = foreign(None, "jixiao_facts")
    with pytest.raises(SettingsError, match="no setting 'catalog'"):
        nlp.add_pipe("jixiao_quantities", config={"settings": '{"catalog": "x"}'})
