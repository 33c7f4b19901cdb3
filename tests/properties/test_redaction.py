"""Whatever the names and numbers of a report, none that is recognised is left, and offsets hold."""

from __future__ import annotations

import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

import jixiao
from jixiao.documents import Report
from jixiao.redaction import MASK, Mask, redact

SURNAMES = ("张", "欧阳", "赵", "周", "司马", "马")
GIVEN = ("三", "建国", "晓婷", "明", "雪梅", "文华", "志彪")
LABELS = ("联系人：", "填报人:", "负责人（签字）： ", "审核人：", "\t经办人\n\t", "组员：")
FILLERS = (
    "全年新建学校3所，投入120万元。\n",
    "新增高新技术企业15家，同比增长30.6%。",
    "　　",
    "\r\n",
    "，获评省级先进集体。",
    "\ufeff",
    "\t数量\n\t3所\n\n",
)

names = st.builds(str.__add__, st.sampled_from(SURNAMES), st.sampled_from(GIVEN))
digits = st.integers(0, 99_999_999).map(lambda number: f"{number:08}")
mobiles = st.builds("13{0}{1}".format, st.integers(0, 9), digits)
landlines = st.builds(
    "{0}{1}2{2}".format,
    st.sampled_from(["0734", "010"]),
    st.sampled_from(["-", ""]),
    digits.map(lambda one: one[:7]),
)
mentions = st.one_of(
    st.builds("{0}{1}\n".format, st.sampled_from(LABELS), names),
    st.builds("手机{0}。".format, mobiles),
    st.builds("电话：{0}\n".format, landlines),
    names,
)
texts = st.lists(st.one_of(mentions, st.sampled_from(FILLERS)), max_size=12).map("".join)


@settings(max_examples=60)
@given(texts)
def test_nothing_recognised_is_left_and_offsets_hold(text: str) -> None:
    plain = jixiao.annotate(text)
    found = Mask(Report("text", text), plain.records).words
    shared = redact(plain)
    assert len(shared.text) == len(text)
    quantities = [range(q.start, q.end) for q in plain.quantities]
    for place, (before, after) in enumerate(zip(text, shared.text, strict=True)):
        assert after in (before, MASK)
        if any(place in quantity for quantity in quantities):
            assert after == before
    solid = "".join(shared.to_jsonl().split())
    assert not [word for word in found if word in solid or word in "".join(shared.text.split())]
    for span in [*shared.quantities, *shared.entities, *shared.claims]:
        assert shared.text[span.start : span.end] == span.text
    assert shared.document.text_sha256 == hashlib.sha256(shared.text.encode()).hexdigest()
    assert redact(shared) is shared


@settings(max_examples=60)
@given(st.sampled_from(LABELS), names, mobiles, st.sampled_from(FILLERS))
def test_a_labelled_name_and_a_mobile_number_are_always_recognised(
    label: str, name: str, mobile: str, filler: str
) -> None:
    text = f"{filler}\n{label}{name}\n\n手机：{mobile}\n{name}参加验收。\n"
    shared = redact(jixiao.annotate(text)).text
    assert name not in shared
    assert mobile not in shared
