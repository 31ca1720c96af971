"""A plain head of a double is read as http.client's own parser reads it."""

from __future__ import annotations

import http.client
import io
from collections.abc import Callable
from typing import Any, cast

import pytest

from handlesfake.intercept.wire import response_head
from handlesfake.intercept.wire.memory_socket import Incoming

own: Callable[[Any], http.client.HTTPMessage] = getattr(
    http.client.parse_headers, "__wrapped__", http.client.parse_headers
)
"""The client's, whether or not a seam has been put over it."""

PLAIN = (
    b"Content-Type: application/json\r\nX-Empty: \r\nLocation: /handles/1\r\n\r\n",
    b"Set-Cookie: a=1; path=/\r\nset-cookie: b=2\r\nDate: Tue, 06 Jan 2026 10:00:00 GMT\r\n\r\n",
)
OTHERS = (
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n",
    b"Folded: one\r\n two\r\n\r\n",
    b"No-Space:1\r\n\r\n",
    b"Trailing: 1 \r\n\r\n",
    b"Latin: caf\xe9\r\n\r\n",
    b"no colon\r\n\r\n",
    b"Only-Line-Feed: 1\n\n",
    b"\r\n",
    b"Long: " + b"x" * 9000 + b"\r\n\r\n",
)


class _Wire(Incoming):
    """What a double has sent."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readinto(self, buffer: Any) -> int:
        return self._data.readinto(buffer)


def read(parse: Callable[[Any], http.client.HTTPMessage], head: bytes) -> tuple[Any, ...]:
    """All that a client can see of the head, and what follows it."""
    file = io.BufferedReader(_Wire(head + b'{"id": 1}'))
    message = parse(file)
    defects = [repr(defect) for defect in message.defects]
    return message.items(), message.get_payload(), defects, message.get_content_type(), file.read()


def refused(_file: object, _class: object = None) -> http.client.HTTPMessage:
    """Instead of the client's parser."""
    raise LookupError("the client's own parser was asked")


@pytest.mark.parametrize("head", PLAIN)
def test_a_plain_head_needs_no_parser(head: bytes) -> None:
    """The message is the same, and the file is at the body."""
    assert read(own, head) == read(response_head._parsing(refused), head)


@pytest.mark.parametrize("head", OTHERS)
def test_any_other_head_is_the_parsers(head: bytes) -> None:
    """What is not altogether plain is left to the client."""
    assert read(own, head) == read(response_head._parsing(own), head)

    with pytest.raises(LookupError):
        read(response_head._parsing(refused), head)


@pytest.mark.parametrize("head", [b"A: 1\r\n" * 150 + b"\r\n", b"A: " + b"x" * 70_000 + b"\r\n\r\n"])
def test_too_large_a_head_is_the_clients_own_error(head: bytes) -> None:
    """More lines, or longer ones, than http.client accepts."""
    with pytest.raises(http.client.HTTPException) as wanted:
        read(own, head)
    with pytest.raises(http.client.HTTPException) as raised:
        read(response_head._parsing(own), head)

    assert (type(wanted.value), str(wanted.value)) == (type(raised.value), str(raised.value))


def test_a_real_connection_is_the_parsers() -> None:
    """A file that leads to no double is left alone here."""
    parse = response_head._parsing(refused)

    with pytest.raises(LookupError):
        parse(io.BufferedReader(cast("io.RawIOBase", io.BytesIO(PLAIN[0]))))


def test_a_class_of_the_users_is_the_parsers() -> None:
    """Who wants another class of message gets it from the client's own parser."""
    parse = response_head._parsing(refused)

    with pytest.raises(LookupError):
        parse(io.BufferedReader(_Wire(PLAIN[0])), type("Mine", (http.client.HTTPMessage,), {}))
