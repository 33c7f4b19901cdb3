"""A model that learns from reviewed annotations, is kept apart, and is used by its settings."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import jixiao
from jixiao.cli import main
from jixiao.errors import EvaluationError, SettingsError
from jixiao.records import Claim, Entity, Quantity, in_file_order
from jixiao.resources import MODELS, load_model, use_models
from jixiao.settings import Settings, read_models
from jixiao.stores.annotations import write_annotation
from jixiao.training import ner, reviewed
from jixiao.training.reviewed import train_reviewed

pytest.importorskip("pycrfsuite")
pytest.importorskip("sklearn")

# A body of a form that neither rule nor model knows, and a verb that carries no claim by the rules.
TEXT = """民乐县第{0}局2022年部门整体支出绩效自评报告

一、项目绩效情况

2022年全县新建学校3所，培训教师120人，教师满意率97.6%。{1}开展活动5次。
全年新增高新技术企业15家，同比增长30.6%。与{1}合作，投入120万元。{1}获评省级先进集体。
"""
BODIES = ("玄黄坊", "宇辰坊", "洪荒坊", "盈昃坊")


@pytest.fixture(autouse=True)
def _no_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the package is installed: no specimens, and small generated text."""

    def missing() -> None:
        raise EvaluationError("no checkout")

    monkeypatch.setattr(reviewed, "gold_documents", missing)
    yield
    use_models(())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return reviewed annotations: a name was added wherever it stands, and a claim deleted."""
    place = tmp_path / "reviewed"
    for number, body in enumerate(BODIES):
        found = jixiao.annotate(jixiao.Report(f"r{number}", TEXT.format(number, body)))
        added = [
            Entity(id="", start=start, end=start + 3, text=body, label="INSTITUTION")
            for start in range(len(found.text))
            if found.text.startswith(body, start)
        ]
        kept = [
            one
            for one in found.records
            if not (isinstance(one, Claim) and "活动" in one.text)
            and not (
                isinstance(one, Entity)
                and any(one.start < a.end and a.start < one.end for a in added)
            )
        ]
        records = in_file_order([*kept, *added])
        for index, one in enumerate((one for one in records if isinstance(one, Entity)), start=1):
            one.id = f"e{index}"
        lines = jixiao.Annotation(found.document, found.text, records).to_jsonl().splitlines()
        write_annotation(place, f"r{number}", found.text, lines)
    return place


def digests() -> dict[str, str]:
    return {
        file: hashlib.sha256((ner.TABLE.parent / file).read_bytes()).hexdigest()
        for file in MODELS.values()
    }


def test_names_are_learned_and_the_gain_is_measured(folder: Path, tmp_path: Path) -> None:
    before = digests()
    out = tmp_path / "models"
    trained = train_reviewed("ner", folder, out, folds=2, reports=2)
    assert trained.path == out / "ner.json"
    assert trained.reviewed == ("r0", "r1", "r2", "r3")
    assert (trained.specimens, trained.decisions) == (0, 0)
    assert trained.comparison is not None
    gain = {one.layer: one.difference for one in trained.comparison.differences}
    assert gain["entities"] > 0
    assert "entities" in trained.to_markdown()
    assert digests() == before

    settings = Settings(models=read_models(out))
    text = TEXT.format(7, "日月坊")
    found = jixiao.annotate(text, settings=settings)
    assert "日月坊" in [one.text for one in found.entities]
    assert "日月坊" not in [one.text for one in jixiao.annotate(text).entities]


def test_the_models_are_in_the_fingerprint_and_short_in_the_record_of_a_run() -> None:
    content = (ner.TABLE.parent / MODELS["claims"]).read_text(encoding="utf-8")
    settings = Settings(models=(("claims", content),))
    assert settings.fingerprint() != Settings().fingerprint()
    ((name, digest),) = settings.brief().models
    assert (name, digest) == ("claims", "sha256:" + hashlib.sha256(content.encode()).hexdigest())


@pytest.mark.parametrize("name", ["claims", "alignment"])
def test_the_other_models_are_fitted_likewise(folder: Path, tmp_path: Path, name: str) -> None:
    gain = name == "claims"  # two more fits of alignment take long
    trained = train_reviewed(name, folder, tmp_path / "models", measured=gain, folds=2)  # type: ignore[arg-type]
    assert (trained.comparison is not None) == gain
    settings = Settings(models=read_models(tmp_path / "models"))
    assert jixiao.annotate(TEXT.format(1, "玄黄坊"), settings=settings).of(Quantity)


def test_one_document_gives_a_model_and_no_gain(folder: Path, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        (folder / "annotations" / f"r{number}.jsonl").unlink()
    trained = train_reviewed("claims", folder, tmp_path / "models")
    assert trained.comparison is None
    assert "not measured" in trained.to_markdown()


def test_a_claims_model_that_is_used_decides() -> None:
    """With a threshold no clause reaches, there are no claims by the model."""
    text = TEXT.format(1, "玄黄坊")
    stored = load_model("claims", dict)
    strict = json.dumps({**stored, "weights": {"bias": -30.0}, "threshold": 0.99})
    assert jixiao.annotate(text).of(Claim)
    found = jixiao.annotate(text, settings=Settings(models=(("claims", strict),))).of(Claim)
    assert len(found) < len(jixiao.annotate(text).of(Claim))


def test_the_command_trains_and_annotate_uses_it(folder: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    given = ["train", "claims", "--reviewed", str(folder), "--out", str(models), "--json"]
    result = CliRunner().invoke(main, given, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["path"] == str(models / "claims_model.json")
    assert {one["layer"] for one in told["comparison"]["differences"]} >= {"claims"}
    report = folder / "text" / "r0.txt"
    out = tmp_path / "out"
    given = ["annotate", str(report), "--out", str(out), "--models", str(models)]
    result = CliRunner().invoke(main, given, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    ((name, digest),) = json.loads((out / "run.json").read_text())["settings"]["models"]
    assert (name, digest[:7]) == ("claims", "sha256:")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--reviewed", "DIR"], "needs --out"),
        (["--out", "models"], "need --reviewed"),
        (["--no-gain"], "need --reviewed"),
    ],
)
def test_options_that_need_each_other(given: list[str], message: str) -> None:
    result = CliRunner().invoke(main, ["train", "claims", *given])
    assert result.exit_code == 2
    assert message in result.output


def test_what_cannot_be_learned_from_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no reviewed annotations"):
        train_reviewed("ner", tmp_path / "nowhere", tmp_path / "models")
    with pytest.raises(SettingsError, match="keeps its own models"):
        train_reviewed("ner", folder, ner.TABLE.parent)
    with pytest.raises(SettingsError, match="no model is called 'names'"):
        train_reviewed("names", folder, tmp_path)  # type: ignore[arg-type]
    for path in (folder / "annotations").iterdir():
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(x for x in lines if '"claim"' not in x), encoding="utf-8")
    with pytest.raises(SettingsError, match="no claim in"):
        train_reviewed("claims", folder, tmp_path / "models")
    path.write_text(lines[0].replace("{", '{"redacted":true,', 1) + "".join(lines[1:]))
    with pytest.raises(SettingsError, match="is redacted"):
        train_reviewed("ner", folder, tmp_path / "models")
    (folder / "text" / "r0.txt").unlink()
    with pytest.raises(SettingsError, match="no text of r0"):
        train_reviewed("ner", folder, tmp_path / "models")


def test_files_that_hold_no_model_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no model in"):
        read_models(tmp_path)
    for file in MODELS.values():
        (tmp_path / file).write_text("{}")
        given = ["show", "--models", str(tmp_path), str(tmp_path / "report.txt")]
        result = CliRunner().invoke(main, given)
        assert result.exit_code == 2
        assert f"{file} holds no model" in result.output
        assert "ResourceError" not in result.output
        (tmp_path / file).unlink()
    with pytest.raises(SettingsError, match="'crf'; expected one of ner"):
        jixiao.annotate("全年新建学校3所。", settings=Settings(models=(("crf", "{}"),)))
