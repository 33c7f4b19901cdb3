"""Period, region, modality, measure, direction, subject and noun of each quantity."""

from jixiao.context.assign import ContextAssigner

__all__ = ["ContextAssigner"]
