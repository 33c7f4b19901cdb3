"""The page of a corpus in a real browser: search, open, select, filter; nothing of a report runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from jixiao.pipeline import annotate_text
from jixiao.views.page import PageWriter

REPORT = (
    "湄潭县科学技术局{year}年度部门整体支出绩效自评报告\n一、主要成效\n"
    "新认定高新技术企业{count}家。<script>document.title='run'</script>"
    "<img src=x onerror=\"document.title='run'\">获评全省先进县。\n"
    "二、支出\n支出合计385.08万元，其中：基本支出200万元，项目支出185.08万元。\n"
)


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    path = tmp_path / "report.html"
    with PageWriter(path, {}) as writer:
        for year, count in ((2020, 12), (2021, 15)):
            writer.add(annotate_text(REPORT.format(year=year, count=count), doc_id=f"r{year}"))
    page = browser.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(path.as_uri())
    yield page
    assert wrong == []
    assert page.title() == "绩效报告"
    page.close()


def test_a_fact_is_searched_and_leads_to_its_characters(page: Page) -> None:
    page.get_by_role("tab", name="检索事实").click()
    page.get_by_label("检索事实").fill("高新技术企业 2021")
    rows = page.locator("[data-view=search] tbody tr")
    rows.filter(has_text="15").first.click()
    chosen = page.locator(".text mark.on")
    chosen.first.wait_for()
    assert "15家" in chosen.all_text_contents()
    page.keyboard.press("Escape")
    assert page.get_by_role("tab", name="检索事实").is_visible()


def test_a_mark_leads_to_its_row_and_a_row_to_its_mark(page: Page) -> None:
    page.locator("tr[data-open]").filter(has_text="2020").click()
    page.locator(".text mark.q", has_text="385.08万元").click()
    assert "385.08" in page.locator(".pane.on tr.on").first.inner_text()
    page.get_by_role("tab", name="核对").click()
    page.locator(".check").first.click()
    marks = page.locator(".text mark.on").all_text_contents()
    assert {"200万元", "185.08万元", "385.08万元"} <= set(marks)


def test_rows_are_filtered_by_words_and_the_keyboard_moves(page: Page) -> None:
    page.locator("tr[data-open]").first.click()
    page.get_by_role("tab", name="数量").click()
    page.keyboard.press("/")
    page.keyboard.type("185")
    rows = page.locator(".pane.on tbody tr")
    assert [row.is_visible() for row in rows.all()].count(True) == 1
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.locator(".pane.on tr.on").count() == 1


def test_years_of_a_region_are_a_line(page: Page) -> None:
    page.get_by_role("tab", name="图表").click()
    figure = page.locator("figure", has_text="高新技术企业").first
    assert figure.locator("circle").count() == 2
