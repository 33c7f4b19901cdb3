"""A catalogue in YAML: what may be written, what it means, and what every mistake is told."""

from __future__ import annotations

import pytest

from jixiao import Settings, annotate
from jixiao.errors import CatalogueError
from jixiao.indicators import load_catalogue
from jixiao.indicators.catalogue import Catalogue, is_yaml, parse_own, read_own, shipped
from jixiao.indicators.catalogue_units import guess_unit, unit_of
from jixiao.indicators.catalogue_yaml import derived_id
from jixiao.indicators.dimension import UnitSpec, parse_unit

ALONE = "extends: none\nindicators:\n"


def _alone(entries: str) -> Catalogue:
    return load_catalogue(ALONE + entries)


def _aligned(text: str, catalogue: str) -> list[str | None]:
    settings = Settings(catalogue=catalogue)
    return [quantity.indicator for quantity in annotate(text, settings=settings).quantities]


# -- what may be written ------------------------------------------------------------------------


def test_a_name_alone_is_an_indicator_that_aligns() -> None:
    name = derived_id("非遗代表性项目")
    assert _aligned("全市共有非遗代表性项目450项。", ALONE + "- name: 非遗代表性项目\n") == [name]


def test_a_bare_list_and_a_bare_name_will_do() -> None:
    own, alone = read_own("# 我的指标\n- 城市书房\n- name: 农家书屋座数\n", "mine.yaml")
    assert [one.name_zh for one in own] == ["城市书房", "农家书屋座数"]
    assert not alone


def test_every_key_in_english_and_in_chinese_says_the_same() -> None:
    english = """
- name: 甲级书房
  id: book_rooms
  unit: 座
  aliases: [甲书房, 书房]
  weak_aliases: [房]
  definition: 一句话。
  category: 文化
  parent: 乙级书房
  relations: [甲级书房 = 乙级书房 + 丙级书房]
- 乙级书房
- 丙级书房
"""
    chinese = """
- 名称: 甲级书房
  编号: book_rooms
  单位: 座
  别名: 甲书房、书房
  弱别名: 房
  定义: 一句话。
  类别: 文化
  上级: 乙级书房
  关系: 甲级书房＝乙级书房＋丙级书房
- 乙级书房
- 丙级书房
"""
    first, second = parse_own(english), parse_own(chinese)
    assert first.problems == second.problems == []
    assert first.indicators == second.indicators
    one = first.indicators[0]
    parts = derived_id("乙级书房"), derived_id("丙级书房")
    assert (one.id, one.name_zh, one.aliases) == ("book_rooms", "甲级书房", ("甲书房", "书房"))
    assert "房" in one.weak_aliases
    assert (one.definition, one.category_zh, one.parent) == ("一句话。", "文化", parts[0])
    assert one.relations == (f"book_rooms = {parts[0]} + {parts[1]}",)


def test_the_percent_sign_needs_no_quotes() -> None:
    written = '- name: 甲\n  unit: %\n- name: 乙\n  unit: "%"\n- name: 丙\n  unit: ‰ # 千分\n'
    units = [one.unit for one in _alone(written).indicators.values()]
    assert units == [unit_of("%")] * 3


def test_a_derived_id_rests_on_the_name_alone() -> None:
    before = _alone("- name: 城市书房\n- name: 农家书屋座\n")
    after = _alone("- name: 农家书屋座\n  unit: 座\n- name: 城市书房\n")
    assert set(before.indicators) == set(after.indicators)
    assert all(name.isascii() and name.startswith("own_") for name in before.indicators)


@pytest.mark.parametrize(
    ("content", "yaml"),
    [
        ("- name: 甲", True),
        ("\ufeff- name: 甲", True),
        ("# 注\n\nextends: none\n", True),
        ("---\n- 甲", True),
        ("{indicators: [甲]}", True),
        ("# only a comment", True),
        ("id,name_zh,unit\na,甲,%\n", False),
        ('"id","name_zh","unit"\n', False),
        ("name_zh;id;unit\n", False),
    ],
)
def test_yaml_is_told_from_csv(content: str, yaml: bool) -> None:
    assert is_yaml(content) is yaml


