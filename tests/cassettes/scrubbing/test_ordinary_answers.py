"""Answers in which nothing is secret come back as they were, whatever their names and their forms remind of."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from handlesfake.mpsd.http.message import Headers, Response
from tests.cassettes.scrubbing.both_ways import answer, asked, both_ways


def base64url(value: object) -> str:
    """``value`` as JSON, as in the parts of a JWT."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def assertion(name: str, value: str, signed: str = "") -> str:
    """SAML in base64."""
    held = f'<Attribute Name="{name}"><AttributeValue>{value}</AttributeValue></Attribute>'
    return base64.b64encode(f"<Assertion>{signed}{held}</Assertion>".encode()).decode()


UNSIGNED = ".".join((base64url({"alg": "none"}), base64url({"iss": "lobby", "map": "harbour"}), ""))
KEPT = {
    "claims that nobody signed": ("/v1/claims", json.dumps({"claims": UNSIGNED}), "application/json"),
    "an assertion that nobody signed": (
        "/saml",
        f"RelayState=home&SAMLResponse={quote(assertion('map', 'harbour'))}",
        "application/x-www-form-urlencoded",
    ),
    "the page of a sign-in": ("/login", "<!doctype html><title>Hello</title>", "text/html"),
    "a word for yes": ("/login", "ok", "text/plain"),
    "a sentence of a service": ("/hooks/chat", "message was delivered", "text/plain"),
    "a form": ("/hooks/chat", "channel=%23ci&payload=%7B%22text%22%3A%22done%22%7D", "text/plain"),
    "a number": ("/mobile", "3 devices", "text/plain"),
    "the address of a server": (
        "/handles",
        json.dumps({"customProperties": {"connectionString": "v=3;region=weu;port=19132;proto=udp"}}),
        "application/json",
    ),
    "the place in a list": ("/items", json.dumps({"continuationToken": "page-4;of-20"}), "application/json"),
    "a place in a list, packed": (
        "/items",
        json.dumps({"nextPageToken": base64url({"skip": 40, "range": "7F-BF"})}),
        "application/json",
    ),
    "an address with a user": ("/x", json.dumps({"url": "https://removed@db.example.invalid/"}), "application/json"),
    "a form beside a text": (
        "/page",
        '<form name="password"><input name="password"><button>Go on</button></form>',
        "text/html",
    ),
}


@pytest.mark.parametrize("kind", KEPT)
def test_what_is_no_secret_is_played_back_as_it_was(kind: str, tmp_path: Path) -> None:
    """Byte for byte; a scan is silent."""
    target, body, content_type = KEPT[kind]
    came = answer(body, content_type)
    found = both_ways(tmp_path, asked(target), came)

    assert (came.body, True, False, True) == (found.body, *found[1:4])


HIDDEN = {
    "claims that nobody signed": json.dumps(
        {"claims": ".".join((base64url({"alg": "none"}), base64url({"password": "Lantern-Otter"}), ""))}
    ),
    "an assertion that nobody signed": f"SAMLResponse={assertion('password', 'Lantern-Otter')}",
    "an assertion that is signed": f"SAMLResponse={assertion('map', 'Lantern-Otter', '<SignatureValue>x</SignatureValue>')}",
    "a connection string": json.dumps(
        {"connectionString": "Server=db;User Id=sa;Password=Lantern-Otter;Encrypt=yes"}
    ),
    "an attribute of XML": '<a><Attribute Name="password"><AttributeValue>Lantern-Otter</AttributeValue></Attribute></a>',
    "the place in a list, drawn by chance": json.dumps({"nextPageToken": "Lantern-Otter/9fKq3vZ8wTn1Rb6Xd"}),
    "a field of a chat": json.dumps(
        {"text": "by Lantern-Otter", "fields": [{"title": "password", "value": "Lantern-Otter", "short": True}]}
    ),
}


@pytest.mark.parametrize("kind", HIDDEN)
def test_a_secret_in_the_same_place_is_removed(kind: str, tmp_path: Path) -> None:
    """What makes the answer of the other test ordinary is that it holds none."""
    found = both_ways(tmp_path, asked("/x"), answer(HIDDEN[kind], "text/plain"))
    packed = base64.b64encode(b"Lantern-Otter").decode()[:12]

    assert (False, False, True, True, True) == (
        "Lantern-Otter" in found.written,
        packed in found.written,
        *found[1:4],
    )


WHOLE = {
    "/me/phone": ("+44 1632 960123", "phone number"),
    "/me/email": ("anna@example.com", "mail address"),
    "/me/gamertag": ("Velvet Otter 41", "gamertag"),
    "/me/ip": ("81.2.69.160", "IP address"),
}


@pytest.mark.parametrize("target", WHOLE)
def test_an_answer_that_is_one_value_is_known_by_the_path(target: str, tmp_path: Path) -> None:
    """A word of addresses wants the form, too."""
    response = Response(200, Headers([("Content-Type", "text/plain")]), WHOLE[target][0].encode())
    found = both_ways(tmp_path, asked(target), response)

    assert WHOLE[target][0] not in found.written
