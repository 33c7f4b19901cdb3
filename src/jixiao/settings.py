"""What a run may be told: the part of its input that is not a report."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from jixiao.records import SCHEMA_VERSION


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of a run. Picklable, hashable, and without reference to any file.

    Parameters
    ----------
    catalogue
        The *content* of the user's indicator catalogue (YAML, or CSV with the columns of the built-in
        one; only ``id``, ``name_zh`` and ``unit`` must be filled), or None.
    catalogue_mode
        ``add`` puts the user's rows beside the built-in ones (a row of the same id wins);
        ``replace`` uses the user's rows alone.
    lexicon
        The *content* of the user's lexicon: rows for the tables of units, bounds, cues, words …
        (:func:`jixiao.resources.use_lexicon`), or None.
    ocr
        A command that reads the picture of a page without text: its words, of which ``{}`` stands
        for the path of the picture (PNG); it prints the text. None leaves such pages unread.
    """

    catalogue: str | None = None
    catalogue_mode: Literal["add", "replace"] = "add"
    lexicon: str | None = None
    ocr: tuple[str, ...] | None = None

    def fingerprint(self) -> str:
        """Return 16 hex digits that change whenever the same input may give other output.

        They cover these settings, the schema, and every source file and table of the package.
        """
        digest = hashlib.sha256(_package_digest().encode())
        digest.update(msgspec.json.encode(self))
        return digest.hexdigest()[:16]


@cache
def _package_digest() -> str:
    digest = hashlib.sha256(SCHEMA_VERSION.encode())
    pending = [resources.files("jixiao")]
    names: list[tuple[str, bytes]] = []
    while pending:
        folder = pending.pop()
        for item in folder.iterdir():
            if item.is_dir():
                if item.name != "__pycache__":
                    pending.append(item)
            elif not item.name.endswith(".pyc"):
                names.append((str(item), item.read_bytes()))
    root = str(resources.files("jixiao"))
    for name, content in sorted(names):
        digest.update(name.removeprefix(root).encode())
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()
