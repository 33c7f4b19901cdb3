"""What the evaluation tells beyond its numbers: places, causes, the page, the tables, the command."""

from __future__ import annotations

import io
import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from rich.console import Console

import jixiao
from jixiao.cli import main
from jixiao.errors import EvaluationError, OutputError, SettingsError
from jixiao.evaluation import AnnotationFile, Evaluation, compare, evaluate
from jixiao.evaluation.charts import reliability, risk_coverage, whisker
from jixiao.evaluation.frames import TABLES, write_parquet
from jixiao.evaluation.rendering import render, render_comparison
from jixiao.records import Claim, Document, Entity, Quantity, Record, encode_line

RAW = "一、存在的问题\n金湖县投入3.5亿元，同比增长42.3%。\n二、建议\n加强<b>培训</b>12期。\n"
GROWTH = RAW.index("42.3%")


def at(words: str) -> dict[str, Any]:
    start = RAW.index(words)
    return {"start": start, "end": start + len(words), "text": words}


def money(value: str = "350000000", **fields: Any) -> Quantity:
    given = {**at("3.5亿元"), **fields}
    return Quantity(id="q1", label="MONEY", value=Decimal(value), unit="CNY", **given)


def percent(**fields: Any) -> Quantity:
    given = {**at("42.3%"), **fields}
    return Quantity(id="q2", label="PERCENT", value=Decimal("42.3"), unit="%", **given)


def county(**fields: Any) -> Entity:
    return Entity(id="e1", **{**at("金湖县"), "label": "PLACE", **fields})


def hostile() -> Entity:
    return Entity(id="e2", **at("<b>培训</b>"), label="PROGRAM")


def annotation(*records: Record, doc_id: str = "a", **document: str) -> AnnotationFile:
    first = Document(doc_id=doc_id, **document)
    return AnnotationFile(first, [first, *records])


def evaluation() -> Evaluation:
    gold = annotation(county(), money(measure="level"), percent(), hostile())
    predicted = annotation(
        county(label="GOV", confidence=0.6, rule="head.gov"),
        money(measure="new", confidence=0.9),
        percent(start=GROWTH, end=GROWTH + 4, text="42.3", confidence=0.8),
    )
    return evaluate({"a": gold}, {"a": predicted}, {"a": RAW})


def write(folder: Path, annotation: AnnotationFile) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    content = "".join(encode_line(record) + "\n" for record in annotation.records)
    (folder / f"{annotation.document.doc_id}.jsonl").write_text(content, encoding="utf-8")


class TestPlaces:
    def test_a_difference_has_its_sentence_and_section(self) -> None:
        errors = {(one.kind, one.text): one for one in evaluation().errors}
        wrong = errors["field", "3.5亿元"]
        assert wrong.sentence == "金湖县投入3.5亿元，同比增长42.3%。"
        assert wrong.sentence_start == RAW.index("金湖县")
        assert (wrong.section, wrong.confidence) == ("problems", 0.9)
        assert errors["missed", "<b>培训</b>"].section == "suggestions"

    def test_without_the_text_the_predicted_section_before_it_counts(self) -> None:
        found = money(section=["一、存在的问题"])
        got = evaluate({"a": annotation(money(), percent())}, {"a": annotation(found)})
        [missed] = got.errors
        assert (missed.section, missed.sentence) == ("problems", None)

    def test_before_any_heading_it_is_unknown(self) -> None:
        gold = {"a": annotation(county())}
        assert evaluate(gold, gold).breakdown("entities", "section").keys() == {"unknown"}

    def test_a_text_beside_the_predictions_that_does_not_fit_is_passed_over(self) -> None:
        gold = {"a": annotation(county())}
        empty = {"a": annotation()}
        for text, sentence in ((RAW, "金湖县投入3.5亿元，同比增长42.3%。"), ("别的文字", None)):
            [missed] = evaluate(gold, empty, context={"a": text}).errors
            assert missed.sentence == sentence


class TestCauses:
    def cause(self, gold: Record, *predicted: Record) -> tuple[str | None, str | None]:
        found = evaluate({"a": annotation(gold)}, {"a": annotation(*predicted)})
        [missed] = [one for one in found.errors if one.kind == "missed"]
        return missed.cause, missed.other

    def test_what_differs_is_told(self) -> None:
        assert self.cause(money()) == ("absent", None)
        assert self.cause(money(), money("1")) == ("value", "3.5亿元 · MONEY 1 CNY")
        other = money()
        other.unit = "USD"
        assert self.cause(money(), other)[0] == "unit"
        assert self.cause(county(), county(label="GOV")) == ("label", "金湖县 · GOV")
        shorter = county(end=RAW.index("金湖县") + 2, text="金湖")
        assert self.cause(county(), shorter) == ("boundary", "金湖 · PLACE")

    def test_claims_with_too_little_in_common_differ_in_their_boundary(self) -> None:
        long = Claim(id="c1", start=0, end=20, text=RAW[:20], kind="growth")
        short = Claim(id="c1", start=0, end=5, text=RAW[:5], kind="growth")
        assert self.cause(long, short)[0] == "boundary"


