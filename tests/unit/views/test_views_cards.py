"""Claims as cards: everything a claim says once, and nothing of a report as code."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from html.parser import HTMLParser
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from jixiao.annotation import Annotation
from jixiao.pipeline import annotate_text
from jixiao.records import Claim, Document, Quantity, Record
from jixiao.views import cards as cards_module
from jixiao.views.cards import cards_of, claim_cards
from jixiao.views.terminal import card_lines, render_annotation, render_claims

HEAD = "湄潭县水务局2021年度部门整体支出绩效自评报告\n"
TOLD = "抄乐镇被省水利厅评为全省节水先进镇，新建水厂3座，用水户预计增长20%。"
REPORT = f"{HEAD}一、工作成效\n{TOLD}\n二、履职效果\n（一）供水。{TOLD}\n"


def shown(annotation: Annotation, width: int = 80, **options: Any) -> str:
    console = Console(file=io.StringIO(), width=width, **options)
    render_claims(annotation, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def annotation_of(*records: Record, text: str = "x" * 99, **fields: Any) -> Annotation:
    document = Document(doc_id="a", **fields)
    return Annotation(document, text, [document, *records])


class Parsed(HTMLParser):
    """The tags of a piece of HTML, all closed, and its text by class of card."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: set[str] = set()
        self.text: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_a_card_says_who_what_level_when_and_in_which_words() -> None:
    first, second, third = cards_of(annotate_text(REPORT))
    assert (first.kind, first.who, first.level, first.when) == (
        "荣誉认定",
        "抄乐镇",
        "省级",
        "2021",
    )
    assert (first.what, first.by) == ("全省节水先进镇", "省水利厅")
    assert first.quote == "抄乐镇被省水利厅评为全省节水先进镇"
    assert (second.kind, second.numbers, second.expected) == ("产出", "3座", False)
    assert (third.kind, third.expected) == ("增长", True)


def test_a_card_says_whom_it_means_and_which_place_among_whom() -> None:
    text = (
        "一、工作成效\n我局综合考核位列全市14个县区第二。建成全省首个零碳园区。未发生安全事故。\n"
    )
    ranked, first, kept = cards_of(annotate_text(f"湄潭县水务局2022年度绩效自评报告\n{text}"))
    assert (ranked.who, ranked.place) == ("我局（湄潭县水务局）", "全市14个县区第2")
    assert (first.who, first.place) == ("（湄潭县水务局）", "全省首个")
    assert kept.what == "无安全事故"


def test_a_claim_that_is_repeated_has_one_card() -> None:
    cards = cards_of(annotate_text(REPORT))
    assert [[claim.id for claim in card.again] for card in cards] == [["c4"], ["c5"], ["c6"]]


def test_what_a_reviewer_says_of_repeats_is_heeded() -> None:
    annotation = annotate_text(REPORT)
    claims = {claim.id: claim for claim in annotation.claims}
    claims["c4"].same_as = None
    claims["c5"].same_as = "c99"
    claims["c6"].same_as = "c4"
    claims["c1"].same_as = "c6"
    again = {card.claim.id: [one.id for one in card.again] for card in cards_of(annotation)}
    assert again == {"c1": [], "c2": [], "c3": [], "c4": ["c6"], "c5": []}


def test_cards_in_a_terminal() -> None:
    output = shown(annotate_text(REPORT))
    assert "3 achievements in 6 claims" in output
    assert "▎ 荣誉认定 · 省级 · 2021  c1" in output
    assert "▎ who      抄乐镇" in output
    assert "▎ by       省水利厅" in output
    assert "▎ numbers  3座" in output
    assert "▎ again    c4 in the same words" in output
    assert "forecast" in output


