"""Normalisers: what differs between a recording and the fake for a reason that says nothing of MPSD."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from handlesfake.difference import MISSING, Difference


@dataclass(frozen=True, slots=True)
class Normaliser:
    """Takes differences away at the places that ``fits`` finds, as long as both sides have something there."""

    name: str
    reason: str
    fits: re.Pattern[str]
    may_lack: bool = False
    """Whether one side may say nothing there."""

    def takes(self, one: Difference) -> bool:
        """Whether ``one`` is none: both sides say something of the same type, or one may say nothing."""
        if self.fits.fullmatch(one.path) is None:
            return False
        lacks = MISSING in (one.wanted, one.sent)
        return self.may_lack if lacks else type(one.wanted) is type(one.sent)


NORMALISERS = (
    Normaliser(
        "ids",
        "the service makes them up",
        re.compile(r"(body|body\.results\.\d+)\.(id|branch|correlationId|searchHandle)|headers\.ETag"),
    ),
    Normaliser(
        "times",
        "the recording and this run happen at different times",
        re.compile(
            r"body\.(.+\.)?(createTime|startTime|joinTime|nextTimer|expiration)|headers\.(Date|Expires|Last-Modified)"
        ),
    ),
    Normaliser(
        "people",
        "a recording has pseudonyms for them, and the fake makes them up",
        re.compile(r"body\.(.+\.)?(gamertag|deviceToken|secureDeviceAddress)"),
        may_lack=True,
    ),
    Normaliser(
        "sentences",
        "nobody has published the words of a refusal; its status is compared",
        re.compile(r"text"),
    ),
)

COMPARED: Mapping[str, str] = MappingProxyType(
    {
        name.lower(): name
        for name in ("Content-Type", "Content-Location", "Location", "ETag", "Retry-After", "Allow", "Date")
    }
)
"""Headers that say something of MPSD; the rest is its carriers'."""


def sifted(found: list[Difference]) -> tuple[list[Difference], list[str]]:
    """The differences that say something, and the names of the normalisers that took the others, one for each."""
    kept, taken = [], []
    for one in found:
        by = next((normaliser.name for normaliser in NORMALISERS if normaliser.takes(one)), None)
        if by is None:
            kept.append(one)
        else:
            taken.append(by)
    return kept, taken
