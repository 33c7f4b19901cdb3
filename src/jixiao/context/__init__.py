"""Period, region, modality, measure, direction, subject and noun of each quantity."""

from jixiao.context.assign import ContextAssigner
from jixiao.context.scopes import Scope

__all__ = ["ContextAssigner", "Scope"]
