"""Which words of a text are masked, and which are not."""

from __future__ import annotations

import pytest

import jixiao
from jixiao.documents import Report
from jixiao.redaction import Mask

NAMES = [
    ("联系人：张三\n", ["张三"]),
    ("填报人：李 四　　日期：2022年3月1日\n", ["李四"]),
    ("负责人（签字）：王小明　　审核人（签章）：赵六\n", ["王小明", "赵六"]),
    ("评价组成员：张三、李四、王五和欧阳文华。\n", ["张三", "李四", "欧阳文华", "王五"]),
    ("联系人：张三李四\n", ["张三", "李四"]),
    ("联系人：周涛联系电话：\n", ["周涛"]),
    ("负责人：王强 科长\n", ["王强"]),
    ("联系人：阿卜杜拉·买买提\n", ["阿卜杜拉·买买提"]),
    ("联系人：邸建\n", ["邸建"]),
    ("审核人：Li Ming\n", ["LiMing"]),
    ("张三（联系人）\n", ["张三"]),
    ("专家组（组长宋让，省科协）\n", ["宋让"]),
    ("\t填表人\n\t张三\n\n", ["张三"]),
    ("\t姓名\n\t职务\n\n\t张三\n\t会计\n\n\t李四\n\t出纳\n\n", ["张三", "李四"]),
    ("教师王海波获评先进个人。\n", ["王海波"]),
]
NO_NAMES = [
    "负责人：财政局\n",
    "负责人：无\n",
    "主要负责人高度重视，组长单位、专家成员，联系人方式。\n",
    "联系人：    联系电话：    \n",
    "单位负责人签字：          年  月  日\n",
    "填报人：单位：\n",
    "全省共有负责人 张家界市\n",
    "\t姓名\n\t职务\n\n\t合计\n\t12人\n\n",
    "负责人  文件\n",
]
NUMBERS = [
    ("手机13800000000。", ["13800000000"]),
    ("手机１３８０００００００１。", ["13800000001"]),
    ("手机138 0000 0000", ["13800000000"]),
    ("电话+86-138-0000-0000", ["+86-138-0000-0000"]),
    ("电话：0734-8000000、8000001转801", ["0734-8000000", "8000001转801"]),
    ("（0734）8000000", ["(0734)8000000"]),
    ("热线400-000-0000", ["400-000-0000"]),
    ("张三 13800000000", ["13800000000", "张三"]),
    ("身份证号43061119800101000X。", ["43061119800101000X"]),
    ("邮箱zhang.san@example.com，", ["zhang.san@example.com"]),
    ("账号：6222020200000000000", ["6222020200000000000"]),
    ("\t科室\n\t联系电话\n\n\t办公室\n\t8000000\n\n", ["8000000"]),
]
NO_NUMBERS = [
    "资产总额13812345678元。",
    "拨付资金13812345678万元。",
    "受理12345热线8123456件。",
    "手机产量1200000部。",
    "2021年1月至2022-06-24共投入15312345678.25元。",
    "4567-12345678",
    "电话费 8123456",
    "\t科目\n\t电话费\n\n\t支出\n\t8123456\n\n",
]


def words(text: str) -> list[str]:
    report = Report("text", text)
    return list(Mask(report, jixiao.annotate(report).records).words)


@pytest.mark.parametrize(("text", "expected"), [*NAMES, *NUMBERS])
def test_what_is_masked(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("text", [*NO_NAMES, *NO_NUMBERS])
def test_what_is_not_masked(text: str) -> None:
    assert words(text) == []


@pytest.mark.parametrize("text", [text for text, _ in NUMBERS])
def test_a_number_that_is_masked_is_no_quantity(text: str) -> None:
    assert jixiao.annotate(text).quantities == []


def test_finding_is_linear(assert_linear) -> None:  # type: ignore[no-untyped-def]
    """Neither many names nor long runs of what might be a number or name cost more than their length."""
    pieces = (
        "联系人：张三、",
        "电话8",
        "0734-",
        "13800000000 ",
        "张三李四",
        "a.b-",
        "负责人 ",
        "签字（签",
    )

    def prepare(size: int):  # type: ignore[no-untyped-def]
        reports = [Report("text", piece * (size // len(piece))) for piece in pieces]
        return lambda: [Mask(report, []).text for report in reports]

    assert_linear(prepare, 2000)
