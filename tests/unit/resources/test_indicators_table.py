"""The indicator catalogue: well formed, without contradiction, and stable in its ids."""

import csv
import io
import os
import re
from collections import defaultdict
from pathlib import Path

import pytest

TABLE = Path(__file__).parents[3] / "src" / "jixiao" / "resources" / "indicators.csv"

COLUMNS = [
    "id",
    "name_zh",
    "definition",
    "category",
    "category_zh",
    "unit",
    "aliases",
    "authority",
    "parent",
    "relations",
    "weak_aliases",
    "support",
    "facets",
]

# The ids of the first catalogue. Annotations refer to them: none may go, none may be renamed.
_FROZEN_IDS = """
revenue_total fiscal_appropriation_revenue general_public_budget_appropriation
gov_fund_budget_revenue special_account_nontax_revenue undertaking_revenue other_revenue
carryover_prior_year expenditure_total basic_expenditure personnel_expenditure
public_use_expenditure wage_welfare_expenditure goods_services_expenditure
personal_family_subsidy enterprise_subsidy_expenditure project_expenditure
project_expenditure_item project_fund_received science_tech_expenditure
st_management_expenditure technology_rd_expenditure st_conditions_expenditure
popsci_expenditure major_st_project_expenditure other_st_expenditure education_expenditure
health_expenditure industry_info_expenditure state_capital_expenditure
other_functional_expenditure agency_operating_expenditure current_year_balance
cumulative_balance total_assets total_liabilities fixed_assets gov_procurement_amount
special_fund_total staffing_quota staff_total staff_in_service staff_lixiu staff_retired
staff_lituixiu staff_temporary leadership_members internal_divisions
subordinate_institutions staff_promoted three_public_total overseas_travel_expense
vehicle_purchase_expense vehicle_operation_expense vehicle_purchase_operation_expense
reception_expense overseas_groups vehicles_purchased staff_control_rate
three_public_change_rate key_expenditure_rate budget_completion_rate budget_adjustment_rate
payment_progress carryover_rate carryover_change_rate public_use_control_rate
three_public_control_rate procurement_execution_rate official_card_rate
management_system_soundness fund_use_compliance budget_disclosure asset_safety
fixed_assets_utilization key_work_completion_rate duty_performance_completion
economic_benefit social_benefit ecological_benefit fund_arrival_rate fund_use_rate
cost_control_rate self_score self_grade rd_expenditure rd_intensity
basic_research_expenditure rd_subsidy rd_subsidy_enterprises rd_reserve_enterprises
high_tech_industry_value_added patents st_projects major_innovation_projects
project_investment_done project_rd_investment project_sales project_tax jobs_created
st_awards st_commissioners commissioner_villages popsci_bases popsci_participants
publicity_materials activity_sessions projects_signed competition_entries competition_awards
projects_inspected tech_contract_value tech_contract_count high_tech_enterprises
high_tech_reserve tech_smes above_scale_enterprises srdi_smes little_giant_enterprises
innovative_smes single_champion_enterprises green_manufacturing_units
cleaner_production_enterprises brand_benchmark_enterprises chain_leading_enterprises
enterprises_assisted innovation_platforms engineering_research_centers
enterprise_technology_centers technology_innovation_centers key_laboratories
postdoc_workstations expert_service_bases new_rd_institutions innovation_consortia
makerspaces_incubators star_farm_spaces enterprises_with_rd_platforms industrial_output
above_scale_value_added industrial_tax industrial_electricity industrial_investment
manufacturing_investment tech_transformation_investment key_enterprise_output
industry_chain_projects industrial_clusters industrial_parks enterprises_attracted
enterprises_in_production production_capacity equipment_lines_added upper_funds_won
upper_projects_won special_fund_projects policy_subsidy policy_subsidy_items
enterprise_loans enterprise_loans_count financing_platform_participants arrears_new
phd_introduced talents_selected enterprises_on_cloud enterprises_on_platform base_stations
gigabit_fibre_ports digital_transformation_projects service_satisfaction petition_cases
petition_visitors petition_letters petition_reply_rate petitions_to_higher_level
safety_accidents epidemic_supplies enterprise_employment_services internal_activities
"""
FROZEN = _FROZEN_IDS.split()

# Units other than classifiers. A physical unit is written by its symbol and stands for every
# unit of its dimension that a report may print; the words are those of the reports.
UNITS = {
    "CNY": "元",
    "USD": "美元",
    "%": "百分之",
    "score": "分",
    "quantity/time": "…/日, …/年",
    "kWh": "千瓦时",
    "L": "升",
    "kg": "公斤",
    "t": "吨",
    "tce": "吨标准煤",
    "mu": "亩",
    "ha": "公顷",
    "km": "公里",
    "ug/m3": "微克/立方米",
    "day": "天",
}

