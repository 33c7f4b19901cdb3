"""What a message says: the recomputation, what the printed digits allow, the likely cause, the words."""

from __future__ import annotations

import pytest

from jixiao.generation import generate_report
from jixiao.pipeline import annotate_text
from jixiao.records import Check

HEAD = "湄潭县商务局2022年度部门整体支出绩效自评报告\n\n一、基本情况\n"
DOUBLE = "“三公”经费支出12.6万元，其中：公务接待费3.4万元，公务用车运行维护费9.8万元。"


def messages(text: str, verdict: str = "inconsistent") -> list[str]:
    records = annotate_text(f"{HEAD}{text}\n").records
    return [one.message for one in records if isinstance(one, Check) and one.verdict == verdict]


def test_a_contradiction_is_an_auditors_note() -> None:
    (message,) = messages(DOUBLE)
    assert message == (
        "“三公”经费支出12.6万元，分项3.4万元+9.8万元=13.2万元，相差0.6万元，不符；"
        "按各数印出的位数，应在13.1万元至13.3万元之间。"
        "原文：“‘三公’经费支出12.6万元，其中：公务接待费3.4万元，公务用车运行维护费9.8万元”"
    )


def test_what_holds_is_said_in_one_clause() -> None:
    (message,) = messages(DOUBLE.replace("12.6", "13.2"), "ok")
    assert message == "“三公”经费支出13.2万元，分项3.4万元+9.8万元=13.2万元，相符"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (
            "全年受理240件，办结231件，办结率92.65%。",
            "两数数字相同而次序不同，疑为录入颠倒",
        ),
        (
            "2022年支出2350.6万元，比上年增加210.6万元，增长8.96%。",
            "文中所写与以本年数为分母的结果一致",
        ),
        (
            "道路300万元、供水180万元、照明20万元，合计520万元。",
            "差额恰为其中一项20万元",
        ),
    ],
)
def test_a_likely_cause(text: str, cause: str) -> None:
    (message,) = messages(text)
    assert cause in message


def test_a_decline_has_its_interval_in_order() -> None:
    (message,) = messages("办理时限由15天压缩至6天，压缩50%。")
    assert "应在55.17%至64.52%之间" in message


def test_a_number_of_a_table_is_quoted_by_row_and_column() -> None:
    table = "\t三级指标\n\t实际完成值\n\n\t新建农村幼儿园\n\t8所\n\n"
    (message,) = messages(f"全县新建农村幼儿园9所。\n二、自评表\n{table}")
    assert "“全县新建农村幼儿园9所”" in message
    assert "表中“新建农村幼儿园”行“实际完成值”栏8所" in message


def test_the_numbering_of_a_row_is_not_its_name() -> None:
    table = "".join(
        "".join(f"\t{cell}\n" for cell in row) + "\n"
        for row in (("项目", "金额"), ("1、道路", "30"), ("2、供水", "20"), ("合计", "50"))
    )
    found = messages(f"单位：万元\n{table}", "ok")
    assert found
    assert not [one for one in found if "1、" in one]


@pytest.mark.parametrize("seed", range(7001, 7006))
def test_synthetic_reports_contradict_themselves_nowhere(seed: int) -> None:
    text, _, _ = generate_report(seed, 120)
    records = annotate_text(text).records
    found = [one for one in records if isinstance(one, Check)]
    assert found
    assert not [one.message for one in found if one.verdict == "inconsistent"]
