"""How many examples hypothesis tries: `HYPOTHESIS_PROFILE` names one of the profiles below."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Hostile values are large on purpose, and how long one takes depends on the machine.
LENIENT = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

settings.register_profile("default", LENIENT, max_examples=50)
settings.register_profile("ci", LENIENT, max_examples=50, derandomize=True)
settings.register_profile("thorough", LENIENT, max_examples=20_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
