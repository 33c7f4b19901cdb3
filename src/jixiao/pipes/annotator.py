"""How a pipeline runs the layers, and how a pipeline's config holds their settings."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import msgspec

from jixiao.annotation import Annotation
from jixiao.errors import SettingsError
from jixiao.settings import Settings

Annotate: TypeAlias = Callable[[str], Annotation]
"""What a pipeline needs of the layers: the annotation of a raw text."""


def build_annotate(settings: Settings) -> Annotate:
    """Return the layers, set, as a function of the raw text that can be pickled."""
    if settings.redact:
        raise SettingsError(
            "a pipeline cannot mask names (redact=True): a Doc holds the text it is given; mask first, "
            "and give it jixiao.redact(jixiao.annotate(text)).text"
        )
    return partial(_annotate, settings=settings)


def _annotate(text: str, *, settings: Settings) -> Annotation:
    from jixiao.pipeline import annotate_text

    return annotate_text(text, settings=settings)


def settings_from_config(config: str | None) -> Settings:
    """Return the settings that a spaCy config names; those left out are at their default.

    Parameters
    ----------
    config
        A JSON object of fields of :class:`jixiao.settings.Settings`; None names none.

    Raises
    ------
    SettingsError
        If it is no JSON object, a name is no setting, or a value not one of those allowed.

    >>> settings_from_config('{"catalogue_mode":"replace"}').catalogue_mode
    'replace'
    """
    try:
        given = msgspec.json.decode(config or "{}", type=dict[str, Any])
        unknown = sorted(given.keys() - set(Settings.__struct_fields__))
        if not unknown:
            return msgspec.convert(given, Settings)
        problem = f"there is no setting {unknown[0]!r}"
    except msgspec.DecodeError as error:
        problem = str(error)
    known = ", ".join(Settings.__struct_fields__)
    raise SettingsError(
        f"settings {(config or '')[:80]!r} cannot be used: {problem}; expected a JSON object with "
        f"some of {known}, as jixiao.pipes.config_from_settings writes it"
    )


def config_from_settings(settings: Settings) -> str | None:
    """Return settings as a spaCy config can hold them, or None if all are at their default.

    One line of JSON, in which a ``$`` is escaped: in the value of a config it would name a
    variable, and a user's catalogue may well hold one.

    >>> config_from_settings(Settings(catalogue_mode="replace"))
    '{"catalogue_mode":"replace"}'
    """
    default = msgspec.to_builtins(Settings())
    given = msgspec.to_builtins(settings)
    changed = {name: value for name, value in given.items() if value != default[name]}
    return msgspec.json.encode(changed).decode().replace("$", r"\u0024") if changed else None
