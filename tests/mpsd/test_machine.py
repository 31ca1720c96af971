"""Machine: random requests of several users, against a naive model that shares no code with the service."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from handlesfake.mpsd.service import Reply
from handlesfake.mpsd.sessions.lifetime.connections import drop_connection, lost
from handlesfake.mpsd.settings import DEFAULT_SCID, Settings
from handlesfake.mpsd.state.directory import Directory
from tests.mpsd.model import SECOND, Model, Write
from tests.mpsd.service_harness import Town, document
from tests.mpsd.state_machine_commands import (
    BAD,
    NAMES,
    REFS,
    START,
    TEMPLATES,
    body_of,
    joins,
    kinds,
    names,
    status_of,
    target_of,
    users,
    wire_time,
    writes,
)


class Machine(RuleBasedStateMachine):
    """The fake and the model, given the same requests."""

    def __init__(self) -> None:
        super().__init__()
        described = {name: kind.constants for name, kind in TEMPLATES.items()}
        settings = Settings(strict=True, templates=described)
        self.town = Town(settings, Directory(users_named=True, sessions_created=True), now=START)
        self.model = Model(START)
        self.etags: dict[tuple[str, int], str] = {}
        self.correlations: dict[str, str] = {}

    def send(self, method: str, target: str, body: Any, by: str, **headers: str) -> Reply:
        """One request to the fake, after the model has done what was due."""
        self.model.request()
        before = self.town.directory
        reply = self.town.send(method, target, body, by=by, **headers)
        if reply.provenance.refusal is not None:
            assert (reply.directory.sessions, reply.directory.handles) == (before.sessions, before.handles) or (
                reply.directory.due is not before.due
            ), "a refusal changed what the service knows, and no timer had run out"
        return reply

    @initialize()
    def open_all(self) -> None:
        """An evening on which something is going on in each session."""
        for last, name in enumerate(sorted(REFS), 1):
            self.write(f"900000000000000{last}", name, Write(status="active"))

    # ---- sessions

    @rule(user=users, name=names, said=joins)
    def join(self, user: str, name: str, said: Write) -> None:
        """Create a session, join it, or change one's status."""
        self.write(user, name, said)

    @rule(user=users, name=names, said=writes)
    def write(self, user: str, name: str, said: Write) -> None:
        """Any session write, with any precondition."""
        target = target_of(REFS[name].path, said)
        reply = self.send("PUT", target, body_of(user, said), user, **self._head(name, said))

        assert self.model.write(user, name, said) == reply.response.status

    @rule(user=users, name=names)
    def leave(self, user: str, name: str) -> None:
        """Leave by a write, whether or not one is in."""
        self.write(user, name, Write(leaves=True))

    @rule(user=users, name=names)
    def leave_by_delete(self, user: str, name: str) -> None:
        """Leave by deleting the own member."""
        reply = self.send("DELETE", f"{REFS[name].path}/members/me", None, user)

        assert self.model.leave_by_delete(user, name) == reply.response.status

    @rule(user=users, name=names, custom=st.dictionaries(st.just("map"), st.sampled_from([None, 1, 2])))
    def write_properties(self, user: str, name: str, custom: dict[str, Any]) -> None:
        """Properties alone, which no session is made by."""
        reply = self.send("PUT", f"{REFS[name].path}/properties", {"custom": custom}, user)
        expected = 404 if name not in self.model.rooms else self.model.write(user, name, Write(custom=custom))

        assert expected == reply.response.status

    @precondition(lambda self: self.model.rooms)
    @rule(
        system=st.sampled_from([{"joinRestriction": "local"}, {"joinRestriction": "followed"}, {"closed": True}]),
        data=st.data(),
    )
    def shut(self, system: dict[str, Any], data: st.DataObject) -> None:
        """A member lets no more users come in, so that handles make a difference."""
        name = data.draw(st.sampled_from(sorted(self.model.rooms)))
        for player in self.model.rooms[name].players[:1]:
            self.write(player.xuid, name, Write(system=system))

    @rule(user=users, bad=st.sampled_from(BAD))
    def send_nonsense(self, user: str, bad: tuple[str, str, Any, set[int]]) -> None:
        """What is refused whatever the state; a bad member by a user who may not come in is two mistakes."""
        method, target, body, expected = bad
        reply = self.send(method, target, body, user)

        assert reply.response.status in expected | ({403} if "me" in str(body) else set())

    # ---- handles

    @rule(kind=kinds, user=users, name=names, invited=users, origin=names)
    def create_handle(self, kind: str, user: str, name: str, invited: str, origin: str) -> None:
        """A handle of any type."""
        body: dict[str, Any] = {"type": kind, "version": 1, "sessionRef": REFS[name].wire}
        if kind == "invite":
            body |= {"invitedXuid": invited, "inviteAttributes": {"titleId": "1234567890"}}
        if kind == "transfer":
            body["originSessionRef"] = REFS[origin].wire
        reply = self.send("POST", "/handles", body, user)

        assert self.model.may_create(kind, user, name) == reply.response.status
        if reply.response.status == 201:
            self.model.create(kind, document(reply)["id"], user, name, invited, origin)

    @precondition(lambda self: self.model.rooms)
    @rule(kind=kinds, invited=users, origin=names, data=st.data())
    def create_handle_inside(self, kind: str, invited: str, origin: str, data: st.DataObject) -> None:
        """A handle by a user who is in, more or less."""
        name = data.draw(st.sampled_from(sorted(self.model.rooms)))
        if kind == "search" and "browse-1" in self.model.rooms:
            name = "browse-1"
        players = self.model.rooms[name].players
        if players:
            user = data.draw(st.sampled_from([each.xuid for each in players]))
            self.create_handle(kind, user, name, invited, origin)

    @precondition(lambda self: self.model.handles)
    @rule(user=st.none() | users, data=st.data())
    def delete_handle(self, user: str | None, data: st.DataObject) -> None:
        """Its owner, or another user, deletes a handle, and again."""
        handle = self._some_handle(data)
        by = user or handle["owner"]
        for _ in range(2):
            reply = self.send("DELETE", f"/handles/{handle['id'].upper()}", None, by)

            assert self.model.delete(by, handle["id"]) == reply.response.status

    @precondition(lambda self: self.model.handles)
    @rule(user=users, said=joins | writes, data=st.data())
    def write_by_handle(self, user: str, said: Write, data: st.DataObject) -> None:
        """A session write through a handle, whose session may be gone."""
        handle = self._some_handle(data)
        target = target_of(f"/handles/{handle['id']}/session", said)
        reply = self.send("PUT", target, body_of(user, said), user, **self._head(handle["name"], said))
        found = self.model.handle(handle["id"])  # what was due may have taken it
        expected = self.model.write(user, found["name"], said, found) if found else 404

        assert expected == reply.response.status

    @precondition(lambda self: self.model.handles)
    @rule(user=users, data=st.data())
    def read_by_handle(self, user: str, data: st.DataObject) -> None:
        """The session behind a handle."""
        handle = self._some_handle(data)
        reply = self.send("GET", f"/handles/{handle['id']}/session", None, user)
        found = self.model.handle(handle["id"])
        expected = 404 if found is None else 200 if found["name"] in self.model.rooms else 204

        assert expected == reply.response.status

    def _some_handle(self, data: st.DataObject) -> dict[str, Any]:
        number = data.draw(st.integers(0, len(self.model.handles) - 1))
        return self.model.handles[number]

    # ---- queries

    @rule(user=users, asked=st.lists(users, min_size=1, max_size=4, unique=True))
    def query_activities(self, user: str, asked: list[str]) -> None:
        """What others are doing now."""
        body = {"type": "activity", "scid": DEFAULT_SCID, "owners": {"xuids": asked}}
        found = document(self.send("POST", "/handles/query?include=relatedInfo", body, user))["results"]

        assert self.model.activities(asked) == [each["id"] for each in found]
        for each in found:
            room = self.model.rooms[each["sessionRef"]["name"]]
            related = each["relatedInfo"]
            assert (len(room.players), bool(room.system.get("closed"))) == (
                related["membersCount"],
                related["closed"],
            )

    @rule(user=users)
    def query_rooms(self, user: str) -> None:
        """What can be found by strangers."""
        body = {"type": "search", "scid": DEFAULT_SCID, "templateName": "FakeBrowse"}
        found = document(self.send("POST", "/handles/query", body, user))["results"]

        assert [each["id"] for each in self.model.handles if each["type"] == "search"] == [
            each["id"] for each in found
        ]

    @rule(user=users)
    def query_own_sessions(self, user: str) -> None:
        """Where one is in, reservations and all."""
        target = f"/serviceconfigs/{DEFAULT_SCID}/sessions?xuid={user}&reservations=true&inactive=true"
        found = document(self.send("GET", target, None, user))["results"]
        expected = {name for name, room in self.model.rooms.items() if room.of(user)}

        assert expected == {each["sessionRef"]["name"] for each in found}

    @rule(user=users, name=names, version=st.sampled_from(["105", "107"]))
    def look(self, user: str, name: str, version: str) -> None:
        """The whole session as a client reads it."""
        reply = self.send("GET", REFS[name].path, None, user, X_Xbl_Contract_Version=version)
        room = self.model.rooms.get(name)
        if room is None:
            assert 204 == reply.response.status
            return
        seen = document(reply)
        indices = sorted(player.index for player in room.players)
        chain = dict(zip(indices, [*indices[1:], room.next], strict=False))
        timer = self.model.timer(name)
        key, etag = (seen["branch"], seen["changeNumber"]), reply.response.headers.first("ETag") or ""

        assert {
            "first": indices[0] if indices else room.next,
            "next": room.next,
            "count": len(indices),
            "accepted": sum(player.status != "reserved" for player in room.players),
            "active": sum(player.status == "active" for player in room.players),
        } == seen["membersInfo"]
        assert {str(player.index): (chain[player.index], player.xuid, player.status) for player in room.players} == {
            index: (each["next"], each["constants"]["system"]["xuid"], status_of(each))
            for index, each in seen["members"].items()
        }
        assert (room.change, room.custom) == (seen["changeNumber"], seen["properties"]["custom"])
        assert {"turn": [], **room.system} == {
            k: v for k, v in seen["properties"]["system"].items() if k != "matchmaking"
        }
        assert (None if timer == float("inf") else wire_time(int(timer))) == seen.get("nextTimer")
        assert self.model.search_of(name) == seen.get("searchHandle")
        assert self.etags.setdefault(key, etag) == etag
        assert len(set(self.etags.values())) == len(self.etags)
        assert self.correlations.setdefault(name, seen["correlationId"]) == seen["correlationId"]

    # ---- time and accidents

    @rule(seconds=st.sampled_from([1, 10, 31, 61, 121, 7201]))
    def wait(self, seconds: int) -> None:
        """Time passes; nothing happens until a request looks."""
        self.town.wait(seconds)
        self.model.now += seconds * SECOND

    @rule(user=users, seconds=st.sampled_from([0, 0, 10, 30]))
    def drop_connection(self, user: str, seconds: int) -> None:
        """A console loses its network; the service notices at once, or in a while."""
        town = self.town
        if seconds:
            town.directory = lost(town.directory, user, town.now + seconds * SECOND)
        else:
            town.directory = drop_connection(town.directory, user, town.now, town.ids)
        self.model.drop(user, seconds)

    # ---- what must hold after each step

    @invariant()
    def same_sessions(self) -> None:
        """Who is in, as what, and how often each session has changed."""
        known = {
            NAMES[key]: (each.change_number, [(m.index, m.xuid, m.status, m.since) for m in each.in_order()])
            for key, each in self.town.directory.sessions.items()
        }

        assert {
            name: (room.change, sorted((m.index, m.xuid, m.status, m.since) for m in room.players))
            for name, room in self.model.rooms.items()
        } == known

    @invariant()
    def same_handles(self) -> None:
        """Which handles there are, whose they are, and where they point."""
        known = self.town.directory.handles.values()

        assert {(each["id"], each["type"], each["owner"], each["name"]) for each in self.model.handles} == {
            (each.id, each.type, each.owner_xuid, each.session_ref.name) for each in known
        }

    @invariant()
    def indexes_are_right(self) -> None:
        """Each index holds what a look at everything would find."""
        directory = self.town.directory
        sessions, handles = directory.sessions, directory.handles

        assert {(xuid, key) for key, each in sessions.items() for xuid in each.by_xuid} == {
            (xuid, key) for xuid, keys in directory.sessions_of.items() for key in keys
        }
        assert {(each.session_ref.key, each.id) for each in handles.values()} == {
            (key, handle_id) for key, ids in directory.handles_of.items() for handle_id in ids
        }
        assert {each.id for each in handles.values() if each.type == "activity"} == {
            each.id for shown in directory.activities.values() for each in shown
        }
        assert {each.id for each in handles.values() if each.type == "search"} == {
            each.id for places in directory.searches.values() for each in places.values()
        }

    # ---- from a Write to a request

    def _head(self, name: str, said: Write) -> dict[str, str]:
        headers = {"If_None_Match": "*"} if said.none_match else {}
        if said.match == "*":
            headers["If_Match"] = "*"
        elif said.match == "stale":
            headers["If_Match"] = '"00000000000000000000000000000000"'
        elif said.match == "current":
            # the ETag that a client would have read at this very moment, what is due included
            headers["If_Match"] = self._etag(name)
        return headers

    def _etag(self, name: str) -> str:
        peek = Town(self.town.settings, self.town.directory, self.town.now)
        peek.ids = self.town.ids
        reply = peek.get(by="9000000000000001", ref=REFS[name])
        self.town.directory = reply.directory
        self.town.now = peek.now
        self.model.request()
        return reply.response.headers.first("ETag") or '"none"'


CHECKS = list(HealthCheck)
QUICK = settings(
    derandomize=True, max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=CHECKS
)
LONG = settings(max_examples=500, stateful_step_count=100, deadline=None, suppress_health_check=CHECKS)

TestMachine = Machine.TestCase
TestMachine.__doc__ = "Whatever several users do in whatever order, fake and model agree."
TestMachine.settings = LONG if os.environ.get("HYPOTHESIS_PROFILE") == "long" else QUICK
