"""Reviewers' verdicts come back from the workbook, hold by key, and survive a newer run."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import msgspec
import openpyxl
import pytest

from jixiao.annotation import Annotation
from jixiao.errors import DocumentError, OutputError, RecordError, SettingsError
from jixiao.exchange import import_files
from jixiao.exchange.reviews import Review, latest, read_reviews, reviews_path
from jixiao.exports.workbook import WorkbookWriter
from jixiao.records import Claim, Quantity
from jixiao.stores.annotations import read_annotation

DOC_ID = "2021__甲县 科技局①#%"
Put = Callable[[Path, Annotation], None]


@pytest.fixture
def book(tmp_path: Path, annotation: Annotation) -> Path:
    path = tmp_path / "facts.xlsx"
    with WorkbookWriter(path, {"schools_built": "新建学校数"}, every_quantity=True) as writer:
        writer.add(annotation)
    return path


def judge(path: Path, sheet: str, verdicts: dict[int, tuple[str | None, str | None]]) -> None:
    """Fill the reviewer's columns of rows (2 is the first below the header)."""
    book = openpyxl.load_workbook(path)
    table = book[sheet]
    headers = [cell.value for cell in table[1]]
    for row, (verdict, note) in verdicts.items():
        table.cell(row, headers.index("复核") + 1).value = verdict
        table.cell(row, headers.index("复核意见") + 1).value = note
    book.properties.lastModifiedBy = "李"
    book.save(path)


def replaced(annotation: Annotation, name: str, **fields: object) -> Annotation:
    records = [
        msgspec.structs.replace(one, **fields) if getattr(one, "id", None) == name else one
        for one in annotation.records
    ]
    return Annotation(annotation.document, annotation.text, records)


def test_verdicts_are_tied_to_keys_with_reviewer_and_time(
    book: Path, run: Path, annotation: Annotation, tmp_path: Path
) -> None:
    judge(book, "数量", {2: ("正确", None), 3: ("存疑", "单位？")})
    judge(book, "成果", {2: ("错误", "不是成果")})
    out = tmp_path / "out"
    report = import_files([book], "xlsx", out, onto=run)
    assert (report.unfit, report.problems) == ([], [])
    reviews = {one.key: one for one in read_reviews(reviews_path(out, DOC_ID))}
    q1, q2 = annotation.quantities[:2]
    assert reviews[q1.key].verdict == "correct"
    assert (reviews[q2.key].verdict, reviews[q2.key].note) == ("doubtful", "单位？")
    assert {one.reviewer for one in reviews.values()} == {"李"}
    assert all(datetime.datetime.fromisoformat(one.time).tzinfo for one in reviews.values())
    assert reviews[q1.key].given["value"] == "3"
    found = read_annotation(out, DOC_ID)
    assert [claim.kind for claim in found.claims] == ["recognition"]
    assert found.claims[0].same_as is None
    assert found.quantities == annotation.quantities


def test_a_wrong_fact_goes_and_its_number_stays(
    book: Path, run: Path, annotation: Annotation, tmp_path: Path
) -> None:
    judge(book, "事实", {2: ("错误", None)})
    import_files([book], "xlsx", tmp_path / "out", onto=run)
    found = read_annotation(tmp_path / "out", DOC_ID)
    assert found.facts == []
    assert found.quantities == annotation.quantities


def test_a_name_is_judged_wherever_it_stands(
    tmp_path: Path, annotation: Annotation, put_run: Put
) -> None:
    twice = annotation.text + "甲县科技局"
    start = len(annotation.text)
    second = msgspec.structs.replace(
        annotation.entities[0], id="e3", start=start, end=start + 5, key="0" * 12
    )
    document = msgspec.structs.replace(annotation.document, text_sha256=None)
    records = [document, *annotation.records[1:-2], second]
    longer = Annotation(document, twice, records)
    put_run(tmp_path / "run", longer)
    path = tmp_path / "facts.xlsx"
    with WorkbookWriter(path, {}) as writer:
        writer.add(longer)
    judge(path, "实体", {2: ("正确", None)})
    report = import_files([path], "xlsx", tmp_path / "out", onto=tmp_path / "run")
    assert report.documents[0].decisions == {"correct": 2}


