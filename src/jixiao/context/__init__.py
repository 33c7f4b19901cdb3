"""Period, region, modality, measure, direction, subject and noun of each quantity."""

from jixiao.context.assign import ContextAssigner, Scope

__all__ = ["ContextAssigner", "Scope"]
