"""Reading and writing the files of other tools: whole files, named lines, named mistakes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TextIO

from jixiao.errors import DocumentError, OutputError, RecordError
from jixiao.stores.atomic import temporary_beside

_BOM: Final = b"\xef\xbb\xbf"


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """Open a text file (UTF-8, line ends as given) that appears under its name when it is complete.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    temporary = temporary_beside(path)
    try:
        with temporary.open("w", encoding="utf-8", newline="") as file:
            yield file
        temporary.replace(path)
    except OSError as error:
        raise OutputError(
            f"cannot write {path}: {error}; choose a place you may write to"
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def write_json_lines(path: Path, objects: Iterable[Mapping[str, Any]]) -> None:
    """Write a JSON Lines file that appears under its name when it is complete.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    with whole_file(path) as file:
        for one in objects:
            line = json.dumps(one, ensure_ascii=False)
            file.write(f"{line}\n")


def read_utf8(path: Path, *, keep_bom: bool = False) -> str:
    """Return the text of a file as it stands; a byte order mark is left out unless it is content.

    Raises
    ------
    DocumentError
        If there is no such file, or it is not UTF-8.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DocumentError(
            f"cannot read {path}: {error.strerror or error}; expected a file that an annotation "
            "tool wrote"
        ) from error
    try:
        return (content if keep_bom else content.removeprefix(_BOM)).decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DocumentError(f"{path}, line {line}: not UTF-8; save the file as UTF-8") from error


def json_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects of a JSON Lines file, each with the place it stands in.

    Raises
    ------
    DocumentError
        If the file cannot be read.
    RecordError
        If a line is no JSON object.
    """
    # Only "\n" ends a line: JSON leaves U+2028 and its like in a string as they are.
    for number, line in enumerate(read_utf8(path).split("\n"), start=1):
        if line.strip():
            where = f"{path}, line {number}"
            yield where, as_object(parse_json(line, where), where)


def parse_json(content: str, where: str) -> Any:
    """Return what JSON text holds; a number with a fraction stays the text it is, digit for digit.

    Raises
    ------
    RecordError
        If it is no JSON; the message says in which line.
    """
    try:
        return json.loads(content, parse_float=str, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise RecordError(f"{where}: nested too deeply to be annotations") from error
    except ValueError as error:
        raise RecordError(f"{where}: not JSON: {error}; given {content[:60]!r}") from error


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def as_object(value: Any, where: str) -> dict[str, Any]:
    """Return a JSON object, or refuse what is none.

    Raises
    ------
    RecordError
        If it is none.
    """
    if not isinstance(value, dict):
        raise RecordError(f"{where}: expected a JSON object, given {_shown(value)}")
    return value


def as_list(value: Any, where: str) -> list[Any]:
    """Return a JSON array; None is an empty one.

    Raises
    ------
    RecordError
        If it is neither.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        raise RecordError(f"{where}: expected a JSON array, given {_shown(value)}")
    return value


def member(given: dict[str, Any], name: str, kind: type[Any], where: str) -> Any:
    """Return a member of an object that must be there and of a kind.

    Raises
    ------
    RecordError
        If it is missing or of another kind; ``True`` is no number.
    """
    value = given.get(name)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise RecordError(
            f"{where}: {name!r} is {_shown(value)}; expected {_KINDS.get(kind, kind.__name__)}"
        )
    return value


def optional_text(given: dict[str, Any], name: str) -> str | None:
    """Return a member that is a text, else None."""
    value = given.get(name)
    return value if isinstance(value, str) else None


_KINDS: Final[dict[type[Any], str]] = {int: "a whole number", str: "a text", list: "an array"}


def _shown(value: Any) -> str:
    return "missing" if value is None else repr(value)[:60]