@pytest.mark.parametrize("width", [30, 80, 113, 140, 240])
def test_cards_fit_the_width(width: int) -> None:
    output = shown(annotate_text(REPORT), width)
    assert max(cell_len(line) for line in output.splitlines()) <= width
    beside = max(line.count("▎") for line in output.splitlines())
    assert beside == min(max(1, (width + 2) // 58), 3)


def test_a_card_is_cut_to_lines() -> None:
    claim = Claim(id="c1", start=0, end=9, text="长" * 300, kind="output", actor="名" * 90)
    (card,) = cards_of(annotation_of(claim))
    lines = card_lines(card, 40)
    assert max(line.cell_len for line in lines) <= 40
    assert sum(line.plain.count("长") for line in lines) == 300


def test_only_the_bar_and_the_kind_of_a_card_are_coloured() -> None:
    output = shown(annotate_text(REPORT), force_terminal=True, color_system="standard")
    assert "\x1b[33m▎ \x1b[0m\x1b[1;33m荣誉认定\x1b[0m" in output
    assert "\x1b" not in shown(annotate_text(REPORT))


def test_cards_stand_below_a_report_but_not_below_one_label() -> None:
    annotation = annotate_text(REPORT)
    for label, there in ((None, True), ("COUNT", False)):
        console = Console(file=io.StringIO(), width=80)
        render_annotation(annotation, console, str, label)
        output = console.file.getvalue()  # type: ignore[attr-defined]
        assert ("achievements" in output) is there
        assert ("PLACE 地名" in output) is there


def test_a_report_without_claims_says_so() -> None:
    assert "0 achievements" in shown(annotate_text("没有成果。"))
    page = claim_cards(annotate_text("没有成果。"))
    assert '<div class="jixiao-cards">' not in page


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><b>",
    "</div></div>",
    "&lt;script&gt;",
    "javascript:alert(1)' onclick='x",
    "\x1b[2J\x07\u202e\ud800\x9b31m",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_a_report_stay_words(text: str) -> None:
    number = Quantity(id="q1", start=0, end=1, text=text, label="COUNT", period=text)
    claims = [
        Claim(
            id=f"c{n}",
            start=n,
            end=n + 1,
            text=text + ("" if n == 1 else "。"),
            kind="recognition",
            actor=text,
            object="先进集体",
            level=text,
            awarded_by=text,
            quantities=["q1"],
            sentence=(n, n + 1),
        )
        for n in (1, 2)
    ]
    annotation = annotation_of(number, *claims, title=text, issuer=text, region=text, kind=text)
    page = Parsed(claim_cards(annotation))
    allowed = {"div", "style", "p", "b", "span", "dl", "dt", "dd", "blockquote"}
    assert set(page.tags) <= allowed
    assert page.open == []
    assert page.attributes == {"class", "lang"}
    visible = "".join(c for c in text if c.isprintable())
    assert any(visible in data for data in page.text)
    claim_cards(annotation).encode()
    output = shown(annotation)
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(output)


def test_markup_of_the_terminal_is_text() -> None:
    claim = Claim(id="c1", start=0, end=1, text="[bold]获奖[/bold]", kind="recognition")
    assert "[bold]获奖[/bold]" in shown(annotation_of(claim, title="[red]题[/red]"))
    assert "[red]题[/red]" in shown(annotation_of(claim, title="[red]题[/red]"))


def test_a_notebook_shows_the_cards() -> None:
    annotation = annotate_text(REPORT)
    page = annotation._repr_html_()
    assert page == claim_cards(annotation)
    text = "".join(Parsed(page).text)
    for part in ("湄潭县水务局", "2021年度", "成果 3", "荣誉认定", "省级", "抄乐镇", "又见 c4"):
        assert part in text
    assert Parsed(page).tags.count("blockquote") == 6


def test_a_page_has_no_colours_of_its_own() -> None:
    """It is as readable on a dark ground as on a light one: text has the colour around it."""
    style = "".join(claim_cards(annotate_text(REPORT)).partition("</style>")[0])
    assert "color:inherit" in style
    assert all(
        rule.startswith(("color:inherit", "border", "background:rgba"))
        for rule in style.replace("{", ";").replace("}", ";").split(";")
        if "color" in rule or "background" in rule
    )


def test_cards_beyond_the_most_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards_module, "MOST_CARDS", 2)
    page = claim_cards(annotate_text(REPORT))
    assert page.count('class="jixiao-card ') == 2
    assert "另有 1 项成果" in page


def test_an_annotation_loads_no_views_until_it_is_shown() -> None:
    code = (
        "import json, sys; import jixiao.annotation; "
        "print(json.dumps([name for name in sys.modules if name.startswith(('jixiao.v', 'rich'))]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert json.loads(done.stdout) == []
