"""Trust that is read when it is needed: a client made beside a double has no certificate to check.

Reading the public certificates takes 20 to 40 ms, for each client that is made. A TLS context that is made while a
double is active remembers what it was told to trust. It reads exactly that before its first connection, and before
it is asked. Whatever goes wrong, a context that has not read trusts no server.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any

from handlesfake.intercept.network import ca_bundles
from handlesfake.intercept.patching import install_wrapper
from handlesfake.intercept.registry import registry

_lock = threading.RLock()
_UNREAD = "_handlesfake_unread"
"""Where a context has what it still has to read: on itself, for it may live longer than this copy of the module."""

_BEGUN = "_handlesfake_begun"
"""Marks a context of connections that may not have shaken hands yet: what it is told to trust is read at once."""

_ROADS = ("wrap_socket", "wrap_bio")
_QUESTIONS = ("get_ca_certs", "cert_store_stats")
_BENEATH = ("_wrap_socket", "_wrap_bio")
"""What the roads lead to: another tool may have put a road back, or made a connection without it."""

_PLACES = (*_ROADS, *_QUESTIONS, *_BENEATH, "load_verify_locations", "load_default_certs")

_IN_NO_FILE = os.name == "nt"
"""Windows keeps its authorities in a store, and in no file."""

if hasattr(os, "register_at_fork"):  # no child is forked while a thread reads
    os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release)


def install(client: ModuleType) -> None:
    """Let contexts of ``client``, the module ssl, put off what can be put off. Idempotent."""
    kind = client.SSLContext
    for name in (*_ROADS, *_QUESTIONS, *(name for name in _BENEATH if hasattr(kind, name))):
        install_wrapper(kind, name, _asking if name in _QUESTIONS else _connecting)
    install_wrapper(kind, "load_verify_locations", _putting_off_a_bundle)
    install_wrapper(kind, "load_default_certs", _putting_off_the_system)


def looks_at(client: ModuleType) -> object:
    """The content of each place of ``client`` where :func:`install` puts something."""
    return [getattr(client.SSLContext, name, None) for name in _PLACES]


def _putting_off_a_bundle(original: Callable[..., None]) -> Callable[..., None]:
    def load_verify_locations(context: Any, cafile: Any = None, capath: Any = None, cadata: Any = None) -> None:
        __tracebackhide__ = True
        if capath is not None or cadata is not None or not _is_public(cafile) or not _may_wait(context):
            original(context, cafile, capath, cadata)
            return
        sound = ca_bundles.sound(cafile)
        if sound is not None:
            _put_off(context, lambda one: sound.load(lambda path: original(one, path)))
            return
        before = ca_bundles.stamp(cafile)
        original(context, cafile)
        ca_bundles.is_sound(cafile, before)

    return load_verify_locations


def _putting_off_the_system(original: Callable[..., None]) -> Callable[..., None]:
    def load_default_certs(context: Any, *args: Any, **kwargs: Any) -> None:
        __tracebackhide__ = True
        # a wrong purpose has to raise at once
        if _IN_NO_FILE or not _may_wait(context) or not _is_purpose(args, kwargs):
            original(context, *args, **kwargs)
            return
        named = _named()
        file = ca_bundles.bundle(named[0])

        def load(one: Any) -> None:
            if _named() == named and ca_bundles.stamp(named[0]) == (file and file.stamp):
                original(one, *args, **kwargs)
            else:  # another environment, or another file: nothing of it was meant
                _load_as_named(one, file, named[1])

        _put_off(context, load)

    return load_default_certs


def _load_as_named(context: Any, file: ca_bundles.Bundle | None, folder: str) -> None:
    read = super(type(context), context).load_verify_locations  # Python's own, whatever stands above it
    with suppress(OSError):  # TLS ignores it when what the system names is not a bundle
        if file is not None:
            file.load(read)
    with suppress(OSError):
        read(None, folder)


def _named() -> tuple[str, str]:
    """The file and the folder of certificates that the environment names now, or else the system."""
    paths = sys.modules["ssl"].get_default_verify_paths()
    return (
        os.environ.get(paths.openssl_cafile_env, paths.openssl_cafile),
        os.environ.get(paths.openssl_capath_env, paths.openssl_capath),
    )


def _is_purpose(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    given = (*args, *kwargs.values())
    return set(kwargs) <= {"purpose"} and all(isinstance(one, sys.modules["ssl"].Purpose) for one in given)


def _connecting(original: Callable[..., Any]) -> Callable[..., Any]:
    def read_first(context: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if _is_plain(context):
            _read(context, begun=True)
        return original(context, *args, **kwargs)

    return read_first


def _asking(original: Callable[..., Any]) -> Callable[..., Any]:
    def read_first(context: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if _is_plain(context):
            _read(context)
        return original(context, *args, **kwargs)

    return read_first


def _is_public(cafile: Any) -> bool:
    """Whether ``cafile`` is the bundle of the world. Any other is the user's, and read at once."""
    return isinstance(cafile, str) and (cafile == _of_certifi() or cafile == os.environ.get("SSL_CERT_FILE"))


def _of_certifi() -> str | None:
    certifi = sys.modules.get("certifi")
    return certifi.where() if certifi is not None else None


def _may_wait(context: Any) -> bool:
    """Whether ``context`` is a client's, beside a double. A server's may come into a connection that has begun."""
    return (
        registry.has_active
        and _is_plain(context)
        and context.protocol is sys.modules["ssl"].PROTOCOL_TLS_CLIENT
        and not hasattr(context, _BEGUN)
    )


def _is_plain(context: Any) -> bool:
    """Whether ``context`` is of Python's own class: a class made of it may equal, copy and connect as it likes."""
    kind = type(context)
    return kind.__module__ == "ssl" and kind.__qualname__ == "SSLContext"


def has_unread(context: Any) -> bool:
    """Whether ``context`` still has to read what it is to trust."""
    return hasattr(context, _UNREAD)


def _put_off(context: Any, load: Callable[[Any], None]) -> None:
    with _lock:
        # the context is an argument of the load, which it holds: a cycle would keep it until the next collection
        vars(context).setdefault(_UNREAD, []).append(load)


def _read(context: Any, *, begun: bool = False) -> None:
    """Read what was put off; other threads wait until it is read. What fails is tried again next time."""
    with _lock:
        loads = vars(context).get(_UNREAD, [])
        while loads:
            loads[0](context)
            del loads[0]
        vars(context).pop(_UNREAD, None)
        if begun:
            setattr(context, _BEGUN, True)
