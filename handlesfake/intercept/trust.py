"""Trust that is read when it is needed: a client made beside a double has no certificate to check.

To read the public certificates of the world costs 20 to 40 ms, for each client that is made: ``httpx.Client()`` in each
of a thousand tests takes half a minute. A context of TLS that is made while a double is active remembers what it was to
trust, and reads it before its first connection, and before it is asked.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from handlesfake.intercept.seams import registry
from handlesfake.intercept.trampoline import put

_lock = threading.RLock()
_unread: WeakKeyDictionary[Any, list[Callable[[Any], None]]] = WeakKeyDictionary()
"""What each context has still to read."""

_READERS = ("wrap_socket", "wrap_bio", "get_ca_certs", "cert_store_stats")
"""What needs the certificates: the two roads to a connection, and the two questions about them."""


def install(client: ModuleType) -> None:
    """Let contexts of ``client``, the module ssl, put off what can be put off. Idempotent."""
    kind = client.SSLContext
    put(kind, "load_verify_locations", _putting_off_a_bundle)
    put(kind, "load_default_certs", _putting_off_the_system)
    for name in _READERS:
        put(kind, name, _reading)


def _putting_off_a_bundle(original: Callable[..., None]) -> Callable[..., None]:
    def load_verify_locations(context: Any, cafile: Any = None, capath: Any = None, cadata: Any = None) -> None:
        # certifi's alone, which is known to be good: a file of the user's may be missing or broken, and says so at once
        if capath is None and cadata is None and _is_certifi(cafile) and _may_wait(context):
            _put_off(context, lambda one: original(one, cafile))
        else:
            original(context, cafile, capath, cadata)

    return load_verify_locations


def _putting_off_the_system(original: Callable[..., None]) -> Callable[..., None]:
    def load_default_certs(context: Any, *args: Any, **kwargs: Any) -> None:
        # where the environment says which file that is, it may say something else by then
        if "SSL_CERT_FILE" in os.environ or "SSL_CERT_DIR" in os.environ or not _may_wait(context):
            original(context, *args, **kwargs)
        else:
            _put_off(context, lambda one: original(one, *args, **kwargs))

    return load_default_certs


def _reading(original: Callable[..., Any]) -> Callable[..., Any]:
    def read_first(context: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        _read(context)
        return original(context, *args, **kwargs)

    return read_first


def _is_certifi(cafile: Any) -> bool:
    certifi = sys.modules.get("certifi")
    return certifi is not None and isinstance(cafile, str) and cafile == certifi.where() and os.path.exists(cafile)


def _may_wait(context: Any) -> bool:
    """Whether ``context`` is for a client, beside a double. A server's may be handed to a connection that has begun."""
    return registry.is_any_active and getattr(context, "protocol", None) is sys.modules["ssl"].PROTOCOL_TLS_CLIENT


def _put_off(context: Any, load: Callable[[Any], None]) -> None:
    with _lock:
        # the context is an argument: held by its own entry it would never go
        _unread.setdefault(context, []).append(load)


def _read(context: Any) -> None:
    """Read what was put off; whoever comes meanwhile waits until it is read."""
    with _lock:
        for load in _unread.pop(context, ()):
            load(context)
