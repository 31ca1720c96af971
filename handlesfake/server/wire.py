"""Faults on a real socket: the one file that reaches through ASGI to the transport below."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from handlesfake.outcome import Ending, Fault

_NO_LINGER = struct.pack("ii", 1, 0)


async def end(
    fault: Fault,
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    """Let the network fail underneath the answer, as ``fault`` says.

    FIN for ``close``, RST for ``reset``, and silence until the client goes away for ``timeout``.
    """
    transport = _transport(send)
    if fault.sent:
        transport.write(fault.sent)
    if fault.ending is Ending.TIMEOUT:
        while (await receive())["type"] != "http.disconnect":
            pass
    elif fault.ending is Ending.RESET:
        raw = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        transport.abort()
    else:
        transport.close()


def _transport(send: Callable[[MutableMapping[str, Any]], Awaitable[None]]) -> asyncio.Transport:
    """The connection behind ``send``. ASGI knows no way to fail a connection; uvicorn's ``send`` is a method of the
    request's cycle, which holds the transport."""
    found: asyncio.Transport = send.__self__.transport  # type: ignore[attr-defined]  # uvicorn's, see above
    return found
