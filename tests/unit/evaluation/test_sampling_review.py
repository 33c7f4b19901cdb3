"""Sample, sheet and estimate: the draw, the way through the workbook, and sheets that are broken."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from jixiao.api import annotate
from jixiao.cli import main
from jixiao.errors import SettingsError
from jixiao.evaluation.sampling import REST, allocate, collapse, draw_sample
from jixiao.records import encode_line
from jixiao.stores.annotations import write_annotation

Edit = Callable[[Any], None]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a run's folder: four reports of made-up sentences."""
    folder = tmp_path_factory.mktemp("run")
    for number in range(1, 5):
        lines = [
            f"202{number}年投入资金{10 * number + row}万元，新建学校{row + 2}所，完成率{80 + row}%。"
            for row in range(12)
        ]
        text = f"一、主要成效\n{''.join(lines)}\n二、存在的问题\n人手只有{number + 3}人。\n"
        from jixiao.documents import Report

        found = annotate(Report(f"报告{number}", text))
        write_annotation(folder, f"报告{number}", text, [encode_line(r) for r in found.records])
    return folder


def invoke(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def edit(path: Path, change: Edit) -> Path:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def column(sheet: Any, name: str) -> int:
    return [cell.value for cell in sheet[1]].index(name) + 1


def fill(book: Any, *, wrong: int = 0, doubtful: int = 0, missed: int = 0) -> None:
    sheet = book["复核"]
    place = column(sheet, "数值复核")
    for row in range(2, sheet.max_row + 1):
        number = row - 2
        said = "错误" if number < wrong else "存疑" if number < wrong + doubtful else "正确"
        sheet.cell(row, place).value = said
    if "漏检" in book.sheetnames:
        sheet = book["漏检"]
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, column(sheet, "漏检数")).value = int(row - 2 < missed)


@pytest.fixture
def review(run: Path, tmp_path: Path) -> Path:
    path = tmp_path / "review.xlsx"
    done = invoke("sample", run, "--out", path, "--n", 40, "--missed", 20, "--seed", 3)
    assert done.exit_code == 0, done.output
    return path


class TestDraw:
    def test_the_same_seed_draws_the_same_and_another_does_not(self, run: Path) -> None:
        first = draw_sample(run, 30, seed=1)
        assert first == draw_sample(run, 30, seed=1)
        assert first.units != draw_sample(run, 30, seed=2).units
        assert first.fingerprint == draw_sample(run, 50, seed=9).fingerprint

    def test_the_strata_add_up_to_all_records_and_the_sample_to_n(self, run: Path) -> None:
        for by in (["label"], ["label", "confidence", "section", "document"]):
            found = draw_sample(run, 40, by=by)  # type: ignore[arg-type]
            assert sum(one.size for one in found.strata) == sum(found.counts.values())
            assert sum(one.number for one in found.strata) == len(found.units) == 40
            assert Counter(stratum for _, stratum in found.units) == {
                one.id: one.number for one in found.strata
            }
            assert all(one.number >= min(2, one.size) for one in found.strata)
            assert len({(one.doc_id, one.record_id) for one, _ in found.units}) == 40

    def test_more_than_there_is_takes_all(self, run: Path) -> None:
        found = draw_sample(run, 10_000)
        assert len(found.units) == sum(found.counts.values())
        assert all(one.weight == 1 for one in found.strata)

    def test_the_largest_amounts_are_taken_whole(self, run: Path) -> None:
        found = draw_sample(run, 30, largest=5)
        (whole,) = [one for one in found.strata if one.name == "最大金额"]
        assert (whole.size, whole.number) == (5, 5)
        values = [unit.value for unit, stratum in found.units if stratum == whole.id]
        assert min(value for value in values if value is not None) == 470_000

    def test_only_sentences_with_numerals_are_looked_through(self, run: Path) -> None:
        found = draw_sample(run, 10, missed=1_000)
        # 13 sentences and the two headings, whose 一 and 二 are numerals.
        sizes = {one.name: one.size for one in found.strata if one.kind == "sentence"}
        assert sizes == {"有记录": 4 * 13, "无记录": 4 * 2}

    def test_small_strata_go_together_inside_what_they_share(self) -> None:
        keys = [("金额", "a")] * 50 + [("金额", "b")] * 2 + [("金额", "c")] * 3 + [("排名", "a")]
        place = collapse(keys, 20)
        assert place["金额", "a"] == ("金额", "a")
        assert place["金额", "b"] == place["金额", "c"]
        assert place["排名", "a"] == (REST, REST)

    def test_neyman_takes_more_where_the_spread_is_greater(self) -> None:
        assert allocate([500, 500], [1, 1], 20) == [10, 10]
        assert allocate([500, 500], [1, 3], 20) == [5, 15]
        assert allocate([500, 3], [1, 60], 20) == [17, 3]  # no more than there is

    @pytest.mark.parametrize(
        ("options", "told"),
        [
            ({"by": ["label", "colour"]}, "'colour'"),
            ({"by": ["label", "label"]}, "each of"),
            ({"number": 1}, "n is 1"),
            ({"largest": 29}, "largest of at most"),
            ({"record": "entity", "missed": 5}, "about numbers"),
        ],
    )
    def test_settings_that_make_no_sample_are_refused(
        self, run: Path, options: dict[str, Any], told: str
    ) -> None:
        with pytest.raises(SettingsError, match=told):
            draw_sample(run, **{"number": 30, **options})

    def test_a_folder_without_annotations_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="holds no annotations"):
            draw_sample(tmp_path, 30)


