"""The control interface: what a claim can never be asked for, with the checks of Python."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.assertions.test_wrong_claims import WRONG
from tests.server.lobby import activity, arranged, invite
from tests.server.servers import Remote, controlled

_NAMES = {"sent": "operation", "not_sent": "operation", "in_order": "steps", "no_activity": "user", "no_invites": ""}
_SCHEMA = ("only", "times", "accepted", "since", "within")
"""Words whose type the description of the call tells already."""


@pytest.fixture(scope="module")
def remote() -> Iterator[Remote]:
    """A server of which nobody changes anything: the host has invited the guest and shown lobby-1."""
    with controlled() as server:
        host, guest = arranged(server)
        server.post(host, invite(guest["xuid"]))
        server.post(host, activity())
        yield server


def _body(claim: str, args: tuple[Any, ...], words: dict[str, Any]) -> dict[str, Any]:
    name = _NAMES.get(claim, "xuids")
    own = {word: value for word, value in words.items() if word in (*_SCHEMA, "by", "session", "title_id")}
    fields = {word: value for word, value in words.items() if word not in own}
    body = {**own, **({"fields": fields} if fields else {})}
    if name:
        body[name] = list(args) if name in ("xuids", "steps") else args[0]
    return body


ASKED = [row for row in WRONG if row[2] != {"invited_xuid": {1}}]
"""JSON has no sets."""


@pytest.mark.parametrize(("claim", "args", "words", "text"), ASKED)
def test_what_can_never_be_is_422(
    remote: Remote, claim: str, args: tuple[Any, ...], words: dict[str, Any], text: str
) -> None:
    """The very text of Python, and never ``holds: true``."""
    answer = remote.ask("POST", f"/assert/{claim}", _body(claim, args, words))

    assert (422, answer.text) == (answer.status, answer.text)
    if text.startswith("SettingsError"):
        assert f"{text.partition(': ')[2]}\n" == answer.text


@pytest.mark.parametrize(
    ("claim", "body"),
    [
        ("not_invited", {"xuids": ["guest"]}),
        ("not_invited", {"xuids": ["guest"], "by": "host", "session": "lobby-1"}),
        ("no_activity", {"user": "host"}),
        ("not_sent", {"operation": "create_handle", "by": "host"}),
        ("not_sent", {"operation": "create_handle", "fields": {"invited_xuid": "guest"}}),
    ],
)
def test_what_was_sent_cannot_be_denied(remote: Remote, claim: str, body: dict[str, Any]) -> None:
    """Roles stand for xuids in every word, fields included."""
    assert 409 == remote.ask("POST", f"/assert/{claim}", body).status
