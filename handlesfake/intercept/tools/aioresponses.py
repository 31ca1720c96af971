"""Peace with aioresponses: its mocks leave MPSD to the active double."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from handlesfake.intercept.clients.aiohttp import install as install_aiohttp
from handlesfake.intercept.patching import install_wrapper


def install(client: ModuleType) -> None:
    """Put our seam over each mock of ``client``, the module aioresponses, as it starts. Idempotent."""
    install_wrapper(client.aioresponses, "start", _moving)
    install_wrapper(client.aioresponses, "stop", _moving)


def _moving(original: Callable[[Any], None]) -> Callable[[Any], None]:
    def move(mock: Any) -> None:
        __tracebackhide__ = True
        try:
            original(mock)
        finally:
            install_aiohttp(sys.modules["aiohttp"])

    return move
