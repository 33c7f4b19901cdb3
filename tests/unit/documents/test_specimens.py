"""The specimens: every one has gold, and the gold's offsets hold in the text its reader makes."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest

from jixiao.documents import read

ROOT = Path(__file__).parents[3]
with (ROOT / "corpus" / "manifest.csv").open(encoding="utf-8", newline="") as rows:
    MANIFEST = list(csv.DictReader(rows))


def test_the_manifest_lists_every_specimen_once() -> None:
    files = sorted(path.name for path in (ROOT / "corpus").iterdir())
    assert sorted(row["file"] for row in MANIFEST) == [f for f in files if f != "manifest.csv"]


def test_at_least_four_formats() -> None:
    assert len({Path(row["file"]).suffix for row in MANIFEST}) >= 4


@pytest.mark.parametrize("row", MANIFEST, ids=[row["doc_id"] for row in MANIFEST])
def test_gold_leads_back_to_the_text(row: dict[str, str]) -> None:
    path = ROOT / "corpus" / row["file"]
    gold = (ROOT / "annotations" / "1.2" / f"{row['doc_id']}.jsonl").read_text(encoding="utf-8")
    document, *records = map(json.loads, gold.splitlines())
    raw = read(path).raw
    assert document["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert records
    for record in records:
        assert raw[record["start"] : record["end"]] == record["text"]


@pytest.mark.parametrize("row", MANIFEST, ids=[row["doc_id"] for row in MANIFEST])
def test_metadata_is_that_of_the_manifest(row: dict[str, str]) -> None:
    record = read(ROOT / "corpus" / row["file"]).document_record()
    assert (record.region, record.fiscal_year) == (row["region"], row["fiscal_year"])
