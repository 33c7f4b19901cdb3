"""Reports fit to be shared: personal names and numbers that reach a person, masked."""

from __future__ import annotations

from jixiao.redaction.apply import MASK, Mask, redact, redacted_report

__all__ = ["MASK", "Mask", "redact", "redacted_report"]
