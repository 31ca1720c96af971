"""The seam of urllib3, on which requests and botocore stand, and of urllib3-future, on which niquests stands.

Where niquests is installed, the module ``urllib3`` is urllib3-future, for everything that uses it. That client has
its own HTTP, and a second set of classes for tasks.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import ModuleType
from typing import Any

from handlesfake.intercept.clients import urllib3_direct, urllib3_future
from handlesfake.intercept.clients.http_client import (
    beginning,
    connecting,
    is_whole,
    lead,
    leads_to_double,
    origin,
    own,
)
from handlesfake.intercept.patching import install_wrapper
from handlesfake.intercept.registry import registry


def install(client: ModuleType) -> None:
    """Put the seam under ``client``, urllib3 1.26 or 2, or urllib3-future. Idempotent."""
    is_future = hasattr(client, "AsyncPoolManager")
    plain, secure = own(client.connection.HTTPConnection), own(client.connection.HTTPSConnection)
    for kind in (plain, secure):
        install_wrapper(kind, "connect", _connecting if is_future else partial(connecting, lead))
    install_wrapper(client.connectionpool.HTTPConnectionPool, "urlopen", _opening)
    if is_future:  # the other uses http.client, and begins its requests there
        install_wrapper(plain, "putrequest", partial(beginning, urllib3_future.lead))
        for pools in (client.HTTPConnectionPool, client.HTTPSConnectionPool):
            install_wrapper(pools, "_new_conn", urllib3_future.without_racing)
        _install_async(client)
    else:
        urllib3_direct.install(client)


def looks_at(client: ModuleType) -> object:
    """The content of each place of urllib3 2 where :func:`install` puts something; None for any other ``client``.

    :raises AttributeError: it is 1.26, which has no ``wait_for_read`` there.
    """
    if hasattr(client, "AsyncPoolManager"):
        return None
    module = client.connection
    plain, secure = own(module.HTTPConnection), own(module.HTTPSConnection)
    urlopen = client.connectionpool.HTTPConnectionPool.urlopen
    return plain.connect, plain.request, plain.getresponse, secure.connect, module.wait_for_read, urlopen


def _install_async(client: ModuleType) -> None:
    classes = client._async  # noqa: SLF001 - there is no public name for what its AsyncPoolManager makes
    for kind in (classes.connection.AsyncHTTPConnection, classes.connection.AsyncHTTPSConnection):
        install_wrapper(kind, "connect", _connecting_async)
    install_wrapper(
        classes.connection.AsyncHTTPConnection, "putrequest", partial(beginning, urllib3_future.lead_async)
    )
    install_wrapper(classes.connectionpool.AsyncHTTPConnectionPool, "urlopen", _opening_async)
    for pools in (classes.connectionpool.AsyncHTTPConnectionPool, classes.connectionpool.AsyncHTTPSConnectionPool):
        install_wrapper(pools, "_new_conn", urllib3_future.without_racing)


def _connecting(original: Callable[[Any], None]) -> Callable[[Any], None]:
    def connect(connection: Any) -> None:
        __tracebackhide__ = True
        if leads_to_double(urllib3_future.lead, connection):
            connection._post_conn()  # noqa: SLF001 - its own connect() ends so, too
        else:
            original(connection)

    return connect


def _connecting_async(original: Callable[[Any], Awaitable[None]]) -> Callable[[Any], Awaitable[None]]:
    async def connect(connection: Any) -> None:
        __tracebackhide__ = True
        if leads_to_double(urllib3_future.lead_async, connection):
            await connection._post_conn()  # noqa: SLF001 - as above
        else:
            await original(connection)

    return connect


def _opening(original: Callable[..., Any]) -> Callable[..., Any]:
    def urlopen(pool: Any, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if pool.proxy is None:
            return original(pool, method, url, *args, **kwargs)
        with _told_where(pool, url):
            return original(pool, method, url, *args, **kwargs)

    return urlopen


def _opening_async(original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def urlopen(pool: Any, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        with _told_where(pool, url):
            return await original(pool, method, url, *args, **kwargs)

    return urlopen


@contextmanager
def _told_where(pool: Any, url: str) -> Iterator[None]:
    """A proxy behind TLS is connected to before it is told the address: connect() has to know it already."""
    if pool.proxy is None or not is_whole(url):
        yield
        return
    token = registry.forwarded_to.set(origin(url))
    try:
        yield
    finally:
        registry.forwarded_to.reset(token)
