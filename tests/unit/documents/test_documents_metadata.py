"""``tests/cases/metadata.csv``: made-up reports and all that they tell of themselves.

To add an example, add a row; an empty field means that the text does not tell.
"""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from jixiao.documents import Report, read
from jixiao.documents.bodies import body_alone, body_in, is_firm, is_short_for
from jixiao.documents.lines import split_date, tidy, year_digits

ROOT = Path(__file__).parents[3]
with (ROOT / "tests/cases/metadata.csv").open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))
REPORTS = os.environ.get("JIXIAO_REPORTS")


def told(report: Report) -> dict[str, str]:
    record = report.document_record()
    fields = {
        "title": record.title,
        "issuer": record.issuer,
        "region": record.region,
        "region_code": record.region_code,
        "fiscal_year": record.fiscal_year,
        "report_date": record.report_date,
        "kind": record.kind,
    }
    return {name: value or "" for name, value in fields.items()}


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_metadata(row: dict[str, str]) -> None:
    expected = {name: row[name] for name in told(Report("x", ""))}
    assert told(Report("x", row["text"])) == expected


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_noise_changes_nothing(row: dict[str, str]) -> None:
    """A byte order mark, CRLF and a bookmark before every line are no part of the text."""
    noisy = "\ufeff" + row["text"].replace("\n", "[bookmark: _GoBack]\r\n")
    assert told(Report("x", noisy)) == told(Report("x", row["text"]))


@pytest.mark.parametrize("text", ["", "\n\n", "　", "\ufeff"])
def test_nothing_is_told_by_an_empty_text(text: str) -> None:
    assert set(told(Report("x", text)).values()) == {""}


@pytest.mark.parametrize(
    ("line", "before", "date"),
    [
        ("2022年6月24日", "", "2022-06-24"),
        ("二〇二二年六月二十四日", "", "2022-06-24"),
        ("二○二三年十二月三十一日", "", "2023-12-31"),
        ("二零一九年十月", "", "2019-10"),
        ("2022.6.24", "", "2022-06-24"),
        ("2022-06-24", "", "2022-06-24"),
        ("2022/6/4", "", "2022-06-04"),
        ("填报日期：2023年2月28日", "填报日期：", "2023-02-28"),
        ("某县林业局2021年3月9日", "某县林业局", "2021-03-09"),
    ],
)
def test_dates(line: str, before: str, date: str) -> None:
    assert split_date(line) == (before, date)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "年月日",
        "2022年13月1日",
        "2022年2月30日",
        "1.2022.6.24.",
        "2022年",
        "6月24日",
        "12022-06-24",
    ],
)
def test_no_dates(line: str) -> None:
    assert split_date(line) is None


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("某县发展和改革委员会2021年度部门整体支出绩效自评报告", "某县发展和改革委员会"),
        ("2021年度市财政局国库支付中心绩效自评报告", "市财政局国库支付中心"),
        ("中共某市委组织部部门整体支出绩效自评报告", "中共某市委组织部"),
        ("某县纪委2020年度整体支出绩效评价报告", "某县纪委"),
        ("关于2021年度部门整体支出绩效自评情况的报告", None),
        ("2022年度农村公路养护项目绩效评价报告", None),
    ],
)
def test_body_in_a_title(title: str, body: str | None) -> None:
    assert body_in(title) == body


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("某县教育局（盖章）", "某县教育局"),
        ("单位（公章）：某县教育局", "某县教育局"),
        ("报告单位：某县教育局", "某县教育局"),
        ("湖南某某会计师事务所（普通合伙）", "湖南某某会计师事务所（普通合伙）"),
        ("评价组组长：张三", None),
        ("二、评价机构", None),
        ("特此报告。", None),
    ],
)
def test_body_alone_on_a_line(line: str, body: str | None) -> None:
    assert body_alone(line) == body


def test_firms_and_short_names() -> None:
    assert is_firm("南昌赣信会计师事务所有限公司")
    assert not is_firm("修水县林业局")
    assert is_short_for("县教育局", "民乐县教育局")
    assert not is_short_for("县财政局", "民乐县教育局")


def test_spread_lines_and_chinese_years() -> None:
    assert tidy("　绩 效 自 评 报 告（ 2021 年度）") == "绩效自评报告（2021年度）"
    assert tidy("填报单位        填报日期") == "填报单位        填报日期"
    assert year_digits("二〇二二") == "2022"


@pytest.mark.skipif(REPORTS is None, reason="JIXIAO_REPORTS names no folder with real reports")
def test_real_reports() -> None:
    for path in sorted(Path(REPORTS or "", "corpus").glob("*.txt")):
        with Path(REPORTS or "", "gold", f"{path.stem}.jsonl").open(encoding="utf-8") as file:
            gold = json.loads(file.readline())
        found = told(read(path))
        assert {name: found[name] for name in found if name in gold} == {
            name: gold[name] for name in found if name in gold
        }
