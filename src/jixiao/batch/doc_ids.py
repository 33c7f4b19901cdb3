"""Document ids: the path below the given folder, made unique and fit for a file name."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Sequence
from pathlib import PurePath
from typing import Final

FOLDER_MARK: Final = "__"
# Longest file name of the common file systems is 255 bytes; this leaves room for suffixes.
_MOST_BYTES: Final = 200


def assign_doc_ids(sources: Sequence[str]) -> list[str]:
    """Return one id for each path (below its given folder, with ``/``), in the order given.

    The id is the path without suffix, ``/`` written ``__``. Where several share one, their
    suffixes are added if they differ (``a-txt``, ``a-pdf``), and those still alike (of two given
    folders) are numbered from the second on (``a``, ``a-2``). An id never takes what another
    file's path gives by itself. Two ids that differ only in case or Unicode form count as one,
    because a file system may hold them to be.

    >>> assign_doc_ids(["2021/科技局.txt", "a.txt", "a.pdf", "b.txt", "b.txt"])
    ['2021__科技局', 'a-txt', 'a-pdf', 'b', 'b-2']
    """
    plain = [_shortened(_without_suffix(source)) for source in sources]
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for index, doc_id in enumerate(plain):
        groups[_folded(doc_id)].append(index)
    taken = set(groups)
    chosen = list(plain)
    for group in groups.values():
        if len(group) > 1:
            _tell_apart(group, sources, chosen, taken)
    return chosen


def printable(path: str) -> str:
    """Return a path as text: names that are not UTF-8 are read as GB18030.

    Archives packed on Chinese Windows carry GBK names, which Linux keeps as bytes; Python shows
    these as lone surrogates, which no UTF-8 file can hold.

    >>> import os
    >>> printable(os.fsdecode("报告.txt".encode("gb18030")))
    '报告.txt'
    """
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(path).decode("gb18030", "replace")
    return path


def _tell_apart(
    group: Sequence[int], sources: Sequence[str], chosen: list[str], taken: set[Hashable]
) -> None:
    suffixes = [PurePath(sources[index]).suffix.lower().removeprefix(".") for index in group]
    differ = len(set(suffixes)) > 1
    seen: set[Hashable] = set()
    for index, suffix in zip(group, suffixes, strict=True):
        wanted = f"{chosen[index]}-{suffix}" if differ and suffix else chosen[index]
        own = not differ or not suffix
        if _folded(wanted) in seen or (not own and _folded(wanted) in taken):
            wanted = _numbered(wanted, taken)
        seen.add(_folded(wanted))
        taken.add(_folded(wanted))
        chosen[index] = wanted


def _numbered(doc_id: str, taken: set[Hashable]) -> str:
    number = 2
    while _folded(f"{doc_id}-{number}") in taken:
        number += 1
    return f"{doc_id}-{number}"


def _without_suffix(source: str) -> str:
    return PurePath(source).with_suffix("").as_posix().replace("/", FOLDER_MARK)


def _folded(doc_id: str) -> str:
    return unicodedata.normalize("NFC", doc_id).casefold()


def _shortened(doc_id: str) -> str:
    """Return an id that fits a file name: of a longer one its end and a digest of the whole."""
    content = doc_id.encode()
    if len(content) <= _MOST_BYTES:
        return doc_id
    digest = hashlib.sha256(content).hexdigest()[:8]
    return f"{content[-_MOST_BYTES:].decode('utf-8', 'ignore')}-{digest}"
