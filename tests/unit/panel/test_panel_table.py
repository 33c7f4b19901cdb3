"""The panel: which facts stand in it, what a disputed cell holds, long and wide."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jixiao
from jixiao.annotation import Annotation
from jixiao.errors import OutputError, SettingsError
from jixiao.panels import codebook, lengthen, panel, widen
from jixiao.records import Document, Fact, Quantity, encode_line, span_key
from jixiao.stores.annotations import annotation_path, text_path, write_annotation

FIRMS = {"indicator": "high_tech_enterprises", "indicator_zh": "高新技术企业数"}
DISTRICT = ("岳阳市君山区", "430611")
COUNTY = ("临湘市", "430682")
CITY = ("岳阳市", "430600")


def stated(text: str, value: str, **fields: Any) -> dict[str, Any]:
    """A fact to be put into a report: the words of its one mention and what they say."""
    return {
        "text": text,
        "value": Decimal(value),
        "label": "COUNT",
        "unit": "家",
        "bound": "=",
        "measure": "level",
        "period": "2021",
        "modality": "actual",
        "region": DISTRICT[0],
        "region_code": DISTRICT[1],
        "confidence": 0.8,
        **FIRMS,
        **fields,
    }


def rate(text: str, value: str, **fields: Any) -> dict[str, Any]:
    return stated(text, value, **{"label": "PERCENT", "unit": "%", "measure": "growth", **fields})


_MENTION = ("label", "value", "value_high", "unit", "bound", "measure", "direction", "confidence")


def report(doc_id: str, *facts: dict[str, Any], table: bool = False) -> Annotation:
    """An annotation whose text is a sentence (or table row) for each fact."""
    document = Document(
        doc_id=doc_id, region=DISTRICT[0], region_code=DISTRICT[1], fiscal_year="2021", sha256="00"
    )
    text, quantities, records = "", [], []
    for number, told in enumerate(facts, start=1):
        fields = dict(told)
        said, first = fields.pop("text"), len(text)
        before, after = (
            ("\t企业\n\t", "\n\t备注\n\n") if table else ("全区现有企业", "，比上年多。\n")
        )
        text += f"{before}{said}{after}"
        start = first + len(before)
        quantities.append(
            Quantity(
                id=f"q{number}",
                start=start,
                end=start + len(said),
                text=said,
                sentence=(start, start + len(said)) if table else (first, len(text) - 1),
                key=span_key("00", "quantity", fields["label"], start, start + len(said)),
                section=["二、成效"],
                table=table or None,
                **{name: fields[name] for name in _MENTION if name in fields},
            )
        )
        records.append(
            Fact(
                id=f"f{number}",
                document=doc_id,
                quantities=[f"q{number}"],
                conflict=False,
                **fields,
            )
        )
    return Annotation(document, text, [document, *quantities, *records])


def values(table: pd.DataFrame) -> list[str]:
    return [str(value) for value in table["value"]]


class TestWhatStandsInIt:
    def test_a_fact_is_a_row_with_place_time_value_and_source(self) -> None:
        (row,) = panel(report("a", stated("86家", "86"))).to_dict("records")
        assert row["region_code"] == "430611"
        assert (row["region"], row["level"]) == ("岳阳市君山区", "county")
        assert (row["province"], row["prefecture"], row["county"]) == ("湖南省", "岳阳市", "君山区")
        assert (row["period"], row["value"], row["unit"]) == ("2021", Decimal(86), "家")
        assert (row["document"], row["documents"], row["fact"]) == ("a", "a", "f1")
        assert (row["quantities"], row["section"]) == ("q1", "二、成效")
        assert row["keys"] == span_key("00", "quantity", "COUNT", row["start"], row["end"])
        assert row["quote"] == "全区现有企业86家，比上年多。"
        assert (row["start"], row["end"], row["confidence"]) == (6, 9, 0.8)
        assert row["conflict"] is None

    def test_of_several_mentions_the_one_with_the_value_is_quoted(self) -> None:
        rough = rate("30%", "30")
        found = report("a", rough, rate("29.8%", "29.8"), rate("30.3%", "30.3"))
        fact = found.facts[1]
        fact.quantities = ["q1", "q2"]
        merged = Annotation(found.document, found.text, [*found.quantities, fact, found.facts[2]])
        table = panel(merged, conflicts="all")
        assert list(table["text"]) == ["29.8%", "30.3%"]
        assert (table["quantities"][0], table["keys"][0].count(";")) == ("q1;q2", 1)
        # 30.3% agrees with the rough mention, but not with both together.
        assert table["conflict"].notna().all()

    def test_the_quote_of_a_table_is_its_row(self) -> None:
        facts = (stated("86", "86"), stated("12", "12", measure="new"))
        table = panel(report("a", *facts, table=True))
        assert list(table["quote"]) == ["企业 | 86 | 备注", "企业 | 12 | 备注"]

    @pytest.mark.parametrize(
        ("region", "code", "where"),
        [
            (*CITY, ("岳阳市", "prefecture", "湖南省", "岳阳市", None)),
            ("湖南省", "430000", ("湖南省", "province", "湖南省", None, None)),
            ("全国", "000000", ("全国", "nation", None, None, None)),
            ("高新区", None, ("高新区", None, "湖南省", "岳阳市", "君山区")),
        ],
    )
    def test_where_a_region_lies(self, region: str, code: str | None, where: Any) -> None:
        table = panel(report("a", stated("1家", "1", region=region, region_code=code)))
        names = ["region", "level", "province", "prefecture", "county"]
        assert tuple(table[names].to_dict("records")[0].values()) == where

    def test_a_division_has_its_name_of_the_year(self) -> None:
        old = stated("1家", "1", region="襄阳市", region_code="420600", period="2008")
        new = stated("2家", "2", region="襄樊市", region_code="420600", period="2020")
        assert list(panel(report("a", old, new))["region"]) == ["襄樊市", "襄阳市"]

    @pytest.mark.parametrize(
        ("direction", "bound", "expected"),
        [
            ("up", ">", ("5", None, ">")),
            ("down", "=", ("-5", None, "=")),
            ("down", ">", ("-5", None, "<")),
            ("down", "≤", ("-5", None, "≥")),
            ("down", "≈", ("-5", None, "≈")),
        ],
    )
    def test_what_fell_is_negative(self, direction: str, bound: str, expected: Any) -> None:
        (row,) = panel(report("a", rate("5%", "5", direction=direction, bound=bound))).itertuples()
        assert (str(row.value), row.value_high, row.bound) == expected
        assert row.direction == direction

    def test_a_range_that_fell_keeps_its_lower_end_first(self) -> None:
        fact = rate("5%-8%", "5", value_high=Decimal(8), direction="down")
        (row,) = panel(report("a", fact)).itertuples()
        assert (str(row.value), str(row.value_high)) == ("-8", "-5")

    def test_units_have_chinese_names_in_the_unit_of_the_value(self) -> None:
        money = stated("3万元", "30000", label="MONEY", unit="CNY")
        points = rate("1个百分点", "1", unit="pp", measure="change")
        assert list(panel(report("a", points, money))["unit_zh"]) == ["元", "百分点"]

    def test_no_facts_give_an_empty_table_with_its_columns(self) -> None:
        assert panel(report("a")).columns.equals(panel(report("a", stated("1家", "1"))).columns)
        assert panel([]).empty
        assert widen(panel([])).empty


class TestFilters:
    FACTS = (
        stated("86家", "86"),
        stated("15家", "15", measure="new"),
        stated("90家", "90", modality="planned"),
        stated("3亿元", "300000000", indicator="rd_expenditure", indicator_zh="研究与试验发展经费"),
        stated("70家", "70", confidence=0.3, period="2020"),
    )

    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            ({}, ["70", "86", "15", "300000000"]),
            ({"modality": None}, ["70", "86", "90", "15", "300000000"]),
            ({"modality": "planned"}, ["90"]),
            ({"modality": ["planned", "forecast"]}, ["90"]),
            ({"measure": "new"}, ["15"]),
            ({"indicator": "rd_expenditure"}, ["300000000"]),
            ({"indicator": ["研究与试验发展经费"]}, ["300000000"]),
            ({"min_confidence": 0.5}, ["86", "15", "300000000"]),
        ],
        ids=str,
    )
    def test_keep(self, options: Any, expected: list[str]) -> None:
        assert values(panel(report("a", *self.FACTS), **options)) == expected

    def test_what_is_left_out_is_counted(self) -> None:
        facts = (*self.FACTS, stated("5家", "5", region=None, region_code=None))
        facts += (stated("5家", "5", period=None), stated("5家", "5", period="2021-03"))
        table = panel(report("a", *facts), measure="level", min_confidence=0.5)
        assert table.attrs["left_out"] == {
            "confidence": 1,
            "measure": 1,
            "modality": 1,
            "no region": 1,
            "no year": 2,
        }

    @pytest.mark.parametrize(
        ("period", "year"),
        [
            ("2021", "2021"),
            ("2021-12-31", "2021"),
            ("2021-01/2021-12", "2021"),
            ("2021-01-01", None),
            ("2021-01/2021-09", None),
            ("2016-01/2020-12", None),
            ("2021-06", None),
        ],
    )
    def test_a_year_is_the_whole_year_or_its_end(self, period: str, year: str | None) -> None:
        found = report("a", stated("1家", "1", period=period))
        assert list(panel(found)["period"]) == ([year] if year else [])
        assert list(panel(found, period="all")["period"]) == [period]
        assert list(panel(found, period="all")["stated_period"]) == [period]

    @pytest.mark.parametrize(
        ("options", "told"),
        [
            ({"indicator": "high_tech_firm"}, "did you mean .*high_tech_enterprises"),
            ({"measure": "levels"}, "measure is 'levels'; expected one of level, new"),
            ({"modality": "real"}, "modality is 'real'; expected one of actual"),
            ({"period": "month"}, "period is 'month'; expected one of year, all"),
            ({"conflicts": "last"}, "conflicts is 'last'; expected one of first"),
            ({"conflicts": "all", "wide": True}, "one value in a cell"),
        ],
        ids=str,
    )
    def test_mistakes_are_told(self, options: Any, told: str) -> None:
        with pytest.raises(SettingsError, match=told):
            panel(report("a", *self.FACTS), **options)

    def test_an_indicator_no_report_states_is_no_mistake(self) -> None:
        table = panel(report("a", *self.FACTS), indicator="rd_intensity")
        assert table.empty
        assert table.attrs["left_out"] == {"indicator": 4, "modality": 1}

    def test_an_indicator_of_the_users_catalogue_is_none_either(self) -> None:
        own = stated("5所", "5", indicator="own_schools", indicator_zh="示范学校数")
        assert values(panel(report("a", own), indicator="own_schools")) == ["5"]


class TestConflicts:
    """86 and 80 firms: which stands in the cell, and that both are quoted."""

    RIVALS = (stated("86家", "86", confidence=0.6), stated("80家", "80", confidence=0.9))

    @pytest.mark.parametrize(
        ("policy", "expected"),
        [("first", ["86"]), ("most_confident", ["80"]), ("all", ["86", "80"])],
    )
    def test_in_one_report(self, policy: Any, expected: list[str]) -> None:
        table = panel(report("a", *self.RIVALS), conflicts=policy)
        assert values(table) == expected
        assert set(table["conflict"]) == {
            "86家（a q1：“全区现有企业86家，比上年多。”） ≠ 80家（a q2：“全区现有企业80家，比上年多。”）"
        }
        assert table.attrs["conflicts"] == 1

    @pytest.mark.parametrize(
        ("policy", "expected"),
        [("first", ["86"]), ("most_confident", ["80"]), ("all", ["86", "80"])],
    )
    def test_in_two_reports(self, policy: Any, expected: list[str]) -> None:
        table = panel([report("b", self.RIVALS[1]), report("a", self.RIVALS[0])], conflicts=policy)
        assert values(table) == expected
        assert all("a q1" in said and "b q1" in said for said in table["conflict"])

    def test_of_many_values_ten_are_quoted(self) -> None:
        found = report("a", *(stated(f"{number}家", str(number)) for number in range(1, 13)))
        (row,) = panel(found).itertuples()
        assert row.conflict.count("a q") == 10
        assert row.conflict.endswith("（另有 2 个数值）")

    def test_equally_sure_what_more_say_stands_then_the_first(self) -> None:
        one, other = stated("86家", "86"), stated("80家", "80")
        assert values(panel([report("a", one), report("b", other)])) == ["86"]
        reports = [report("a", one), report("b", other), report("c", other)]
        (row,) = panel(reports).itertuples()
        assert (str(row.value), row.document, row.documents) == ("80", "b", "b;c")

    def test_reports_that_agree_are_one_row_that_names_them(self) -> None:
        rough = stated("63.4亿元", "6340000000", label="MONEY", unit="CNY", confidence=0.9)
        fine = stated("63.43亿元", "6343000000", label="MONEY", unit="CNY", confidence=0.9)
        reports = [report("a", rough), report("b", fine)]
        (row,) = panel(reports).itertuples()
        assert (str(row.value), row.document, row.documents) == ("6343000000", "b", "a;b")
        assert row.conflict is None
        assert values(panel(reports, conflicts="first")) == ["6340000000"]
        table = panel(reports, conflicts="all")
        assert list(table["documents"]) == ["a;b", "a;b"]
        assert list(table["document"]) == ["a", "b"]

    def test_all_that_agree_agree_together(self) -> None:
        reports = [
            report(name, rate(f"{value}%", value))
            for name, value in (("a", "29.6"), ("b", "30"), ("c", "30.4"))
        ]
        assert values(panel(reports, conflicts="first")) == ["29.6"]
        assert panel(reports, conflicts="all").attrs["conflicts"] == 1

    @pytest.mark.parametrize(
        ("one", "other", "rows"),
        [
            (stated("10家", "10"), stated("10户", "10", unit="户"), 1),
            (rate("5%", "5", direction="up"), rate("5%", "5", direction="down"), 2),
            (rate("5%", "5"), rate("5个百分点", "5", unit="pp"), 2),
        ],
        ids=["classifier", "direction", "unit"],
    )
    def test_what_agrees(self, one: Any, other: Any, rows: int) -> None:
        table = panel([report("a", one), report("b", other)], conflicts="all")
        assert table["conflict"].notna().sum() == (2 if rows == 2 else 0)

    @pytest.mark.parametrize(
        "other",
        [
            {"region": CITY[0], "region_code": CITY[1]},
            {"period": "2020"},
            {"facet": "省级"},
            {"measure": "new"},
            {"of": "全部企业"},
            {"peers": "全市"},
            {"modality": "planned"},
            {"label": "MONEY"},
            {"indicator": "rd_expenditure"},
        ],
        ids=lambda fields: "-".join(fields),
    )
    def test_other_cells_are_no_conflict(self, other: Any) -> None:
        table = panel(
            report("a", stated("86家", "86"), stated("80家", "80", **other)), modality=None
        )
        assert len(table) == 2
        assert table["conflict"].isna().all()

    def test_places_without_code_of_other_counties_are_other_places(self) -> None:
        zone = {"region": "高新区", "region_code": None}
        here, there = (
            report("a", stated("5家", "5", **zone)),
            report("b", stated("7家", "7", **zone)),
        )
        there.document.region, there.document.region_code = COUNTY
        table = panel([here, there])
        assert list(zip(table["county"], values(table), strict=True)) == [
            ("临湘市", "7"),
            ("君山区", "5"),
        ]


class TestWide:
    FACTS = (
        stated("86家", "86"),
        stated("80家", "80"),
        stated("92家", "92", period="2022"),
        rate("5%", "5", direction="down"),
        stated("3", "3", label="RANK", unit="rank", measure="rank", of="level", peers="全市"),
        stated("7家", "7", facet="省级", modality="planned"),
        stated("300家", "300", region=CITY[0], region_code=CITY[1]),
    )

    def test_a_row_for_each_place_and_time_a_column_for_each_series(self) -> None:
        wide = panel(report("a", *self.FACTS), modality=None, wide=True)
        where = list(zip(wide["region"], wide["period"], strict=True))
        assert where == [("岳阳市", "2021"), ("岳阳市君山区", "2021"), ("岳阳市君山区", "2022")]
        name = "high_tech_enterprises"
        assert list(wide.columns[7:]) == [
            f"{name}.level.count",
            f"{name}.growth.%",
            f"{name}.rank.rank of level among 全市",
            f"{name}.level.count[省级] planned",
            "conflicts",
        ]
        assert list(wide[f"{name}.level.count"]) == [300, 86, 92]
        assert list(wide[f"{name}.growth.%"]) == [None, -5, None]
        assert list(wide["conflicts"]) == [None, f"{name}.level.count", None]

    def test_series_whose_names_would_be_equal_stay_apart(self) -> None:
        one = stated("5家", "5", facet="a] of b")
        other = stated("7家", "7", facet="a", of="b]")
        wide = panel(report("a", one, other), wide=True)
        assert sorted(wide.iloc[0, 7:9]) == [5, 7]

    def test_it_is_the_long_panel_widened(self) -> None:
        found = report("a", *self.FACTS)
        pd.testing.assert_frame_equal(panel(found, wide=True), widen(panel(found)))

    def test_all_the_values_of_a_cell_do_not_fit_into_it(self) -> None:
        with pytest.raises(SettingsError, match="more than one value for 岳阳市君山区 in 2021"):
            widen(panel(report("a", *self.FACTS), conflicts="all"))

    def test_the_codebook_says_what_each_column_is_and_covers(self) -> None:
        table = panel(report("a", *self.FACTS, stated("9家", "9", measure="new", bound=">")))
        codes = codebook(table, wide=True).set_index("column")
        level = codes.loc["high_tech_enterprises.level.count"]
        assert (level["indicator_zh"], level["unit"], level["measure"]) == (
            "高新技术企业数",
            "家",
            "level",
        )
        assert level["definition"]
        assert level["source"]
        assert (level["first_period"], level["last_period"]) == ("2021", "2022")
        assert (level["regions"], level["values"], level["disputed"]) == (2, 3, 1)
        assert level["inexact"] == 0
        assert codes.loc["high_tech_enterprises.new.count", "inexact"] == 1
        assert set(panel(report("a", *self.FACTS), wide=True)) < set(codes.index)
        own = codebook(
            table,
            wide=True,
            catalogue="- name: 高新技术企业数\n  definition: 本县口径\n",
        ).set_index("column")
        assert own.loc["high_tech_enterprises.level.count", "definition"] == "本县口径"
        assert own.loc["high_tech_enterprises.level.count", "source"] is None
        described = codebook(table)["column"]
        assert set(described) == set(table.columns)
        assert list(described).count("value") == 1 + len(codes[codes["indicator"].notna()])


_FACTS = st.builds(
    stated,
    text=st.sampled_from(("86家", "80家", "1.5家", "90余家")),
    value=st.sampled_from(("86", "80", "1.5", "90.25", "-3")),
    period=st.sampled_from(("2020", "2021", "2021-12-31")),
    measure=st.sampled_from(("level", "new", None)),
    facet=st.sampled_from((None, "5G", "省级")),
    unit=st.sampled_from(("家", "户")),
    confidence=st.sampled_from((None, 0.5, 0.9)),
    modality=st.sampled_from(("actual", "planned")),
    peers=st.sampled_from((None, "全市")),
) | st.builds(
    rate,
    text=st.sampled_from(("5%", "4.96%", "7.1%")),
    value=st.sampled_from(("5", "4.96", "7.1")),
    direction=st.sampled_from((None, "up", "down")),
    unit=st.sampled_from(("%", "pp")),
)
_REPORTS = st.lists(st.lists(_FACTS, max_size=5), min_size=1, max_size=4).map(
    lambda many: [report(f"d{number}", *facts) for number, facts in enumerate(many)]
)
_POLICIES = st.sampled_from(("first", "most_confident", "all"))


@settings(deadline=None, max_examples=40)
@given(reports=_REPORTS, policy=_POLICIES, data=st.data())
def test_the_order_of_the_reports_changes_nothing(
    reports: list[Annotation], policy: Any, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(reports))
    one, other = (panel(each, modality=None, conflicts=policy) for each in (reports, shuffled))
    pd.testing.assert_frame_equal(one, other)


@settings(deadline=None, max_examples=40)
@given(reports=_REPORTS, policy=st.sampled_from(("first", "most_confident")))
def test_wide_and_back_is_the_long_panel(reports: list[Annotation], policy: Any) -> None:
    """Whatever is stated: no value is lost between the forms, and none is invented."""
    table = panel(reports, modality=None, conflicts=policy)
    codes = codebook(table, wide=True)
    again = lengthen(widen(table), codes)
    columns = [name for name in again.columns if name != "unit"]  # 家 and 户 share a column
    assert _lines(again, columns) == _lines(table, columns)


@settings(deadline=None, max_examples=40)
@given(reports=_REPORTS)
def test_every_fact_is_told_under_policy_all(reports: list[Annotation]) -> None:
    table = panel(reports, modality=None, period="all", conflicts="all")
    told = {(row.document, row.fact) for row in table.itertuples()}
    assert told == {(fact.document, fact.id) for found in reports for fact in found.facts}
    for policy in ("first", "most_confident"):
        chosen = panel(reports, modality=None, period="all", conflicts=policy)
        assert chosen.attrs["conflicts"] == table.attrs["conflicts"]


def _lines(table: pd.DataFrame, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    plain = table[list(columns)].astype(object)
    return list(plain.where(plain.notna(), None).itertuples(index=False, name=None))


class TestSources:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        for doc_id, value in (("b", "92"), ("a", "86")):
            found = report(doc_id, stated(f"{value}家", value))
            lines = [encode_line(record) for record in found.records]
            write_annotation(tmp_path, doc_id, found.text, lines)
        return tmp_path

    def test_a_folder_gives_what_its_annotations_give(self, folder: Path) -> None:
        reports = [report("a", stated("86家", "86")), report("b", stated("92家", "92"))]
        for source in (folder, str(folder)):
            pd.testing.assert_frame_equal(panel(source), panel(reports))

    def test_one_annotation_a_list_and_a_generator(self) -> None:
        found = report("a", stated("86家", "86"))
        for source in (found, [found], (each for each in [found])):
            assert values(panel(source)) == ["86"]

    def test_a_folder_without_annotations(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match=r"no annotations in .*jixiao annotate --out"):
            panel(tmp_path / "nowhere")

    def test_a_text_that_was_lost(self, folder: Path) -> None:
        text_path(folder, "a").unlink()
        with pytest.raises(OutputError, match="cannot read"):
            panel(folder)
        assert annotation_path(folder, "a").exists()

    def test_two_documents_of_one_id(self) -> None:
        with pytest.raises(SettingsError, match="two annotations are of the document 'a'"):
            panel([report("a"), report("a")])

    def test_of_reports(self) -> None:
        texts = {
            "y2020": "2020年全区研究与试验发展（R&D）经费支出3.2亿元，同比增长8.1%。",
            "y2021": "2021年全区研究与试验发展（R&D）经费支出3.5亿元，全市平均增速为6.3%。",
        }
        found = [
            jixiao.annotate(jixiao.Report(doc_id, f"岳阳市君山区科技局绩效自评报告\n\n{text}\n"))
            for doc_id, text in texts.items()
        ]
        levels = panel(found, measure="level")
        assert list(zip(levels["period"], values(levels), strict=True)) == [
            ("2020", "320000000"),
            ("2021", "350000000"),
        ]
        for row in levels.itertuples():
            assert texts[row.document].startswith(row.quote[:10])
        growth = panel(found, measure="growth")
        assert dict(zip(growth["region"], values(growth), strict=True)) == {
            "岳阳市": "6.3",
            "岳阳市君山区": "8.1",
        }


def test_the_function_stays_a_function_whatever_is_imported() -> None:
    code = "import jixiao, jixiao.panels.writers; assert callable(jixiao.panel), jixiao.panel"
    subprocess.run([sys.executable, "-c", code], check=True)
