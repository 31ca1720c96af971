"""How a test names a player: a user, a role or a xuid, and anything else."""

from __future__ import annotations

import pytest

from handlesfake.errors import SettingsError
from handlesfake.users.resolving import resolve_xuid
from tests.sending import a_double

HOST, GUEST = "9000000000000001", "9000000000000002"


def test_a_user_a_role_and_a_xuid_are_the_same_player() -> None:
    """Every form leads to the xuid; digits are always a xuid, known or not."""
    mpsd = a_double()
    users = [mpsd.user("host"), mpsd.user("guest")]

    assert [GUEST, GUEST, GUEST, "3210"] == [
        resolve_xuid(one, users, "mpsd.x()") for one in (users[1], "guest", GUEST, "3210")
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("gest", "'gest' is not a role and not a xuid; did you mean 'guest'?\n  roles: host, guest"),
        ("", "'' is not a role and not a xuid.\n  roles: host, guest"),
        (f" {GUEST}", f"' {GUEST}' is not a role and not a xuid; did you mean '{GUEST}'?\n  roles: host, guest"),
        (
            "FakeTag 0002",
            "'FakeTag 0002' is not a role and not a xuid: it is the gamertag of 'guest'.\n  roles: host, guest",
        ),
        ("1" * 21, "'111111111111111111111' is not a role and not a xuid.\n  roles: host, guest"),
    ],
)
def test_another_text_is_an_error_with_the_nearest_role(text: str, sentence: str) -> None:
    """A misspelt role would make every claim that denies true."""
    mpsd = a_double()
    users = [mpsd.user("host"), mpsd.user("guest")]
    with pytest.raises(SettingsError) as error:
        resolve_xuid(text, users, "mpsd.x(by=)")

    assert f"mpsd.x(by=): {sentence}" == str(error.value)


def test_a_number_is_named_as_the_text_that_it_should_be() -> None:
    """An int is not a xuid: xuids are texts on the wire."""
    with pytest.raises(TypeError) as error:
        resolve_xuid(3210, [], "mpsd.x()")

    assert "mpsd.x(): xuids are decimal strings on the wire; write '3210' instead of 3210." == str(error.value)


def test_activity_of_takes_a_role() -> None:
    """What a role shows is not None because it is a role."""
    mpsd = a_double()
    host = mpsd.user("host")
    mpsd.activity(host, mpsd.session("lobby-1", members=[host]))
    shown = mpsd.activity_of("host")

    assert shown is not None
    assert "lobby-1" == shown.session_ref.name
    with pytest.raises(SettingsError):
        mpsd.activity_of("hots")


def test_a_user_of_another_double_is_an_error() -> None:
    """Its xuid is not a user's here: a negative claim about it would hold whatever was sent."""
    mpsd, another = a_double(), a_double()
    mpsd.user("host")
    users = [another.user(role) for role in ("host", "guest")]
    mpsd.assert_not_invited(users[0])  # the xuid of both hosts

    with pytest.raises(SettingsError) as caught:
        mpsd.assert_not_invited(users[1])
    assert (
        f"mpsd.assert_not_invited(): <User Guest {GUEST}> is not a user of this double: it was made by another double, "
        "or in a checkpoint that has ended." == str(caught.value)
    )
