"""Two runs over one gold standard: what the second gains and loses, and whether chance would do it.

The test is the paired randomisation test (Noreen 1989, "Computer-Intensive Methods for Testing
Hypotheses", chapter 2; for scores of this kind Yeh 2000, "More accurate tests for the statistical
significance of result differences"): were the two runs alike, swapping their results in a document
would change nothing, so the difference is compared with those after swaps in random documents. Whole
documents are swapped, since the sentences of one are alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from jixiao.errors import EvaluationError, SettingsError
from jixiao.evaluation.discrepancies import Discrepancy
from jixiao.evaluation.matching import AnnotationLike
from jixiao.evaluation.reading import read_annotations, read_texts
from jixiao.evaluation.report import Evaluation, evaluate, texts_beside
from jixiao.evaluation.scores import Scores

if TYPE_CHECKING:
    import pandas as pd

PERMUTATIONS: Final = 9_999
LAYERS_COMPARED: Final = (
    ("quantities", "quantities", "all"),
    ("quantities, strict", "quantities_strict", "all"),
    ("indicators, end to end", "indicators", "end_to_end"),
    ("measure, end to end", "fields_end_to_end", "measure"),
    ("period, end to end", "fields_end_to_end", "period"),
    ("modality, end to end", "fields_end_to_end", "modality"),
    ("region, end to end", "fields_end_to_end", "region"),
    ("entities", "entities", "all"),
    ("entities, partial", "entity_spans", "partial"),
    ("claims", "claims", "all"),
    ("claims, partial", "claim_spans", "partial"),
    ("facts, core", "facts", "core"),
    ("facts, full", "facts", "full"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """The F1 of both runs on one layer.

    Attributes
    ----------
    layer, first, second, difference
        The layer, the micro F1 of either run, and second minus first.
    p_value
        The part of the swaps that differ by as much or more, two-sided.
    exact
        Whether every way to swap was tried. Then no p-value is below ``smallest``; otherwise it is
        (more + 1) / (tried + 1), so that it is never 0.
    smallest
        The smallest p-value there can be: 2 / 2ⁿ where all swaps of n documents were tried.
    documents
        How many documents the two runs differ in.
    """

    layer: str
    first: float
    second: float
    difference: float
    p_value: float
    exact: bool
    smallest: float
    documents: int

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Change:
    """A record or field that one run has right and the other wrong.

    ``gained`` where the second run has it right; ``mistake`` is what the other run did.
    """

    kind: Literal["gained", "lost"]
    mistake: Discrepancy

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return {"change": self.kind, **self.mistake.to_dict()}


@dataclass(frozen=True)
class Comparison:
    """What the second of two runs gains and loses over one gold standard.

    Attributes
    ----------
    first, second
        Their evaluations, over the same gold documents.
    differences
        The layers in which gold has anything.
    changes
        What was gained, then what was lost, document by document in text order.
    """

    first: Evaluation
    second: Evaluation
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]

    @property
    def gained(self) -> tuple[Discrepancy, ...]:
        """Mistakes of the first run that the second does not make."""
        return tuple(one.mistake for one in self.changes if one.kind == "gained")

    @property
    def lost(self) -> tuple[Discrepancy, ...]:
        """Mistakes of the second run that the first did not make."""
        return tuple(one.mistake for one in self.changes if one.kind == "lost")

    def to_frame(self, name: Literal["differences", "changes"] = "differences") -> pd.DataFrame:
        """Return the differences, or the changes, as a pandas frame, one row each."""
        import pandas as pd

        rows: Sequence[Difference | Change]
        rows = self.differences if name == "differences" else self.changes
        columns: tuple[str, ...] = tuple(Difference.__dataclass_fields__)
        if name == "changes":
            columns = ("change", *Discrepancy.__dataclass_fields__)
        return pd.DataFrame([one.to_dict() for one in rows], columns=list(columns))

    def to_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {
            "documents": len(self.first.documents),
            "differences": [one.to_dict() for one in self.differences],
            "changes": [one.to_dict() for one in self.changes],
        }

    def to_markdown(self) -> str:
        """Return a short table for a commit message: no text of a report is in it."""
        number = len(self.first.documents)
        noun = "document" if number == 1 else "documents"
        lines = [
            f"{number} {noun}; {len(self.gained)} gained, {len(self.lost)} lost",
            "",
            "| F1 | before | after | Δ | p |",
            "| --- | --- | --- | --- | --- |",
        ]
        for one in self.differences:
            if one.documents:
                cells = (f"{one.first:.4f}", f"{one.second:.4f}", f"{one.difference:+.4f}")
                lines.append(f"| {one.layer} | {' | '.join(cells)} | {p_text(one)} |")
        same = [one.layer for one in self.differences if not one.documents]
        if same:
            lines += ["", f"Unchanged: {'; '.join(same)}."]
        counted = tally_changes(self.changes)
        if counted:
            lines += ["", "| what | gained | lost |", "| --- | --- | --- |"]
            lines += [f"| {what} | {gained} | {lost} |" for what, gained, lost in counted]
        return "\n".join(lines) + "\n"


def p_text(difference: Difference) -> str:
    """Return a p-value for a reader, with the smallest there can be where that says more."""
    shown = f"{difference.p_value:.3f}" if difference.p_value >= 0.001 else "<0.001"
    return f"{shown} (≥{difference.smallest:.3g})" if difference.smallest > 0.05 else shown


def tally_changes(changes: Iterable[Change], most: int = 15) -> list[tuple[str, int, int]]:
    """Return (what, gained, lost) by record and field, those with most changes first."""
    counts = Counter((_what(one.mistake), one.kind) for one in changes)
    rows = [
        (what, counts[what, "gained"], counts[what, "lost"])
        for what in sorted({what for what, _ in counts})
    ]
    return sorted(rows, key=lambda row: -row[1] - row[2])[:most]


def compare(
    first: Mapping[str, AnnotationLike],
    second: Mapping[str, AnnotationLike],
    gold: Mapping[str, AnnotationLike],
    texts: Mapping[str, str] | None = None,
    *,
    context: Mapping[str, str] | None = None,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> Comparison:
    """Return what ``second`` gains and loses beside ``first``, over the gold both have.

    Parameters
    ----------
    first, second, gold
        Annotations by ``doc_id``. Gold documents that either run lacks are left out.
    texts, context
        As in :func:`~jixiao.evaluation.evaluate`.
    permutations
        How many swaps are tried; all of them where there are no more.
    seed
        Seed of the random swaps.

    Raises
    ------
    EvaluationError
        If no document is in gold and both runs, or the sides refer to different texts.

    >>> from jixiao.evaluation import AnnotationFile
    >>> from jixiao.records import Document, Entity
    >>> 局 = Entity(id="e1", start=0, end=4, text="市水利局", label="GOV")
    >>> gold, empty = ({"a": AnnotationFile(Document(doc_id="a"), found)} for found in ([局], []))
    >>> found = compare(empty, gold, gold)
    >>> [(one.layer, one.difference) for one in found.differences]
    [('entities', 1.0), ('entities, partial', 1.0)]
    >>> [one.text for one in found.gained]
    ['市水利局']
    """
    common = sorted(gold.keys() & first.keys() & second.keys())
    if not common:
        raise EvaluationError(
            f"no document is in gold ({len(gold)}) and both runs ({len(first)} and {len(second)}); "
            "expected at least one doc_id in common; check that all come from the same corpus"
        )
    asked = {doc_id: gold[doc_id] for doc_id in common}
    before = evaluate(asked, first, texts, context=context)
    after = evaluate(asked, second, texts, context=context)
    differences = [
        _difference(layer, group, name, before, after, permutations, seed)
        for layer, group, name in LAYERS_COMPARED
    ]
    return Comparison(
        before,
        after,
        tuple(one for one in differences if one is not None),
        tuple(_changes(before.errors, after.errors)),
    )


def compare_folders(
    first: Path, second: Path, gold: Path, text: Path | None = None, **options: Any
) -> Comparison:
    """Return what the annotation files of ``second`` gain and lose beside those of ``first``.

    ``options`` are ``permutations`` and ``seed`` of :func:`compare`.

    Raises
    ------
    EvaluationError
        As :func:`compare`, and if a folder is missing or empty or a file is broken.
    """
    asked = read_annotations(gold)
    texts = read_texts(text) if text is not None else None
    context = None if texts is not None else texts_beside(asked, second, first, gold)
    ours, theirs = read_annotations(first), read_annotations(second)
    return compare(ours, theirs, asked, texts, context=context, **options)


def randomisation_test(
    first: Sequence[tuple[float, float]],
    second: Sequence[tuple[float, float]],
    *,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> tuple[float, bool]:
    """Return the two-sided p-value of a difference of ratios, and whether it is exact.

    Each run gives a numerator and a denominator for each document; a ratio is that of their sums.
    By ``scipy.stats.permutation_test`` with samples that are swapped in pairs: all 2ⁿ swaps where
    there are no more than ``permutations``, else random ones with (more + 1) / (tried + 1).

    >>> randomisation_test([(1, 2), (1, 2)], [(2, 2), (2, 2)])
    (0.5, True)
    """
    import numpy as np
    from scipy.stats import permutation_test

    if permutations < 1:
        raise SettingsError(f"permutations is {permutations}; expected at least 1; try 9999")
    # Documents in which both runs did the same cannot change a difference of numerators, but they
    # are part of both denominators, so they stay and are only kept from being swapped.
    differ = [index for index, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    same = [index for index in range(len(first)) if index not in set(differ)]
    if len(differ) < 2:
        return 1.0, True  # swapping one document gives the same difference with the other sign
    rest = np.array([first[index] for index in same], dtype=np.float64).reshape(-1, 2).sum(axis=0)
    parts = np.array([(*first[i], *second[i]) for i in differ], dtype=np.float64)
    table = np.concatenate([parts[:, :2], parts[:, 2:]])

    def difference(one: Any, other: Any, axis: int = -1) -> Any:
        ratios = []
        for chosen in (one, other):
            numerator = table[chosen, 0].sum(axis=axis) + rest[0]
            denominator = table[chosen, 1].sum(axis=axis) + rest[1]
            ratios.append(numerator / np.where(denominator == 0, 1, denominator))
        return ratios[1] - ratios[0]

    number = len(differ)
    exact = 2**number <= permutations
    found = permutation_test(
        (np.arange(number), np.arange(number) + number),
        difference,
        permutation_type="samples",
        vectorized=True,
        n_resamples=permutations,
        batch=max(1, 2_000_000 // number),
        alternative="two-sided",
        rng=np.random.default_rng(seed),
    )
    return float(found.pvalue), exact


def _difference(
    layer: str,
    group: str,
    name: str,
    before: Evaluation,
    after: Evaluation,
    permutations: int,
    seed: int,
) -> Difference | None:
    """Return the difference on a layer, None where gold has nothing of it."""
    first = [_fraction(one, group, name) for one in before.documents.values()]
    second = [_fraction(one, group, name) for one in after.documents.values()]
    if not any(one.groups[group][name].fraction("recall")[1] for one in before.documents.values()):
        return None
    p_value, exact = randomisation_test(first, second, permutations=permutations, seed=seed)
    ours, theirs = _ratio(first), _ratio(second)
    differ = sum(a != b for a, b in zip(first, second, strict=True))
    smallest = 1.0 if not differ else 2 / 2**differ if exact else 1 / (permutations + 1)
    return Difference(layer, ours, theirs, theirs - ours, p_value, exact, smallest, differ)


def _fraction(scores: Scores, group: str, name: str) -> tuple[float, float]:
    return scores.groups[group][name].fraction("f1")


def _ratio(parts: Sequence[tuple[float, float]]) -> float:
    whole = sum(denominator for _, denominator in parts)
    return sum(numerator for numerator, _ in parts) / whole if whole else 0.0


def _changes(before: Sequence[Discrepancy], after: Sequence[Discrepancy]) -> list[Change]:
    """Return the mistakes only one run makes.

    The same record or field wrong in another way is no change; nor is a wrong field of a record
    that the other run did not find at all.
    """
    return [
        *(Change("gained", one) for one in _only(before, after)),
        *(Change("lost", one) for one in _only(after, before)),
    ]


def _only(ours: Sequence[Discrepancy], theirs: Sequence[Discrepancy]) -> list[Discrepancy]:
    known = Counter(_identity(one) for one in theirs)
    unfound = {
        (one.doc_id, one.record, one.start, one.end, one.label)
        for one in theirs
        if one.kind == "missed"
    }
    only = []
    for one in ours:
        if one.field and (one.doc_id, one.record, one.start, one.end, one.label) in unfound:
            continue
        identity = _identity(one)
        if known[identity]:
            known[identity] -= 1
        else:
            only.append(one)
    return only


def _identity(one: Discrepancy) -> tuple[object, ...]:
    return (one.doc_id, one.kind, one.record, one.start, one.end, one.label, one.field)


def _what(one: Discrepancy) -> str:
    if one.field:
        return f"{one.record} · {one.field}"
    return f"{one.record} · {one.kind}"
