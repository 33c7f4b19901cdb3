"""How far annotators agree: F1 by layer and field, κ and α, and every disagreement.

Three questions are kept apart. *Is it marked*: F1 of each pair, and κ and α of the text's
characters, where what nobody marks is a value of its own. *What is it called*: κ and α of the labels
of records that share text. *What is said of it*: κ and α of each field of quantities that match.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from jixiao.errors import EvaluationError
from jixiao.evaluation.coefficients import (
    Unit,
    Values,
    agreeing,
    cohen_kappa,
    gamma,
    nominal_alpha,
)
from jixiao.evaluation.confusion import NONE
from jixiao.evaluation.discrepancies import Discrepancy
from jixiao.evaluation.matching import (
    UNIT_IS_A_FIELD,
    AnnotationLike,
    Matching,
    label_of,
    match_quantities,
)
from jixiao.evaluation.reading import fits_text, read_annotations, read_texts
from jixiao.evaluation.report import Evaluation, evaluate, texts_beside
from jixiao.evaluation.scores import Counts
from jixiao.evaluation.spans import SpanCounts, align_spans
from jixiao.records import Claim, Entity, Quantity, SpanRecord

if TYPE_CHECKING:
    import pandas as pd

LAYERS: Final[Mapping[str, type[Quantity] | type[Entity] | type[Claim]]] = {
    "quantities": Quantity,
    "entities": Entity,
    "claims": Claim,
}
CHARACTERS: Final = "characters"
LABEL: Final = "label"
FIELDS: Final = (
    "unit",
    "bound",
    "noun",
    "indicator",
    "facet",
    "measure",
    "direction",
    "period",
    "region",
    "modality",
)
"""The fields of matched quantities whose agreement is measured."""

_SCORED: Final = (
    *("quantities", "quantities_strict", "quantity_spans", "indicators", "fields_end_to_end"),
    *("entities", "entity_spans", "claims", "claim_spans", "facts"),
)
_MOVING: Final = frozenset({"growth", "change"})
_S = TypeVar("_S", bound=SpanRecord)


@dataclass(frozen=True, slots=True)
class PairScore:
    """The F1 of two annotators on one layer, label or field; it is the same whoever comes first.

    ``both`` counts what both have, ``first_only`` and ``second_only`` what one has (a field that
    differs is in both of these). Of partial spans a half is right, so ``both`` may be a fraction.
    """

    first: str
    second: str
    layer: str
    name: str
    f1: float | None
    both: float
    first_only: float
    second_only: float

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Coefficient:
    """Agreement beyond chance on one thing.

    Attributes
    ----------
    first, second
        The two annotators; None where all of more than two are meant.
    layer, name
        The layer, and ``label``, ``characters`` or the field.
    units
        How many records, or characters, at least two of them have coded.
    observed
        The part of these that all of them code alike.
    kappa
        Cohen's κ of the two; None for more than two, and where κ is not defined.
    alpha
        Krippendorff's nominal α; None where it is not defined.
    """

    first: str | None
    second: str | None
    layer: str
    name: str
    units: int
    observed: float | None
    kappa: float | None
    alpha: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A record that one of two annotators has, or a field they say different things of.

    ``says_first`` and ``says_second`` are what either says, None where nothing; ``cause`` is why a
    whole record found no partner, as in :class:`~jixiao.evaluation.Discrepancy`.
    """

    first: str
    second: str
    doc_id: str
    record: str
    start: int
    end: int
    text: str
    label: str
    field: str | None
    says_first: str | None
    says_second: str | None
    cause: str | None
    other: str | None
    sentence: str | None
    section: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Agreement:
    """How far some annotators agree on the documents all of them have.

    Attributes
    ----------
    annotators
        Their names, in the order given.
    documents
        The ``doc_id`` of the documents all of them have.
    left_out
        By annotator the documents that not all of them have.
    untexted
        Documents whose raw text is not at hand: their characters are not counted.
    scores, coefficients, disagreements
        Pair by pair; ``coefficients`` ends with those of all annotators where there are more than two.
    gamma
        By layer, where it was asked for.
    """

    annotators: tuple[str, ...]
    documents: tuple[str, ...]
    left_out: Mapping[str, tuple[str, ...]]
    untexted: tuple[str, ...]
    scores: tuple[PairScore, ...]
    coefficients: tuple[Coefficient, ...]
    disagreements: tuple[Disagreement, ...]
    gamma: Mapping[str, float | None] | None = None

    def score(self, layer: str, name: str = "all") -> tuple[PairScore, ...]:
        """Return the scores of all pairs on one layer and name."""
        return tuple(one for one in self.scores if (one.layer, one.name) == (layer, name))

    def coefficient(self, layer: str, name: str) -> tuple[Coefficient, ...]:
        """Return the coefficients of all pairs, then of all annotators, on one layer and name."""
        return tuple(one for one in self.coefficients if (one.layer, one.name) == (layer, name))

    def to_frame(self, name: str = "coefficients") -> pd.DataFrame:
        """Return ``scores``, ``coefficients`` or ``disagreements`` as a pandas frame."""
        from jixiao.evaluation.agreement_views import frame

        return frame(self, name)

    def to_dict(self) -> dict[str, Any]:
        """Return everything for JSON; what is not defined is null."""
        return {
            "annotators": list(self.annotators),
            "documents": list(self.documents),
            "left_out": {name: list(ids) for name, ids in self.left_out.items()},
            "untexted": list(self.untexted),
            "scores": [one.to_dict() for one in self.scores],
            "coefficients": [one.to_dict() for one in self.coefficients],
            "gamma": None if self.gamma is None else dict(self.gamma),
            "disagreements": [one.to_dict() for one in self.disagreements],
        }


