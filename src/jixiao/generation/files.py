"""Generated reports as files: ``text/<id>.txt`` and ``annotations/<id>.jsonl`` below one folder."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from jixiao.errors import OutputError, SettingsError
from jixiao.generation.reports import generate_report
from jixiao.records import encode_line
from jixiao.stores.annotations import write_annotation


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run of the generator wrote.

    Attributes
    ----------
    characters
        The length of all texts together.
    labels, measures, modalities
        How many gold quantities have each value.
    """

    out: str
    documents: tuple[str, ...]
    characters: int
    labels: dict[str, int]
    measures: dict[str, int]
    modalities: dict[str, int]

    @property
    def quantities(self) -> int:
        """The number of gold quantities."""
        return sum(self.labels.values())

    def to_dict(self) -> dict[str, object]:
        """Return everything for JSON."""
        return {
            "out": self.out,
            "documents": list(self.documents),
            "characters": self.characters,
            "quantities": self.quantities,
            "labels": self.labels,
            "measures": self.measures,
            "modalities": self.modalities,
        }


def write_reports(out: Path, reports: int, seed: int, sentences: int = 60) -> Summary:
    """Write reports with consecutive seeds, and return what they hold.

    Parameters
    ----------
    out
        The folder; it is made if need be. Files of the same documents are replaced, others stay.
    reports
        How many; the first has ``seed``, the next ``seed + 1``, and so on.

    Raises
    ------
    OutputError
        If ``out`` is a file, or a file cannot be written.
    SettingsError
        If there is no report to write, or a report has too few sentences.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     summary = write_reports(Path(folder), reports=2, seed=1, sentences=20)
    >>> summary.documents
    ('synthetic-1-20', 'synthetic-2-20')
    """
    if reports < 1:
        raise SettingsError(f"{reports} reports; expected at least 1")
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file; expected a folder for the reports, or a new name")
    characters = 0
    documents: list[str] = []
    labels: Counter[str] = Counter()
    measures: Counter[str] = Counter()
    modalities: Counter[str] = Counter()
    for number in range(seed, seed + reports):
        text, gold, document = generate_report(number, sentences)
        records = [encode_line(document), *(encode_line(one) for one in gold)]
        write_annotation(out, document.doc_id, text, records)
        documents.append(document.doc_id)
        characters += len(text)
        labels.update(one.label for one in gold)
        measures.update(one.measure or "" for one in gold)
        modalities.update(one.modality or "" for one in gold)
    return Summary(
        str(out),
        tuple(documents),
        characters,
        dict(labels.most_common()),
        dict(measures.most_common()),
        dict(modalities.most_common()),
    )
