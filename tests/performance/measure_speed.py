"""Speed of each layer and of the whole job beside ``jieba.lcut``; growth, cores, start-up, memory.

``make bench`` prints it as one table. Rates are characters for a second of processor time, the best
of some rounds in one process, over the reports of ``corpus/`` or of JIXIAO_REPORTS; read the
multiples of ``jieba.lcut``, not the rates. A growth exponent is the slope, in logarithms, of
processor time over size: 1 is in proportion.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import log
from pathlib import Path
from typing import Any

from watching import Run, watch

from jixiao import pipeline
from jixiao.batch.run import annotate_paths
from jixiao.documents import Report
from jixiao.generation.reports import generate_report
from jixiao.pipeline import annotate_text

REPORTS = os.environ.get("JIXIAO_REPORTS")
FOLDER = Path(REPORTS) / "corpus" if REPORTS else Path(__file__).parents[2] / "corpus"
COPIES = 8
COMMAND = "from jixiao.cli import main; main()"
LAYERS = {
    "quantities": (pipeline, "find_quantities"),
    "entities": (pipeline, "find_entities"),
    "context": (pipeline.ContextAssigner, "assign"),
    "claims": (pipeline, "find_claims"),
    "alignment": (pipeline.Aligner, "align"),
    "facts": (pipeline, "_facts"),
    "checks": (pipeline, "find_checks"),
}

Row = tuple[str, str, str]


def best(call: Callable[[], object], rounds: int) -> float:
    """Return the least processor time of some calls."""
    taken = []
    for _ in range(rounds):
        # What others left alive is not looked through again on this call's account.
        gc.collect()
        gc.freeze()
        started = time.process_time()
        call()
        taken.append(time.process_time() - started)
    return min(taken)


@contextmanager
def timed() -> Iterator[Counter[str]]:
    """Count the processor time of each layer inside the block."""
    spent: Counter[str] = Counter()
    plain = {name: getattr(*place) for name, place in LAYERS.items()}

    def counted(name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            started = time.process_time()
            try:
                return plain[name](*arguments, **options)
            finally:
                spent[name] += time.process_time() - started

        return call

    for name, (owner, attribute) in LAYERS.items():
        setattr(owner, attribute, counted(name))
    try:
        yield spent
    finally:
        for name, (owner, attribute) in LAYERS.items():
            setattr(owner, attribute, plain[name])


def read(text: str) -> Report:
    """Read a report up to what the layers start from."""
    report = Report("text", text)
    _ = (report.view, report.blocks, report.grids, report.outline, report.metadata)
    return report


def rates(texts: Sequence[str], rounds: int) -> Iterator[Row]:
    """Yield the rate of the tokenizer alone, of each layer, and of the whole job.

    Every round measures all of them, one after the other: how fast the machine is changes with what
    else runs on it, and only what was measured beside the tokenizer can be held against it.
    """
    import jieba

    jieba.setLogLevel(60)
    jieba.initialize()
    annotate_text(texts[0])
    least: dict[str, float] = {}

    def keep(name: str, seconds: float) -> None:
        least[name] = min(least.get(name, seconds), seconds)

    with tempfile.TemporaryDirectory() as folder:
        reports = copied(texts, Path(folder) / "reports")
        for _ in range(rounds):
            keep("`jieba.lcut`", best(lambda: [jieba.lcut(text) for text in texts], 1))
            keep("reading", best(lambda: [read(text) for text in texts], 1))
            with timed() as spent:
                for text in texts:
                    annotate_text(text)
            for name, seconds in spent.items():
                keep(name, seconds)
            keep("all layers", best(lambda: [annotate_text(text) for text in texts], 1))
            whole = best(lambda: job(reports, folder), 1)
            keep("the whole job, every output", whole / COPIES)
            few = best(lambda: job(reports, folder, workbook=False, page=False), 1)
            keep("without workbook and page", few / COPIES)
    characters = sum(map(len, texts))
    for name, seconds in least.items():
        multiple = f"{least['`jieba.lcut`'] / seconds:.2f} × jieba"
        yield name, f"{characters / seconds:,.0f} characters/s", multiple


def copied(texts: Sequence[str], folder: Path) -> Path:
    """Write copies of texts, each with a first line of its own, so that none is known already."""
    folder.mkdir()
    for copy in range(COPIES):
        for number, text in enumerate(texts):
            path = folder / f"{number}-{copy}.txt"
            path.write_text(f"第{copy}份\n{text}", encoding="utf-8")
    return folder


def job(reports: Path, folder: str, **options: Any) -> None:
    """Annotate a folder into another, in this process."""
    annotate_paths([reports], Path(folder) / "out", workers=1, **options)


def peers(texts: Sequence[str], rounds: int) -> Iterator[Row]:
    """Yield the rate of JioNLP's amounts, where it is installed (``make peers``)."""
    try:
        import jionlp
    except ImportError:
        yield "JioNLP, amounts alone", "not installed", "see `make peers`"
        return
    import jieba

    sentences = [line for text in texts for line in text.splitlines() if line]
    seconds = best(lambda: [jionlp.ner.extract_money(line) for line in sentences], rounds)
    base = best(lambda: [jieba.lcut(text) for text in texts], rounds)
    rate = f"{sum(map(len, texts)) / seconds:,.0f} characters/s"
    yield "JioNLP, amounts alone", rate, f"{base / seconds:.2f} × jieba"


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the slope of a line through points, in logarithms."""
    xs, ys = [log(x) for x, _ in points], [log(y) for _, y in points]
    middle = sum(xs) / len(xs), sum(ys) / len(ys)
    over = sum((x - middle[0]) * (y - middle[1]) for x, y in zip(xs, ys, strict=True))
    return over / sum((x - middle[0]) ** 2 for x in xs)


def growth_with_length(most_bytes: int) -> Iterator[Row]:
    """Yield how time grows with the length of one report."""
    pieces: list[str] = []
    points = []
    seed = byte_count = 0
    size = most_bytes // 64
    while size <= most_bytes:
        while byte_count < size:
            seed += 1
            pieces.append(generate_report(seed, 60)[0])
            byte_count += len(pieces[-1].encode())
        text = "\n".join(pieces)
        points.append((float(len(text)), best(lambda text=text: annotate_text(text), 1)))
        size *= 4
    rate = points[-1][0] / points[-1][1]
    told = f"{rate:,.0f} characters/s at {byte_count / 1e6:.1f} MB"
    yield "growth with the length of a report", told, f"exponent {slope(points):.2f}"


def growth_with_corpus(most: int, folder: Path) -> Iterator[Row]:
    """Yield how time and memory grow with the number of reports, one worker against two.

    The start of the command, which a run on one report takes, is left out of the growth.
    """
    start = annotated(written(folder / "start", 1), folder / "out", 1)
    points = []
    for count in (most // 16, most // 4, most):
        one = annotated(written(folder / f"reports{count}", count), folder / f"out{count}", 1)
        points.append((float(count), one.processor_seconds - start.processor_seconds))
    told = f"{one.seconds:,.0f} s for {most:,} short reports"
    yield "growth with the number of reports", told, f"exponent {slope(points):.2f}"
    two = annotated(folder / f"reports{most}", folder / "two", 2)
    ratio = (one.seconds - start.seconds) / (two.seconds - start.seconds)
    yield "two workers against one", f"{os.cpu_count()} processors", f"{ratio:.2f} × as fast"
    yield "two processes that share nothing", "what the machine gives", f"{ceiling():.2f} × as fast"
    megabytes = f"{two.worker_megabytes:,.0f} MB a worker"
    yield "memory", megabytes, f"{two.parent_megabytes:,.0f} MB the command"


ALONE = (
    "from jixiao.generation.reports import generate_report; from jixiao.pipeline import annotate_text\n"
    "for seed in range(300): annotate_text(generate_report(seed, 20)[0])"
)


def ceiling() -> float:
    """Return how much more two processes annotate in a time than one does.

    Two processors that are threads of one core are no two cores.
    """
    taken = []
    for count in (1, 2):
        started = time.monotonic()
        running = [subprocess.Popen([sys.executable, "-c", ALONE]) for _ in range(count)]
        for process in running:
            process.wait()
        taken.append(time.monotonic() - started)
    return 2 * taken[0] / taken[1]


def written(folder: Path, count: int) -> Path:
    """Write short generated reports."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        for seed in range(count):
            (folder / f"{seed}.txt").write_text(generate_report(seed, 10)[0], encoding="utf-8")
    return folder


