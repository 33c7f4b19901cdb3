"""What is suggested for the numbers of a run that no indicator covers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jixiao import Settings, annotate
from jixiao.errors import SettingsError
from jixiao.indicators import load_catalogue
from jixiao.indicators.catalogue import parse_own
from jixiao.records import Quantity, encode_line
from jixiao.stores.annotations import write_annotation
from jixiao.suggestions import (
    Example,
    Nearest,
    Suggestion,
    _cluster,
    _Phrase,
    cover,
    phrase_of,
    similarity,
    suggest,
    to_yaml,
)

CATALOGUE = "extends: none\nindicators:\n- name: 城市书房\n  id: rooms\n  unit: 座\n"
TEXTS = {
    "a": "全市建成非遗工坊21家。新建中心书房5座。非遗工坊增长12%。拨付绿道管护经费30万元。",
    "b": "全市现有非遗工坊34家，乡村非遗工坊8家。城市书房7座。单价不超过5元。共有3个项目。",
}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    settings = Settings(catalogue=CATALOGUE)
    for doc_id, text in TEXTS.items():
        found = annotate(text, settings=settings)
        found.document.doc_id = doc_id
        write_annotation(tmp_path, doc_id, text, [encode_line(one) for one in found.records])
    return tmp_path


def _by_name(folder: Path, least: int = 1) -> dict[str, Suggestion]:
    return {one.name: one for one in suggest(folder, load_catalogue(CATALOGUE), least=least)}


def test_wordings_of_one_thing_are_counted_together(run: Path) -> None:
    one = _by_name(run)["非遗工坊"]
    assert one.phrases == {"非遗工坊": 2, "乡村非遗工坊": 1}
    assert (one.mentions, one.documents, one.unit) == (3, 2, "家")


def test_examples_quote_the_text_at_their_offsets_from_different_documents(run: Path) -> None:
    examples = _by_name(run)["非遗工坊"].examples
    assert {example.doc_id for example in examples} == {"a", "b"}
    for example in examples:
        assert TEXTS[example.doc_id][example.start : example.end] == example.text
        assert example.text in example.quote


def test_what_is_like_an_indicator_is_an_alias_of_it_and_the_rest_new(run: Path) -> None:
    found = _by_name(run)
    assert found["非遗工坊"].nearest is None
    assert not found["非遗工坊"].alias_of
    rooms = found["中心书房"]
    assert rooms.nearest is None or rooms.nearest.id == "rooms"


def test_aligned_numbers_and_those_that_name_nothing_are_left_out(run: Path) -> None:
    names = set(_by_name(run))
    assert "城市书房" not in names
    assert "项目" not in names
    assert "%" not in {one.unit for one in _by_name(run).values()}  # a growth of what is there


def test_the_fewest_numbers_are_asked_for(run: Path) -> None:
    assert set(_by_name(run, least=2)) == {"非遗工坊"}


def test_the_most_frequent_come_first(run: Path) -> None:
    assert suggest(run, load_catalogue(CATALOGUE), least=1)[0].name == "非遗工坊"


def test_a_folder_without_a_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="jixiao annotate --out"):
        suggest(tmp_path, load_catalogue())


@pytest.mark.parametrize(
    ("noun", "subject", "label", "phrase"),
    [
        ("村卫生室", None, "COUNT", "村卫生室"),
        ("项目", "年内非遗代表性项目", "COUNT", "非遗代表性项目"),
        (None, "2021年PM2.5平均浓度", "MEASURE", "PM2.5平均浓度"),
        (None, "全年绿道管护经费", "MONEY", "绿道管护经费"),
        (None, "绿道管护总额", "MONEY", "绿道管护"),
        (None, "（一）绿道达标率达到", "PERCENT", "绿道达标率"),
        ("5G基站", None, "COUNT", "5G基站"),
        (None, "调整", "MONEY", ""),
        (None, "其中", "MONEY", ""),
        ("单位", "单位", "COUNT", ""),
        (None, None, "MONEY", ""),
    ],
)
def test_a_phrase_is_what_is_measured(
    noun: str | None, subject: str | None, label: str, phrase: str
) -> None:
    number = Quantity(id="q1", start=0, end=1, text="1", label=label, noun=noun, subject=subject)  # type: ignore[arg-type]
    assert phrase_of(number) == phrase


def test_different_things_with_one_ending_are_not_like_each_other() -> None:
    assert similarity("儿童健康管理率", "老年人健康管理率") == 0
    assert similarity("一级指标", "二级指标") == 0
    assert similarity("项目执行率", "执行率") > 0.6
    assert similarity("执行率", "执行") == 0


def test_the_catalogue_that_is_written_can_be_read(run: Path) -> None:
    found = suggest(run, load_catalogue(CATALOGUE), least=1)
    own = parse_own(to_yaml(found, str(run)))
    assert own.problems == []
    one = next(one for one in own.indicators if one.name_zh == "非遗工坊")
    assert one.aliases == ("乡村非遗工坊",)
    assert "家" in one.unit.classifiers


def test_aliases_are_written_under_the_id_they_extend() -> None:
    quote = 'a: "b" # \u2028\x07 [c'
    example = Example("d #1", 0, 2, "1个", quote)
    nearest = Nearest("rd_expenditure", "研发经费", "研发经费", 0.8)
    near = Suggestion("研究经费", "元", {"研究经费": 2}, 2, 1, [example], nearest, alias_of=True)
    odd = Suggestion('5G"基站', "瓩", {'5G"基站': 1, "研究经费": 1}, 1, 1, [example])
    content = to_yaml([near, odd], "a\nb")
    own = parse_own(content)
    assert own.problems == []
    first, second = own.indicators
    assert first.id == "rd_expenditure"
    assert "研究经费" in first.aliases
    assert (second.name_zh, second.aliases) == ('5G"基站', ())
    assert "2 numbers in 1 document\n" in content.replace("; nearest: 研发经费", "")
    assert "no unit: numbers in 瓩 are not aligned" in content


def test_no_suggestions_are_an_empty_list() -> None:
    assert "indicators: []" in to_yaml([], "results")


def test_coverage_counts_names_documents_and_numbers(run: Path) -> None:
    (one,) = cover(run, load_catalogue(CATALOGUE), ["rooms"])
    assert (one.name, one.named, one.documents, one.numbers) == ("城市书房", 1, 1, 1)


def test_time_grows_with_the_phrases(
    assert_linear: Callable[[Callable[[int], Callable[[], object]], int], None],
) -> None:
    def prepare(size: int) -> Callable[[], object]:
        letters = [chr(0x4E00 + number) for number in range(4 * size)]
        names = ["".join(letters[start : start + 4]) for start in range(0, 4 * size, 4)]
        phrases = [_Phrase(f"{name}规范化管理率", "%", 1) for name in names]
        return lambda: _cluster(phrases)

    assert_linear(prepare, 250)
