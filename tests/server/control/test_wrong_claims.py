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
    """A server that no test changes: the host has invited the guest and shown lobby-1."""
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


IN_OTHER_WORDS = {
    "this is not the address of a session.\n"
    "  write its name, the session of mpsd.session(), or its reference: session=lobby": (
        'this is not the address of a session.\n  write its name, or its reference: "session": {"name": "lobby-1"}'
    ),
    "the journal has no such mark: 2 requests were sent so far. Take one: mark = mpsd.journal.mark().": (
        "the journal has no such mark: 2 requests were sent so far. Take one: since is the next of GET /journal."
    ),
}
"""Sentences that name a call of Python, and what they are here."""


@pytest.mark.parametrize(("claim", "args", "words", "text"), ASKED)
def test_what_can_never_be_is_422(
    remote: Remote, claim: str, args: tuple[Any, ...], words: dict[str, Any], text: str
) -> None:
    """The sentence of Python behind the call as it is here, and never ``holds: true``."""
    answer = remote.ask("POST", f"/assert/{claim}", _body(claim, args, words))
    head, _, sentence = text.partition("): ")

    assert (422, answer.text) == (answer.status, answer.text)
    assert "mpsd." not in answer.text
    if text.startswith("SettingsError"):
        assert answer.text.startswith(
            f"POST /assert/{claim}" if head.startswith("SettingsError: mpsd.") else sentence
        )
        assert answer.text.endswith(f": {IN_OTHER_WORDS.get(sentence, sentence)}\n")


def test_the_call_is_named_as_it_is_asked_for(remote: Remote) -> None:
    """Address, word and value in the words of this interface, and what to write instead."""
    texts = [
        remote.ask("POST", f"/assert/{claim}", body).text
        for claim, body in (
            ("sent", {"operation": "create_handle", "times": -1}),
            ("not_invited", {"xuids": ["guest"], "by": "hots"}),
            ("not_invited", {"xuids": []}),
            ("not_invited", {"xuids": [["guest"]]}),
            ("in_order", {"steps": ["put_session"]}),
            ("activity", {"user": "host", "session": {"name": 5}}),
            ("no_assumptions", {"except": ["sesion"]}),
        )
    ]

    assert texts == [
        "POST /assert/sent, times -1: write how often, a whole number from 0 on; without it, at least once.\n",
        "POST /assert/not_invited, by: 'hots' is not a role and not a xuid; did you mean 'host'?\n"
        "  roles: host, guest\n",
        "POST /assert/not_invited: no user is named; name one at least, or claim POST /assert/no_invites.\n",
        "POST /assert/not_invited, xuids: a list holds users, and no lists.\n",
        "POST /assert/in_order: one step, 'put_session', has no order; name two at least, or claim POST /assert/sent:\n"
        '  POST /assert/in_order {"steps": ["put_session", ["create_handle", {"type": "activity"}]]}\n',
        'POST /assert/activity, session {"name": 5}: expected a session reference of texts or a name, got a mapping of others.\n',
        "POST /assert/no_assumptions, except [\"sesion\"]: 'sesion' is never assumed; did you mean 'session'?\n"
        "  known: caller, title, session, member, template\n",
    ]


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
    """Roles replace xuids in every word, fields included."""
    assert 409 == remote.ask("POST", f"/assert/{claim}", body).status