class _Tags(HTMLParser):
    """The tags of a page, and the text outside scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.loaded: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loaded += [v or "" for k, v in attrs if k in ("src", "href") and v and v[0] != "#"]
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.words += data


def parsed(page: str) -> _Tags:
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    return tags


class TestPage:
    def test_it_needs_nothing_else_and_is_whole(self) -> None:
        page = evaluation().to_html()
        tags = parsed(page)
        assert tags.loaded == []
        assert "@import" not in page
        assert "url(" not in page
        assert "prefers-color-scheme: dark" in page
        assert "Noto Sans CJK SC" in page

    def test_the_text_of_a_report_is_no_markup(self) -> None:
        tags = parsed(evaluation().to_html())
        assert "b" not in tags.tags
        assert "加强<b>培训</b>12期。" in tags.words

    def test_a_hostile_name_of_a_document_is_no_markup(self) -> None:
        doc_id = '"><script>alert(1)</script>'
        gold = {doc_id: annotation(county(), doc_id=doc_id)}
        page = evaluate(gold, {doc_id: annotation(doc_id=doc_id)}).to_html()
        assert parsed(page).tags.count("script") == 1
        assert 'data-document="&quot;&gt;&lt;script&gt;' in page

    def test_it_shows_plots_confusions_and_both_sides(self) -> None:
        page = evaluation().to_html()
        assert page.count('class="chart"') == 4  # quantities and entities have a confidence
        assert "PLACE → GOV (1)" in parsed(page).words
        assert "<mark>3.5亿元</mark>" in page
        assert "金湖县 · GOV" in page

    def test_too_many_differences_are_cut_and_counted(self) -> None:
        from jixiao.evaluation.page import render_page

        found = evaluation()
        page = render_page(found, most_errors=2)
        assert page.count('class="error"') == 2
        assert f"{len(found.errors) - 2} more are left out" in page

    def test_the_same_scores_give_the_same_page(self) -> None:
        assert evaluation().to_html() == evaluation().to_html()

    def test_a_long_sentence_is_cut_around_the_record(self) -> None:
        long = "甲" * 300 + "金湖县" + "乙" * 300
        name = Entity(id="e1", start=300, end=303, text="金湖县", label="PLACE")
        found = evaluate({"a": annotation(name)}, {"a": annotation()}, {"a": long})
        assert f"…{'甲' * 90}<mark>金湖县</mark>{'乙' * 90}…" in found.to_html()

    def test_plots_of_nothing_are_empty(self) -> None:
        assert "circle" not in reliability([], "无")
        assert "circle" not in risk_coverage([], "无")
        assert whisker(None, None) == ""


class TestFrames:
    def test_every_table_has_its_columns_whatever_it_holds(self) -> None:
        empty = {"a": annotation()}
        for name in TABLES:
            full, bare = evaluation().to_frame(name), evaluate(empty, empty).to_frame(name)
            assert list(full.columns) == list(bare.columns)
            assert list(full.dtypes) == list(bare.dtypes)

    def test_scores_carry_their_interval(self) -> None:
        names = [str(number) for number in range(12)]
        gold = {name: annotation(money(), percent(), doc_id=name) for name in names}
        half = {name: annotation(money(), doc_id=name) for name in names[:6]}
        scores = evaluate(gold, {**gold, **half}).to_frame("scores", seed=1)
        row = scores[(scores.group == "quantities") & (scores.name == "all")].iloc[0]
        assert (row.tp, row.fn, row.documents, row.few) == (18, 6, 12, False)
        assert row.low < row.f1 < row.high

    def test_breakdowns_name_the_section(self) -> None:
        table = evaluation().to_frame("breakdowns")
        found = table[(table.layer == "quantities") & (table.by == "section")]
        assert found[["name", "tp", "fn"]].to_numpy().tolist() == [["problems", 2, 0]]

    def test_parquet_gives_the_tables_back(self, tmp_path: Path) -> None:
        written = write_parquet(evaluation(), tmp_path / "tables")
        assert sorted(path.stem for path in written) == sorted(TABLES)
        errors = pd.read_parquet(tmp_path / "tables" / "errors.parquet")
        assert errors.sentence.str.contains("金湖县").any()

    def test_a_folder_that_cannot_be_made_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x")
        with pytest.raises(OutputError, match="cannot write the tables"):
            write_parquet(evaluation(), tmp_path / "file" / "tables")

    def test_an_unknown_table_is_refused(self) -> None:
        with pytest.raises(SettingsError, match="expected one of"):
            evaluation().to_frame("score")


class TestTerminal:
    def shown(self, **options: Any) -> str:
        stream = io.StringIO()
        found = evaluation()
        console = Console(file=stream, width=110)
        render(found, console, intervals=found.intervals(), **options)
        return stream.getvalue()

    def test_it_is_short_unless_details_are_asked_for(self) -> None:
        short, long = self.shown(details=False), self.shown()
        assert "SemEval-2013" in short
        assert "No interval: that needs two documents that differ." in short
        for title in ("By section", "Fields, end to end", "Most confused", "Confidence"):
            assert title not in short
            assert title in long
        assert "entities · PLACE → GOV" in long

    @pytest.mark.parametrize(
        ("number", "note"),
        [(3, "3 documents are few: take them for too short"), (12, "Intervals: 95 %")],
    )
    def test_intervals_over_few_documents_are_marked(self, number: int, note: str) -> None:
        names = [f"{index:02}" for index in range(number)]
        gold = {name: annotation(money(), percent(), doc_id=name) for name in names}
        found = evaluate(gold, {**gold, "00": annotation(money(), doc_id="00")})
        stream = io.StringIO()
        shown = found.intervals(seed=1)
        render(found, Console(file=stream, width=110), intervals=shown, details=False)
        assert note in stream.getvalue()
        interval = shown["quantities", "all", "f1"]
        printed = f"{interval.low:.3f}–{interval.high:.3f}"
        assert (f"{printed}*" in stream.getvalue()) is (number < 10)
        assert printed in stream.getvalue()
        assert (f"{printed}*" in found.to_html(intervals=shown)) is (number < 10)

    def test_gold_made_for_other_layers_is_told(self) -> None:
        gold = {"a": annotation(money())}
        found = evaluate(gold, {"a": annotation(money(indicator="gdp"), county())})
        assert found.unasked == {"indicators": ("a",), "entities": ("a",)}
        stream = io.StringIO()
        render(found, Console(file=stream, width=110), details=False)
        assert "1 whose gold has no indicators (all predicted count as made up): a" in (
            stream.getvalue()
        )


class TestComparison:
    def runs(self) -> tuple[AnnotationFile, AnnotationFile, AnnotationFile]:
        gold = annotation(county(), money(measure="level"), percent())
        first = annotation(county(), money(measure="new"))
        second = annotation(county(label="GOV"), money(measure="level"), percent())
        return first, second, gold

    def test_what_is_gained_and_lost(self) -> None:
        first, second, gold = self.runs()
        found = compare({"a": first}, {"a": second}, {"a": gold}, {"a": RAW})
        assert [(one.kind, one.text, one.field) for one in found.gained] == [
            ("field", "3.5亿元", "measure"),
            ("missed", "42.3%", None),
        ]
        assert [(one.kind, one.label) for one in found.lost] == [
            ("missed", "PLACE"),
            ("spurious", "GOV"),
        ]
        assert found.lost[0].sentence == "金湖县投入3.5亿元，同比增长42.3%。"
        by_layer = {one.layer: one for one in found.differences}
        assert by_layer["quantities"].difference == pytest.approx(1 / 3)
        assert by_layer["entities"].difference == -1
        assert "claims" not in by_layer  # gold has none

    def test_a_field_of_a_record_only_one_run_found_is_neither(self) -> None:
        gold = annotation(money(measure="level", period="2021"))
        found = compare({"a": annotation()}, {"a": annotation(money())}, {"a": gold})
        assert [one.kind for one in found.gained] == ["missed"]
        assert found.lost == ()

    def test_wrong_in_another_way_is_no_change(self) -> None:
        gold = annotation(money(measure="level"))
        first, second = annotation(money(measure="new")), annotation(money(measure="share"))
        assert compare({"a": first}, {"a": second}, {"a": gold}).changes == ()

    def test_only_documents_of_all_three_count(self) -> None:
        first, second, gold = self.runs()
        other = annotation(money(), doc_id="b")
        found = compare({"a": first}, {"a": second, "b": other}, {"a": gold, "b": other})
        assert list(found.first.documents) == ["a"]
        with pytest.raises(EvaluationError, match="no document is in gold"):
            compare({"b": other}, {"a": second}, {"a": gold})

    def test_the_markdown_holds_no_text_of_a_report(self) -> None:
        first, second, gold = self.runs()
        shown = compare({"a": first}, {"a": second}, {"a": gold}, {"a": RAW}).to_markdown()
        assert "| quantities | 0.6667 | 1.0000 | +0.3333 | 1.000 (≥1) |" in shown
        assert "| quantity · measure | 1 | 0 |" in shown
        assert "claims" not in shown
        assert not re.search("[\u4e00-\u9fff]", shown)

    def test_the_terminal_shows_records_in_their_sentence(self) -> None:
        first, second, gold = self.runs()
        stream = io.StringIO()
        found = compare({"a": first}, {"a": second}, {"a": gold}, {"a": RAW})
        render_comparison(found, Console(file=stream, width=140))
        assert "Gained, 2" in stream.getvalue()
        assert "同比增长42.3%。" in stream.getvalue()

    def test_frames(self) -> None:
        first, second, gold = self.runs()
        found = compare({"a": first}, {"a": second}, {"a": gold})
        assert list(found.to_frame("changes").change) == ["gained"] * 2 + ["lost"] * 2
        assert found.to_frame().columns[0] == "layer"


class TestCommands:
    @pytest.fixture
    def folders(self, tmp_path: Path) -> Path:
        write(tmp_path / "gold", annotation(county(), money(measure="level"), hostile()))
        write(tmp_path / "a" / "annotations", annotation(money(measure="level")))
        write(tmp_path / "b" / "annotations", annotation(county(), money(measure="new")))
        for run in "ab":
            (tmp_path / run / "text").mkdir()
            (tmp_path / run / "text" / "a.txt").write_text(RAW, encoding="utf-8", newline="")
        return tmp_path

    def run(self, *arguments: object) -> tuple[str, str]:
        result = CliRunner().invoke(main, [str(one) for one in arguments])
        assert result.exit_code == 0, result.output
        return result.stdout, result.stderr

    def test_evaluate_writes_page_tables_and_json(self, folders: Path) -> None:
        page, tables = folders / "report.html", folders / "tables"
        out, err = self.run(
            *("evaluate", "--gold", folders / "gold", "--pred", folders / "b", "--json"),
            *("--html", page, "--parquet", tables),
        )
        found = json.loads(out)
        assert found["micro"]["entity_spans"]["partial"]["recall"] == 0.5
        assert found["breakdowns"]["quantities"]["section"]["problems"]["tp"] == 1
        assert found["confusion"]["measures"] == [{"gold": "level", "predicted": "new", "count": 1}]
        assert [one["sentence"] for one in found["errors"] if one["kind"] == "missed"] == [
            "加强<b>培训</b>12期。"
        ]
        assert "加强&lt;b&gt;培训" in page.read_text(encoding="utf-8").replace("<mark>", "")
        assert (tables / "scores.parquet").is_file()
        assert f"wrote {page}" in err

    def test_help_teaches_with_examples(self) -> None:
        for command in ("evaluate", "compare"):
            out, _ = self.run(command, "--help")
            assert f"For example:\n    jixiao {command} " in out

    def test_evaluate_is_short_by_default(self, folders: Path) -> None:
        command = ("evaluate", "--gold", folders / "gold", "--pred", folders / "b")
        assert "By section" not in self.run(*command)[0]
        assert "By section" in self.run(*command, "--details")[0]

    def test_compare_speaks_to_people_programs_and_commits(self, folders: Path) -> None:
        command = ("compare", folders / "a", folders / "b", "--gold", folders / "gold")
        out, _ = self.run(*command)
        assert "Gained, 1" in out
        assert "Lost, 1" in out
        found = json.loads(self.run(*command, "--json")[0])
        assert [(one["change"], one["record"]) for one in found["changes"]] == [
            ("gained", "entity"),
            ("lost", "quantity"),
        ]
        brief, _ = self.run(*command, "--brief")
        assert brief.startswith("1 document; 1 gained, 1 lost\n")
        assert "| quantity · measure | 0 | 1 |" in brief

    def test_the_functions_of_the_package_do_the_same(self, folders: Path) -> None:
        gold, first, second = folders / "gold", str(folders / "a"), folders / "b"
        found = jixiao.evaluate(gold, second)
        assert found.errors[0].sentence is not None
        assert jixiao.evaluate(gold, second, second / "text").unverified == ()
        assert len(jixiao.compare(first, second, gold).gained) == 1
        stream = iter([annotation(county())])
        assert jixiao.compare(stream, second, gold).to_dict()["documents"] == 1
