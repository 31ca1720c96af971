"""Trust that is read when it is needed: a client made beside a double has no certificate to check.

To read the public certificates takes 20 to 40 ms, for each client that is made. A context of TLS that is made while a
double is active remembers what it was to trust, and reads it before its first connection, and before it is asked.
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

_sound: dict[str, tuple[int, int] | None] = {}
"""Each bundle that was read without complaint, and what it was like then: time of change and bytes."""

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
        __tracebackhide__ = True
        if capath is not None or cadata is not None or not _is_public(cafile) or not _may_wait(context):
            original(context, cafile, capath, cadata)
        elif _was_read(cafile):
            _put_off(context, lambda one: original(one, cafile))
        else:
            original(context, cafile)
            _sound[cafile] = _stamp(cafile)

    return load_verify_locations


def _putting_off_the_system(original: Callable[..., None]) -> Callable[..., None]:
    def load_default_certs(context: Any, *args: Any, **kwargs: Any) -> None:
        if not _may_wait(context):
            original(context, *args, **kwargs)
            return
        said = _said()

        def load(one: Any) -> None:
            if _said() == said or not any(said):
                original(one, *args, **kwargs)
            else:  # the environment names others by now
                one.load_verify_locations(*said)

        _put_off(context, load)

    return load_default_certs


def _reading(original: Callable[..., Any]) -> Callable[..., Any]:
    def read_first(context: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        _read(context)
        return original(context, *args, **kwargs)

    return read_first


def _said() -> tuple[str | None, str | None]:
    """The file and the folder of certificates that the environment names."""
    return os.environ.get("SSL_CERT_FILE") or None, os.environ.get("SSL_CERT_DIR") or None


def _is_public(cafile: Any) -> bool:
    """Whether ``cafile`` is the bundle of the world. Any other is read at once: it may be gone by then."""
    return isinstance(cafile, str) and (cafile == _of_certifi() or cafile == os.environ.get("SSL_CERT_FILE"))


def _of_certifi() -> str | None:
    certifi = sys.modules.get("certifi")
    return certifi.where() if certifi is not None else None


def _was_read(cafile: str) -> bool:
    """Whether ``cafile`` is sound: one that is missing or broken has to say so at once."""
    stamp = _stamp(cafile)
    return stamp is not None and stamp == _sound.get(cafile)


def _stamp(cafile: str) -> tuple[int, int] | None:
    try:
        found = os.stat(cafile)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _may_wait(context: Any) -> bool:
    """Whether ``context`` is a client's, beside a double. A server's may come into a connection that has begun."""
    return registry.has_active and getattr(context, "protocol", None) is sys.modules["ssl"].PROTOCOL_TLS_CLIENT


def _put_off(context: Any, load: Callable[[Any], None]) -> None:
    with _lock:
        # the context is an argument: held by its own entry it would never go
        _unread.setdefault(context, []).append(load)


def _read(context: Any) -> None:
    """Read what was put off; whoever comes meanwhile waits until it is read."""
    with _lock:
        for load in _unread.pop(context, ()):
            load(context)
