"""Whether each row of knowledge and every rule is held by a case: run by ``make mutants``.

A mutant is the package with one thing less: a row of a table of knowledge, a pattern of what states
no number, or an alternative of the scanner. It is *killed* if a case of ``tests/cases`` that passes
without the deletion fails with it; the survivors are printed by table. Exit status 1 says that there
are some.

``python run_mutations.py [--table NAME]… [--workers N]``
"""

from __future__ import annotations

import argparse
import csv
import importlib
import importlib.util
import io
import multiprocessing
import pkgutil
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from rich.console import Console
from rich.progress import Progress

from jixiao import resources
from jixiao.documents import Report
from jixiao.errors import JixiaoError
from jixiao.numbers import exclusions
from jixiao.pipeline import annotate_text

UNIT_TESTS = Path(__file__).parents[1] / "unit"
TABLES = ("bounds", "cues", "elided", "words", "stopnames", "units", "headers")
ALTERNATIVES = ("rank", "tenths", "half", "first", "ratio", "doubled", "part")
LAYERS = ("jixiao.numbers", "jixiao.context", "jixiao.documents", "jixiao.tokens")
# The dictionary of words is slow to read, and only this table changes it.
DICTIONARY, SLOW = "words.csv", "jixiao.tokens"


class Mutant(NamedTuple):
    """A deletion: of row ``index`` of a table, or of the rule ``name``."""

    table: str
    index: int
    name: str
    surface: str


class Case(NamedTuple):
    """A case: where it stands, the text it reads, and whether the package passes it now."""

    where: str
    text: str
    passes: Callable[[], bool]


# Cases, as the tests read them.


