"""Peace with requests-mock: its mockers leave MPSD to the active double."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from handlesfake.intercept.patching import install_wrapper
from handlesfake.intercept.registry import registry

_MOCKING = "_handlesfake_mocking"
"""What marks the adapter of a mocker that we saw start."""


def install(client: ModuleType) -> None:
    """Have each mocker of ``client``, the module requests_mock, leave MPSD to the active double. Idempotent.

    An adapter that a user mounts without a mocker is a transport of the user's own, and is left alone.
    """
    install_wrapper(client.mocker.MockerCore, "start", _starting)
    install_wrapper(client.adapter.Adapter, "send", lambda original: _sending(client, original))


def _starting(original: Callable[[Any], None]) -> Callable[[Any], None]:
    def start(mocker: Any) -> None:
        setattr(mocker._adapter, _MOCKING, True)  # noqa: SLF001 - it has no public name
        original(mocker)

    return start


def _sending(client: ModuleType, original: Callable[..., Any]) -> Callable[..., Any]:
    def send(adapter: Any, request: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        parts = urlsplit(request.url)
        if registry.active_for(parts.hostname or "", parts.port) is None or not _belongs_to_a_mocker(client, adapter):
            return original(adapter, request, **kwargs)
        # What a matcher with real_http=True raises: the mocker sends through the session's own adapter.
        raise client.adapter._RunRealHTTP  # noqa: SLF001 - as above

    return send


def _belongs_to_a_mocker(client: ModuleType, adapter: Any) -> bool:
    # A mocker that had started before this was put under it has replaced the method of the class.
    return hasattr(adapter, _MOCKING) or client.mocker.requests.Session.send is not client.mocker._original_send  # noqa: SLF001 - as above
