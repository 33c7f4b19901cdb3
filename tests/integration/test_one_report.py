"""One report in every format gives the same facts: the files were written by independent tools.

``report.txt`` and ``report.html`` were written by hand, ``report.xlsx`` by XlsxWriter, the others by
LibreOffice from the page.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

import jixiao
from jixiao.records import Fact

FOLDER = Path(__file__).parents[1] / "data" / "one_report"
# What depends on the place of the text rather than on what it says.
PLACES = {"id", "document", "quantities", "confidence"}
needs_office = pytest.mark.skipif(
    not shutil.which("soffice"), reason="LibreOffice is not installed"
)


def facts(suffix: str) -> list[dict[str, Any]]:
    found = jixiao.annotate(FOLDER / f"report.{suffix}").facts
    return [_said(fact) for fact in found]


def _said(fact: Fact) -> dict[str, Any]:
    return {
        name: value for name, value in msgspec.structs.asdict(fact).items() if name not in PLACES
    }


@pytest.mark.parametrize(
    "suffix",
    [
        "docx",
        "html",
        "xlsx",
        "pdf",
        pytest.param("doc", marks=needs_office),
        pytest.param("odt", marks=needs_office),
    ],
)
def test_the_same_facts(suffix: str) -> None:
    expected = facts("txt")
    assert len(expected) > 30
    assert facts(suffix) == expected


@pytest.mark.parametrize("suffix", ["docx", "html", "xlsx", "pdf"])
def test_the_same_metadata(suffix: str) -> None:
    names = ("title", "issuer", "region", "region_code", "fiscal_year", "report_date", "kind")
    plain = jixiao.read(FOLDER / "report.txt").document_record()
    record = jixiao.read(FOLDER / f"report.{suffix}").document_record()
    assert [getattr(record, name) for name in names] == [getattr(plain, name) for name in names]
