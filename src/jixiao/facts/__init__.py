"""Mentions of one fact merged, conflicts kept and flagged."""

from jixiao.facts.merge import build_facts, number_facts

__all__ = ["build_facts", "number_facts"]
