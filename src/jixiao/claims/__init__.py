"""Achievement claims: what a report says was achieved, by whom, at which level."""

from __future__ import annotations

from jixiao.claims.arguments import NamedSpan
from jixiao.claims.find import FoundClaim, find_claims, publish_claims

__all__ = ["FoundClaim", "NamedSpan", "find_claims", "publish_claims"]
