"""Files that are not what they should be: each mistake is named with file and place, none is guessed at."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from jixiao.annotation import Annotation
from jixiao.errors import DocumentError, JixiaoError, RecordError, SettingsError
from jixiao.exchange import FORMATS, export_folder, import_files
from jixiao.stores.annotations import read_annotation

DOC_ID = "2021__甲县 科技局①#%"
TEXT = "甲县新建3所。"


def task(*results: object, **more: object) -> list[object]:
    given = {"data": {"text": TEXT, "doc_id": "甲"}, "annotations": [{"result": list(results)}]}
    return [{**given, **more}]


def region(
    start: object = 4, end: object = 6, name: str = "a", **value: object
) -> dict[str, object]:
    given = {"start": start, "end": end, "labels": ["COUNT"], **value}
    return {"id": name, "from_name": "label", "type": "labels", "value": given}


def spans(*entities: object, **more: object) -> str:
    return json.dumps({"text": TEXT, "doc_id": "甲", "entities": list(entities), **more})


def entity(
    start: object, end: object, label: str = "COUNT", number: object = 1
) -> dict[str, object]:
    return {"id": number, "label": label, "start_offset": start, "end_offset": end}


BROKEN: list[tuple[str, object, str]] = [
    ("labelstudio", "[", r"not JSON"),
    ("labelstudio", "{}", r"expected a JSON array"),
    ("labelstudio", [{"text": TEXT}], r"task 1: no 'data'; export as JSON, not as JSON_MIN"),
    ("labelstudio", task(region(4, 99)), r"task 1, region 'a': \[4, 99\) is empty or outside"),
    ("labelstudio", task(region(True, 6)), r"region 'a': 'start' is True; expected a whole number"),
    ("labelstudio", task(region(text="5所")), r"says '5所', the text at \[4, 6\) says '3所'"),
    ("labelstudio", task(region(labels=["X"])), r"region 'a': label 'X' is none of MONEY"),
    ("labelstudio", task(region(labels=["COUNT", "MONEY"])), r"2 labels .* expected one"),
    ("labelstudio", task(region(), region()), r"region 'a': labelled twice"),
    (
        "labelstudio",
        task(region(), {"type": "relation", "from_id": "a", "to_id": "b", "labels": ["total"]}),
        r"'b' is no quantity",
    ),
    (
        "labelstudio",
        task(region(), {"type": "relation", "from_id": "a", "to_id": "a", "labels": ["of"]}),
        r"named \['of'\]; expected one of quantities",
    ),
    (
        "labelstudio",
        task(region(), {"id": "a", "from_name": "value", "value": {"text": ["3e"]}}),
        r"region 'a': .*value",
    ),
    (
        "labelstudio",
        task(region(), {"id": "a", "from_name": "value", "value": {"text": ["1e999999"]}}),
        r"value is 1E\+999999; expected a plain number",
    ),
    (
        "labelstudio",
        task(region(), {"id": "a", "from_name": "measure", "value": {"choices": ["many"]}}),
        r"region 'a': .*enum",
    ),
    (
        "labelstudio",
        task(region(labels=["growth"]), {"id": "a", "from_name": "noun", "value": {"text": ["x"]}}),
        r"region 'a': .*unknown field `noun`",
    ),
    ("doccano", '{"text": NaN}', r"line 1: not JSON: NaN is no number"),
    ("doccano", "3", r"line 1: expected a JSON object"),
    ("doccano", spans(entity(4, 6)) + "\n{", r"line 2: not JSON"),
    ("doccano", spans(entity(6, 4)), r"line 1, entity 1: \[6, 4\) is empty"),
    ("doccano", spans(entity(-3, 4)), r"entity 1: \[-3, 4\) is empty or outside"),
    ("doccano", spans(entity(4, 6), entity(1, 2)), r"a second span with the id '1'"),
    (
        "doccano",
        spans(entity(4, 6), relations=[{"from_id": 1, "to_id": 7, "type": "total"}]),
        r"line 1: '7' is no quantity",
    ),
    ("doccano", json.dumps({"text": TEXT, "label": [[4, 6]]}), r"label 1: .*\[start, end, label\]"),
    (
        "doccano",
        json.dumps({"text": TEXT, "label": []}),
        r"has no 'doc_id' and no run has its text",
    ),
    ("doccano", json.dumps({"text": TEXT, "doc_id": "../x", "entities": []}), r"not a doc_id"),
    ("spacy", "no DocBin", r"is no DocBin of spaCy"),
    ("conll", "3\tB-COUNT", r"line 1: no document yet"),
    ("conll", "# newdoc id = 甲\n3\tB-COUNT", r"does not hold the text of '甲'"),
    ("webannotation", "{", r"not JSON"),
    (
        "webannotation",
        {"type": "Annotation", "target": {"source": "text/%E7%94%B2.txt"}},
        r"annotation 1: .*give the run",
    ),
]


@pytest.mark.parametrize(("name", "content", "message"), BROKEN)
def test_what_is_broken_is_named(name: str, content: object, message: str, tmp_path: Path) -> None:
    path = tmp_path / f"file{FORMATS[name].suffix or '.jsonld'}"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    with pytest.raises(JixiaoError, match=message) as caught:
        import_files([path], name, tmp_path / "out")
    if "no doc_id" not in message and "甲" not in message:
        assert str(path) in str(caught.value)
    assert not list(tmp_path.glob("**/甲*"))


BRAT: list[tuple[str, str]] = [
    ("T1\tCOUNT 4 6\t3家\n", r"line 1: T1 says '3家', the text at 4 6 '3所'"),
    ("T1\tCOUNT 0 2;4 6\t甲县 3所\n", r"line 1: T1 is discontinuous \(0 2;4 6, '新建' between\)"),
    ("T1\tCOUNT 4\t3所\n", r"expected LABEL START END"),
    ("T1\tCOUNT 4 6\t3所\nT1\tCOUNT 4 6\t3所\n", r"line 2: T1 is defined twice"),
    ("\nA1\tmeasure T9 new\n", r"line 2: 'T9' is no span of the file"),
    ("T1\tCOUNT 4 6\t3所\nR1\ttotal Arg1:T1 Arg2:T2\t\n", r"'T2' is no span"),
    ("T1\tCOUNT 4 6\t3所\nR1\tlikes Arg1:T1 Arg2:T1\t\n", r"expected one of quantities"),
    ("what is this\n", r"line 1: 'what is this' .* is no annotation of brat"),
    ("T1\tCOUNT 4 6\t3所\nA1\tmeasure T1 many\n", r"line 1: .*enum"),
]


@pytest.mark.parametrize(("content", "message"), BRAT)
def test_what_is_broken_in_brat_is_named(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text(TEXT, "utf-8")
    (tmp_path / "甲.ann").write_text(content, "utf-8")
    with pytest.raises(RecordError, match=message):
        import_files([tmp_path], "brat", tmp_path / "out")


def test_what_brat_has_and_we_have_not_is_told(tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text(TEXT, "utf-8")
    lines = [
        "T1\tCOUNT 4 6\t3所",
        "E1\tBuild:T1 ",
        "#1\tAnnotatorNotes T1\t查一下",
        "#2\tAnnotatorNotes E1\tx",
        "N1\tReference T1 Wiki:1\t学校",
        "A1\ttable T1\r",
        "",
    ]
    (tmp_path / "甲.ann").write_text("\n".join(lines), "utf-8")
    report = import_files([tmp_path / "甲.ann"], "brat", tmp_path / "out")
    assert len(report.notes) == 4
    assert any("查一下" in note for note in report.notes)
    (found,) = read_annotation(tmp_path / "out", "甲").quantities
    assert (found.text, found.table) == ("3所", True)


def test_conll_that_is_not_of_the_text_is_named_with_its_line(run: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    export_folder(run, "conll", path)
    lines = path.read_text("utf-8").split("\n")
    for place, line, message in (
        (5, "乙\tO\tO\tO", "line 6: token '乙', but the text"),
        (5, lines[5].rsplit("\t", 1)[0], "line 6: 2 tags; expected 3"),
        (5, lines[5][0] + "\tX\tO\tO", "line 6: tag 'X'; expected O, B-LABEL"),
        (5, lines[5][0] + "\tB-COUNTS\tO\tO", "line 6: label 'COUNTS'"),
    ):
        path.write_text("\n".join([*lines[:place], line, *lines[place + 1 :]]), "utf-8")
        with pytest.raises(RecordError, match=message):
            import_files([path], "conll", tmp_path / "out", onto=run)


def test_conll_of_another_program_is_read(
    run: Path, annotation: Annotation, tmp_path: Path
) -> None:
    """Words of its own, one column, blanks between, I- where a span begins, line ends of Windows."""
    path = tmp_path / "a.conll"
    start = annotation.text.index("全年")
    words = [annotation.text[:start].strip(), "全年新建", "𠮷校", "3所", "，"]
    tags = ["O", "O", "O", "I-COUNT", "O"]
    rows = [f"{word} {tag}" for word, tag in zip("".join(words[0].split()), "O" * 99, strict=False)]
    rows += [f"{word} {tag}" for word, tag in zip(words[1:], tags[1:], strict=True)]
    path.write_text("\r\n".join([f"# newdoc id = {DOC_ID}", *rows, ""]), "utf-8", newline="")
    report = import_files([path], "conll", tmp_path / "out", onto=run, reviewer="李")
    assert report.documents[0].decisions == {"deleted": 2}
    assert len(report.notes) == 2  # names and claims are not in the file, and stay
    found = read_annotation(tmp_path / "out", DOC_ID)
    assert found.quantities == annotation.quantities[:1]
    assert found.entities == annotation.entities


def test_a_label_that_changes_keeps_what_is_known_of_the_record(
    run: Path, annotation: Annotation, tmp_path: Path
) -> None:
    path = tmp_path / "a.json"
    export_folder(run, "labelstudio", path)
    tasks = json.loads(path.read_text("utf-8"))
    for result in tasks[0]["predictions"][0]["result"]:
        if result["type"] == "labels" and result["value"]["labels"] == ["COUNT"]:
            result["value"] |= {
                "labels": ["MEASURE"],
                "start": result["value"]["start"],
                "text": None,
            }
    tasks[0]["annotations"] = [
        {"result": [], "was_cancelled": True, "updated_at": "2025"},
        {"result": [], "updated_at": "2023-01-01T00:00:00Z"},
        {
            "result": tasks[0].pop("predictions")[0]["result"],
            "completed_by": {"email": "li@example.org"},
            "updated_at": "2024-01-01T00:00:00Z",
        },
    ]
    path.write_text(json.dumps(tasks), "utf-8")
    report = import_files([path], "labelstudio", tmp_path / "out", onto=run)
    assert any("2 annotations; the latest was taken" in note for note in report.notes)
    assert report.documents[0].decisions == {"changed": 1}
    found = read_annotation(tmp_path / "out", DOC_ID).quantities[0]
    before = annotation.quantities[0]
    assert (found.label, found.unit, found.section) == ("MEASURE", before.unit, before.section)
    assert found.key != before.key


def test_an_answer_taken_back_in_the_tool_is_gone(
    run: Path, annotation: Annotation, tmp_path: Path
) -> None:
    path = tmp_path / "a.json"
    export_folder(run, "labelstudio", path)
    tasks = json.loads(path.read_text("utf-8"))
    prediction = tasks[0]["predictions"][0]
    taken = [one for one in prediction["result"] if one.get("from_name") == "noun"]
    prediction["result"] = [one for one in prediction["result"] if one not in taken]
    prediction["result"] = [one for one in prediction["result"] if one["type"] != "relation"]
    path.write_text(json.dumps(tasks), "utf-8")
    import_files([path], "labelstudio", tmp_path / "out", onto=run, reviewer="李")
    found = read_annotation(tmp_path / "out", DOC_ID)
    assert len(taken) == 1
    assert (found.quantities[0].noun, found.quantities[0].unit) == (None, "所")
    assert [claim.quantities for claim in found.claims] == [None, None]
    assert found.quantities[1].total is None
    # What the format does not hold was not taken back.
    assert found.quantities[0].evidence == annotation.quantities[0].evidence


def test_a_number_of_other_characters_is_not_the_old_number(run: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.spacy"
    export_folder(run, "spacy", path)
    import spacy
    from spacy.tokens import DocBin

    (doc,) = DocBin().from_disk(path).get_docs(spacy.blank("zh").vocab)
    from jixiao.exchange.marks import marked
    from jixiao.exchange.merge import merge

    base = read_annotation(run, DOC_ID)
    document = marked(base, "spans")
    mark = next(one for one in document.marks if one.label == "COUNT")
    mark.start, mark.text = mark.start - 1, None
    merged = merge(document, base)
    found = merged.annotation.quantities[0]
    assert doc.text == base.text
    assert (found.value, found.unit, found.measure) == (None, None, "new")
    assert any("must be read anew" in note for note in merged.notes)


def test_spans_changed_in_spacy_decide(run: Path, annotation: Annotation, tmp_path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin

    path = tmp_path / "a.spacy"
    export_folder(run, "spacy", path)
    (doc,) = DocBin().from_disk(path).get_docs(spacy.blank("zh").vocab)
    doc.spans["quantities"] = list(doc.spans["quantities"])[:2]
    changed = DocBin(store_user_data=True)
    changed.add(doc)
    changed.to_disk(path)
    import_files([path], "spacy", tmp_path / "out", onto=run, reviewer="李")
    found = read_annotation(tmp_path / "out", DOC_ID)
    assert found.quantities == annotation.quantities[:2]
    assert found.claims == annotation.claims


def test_a_quote_is_found_where_positions_fail(
    run: Path, annotation: Annotation, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    export_folder(run, "webannotation", folder)
    (path,) = folder.glob("*.jsonld")
    page = json.loads(path.read_text("utf-8"))
    for item in page["items"]:
        if item["motivation"] == "tagging":
            item["target"]["selector"][0]["start"] += 1
    path.write_text(json.dumps(page), "utf-8")
    import_files([folder], "webannotation", tmp_path / "out", onto=run)
    assert read_annotation(tmp_path / "out", DOC_ID).records == annotation.records
    for item in page["items"]:
        if item["motivation"] == "tagging":
            item["target"]["selector"][1]["exact"] = "没有的话"
    path.write_text(json.dumps(page), "utf-8")
    with pytest.raises(RecordError, match="annotation 1: '没有的话' stands not in the text"):
        import_files([path], "webannotation", tmp_path / "out2", onto=run)


def test_rejected_and_unlabelled_tasks_are_skipped_and_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    given = {"text": TEXT, "meta": {"doc_id": "甲"}, "answer": "reject"}
    path.write_text(json.dumps(given), "utf-8")
    report = import_files([path], "prodigy", tmp_path / "out")
    assert report.documents == []
    assert report.notes == [f"{path}, line 1: 甲 is answered 'reject'; skipped"]
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"data": {"text": TEXT}, "annotations": []}]), "utf-8")
    report = import_files([path], "labelstudio", tmp_path / "out")
    assert report.notes == [
        f"{path}, task 1: a document is neither annotated nor predicted; skipped"
    ]


def test_a_document_without_id_is_found_by_its_text(
    run: Path, annotation: Annotation, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    export_folder(run, "doccano", path)
    line = json.loads(path.read_text("utf-8"))
    del line["doc_id"]
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(line).encode())  # saved by an editor on Windows
    import_files([path], "doccano", tmp_path / "out", onto=run)
    assert read_annotation(tmp_path / "out", DOC_ID).records == annotation.records


def test_another_text_is_refused(run: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    export_folder(run, "doccano", path)
    line = json.loads(path.read_text("utf-8"))
    line["text"] = line["text"].replace("\r\n", "\n")
    path.write_text(json.dumps(line), "utf-8")
    with pytest.raises(RecordError, match=r"line 1: its text is not that of"):
        import_files([path], "doccano", tmp_path / "out", onto=run)


def test_a_number_of_json_keeps_every_digit(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    span = '{"start": 4, "end": 6, "label": "COUNT", "fields": {"value": 12345678901234567890.125}}'
    path.write_text(f'{{"text": "{TEXT}", "meta": {{"doc_id": "甲"}}, "spans": [{span}]}}', "utf-8")
    import_files([path], "prodigy", tmp_path / "out")
    (found,) = read_annotation(tmp_path / "out", "甲").quantities
    assert str(found.value) == "12345678901234567890.125"


def test_a_mistake_in_the_last_document_leaves_nothing_written(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{spans(entity(4, 6))}\n{spans(entity(4, 60))}", "utf-8")
    with pytest.raises(RecordError, match="line 2"):
        import_files([path], "doccano", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_breaks_the_format_is_reported_as_validate_does(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(spans(entity(4, 6), entity(3, 6, number=2)), "utf-8")
    report = import_files([path], "doccano", tmp_path / "out")
    assert [problem.partition(": ")[2] for problem in report.problems] == ["q2 overlaps q1"]


@pytest.mark.parametrize("name", ["labelstudio", "spacy", "brat"])
def test_where_a_format_goes_is_checked(name: str, run: Path, tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("")
    with pytest.raises(SettingsError, match=r"file\.txt"):
        export_folder(run, name, tmp_path / "file.txt")
    with pytest.raises(SettingsError, match="no annotations in"):
        export_folder(tmp_path, name, tmp_path / "a.json")
    with pytest.raises(DocumentError):
        import_files([tmp_path / "missing"], name, tmp_path / "out")


def test_unknown_names_are_refused(run: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="expected one of labelstudio"):
        export_folder(run, "word", tmp_path / "a")
    with pytest.raises(SettingsError, match="expected one of labelstudio"):
        import_files([run], "word", tmp_path / "out")


def test_size_grows_linearly(
    tmp_path: Path,
    assert_linear: Callable[[Callable[[int], Callable[[], object]], int], None],
) -> None:
    from jixiao.exchange.marks import Mark, MarkedDocument
    from jixiao.exchange.merge import merge

    def prepare(size: int) -> Callable[[], object]:
        text = "😀3所。" * size
        marks = [Mark(str(i), "COUNT", 5 * i + 2, 5 * i + 4, "3所") for i in range(size)]

        def call() -> object:
            copies = [Mark(m.id, m.label, m.start, m.end, m.text) for m in marks]
            return merge(MarkedDocument("甲", text, copies, [], "spans", True, "x"), None)

        return call

    assert_linear(prepare, 400)
