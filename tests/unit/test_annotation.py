"""What a notebook asks an annotation for."""

from __future__ import annotations

import pytest

import jixiao
from jixiao.errors import SettingsError
from jixiao.records import Check, Fact

TEXT = "全年培训教师120人，其中国培50人、省培70人。新建高新技术企业3家，同比增长50%。"


@pytest.fixture(scope="module")
def found() -> jixiao.Annotation:
    return jixiao.annotate(TEXT)


@pytest.mark.parametrize("name", ["quantities", "entities", "claims", "facts", "checks", "issues"])
def test_a_table_goes_by_the_name_of_its_property(found: jixiao.Annotation, name: str) -> None:
    table = found.to_frame(name)
    assert len(table) == len(getattr(found, name))
    if "id" in table:
        assert table["id"].tolist() == [record.id for record in getattr(found, name)]


def test_a_table_by_name_is_the_table_by_type(found: jixiao.Annotation) -> None:
    assert found.to_frame("facts").equals(found.to_frame(Fact))
    assert list(found.to_frame("checks").columns) == list(found.to_frame(Check).columns)
    assert found.to_frame().equals(found.to_frame("quantities"))


def test_the_checks_are_those_of_the_records(found: jixiao.Annotation) -> None:
    assert found.checks
    assert found.checks == [record for record in found.records if isinstance(record, Check)]


def test_an_unknown_name_lists_the_others(found: jixiao.Annotation) -> None:
    with pytest.raises(SettingsError, match=r"'fact'; expected one of quantities, .*facts"):
        found.to_frame("fact")


def test_an_indicator_has_its_chinese_name_beside_it(found: jixiao.Annotation) -> None:
    table = found.to_frame()
    columns = list(table.columns)
    assert columns[columns.index("indicator") + 1] == "indicator_zh"
    named = dict(zip(table["text"], table["indicator_zh"], strict=True))
    assert named["3家"] == found.facts[-1].indicator_zh
    assert table.loc[table["indicator"].isna(), "indicator_zh"].isna().all()


def test_a_fact_names_an_indicator_of_a_catalogue_of_ones_own() -> None:
    settings = jixiao.Settings(
        catalogue="id,name_zh,unit\nown_lamps,路灯新装数,count:盏\n", catalogue_mode="replace"
    )
    table = jixiao.annotate("全年路灯新装数达30盏。", settings=settings).to_frame()
    assert table["indicator_zh"].tolist() == ["路灯新装数"]


@pytest.mark.parametrize("name", ["quantities", "entities", "claims", "facts", "checks", "issues"])
def test_every_column_has_a_heading_of_its_own(found: jixiao.Annotation, name: str) -> None:
    chinese = list(found.to_frame(name, chinese=True).columns)
    assert len(set(chinese)) == len(chinese) == len(found.to_frame(name).columns)
    plain = found.to_frame(name)
    plain.columns = chinese
    assert plain.equals(found.to_frame(name, chinese=True))


def test_a_page_is_that_of_the_command(found: jixiao.Annotation) -> None:
    page = found.to_html()
    assert page.startswith("<!")
    assert "3家</mark>" in page


def test_showing_prints_where_there_is_no_notebook(
    found: jixiao.Annotation, capsys: pytest.CaptureFixture[str]
) -> None:
    found.show()
    assert "培训教师" in capsys.readouterr().out


def test_showing_displays_the_page_in_a_notebook(
    found: jixiao.Annotation, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Display:
        HTML = str
        shown: list[str] = []  # noqa: RUF012

        @classmethod
        def display(cls, page: str) -> None:
            cls.shown.append(page)

    monkeypatch.setattr("jixiao.views.showing._notebook", lambda: Display)
    found.show()
    (page,) = Display.shown
    assert page.startswith("<iframe srcdoc=")
    assert "<script" not in page


class TestSeveral:
    def two(self) -> jixiao.Annotations:
        reports = {"甲": "全年新建学校3所。", "乙": "新建医院2家，改造卫生院5家。"}
        return jixiao.Annotations(
            jixiao.annotate(jixiao.Report(doc_id, text)) for doc_id, text in reports.items()
        )

    def test_a_table_has_the_rows_of_all(self) -> None:
        two = self.two()
        table = two.to_frame()
        assert table["document"].tolist() == ["甲", "乙", "乙"]
        assert list(table.columns) == list(two[0].to_frame().columns)
        assert two.to_frame("documents")["document"].tolist() == ["甲", "乙"]
        assert "文件" in two.to_frame("documents", chinese=True)
        assert list(jixiao.Annotations([]).to_frame("facts")) == list(two[0].to_frame("facts"))

    def test_one_goes_by_place_or_id(self) -> None:
        two = self.two()
        assert two["乙"] is two[1]
        assert two[:1].doc_ids == ["甲"]
        with pytest.raises(KeyError, match="丙"):
            two["丙"]
        with pytest.raises(SettingsError, match="documents"):
            two.to_frame("reports")

    def test_a_notebook_shows_a_row_for_each(self) -> None:
        two = self.two()
        assert repr(two) == "<2 annotations: 甲, 乙>"
        assert two._repr_html_().count("<tr") == 3

    def test_what_takes_annotations_takes_them(self) -> None:
        two = self.two()
        assert jixiao.evaluate(two, two).micro.groups["quantities"]["all"].tp == 3
        assert set(jixiao.panel(two, indicator=None)["document"]) <= {"甲", "乙"}
