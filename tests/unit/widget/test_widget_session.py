"""A review without a front end: every edit, undo, what cannot be, files, and a newer run."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.annotation import Annotation
from jixiao.batch.validation import validate_file
from jixiao.errors import OutputError, RecordError, SettingsError
from jixiao.exchange import import_files
from jixiao.exchange.apply import apply_reviews
from jixiao.exchange.reviews import Review, latest, read_reviews, reviews_path
from jixiao.pipeline import annotate_text
from jixiao.records import Claim, Entity, Quantity, encode_line
from jixiao.stores.annotations import annotation_path, read_annotation, text_path, write_annotation
from jixiao.widget import ReviewDesk, ReviewSession
from jixiao.widget.fields import FieldError, Text, corrected, fields_of, shown_fields
from jixiao.widget.session import Mention

TEXT = (
    "湄潭县科学技术局2021年度部门整体支出绩效自评报告\n一、主要成效\n"
    "全年新认定高新技术企业15家，同比增长30.6%，获评全省先进县😀。\n"
    "培训技术人员若干，兑付补助资金贰佰，另有三千二百名志愿者参加。\n"
    "二、支出\n支出合计385.08万元，其中：基本支出200万元，项目支出185.08万元。\n"
)
DOC_ID = "甲县科技局"
NAMES = {"high_tech_enterprises": "高新技术企业数", "revenue_total": "本年收入合计"}


def ticking() -> Iterator[datetime.datetime]:
    time = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    while True:
        yield time
        time += datetime.timedelta(seconds=1)


@pytest.fixture(scope="module")
def annotation() -> Annotation:
    return annotate_text(TEXT, doc_id=DOC_ID)


@pytest.fixture
def start(annotation: Annotation, tmp_path: Path) -> Callable[..., ReviewSession]:
    clock = ticking()

    def open_session(given: Annotation = annotation, **options: Any) -> ReviewSession:
        options = {"reviewer": "李", "clock": lambda: next(clock)} | options
        out = options.pop("out", tmp_path / "reviewed")
        return ReviewSession(given, out, indicators=NAMES, **options)

    return open_session


@pytest.fixture
def session(start: Callable[..., ReviewSession]) -> ReviewSession:
    return start()


def named(session: ReviewSession, text: str, kind: type = Quantity) -> Mention:
    return next(
        one for one in session.mentions if one.record.text == text and isinstance(one.record, kind)
    )


def put(folder: Path, annotation: Annotation) -> None:
    lines = [encode_line(record) for record in annotation.records]
    write_annotation(folder, annotation.document.doc_id, annotation.text, lines)


# -- deciding ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", ["correct", "wrong", "doubtful"])
def test_a_verdict_is_signed_and_tied_to_the_key(session: ReviewSession, verdict: Any) -> None:
    mention = named(session, "15家")
    assert session.judge(mention.id, verdict, "看过") == [mention.id]
    review = mention.review
    assert review is not None
    assert (review.verdict, review.reviewer, review.note) == (verdict, "李", "看过")
    assert (review.key, review.record, review.source) == (mention.record.key, "quantity", "widget")
    assert datetime.datetime.fromisoformat(review.time).tzinfo is not None
    assert mention.stands is (verdict != "wrong")
    assert session.judge(mention.id, None) == [mention.id]
    assert mention.review is None


def test_many_are_one_edit(session: ReviewSession) -> None:
    ids = [one.id for one in session.mentions]
    assert session.judge(ids, "correct") == ids
    assert session.can_undo == 1
    session.undo()
    assert session.decisions == []


def test_unknown_ids_and_verdicts_are_named(session: ReviewSession) -> None:
    with pytest.raises(SettingsError, match=r"no mention 'q99'.*as q1, e1 or c1"):
        session.judge("q99", "correct")
    with pytest.raises(SettingsError, match="no verdict 'right'; expected one of correct, wrong"):
        session.judge("q1", "right")  # type: ignore[arg-type]
    assert session.can_undo == 0


@pytest.mark.parametrize(
    ("text", "kind", "changes", "expected"),
    [
        ("385.08万元", Quantity, {"value": "385.8万"}, {"value": Decimal(3858000)}),
        ("385.08万元", Quantity, {"value": "１,２34.50"}, {"value": Decimal("1234.5")}),
        ("15家", Quantity, {"value_high": "20"}, {"value_high": Decimal(20)}),
        ("15家", Quantity, {"unit": " 户 "}, {"unit": "户"}),
        ("15家", Quantity, {"bound": "约"}, {"bound": "≈"}),
        ("15家", Quantity, {"bound": "≥"}, {"bound": "≥"}),
        ("15家", Quantity, {"noun": "企业"}, {"noun": "企业"}),
        ("15家", Quantity, {"subject": None}, {"subject": None}),
        ("15家", Quantity, {"indicator": "本年收入合计"}, {"indicator": "revenue_total"}),
        ("15家", Quantity, {"indicator": "revenue_total"}, {"indicator": "revenue_total"}),
        ("15家", Quantity, {"indicator": ""}, {"indicator": None}),
        ("15家", Quantity, {"facet": "5G"}, {"facet": "5G"}),
        ("15家", Quantity, {"measure": "净增"}, {"measure": "net_new"}),
        ("30.6%", Quantity, {"direction": "下降"}, {"direction": "down"}),
        ("15家", Quantity, {"period": "2021-01/2021-09"}, {"period": "2021-01/2021-09"}),
        ("15家", Quantity, {"region": "遵义市"}, {"region": "遵义市"}),
        ("15家", Quantity, {"modality": "planned"}, {"modality": "planned"}),
        ("15家", Quantity, {"table": "是"}, {"table": True}),
        ("30.6%", Quantity, {"of": "全市"}, {"of": "全市"}),
        ("15家", Quantity, {"label": "MEASURE"}, {"label": "MEASURE"}),
        ("15家", Quantity, {"text": "企业15家"}, {"text": "企业15家"}),
        ("湄潭县科学技术局", Entity, {"label": "机构"}, {"label": "INSTITUTION"}),
        ("湄潭县科学技术局", Entity, {"text": "湄潭县"}, {"text": "湄潭县"}),
        ("同比增长30.6%", Claim, {"kind": "milestone"}, {"kind": "milestone"}),
        ("同比增长30.6%", Claim, {"level": "省"}, {"level": "省"}),
        ("同比增长30.6%", Claim, {"date": "2021-05-03"}, {"date": "2021-05-03"}),
        ("同比增长30.6%", Claim, {"year": "2020"}, {"year": "2020"}),
        ("同比增长30.6%", Claim, {"modality": "预计"}, {"modality": "forecast"}),
        ("同比增长30.6%", Claim, {"polarity": "negative"}, {"polarity": "negative"}),
        *(
            ("同比增长30.6%", Claim, {name: "某"}, {name: "某"})
            for name in ("actor", "actor_name", "object", "awarded_by", "rank", "peers")
        ),
    ],
)
def test_each_field_is_corrected_and_comes_back_from_the_file(
    start: Callable[..., ReviewSession],
    text: str,
    kind: type,
    changes: dict[str, Any],
    expected: dict[str, Any],
) -> None:
    session = start()
    mention = named(session, text, kind)
    assert session.correct(mention.id, changes) == [mention.id]
    assert mention.verdict == "changed"
    assert {name: getattr(mention.record, name) for name in expected} == expected
    session.save()
    again = start().mention(mention.id)
    assert {name: getattr(again.record, name) for name in expected} == expected
    written = read_annotation(session.out, DOC_ID)
    found = [
        one
        for one in written.records
        if isinstance(one, kind) and one.start == mention.record.start  # type: ignore[attr-defined]
    ]
    assert any(all(getattr(one, n) == v for n, v in expected.items()) for one in found)


def test_every_field_of_a_form_was_tried() -> None:
    cases = test_each_field_is_corrected_and_comes_back_from_the_file.pytestmark[0].args[1]  # type: ignore[attr-defined]
    for layer, kind in (("quantity", Quantity), ("entity", Entity), ("claim", Claim)):
        tried = {name for _, of, changes, _ in cases if of is kind for name in changes}
        assert {one.name for one in fields_of(layer)} - tried <= {"trigger", "text"}  # type: ignore[arg-type]


def test_the_word_of_a_claim_is_looked_for_inside_it(session: ReviewSession) -> None:
    claim = named(session, "同比增长30.6%", Claim)
    session.correct(claim.id, {"trigger": "同比"})
    assert isinstance(claim.record, Claim)
    assert claim.record.trigger is not None
    place = claim.record.trigger
    assert TEXT[place.start : place.end] == "同比" == place.text
    with pytest.raises(FieldError, match="'认定' does not stand inside the claim"):
        session.correct(claim.id, {"trigger": "认定"})


@pytest.mark.parametrize(
    ("text", "changes", "field", "message"),
    [
        ("15家", {"value": "12a"}, "value", "not a numeral"),
        ("15家", {"value": "1e5"}, "value", "not a numeral"),
        ("15家", {"value": "NaN"}, "value", "not a numeral"),
        ("15家", {"value": "9" * 80}, "value", "."),
        ("15家", {"value_high": "3"}, "value_high", "3 is not above the lower end 15"),
        ("15家", {"value": "", "value_high": "3"}, "value", "lower end of a range is missing"),
        ("15家", {"unit": ""}, "unit", "none with COUNT"),
        ("30.6%", {"unit": "个百分点"}, "unit", "expected % or pp"),
        ("385.08万元", {"unit": "元"}, "unit", "with MONEY; expected CNY"),
        ("15家", {"label": "PERCENT"}, "unit", "with PERCENT"),
        ("15家", {"label": "GOV"}, "label", "'GOV' is none of MONEY"),
        ("15家", {"label": ""}, "label", "none given; expected one of MONEY"),
        ("15家", {"bound": "左右"}, "bound", "none of = 等于"),
        ("15家", {"measure": "grown"}, "measure", "none of level"),
        ("15家", {"direction": "up"}, "direction", "only growth and change"),
        ("15家", {"period": "2021年"}, "period", "is no period; expected 2021, 2021-05"),
        ("15家", {"period": "2021-13"}, "period", "month must be in"),
        ("15家", {"period": "2021-02-30"}, "period", "day"),
        ("15家", {"period": "2021/2019"}, "period", "ends before it begins"),
        ("15家", {"indicator": "高新技术企业"}, "indicator", "did you mean 高新技术企业数"),
        ("15家", {"indicator": "天气"}, "indicator", "expected its id or Chinese name"),
        ("15家", {"subject": "长" * 301}, "subject", "301 characters"),
        ("15家", {"text": "十五家"}, "text", "does not stand around '15家'"),
        ("15家", {"text": " "}, "text", "delete it"),
        ("15家", {"text": "15家，同比增长30.6%"}, "text", "stands there; delete it first"),
        ("15家", {"start": 5, "end": 5}, "text", "empty or outside the text"),
        ("15家", {"start": -1}, "text", "empty or outside"),
        ("15家", {"start": "x"}, "text", "empty or outside"),
        ("15家", {"rule": "mine"}, "rule", "no field of a quantity; expected one of text, label"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(
    session: ReviewSession, text: str, changes: dict[str, Any], field: str, message: str
) -> None:
    mention = named(session, text)
    before = mention.record
    with pytest.raises(FieldError, match=message) as caught:
        session.correct(mention.id, changes)
    assert isinstance(caught.value, RecordError)
    assert caught.value.field == field
    assert (mention.record, mention.review, session.can_undo) == (before, None, 0)


def test_what_the_run_says_odd_does_not_bar_another_field() -> None:
    odd = Quantity(id="q1", start=0, end=2, text="3%", label="PERCENT", unit="x", direction="up")
    made = corrected(odd, {"noun": "校"}, Text("3%", "0"), {})
    assert isinstance(made, Quantity)
    assert made.noun == "校"


def test_a_correction_that_says_the_same_is_a_verdict(session: ReviewSession) -> None:
    mention = named(session, "15家")
    session.correct(mention.id, {"noun": "企业"})
    session.correct(mention.id, {"noun": getattr(mention.given, "noun", None)})
    assert mention.verdict == "correct"
    assert session.correct(mention.id, {"unit": "家"}) == []


def test_a_correction_is_right_until_it_is_taken_back(session: ReviewSession) -> None:
    mention = named(session, "15家")
    session.correct(mention.id, {"noun": "企业"})
    assert session.judge(mention.id, "correct") == []
    assert mention.verdict == "changed"
    session.judge(mention.id, "doubtful")
    assert mention.record == mention.given


def test_a_remark_needs_a_verdict_and_makes_one(session: ReviewSession) -> None:
    mention = named(session, "15家")
    assert session.note(mention.id, "") == []
    session.note(mention.id, " 单位？\n")
    assert (mention.verdict, mention.review and mention.review.note) == ("doubtful", "单位？")
    session.judge(mention.id, "correct", "清楚了")
    session.note(mention.id, None)
    assert (mention.verdict, mention.review and mention.review.note) == ("correct", None)


# -- adding and deleting ----------------------------------------------------------------------------


def test_a_number_that_was_missed_is_added_with_what_can_be_read(session: ReviewSession) -> None:
    start = TEXT.index("贰佰")
    found = session.propose(start, start + 2)
    assert found == {} or found["layer"] == "quantity"
    (name,) = session.add(start, start + 2, "MONEY", {"value": "贰佰", "unit": "CNY"})
    mention = session.mention(name)
    assert (mention.record.text, mention.verdict, mention.given) == ("贰佰", "added", None)
    assert isinstance(mention.record, Quantity)
    assert mention.record.value == 200


def test_a_number_is_proposed_as_the_toolkit_reads_it(session: ReviewSession) -> None:
    start = TEXT.index("385.08万元")
    found = session.propose(start, start + len("385.08万元"))
    assert (found["layer"], found["label"], found["value"], found["unit"]) == (
        "quantity",
        "MONEY",
        "3850800",
        "CNY",
    )
    assert session.propose(TEXT.index("若干"), TEXT.index("若干") + 2) == {}


@pytest.mark.parametrize(
    ("text", "label", "fields", "field", "message"),
    [
        ("贰佰", "THING", {}, "label", "'THING' is none of MONEY"),
        ("贰佰", "MONEY", {"unit": "CNY"}, "value", "without a value"),
        ("贰佰", "MONEY", {"value": "200"}, "unit", "with MONEY"),
        ("企业15家", "COUNT", {"value": "15", "unit": "家"}, "text", "stands there"),
        ("15家", "COUNT", {"value": "15", "unit": "家"}, "text", "is known; correct it instead"),
        ("湄潭县科学技术局", "GOV", {}, "text", "is known"),
        ("\n", "PLACE", {}, "text", "only blanks"),
    ],
)
def test_what_cannot_be_added(
    session: ReviewSession, text: str, label: str, fields: dict[str, Any], field: str, message: str
) -> None:
    start = TEXT.index(text)
    count = len(session.mentions)
    with pytest.raises(FieldError, match=message) as caught:
        session.add(start, start + len(text), label, fields)
    assert caught.value.field == field
    assert len(session.mentions) == count


def test_an_added_mention_is_corrected_deleted_and_brought_back(
    start: Callable[..., ReviewSession],
) -> None:
    session = start()
    at = TEXT.index("技术人员")
    (name,) = session.add(at, at + 4, "HONOUR")
    session.save()
    session.correct(name, {"label": "PROGRAM"})
    assert session.mention(name).verdict == "added"
    session.save()
    (review,) = read_reviews(reviews_path(session.out, DOC_ID))
    assert review.corrected is not None
    assert review.corrected["label"] == "PROGRAM"
    session.judge(name, "wrong")
    assert not session.is_shown(session.mention(name))
    session.save()
    assert read_reviews(reviews_path(session.out, DOC_ID)) == []
    session.undo()
    assert session.mention(name).record.text == "技术人员"
    session.save()
    assert [one.text for one in read_annotation(session.out, DOC_ID).entities].count(
        "技术人员"
    ) == 1


def test_a_place_is_free_once_its_number_is_deleted(session: ReviewSession) -> None:
    old = named(session, "15家")
    session.delete(old.id)
    at = TEXT.index("企业15家")
    (new,) = session.add(at, at + 5, "COUNT", {"value": "15", "unit": "家"})
    with pytest.raises(FieldError, match="企业15家"):
        session.judge(old.id, "correct")
    with pytest.raises(FieldError, match="企业15家"):
        session.judge(old.id, None)
    session.delete(new)
    assert session.judge(old.id, "correct") == [old.id]
    assert old.stands


def test_what_was_struck_out_and_is_added_again_is_the_record_of_the_run(
    session: ReviewSession,
) -> None:
    old = named(session, "15家")
    session.judge(old.id, "wrong")
    given = shown_fields(old.record)
    fields = {name: value for name, value in given.items() if name not in ("text", "label")}
    session.add(old.record.start, old.record.end, "COUNT", fields | {"noun": "企业"})
    assert (old.verdict, getattr(old.record, "noun", None)) == ("changed", "企业")


# -- undo -------------------------------------------------------------------------------------------


def state(session: ReviewSession) -> list[tuple[str, Any, Any]]:
    return [
        (one.id, one.review, msgspec.to_builtins(one.record))
        for one in session.mentions
        if session.is_shown(one)
    ]


def do(session: ReviewSession, move: int, index: int) -> None:
    """Make one of the edits on one of the mentions; one that cannot be changes nothing."""
    shown = [one for one in session.mentions if session.is_shown(one)]
    name = shown[index % len(shown)].id
    at = index * 7 % (len(TEXT) - 2)
    moves: list[Callable[[], object]] = [
        lambda: session.judge(name, "correct"),
        lambda: session.judge(name, "wrong"),
        lambda: session.judge(name, None),
        lambda: session.judge([one.id for one in shown[:3]], "doubtful"),
        lambda: session.correct(name, {"start": shown[index % len(shown)].record.start + 1}),
        lambda: session.note(name, f"意见{index}"),
        lambda: session.delete(name),
        lambda: session.add(at, at + 2, "HONOUR"),
        lambda: session.add(at, at + 1, "COUNT", {"value": "1", "unit": "个"}),
    ]
    try:
        moves[move]()
    except RecordError:
        return


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 60)), max_size=25), st.integers(0, 25))
def test_undo_and_redo_lead_through_the_same_states(
    annotation: Annotation, tmp_path_factory: pytest.TempPathFactory, moves: list[Any], saved: int
) -> None:
    out = tmp_path_factory.mktemp("reviewed")
    session = ReviewSession(annotation, out, reviewer="李", indicators=NAMES)
    states = [state(session)]
    for number, (move, index) in enumerate(moves):
        before = session.can_undo
        do(session, move, index)
        if session.can_undo > before:
            states.append(state(session))
        if number == saved:
            session.save()
    for expected in reversed(states[:-1]):
        assert session.undo()
        assert state(session) == expected
    assert session.undo() == []
    for expected in states[1:]:
        assert session.redo()
        assert state(session) == expected
    assert session.redo() == []
    # What is saved is what is there, in a file that keeps the rules of the format.
    session.save()
    again = ReviewSession(annotation, out, reviewer="王", indicators=NAMES)
    assert {(one.record, one.key, one.verdict) for one in again.decisions} == {
        (one.record, one.key, one.verdict) for one in session.decisions
    }
    assert again.unfit == []
    checked = validate_file(annotation_path(out, DOC_ID), text_path(out, DOC_ID))
    assert [str(one) for one in checked.problems] == []


def test_a_new_edit_ends_what_could_be_redone(session: ReviewSession) -> None:
    session.judge("q1", "correct")
    session.undo()
    session.judge("q1", "wrong")
    assert (session.can_undo, session.can_redo) == (1, 0)


# -- files ------------------------------------------------------------------------------------------


def test_saved_is_what_was_decided(start: Callable[..., ReviewSession]) -> None:
    session = start()
    right, wrong, fixed = (named(session, one) for one in ("15家", "30.6%", "200万元"))
    session.judge(right.id, "correct")
    session.judge(wrong.id, "wrong")
    session.correct(fixed.id, {"value": "201万"})
    assert session.unsaved
    done = session.save()
    assert not session.unsaved
    assert dict(done.decisions) == {"correct": 1, "wrong": 1, "changed": 1}
    assert (done.folder, done.unfit) == (session.out, [])
    written = read_annotation(session.out, DOC_ID)
    values = {one.text: one.value for one in written.quantities}
    assert "30.6%" not in values
    assert (values["15家"], values["200万元"]) == (15, 2_010_000)
    changed = next(one for one in written.quantities if one.text == "200万元")
    assert (changed.rule, changed.confidence) == ("review", None)
    problems = validate_file(
        annotation_path(session.out, DOC_ID), text_path(session.out, DOC_ID)
    ).problems
    assert problems == []


def test_a_review_goes_on_where_it_was_left(start: Callable[..., ReviewSession]) -> None:
    first = start()
    first.judge("q1", "correct")
    at = TEXT.index("技术人员")
    (added,) = first.add(at, at + 4, "HONOUR", note="看")
    first.save()
    second = start(reviewer="王")
    assert {one.verdict for one in second.mentions} == {None, "correct", "added"}
    assert not second.unsaved
    second.judge("q1", "wrong")
    second.save()
    lines = read_reviews(reviews_path(second.out, DOC_ID))
    of_q1 = [one for one in lines if one.key == first.mention("q1").record.key]
    assert [(one.verdict, one.reviewer) for one in of_q1] == [("correct", "李"), ("wrong", "王")]
    third = start()
    assert third.mention("q1").verdict == "wrong"
    third.undo()
    third.judge("q1", None)
    third.delete(next(one.id for one in third.mentions if one.given is None))
    third.save()
    assert read_reviews(reviews_path(third.out, DOC_ID)) == []
    assert [one.text for one in read_annotation(third.out, DOC_ID).quantities] == [
        one.text for one in third.annotation.quantities
    ]
    assert added == "n1"


def test_one_line_a_record_for_what_was_changed_and_undone(
    start: Callable[..., ReviewSession],
) -> None:
    session = start()
    session.judge("q1", "correct")
    session.save()
    session.judge("q1", "wrong")
    session.save()
    (review,) = read_reviews(reviews_path(session.out, DOC_ID))
    assert review.verdict == "wrong"
    session.undo()
    session.save()
    (review,) = read_reviews(reviews_path(session.out, DOC_ID))
    assert review.verdict == "correct"


def test_nobody_is_asked_for_at_the_first_save(start: Callable[..., ReviewSession]) -> None:
    session = start(reviewer=None)
    session.judge("q1", "correct")
    with pytest.raises(SettingsError, match=r"nobody says who reviewed.*reviewer="):
        session.save()
    assert not reviews_path(session.out, DOC_ID).exists()
    session.reviewer = "王"
    session.save()
    assert session.decisions[0].reviewer == "王"


def test_decisions_on_other_records_stay(start: Callable[..., ReviewSession]) -> None:
    session = start()
    fact = session.annotation.facts[0]
    key = next(one.key for one in session.annotation.quantities if one.id == fact.quantities[0])
    other = Review(
        document=DOC_ID, record="fact", verdict="wrong", reviewer="王", time="2025", key=key
    )
    path = reviews_path(session.out, DOC_ID)
    path.parent.mkdir(parents=True)
    path.write_bytes(msgspec.json.encode(other) + b"\n")
    session = start()
    session.judge("q1", "correct")
    session.save()
    assert read_reviews(path)[0] == other
    kept = [(one.indicator, one.measure) for one in read_annotation(session.out, DOC_ID).facts]
    assert kept
    assert (fact.indicator, fact.measure) not in kept


def test_annotations_without_keys_get_them(
    start: Callable[..., ReviewSession], annotation: Annotation
) -> None:
    bare = [
        msgspec.structs.replace(one, key=None) if hasattr(one, "key") else one
        for one in annotation.records
    ]
    session = start(Annotation(annotation.document, annotation.text, bare))
    session.judge("q1", "correct")
    assert session.decisions[0].key == annotation.quantities[0].key


def test_decisions_are_carried_to_a_newer_run(
    start: Callable[..., ReviewSession], annotation: Annotation, tmp_path: Path
) -> None:
    session = start()
    for text, verdict in (("15家", "correct"), ("30.6%", "wrong"), ("185.08万元", "correct")):
        session.judge(named(session, text).id, verdict)  # type: ignore[arg-type]
    session.correct(named(session, "200万元").id, {"value": "201万"})
    session.correct(named(session, "385.08万元").id, {"noun": "支出", "unit": "USD"})
    at = TEXT.index("技术人员")
    session.add(at, at + 4, "HONOUR")
    session.save()
    # The newer run reads one number otherwise, and another is gone.
    newer = [
        msgspec.structs.replace(one, unit="万家") if getattr(one, "text", "") == "15家" else one
        for one in annotation.records
        if getattr(one, "text", "") != "385.08万元"
    ]
    run = tmp_path / "run"
    put(run, Annotation(annotation.document, TEXT, newer))
    out = tmp_path / "carried"
    done = import_files([session.out], "reviews", out, onto=run)
    unfit = {(review.verdict, (review.given or {})["text"]) for review, _ in done.unfit}
    assert unfit == {("correct", "15家"), ("changed", "385.08万元")}
    texts = {one.text: one for one in read_annotation(out, DOC_ID).quantities}
    assert "30.6%" not in texts
    assert texts["200万元"].value == 2_010_000
    assert "技术人员" in {one.text for one in read_annotation(out, DOC_ID).entities}
    # The widget on the newer run shows the same.
    again = start(read_annotation(run, DOC_ID))
    assert {(review.verdict, (review.given or {})["text"]) for review, _ in again.unfit} == unfit
    assert named(again, "185.08万元").verdict == "correct"
    assert named(again, "15家").verdict is None


def test_all_decisions_fit_the_annotation_they_were_made_on(session: ReviewSession) -> None:
    for number, mention in enumerate(session.mentions):
        session.judge(mention.id, ("correct", "wrong", "doubtful")[number % 3])  # type: ignore[arg-type]
    assert apply_reviews(session.annotation, latest(session.decisions)).unfit == []


# -- the desk ---------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path: Path, annotation: Annotation) -> Path:
    folder = tmp_path / "run"
    for doc_id in ("a", "b"):
        document = msgspec.structs.replace(annotation.document, doc_id=doc_id)
        records = [document, *annotation.records[1:]]
        facts = [msgspec.structs.replace(one, document=doc_id) for one in annotation.facts]
        others = [one for one in records if one not in annotation.facts]
        put(folder, Annotation(document, TEXT, [*others, *facts]))
    return folder


def test_the_documents_of_a_run_keep_their_edits_and_are_saved_together(run: Path) -> None:
    desk = ReviewDesk(run, reviewer="李")
    assert (desk.doc_ids, desk.out) == (["a", "b"], run.with_name("run-reviewed"))
    desk.current.judge("q1", "correct")
    desk.open("b").judge("q2", "wrong")
    assert desk.open("a").mention("q1").verdict == "correct"
    done = desk.save()
    assert dict(done.decisions) == {"correct": 1, "wrong": 1}
    assert not desk.unsaved
    assert [ReviewDesk(run).decided(one) for one in ("a", "b")] == [1, 1]


def test_sources_are_runs_files_reports_and_annotations(
    run: Path, annotation: Annotation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ReviewDesk(str(run / "annotations" / "b.jsonl")).current.document.doc_id == "b"
    monkeypatch.chdir(tmp_path)
    report = tmp_path / "报告.txt"
    report.write_text(TEXT, encoding="utf-8")
    desk = ReviewDesk(report)
    assert (desk.doc_ids, desk.out) == (["报告"], Path("annotations-reviewed"))
    assert len(desk.current.mentions) == len(ReviewDesk(annotation).current.mentions)
    with pytest.raises(SettingsError, match="no document 'c'"):
        ReviewDesk(run).open("c")


def test_places_that_are_none_are_named(run: Path, tmp_path: Path, annotation: Annotation) -> None:
    with pytest.raises(SettingsError, match="does not exist; expected the folder of a run"):
        ReviewDesk("收入385.08万元。")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SettingsError, match=r"no annotations in .*jixiao annotate --out"):
        ReviewDesk(tmp_path / "empty")
    with pytest.raises(SettingsError, match="is what is reviewed; choose another folder"):
        ReviewDesk(run, run)
    (tmp_path / "done").mkdir()
    (tmp_path / "done" / "run.json").write_text("{}")
    with pytest.raises(OutputError, match="the next run would write over"):
        ReviewDesk(annotation, tmp_path / "done")


def test_opening_and_saving_grow_with_the_report(
    assert_linear: Callable[[Callable[[int], Callable[[], object]], int], None],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    def prepare(size: int) -> Callable[[], object]:
        found = annotate_text("新建学校3所，新增学位1080个。\n" * size, doc_id=DOC_ID)

        def review() -> None:
            out = tmp_path_factory.mktemp("linear")
            session = ReviewSession(found, out, reviewer="李", indicators=NAMES)
            session.judge([one.id for one in session.mentions], "correct")
            session.save()
            ReviewSession(found, out, indicators=NAMES)

        return review

    assert_linear(prepare, 100)