class TestEstimate:
    def test_verdicts_become_precision_recall_and_a_paragraph(
        self, review: Path, run: Path
    ) -> None:
        edit(review, lambda book: fill(book, wrong=3, doubtful=1, missed=1))
        done = invoke("estimate", review, "--run", run, "--json")
        assert done.exit_code == 0, done.output
        told = json.loads(done.stdout)
        weights = {one["id"]: one["size"] / one["number"] for one in told["strata"]}
        book = openpyxl.load_workbook(review)["复核"]
        strata = [book.cell(row, column(book, "层")).value for row in range(2, 42)]
        size = sum(one["size"] for one in told["strata"] if one["id"].startswith("R"))
        right = sum(weights[name] for name in strata[4:])
        assert told["precision"]["value"] == pytest.approx(right / size)
        with_doubtful = (right + weights[strata[3]]) / size
        assert told["doubtful_right"]["value"] == pytest.approx(with_doubtful)
        assert told["counts"][0]["corrected"]["value"] == pytest.approx(right)
        heard = openpyxl.load_workbook(review)["漏检"]
        missed = weights[heard.cell(2, column(heard, "层")).value]
        assert told["missed"]["value"] == pytest.approx(missed)
        assert told["recall"]["value"] == pytest.approx(right / (right + missed))
        assert told["recall"]["low"] < told["recall"]["value"] < told["recall"]["high"]
        for language, word in (("zh", "置信区间"), ("en", "confidence interval")):
            paragraph = told["methods"][language]
            assert word in paragraph
            assert f"{told['precision']['value']:.1%}" in paragraph
        shown = invoke("estimate", review, "--details")
        assert "Precision" in shown.output
        assert "R1 " in shown.output

    def test_amounts_are_corrected_by_the_reviewers_values(self, run: Path, tmp_path: Path) -> None:
        path = tmp_path / "all.xlsx"
        assert invoke("sample", run, "--out", path, "--n", 10_000).exit_code == 0

        def correct(book: Any) -> None:
            fill(book)
            sheet = book["复核"]
            first, second = [
                row for row in range(2, sheet.max_row + 1)
                if sheet.cell(row, column(sheet, "类别")).value == "金额"
            ][:2]  # fmt: skip
            for row, value in ((first, 100), (second, None)):
                sheet.cell(row, column(sheet, "数值复核")).value = "错误"
                sheet.cell(row, column(sheet, "更正值")).value = value

        edit(path, correct)
        told = json.loads(invoke("estimate", path, "--json").stdout)
        (total,) = told["sums"]
        # 10万元 is 100万元; 11万元 is no amount at all.
        assert total["corrected"]["value"] - total["extracted"] == (100 - 10 - 11) * 10_000
        assert total["corrected"]["method"] == told["precision"]["method"] == "census"

    def test_without_a_wrong_amount_the_sum_has_no_interval(self, review: Path) -> None:
        edit(review, fill)
        told = json.loads(invoke("estimate", review, "--json").stdout)
        assert [one["corrected"] for one in told["sums"]] == [None]
        assert "cannot be told" in " ".join(invoke("estimate", review).output.split())

    def test_gold_of_some_documents_powers_predictions(
        self, review: Path, run: Path, tmp_path: Path
    ) -> None:
        edit(review, fill)
        for name in ("报告1", "报告2"):
            content = (run / "annotations" / f"{name}.jsonl").read_bytes()
            (tmp_path / "gold").mkdir(exist_ok=True)
            (tmp_path / "gold" / f"{name}.jsonl").write_bytes(content)
        done = invoke("estimate", review, "--run", run, "--gold", tmp_path / "gold", "--json")
        told = json.loads(done.stdout)
        assert told["gold_documents"] == 2
        # All of gold is right: the correction is one minus the mean confidence there.
        assert told["powered"]["value"] == pytest.approx(1, abs=0.02)
        alone = invoke("estimate", review, "--gold", tmp_path / "gold")
        assert "add --run" in alone.output

    def test_names_are_reviewed_in_one_column(self, run: Path, tmp_path: Path) -> None:
        path = tmp_path / "claims.xlsx"
        done = invoke("sample", run, "--out", path, "--record", "claim", "--n", 12)
        assert done.exit_code == 0, done.output

        def review_all(book: Any) -> None:
            sheet = book["复核"]
            for row in range(2, sheet.max_row + 1):
                sheet.cell(row, column(sheet, "复核")).value = "正确"

        edit(path, review_all)
        told = json.loads(invoke("estimate", path, "--run", run, "--json").stdout)
        assert (told["record"], told["precision"]["value"]) == ("claim", 1)


