"""Users, titles and services, and what their tokens say."""

from __future__ import annotations

import pytest

from handlesfake.mpsd.state.identity import (
    Caller,
    Credential,
    KnownUser,
    Title,
    fingerprint,
    is_xuid,
    read_authorization,
)

HOST = KnownUser("9000000000000001", "1111111111111111111", "1234567890", role="host")
GUEST = KnownUser("9000000000000002", "2222222222222222222", "1234567890")


def test_a_title_shows_the_two_platforms_of_the_capture() -> None:
    """``gameTypes`` has the desktop, with its package name when known, and the console."""
    plain = {"uwp-desktop": {"titleId": "7"}, "era": {"titleId": "7"}}
    packaged = {"uwp-desktop": {"titleId": "7", "pfn": "Contoso.Game_abc"}, "era": {"titleId": "7"}}

    assert plain == Title("7").game_types
    assert packaged == Title("7", pfn="Contoso.Game_abc").game_types


def test_people_are_labelled_by_role_and_xuid() -> None:
    """Messages name a user as the test does."""
    assert "Host 9000000000000001" == HOST.label
    assert "9000000000000002" == GUEST.label


@pytest.mark.parametrize(
    ("caller", "user", "label"),
    [
        (Caller("7", (HOST,)), HOST, "Host 9000000000000001"),
        (Caller("7", (), is_service=True), None, "service of title 7"),
        (Caller("7", (GUEST,), is_service=True), GUEST, "service of title 7 for 9000000000000002"),
        (
            Caller("7", (HOST, GUEST), is_service=True),
            None,
            "service of title 7 for Host 9000000000000001, 9000000000000002",
        ),
    ],
)
def test_a_caller_is_one_user_or_a_service(caller: Caller, user: KnownUser | None, label: str) -> None:
    """A request speaks for one user, for several, or for none."""
    assert user == caller.user
    assert label == caller.label


@pytest.mark.parametrize(
    ("header", "user_hash"),
    [
        ("XBL3.0 x=123;token", "123"),
        ("  xbl3.0   x=123 ;to;ken ", "123"),
        ("XBL3.0 x=-;token", "-"),
    ],
)
def test_authorization_is_read(header: str, user_hash: str) -> None:
    """Scheme, user hash and token; the token is opaque."""
    assert Credential(user_hash, fingerprint(header)) == read_authorization(header)


@pytest.mark.parametrize(
    "header",
    ["", "Bearer abc", "XBL3.0", "XBL3.0 y=1;t", "XBL3.0 x=1", "XBL3.0 x=1; ", "XBL3.0 x=;t", "XBL3.0 x= ;t"],
)
def test_anything_else_is_no_authorization(header: str) -> None:
    """Text of another form names no user."""
    assert read_authorization(header) is None


@pytest.mark.parametrize(
    ("user_hash", "xuid", "is_service"),
    [
        ("uhs-9000000000000001", "9000000000000001", False),
        ("uhs-42", "42", False),
        ("9000000000000001", "9000000000000001", False),
        ("1111111111111111111", None, False),
        ("42", None, False),
        ("uhs-", None, False),
        ("uhs-guest", None, False),
        ("uhs-²", None, False),
        ("-", None, True),
    ],
)
def test_a_hash_may_name_its_xuid(user_hash: str, xuid: str | None, is_service: bool) -> None:
    """``uhs-<xuid>`` and sixteen digits name a xuid; real hashes, of nineteen, do not."""
    credential = Credential(user_hash, "")

    assert xuid == credential.stated_xuid
    assert is_service is credential.is_service


def test_a_fingerprint_tells_tokens_apart_and_gives_none_back() -> None:
    """Two tokens have two digests, and no digest holds its token; even what is not text has one."""
    one, two = fingerprint("XBL3.0 x=1;one"), fingerprint("XBL3.0 x=1;two")

    assert one != two
    assert one == fingerprint(" XBL3.0 x=1;one ")
    assert 16 == len(one)
    assert 16 == len(fingerprint("\ud800"))


def test_a_xuid_is_a_decimal_of_64_bits() -> None:
    """Decimal digits only, and no more of them than 64 bits have."""
    assert [True, True, False, False, False] == [is_xuid(each) for each in ("1", "1" * 20, "1" * 21, "", "x1")]
