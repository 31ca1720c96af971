"""Normalisers: what differs between a recording and the fake for a reason that says nothing of MPSD."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from handlesfake.json_diff import MISSING, Difference
from handlesfake.mpsd.http.message import Response
from handlesfake.values.values import frozen

MADE_UP = ("id", "branch", "correlationId", "searchHandle")
"""The fields of an answer, or of one of its results, that the service makes up."""

IDS = re.compile(rf"(body|body\.results\.\d+)\.({'|'.join(MADE_UP)})|headers\.ETag")
"""Where an answer holds what the service has made up."""

_HANDLE_ID = re.compile(r"/handles/[0-9a-f-]{36}(?=/|$)")


@frozen
class Normaliser:
    """Takes differences away at the places that ``fits`` finds, as long as both sides have something there."""

    name: str
    reason: str
    fits: re.Pattern[str]
    may_lack: bool = False
    """Whether one side may say nothing there."""

    def takes(self, one: Difference) -> bool:
        """Whether ``one`` is not a real difference: both sides have the same type, or one side may be missing."""
        if self.fits.fullmatch(one.path) is None:
            return False
        lacks = MISSING in (one.wanted, one.sent)
        return self.may_lack if lacks else type(one.wanted) is type(one.sent)


NORMALISERS = (
    Normaliser("ids", "the service makes them up", IDS),
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
        "the text of a refusal is not published; its status is compared",
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


def sifted(found: list[Difference], is_new: Callable[[Difference], bool]) -> tuple[list[Difference], list[str]]:
    """The differences that say something, and the names of the normalisers that took the others, one for each.

    :param is_new: whether an id was made up just now, there and here: one that should have stayed says something.
    """
    kept, taken = [], []
    for one in found:
        by = next((normaliser.name for normaliser in NORMALISERS if normaliser.takes(one)), None)
        if by is None or (by == "ids" and not is_new(one)):
            kept.append(one)
        else:
            taken.append(by)
    return kept, taken


def compared_fields(response: Response) -> dict[str, Any]:
    """What is compared of ``response``, as one mapping whose paths are those of messages."""
    fields: dict[str, Any] = {"status": response.status, "headers": {}}
    for name, value in response.headers:
        if name.lower() in COMPARED:
            fields["headers"][COMPARED[name.lower()]] = _plain(name.lower(), value)
    if response.body:
        try:
            fields["body"] = json.loads(response.body)
        except (ValueError, RecursionError):
            fields["text"] = response.body.decode("utf-8", "replace")
    return fields


def _plain(name: str, value: str) -> str:
    if name == "content-type":
        return value.partition(";")[0].strip().lower()
    if name in ("location", "content-location"):
        return _HANDLE_ID.sub("/handles/{id}", value.lower())
    return value
