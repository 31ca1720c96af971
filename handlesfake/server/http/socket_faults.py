"""Faults on a real socket: the one file that reaches through ASGI to the connection below."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from contextlib import suppress
from typing import Protocol

from handlesfake.exchange.outcome import PIECES, Answer, ConnectionEnd, Fault
from handlesfake.intercept.wire.http1 import script
from handlesfake.server.http.asgi import Send

_NO_LINGER = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
_SILENT = (ConnectionEnd.TIMEOUT, ConnectionEnd.HANG)


class Line(Protocol):
    """A connection to a client, as faults and long waits use it."""

    transport: asyncio.Transport

    async def say_all(self, data: bytes) -> None:
        """Write ``data``, and wait until all of it has gone out: an RST would overtake it."""

    def fall_silent(self) -> None:
        """Send nothing more, and only wait for the client's end, which ends the connection."""

    def hang_up(self) -> None:
        """End the connection; what was sent before still goes out."""

    async def until_gone(self) -> None:
        """Wait until the connection is no more."""

    async def until_left(self) -> None:
        """Wait until the client has ended its side, by FIN or RST."""


async def break_off(fault: Fault, method: str, line: Line) -> bool:
    """Let the network fail underneath the answer to ``method``, as ``fault`` says.

    FIN for ``close``, RST for ``reset``, and silence until the client goes away for ``timeout`` and ``hang``. The
    connection exists already: a fault that should have prevented it is also an RST.

    :return: whether the line is silent now.
    """
    sent, ending = script(fault, method)
    if sent:
        await line.say_all(sent)
    if ending in _SILENT:
        line.fall_silent()
        return True
    if ending is ConnectionEnd.RESET or ending.is_unconnected:
        raw = line.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        line.transport.abort()
    else:
        line.transport.close()
    return False


async def drip(answer: Answer, method: str, line: Line) -> None:
    """Send ``answer`` in pieces, spread over its delay, and close the connection; no more once that has ended."""
    data, _ = script(answer, method)
    size = -(-len(data) // PIECES)
    for start in range(0, len(data), size):
        with suppress(TimeoutError):
            async with asyncio.timeout(answer.delay / PIECES):
                await line.until_gone()
        if line.transport.is_closing():
            return
        line.transport.write(data[start : start + size])
    line.transport.close()


def transport_of(send: Send) -> asyncio.Transport:
    """The connection behind ASGI's ``send``."""
    # ASGI has no way to fail a connection; uvicorn's send is a method of the request's cycle, which holds it
    found: asyncio.Transport = send.__self__.transport  # type: ignore[attr-defined]  # uvicorn's, see above
    return found


def line_of(send: Send) -> Line:
    """The server's own end of that connection."""
    found: Line = transport_of(send).get_protocol()  # type: ignore[assignment]  # HttpConnection, as the listener has it
    return found
