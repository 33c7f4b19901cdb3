"""Where a clause begins and ends around a number."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import Final

# Commas inside numbers (12,358) end no clause.
_END: Final = re.compile(r"[，；：。！？;:!?\n\t]|,(?!\d{3})")
_SENTENCE_END: Final = frozenset("。！？!?\n\t")


class Clauses:
    """The clause and sentence boundaries of a view text, looked up by position."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._ends = [match.end() for match in _END.finditer(text)]
        self._sentence_ends = [end for end in self._ends if text[end - 1] in _SENTENCE_END]

    def start(self, position: int) -> int:
        """Return where the clause around ``position`` begins."""
        index = bisect_right(self._ends, position)
        return self._ends[index - 1] if index else 0

    def end(self, position: int) -> int:
        """Return where the clause around ``position`` ends, its mark left out."""
        index = bisect_right(self._ends, position)
        return self._ends[index] - 1 if index < len(self._ends) else len(self.text)

    def sentence_start(self, position: int) -> int:
        """Return where the sentence (up to 。！？ or a line end) around ``position`` begins."""
        index = bisect_right(self._sentence_ends, position)
        return self._sentence_ends[index - 1] if index else 0

    def sentence_end(self, position: int) -> int:
        """Return where the sentence around ``position`` ends, its mark left out."""
        index = bisect_right(self._sentence_ends, position)
        ends = self._sentence_ends
        return ends[index] - 1 if index < len(ends) else len(self.text)

    def before(self, position: int, count: int, floor: int) -> int:
        """Return the start of the clause ``count`` clauses before the one at ``position``."""
        index = bisect_right(self._ends, position)
        low = bisect_left(self._ends, floor)
        chosen = max(index - 1 - count, low)
        return self._ends[chosen] if index and chosen < index else floor
