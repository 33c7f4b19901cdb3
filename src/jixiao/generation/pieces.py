"""What a generated sentence is made of: plain text, and mentions that carry their gold fields.

Sentences are lists of parts and are joined once, so that every offset is counted, never searched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from jixiao.exact import plain
from jixiao.records import Bound, Direction, Measure, Modality, Quantity, QuantityLabel


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A quantity as it is printed, and what the guideline says of it.

    The fields are those of :class:`jixiao.records.Quantity`; only the place is still open.
    """

    text: str
    label: QuantityLabel
    value: Decimal
    unit: str
    value_high: Decimal | None = None
    bound: Bound = "="
    noun: str | None = None
    subject: str | None = None
    measure: Measure = "level"
    direction: Direction | None = None
    period: str | None = None
    region: str | None = None
    modality: Modality = "actual"


Piece: TypeAlias = str | Mention
"""Plain text or a quantity."""

Pieces: TypeAlias = "Piece | Sequence[Pieces]"
"""Pieces, nested as a template finds convenient."""


def flatten(pieces: Pieces) -> list[Piece]:
    """Return nested pieces in a row, without empty text.

    >>> flatten(["新增", ["企业", ["", "。"]]])
    ['新增', '企业', '。']
    """
    if isinstance(pieces, str | Mention):
        return [pieces] if pieces != "" else []
    return [piece for part in pieces for piece in flatten(part)]


def assemble(pieces: Iterable[Piece]) -> tuple[str, list[Quantity]]:
    """Join pieces to a text and its gold quantities.

    >>> mention = Mention(text="15家", label="COUNT", value=Decimal(15), unit="家", noun="企业")
    >>> text, (quantity,) = assemble(["新增企业", mention, "。"])
    >>> text, quantity.start, quantity.end, text[quantity.start : quantity.end]
    ('新增企业15家。', 4, 7, '15家')
    """
    parts: list[str] = []
    quantities: list[Quantity] = []
    position = 0
    for piece in pieces:
        text = piece if isinstance(piece, str) else piece.text
        if isinstance(piece, Mention):
            quantities.append(_located(piece, f"q{len(quantities) + 1}", position))
        parts.append(text)
        position += len(text)
    return "".join(parts), quantities


def _located(mention: Mention, identity: str, start: int) -> Quantity:
    high = mention.value_high
    return Quantity(
        id=identity,
        start=start,
        end=start + len(mention.text),
        text=mention.text,
        label=mention.label,
        value=plain(mention.value),
        value_high=None if high is None else plain(high),
        unit=mention.unit,
        bound=mention.bound,
        noun=mention.noun,
        subject=mention.subject,
        measure=mention.measure,
        direction=mention.direction,
        period=mention.period,
        region=mention.region,
        modality=mention.modality,
    )
