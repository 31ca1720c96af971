"""Underway: a request that has no entry yet."""

from __future__ import annotations

from typing import Protocol

from handlesfake.mpsd.http.message import Request


class Underway(Protocol):
    """A request that has no entry yet: the service has not acted."""

    @property
    def request(self) -> Request:
        """What is asked."""

    @property
    def client(self) -> str:
        """Through what it was sent, as in :attr:`Entry.client`."""

    @property
    def thread(self) -> str:
        """Who sent it, as in :attr:`Entry.thread`."""

    @property
    def source(self) -> str:
        """The line of the code under test that sent it, as in :attr:`Entry.source`."""
