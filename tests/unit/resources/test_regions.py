"""The table of administrative divisions and what is looked up and found with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from jixiao.resources import read_table
from jixiao.resources.regions import (
    Region,
    by_code,
    by_name,
    by_short_name,
    enclosing,
    existed,
    find_regions,
    full_name,
    regions,
    resolve_region,
    validity,
)

ROWS = read_table("regions.csv")


def region(code: str, year: str | None = None) -> Region:
    found = by_code(code, year=year)
    assert found is not None
    return found


def names(text: str, *, context: str | None = None, year: str | None = None) -> list[str]:
    """Return the spans found in a text, each with the code it was resolved to."""
    found = find_regions(text, context=context, year=year)
    return [f"{text[start:end]} {each.code}" for start, end, each in found]


class TestTable:
    def test_rows_are_in_order(self) -> None:
        order = [(row["code"], row["valid_from"]) for row in ROWS]
        assert order == sorted(order)

    def test_code_and_start_are_unique(self) -> None:
        assert not [
            key
            for key, times in Counter((row["code"], row["valid_from"]) for row in ROWS).items()
            if times > 1
        ]

    def test_code_and_name_are_unique(self) -> None:
        assert len(regions()) == len(ROWS)

    def test_rows_are_well_formed(self) -> None:
        for row in ROWS:
            code, name = row["code"], row["name"]
            assert len(code) == 6, row
            assert code.isdecimal(), row
            assert len(name) > 1, row
            assert name == name.strip(), row
            assert name[-1] in "省市县区州旗盟", row

    def test_levels_and_parents_follow_from_the_codes(self) -> None:
        for row in ROWS:
            code, parent = row["code"], row["parent"]
            if code.endswith("0000"):
                assert (row["level"], parent) == ("province", ""), row
            elif code.endswith("00"):
                assert (row["level"], parent) == ("prefecture", code[:2] + "0000"), row
            else:
                assert row["level"] == "county", row
                assert parent in {code[:4] + "00", code[:2] + "0000"}, row

    def test_dates(self) -> None:
        for row in ROWS:
            since, until = row["valid_from"], row["valid_to"]
            for date in (since, until):
                assert re.fullmatch(r"(?:20\d\d(?:-\d\d){0,2})?", date), row
            assert not (since and until) or since < until, row

    def test_every_change_since_2019_has_a_source(self) -> None:
        for row in ROWS:
            if max(row["valid_from"], row["valid_to"]) >= "2019":
                assert row["note"], row

    def test_parents_exist_and_overlap(self) -> None:
        for each in regions():
            if each.parent is not None:
                since, until = validity(each)
                year = (since or until or "2026")[:4]
                parent = region(each.parent, year)
                assert existed(parent, year), each

    def test_no_functional_zones(self) -> None:
        assert not [row for row in ROWS if "开发" in row["name"] or "管理" in row["name"]]
        assert not [row for row in ROWS if row["code"][4] == "7"]

    # Numbers of the yearly statistics: divisions of county and prefecture level on 31 December.
    @pytest.mark.parametrize(
        ("year", "prefectures", "counties"),
        [
            (2003, 333, 2861),
            (2008, 333, 2859),
            (2011, 332, 2853),
            (2014, 333, 2854),
            (2018, 333, 2851),
            (2019, 333, 2846),
            (2020, 333, 2844),
            (2021, 333, 2843),
            (2023, 333, 2844),
            (2024, 333, 2846),
        ],
    )
    def test_counts_at_the_end_of_a_year(self, year: int, prefectures: int, counties: int) -> None:
        count = Counter(
            row["level"]
            for row in ROWS
            if int(row["valid_from"][:4] or 0) <= year < int(row["valid_to"][:4] or 9999)
        )
        assert count == {"province": 34, "prefecture": prefectures, "county": counties}


class TestLookUp:
    def test_by_code(self) -> None:
        assert by_code("430611") == Region("430611", "君山区", "county", "430600")
        assert by_code("999999") is None

    def test_by_code_of_a_renamed_division(self) -> None:
        assert region("420600").name == "襄阳市"
        assert region("420600", "2008").name == "襄樊市"
        assert region("130502").name == "襄都区"
        assert region("130502", "2019").name == "桥东区"

    def test_by_name(self) -> None:
        assert [each.code for each in by_name("鼓楼区")] == ["320106", "320302", "350102", "410204"]
        assert by_name("鼓楼") == ()
        assert by_name("浏阳") == ()

    @pytest.mark.parametrize(
        ("short", "name"),
        [
            ("北京", "北京市"),
            ("内蒙古", "内蒙古自治区"),
            ("广西", "广西壮族自治区"),
            ("香港", "香港特别行政区"),
            ("黔西南", "黔西南布依族苗族自治州"),
            ("黔西南州", "黔西南布依族苗族自治州"),
            ("博州", "博尔塔拉蒙古自治州"),
            ("巴音郭楞州", "巴音郭楞蒙古自治州"),
            ("锡林郭勒", "锡林郭勒盟"),
            ("大兴安岭", "大兴安岭地区"),
            ("玉屏", "玉屏侗族自治县"),
            ("玉屏县", "玉屏侗族自治县"),
            ("东乡县", "东乡族自治县"),
            ("鄂温克旗", "鄂温克族自治旗"),
            ("鄂伦春", "鄂伦春自治旗"),
            ("管城区", "管城回族区"),
            ("积石山", "积石山保安族东乡族撒拉族自治县"),
            ("浏阳", "浏阳市"),
            ("浦东", "浦东新区"),
            ("神农架", "神农架林区"),
            ("峰峰", "峰峰矿区"),
            ("井陉", "井陉县"),
        ],
    )
    def test_by_short_name(self, short: str, name: str) -> None:
        assert {each.name for each in by_short_name(short)} == {name}

    def test_no_short_names_of_one_character_or_of_words(self) -> None:
        assert by_short_name("沛") == ()
        assert by_short_name("市中") == ()
        assert by_short_name("土默特左") == ()


class TestFullName:
    @pytest.mark.parametrize(
        ("code", "name"),
        [
            ("430611", "岳阳市君山区"),
            ("430981", "沅江市"),
            ("430626", "平江县"),
            ("430600", "岳阳市"),
            ("430000", "湖南省"),
            ("110108", "北京市海淀区"),
            ("310115", "上海市浦东新区"),
            ("360704", "赣州市赣县区"),
            ("340711", "铜陵市郊区"),
            ("410304", "洛阳市瀍河回族区"),
            ("429021", "神农架林区"),
            ("520203", "六枝特区"),
            ("429004", "仙桃市"),
            ("152921", "阿拉善左旗"),
            ("542500", "阿里地区"),
            ("441900", "东莞市"),
            ("520500", "毕节市"),
        ],
    )
    def test_full_name(self, code: str, name: str) -> None:
        assert full_name(region(code)) == name

    def test_the_city_has_the_name_of_its_time(self) -> None:
        assert full_name(region("420602")) == "襄阳市襄城区"
        assert full_name(region("420602"), year="2008") == "襄樊市襄城区"
        assert full_name(region("420607", "2008")) == "襄樊市襄阳区"
        assert full_name(region("371203")) == "莱芜市钢城区"


class TestEnclosing:
    def test_levels(self) -> None:
        district = region("430611")
        assert enclosing(district, "county") == district
        assert enclosing(district, "prefecture") == region("430600")
        assert enclosing(district, "province") == region("430000")
        assert enclosing(region("430600"), "county") is None

    @pytest.mark.parametrize("code", ["110108", "429004", "469022", "659001"])
    def test_a_skipped_level(self, code: str) -> None:
        assert enclosing(region(code), "prefecture") is None
        assert enclosing(region(code), "province") == region(code[:2] + "0000")


class TestValidity:
    def test_validity(self) -> None:
        assert validity(region("430611")) == (None, None)
        assert validity(region("330103")) == (None, "2021-03-11")
        assert validity(region("330114")) == ("2021-03-11", None)

    def test_both_hold_in_the_year_of_the_change(self) -> None:
        laiwu = region("371200")
        assert [existed(laiwu, year) for year in ("2005", "2018", "2019")] == [True, True, False]
        assert [existed(region("370116"), year) for year in ("2017", "2018")] == [False, True]

    # One change of each year since 2019: old code, new code, year.
    @pytest.mark.parametrize(
        ("old", "new", "year"),
        [
            ("371203", "370117", "2018"),
            ("140726", "140703", "2019"),
            ("510132", "510118", "2020"),
            ("320602", "320613", "2020"),
            ("350427", "350405", "2021"),
            ("520522", "520581", "2021"),
            ("540422", "540481", "2023"),
            ("500105", "500157", "2025"),
        ],
    )
    def test_changes(self, old: str, new: str, year: str) -> None:
        _, until = validity(region(old))
        since, _ = validity(region(new))
        assert until is not None
        assert until[:4] == year
        assert until == since

    @pytest.mark.parametrize(
        ("code", "name"),
        [
            ("330383", "龙港市"),
            ("460302", "西沙区"),
            ("659010", "胡杨河市"),
            ("659011", "新星市"),
            ("659012", "白杨市"),
            ("659013", "草湖市"),
            ("653132", "岑岭县"),
            ("653228", "和康县"),
            ("653229", "和安县"),
        ],
    )
    def test_new_divisions(self, code: str, name: str) -> None:
        assert region(code).name == name


class TestResolve:
    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("沅江市", "430981"),
            ("岳阳市君山区", "430611"),
            ("湖南省岳阳市君山区", "430611"),
            ("湖南岳阳", "430600"),
            ("南京鼓楼区", "320106"),
            ("岳阳君山", "430611"),
            ("襄樊市襄州区", "420607"),
            ("黔西南州", "522300"),
            ("黔西南", "522300"),
            ("铜陵市郊区", "340711"),
            (" 沅江市 ", "430981"),
        ],
    )
    def test_full_compound_and_short_names(self, name: str, code: str) -> None:
        assert resolve_region(name) == region(code)

    @pytest.mark.parametrize("name", ["", "区", "市", "某某市", "岳阳市鼓楼区", "岳" * 100])
    def test_unknown_names(self, name: str) -> None:
        assert resolve_region(name) is None

    @pytest.mark.parametrize(
        "name", ["鼓楼区", "朝阳区", "城区", "市中区", "江北区", "朝阳", "龙港"]
    )
    def test_ambiguous_names(self, name: str) -> None:
        assert resolve_region(name) is None

    def test_an_encloser_decides(self) -> None:
        assert resolve_region("鼓楼区", within="320100") == region("320106")
        assert resolve_region("鼓楼区", within="350000") == region("350102")
        assert resolve_region("鼓楼区", within="320000") is None
        assert resolve_region("朝阳区", within="110000") == region("110105")
        assert resolve_region("朝阳区", within="220100") == region("220104")
        assert resolve_region("长沙市", within="430600") is None

    def test_a_short_name_is_the_larger_one_around(self) -> None:
        assert resolve_region("岳阳") == region("430600")
        assert resolve_region("吉林") == region("220000")
        assert resolve_region("河南") == region("410000")
        assert resolve_region("海南", within="630000") == region("632500")

    def test_a_successor_of_the_same_name_is_no_namesake(self) -> None:
        assert resolve_region("三元区") == region("350404")
        assert resolve_region("公主岭市") == region("220184")
        assert resolve_region("儋州市") == region("460400")
        assert resolve_region("黔西") == region("520581")

    def test_the_year_decides(self) -> None:
        assert resolve_region("三元区", year="2019") == region("350403")
        assert resolve_region("公主岭市", year="2018") == region("220381")
        assert resolve_region("巢湖市", year="2009") == region("341400")
        assert resolve_region("巢湖市", year="2019") == region("340181")
        assert resolve_region("江北区", year="2026") == region("330205")
        assert resolve_region("江北区", year="2024") is None

    def test_an_old_name_is_known_after_its_time(self) -> None:
        assert resolve_region("莱芜市", year="2022") == region("371200")
        assert resolve_region("杭州市江干区") == region("330104")


class TestFind:
    def test_offsets_are_half_open_code_points(self) -> None:
        text = "😀沅江市和岳阳市君山区"
        assert [(start, end) for start, end, _ in find_regions(text)] == [(1, 4), (5, 11)]

    def test_empty_text(self) -> None:
        assert find_regions("") == []

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("湖南省岳阳市君山区财政局", ["湖南省岳阳市君山区 430611"]),
            ("湖南省、岳阳市", ["湖南省 430000", "岳阳市 430600"]),
            ("黔西南布依族苗族自治州兴义市", ["黔西南布依族苗族自治州兴义市 522301"]),
            ("赣州市赣县区", ["赣州市赣县区 360704"]),
            ("长沙市岳阳市", ["长沙市 430100", "岳阳市 430600"]),
            ("西藏自治区拉萨市城关区", ["西藏自治区拉萨市城关区 540102"]),
        ],
    )
    def test_compounds_are_one_span(self, text: str, found: list[str]) -> None:
        assert names(text) == found

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("鼓楼区", []),
            ("徐州市鼓楼区", ["徐州市鼓楼区 320302"]),
            ("江苏省鼓楼区", ["江苏省 320000"]),
            ("南京鼓楼区", ["鼓楼区 320106"]),
            ("南京市玄武区、鼓楼区", ["南京市玄武区 320102", "鼓楼区 320106"]),
            ("广州市荔湾区和南沙区", ["广州市荔湾区 440103", "南沙区 440115"]),
        ],
    )
    def test_names_that_several_divisions_bear(self, text: str, found: list[str]) -> None:
        assert names(text) == found

    def test_context_and_year_decide(self) -> None:
        assert names("鼓楼区", context="320100") == ["鼓楼区 320106"]
        assert names("长沙市、鼓楼区", context="320100") == ["长沙市 430100", "鼓楼区 320106"]
        assert names("公主岭市", year="2018") == ["公主岭市 220381"]

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("城区、郊区、矿区", []),
            ("岳阳市城区", ["岳阳市 430600"]),
            ("铜陵市郊区", ["铜陵市郊区 340711"]),
            ("枣庄市市中区", ["枣庄市市中区 370402"]),
            ("阳泉市城区、矿区", ["阳泉市城区 140302", "矿区 140303"]),
            ("革命老区和解放区", []),
            ("焦作市解放区", ["焦作市解放区 410802"]),
            ("创建平安县（市、区）", []),
        ],
    )
    def test_names_that_are_words(self, text: str, found: list[str]) -> None:
        assert names(text) == found

    @pytest.mark.parametrize(
        "text",
        [
            "市",
            "各县（市、区）",
            "省、市和县级财政",
            "各市和县",
            "振兴县域经济",
            "主动公开县级预算",
            "责任县区",
            "创新和县域",
            "党政和县直部门",
            "江西和县级",
            "陕西山区",
            "集中山区",
            "上海城区",
            "丽江城区",
            "洞庭湖区",
            "江西湖区",
            "江北区域",
            "河北区位优势",
            "长沙市场",
            "中华人民共和国县级以上",
        ],
    )
    def test_no_names_inside_other_words(self, text: str) -> None:
        assert names(text) == []

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("和县财政局", ["和县 340523"]),
            ("安徽省马鞍山市和县", ["安徽省马鞍山市和县 340523"]),
            ("含山县、和县", ["含山县 340522", "和县 340523"]),
            ("原开县", ["开县 500234"]),
            ("湖南南县", ["南县 430921"]),
            ("甘肃宁县", ["宁县 621026"]),
            ("田阳县和田东县", ["田阳县 451021", "田东县 451022"]),
            ("岳阳县和平江县", ["岳阳县 430621", "平江县 430626"]),
            ("深圳南山区", ["南山区 440305"]),
            ("长沙市市场监督管理局", ["长沙市 430100"]),
            ("长沙市区", ["长沙市 430100"]),
            ("君山区位于", ["君山区 430611"]),
        ],
    )
    def test_names_among_other_words(self, text: str, found: list[str]) -> None:
        assert names(text) == found

    def test_every_name_is_found_behind_that_of_its_encloser(self) -> None:
        for each in regions():
            parent = by_code(each.parent) if each.parent else None
            text = parent.name + each.name if parent is not None else each.name
            found = find_regions(text)
            assert found, text
            assert found[-1][:2] == (0, len(text)), text
            assert found[-1][2].name == each.name, text

    def test_time_is_linear(self, assert_linear: Callable[..., None]) -> None:
        sentence = (
            "2021年，岳阳市君山区、沅江市和平江县安排资金，各县（市、区）城区项目全部开工。" * 50
        )
        many = "市区县" * 500 + "自治区" * 500
        for text in (sentence, many):
            assert_linear(lambda times, text=text: partial(find_regions, text * times), 1)
