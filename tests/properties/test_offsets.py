"""Offsets lead back to the characters, whatever noise stands between and inside the numbers."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import example, given, settings
from hypothesis import strategies as st

from jixiao.annotation import Annotation
from jixiao.pipeline import annotate_text
from jixiao.records import Issue, Quantity

NUMBERS = [
    "全年支出385.08万元",
    "新增高新技术企业１５家",
    "同比增长30.6％",
    "由120万箱/天提升至150万箱/天",
    "补助10-20家",
    "比上年减少-3.2%",
    "分别为12.5、30和7.8万元",
    "其中：设备费12.73万，材料费3万元",
    "位列全省第一",
    "获银行贷款近千万元",
    "完成率80%（含）-90%",
    "三成五",
    "七分之一",
    "没有发生一起事故",
    "自评92分",
    "支出10..1万元",
    "￥1,200.00",
]
TEXTS = [
    "一、部门概况",
    "（一）收支情况。",
    "2021年1-9月",
    "《条例》（岳发〔2021〕5号）",
    "“十四五”",
    "0730-8152766",
    "湄潭县财政局2022年度绩效自评报告",
    "2023年3月20日",
    "，",
    "。",
    "；",
    "：",
    "（",
    "）",
]
# What a noun, a clause or a list may begin and end with.
WORDS = [
    *(
        "不",
        "未",
        "非",
        "的",
        "等",
        "中",
        "和",
        "其中",
        "由",
        "到",
        "增至",
        "均",
        "占",
        "较",
        "新",
        "共",
        "另有",
    ),
    *(
        "12家",
        "3名",
        "企业",
        "项目",
        "退休",
        "完工",
        "开展",
        "监测",
        "建议",
        "省级",
        "下乡",
        "“",
        "”",
    ),
]
NOISE = ["\ufeff", "\u200b", "[bookmark: _GoBack]"]
LAYOUT = ["\n", "\r\n", "\n\n", "\t", "\n\t", " ", "\u3000", "\u00a0", "\n\t指标\n\t数值\n\n\t"]
ODD = ["🚀", "𠮷", "é", "[", "页", "第 1 页", "\n- 3 -\n", "\x0b", "☑", "①"]
FRAGMENTS = (
    st.sampled_from(NUMBERS)
    | st.sampled_from(WORDS)
    | st.sampled_from(TEXTS + LAYOUT + NOISE + ODD)
)
DOCUMENTS = st.lists(FRAGMENTS, max_size=25).map("".join)


def check(found: Annotation) -> None:
    raw = found.text
    end = 0
    for number, quantity in enumerate(found.quantities, start=1):
        assert quantity.id == f"q{number}"
        assert end <= quantity.start < quantity.end <= len(raw)
        assert raw[quantity.start : quantity.end] == quantity.text
        assert quantity.sentence is not None
        first, last = quantity.sentence
        assert first <= quantity.start
        assert quantity.end <= last
        end = quantity.end
    keys = [quantity.key for quantity in found.quantities]
    assert len(set(keys)) == len(keys)
    for number, issue in enumerate(found.of(Issue), start=1):
        assert issue.id == f"i{number}"
        assert 0 <= issue.start < issue.end <= len(raw)


@settings(deadline=None, max_examples=300)
@given(DOCUMENTS)
@example("")
@example("\ufeff湄潭县财政局2022年度绩效自评报告\r\n\r\n新增15家。\r\n")
@example("支出[bookmark: _GoBack]385.08\r\n万元")
@example("支出3🚀5万元")
def test_every_record_is_where_it_says(text: str) -> None:
    check(annotate_text(text))


@settings(deadline=None)
@given(DOCUMENTS)
def test_the_file_reads_back(text: str) -> None:
    found = annotate_text(text)
    again = Annotation.from_jsonl(found.to_jsonl(), text)
    assert again.records == found.records
    assert again.to_jsonl() == found.to_jsonl()


def meanings(quantities: Sequence[Quantity]) -> list[tuple[object, ...]]:
    fields = ("label", "value", "value_high", "unit", "bound", "measure", "direction", "modality")
    return [tuple(getattr(quantity, field) for field in fields) for quantity in quantities]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=4),
    st.data(),
)
def test_what_the_view_removes_changes_no_meaning(parts: list[str], data: st.DataObject) -> None:
    """Byte order marks, zero-width characters and bookmarks may stand anywhere, inside a number too."""
    plain = "。".join(parts)
    noisy = plain
    for _ in range(data.draw(st.integers(1, 4), label="pieces of noise")):
        place = data.draw(st.integers(0, len(noisy)), label="place")
        # A bookmark inside a bookmark would end the outer one too early.
        if noisy.count("[", 0, place) == noisy.count("]", 0, place):
            noisy = noisy[:place] + data.draw(st.sampled_from(NOISE)) + noisy[place:]
    found = annotate_text(noisy)
    check(found)
    assert meanings(found.quantities) == meanings(annotate_text(plain).quantities)


FULL_WIDTH = str.maketrans("0123456789%.-/", "０１２３４５６７８９％．－／")


@settings(deadline=None)
@given(st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=4).map("。".join))
def test_full_width_digits_and_signs_change_no_meaning(text: str) -> None:
    wide = text.translate(FULL_WIDTH)
    found = annotate_text(wide)
    check(found)
    narrow = annotate_text(text).quantities
    assert meanings(found.quantities) == meanings(narrow)
    assert [(q.start, q.end) for q in found.quantities] == [(q.start, q.end) for q in narrow]


@settings(deadline=None)
@given(DOCUMENTS)
def test_the_same_text_gives_the_same_bytes(text: str) -> None:
    assert annotate_text(text).to_jsonl() == annotate_text(text).to_jsonl()
