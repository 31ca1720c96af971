"""Scrubbing: what never reaches the disk, and what stands in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Protocol
from urllib.parse import quote, unquote

from handlesfake.cassettes.bodies import unpacked
from handlesfake.cassettes.cassette import REMOVED, Interaction, labelled
from handlesfake.cassettes.field_names import is_secret
from handlesfake.cassettes.findings import Findings
from handlesfake.cassettes.header_names import CARRIAGE, HARMLESS, KEPT, REMOVED_ANSWERS, TOLD, TOO_MANY_TO_TELL
from handlesfake.cassettes.learned import SHORTEST, Learned
from handlesfake.cassettes.scrubbed_bodies import ScrubbedBody, scrubbed_form
from handlesfake.cassettes.scrubbed_texts import ScrubbedText
from handlesfake.mpsd.message import MPSD_HOST, Headers, Request, Response


class Disguise(Protocol):
    """What makes pseudonyms."""

    def of(self, kind: str, value: str) -> str:
        """What stands for ``value``."""


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
    """Takes secrets out of requests and responses, and puts pseudonyms in the place of people and devices.

    What it has learned from one it knows in all that come later: a token from its header, a gamertag from its field.

    :param disguise: makes pseudonyms; None where there is no key: what is personal then stays as it was sent.
    :param names: text to the name that stands for it: a real xuid to a made-up one, a user hash to a role.
    :param allowed: places that hold no secret although they look it: ``body.properties.custom.levelId``.
    """

    def __init__(
        self, disguise: Disguise | None, names: Mapping[str, str] | None = None, allowed: Iterable[str] = ()
    ) -> None:
        self.learned = Learned()
        self._disguise = disguise
        self._allowed = frozenset(place.lower() for place in allowed)
        for text, name in (names or {}).items():
            self.name(text, name)

    def name(self, text: str, name: str) -> None:
        """From now on ``name`` stands for ``text``."""
        self.learned.learn(text, name)

    def knows_token(self, authorization: str) -> None:
        """``authorization`` is a secret, before it is ever sent."""
        self._learn(Headers([("Authorization", authorization)]))

    def request(self, request: Request, label: str, host: str = MPSD_HOST) -> tuple[Request, Findings]:
        """``request`` as it may be written, and what was found; ``label`` names its caller, empty when there is none.

        :param host: what is written for the host it went to.
        """
        self._learn(request.headers)
        found = Findings()
        text = self._text(found)
        kept = []
        for name, value in request.headers:
            if name.lower() in KEPT:
                kept.append((name, value if name.lower() in HARMLESS else text.header(name, value)))
            elif name.lower() in TOLD:
                found.removed[TOLD[name.lower()]] += 1
        headers = Headers((("Authorization", labelled(text.learned(label))), *kept) if label else kept)
        body = ScrubbedBody(text, request.headers).of(request.body)
        return Request(request.method, self._target(request.target, text), headers, body, host), found

    def response(self, response: Response) -> tuple[Response, Findings]:
        """``response`` as it may be written, and what was found."""
        self._learn(response.headers)
        found = Findings()
        text = self._text(found)
        kept = []
        for name, value in response.headers.without(*CARRIAGE):
            if is_removed_answer(name):
                if name.lower() not in TOO_MANY_TO_TELL:
                    found.removed[name] += 1
            else:
                kept.append((name, value if name.lower() in HARMLESS else text.header(name, value)))
        body = ScrubbedBody(text, response.headers).of(response.body)
        return Response(response.status, Headers(kept), body, text.at("reason", response.reason)), found

    def sent(self, request: Request) -> Request:
        """``request`` as the recorded ones are, to be compared with them; its headers stay."""
        text = self._text(Findings(), allow_all=True)
        target = self._target(request.target, text)
        headers, plain = unpacked(request.headers, request.body)
        if headers.first("Content-Encoding"):  # nobody can look into it
            return replace(request, target=target)
        body = ScrubbedBody(text, headers).of(plain)
        return (
            replace(request, target=target)
            if body == plain
            else replace(request, target=target, headers=headers, body=body)
        )

    def again(self, interaction: Interaction) -> Interaction:
        """``interaction``, which was scrubbed before, less what was learned since."""
        request, response, learned = interaction.request, interaction.response, self.learned.replaced
        return replace(
            interaction,
            request=replace(request, target=learned(request.target), body=_by(learned, request.body)),
            response=replace(response, body=_by(learned, response.body)),
        )

    def _learn(self, headers: Headers) -> None:
        for secret in secrets_in(headers):
            # an innocent word would be found in innocent places
            if len(secret) >= 2 * SHORTEST or not (secret.isalpha() and secret.islower()):
                self.learned.learn(secret, REMOVED)

    def _text(self, found: Findings, *, allow_all: bool = False) -> ScrubbedText:
        return ScrubbedText(self.learned, self._disguise, found, None if allow_all else self._allowed)

    def _target(self, target: str, text: ScrubbedText) -> str:
        path, mark, query = target.partition("?")
        parts = [_segment(part, text) for part in path.split("/")]
        return "/".join(parts) + mark + (scrubbed_form(query, text, "query") if query else "")


def is_removed_answer(name: str) -> bool:
    """Whether the response header ``name`` is never written."""
    name = name.lower()
    return name in REMOVED_ANSWERS or name.startswith(("x-azure-", "x-ms-", "x-runtime")) or is_secret(name)


def _segment(part: str, text: ScrubbedText) -> str:
    plain = unquote(part)
    # an address is the client's own: it is never taken for chance
    scrubbed = text.known(plain)
    return part if scrubbed == plain else quote(scrubbed, safe="(),;=:@!$&'*+~")


def _by(change: Callable[[str], str], body: bytes) -> bytes:
    try:
        return change(body.decode()).encode()
    except UnicodeDecodeError:
        # latin-1 gives every byte back as it was
        return change(body.decode("latin-1")).encode("latin-1", "replace")
