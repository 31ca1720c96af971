"""What a client makes up in every run is bound to what it made up when it was recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests

import handlesfake
from handlesfake.cassettes.cassette import Interaction, labelled
from handlesfake.cassettes.format.writing import dump_cassette
from handlesfake.cassettes.replay.matching import RecordingIndex
from handlesfake.cassettes.volatile_fields import VolatileFields
from handlesfake.errors import SettingsError
from handlesfake.exchange.outcome import Call
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Request, Response
from tests.effort import steps

URL = f"https://{MPSD_HOST}"
SCID = "7e570100-1111-4222-8333-444455556666"
OLD, OTHER = "0d15ea5e-0000-4000-8000-00000000000a", "0d15ea5e-0000-4000-8000-00000000000b"
NEW, NEXT = "cafe0000-0000-4000-8000-00000000000a", "cafe0000-0000-4000-8000-00000000000b"


def address(name: str) -> str:
    """A session's."""
    return f"/serviceconfigs/{SCID}/sessionTemplates/FakeLobby/sessions/{name}"


def ref(name: str) -> dict[str, str]:
    """A session's."""
    return {"scid": SCID, "templateName": "FakeLobby", "name": name}


def join(**system: Any) -> dict[str, Any]:
    """A body that joins with ``system`` as the member's properties."""
    return {"members": {"me": {"properties": {"system": system}}}}


def custom(**fields: Any) -> dict[str, Any]:
    """A body that sets ``properties.custom``."""
    return {"properties": {"custom": fields}}


def invite(name: str, xuid: str = "9000000000000002") -> dict[str, Any]:
    """A body that invites into the session ``name``."""
    return {"type": "invite", "version": 1, "sessionRef": ref(name), "invitedXuid": xuid}


def call(method: str, target: str, body: Any = None, headers: Any = ()) -> Call:
    """What a client sends."""
    return Call(Request(method, target, Headers(headers), b"" if body is None else json.dumps(body).encode()), 0)


def index(*calls: Call, holes: tuple[str, ...] = (), handed_out: tuple[str, ...] = ()) -> RecordingIndex:
    """The calls, as recorded ones numbered from 1."""
    interactions = [Interaction(number, one.request, Response(200)) for number, one in enumerate(calls, 1)]
    return RecordingIndex(interactions, (), VolatileFields(holes, frozenset({"9000000000000001"})), handed_out)


def numbers(found: RecordingIndex, *calls: Call) -> list[int | None]:
    """Which recorded ones the calls are."""
    return [one.number if (one := found.take(sent, "")) else None for sent in calls]


ME = "members.me.properties.system"
SAME: dict[str, tuple[Call, Call]] = {
    "a session name that is a GUID": (call("PUT", address(OLD), {}), call("PUT", address(NEW), {})),
    "a session name in a body": (call("POST", "/handles", invite(OLD)), call("POST", "/handles", invite(NEW))),
    "a connection": (
        call("PUT", address("a"), join(connection=OLD)),
        call("PUT", address("a"), join(connection=NEW)),
    ),
    "a subscription id": (
        call("PUT", address("a"), join(subscription={"id": "subscription-1", "changeTypes": ["everything"]})),
        call("PUT", address("a"), join(subscription={"id": NEW, "changeTypes": ["everything"]})),
    ),
    "a device address": (
        call("PUT", address("a"), join(secureDeviceAddress="address-1")),
        call("PUT", address("a"), join(secureDeviceAddress="AbCd==")),
    ),
    "a GUID under custom": (call("PUT", address("a"), custom(a=[OLD])), call("PUT", address("a"), custom(a=[NEW]))),
    "a large integer under custom": (
        call("PUT", address("a"), custom(NetherNetId=2**53)),
        call("PUT", address("a"), custom(NetherNetId=2**64 - 1)),
    ),
    "a large integer as a text": (
        call("PUT", address("a"), custom(id="9007199254740992")),
        call("PUT", address("a"), custom(id="18446744073709551615")),
    ),
    "a handle id": (call("GET", f"/handles/{OLD}"), call("GET", f"/handles/{NEW}")),
    "an ETag": (
        call("PUT", address("a"), {}, [("If-Match", '"aa"')]),
        call("PUT", address("a"), {}, [("If-Match", '"bb"')]),
    ),
}


@pytest.mark.parametrize(("recorded", "sent"), SAME.values(), ids=SAME)
def test_what_is_new_in_each_run_makes_no_difference(recorded: Call, sent: Call) -> None:
    """By default, what the contract table names, and what is made up under any ``custom``."""
    assert [1] == numbers(index(recorded), sent)


