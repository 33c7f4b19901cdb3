"""How accurate an extraction is: gold against predicted annotations, by the guideline's scoring.

:func:`evaluate` scores annotations in memory, :func:`evaluate_folders` two folders of files.
:func:`jixiao.evaluation.rendering.render` shows the result in a terminal (it needs ``rich``, so
it is not imported here).
"""

from __future__ import annotations

from jixiao.evaluation.checks import match_checks, read_relations
from jixiao.evaluation.discrepancies import Discrepancy
from jixiao.evaluation.matching import AnnotationLike, Matching
from jixiao.evaluation.reading import AnnotationFile, read_annotations, read_texts
from jixiao.evaluation.report import Evaluation, evaluate, evaluate_folders
from jixiao.evaluation.scores import Accuracy, Counts, Scores

__all__ = [
    "Accuracy",
    "AnnotationFile",
    "AnnotationLike",
    "Counts",
    "Discrepancy",
    "Evaluation",
    "Matching",
    "Scores",
    "evaluate",
    "evaluate_folders",
    "match_checks",
    "read_annotations",
    "read_relations",
    "read_texts",
]
