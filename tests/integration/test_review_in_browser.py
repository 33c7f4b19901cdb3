"""The review widget in a real browser: keys, forms, errors, hostile text, thousands of mentions.

A page with a model made here stands for the notebook; what it sends is answered by the same code as in
a kernel. That the widget works in a notebook is shown in ``test_review_in_jupyter.py``.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytest.importorskip("anywidget")

from jixiao.annotation import Annotation
from jixiao.exchange.marks import text_digest
from jixiao.exchange.reviews import read_reviews, reviews_path
from jixiao.pipeline import annotate_text
from jixiao.records import Candidate, Document, Quantity, span_key
from jixiao.stores.annotations import read_annotation
from jixiao.widget import ReviewDesk
from jixiao.widget.talk import Talk
from jixiao.widget.view import front_end

REPORT = (
    "湄潭县科学技术局2021年度部门整体支出绩效自评报告\n一、主要成效\n"
    "全年新认定高新技术企业15家，同比增长30.6%，获评全省先进县😀。"
    "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">\n"
    "培训技术人员若干，兑付补助资金贰佰。\n"
    "二、支出\n支出合计385.08万元，其中：基本支出200万元，项目支出185.08万元。\n"
    "\t项目\n\t金额（万元）\n\n\t<b>供水</b>\n\t200\n\n\t排水\n\t185.08\n\n"
)

HARNESS = """<!doctype html><html><head><meta charset=utf-8><style>%s</style></head>
<body style="margin:8px;background:var(--jx,#fff)"><div id=cell></div><script type=module>
%s
const hearers = [];
const bytes = (text) => new DataView(Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer);
window.tell = (reply, packed) => { for (const hear of hearers) hear(reply, packed ? [bytes(packed)] : []); };
const model = {
  get: () => 680,
  on: (name, hear) => { if (name === "msg:custom") hearers.push(hear); },
  off: () => {},
  send: async (message) => window.tell(...JSON.parse(await window.answer(JSON.stringify(message)))),
};
widget.render({ model, el: document.getElementById("cell") });
</script></body></html>"""


def open_desk(page: Page, desk: ReviewDesk) -> None:
    """Show a desk in a page, as a notebook does."""
    talk = Talk(desk)

    def answer(message: str) -> str:
        reply, packed = talk.answer(json.loads(message))
        return json.dumps([reply, base64.b64encode(packed).decode() if packed else None])

    page.expose_function("answer", answer)
    script = front_end("review.js").replace("export default", "const widget =")
    page.set_content(HARNESS % (front_end("review.css"), script.replace("</script", "<\\/script")))
    page.locator(".jx-row").first.wait_for()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "reviewed"


@pytest.fixture
def desk(out: Path) -> ReviewDesk:
    return ReviewDesk(annotate_text(REPORT, doc_id="甲"), out, reviewer="李")


@pytest.fixture
def page(browser: Browser, desk: ReviewDesk) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1300, "height": 760})
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    open_desk(page, desk)
    page.locator(".jx-list").focus()
    yield page
    assert wrong == []
    assert page.title() == ""  # nothing of the report ran
    page.close()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def current(page: Page) -> str:
    return page.locator(".jx-detail .jx-top .jx-what").inner_text()


def go_to(page: Page, words: str) -> None:
    """Go to the first mention that a search finds, and drop the search."""
    press(page, "/")
    page.keyboard.type(words)
    press(page, "Enter", "f")
    for _ in range(4):  # a claim around a number begins before it
        if current(page) == words:
            return
        press(page, "j")
    raise AssertionError(f"{words} is not found")


def test_the_text_is_all_there_and_marked_as_on_the_page(page: Page, desk: ReviewDesk) -> None:
    for mention in desk.current.mentions:
        marks = page.locator(".jx-text mark").evaluate_all(
            "(all, id) => all.filter((one) => one.ids.includes(id)).map((one) => one.textContent)",
            mention.id,
        )
        assert "".join(marks).split() == mention.record.text.split()
    words = page.locator(".jx-text").inner_text()
    assert "<script>document.title='run'</script><img src=x onerror=" in words
    assert "<b>供水</b>" in words
    assert page.locator(".jx-text :is(script, img, b)").count() == 0
    assert page.locator(".jx-text td").count() == 6
    colour = page.locator(".jx-text mark.MONEY:not(.on)").first.evaluate(
        "(one) => getComputedStyle(one).backgroundColor"
    )
    assert colour == "rgb(255, 240, 194)"  # --money of the page


def test_a_mention_is_reviewed_by_keyboard_and_saved(
    page: Page, desk: ReviewDesk, out: Path
) -> None:
    press(page, "Home")
    first = current(page)
    press(page, "j", "j", "k", "k")
    assert current(page) == first
    press(page, "a")
    assert current(page) != first
    expect(page.locator(".jx-row.correct")).to_have_count(1)
    go_to(page, "30.6%")
    press(page, "x")
    go_to(page, "185.08万元")
    press(page, "q")
    expect(page.locator(".jx-row.doubtful")).to_have_count(1)
    expect(page.locator("mark.q-gone")).to_have_text("30.6%")
    press(page, "s")
    expect(page.locator(".jx-say")).to_contain_text("已存入")
    found = {one.verdict: one for one in read_reviews(reviews_path(out, "甲"))}
    assert set(found) == {"correct", "wrong", "doubtful"}
    assert {one.reviewer for one in found.values()} == {"李"}
    assert "30.6%" not in [one.text for one in read_annotation(out, "甲").quantities]
    assert not desk.unsaved


def test_a_field_is_corrected_and_an_error_is_shown_at_it(page: Page, desk: ReviewDesk) -> None:
    go_to(page, "15家")
    press(page, "e")
    value = form(page, "数值")
    expect(value).to_be_focused()
    value.fill("十二a")
    press(page, "Enter")
    expect(page.get_by_role("alert")).to_contain_text("RecordError: 数值 (value): not a numeral")
    expect(value).to_have_attribute("aria-invalid", "true")
    expect(value).to_be_focused()
    value.fill("十六")
    form(page, "期间").fill("2020")
    press(page, "Enter")
    expect(page.locator(".jx-verdict")).to_contain_text("已改")
    assert [one.inner_text() for one in page.locator("dd.jx-new del").all()] == ["15", "2021"]
    mention = next(one for one in desk.current.mentions if one.verdict == "changed")
    assert (str(getattr(mention.record, "value", "")), getattr(mention.record, "period", "")) == (
        "16",
        "2020",
    )
    press(page, "u")
    expect(page.locator(".jx-verdict")).to_contain_text("未看")
    press(page, "U")
    expect(page.locator(".jx-verdict")).to_contain_text("已改")
    press(page, "e")
    form(page, "数值").fill("9")
    press(page, "Escape")
    assert str(getattr(mention.record, "value", "")) == "16"
    expect(page.locator(".jx-list")).to_be_focused()


def test_a_span_is_moved_in_the_text(page: Page) -> None:
    go_to(page, "15家")
    press(page, "e")
    form(page, "原文").fill("企业15家")
    press(page, "Enter")
    expect(page.locator(".jx-verdict")).to_contain_text("已改")
    marks = page.locator(".jx-text mark.q-changed").all_text_contents()
    assert "".join(marks) == "企业15家"


def form(page: Page, title: str) -> Locator:
    """Return the control of a field."""
    return page.locator(".jx-form").get_by_label(title, exact=True)


def select(page: Page, words: str) -> None:
    """Select words of the text as a mouse does."""
    page.evaluate(
        """(words) => {
          const walker = document.createTreeWalker(document.querySelector(".jx-text"), NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = node.data.indexOf(words);
            if (at >= 0) { getSelection().setBaseAndExtent(node, at, node, at + words.length); return; }
          }
        }""",
        words,
    )


def test_a_selected_mention_is_added_with_what_is_read_in_it(page: Page, desk: ReviewDesk) -> None:
    select(page, "技术人员")
    press(page, "n")
    expect(page.locator(".jx-form")).to_contain_text("「技术人员」")
    form(page, "类别").select_option("HONOUR")
    expect(form(page, "类别")).to_have_value("HONOUR")
    page.locator(".jx-go").click()
    expect(page.locator(".jx-verdict")).to_contain_text("新增")
    expect(page.locator("mark.e-added")).to_have_text("技术人员")
    (mention,) = [one for one in desk.current.mentions if one.verdict == "added"]
    raw = desk.current.annotation.text
    assert raw[mention.record.start : mention.record.end] == "技术人员"
    press(page, "d")
    expect(page.locator("mark.e-added")).to_have_count(0)
    press(page, "u")
    expect(page.locator("mark.e-added")).to_have_count(1)


def test_a_mention_is_added_without_a_mouse(page: Page, desk: ReviewDesk) -> None:
    press(page, "n")
    page.get_by_label("要标的字").fill("贰佰")
    expect(page.locator(".jx-form")).to_contain_text("第 1 / 1 处")
    press(page, "Enter")
    form(page, "类别").select_option("MONEY")
    form(page, "数值").fill("贰佰")
    press(page, "Enter")
    expect(page.get_by_role("alert")).to_contain_text("单位 (unit)")
    form(page, "单位").fill("CNY")
    press(page, "Enter")
    expect(page.locator("mark.q-added")).to_have_text("贰佰")
    (mention,) = [one for one in desk.current.mentions if one.verdict == "added"]
    assert str(getattr(mention.record, "value", "")) == "200"


def test_filters_and_search(page: Page) -> None:
    def rows() -> list[str]:
        return page.locator(".jx-row .jx-first mark").all_inner_texts()

    def count() -> int:
        return int(page.locator(".jx-row").first.get_attribute("aria-setsize") or 0)

    every = count()
    page.get_by_role("radio", name="名称").click()
    assert 0 < count() < every
    assert page.locator(".jx-text mark.q:not(.on)").count() == 0  # the others are not marked
    page.get_by_role("radio", name="全部").click()
    page.get_by_label("类别").select_option("PERCENT")
    assert rows() == ["30.6%"]
    page.get_by_label("类别").select_option("")
    page.get_by_label("按指标筛选").fill("高新技术企业")
    assert set(rows()) == {"15家", "30.6%"}
    page.get_by_label("按指标筛选").fill("")
    page.get_by_label("置信度不高于").fill("0.05")
    assert rows() == []
    page.locator(".jx-list").focus()
    press(page, "f")
    assert count() == every
    press(page, "End", "f")
    assert page.locator(".jx-row.on").is_visible()  # the list follows
    press(page, "Home", "a")
    page.get_by_label("结论").select_option("correct")
    assert len(rows()) == 1
    page.get_by_label("结论").select_option("open")
    assert count() == every - 1


def test_an_indicator_is_chosen_among_the_candidates(browser: Browser, out: Path) -> None:
    found = annotate_text(REPORT, doc_id="甲")
    found.quantities[0].candidates = [  # the first is 15家
        Candidate("high_tech_enterprises", 0.6),
        Candidate("revenue_total", 0.3),
    ]
    desk = ReviewDesk(found, out, reviewer="李")
    page = browser.new_page()
    open_desk(page, desk)
    page.locator(".jx-list").focus()
    go_to(page, "15家")
    assert page.locator(".jx-cand").count() == 3
    press(page, "2")
    expect(page.locator(".jx-cand.on")).to_contain_text("本年收入合计")
    assert found.quantities[0].indicator == "high_tech_enterprises"
    press(page, "0")
    expect(page.locator(".jx-cand.on")).to_contain_text("不归任何指标")
    press(page, "u", "u")
    expect(page.locator(".jx-verdict")).to_contain_text("未看")
    page.close()


def test_all_shown_are_right_in_one_step_after_a_question(page: Page, desk: ReviewDesk) -> None:
    page.get_by_role("radio", name="名称").click()
    page.locator(".jx-list").focus()
    press(page, "A")
    expect(page.get_by_role("dialog")).to_contain_text("未看的")
    press(page, "Escape")
    assert desk.current.decisions == []
    press(page, "A", "Enter")
    expect(page.locator(".jx-row.open")).to_have_count(0)
    assert {one.record for one in desk.current.decisions} == {"entity"}
    press(page, "u")
    expect(page.locator(".jx-row.correct")).to_have_count(0)


def test_help_remarks_and_who_reviews(page: Page, desk: ReviewDesk) -> None:
    press(page, "?")
    expect(page.get_by_role("dialog")).to_contain_text("撤销")
    press(page, "Escape", "c")
    page.get_by_role("textbox", name="意见").fill("再看<b>")
    press(page, "Enter")
    expect(page.locator(".jx-note")).to_have_text("再看<b>")
    page.get_by_label("复核人").fill("王")
    press(page, "Tab")
    page.locator(".jx-list").focus()
    press(page, "a")
    expect(page.locator(".jx-row.correct")).to_have_count(1)
    assert "王" in {one.reviewer for one in desk.current.decisions}


def test_nobody_signed_is_said(browser: Browser, out: Path) -> None:
    page = browser.new_page()
    open_desk(page, ReviewDesk(annotate_text(REPORT, doc_id="甲"), out))
    page.locator(".jx-list").focus()
    press(page, "a", "s")
    expect(page.locator(".jx-say.bad")).to_contain_text("SettingsError: nobody says who reviewed")
    page.close()


def test_what_code_decides_is_shown(page: Page, desk: ReviewDesk) -> None:
    changed = desk.current.judge("q1", "wrong")
    page.evaluate("(reply) => window.tell(reply)", Talk(desk).patch(changed))
    expect(page.locator(".jx-row.wrong")).to_have_count(1)


def test_roles_and_names_are_told(page: Page) -> None:
    press(page, "j")
    tree = page.locator(".jx-review").aria_snapshot()
    for told in (
        'listbox "提及"',
        'document "原文"',
        'toolbar "决定"',
        'radiogroup "种类"',
        "selected",
    ):
        assert told in tree
    active = page.locator(".jx-list").get_attribute("aria-activedescendant")
    assert page.locator(f'[id="{active}"]').get_attribute("aria-selected") == "true"
    unnamed = page.locator(".jx-review :is(button, input, select)").evaluate_all(
        "(all) => all.filter((one) => !(one.textContent.trim() || one.ariaLabel || one.labels?.length)).length"
    )
    assert unnamed == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_of_the_notebook_wins_over_the_system(
    browser: Browser, desk: ReviewDesk, theme: str
) -> None:
    other: Any = "light" if theme == "dark" else "dark"
    page = browser.new_page(color_scheme=other)
    open_desk(page, desk)
    dark = "() => document.querySelector('.jx-review').hasAttribute('data-dark')"
    assert page.evaluate(dark) is (other == "dark")
    page.evaluate(
        "(light) => { document.body.dataset.jpThemeLight = light; }", str(theme == "light").lower()
    )
    page.wait_for_function(f"({dark})() === {str(theme == 'dark').lower()}")
    page.close()


def many(count: int) -> Annotation:
    """Return an annotation with this many quantities, twenty to a paragraph."""
    sentence = "、".join(f"乡镇{number}家" for number in range(10, 30)) + "。"
    text = f"{sentence}\n" * (count // 20)
    digest = text_digest(text)
    records: list[Any] = [Document(doc_id="多", schema="1", text_sha256=digest)]
    start = 0
    for number in range(count):
        start = text.index("家", start) + 1
        place = start - 3, start
        key = span_key(digest, "quantity", "COUNT", *place)
        records.append(
            Quantity(
                id=f"q{number + 1}",
                start=place[0],
                end=place[1],
                text=text[slice(*place)],
                key=key,
                label="COUNT",
                unit="家",
                confidence=0.9,
            )
        )
    return Annotation(records[0], text, records)


def test_five_thousand_mentions_do_not_lag(browser: Browser, out: Path) -> None:
    """What a move costs does not grow with the number of mentions: counted, not timed."""
    watch = """() => {
      window.changed = 0;
      const seen = new MutationObserver((all) => {
        for (const one of all) window.changed += 1 + one.addedNodes.length;
      });
      const root = document.querySelector(".jx-review");
      seen.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
      window.text = document.querySelector(".jx-text").firstElementChild;
    }"""
    found: dict[int, tuple[int, int]] = {}
    for count in (200, 5000):
        page = browser.new_page(viewport={"width": 1300, "height": 760})
        open_desk(page, ReviewDesk(many(count), out / str(count), reviewer="李"))
        page.locator(".jx-list").focus()
        press(page, "Home")
        page.evaluate(watch)
        press(page, *"jjjjkjaxj")
        expect(page.locator(".jx-row.wrong")).to_have_count(1)
        changed = page.evaluate("() => window.changed")
        press(page, "A", "Enter")  # a large answer, and one right behind it
        press(page, "r")
        expect(page.locator(".jx-head")).to_contain_text(f"{count - 1} / {count}")
        press(page, "End")
        assert page.locator(".jx-row.on").get_attribute("aria-posinset") == str(count)
        assert page.evaluate("() => window.text.isConnected")  # the text was not drawn again
        nodes = page.locator(".jx-review *").count()
        found[count] = page.locator(".jx-row").count(), changed
        assert nodes < 900 + 1.1 * count
        page.close()
    assert found[5000][0] <= 40
    assert found[5000][1] < 2 * found[200][1]


def test_another_document_is_opened(browser: Browser, tmp_path: Path) -> None:
    from jixiao.records import encode_line
    from jixiao.stores.annotations import write_annotation

    for doc_id, text in (("甲", REPORT), ("乙<b>", "全年新建学校3所。\n")):
        found = annotate_text(text, doc_id=doc_id)
        write_annotation(
            tmp_path / "run", doc_id, text, [encode_line(one) for one in found.records]
        )
    desk = ReviewDesk(tmp_path / "run", reviewer="李")
    page = browser.new_page()
    open_desk(page, desk)
    page.locator(".jx-list").focus()
    first = page.locator(".jx-documents").input_value()
    press(page, "a", "]")
    expect(page.locator(".jx-documents")).not_to_have_value(first)
    press(page, "x", "[")
    expect(page.locator(".jx-row.correct")).to_have_count(1)
    press(page, "s")
    expect(page.locator(".jx-say")).to_contain_text("正确 1 · 错误 1")
    page.close()
