"""No output of a redacted run holds a name or number that was recognised."""

from __future__ import annotations

import base64
import gzip
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from jixiao.cli import main

REPORTS = {
    "教育局": """民乐县教育局2022年部门整体支出绩效自评报告

联系人：李向阳　　联系电话：0936-8000000

一、项目绩效情况

2022年全县新建学校3所，教师王海波获评省级先进个人。投入120万元，李向阳验收。热线400-000-0000。

\t负责人
\t马 骏安
\t手机
\t13800000000

填报人（签字）：赵彩霞　　邮箱：zhao@example.com
""",
    "科技局": """岳阳市君山区科技局2022年绩效自评报告

一、取得的成效

2022年新增高新技术企业15家，同比增长30.6%，专利授权120件。

填报人：欧阳文华 （0730）8000001转12
身份证号：43061119800101000X
""",
}
SECRETS = [
    *("李向阳", "王海波", "马 骏安", "马骏安", "赵彩霞", "欧阳文华"),
    *("0936-8000000", "8000000", "400-000-0000", "13800000000", "8000001", "43061119800101000X"),
    "zhao@example.com",
]


def run(*arguments: str | Path, code: int = 0) -> str:
    result = CliRunner().invoke(main, [str(one) for one in arguments], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.stdout


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("redaction")
    (folder / "reports").mkdir()
    for name, text in REPORTS.items():
        (folder / "reports" / f"{name}.txt").write_text(text, encoding="utf-8")
    run("annotate", folder / "reports", "--out", folder / "plain", "--workers", "1")
    run("annotate", folder / "reports", "--out", folder / "shared", "--workers", "1", "--redact")
    return folder / "plain", folder / "shared"


def contents(path: Path) -> Iterator[str]:
    """Yield all that one file says."""
    if path.suffix == ".parquet":
        yield json.dumps(pq.read_table(path).to_pylist(), ensure_ascii=False, default=str)
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield archive.read(name).decode("utf-8", "replace")
    else:
        content = path.read_bytes().decode("utf-8", "replace")
        yield content
        packed = re.findall(r'<script type="application/gzip"[^>]*>([^<]*)<', content)
        unpacked = [gzip.decompress(base64.b64decode(one)).decode() for one in packed]
        yield from unpacked
        for page in (content, *unpacked):
            yield re.sub(r"<[^>]*>", "", page)  # marks begin and end inside words


def leaks(place: Path) -> list[tuple[str, str]]:
    files = [one for one in place.rglob("*") if one.is_file()] if place.is_dir() else [place]
    assert files
    return [
        (path.name, secret)
        for path in files
        for content in contents(path)
        for secret in SECRETS
        if secret in content
    ]


def test_a_plain_run_holds_them_in_every_kind_of_output(runs: tuple[Path, Path]) -> None:
    """What the next test looks for can be found where it looks."""
    plain, _ = runs
    found = {Path(name).suffix for name, _ in leaks(plain)}
    assert found == {".jsonl", ".txt", ".parquet", ".xlsx", ".html"}


def test_a_redacted_run_holds_none(runs: tuple[Path, Path]) -> None:
    _, shared = runs
    assert leaks(shared) == []


def test_a_redacted_run_is_valid_and_says_so(runs: tuple[Path, Path]) -> None:
    _, shared = runs
    run("validate", shared)
    documents = pq.read_table(shared / "tables" / "documents.parquet").to_pylist()
    assert [one["redacted"] for one in documents] == [True, True]
    assert json.loads((shared / "run.json").read_text())["settings"]["redact"] is True


def test_the_values_are_those_of_the_plain_run(runs: tuple[Path, Path]) -> None:
    plain, shared = (pq.read_table(one / "tables" / "facts.parquet").to_pylist() for one in runs)
    assert plain == shared != []


def test_a_plain_run_is_not_taken_for_a_redacted_one(
    runs: tuple[Path, Path], tmp_path: Path
) -> None:
    plain, _ = runs
    reports = plain.parent / "reports"
    out = tmp_path / "out"
    run("annotate", reports, "--out", out, "--workers", "1")
    run("annotate", reports, "--out", out, "--workers", "1", "--redact", "--resume")
    assert leaks(out) == []


@pytest.mark.parametrize("to", ["labelstudio", "brat", "prodigy", "webannotation", "conll"])
def test_exports_of_a_plain_run(runs: tuple[Path, Path], tmp_path: Path, to: str) -> None:
    plain, _ = runs
    suffix = {"labelstudio": ".json", "prodigy": ".jsonl", "conll": ".conll"}.get(to, "")
    place = tmp_path / f"open{suffix}"
    run("export", plain, "--to", to, "--out", place)
    # A character of CoNLL stands on a line of its own.
    assert leaks(place) or to == "conll"
    place = tmp_path / f"shared{suffix}"
    run("export", plain, "--to", to, "--out", place, "--redact")
    assert leaks(place) == []
    if to == "conll":
        assert "欧" not in place.read_text(encoding="utf-8")


def test_a_page_of_a_report_and_of_an_annotation_file(
    runs: tuple[Path, Path], tmp_path: Path
) -> None:
    plain, _ = runs
    page = tmp_path / "page.html"
    for file in (plain.parent / "reports" / "教育局.txt", plain / "annotations" / "教育局.jsonl"):
        run("show", file, "--html", page)
        assert leaks(page)
        run("show", file, "--html", page, "--redact")
        assert leaks(page) == []
        assert "＊＊＊" in page.read_text(encoding="utf-8")
        assert not [one for one in SECRETS if one in run("show", file, "--redact")]


@pytest.mark.parametrize("name", ["changzhi-culture-2023.txt", "minle-education-2022.docx"])
def test_a_page_of_a_specimen_keeps_its_layout(name: str, tmp_path: Path) -> None:
    file = Path(__file__).parents[2] / "corpus" / name
    pages = []
    for options in ((), ("--redact",)):
        run("show", file, "--html", tmp_path / "page.html", *options)
        page = (tmp_path / "page.html").read_text(encoding="utf-8")
        pages.append([page.count(tag) for tag in ("<table", "<td", "<p", "<h2", "<h3")])
    assert pages[0] == pages[1]


def test_a_panel_quotes_no_name(runs: tuple[Path, Path], tmp_path: Path) -> None:
    plain, _ = runs
    table = tmp_path / "panel.csv"
    run("panel", plain, "--out", table, "--redact")
    assert leaks(table) == []
    assert "高新技术企业" in table.read_text(encoding="utf-8-sig")


def test_an_evaluation_quotes_no_name(runs: tuple[Path, Path], tmp_path: Path) -> None:
    plain, _ = runs
    gold = tmp_path / "gold"
    gold.mkdir()
    for path in (plain / "annotations").iterdir():
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if '"type":"document"' in line or '"COUNT"' in line]
        (gold / path.name).write_text("".join(kept), encoding="utf-8")
    page = tmp_path / "page.html"
    given = ("evaluate", "--gold", gold, "--pred", plain, "--resamples", "10", "--html", page)
    run(*given)
    assert leaks(page)
    run(*given, "--redact")
    assert leaks(page) == []
    assert "＊＊＊" in page.read_text(encoding="utf-8")


def test_a_review_sheet_of_a_redacted_run(runs: tuple[Path, Path], tmp_path: Path) -> None:
    _, shared = runs
    sheet = tmp_path / "sheet.xlsx"
    run("sample", shared, "--out", sheet, "--n", "5", "--missed", "4")
    assert leaks(sheet) == []