def agree(
    annotators: Mapping[str, Mapping[str, AnnotationLike]],
    texts: Mapping[str, str] | None = None,
    *,
    context: Mapping[str, str] | None = None,
    with_gamma: bool = False,
) -> Agreement:
    """Return how far annotators agree; each has annotations by ``doc_id``.

    ``texts`` and ``context`` are as in :func:`~jixiao.evaluation.evaluate`.

    Raises
    ------
    EvaluationError
        If there are fewer than two annotators, no document is common to all, or their texts differ.
    SettingsError
        If γ is asked for without its library.

    >>> from jixiao.evaluation import AnnotationFile
    >>> from jixiao.records import Document
    >>> def 标注(*names: tuple[int, str, str]) -> AnnotationFile:
    ...     return AnnotationFile(Document(doc_id="a"), [
    ...         Entity(id="e1", start=start, end=start + len(text), text=text, label=label)
    ...         for start, text, label in names
    ...     ])
    >>> 甲 = {"a": 标注((0, "市水利局", "GOV"), (5, "君山区", "PLACE"))}
    >>> 乙 = {"a": 标注((0, "市水利局", "INSTITUTION"), (5, "君山区", "PLACE"))}
    >>> found = agree({"甲": 甲, "乙": 乙}, context={"a": "市水利局、君山区。"})
    >>> [(one.f1, one.both) for one in found.score("entities")]
    [(0.5, 1)]
    >>> [round(one.kappa, 2) for one in found.coefficient("entities", "label")]
    [0.33]
    >>> [(one.text, one.says_first, one.says_second) for one in found.disagreements]
    [('市水利局', 'GOV', None), ('市水利局', None, 'INSTITUTION')]
    """
    if len(annotators) < 2:
        raise EvaluationError(
            f"{len(annotators)} annotators were given ({', '.join(annotators) or 'none'}); expected "
            "at least two; give a folder for each"
        )
    common = sorted(set.intersection(*(set(one) for one in annotators.values())))
    if not common:
        had = "; ".join(f"{name} has {len(one)}" for name, one in annotators.items())
        raise EvaluationError(
            f"no document is common to all annotators: {had}; expected at least one doc_id in "
            "common; check that all annotated the same corpus and file names were not changed"
        )
    names = tuple(annotators)
    shared = {name: {one: annotators[name][one] for one in common} for name in names}
    evaluations = {
        (first, second): _evaluate(first, second, shared, texts, context)
        for first, second in combinations(names, 2)
    }
    raw = _raw_texts(common, shared, texts, context)
    return Agreement(
        annotators=names,
        documents=tuple(common),
        left_out=_left_out(annotators, common),
        untexted=tuple(doc_id for doc_id in common if doc_id not in raw),
        scores=tuple(one for pair, found in evaluations.items() for one in _scores(pair, found)),
        coefficients=tuple(_coefficients(shared, raw)),
        disagreements=tuple(
            _disagreement(pair, one) for pair, found in evaluations.items() for one in found.errors
        ),
        gamma=_gammas(shared, common) if with_gamma else None,
    )