OTHERS: dict[str, tuple[Call, Call]] = {
    "a session name that a person has given": (call("PUT", address("a"), {}), call("PUT", address("b"), {})),
    "a xuid": (
        call("POST", "/handles", invite(OLD, "9000000000000001")),
        call("POST", "/handles", invite(OLD, "9000000000000002")),
    ),
    "a xuid under custom": (
        call("PUT", address("a"), custom(owner="9000000000000001")),
        call("PUT", address("a"), custom(owner="9000000000000002")),
    ),
    "a GUID elsewhere": (
        call("PUT", address("a"), {"properties": {"system": {"keywords": [OLD]}}}),
        call("PUT", address("a"), {"properties": {"system": {"keywords": [NEW]}}}),
    ),
    "a number for a text": (
        call("PUT", address("a"), custom(id=2**53)),
        call("PUT", address("a"), custom(id=str(2**53))),
    ),
    "another number of values": (
        call("PUT", address("a"), custom(a=OLD, b=OLD)),
        call("PUT", address("a"), custom(a=NEW, b=NEXT)),
    ),
    "an unconditional write": (call("PUT", address("a"), {}, [("If-Match", '"aa"')]), call("PUT", address("a"), {})),
    "any session for this one": (
        call("PUT", address("a"), {}, [("If-Match", '"aa"')]),
        call("PUT", address("a"), {}, [("If-Match", "*")]),
    ),
    "another verb": (call("GET", f"/handles/{OLD}"), call("DELETE", f"/handles/{OLD}")),
}


@pytest.mark.parametrize(("recorded", "sent"), OTHERS.values(), ids=OTHERS)
def test_everything_else_is_compared(recorded: Call, sent: Call) -> None:
    """Above all who is invited."""
    assert [None] == numbers(index(recorded), sent)


def test_what_is_bound_once_stays_bound() -> None:
    """The name in an address is the name in a body; a second new name is the second recorded one."""
    found = index(
        call("PUT", address(OLD), {}),
        call("PUT", address(OTHER), {}),
        call("POST", "/handles", invite(OTHER)),
        call("POST", "/handles", invite(OLD)),
    )
    sent = (
        call("PUT", address(NEW), {}),
        call("POST", "/handles", invite(NEW)),
        call("PUT", address(NEXT), {}),
        call("POST", "/handles", invite(NEXT)),
    )

    assert [1, 4, 2, 3] == numbers(found, *sent)


def test_one_value_never_stands_for_two() -> None:
    """Nor do two values for one."""
    recorded = (call("PUT", address(OLD), {}), call("PUT", address(OTHER), {"closed": True}))

    assert [1, None] == numbers(
        index(*recorded), call("PUT", address(NEW), {}), call("PUT", address(NEW), {"closed": True})
    )
    assert [1, None] == numbers(
        index(recorded[0], call("GET", address(OLD))), call("PUT", address(NEW), {}), call("GET", address(NEXT))
    )


def test_a_value_that_was_recorded_stands_for_itself() -> None:
    """A fixed GUID is not taken for another, whatever the order."""
    found = index(call("PUT", address(OLD), {}), call("PUT", address(OTHER), {}))

    assert [2, 1, None] == numbers(found, *(call("PUT", address(name), {}) for name in (OTHER, OLD, NEW)))


def test_an_id_that_was_handed_out_stands_for_itself() -> None:
    """An old ETag is not taken for the new one: the write that was recorded is not the write that is sent."""
    found = index(call("PUT", address("a"), {}, [("If-Match", '"bb"')]), handed_out=('"aa"', '"bb"'))

    assert [None] == numbers(found, call("PUT", address("a"), {}, [("If-Match", '"aa"')]))


HOLES: dict[str, tuple[str, bool]] = {
    "properties.custom.nonces.*": ("properties.custom.nonces.*", True),
    "any depth": ("**.friend", True),
    "the whole path": ("properties.custom.nonces.friend", True),
    "too short": ("properties.custom.nonces", False),
    "another": ("properties.custom.*.foe", False),
}


@pytest.mark.parametrize(("pattern", "same"), HOLES.values(), ids=HOLES)
def test_more_holes_can_be_named(pattern: str, same: bool) -> None:
    """By dotted path; ``*`` is one part, ``**`` any number."""
    recorded, sent = (call("PUT", address("a"), custom(nonces={"friend": nonce})) for nonce in ("1b35", "77aa"))

    assert [1 if same else None] == numbers(index(recorded, holes=(pattern,)), sent)


def test_session_names_can_be_holes_whatever_they_look_like() -> None:
    """In addresses, too."""
    recorded = (call("PUT", address("lobby-1"), {}), call("POST", "/handles", invite("lobby-1")))
    sent = (call("PUT", address("lobby-77"), {}), call("POST", "/handles", invite("lobby-77")))

    assert [1, 2] == numbers(index(*recorded, holes=("sessionRef.name",)), *sent)


