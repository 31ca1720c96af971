"""Peace with responses: its mocks are above our seam, and let requests for MPSD through to it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from handlesfake.intercept.patching import install_wrapper
from handlesfake.intercept.registry import registry

if TYPE_CHECKING:
    from responses import RequestsMock

_REGISTERED = "_handlesfake_registered"
"""The mark of a mock that belongs to a double."""


def install(client: ModuleType) -> None:
    """Have each mock of ``client``, the module responses, leave MPSD to the active double. Idempotent.

    The method of the class is the place: a mock that is active already, however it was started, calls it too.
    """
    install_wrapper(client.RequestsMock, "_on_request", _asked)


def register_on(rsps: RequestsMock) -> None:
    """Make the active double a part of ``rsps``: its ``calls`` note what is sent to MPSD, as all else they note.

    Nothing joins ``rsps.registered()``: there, a service that no test has to call would fail
    ``assert_all_requests_are_fired``, and take another's turn in an ``OrderedRegistry``. Once no double is active,
    what ``rsps`` is asked of MPSD is refused with :class:`~handlesfake.errors.Escaped`.
    """
    install(sys.modules["responses"])
    setattr(rsps, _REGISTERED, True)


def _asked(original: Callable[..., Any]) -> Callable[..., Any]:
    def _on_request(rsps: RequestsMock, adapter: Any, request: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        parts = urlsplit(request.url)
        registered = hasattr(rsps, _REGISTERED)
        # Only a mock that was marked for a double refuses when there is none: another may well mock MPSD itself.
        find = registry.double_for if registered else registry.active_for
        if find(parts.hostname or "", parts.port) is None:
            return original(rsps, adapter, request, **kwargs)
        return (_noted if registered else _sent)(rsps, adapter, request, **kwargs)

    return _on_request


def _sent(rsps: Any, adapter: Any, request: Any, **kwargs: Any) -> Any:
    """Send through the adapter that the caller chose: its retries, its pool, and below them the seam of urllib3."""
    __tracebackhide__ = True
    # What responses itself calls for a request that it passes through; before 0.24 only the module had it.
    owner = rsps if hasattr(rsps, "_real_send") else sys.modules["responses"]
    return owner._real_send(adapter, request, **kwargs)  # noqa: SLF001 - it has no public name


def _noted(rsps: Any, adapter: Any, request: Any, **kwargs: Any) -> Any:
    __tracebackhide__ = True
    # What responses promises of a request in its calls.
    request.params = rsps._parse_request_params(request.path_url)  # noqa: SLF001 - it has no public name
    request.req_kwargs = kwargs
    try:
        response = _sent(rsps, adapter, request, **kwargs)
    except Exception as error:  # responses notes whatever a request comes to, and so does this
        rsps.calls.add(request, error)
        raise
    if rsps.response_callback is not None:
        response = rsps.response_callback(response)
    rsps.calls.add(request, response)
    return response
