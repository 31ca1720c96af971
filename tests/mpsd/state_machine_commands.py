"""What the machine of :mod:`tests.mpsd.test_machine` can say, and what it says on the wire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from handlesfake.mpsd.settings import DEFAULT_SCID
from handlesfake.mpsd.state.session import SessionRef
from tests.mpsd.model import BROWSE, CLUB, KINDS, LOBBY, SECOND, Write, connection_of

TEMPLATES = {"FakeLobby": LOBBY, "FakeBrowse": BROWSE, "FakeClub": CLUB}
REFS = {
    name: SessionRef(DEFAULT_SCID, next(known for known, made in TEMPLATES.items() if made is kind), name)
    for name, kind in KINDS.items()
}
NAMES = {ref.key: name for name, ref in REFS.items()}
UNKNOWN = "99999999-9999-4999-8999-999999999999"
START = 17_676_936_000_000_000

users = st.sampled_from([f"900000000000000{last}" for last in range(1, 5)])
names = st.sampled_from(sorted(REFS))
kinds = st.sampled_from(["activity", "activity", "invite", "search", "transfer"])
statuses = st.sampled_from(["active", "active", "active", "ready", "inactive"])
connections = st.sampled_from([None, None, "a", "b"])
writes = st.builds(
    Write,
    status=st.none() | statuses,
    connection=connections,
    reserves=st.none() | st.none() | users,
    kicks=st.none() | st.none() | st.none() | st.integers(0, 3),
    custom=st.dictionaries(st.sampled_from(["map", "mode"]), st.sampled_from([None, 1, "a", {"b": 1}]), max_size=2),
    system=st.fixed_dictionaries(
        {},
        optional={
            "closed": st.sampled_from([True, None]),
            "joinRestriction": st.sampled_from([None, None, "local", "followed"]),
        },
    )
    | st.just({}),
    match=st.sampled_from([None, None, None, "*", "stale", "current"]),
    none_match=st.sampled_from([False, False, False, True]),
    commits=st.sampled_from([True, True, True, False]),
)
joins = st.builds(Write, status=statuses, connection=connections)
BOTH = {"active": True, "ready": True}
BAD: list[tuple[str, str, Any, set[int]]] = [
    ("PUT", REFS["lobby-1"].path, {"colour": 1}, {400}),
    ("PUT", REFS["lobby-1"].path, {"members": {"me": {"properties": {"system": BOTH}}}}, {400}),
    ("PUT", REFS["lobby-1"].path, {"members": {"me": 1}}, {400}),
    ("PUT", REFS["lobby-1"].path, {"servers": {"a": {}}}, {403}),
    ("PUT", REFS["lobby-1"].path, {"members": {"reserve_1": {}}}, {400}),
    ("PUT", REFS["lobby-1"].path, {"properties": {"system": {"turn": [99]}}}, {400, 403}),
    ("PUT", REFS["lobby-1"].path, {"constants": {"system": {"maxMembersCount": 9}}}, {409}),
    ("PUT", REFS["lobby-1"].path.replace("FakeLobby", "Other"), {}, {404}),
    ("POST", "/handles", {"type": "party", "version": 1}, {400}),
    ("POST", "/handles", {"type": "activity", "version": 1}, {400}),
    ("POST", "/handles/query", {"type": "activity"}, {400}),
    ("GET", f"/handles/{UNKNOWN}", None, {404}),
    ("DELETE", "/handles/not-a-guid", None, {404}),
    ("PATCH", "/handles", {}, {405}),
    ("GET", "/nowhere", None, {404}),
]


def wire_time(ticks: int) -> str:
    """A time as contract 1.3 has it."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{ticks % SECOND:07d}Z"


def target_of(target: str, said: Write) -> str:
    """Where a write goes."""
    return target if said.commits else f"{target}?nocommit=true"


def body_of(user: str, said: Write) -> dict[str, Any]:
    """The body of a write."""
    if said.leaves:
        return {"members": {"me": None}}
    members: dict[str, Any] = {}
    if said.status is not None:
        system: dict[str, Any] = (
            {said.status: True} if said.status != "inactive" else {"active": False, "ready": False}
        )
        if said.connection:
            system = {**system, "connection": connection_of(user, said)}
        members["me"] = {"constants": {"system": {"xuid": user}}, "properties": {"system": system}}
    if said.reserves is not None:
        members["reserve_0"] = {"constants": {"system": {"xuid": said.reserves}}}
    if said.kicks is not None:
        members[str(said.kicks)] = None
    body: dict[str, Any] = {"members": members} if members else {}
    if said.custom or said.system:
        body["properties"] = {"custom": said.custom, "system": said.system}
    return body


def status_of(member: dict[str, Any]) -> str:
    """What a member's record says of the member."""
    if member.get("reserved"):
        return "reserved"
    return next((name for name in ("active", "ready") if member["properties"]["system"].get(name)), "inactive")
