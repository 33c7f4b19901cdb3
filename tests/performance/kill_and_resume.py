"""A run killed at random moments and resumed, beside one left in peace: are the bytes the same?

``make kills`` does it with 20,000 generated reports and 20 kills; a test does it in small. The kill
is SIGKILL to the command itself, whose workers end with it, at moments drawn from a seed: while it
loads, while it looks at what is done, while it annotates, while it puts its tables together.
Printed are time and memory too; compared is every file of the output, the timings of ``run.json``
left out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from watching import Run, watch

from jixiao.generation import write_reports

COMMAND = "from jixiao.cli import main; main()"


@dataclass
class Result:
    """What the comparison gave."""

    reports: int
    characters: int
    kills: int
    workers: int
    undisturbed: Run
    disturbed_seconds: float
    most_parent_megabytes: float
    most_worker_megabytes: float
    identical: bool
    different: list[str]


def annotate(
    reports: Path, out: Path, options: list[str], killed_after: float | None = None
) -> Run:
    """Run the command, and kill it after some seconds if it has not ended by then."""
    arguments = ["annotate", reports, "--out", out, "--json", *options]
    return watch(COMMAND, *arguments, killed_after=killed_after)


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of every file of a run, timings left out."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if path.name == "run.json":
                record = json.loads(content)
                del record["timings"]
                content = json.dumps(record).encode()
            found[path.relative_to(folder).as_posix()] = hashlib.sha256(content).hexdigest()
    return found


def compare(folder: Path, given: argparse.Namespace) -> Result:
    """Generate reports, annotate them in peace and with kills, and compare."""
    summary = write_reports(folder, given.reports, seed=1, sentences=given.sentences)
    reports, peaceful, killed = folder / "text", folder / "peaceful", folder / "killed"
    options = ["--workers", str(given.workers), *given.options]
    say(f"{summary.characters:,} characters in {given.reports:,} reports")
    undisturbed = annotate(reports, peaceful, options)
    say(f"in peace: {undisturbed}")
    draw = random.Random(given.seed)
    runs = []
    while len(runs) < given.kills:
        # On average a kill comes when a fair part is done; some come before anything is.
        moment = draw.uniform(0, 2.5 * (given.start + undisturbed.seconds / given.kills))
        run = annotate(reports, killed, [*options, "--resume"], moment)
        say(f"kill {len(runs) + 1} after {moment:.1f} s: {done(killed):,} done")
        runs.append(run)
    runs.append(annotate(reports, killed, [*options, "--resume"]))
    expected, found = digests(peaceful), digests(killed)
    different = sorted(name for name in expected | found if expected.get(name) != found.get(name))
    everything = [undisturbed, *runs]
    return Result(
        given.reports,
        summary.characters,
        sum(not run.ended for run in runs),
        given.workers,
        undisturbed,
        sum(run.seconds for run in runs),
        max(run.parent_megabytes for run in everything),
        max(run.worker_megabytes for run in everything),
        not different,
        different[:20],
    )


def done(folder: Path) -> int:
    """Return how many documents have their records written."""
    place = folder / "annotations"
    return sum(1 for _ in place.iterdir()) if place.is_dir() else 0


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def main() -> int:
    """Compare, print the result as JSON, and return 0 if the bytes are the same."""
    parser = argparse.ArgumentParser(description="Kill runs, resume them, compare the bytes.")
    parser.add_argument("--reports", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--sentences", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=8, help="of the moments of the kills")
    parser.add_argument("--start", type=float, default=2.0, help="seconds until work begins")
    parser.add_argument("--folder", type=Path, help="kept; by default a temporary one")
    parser.add_argument("options", nargs="*", help="further options of `jixiao annotate`, after --")
    given = parser.parse_args()
    if given.folder is not None:
        result = compare(given.folder, given)
    else:
        with tempfile.TemporaryDirectory() as folder:
            result = compare(Path(folder), given)
    sys.stdout.write(json.dumps(asdict(result), indent=2) + "\n")
    return 0 if result.identical else 1


if __name__ == "__main__":
    sys.exit(main())
