"""``report.html``: a corpus as one page, written document by document."""

from __future__ import annotations

import base64
import gzip
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from jixiao.annotation import Annotation
from jixiao.errors import OutputError
from jixiao.exports.cells import in_larger_unit
from jixiao.exports.names import MEASURES, MODALITIES, shown_unit
from jixiao.exports.rows import quoted
from jixiao.records import Check, Fact, Issue
from jixiao.stores.atomic import temporary_beside
from jixiao.views.page.charts import Point, chart
from jixiao.views.page.report import page, report_section
from jixiao.views.values import value_text
from jixiao.views.wrapping import one_line, seen

MOST_CHARTS: Final = 200
_QUOTE: Final = 90
_PLOTTED: Final = frozenset({"level", "new", "net_new"})
_PLACE: Final = "<!--packed-->"
_LEVEL: Final = 3  # half the time of 6, for a page a seventh larger


class _Row(NamedTuple):
    title: str
    source: str
    issuer: str | None
    region: str | None
    year: str | None
    score: object
    facts: int
    conflicts: int
    claims: int
    inconsistent: int
    issues: int


class _Failure(NamedTuple):
    source: str
    message: str


class _Series(NamedTuple):
    """What a chart is about: one indicator in one unit."""

    name: str
    unit: str


class PageWriter:
    """Writes the page of a corpus: a table of reports, search over all facts, charts, each report whole.

    A context manager: leaving it puts the page under ``path``; leaving it by an exception writes
    nothing. A report is packed (gzip, base64) and unpacked by the browser when it is opened, so
    that a page of 2,000 reports stays usable; what memory holds is a row a report, and the facts
    packed. The same documents in the same order give the same bytes.

    Attributes
    ----------
    path
        Where the page goes.
    index
        The name of the page to go back to, where this one is one of several.
    totals
        How many facts, claims and quantities it has.

    Parameters
    ----------
    path
        Where the page goes.
    indicator_names
        The Chinese name of each indicator of the catalogue, by id.
    version
        The version of the toolkit, for the head of the page.

    Raises
    ------
    OutputError
        If the page cannot be written.
    """

    def __init__(
        self, path: Path, indicator_names: Mapping[str, str], *, version: str | None = None
    ) -> None:
        self.path = path
        self.index: str | None = None
        self.totals: Counter[str] = Counter()
        self._names = indicator_names
        self._version = version
        self._rows: list[_Row] = []
        self._failures: list[_Failure] = []
        self._points: dict[_Series, list[Point]] = defaultdict(list)
        self._facts: list[list[Any]] = []
        self._packed_bytes = 0

    def __enter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with ExitStack() as stack:
                packed = TemporaryFile("w+", encoding="ascii", dir=self.path.parent)
                self._packed = stack.enter_context(packed)
                self._stack = stack.pop_all()
        except OSError as error:
            raise OutputError(f"cannot write {self.path}: {error}") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._stack:
            if kind is None:
                self._publish()

    @property
    def sizes(self) -> tuple[int, int, int]:
        """How many documents and facts are on the page, and bytes of what is packed so far."""
        return len(self._rows), self.totals["事实"], self._packed_bytes

    @property
    def ends(self) -> tuple[str, str]:
        """The sources of the first and the last document, or two empty texts."""
        return (self._rows[0].source, self._rows[-1].source) if self._rows else ("", "")

    @property
    def failed(self) -> int:
        """How many documents failed."""
        return len(self._failures)

    def add(self, annotation: Annotation) -> None:
        """Add a document."""
        document, number = annotation.document, len(self._rows)
        self._pack(str(number), report_section(annotation, self._names))
        verdicts = Counter(check.verdict for check in annotation.of(Check))
        facts, claims = annotation.facts, annotation.claims
        self._rows.append(
            _Row(
                title=document.title or document.doc_id,
                source=document.source or document.doc_id,
                issuer=document.issuer,
                region=document.region,
                year=document.fiscal_year,
                score=document.score,
                facts=len(facts),
                conflicts=sum(fact.conflict for fact in facts),
                claims=len(claims),
                inconsistent=verdicts["inconsistent"],
                issues=len(annotation.of(Issue)),
            )
        )
        self.totals.update(
            {"事实": len(facts), "成果": len(claims), "数量": len(annotation.quantities)}
        )
        self._facts += self._searchable(annotation, number)
        for fact in facts:
            self._plot(fact)

    def add_failure(self, doc_id: str, source: str, stage: str, error: str, message: str) -> None:
        """Add a document that failed, with the stage it failed in and why."""
        self._failures.append(_Failure(source or doc_id, f"{stage}/{error}: {message}"))

    def _searchable(self, annotation: Annotation, number: int) -> Iterator[list[Any]]:
        """Yield each fact for the search: its words in lower case, report, ids, and the cells shown."""
        quantities = {quantity.id: quantity for quantity in annotation.quantities}
        title = one_line(annotation.document.title or annotation.document.doc_id)
        for fact in annotation.facts:
            first = quantities.get(fact.quantities[0]) if fact.quantities else None
            quote = seen(quoted(annotation.text, first)) if first else ""
            cells = [
                one_line(
                    f"{fact.indicator_zh}（{fact.facet}）" if fact.facet else fact.indicator_zh
                ),
                value_text(fact),
                MEASURES.get(fact.measure or "", ""),
                fact.period or "",
                one_line(fact.region or ""),
                MODALITIES.get(fact.modality or "", ""),
                quote if len(quote) <= _QUOTE else quote[: _QUOTE - 1] + "…",
                title,
            ]
            words = " ".join((*cells, fact.indicator)).lower()
            yield [words, number, " ".join(fact.quantities), *cells]

    def _plot(self, fact: Fact) -> None:
        """Keep an actual value of a whole indicator in a year, if a chart can compare it."""
        year = (fact.period or "")[:4]
        whole = not fact.facet and fact.value_high is None and "/" not in (fact.period or "")
        if fact.label == "SCORE" or fact.modality != "actual" or not whole:
            return
        if fact.measure not in _PLOTTED or not year.isdecimal():
            return
        if fact.region is None or fact.value is None:
            return
        unit, power = shown_unit(fact.unit)
        name = one_line(fact.indicator_zh)
        if fact.measure != "level":
            name += f" · {MEASURES[fact.measure]}"
        point = Point(fact.region, int(year), in_larger_unit(fact.value, power))
        self._points[_Series(name, unit)].append(point)

    def _charts(self) -> list[dict[str, Any]]:
        """Return the charts of indicators with values to compare, those with the most first."""
        compared = {
            series: points
            for series, points in self._points.items()
            if len({(point.region, point.year) for point in points}) > 1
        }
        order = sorted(compared, key=lambda series: (-len(compared[series]), series))
        return [
            {"name": series.name, "unit": series.unit, "svg": chart(compared[series])}
            for series in order[:MOST_CHARTS]
        ]

    def _pack(self, name: str, content: str) -> None:
        """Write a part of the page, packed, behind those before; no time stands in it."""
        packed = base64.b64encode(gzip.compress(content.encode(), _LEVEL, mtime=0)).decode("ascii")
        part = f'<script type="application/gzip" data-part="{name}">{packed}</script>\n'
        self._packed_bytes += self._packed.write(part)

    def _publish(self) -> None:
        self._pack("facts", json.dumps(self._facts, ensure_ascii=False, separators=(",", ":")))
        title = self._rows[0].title if len(self._rows) == 1 else "绩效报告"
        before, _, after = page(
            title,
            documents=self._rows,
            failures=self._failures,
            totals=list(self.totals.items()),
            charts=self._charts(),
            index=self.index,
            version=self._version,
        ).partition(_PLACE)
        scratch = temporary_beside(self.path)
        try:
            with scratch.open("w", encoding="utf-8", newline="\n") as file:
                file.write(before)
                self._packed.seek(0)
                shutil.copyfileobj(self._packed, file)
                file.write(after)
            scratch.replace(self.path)
        except OSError as error:
            scratch.unlink(missing_ok=True)
            raise OutputError(f"cannot write {self.path}: {error}; is the disk full?") from error
