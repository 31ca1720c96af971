"""Peace with respx: its mocks leave MPSD to the active double."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from handlesfake.intercept.clients.httpx import is_taken
from handlesfake.intercept.patching import install_wrapper


def install(client: ModuleType) -> None:
    """Have each mocker of ``client``, the module respx, leave MPSD to the active double. Idempotent.

    Its mocker of httpcore, the default, is below our seam and is never asked; the one of httpx is above.
    """
    mocker = client.mocks.HTTPXMocker
    passing = client.models.PassThrough
    install_wrapper(mocker, "handler", lambda original: _asked(passing, original))
    install_wrapper(mocker, "async_handler", lambda original: _asked(passing, original))


def _asked(passing: Callable[..., Exception], original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def handler(request: Any) -> Any:
        __tracebackhide__ = True
        if not is_taken(request.url):
            return original(request)
        # what a route that passes through raises
        raise passing("MPSD is the double's", request=request, origin=None)

    return handler
