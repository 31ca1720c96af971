"""What is true of every captured message: its address, its headers, the length that it announces, its coding."""

from __future__ import annotations

import re
from collections.abc import Iterable

from handlesfake.captures.exchange import Unusable, shown
from handlesfake.cassettes.format.compression import are_read, content_codings, unpacked, why_packed
from handlesfake.mpsd.http.message import Headers
from handlesfake.values.values import frozen

_TOKEN = re.compile(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(r"[\t -~\x80-\xff]*")
_URL = re.compile(r"(?i:(https?))://([^/?#]*)([^#]*)(?:#.*)?", re.S)
_AUTHORITY = re.compile(r"(?:[^@]*@)?([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?")
_TARGET = re.compile(r"[!-~]*")
_LENGTH = re.compile(r"[0-9]{1,15}")
_METHOD = re.compile(r"[A-Za-z]{1,20}")
_SHOWN = 60


@frozen
class Address:
    """Where a request went."""

    host: str
    """In lower case, with the port where it is not the scheme's own."""

    target: str

    @classmethod
    def of(cls, url: str) -> Address:
        """That of the absolute ``url``; its target is kept as it is spelled, its fragment was never sent.

        :raises Unusable: a cassette cannot hold it.
        """
        found = _URL.fullmatch(url)
        if found is None:
            raise Unusable(f"{_cut(url)} is not an address of HTTP")
        host, target = authority(found[2], found[1].lower()), found[3]
        if not _TARGET.fullmatch(target):
            raise Unusable(f"{_cut(target)} cannot be the target of a request: it is not ASCII")
        return cls(host, target if target.startswith("/") else f"/{target}")


def authority(text: str, scheme: str = "https") -> str:
    """The host that ``text`` names, with its port where that is not the one of ``scheme``.

    :raises Unusable: it names none.
    """
    found = _AUTHORITY.fullmatch(text.lower())
    if found is None or int(found[2] or 1) > 65535:
        raise Unusable(f"{_cut(text)} is not a host")
    port = int(found[2]) if found[2] else None
    return found[1] if port in (None, 443 if scheme == "https" else 80) else f"{found[1]}:{port}"


def method_of(text: str) -> str:
    """The method in upper case.

    :raises Unusable: a cassette cannot hold it, or it makes no exchange.
    """
    if not _METHOD.fullmatch(text):
        raise Unusable(f"{_cut(text)} is not a method")
    if text.upper() == "CONNECT":
        raise Unusable("a tunnel: what went through it has separate entries")
    return text.upper()


def check_status(status: int) -> None:
    """Pass over a ``status`` that ends an exchange.

    :raises Unusable: no server gives it as its last word, or a cassette cannot hold it.
    """
    if status == 101:
        raise Unusable("a WebSocket: what is pushed is not replayed")
    if not 200 <= status <= 599:
        raise Unusable(f"the status {status} is not a status that ends an exchange")


def header_lines(pairs: Iterable[tuple[str, str]]) -> Headers:
    """``pairs`` as header lines, less the pseudo headers of HTTP/2.

    :raises Unusable: one cannot be part of a message.
    """
    lines = [(name, value.strip(" \t")) for name, value in pairs if not name.startswith(":")]
    for name, value in lines:
        if not _TOKEN.fullmatch(name):
            raise Unusable(f"{_cut(name)} is not the name of a header")
        if not _VALUE.fullmatch(value):
            raise Unusable(f"the header {name[:_SHOWN]} holds what does not fit in one line")
    return Headers(lines)


def announced(headers: Headers) -> int | None:
    """The bytes of the body that ``Content-Length`` announces; None where it says nothing.

    :raises Unusable: it is not a number, or says two things.
    """
    if headers.first("Transfer-Encoding"):
        return None  # RFC 9112, 6.3: it overrides a Content-Length
    said = {one.strip() for line in headers.every("Content-Length") for one in line.split(",")}
    if not said:
        return None
    if len(said) > 1 or not _LENGTH.fullmatch(min(said)):
        raise Unusable("its Content-Length is not one number")
    return int(said.pop())


def is_bodiless(method: str, status: int) -> bool:
    """Whether an answer has no body whatever its headers say (RFC 9110, 6.4.1)."""
    return method == "HEAD" or status in (204, 304)


def check_length(what: str, body: bytes, length: int | None) -> None:
    """Pass over a ``body`` that has as many bytes as were announced.

    :raises Unusable: it has not.
    """
    if length is not None and len(body) < length:
        raise Unusable(f"{what} is not whole: {len(body)} of {length} bytes")
    if length is not None and len(body) > length:
        raise Unusable(f"{what} has {len(body)} bytes, and its Content-Length says {length}")


def undone(what: str, headers: Headers, body: bytes) -> tuple[Headers, bytes, tuple[str, ...]]:
    """``headers`` and ``body``, which crossed the wire so, with the content coding undone, and what there is to say.

    :raises Unusable: the coding cannot be undone.
    """
    codings = content_codings(headers)
    if not codings or not body:
        return headers.without("Content-Encoding"), body, ()
    left, plain = unpacked(headers, body)
    if left.first("Content-Encoding") or not are_read(headers):
        raise Unusable(f"{what} cannot be read: {shown(why_packed(headers))}")
    notes = (f"{what} was named {', '.join(codings)} and is not: taken as it is",) if plain == body else ()
    return left, plain, notes


def _cut(text: str) -> str:
    return ascii(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}...")
