"""For suites that stay with vcrpy: its own hooks scrub its cassettes, lay them out and match them as ours."""

from __future__ import annotations

from handlesfake.vcr.hooks import Hooks

__all__ = ["Hooks"]
