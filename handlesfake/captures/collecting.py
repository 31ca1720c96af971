"""Collector: what a reader takes, and what it leaves out, entry by entry, within limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlesfake.captures.exchange import Capture, CapturedExchange, LeftOut, Unreadable, Unusable, in_order
from handlesfake.captures.limits import Limits


class Collector:
    """Collects the entries of one file.

    :param count: how many entries it has.
    :raises Unreadable: those are more than ``limits`` allow.
    """

    def __init__(self, count: int, limits: Limits) -> None:
        if count > limits.entries:
            raise Unreadable(f"it has {count} entries, and {limits.entries} are the most that are read")
        self._limits = limits
        self._exchanges: list[CapturedExchange] = []
        self._left_out: list[LeftOut] = []
        self._size = 0

    def add(self, number: int, read: Callable[[], CapturedExchange], label: Callable[[], tuple[str, str]]) -> None:
        """Take what ``read`` gives, or leave it out for the reason that it raises.

        :param label: host and request line of the entry, as far as they can be told.
        :raises Unreadable: all bodies together, unpacked, are more than the limits allow.
        """
        try:
            found = read()
        except Unusable as reason:
            self._left_out.append(LeftOut(number, *label(), str(reason)))
            return
        self._size += len(found.request.body) + len(found.response.body)
        if self._size > self._limits.file:
            raise Unreadable(f"its bodies unpack to more than {self._limits.file} bytes")
        self._exchanges.append(found)

    def capture(self, tool: str, roles: Mapping[str, str] | None = None) -> Capture:
        """All that was collected."""
        return Capture(tool, in_order(self._exchanges), tuple(self._left_out), roles or {})
