"""People and machines by their form alone, and what only looks like one."""

from __future__ import annotations

import base64

import pytest

from handlesfake.cassettes.people.pseudonyms import Pseudonyms
from handlesfake.cassettes.scrubbing.randomness import chance
from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from handlesfake.mpsd.http.message import Headers, Request, Response

MADE_UP = Pseudonyms(b"a key that only tests have")
XUID = (10 << 48) - 4711
TEXT = Headers([("Content-Type", "text/plain")])


def written(text: str, scrubber: Scrubber | None = None) -> str:
    """``text`` as the answer that may be written."""
    response, _ = (scrubber or Scrubber(MADE_UP)).response(Response(200, TEXT, text.encode()))
    return response.body.decode()


VERSIONS = ("1.21.95.1", "4.20.0.1", "10.0.22621.3155", "Chrome/120.0.0.0", "version 13.107.42.18", "libcurl/8.5.0.1",
            "<version><![CDATA[1.21.95.1]]></version>")  # fmt: skip


@pytest.mark.parametrize("text", VERSIONS)
def test_a_version_of_four_parts_is_no_address(text: str) -> None:
    """Alone, behind a product, behind a word that says so."""
    assert text == written(text)


ADDRESSES = {
    "alone": ("81.2.69.160", "IP address", "81.2.69.160"),
    "with a port": ("1.21.95.1:19132", "IP address", "1.21.95.1"),
    "called so": ("from 1.21.95.1", "IP address", "1.21.95.1"),
    "private": ("10.4.2.19", "IP address", "10.4.2.19"),
    "in a path": ("/peers/81.2.69.160/next", "IP address", "81.2.69.160"),
    "IPv6": ("at 2a02:8070:1::7", "IP address", "2a02:8070:1::7"),
    "machine": ("on A4:83:E7:12:9F:0B now", "MAC address", "A4:83:E7:12:9F:0B"),
    "Windows machine": ("at DESKTOP-8QK3R7V.", "machine name", "DESKTOP-8QK3R7V"),
    "folder": (r"in C:\Users\tobias.ravn\save.dat", "user name", "tobias.ravn"),
    "folder of macOS": ("in /Users/tobias/save.dat", "user name", "tobias"),
    "mail before an underscore": ("by otter@mail.example_12", "mail address", "otter@mail.example"),
    "phone": ("call +44 1632 960123 now", "phone number", "+44 1632 960123"),
    "modern gamertag": ("met Velvet Otter#4711 there", "gamertag", "Velvet Otter"),
    "place in a sentence": ("at 51.284173,-1.609358, near", "place", "51.284173,-1.609358"),
    "place": ("at 51.284173,-1.609358", "place", "51.284173,-1.609358"),
}


@pytest.mark.parametrize("form", ADDRESSES)
def test_a_form_of_somebody_becomes_a_pseudonym(form: str) -> None:
    """Of its own kind, wherever it stands."""
    text, kind, value = ADDRESSES[form]
    after = written(text)

    assert (False, True) == (value in after, MADE_UP.of(kind, value) in after)


def test_a_pseudonym_in_a_path_does_not_look_like_chance() -> None:
    """Its digits are drawn by the key, and nothing is withheld for them."""
    assert "" == chance("/v1/email/player4f3f4aa2@mail.invalid/show")


@pytest.mark.parametrize("text", ["issue#1234", "docs/page#1234", "/users/me/x", "at 10:00:00", "+1 for that"])
def test_what_only_looks_like_somebody_stays(text: str) -> None:
    """Numbers of issues, anchors, addresses of the service, times."""
    assert text == written(text)


HEXADECIMAL = ("%x", "%X", "%016x", "0x%x", "0x%016X")


@pytest.mark.parametrize("form", HEXADECIMAL)
def test_a_roles_xuid_is_known_as_a_hexadecimal_number(form: str) -> None:
    """In each spelling, of which its made-up one keeps the digits."""
    scrubber = Scrubber(MADE_UP, {str(XUID): "9000000000000001"})

    assert f"is {form % 9000000000000001}".lower() == written(f"is {form % XUID}", scrubber).lower()


@pytest.mark.parametrize("form", HEXADECIMAL)
def test_a_user_hash_is_known_as_a_hexadecimal_number(form: str) -> None:
    """It is a number of 19 digits, and its role replaces it."""
    scrubber = Scrubber(MADE_UP, {"4711884620937715529": "main"})

    assert "is main" == written(f"is {form % 4711884620937715529}", scrubber)


def test_a_form_that_is_encoded_has_its_spaces_as_pluses() -> None:
    """A gamertag is known in the form inside the base64."""
    scrubber = Scrubber(MADE_UP, {"Velvet Otter 41": "Player1"})
    form = base64.b64encode(b"seq=7&nick=Velvet+Otter+41").decode()

    assert "raw removed" == written(f"raw {form}", scrubber)


def test_a_secret_is_known_in_a_query_that_says_its_plus_as_it_is() -> None:
    """Not every client writes ``%2B``, and the query then reads as if there was a space."""
    scrubber = Scrubber(MADE_UP)
    scrubber.knows_token("Bearer 4dVh+Wn7Q/zLx0KcT9mRbA==")
    request, _ = scrubber.request(Request("GET", "/x?sk=4dVh+Wn7Q/zLx0KcT9mRbA==&seat=3+4", Headers()), "")

    assert "/x?sk=removed&seat=3+4" == request.target


def test_an_echo_in_capitals_is_known() -> None:
    """A secret and a name, in whatever case the service writes them."""
    scrubber = Scrubber(MADE_UP)
    scrubber.knows_token("XBL3.0 x=1234567890123456789;a-token-of.the/caller")

    assert "YOU SENT removed" == written("YOU SENT A-TOKEN-OF.THE/CALLER", scrubber)


def test_a_known_value_goes_from_etags_and_conditions() -> None:
    """And an opaque ETag, which looks like chance, stays."""
    scrubber = Scrubber(MADE_UP, {str(XUID): "9000000000000001"})
    etag, opaque = f'"u-{XUID}-7"', '"9f1b7cd08a564d2e9f1b7cd08a564d2e"'
    request, _ = scrubber.request(Request("GET", "/handles/x", Headers([("If-Match", etag)])), "")
    response, found = scrubber.response(Response(200, Headers([("ETag", opaque)])))

    assert ('"u-9000000000000001-7"', opaque) == (request.headers.first("If-Match"), response.headers.first("ETag"))
    assert {} == found.withheld


def test_a_path_with_escapes_is_judged_by_its_parts() -> None:
    """A GUID in braces, percent-encoded, is not a random run."""
    target = "/x?keyword=%7B8f0a6b2c-4d1e-4f7a-9b3c-2d5e6f708192%7D"
    request, found = Scrubber(MADE_UP).request(Request("GET", target, Headers()), "")

    assert (target, {}) == (request.target, found.withheld)
