"""Our own pipeline, ready to use."""

from __future__ import annotations

from collections.abc import Collection

import spacy
from spacy.language import Language

from jixiao.errors import SettingsError
from jixiao.pipes.annotator import config_from_settings
from jixiao.pipes.components import COMPONENTS
from jixiao.pipes.tokenizer import NAME
from jixiao.settings import Settings


def load(
    *, engine: str = "jieba", settings: Settings | None = None, exclude: Collection[str] = ()
) -> Language:
    """Return a spaCy pipeline that annotates Chinese performance reports.

    It is an ordinary ``Language``: add components, save it with ``to_disk``, load it with
    ``spacy.load``, run it with ``nlp.pipe``. Offsets are code points of the text given, and
    ``doc.text`` is that text.

    Parameters
    ----------
    engine
        Makes the tokens between the records: ``jieba``, ``jieba-fast`` (the same dictionary,
        several times as fast) or ``char``. The records do not depend on it.
    settings
        Of the layers; None for the default.
    exclude
        Components to leave out: ``jixiao_quantities``, ``jixiao_facts``.

    Raises
    ------
    SettingsError
        If there is no such engine or component.

    >>> nlp = load()
    >>> doc = nlp("全年完成投资9.85亿元，同比增长42.3%。")
    >>> [(span.text, span.label_, str(span._.record.value)) for span in doc.spans["quantities"]]
    [('9.85亿元', 'MONEY', '985000000'), ('42.3%', 'PERCENT', '42.3')]
    """
    unknown = sorted(set(exclude) - COMPONENTS.keys())
    if unknown:
        raise SettingsError(
            f"no component {unknown[0]!r} to leave out; expected some of {', '.join(COMPONENTS)}"
        )
    nlp = spacy.blank("zh", config=_config(engine, settings or Settings()))
    nlp.meta["name"] = "jixiao"
    for name in COMPONENTS:
        if name not in exclude:
            nlp.add_pipe(name)
    return nlp


def _config(engine: str, settings: Settings) -> dict[str, object]:
    chosen = {"engine": engine, "settings": config_from_settings(settings)}
    return {"nlp": {"tokenizer": {"@tokenizers": NAME, **chosen}}}