def test_windows_line_ends_and_a_byte_order_mark_are_no_matter() -> None:
    content = "\ufeffextends: none\r\nindicators:\r\n  - name: 城市书房\r\n    unit: %\r\n"
    (one,) = load_catalogue(content).indicators.values()
    assert (one.name_zh, one.unit) == ("城市书房", unit_of("%"))


# -- units --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "catalogue"),
    [
        ("元", "CNY"),
        ("万元", "CNY"),
        ("亿元", "CNY"),
        ("CNY|%", "CNY|%"),
        ("平方米", "m2"),
        ("万亩", "mu"),
        ("公里", "km"),
        ("吨标准煤", "tce"),
        ("count:家|户", "count:家|户"),
        ("ordinal:优|良", "text"),
        ("微克/立方米", "ug/m3"),
        ("μg/m³", "ug/m3"),
        ("mg/m³", "quantity/time"),
        ("元/人", "CNY"),
        ("分", "score"),
    ],
)
def test_printed_units_are_those_of_the_catalogue(written: str, catalogue: str) -> None:
    text = UnitSpec(frozenset({"text"}), frozenset())
    expected = text if catalogue == "text" else parse_unit(catalogue)
    assert unit_of(written).dimensions >= expected.dimensions
    assert unit_of(written).classifiers == expected.classifiers


@pytest.mark.parametrize(
    ("written", "admitted"),
    [
        ("人", {"人", "名", "位"}),
        ("所", {"所", "家", "个"}),
        ("元、笔", {"笔"}),
        ("万人次", {"人次"}),
    ],
)
def test_a_classifier_stands_for_its_family(written: str, admitted: set[str]) -> None:
    assert admitted <= unit_of(written).classifiers
    assert "count" in unit_of(written).dimensions


@pytest.mark.parametrize("written", ["瓩", "%%", "count", "元元", "", "、"])
def test_an_unknown_unit_is_an_error(written: str) -> None:
    with pytest.raises(CatalogueError, match="expected a unit as reports print it"):
        unit_of(written)


def test_without_a_unit_the_name_tells_it() -> None:
    assert guess_unit("毛入园率") == unit_of("%")
    assert guess_unit("学生资助资金").dimensions == {"CNY"}
    assert guess_unit("专任教师").classifiers == {"人", "名", "位", "人次"}
    assert guess_unit("绿化面积").dimensions == {"mu", "ha", "m2", "km2"}
    counted = guess_unit("城市书房")
    assert {"座", "个", "所"} <= counted.classifiers
    assert not counted.dimensions & {"CNY", "%", "score"}


# -- beside the shipped indicators --------------------------------------------------------------


def test_the_name_of_a_shipped_indicator_adds_aliases_to_it() -> None:
    before = load_catalogue().indicators["high_tech_enterprises"]
    catalogue = load_catalogue(f"- name: {before.name_zh}\n  aliases: [高企单位]\n")
    after = catalogue.indicators["high_tech_enterprises"]
    assert set(after.aliases) == {*before.aliases, "高企单位"}
    assert (after.unit, after.definition) == (before.unit, before.definition)
    assert len(catalogue.indicators) == len(shipped())


def test_the_id_of_a_shipped_indicator_does_too_and_may_change_the_rest() -> None:
    written = "- id: high_tech_enterprises\n  name: 国高企业\n  unit: 家\n  definition: 新。\n"
    one = load_catalogue(written).indicators["high_tech_enterprises"]
    assert one.name_zh == "国高企业"
    assert "高新技术企业" in {a.removesuffix("数") for a in one.aliases}
    assert (one.unit, one.definition) == (unit_of("家"), "新。")


