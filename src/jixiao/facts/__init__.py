"""Mentions of one fact merged, conflicts kept and flagged."""

from jixiao.facts.merge import build_facts, number_facts
from jixiao.facts.values import Interval, agreeing, stated_interval

__all__ = ["Interval", "agreeing", "build_facts", "number_facts", "stated_interval"]
