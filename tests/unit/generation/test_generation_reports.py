"""Whole reports and their files: one seed, one report; gold that fits the text."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from jixiao.batch.validation import validate_paths
from jixiao.errors import OutputError, SettingsError
from jixiao.generation import generate_report, write_reports
from jixiao.records import Quantity
from jixiao.stores.annotations import read_annotation

SEEDS = range(12)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_gives_one_report(seed: int) -> None:
    assert generate_report(seed) == generate_report(seed)
    assert generate_report(seed)[0] != generate_report(seed + 1)[0]


def test_a_report_does_not_depend_on_the_hash_seed() -> None:
    code = "from jixiao.generation import generate_report as g; print(hash(0), repr(g(3)))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_gold_is_exact_sorted_and_apart(seed: int) -> None:
    text, gold, _ = generate_report(seed, sentences=120)
    assert [one.text for one in gold] == [text[one.start : one.end] for one in gold]
    assert [one.id for one in gold] == [f"q{number + 1}" for number in range(len(gold))]
    assert all(one.end <= other.start for one, other in pairwise(gold))


@pytest.mark.parametrize("sentences", [5, 6, 17, 60, 200])
def test_a_report_has_as_many_sentences_as_asked_for(sentences: int) -> None:
    text, _, _ = generate_report(1, sentences)
    lines = [line for line in text.splitlines() if line.endswith("。")]
    listed = text.count("。其中")  # a breakdown may be told as a sentence of its own
    assert sum(line.count("。") for line in lines) - listed == sentences


def test_the_document_record_tells_what_the_text_does() -> None:
    text, _, document = generate_report(4)
    assert document.title is not None
    assert text.startswith(f"{document.title}\n")
    assert document.issuer is not None
    assert text.count(document.issuer) >= 2
    assert document.fiscal_year is not None
    assert document.fiscal_year in document.title
    assert document.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_too_few_sentences_are_refused() -> None:
    with pytest.raises(SettingsError, match="expected at least 5"):
        generate_report(1, sentences=4)


def test_a_folder_of_reports_is_valid(tmp_path: Path) -> None:
    summary = write_reports(tmp_path, reports=4, seed=9, sentences=40)
    checked = list(validate_paths([tmp_path]))
    assert [file.problems for file in checked] == [[]] * 4
    assert all(file.text is not None for file in checked)
    quantities = [
        record
        for doc_id in summary.documents
        for record in read_annotation(tmp_path, doc_id).records
        if isinstance(record, Quantity)
    ]
    assert summary.quantities == len(quantities) == sum(summary.measures.values())


def test_a_report_is_read_back_as_it_was_made(tmp_path: Path) -> None:
    write_reports(tmp_path, reports=1, seed=3, sentences=30)
    text, gold, document = generate_report(3, sentences=30)
    annotation = read_annotation(tmp_path, document.doc_id)
    assert annotation.text == text
    assert list(annotation.records) == [document, *gold]


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="is a file"):
        write_reports(tmp_path / "file", reports=1, seed=1)
    with pytest.raises(SettingsError, match="0 reports"):
        write_reports(tmp_path / "new", reports=0, seed=1)
    assert not (tmp_path / "new").exists()
