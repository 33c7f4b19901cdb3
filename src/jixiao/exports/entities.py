"""The sheet ``实体``: each name of a document once, with how often it is mentioned."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from jixiao.annotation import Annotation
from jixiao.exports.names import ENTITY_LABELS
from jixiao.exports.rows import CONFIDENCE, FILE, KEY, PLACE, REVIEW, place_of
from jixiao.exports.sheet import Cell, Column
from jixiao.records import Entity

_BLANKS: Final = re.compile(" (?![A-Za-z])|(?<![A-Za-z]) ")

ENTITY_COLUMNS: Final = (
    FILE,
    Column("类别", 11, "企业、机关、机构、园区、地名、人物、政策项目、荣誉、文件"),
    Column("名称", 36, "报告中的写法，不计其中的空白", "wrap"),
    Column("全称", 36, "名称为简称时，报告中与之对应的全称", "wrap"),
    Column("提及次数", 11, "报告中以这一写法提及的次数", "number"),
    *PLACE,
    CONFIDENCE,
    *REVIEW,
    Column("编号", 8, "首次提及的文档内编号，同 Parquet 表 entities 的 id"),
    KEY,
)


def entity_rows(annotation: Annotation) -> Iterator[Sequence[Cell]]:
    """Yield each name of a document as a row of :data:`ENTITY_COLUMNS`, in order of first mention.

    Mentions with the same label and, blanks left out, the same text are one name; sentence, place,
    confidence, id and key are those of the first.
    """
    entities = annotation.entities
    by_id = {entity.id: entity for entity in entities}
    mentions: dict[tuple[str, str], list[Entity]] = {}
    for entity in entities:
        mentions.setdefault((entity.label, written(entity)), []).append(entity)
    for (label, name), same in mentions.items():
        first = same[0]
        full = (full_name(entity, by_id) for entity in same)
        yield (
            annotation.document.doc_id,
            ENTITY_LABELS[label],
            name,
            next(filter(None, full), None),
            len(same),
            *place_of(annotation.text, first),
            first.confidence,
            None,
            None,
            first.id,
            first.key,
        )


def written(entity: Entity) -> str:
    r"""Return a name without the blanks and line ends that stand in it, but between Latin words.

    >>> written(Entity(id="e1", start=0, end=6, text="市科\n 技局", label="GOV"))
    '市科技局'
    """
    return _BLANKS.sub("", " ".join(entity.text.split()))


def full_name(entity: Entity, by_id: dict[str, Entity]) -> str | None:
    """Return the name that a short one refers to, by way of others too; None where there is none."""
    passed = {entity.id}
    last = entity
    while last.refers_to in by_id and last.refers_to not in passed:
        passed.add(last.refers_to)
        last = by_id[last.refers_to]
    name = written(last)
    return name if name != written(entity) else None
