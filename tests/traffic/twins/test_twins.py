"""Clients that cannot be built here: each answer and each frame is one that the client goes on with."""

from __future__ import annotations

import pytest

import handlesfake
from handlesfake.double.double import Double
from handlesfake.options.options import Options
from tests.real_clients.table import words
from tests.traffic.twins.play import Twin, every_twin, play, stage


@pytest.mark.parametrize("twin", every_twin(), ids=lambda twin: twin.client)
def test_a_twin_goes_on(twin: Twin) -> None:
    """Over TLS and the push channel: statuses, what is read of answers, frames, taps and who they are for."""
    with Double(Options(name=twin.client)) as mpsd, handlesfake.serve(mpsd) as server, stage(mpsd, server) as on:
        problems = list(play(twin, on))

    assert [] == problems


@pytest.mark.parametrize("twin", every_twin(), ids=lambda twin: twin.client)
def test_a_twin_shows_each_thing(twin: Twin) -> None:
    """Each word of the table has one step that shows it, or a sentence why the client does not come to it."""
    assert sorted(words()) == sorted([*twin.sees, *twin.has_not])