def test_a_shorter_name_of_a_shipped_indicator_is_the_same_and_a_narrower_is_not() -> None:
    shorter = parse_own("- name: 义务教育巩固率\n").indicators[0]
    assert shorter.id == "compulsory_retention_rate"
    narrower = parse_own("- name: 专任教师\n").indicators[0]
    assert narrower.id == derived_id("专任教师")


def test_the_users_words_win_over_the_shipped() -> None:
    catalogue = load_catalogue("- name: 专任教师\n  unit: 人\n")
    assert [named.indicator.name_zh for named in catalogue.aliases["专任教师"]] == ["专任教师"]
    assert any("专任教师" in one.aliases for one in shipped())


def test_a_name_with_an_id_of_its_own_takes_the_place_of_the_shipped() -> None:
    before = load_catalogue().indicators["high_tech_enterprises"]
    catalogue = load_catalogue(f"- name: {before.name_zh}\n  id: mine\n")
    assert "high_tech_enterprises" not in catalogue.indicators
    assert catalogue.indicators["mine"].name_zh == before.name_zh


def test_extends_none_leaves_the_users_alone() -> None:
    assert list(_alone("- name: 甲级书房\n  id: mine\n").indicators) == ["mine"]
    assert len(load_catalogue("- name: 甲级书房\n").indicators) == len(shipped()) + 1
    assert list(load_catalogue("- name: 甲级书房\n  id: mine\n", "replace").indicators) == ["mine"]


def test_a_shorter_name_is_weak_and_only_where_no_other_has_it() -> None:
    one, other = _alone("- name: 学前毛入园率\n- name: 农村自来水普及率\n").indicators.values()
    assert "自来水普及率" in other.weak_aliases
    shared = _alone("- name: 高血压规范管理率\n- name: 糖尿病规范管理率\n").indicators.values()
    assert [a for one in shared for a in one.weak_aliases if a == "规范管理率"] == []
    assert "自来水普及率" not in one.weak_aliases


def test_brackets_and_the_unit_at_the_end_of_a_name_may_be_left_out() -> None:
    first, second = _alone("- name: 执业（助理）医师\n- name: 核酸检测人次\n").indicators.values()
    assert {"执业医师", "执业助理医师"} <= set(first.weak_aliases)
    assert "核酸检测" in second.weak_aliases
    assert _aligned(
        "全年完成核酸检测8.9万人次。", ALONE + "- name: 核酸检测人次\n  unit: 人次\n"
    ) == [second.id]


# -- mistakes -----------------------------------------------------------------------------------

