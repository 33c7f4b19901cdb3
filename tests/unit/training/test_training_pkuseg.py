"""The model of pkuseg learns words that respect gold, and is read back without a pickle."""

from __future__ import annotations

from pathlib import Path

import pytest

from jixiao.errors import ResourceError
from jixiao.tokens import segment
from jixiao.tokens.pkuseg import MODEL_FILES, PkusegSegmenter, load_model
from jixiao.training.names import Gold
from jixiao.training.pkuseg import agreement, fit, generated_lines, gold_words, lines_of

TEXT = "支持德茂机械申报，预算执行率达92%。\n湖南省德茂机械有限公司"


def test_names_and_numbers_correct_the_words_of_jieba() -> None:
    long = Gold(TEXT.index("湖南省"), len(TEXT), "COMPANY")
    number = TEXT.index("92%")
    words = gold_words(TEXT, [Gold(2, 6, "COMPANY"), long], [number, number + 3])
    texts = [TEXT[start:end] for start, end in words]
    assert "".join(texts) == TEXT
    assert "德茂机械" in texts[:3]
    assert "92%" in texts
    assert "有限公司" in texts
    assert "达" in "".join(texts[: texts.index("92%")])


def test_lines_are_sentences_with_spaces_between_words() -> None:
    text = "增长。 12家\n"
    assert list(lines_of(text, [(0, 2), (2, 3), (3, 4), (4, 6), (6, 7), (7, 8)])) == [
        "增长 。",
        "12 家",
    ]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    pytest.importorskip("spacy_pkuseg")
    lines = list(generated_lines(1))
    folders = [tmp_path_factory.mktemp(name) for name in "ab"]
    for folder in folders:
        fit(lines, folder, iterations=2)
    return folders


def test_the_same_sentences_give_the_same_files(models: list[Path]) -> None:
    one, other = models
    for name in MODEL_FILES:
        assert (one / name).read_bytes() == (other / name).read_bytes()


def test_a_model_is_read_back(models: list[Path]) -> None:
    lines = list(generated_lines(1))
    assert agreement(models[0], lines) > 0.5
    tokens = PkusegSegmenter(models[0])("增长 42%\n\n家")
    assert tokens[-1][1] == 9
    assert [start for start, _ in tokens[1:]] == [end for _, end in tokens[:-1]]


def test_loading_leaves_the_settings_of_the_package(models: list[Path]) -> None:
    from spacy_pkuseg.config import config

    before = config.modelDir, config.featureTrim
    load_model(models[0])
    assert (config.modelDir, config.featureTrim) == before


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("spacy_pkuseg")
    with pytest.raises(ResourceError, match=r"no features\.msgpack, weights\.npz"):
        PkusegSegmenter(tmp_path)


def test_the_packaged_model_knows_the_genre() -> None:
    pytest.importorskip("spacy_pkuseg")
    text = "完成投资9.85亿元，同比增长42.3%。"
    words = [text[start:end] for start, end in segment(text, "pkuseg")]
    assert {"完成", "投资", "9.85", "同比", "增长", "42.3%"} <= set(words)
