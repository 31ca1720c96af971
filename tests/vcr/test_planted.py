"""Nothing leaks through vcrpy: the traffic of the recorder's own tests, recorded with the hooks."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

import handlesfake
from tests.cassettes.scrubbing.planted import CREDENTIALS, MPSD
from tests.cassettes.scrubbing.planted_sign_in import KNOWN, SIGN_IN
from tests.cassettes.scrubbing.planted_unnamed import UNKNOWN, UNNAMED
from tests.cassettes.scrubbing.secret_search import answering, leaks, sent
from tests.transports import CLIENTS, by_requests
from tests.vcr.conftest import VcrOf

PLANTED = [*KNOWN, *UNKNOWN]


@pytest.mark.parametrize("client", ["requests", "httpx", "aiohttp"])
def test_nothing_planted_is_written_or_remembered(client: str, vcr_of: VcrOf, tmp_path: Path) -> None:
    """Of what the contract names, nothing is in the file, and nothing in what vcrpy keeps in memory."""
    with (
        answering(MPSD) as mpsd,
        answering(SIGN_IN) as sign_in,
        vcr_of(CREDENTIALS).use_cassette("evening.yaml") as cassette,
    ):
        sent(MPSD, CLIENTS[client], mpsd.authority)
        sent(SIGN_IN, CLIENTS[client], sign_in.authority)
        kept = [(request.uri, request.headers.items(), request.body, response) for request, response in cassette.data]

    assert len(MPSD) + len(SIGN_IN) == len(kept)
    assert [] == leaks(tmp_path, PLANTED)
    tmp_path.joinpath("memory.txt").write_text("\n".join(map(repr, kept[-1:])))
    assert [] == leaks(tmp_path, PLANTED)


@pytest.mark.thorough
@pytest.mark.parametrize("place", UNNAMED)
def test_what_nobody_has_named_is_not_kept(place: str, vcr_of: VcrOf, tmp_path: Path) -> None:
    """A secret in a place that no list has is in no file: it is removed, or its exchange left out with a warning."""
    with answering([UNNAMED[place]]) as mpsd, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with vcr_of(CREDENTIALS).use_cassette("unnamed.yaml") as cassette:
            sent([UNNAMED[place]], by_requests, mpsd.authority)

    assert [] == leaks(tmp_path, UNKNOWN)
    is_left_out = any(issubclass(one.category, handlesfake.WithheldWarning) for one in told)
    assert is_left_out == (len(cassette) == 0)