MISTAKES = [
    ("- name: 甲\n  uint: 所\n", 2, "no key 'uint'; did you mean 'unit'?"),
    ("- name: 甲\n  颜色: 红\n", 2, "no key '颜色'; expected name, id, unit"),
    ("- name: 甲\n  unit: 瓩\n", 2, "unit '瓩' is unknown; expected a unit"),
    ("- name: 甲\n  unit:\n", 2, "unit is empty"),
    ("- name: 甲\n  unit: {a: b}\n", 2, "unit is a mapping; expected a list"),
    ("- name:\n  unit: 所\n", 1, "name is empty"),
    ("- unit: 所\n", 1, "without a name"),
    ("- name: [甲, 乙]\n", 1, "name is a list; expected one text"),
    ("- name: 2021\n", 1, "reads as int; expected text; put it in quotes"),
    ("- name: 甲\n  aliases: {乙: 丙}\n", 2, "aliases is a mapping; expected a list"),
    ("- name: 甲\n  aliases:\n    - 乙\n    - [丙]\n", 4, "aliases is a list; expected one text"),
    ("- name: 甲\n  id: 甲\n", 2, "id '甲' is not usable; expected a-z first"),
    ("- name: 甲\n  id: a\n- name: 乙\n  id: a\n", 3, "is also in line 1"),
    ("- name: 甲\n- name: 甲\n", 2, "is also in line 1"),
    (
        "- name: 甲乙\n  aliases: [丙]\n- name: 丁\n  aliases: [丙]\n",
        4,
        "'丙' names this indicator and",
    ),
    ("- name: 甲\n  name: 乙\n", 2, "name is given twice"),
    ("- name: 甲\n\tunit: 所\n", 2, "a tab; YAML is indented by blanks"),
    ("- name: 甲\n  unit：所\n", 2, "full-width colon"),
    ("- name：甲\n  unit: 所\n", 1, "full-width colon"),
    ("- name: 甲: 乙\n", 1, "a key or a colon where none can stand"),
    ("- name: 甲\n unit: 所\n", 2, ""),
    ("- name: [甲\n- name: 乙\n", 2, ""),
    ("- name: *甲\n", 1, "put it in quotes"),
    ("- name: @甲\n", 1, "put it in quotes"),
    ("- name: 甲\x07\n", 1, "control character"),
    ("- - name: 甲\n", 1, "a list inside the list"),
    ("extends: some\nindicators: [甲]\n", 1, "extends is 'some'; expected default"),
    ("extends: none\n", 1, "no key indicators"),
    ("extends: none\nindicator:\n- 甲\n", 2, "did you mean 'indicators'?"),
    ("indicators: 甲\n", 1, "is no list of indicators"),
    ("indicators: []\n", 1, "the list is empty"),
    ("# nothing\n", 1, "no indicators"),
    ("- name: 甲\n  parent: 丙丁\n", 2, "parent names '丙丁', which is no indicator's id or name"),
    ("- id: high_tech_enterprise\n", 1, "did you mean high_tech_enterprises?"),
    ("- name: 甲\n  relations: 甲是乙\n", 2, "is not understood; expected, say"),
    ("- name: 甲\n  relations: 甲 = 乙 + 丙\n", 2, "relations names '乙'"),
    ("[" * 20_000, 1, "nested too deeply"),
]


@pytest.mark.parametrize(("content", "line", "told"), MISTAKES)
def test_a_mistake_is_told_with_file_line_and_advice(content: str, line: int, told: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        read_own(content, "mine.yaml")
    first = str(caught.value).splitlines()[0]
    assert first.startswith(f"mine.yaml, line {line}: ")
    assert told in str(caught.value)
    assert len(first) > len("mine.yaml, line 1: ") + 10


def test_all_mistakes_are_told_at_once_up_to_ten() -> None:
    content = "".join(f"- name: 甲{n}\n  unit: 瓩\n" for n in range(12))
    assert len(parse_own(content).problems) == 12
    with pytest.raises(CatalogueError, match="and 2 more; see `jixiao catalogue check`"):
        read_own(content, "mine.yaml")


def test_an_alias_may_be_repeated_within_an_indicator() -> None:
    own = parse_own("- name: 甲乙\n  aliases: [丙丁, 丙丁, 甲乙]\n")
    assert own.problems == []
    assert own.indicators[0].aliases == ("丙丁",)


def test_mistakes_in_csv_are_told_with_their_lines_all_at_once() -> None:
    rows = 'id,name_zh,unit,definition\na,甲,%,"一\n二"\nb,乙,瓩,\nA,丙,%,\nc,,%,\na,丁,%,\n'
    assert [line for line, _ in parse_own(rows).problems] == [4, 5, 6, 7]
    with pytest.raises(CatalogueError, match=r"mine.csv, line 4: unknown unit '瓩'"):
        read_own(rows, "mine.csv")
    with pytest.raises(CatalogueError, match="columns id, unit are missing"):
        read_own("name_zh\n甲\n", "mine.csv")
    with pytest.raises(CatalogueError, match="expected alias=part"):
        read_own("id,name_zh,unit,facets\na,甲,%,乙\n", "mine.csv")
