"""A garden: made-up secrets and people, each planted in one place, in the shapes that they have in earnest."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

Pairs = list[tuple[str, str]]

PERSONAL = frozenset(
    ("xuid", "gamertag", "device token", "secure device address", "connection", "subscription", "ip address")
)
"""The kinds of personal data, each of which becomes a pseudonym; all other kinds are secrets, which go."""


@dataclass(frozen=True, slots=True)
class Planted:
    """Something that no file may hold."""

    kind: str
    place: str
    value: str

    @property
    def is_secret(self) -> bool:
        """Whether it is to go, rather than to become a pseudonym."""
        return self.kind not in PERSONAL


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what the service answers."""

    method: str
    target: str
    sent: Pairs
    body: bytes
    status: int
    came: Pairs
    answer: bytes


class Garden:
    """Plants things, each once, and knows them all."""

    def __init__(self) -> None:
        self.planted: list[Planted] = []

    def put(self, kind: str, place: str, value: str) -> str:
        """Plant ``value``, and give it back."""
        self.planted.append(Planted(kind, place, value))
        return value

    def token(self, place: str, length: int = 96, kind: str = "token") -> str:
        """An opaque token: base64url characters that say nothing."""
        return self.put(kind, place, opaque(place, length))

    def jwt(self, place: str, **claims: str) -> str:
        """A token of three parts; without a meaning, but of the shape."""
        head = unpadded(json.dumps({"typ": "JWT", "alg": "RS256", "x5t": opaque(f"x5t {place}", 20)}).encode())
        body = unpadded(json.dumps({"sub": opaque(f"sub {place}", 12), **claims}).encode())
        return self.put("token", place, f"{head}.{body}.{opaque(f'signed {place}', 86)}")

    def guid(self, kind: str, place: str) -> str:
        """A GUID of a person."""
        digits = hashlib.sha256(f"{kind} {place}".encode()).hexdigest()
        return self.put(kind, place, f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}")


def opaque(seed: str, length: int) -> str:
    """Base64url characters that are the same in each run, so that this file has no token."""
    return unpadded(hashlib.shake_256(seed.encode()).digest(length))[:length]


def unpadded(raw: bytes) -> str:
    """Base64url as tokens have it."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def standard(raw: bytes) -> str:
    """Plain base64."""
    return base64.b64encode(raw).decode()


def as_json(value: Any) -> bytes:
    """A body, as most clients write it."""
    return json.dumps(value).encode()


def escaped(text: str) -> str:
    r"""Each character as ``\uXXXX``, which a JSON reader turns back."""
    return "".join(f"\\u{ord(letter):04x}" for letter in text)


def signature(place: str) -> str:
    """What the contract says of it: base64 of 76 bytes, which begin with version and time."""
    return standard(bytes((0, 0, 0, 1, 1, 219)) + hashlib.shake_256(place.encode()).digest(70))


def handle_id(seed: str) -> str:
    """A GUID that is not a secret."""
    return Garden().guid("handle", seed)


def form(**fields: str) -> bytes:
    """The body of a form."""
    return urlencode(fields).encode()
