"""Peace with pytest-httpx: the fixture ``httpx_mock`` leaves MPSD to the active double."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from handlesfake.intercept.clients.httpx import around, is_taken
from handlesfake.intercept.patching import install_wrapper


def install(client: ModuleType) -> None:
    """Have each mock of ``client``, the module pytest_httpx, leave MPSD to the active double. Idempotent."""
    install_wrapper(client.HTTPXMock, "_handle_request", _asked)
    install_wrapper(client.HTTPXMock, "_handle_async_request", _asked)


def _asked(original: Callable[[Any, Any, Any], Any]) -> Callable[[Any, Any, Any], Any]:
    def handle(mock: Any, transport: Any, request: Any) -> Any:
        __tracebackhide__ = True
        if not is_taken(request.url):
            return original(mock, transport, request)
        return around(sys.modules["httpx"], transport)(transport, request)

    return handle
