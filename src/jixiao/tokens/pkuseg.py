"""The engine ``pkuseg``: spacy-pkuseg with the small model of this package.

spacy-pkuseg ships no model, and those it knows by name are downloads. ``jixiao train pkuseg`` makes the
one in ``resources/pkuseg/``, in the package's own two files: msgpack and npz.
"""

from __future__ import annotations

import re
from importlib import import_module, resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from jixiao.errors import ResourceError
from jixiao.tokens.offsets import Token, offsets_of

MODEL_FILES: Final = ("features.msgpack", "weights.npz")
_SPACE: Final = re.compile(r"(\s)")


class PkusegSegmenter:
    """The words of a model of spacy-pkuseg; white space, which it would drop, is kept.

    Parameters
    ----------
    folder
        A folder with another model than that of the package.

    Raises
    ------
    ResourceError
        If the folder holds no model.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._pkuseg = load_model(folder) if folder else _packaged_model()

    def __call__(self, text: str, /) -> list[Token]:
        """Return the tokens of a text, each character of white space one of its own."""
        return offsets_of(
            word
            for piece in _SPACE.split(text)
            for word in ([piece] if piece.isspace() else self._pkuseg.cut(piece))
        )


def load_model(folder: Path) -> Any:
    """Return the segmenter of a folder with a model, without dictionary (it would be a pickle).

    Raises
    ------
    ResourceError
        If the folder holds no model.
    """
    spacy_pkuseg = import_module("spacy_pkuseg")
    missing = [name for name in MODEL_FILES if not (folder / name).is_file()]
    if missing:
        raise ResourceError(
            f"{folder} holds no model of pkuseg: no {', '.join(missing)}; expected what "
            "`jixiao train pkuseg` writes"
        )
    config = import_module("spacy_pkuseg.config").config
    before = config.modelDir
    try:
        return spacy_pkuseg.pkuseg(str(folder), user_dict=None)
    finally:
        config.modelDir = before


def _packaged_model() -> Any:
    """Return the model of the package, which need not lie in a folder: a copy of it does."""
    packaged = resources.files("jixiao.resources").joinpath("pkuseg")
    with TemporaryDirectory() as folder:
        for name in MODEL_FILES:
            if packaged.joinpath(name).is_file():
                Path(folder, name).write_bytes(packaged.joinpath(name).read_bytes())
        return load_model(Path(folder))
