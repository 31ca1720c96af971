"""Bodies in br and zstd, as clients and services send them where both have a decoder: recorded, and replayed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import handlesfake
from handlesfake.cassettes.format.loading import load_cassette
from tests.cassettes.accounts import CREDENTIALS, GUEST_XUID, TOKEN, by_http_client
from tests.cassettes.scrubbing.planted_secrets import Exchange
from tests.cassettes.scrubbing.secret_search import answering
from tests.transports import Wire

MODULES = {"br": "brotli", "zstd": "zstandard"}
INVITE = {"type": "invite", "version": 1, "invitedXuid": GUEST_XUID, "note": TOKEN + "host"}
MADE_UP = "9000000000000002"


def invite(url: str, authorization: str, invited: str, coding: str) -> Wire:
    """One invite in ``coding``, which names a token where none belongs."""
    pack = pytest.importorskip(MODULES[coding]).compress
    headers = {"Authorization": authorization, "Content-Type": "application/json", "Content-Encoding": coding}
    body = pack(json.dumps({**INVITE, "invitedXuid": invited}).encode())
    return by_http_client("POST", f"{url}/handles", [*headers.items()], body)


@pytest.mark.parametrize("coding", MODULES)
def test_they_are_recorded_plain_and_found_again(coding: str, tmp_path: Path) -> None:
    """What is packed is scrubbed as any body is, and the same request finds its answer, packed or plain."""
    pack = pytest.importorskip(MODULES[coding]).compress
    answer = pack(json.dumps({"invitedXuid": GUEST_XUID, "echo": TOKEN + "host"}).encode())
    came = [("Content-Type", "application/json"), ("Content-Encoding", coding)]
    path = tmp_path / "a.yaml"
    with (
        answering([Exchange("POST", "/handles", [], b"", 201, came, answer)]) as service,
        handlesfake.record(path, credentials=CREDENTIALS, hosts=[service.authority]),
    ):
        url = f"http://{service.authority}"
        heard = invite(url, CREDENTIALS["host"]["authorization"], GUEST_XUID, coding)

    (one,) = load_cassette(path).interactions
    assert answer == heard[2]  # the client hears what came
    assert {**INVITE, "invitedXuid": MADE_UP, "note": "removed"} == one.call.document
    assert {"invitedXuid": MADE_UP, "echo": "removed"} == json.loads(one.response.body)
    assert None is one.response.headers.first("Content-Encoding")
    assert [] == [secret for secret in (GUEST_XUID, TOKEN) if secret in path.read_text()]
    with handlesfake.replay(path) as mpsd:
        host, guest = mpsd.user("host"), mpsd.user("guest")
        body = json.dumps({**INVITE, "invitedXuid": guest.xuid, "note": "removed"}).encode()
        packed = pack(body)
        headers = {"Authorization": host.authorization, "Content-Type": "application/json"}
        target = "https://sessiondirectory.xboxlive.com/handles"
        status, lines, heard_again = by_http_client(
            "POST", target, [*headers.items(), ("Content-Encoding", coding)], packed
        )

    assert (201, None) == (status, lines.first("Content-Encoding"))
    assert {"invitedXuid": MADE_UP, "echo": "removed"} == json.loads(heard_again)
