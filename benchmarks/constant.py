"""An ASGI application that answers every request with the same words: what load.py holds the server against.

::

    python benchmarks/constant.py listener      # behind the server's own listener
    python benchmarks/constant.py uvicorn       # behind uvicorn as it comes
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

import uvicorn

from handlesfake.server.http.address import Address, listen, url_of
from handlesfake.server.run.listener import Listener

BODY = b'{"id":"0b2a3f0e-6f0c-4d0c-8d4e-5a5d5f0f0f0f"}'
START = {
    "type": "http.response.start",
    "status": 201,
    "headers": [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))],
}
END = {"type": "http.response.body", "body": BODY}


async def constant(_: Any, receive: Any, send: Any) -> None:
    """Hear the request out, and say the same as ever."""
    while (await receive()).get("more_body"):
        pass
    await send(START)
    await send(END)


def main(kind: str) -> None:
    """Serve until killed; the first line says where."""
    socket = listen(Address())
    ready = json.dumps({"url": url_of(socket, "http"), "pid": os.getpid()})
    if kind == "listener":
        asyncio.run(Listener(constant, socket, lambda: print(ready, flush=True)).run_until_ended())
    else:
        print(ready, flush=True)
        config = uvicorn.Config(constant, lifespan="off", access_log=False, log_config=None, timeout_keep_alive=75)
        uvicorn.Server(config).run([socket])


if __name__ == "__main__":
    main(sys.argv[1])
