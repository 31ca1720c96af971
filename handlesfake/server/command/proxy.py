"""A proxy that leads the real names to a server, for programs that cannot be told another address."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass

import h11

from handlesfake.mpsd.http.message import MPSD_HOST

NAMES = frozenset({MPSD_HOST, "rta.xboxlive.com"})
"""The hosts that it leads to the server, beside those of other services; other traffic is not changed."""

PATIENCE = 30.0
"""Seconds in which a host must be reached, and in which a client must say where it wants to go."""

_AT_ONCE = 1 << 16


class Refused(Exception):
    """The host cannot be reached, or must not be: the status, and the reason after it."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class Proxy:
    """Takes ``CONNECT`` and nothing else. A proxy that this process's variables name is asked for all other hosts.

    :param target: host and port of the server.
    :param names: the hosts that it leads there.
    """

    def __init__(self, target: tuple[str, int], names: frozenset[str] = NAMES) -> None:
        self._target = target
        self._names = names

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, to its end."""
        connection = h11.Connection(h11.SERVER)
        try:
            there = None
            try:
                async with asyncio.timeout(PATIENCE):
                    host, port = _wanted(await _request(connection, reader))
                    there = await self._connected(host, port)
            except (Refused, TimeoutError, h11.RemoteProtocolError) as error:
                writer.write(_refusal(connection, error))
                await writer.drain()
                return
            writer.write(connection.send(h11.Response(status_code=200, headers=[])) or b"")
            there[1].write(connection.trailing_data[0])  # a client need not wait for the answer
            await asyncio.gather(_pass(reader, there[1]), _pass(there[0], writer))
        except (ConnectionError, EOFError, asyncio.CancelledError):
            pass  # it has gone, or the proxy ends: earlier Pythons would complain of a task that was cancelled
        finally:
            for end in (writer, there[1] if there else None):
                if end is not None:
                    end.close()

    async def _connected(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The way to a host.

        :raises Refused: there is none.
        """
        try:
            if host in self._names:
                return await asyncio.open_connection(*self._target)
            known = getproxies_environment()
            proxy = known.get("https") or known.get("all")
            if proxy and not proxy_bypass(f"{host}:{port}"):
                return await _through(proxy, f"{host}:{port}")
            return await asyncio.open_connection(host, port)
        except OSError as error:
            raise Refused(502, f"{host} port {port} cannot be reached: {error.strerror or error}") from None


async def _request(connection: h11.Connection, reader: asyncio.StreamReader) -> h11.Request:
    while (event := connection.next_event()) is h11.NEED_DATA:
        connection.receive_data(data := await reader.read(_AT_ONCE))
        if not data:
            raise EOFError
    if not isinstance(event, h11.Request):
        raise EOFError
    while connection.next_event() is not h11.PAUSED and event.method == b"CONNECT":
        pass
    return event


def _wanted(request: h11.Request) -> tuple[str, int]:
    """Where a client wants to go.

    :raises Refused: it does not ask for a tunnel.
    """
    target = request.target.decode("ascii", "replace")
    host, _, port = target.rpartition(":")
    if request.method != b"CONNECT" or not port.isdigit() or int(port) > 65535:
        raise Refused(405, "this proxy takes CONNECT host:port for HTTPS and no other request")
    return host.strip("[]").lower().rstrip("."), int(port)


def _refusal(connection: h11.Connection, error: BaseException) -> bytes:
    if isinstance(error, Refused):
        status, reason = error.status, error.reason
    elif isinstance(error, TimeoutError):
        status, reason = 504, f"not reached within {PATIENCE:g} s"
    else:
        status, reason = 400, "this is not an HTTP request"
    text = f"handlesfake: {reason}".encode("ascii", "replace")
    headers = [("Connection", "close"), ("Content-Type", "text/plain"), ("Content-Length", str(len(text) + 1))]
    if connection.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
        return b""
    parts = (
        connection.send(h11.Response(status_code=status, reason=text, headers=headers)),
        connection.send(h11.Data(data=text + b"\n")),
        connection.send(h11.EndOfMessage()),
    )
    return b"".join(part or b"" for part in parts)


async def _through(proxy: str, place: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """The way through the proxy that the user's variables name.

    :raises Refused: it says no.
    """
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if parts.scheme not in ("http", "https"):
        raise Refused(502, f"{place} is reached by a proxy of {parts.scheme}, which this one does not speak")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=parts.scheme == "https" or None)
    except OSError as error:
        reason = f"the proxy {parts.hostname}:{port} cannot be reached for {place}: {error.strerror or error}"
        raise Refused(502, reason) from None
    said = f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n"
    if parts.username is not None:
        known = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        said += f"Proxy-Authorization: Basic {base64.b64encode(known).decode()}\r\n"
    writer.write(f"{said}\r\n".encode())
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        head = b""
    status = head.split(b" ", 2)[1:2]
    if status != [b"200"]:
        writer.close()
        told = status[0].decode("ascii", "replace") if status else "nothing"
        raise Refused(502, f"the proxy {parts.hostname} answered {told} for {place}")
    return reader, writer


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hand on what comes until no more does."""
    with suppress(ConnectionError):
        while data := await reader.read(_AT_ONCE):
            writer.write(data)
            await writer.drain()
    with suppress(OSError, NotImplementedError):  # TLS has no half of an end
        if writer.can_write_eof():
            writer.write_eof()
        else:
            writer.close()


@contextmanager
def proxied(target: tuple[str, int], names: frozenset[str] = NAMES) -> Iterator[str]:
    """Inside, a proxy that leads ``names`` to ``target`` answers in its own thread; its URL."""
    ready, proxy = threading.Event(), Proxy(target, names)
    found: list[str] = []
    loop = asyncio.new_event_loop()
    ended = asyncio.Event()

    async def serve() -> None:
        server = await asyncio.start_server(proxy.take, "127.0.0.1", 0)
        found.append(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        ready.set()
        await ended.wait()
        server.close()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run, name="handlesfake proxy", daemon=True)
    thread.start()
    ready.wait()
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()


def proxy_variables(url: str) -> dict[str, str]:
    """What leads programs through the proxy: curl, Go, requests; Node from 24.5 on."""
    return {"HTTPS_PROXY": url, "https_proxy": url, "NODE_USE_ENV_PROXY": "1", "MPSD_PROXY": url}
