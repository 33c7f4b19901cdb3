"""The fields whose values are known: a tool offers them as choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

from jixiao.records import Bound, Direction, Measure, Modality

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "bound": get_args(Bound),
    "measure": get_args(Measure),
    "direction": get_args(Direction),
    "modality": get_args(Modality),
    "table": ("true",),
    "polarity": ("negative",),
}
