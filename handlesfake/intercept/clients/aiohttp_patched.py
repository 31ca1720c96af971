"""The seam over other tools that replace aiohttp's ``ClientSession._request``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any

from handlesfake.intercept.patching import install_wrapper
from handlesfake.intercept.registry import registry

_Requesting = Callable[..., Awaitable[Any]]


def uncover(client: ModuleType) -> None:
    """Let requests for MPSD pass what vcrpy or aioresponses has put over the sessions of ``client``, aiohttp.

    Nothing is put where no tool stands. Idempotent.
    """
    own = _own(client, client.ClientSession._request)  # noqa: SLF001 - it is what these tools replace
    if own is not None and own is not client.ClientSession._request:  # noqa: SLF001 - as above
        install_wrapper(client.ClientSession, "_request", lambda original: _requesting(own, original), lasting=False)


def _requesting(own: _Requesting, original: _Requesting) -> _Requesting:
    async def _request(session: Any, method: str, str_or_url: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        # with the session's base_url, which vcrpy does not know
        url = session._build_url(str_or_url)  # noqa: SLF001 - aioresponses asks it, too
        taken = registry.active_for(url.host or "", url.port) is not None
        return await (own if taken else original)(session, method, str_or_url, **kwargs)

    return _request


def _own(client: ModuleType, method: Any) -> Any:
    """The client's own method under all that other tools have wrapped around it; None when it cannot be found."""
    while method is not None and getattr(method, "__globals__", None) is not vars(client.client):
        mock = getattr(method, "mock", None)
        if mock is None:
            method = getattr(method, "__wrapped__", None)
        else:  # aioresponses: a mock whose side effect is a method of what holds the patch
            patcher = getattr(getattr(mock.side_effect, "__self__", None), "patcher", None)
            method = getattr(patcher, "temp_original", None)
    return method
