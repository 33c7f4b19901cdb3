"""Speed of the layers and of the whole job, beside bare ``jieba.lcut`` in the same run.

``pytest tests/performance --benchmark-enable --benchmark-only`` times them; read the multiples in brackets,
not the seconds. In the ordinary test run every benchmark is executed once, smaller, and not timed. The
table of the README is printed by ``make bench``.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jixiao.batch.run import annotate_paths
from jixiao.documents import Report
from jixiao.numbers import find_quantities
from jixiao.pipeline import annotate_text, context_of

CORPUS = Path(__file__).parents[2] / "corpus"
REPORTS = os.environ.get("JIXIAO_REPORTS")
FOLDER = Path(REPORTS) / "corpus" if REPORTS else CORPUS


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.txt"))]


@pytest.fixture(scope="module")
def reports(texts: list[str]) -> list[Report]:
    """Reports that were read: the quantity layer starts from their blocks and grids."""
    read = [Report("text", text) for text in texts]
    for report in read:
        _ = (report.view, report.blocks, report.grids, report.outline, report.metadata)
    return read


@pytest.mark.benchmark(group="against jieba.lcut")
def test_jieba_alone(benchmark, texts):
    jieba = pytest.importorskip("jieba")
    jieba.setLogLevel(60)
    jieba.initialize()
    words = benchmark(lambda: [jieba.lcut(text) for text in texts])
    assert all(words)


@pytest.mark.benchmark(group="against jieba.lcut")
def test_quantities_alone(benchmark, reports):
    found = benchmark(lambda: [find_quantities(report) for report in reports])
    assert all(items for items, _ in found)


@pytest.mark.benchmark(group="against jieba.lcut")
def test_quantities_with_context(benchmark, reports):
    found = benchmark(lambda: [context_of(report) for report in reports])
    assert all(items for items, _, _ in found)


@pytest.mark.benchmark(group="against jieba.lcut")
def test_all_layers(benchmark, texts):
    annotations = benchmark(lambda: [annotate_text(text) for text in texts])
    assert all(annotation.facts for annotation in annotations)


def _copies(benchmark) -> int:
    return 1 if benchmark.disabled else 20


@pytest.mark.benchmark(group="whole job, 20 copies of every report")
def test_whole_job(benchmark, texts, tmp_path):
    copies = _copies(benchmark)
    folder = tmp_path / "reports"
    folder.mkdir()
    for copy in range(copies):
        for number, text in enumerate(texts):
            # A first line of its own makes every copy another text.
            path = folder / f"{number}-{copy}.txt"
            path.write_text(f"第{copy}份\n{text}", encoding="utf-8")
    runs = iter(range(1000))
    summary = benchmark(lambda: annotate_paths([folder], tmp_path / f"out{next(runs)}", workers=1))
    assert summary.counts["ok"] == copies * len(texts)


@pytest.mark.benchmark(group="whole job, 20 copies of every report")
def test_jieba_on_the_same_texts(benchmark, texts):
    jieba = pytest.importorskip("jieba")
    jieba.setLogLevel(60)
    jieba.initialize()
    copies = range(_copies(benchmark))
    words = benchmark(lambda: [jieba.lcut(f"第{n}份\n{t}") for n in copies for t in texts])
    assert all(words)
