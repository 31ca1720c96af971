"""Nothing leaks: secrets go from every place, people become the same pseudonym everywhere, chance is withheld."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from typing import Any

import pytest

from handlesfake.cassettes.format.compression import unpacked
from handlesfake.cassettes.people.identities import Identity, pseudonyms
from handlesfake.cassettes.people.pseudonyms import KINDS, Pseudonyms, is_made_up_xuid, is_pseudonym, is_real_xuid
from handlesfake.cassettes.scrubbing.findings import Findings
from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from handlesfake.mpsd.http.message import Headers, Request, Response

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
    """What looks like an unknown secret is not written, and its place is reported."""
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

    assert (b"withheld", ["body"], []) == (request.body, list(found.unread), list(found.withheld))


def answered(body: bytes, *headers: tuple[str, str], scrubber: Scrubber | None = None) -> tuple[Response, Findings]:
    """An answer as it may be written."""
    return (scrubber or Scrubber(MADE_UP)).response(Response(200, Headers(headers), body))


def test_a_bodys_addresses_are_read_as_the_requests_own() -> None:
    """A secret by its name in a query or a fragment, in a field, in a text, in a header; the rest of it stays."""
    url = f"https://a.invalid/x.png?size=1&sig={RANDOM}#code={RANDOM}"
    clean = "https://a.invalid/x.png?size=1&sig=removed#code=removed"
    response, found = answered(f"see {url}\nor not".encode(), ("Location", url))

    assert {"picture": clean} == json.loads(scrubbed({"picture": url})[0].body)
    assert (f"see {clean}\nor not".encode(), clean) == (response.body, response.headers.first("Location"))
    assert {} == found.withheld


def test_a_name_beside_its_value_counts() -> None:
    """``{"id": "Gamertag", "value": ...}``, as profiles have it."""
    settings = [{"id": "UniqueModernGamertag", "value": "Anna Example#1234"}, {"id": "Gamerscore", "value": "10"}]
    gamertag, score = json.loads(scrubbed({"settings": settings})[0].body)["settings"]
    name, suffix = MADE_UP.of("gamertag", "Anna Example"), MADE_UP.of("gamertag", "1234")

    assert {"id": "UniqueModernGamertag", "value": f"{name}#{suffix}"} == gamertag
    assert settings[1] == score


def test_a_gamertag_in_a_path_is_somebodys() -> None:
    """``/users/gt(...)``, percent-encoded or not."""
    request, _ = scrubbed({}, target="/users/gt(Anna%20Example)/profile/settings")

    assert f"/users/gt({MADE_UP.of('gamertag', 'Anna Example')})/profile/settings" == request.target


def test_a_part_of_a_path_that_looks_like_chance_is_withheld() -> None:
    """It is unknown what it is; GUIDs and names of sessions are known."""
    request, found = scrubbed({}, target=f"/handles/{RANDOM}?include=relatedInfo")

    assert "/handles/withheld?include=relatedInfo" == request.target
    assert ["path"] == list(found.withheld)


TOKEN = "a-token_of.the/caller+that=is+long"
ECHOES = {
    "as it is": TOKEN,
    "digits": TOKEN.encode().hex(),
    "base64": base64.b64encode(TOKEN.encode()).decode(),
    "base64url": base64.urlsafe_b64encode(TOKEN.encode()).decode().rstrip("="),
    "base64 of digits": base64.b64encode(TOKEN.encode().hex().encode()).decode(),
    "percent": "a%2Dtoken%5Fof.the%2Fcaller%2Bthat%3Dis%2Blong",
    "escapes": TOKEN.replace("/", "\\/"),
    "lines in base64": base64.b64encode(f"one\n{TOKEN}\nÄ".encode()).decode(),
    "UTF-16 in base64": base64.b64encode(TOKEN.encode("utf-16")).decode(),
}


@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
def test_a_known_token_is_known_in_its_encodings(echo: str) -> None:
    """It goes from a text that repeats it, and nothing is withheld for its sake."""
    scrubber = Scrubber(MADE_UP)
    scrubber.knows_token(f"XBL3.0 x=1234567890123456789;{TOKEN}")
    response, found = answered(f"you sent {echo} here".encode(), scrubber=scrubber)

    assert (b"you sent removed here", {}) == (response.body, found.withheld)


def test_an_encoded_token_beside_a_guid_goes() -> None:
    """In an address the marks between its parts are letters of base64, too."""
    scrubber = Scrubber(MADE_UP)
    scrubber.knows_token(f"XBL3.0 x=1234567890123456789;{TOKEN}")
    address = f"https://a.invalid/8f0a6b2c-4d1e-4f7a-9b3c-2d5e6f708192/{ECHOES['base64url']}"
    response, _ = answered(address.encode(), scrubber=scrubber)

    assert ECHOES["base64url"] not in response.body.decode()


SECRET_BODY = b'{"access_token":"short"}'
PACKED = {
    "gzip": gzip.compress(SECRET_BODY, mtime=0),
    "gzip of two parts": gzip.compress(SECRET_BODY[:9], mtime=0) + gzip.compress(SECRET_BODY[9:], mtime=0),
    "zlib": zlib.compress(SECRET_BODY),
}


@pytest.mark.parametrize("packed", PACKED.values(), ids=PACKED)
def test_packed_bytes_are_looked_into_without_a_header(packed: bytes) -> None:
    """And packed again: their reader expects it."""
    response, found = answered(packed)

    assert b'{"access_token":"removed"}' == zlib.decompress(response.body, wbits=zlib.MAX_WBITS | 32)
    assert {} == found.withheld


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "raw deflate"])
def test_a_content_coding_is_undone(coding: str) -> None:
    """Those that Python reads; the header goes with it."""
    packer = zlib.compressobj(wbits={"deflate": 15, "raw deflate": -15}.get(coding, 31))
    packed = packer.compress(SECRET_BODY) + packer.flush()
    headers = Headers([("Content-Encoding", coding.removeprefix("raw ")), ("ETag", "1")])

    assert (Headers([("ETag", "1")]), SECRET_BODY) == unpacked(headers, packed)


def test_bytes_that_are_no_text_are_withheld_unless_they_are_seen_or_heard() -> None:
    """A picture stays; the content of other bytes is unknown."""
    raw = bytes(range(256))

    assert raw == answered(raw, ("Content-Type", "image/png"))[0].body
    assert {"body": "bytes that are not text"} == answered(raw, ("Content-Type", "application/x-thing"))[1].unread


def test_lines_stay_lines() -> None:
    """What is withheld of a text is one line of it."""
    response, found = answered(f"one\r\n{RANDOM}\nthree".encode())

    assert (b"one\r\nwithheld\nthree", ["body"]) == (response.body, list(found.withheld))


def test_a_name_before_its_field_is_known() -> None:
    """In the same exchange a text may come before the field that says whose name it holds."""
    scrubber = Scrubber(MADE_UP)
    request = Request("POST", "/handles", JSON, b'{"note": "hello Anna Example!"}')
    written = scrubber.exchange(request, Response(200, JSON, b'{"gamertag": "Anna Example"}'), "host")
    name = MADE_UP.of("gamertag", "Anna Example")

    assert {"note": f"hello {name}!"} == json.loads(written.request.body)
    assert {"gamertag": {name}} == written.found.replaced


def test_a_common_word_as_a_gamertag_is_replaced_in_its_field_only() -> None:
    """A person may be called ``activity``."""
    after = json.loads(scrubbed({"gamertag": "activity", "type": "activity"})[0].body)

    assert {"gamertag": MADE_UP.of("gamertag", "activity"), "type": "activity"} == after


def test_the_roles_stay_in_the_header_of_acting_users() -> None:
    """A role's made-up xuid is not a real one."""
    scrubber = Scrubber(MADE_UP, {XUID: "9000000000000001"})
    headers = Headers([("X-Xbl-OnBehalfOf-Users", f"{XUID};priv=multiplayer,9000000000000001")])
    request, found = scrubber.request(Request("GET", "/handles/x", headers), "")

    assert "9000000000000001;priv=multiplayer,9000000000000001" == request.headers.first("X-Xbl-OnBehalfOf-Users")
    assert {} == found.replaced


