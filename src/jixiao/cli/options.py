"""Options that several commands share, and the settings they ask for."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from jixiao.settings import Settings

ocr_option = click.option(
    "--ocr",
    metavar="COMMAND",
    help="Read PDF pages without text by this command: {} stands for the page's picture (PNG), and "
    "the command prints its text.",
)

gold_option = click.option(
    "--gold",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder with the gold annotations (*.jsonl).",
)

catalogue_option = click.option(
    "--catalogue",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Your indicators: YAML (see `jixiao catalogue check --help`), or CSV with the columns id, "
    "name_zh, unit, and aliases if you like.",
)

redact_option = click.option(
    "--redact",
    is_flag=True,
    help="Mask names of persons, telephone and identity numbers and e-mail addresses, character by "
    "character. Names it does not recognise stay, so do file names: look before you share.",
)

models_option = click.option(
    "--models",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Your models, as `jixiao train ner --reviewed … --out DIR` writes them; those DIR lacks are the "
    "built-in ones.",
)

lexicon_option = click.option(
    "--lexicon",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Your units, classifiers, cues …: CSV with the columns table (units, bounds, cues, words, "
    "stopnames, headers, elided, sections), surface, and those of the table.",
)


def read_settings(
    catalogue: Path | None = None,
    mode: Literal["add", "replace"] = "add",
    ocr: str | None = None,
    lexicon: Path | None = None,
    *,
    redact: bool = False,
    models: Path | None = None,
) -> Settings:
    """Return the settings that the options of a command ask for.

    Raises
    ------
    SettingsError
        If a file cannot be read as UTF-8 or GB18030 text, a model is none, or the OCR command is not
        to be found or has no place for the picture.
    CatalogueError
        If the catalogue breaks its rules; the message names the file and its lines.
    LexiconError
        If the lexicon breaks the rules of its tables.
    """
    from jixiao.settings import Settings

    rows = None
    if lexicon is not None:
        rows = read_content(lexicon, "lexicon", "table, surface and those of the tables it adds to")
        from jixiao.pipeline import check_lexicon

        check_lexicon(rows)
    content = None
    if catalogue is not None:
        content = read_content(catalogue, "catalogue", "id, name_zh, unit")
        from jixiao.indicators.catalogue import read_own

        read_own(content, str(catalogue))
    return Settings(
        catalogue=content,
        catalogue_mode=mode,
        lexicon=rows,
        ocr=_ocr_words(ocr) if ocr else None,
        redact=redact,
        models=_own_models(models) if models is not None else (),
    )


def _own_models(folder: Path) -> tuple[tuple[str, str], ...]:
    from jixiao.pipeline import check_models
    from jixiao.settings import read_models

    models = read_models(folder)
    check_models(models)
    return models


def read_content(path: Path, what: str, columns: str = "id, name_zh, unit") -> str:
    """Return the text of a file that a command was given.

    Raises
    ------
    SettingsError
        If it cannot be read as UTF-8 or GB18030 text.
    """
    from jixiao.documents.readers.text import decode_text
    from jixiao.errors import DocumentError, SettingsError

    try:
        return decode_text(path.read_bytes())
    except (OSError, DocumentError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        also = " (or YAML)" if what == "catalogue" else ""
        raise SettingsError(
            f"the {what} {path} cannot be read: {reason}; expected a CSV file with the columns "
            f"{columns}{also}"
        ) from error


def _ocr_words(command: str) -> tuple[str, ...]:
    """Return the words of an OCR command, which must be there and take the picture."""
    from jixiao.errors import SettingsError

    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise SettingsError(f"the OCR command {command!r} cannot be split: {error}") from error
    if not any("{}" in word for word in words[1:]):
        raise SettingsError(
            f"the OCR command {command!r} has no {{}} for the page's picture; expected, say, "
            '--ocr "tesseract {} - -l chi_sim"'
        )
    if shutil.which(words[0]) is None:
        raise SettingsError(
            f"the OCR command {words[0]!r} is not to be found; install it or give its full path"
        )
    return words
