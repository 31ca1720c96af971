"""What the refusals of MPA say of a field that is not as it must be."""

from __future__ import annotations

import pytest

from tests.mpa.asking import HOST, TITLE, Asking, activity_of, document


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (-1, "-1"), (2**64, "18446744073709551616"), (1.5, "1.5"), ("0", '"0"'), (True, "a boolean")],
)
def test_a_sequence_number_that_is_none(value: object, shown: str) -> None:
    """The refusal shows what was sent: a number is read, too, so that its type alone says nothing."""
    sent = {"sequenceNumber": value, "connectionString": "a", "joinRestriction": "Public"}
    reply = Asking().ask("PUT", activity_of(HOST), sent)

    problem = f"must be an integer from 1 to 18446744073709551615, as text, and is {shown}."
    assert f"The field sequenceNumber {problem}" == document(reply)["debugMessage"]


def test_the_time_of_a_meeting() -> None:
    """The refusal of one player in a list says which."""
    players = [{"id": "3210"}, {"id": "3211", "timestamp": "soon"}]
    reply = Asking().ask("POST", f"/titles/{TITLE}/recentplayers", {"recentPlayers": players})

    told = document(reply)["debugMessage"]
    assert 'The field recentPlayers[1].timestamp must be a time in ISO 8601, and is "soon".' == told
