"""The settings of `make run` with a server that acknowledges what it has not written yet."""

from ronglian.project.settings.dev import *  # noqa: F403 - a profile is the base with a few changes
from ronglian.project.settings.dev import MIDDLEWARE  # type: ignore[attr-defined] # comes from the base

MIDDLEWARE = ["tests.reliability.hasty.HastyMiddleware", *MIDDLEWARE]
