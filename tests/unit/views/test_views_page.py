"""The page of a report and of a corpus: nothing lost, nothing run, each mark where its record is."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.annotation import Annotation
from jixiao.errors import OutputError
from jixiao.pipeline import annotate_text
from jixiao.views.page import PagesWriter, PageWriter, report_page, write_report_page
from jixiao.views.page.charts import MOST_BARS, MOST_LINES, Point, chart
from jixiao.views.page.marked import marked_text
from jixiao.views.wrapping import seen

TITLE = "湄潭县水务局2021年度部门整体支出绩效自评报告\n"
REPORT = (
    f"{TITLE}一、主要成效\n（一）供水。全年投入385.08万元，同比增长30.6%，新认定高新技术企业15家，"
    "获评全省节水先进县。\n"
    "\t项目\n\t金额（万元）\n\n\t供水\n\t200\n\n\t排水\n\t185.08\n\n\t合计\n\t385.08\n\n二、问题\n有12处工程未完工。\n"
)


class _Text(HTMLParser):
    """Collects the text of a page, and that of each record by the ids in ``data-r``."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.marks: dict[str, str] = {}
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self._open: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "mark":
            self._open.append((dict(attrs).get("data-r") or "").split())

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self.words += data
        for id in {id for ids in self._open for id in ids}:
            self.marks[id] = self.marks.get(id, "") + data


def parsed(html: str) -> _Text:
    parser = _Text()
    parser.feed(str(html))
    parser.close()
    return parser


def bare(text: str) -> str:
    return re.sub(r"\s", "", seen(text))


def spans(annotation: Annotation) -> dict[str, str]:
    records = (*annotation.quantities, *annotation.entities, *annotation.claims)
    return {record.id: bare(record.text) for record in records}