def agree_folders(
    folders: Sequence[Path], text: Path | None = None, *, with_gamma: bool = False
) -> Agreement:
    """Return how far the annotation files of some folders agree.

    The annotators are named after their folders, or by their paths where two have one name.

    Raises
    ------
    EvaluationError
        As :func:`agree`, and if a folder is missing, empty or given twice or a file is broken.
    """
    names = annotator_names(folders)
    annotators = {
        name: read_annotations(folder) for name, folder in zip(names, folders, strict=True)
    }
    texts = read_texts(text) if text is not None else None
    known = {doc_id for one in annotators.values() for doc_id in one}
    context = None if texts is not None else texts_beside(known, *folders)
    return agree(annotators, texts, context=context, with_gamma=with_gamma)


def annotator_names(folders: Sequence[Path]) -> tuple[str, ...]:
    """Return a short name for each folder that is its alone.

    Raises
    ------
    EvaluationError
        If a folder is given twice.

    >>> annotator_names([Path("标注/甲"), Path("标注/乙")])
    ('甲', '乙')
    """
    twice = [str(one) for one, times in Counter(folders).items() if times > 1]
    if twice:
        raise EvaluationError(
            f"{twice[0]} is given twice; expected a folder for each annotator: an annotator always "
            "agrees with themselves"
        )
    short = [folder.name or str(folder) for folder in folders]
    return tuple(short if len(set(short)) == len(short) else map(str, folders))


def _evaluate(
    first: str,
    second: str,
    shared: Mapping[str, Mapping[str, AnnotationLike]],
    texts: Mapping[str, str] | None,
    context: Mapping[str, str] | None,
) -> Evaluation:
    try:
        return evaluate(shared[first], shared[second], texts, context=context)
    except EvaluationError as error:
        raise EvaluationError(f"{first} (as gold) and {second} (as predicted): {error}") from error


def _raw_texts(
    common: Sequence[str],
    shared: Mapping[str, Mapping[str, AnnotationLike]],
    texts: Mapping[str, str] | None,
    context: Mapping[str, str] | None,
) -> dict[str, str]:
    known = {**(context or {}), **(texts or {})}
    return {
        doc_id: known[doc_id]
        for doc_id in common
        if doc_id in known and all(fits_text(one[doc_id], known[doc_id]) for one in shared.values())
    }


