"""W3C Web Annotation (JSON-LD): an ``AnnotationPage`` for each document, ``<doc_id>.jsonld``.

A span is an annotation whose target holds a ``TextPositionSelector`` (code points, as the
recommendation says) and a ``TextQuoteSelector``; its label is a body for tagging, its fields a body of
the format ``application/json``. A reference is an annotation with the motivation ``linking``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from jixiao.annotation import Annotation
from jixiao.errors import DocumentError, RecordError
from jixiao.exchange.files import (
    as_list,
    as_object,
    member,
    optional_text,
    parse_json,
    read_utf8,
    whole_file,
)
from jixiao.exchange.losses import Losses
from jixiao.exchange.marks import (
    LAYERS,
    LINKS,
    Held,
    Layer,
    Link,
    Mark,
    MarkedDocument,
    marked,
)
from jixiao.exchange.outcome import Skipped
from jixiao.stores.annotations import text_path

HELD: Final[Held] = "all"
LINKED: Final = True

_CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"
_SUFFIX: Final = ".jsonld"
_URN: Final = "urn:jixiao:"
_QUOTED: Final = 32  # characters before and after a quote


def write(
    annotations: Iterable[Annotation], path: Path, layers: Collection[Layer] = LAYERS
) -> Losses:
    """Write the folder ``path``: a file for each document."""
    losses = Losses()
    counted = losses.counted(annotations, HELD, linked=LINKED, layers=layers)
    for annotation in counted:
        name = text_path(path, annotation.document.doc_id).name.removesuffix(".txt")
        with whole_file(path / f"{name}{_SUFFIX}") as file:
            json.dump(_page(annotation, layers), file, ensure_ascii=False, indent=1)
            file.write("\n")
    return losses


def _page(annotation: Annotation, layers: Collection[Layer]) -> dict[str, Any]:
    document = marked(annotation, HELD, layers)
    doc_id = quote(annotation.document.doc_id, safe="")
    base = f"{_URN}{doc_id}"
    source = f"text/{doc_id}.txt"
    items = [_item(mark, annotation.text, base, source) for mark in document.marks]
    items += [
        {
            "id": f"{base}:link{number}",
            "type": "Annotation",
            "motivation": "linking",
            "body": [
                {"type": "TextualBody", "purpose": "tagging", "value": link.name},
                {
                    "type": "SpecificResource",
                    "purpose": "linking",
                    "source": f"{base}:{link.target}",
                },
            ],
            "target": f"{base}:{link.source}",
        }
        for number, link in enumerate(document.links, start=1)
    ]
    return {"@context": _CONTEXT, "id": base, "type": "AnnotationPage", "items": items}


def _item(mark: Mark, text: str, base: str, source: str) -> dict[str, Any]:
    bodies = [{"type": "TextualBody", "purpose": "tagging", "value": mark.label}]
    if mark.fields:
        value = json.dumps(mark.fields, ensure_ascii=False)
        describing = {"purpose": "describing", "format": "application/json", "value": value}
        bodies.append({"type": "TextualBody", **describing})
    return {
        "id": f"{base}:{mark.id}",
        "type": "Annotation",
        "motivation": "tagging",
        "body": bodies,
        "target": {
            "source": source,
            "selector": [
                {"type": "TextPositionSelector", "start": mark.start, "end": mark.end},
                {
                    "type": "TextQuoteSelector",
                    "exact": text[mark.start : mark.end],
                    "prefix": text[max(0, mark.start - _QUOTED) : mark.start],
                    "suffix": text[mark.end : mark.end + _QUOTED],
                },
            ],
        },
    }


def read(path: Path, text_of: Callable[[str], str | None]) -> Iterator[MarkedDocument | Skipped]:
    """Yield the documents of a ``.jsonld`` file, or those of all in a folder, by name.

    Pages, collections, arrays and single annotations are read. A quote whose position is missing or
    wrong is searched for in the text, where it must stand once with its prefix and suffix.

    Raises
    ------
    DocumentError, RecordError
        If a file cannot be read, or an annotation has no tag, no selector or no place in the text.
    """
    files = sorted(path.glob(f"*{_SUFFIX}")) if path.is_dir() else [path]
    if not files:
        raise DocumentError(f"no {_SUFFIX} file in {path}; expected a folder of annotation pages")
    for file in files:
        given = parse_json(read_utf8(file), str(file))
        reader = _Reader(file, text_of)
        # A page of ours from which every annotation was deleted still says what it is about.
        name = optional_text(given, "id") if isinstance(given, dict) else None
        if name is not None and name.startswith(_URN):
            reader.begin(unquote(name.removeprefix(_URN)))
        yield from reader.read(list(_items(given, str(file))))


def _items(given: Any, where: str) -> Iterator[dict[str, Any]]:
    if isinstance(given, list):
        for one in given:
            yield from _items(one, where)
        return
    page = as_object(given, where)
    if page.get("type") == "AnnotationCollection":
        page = as_object(page.get("first"), where)
        if page.get("next") is not None:
            raise RecordError(
                f"{where}: the collection goes on elsewhere; expected all in one page"
            )
    if page.get("type") == "Annotation":
        yield page
    else:
        for one in as_list(page.get("items"), where):
            yield as_object(one, where)


class _Reader:
    """Reads the annotations of one file, which may be of several documents."""

    def __init__(self, path: Path, text_of: Callable[[str], str | None]) -> None:
        self._path = path
        self._text_of = text_of
        self._documents: dict[str, MarkedDocument] = {}
        self._home: dict[str, str] = {}  # the document of each annotation

    def read(self, items: list[dict[str, Any]]) -> Iterator[MarkedDocument]:
        linking = []
        for number, item in enumerate(items, start=1):
            where = f"{self._path}, annotation {number}"
            if item.get("motivation") == "linking":
                linking.append((item, where))
            else:
                self._read_mark(item, number, where)
        for item, where in linking:
            self._read_link(item, where)
        yield from self._documents.values()

    def begin(self, doc_id: str) -> None:
        """Say what document the file is about, whether it holds annotations of it or none."""
        self._document(doc_id, str(self._path))

    def _document(self, doc_id: str, where: str) -> MarkedDocument:
        if doc_id not in self._documents:
            text = self._text_of(doc_id)
            if text is None:
                raise RecordError(
                    f"{where}: a Web Annotation does not hold the text of {doc_id!r}; give the run "
                    "it was exported from with --onto DIR"
                )
            found = MarkedDocument(doc_id, text, [], [], HELD, True, str(self._path))
            self._documents[doc_id] = found
        return self._documents[doc_id]

    def _read_mark(self, item: dict[str, Any], number: int, where: str) -> None:
        target = as_object(_only(item.get("target"), where), where)
        source = member(target, "source", str, where).rpartition("/")[2]
        document = self._document(unquote(source).removesuffix(".txt"), where)
        tag, fields = _bodies(item, where)
        start, end, exact = _place(target, document.text or "", where)
        name = optional_text(item, "id") or f"annotation {number}"
        document.marks.append(Mark(_mark_id(name), tag, start, end, exact, fields, where))
        if name in self._home:
            raise RecordError(f"{where}: the id {name!r} is used twice")
        self._home[name] = str(document.doc_id)
        creator = item.get("creator")
        if isinstance(creator, dict) and creator.get("type") != "Software":
            document.reviewer = optional_text(creator, "name") or document.reviewer
        changed = optional_text(item, "modified") or optional_text(item, "created")
        document.time = max(filter(None, (document.time, changed)), default=None)

    def _read_link(self, item: dict[str, Any], where: str) -> None:
        source = member({"target": _only(item.get("target"), where)}, "target", str, where)
        bodies = [as_object(one, where) for one in as_list(item.get("body"), where)]
        names = [one.get("value") for one in bodies if one.get("purpose") == "tagging"]
        targets = [one.get("source") for one in bodies if one.get("purpose") == "linking"]
        if len(names) != 1 or names[0] not in LINKS or len(targets) != 1:
            raise RecordError(
                f"{where}: linking {names} {targets}; expected one tag of {', '.join(LINKS)} and "
                "one resource"
            )
        for name in (source, targets[0]):
            if name not in self._home:
                raise RecordError(f"{where}: links {name!r}, which is no annotation of the file")
        ends = [_mark_id(name) for name in (source, str(targets[0]))]
        document = self._documents[self._home[source]]
        document.links.append(Link(str(names[0]), ends[0], ends[1], where))


def _mark_id(name: str) -> str:
    return name.rpartition(":")[2] if name.startswith(_URN) else name


def _only(value: Any, where: str) -> Any:
    if isinstance(value, list) and len(value) != 1:
        raise RecordError(f"{where}: {len(value)} targets; expected one")
    return value[0] if isinstance(value, list) else value


def _bodies(item: dict[str, Any], where: str) -> tuple[str, dict[str, Any]]:
    body = item.get("body")
    bodies = [as_object(one, where) for one in (body if isinstance(body, list) else [body])]
    tags = [one.get("value") for one in bodies if one.get("purpose", "tagging") == "tagging"]
    if len(tags) != 1 or not isinstance(tags[0], str):
        raise RecordError(f"{where}: tags {tags!r:.60}; expected one body for tagging")
    fields: dict[str, Any] = {}
    for one in bodies:
        if one.get("format") == "application/json":
            value = member(one, "value", str, where)
            fields.update(as_object(parse_json(value, where), where))
    return tags[0], fields


def _place(target: dict[str, Any], text: str, where: str) -> tuple[int, int, str]:
    given = target.get("selector")
    selectors = [as_object(one, where) for one in (given if isinstance(given, list) else [given])]
    position = next((s for s in selectors if s.get("type") == "TextPositionSelector"), None)
    quoted = next((s for s in selectors if s.get("type") == "TextQuoteSelector"), None)
    if position is not None:
        start, end = (member(position, name, int, where) for name in ("start", "end"))
        exact = optional_text(quoted or {}, "exact")
        if exact is None or text[start:end] == exact:
            return start, end, text[start:end]
    if quoted is None:
        raise RecordError(f"{where}: expected a TextPositionSelector or a TextQuoteSelector")
    exact = member(quoted, "exact", str, where)
    start = _find_quote(text, exact, quoted, where)
    return start, start + len(exact), exact


def _find_quote(text: str, exact: str, quoted: dict[str, Any], where: str) -> int:
    prefix, suffix = (optional_text(quoted, name) or "" for name in ("prefix", "suffix"))
    whole = f"{prefix}{exact}{suffix}"
    first = text.find(whole) if exact else -1
    if first < 0 or text.find(whole, first + 1) >= 0:
        number = "not" if first < 0 else "more than once"
        raise RecordError(f"{where}: {exact[:40]!r} stands {number} in the text where it should")
    return first + len(prefix)
