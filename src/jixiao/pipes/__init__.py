"""The layers as an ordinary spaCy pipeline: the only package here that imports spaCy.

:func:`load` (publicly ``jixiao.load``) returns a ``Language`` whose tokenizer runs the layers once.
In any other pipeline the components do: ``nlp.add_pipe("jixiao_quantities")``. Either way the
records are the same.

===========================  ===============================================================
``doc.spans["quantities"]``  a span for every quantity, in text order, labelled as the record is
``span._.record``            the record of a span, with its exact offsets; None where it has none
``doc._.facts``              the facts of the document; None until ``jixiao_facts`` ran
``doc._.annotation``         all records, None until a component or our tokenizer ran
===========================  ===============================================================

All of it is kept in ``doc.user_data`` as the lines of an annotation file, so it survives
``Doc.to_bytes``, ``DocBin(store_user_data=True)`` and ``nlp.pipe(n_process=2)``.
"""

from __future__ import annotations

from jixiao.pipes.annotator import config_from_settings
from jixiao.pipes.components import facts_factory, quantities_factory
from jixiao.pipes.extensions import register_extensions
from jixiao.pipes.loading import load
from jixiao.pipes.tokenizer import Tokenizer, tokenizer_factory

__all__ = [
    "Tokenizer",
    "config_from_settings",
    "facts_factory",
    "load",
    "quantities_factory",
    "register_extensions",
    "tokenizer_factory",
]
