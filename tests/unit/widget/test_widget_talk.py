"""What the front end is told, and the widget around it."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("anywidget")

import itertools

import jixiao
from jixiao.annotation import Annotation
from jixiao.errors import SettingsError
from jixiao.pipeline import annotate_text
from jixiao.widget import ReviewDesk
from jixiao.widget.layout import layout_of
from jixiao.widget.talk import Talk
from jixiao.widget.view import ReviewWidget, front_end

TEXT = (
    "湄潭县科学技术局2021年度绩效自评报告\n一、主要成效\n全年新认定高新技术企业15家，"
    "同比增长30.6%，支出385.08万元，基本满意😀。\n\t项目\n\t金额（万元）\n\n\t供水\n\t200\n\n"
)


@pytest.fixture
def annotation() -> Annotation:
    return annotate_text(TEXT, doc_id="甲")


@pytest.fixture
def talk(annotation: Annotation, tmp_path: Path) -> Talk:
    return Talk(ReviewDesk(annotation, tmp_path / "out", reviewer="李"))


def ask(talk: Talk, do: str, **message: Any) -> dict[str, Any]:
    reply, _ = talk.answer({"id": "1", "do": do, **message})
    assert reply["re"] == "1"
    assert json.dumps(reply)
    return reply


def test_a_document_is_told_whole(talk: Talk, annotation: Annotation) -> None:
    reply, packed = talk.answer({"id": "1", "do": "open"})
    assert (reply["kind"], packed is not None) == ("document", True)
    told = json.loads(gzip.decompress(packed or b""))
    assert told["text"] == TEXT
    spans = [*annotation.quantities, *annotation.entities, *annotation.claims]
    assert {one["id"] for one in told["mentions"]} == {one.id for one in spans}
    for one in told["mentions"]:
        assert TEXT[one["start"] : one["end"]] == one["fields"]["text"]
    number = next(one for one in told["mentions"] if one["fields"]["text"] == "15家")
    assert (number["value"], number["layer"], number["label"]) == (
        "15 家 · 新增",
        "quantity",
        "COUNT",
    )
    assert number["candidates"][0][0] == "high_tech_enterprises"
    assert dict(number["evidence"])["alias"]
    assert told["indicators"]["high_tech_enterprises"] == "高新技术企业数"
    assert "labels" not in told
    assert [one["name"] for one in told["fields"]["entity"]] == ["text", "label"]


def test_every_character_of_a_block_has_one_place(annotation: Annotation) -> None:
    parts = layout_of(annotation)
    places = [
        cell["at"]
        for part in parts
        for cell in ([part] if "at" in part else [one for row in part["rows"] for one in row])
    ]
    assert places == sorted(places)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(places))
    words = [TEXT[start:end] for start, end in places]
    assert words[1:3] == ["一、主要成效", TEXT.splitlines()[2]]
    assert words[3:] == ["项目", "金额（万元）", "供水", "200"]
    assert parts[1]["level"] == 1


def test_edits_are_answered_with_what_changed(talk: Talk) -> None:
    reply = ask(talk, "judge", names=["q1"], verdict="correct")
    assert (reply["kind"], reply["undo"], reply["unsaved"]) == ("patch", 1, True)
    assert [(one["id"], one["verdict"], one["reviewer"]) for one in reply["changed"]] == [
        ("q1", "correct", "李")
    ]
    reply = ask(talk, "correct", name="q1", changes={"noun": "企业"})
    assert (reply["select"], reply["changed"][0]["before"]["noun"]) == ("q1", "高新技术企业")
    assert ask(talk, "note", name="q1", note="看")["changed"][0]["note"] == "看"
    start = TEXT.index("基本满意")
    assert ask(talk, "propose", start=start, end=start + 4)["kind"] == "proposal"
    added = ask(talk, "add", start=start, end=start + 4, label="HONOUR", fields={})
    assert added["select"] == added["changed"][0]["id"] == "n1"
    assert ask(talk, "delete", names=["n1"])["removed"] == ["n1"]
    assert ask(talk, "undo")["changed"][0]["id"] == "n1"
    assert ask(talk, "redo")["removed"] == ["n1"]
    assert ask(talk, "reviewer", name=" 王 ")["reviewer"] == "王"
    saved = ask(talk, "save")
    assert (saved["kind"], saved["decisions"], saved["unsaved"]) == ("saved", {"changed": 1}, False)


def test_a_patch_of_many_is_packed(tmp_path: Path) -> None:
    found = annotate_text("新建学校3所，新增学位1080个。\n" * 60, doc_id="多")
    talk = Talk(ReviewDesk(found, tmp_path / "out", reviewer="李"))
    names = [one.id for one in talk.desk.current.mentions]
    reply, packed = talk.answer({"id": "1", "do": "judge", "names": names, "verdict": "correct"})
    assert reply == {"re": "1", "kind": "patch"}
    told = json.loads(gzip.decompress(packed or b""))
    assert [one["id"] for one in told["changed"]] == names
    assert told["undo"] == 1
    few, nothing = talk.answer({"id": "2", "do": "judge", "names": names[:9], "verdict": "wrong"})
    assert (len(few["changed"]), nothing) == (9, None)


@pytest.mark.parametrize(
    ("message", "error", "field"),
    [
        ({"do": "dance"}, "SettingsError", None),
        ({"do": "judge", "names": "q1", "verdict": "correct"}, "SettingsError", None),
        ({"do": "judge", "names": ["q99"], "verdict": "correct"}, "SettingsError", None),
        ({"do": "judge", "names": ["q1"], "verdict": "good"}, "SettingsError", None),
        ({"do": "open", "document": "乙"}, "SettingsError", None),
        ({"do": "correct", "name": "q1", "changes": {"value": "x"}}, "RecordError", "value"),
        ({"do": "add", "start": 0, "end": None, "label": "GOV"}, "RecordError", "text"),
        ({"do": "add", "start": 0, "end": 10**9, "label": "GOV"}, "RecordError", "text"),
        ({"do": "add", "start": 0, "end": 2, "label": "<b>"}, "RecordError", "label"),
    ],
)
def test_mistakes_are_answered_by_name_and_change_nothing(
    talk: Talk, message: dict[str, Any], error: str, field: str | None
) -> None:
    reply = ask(talk, **message)
    assert (reply["kind"], reply["error"], reply.get("field")) == ("error", error, field)
    assert reply["message"]
    assert talk.desk.current.decisions == []


def test_the_widget_follows_code(
    annotation: Annotation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    widget = jixiao.review(annotation, tmp_path / "out", reviewer="李")
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(ReviewWidget, "send", lambda _, content, buffers=None: sent.append(content))
    widget.judge(["q1", "q2"], "correct")
    widget.correct("q2", {"of": "全市"})
    start = TEXT.index("基本满意")
    widget.add(start, start + 4, "HONOUR")
    widget.delete("n1")
    widget.undo()
    widget.redo()
    assert [[one["id"] for one in reply["changed"]] for reply in sent] == [
        ["q1", "q2"], ["q2"], ["n1"], [], ["n1"], [],
    ]  # fmt: skip
    assert dict(widget.save().decisions) == {"correct": 1, "changed": 1}
    table = widget.decisions()
    assert table[["id", "verdict", "reviewer"]].values.tolist() == [
        ["q1", "correct", "李"],
        ["q2", "changed", "李"],
    ]
    widget.show("甲")
    assert sent[-1]["kind"] == "document"
    assert repr(widget) == f"ReviewWidget('甲', 2 of {len(widget.session.mentions)} decided)"


def test_the_colours_are_those_of_the_page() -> None:
    style = front_end("review.css")
    page = (Path(jixiao.__file__).parent / "views/page/templates/style.css").read_text("utf-8")
    for name in ("--money", "--percent", "--flash", "--ground"):
        values = [
            line.split(f"{name}: ")[1].split(";")[0]
            for line in page.splitlines()
            if f"{name}: " in line
        ]
        assert len(values) == 2
        light, dark = style.split(".jx-review[data-dark]", 1)
        assert f"{name}: {values[0]}" in light
        assert f"{name}: {values[1]}" in dark


def test_the_front_end_loads_nothing_and_makes_no_markup() -> None:
    script, style = front_end("review.js"), front_end("review.css")
    for place in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "eval(",
        "http",
        "import ",
        "fetch(",
    ):
        assert place not in script
    assert "url(" not in style
    assert "@import" not in style


def test_the_widget_is_loaded_when_it_is_asked_for() -> None:
    code = (
        "import sys, jixiao, jixiao.widget\n"
        "assert 'anywidget' not in sys.modules\n"
        "sys.modules['anywidget'] = None\n"
        "try:\n    jixiao.review\n"
        "except jixiao.errors.SettingsError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'jixiao[notebooks]'" in done.stdout


def test_nothing_to_review_is_said() -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        jixiao.review("没有这份.docx")