@pytest.mark.parametrize("pattern", ["*", "**", "a..b", ""])
def test_a_hole_that_opens_everything_is_refused(pattern: str, tmp_path: Path) -> None:
    """Nothing would be compared any more."""
    path = tmp_path / "a.yaml"
    path.write_text(dump_cassette([Interaction(1, Request("GET", "/handles/1"), Response(200))], {}))

    with pytest.raises(
        SettingsError, match=r"^volatile_fields: .* is not a path of a field\. Write dotted paths, such as "
    ):
        handlesfake.replay(path, volatile_fields=[pattern])


def test_answers_speak_of_this_runs_values(tmp_path: Path) -> None:
    """A client that compares what it sent with what comes back finds its own."""
    path = tmp_path / "a.yaml"
    text = {"name": OLD, "custom": {"id": 2**60, "text": f"{OLD}, {OTHER}"}, "nonce": "a b"}
    body = custom(id=2**60, nonce="a b")
    headers = Headers([("Content-Location", address(OLD)), ("Content-Type", "application/json")])
    request = Request(
        "PUT", address(OLD.upper()), Headers([("Authorization", labelled("host"))]), json.dumps(body).encode()
    )
    path.write_text(dump_cassette([Interaction(1, request, Response(200, headers, json.dumps(text).encode()))], {}))
    with handlesfake.replay(path, volatile_fields=["properties.custom.nonce"]) as mpsd:
        sent = custom(id=2**61, nonce='c "d"')
        answer = requests.put(URL + address(NEW), json=sent, headers=mpsd.user("host").headers, timeout=5)

    assert {"name": NEW, "custom": {"id": 2**61, "text": f"{NEW}, {OTHER}"}, "nonce": 'c "d"'} == answer.json()
    assert address(NEW) == answer.headers["Content-Location"]


def test_a_miss_tells_what_is_bound_and_what_may_be_a_hole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting can be pasted."""
    monkeypatch.chdir(tmp_path)
    path = Path("a.yaml")
    recorded = join(connection=OLD) | custom(nonces={"friend": "1b351ca319008303"})
    other = join(connection=OTHER) | custom(nonces={"friend": "1b351ca319008303"}, level=3)
    requested = [
        call("PUT", address(OLD), recorded).request,
        call("PUT", address(OTHER), other).request,
    ]
    path.write_text(dump_cassette([Interaction(n, one, Response(200)) for n, one in enumerate(requested, 1)], {}))
    with handlesfake.replay(path) as mpsd, mpsd.expect_unanswered(), pytest.raises(handlesfake.NotRecorded) as caught:
        sent = join(connection=NEW) | custom(nonces={"friend": "77aa02c4d1e95b60"})
        requests.put(URL + address(NEW), json=sent, headers=mpsd.user("host").headers, timeout=5)

    assert (
        "put_session is not in a.yaml (2 exchanges, 0 used).\n"
        "  nearest: #1 put_session, 1 field differs (session name, connection are new in each run: bound)\n"
        "      properties.custom.nonces.friend   recorded '1b351ca319008303'   sent '77aa02c4d1e95b60'\n"
        "  then: #2 put_session, 2 fields differ (session name, connection are new in each run: bound)\n"
        "      properties.custom.nonces.friend   recorded '1b351ca319008303'   sent '77aa02c4d1e95b60'\n"
        "      properties.custom.level           recorded 3                    sent nothing\n"
        "  if this text changes with each run of your client, let the test set it, or say so once:\n"
        "      mpsd_volatile_fields = properties.custom.nonces.friend\n"
        "  or record it again, with real accounts:\n"
        "      with handlesfake.record('a.yaml', record='rewrite', credentials=...) as mpsd: ..."
    ) == str(caught.value)


def test_a_request_costs_the_same_however_large_the_cassette() -> None:
    """Each recorded one is looked at a fixed number of times, and not once a request."""

    def cost(count: int) -> float:
        names = [f"0d15ea5e-0000-4000-8000-{number:012x}" for number in range(count)]
        recorded = [call("POST", "/handles", invite(name)) for name in names]
        sent = [call("POST", "/handles", invite(name.replace("0d15ea5e", "cafe0000"))) for name in names]
        found = [index(*recorded) for _ in range(3)]  # each is used up by one call
        assert list(range(1, count + 1)) == numbers(index(*recorded), *sent)
        return steps(lambda: numbers(found.pop(), *sent)) / count

    assert cost(300) <= 1.1 * cost(30)
