"""Names: the policy for those that compete, their records, and texts made to break the search."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.annotation import Annotation
from jixiao.documents import Report
from jixiao.entities import Name, find_entities, publish_entities
from jixiao.entities.names import settle
from jixiao.numbers import find_quantities
from jixiao.pipeline import annotate_text, resolve
from jixiao.records import Entity
from jixiao.resources import use_lexicon
from jixiao.settings import Settings

TITLE = "湄潭县水务局2022年度绩效自评报告"


def names_of(text: str) -> tuple[Report, list[Name]]:
    """Return a report and the names the rules find in it, without the model."""
    report = Report("case", f"{TITLE}\n一、主要工作成效\n{text}\n")
    items, _ = find_quantities(report)
    return report, find_entities(report, items, modelled=False)


def entities_of(text: str) -> list[Entity]:
    """Return the records of the names behind the heading."""
    report, names = names_of(text)
    heading = report.view.text.index("成效")
    return [record for record in publish_entities(report, names) if record.start > heading]


def referred(text: str) -> dict[str, str]:
    """Return the short names of a text, each with the name its record refers to."""
    records = entities_of(text)
    by_id = {record.id: record.text for record in records}
    return {r.text: by_id[r.refers_to] for r in records if r.refers_to is not None}


def entities_in(annotation: Annotation) -> list[Entity]:
    return [record for record in annotation.records if isinstance(record, Entity)]


class TestSettle:
    def test_the_longest_wins(self) -> None:
        short, long = Name(0, 3, "PLACE", "a"), Name(0, 6, "GOV", "b")
        assert settle([short, long]) == [long]
        assert settle([long, short]) == [long]

    def test_of_two_equally_long_the_first_given_wins(self) -> None:
        first, second = Name(2, 6, "PARK", "a"), Name(0, 4, "GOV", "b")
        assert settle([first, second]) == [first]
        assert settle([second, first]) == [second]

    def test_a_chain_keeps_its_ends(self) -> None:
        left, middle, right = (
            Name(0, 4, "GOV", "a"),
            Name(3, 8, "PARK", "b"),
            Name(8, 9, "PLACE", "c"),
        )
        assert settle([left, right, middle]) == [middle, right]

    def test_neighbours_stay_in_text_order(self) -> None:
        names = [Name(4, 8, "GOV", "a"), Name(0, 4, "GOV", "a")]
        assert settle(names) == [Name(0, 4, "GOV", "a"), Name(4, 8, "GOV", "a")]

    def test_nothing(self) -> None:
        assert settle([]) == []


class TestResolve:
    def test_a_number_inside_a_name_goes(self) -> None:
        report = Report("case", "建成3个示范点。")
        items, _ = find_quantities(report)
        name = Name(0, 8, "PROGRAM", "a")
        assert resolve(items, [name]) == ([], [name])

    def test_a_name_that_cuts_through_a_number_goes(self) -> None:
        report = Report("case", "建成3个示范点。")
        items, _ = find_quantities(report)
        assert resolve(items, [Name(0, 3, "PROGRAM", "a")]) == (items, [])

    def test_a_name_beside_a_number_stays(self) -> None:
        report = Report("case", "建成3个示范点。")
        items, _ = find_quantities(report)
        name = Name(4, 7, "HONOUR", "a")
        assert resolve(items, [name]) == (items, [name])


class TestPublish:
    def test_ids_follow_the_text(self) -> None:
        records = entities_of("县财政局、县审计局与松岭镇共建。")
        assert [record.text for record in records] == ["县财政局", "县审计局", "松岭镇"]
        numbers = [int((record.id or "").removeprefix("e")) for record in records]
        assert numbers == list(range(numbers[0], numbers[0] + 3))

    def test_keys_tell_mentions_apart_and_stay(self) -> None:
        text = "县财政局检查，县财政局复核。"
        keys = [record.key for record in entities_of(text)]
        assert len(set(keys)) == 2
        assert [record.key for record in entities_of(text)] == keys

    def test_section_sentence_and_rule(self) -> None:
        (record,) = entities_of("工作扎实。县财政局开展检查。")
        assert record.section == ["主要工作成效"]
        assert record.rule == "head.bureau"
        assert record.sentence is not None
        assert record.sentence[0] <= record.start < record.end <= record.sentence[1]
        assert 0 < (record.confidence or 0) <= 1

    def test_a_short_form_refers_to_the_one_full_name(self) -> None:
        text = "湄潭县审计局进驻。县审计局反馈问题3个。"
        assert referred(text) == {"县审计局": "湄潭县审计局"}

    def test_a_short_form_of_two_refers_to_neither(self) -> None:
        assert referred("湄潭县审计局、凤冈县审计局进驻，县审计局反馈问题3个。") == {}

    def test_a_full_name_alone_refers_to_nothing(self) -> None:
        assert referred("湄潭县审计局进驻。湄潭县审计局反馈问题3个。") == {}

    @pytest.mark.parametrize(
        "bracket",
        [
            "（以下简称“县民博馆”）",
            "（以下简称县民博馆）",
            "（简称：县民博馆）",
            "（下称“县民博馆”）",
        ],
    )
    def test_an_introduced_short_name(self, bracket: str) -> None:
        text = f"黔北民俗博物馆{bracket}完成修缮，县民博馆接待游客2万人次。"
        records = entities_of(text)
        assert [record.text for record in records] == ["黔北民俗博物馆", "县民博馆", "县民博馆"]
        assert {record.label for record in records} == {"INSTITUTION"}
        assert referred(text) == {"县民博馆": "黔北民俗博物馆"}

    def test_an_introduced_short_name_need_not_share_characters(self) -> None:
        text = "遵义市重大产业发展办公室（以下简称“市产促局”）成立，市产促局签约项目6个。"
        assert referred(text)["市产促局"].endswith("办公室")

    @pytest.mark.parametrize("short", ["我局", "本中心", "该馆"])
    def test_what_a_body_calls_itself_is_no_name(self, short: str) -> None:
        records = entities_of(f"黔北民俗博物馆（以下简称“{short}”）完成修缮。")
        assert [record.text for record in records] == ["黔北民俗博物馆"]


class TestAnnotation:
    TEXT = (
        f"{TITLE}\r\n一、主要工作成效\r\n\u3000\u3000２０２２年，湄潭 县财政局支持贵州绿源茶业"
        "有限公司获评省级“专精特新”企业，《水法》宣传到松岭镇。\r\n"
    )

    def test_offsets_are_exact_in_the_raw_text(self) -> None:
        found = entities_in(annotate_text(self.TEXT))
        assert found
        for record in found:
            assert self.TEXT[record.start : record.end] == record.text
        texts = [record.text for record in found]
        assert "贵州绿源茶业有限公司" in texts
        assert "省级“专精特新”企业" in texts
        assert "《水法》" in texts
        assert texts[-1] == "松岭镇"

    def test_the_same_text_gives_the_same_names(self) -> None:
        first, second = (annotate_text(self.TEXT) for _ in range(2))
        assert entities_in(first) == entities_in(second)

    def test_an_empty_text_has_no_names(self) -> None:
        assert find_entities(Report("case", "")) == []

    def test_a_title_in_the_line_before_names_nobody(self) -> None:
        assert not entities_of("下设股长\n欧阳文华参加。")

    def test_no_name_runs_over_a_paragraph(self) -> None:
        assert "县财政\n局" not in [record.text for record in entities_of("县财政\n局长会议召开。")]


class TestLexicon:
    @pytest.fixture(autouse=True)
    def _no_lexicon(self) -> Iterator[None]:
        yield
        use_lexicon(None)

    @pytest.mark.parametrize(
        "row",
        ["words,县财政局,,,,n", "words,局,,,,v", "words,湄潭县,,,,v", "units,局,COUNT,局,1,"],
    )
    def test_a_users_rows_break_nothing(self, row: str) -> None:
        lexicon = f"table,surface,label,unit,scale,tag\n{row}\n"
        text = f"{TITLE}\n一、主要工作成效\n湄潭县松岭镇由县财政局、县审计局检查3局。\n"
        annotation = annotate_text(text, settings=Settings(lexicon=lexicon))
        check_names(annotation, text)

    def test_a_users_noun_is_read_inside_a_name(self) -> None:
        lexicon = "table,surface,tag\nwords,茶旅融合,n\n"
        text = "县茶旅融合发展局举办推介会2场。"
        found = entities_in(annotate_text(text, settings=Settings(lexicon=lexicon)))
        assert "县茶旅融合发展局" in [record.text for record in found]

    def test_rows_are_forgotten(self) -> None:
        before = entities_in(annotate_text(TestAnnotation.TEXT))
        lexicon = "table,surface,tag\nwords,财政局,v\n"
        annotate_text(TestAnnotation.TEXT, settings=Settings(lexicon=lexicon))
        assert entities_in(annotate_text(TestAnnotation.TEXT)) == before


def check_names(annotation: Annotation, raw: str) -> None:
    end = 0
    for record in entities_in(annotation):
        assert end <= record.start < record.end
        assert raw[record.start : record.end] == record.text
        assert "\n" not in record.text.strip()
        end = record.end


FRAGMENTS = [
    *("湄潭县", "松岭镇", "青石村", "省", "市", "县", "全市", "贵州", "来衡", "白鹭河"),
    *("财政局", "人民政府", "办公室（法规股）", "党支部", "人民医院", "中心", "有限公司", "开发区"),
    *("金桥食品、", "德康药业", "等3家企业", "（南京）", "（以下简称“市商务局”）", "《", "》"),
    *("“", "”", "、", "和", "，", "。", "\n", "\t", " ", "（", "）", "：", "12家", "3个股室"),
    *("获评", "省级", "“小巨人”", "示范基地", "一等奖", "2021年", "第三届", "大赛", "行动", "项目"),
    *("一、职能职责\n", "内设", "下属", "刘建国", "教授", "〔2022〕15号", "湄府办发", "5G", "A"),
]


@given(st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=30).map("".join))
@settings(max_examples=150, deadline=None)
def test_names_of_any_text_are_exact_and_apart(text: str) -> None:
    raw = f"{TITLE}\n{text}"
    check_names(annotate_text(raw), raw)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "局",
            "省",
            "镇",
            "村",
            "获",
            "杯",
            "和",
            "第",
            "李",
            "、",
            "“",
            "”",
            "《",
            "》",
            "“”",
            "（",
        ),
        *("有限公司", "项目", "人民", "市人民医院", "市财政局、", "获评省级", "科和", "办"),
        *("内设办公室、", "金桥食品、", "等3家企业", "2021年", "第一届", "湄潭县", "（法规股）局"),
        *("（以下简称甲乙）", "中国（湖南）", "“大赛", "“金桥”省级示范", "建设", "a", "1"),
    ],
)
@pytest.mark.parametrize("modelled", [False, True])
def test_a_hostile_run_takes_linear_time(
    piece: str, assert_linear: Callable[..., None], *, modelled: bool
) -> None:
    def prepare(length: int) -> Callable[[], object]:
        report = Report("case", f"一、主要工作成效\n{(piece * length)[:length]}\n")
        items, _ = find_quantities(report)
        return lambda: publish_entities(report, find_entities(report, items, modelled=modelled))

    assert_linear(prepare, 2_500)
