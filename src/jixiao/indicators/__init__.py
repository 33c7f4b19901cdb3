"""Candidates for each quantity, scored with evidence: aligned, or none."""

from jixiao.indicators.catalogue import Catalogue, Indicator, load_catalogue, read_catalogue

__all__ = ["Catalogue", "Indicator", "load_catalogue", "read_catalogue"]
