"""What spaCy does with a pipeline: save, load, spread over processes, draw, find by entry point."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy import displacy

import jixiao.records
from jixiao.pipes import load
from jixiao.settings import Settings

TEXT = "企业 3家\n5家，增长42.3%。"
SETTINGS = Settings(catalogue='id,name_zh,unit\nx,"a${b}%(x)s\\",家$\n@y', catalogue_mode="replace")

ENTRY_POINTS = """\
[spacy_factories]
jixiao_quantities = jixiao.pipes:quantities_factory
jixiao_facts = jixiao.pipes:facts_factory

[spacy_tokenizers]
jixiao.Tokenizer.v1 = jixiao.pipes:tokenizer_factory
"""


def texts_of(doc: spacy.tokens.Doc) -> list[str]:
    return [span._.record.text for span in doc.spans["quantities"]]


def test_a_saved_pipeline_is_the_same(layers, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    load(engine="char", settings=SETTINGS).to_disk(tmp_path)
    nlp = spacy.load(tmp_path)
    assert nlp.tokenizer.engine == "char"
    assert texts_of(nlp(TEXT)) == ["3家", "5家", "42.3%"]
    assert layers.settings == [SETTINGS]


def test_a_pipeline_can_be_made_from_its_config(layers: object) -> None:
    nlp = load(engine="char", settings=SETTINGS)
    again = type(nlp).from_config(nlp.config).from_bytes(nlp.to_bytes())
    assert texts_of(again(TEXT)) == ["3家", "5家", "42.3%"]
    assert again.config == nlp.config


def test_a_pipeline_can_be_pickled(layers: object) -> None:
    nlp = pickle.loads(pickle.dumps(load(engine="jieba")))
    assert texts_of(nlp(TEXT)) == ["3家", "5家", "42.3%"]


@pytest.mark.parametrize("n_process", [1, 2])
def test_texts_go_through_in_order(layers: object, n_process: int) -> None:
    texts = [f"新增{number}家" for number in range(7)]
    docs = load().pipe(texts, n_process=n_process, batch_size=2)
    assert [(doc.text, texts_of(doc)) for doc in docs] == [(t, [t[2:]]) for t in texts]


def test_context_goes_through(layers: object) -> None:
    ((doc, context),) = load().pipe([(TEXT, "衡阳")], as_tuples=True)
    assert (doc._.facts[0].quantities, context) == (["q1"], "衡阳")


def test_displacy_draws_the_quantities(layers: object) -> None:
    options = {"spans_key": "quantities"}
    html = displacy.render(load()(TEXT), style="span", options=options, jupyter=False)
    assert html.count("COUNT") == 2
    assert html.count("PERCENT") == 1


def test_the_pipeline_says_what_it_assigns(layers: object) -> None:
    summary = load().analyze_pipes(pretty=False)["summary"]
    assert "doc._.facts" in summary["jixiao_facts"]["assigns"]


def run_installed(code: str, tmp_path: Path) -> str:
    """Run Python where the entry points of the package are known, as after its installation."""
    info = tmp_path / "jixiao_entry_points-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: jixiao-entry-points\nVersion: 0\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    package = Path(jixiao.records.__file__).parents[1]
    path = os.pathsep.join([str(tmp_path), str(package)])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    return done.stdout.strip()


def test_components_are_found_by_entry_point(tmp_path: Path) -> None:
    code = (
        "import spacy; n = spacy.blank('zh'); n.add_pipe('jixiao_quantities'); print(n.pipe_names)"
    )
    assert run_installed(code, tmp_path) == "['jixiao_quantities']"


def test_a_saved_pipeline_loads_by_entry_point(layers: object, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    load(engine="char").to_disk(saved)
    code = f"import spacy; print(spacy.load({str(saved)!r}).tokenizer.engine)"
    assert run_installed(code, tmp_path) == "char"


def test_other_pipelines_keep_their_extension_names(tmp_path: Path) -> None:
    code = (
        "import spacy; from spacy.tokens import Doc, Span; spacy.blank('zh'); "
        "print(Doc.has_extension('facts'), Span.has_extension('record'))"
    )
    assert run_installed(code, tmp_path) == "False False"
