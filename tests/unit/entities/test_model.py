"""Names by the trained model."""

from __future__ import annotations

from itertools import pairwise, product
from math import exp, log

import pytest

from jixiao.entities.crf import Model, model, read_model
from jixiao.entities.features import features_of
from jixiao.entities.model import Judged, combine, find_by_model, judge
from jixiao.entities.names import Name
from jixiao.entities.sequences import tokens_of
from jixiao.entities.states import states_of
from jixiao.entities.words import Words
from jixiao.errors import ResourceError

TEXT = "组织德茂机械、“蓝海”生物等5家企业参加对接会；\n\t青石桥镇\n全年3次。"


def names_of(text: str) -> list[tuple[str, str]]:
    return [(text[n.start : n.end], n.label) for n in find_by_model(Words(text), [])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "组织德茂机械、华昱新材、海悦纺织等5家企业参加对接会。",
            [("德茂机械", "COMPANY"), ("华昱新材", "COMPANY"), ("海悦纺织", "COMPANY")],
        ),
        (
            "引进宏昱新材料、鑫达光电等项目6个。",
            [("宏昱新材料", "COMPANY"), ("鑫达光电", "COMPANY")],
        ),
        ("在柳树沟镇、白石塘乡开展宣传活动12场。", [("柳树沟镇", "PLACE"), ("白石塘乡", "PLACE")]),
        ("扎实开展“清源护航”专项行动，检查企业35家。", [("“清源护航”专项行动", "PROGRAM")]),
        ("荣获省级绿色工厂称号。", [("省级绿色工厂", "HONOUR")]),
        ("全年培育高新技术企业35家，同比增长12.5%。", []),
        ("", []),
        ("\n\t\n", []),
        ("12.5%\t33\n", []),
    ],
)
def test_finds_names_that_no_list_holds(text: str, expected: list[tuple[str, str]]) -> None:
    assert names_of(text) == expected


def test_the_same_text_gives_the_same_names() -> None:
    first = find_by_model(Words(TEXT), [])
    assert first == find_by_model(Words(TEXT), []) == find_by_model(Words(TEXT), [], model())


def test_tokens_are_cut_where_names_of_the_rules_begin_and_end() -> None:
    tokens = tokens_of(Words("服务企业。"), [Name(1, 3, "COMPANY", "rule")])
    assert tokens.texts == ["服", "务", "企", "业", "。"]


def test_lines_without_a_word_are_left_out() -> None:
    tokens = tokens_of(Words(TEXT + "\n1,200.5\n"), [])
    assert "青石桥镇" in "".join(tokens.texts)
    assert "1,200.5" not in tokens.texts
    assert [stop for _, stop in tokens.sentences[:-1]] == [
        first for first, _ in tokens.sentences[1:]
    ]
    assert tokens.cells.count(True) == 1


def test_a_sentence_of_any_length_is_read() -> None:
    text = "、".join(["德茂机械"] * 3000)
    assert all(stop - first <= 120 for first, stop in tokens_of(Words(text), []).sentences)
    assert find_by_model(Words(text), []) == find_by_model(Words(text), [])


def test_the_list_and_the_quotation_around_a_token_are_states() -> None:
    tokens = tokens_of(Words(TEXT), [])
    states = states_of(tokens, [])
    place = tokens.texts.index("蓝海")
    assert (states.closing[place], states.quote[place], states.behind[place]) == (
        "企业",
        "s",
        "生物",
    )
    assert states.verb[place] in ("组织", "参加")


def test_sums_are_the_weights_of_the_features() -> None:
    given = [Name(2, 6, "COMPANY", "list.firms")]
    tokens = tokens_of(Words(TEXT), given)
    states = states_of(tokens, given)
    scores = model().scores(tokens, states)
    rows = [
        row
        for number in range(len(tokens.sentences))
        for row in features_of(tokens, states, number)
    ]
    assert len(rows) == len(tokens.texts)
    for row, summed in zip(rows, scores.tolist(), strict=True):
        assert summed == pytest.approx(model().vector(row), abs=1e-3)


def test_probabilities_are_those_of_all_paths() -> None:
    small = Model(["B-GOV", "I-GOV", "O"], [[0.3, 1.2, 0.1], [0.0, 0.9, 0.2], [0.4, -9, 0.5]], {})
    tokens = tokens_of(Words("支持市局"), [])
    count = len(tokens.texts)
    scores = small.scores(tokens, states_of(tokens, []))
    scores += [[0.2 * (i + 1), 0.1 * i, 0.3] for i in range(count)]
    likely = small.marginals(scores, tokens)
    assert likely.sum(axis=1).tolist() == pytest.approx([1.0] * count)
    for found, expected in zip(likely.tolist(), by_all_paths(scores.tolist(), small), strict=True):
        assert found == pytest.approx(expected)


def by_all_paths(scores: list[list[float]], used: Model) -> list[list[float]]:
    passing = [[log(value) for value in row] for row in used._passing.tolist()]
    found = [[0.0] * len(used.labels) for _ in scores]
    for path in product(range(len(used.labels)), repeat=len(scores)):
        total = sum(scores[i][label] for i, label in enumerate(path))
        total += sum(passing[one][other] for one, other in pairwise(path))
        for i, label in enumerate(path):
            found[i][label] += exp(total)
    whole = sum(found[0])
    return [[value / whole for value in row] for row in found]


A = Name(0, 4, "COMPANY", "list.firms")
B = Name(0, 6, "INSTITUTION", "model.crf")
C = Name(8, 12, "PROGRAM", "model.crf")
TITLE = Name(14, 20, "DOCUMENT", "document.title")


@pytest.mark.parametrize(
    ("found", "given", "expected"),
    [
        ([(C, 0.99)], [(A, 0.9)], [A, C]),
        ([(C, 0.2)], [(A, 0.9)], [A]),
        ([(B, 0.99)], [(A, 0.3)], [B]),
        ([(B, 0.4)], [(A, 0.3)], [A]),
        ([], [(A, 0.001)], []),
        ([], [(TITLE, 0.0)], [TITLE]),
        ([(A._replace(rule="model.crf"), 0.6)], [(A, 0.001)], [A]),
    ],
)
def test_the_model_adds_replaces_and_drops_where_it_is_sure(
    found: list[tuple[Name, float]], given: list[tuple[Name, float]], expected: list[Name]
) -> None:
    assert combine(Judged(found, given)) == expected


def test_names_of_the_rules_have_a_probability() -> None:
    text = "根据《晟拓精密管理办法》，由市财政局负责。"
    names = [Name(2, 12, "DOCUMENT", "document.title"), Name(14, 18, "GOV", "head.bureau")]
    judged = judge(Words(text), names, model())
    assert [name for name, _ in judged.given] == names
    assert all(0 <= sure <= 1 for _, sure in judged.given)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"labels":["O"],"transitions":3,"weights":{}}']
)
def test_what_is_no_model_is_refused(content: str) -> None:
    with pytest.raises(ResourceError, match="holds no model"):
        read_model(content)
