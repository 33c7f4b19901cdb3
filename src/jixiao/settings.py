"""What a run may be told: the part of its input that is not a report."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec

from jixiao.errors import SettingsError
from jixiao.records import SCHEMA_VERSION
from jixiao.resources import MODELS


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
    redact
        Whether personal names, telephone and identity numbers and addresses of e-mail are masked in
        what is returned (:func:`jixiao.redact`).
    models
        Models of your own in the place of the built-in ones: pairs of a name (``ner``, ``claims``,
        ``alignment``) and the *content* of its file, as :func:`jixiao.read_models` returns them.
    """

    catalogue: str | None = None
    catalogue_mode: Literal["add", "replace"] = "add"
    lexicon: str | None = None
    ocr: tuple[str, ...] | None = None
    redact: bool = False
    models: tuple[tuple[str, str], ...] = ()

    def brief(self) -> Settings:
        """Return the settings with the sha256 of each model in the place of its content."""
        models = tuple(
            (name, f"sha256:{hashlib.sha256(content.encode()).hexdigest()}")
            for name, content in self.models
        )
        return msgspec.structs.replace(self, models=models)

    def fingerprint(self) -> str:
        """Return 16 hex digits that change whenever the same input may give other output.

        They cover these settings, the schema, and every source file and table of the package.
        """
        digest = hashlib.sha256(_package_digest().encode())
        digest.update(msgspec.json.encode(self))
        return digest.hexdigest()[:16]


def read_models(folder: str | Path) -> tuple[tuple[str, str], ...]:
    """Return the models in a folder that `jixiao train … --out` wrote, for :class:`Settings`.

    Raises
    ------
    SettingsError
        If there is none, or a file cannot be read.
    """
    place = Path(folder)
    try:
        found = {
            name: (place / file).read_text(encoding="utf-8")
            for name, file in MODELS.items()
            if (place / file).is_file()
        }
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"a model in {place} cannot be read: {error}") from error
    if not found:
        raise SettingsError(
            f"no model in {place}; expected a folder with {' or '.join(MODELS.values())}, as "
            "`jixiao train ner --reviewed DIR --out FOLDER` writes it"
        )
    return tuple(found.items())


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
