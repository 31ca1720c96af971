"""Faults on a real socket: the one file that reaches through ASGI to the transport below."""

from __future__ import annotations

import asyncio
import socket
import struct

from handlesfake.outcome import Ending, Fault
from handlesfake.server.asgi import Receive, Send, until_gone

_NO_LINGER = struct.pack("ii", 1, 0)


async def end(fault: Fault, receive: Receive, send: Send) -> None:
    """Let the network fail underneath the answer, as ``fault`` says.

    FIN for ``close``, RST for ``reset``, and silence until the client goes away for ``timeout``.
    """
    transport = _transport(send)
    if fault.sent:
        transport.write(fault.sent)
    if fault.ending is Ending.RESET:
        raw = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        transport.abort()
    elif fault.ending is not Ending.TIMEOUT:
        transport.close()
    # uvicorn takes an application that returns before the connection is gone for one that forgot to answer
    await until_gone(receive)


def _transport(send: Send) -> asyncio.Transport:
    """The connection behind ``send``."""
    # ASGI knows no way to fail a connection; uvicorn's send is a method of the request's cycle, which holds it
    found: asyncio.Transport = send.__self__.transport  # type: ignore[attr-defined]  # uvicorn's, see above
    return found
