"""The review widget in a real notebook: JupyterLab on the loopback, a kernel, a browser, a file."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

nbformat = pytest.importorskip("nbformat")
for needed in ("anywidget", "jupyterlab", "ipykernel"):
    pytest.importorskip(needed)

from jixiao.exchange.reviews import read_reviews, reviews_path  # noqa: E402
from jixiao.stores.annotations import read_annotation  # noqa: E402

WAIT = 240  # seconds that a busy machine may take for a kernel

CODE = (
    "import jixiao\n"
    "found = jixiao.annotate('全年新建学校3所，新增学位1080个，投入资金385.08万元。')\n"
    "jixiao.review(found, 'reviewed', reviewer='李', height=560)"
)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """Start JupyterLab in a folder of its own; return the address of its notebook."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "python3"}
    nbformat.write(notebook, tmp_path / "review.ipynb")
    port, token = free_port(), secrets.token_hex(16)
    own = {
        name: str(tmp_path / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")
    }
    own |= {
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
    }
    own |= {
        "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "lab"),
        "JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "ws"),
    }
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--ip=127.0.0.1",
        f"--port={port}",
    ]
    command += ["--ServerApp.port_retries=0", f"--IdentityProvider.token={token}", "--allow-root"]
    command += [
        f"--ServerApp.root_dir={tmp_path}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    with (tmp_path / "server.log").open("w") as log:
        server = subprocess.Popen(
            command, cwd=tmp_path, env={**os.environ, **own}, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/api?token={token}", server, tmp_path / "server.log")
            yield f"http://127.0.0.1:{port}/doc/tree/review.ipynb?token={token}"
        finally:
            server.terminate()
            server.wait(60)


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + WAIT
    while True:
        try:
            with urllib.request.urlopen(address):
                return
        except (urllib.error.URLError, OSError):
            if server.poll() is not None or time.monotonic() > end:
                raise AssertionError(log.read_text()) from None
            time.sleep(0.5)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    yield page
    page.close()


def go_to(page: Page, words: str) -> None:
    """Move down to a mention."""
    for _ in range(6):
        if page.locator(".jx-detail .jx-top .jx-what").inner_text() == words:
            return
        page.keyboard.press("j")
    raise AssertionError(f"{words} is not found")


def test_a_mention_is_reviewed_by_keyboard_in_jupyterlab(
    lab: str, page: Page, tmp_path: Path
) -> None:
    page.goto(lab, timeout=WAIT * 1000)
    cell = page.locator(".jp-CodeCell .cm-content").first
    cell.wait_for(timeout=WAIT * 1000)
    end = time.monotonic() + WAIT
    while page.locator(".jx-row").count() == 0 and time.monotonic() < end:
        # What is run before the kernel is there is not run.
        if "*" not in page.locator(".jp-InputPrompt").first.inner_text():
            cell.click()
            page.keyboard.press("Control+Enter")
        page.wait_for_timeout(5000)
    page.locator(".jx-list").focus()
    # Keys that mean something to a notebook: j k move, a b add cells, x cuts, d d deletes, z undoes.
    page.keyboard.press("/")
    page.keyboard.type("3所")
    page.keyboard.press("Enter")
    page.keyboard.press("f")
    go_to(page, "3所")
    page.keyboard.press("a")
    expect(page.locator(".jx-row.correct")).to_have_count(1)
    go_to(page, "1080个")
    page.keyboard.press("x")
    expect(page.locator(".jx-row.wrong")).to_have_count(1)
    go_to(page, "385.08万元")
    page.keyboard.press("e")
    page.locator(".jx-form [data-field=value]").fill("385.8万")
    page.keyboard.press("Enter")
    expect(page.locator(".jx-row.changed")).to_have_count(1)
    page.keyboard.press("d")
    page.keyboard.press("u")
    expect(page.locator(".jx-row.changed")).to_have_count(1)
    assert page.locator(".jp-Cell").count() == 1
    page.keyboard.press("s")
    expect(page.locator(".jx-say")).to_contain_text("已存入 reviewed")
    out = tmp_path / "reviewed"
    found = {(one.given or {})["text"]: one for one in read_reviews(reviews_path(out, "text"))}
    assert {text: one.verdict for text, one in found.items()} == {
        "3所": "correct",
        "1080个": "wrong",
        "385.08万元": "changed",
    }
    assert {one.reviewer for one in found.values()} == {"李"}
    values = {one.text: str(one.value) for one in read_annotation(out, "text").quantities}
    assert values == {"3所": "3", "385.08万元": "3858000"}
