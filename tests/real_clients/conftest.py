"""These tests need what ``tox -e real`` installs, and are not collected without it."""

from __future__ import annotations

import os

collect_ignore_glob = [] if "REAL_CLIENTS" in os.environ else ["test_*.py"]
