"""Panels as files: what each format holds of the values, the texts and the codebook."""

from __future__ import annotations

import warnings
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

import jixiao
from jixiao.errors import OutputError, SettingsError
from jixiao.panels import codebook, panel, widen, write_panel

TEXTS = {
    "y2020": "2020年全区高新技术企业总数达86家，同比增长8.1%。",
    "y2021": "2021年全区高新技术企业总数达92家，另一处写作高新技术企业总数达95家。2021年研发经费投入3.43亿元。",
}
FIRMS = "high_tech_enterprises"


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    annotations = [
        jixiao.annotate(jixiao.Report(doc_id, f"岳阳市君山区科技局绩效自评报告\n\n{text}\n"))
        for doc_id, text in TEXTS.items()
    ]
    return panel(annotations, conflicts="first")


def with_value(table: pd.DataFrame, value: str) -> pd.DataFrame:
    """The panel with another first value."""
    changed = table.copy()
    changed.at[0, "value"] = Decimal(value)
    changed.attrs.update(table.attrs)
    return changed


def excel(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_csv_holds_every_digit_and_every_text(table: pd.DataFrame, tmp_path: Path) -> None:
    many = with_value(table, "12345678901234567890.123456")
    written = write_panel(many, tmp_path / "panel.csv")
    assert written.files == (tmp_path / "panel.csv", tmp_path / "panel.codebook.csv")
    assert written.rounded == 0
    back = pd.read_csv(tmp_path / "panel.csv", dtype=str, keep_default_na=False)
    assert list(back.columns) == list(many.columns)
    assert list(back["value"]) == [str(value) for value in many["value"]]
    assert back["value"][0] == "12345678901234567890.123456"
    assert list(back["quote"]) == list(many["quote"])
    assert list(back["conflict"]) == ["" if x is None else x for x in many["conflict"]]


@pytest.mark.parametrize("name", ["panel.csv", "panel.codebook.csv"])
def test_the_byte_order_mark_is_there_unless_it_is_not_wanted(
    table: pd.DataFrame, tmp_path: Path, name: str
) -> None:
    write_panel(table, tmp_path / "panel.csv")
    with_mark = (tmp_path / name).read_bytes()
    write_panel(table, tmp_path / "panel.csv", bom=False)
    assert with_mark == b"\xef\xbb\xbf" + (tmp_path / name).read_bytes()
    assert not (tmp_path / name).read_bytes().startswith(b"\xef")


@pytest.mark.parametrize("wide", [False, True])
def test_the_codebook_lies_beside(table: pd.DataFrame, tmp_path: Path, wide: bool) -> None:
    for suffix in (".csv", ".parquet"):
        write_panel(table, tmp_path / f"panel{suffix}", wide=wide)
        back = pd.read_csv(tmp_path / "panel.codebook.csv", dtype=str, keep_default_na=False)
        expected = codebook(table, wide=wide)
        assert list(back["column"]) == list(expected["column"])
        assert list(back["definition"]) == ["" if pd.isna(x) else x for x in expected["definition"]]


class TestExcel:
    def test_numbers_are_numbers_and_codes_are_text(
        self, table: pd.DataFrame, tmp_path: Path
    ) -> None:
        write_panel(table, tmp_path / "panel.xlsx")
        sheets = excel(tmp_path / "panel.xlsx")
        assert list(sheets) == ["panel", "codebook"]
        header, *rows = sheets["panel"]
        assert header == tuple(table.columns)
        first = dict(zip(header, rows[0], strict=True))
        assert first["region_code"] == "430611"
        assert (first["value"], first["start"]) == (86, table["start"][0])
        assert len(rows) == len(table)
        assert not (tmp_path / "panel.codebook.csv").exists()

    def test_the_second_sheet_is_the_codebook(self, table: pd.DataFrame, tmp_path: Path) -> None:
        write_panel(table, tmp_path / "panel.xlsx", wide=True)
        header, *rows = excel(tmp_path / "panel.xlsx")["codebook"]
        lines = [dict(zip(header, row, strict=True)) for row in rows]
        assert [line["column"] for line in lines] == list(codebook(table, wide=True)["column"])
        level = next(line for line in lines if line["column"] == f"{FIRMS}.level.count")
        assert (level["values"], level["disputed"]) == (2, 1)

    def test_text_never_turns_into_a_formula(self, table: pd.DataFrame, tmp_path: Path) -> None:
        table = table.copy()
        table.at[0, "quote"] = "=1+1"
        write_panel(table, tmp_path / "panel.xlsx")
        cells = [
            cell for row in openpyxl.load_workbook(tmp_path / "panel.xlsx")["panel"] for cell in row
        ]
        (cell,) = [cell for cell in cells if cell.value == "=1+1"]
        assert cell.data_type != "f"

    def test_more_columns_than_a_worksheet_has(
        self, table: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("jixiao.panels.writers._MOST_COLUMNS", {".xlsx": 5})
        with pytest.raises(SettingsError, match=r"takes 5 columns, and the wide panel has"):
            write_panel(table, tmp_path / "panel.xlsx", wide=True)
        write_panel(table, tmp_path / "panel.csv", wide=True)


class TestParquet:
    def test_decimals_and_the_digits_as_they_are(self, table: pd.DataFrame, tmp_path: Path) -> None:
        write_panel(table, tmp_path / "panel.parquet")
        back = pq.read_table(tmp_path / "panel.parquet")
        assert str(back.schema.field("value").type) == "decimal128(38, 10)"
        assert back.column("value").to_pylist() == list(table["value"])
        assert back.column("value_text").to_pylist() == [str(value) for value in table["value"]]
        assert back.column("start").to_pylist() == list(table["start"])
        assert back.column("conflict").to_pylist() == [
            None if pd.isna(x) else x for x in table["conflict"]
        ]

    def test_a_wide_column(self, table: pd.DataFrame, tmp_path: Path) -> None:
        write_panel(table, tmp_path / "panel.parquet", wide=True)
        back = pq.read_table(tmp_path / "panel.parquet")
        assert back.column(f"{FIRMS}.level.count").to_pylist() == [86, 92]
        assert back.column(f"{FIRMS}.growth.%").to_pylist() == [Decimal("8.1"), None]

    @pytest.mark.parametrize("wide", [False, True])
    def test_what_no_decimal_holds_is_text(
        self, table: pd.DataFrame, tmp_path: Path, wide: bool
    ) -> None:
        digits = "0.12345678901234567890"
        write_panel(with_value(table, digits), tmp_path / "panel.parquet", wide=wide)
        back = pq.read_table(tmp_path / "panel.parquet")
        name = f"{FIRMS}.level.count" if wide else "value"
        assert back.column(name).to_pylist()[0] == digits


class TestStata:
    @pytest.mark.parametrize("wide", [False, True])
    def test_names_labels_and_values(self, table: pd.DataFrame, tmp_path: Path, wide: bool) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            write_panel(table, tmp_path / "panel.dta", wide=wide)
        with pd.io.stata.StataReader(tmp_path / "panel.dta") as reader:
            back, labels = reader.read(), reader.variable_labels()
        assert all(len(name) <= 32 and name.isidentifier() for name in back.columns)
        assert all(0 < len(label.encode()) <= 80 for label in labels.values())
        frame = widen(table) if wide else table
        assert list(back["region_code"]) == list(frame["region_code"])
        if wide:
            assert list(back["high_tech_enterprises_level_count"[:32]]) == [86, 92]
            assert (
                labels["high_tech_enterprises_level_count"[:32]] == "高新技术企业数 存量/水平（家）"
            )
        else:
            assert list(back["value"]) == [float(value) for value in table["value"]]
            assert list(back["quote"]) == list(table["quote"])
            assert list(back["start"]) == list(table["start"])
            assert list(back["end_"]) == list(table["end"])

    def test_the_codebook_has_the_names_of_the_file(
        self, table: pd.DataFrame, tmp_path: Path
    ) -> None:
        write_panel(table, tmp_path / "panel.dta", wide=True)
        names = set(pd.read_stata(tmp_path / "panel.dta").columns)
        assert names == set(pd.read_csv(tmp_path / "panel.codebook.csv")["column"])

    def test_long_names_that_begin_alike_stay_apart(
        self, table: pd.DataFrame, tmp_path: Path
    ) -> None:
        many = pd.concat([table.assign(facet=facet) for facet in ("省级", "市级", "县级")])
        write_panel(many, tmp_path / "panel.dta", wide=True)
        names = [name for name in pd.read_stata(tmp_path / "panel.dta").columns if FIRMS in name]
        assert len(set(names)) == len(names) == 6
        assert "high_tech_enterprises_level_co_2" in names


@pytest.mark.parametrize("suffix", [".xlsx", ".dta"])
@pytest.mark.parametrize("wide", [False, True])
def test_what_a_double_rounds_is_counted_and_said(
    table: pd.DataFrame, tmp_path: Path, suffix: str, wide: bool
) -> None:
    path = tmp_path / f"panel{suffix}"
    assert write_panel(table, path, wide=wide).rounded == 0  # 8.1 comes back as 8.1
    assert write_panel(with_value(table, "12345678901234567.89"), path, wide=wide).rounded == 1
    if suffix == ".xlsx":
        header, *rows = excel(path)["codebook"]
        definitions = [row[header.index("definition")] or "" for row in rows]
    else:
        definitions = list(pd.read_csv(tmp_path / "panel.codebook.csv")["definition"].fillna(""))
    assert any("1 个数值超出双精度浮点数的位数" in words for words in definitions)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet", ".dta"])
def test_the_same_panel_gives_the_same_bytes(
    table: pd.DataFrame, tmp_path: Path, suffix: str
) -> None:
    one, other = tmp_path / f"one{suffix}", tmp_path / f"other{suffix.upper()}"
    write_panel(table, one)
    write_panel(table, other)
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("name", ["panel", "panel.txt", "panel.csv.gz"])
def test_another_kind_of_file_is_told(table: pd.DataFrame, tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=r"expected a name that ends in \.csv, \.xlsx"):
        write_panel(table, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_panel_is_not_written_and_says_why(tmp_path: Path) -> None:
    found = jixiao.annotate(f"岳阳市君山区科技局绩效自评报告\n\n{TEXTS['y2020']}\n")
    empty = panel(found, modality="planned")
    with pytest.raises(SettingsError, match="2 planned, forecast or of no modality"):
        write_panel(empty, tmp_path / "panel.csv")
    with pytest.raises(SettingsError, match="no report states a fact"):
        write_panel(panel([]), tmp_path / "panel.csv")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet", ".dta"])
def test_a_place_that_cannot_be_written_to(
    table: pd.DataFrame, tmp_path: Path, suffix: str
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot"):
        write_panel(table, tmp_path / "file" / f"panel{suffix}")
