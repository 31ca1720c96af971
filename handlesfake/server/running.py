"""Running a server: one line when it is ready, a clean end on Ctrl-C and SIGTERM."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from handlesfake.errors import SettingsError
from handlesfake.server.app import App

if TYPE_CHECKING:
    from handlesfake.double import Double
    from handlesfake.server.certificates import Certificates


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is to listen, and where it was found to."""

    host: str = "127.0.0.1"
    port: int = 0
    """0 for any free port."""


def listen(address: Address) -> socket.socket:
    """A socket that listens at ``address``.

    :raises SettingsError: the address cannot be had.
    """
    try:
        family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        return socket.create_server((address.host, address.port), family=family, backlog=2048)
    except OSError as error:
        raise SettingsError(
            f"cannot listen on {address.host}:{address.port}: {error.strerror or error}.\n"
            "  take another port, or --port 0 for any free one"
        ) from None


def url_of(listening: socket.socket, *, tls: bool) -> str:
    """The base URL of a listening socket."""
    host, port = listening.getsockname()[:2]
    return f"http{'s' if tls else ''}://{f'[{host}]' if ':' in host else host}:{port}"


def serve(
    double: Double, address: Address, *, certificates: Certificates | None = None, as_json: bool = False
) -> None:
    """Serve ``double`` until Ctrl-C or SIGTERM.

    :raises SettingsError: the address cannot be had, or uvicorn is not installed.
    """
    uvicorn = _uvicorn()
    listening = listen(address)
    url = url_of(listening, tls=certificates is not None)
    ca = str(certificates.ca_file) if certificates else None

    class Server(uvicorn.Server):  # type: ignore[misc, name-defined]  # the base is imported lazily
        """uvicorn's server, which says when it is ready."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            print(ready_line(url, ca, as_json=as_json), flush=True)

    tls = {"ssl_keyfile": certificates.key_file, "ssl_certfile": certificates.chain_file} if certificates else {}
    config = uvicorn.Config(
        App(double._engine), log_level="warning", access_log=False, server_header=False, date_header=False, **tls
    )
    # uvicorn raises the signal again once it has shut down; the end that was asked for is no failure
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    with listening:
        Server(config).run(sockets=[listening])


def ready_line(url: str, ca: str | None, *, as_json: bool) -> str:
    """What a server says once it answers."""
    if as_json:
        ready: dict[str, Any] = {"url": url, "pid": os.getpid()} | ({"ca": ca} if ca else {})
        return json.dumps(ready)
    trust = f", CA {ca}" if ca else ""
    return f"handlesfake answers as MPSD on {url}{trust} (Ctrl-C ends it)"


def _uvicorn() -> Any:
    try:
        import uvicorn  # lazily: an extra, and slow to import
    except ImportError:
        raise SettingsError(
            "the server needs uvicorn, which is not installed:\n"
            f"  {sys.executable} -m pip install 'handlesfake[server]'"
        ) from None
    return uvicorn
