"""The unit of work: a batch of documents in, their records out, and nothing else touched.

The local process pool and the distributed engine call :func:`annotate_batch` and only that; where
there is one process, documents go one by one through :func:`annotate_document`. Both are
pure and picklable, and open no file. The layers are loaded by the first batch: a command whose
workers annotate does without them.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyarrow as pa

from jixiao.errors import DocumentError, SettingsError
from jixiao.records import encode_lines
from jixiao.settings import Settings

if TYPE_CHECKING:
    from jixiao.annotation import Annotation

OK: Final = "ok"
FAILED: Final = "failed"

# Typed for mypy: its stubs of pyarrow want one kind of field, or Any.
_INPUT_FIELDS: Final[list[Any]] = [
    ("doc_id", pa.string()),
    ("media_type", pa.string()),
    ("content", pa.binary()),
]
_OUTPUT_FIELDS: Final[list[Any]] = [
    ("doc_id", pa.string()),
    ("status", pa.string()),
    ("error", pa.string()),
    ("text", pa.string()),
    ("records", pa.list_(pa.string())),
]
INPUT_SCHEMA: Final = pa.schema(_INPUT_FIELDS)
OUTPUT_SCHEMA: Final = pa.schema(_OUTPUT_FIELDS)

_DEFAULT: Final = Settings()
# Layers by another name in the failures table.
_STAGES: Final = {"documents": "read", "batch": "annotate", "pipeline": "annotate"}
# Arrow's offsets into a string column are 32-bit.
_MOST_BYTES: Final = 2**31 - 1


class Cause(NamedTuple):
    """Why a document failed: the layer it failed in, the class of the error, and the message."""

    stage: str
    error: str
    message: str

    def encode(self) -> str:
        """Return the content of the column ``error``.

        >>> Cause("read", "DocumentError", "the file is empty").encode()
        'read/DocumentError: the file is empty'
        """
        return f"{self.stage}/{self.error}: {self.message}"

    @classmethod
    def decode(cls, error: str) -> Cause:
        """Return what :meth:`encode` was given.

        >>> Cause.decode("read/DocumentError: a/b: c")
        Cause(stage='read', error='DocumentError', message='a/b: c')
        """
        name, _, message = error.partition(": ")
        stage, _, kind = name.partition("/")
        return cls(stage, kind, message)


class _Row(NamedTuple):
    doc_id: str | None
    status: str
    error: str | None
    text: str | None
    records: Sequence[str] | None


def annotate_batch(batch: pa.RecordBatch, settings: Settings = _DEFAULT) -> pa.RecordBatch:
    """Return the annotation of each document of a batch, in the order given.

    Parameters
    ----------
    batch
        Columns ``doc_id`` (string), ``media_type`` (string) and ``content`` (binary: the bytes of
        the file). Other columns are passed over.

    Returns
    -------
    pyarrow.RecordBatch
        :data:`OUTPUT_SCHEMA`. ``status`` is ``ok``, with the raw ``text`` and the ``records`` as
        lines of JSON, or ``failed``, with the cause in ``error`` as ``stage/Error: message``. No
        document, however broken, ends the batch. An empty batch gives an empty batch.

    Raises
    ------
    SettingsError
        If a column is missing.
    """
    missing = [name for name in INPUT_SCHEMA.names if name not in batch.schema.names]
    if missing:
        raise SettingsError(
            f"the batch has no column {', '.join(missing)}; given {', '.join(batch.schema.names)}; "
            f"expected {', '.join(INPUT_SCHEMA.names)}"
        )
    ids, types, contents = (batch.column(name).to_pylist() for name in INPUT_SCHEMA.names)
    rows = [
        _row(doc_id, annotate_document(doc_id, media_type, content, settings))
        for doc_id, media_type, content in zip(ids, types, contents, strict=True)
    ]
    arrays = [
        pa.array([row[index] for row in rows], field.type)
        for index, field in enumerate(OUTPUT_SCHEMA)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=OUTPUT_SCHEMA)


def make_batch(documents: Sequence[tuple[str, str, bytes]]) -> pa.RecordBatch:
    """Return a batch of documents given as (``doc_id``, ``media_type``, ``content``)."""
    arrays = [
        pa.array([document[index] for document in documents], field.type)
        for index, field in enumerate(INPUT_SCHEMA)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=INPUT_SCHEMA)


def annotate_document(
    doc_id: str | None, media_type: str | None, content: bytes | None, settings: Settings
) -> tuple[Annotation, bytes] | Cause:
    """Return the annotation of a document and the content of its annotation file, or why it failed."""
    from jixiao.pipeline import annotate_content

    try:
        if doc_id is None or content is None:
            raise DocumentError("the batch gives the document no id or no content")
        annotation = annotate_content(
            content, doc_id=doc_id, media_type=media_type or "", settings=settings
        )
        records = encode_lines(annotation.records)
        _check_size(records)
        return annotation, records
    except Exception as error:  # Whatever is wrong with one document, the others go on.
        return _cause(error)


def _row(doc_id: str | None, found: tuple[Annotation, bytes] | Cause) -> _Row:
    if isinstance(found, Cause):
        return _Row(doc_id, FAILED, found.encode(), None, None)
    annotation, records = found
    # Only this ends a line: U+2028 and the like stand in values as they are.
    lines = records.decode().removesuffix("\n").split("\n")
    return _Row(doc_id, OK, None, annotation.text, lines)


def _check_size(records: bytes) -> None:
    if len(records) > _MOST_BYTES:
        raise DocumentError(
            f"the records of the document have {len(records):,} bytes; at most {_MOST_BYTES:,} "
            "fit a batch; split the file"
        )


def _cause(error: Exception) -> Cause:
    """Return the cause of a failure; of an error that is a fault of ours also the place."""
    kind = type(error).__name__
    if isinstance(error, DocumentError):
        return Cause("read", kind, str(error))
    layer, place = "annotate", ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("jixiao."):
            layer, place = module.split(".")[1], f" ({module}, line {line})"
    return Cause(_STAGES.get(layer, layer), kind, f"{str(error) or kind}{place}")