def _left_out(
    annotators: Mapping[str, Mapping[str, object]], common: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    found = {name: tuple(sorted(set(one) - set(common))) for name, one in annotators.items()}
    return {name: ids for name, ids in found.items() if ids}


def _scores(pair: tuple[str, str], found: Evaluation) -> Iterator[PairScore]:
    for layer in _SCORED:
        for name, tally in found.micro.groups[layer].items():
            if isinstance(tally, Counts):
                counted: tuple[float, float, float] = (tally.tp, tally.fn, tally.fp)
            elif isinstance(tally, SpanCounts):
                both = tally.credit
                counted = (both, tally.possible - both, tally.actual - both)
            else:
                continue
            if any(counted):
                yield PairScore(*pair, layer, name, tally.ratios["f1"], *counted)


def _coefficients(
    shared: Mapping[str, Mapping[str, AnnotationLike]], raw: Mapping[str, str]
) -> Iterator[Coefficient]:
    groups: list[tuple[str, ...]] = list(combinations(shared, 2))
    if len(shared) > 2:
        groups.append(tuple(shared))
    for group in groups:
        sides = [shared[name] for name in group]
        for layer, kind in LAYERS.items():
            yield from _some(group, layer, LABEL, _label_units(sides, kind))
            yield from _some(group, layer, CHARACTERS, _character_units(sides, kind, raw))
        matched = [unit for doc_id in sides[0] for unit in _matched(sides, doc_id)]
        for field in FIELDS:
            values = (_field_values(unit, field) for unit in matched)
            units = Counter(one for one in values if one is not None)
            yield from _some(group, "quantities", field, units)


def _some(
    group: tuple[str, ...], layer: str, name: str, units: Counter[Values]
) -> Iterator[Coefficient]:
    """Yield the coefficient of some units, nothing where no two annotators coded one."""
    same, both = agreeing(units)
    if not both:
        return
    pair = len(group) == 2
    kappa = None
    if pair:
        paired = {(one[0], one[1]): number for one, number in units.items()}
        kappa = cohen_kappa({(a, b): n for (a, b), n in paired.items() if a and b})
    first, second = (group[0], group[1]) if pair else (None, None)
    yield Coefficient(first, second, layer, name, both, same / both, kappa, nominal_alpha(units))


def _label_units(
    sides: Sequence[Mapping[str, AnnotationLike]],
    kind: type[Quantity] | type[Entity] | type[Claim],
) -> Counter[Values]:
    units: Counter[Values] = Counter()
    for doc_id in sides[0]:
        aligned = _align([_spans(side[doc_id], kind) for side in sides], _by_text)
        units.update(
            tuple(None if one is None else label_of(one) for one in unit) for unit in aligned
        )
    return units


def _matched(
    sides: Sequence[Mapping[str, AnnotationLike]], doc_id: str
) -> list[tuple[Quantity | None, ...]]:
    records = [[r for r in side[doc_id].records if isinstance(r, Quantity)] for side in sides]
    return _align(records, match_quantities)


def _align(sides: Sequence[Sequence[_S]], match: Any) -> list[tuple[_S | None, ...]]:
    """Return units: at most one record of each annotator, aligned with those of the ones before.

    Of two annotators these are the pairs of ``match`` and what found no partner.
    """
    units: list[list[_S | None]] = []
    for number, records in enumerate(sides):
        heads = [next(one for one in unit if one is not None) for unit in units]
        place = {id(head): index for index, head in enumerate(heads)}
        matching: Matching[_S] = match(heads, records)
        for unit in units:
            unit.append(None)
        for head, record in matching.pairs:
            units[place[id(head)]][number] = record
        units += [[None] * number + [record] for record in matching.spurious]
    return [tuple(unit) for unit in units]


def _by_text(ours: Sequence[SpanRecord], theirs: Sequence[SpanRecord]) -> Matching[SpanRecord]:
    return align_spans(ours, theirs, label_of)


def _field_values(unit: tuple[Quantity | None, ...], field: str) -> Values | None:
    """Return what each annotator says of a field, None where the field asks nothing of the unit."""
    known = [one for one in unit if one is not None]
    if field == "noun" and known[0].label != "COUNT":
        return None
    if field == "unit" and known[0].label not in UNIT_IS_A_FIELD:
        return None
    if field == "direction" and not any(one.measure in _MOVING for one in known):
        return None
    return tuple(None if one is None else getattr(one, field) or NONE for one in unit)


def _character_units(
    sides: Sequence[Mapping[str, AnnotationLike]],
    kind: type[Quantity] | type[Entity] | type[Claim],
    raw: Mapping[str, str],
) -> Counter[Values]:
    units: Counter[Values] = Counter()
    for doc_id, text in raw.items():
        stretches = [list(_stretches(_spans(side[doc_id], kind))) for side in sides]
        edges = {0, len(text)}
        for one in stretches:
            edges.update(edge for unit in one for edge in (unit.start, unit.end))
        next_of = [0] * len(sides)
        ordered = sorted(edges)
        for start, end in pairwise(ordered):
            values = []
            for number, one in enumerate(stretches):
                while next_of[number] < len(one) and one[next_of[number]].end <= start:
                    next_of[number] += 1
                here = one[next_of[number]] if next_of[number] < len(one) else None
                values.append(here.label if here and here.start <= start else NONE)
            units[tuple(values)] += end - start
    return units


def _spans(
    annotation: AnnotationLike, kind: type[Quantity] | type[Entity] | type[Claim]
) -> list[SpanRecord]:
    return [record for record in annotation.records if isinstance(record, kind)]


def _stretches(spans: Sequence[SpanRecord]) -> Iterator[Unit]:
    """Yield what is labelled how, in text order; where two records overlap, the first has the text."""
    reach = 0
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        start = max(reach, span.start)
        if start < span.end:
            yield Unit(start, span.end, label_of(span))
            reach = span.end


def _gammas(
    shared: Mapping[str, Mapping[str, AnnotationLike]], common: Sequence[str]
) -> dict[str, float | None]:
    return {
        layer: gamma(
            [list(_stretches(_spans(one[doc_id], kind))) for one in shared.values()]
            for doc_id in common
        )
        for layer, kind in LAYERS.items()
    }


def _disagreement(pair: tuple[str, str], one: Discrepancy) -> Disagreement:
    return Disagreement(
        *pair,
        one.doc_id,
        one.record,
        one.start,
        one.end,
        one.text,
        one.label,
        one.field,
        one.gold,
        one.predicted,
        one.cause,
        one.other,
        one.sentence,
        one.section,
    )
