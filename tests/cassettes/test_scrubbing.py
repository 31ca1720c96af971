"""Nothing leaks: secrets go from every place, people become the same pseudonym everywhere, chance is withheld."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from handlesfake.cassettes.findings import Findings
from handlesfake.cassettes.pseudonyms import Pseudonyms, is_made_up_xuid, is_real_xuid
from handlesfake.cassettes.scrubbing import Scrubber
from handlesfake.mpsd.message import Headers, Request, Response

KEY = b"a key that only tests have"
JWT = "eyJhbGciOiJub25lIn0.eyJtYWRlIjoidXAifQ.bWFkZS11cA"
XUID = str((9 << 48) + 987_654_321)
MADE_UP = Pseudonyms(KEY)
RANDOM = "q7Rk2Zp9Xw4Tn8Vb3Lm6Hs1Jd5"
JSON = Headers([("Content-Type", "application/json")])
FORM = Headers([("Content-Type", "application/x-www-form-urlencoded")])


def scrubbed(body: Any, *, target: str = "/handles", headers: Headers = JSON) -> tuple[Request, Findings]:
    """A request with ``body`` as it may be written."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Scrubber(MADE_UP).request(Request("POST", target, headers, raw), "host")


SECRETS = {
    "JSON at any depth": ({"a": [{"b": {"Token": "short"}}]}, {"a": [{"b": {"Token": "removed"}}]}),
    "JSON in a text": ({"a": '{"password":"short"}'}, {"a": '{"password":"removed"}'}),
    "JSON in base64": (
        {"a": base64.b64encode(b'{"client_secret":"short"}').decode()},
        {"a": base64.b64encode(b'{"client_secret":"removed"}').decode()},
    ),
    "nonces": ({"nonces": {"friend": "n1"}, "nonce": 12345}, {"nonces": {"friend": "removed"}, "nonce": 0}),
    "XSTS": (
        {"Properties": {"UserTokens": [JWT], "DeviceToken": JWT}},
        {"Properties": {"UserTokens": ["removed"], "DeviceToken": "removed"}},
    ),
    "a JWT under an innocent name": ({"level": f"is {JWT}!"}, {"level": "is removed!"}),
    "a header in a text": ({"log": f"sent XBL3.0 x=1;{JWT} there"}, {"log": "sent XBL3.0 x=removed;removed there"}),
    "a WNS URI": (
        {"channel": "https://db5p.notify.windows.com/?token=AwYAAAB"},
        {"channel": "https://removed.notify.windows.com/"},
    ),
}


@pytest.mark.parametrize("place", SECRETS)
def test_a_secret_is_removed(place: str) -> None:
    """By its name or by its form, wherever it stands."""
    before, after = SECRETS[place]

    assert after == json.loads(scrubbed(before)[0].body)


def test_a_form_and_a_query_are_read() -> None:
    """OAuth: codes and secrets go, the rest stays as it was spelled."""
    request, _ = scrubbed(
        b"grant_type=authorization_code&code=short&client_secret=s&scope=xboxlive.signin",
        target="/oauth20_token.srf?sig=abc&a=b",
        headers=FORM,
    )

    assert b"grant_type=authorization_code&code=removed&client_secret=removed&scope=xboxlive.signin" == request.body
    assert "/oauth20_token.srf?sig=removed&a=b" == request.target


def test_a_name_that_stands_twice_hides_nothing() -> None:
    """Readers of JSON see the last one only: so does the file."""
    assert b'{"a":"x"}' == scrubbed(b'{"a": "' + JWT.encode() + b'", "a": "x"}')[0].body


def test_what_had_nothing_to_hide_keeps_every_byte() -> None:
    """Spaces, order and escapes stay."""
    body = b'{ "type" : "activity",  "version":1.0, "e": "\\u00e9" }'

    assert body == scrubbed(body)[0].body