PIECES = [
    *(
        "全年投入385.08万元，",
        "新增企业15家",
        "获评省级示范县",
        "\n",
        "。",
        "\t项目\n\t3家\n\n",
        "（二）供水。",
        "　　",
    ),
    *(
        "<b>",
        "&amp;",
        '"',
        "</mark>",
        "\x1b",
        "\u202e",
        "湄潭县水务局",
        "一、成效\n",
        "同比增长3%；",
    ),
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@settings(max_examples=60)
def test_the_text_is_whole_and_each_mark_is_its_record(text: str) -> None:
    annotation = annotate_text(TITLE + text)
    page = parsed(marked_text(annotation))
    assert bare(page.words) == bare(annotation.text)
    assert {id: bare(words) for id, words in page.marks.items()} == spans(annotation)


def test_paragraphs_headings_and_tables() -> None:
    html = marked_text(annotate_text(REPORT))
    assert "<h" in html.partition("主要成效")[0].rpartition("\n")[2]
    assert "<p><b>（一）供水</b>。" in html
    assert html.count("<table>") == 1
    assert html.count("<tr>") == 4
    assert html.count("<td>") == 8


def test_a_page_stands_alone_and_runs_nothing_of_the_report() -> None:
    hostile = '<script>alert(1)</script>"><img src=x onerror=alert(1)>{{7*7}}</style>'
    page = report_page(
        annotate_text(f"{TITLE}一、主要成效\n{hostile}新增企业15家。{hostile}\n"), {}
    )
    found = parsed(page)
    assert found.tags.count("script") == found.tags.count("style") == 1
    assert "img" not in found.tags
    assert "{{7*7}}" in page
    assert not found.attributes & {"src", "href", "onerror", "style"}
    assert "default-src 'none'" in page


def test_every_pane_has_its_rows() -> None:
    annotation = annotate_text(REPORT)
    page = report_page(annotation, {})
    counts = dict(re.findall(r"data-pane=(\w+) (?:aria-selected=true)?>\S+ <b>(\d+)</b>", page))
    assert int(counts["quantities"]) == len(annotation.quantities) == 7
    assert int(counts["facts"]) == len(annotation.facts) > 0
    assert int(counts["checks"]) > 0
    assert "相符" in page
    assert "荣誉认定" in page


def test_an_empty_report_gives_a_page() -> None:
    assert "无" in report_page(annotate_text(""), {})


def test_time_grows_with_the_length(assert_linear: Callable[..., None]) -> None:
    def prepare(count: int) -> Callable[[], object]:
        annotation = annotate_text("新增企业15家，" * count)
        return lambda: marked_text(annotation)

    assert_linear(prepare, 100)


def test_a_page_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        write_report_page(tmp_path / "none" / "page.html", annotate_text(""), {})


def parts(page: str) -> dict[str, str]:
    found = re.findall(r'<script type="application/gzip" data-part="(\w+)">([^<]*)</script>', page)
    return {name: gzip.decompress(base64.b64decode(packed)).decode() for name, packed in found}


def write(path: Path, *annotations: Annotation) -> str:
    with PageWriter(path, {}, version="1") as writer:
        for annotation in annotations:
            writer.add(annotation)
        writer.add_failure("b", "b.doc", "read", "DocumentError", "broken <b>")
    return path.read_text(encoding="utf-8")


def test_a_corpus_holds_each_report_and_all_facts(tmp_path: Path) -> None:
    annotation = annotate_text(REPORT)
    page = write(tmp_path / "report.html", annotation, annotation)
    assert page == write(tmp_path / "again.html", annotation, annotation)
    packed = parts(page)
    assert set(packed) == {"0", "1", "facts"}
    assert bare(REPORT.splitlines()[2][:6]) in bare(parsed(packed["1"]).words)
    facts = json.loads(packed["facts"])
    assert len(facts) == 2 * len(annotation.facts)
    assert {fact[1] for fact in facts} == {0, 1}
    assert "broken &lt;b&gt;" in page
    assert not list(tmp_path.glob(".*"))


def test_a_run_that_fails_keeps_the_former_page(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("former")
    with pytest.raises(KeyboardInterrupt), PageWriter(path, {}) as writer:
        writer.add(annotate_text(REPORT))
        raise KeyboardInterrupt
    assert path.read_text() == "former"
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def titled(name: str) -> Annotation:
    annotation = annotate_text(REPORT)
    annotation.document.doc_id, annotation.document.source = name, f"{name}.txt"
    return annotation


def write_pages(path: Path, *names: str, **limits: int) -> list[str]:
    with PagesWriter(path, {}, version="1", **limits) as writer:
        for name in names:
            writer.add(titled(name))
        writer.add_failure("z", "z.doc", "read", "DocumentError", "broken")
    return sorted(each.name for each in path.parent.iterdir())


def test_a_small_corpus_is_one_page(tmp_path: Path) -> None:
    assert write_pages(tmp_path / "report.html", "a", "b") == ["report.html"]
    alone = write(tmp_path / "alone.html", titled("a"), titled("b"))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert parts(page) == parts(alone)
    assert "目录" not in page


@pytest.mark.parametrize("limit", ["most_documents", "most_facts", "most_bytes"])
def test_a_large_corpus_is_split_and_an_index_leads_to_its_pages(
    tmp_path: Path, limit: str
) -> None:
    names = write_pages(tmp_path / "report.html", "a", "b", "c", **{limit: 1})
    assert names == ["report-001.html", "report-002.html", "report-003.html", "report.html"]
    index = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert re.findall(r'href="([^"]+)"', index) == names[:3]
    assert all(f"{name}.txt" in index for name in "abc")
    last = (tmp_path / names[2]).read_text(encoding="utf-8")
    assert '<a href="report.html">' in last
    assert set(parts(last)) == {"0", "facts"}
    assert "z.doc" in last


def test_pages_of_a_former_larger_run_go_and_those_of_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    (tmp_path / "report-notes.html").write_text("mine")
    write_pages(path, "a", "b", "c", most_documents=1)
    assert write_pages(path, "a") == ["report-notes.html", "report.html"]


def test_a_run_that_fails_keeps_the_former_pages(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    names = write_pages(path, "a", "b", most_documents=1)
    before = path.read_bytes()
    with pytest.raises(KeyboardInterrupt), PagesWriter(path, {}, most_documents=1) as writer:
        for name in "abcd":
            writer.add(titled(name))
        raise KeyboardInterrupt
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == names


def points(regions: int, years: int) -> list[Point]:
    return [
        Point(f"{r}县", 2015 + y, Decimal(r * 10 + y)) for r in range(regions) for y in range(years)
    ]


def test_lines_over_years() -> None:
    svg = chart(points(3, 4))
    assert svg.count("<path class='line") == 3
    assert svg.count("<circle") == 12
    assert "2015" in svg
    assert "2018" in svg
    assert chart(points(20, 2)).count("<path class='line") == MOST_LINES


def test_bars_over_regions() -> None:
    assert chart(points(3, 1)).count("<rect") == 3
    assert chart(points(30, 1)).count("<rect") == MOST_BARS
    assert chart([]) == ""


def test_negative_and_zero_values_are_drawn() -> None:
    assert "NaN" not in chart([Point("甲", 2020, Decimal(0)), Point("甲", 2021, Decimal(0))])
    assert (
        chart([Point("甲", 2020, Decimal(-5)), Point("乙", 2020, Decimal(5))]).count("<rect") == 2
    )


def test_the_names_of_regions_are_escaped() -> None:
    assert "<b>" not in chart([Point("<b>", 2020, Decimal(1)), Point("<b>", 2021, Decimal(2))])
