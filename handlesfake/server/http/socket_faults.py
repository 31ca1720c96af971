"""Faults on a real socket: the one file that reaches through ASGI to the transport below."""

from __future__ import annotations

import asyncio
import socket
import struct

from handlesfake.exchange.outcome import PIECES, Answer, ConnectionEnd, Fault
from handlesfake.intercept.wire.http1 import script
from handlesfake.server.http.asgi import Send

_NO_LINGER = struct.pack("ii", 1, 0)


async def break_off(fault: Fault, method: str, transport: asyncio.Transport) -> None:
    """Let the network fail underneath the answer to ``method``, as ``fault`` says.

    FIN for ``close``, RST for ``reset``, and silence until the client goes away for ``timeout`` and ``hang``. The
    connection is there: what should have kept it from coming about is an RST, too.
    """
    sent, ending = script(fault, method)
    if sent:
        transport.write(sent)
        await _gone_out(transport)
    if ending is ConnectionEnd.RESET or ending.is_unconnected:
        raw = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        transport.abort()
    elif ending not in (ConnectionEnd.TIMEOUT, ConnectionEnd.HANG):
        transport.close()


async def drip(answer: Answer, method: str, transport: asyncio.Transport) -> None:
    """Send ``answer`` in pieces, spread over its delay, and close the connection."""
    data, _ = script(answer, method)
    size = -(-len(data) // PIECES)
    for start in range(0, len(data), size):
        await asyncio.sleep(answer.delay / PIECES)
        transport.write(data[start : start + size])
    transport.close()


async def _gone_out(transport: asyncio.Transport) -> None:
    """Until nothing is left in the buffers: an RST would overtake it."""
    while transport.get_write_buffer_size() and not transport.is_closing():  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0)


def transport_of(send: Send) -> asyncio.Transport:
    """The connection behind ASGI's ``send``."""
    # ASGI knows no way to fail a connection; uvicorn's send is a method of the request's cycle, which holds it
    found: asyncio.Transport = send.__self__.transport  # type: ignore[attr-defined]  # uvicorn's, see above
    return found