def test_no_role_gets_the_xuid_that_another_has_in_earnest() -> None:
    """Accounts of a test service may have xuids from the roles' own range."""
    identities = {"host": Identity("9000000000000002"), "guest": Identity("9000000000000001")}

    assert {"host": "9000000000000002", "guest": "9000000000000001"} == pseudonyms(identities)


MADE = {
    "xuid": XUID,
    "gamertag": "Anna Example",
    "id": "85B40569-7CB3-45C6-B167-48536A6E2174",
    "secure device address": "YW4gYWRkcmVzcw==",
    "IP address": "81.2.69.160",
    "picture": "https://images.example/1.png",
    "mail address": "anna@example.invalid",
    "phone number": "+1 202-555-0143",
    "date of birth": "1991-04-17",
    "MAC address": "A4:83:E7:12:9F:0B",
    "machine name": "ANNAS-LAPTOP",
    "user name": "anna.example",
    "postal address": "12 Example Street",
    "place": "51.100020,-1.600030",
    "card number": "5105 1051 0510 5100",
    "bank account": "DE89 3704 0044 0532 0130 00",
    "text of somebody": "see you on Friday",
    "security identifier": "S-1-5-21-3623811015-3361044348-30300820-1013",
    "wireless network": "Otter Holt 5G",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_pseudonym_shows_that_it_is_one(kind: str) -> None:
    """And no real value does: so it is never replaced again."""
    assert (True, False) == (is_pseudonym(kind, MADE_UP.of(kind, MADE[kind])), is_pseudonym(kind, MADE[kind]))


@pytest.mark.parametrize("number", ["1234567890123456", "18446744073709551615", "98765432109876543210"])
def test_a_number_that_is_an_id_shows_it_too(number: str) -> None:
    """It keeps its length and its first digit."""
    made = MADE_UP.of("id", number)

    assert (len(number), number[0], True, False) == (
        len(made),
        made[0],
        is_pseudonym("id", made),
        is_pseudonym("id", number),
    )


def test_brotli_is_undone_where_it_is_installed() -> None:
    """A body that is cut short is left as it came."""
    brotli = pytest.importorskip("brotli")
    headers = Headers([("Content-Encoding", "br")])
    packed = brotli.compress(SECRET_BODY)

    assert (Headers(), SECRET_BODY) == unpacked(headers, packed)
    assert (headers, packed[:-1]) == unpacked(headers, packed[:-1])


def test_a_very_short_user_hash_is_found_in_no_other_text() -> None:
    """``XBL3.0 x=1;...`` of a stand-in: its 1 is not the one of ``game/1.0``."""
    scrubber = Scrubber(Pseudonyms(b"key"), {})
    scrubber.name("1", "host")
    request = Request("GET", "/handles/1-a", Headers([("User-Agent", "game/1.0")]))

    sent, _ = scrubber.request(request, "host")

    assert ("/handles/1-a", "game/1.0") == (sent.target, sent.headers.first("User-Agent"))


AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) XboxServicesAPI/2020.11.20201204.001 my-very-long-product-name-of-a-game/1.0"
CHANCE = "qX7-vT2pLk9_Rw4ZsB8nYd3HfJ6mCg1e"


@pytest.mark.parametrize(
    ("agent", "written"),
    [(AGENT, AGENT), (f"game/1.0 (k={CHANCE})", "game/1.0 (k=withheld)"), (CHANCE, "withheld")],
)
def test_a_product_is_kept_and_a_key_beside_it_is_not(agent: str, written: str) -> None:
    """What a client calls itself is written; a word in it that looks like chance is withheld, and the setting named."""
    sent, found = Scrubber(MADE_UP).request(Request("GET", "/handles/1-a", Headers([("User-Agent", agent)])), "host")

    assert written == sent.headers.first("User-Agent")
    assert ([] if agent == written else ["header.User-Agent"]) == list(found.withheld)
