"""Who sent a request, and what has to be assumed for that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlesfake.mpsd.callers import NOBODY, identify, new_user
from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.http.message import Headers, Request
from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import KnownUser, fingerprint

HOST = KnownUser("9000000000000001", "1111111111111111111", "1234567890", role="host")
NAMED = replace(Directory().with_user(HOST), users_named=True)
KNOWN_SERVICE = "XBL3.0 x=-;known"
SERVED = replace(NAMED, services={**NAMED.services, fingerprint(KNOWN_SERVICE): "1234567890"})
USUAL = Settings()


def sent(authorization: str | None = None, **headers: str) -> Request:
    """A request with these headers."""
    lines = [] if authorization is None else [("Authorization", authorization)]
    return Request(
        "GET", "/", Headers([*lines, *((name.replace("_", "-"), value) for name, value in headers.items())])
    )


def refusal_of(directory: Directory, request: Request, settings: Settings = USUAL) -> str:
    """The name of the refusal."""
    with pytest.raises(Refusal) as raised:
        identify(directory, request, settings)
    return raised.value.kind.name


def test_a_known_hash_is_its_user_whatever_the_token() -> None:
    """Tokens are renewed, hashes stay; a token that was not seen before is remembered by its digest."""
    directory, caller, assumptions = identify(NAMED, sent("XBL3.0 x=1111111111111111111;new"), Settings(strict=True))
    again, _, _ = identify(directory, sent("XBL3.0 x=1111111111111111111;new"), Settings(strict=True))

    assert caller.user is not None
    assert (HOST.xuid, HOST.title_id, ()) == (caller.user.xuid, caller.title_id, assumptions)
    assert (fingerprint("XBL3.0 x=1111111111111111111;new"),) == directory.users[HOST.xuid].tokens
    assert directory is again


def test_an_expired_token_is_refused() -> None:
    """Only the tokens that expired are, not the user."""
    text = "XBL3.0 x=1111111111111111111;old"
    directory = NAMED.with_user(replace(HOST, tokens=(fingerprint(text),), expired=frozenset({fingerprint(text)})))

    assert "token_expired" == refusal_of(directory, sent(text))
    assert HOST.xuid == identify(directory, sent(text.replace("old", "new")), Settings())[1].users[0].xuid


def test_a_hash_that_names_its_xuid_needs_no_assumption() -> None:
    """The token says who it is, also to a strict service; the request makes the user known."""
    directory, caller, assumptions = identify(NAMED, sent("XBL3.0 x=uhs-9000000000000042;t"), Settings(strict=True))

    assert ("9000000000000042", ()) == (caller.users[0].xuid, assumptions)
    assert directory.users["9000000000000042"].assumed
    assert not directory.users[HOST.xuid].assumed


@pytest.mark.parametrize(
    ("directory", "strict"), [(NAMED, False), (Directory(), True), (NAMED, True)], ids=["named", "strict", "both"]
)
def test_an_unknown_caller_is_refused(directory: Directory, strict: bool) -> None:
    """Once the test has named a user, or under strict, no user is made up."""
    settings = Settings(strict=strict)

    assert "unauthenticated" == refusal_of(directory, sent(), settings)
    assert "unknown_caller" == refusal_of(directory, sent("XBL3.0 x=2222222222222222222;t"), settings)
    assert "unknown_caller" == refusal_of(directory, sent("XBL3.0 x=-;t", X_Xbl_OnBehalfOf_Title="7"), settings)
    assert "malformed_authorization" == refusal_of(directory, sent("Basic abc"), settings)


def test_else_each_hash_is_a_user_of_its_own() -> None:
    """Callers are made up in the order of their first call, and one assumption says so."""
    directory, first, why = identify(Directory(), sent("XBL3.0 x=2222222222222222222;t"), Settings())
    directory, second, _ = identify(directory, sent(), Settings())
    directory, third, why_again = identify(directory, sent(), Settings())

    assert ["9000000000000001", "9000000000000002", "9000000000000002"] == [
        each.users[0].xuid for each in (first, second, third)
    ]
    assert [("caller", "an unknown token came from a separate user, 9000000000000001")] == [
        (each.question, each.text) for each in why
    ]
    assert ["a request without Authorization came from a separate user, 9000000000000002"] == [
        each.text for each in why_again
    ]
    assert NOBODY == directory.users["9000000000000002"].user_hash


def test_new_users_count_on_from_the_first_free_xuid() -> None:
    """A made-up xuid is never one that is taken."""
    assert "9000000000000002" == new_user(NAMED, Settings()).xuid
    assert ("7", "uhs-7", "FakeTag 7") == (
        (made := new_user(NAMED, Settings(), xuid="7")).xuid,
        made.user_hash,
        made.gamertag,
    )


def test_a_service_calls_for_its_players() -> None:
    """Each acting user has the title of the header; one that was unknown is known from then on."""
    request = sent(
        KNOWN_SERVICE,
        X_Xbl_OnBehalfOf_Title=" 77 ",
        X_Xbl_OnBehalfOf_Users="9000000000000001;priv=multiplayer, 9000000000000005",
    )
    directory, caller, assumptions = identify(SERVED, request, Settings(strict=True))

    assert (True, True, "77", ()) == (caller.is_service, caller.manages, caller.title_id, assumptions)
    assert [("9000000000000001", "77"), ("9000000000000005", "77")] == [
        (each.xuid, each.title_id) for each in caller.users
    ]
    assert directory.users["9000000000000005"].assumed
    assert "1234567890" == directory.users[HOST.xuid].title_id


def test_a_service_may_speak_for_nobody() -> None:
    """Under its manage policy a service needs no user; without the policy it does."""
    by_itself = sent(KNOWN_SERVICE, X_Xbl_OnBehalfOf_Title="77")
    denied = sent(KNOWN_SERVICE, X_Xbl_OnBehalfOf_Title="77", X_Xbl_Deny_Scope="multiplayer.MANAGE")
    denied_for_host = sent(
        KNOWN_SERVICE,
        X_Xbl_OnBehalfOf_Title="77",
        X_Xbl_Deny_Scope="Multiplayer.Manage",
        X_Xbl_OnBehalfOf_Users="9000000000000001",
    )

    assert ((), True) == ((caller := identify(SERVED, by_itself, Settings())[1]).users, caller.manages)
    assert "service_scope" == refusal_of(SERVED, denied)
    assert not identify(SERVED, denied_for_host, Settings())[1].manages


def test_a_service_that_nobody_made_is_assumed_to_be_the_titles_own() -> None:
    """While the test has named no user, and made no service."""
    request = sent("XBL3.0 x=-;any", X_Xbl_OnBehalfOf_Title="77")
    _, caller, assumptions = identify(Directory(), request, Settings())

    assert (True, ["caller"]) == (caller.is_service, [each.question for each in assumptions])


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ({}, "service_title"),
        ({"X_Xbl_OnBehalfOf_Title": "0"}, "service_title"),
        ({"X_Xbl_OnBehalfOf_Title": "4294967296"}, "service_title"),
        ({"X_Xbl_OnBehalfOf_Title": "x"}, "service_title"),
        ({"X_Xbl_OnBehalfOf_Title": "7", "X_Xbl_OnBehalfOf_Users": "host"}, "service_users"),
        ({"X_Xbl_OnBehalfOf_Title": "7", "X_Xbl_OnBehalfOf_Users": "9000000000000001;x=y"}, "service_users"),
    ],
)
def test_a_service_says_its_title_and_its_users(headers: dict[str, str], name: str) -> None:
    """What is missing or unreadable is refused by name."""
    assert name == refusal_of(SERVED, sent(KNOWN_SERVICE, **headers))


@pytest.mark.parametrize("signature", ["?", "é", "AAAA", "A" * 101 + "AA="])
def test_a_signature_is_looked_at_by_choice(signature: str) -> None:
    """It is 76 bytes in base64, or, by choice, refused; a missing one is accepted always."""
    settings = Settings(choices=Choices(signature_checked=True))

    assert "bad_signature" == refusal_of(Directory(), sent(Signature=signature), settings)
    assert identify(Directory(), sent(Signature=signature), Settings())[1].users
    assert identify(Directory(), sent(Signature="A" * 100 + "AA=="), settings)[1].users
    assert identify(Directory(), sent(), settings)[1].users