# Names that two rows share once quotes and endings are gone, and what tells the rows apart.
AMBIGUOUS = {
    "一般公共预算收入": "a department's appropriation or the local treasury's revenue: by issuer",
    "一般公共预算支出": "a department's spending or that of the local treasury: by issuer",
    "资金结余": "amount or rate: by unit",
    "结转结余": "amount or rate: by unit",
    "公务接待": "cost, batches or persons: by unit",
    "培训": "sessions or participants: by unit",
    "重点项目": "projects of science programmes or of construction: by context",
    "签约项目": "signed with research partners or with investors: by context",
    "龙头企业": "of an industrial chain or of farming: by context",
    "学生资助": "amount or persons: by unit",
    "床位": "of hospitals or of care homes: by context",
    "参保人": "of health insurance or of the other schemes: by context",
    "参保人员": "of health insurance or of the other schemes: by context",
    "抽检合格率": "of farm produce or of food and drugs: by context",
    "招商引资": "funds arrived or contracts signed: by context",
    "技术合同": "contracts or their value: by unit",
    "技术合同登记": "contracts or their value: by unit",
    "技术合同认定登记": "contracts or their value: by unit",
}

# How something is measured is no part of an indicator, except in these fixed terms.
MEASURE_WORDS = re.compile("新增|净增|新建|同比|环比|增长|增速")
FIXED_TERMS = {
    "新增就业": "the bare noun 就业 is only weak evidence",
    "城镇新增就业": "term of the labour statistics",
}

ENDINGS = re.compile("(?:总数量|数量|总数|家数|个数|总额|金额|数|额)$")
QUOTES = str.maketrans("", "", "“”‘’\"'")


def parts(cell: str) -> list[str]:
    return cell.split(";") if cell else []


def aliases(row: dict[str, str]) -> list[str]:
    return parts(row["aliases"]) + parts(row["weak_aliases"])


def normalised(name: str) -> str:
    return ENDINGS.sub("", name.translate(QUOTES))


def relations(row: dict[str, str]) -> list[str]:
    return row["relations"].split("; ") if row["relations"] else []


def unit_atoms(unit: str) -> list[str]:
    """Return the units of a cell; the classifiers come last, under `count:`."""
    if unit.startswith("ordinal:"):
        grades = unit.removeprefix("ordinal:").split("|")
        assert len(grades) > 1
        assert len(set(grades)) == len(grades)
        assert all(grades)
        return []
    before, count, classifiers = unit.partition("count:")
    atoms = before.removesuffix("|").split("|") if before else []
    assert all(atom in UNITS for atom in atoms), unit
    assert len(set(atoms)) == len(atoms), unit
    if count:
        assert not before or before.endswith("|"), unit
        words = classifiers.split("|")
        assert all(re.fullmatch(r"[\u4e00-\u9fff]{1,2}", word) for word in words), unit
        assert len(set(words)) == len(words), unit
        return [*atoms, "count"]
    assert atoms, unit
    return atoms


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    text = TABLE.read_bytes().decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@pytest.fixture(scope="module")
def by_id(rows) -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in rows}


def test_file_is_plain_utf8_with_the_agreed_columns():
    raw = TABLE.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8"), newline=""), strict=True))
    assert lines[0] == COLUMNS
    assert [line for line in lines if len(line) != len(COLUMNS)] == []


def test_cells_carry_no_stray_space(rows):
    stray = [(r["id"], c) for r in rows for c, v in r.items() if v != v.strip() or "\n" in v]
    assert stray == []


