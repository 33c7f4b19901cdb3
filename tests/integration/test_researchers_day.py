"""A researcher's day: annotate a folder, review ten mentions, exchange, evaluate, panel, share."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import jixiao
from jixiao.cli import main
from jixiao.records import Quantity
from jixiao.widget.desk import ReviewDesk

REPORTS = {
    "2021/君山区科技局.txt": """岳阳市君山区科技局2021年部门整体支出绩效自评报告

联系人：李向阳　　联系电话：0730-8000000

一、项目绩效情况

2021年全区高新技术企业总数达92家，新增高新技术企业6家，同比增长7.0%。
全年投入科技资金385.08万元，培训科技人员120人次，获批省级科技项目3个。
""",
    "2022/君山区科技局.txt": """岳阳市君山区科技局2022年部门整体支出绩效自评报告

一、项目绩效情况

2022年全区高新技术企业总数达107家，新增高新技术企业15家，同比增长16.3%。
全年投入科技资金467.40万元，培训科技人员160人次，获批省级科技项目5个。
""",
    "2022/民乐县教育局.txt": """民乐县教育局2022年部门整体支出绩效自评报告

一、项目绩效情况

2022年全县新建学校3所，新增学位1080个，教师满意率97.6%，培训教师1200人次。
我局获评省级先进集体，县第一中学入选全国文明校园。
""",
}
REVIEWER = "王研究员"


def run(*arguments: str | Path) -> str:
    """Run a command of jixiao, which must end well, and return what it prints."""
    given = [str(one) for one in arguments]
    result = CliRunner().invoke(main, given, catch_exceptions=False)
    assert result.exit_code == 0, f"jixiao {' '.join(given)}\n{result.output}"
    return result.stdout


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder everything of the day lies in."""
    return tmp_path_factory.mktemp("day")


def test_a_researchers_day(desk: Path) -> None:
    reports, results = desk / "reports", desk / "results"
    for name, text in REPORTS.items():
        (reports / name).parent.mkdir(parents=True, exist_ok=True)
        (reports / name).write_text(text, encoding="utf-8")

    # Morning: the whole folder, and a first look.
    told = json.loads(run("annotate", reports, "--out", results, "--workers", "1", "--json"))
    assert (told["counts"]["documents"], told["failures"]) == (3, [])
    found = jixiao.read_annotations(results)
    assert found.doc_ids == sorted(name[:-4].replace("/", "__") for name in REPORTS)
    facts = found.to_frame("facts", chinese=True)
    assert "高新技术企业数" in set(facts["指标"])
    numbers = found.to_frame()
    assert len(numbers) == pq.read_table(results / "tables" / "quantities.parquet").num_rows

    # Ten mentions, through the Python side of the widget: nine right, one corrected.
    science, school = "2022__君山区科技局", "2022__民乐县教育局"
    reviewed = desk / "reviewed"
    review = ReviewDesk(results, reviewed, reviewer=REVIEWER)
    session = review.open(science)
    right = [one.id for one in session.mentions if one.layer == "quantity"][:6]
    assert len(right) == 6
    session.judge(right, "correct")
    session = review.open(school)
    by_text = {one.record.text: one for one in session.mentions}
    session.judge([by_text["3所"].id, by_text["1080个"].id], "correct")
    session.correct(by_text["1200人次"].id, {"subject": "教师培训人次"}, "不含线上培训")
    session.judge(by_text["省级先进集体"].id, "correct")
    done = review.save()
    assert sum(done.decisions.values()) == 10
    assert done.unfit == []
    run("validate", reviewed)
    corrected = jixiao.read_annotations(reviewed)
    assert corrected.doc_ids == [science, school]
    subjects = {q.text: q.subject for q in corrected[school].quantities}
    assert subjects["1200人次"] == "教师培训人次"

    # Noon: to Label Studio and back; a colleague strikes one number out there.
    tasks = desk / "tasks.json"
    run("export", reviewed, "--to", "labelstudio", "--out", tasks)
    before = jixiao.read_annotations(reviewed)
    back = desk / "back"
    run("import", tasks, "--from", "labelstudio", "--onto", reviewed, "--out", back)
    assert [one.to_jsonl() for one in jixiao.read_annotations(back)] == [
        one.to_jsonl() for one in before
    ]
    project = json.loads(tasks.read_text(encoding="utf-8"))
    struck = _strike(project, "1080个")
    assert struck == 1
    tasks.write_text(json.dumps(project, ensure_ascii=False), encoding="utf-8")
    second = desk / "second"
    options = ("--onto", reviewed, "--reviewer", "同事", "--time", "2024-05-31T09:00:00Z")
    run("import", tasks, "--from", "labelstudio", *options, "--out", second)
    left = jixiao.read_annotations(second)[school]
    assert "1080个" not in [q.text for q in left.quantities]
    for span in [*left.quantities, *left.entities, *left.claims]:
        assert left.text[span.start : span.end] == span.text

    # Afternoon: how right was the run, by what was reviewed?
    scores = json.loads(run("evaluate", "--gold", second, "--pred", results, "--json"))
    counts = scores["micro"]["quantities"]["all"]
    gold = sum(len(one.quantities) for one in jixiao.read_annotations(second))
    assert (counts["tp"], counts["fp"], counts["fn"]) == (gold, 1, 0)
    same = jixiao.evaluate(second, results)
    assert [(e.kind, e.text) for e in same.errors if e.record == "quantity"] == [
        ("spurious", "1080个")
    ]
    agreement = jixiao.agree(reviewed, second)
    assert {one.text for one in agreement.disagreements if one.says_second is None} >= {"1080个"}

    # The review goes onto a new run of the same reports, and every decision still fits.
    newer = desk / "newer"
    run("annotate", reports, "--out", newer, "--workers", "1")
    carried = desk / "carried"
    answer = json.loads(
        run("import", reviewed, "--from", "reviews", "--onto", newer, "--out", carried, "--json")
    )
    assert answer["unfit"] == []
    decisions = Counter[str]()
    for one in answer["documents"]:
        decisions.update(one["decisions"])
    assert decisions.total() == 10

    # Evening: the panel in Excel, with its codebook, and the same to share.
    panel = desk / "panel.xlsx"
    run("panel", results, "--out", panel)
    book = openpyxl.load_workbook(panel, read_only=True)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    table = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    firms = {
        row["period"]: row["value"]
        for row in table
        if row["indicator"] == "high_tech_enterprises" and row["measure"] == "level"
    }
    assert {str(period): float(value) for period, value in firms.items()} == {
        "2021": 92,
        "2022": 107,
    }
    assert len(book.worksheets) == 2
    shared = desk / "shared"
    run("annotate", reports, "--out", shared, "--workers", "1", "--redact")
    assert "李向阳" not in "".join(one.text for one in jixiao.read_annotations(shared))
    assert [one.of(Quantity) != [] for one in jixiao.read_annotations(shared)] == [True] * 3


def _strike(tasks: list[dict[str, object]], text: str) -> int:
    """Delete the regions over some words from Label Studio's tasks, as its user would."""
    struck = 0
    for task in tasks:
        for key in ("annotations", "predictions"):
            for made in task.get(key) or ():  # type: ignore[attr-defined]
                gone = {
                    one["id"]
                    for one in made["result"]
                    if one.get("value", {}).get("text") == text and "labels" in one["value"]
                }
                struck += len(gone)
                made["result"] = [
                    one
                    for one in made["result"]
                    if not gone & {one.get("id"), one.get("from_id"), one.get("to_id")}
                ]
    return struck
