"""The model of names is fitted without what it is measured on, and the same way each time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from jixiao.cli import main
from jixiao.entities import Name
from jixiao.entities.crf import read_model
from jixiao.entities.gazetteer import find_listed
from jixiao.entities.model import find_by_model
from jixiao.entities.words import Words
from jixiao.evaluation import read_annotations
from jixiao.resources import read_table, without_rows
from jixiao.training import ner_compare
from jixiao.training.development import GoldDocument
from jixiao.training.names import Gold
from jixiao.training.ner import Counts, Material, Row, by_split, fit, folds_of, lone_names
from jixiao.training.ner_compare import EngineWords, train_spacy
from jixiao.training.ner_examples import Example, Labelled, examples, generated
from jixiao.training.ner_export import export, sentences_of

TEXT = "支持德茂机械申报。\n市科技局组织。"
GOLD = [Gold(2, 6, "COMPANY"), Gold(10, 14, "GOV")]


def test_training_on_little_gives_the_same_model_twice() -> None:
    pytest.importorskip("pycrfsuite")
    content = fit(examples(generated(2, 12)), iterations=5)
    assert content == fit(examples(generated(2, 12)), iterations=5)
    assert "B-COMPANY" in json.loads(content)["labels"]
    assert find_by_model(Words(TEXT), [], read_model(content)) is not None


def test_examples_are_labelled_by_gold_and_see_what_the_rules_found() -> None:
    names = [Name(10, 14, "GOV", "head.bureau")]
    first, second = examples([Labelled(TEXT, GOLD, names)])
    assert next(label for label in first.labels if label != "O") == "B-COMPANY"
    assert second.labels[0] == "B-GOV"
    assert "0r=B-GOV" in second.features[0]
    assert not any("r=B-" in feature for row in first.features for feature in row)


def test_what_is_left_out_is_not_learned_from() -> None:
    one, other, made = (Example([[name]], ["O"]) for name in ("a", "b", "c"))
    known = Material({}, {"a": [one], "b": [other]}, [made])
    assert list(known.sentences(["a"])) == [other, made]
    assert list(known.sentences()) == [one, other, made]


def test_each_document_is_left_out_once() -> None:
    parts = folds_of("abcde", 3)
    assert sorted(name for part in parts for name in part) == list("abcde")
    assert folds_of("a", 3) == [["a"]]


def test_the_table_pools_the_documents_of_a_split() -> None:
    rows = [
        Row("real", Counts(1, 2, 2), Counts(2, 2, 2)),
        Row("real", Counts(1, 2, 2), Counts(0, 2, 2)),
        Row("test", Counts(3, 3, 3), Counts(3, 3, 3)),
    ]
    assert list(by_split(rows)) == [
        "| real | 0.500 | 0.500 |",
        "| test | 1.000 | 1.000 |",
    ]


def document(folder: Path, doc_id: str, split: str, text: str) -> GoldDocument:
    path = folder / f"{doc_id}.txt"
    path.write_text(text, encoding="utf-8")
    gold = next(iter(read_annotations(Path(__file__).parents[3] / "annotations" / "1.2").values()))
    return GoldDocument(doc_id, split, path, gold)  # type: ignore[arg-type]


def test_lone_names_stand_in_one_real_report_and_nowhere_else(tmp_path: Path) -> None:
    alone, twice, shown = [row["name"] for row in read_table("names.csv")][100:400:100]
    documents = {
        "a": document(tmp_path, "a", "real", f"与{alone}合作，与{twice}合作，与{shown}合作。"),
        "b": document(tmp_path, "b", "real", f"与{twice}合作。"),
        "c": document(tmp_path, "c", "train", f"与{shown}合作。"),
    }
    found = lone_names(documents)
    assert alone in found
    assert not {twice, shown} & found


def test_names_left_out_are_not_found() -> None:
    row = next(row for row in read_table("names.csv") if not row["not_after"])
    name = row["name"]
    assert [n.end - n.start for n in find_listed(f"与{name}。")] == [len(name)]
    with without_rows("names", "name", {name}):
        assert not any(n.end - n.start >= len(name) for n in find_listed(f"与{name}。"))
    assert list(find_listed(f"与{name}。"))


def test_exported_sentences_hold_the_names_of_gold() -> None:
    first, second = sentences_of([Labelled(TEXT, GOLD, [])])
    (firm,), (body,) = first.names, second.names
    assert "".join(first.words[firm.start : firm.end]) == "德茂机械"
    assert "".join(second.words[body.start : body.end]) == "市科技局"
    assert (firm.label, body.label) == ("COMPANY", "GOV")


def test_spacy_trains_on_what_is_exported(tmp_path: Path) -> None:
    spacy = pytest.importorskip("spacy")
    said = export(tmp_path, generated(2, 12), generated(1, 6))
    assert f"spacy train {tmp_path}" in said
    nlp = spacy.load(train_spacy(tmp_path, 5))
    assert nlp(TEXT).text == TEXT
    assert "COMPANY" in nlp.get_pipe("ner").labels


@pytest.mark.parametrize("engine", ["jieba", "char"])
def test_words_of_an_engine_cover_the_text(engine: str) -> None:
    words = EngineWords(TEXT, engine)
    assert "".join(words.texts) == TEXT
    assert len(words.tags) == len(words.starts) == len(words.ends) == len(words.texts)
    assert words.tags[0] != "x"


def test_the_command_exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("spacy")
    texts = list(generated(1, 6))
    monkeypatch.setattr(ner_compare, "training_texts", lambda: (texts, texts))
    done = CliRunner().invoke(main, ["train", "ner", "--export", str(tmp_path / "new")])
    assert done.exit_code == 0
    assert {path.name for path in (tmp_path / "new").iterdir()} == {
        "train.spacy",
        "dev.spacy",
        "config.cfg",
    }


def test_the_command_does_one_thing(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["train", "ner", "--compare", "--export", str(tmp_path)])
    assert done.exit_code == 2
    assert "exclude each other" in done.output
