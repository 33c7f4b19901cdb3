"""Segmentation of plain strings into words, whatever the engine, as offsets that leave no gap.

Every layer that needs words asks here, and no layer depends on spaCy to get them. Importing this
package loads no engine; a dictionary is read when the first text is segmented, once a process.
"""

from __future__ import annotations

from jixiao.tokens.engines import ENGINES, Segmenter, load_segmenter, require_engine, segment
from jixiao.tokens.offsets import Token, cut_at, offsets_of

__all__ = [
    "ENGINES",
    "Segmenter",
    "Token",
    "cut_at",
    "load_segmenter",
    "offsets_of",
    "require_engine",
    "segment",
]
