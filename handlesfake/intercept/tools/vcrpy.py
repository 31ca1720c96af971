"""Peace with vcrpy, and so with pytest-recording: a cassette of theirs leaves MPSD to the active double."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from handlesfake.intercept.network.guard import is_really_calling
from handlesfake.intercept.patching import install_wrapper
from handlesfake.intercept.registry import registry


def install(client: ModuleType) -> None:
    """Have each cassette of ``client``, the module vcr, ignore MPSD while a double is active. Idempotent.

    To a cassette, MPSD is then as a host of ``ignore_hosts``: neither played nor recorded. What vcrpy has put over
    the clients is left there, and our seams are put over it again as a cassette opens and closes meanwhile.
    """
    cassette = client.cassette.Cassette
    install_wrapper(cassette, "can_play_response_for", lambda original: _ignoring(original, instead=False))
    install_wrapper(cassette, "filter_request", lambda original: _ignoring(original, instead=None))
    install_wrapper(cassette, "append", lambda original: _ignoring(original, instead=None))
    install_wrapper(client.cassette.CassetteContextDecorator, "__enter__", _moving)
    install_wrapper(client.cassette.CassetteContextDecorator, "__exit__", _moving)


def _ignoring(original: Callable[..., Any], *, instead: object) -> Callable[..., Any]:
    def ask(cassette: Any, request: Any, *args: Any) -> Any:
        __tracebackhide__ = True
        parts = urlsplit(request.uri)
        if registry.active_for(parts.hostname or "", parts.port) is None or is_really_calling():
            return original(cassette, request, *args)
        return instead

    return ask


def _moving(original: Callable[..., Any]) -> Callable[..., Any]:
    def move(*args: Any) -> Any:
        __tracebackhide__ = True
        try:
            return original(*args)
        finally:
            if registry.active:  # else the cassette may well play MPSD by itself
                from handlesfake.intercept.install import install as install_all  # lazily: it leads here

                install_all()

    return move
