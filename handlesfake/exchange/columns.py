"""Columns: which kind each of some thousand requests was, and when it came, in little memory."""

from __future__ import annotations

import zlib
from array import array
from itertools import accumulate, pairwise


class Columns:
    """Two numbers for each request: the place of its kind, and a time in ticks.

    They take ten bytes while they grow, and packed, on a busy server, two or three.
    """

    __slots__ = ("_grown", "_packed")

    def __init__(self) -> None:
        self._grown = array("H"), array("q")
        self._packed: tuple[bytes, bytes] | None = None

    def append(self, place: int, ticks: int) -> None:
        """One more request."""
        places, times = self._grown
        places.append(place)
        times.append(ticks)

    def read(self) -> tuple[array[int], array[int]]:
        """The places and the times; another thread may pack them meanwhile."""
        grown, packed = self._grown, self._packed
        if packed is None:
            return grown
        places, steps = packed
        return _unpacked(places, "H"), array("q", accumulate(_unpacked(steps, "q")))

    def pack(self) -> int:
        """Nothing more is appended: take less memory; how many bytes less, about."""
        if self._packed is not None:
            return 0
        places, times = self._grown
        steps = array("q", (after - before for before, after in pairwise((0, *times))))
        self._packed = _packed(places), _packed(steps)
        self._grown = array("H"), array("q")
        taken = len(places) * places.itemsize + len(times) * times.itemsize
        return taken - sum(map(len, self._packed))


def _packed(values: array[int]) -> bytes:
    """The lowest byte of each number, then the next of each: of small numbers the higher ones are all alike."""
    raw, size = values.tobytes(), values.itemsize
    return zlib.compress(b"".join(raw[place::size] for place in range(size)), 1)


def _unpacked(packed: bytes, code: str) -> array[int]:
    values = array(code)
    found, size = zlib.decompress(packed), values.itemsize
    raw, each = bytearray(len(found)), len(found) // size
    for place in range(size):
        raw[place::size] = found[place * each : (place + 1) * each]
    values.frombytes(bytes(raw))
    return values