def test_ids_are_unique_snake_case(rows):
    ids = [row["id"] for row in rows]
    assert len(set(ids)) == len(ids)
    assert [i for i in ids if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", i)] == []


def test_no_original_id_is_lost(by_id):
    assert len(FROZEN) == len(set(FROZEN)) == 179
    assert [i for i in FROZEN if i not in by_id] == []


def test_names_are_unique(rows):
    names = [row["name_zh"] for row in rows]
    assert all(names)
    assert len(set(names)) == len(names)


def test_category_has_one_chinese_name(rows):
    names = defaultdict(set)
    for row in rows:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", row["category"])
        assert row["category_zh"]
        names[row["category"]].add(row["category_zh"])
    assert {k: v for k, v in names.items() if len(v) > 1} == {}
    assert len({min(v) for v in names.values()}) == len(names)


def test_definition_is_one_short_sentence(rows):
    for row in rows:
        text = row["definition"]
        assert text, row["id"]
        assert len(text) <= 80, (row["id"], len(text))
        assert text.endswith("。"), row["id"]
        assert text.count("。") == 1, row["id"]


def test_definition_refers_to_names_that_exist(rows):
    names = sorted((row["name_zh"] for row in rows), key=len, reverse=True)
    for row in rows:
        for found in re.finditer("归(?=“)", row["definition"]):
            rest = row["definition"][found.end() :]
            while rest.startswith("“"):
                name = next((n for n in names if rest.startswith(f"“{n}”")), None)
                assert name, (row["id"], row["definition"])
                rest = rest[len(name) + 2 :]


def test_authority_is_named(rows):
    assert [row["id"] for row in rows if not row["authority"]] == []


def test_unit_grammar(rows):
    for row in rows:
        unit_atoms(row["unit"])


def test_rates_may_be_scored(rows):
    """What is only a rate is also a line of a rubric; a rubric line has no other unit."""
    rates = [r for r in rows if r["unit"] == "%"]
    assert [r["id"] for r in rates] == []


def test_aliases_are_neither_empty_nor_repeated(rows):
    for row in rows:
        names = aliases(row)
        assert all(names), row["id"]
        assert len(set(names)) == len(names), row["id"]
        assert row["name_zh"] not in names, row["id"]
        assert [n for n in names if re.search(r"[=|;,\s]", n)] == [], row["id"]


def test_an_alias_has_at_least_two_characters(rows):
    assert [(r["id"], a) for r in rows for a in aliases(r) if len(a) < 2] == []


def test_no_alias_is_shared_without_a_reason(rows):
    owners = defaultdict(set)
    for row in rows:
        for name in [row["name_zh"], *aliases(row)]:
            owners[normalised(name)].add(row["id"])
    shared = {name: ids for name, ids in owners.items() if len(ids) > 1}
    assert {n: ids for n, ids in shared.items() if n not in AMBIGUOUS} == {}
    assert set(AMBIGUOUS) - set(shared) == set(), "no longer ambiguous"
    assert all(AMBIGUOUS.values())


def test_an_identical_alias_is_strong_in_one_row_at_most(rows):
    owners = defaultdict(set)
    for row in rows:
        for name in [row["name_zh"], *parts(row["aliases"])]:
            owners[name].add(row["id"])
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_measure_words_stay_out(rows):
    for row in rows:
        assert not MEASURE_WORDS.search(row["name_zh"]), row["id"]
        found = {a for a in aliases(row) if MEASURE_WORDS.search(a)}
        assert found <= set(FIXED_TERMS), row["id"]


def test_parents_exist_and_have_no_cycle(rows, by_id):
    for row in rows:
        seen = {row["id"]}
        parent = row["parent"]
        while parent:
            assert parent in by_id, (row["id"], parent)
            assert parent not in seen, (row["id"], parent)
            seen.add(parent)
            parent = by_id[parent]["parent"]


def test_relations_parse_and_name_known_ids(rows, by_id):
    name = "[a-z][a-z0-9_]*"
    for row in rows:
        for relation in relations(row):
            assert re.fullmatch(rf"{name} = (?:{name}(?: \+ {name})+|{name} / {name})", relation)
            whole, terms = relation.split(" = ")
            operands = re.split(r" [+/] ", terms)
            assert whole == row["id"]
            assert whole not in operands
            assert len(set(operands)) == len(operands)
            assert [o for o in operands if o not in by_id] == [], row["id"]


def test_a_sum_adds_things_of_one_kind(rows, by_id):
    for row in rows:
        for relation in relations(row):
            whole, terms = relation.split(" = ")
            if "+" in terms:
                for operand in terms.split(" + "):
                    assert (
                        unit_atoms(by_id[operand]["unit"])[0] == unit_atoms(by_id[whole]["unit"])[0]
                    ), relation


def test_support_names_known_aliases(rows):
    for row in rows:
        seen = []
        for entry in parts(row["support"]):
            alias, equals, documents = entry.partition("=")
            assert equals, (row["id"], entry)
            assert alias in aliases(row), (row["id"], entry)
            ids = documents.split("|")
            assert [d for d in ids if not re.fullmatch(r"[a-z]+-\d{4}", d)] == [], entry
            assert ids == sorted(set(ids)), entry
            seen.append(alias)
        assert len(set(seen)) == len(seen), row["id"]


def test_facets_name_known_aliases(rows):
    """A facet names the part of the indicator that an alias covers: 行政 for 行政编制."""
    assert any(row["facets"] for row in rows)
    for row in rows:
        seen = []
        for entry in parts(row["facets"]):
            alias, equals, facet = entry.partition("=")
            assert equals, (row["id"], entry)
            assert alias in aliases(row), (row["id"], entry)
            assert facet.strip(), (row["id"], entry)
            assert "=" not in facet, (row["id"], entry)
            # One word for two forms (提案, 政协提案) is one that an alias of the row has in full.
            named = any(facet in known for known in aliases(row))
            assert len(facet) <= len(alias) or named, (row["id"], entry)
            seen.append(alias)
        assert len(set(seen)) == len(seen), row["id"]


def test_support_is_what_the_reports_say(rows):
    folder = os.environ.get("JIXIAO_REPORTS")
    if not folder:
        pytest.skip("JIXIAO_REPORTS is not set: no real reports to look the aliases up in")
    texts = {
        path.stem: path.read_bytes().decode("utf-8")
        for path in sorted(Path(folder, "corpus").glob("*.txt"))
    }
    assert texts
    for row in rows:
        found = {a: [d for d, text in texts.items() if a in text] for a in aliases(row)}
        expected = [f"{alias}={'|'.join(ids)}" for alias, ids in found.items() if ids]
        assert parts(row["support"]) == expected, row["id"]
