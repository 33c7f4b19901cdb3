r"""brat standoff: ``<doc_id>.txt`` and ``<doc_id>.ann`` in a folder, with ``annotation.conf``.

A span is a text-bound annotation, a field with known values an attribute, all other fields a note
(one JSON object, which also holds the record's key), a reference a relation. Offsets are code points
of the text file, in which line ends are kept as they are.

brat ends a line of its file where Python's ``str.splitlines`` does, so a span that runs over a line
end is written in fragments, one a line; fragments with anything else between them are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from jixiao.annotation import Annotation
from jixiao.errors import DocumentError, RecordError
from jixiao.exchange.files import parse_json, read_utf8, whole_file
from jixiao.exchange.losses import Losses
from jixiao.exchange.marks import (
    LABELS,
    LAYERS,
    LINKS,
    TRIGGER,
    Held,
    Layer,
    Link,
    Mark,
    MarkedDocument,
    marked,
)
from jixiao.exchange.outcome import Skipped
from jixiao.exchange.values import CHOICES
from jixiao.stores.annotations import text_path

HELD: Final[Held] = "fields"
LINKED: Final = True

_NOTE: Final = "AnnotatorNotes"
_KEY: Final = "key"
# Attributes of brat have names without signs: bounds go into the note.
_FLAG: Final = "table"  # an attribute without values
_ATTRIBUTES: Final = ("measure", "direction", "modality", _FLAG, "polarity")
_BREAKS: Final = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_FRAGMENT: Final = re.compile(r"(\d{1,15}) (\d{1,15})")


def write(
    annotations: Iterable[Annotation], path: Path, layers: Collection[Layer] = LAYERS
) -> Losses:
    """Write the folder ``path``: two files for each document, and ``annotation.conf``."""
    losses = Losses()
    counted = losses.counted(annotations, HELD, linked=LINKED, layers=layers)
    for annotation in counted:
        # The check of names that keeps every file in its folder is that of run folders.
        name = text_path(path, annotation.document.doc_id).name.removesuffix(".txt")
        with whole_file(path / f"{name}.txt") as file:
            file.write(annotation.text)
        with whole_file(path / f"{name}.ann") as file:
            document = marked(annotation, HELD, layers)
            kept, left = holdable(document.marks, annotation.text)
            for mark, why in left:
                losses.leave_out(annotation.document.doc_id, mark, why)
            # The word of a claim that stays behind stays with it.
            held = {mark.id for mark in kept}
            orphans = {one.target for one in document.links if one.source not in held}
            shown = [one for one in kept if one.label != TRIGGER or one.id not in orphans]
            file.writelines(_lines(annotation, shown, document.links))
    with whole_file(path / "annotation.conf") as file:
        file.write(configuration(layers))
    return losses


def configuration(layers: Collection[Layer] = LAYERS) -> str:
    """Return the ``annotation.conf`` that brat needs to show and edit the files."""
    entities = [label for layer in layers for label in LABELS[layer]]
    entities += [TRIGGER] if "claim" in layers else []
    names: dict[str, str] = {layer: "|".join(LABELS[layer]) for layer in layers}
    names[TRIGGER] = TRIGGER
    relations = [
        f"{name} Arg1:{names[source]}, Arg2:{names[target]}"
        for name, (source, target) in LINKS.items()
        if source in layers and target in names
    ]
    attributes = [
        f"{name} Arg:<ENTITY>" + (f", Value:{'|'.join(CHOICES[name])}" if name != _FLAG else "")
        for name in _ATTRIBUTES
    ]
    sections = {
        "entities": entities,
        "relations": [*relations, "<OVERLAP> Arg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"],
        "events": [],
        "attributes": attributes,
    }
    return "\n".join(line for name, rows in sections.items() for line in (f"[{name}]", *rows, ""))


def holdable(marks: Iterable[Mark], text: str) -> tuple[list[Mark], list[tuple[Mark, str]]]:
    """Return the marks that brat can hold, and the others, each with the reason."""
    kept: list[Mark] = []
    left: list[tuple[Mark, str]] = []
    for mark in marks:
        edges = text[mark.start] + text[mark.end - 1]
        if _BREAKS.search(edges):
            left.append((mark, "begins or ends with a line end"))
        else:
            kept.append(mark)
    return kept, left


def _lines(annotation: Annotation, marks: Sequence[Mark], links: Iterable[Link]) -> Iterator[str]:
    numbers = {mark.id: f"T{number}" for number, mark in enumerate(marks, start=1)}
    attributes = notes = 0
    for mark in marks:
        pieces = fragments(annotation.text, mark.start, mark.end)
        places = ";".join(f"{start} {end}" for start, end in pieces)
        shown = " ".join(annotation.text[start:end] for start, end in pieces)
        yield f"{numbers[mark.id]}\t{mark.label} {places}\t{shown}\n"
        note: dict[str, Any] = {_KEY: mark.id} if mark.label != TRIGGER else {}
        for name, value in mark.fields.items():
            if name in _ATTRIBUTES:
                attributes += 1
                shown_value = "" if name == _FLAG else f" {value}"
                yield f"A{attributes}\t{name} {numbers[mark.id]}{shown_value}\n"
            else:
                note[name] = value
        if note:
            notes += 1
            yield f"#{notes}\t{_NOTE} {numbers[mark.id]}\t{_one_line(note)}\n"
    held = (link for link in links if link.source in numbers and link.target in numbers)
    for number, link in enumerate(held, start=1):
        ends = f"Arg1:{numbers[link.source]} Arg2:{numbers[link.target]}"
        yield f"R{number}\t{link.name} {ends}\t\n"


def _one_line(note: dict[str, Any]) -> str:
    content = json.dumps(note, ensure_ascii=False)
    return _BREAKS.sub(lambda found: json.dumps(found.group())[1:-1], content)


def fragments(text: str, start: int, end: int) -> list[tuple[int, int]]:
    r"""Return the parts of a span that stand in one line each.

    >>> fragments("投资9.85\n亿元", 2, 9)
    [(2, 6), (7, 9)]
    """
    parts: list[tuple[int, int]] = []
    for found in _BREAKS.finditer(text, start, end):
        parts.append((start, found.start()))
        start = found.end()
    parts.append((start, end))
    return parts


def read(path: Path, text_of: Callable[[str], str | None]) -> Iterator[MarkedDocument | Skipped]:
    """Yield the document of an ``.ann`` file, or those of all in a folder, by name.

    Raises
    ------
    DocumentError, RecordError
        If a file cannot be read, a line is no annotation of brat, or a span is discontinuous.
    """
    files = sorted(path.glob("*.ann")) if path.is_dir() else [path.with_suffix(".ann")]
    if not files:
        raise DocumentError(f"no .ann file in {path}; expected a folder of brat's")
    for file in files:
        source = file.with_name(f"{file.name.removesuffix('.ann')}.txt")
        text = read_utf8(source, keep_bom=True)
        yield _Reader(file, text).read()


class _Reader:
    """Reads one ``.ann`` file."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text
        self._marks: dict[str, Mark] = {}
        doc_id = path.name.removesuffix(".ann")
        self._document = MarkedDocument(doc_id, text, [], [], HELD, LINKED, str(path))

    def read(self) -> MarkedDocument:
        later: list[tuple[str, str, str]] = []
        for number, line in enumerate(read_utf8(self._path).split("\n"), start=1):
            where = f"{self._path}, line {number}"
            mark_id, _, rest = line.rstrip("\r").partition("\t")
            if mark_id.startswith("T"):
                self._read_span(mark_id, rest, where)
            elif line.strip():
                later.append((mark_id, rest, where))
        for mark_id, rest, where in later:
            self._read_other(mark_id, rest, where)
        self._take_keys()
        return self._document

    def _read_span(self, mark_id: str, rest: str, where: str) -> None:
        head, _, shown = rest.partition("\t")
        label, _, places = head.partition(" ")
        found = [_FRAGMENT.fullmatch(part) for part in places.split(";")]
        pieces = [(int(one.group(1)), int(one.group(2))) for one in found if one is not None]
        if not label or len(pieces) < len(found):
            raise RecordError(f"{where}: {rest[:60]!r}; expected LABEL START END, tab, text")
        for (_, before), (after, _) in pairwise(pieces):
            between = self._text[before:after]
            if after < before or not _BREAKS.fullmatch(between):
                raise RecordError(
                    f"{where}: {mark_id} is discontinuous ({places}, {between[:20]!r} between); a "
                    "record is one stretch of text: mark it whole, or as two"
                )
        text = " ".join(self._text[start:end] for start, end in pieces)
        if shown != text:
            raise RecordError(
                f"{where}: {mark_id} says {shown[:40]!r}, the text at {places} {text[:40]!r}; does "
                "the .txt file belong to it?"
            )
        if mark_id in self._marks:
            raise RecordError(f"{where}: {mark_id} is defined twice")
        start, end = pieces[0][0], pieces[-1][1]
        self._marks[mark_id] = Mark(mark_id, label, start, end, where=where)

    def _read_other(self, mark_id: str, rest: str, where: str) -> None:
        head, _, tail = rest.partition("\t")
        words = head.split(" ")
        if mark_id.startswith(("A", "M")) and len(words) in (2, 3):
            value = words[2] if len(words) == 3 else "true"
            self._mark(words[1], where).fields[words[0]] = value
        elif mark_id.startswith("#") and len(words) == 2:
            self._read_note(words[1], tail, where)
        elif mark_id.startswith("R") and len(words) == 3:
            self._read_relation(words, where)
        elif mark_id.startswith(("E", "N", "*", "#")):
            self._document.notes.append(f"{where}: {mark_id} ({head[:40]}) is no span; left aside")
        else:
            raise RecordError(f"{where}: {mark_id[:20]!r} {rest[:40]!r} is no annotation of brat")

    def _read_note(self, target: str, tail: str, where: str) -> None:
        if target not in self._marks:
            self._document.notes.append(f"{where}: a note on {target}, no span; left aside")
            return
        try:
            given = parse_json(tail, where)
        except RecordError:
            given = None
        if isinstance(given, dict):
            self._marks[target].fields.update(given)
        else:
            self._document.notes.append(f"{where}: note on {target}: {tail[:200]}")

    def _read_relation(self, words: list[str], where: str) -> None:
        ends = dict(word.partition(":")[::2] for word in words[1:])
        if words[0] not in LINKS or not ends.keys() >= {"Arg1", "Arg2"}:
            raise RecordError(
                f"{where}: {' '.join(words)[:60]!r}; expected one of {', '.join(LINKS)} with Arg1 "
                "and Arg2"
            )
        for end in (ends["Arg1"], ends["Arg2"]):
            self._mark(end, where)
        self._document.links.append(Link(words[0], ends["Arg1"], ends["Arg2"], where))

    def _mark(self, mark_id: str, where: str) -> Mark:
        if mark_id not in self._marks:
            raise RecordError(f"{where}: {mark_id!r} is no span of the file")
        return self._marks[mark_id]

    def _take_keys(self) -> None:
        """Name the marks by the keys in their notes, which outlive a corrected span."""
        taken = {name: mark.fields.pop(_KEY, None) for name, mark in self._marks.items()}
        seen: set[str] = set()
        names: dict[str, str] = {}
        for name, key in taken.items():
            fresh = isinstance(key, str) and key not in seen and key not in self._marks
            names[name] = key if fresh and isinstance(key, str) else name
            seen.add(names[name])
        for name, mark in self._marks.items():
            mark.id = names[name]
        self._document.marks = list(self._marks.values())
        self._document.links = [
            Link(link.name, names[link.source], names[link.target], link.where)
            for link in self._document.links
        ]
