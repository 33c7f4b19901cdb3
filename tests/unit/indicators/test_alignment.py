"""Which indicator a number measures, why, and how sure that is."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from jixiao.documents import Report
from jixiao.errors import ResourceError
from jixiao.indicators import Catalogue, Indicator, load_catalogue
from jixiao.indicators.align import Aligner
from jixiao.indicators.candidates import AliasIndex
from jixiao.indicators.dimension import fitness, parse_unit
from jixiao.indicators.facets import facet_of
from jixiao.indicators.features import FEATURES, INDEX, Case, compare, strongest
from jixiao.indicators.ranker import Ranker
from jixiao.indicators.respective import pair_names
from jixiao.numbers import find_quantities
from jixiao.pipeline import annotate_report, annotate_text
from jixiao.records import Quantity
from jixiao.resources import read_text

OWN = Catalogue(
    [
        Indicator("loans", "普惠贷款余额", parse_unit("CNY"), aliases=("普惠贷款",)),
        Indicator("outlets", "银行网点数", parse_unit("count:个|家"), aliases=("银行网点",)),
        Indicator("bad_rate", "不良贷款率", parse_unit("%"), aliases=("不良率",)),
    ]
)


def indicators_of(text: str, catalogue: Catalogue | None = None) -> list[str | None]:
    aligner = Aligner(catalogue) if catalogue else None
    found = annotate_report(Report("t", text), aligner=aligner)
    return [quantity.indicator for quantity in found.quantities]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全年新增高新技术企业15家，同比增长30.6%。", ["high_tech_enterprises"] * 2),
        ("我局2021年“三公”经费支出12.5万元，比上年下降8.3%。", ["three_public_total"] * 2),
        ("预算执行率达到96.4%。", ["budget_completion_rate"]),
        ("会议室铺设地毯3块。", [None]),
        ("截至2021年12月31日，到位资金9730.1万元。", ["project_fund_received"]),
    ],
)
def test_a_number_measures_what_is_named_beside_it(text: str, expected: list[str | None]) -> None:
    assert indicators_of(text) == expected


def test_the_decision_says_why_and_how_sure() -> None:
    quantity = annotate_text("全年新增高新技术企业15家。").quantities[0]
    assert quantity.evidence is not None
    assert quantity.evidence["alias"] == "高新技术企业"
    assert quantity.evidence["place"] == "lead"
    assert "at_lead" in quantity.evidence["reasons"]
    assert quantity.candidates
    assert 1 <= len(quantity.candidates) <= 3
    scores = [candidate.score for candidate in quantity.candidates]
    assert scores == sorted(scores, reverse=True)
    assert quantity.confidence is not None
    assert quantity.confidence <= scores[0] <= 1


def test_a_users_catalogue_needs_no_training() -> None:
    text = "年末普惠贷款余额23.6亿元，增长12.5%；新设银行网点4个；不良贷款率1.2%。"
    assert indicators_of(text, OWN) == ["loans", "loans", "outlets", "bad_rate"]


def test_the_decision_does_not_depend_on_the_id() -> None:
    text = "年末普惠贷款余额23.6亿元，增长12.5%；新设银行网点4个；不良率1.2%。"
    renamed = Catalogue([replace(one, id=f"x_{one.id}") for one in OWN.indicators.values()])
    before = indicators_of(text, OWN)
    assert indicators_of(text, renamed) == [f"x_{name}" for name in before]


def test_a_unit_that_cannot_measure_it_is_no_candidate() -> None:
    assert indicators_of("普惠贷款惠及3200户。", OWN) == [None]


def test_runs_twice_the_same() -> None:
    text = "年末普惠贷款余额23.6亿元，增长12.5%；新设银行网点4个。" * 3
    assert indicators_of(text, OWN) == indicators_of(text, OWN)


# Candidates.


def test_a_phrase_is_like_a_name_by_its_rarer_characters() -> None:
    near = AliasIndex(OWN).near("涉农普惠性贷款")
    assert near
    assert near[0].alias in ("普惠贷款余额", "普惠贷款")
    assert near[0].same_head
    assert 0 < near[0].similarity < 1
    assert not AliasIndex(OWN).near("绿化苗木")
    assert not AliasIndex(OWN).near("12.5")


def test_a_definition_tells_what_a_context_is_about() -> None:
    told = Indicator("a", "网点数", parse_unit("count:个"), definition="银行在乡镇设立的营业机构")
    index = AliasIndex(Catalogue([told, *OWN.indicators.values()]))
    context = index.weigh("乡镇营业机构")
    assert index.told("a", context) > index.told("bad_rate", context)


# 分别.


def paired(text: str) -> list[tuple[str | None, int | None]]:
    items, _ = find_quantities(Report("t", text))
    pairs = pair_names(text, items)
    return [tuple(pairs[n]) if n in pairs else (None, None) for n in range(len(items))]


def test_respectively_pairs_names_with_numbers() -> None:
    found = paired("教育、卫生健康支出分别为9亿元和4亿元。")
    assert found == [("教育支出", None), ("卫生健康支出", None)]


def test_respectively_pairs_rates_with_the_numbers_before() -> None:
    found = paired("立案58件，罚款486万元，同比分别下降14%、21%。")
    assert found[2:] == [(None, 0), (None, 1)]


@pytest.mark.parametrize("text", ["三项支出分别为9亿元和4亿元。", "教育支出分别为9亿元。"])
def test_respectively_with_a_list_of_another_length_pairs_nothing(text: str) -> None:
    assert all(name is None for name, _ in paired(text))


# Units.


def quantity(**fields: object) -> Quantity:
    values: dict[str, object] = {
        "id": "q1", "start": 0, "end": 1, "text": "1", "label": "COUNT", "value": Decimal(1),
    }  # fmt: skip
    return Quantity(**(values | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "unit", "expected"),
    [
        ({"label": "MEASURE", "unit": "μg/m³"}, "ug/m3", 1.0),
        ({"label": "SCORE"}, "score", 1.0),
        ({"label": "SCORE"}, "%", 0.8),
        ({"label": "SCORE"}, "CNY", 0.6),
        ({"label": "PERCENT"}, "CNY", 0.0),
        ({"label": "PERCENT", "measure": "growth"}, "CNY", 0.95),
    ],
)
def test_a_unit_fits(fields: dict[str, object], unit: str, expected: float) -> None:
    assert fitness(quantity(**fields), parse_unit(unit)) == expected


# Facets.


def chosen(alias: str, place: str, facet: str | None = None) -> Case:
    case = Case(OWN.indicators["loans"], 1.0)
    case.alias, case.place, case.facet = alias, place, facet
    return case


@pytest.mark.parametrize(
    ("fields", "case", "label", "expected"),
    [
        ({"noun": "省级绿色工厂"}, chosen("绿色工厂", "lead"), None, "省级"),
        ({"noun": "绿色工厂"}, chosen("绿色工厂", "lead"), None, None),
        ({"subject": "涉农支出中普惠贷款"}, chosen("普惠贷款", "lead"), None, None),
        ({"noun": "新建5G基站"}, chosen("基站", "row"), None, "5G"),
        ({"subject": "公办", "noun": "公办学校"}, chosen("幼儿园", "clause"), None, "公办"),
        ({"subject": "石桥镇"}, chosen("普惠贷款", "earlier"), None, None),
        ({}, chosen("普惠贷款", "column"), "1.涉农贷款项目", "涉农贷款项目"),
        ({}, chosen("普惠贷款", "column"), "合计", None),
        ({}, chosen("普惠贷款", "column"), "石桥镇", None),
        ({}, chosen("普惠贷款", "column"), "全县单位汇总", None),
        ({}, chosen("在用普惠贷款", "column", "在用"), "1.县医院", "县医院在用"),
        ({}, chosen("涉农普惠贷款", "lead", "涉农"), None, "涉农"),
        (
            {"noun": "绿色工厂", "subject": "新增省级绿色工厂"},
            chosen("绿色工厂", "lead"),
            None,
            "省级",
        ),
        ({"noun": "绿色工厂", "subject": "另建绿色工厂"}, chosen("绿色工厂", "lead"), None, None),
        ({"noun": "绿色工厂", "subject": "县级"}, chosen("绿色工厂", "before"), None, "县级"),
        ({"noun": "编制", "subject": "事业"}, chosen("核定编制", "before"), None, "事业"),
        ({"subject": "江河机械产能由原来"}, chosen("产能", "lead"), None, "江河机械"),
        ({"subject": "内含人员经费"}, chosen("人员经费", "lead"), None, None),
        ({"subject": "前三季度预算执行率"}, chosen("预算执行率", "lead"), None, None),
        ({"subject": "技能行动开展补贴性培训"}, chosen("培训", "lead"), None, "补贴性"),
        ({"subject": "首次"}, chosen("绿色工厂", "earlier"), None, None),
        ({"subject": "核定"}, chosen("核定编制", "before"), None, None),
        ({}, chosen("普惠小额贷款", "lead", "普惠"), None, None),
    ],
)
def test_a_facet_is_the_part_that_is_counted(
    fields: dict[str, object], case: Case, label: str | None, expected: str | None
) -> None:
    assert facet_of(quantity(**fields), case, None, label) == expected


def test_growth_has_the_facet_of_what_grew() -> None:
    before = quantity(indicator="loans", facet="涉农")
    grown = quantity(label="PERCENT", measure="growth", subject="涉农贷款")
    assert facet_of(grown, chosen("12亿元", "inherited"), before) == "涉农"


@pytest.mark.parametrize(
    ("subject", "start", "expected"),
    [("执行率", 13, "省级"), ("执行率", 40, None), ("合同履约率", 13, None)],
)
def test_a_rate_of_a_short_name_goes_with_the_number_before(
    subject: str, start: int, expected: str | None
) -> None:
    before = quantity(indicator="spending", facet="省级", start=4, end=10)
    rate = quantity(label="PERCENT", measure="level", subject=subject, start=start, end=start + 4)
    assert facet_of(rate, chosen("执行率", "lead"), before) == expected


def test_an_amount_right_behind_a_count_goes_with_it() -> None:
    before = quantity(indicator="loans_count", facet="涉农", start=4, end=7)
    amount = quantity(subject="涉农", start=7, end=14)
    assert facet_of(amount, chosen("3笔", "inherited"), before) == "涉农"


# The ranker.


def model(**changes: object) -> Ranker:
    """Return a model of one tree that asks whether the name stands right before the number."""
    tree = {
        "feature": [INDEX["at_lead"], -1, -1],
        "threshold": [0.5, 0.0, 0.0],
        "left": [1, 1, 2],
        "right": [2, 1, 2],
        "value": [0.0, -2.0, 2.0],
    }
    stored: dict[str, object] = {
        "features": list(FEATURES),
        "base": 0.5,
        "trees": [tree, tree],
        "calibration": [1.0, 0.0],
        "threshold": 0.0,
    }
    return Ranker(stored | changes)


def test_trees_add_up() -> None:
    rows = [[0.0] * len(FEATURES), [1.0] * len(FEATURES)]
    assert model().scores(rows).tolist() == [-3.5, 4.5]
    assert model().scores([]).tolist() == []


def test_the_score_becomes_a_probability() -> None:
    assert model().probability(0.0) == 0.5
    assert model(calibration=[0.5, 1.0]).probability(-2.0) == 0.5
    assert model().probability(1e9) == 1.0


def test_below_the_threshold_there_is_none() -> None:
    text = "普惠贷款余额23.6亿元。"
    strict = Aligner(OWN, model(threshold=9.0))
    assert annotate_report(Report("t", text), aligner=strict).quantities[0].indicator is None
    loose = Aligner(OWN, model())
    assert annotate_report(Report("t", text), aligner=loose).quantities[0].indicator == "loans"


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"trees": None}, "holds no model"), ({"features": ["size"]}, "fitted on other features")],
)
def test_a_model_that_cannot_be_used_says_so(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ResourceError, match=said):
        model(**changes)


def test_the_stored_model_knows_these_features() -> None:
    stored = json.loads(read_text("alignment.json"))
    assert stored["features"] == list(FEATURES)
    assert Ranker(stored).threshold == stored["threshold"]


# Candidates of one number.


def test_at_most_eight_are_ranked() -> None:
    cases = [Case(OWN.indicators["loans"], 1.0) for _ in range(20)]
    for number, case in enumerate(cases):
        case.strength = number / 20
    kept = strongest(cases)
    assert [case.strength for case in kept] == [number / 20 for number in range(12, 20)]


def test_candidates_are_compared() -> None:
    first, second = (Case(OWN.indicators[name], 1.0) for name in ("loans", "outlets"))
    first.strength, second.strength = 0.9, 0.4
    compare([first, second])
    assert (first.get("rank"), second.get("rank")) == (0, 1)
    assert first.get("ahead") == pytest.approx(0.5)
    assert second.get("ahead") == pytest.approx(-0.5)


def test_indicator_and_measure_are_told_apart() -> None:
    quantities = annotate_text("申报高新技术企业37家，认定高新技术企业15家。").quantities
    assert {q.indicator for q in quantities} == {"high_tech_enterprises"}
    assert len({q.measure for q in quantities}) == 2
    assert all(q.indicator in load_catalogue().indicators for q in quantities)


def test_a_listed_weak_alias_wins_over_a_derived_form() -> None:
    loans = Indicator(
        "loans", "企业贷款", parse_unit("CNY"), aliases=("融资总额",), weak_aliases=("融资",)
    )
    aliases = Catalogue([loans]).aliases
    assert [named.weak for named in aliases["融资"]] == [True]
    assert [named.weak for named in aliases["融资总额"]] == [False]
    assert not Catalogue([replace(loans, weak_aliases=())]).aliases["融资"][0].weak


@pytest.mark.parametrize(
    ("dropped", "kept", "derived"),
    [
        ("新增授信", "新增授信总额", "新增授信"),
        ("新增授信总额", "新增授信总量", "新增授信"),
        ("技改投资", "技术改造投资", "技改投资"),
    ],
)
def test_without_a_report_no_form_of_its_own_names_is_left(
    dropped: str, kept: str, derived: str
) -> None:
    one = Indicator(
        "one", "某项金额", parse_unit("CNY"), aliases=(dropped, kept), support={dropped: ("a",)}
    )
    catalogue = Catalogue([one])
    left = catalogue.without_support("a").aliases
    assert derived in catalogue.aliases
    assert derived not in left
    assert dropped not in left
    assert kept in left
    assert catalogue.without_support("b").aliases == catalogue.aliases


def test_a_name_of_two_reports_stays_without_one() -> None:
    one = Indicator(
        "one",
        "某项金额",
        parse_unit("CNY"),
        aliases=("授信总额",),
        support={"授信总额": ("a", "b")},
    )
    assert {"授信总额", "授信"} <= set(Catalogue([one]).without_support("a").aliases)


def test_a_stem_of_people_is_not_derived_again_either() -> None:
    staff = Indicator(
        "staff",
        "人员总数",
        parse_unit("count:人"),
        aliases=("实有人员", "实有人数"),
        support={"实有人员": ("a",)},
    )
    catalogue = Catalogue([staff])
    assert "实有" in catalogue.aliases
    assert "实有" not in catalogue.without_support("a").aliases


def test_what_the_user_named_is_the_users_at_every_level_too() -> None:
    shipped_alias = "县级公立医院"
    assert shipped_alias in load_catalogue().aliases
    content = "id,name_zh,unit\npublic_hospitals,公立医院,count:家|个\n"
    assert shipped_alias not in load_catalogue(content).aliases


def test_the_place_a_row_is_about_names_no_indicator() -> None:
    """东山经开区 ends like 经开区, but what its row counts are projects."""
    rows = "".join(
        f"\t{place}\n\t{number}\n\n" for place, number in (("东山经开区", 5), ("松岭镇", 3))
    )
    text = f"湄潭县科学技术局2021年度部门整体支出绩效自评报告\n一、资金安排\n\t单位\n\t数量（个）\n\n{rows}"
    assert "industrial_parks" not in indicators_of(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "高新技术企业120家、科技型中小企业300家，同比分别增长20%和30%。",
            ["high_tech_enterprises", "tech_smes"],
        ),
        ("绿植300株、高新技术企业120家，同比分别增长20%和30%。", [None, "high_tech_enterprises"]),
    ],
)
def test_rates_told_respectively_measure_what_their_numbers_do(
    text: str, expected: list[str | None]
) -> None:
    numbers, rates = indicators_of(text)[:2], indicators_of(text)[2:]
    assert numbers == rates == expected


def test_a_longer_name_over_the_noun_does_not_hide_it() -> None:
    """规模以上工业企业增加值 is a name too, but no count of firms measures it."""
    assert (
        indicators_of("今年以来，45家规模以上工业企业增加值达到3.2亿元。")[0]
        == "above_scale_enterprises"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("项目支出主要用于：冷库机房30万元，茶园灌溉45万元。", ["project_expenditure_item"] * 2),
        (
            "项目支出75万元，其中冷库机房30万元、茶园灌溉45万元。",
            ["project_expenditure", "project_expenditure_item", "project_expenditure_item"],
        ),
        ("项目支出75万元，冷库机房还差30万元。", ["project_expenditure", "project_expenditure"]),
        (
            "项目支出包括：公务接待费3万元，茶园灌溉45万元。",
            ["reception_expense", "project_expenditure_item"],
        ),
    ],
)
def test_what_a_total_was_spent_on_are_its_line_items(
    text: str, expected: list[str | None]
) -> None:
    assert indicators_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "全年“三公”经费支出14万元，为预算18万元的77.8%，较2021年减少1.5万元。",
            ["three_public_total", "three_public_total", None, "three_public_total"],
        ),
        (
            "全县完成营造林5.28万亩，完成率96.7%，比上年多0.61万亩。",
            ["afforestation_area", "project_completion_rate", "afforestation_area"],
        ),
        ("全县完成营造林5.28万亩，栽植苗木较上年减少3株。", ["afforestation_area", None]),
    ],
)
def test_a_change_is_of_the_number_of_its_unit_before_it(
    text: str, expected: list[str | None]
) -> None:
    assert indicators_of(text) == expected


def test_shares_told_respectively_are_of_their_numbers() -> None:
    text = "基本支出1138.9万元、项目支出573.8万元，分别占66.5%和33.5%。"
    assert indicators_of(text) == ["basic_expenditure", "project_expenditure"] * 2


@pytest.mark.parametrize(
    "parts", ["中央财政820万元，县本级180万元", "省级补助资金600万元、市级配套400万元"]
)
def test_whose_money_it_is_names_no_other_indicator(parts: str) -> None:
    assert indicators_of(f"专项资金总额1000万元，其中：{parts}。") == ["special_fund_total"] * 3


def test_a_word_that_joins_is_no_facet() -> None:
    text = "森林覆盖率19.9%，但与33.6%的目标相比还差13.7个百分点。"
    assert [quantity.facet for quantity in annotate_text(text).quantities] == [None] * 3
