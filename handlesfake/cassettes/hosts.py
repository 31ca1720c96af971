"""Which host a request was for, as far as a recording tells hosts apart."""

from __future__ import annotations

from collections.abc import Collection

from handlesfake.mpsd.http.message import Request


def other_host(request: Request, others: Collection[str]) -> str | None:
    """Which of ``others``, hosts that are not MPSD, the request was for; None for any other host.

    Some seams tell every request's host as MPSD's own: the header ``Host`` says what the client has asked for.
    """
    said = (request.headers.first("Host") or "").strip().lower()
    for host in (request.host.lower(), said, said.partition(":")[0]):
        if host in others:
            return host
    return None
