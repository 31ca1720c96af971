"""Scrubbing: what never reaches the disk, and what replaces it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote, unquote

from handlesfake.cassettes.cassette import REMOVED, Interaction, labelled
from handlesfake.cassettes.format.compression import unpacked
from handlesfake.cassettes.people.pseudonyms import is_real_xuid
from handlesfake.cassettes.scrubbing.body import ScrubbedBody, scrubbed_form
from handlesfake.cassettes.scrubbing.field_names import is_secret
from handlesfake.cassettes.scrubbing.findings import Findings
from handlesfake.cassettes.scrubbing.header_names import (
    KEPT,
    REMOVED_ANSWERS,
    TOLD,
    TOO_MANY_TO_TELL,
    carriage,
)
from handlesfake.cassettes.scrubbing.learned_values import Learned
from handlesfake.cassettes.scrubbing.replacements import Disguise, StandIns
from handlesfake.cassettes.scrubbing.text import ScrubbedText
from handlesfake.mpsd.http.message import MPSD_HOST, NO_HEADERS, Headers, Request, Response
from handlesfake.values.values import replace


def secrets_in(headers: Headers) -> set[str]:
    """The secrets in ``headers``: tokens, signatures, the values of cookies."""
    found: set[str] = set()
    for name, value in headers:
        take = _TAKEN.get(name.lower())
        if take is not None:
            found.update(map(str.strip, take(value)))
    return found


def _token(value: str) -> list[str]:
    _, _, behind = value.partition(" ")
    # behind the user hash of "XBL3.0 x=<user hash>;<token>", else behind the scheme of "Bearer <token>"
    return [behind.partition(";")[2] if behind.startswith("x=") else behind or value]


def _cookies(value: str) -> list[str]:
    values = [pair.partition("=")[2] for pair in value.split(";")]
    return [*values, *map(unquote, values)]


_TAKEN: Mapping[str, Callable[[str], list[str]]] = MappingProxyType(
    {
        "authorization": _token,
        "cookie": _cookies,
        "proxy-authorization": _token,
        "set-cookie": lambda value: _cookies(value.partition(";")[0]),
        "signature": lambda value: [value],
        "x-xbl-debug": lambda value: [value],
    }
)


_WEBHOOK = re.compile(r"^(/api/(?:v\d+/)?(?:webhooks|interactions)/\d{17,20}/)(?![a-z]+(?:/|$))([^/]+)")
"""What opens a webhook, behind its id, at any host (https://discord.com/developers/docs/resources/webhook)."""


class Scrubbed(NamedTuple):
    """An exchange as it may be written."""

    request: Request
    response: Response
    found: Findings


class Scrubber:
    """Takes secrets out of requests and responses, and replaces people and devices with pseudonyms.

    What it has learned from one it knows in all that come later: a token from its header, a gamertag from its field.

    :param disguise: makes pseudonyms; None where there is no key: what is personal then stays as it was sent.
    :param names: text to the name that replaces it: a real xuid to a made-up one, a user hash to a role.
    :param allowed: places that hold no secret although they look it: ``body.properties.custom.levelId``; None: all.
    """

    def __init__(
        self, disguise: Disguise | None, names: Mapping[str, str] | None = None, allowed: Iterable[str] | None = ()
    ) -> None:
        self.learned = Learned()
        self._disguise = disguise
        self._allowed = None if allowed is None else frozenset(place.lower() for place in allowed)
        for text, name in (names or {}).items():
            self.name(text, name)

    def name(self, text: str, name: str) -> None:
        """From now on ``name`` replaces ``text``."""
        self.learned.name(text, name)

    def knows_token(self, authorization: str) -> None:
        """``authorization`` is a secret, before it is ever sent."""
        self._learn(Headers([("Authorization", authorization)]))

    def exchange(self, request: Request, response: Response, label: str, host: str = MPSD_HOST) -> Scrubbed:
        """Both as they may be written, and what was found in them: see :meth:`request` and :meth:`response`."""
        count = len(self.learned)
        sent, found = self.request(request, label, host)
        asked = request.path.rpartition("/")[2]
        came, more = self.response(response, asked, request.method)
        found.add(more)
        values = (value for headers in (sent.headers, came.headers) for _, value in headers)
        # a text may come before the field that says whose name it holds
        if _is_left(self.learned.since(count), sent.body + b"\n" + came.body, sent.target, *values):
            sent, again = self.request(request, label, host)
            came, more = self.response(response, asked, request.method)
            again.add(more)
            again.replaced = found.replaced
            found = again
        return Scrubbed(sent, came, found)

    def request(self, request: Request, label: str, host: str = MPSD_HOST) -> tuple[Request, Findings]:
        """``request`` as it may be written, and what was found; ``label`` names its caller, empty when there is none.

        :param host: what is written for the host it went to.
        """
        self._learn(request.headers)
        found = Findings()
        text = self._text(found)
        kept = []
        for name, value in request.headers:
            lower = name.lower()
            if lower in KEPT:
                kept.append((name, text.header(name, value)))
            elif lower in TOLD:
                found.removed[TOLD[lower]] += 1
        headers = Headers((("Authorization", labelled(self.learned.replaced(label))), *kept) if label else kept)
        body = ScrubbedBody(text, request.headers).of(request.body)
        return Request(request.method, scrubbed_target(request.target, text), headers, body, host), found

    def response(self, response: Response, asked: str = "", method: str = "GET") -> tuple[Response, Findings]:
        """``response`` to ``method`` as it may be written, and what was found.

        :param asked: the last part of the path that was asked for, which names a value that is the whole answer.
        """
        self._learn(response.headers)
        found = Findings()
        text = self._text(found)
        kept = []
        for name, value in response.headers.without(*carriage(method)):
            if is_removed_answer(name):
                if name.lower() not in TOO_MANY_TO_TELL:
                    found.removed[name] += 1
            else:
                kept.append((name, text.header(name, value)))
        body = ScrubbedBody(text, response.headers, asked).of(response.body)
        reason = response.reason and text.at("reason", response.reason)
        return Response(response.status, Headers(kept), body, reason), found

    def sent(self, request: Request) -> Request:
        """``request`` as the recorded ones are, to be compared with them; its headers stay."""
        headers, plain = unpacked(request.headers, request.body)
        if headers.first("Content-Encoding"):  # its content cannot be read
            return replace(request, target=self._asked(NO_HEADERS, b"", request.target)[1])
        count = len(self.learned)
        body, target = self._asked(headers, plain, request.target)
        if _is_left(self.learned.since(count), body, target):
            body, target = self._asked(headers, plain, request.target)
        if body == request.body:
            return replace(request, target=target)
        return replace(request, target=target, headers=headers, body=body)

    def _asked(self, headers: Headers, body: bytes, target: str) -> tuple[bytes, str]:
        text = self._text(Findings(), allow_all=True)
        return ScrubbedBody(text, headers).of(body), scrubbed_target(target, text)

    def of_xuid(self, number: str) -> str:
        """The replacement of ``number`` where it is a real xuid; else the number."""
        return self._text(Findings()).stand_ins.person("xuid", number) if is_real_xuid(number) else number

    def again(self, interaction: Interaction) -> Interaction:
        """``interaction``, which was scrubbed before, less what was learned since."""
        request = interaction.request
        sent, _ = self.request(request, interaction.caller, request.host)
        came, _ = self.response(interaction.response, method=request.method)
        return replace(interaction, request=sent, response=came)

    def _learn(self, headers: Headers) -> None:
        for secret in secrets_in(headers):
            self.learned.learn_secret(secret, REMOVED)

    def _text(self, found: Findings, *, allow_all: bool = False) -> ScrubbedText:
        stand_ins = StandIns(self.learned, self._disguise, found)
        return ScrubbedText(stand_ins, None if allow_all else self._allowed)


@lru_cache(maxsize=1024)
def is_removed_answer(name: str) -> bool:
    """Whether the response header ``name`` is never written."""
    name = name.lower()
    return name in REMOVED_ANSWERS or name.startswith(("x-azure-", "x-ms-", "x-runtime")) or is_secret(name)


def _is_left(texts: Iterable[str], body: bytes, *lines: str) -> bool:
    """Whether one of ``texts`` is in what was written before it was learned, as far as can be told at a glance."""
    written = b"\n".join((body, "\n".join(lines).encode("utf-8", "replace")))
    # escapes hide names: rather look again
    hides = b"\\" in written or b"%" in written or b"+" in written
    return any(hides or not text.isascii() or text.encode() in written for text in texts)


def scrubbed_target(target: str, text: ScrubbedText) -> str:
    """The ``target`` of a request as it may be written, path and query."""
    path, mark, query = target.partition("?")
    path = _WEBHOOK.sub(lambda found: found[1] + text.known.secret("webhook", unquote(found[2])), path)
    parts = path.split("/")
    scrubbed = [_part(part, unquote(before), text) for before, part in zip(["", *parts], parts, strict=False)]
    return "/".join(scrubbed) + mark + (scrubbed_form(query, text, "query") if query else "")


def _part(part: str, before: str, text: ScrubbedText) -> str:
    plain = unquote(part)
    scrubbed = text.part(plain, before)
    return part if scrubbed == plain else quote(scrubbed, safe="(),;=:@!$&'*+~")
