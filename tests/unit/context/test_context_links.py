"""The whole of a share, the comparator of a gap, what a rank ranks, and the total of a part."""

from __future__ import annotations

import pytest

from jixiao.pipeline import annotate_text


@pytest.mark.parametrize(
    ("sentence", "of"),
    [
        ("公用经费86万元，占基本支出的比重为12.4%。", "基本支出"),
        ("夜校学员中，女性占参训总数的六成。", "参训总数"),
        ("水产品产量2.4万吨，占全市22.4%。", "全市"),
        ("绿化覆盖率高于全省平均水平2.3个百分点。", "全省平均水平"),
        ("办结时间比法定时限缩短12个工作日。", "法定时限"),
        ("会议费较年初预算压减4.6万元。", "年初预算"),
        ("接待费较预算28.5万元压减4.6万元。", "预算"),
        ("增速与全市相比差0.6个百分点。", "全市"),
        ("技工院校招生数居全市第三。", "level"),
        ("工业用电量增速居全市第三。", "growth"),
        ("技改投资占比列全省第5位。", "share"),
        ("进出口占比由78.5%提高到82.1%。", None),
        ("茶园面积3.2万亩。", None),
    ],
)
def test_what_a_number_refers_to(sentence: str, of: str | None) -> None:
    assert annotate_text(sentence).quantities[-1].of == of


def parts(text: str) -> dict[str, str]:
    """Return the total of each part, both by their text."""
    quantities = annotate_text(text).quantities
    by_id = {quantity.id: quantity.text for quantity in quantities}
    return {q.text: by_id[q.total] for q in quantities if q.total is not None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("编制40名，其中行政18名、事业22名。", {"18名": "40名", "22名": "40名"}),
        ("卫生室30所（公办20所、民办10所），病床86张。", {"20所": "30所", "10所": "30所"}),
        (
            "收入900万元，其中：拨款800万元；结转100万元。",
            {"800万元": "900万元", "100万元": "900万元"},
        ),
        ("“三公”经费7万元：公车5万元，接待2万元。", {"5万元": "7万元", "2万元": "7万元"}),
        ("两项支出9万元，分别为培训5万元、会议4万元。", {"5万元": "9万元", "4万元": "9万元"}),
        ("补助共计50万元。其中：灌溉50万元。", {"50万元": "50万元"}),
        ("编制40名，其中行政18名；退休22名。", {"18名": "40名"}),
        ("支出300万元，其中基本100万元，占33.3%。", {"100万元": "300万元"}),
        ("离退休86人（不含遗属5人）。", {}),
        ("拨款86万元（含结余），支出80万元。", {}),
        ("编制40名，其中车辆3辆。", {}),
        ("支出86万元。会议3次，分别支出2万元、3万元。", {}),
        ("培训86人，比上年增加12人。", {}),
        # What changed is told between a total and its parts.
        (
            "收入900万元，较2020年的850万元增加50万元，增长5.9%。其中：拨款800万元；结转90万元。",
            {"800万元": "900万元", "90万元": "900万元"},
        ),
        ("收入900万元，支出850万元，占94%。其中：拨款800万元。", {}),
        # A list that adds up needs no word before it.
        (
            "调解纠纷216件，成功率97%。婚姻家庭82件、合同43件，其他91件。",
            {"82件": "216件", "43件": "216件", "91件": "216件"},
        ),
        ("受援人51人，农民工20人，老年人31人。", {"20人": "51人", "31人": "51人"}),
        ("受援人51人，农民工20人，老年人30人。", {}),
        ("调解纠纷216件。\n婚姻家庭82件、合同134件。", {}),
        ("新增企业5家，商户2家，农户3家。", {}),
        ("满意率90%，好评率40%、知晓率50%。", {}),
    ],
)
def test_parts_and_their_total(text: str, expected: dict[str, str]) -> None:
    assert parts(text) == expected
