"""Which requests the control interface hears: by the name they call it, and by the web page that sends them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address

from handlesfake.mpsd.http.message import Request

_OF_ANOTHER_SITE = ("cross-site", "same-site")
"""Values of ``Sec-Fetch-Site`` (W3C Fetch Metadata) of what another page asks: ``same-site`` is another port, too."""

_NAME = re.compile(r"[a-z0-9_.-]{1,253}", re.ASCII)


class Visitors:
    """Tells a test, a program or the live page from a web page of another site.

    A browser lets any page ask a server of the same origin, and the origin of a page is the name in its address. A
    page whose name is made to lead to 127.0.0.1 (DNS rebinding) then has the server's own origin. So ``Origin`` and
    ``Sec-Fetch-Site`` prove nothing by themselves: the server answers only to names that it was given.

    :param names: hosts by which the control interface may be called, beside addresses, ``localhost`` and
        ``*.localhost``, which no page of another site can have.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = frozenset(filter(None, map(_plain, names)))

    def refusal(self, request: Request, url: str) -> str:
        """Why ``request`` is not heard, in a sentence for its sender; empty when it is.

        :param url: where the control interface answers.
        """
        host = request.headers.first("Host")
        if host is not None and not self._is_known(_host_of(host)):  # a browser always says one
            return _unknown_name(_host_of(host))
        origin = request.headers.first("Origin") or ""
        if origin and origin.partition("://")[2].lower() != (host or "").lower():
            return f"a page of {origin[:100]} asks; a browser may only do so from the live page: {url}/"
        if (request.headers.first("Sec-Fetch-Site") or "").lower() in _OF_ANOTHER_SITE:
            return f"a page of another site asks; a browser may only do so from the live page: type {url}/ by hand"
        return ""

    def _is_known(self, host: str) -> bool:
        return host == "localhost" or host.endswith(".localhost") or host in self._names or _is_address(host)


def _unknown_name(host: str) -> str:
    name = host if _NAME.fullmatch(host) else "HOST"  # it may be pasted into a shell
    return (
        f"the control interface does not answer to the name {host[:100]!r}: a web page may have led it here.\n"
        f"  to call it so: handlesfake serve --name {name}, or in Python handlesfake.serve(mpsd, names=[{name!r}])\n"
        "  it always answers to IP addresses, localhost, and the hosts of --host and --control"
    )


def _host_of(said: str) -> str:
    """The host in a ``Host`` header, as :func:`_plain` writes it; the port may be any, as ports are forwarded."""
    host = said.strip()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return _plain(host.partition(":")[0])


def _plain(name: str) -> str:
    """One spelling of a host: names have no case, and may end with the dot of the root."""
    return name.lower().removesuffix(".")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
