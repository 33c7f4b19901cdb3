"""Every segmenter against the reference, and the records of every pipeline against each other."""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Callable

import pytest
import spacy
from spacy.language import Language

from jixiao.pipes import load
from jixiao.tokens import ENGINES, segment

BODIES = ["市科学技术局", "区财政局", "县农业农村局", "开发区管委会", "市图书馆", "街道办事处"]
TIMES = ["2021年", "全年", "截至12月底", "上半年", "“十四五”期间", "1-9月"]
DEEDS = ["完成", "组织申报", "新认定", "累计发放", "争取到位", "支持建设", "培育", "推荐上报"]
THINGS = ["高新技术企业", "重点研发项目", "贷款贴息资金", "5G基站", "高标准农田", "技术合同成交额"]
UNITS = ["家", "个", "万元", "亿元", "项", "余人次", "平方公里", "万亩"]
TAILS = ["，同比增长{}%", "，较上年提高{}个百分点", "，预算执行率达{}%", "，占全省的{}%", ""]
MARKS = ["。", "；", "。\n", "！\n　　", "；\r\n"]


def generated_report(seed: int, sentences: int = 400) -> str:
    """Return Chinese text in the manner of a report, written for this test, always the same."""
    draw = random.Random(seed)

    def sentence() -> str:
        number = draw.choice([str(draw.randint(1, 900)), f"{draw.uniform(0, 9000):.2f}"])
        parts = [draw.choice(kind) for kind in (TIMES, BODIES, DEEDS, THINGS)]
        tail = draw.choice(TAILS).format(f"{draw.uniform(0, 100):.1f}")
        return "".join([*parts, number, draw.choice(UNITS), tail, draw.choice(MARKS)])

    return "".join(sentence() for _ in range(sentences))


def span_f1(reference: list[tuple[int, int]], other: list[tuple[int, int]]) -> float:
    shared = len(set(reference) & set(other))
    return 2 * shared / (len(reference) + len(other))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_fast_jieba_agrees_with_the_reference(seed: int) -> None:
    text = generated_report(seed)
    assert span_f1(segment(text, "jieba"), segment(text, "jieba-fast")) >= 0.99


def test_fast_jieba_finds_new_words_as_the_reference_does() -> None:
    text = "杭研大厦的韩玉鉴赏家吴某某在蒲公英路盛大开业，喆鑫淼公司负责人到场。" * 20
    assert span_f1(segment(text, "jieba"), segment(text, "jieba-fast")) >= 0.99


@pytest.mark.parametrize(
    "text", ["1-9月", "得0-10%分", "www.gov.cn网", "AT&T和C++", "x_y", "5%3", "PM2.5为35", "10+2个"]
)
def test_fast_jieba_keeps_signs_apart_as_the_reference_does(text: str) -> None:
    assert segment(text, "jieba-fast") == segment(text, "jieba")


def foreign(segmenter: str | None) -> Language:
    config = {"nlp": {"tokenizer": {"segmenter": segmenter}}} if segmenter else {}
    nlp = spacy.blank("zh", config=config)
    nlp.add_pipe("jixiao_quantities")
    nlp.add_pipe("jixiao_facts")
    return nlp


PIPELINES: dict[str, Callable[[], Language]] = {
    **{f"own-{engine}": lambda engine=engine: load(engine=engine) for engine in ENGINES},
    "foreign-default": lambda: foreign(None),
    "foreign-char": lambda: foreign("char"),
    "foreign-jieba": lambda: foreign("jieba"),
}

needs_layers = pytest.mark.skipif(
    importlib.util.find_spec("jixiao.pipeline") is None, reason="the layers are not there yet"
)


@needs_layers
@pytest.mark.parametrize("name", PIPELINES)
def test_records_do_not_depend_on_the_tokens(name: str) -> None:
    from jixiao.pipeline import annotate_text

    text = generated_report(4, sentences=60)
    expected = annotate_text(text)
    doc = PIPELINES[name]()(text)
    assert doc.text == text
    assert expected.quantities
    assert doc._.annotation.to_jsonl() == expected.to_jsonl()
    assert [span._.record for span in doc.spans["quantities"]] == expected.quantities
    assert doc._.facts == expected.facts


@needs_layers
@pytest.mark.parametrize("engine", ENGINES)
def test_spans_of_our_own_pipeline_are_exact(engine: str) -> None:
    doc = load(engine=engine)(generated_report(5, sentences=60))
    assert [span.text for span in doc.spans["quantities"]] == [
        quantity.text for quantity in doc._.annotation.quantities
    ]


@needs_layers
@pytest.mark.parametrize("text", ["", " ", "\n\n", "\ufeff", "没有数字。", "3"])
def test_small_texts_pass(text: str) -> None:
    doc = load()(text)
    assert doc.text == text
    assert doc.spans["quantities"] is not None
