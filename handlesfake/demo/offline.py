"""Proof that a replay needs no network: sockets and name look-ups are refused meanwhile."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock


@contextmanager
def offline() -> Iterator[list[str]]:
    """Refuse every connection and name look-up inside; the list names each attempt."""
    attempts: list[str] = []

    def refuse(*address: Any, **_: Any) -> Any:
        attempts.append(str(address[-1]))
        raise OSError("the demo is offline now")

    with mock.patch.object(socket.socket, "connect", refuse), mock.patch.object(socket, "getaddrinfo", refuse):
        yield attempts
