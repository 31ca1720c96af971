"""The extras ``server`` and ``demo``: what serving needs beyond what handlesfake always has."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from handlesfake.errors import SettingsError

NEEDED = ("uvicorn", "wsproto")


def check_extra(extra: str = "server", *besides: str) -> None:
    """Look whether a server can run here, before its modules are imported.

    :param extra: which one the caller belongs to: ``server`` or ``demo``.
    :param besides: the packages that it needs beside those of a server.
    :raises SettingsError: a package is not installed; the text says how to install it.
    """
    missing = [name for name in (*NEEDED, *besides) if find_spec(name) is None]
    if missing:
        raise SettingsError(
            f"the {extra} needs {' and '.join(missing)}, which this Python does not have:\n"
            f"  {sys.executable} -m pip install 'handlesfake[{extra}]'"
        )
