"""Annotation folders: ``annotations/<doc_id>.jsonl`` and ``text/<doc_id>.txt`` below one folder.

The text file is the raw text as UTF-8, nothing translated: line ends, a byte order mark and every
other character are content, because the records' offsets count them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from jixiao.annotation import Annotation
from jixiao.errors import DocumentError, OutputError, RecordError, SettingsError
from jixiao.records import Document, Record, decode_line
from jixiao.stores.atomic import write_whole

ANNOTATIONS: Final = "annotations"
TEXT: Final = "text"


def annotation_path(folder: Path, doc_id: str) -> Path:
    """Return the path of a document's records below ``folder``.

    >>> annotation_path(Path("out"), "2021__科技局").as_posix()
    'out/annotations/2021__科技局.jsonl'
    """
    return folder / ANNOTATIONS / f"{_file_stem(doc_id)}.jsonl"


def text_path(folder: Path, doc_id: str) -> Path:
    """Return the path of a document's raw text below ``folder``."""
    return folder / TEXT / f"{_file_stem(doc_id)}.txt"


def write_annotation(folder: Path, doc_id: str, text: str, lines: Iterable[str]) -> None:
    """Write the raw text and the records of one document.

    See :func:`write_content`.

    Parameters
    ----------
    lines
        The records as JSON, one each, without line ends, the document record first.
    """
    write_content(folder, doc_id, text, "".join(f"{line}\n" for line in lines).encode())


def write_content(folder: Path, doc_id: str, text: str, content: bytes) -> None:
    """Write the raw text and the records of one document.

    The text comes first, so that where the records are, their text is too. Each file is replaced
    as a whole.

    Parameters
    ----------
    content
        The content of the annotation file (:func:`jixiao.records.encode_lines`).

    Raises
    ------
    DocumentError
        If the text holds half of a surrogate pair, which no UTF-8 file can.
    OutputError
        If a file cannot be written.
    SettingsError
        If ``doc_id`` is no file name.
    """
    write_whole(text_path(folder, doc_id), _as_utf8(text, doc_id))
    write_whole(annotation_path(folder, doc_id), content)


def read_text(folder: Path, doc_id: str) -> str:
    """Return the raw text of a document, character for character as it was written.

    Raises
    ------
    OutputError
        If there is none, or it is not UTF-8.
    """
    path = text_path(folder, doc_id)
    try:
        return _read(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise OutputError(
            f"{path} is not UTF-8 ({error}), so it is not as jixiao wrote it; annotate again"
        ) from error


def read_annotation(folder: Path, doc_id: str) -> Annotation:
    """Return the annotation of one document.

    Raises
    ------
    OutputError
        If a file is missing, or the text is not the one the records were made on.
    RecordError
        If a line is no record (the message names file and line), or the first is no document.
    """
    path = annotation_path(folder, doc_id)
    records = _decode(path)
    if not records or not isinstance(records[0], Document):
        raise RecordError(f"{path}: the first line of an annotation file is a document record")
    text = read_text(folder, doc_id)
    _check_text(records[0], text, text_path(folder, doc_id))
    return Annotation(records[0], text, records)


def read_annotation_file(file: Path, text: Path | None = None) -> Annotation:
    """Return the annotation in a file that stands anywhere.

    ``text`` is its raw text or the folder with it; by default it is looked for beside the file, and in a
    folder ``text/`` beside that of the file.

    Raises
    ------
    OutputError
        If the text is not to be found, is not UTF-8, or not the one the records were made on.
    RecordError
        If a line is no record, or the first is no document.
    """
    name = f"{file.name.removesuffix('.jsonl')}.txt"
    places = [text, text / name] if text else [file.parent.parent / TEXT / name, file.parent / name]
    raw = next((place for place in places if place.is_file()), None)
    if raw is None:
        raise OutputError(
            f"no text for {file}; expected {name} beside it or in the folder text/ beside its own; say "
            "where it is with --text"
        )
    try:
        content = file.read_bytes().decode("utf-8"), raw.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OutputError(f"{file} or {raw} cannot be read as UTF-8: {error}") from error
    annotation = Annotation.from_jsonl(*content)
    spans = [*annotation.quantities, *annotation.entities, *annotation.claims]
    if any(annotation.text[span.start : span.end] != span.text for span in spans):
        raise OutputError(
            f"{raw} is not the text that {file} was made on; see `jixiao validate {file}`"
        )
    return annotation


def iter_annotations(folder: Path) -> Iterator[Annotation]:
    """Yield every annotation below ``folder``, in order of ``doc_id``, one in memory at a time.

    A folder with no annotations yields nothing.

    Raises
    ------
    OutputError, RecordError
        As :func:`read_annotation`, when the document's turn comes.
    """
    for doc_id in list_doc_ids(folder):
        yield read_annotation(folder, doc_id)


def list_doc_ids(folder: Path) -> list[str]:
    """Return the ids of all annotated documents below ``folder``, sorted by code point."""
    paths = (folder / ANNOTATIONS).glob("*.jsonl")
    return sorted(path.name.removesuffix(".jsonl") for path in paths)


def _file_stem(doc_id: str) -> str:
    if not doc_id or "/" in doc_id or os.sep in doc_id or "\0" in doc_id:
        raise SettingsError(
            f"not a doc_id: {doc_id!r}; expected a file name without folders (the path below the "
            "given folder with '/' written '__')"
        )
    return doc_id


def _as_utf8(text: str, doc_id: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise DocumentError(
            f"the raw text of {doc_id} has half a surrogate pair at offset {error.start}, which "
            "UTF-8 cannot hold; its reader must replace it"
        ) from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OutputError(
            f"cannot read {path}: {error}; expected a folder written by `jixiao annotate --out`"
        ) from error


def _decode(path: Path) -> list[Record]:
    # Only "\n" ends a line: str.splitlines would also cut at U+2028 or U+0085 inside a value,
    # which JSON leaves as they are.
    records = []
    for number, line in enumerate(_read(path).split(b"\n"), start=1):
        if line.strip():
            try:
                records.append(decode_line(line))
            except RecordError as error:
                raise RecordError(f"{path}, line {number}: {error}") from error
    return records


def _check_text(document: Document, text: str, path: Path) -> None:
    if document.text_sha256 is None:
        return
    found = hashlib.sha256(text.encode()).hexdigest()
    if found != document.text_sha256:
        raise OutputError(
            f"{path} is not the text its records were made on (sha256 {found[:12]}…, expected "
            f"{document.text_sha256[:12]}…), so every offset may be wrong; was it edited, or "
            "were its line ends changed? Annotate again"
        )