def _module(path: str) -> ModuleType:
    """Import a test module from its file, for its rows and its way of reading them."""
    name = f"mutation_{Path(path).stem}"
    spec = importlib.util.spec_from_file_location(name, UNIT_TESTS / path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(UNIT_TESTS / path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _rows(module: ModuleType) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows that are no known failures, each with its place."""
    for number, row in enumerate(module.ROWS, start=1):
        if not row["note"].startswith("xfail"):
            yield f"{module.__name__.removeprefix('mutation_')} row {number}", row


def read_cases() -> list[Case]:
    """Return the cases of quantities, words, contexts and tables."""
    notation = _module("numbers/conftest.py")._notation
    cases = []

    def of_numbers(text: str, expected: str) -> Callable[[], bool]:
        return lambda: "; ".join(map(notation, annotate_text(text).quantities)) == expected

    for path in ("numbers/test_numbers_cases.py", "numbers/test_numbers_lexicon.py"):
        for where, row in _rows(_module(path)):
            cases.append(Case(where, row["text"], of_numbers(row["text"], row["expected"])))
    contexts = _module("context/test_context_cases.py")
    for where, row in _rows(contexts):
        fields = (row["setting"], row["text"], row["target"], row["expected"])
        cases.append(Case(where, row["text"], _runs(contexts.test_context, *fields)))
    tables = _module("documents/test_documents_tables.py")
    for name in tables.NAMES:
        text = (tables.FOLDER / f"{name}.txt").read_text(encoding="utf-8")
        cases.append(Case(f"table {name}", text, _same_contexts(tables, name, text)))
    return cases


def _runs(test: Callable[..., None], *arguments: str) -> Callable[[], bool]:
    """Return whether a test function passes, to be asked later."""

    def passes() -> bool:
        try:
            test(*arguments)
        except (AssertionError, ValueError):
            return False
        return True

    return passes


def _same_contexts(tables: ModuleType, name: str, text: str) -> Callable[[], bool]:
    return lambda: bool(tables.contexts(Report(name, text)) == tables.read_expected(name))


def passes(case: Case) -> bool:
    """Tell whether the package passes a case; what it cannot read it does not pass."""
    try:
        return case.passes()
    except (JixiaoError, KeyError, IndexError):
        return False


# Mutants, and how each is put in force.


def find_mutants() -> list[Mutant]:
    """Return every deletion, by table."""
    found = [
        Mutant(table, index, ",".join(filter(None, list(row.values())[:3])), row["surface"])
        for table in TABLES
        for index, row in enumerate(resources.read_table(f"{table}.csv"))
    ]
    found += [Mutant("exclusions", 0, name, "") for name in exclusions.PATTERNS]
    found += [Mutant("scanner", 0, name, "") for name in ALTERNATIVES]
    return found


@contextmanager
def in_force(mutant: Mutant) -> Iterator[None]:
    """Run what follows with one thing deleted, and put it back."""
    if mutant.table == "exclusions":
        deletion = _without_exclusion(mutant.name)
    elif mutant.table == "scanner":
        deletion = _without_alternative(mutant.name)
    else:
        deletion = _without_row(f"{mutant.table}.csv", mutant.index)
    with deletion:
        yield


@contextmanager
def _without_row(name: str, index: int) -> Iterator[None]:
    """Delete a row below ``read_table``, so that whoever imported it sees the deletion."""
    read_text = resources.read_text
    rows = list(csv.reader(io.StringIO(read_text(name))))
    del rows[index + 1]
    shortened = io.StringIO()
    csv.writer(shortened).writerows(rows)
    content = shortened.getvalue()
    resources.read_text = lambda asked: content if asked == name else read_text(asked)  # type: ignore[assignment]
    _forget(words=name == DICTIONARY)
    try:
        yield
    finally:
        resources.read_text = read_text
        _forget(words=name == DICTIONARY)


@contextmanager
def _without_exclusion(name: str) -> Iterator[None]:
    """Delete a pattern in place: the scanner holds the mapping itself, and its order matters."""
    patterns: Any = exclusions.PATTERNS
    kept = dict(patterns)
    del patterns[name]
    _forget()
    try:
        yield
    finally:
        patterns.clear()
        patterns.update(kept)
        _forget()


@contextmanager
def _without_alternative(name: str) -> Iterator[None]:
    """Make an alternative of the scanner's pattern impossible; its groups stay."""
    holders = [module for module in _modules() if hasattr(module, "scanner")]
    kept = holders[0].scanner
    mutated = _impossible(kept().pattern, name)
    _forget()
    for module in holders:
        module.scanner = lambda: mutated  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for module in holders:
            module.scanner = kept  # type: ignore[attr-defined]
        _forget()


def _impossible(pattern: str, name: str) -> re.Pattern[str]:
    """Return a pattern whose named group never matches."""
    opening = f"(?P<{name}>"
    begin = pattern.index(opening) + len(opening)
    depth, position, in_class = 1, begin, False
    while depth:
        char = pattern[position]
        if char == "\\":
            position += 1
        elif in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
        else:
            depth += (char == "(") - (char == ")")
        position += 1
    inside = pattern[begin : position - 1]
    return re.compile(f"{pattern[:begin]}(?!)(?:{inside}){pattern[position - 1 :]}")


def _modules() -> list[ModuleType]:
    """Return the modules of the layers, imported."""
    found = []
    for layer in LAYERS:
        package = importlib.import_module(layer)
        names = [info.name for info in pkgutil.walk_packages(package.__path__, f"{layer}.")]
        found += [package, *(sys.modules[name] for name in names if name in sys.modules)]
    return found


def _forget(*, words: bool = False) -> None:
    """Clear every cache of the layers, and the tables as read; the dictionary only for ``words``."""
    for module in (resources, *_modules()):
        if module.__name__.startswith(SLOW) and not words:
            continue
        for value in list(vars(module).values()):
            cached = hasattr(value, "cache_clear") and not isinstance(value, type)
            if cached and value.__module__ == module.__name__:
                _clear(value)


def _clear(cached: Any) -> None:
    # A file that somebody edits meanwhile is not read again.
    if cached is not resources.read_text:
        cached.cache_clear()


# The run.


def folded(text: str) -> str:
    """Return a text as the view folds it, without blanks and line ends."""
    return "".join(unicodedata.normalize("NFKC", text).split())


class Run:
    """The cases that pass, and the survivors among mutants."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.broken = [case for case in cases if not passes(case)]
        broken = set(map(id, self.broken))
        self._cases = [(folded(case.text), case) for case in cases if id(case) not in broken]

    def killer(self, mutant: Mutant, *, near_only: bool = False) -> str | None:
        """Return the first case that fails with the deletion, or None.

        Those that hold the row's surface come first; ``near_only`` leaves out the others.

        Raises
        ------
        RuntimeError
            If the case still fails when the deletion is undone: something kept what it read.
        """
        surface = folded(mutant.surface)
        near = [case for text, case in self._cases if surface in text]
        far = [case for text, case in self._cases if surface not in text and not near_only]
        with in_force(mutant):
            killer = next((case for case in (*near, *far) if not passes(case)), None)
        if killer and not passes(killer):
            raise RuntimeError(f"{mutant} is still in force: {killer.where}")
        return killer.where if killer else None


_RUN: Run
_NEAR_ONLY = False


def _work(mutant: Mutant) -> tuple[Mutant, str | None]:
    return mutant, _RUN.killer(mutant, near_only=_NEAR_ONLY)


def run(mutants: Sequence[Mutant], workers: int) -> Mapping[Mutant, str | None]:
    """Return the killer of each mutant; progress goes to stderr."""
    fork = multiprocessing.get_context("fork")
    found = {}
    with fork.Pool(workers) as pool, Progress(console=Console(stderr=True)) as progress:
        for mutant, killer in progress.track(
            pool.imap_unordered(_work, mutants, chunksize=4), total=len(mutants)
        ):
            found[mutant] = killer
    return found


def report(found: Mapping[Mutant, str | None], *, verbose: bool) -> int:
    """Print survivors by table, and return how many there are."""
    by_table: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in sorted(found):
        by_table[mutant.table].append(mutant)
    survivors = 0
    for table, mutants in by_table.items():
        alive = [mutant for mutant in mutants if found[mutant] is None]
        survivors += len(alive)
        print(f"{table}: {len(mutants) - len(alive)}/{len(mutants)} killed")
        for mutant in alive:
            print(f"  {mutant.name}")
        if verbose:
            for mutant in mutants:
                print(f"    {mutant.name}: {found[mutant]}")
    return survivors


def main() -> int:
    """Run the mutants of the tables asked for, or all."""
    global _RUN, _NEAR_ONLY
    parser = argparse.ArgumentParser(description=__doc__)
    names = (*TABLES, "exclusions", "scanner")
    parser.add_argument("--table", action="append", choices=names, help="one table only")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--near", action="store_true", help="only cases that hold the word deleted")
    parser.add_argument("--killers", action="store_true", help="print which case kills each")
    given = parser.parse_args()
    mutants = [mutant for mutant in find_mutants() if mutant.table in (given.table or names)]
    _RUN, _NEAR_ONLY = Run(read_cases()), given.near
    for case in _RUN.broken:
        print(f"fails without any deletion, left out: {case.where}: {case.text}", file=sys.stderr)
    survivors = report(run(mutants, given.workers), verbose=given.killers)
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
