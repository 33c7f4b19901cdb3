"""Achievement claims: what a report says was achieved, by whom, at which level."""

from __future__ import annotations

from jixiao.claims.actors import NamedSpan
from jixiao.claims.find import FoundClaim, find_claims, publish_claims
from jixiao.claims.references import References
from jixiao.claims.same import mark_repeats

__all__ = ["FoundClaim", "NamedSpan", "References", "find_claims", "mark_repeats", "publish_claims"]
