"""What ``clients.yaml`` says: which clients there are, and what each sees."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


@dataclass(frozen=True)
class RealClient:
    """A client of others that has been run here."""

    name: str
    version: str
    """A version, or a commit."""

    source: str
    has_not: dict[str, str]
    """What it has not seen, with the reason."""

    @property
    def sees(self) -> set[str]:
        """All other words."""
        return set(words()) - set(self.has_not)


@dataclass(frozen=True)
class SignIn:
    """One way in which a client signs in."""

    client: str
    version: str
    source: str
    flow: str
    """The client's own word for it."""

    asks: tuple[str, ...]
    """The operations of sign-in, in the order of the first request of each."""

    refused_at: str
    """The operation that refuses an account without an Xbox profile."""

    and_says: str
    """What the client then tells its user."""

    plays_as: str
    """The client of the table above that its players see as much as, once they have signed in."""


def sign_ins() -> list[SignIn]:
    """All of them, in the order of the file."""
    return [
        SignIn(
            one["client"],
            str(one["version"]),
            one["from"],
            one["flow"],
            tuple(one["asks"]),
            one["refused_at"],
            str(one["and_says"]),
            one.get("plays_as", one["client"]),
        )
        for one in _document()["sign_ins"]
    ]


def words() -> tuple[str, ...]:
    """What a client may come to: the rows of the table."""
    return tuple(_document()["words"])


def real_clients() -> list[RealClient]:
    """All of them, in the order of the file."""
    return [
        RealClient(one["name"], str(one["version"]), one["from"], one["has_not"]) for one in _document()["clients"]
    ]


def real_client(name: str) -> RealClient:
    """The client of this name."""
    return next(client for client in real_clients() if client.name == name)


def _document() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((HERE / "clients.yaml").read_text(encoding="utf-8"))
    return found
