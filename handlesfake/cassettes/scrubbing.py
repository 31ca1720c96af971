"""Scrubbing: what never reaches the disk, and what stands in its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from handlesfake.cassettes.cassette import REMOVED, Interaction, labelled
from handlesfake.mpsd.message import MPSD_HOST, Headers, Request, Response

KEPT = frozenset(
    {
        "accept",
        "accept-language",
        "content-encoding",
        "content-type",
        "if-match",
        "if-none-match",
        "user-agent",
        "x-xbl-contract-version",
        "x-xbl-deny-scope",
        "x-xbl-onbehalfof-title",
        "x-xbl-onbehalfof-users",
    }
)
"""Request headers that are written, in lower case: MPSD reads no other, and any other may hold a secret."""

REMOVED_ANSWERS = frozenset(
    {
        "authorization",
        "proxy-authenticate",
        "proxy-authorization",
        "set-cookie",
        "signature",
        "x-servername",
        "x-xbl-debug",
        "x-xblcorrelationid",
    }
)
"""Response headers that are not written, in lower case (contract 12.3)."""

_CARRIAGE = ("Connection", "Content-Length", "Keep-Alive", "Transfer-Encoding")
SHORTEST = 8
"""Characters of a secret that is looked for elsewhere, too: a shorter one would be found in innocent words."""


def secrets_in(headers: Headers) -> set[str]:
    """The secrets that ``headers`` bear: tokens, signatures, the values of cookies."""
    found = {value for name in ("Signature", "X-Xbl-Debug") for value in headers.every(name)}
    for name in ("Authorization", "Proxy-Authorization"):
        # behind the user hash of "XBL3.0 x=<user hash>;<token>", else behind the scheme of "Bearer <token>"
        found.update(value.partition(";")[2] or value.split(" ")[-1] for value in headers.every(name))
    for value in headers.every("Cookie"):
        found.update(pair.partition("=")[2] for pair in value.split(";"))
    found.update(value.partition(";")[0].partition("=")[2] for value in headers.every("Set-Cookie"))
    return {secret.strip() for secret in found if len(secret.strip()) >= SHORTEST}


class Scrubber:
    """Takes secrets out of interactions, and puts the cassette's own names in the place of others.

    :param secrets: texts that are nowhere to be seen.
    :param names: text to the name that stands for it: a real xuid to a made-up one, a user hash to a role.
    """

    def __init__(self, secrets: Iterable[str], names: Mapping[str, str]) -> None:
        self._instead = dict.fromkeys(filter(None, secrets), REMOVED) | dict(names)
        parts = sorted(self._instead, key=len, reverse=True)
        # a xuid within a longer number is another number
        self._found = re.compile("|".join(_whole(part) for part in parts)) if parts else None

    def scrubbed(self, interaction: Interaction, label: str) -> Interaction:
        """``interaction`` as it may be written; ``label`` names its caller, empty when there was none."""
        request, response = interaction.request, interaction.response
        return replace(
            interaction,
            request=Request(
                request.method,
                self.text(request.target),
                self._kept(request.headers, label),
                self._body(request.body),
                MPSD_HOST,
            ),
            response=Response(
                response.status,
                Headers(
                    (name, self.text(value))
                    for name, value in response.headers.without(*_CARRIAGE)
                    if name.lower() not in REMOVED_ANSWERS
                ),
                self._body(response.body),
                response.reason,
            ),
        )

    def _kept(self, headers: Headers, label: str) -> Headers:
        kept = [(name, self.text(value)) for name, value in headers if name.lower() in KEPT]
        return Headers((("Authorization", labelled(label)), *kept) if label else kept)

    def text(self, text: str) -> str:
        """``text`` without secrets."""
        return self._found.sub(lambda found: self._instead[found[0]], text) if self._found else text

    def _body(self, body: bytes) -> bytes:
        # latin-1 gives every byte back as it was; what is looked for is ASCII
        return self.text(body.decode("latin-1")).encode("latin-1") if body else body


def _whole(part: str) -> str:
    return rf"(?<!\d){part}(?!\d)" if part.isdigit() else re.escape(part)