def test_a_verdict_on_what_reads_otherwise_by_now_is_listed_and_kept(
    book: Path, annotation: Annotation, tmp_path: Path, put_run: Put
) -> None:
    judge(book, "数量", {2: ("正确", None), 3: ("正确", None)})
    newer = tmp_path / "newer"
    put_run(newer, replaced(annotation, "q1", value=Decimal(4)))
    out = tmp_path / "out"
    report = import_files([book], "xlsx", out, onto=newer)
    ((review, why),) = report.unfit
    assert review.key == annotation.quantities[0].key
    assert why == "原值: 3 → 4"
    kept = read_reviews(reviews_path(out, DOC_ID))
    assert len(kept) == 2
    assert [one.row["原值"] for one in kept if one.row] == ["3"]
    assert read_annotation(out, DOC_ID).quantities[0].value == 4


def test_a_record_that_is_gone_is_listed(
    book: Path, annotation: Annotation, tmp_path: Path, put_run: Put
) -> None:
    judge(book, "成果", {2: ("正确", None), 3: ("错误", None)})
    without = [one for one in annotation.records if not isinstance(one, Claim)]
    put_run(tmp_path / "newer", Annotation(annotation.document, annotation.text, without))
    report = import_files([book], "xlsx", tmp_path / "out", onto=tmp_path / "newer")
    assert [why for _, why in report.unfit] == ["the run has no such record"] * 2


@pytest.fixture
def reviewed(tmp_path: Path, run: Path, annotation: Annotation) -> Path:
    """Corrections made in a tool: one number changed, one deleted, one added."""
    from jixiao.exchange import export_folder

    path = tmp_path / "spans.jsonl"
    export_folder(run, "prodigy", path)
    line = msgspec.json.decode(path.read_bytes())
    spans = {span["label"]: span for span in line["spans"]}
    spans["COUNT"]["fields"]["unit"] = "个"
    line["spans"].remove(spans["RANK"])
    start = annotation.text.index("全年")
    line["spans"].append(
        {"start": start, "end": start + 2, "label": "SCORE", "fields": {"value": "9.50"}}
    )
    line |= {"_annotator_id": "王", "_timestamp": 1700000000.25}
    path.write_bytes(msgspec.json.encode(line))
    out = tmp_path / "reviewed"
    report = import_files([path], "prodigy", out, onto=run)
    assert report.problems == []
    assert report.documents[0].decisions == {"changed": 1, "deleted": 1, "added": 1}
    return out


def test_corrections_are_in_the_annotation_and_signed(
    reviewed: Path, annotation: Annotation
) -> None:
    found = read_annotation(reviewed, DOC_ID)
    by_label = {one.label: one for one in found.quantities}
    assert by_label.keys() == {"COUNT", "MONEY", "SCORE"}
    changed = by_label["COUNT"]
    assert (changed.unit, changed.rule, changed.confidence) == ("个", "review", None)
    assert changed.noun == "学校"
    assert by_label["SCORE"].value == Decimal("9.5")
    assert [one.id for one in found.quantities] == ["q1", "q2", "q3"]
    assert found.claims[0].quantities == [changed.id]
    assert by_label["MONEY"].total == changed.id
    assert found.facts == []  # it rested on the number that was changed
    reviews = read_reviews(reviews_path(reviewed, DOC_ID))
    assert {(one.verdict, one.reviewer, one.time) for one in reviews} == {
        (verdict, "王", "2023-11-14T22:13:20+00:00") for verdict in ("added", "changed", "deleted")
    }
    change = next(one for one in reviews if one.verdict == "changed")
    assert (change.given["unit"], change.corrected["unit"]) == ("所", "个")


def test_corrections_survive_a_newer_run(
    reviewed: Path, annotation: Annotation, tmp_path: Path, put_run: Put
) -> None:
    newer = replaced(replaced(annotation, "q2", rule="unit.money"), "q1", confidence=0.5)
    put_run(tmp_path / "newer", newer)
    out = tmp_path / "again"
    report = import_files([reviewed], "reviews", out, onto=tmp_path / "newer")
    assert (report.unfit, report.problems) == ([], [])
    found = {one.label: one for one in read_annotation(out, DOC_ID).quantities}
    assert found.keys() == {"COUNT", "MONEY", "SCORE"}
    assert found["COUNT"].unit == "个"
    assert found["COUNT"].sentence == annotation.quantities[0].sentence
    assert found["MONEY"].rule == "unit.money"
    before, after = (read_reviews(reviews_path(one, DOC_ID)) for one in (reviewed, out))
    assert before == after


