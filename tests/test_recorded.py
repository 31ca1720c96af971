"""A test written with roles, which replays a cassette of this repository: what users write."""

from __future__ import annotations

import pytest

from handlesfake import Double
from handlesfake.mpsd.http.message import MPSD_HOST
from tests.cassettes.conftest import evening
from tests.transports import by_httpx


@pytest.mark.mpsd(cassette="first-night")
def test_a_first_night(mpsd: Double) -> None:
    """The recording, made by another client, plays offline; what was sent can be asserted."""
    evening(mpsd, by_httpx, f"https://{MPSD_HOST}")

    mpsd.assert_invited(mpsd.user("guest"), session="lobby-1", by=mpsd.user("host"), times=1, only=True)
    mpsd.assert_in_order("put_session", ("create_handle", {"type": "activity"}), "get_session")
    assert ["cassette first-night.yaml #3"] == [invite.entry.decided_by for invite in mpsd.invites if invite.entry]