class TestBrokenSheets:
    def test_a_filled_sheet_is_never_overwritten(self, review: Path, run: Path) -> None:
        assert invoke("sample", run, "--out", review, "--n", 40).exit_code == 0
        edit(review, fill)
        again = invoke("sample", run, "--out", review, "--n", 40)
        assert again.exit_code == 2
        assert "someone has filled it in" in again.output

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            (lambda book: None, "no record has a verdict"),
            (lambda book: (fill(book), book["复核"].delete_rows(5))[0], "missing 序号 4"),
            (lambda book: book.remove(book["层"]), "has no sheet 层"),
        ],
    )
    def test_what_is_missing_is_named(self, review: Path, change: Edit, told: str) -> None:
        found = invoke("estimate", edit(review, change))
        assert found.exit_code == 2
        assert told in found.output

    @pytest.mark.parametrize(
        ("sheet", "name", "row", "value", "told"),
        [
            ("复核", "数值复核", 3, "对", "序号 2: the verdict is '对'"),
            ("复核", "数值复核", 3, None, "1 of 40 records have no verdict (序号 2)"),
            ("复核", "数值", 3, 123, "序号 2: a cell that the machine filled was changed"),
            ("复核", "序号", 3, 1, "missing 序号 2; 序号 1 more than once"),
            ("漏检", "漏检数", 2, "两个", "expected 0, 1, 2"),
            ("漏检", "漏检数", 2, None, "19 of 20 sentences"),
            ("层", "总体数", 2, 9_999, "the weights cannot be trusted"),
            ("设计", "值", 5, "7", "the weights cannot be trusted"),
        ],
    )
    def test_a_cell_that_was_changed_is_named(
        self, review: Path, sheet: str, name: str, row: int, value: Any, told: str
    ) -> None:
        def change(book: Any) -> None:
            fill(book)
            book[sheet].cell(row, column(book[sheet], name)).value = value

        found = invoke("estimate", edit(review, change))
        assert found.exit_code == 2
        assert told in found.output

    def test_verdicts_left_out_by_chance_are_passed_over_when_asked(self, review: Path) -> None:
        def change(book: Any) -> None:
            fill(book)
            book["复核"].cell(3, column(book["复核"], "数值复核")).value = None

        found = invoke("estimate", edit(review, change), "--partial", "--json")
        assert json.loads(found.stdout)["unreviewed"] == 1

    def test_the_sheet_of_another_run_is_refused(
        self, review: Path, run: Path, tmp_path: Path
    ) -> None:
        edit(review, fill)
        other = tmp_path / "other"
        for part in ("annotations", "text"):
            (other / part).mkdir(parents=True)
            for path in sorted((run / part).iterdir())[:3]:
                (other / part / path.name).write_bytes(path.read_bytes())
        found = invoke("estimate", review, "--run", other)
        assert found.exit_code == 2
        assert "verdicts on one run say nothing of another" in found.output

    def test_what_is_no_workbook_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "review.xlsx"
        path.write_text("序号,复核", encoding="utf-8")
        assert "cannot be read as a workbook" in invoke("estimate", path).output