def test_corrections_that_no_longer_fit_are_listed(
    reviewed: Path, annotation: Annotation, tmp_path: Path, put_run: Put
) -> None:
    start = annotation.text.index("年新")
    other = Quantity(id="q9", start=start, end=start + 2, text="年新", label="SCORE", key="1" * 12)
    newer = replaced(annotation, "q1", unit="座")
    records = [*newer.records[:3], other, *newer.records[3:]]
    put_run(tmp_path / "newer", Annotation(newer.document, newer.text, records))
    report = import_files([reviewed], "reviews", tmp_path / "out", onto=tmp_path / "newer")
    assert sorted(why for _, why in report.unfit) == ["SCORE '年新' stands there", "unit: 所 → 座"]


def test_a_run_on_another_text_fits_no_decision(
    reviewed: Path, annotation: Annotation, tmp_path: Path, put_run: Put
) -> None:
    document = msgspec.structs.replace(annotation.document, text_sha256=None)
    put_run(tmp_path / "newer", Annotation(document, "别的文字", [document]))
    report = import_files([reviewed], "reviews", tmp_path / "out", onto=tmp_path / "newer")
    # What was deleted is not there: that decision is fulfilled.
    assert {review.verdict for review, _ in report.unfit} == {"added", "changed"}
    assert len(read_reviews(reviews_path(tmp_path / "out", DOC_ID))) == 3


def test_the_last_decision_on_a_record_counts() -> None:
    common = {"document": "甲", "record": "claim", "key": "k", "reviewer": "李"}
    early = Review(verdict="wrong", time="2024-01-01T00:00:00+00:00", **common)
    late = Review(verdict="correct", time="2024-01-02T00:00:00+00:00", **common)
    assert latest([late, early]) == [late]
    assert latest([early, late]) == [late]


def test_a_second_import_builds_on_the_first(reviewed: Path, run: Path, tmp_path: Path) -> None:
    from jixiao.exchange import export_folder

    path = tmp_path / "more.json"
    export_folder(reviewed, "labelstudio", path)
    with pytest.raises(OutputError, match="--onto"):
        import_files([path], "labelstudio", reviewed, onto=run, reviewer="李")
    report = import_files([path], "labelstudio", reviewed, onto=reviewed)
    assert report.documents[0].decisions == {}
    assert len(read_reviews(reviews_path(reviewed, DOC_ID))) == 3


def test_wrong_uses_are_named(book: Path, run: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(SettingsError, match="--onto DIR"):
        import_files([book], "xlsx", out)
    assert import_files([book], "xlsx", out, onto=run).notes == [
        f"{book}: no row has a verdict in 复核"
    ]
    judge(book, "数量", {2: ("对", None)})
    with pytest.raises(
        RecordError, match=r"sheet 数量, row 2: 复核 is '对'; expected 正确、错误、存疑"
    ):
        import_files([book], "xlsx", out, onto=run)
    judge(book, "数量", {2: (None, "看看")})
    with pytest.raises(RecordError, match="row 2: a remark and no verdict"):
        import_files([book], "xlsx", out, onto=run)
    (tmp_path / "no.xlsx").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(DocumentError, match="no workbook"):
        import_files([tmp_path / "no.xlsx"], "xlsx", out, onto=run)
    (run / "run.json").write_text("{}")
    with pytest.raises(OutputError, match="output of a run"):
        import_files([book], "xlsx", run, onto=run)


def test_who_reviewed_must_be_known(run: Path, annotation: Annotation, tmp_path: Path) -> None:
    from jixiao.exchange import export_folder

    path = tmp_path / "a.jsonl"
    export_folder(run, "doccano", path)
    line = msgspec.json.decode(path.read_bytes())
    line["entities"] = [one for one in line["entities"] if one["label"] != "RANK"]
    path.write_bytes(msgspec.json.encode(line))
    with pytest.raises(SettingsError, match="--reviewer NAME"):
        import_files([path], "doccano", tmp_path / "out", onto=run)
    import_files([path], "doccano", tmp_path / "out", onto=run, reviewer="李", time="2024-05-31")
    (review,) = read_reviews(reviews_path(tmp_path / "out", DOC_ID))
    assert (review.verdict, review.reviewer, review.time) == ("deleted", "李", "2024-05-31")
    assert review.key == annotation.quantities[2].key


def test_a_broken_review_is_named_with_its_line(tmp_path: Path, run: Path) -> None:
    (tmp_path / "r.jsonl").write_text('\n{"type":"review"}\n')
    with pytest.raises(RecordError, match=r"r\.jsonl, line 2"):
        import_files([tmp_path / "r.jsonl"], "reviews", tmp_path / "out", onto=run)
