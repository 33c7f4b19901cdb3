"""How accurate an extraction is: gold against predicted annotations, by the guideline's scoring.

:func:`evaluate` scores annotations in memory, :func:`evaluate_folders` two folders of files;
:func:`compare` and :func:`compare_folders` say what one run gains and loses beside another.
:mod:`jixiao.evaluation.rendering` shows either in a terminal, :mod:`jixiao.evaluation.page` an
evaluation as HTML, :mod:`jixiao.evaluation.frames` as pandas tables; they are imported when used.
"""

from __future__ import annotations

from jixiao.evaluation.calibration import Calibration, calibrate
from jixiao.evaluation.checks import match_checks, read_relations
from jixiao.evaluation.comparison import Comparison, compare, compare_folders
from jixiao.evaluation.discrepancies import Discrepancy
from jixiao.evaluation.intervals import Interval
from jixiao.evaluation.matching import AnnotationLike, Matching
from jixiao.evaluation.reading import AnnotationFile, read_annotations, read_texts
from jixiao.evaluation.report import Evaluation, evaluate, evaluate_folders
from jixiao.evaluation.scores import Accuracy, Counts, Scores
from jixiao.evaluation.spans import SpanCounts

__all__ = [
    "Accuracy",
    "AnnotationFile",
    "AnnotationLike",
    "Calibration",
    "Comparison",
    "Counts",
    "Discrepancy",
    "Evaluation",
    "Interval",
    "Matching",
    "Scores",
    "SpanCounts",
    "calibrate",
    "compare",
    "compare_folders",
    "evaluate",
    "evaluate_folders",
    "match_checks",
    "read_annotations",
    "read_relations",
    "read_texts",
]
