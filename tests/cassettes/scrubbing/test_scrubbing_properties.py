"""What is true of every exchange that is scrubbed: no secret is left, and what was scrubbed stays as it is."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import assume, example, given
from hypothesis import strategies as st

from handlesfake.cassettes.people.identities import Identity
from handlesfake.cassettes.people.pseudonyms import FIRST_REAL_XUID, Pseudonyms
from handlesfake.cassettes.recording.finishing import Plan
from handlesfake.cassettes.recording.recorder import Participants, Recorder
from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from handlesfake.errors import CassetteError, Unanswered
from handlesfake.exchange.outcome import Call, Forward, NoAnswer, Outcome
from handlesfake.mpsd.http.message import Headers, Request, Response
from tests.cassettes.scrubbing.planted_secrets import Planted
from tests.cassettes.scrubbing.secret_search import leaks
from tests.examples import examples

KEY = b"a key that only tests have"
JSON = ("Content-Type", "application/json")
FORM = ("Content-Type", "application/x-www-form-urlencoded")
TEXT = ("Content-Type", "text/plain")
HOST = "9000000000004711"

# Scrubbing.

XUIDS = st.integers(FIRST_REAL_XUID, FIRST_REAL_XUID + 10**9).map(str)
GAMERTAGS = st.from_regex(r"\A[A-Z][a-z]{2,6}( [A-Z][a-z]{2,6})?[0-9]{0,4}\Z")
OPAQUE = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", min_size=24, max_size=60)
ADDRESSES = st.ip_addresses().map(str)
BASE64 = st.binary(min_size=12, max_size=60).map(lambda raw: base64.b64encode(raw).decode())
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "ownerXuid": XUIDS,
    "xuid": XUIDS.map(int),
    "xuids": st.lists(XUIDS, max_size=3),
    "gamertag": GAMERTAGS,
    "senderUniqueModernGamertag": st.builds("{}#{}".format, GAMERTAGS, st.integers(1, 9999)),
    "connection": st.uuids().map(str),
    "deviceToken": OPAQUE,
    "secureDeviceAddress": BASE64,
    "senderImageUrl": OPAQUE.map("https://images.invalid/{}.png".format),
    "email": GAMERTAGS.map(lambda name: name.replace(" ", ".") + "@made-up.invalid"),
    "accessToken": OPAQUE,
    "nonces": st.dictionaries(XUIDS, OPAQUE, max_size=2),
    "blob": OPAQUE | BASE64,
    "link": st.builds("https://a.invalid/?sig={}&xuid={}&lc=1033".format, OPAQUE, XUIDS),
    "note": st.builds("{} ({}) at {}".format, XUIDS, GAMERTAGS, ADDRESSES),
    "inner": st.builds(lambda tag, token: json.dumps({"gamertag": tag, "token": token}), GAMERTAGS, OPAQUE),
    "any": st.text(max_size=40) | st.integers() | st.none() | st.booleans(),
}
DOCUMENTS = st.recursive(
    st.fixed_dictionaries({}, optional=FIELDS),
    lambda below: st.fixed_dictionaries(
        {}, optional={**FIELDS, "custom": below, "members": st.lists(below, max_size=2)}
    ),
    max_leaves=3,
)
TEXTS = st.lists(
    st.sampled_from(["you sent", "code=", "at", "(", ")", "\n"]) | XUIDS | GAMERTAGS | OPAQUE | ADDRESSES
)
BODIES = (
    DOCUMENTS.map(json.dumps)
    | TEXTS.map(" ".join)
    | st.dictionaries(st.sampled_from(["code", "scope", "xuid", "gamertag"]), OPAQUE | GAMERTAGS).map(urlencode)
).map(str.encode)
TARGETS = st.one_of(
    st.just("/handles"),
    st.builds("/users/gt({})/people?xuid={}".format, GAMERTAGS.map(quote), XUIDS),
    st.builds("/handles/{}?sig={}".format, OPAQUE, OPAQUE),
)


def exchanges() -> st.SearchStrategy[tuple[Request, Response]]:
    """Requests and answers that hold secrets and people in all kinds of places."""
    behalf = XUIDS.map(lambda xuid: ("X-Xbl-OnBehalfOf-Users", f"{xuid};priv=multiplayer,{HOST}"))
    sent = st.builds(lambda *pairs: Headers(pairs), st.just(JSON), behalf)
    location = OPAQUE.map(lambda code: ("Location", f"https://a.invalid/x?code={code}&lc=1033"))
    came = st.builds(lambda *pairs: Headers(pairs), st.sampled_from([JSON, TEXT, FORM]), location)
    return st.tuples(
        st.builds(Request, st.just("POST"), TARGETS, sent, BODIES), st.builds(Response, st.just(200), came, BODIES)
    )


@examples(30)
@given(exchanges())
def test_to_scrub_again_changes_nothing(exchange: tuple[Request, Response]) -> None:
    """A pseudonym gets no other, neither by its maker nor by another process with the same key."""
    scrubber = Scrubber(Pseudonyms(KEY), {HOST: "9000000000000001"})
    request, response, _ = scrubber.exchange(*exchange, "host")
    again = scrubber.exchange(request, response, "host")
    elsewhere = Scrubber(Pseudonyms(KEY)).exchange(request, response, "host")

    assert (request, response) == again[:2]
    assert (request, response) == elsewhere[:2]


@examples(30)
@given(exchanges())
def test_a_request_that_was_scrubbed_is_what_is_sent(exchange: tuple[Request, Response]) -> None:
    """A replay under the same key looks for what the recording has written, unless it was withheld."""
    written, _, found = Scrubber(Pseudonyms(KEY)).exchange(exchange[0], Response(204), "")
    assume(not found.withheld)
    sent = Scrubber(Pseudonyms(KEY)).sent(exchange[0])

    assert (written.target, written.body) == (sent.target, sent.body)


# Recording.

XSTS = "a-token-of-the/caller+that.is=known-4711"
SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=60).map("Zq7x".__add__)
CODINGS: MappingProxyType[str, Callable[[str], str]] = MappingProxyType(
    {
        "as it is": str,
        "percent": lambda text: quote(text, safe=""),
        "base64": lambda text: base64.b64encode(text.encode()).decode(),
        "base64 of a sentence": lambda text: base64.b64encode(f"I sent {text} to you".encode()).decode(),
        "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
        "digits": lambda text: text.encode().hex(),
        "large digits": lambda text: text.encode().hex().upper(),
        "escapes": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
        "JSON": lambda text: json.dumps({"echo": text}),
        "twice": lambda text: base64.b64encode(quote(text, safe="").encode()).decode(),
    }
)


def _post(*headers: tuple[str, str], target: str = "/handles", body: bytes = b"{}") -> Request:
    return Request("POST", target, Headers([JSON, *headers]), body)


def _json(secret: str, wrap: Callable[[Any], Any]) -> Request:
    return _post(body=json.dumps(wrap({"accessToken": secret})).encode())


PLACES: MappingProxyType[str, Callable[[str], Request]] = MappingProxyType(
    {
        "header": lambda secret: _post(("Authorization", f"XBL3.0 x=1234567890123456789;{secret}")),
        "bearer": lambda secret: _post(("Authorization", f"Bearer {secret}")),
        "signature": lambda secret: _post(("Signature", secret)),
        "cookie": lambda secret: _post(("Cookie", f"sid={quote(secret)}")),
        "query": lambda secret: _post(target=f"/handles?sig={quote(secret, safe='')}&a=b"),
        "form": lambda secret: Request("POST", "/o", Headers([FORM]), urlencode({"code": secret, "a": "b"}).encode()),
        "JSON": lambda secret: _json(secret, lambda found: found),
        "deep JSON": lambda secret: _json(secret, lambda found: {"custom": [{"a": [{"b": found}]}]}),
        "JSON in a text": lambda secret: _json(secret, lambda found: {"a": json.dumps({"b": json.dumps(found)})}),
        "URL in JSON": lambda secret: _post(
            body=json.dumps({"picture": f"https://a.invalid/x.png?size=1&sig={quote(secret, safe='')}"}).encode()
        ),
        "id and value": lambda secret: _post(body=json.dumps({"id": "access_token", "value": secret}).encode()),
    }
)


def recorded_into(path: Path, request: Request, response: Response) -> None:
    """Record one exchange; that the recording is refused is as good."""
    identities = {"host": Identity(HOST, f"XBL3.0 x=1234567890123456789;{XSTS}")}
    scrubber = Scrubber(Pseudonyms(KEY), {HOST: "9000000000000001"})
    scrubber.knows_token(identities["host"].authorization)
    recorder = Recorder(
        Plan(path, "all"), Participants(lambda _: None, identities, {"host": "9000000000000001"}), scrubber
    )
    recorder.start()
    outcome = recorder(Call(request, 0), _nobody)
    assert isinstance(outcome, Forward)
    outcome.then(response)
    with suppress(CassetteError):
        recorder.stop()


def _nobody(_: Call) -> Outcome:
    return NoAnswer(Unanswered("nothing lies further in"))


@examples(50)
@given(st.sampled_from(sorted(PLACES)), st.sampled_from(sorted(CODINGS)), SECRETS)
@example("query", "base64", "Zq7x+/=&%41 #")
def test_a_secret_in_a_known_place_is_in_no_file(place: str, coding: str, secret: str) -> None:
    """Neither where it was sent nor where the service echoes it, however it is written there."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Response(400, Headers([TEXT]), f"you sent {CODINGS[coding](secret)} and more".encode())
        recorded_into(Path(folder) / "one.yaml", PLACES[place](secret), answer)

        assert [] == leaks(Path(folder), [Planted("token", place, secret)])


@examples(30)
@given(st.sampled_from(sorted(PLACES)), SECRETS)
def test_a_secret_that_is_not_echoed_is_in_no_file(place: str, secret: str) -> None:
    """In each place that is known, whatever the secret looks like."""
    with tempfile.TemporaryDirectory() as folder:
        recorded_into(Path(folder) / "one.yaml", PLACES[place](secret), Response(200, Headers([JSON]), b"{}"))

        assert [] == leaks(Path(folder), [Planted("token", place, secret)])
