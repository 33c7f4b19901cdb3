"""Label Studio: a JSON list of tasks, and beside it the labelling interface that shows them.

A span is a region of the control ``label``; each of its fields an answer of a control of the field's
name (choices where the values are known, else a text); a reference a relation. The ids of regions are
the keys of the records, so that a corrected region is still known. Label Studio counts code points.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from jixiao.annotation import Annotation
from jixiao.errors import RecordError
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
    LABELS,
    LAYERS,
    LINKS,
    TRIGGER,
    Held,
    Layer,
    Link,
    Mark,
    MarkedDocument,
    editable_fields,
    marked,
    text_digest,
)
from jixiao.exchange.outcome import Skipped
from jixiao.exchange.values import CHOICES

HELD: Final[Held] = "fields"
LINKED: Final = True
CONFIG_SUFFIX: Final = ".config.xml"

_LABEL: Final = "label"
_TEXT: Final = "text"
_COLOURS: Final = {
    "quantity": "#1F77B4",
    "entity": "#2CA02C",
    "claim": "#FF7F0E",
    TRIGGER: "#D62728",
}
_FIELDS: Final = frozenset(name for layer in LAYERS for name in editable_fields(layer))


def write(
    annotations: Iterable[Annotation], path: Path, layers: Collection[Layer] = LAYERS
) -> Losses:
    """Write tasks with a prediction each to ``path``, and ``<name>.config.xml`` beside it."""
    losses = Losses()
    with whole_file(path) as file:
        file.write("[")
        counted = losses.counted(annotations, HELD, linked=LINKED, layers=layers)
        for number, annotation in enumerate(counted):
            file.write(",\n" if number else "\n")
            json.dump(_task(annotation, layers), file, ensure_ascii=False)
        file.write("\n]\n")
    with whole_file(path.with_suffix(CONFIG_SUFFIX)) as file:
        file.write(labelling_config(layers))
    return losses


def labelling_config(layers: Collection[Layer] = LAYERS) -> str:
    """Return the labelling interface (XML) that the tasks need."""
    labels = [
        f"    <Label value={quoteattr(label)} background={quoteattr(_COLOURS[layer])}/>"
        for layer in layers
        for label in LABELS[layer]
    ]
    if "claim" in layers:
        labels.append(f'    <Label value="{TRIGGER}" background="{_COLOURS[TRIGGER]}"/>')
    relations = [
        f"    <Relation value={quoteattr(name)}/>"
        for name, (layer, _) in LINKS.items()
        if layer in layers
    ]
    lines = [
        "<View>",
        f'  <Labels name="{_LABEL}" toName="{_TEXT}">',
        *labels,
        "  </Labels>",
        "  <Relations>",
        *relations,
        "  </Relations>",
        f'  <Text name="{_TEXT}" value="${_TEXT}" granularity="symbol"/>',
        *(line for name in _fields_of(layers) for line in _control(name, layers)),
        "</View>",
    ]
    return "\n".join(lines) + "\n"


def _fields_of(layers: Collection[Layer]) -> list[str]:
    names = (name for layer in LAYERS if layer in layers for name in editable_fields(layer))
    return list(dict.fromkeys(names))


def _control(name: str, layers: Collection[Layer]) -> Iterator[str]:
    labels = [
        label
        for layer in LAYERS
        if layer in layers and name in editable_fields(layer)
        for label in LABELS[layer]
    ]
    shown = f'whenTagName="{_LABEL}" whenLabelValue="{",".join(labels)}"'
    yield f'  <View visibleWhen="region-selected" {shown}>'
    yield f'    <Header value="{name}" size="6"/>'
    common = f'name="{name}" toName="{_TEXT}" perRegion="true"'
    if name in CHOICES:
        yield f'    <Choices {common} choice="single" showInline="true">'
        yield from (f"      <Choice value={quoteattr(value)}/>" for value in CHOICES[name])
        yield "    </Choices>"
    else:
        yield f'    <TextArea {common} editable="true" maxSubmissions="1" rows="1"/>'
    yield "  </View>"


def _task(annotation: Annotation, layers: Collection[Layer]) -> dict[str, Any]:
    document = marked(annotation, HELD, layers)
    results = [result for mark in document.marks for result in _results(mark)]
    results += [
        {
            "type": "relation",
            "from_id": link.source,
            "to_id": link.target,
            "direction": "right",
            "labels": [link.name],
        }
        for link in document.links
    ]
    return {
        "data": {
            _TEXT: annotation.text,
            "doc_id": annotation.document.doc_id,
            "text_sha256": text_digest(annotation.text),
        },
        "predictions": [{"model_version": "jixiao", "result": results}],
    }


def _results(mark: Mark) -> Iterator[dict[str, Any]]:
    def result(name: str, kind: str, **value: Any) -> dict[str, Any]:
        place = {"start": mark.start, "end": mark.end}
        return {
            "id": mark.id,
            "from_name": name,
            "to_name": _TEXT,
            "type": kind,
            "value": {**place, **value},
        }

    yield result(_LABEL, "labels", text=mark.text, labels=[mark.label])
    for name, value in mark.fields.items():
        answer = value if isinstance(value, str) else json.dumps(value)
        if answer in CHOICES.get(name, ()):
            yield result(name, "choices", choices=[answer])
        else:
            yield result(name, "textarea", text=[answer])


def read(path: Path, text_of: Callable[[str], str | None]) -> Iterator[MarkedDocument | Skipped]:
    """Yield the documents of a JSON export: of each task the latest annotation, else its prediction.

    Raises
    ------
    DocumentError, RecordError
        If the file cannot be read or is no list of tasks; the message names task and region.
    """
    tasks = parse_json(read_utf8(path), str(path))
    for number, task in enumerate(as_list(tasks, str(path)), start=1):
        where = f"{path}, task {number}"
        yield _read_task(as_object(task, where), where)


def _read_task(task: dict[str, Any], where: str) -> MarkedDocument | Skipped:
    if "data" not in task and _TEXT in task:
        raise RecordError(f"{where}: no 'data'; export as JSON, not as JSON_MIN")
    data = as_object(task.get("data"), where)
    text = member(data, _TEXT, str, where)
    notes: list[str] = []
    chosen = _latest(task, where, notes)
    if chosen is None:
        return Skipped(where, optional_text(data, "doc_id"), "neither annotated nor predicted")
    document = MarkedDocument(
        optional_text(data, "doc_id"), text, [], [], HELD, LINKED, where, notes=notes
    )
    if "completed_by" in chosen:
        document.reviewer = _annotator(chosen["completed_by"])
        document.time = optional_text(chosen, "updated_at") or optional_text(chosen, "created_at")
    _read_results(chosen, document)
    return document


def _latest(task: dict[str, Any], where: str, notes: list[str]) -> dict[str, Any] | None:
    def finished(name: str) -> list[dict[str, Any]]:
        given = [one for one in as_list(task.get(name), where) if isinstance(one, dict)]
        return [one for one in given if not one.get("was_cancelled")]

    annotations = finished("annotations")
    if not annotations:
        predictions = finished("predictions")
        return predictions[-1] if predictions else None
    annotations.sort(key=lambda one: optional_text(one, "updated_at") or "")
    if len(annotations) > 1:
        notes.append(f"{where}: {len(annotations)} annotations; the latest was taken")
    return annotations[-1]


def _annotator(given: Any) -> str | None:
    if isinstance(given, dict):
        return optional_text(given, "email") or optional_text(given, "username")
    return None if given is None else f"user {given}"


def _read_results(chosen: dict[str, Any], document: MarkedDocument) -> None:
    marks: dict[str, Mark] = {}
    answers: list[tuple[str, dict[str, Any], str]] = []
    for result in as_list(chosen.get("result"), document.where):
        given = as_object(result, document.where)
        if given.get("type") == "relation":
            document.links += _read_relation(given, document.where)
            continue
        region = member(given, "id", str, document.where)
        where = f"{document.where}, region {region!r}"
        if given.get("type") in ("labels", "hypertextlabels"):
            if region in marks:
                raise RecordError(f"{where}: labelled twice; expected one label for a region")
            marks[region] = _read_region(given, region, where)
        else:
            answers.append((region, given, where))
    for region, given, where in answers:
        name, answer = _read_answer(given, where)
        if region not in marks or name not in _FIELDS:
            document.notes.append(f"{where}: the answer {name!r} belongs to no span; left aside")
        elif answer:
            marks[region].fields[name] = answer
    document.marks = list(marks.values())


def _read_region(given: dict[str, Any], region: str, where: str) -> Mark:
    value = as_object(given.get("value"), where)
    if "globalOffsets" in value:
        value = {**value, **as_object(value["globalOffsets"], where)}
    labels = as_list(value.get("labels") or value.get("hypertextlabels"), where)
    if len(labels) != 1:
        raise RecordError(f"{where}: {len(labels)} labels {labels}; expected one")
    start, end = (member(value, name, int, where) for name in ("start", "end"))
    return Mark(region, str(labels[0]), start, end, optional_text(value, "text"), where=where)


def _read_answer(given: dict[str, Any], where: str) -> tuple[str, str]:
    name = member(given, "from_name", str, where)
    value = as_object(given.get("value"), where)
    answer = value.get("choices", value.get("text", value.get("number")))
    parts = answer if isinstance(answer, list) else [answer]
    return name, "\n".join(str(part) for part in parts if part is not None)


def _read_relation(given: dict[str, Any], where: str) -> Iterator[Link]:
    source, target = (member(given, name, str, where) for name in ("from_id", "to_id"))
    labels = as_list(given.get("labels"), where)
    if len(labels) != 1 or labels[0] not in LINKS:
        raise RecordError(
            f"{where}: the relation of {source!r} to {target!r} is named {labels}; expected one of "
            f"{', '.join(LINKS)}"
        )
    yield Link(labels[0], source, target, where)
