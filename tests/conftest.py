"""Settings all tests share."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# A busy machine is no failure of a property.
settings.register_profile("jixiao", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("jixiao")
