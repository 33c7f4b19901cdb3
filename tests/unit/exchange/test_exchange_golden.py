"""The files as they are written, reviewed by eye: a change of layout shows here.

After a wanted change write the file anew with
:func:`jixiao.exchange.export_folder`, and read the difference before it is committed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from jixiao.exchange import FORMATS, export_folder

GOLDEN = Path(__file__).parent / "golden"
TEXTUAL = [name for name in FORMATS if name != "spacy"]


def exported(run: Path, name: str, folder: Path) -> dict[str, bytes]:
    info = FORMATS[name]
    out = folder / name / f"run{info.suffix}" if info.suffix else folder / name
    export_folder(run, name, out)
    return {path.name: path.read_bytes() for path in sorted((folder / name).iterdir())}


@pytest.mark.parametrize("name", TEXTUAL)
def test_the_files_are_as_they_were_reviewed(name: str, run: Path, tmp_path: Path) -> None:
    golden = {path.name: path.read_bytes() for path in sorted((GOLDEN / name).iterdir())}
    assert exported(run, name, tmp_path) == golden
