"""Candidates for each quantity, scored with evidence: aligned, or none."""

from jixiao.indicators.align import Aligner
from jixiao.indicators.catalogue import Catalogue, Indicator, load_catalogue, read_catalogue

__all__ = ["Aligner", "Catalogue", "Indicator", "load_catalogue", "read_catalogue"]
