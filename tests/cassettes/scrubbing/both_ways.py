"""One exchange as it is recorded, and what a scan says of it before and after: both hold to the same."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from handlesfake.cassettes.audit.scanning import scan
from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.format.writing import dump_cassette
from handlesfake.cassettes.people.pseudonyms import Pseudonyms
from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from handlesfake.mpsd.http.message import Headers, Request, Response

MADE_UP = Pseudonyms(b"a key that only tests have")
HOST = "api.example.invalid"
NOTHING = Request("GET", "/thing", Headers())
EMPTY = Response(200, Headers())


class BothWays(NamedTuple):
    """What happened to an exchange."""

    written: str
    """The cassette."""

    is_kept: bool
    """Whether nothing was withheld."""

    is_found: bool
    """Whether a scan finds something in the same exchange as it came."""

    is_accepted: bool
    """Whether a scan finds nothing in what was written."""

    body: bytes
    """The body of the answer that was written."""


def both_ways(
    folder: Path, request: Request = NOTHING, response: Response = EMPTY, scrubber: Scrubber | None = None
) -> BothWays:
    """Record the exchange in ``folder``, and scan it as it came and as it was written."""
    scrubbed = (scrubber or Scrubber(MADE_UP)).exchange(request, response, "", HOST)
    came, written = folder / "came.yaml", folder / "written.yaml"
    came.write_text(dump_cassette([Interaction(1, request, response)], {}), encoding="utf-8")
    written.write_text(dump_cassette([Interaction(1, scrubbed.request, scrubbed.response)], {}), encoding="utf-8")
    is_kept = not scrubbed.found.withheld and not scrubbed.found.unread
    return BothWays(
        written.read_text(encoding="utf-8"), is_kept, bool(scan(came)), not scan(written), scrubbed.response.body
    )


def answer(text: str, content_type: str = "application/json") -> Response:
    """200, with this body."""
    return Response(200, Headers([("Content-Type", content_type)]), text.encode())


def asked(target: str, body: str = "", content_type: str = "application/json") -> Request:
    """A request to ``target``; with a body, a POST."""
    headers = Headers([("Content-Type", content_type)]) if body else Headers()
    return Request("POST" if body else "GET", target, headers, body.encode())