def test_a_pseudonym_is_the_same_everywhere() -> None:
    """In the address, in a field, in a text, in an answer, and in another recording under the same key."""
    pseudonym = MADE_UP.of("xuid", XUID)
    scrubber = Scrubber(MADE_UP)
    request, _ = scrubber.request(
        Request("POST", f"/users/xuid({XUID})/x?xuid={XUID}", JSON, json.dumps({"note": f"for {XUID}"}).encode()), ""
    )
    response, _ = scrubber.response(Response(200, JSON, json.dumps({"xuids": [XUID, int(XUID)]}).encode()))

    assert f"/users/xuid({pseudonym})/x?xuid={pseudonym}" == request.target
    assert {"note": f"for {pseudonym}"} == json.loads(request.body)
    assert {"xuids": [pseudonym, int(pseudonym)]} == json.loads(response.body)


def test_a_made_up_xuid_is_one_that_nobody_has() -> None:
    """Sixteen digits, below the first that was ever issued."""
    made_up = [MADE_UP.of("xuid", str(int(XUID) + number)) for number in range(1000)]

    assert {(16, True, False)} == {(len(one), is_made_up_xuid(one), is_real_xuid(one)) for one in made_up}
    assert 1000 == len(set(made_up))


def test_people_and_machines_become_pseudonyms() -> None:
    """Each keeps its shape, so that clients can read it."""
    body = {
        "gamertag": "Anna Example",
        "deviceToken": "dGhpcyBpcyBhIGRldmljZQ==",
        "connection": "85B40569-7CB3-45C6-B167-48536A6E2174",
        "subscription": {"id": "ee087543-9da6-485c-be01-e9bc68ab7c12"},
        "secureDeviceAddress": base64.b64encode(b"an address of a machine").decode(),
        "HostIpAddress": "81.2.69.160",
        "text": "Anna Example plays at 81.2.69.160:19132",
    }
    after = json.loads(scrubbed(body)[0].body)

    assert MADE_UP.of("gamertag", "Anna Example") == after["gamertag"]
    assert after["connection"] == after["connection"].upper() != body["connection"]
    assert 36 == len(after["subscription"]["id"])
    assert base64.b64decode(after["secureDeviceAddress"]).startswith(b"handlesfake ")
    assert after["HostIpAddress"].startswith("198.1")
    assert f"{after['gamertag']} plays at {after['HostIpAddress']}:19132" == after["text"]


def test_chance_is_withheld_and_named() -> None:
    """What looks like a secret that nobody knew is not written, and its place is told."""
    request, found = scrubbed({"properties": {"custom": {"blob": RANDOM}}})

    assert {"properties": {"custom": {"blob": "withheld"}}} == json.loads(request.body)
    assert {"body.properties.custom.blob": "26 characters that look like chance"} == found.withheld


def test_what_is_allowed_stays() -> None:
    """A place that is named in the settings holds no secret."""
    scrubber = Scrubber(MADE_UP, allowed=["body.properties.custom.blob"])
    raw = json.dumps({"properties": {"custom": {"blob": RANDOM}}}).encode()
    request, found = scrubber.request(Request("POST", "/handles", JSON, raw), "host")

    assert (raw, {}) == (request.body, found.withheld)


INNOCENT = (
    "8f0a6b2c-4d1e-4f7a-9b3c-2d5e6f708192",
    "2026-01-06T10:00:00.0000001Z",
    "Microsoft.MinecraftUWP_8wekyb3d8bbwe",
    "/serviceconfigs/7e570100-1111-4222-8333-444455556666/sessiontemplates/MinecraftLobby/sessions/lobby-1",
    "joinable_by_friends_of_friends_and_theirs",
    "MinecraftLobby-2026-nightly-run",
    "ThisIsAVeryLongNameOfASessionTemplate",
    "18446744073709551615",
    "1.21.113",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36",
)


@pytest.mark.parametrize("text", INNOCENT)
def test_the_contracts_own_words_are_no_secrets(text: str) -> None:
    """GUIDs, times, names, addresses and numbers stay as they are."""
    request, found = scrubbed({"note": text})

    assert ({"note": text}, {}) == (json.loads(request.body), found.withheld)


def test_a_body_that_cannot_be_looked_into_is_withheld() -> None:
    """A content coding that is not read here may hold anything."""
    request, found = scrubbed(b"\x0b\x02\x80", headers=Headers([("Content-Encoding", "br")]))

    assert (b"withheld", ["body"]) == (request.body, list(found.withheld))
