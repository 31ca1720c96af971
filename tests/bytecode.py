"""Keeps what Python compiles, where the environment says not to: imported first of all.

Dozens of tests start a process. With ``PYTHONDONTWRITEBYTECODE`` each of them, and pytest itself, would compile
every module of handlesfake again: more than half of what the whole suite takes.
"""

from __future__ import annotations

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