def options(reports: Path, out: Path, workers: int) -> list[object]:
    views = ["--no-workbook", "--no-page"]
    return ["annotate", reports, "--out", out, "--json", "--workers", workers, *views]


def annotated(reports: Path, out: Path, workers: int) -> Run:
    """Annotate by the command, and watch it."""
    return watch(COMMAND, *options(reports, out, workers))


def starts() -> Iterator[Row]:
    """Yield what it takes until work begins."""
    for name, code, arguments in (
        ("`jixiao --help`", COMMAND, ["--help"]),
        ("loading what `annotate` needs", "import jixiao.batch.run, jixiao.cli.progress", []),
        ("and every table and model", "import jixiao; jixiao.annotate('新增15家，增长3%。')", []),
    ):
        run = min((watch(code, *arguments) for _ in range(3)), key=lambda run: run.seconds)
        told = f"{run.seconds:.2f} s"
        yield f"start: {name}", told, f"{run.processor_seconds:.2f} s of processor"


def main() -> None:
    """Measure and print the table as Markdown."""
    parser = argparse.ArgumentParser(description="Measure the speed of every layer.")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--bytes", type=int, default=10_000_000, help="of the longest report")
    parser.add_argument("--reports", type=int, default=2_000, help="of the largest corpus")
    given = parser.parse_args()
    texts = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.txt"))]

    def print_rows(rows: Iterator[Row]) -> None:
        for row in rows:
            sys.stdout.write(f"| {' | '.join(row)} |\n")
            sys.stdout.flush()

    characters = sum(map(len, texts))
    sys.stdout.write(
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors; "
        f"{len(texts)} reports of {characters:,} characters\n\n| what | speed | ratio |\n|---|---|---|\n"
    )
    print_rows(rates(texts, given.rounds))
    print_rows(peers(texts, given.rounds))
    print_rows(starts())
    print_rows(growth_with_length(given.bytes))
    with tempfile.TemporaryDirectory() as folder:
        print_rows(growth_with_corpus(given.reports, Path(folder)))


if __name__ == "__main__":
    main()
