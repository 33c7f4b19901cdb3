"""Files that hold several parts: each with its own title, and its own bureau where they differ."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from jixiao.documents import Report
from jixiao.pipeline import annotate_text

BODY = "全年完成财政支出，各项工作按计划推进，资金管理规范，项目建设有序，群众反映良好。" * 4
ONE = (
    "桃源县水利局\n2020年度部门整体支出绩效自评报告\n一、概况\n"
    f"{BODY}\n今年新建水库3座。全县灌溉面积52.3万亩。年末结余资金12.5万元。\n"
    "自评得分96分，等级为“优”。\n桃源县水利局\n2021年3月5日\n"
)
TWO = (
    "澧县教育局\n2021年度部门整体支出绩效自评报告\n一、概况\n"
    f"{BODY}\n今年新建学校5所。全县在校学生6.2万人。年末结余资金8.5万元。\n"
    "自评得分91.5分，等级为“良”。\n澧县教育局\n2022年4月6日\n"
)
RUBRIC = (
    "附件2\n部门整体支出绩效评价评分表\n\t指标\n\t评分标准\n\t分值\n\t得分\n\n"
    f"\t预算执行率\n\t达到95%计5分，{BODY}\n\t5\n\t4.5\n\n\t总分\n\t \n\t100\n\t95\n\n"
)


def told(text: str) -> list[tuple[object, ...]]:
    record = Report("x", text).document_record()
    return [
        (p.form, p.title, p.issuer, p.region, p.fiscal_year, p.report_date, p.score, p.grade)
        for p in record.parts or []
    ]


def test_one_report_has_no_parts() -> None:
    assert told(ONE) == []
    (part,) = Report("x", ONE).parts
    assert (part.start, part.end) == (0, len(ONE))


def test_reports_of_several_bureaus() -> None:
    assert told(ONE + TWO) == [
        (
            "report", "桃源县水利局2020年度部门整体支出绩效自评报告", "桃源县水利局", "桃源县", "2020",
            "2021-03-05", Decimal(96), "优",
        ),
        (
            "report", "澧县教育局2021年度部门整体支出绩效自评报告", "澧县教育局", "澧县", "2021",
            "2022-04-06", Decimal("91.5"), "良",
        ),
    ]  # fmt: skip


def test_the_document_is_the_first_of_several_bureaus() -> None:
    record = Report("x", ONE + TWO).document_record()
    assert (record.issuer, record.fiscal_year, record.score) == (
        "桃源县水利局",
        "2020",
        Decimal(96),
    )


def test_parts_of_one_bureau_share_what_only_one_tells() -> None:
    parts = told(ONE + RUBRIC)
    assert [part[0] for part in parts] == ["report", "rubric"]
    assert parts[1][2:6] == ("桃源县水利局", "桃源县", "2020", "2021-03-05")
    assert parts[1][6] is None or parts[1][6] == Decimal(95)


def test_parts_cover_the_text_and_lead_back_to_it() -> None:
    raw = "\ufeff" + (ONE + TWO + RUBRIC).replace("\n", "\r\n")
    parts = Report("x", raw).document_record().parts or []
    assert [raw[part.start :][:5] for part in parts[1:]] == ["澧县教育局", "附件2\r\n"]
    assert all(one.end <= other.start for one, other in pairwise(parts))
    assert parts[-1].end == len(raw)


@pytest.mark.parametrize(
    "text",
    [
        "封面：桃源县水利局2020年度绩效自评报告\n" + ONE,
        "桃源县水利局2020年度绩效自评报告\n\n" + ONE,
        ONE.replace("一、概况", "一、绩效自评情况\n附件：绩效自评表"),
        ONE + "部门整体支出绩效自评表（续）\n" + BODY,
    ],
)
def test_a_cover_or_a_mention_begins_no_part(text: str) -> None:
    assert told(text) == []


def test_facts_belong_to_the_bureau_of_their_part() -> None:
    found = annotate_text(ONE + TWO)
    periods = {q.text: q.period for q in found.quantities}
    assert (periods["3座"], periods["5所"]) == ("2020", "2021")
    assert (periods["12.5万元"], periods["8.5万元"]) == ("2020-12-31", "2021-12-31")
    by_text = {q.id: q.text for q in found.quantities}
    facts = {by_text[f.quantities[0]]: (f.issuer, f.region, f.region_code) for f in found.facts}
    assert facts["12.5万元"] == ("桃源县水利局", "桃源县", "430725")
    assert facts["8.5万元"] == ("澧县教育局", "澧县", "430723")
    assert not any(fact.conflict for fact in found.facts)
    assert [fact.id for fact in found.facts] == [f"f{n}" for n in range(1, len(found.facts) + 1)]
    own = [q for q in found.quantities if q.text in ("52.3万亩", "6.2万人")]
    assert [q.region for q in own] == [None, None]


def test_many_reports_in_one_file_take_linear_time() -> None:
    text = "".join((ONE if n % 2 else TWO).replace("2020", f"20{10 + n % 12}") for n in range(150))
    assert len(Report("x", text).parts) == 150
