"""A check by hand: tasks through a real Label Studio, its API and its page, and back onto the run.

Label Studio needs an environment of its own, and the page a Chromium that playwright can start::

    python -m venv ls-env && ls-env/bin/pip install label-studio
    python tests/unit/exchange/label_studio_check.py ls-env/bin/label-studio

It starts the server on loopback with a scratch folder, makes a project of the interface that the export
writes, imports the tasks, looks which characters the page highlights, submits each task in the browser
as an annotator does, exports the project, and imports that onto the run: not one byte of the annotation
files may differ. The texts have a byte order mark, both kinds of line ends, tabs and characters beyond
the Basic Multilingual Plane. Seen with Label Studio 1.23.2: all highlighted, all the same.
"""

from __future__ import annotations

import http.cookiejar
import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

PORT = 8791
HOST = f"http://127.0.0.1:{PORT}"
USER, PASSWORD = "check@example.org", "loopback-only-1"
SPAN = ".htx-highlight"  # what the page marks; of nested spans the outer holds the inner
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

TEXTS = {
    "甲县__报告 ①": (
        "\ufeff甲县科技局2021年度部门整体支出绩效自评报告\r\n\r\n一、主要成效\r\n全年新建学校3所😀，"
        "𠮷培训教师1200余人，同比增长12.5%；获评省级“文明单位”。完成投资9.85\n亿元，"
        "其中财政资金3000万元。\r\n居全省第二。\r\n"
    ),
    "乙": "2022年，乙市\t新增就业3.2万人，  增长4.5%。\n\n乙市财政局安排专项资金385.08万元，执行率98.7%。\n",
}


class Server:
    """A Label Studio on loopback, and a session with it."""

    def __init__(self, command: str, folder: Path) -> None:
        options = ["--no-browser", "--data-dir", str(folder), "--port", str(PORT)]
        options += ["--internal-host", "127.0.0.1", "--username", USER, "--password", PASSWORD]
        self._log = (folder / "server.log").open("w")
        self._process = subprocess.Popen(
            [command, "start", *options], stdout=self._log, stderr=subprocess.STDOUT
        )
        self.cookies = http.cookiejar.CookieJar()
        handler = urllib.request.HTTPCookieProcessor(self.cookies)
        self._opener = urllib.request.build_opener(handler)

    def __enter__(self) -> Server:
        begun = time.monotonic()
        while time.monotonic() - begun < 180:
            try:
                self._opener.open(f"{HOST}/health", timeout=5).read()
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(1)
            else:
                print(f"server up after {time.monotonic() - begun:.0f} s")
                self._log_in()
                return self
        raise SystemExit("Label Studio did not start")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)
        self._log.close()

    def _log_in(self) -> None:
        self._opener.open(f"{HOST}/user/login").read()
        form = {"email": USER, "password": PASSWORD, "csrfmiddlewaretoken": self._csrf()}
        request = urllib.request.Request(
            f"{HOST}/user/login", urllib.parse.urlencode(form).encode(), {"Referer": HOST}
        )
        self._opener.open(request).read()

    def _csrf(self) -> str:
        return next(str(one.value) for one in self.cookies if one.name == "csrftoken")

    def call(self, method: str, path: str, body: object = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Referer": HOST}
        headers["X-CSRFToken"] = self._csrf()
        request = urllib.request.Request(HOST + path, content, headers, method=method)
        try:
            return json.load(self._opener.open(request))
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{method} {path}: {error.code} {error.read()[:2000]!r}") from error


def submit_in_browser(server: Server, project: int, expected: dict[int, list[str]]) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1500, "height": 1000})
        context.add_cookies(
            [{"name": one.name, "value": str(one.value), "url": HOST} for one in server.cookies]
        )
        page = context.new_page()
        for task in expected:
            page.goto(f"{HOST}/projects/{project}/data?task={task}")
            page.wait_for_selector(SPAN, timeout=60_000)
            shown = {"".join(one.split()) for one in page.locator(SPAN).all_text_contents()}
            missing = [one for one in expected[task] if "".join(one.split()) not in shown]
            print(f"task {task}: {len(shown)} texts highlighted, missing: {missing}")
            page.screenshot(path=str(Path(tempfile.gettempdir()) / f"label-studio-{task}.png"))
            with page.expect_response(
                lambda answer: "/annotations" in answer.url and answer.request.method == "POST"
            ) as answer:
                page.get_by_role("button", name="Submit").first.click()
            print(f"task {task} submitted in the browser: {answer.value.status}")
        browser.close()


def main(command: str) -> None:
    from jixiao.documents import Report
    from jixiao.exchange import export_folder, import_files
    from jixiao.pipeline import annotate_report
    from jixiao.records import encode_line
    from jixiao.stores.annotations import annotation_path, write_annotation

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        run, data = folder / "run", folder / "data"
        data.mkdir()
        texts: dict[str, list[str]] = {}
        for doc_id, text in TEXTS.items():
            found = annotate_report(Report(doc_id, text))
            texts[doc_id] = [one.text for one in (*found.quantities, *found.entities)]
            write_annotation(run, doc_id, text, [encode_line(one) for one in found.records])
        tasks_file = folder / "tasks.json"
        export_folder(run, "labelstudio", tasks_file)
        config = tasks_file.with_suffix(".config.xml").read_text("utf-8")
        with Server(command, data) as server:
            print("Label Studio", server.call("GET", "/api/version")["release"])
            created = server.call(
                "POST", "/api/projects", {"title": "绩效报告核对", "label_config": config}
            )
            project = created["id"]
            tasks = json.loads(tasks_file.read_text("utf-8"))
            print("imported:", server.call("POST", f"/api/projects/{project}/import", tasks))
            listed = server.call("GET", f"/api/tasks?project={project}&fields=all")["tasks"]
            expected = {one["id"]: texts[one["data"]["doc_id"]] for one in listed}
            submit_in_browser(server, project, expected)
            path = f"/api/projects/{project}/export?exportType=JSON&download_all_tasks=true"
            exported = server.call("GET", path)
        back = folder / "project.json"
        back.write_text(json.dumps(exported, ensure_ascii=False), "utf-8")
        report = import_files([back], "labelstudio", folder / "reviewed", onto=run)
        print(json.dumps(report.to_dict(), ensure_ascii=False, indent=1))
        for doc_id in TEXTS:
            before = annotation_path(run, doc_id).read_bytes()
            after = annotation_path(folder / "reviewed", doc_id).read_bytes()
            print(doc_id, "the same" if before == after else "DIFFERENT")
            if before != after:
                Path(tempfile.gettempdir(), "label-studio-export.json").write_bytes(
                    back.read_bytes()
                )


if __name__ == "__main__":
    main(sys.argv[1])
